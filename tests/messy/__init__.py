"""Workbooks as teams keep them, made from a truth that is known. `README.md` tells how to make your own."""
