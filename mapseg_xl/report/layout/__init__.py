"""Where things go: the only code that knows rows, columns and widths."""
