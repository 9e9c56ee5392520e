"""Counting: how many there are of each segment."""

from __future__ import annotations

from mapseg_xl.excel.cell_function import Column, Spilled, cell_function


def seg_volume(segment: Column) -> Spilled:
    """How many rows each segment has, and its share of all rows, largest first.

    Parameters
    ----------
    segment
        The column to count, one value a row, e.g. Customers[Industry].
    """
    counts: dict[str, int] = {}
    for row in segment:
        counts[str(row[0])] = counts.get(str(row[0]), 0) + 1
    total = sum(counts.values())
    largest = sorted(counts.items(), key=lambda pair: -pair[1])
    return [["segment", "n", "share"], *([name, n, n / total] for name, n in largest)]


FUNCTIONS = (cell_function(seg_volume, "Count", "=SEG_VOLUME(Customers[Industry])"),)
