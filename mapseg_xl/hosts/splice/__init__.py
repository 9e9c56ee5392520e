"""Puts our tabs into somebody's own workbook file, part by part: everything else in it keeps its bytes."""
