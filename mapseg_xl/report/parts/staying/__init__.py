"""Pieces of Cohorts and Survival & LTV: triangles, curves, what a customer is worth."""
