"""Cells of one column to typed values."""
