"""Columns that describe customers, as values and bands."""
