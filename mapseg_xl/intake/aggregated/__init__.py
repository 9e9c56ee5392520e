"""Sheets that are aggregated already: pivots and cohort tables as teams keep them, read into typed tables."""
