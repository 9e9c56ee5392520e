"""What the columns of a table mean: told by headers and values, or said by the user."""
