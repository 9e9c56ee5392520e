"""Numpy in, numbers out: estimators, intervals, tests. Knows no customers, settings or sheets."""
