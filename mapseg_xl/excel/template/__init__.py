"""The guided workbook: its tabs, example customers, and the guide to the functions."""
