"""What the cells of one segment's cohorts mean: here or gone, counts or shares, at which month of life.

No words of headers here but those handed in; no layout.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from mapseg_xl.intake.aggregated.ages import UNITS, cohort_name, is_quarter, is_year
from mapseg_xl.intake.tables import CohortRow, CohortTable, RawSheet

Numbers = list[float | None]
_GONE = re.compile(r"churn|lost|leavers|cancel|attrition|k[uü]ndigung|resili|baja", re.IGNORECASE)
_KEPT = re.compile(r"retention|retained|active|surviv|still|remaining|here|bestand", re.IGNORECASE)
_MONEY = re.compile(
    r"revenue|\bmrr\b|\barr\b|sales|\bltv\b|lifetime value|umsatz|spend|gross margin|[$€£]|income|payments",
    re.IGNORECASE,
)
_CUMULATIVE = re.compile(r"cumulat|cum\.|kumul|running|so far|to date|total", re.IGNORECASE)
_ACTIVE = re.compile(r"\bactive\b|ordered|repeat|purchas|bought|transact|aktiv", re.IGNORECASE)
_LEAST_AHEAD = 3
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Grid:
    """One segment's cohorts as numbers, before it is known what they mean: a row a cohort, a column an age."""

    sheet: RawSheet
    area: str
    cohorts: tuple[Any, ...]
    sizes: Numbers
    cells: list[Numbers]
    ages: tuple[int, ...]
    where: tuple[tuple[str, ...], ...]  # address of each cell
    unit: str = ""  # of the ages, where the heads name one
    percent: bool = False  # texts with a percent sign
    attribute: str = ""
    segment: str = ""
    words: str = ""  # around the table


@dataclass(frozen=True, slots=True)
class Notes:
    """Something for Data health."""

    severity: str
    cell: str
    kind: str
    text: str
    action: str


def interpreted(grid: Grid) -> tuple[CohortTable | None, tuple[Notes, ...]]:
    """The cohorts as a table, with what was decided on the way in words; None where no cell is filled."""
    notes: list[Notes] = []
    remarks: list[str] = []
    cells = [_closed(row, place, grid, notes) for place, row in enumerate(grid.cells)]
    cells = _without_zeros_ahead(cells, remarks)
    sizes = list(grid.sizes)
    if not any(c is not None for row in cells for c in row):
        return None, tuple(notes)
    money = bool(_MONEY.search(grid.words)) and not _KEPT.search(grid.words)
    shares = not money and _are_shares(grid, cells, sizes)
    if shares:
        cells = _fractions(cells)
    gone = bool(_GONE.search(grid.words)) and not _KEPT.search(grid.words)
    if (
        sizes.count(None) == len(sizes)
        and not shares
        and not money
        and not gone
        and cells[0][0] is not None
    ):
        sizes = [row[0] for row in cells]
        remarks.append("the first column is read as the size of each cohort")
    if gone and not money:
        cells = _staying(cells, sizes, grid.words, remarks, shares=shares)
    kind = "money" if money else "shares" if shares else "retained"
    if shares and None not in sizes:
        cells, kind = _counted(cells, sizes, grid, notes)
    if kind == "retained":
        kind = _active_or_here(cells, sizes, grid, grid.words, notes)
    if kind in ("retained", "active") and not _are_counts(cells):
        return None, ()
    times = _times(cells, sizes, grid, kind, remarks)
    if kind == "money" and (_CUMULATIVE.search(grid.words) or (_rises(cells) and _is_long(cells))):
        cells = [_steps(row) for row in cells]
        remarks.append("read as money so far, each month less the one before")
    rows = tuple(
        CohortRow(cohort_name(c), size, tuple(row))
        for c, size, row in zip(grid.cohorts, sizes, cells, strict=True)
    )
    return (
        CohortTable(
            grid.sheet.source,
            grid.sheet.sheet,
            grid.area,
            kind,
            rows,
            times,
            grid.ages,
            grid.attribute,
            grid.segment,
            tuple(remarks),
        ),
        tuple(notes),
    )


def _closed(row: Numbers, place: int, grid: Grid, notes: list[Notes]) -> Numbers:
    """The row up to its first blank cell: what comes after a gap is open as well."""
    first = next((at for at, c in enumerate(row) if c is None), len(row))
    after = next((at for at, c in enumerate(row[first:], first) if c is not None), None)
    if after is not None:
        where = grid.where[place][first] or grid.where[place][after]
        notes.append(
            Notes(
                "warning",
                where,
                "cohort_gap",
                f"blank before a filled month of cohort {cohort_name(grid.cohorts[place])}",
                "Left out from there on. Fill the cell; write 0 where nobody is left",
            )
        )
    return [*row[:first], *([None] * (len(row) - first))]


def _without_zeros_ahead(cells: list[Numbers], remarks: list[str]) -> list[Numbers]:
    """Zeros that step down with the youngest cohorts stand for months to come, as COUNTIFS leaves them there."""
    if len(cells) < _LEAST_AHEAD:
        return cells
    ahead = []
    for row in cells:
        known = [c for c in row if c is not None]
        zeros = next((n for n, c in enumerate(reversed(known)) if c), len(known))
        ahead.append(zeros if len(known) == len(row) else -1)
    steps = [b - a for a, b in pairwise(ahead)]
    if min(ahead) < 0 or ahead[-1] < 2 or steps[-2:] != [1, 1]:
        return cells
    remarks.append("zeros that step down with the youngest cohorts are months that lie ahead")
    return [[*row[: len(row) - n], *([None] * n)] for row, n in zip(cells, ahead, strict=True)]


def _are_shares(grid: Grid, cells: Sequence[Numbers], sizes: Numbers) -> bool:
    values = [c for row in cells for c in row if c is not None]
    if grid.percent or (max(values) <= 1 + ROUNDING and any(0 < v < 1 for v in values)):
        return True
    whole = all(v.is_integer() for v in values)
    points = max(values) <= 100 + ROUNDING and all(row[0] in (None, 100.0) for row in cells)
    known = [s for s in sizes if s is not None]
    return points and (not whole or (bool(known) and max(known) != 100) or not known)


def _fractions(cells: list[Numbers]) -> list[Numbers]:
    most = max(c for row in cells for c in row if c is not None)
    return (
        cells
        if most <= 1 + ROUNDING
        else [[None if c is None else c / 100 for c in row] for row in cells]
    )


def _staying(
    cells: list[Numbers], sizes: Numbers, words: str, remarks: list[str], *, shares: bool
) -> list[Numbers]:
    """Those still here, from those who have left: by each age, or in each period."""
    so_far = bool(_CUMULATIVE.search(words)) or (_rises(cells) and _is_long(cells))
    remarks.append("cells count who has left" + (" by then" if so_far else " in each period"))
    made: list[Numbers] = []
    for row, size in zip(cells, sizes, strict=True):
        start = 1.0 if shares else size
        gone = 0.0
        kept: Numbers = []
        for c in row:
            if c is None or start is None:
                kept.append(None)
                continue
            gone = c if so_far else gone + c
            kept.append(max(start - gone, 0.0))
        made.append(kept)
    return made


def _are_counts(cells: Sequence[Numbers]) -> bool:
    return all(c >= 0 and c.is_integer() for row in cells for c in row if c is not None)


def _rises(cells: Sequence[Numbers]) -> bool:
    """Whether figures never fall and mostly grow with age, as sums so far do."""
    steps = [b - a for row in cells for a, b in pairwise([c for c in row if c is not None])]
    return bool(steps) and min(steps) >= 0 and 2 * sum(s > 0 for s in steps) > len(steps)


def _is_long(cells: Sequence[Numbers]) -> bool:
    return max(sum(c is not None for c in row) for row in cells) >= _LEAST_AHEAD


def _counted(
    cells: list[Numbers], sizes: Numbers, grid: Grid, notes: list[Notes]
) -> tuple[list[Numbers], str]:
    """Shares of known sizes as counts, where whole customers come out; else they stay shares, and that is said."""
    made: list[Numbers] = []
    for place, (row, size) in enumerate(zip(cells, sizes, strict=True)):
        counts: Numbers = []
        for at, share in enumerate(row):
            if share is None or size is None:
                counts.append(None)
                continue
            n = float(round(share * size))
            if size and abs(n / size - share) > _half_digit(share) + ROUNDING:
                notes.append(
                    Notes(
                        "warning",
                        grid.where[place][at],
                        "share_of_other_size",
                        f"{share:.6g} of {size:,.0f} is no whole number of customers",
                        "The shares are read without their sizes, so without a plausible range",
                    )
                )
                return cells, "shares"
            counts.append(n)
        made.append(counts)
    return made, "retained"


def _half_digit(value: float) -> float:
    digits = f"{value:.12f}".rstrip("0").split(".")[1]
    return 0.5 * 10.0 ** -max(len(digits), 2)


def _active_or_here(
    cells: Sequence[Numbers], sizes: Numbers, grid: Grid, words: str, notes: list[Notes]
) -> str:
    """Whether the counts are of those still here, or of those who did something and may come back."""
    for place, (row, size) in enumerate(zip(cells, sizes, strict=True)):
        filled = [c for c in [size, *row] if c is not None]
        for at, (before, after) in enumerate(pairwise(filled)):
            if after > before:
                column = at if size is not None else at + 1
                notes.append(
                    Notes(
                        "note",
                        grid.where[place][min(column, len(row) - 1)],
                        "cohort_rises",
                        f"{after:,.10g} after {before:,.10g}: some came back, so this is who was active",
                        "Shown on Cohorts; no survival is made of it",
                    )
                )
                return "active"
    return (
        "active"
        if _ACTIVE.search(words) and re.search(r"order|purchas|bought|repeat", words, re.IGNORECASE)
        else "retained"
    )


def _times(
    cells: Sequence[Numbers], sizes: Numbers, grid: Grid, kind: str, remarks: list[str]
) -> tuple[float, ...]:
    """Months after everybody was there. A first column of everybody is month 0; one that has lost some is month 1."""
    ages = grid.ages
    first = [(row[0], size) for row, size in zip(cells, sizes, strict=True) if row[0] is not None]
    everybody = all(
        c >= (1.0 - ROUNDING if kind == "shares" else size if size is not None else c)
        for c, size in first
        if c is not None
    )
    shift = -ages[0] if everybody and kind != "money" else (1 - ages[0] if ages[0] == 0 else 0)
    unit = grid.unit or _unit(cells, grid)
    if unit != "month":
        remarks.append(f"ages count {unit}s")
    if ages[0] == 0 and shift == 1 and kind != "money":
        remarks.append(
            "the column of age 0 has lost some already: it is read as the end of the first " + unit
        )
    return tuple((age + shift) * UNITS[unit] for age in ages)


def _unit(cells: Sequence[Numbers], grid: Grid) -> str:
    """What bare ages count: the cohorts' own periods, where each younger one has one age less; else months."""
    if all(is_quarter(c) for c in grid.cohorts):
        period = "quarter"
    elif all(is_year(c) for c in grid.cohorts):
        period = "year"
    else:
        return "month"
    lengths = [sum(c is not None for c in row) for row in cells]
    steps = [a - b for a, b in pairwise(lengths)]
    return period if steps and median(steps) <= 1 else "month"


def _steps(row: Numbers) -> Numbers:
    return [
        c if c is None or not at or row[at - 1] is None else c - (row[at - 1] or 0.0)
        for at, c in enumerate(row)
    ]
