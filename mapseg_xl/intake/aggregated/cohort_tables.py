"""Cohort tables of a sheet as teams keep them, as typed tables: triangles by age or by calendar month, long rows.

What the cells mean (here or gone, of whom, up to when) is told by the words around them and by their shape; where
neither tells, by a rule that is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from mapseg_xl.intake.aggregated.ages import (
    age_of,
    is_overall,
    is_year,
    month_of,
)
from mapseg_xl.intake.aggregated.blocks import Block, text_of
from mapseg_xl.intake.aggregated.long_rows import long_grids
from mapseg_xl.intake.aggregated.triangles import Grid, Notes, Numbers, interpreted
from mapseg_xl.intake.columns.role_words import ROLES, header_key, key_set
from mapseg_xl.intake.tables import CohortTable, Issue

FEWEST_AGES = 3
MOST_COHORTS = 400
_NAMES = frozenset(
    k for role in ("customer_id", "email", "company", "domain") for k in ROLES[role].synonyms
)
_SIZE = key_set(
    "new; size; cohort size; customers; users; new customers; new users; starters; signups; sign ups; started; total;"
    " count; n; accounts; acquired; cohort count; starting customers; customers at start; neukunden; nouveaux clients;"
    " nuevos clientes; clients; subscribers; new subscribers; initial; initial size; cohort users; month 0 customers"
)
_SEGMENT = key_set("segment; segment name; group; customer segment; type; category")
_COHORT = re.compile(
    r".*\b(?:cohort|kohorte|cohorte|month|monat|mois|mes|quarter|start(?:ed)?|signup|acquired|joined)\b.*",
    re.IGNORECASE,
)
_TITLE = re.compile(r"(?P<field>[^:=]{2,40}?)\s*[:=]\s*(?P<value>\S.*)")


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: the age it counts, or the calendar month it names, and the unit where it says one."""

    at: int
    age: int
    unit: str
    calendar: bool


@dataclass(frozen=True, slots=True)
class ReadCohorts:
    """The cohort tables of a block with what was noticed on the way."""

    tables: tuple[CohortTable, ...]
    issues: tuple[Issue, ...]


def read_cohorts(block: Block) -> ReadCohorts | None:
    """The block as cohort tables, one a segment; None where it is none."""
    grids = tuple(_triangles(block)) or long_grids(block)
    if not grids:
        return None
    tables: list[CohortTable] = []
    issues: list[Issue] = []
    for found in grids:
        made, notes = interpreted(found)
        if made is not None:
            tables.append(made)
        issues += _issues(block, notes)
    return ReadCohorts(tuple(tables), tuple(issues)) if tables else None


def _issues(block: Block, notes: Sequence[Notes]) -> Iterator[Issue]:
    for note in notes:
        yield Issue(
            note.severity,
            block.sheet.source,
            block.sheet.sheet,
            note.cell,
            "",
            note.text,
            note.action,
            kind=note.kind,
        )


def _triangles(block: Block) -> Iterator[Grid]:
    """A grid for each segment: told by a column, or by lines of its own between the rows."""
    head = next((r for r in range(min(len(block.rows) - 1, 6)) if _age_columns(block, r)), None)
    if head is None:
        return
    ages = _age_columns(block, head)
    first = ages[0].at
    labels = _labels(block, head, first)
    if labels is None:
        return
    cohort, segment, size = labels
    field = text_of(block.rows[head][segment]) if segment is not None else ""
    rows: dict[str, list[int]] = {}
    held = ""
    title = next((text for r in range(head) if (text := _alone(block.rows[r]))), "")
    for r in range(head + 1, len(block.rows)):
        cells = block.rows[r]
        if (text := _alone(cells)) and not is_overall(text):
            title = text
            continue
        if _age_columns(block, r) or any(is_overall(cells[c]) for c in range(first)):
            continue
        if segment is not None:
            held = text_of(cells[segment]) or held
        if cells[cohort] is None or not any(block.is_number(r, a.at) for a in ages):
            continue
        rows.setdefault(held if segment is not None else title, []).append(r)
    words = " ".join(_words_around(block, head))
    for name, lines in rows.items():
        of, value = (field, name) if segment is not None else _segment(name, block, len(rows))
        grid = _grid(block, lines, (cohort, size), ages)
        yield replace(
            grid, attribute=of or ("Segment" if value else ""), segment=value, words=words
        )


def _grid(
    block: Block, rows: Sequence[int], at: tuple[int, int | None], heads: Sequence[Head]
) -> Grid:
    """The rows as numbers by age. Calendar months across: the age is the column's month less that of the cohort."""
    cohort, size = at
    cohorts = tuple(block.rows[r][cohort] for r in rows)
    sizes: Numbers = [None if size is None else block.number(r, size) for r in rows]
    unit = next((h.unit for h in heads if h.unit), "")
    columns: list[dict[int, int]] = [{h.age: h.at for h in heads} for _ in rows]
    ages = tuple(h.age for h in heads)
    if heads[0].calendar:
        step = min(b.age - a.age for a, b in pairwise(heads))
        starts = [month_of(v) for v in cohorts]
        columns = [
            {(h.age - s) // step: h.at for h in heads if s is not None and h.age >= s}
            for s in starts
        ]
        ages = tuple(range(max((a for by in columns for a in by), default=0) + 1))
        unit = {1: "month", 3: "quarter", 12: "year"}.get(step, "month")
    cells = [
        [block.number(r, by[a]) if a in by else None for a in ages]
        for r, by in zip(rows, columns, strict=True)
    ]
    where = tuple(
        tuple(block.cell(r, by[a]) if a in by else "" for a in ages)
        for r, by in zip(rows, columns, strict=True)
    )
    percent = any(block.percent(r, h.at) for r in rows for h in heads)
    return Grid(block.sheet, block.area, cohorts, sizes, cells, ages, where, unit, percent)


def _alone(cells: Sequence[Any]) -> str:
    """The only text of a row; empty where there is more, or none."""
    filled = [v for v in cells if v is not None]
    return text_of(filled[0]) if len(filled) == 1 and isinstance(filled[0], str) else ""


def _segment(title: str, block: Block, many: int) -> tuple[str, str]:
    """Field and value that a line between cohorts, or the line over the block, names."""
    above = [text_of(v) for row in block.above if len(row) == 1 for v in row]
    text = title or (above[-1] if above else "")
    found = _TITLE.fullmatch(text)
    if found and not _COHORT.fullmatch(found["field"]):
        return found["field"], found["value"]
    return ("Segment", title) if title and many > 1 else ("", "")


def _words_around(block: Block, head: int) -> Iterator[str]:
    """Title, sheet and what stands in the corner and over the ages: they say what the cells are."""
    yield block.sheet.sheet
    for row in block.above:
        yield from (text_of(v) for v in row)
    for row in block.rows[:head]:
        yield from (text_of(v) for v in row if v is not None)
    yield text_of(block.rows[head][0])


def _age_columns(block: Block, row: int) -> tuple[Head, ...]:
    """The columns whose heads count ages, or name calendar months, without a break."""
    by_month = [
        (c, m) for c in range(1, block.width) if (m := _month_head(block.rows[row][c])) is not None
    ]
    if len(by_month) >= FEWEST_AGES and all(b[1] > a[1] for a, b in pairwise(by_month)):
        return tuple(Head(c, m, "", calendar=True) for c, m in by_month)
    best: tuple[Head, ...] = ()
    run: list[Head] = []
    for c in range(1, block.width):
        found = age_of(block.rows[row][c])
        if found is None or (run and found[0] <= run[-1].age):
            run = []
        if found is not None:
            run.append(Head(c, found[0], found[1], calendar=False))
        if len(run) > len(best):
            best = tuple(run)
    if len(best) < FEWEST_AGES or best[0].age > FEWEST_AGES or not _heads_a_table(block, row, best):
        return ()
    return best


def _month_head(value: Any) -> int | None:
    return None if isinstance(value, int | float) else month_of(value)


def _heads_a_table(block: Block, row: int, ages: Sequence[Head]) -> bool:
    """Whether heads count up as ages do, and rows are cohorts, or segments that lose customers: no list of customers.

    Answers to questions Q1, Q2 ... and a customer's usage by month have such heads, too.
    """
    bare = not any(h.unit for h in ages)
    if bare and (ages[0].age > 1 or any(b.age - a.age != 1 for a, b in pairwise(ages))):
        return False
    first, body = ages[0].at, range(row + 1, len(block.rows))
    heads = [text_of(block.rows[row][c]) for c in range(first)]
    if len(block.rows) - row > MOST_COHORTS or any(header_key(h) in _NAMES for h in heads):
        return False
    if any(_is_cohort(block, row, c) or _COHORT.fullmatch(heads[c]) for c in range(first)):
        return True
    figures = [[block.number(r, h.at) for h in ages] for r in body]
    falling = [_falls([n for n in row if n is not None]) for row in figures]
    words = [block.rows[r][0] for r in body if block.rows[r][0] is not None]
    return all(falling) and all(isinstance(v, str) and not any(map(str.isdigit, v)) for v in words)


def _falls(row: Sequence[float]) -> bool:
    return all(a >= b for a, b in pairwise(row))


def _labels(block: Block, head: int, first: int) -> tuple[int, int | None, int | None] | None:
    """The columns of cohort, segment and size before the ages."""
    size = next(
        (
            c
            for c in range(first - 1, 0, -1)
            if header_key(text_of(block.rows[head][c])) in _SIZE and _numeric(block, head, c)
        ),
        None,
    )
    if (
        size is None
        and first >= 2
        and _numeric(block, head, first - 1)
        and not _is_cohort(block, head, first - 1)
    ):
        size = first - 1
    labels = [c for c in range(first) if c != size]
    if not labels:
        return None
    dated = [c for c in labels if _is_cohort(block, head, c)]
    if (
        not dated
        and len(labels) == 1
        and not _COHORT.fullmatch(text_of(block.rows[head][labels[0]]))
    ):
        return labels[0], labels[0], size
    named = [c for c in labels if _COHORT.fullmatch(text_of(block.rows[head][c]))]
    cohort = next(iter([*dated, *named, labels[-1]]))
    others = [c for c in labels if c != cohort and not _numeric(block, head, c)]
    return cohort, others[0] if others else None, size


def _numeric(block: Block, head: int, column: int) -> bool:
    known = [r for r in range(head + 1, len(block.rows)) if block.rows[r][column] is not None]
    return bool(known) and sum(block.is_number(r, column) for r in known) * 2 > len(known)


def _is_cohort(block: Block, head: int, column: int) -> bool:
    values = [block.rows[r][column] for r in range(head + 1, len(block.rows))]
    known = [v for v in values if v is not None and not is_overall(v)]
    return bool(known) and sum(month_of(v) is not None or is_year(v) for v in known) * 2 > len(
        known
    )
