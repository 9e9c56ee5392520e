"""Pieces of What if: what changes when more of one segment is won."""
