"""What happens to a blended figure when one segment grows, and how a funnel loses people. From counts."""

from __future__ import annotations

import numpy as np

from mapseg_xl.excel.answering.answers import BadArguments, NotAvailable
from mapseg_xl.excel.arguments.blocks import (
    COUNT,
    Bounds,
    Floats,
    beside,
    figures,
    is_nothing,
    is_word,
    line,
    number,
)
from mapseg_xl.excel.arguments.cells import block_rows, one_cell, one_name
from mapseg_xl.excel.cell_function import Column, Name, Number, Spilled, Table, cell_function
from mapseg_xl.intake.finding.leftouts import is_total
from mapseg_xl.settings import Settings
from mapseg_xl.stats.mix import Blend, shifted
from mapseg_xl.stats.proportions import wilson

_DEFAULTS = Settings()
_TYPED_ROUNDING = 0.01  # 6.4% for 6.43%
_CHANGE = Bounds(-1, 2)  # 10 is meant to be 10%


def seg_what_if(counts: Table, values: Column, which: Name, change: Number) -> float:
    """The company's figure if one segment's number changed and the others' did not: win 10% more agencies, and overall
    conversion becomes this.

    Parameters
    ----------
    counts
        How many each segment has, one a row; with a column of names on its left, which may be a name. A row Total does
        not count.
    values
        The figure of each segment, e.g. its conversion rate, in the same order.
    which
        The segment that grows: its place in the list, 1 for the first, or its name.
    change
        How much its number changes: 0.1 or 10% for a tenth more, -10% for a tenth less.

    >>> round(seg_what_if([[20], [80]], [[0.12], [0.05]], 1, 0.1), 6)
    0.065098
    >>> round(seg_what_if([["A", 20], ["B", 80]], [[0.12], [0.05]], "a", 0.1), 6)
    0.065098
    """
    names, sizes, rates = _parts(counts, values)
    at = _place(which, names, len(sizes))
    if not sizes.sum():
        raise NotAvailable("Nobody is counted, so there is no overall figure.")
    base = float((sizes * rates).sum() / sizes.sum())
    blend = Blend(base, float(sizes[at] / sizes.sum()), float(rates[at]), None)
    step = _step(change)
    if step * blend.share <= -1:
        raise NotAvailable("Nobody would be left.")
    after = shifted(blend, "count", step)
    if after is None:
        raise NotAvailable("There is no figure after this change.")
    return after


def seg_funnel(counts: Column, steps: Column = None) -> Spilled:
    """A funnel from counts: how many of the step before and of the first step come this far, with plausible ranges. A
    table.

    Parameters
    ----------
    counts
        How many reached each step, one a row, first to last; never more than the step before.
    steps
        Names of the steps, in the same order.

    >>> seg_funnel([1000, 200, 50])[3][:4]
    [3, 50.0, 0.25, 0.05]
    """
    named = steps is not None
    columns = beside((counts, "counts"), (steps, "steps")) if named else beside((counts, "counts"))
    reached = figures(columns[0], "counts", COUNT)
    if np.isnan(reached).any() or not reached.size:
        raise NotAvailable("counts is blank at a step.")
    names = columns[1] if named else list(range(1, len(reached) + 1))
    rows: Spilled = [["step", "n", "of_step_before", "of_first", "ci_low", "ci_high"]]
    before = first = float(reached[0])
    for name, n in zip(names, reached.tolist(), strict=True):
        if n > before:
            raise BadArguments(f"counts rises to {n:g} at step {name}: a funnel never does.")
        ends = wilson(n, before, _DEFAULTS.confidence)
        shares = [n / before if before else None, n / first if first else None, *ends]
        step = name if isinstance(name, int) else str(name)
        rows.append([step, n, *("" if share is None else share for share in shares)])
        before = n
    return rows


def _parts(counts: Table, values: Column) -> tuple[list[object], Floats, Floats]:
    """Names ("" where there are none), sizes and figures, row by row; an empty row keeps its place."""
    rows = block_rows(counts, "counts")
    if len(rows) == 1 and len(rows[0]) != 2:  # a row of cells stands for a column
        rows = [[cell] for cell in rows[0]]
    if len(rows[0]) > 2:
        raise BadArguments(
            "counts needs one column of counts, with at most one of names before it."
        )
    cells = line(values, "values")
    if len(cells) != len(rows):
        raise BadArguments(f"counts has {len(rows)} rows, values {len(cells)}.")
    if len(rows) > 1 and is_word(rows[0][-1]) and is_word(cells[0]):
        rows, cells = rows[1:], cells[1:]
    kept = [at for at, row in enumerate(rows) if not (len(row) > 1 and is_total(str(row[0] or "")))]
    rows, cells = [rows[at] for at in kept], [cells[at] for at in kept]
    sizes, rates = figures([row[-1] for row in rows], "counts", COUNT), figures(cells, "values")
    no_size, no_rate = np.isnan(sizes), np.isnan(rates)
    half = (no_size & ~no_rate) | (no_rate & (sizes > 0))
    if half.any():
        raise NotAvailable(f"Row {int(half.argmax()) + 1} has a count or a value alone.")
    names = [row[0] if len(row) > 1 else "" for row in rows]
    sizes, rates = np.where(no_size, 0.0, sizes), np.where(no_rate, 0.0, rates)
    last = len(sizes) - 1 if _ends_in_total(sizes, rates) else len(sizes)
    return names[:last], sizes[:last], rates[:last]


def _ends_in_total(sizes: Floats, rates: Floats) -> bool:
    """Whether the last row is the company: as many as the others together, at their overall figure."""
    if len(sizes) < 3 or not sizes[-1] or not np.isclose(sizes[-1], sizes[:-1].sum()):
        return False
    blended = float((sizes[:-1] * rates[:-1]).sum() / sizes[:-1].sum())
    return bool(np.ptp(rates) > 0 and np.isclose(rates[-1], blended, rtol=_TYPED_ROUNDING))


def _step(change: Number) -> float:
    step = number(change, "change")
    if not _CHANGE.low <= step <= _CHANGE.high:
        raise BadArguments(
            f"change is {step:g}, that is {step:.0%}; write 10% or 0.1 for a tenth more, from -100% to 200%."
        )
    return step


def _place(which: Name, names: list[object], count: int) -> int:
    asked = one_cell(which, "which")
    if is_nothing(asked):
        raise NotAvailable("which is blank.")
    if isinstance(asked, str):
        wanted = str(one_name(asked, "which")).casefold()
        found = [at for at, name in enumerate(names) if str(name).strip().casefold() == wanted]
        if len(found) == 1:
            return found[0]
        raise NotAvailable(f"'{asked}' is the name of {len(found)} rows of counts; one is needed.")
    at = number(asked, "which", Bounds(1, count))
    if at != int(at):
        raise BadArguments(f"which is {at:g}; it must be a whole number or a name.")
    return int(at) - 1


FUNCTIONS = (
    cell_function(seg_what_if, "Counts", '=SEG_WHAT_IF(A2:B6,C2:C6,"Agency",10%)'),
    cell_function(seg_funnel, "Counts", "=SEG_FUNNEL(B2:B6,A2:A6)"),
)
