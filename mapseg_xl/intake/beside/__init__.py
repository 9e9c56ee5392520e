"""Tables beside the customers: spend, market, feedback, segments of people's own, orders."""
