"""Checks of a table as it was found: what is odd, at which cell. Nothing is changed and nothing is left out."""
