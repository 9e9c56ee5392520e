"""Pieces of the cluster pivot: its formulas, headlines and tables."""
