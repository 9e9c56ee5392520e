"""What a formula hands over: ranges, blocks and values, as typed columns."""
