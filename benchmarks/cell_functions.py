"""200 cells that each ask for one segment's conversion in 100,000 rows: ours, against what a team would use instead.

`python benchmarks/cell_functions.py`: CPU seconds in one process, the best of three on fresh columns. The others are
what a formula a cell costs without Excel: a pass over the columns in each cell (COUNTIFS over COUNTIFS), in plain
Python and in pandas; and one pandas group-by, the least that anybody could pay, which gives no range and no comparison.
"""

import json
import random
import sys
import time
from collections.abc import Callable

import pandas as pd

from mapseg_xl.excel.functions import seg_conversion

ROWS, SEGMENTS, TRIES = 100_000, 200, 3


def columns(seed: int) -> tuple[list[list[str]], list[list[int]]]:
    """A column of segments and one of 0 and 1, as Excel hands them over."""
    draw = random.Random(seed)
    segment = [[f"segment {draw.randrange(SEGMENTS):03d}"] for _ in range(ROWS)]
    return segment, [[int(draw.random() < 0.3)] for _ in range(ROWS)]


def names() -> list[str]:
    return [f"segment {i:03d}" for i in range(SEGMENTS)]


def ours(segment: list, flag: list) -> list[float]:
    return [seg_conversion(segment, flag, name) for name in names()]


def ours_spilled(segment: list, flag: list) -> list[float]:
    """One cell that spills all segments with ranges, cautious estimates, comparisons and notes."""
    return [line[2] for line in sorted(seg_conversion(segment, flag)[1:])]


def python_a_cell(segment: list, flag: list) -> list[float]:
    found = []
    for name in names():
        mine = [f for (s,), (f,) in zip(segment, flag, strict=True) if s == name]
        found.append(sum(mine) / len(mine))
    return found


def pandas_a_cell(segment: list, flag: list) -> list[float]:
    table = pd.DataFrame({"segment": [s for (s,) in segment], "flag": [f for (f,) in flag]})
    return [float(table.loc[table["segment"] == name, "flag"].mean()) for name in names()]


def pandas_once(segment: list, flag: list) -> list[float]:
    table = pd.DataFrame({"segment": [s for (s,) in segment], "flag": [f for (f,) in flag]})
    return table.groupby("segment")["flag"].mean().tolist()


def seconds(work: Callable[[list, list], list[float]]) -> tuple[float, list[float]]:
    """CPU seconds of the best try, on columns that no try has seen, and what the last one gave."""
    best, found = float("inf"), []
    for seed in range(1, TRIES + 1):
        data = columns(seed)
        start = time.process_time()
        found = work(*data)
        best = min(best, time.process_time() - start)
    return best, found


def main() -> None:
    seg_conversion(*columns(0))  # imports
    works = (ours, ours_spilled, python_a_cell, pandas_a_cell, pandas_once)
    measured = {work.__name__: seconds(work) for work in works}
    want = measured["pandas_once"][1]
    for name, (_, found) in measured.items():
        if any(abs(a - b) > 1e-9 for a, b in zip(found, want, strict=True)):
            sys.exit(f"{name} gives other numbers")
    print(json.dumps({name: round(took, 3) for name, (took, _) in measured.items()}))


if __name__ == "__main__":
    main()
