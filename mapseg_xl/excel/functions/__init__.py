"""The cell functions in Python: `seg_*`, pure functions on values as Excel hands them over."""

from mapseg_xl.excel.functions.volume import seg_volume

__all__ = ["seg_volume"]
