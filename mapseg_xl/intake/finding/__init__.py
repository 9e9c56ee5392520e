"""The table in a sheet: its header row, its records, what is left out."""
