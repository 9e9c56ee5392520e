"""A cohort table as teams keep it: headers, cohorts' names, totals and shares told apart from its counts.

What would give a wrong figure without a sign of it is taken out or refused; estimators are elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from mapseg_xl.excel.answering.answers import BadArguments, NotAvailable
from mapseg_xl.excel.arguments.blocks import Bounds, Floats, figures, is_nothing, is_word
from mapseg_xl.excel.arguments.cells import block_rows
from mapseg_xl.intake.cleaning.clean_dates import SERIALS
from mapseg_xl.intake.finding.leftouts import is_total

_MONTH_0 = re.compile(r"(?:m|month|age|period|monat)?\s*0+(?:\.0)?", re.IGNORECASE)
_OVERALL = re.compile(
    r"(?:weighted |wtd\.? )?(?:average|avg\.?|mean)|median|all|all cohorts|overall"
    "|durchschnitt|mittelwert|moyenne|media",
    re.IGNORECASE,
)
_YEARS = (1990, 2100)
_GAPS = ((1, 1), (7, 7), (27, 32), (89, 93), (364, 367))  # days between the starts of cohorts
_FEWEST_NUMBERED = 3  # 1, 2 may be customers; 1, 2, 3 are the numbers of rows


def cohort_block(given: Any, bounds: Bounds) -> Floats:
    """New customers, then a figure a month, NaN where blank: without headers, names of cohorts and totals."""
    rows = [row for row in block_rows(given, "triangle") if not all(map(is_nothing, row))]
    head: list[Any] = []
    if len(rows) > 1 and _is_head(rows[0]):
        head, rows = rows[0], rows[1:]
    names: list[list[Any]] = [[] for _ in rows]
    while rows and len(rows[0]) > 2 and _are_names([row[0] for row in rows]):
        names = [[*name, row[0]] for name, row in zip(names, rows, strict=True)]
        head, rows = head[1:], [row[1:] for row in rows]
    if not rows:
        raise NotAvailable("triangle is blank.")
    kept = [i for i, name in enumerate(names) if not any(_says_total(cell) for cell in name)]
    rows = [rows[i] for i in kept]
    if head and _says_total(head[-1]):
        rows, head = [row[:-1] for row in rows], head[:-1]
    found = figures([cell for row in rows for cell in row], "triangle", bounds)
    found = _without_sums(found.reshape(len(rows), -1))
    found = _without_month_0(found, head)
    _refuse_zeros_ahead(found)
    return found


def counted(new: Floats, cells: Floats) -> Floats:
    """The cells as customers, where they were given as shares of the new ones."""
    known = cells[~np.isnan(cells)]
    if not known.size or known.max() > 1 or not ((known > 0) & (known < 1)).any():
        return cells
    if (new <= 1).any():
        raise BadArguments(
            "triangle holds shares alone: put how many new customers each cohort had in its first column."
        )
    shares: Floats = cells * new[:, None]
    return shares


def _is_head(row: Sequence[Any]) -> bool:
    """Words, and numbers only where they count the months: 0, 1, 2 ... or 1, 2, 3 ..."""
    filled = [cell for cell in row if not is_nothing(cell)]
    numbers = [cell for cell in filled if _is_number(cell)]
    others = [cell for cell in filled if not _is_number(cell)]
    if not others or not all(is_word(cell) or hasattr(cell, "year") for cell in others):
        return False
    if not numbers:
        return any(map(is_word, row[1:])) or len(others) == len(row)
    if len(others) == 1 and len(numbers) < _FEWEST_NUMBERED:
        return False  # a cohort of its own
    return numbers == [numbers[0] + i for i in range(len(numbers))] and numbers[0] in (0, 1)


def _are_names(cells: Sequence[Any]) -> bool:
    """Whether a first column holds the cohorts' names: words, dates, or years, days and row numbers in order."""
    filled = [cell for cell in cells if not is_nothing(cell)]
    if not filled:
        return False
    numbers = [cell for cell in filled if _is_number(cell)]
    if len(numbers) < len(filled):
        named = [
            not _is_number(c) and (is_word(c) or not isinstance(c, str | bool)) for c in filled
        ]
        return all(named) or (
            _in_order(numbers) and all(_is_number(c) or _says_total(c) for c in filled)
        )
    return _in_order(numbers)


def _in_order(numbers: Sequence[float]) -> bool:
    steps = {abs(b - a) for a, b in pairwise(numbers)}
    if not steps:
        return False
    low, high = min(numbers), max(numbers)
    if steps == {1}:
        return (_YEARS[0] <= low and high <= _YEARS[1]) or (
            low == 1 and len(numbers) >= _FEWEST_NUMBERED
        )
    days = SERIALS[0] <= low and high <= SERIALS[1]
    return days and any(least <= min(steps) and max(steps) <= most for least, most in _GAPS)


def _is_number(cell: Any) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _says_total(cell: Any) -> bool:
    return isinstance(cell, str) and (is_total(cell) or bool(_OVERALL.fullmatch(cell.strip())))


def _without_sums(found: Floats) -> Floats:
    """Without a last row that is the sum of the others in every month: of two it may be a coincidence.

    Where the others step down, of two already: no youngest cohort is followed for longest.
    """
    if len(found) < 3 or not np.nansum(found[-1, 1:]):
        return found
    above, last = found[:-1], found[-1]
    filled = ~np.isnan(above)
    stepped = (filled.sum(1) < (~np.isnan(last)).sum()).any()
    if not stepped and (len(above) < 3 or found.shape[1] < 3):
        return found
    same = np.where(filled.any(0), np.isclose(np.nansum(above, 0), last), np.isnan(last))
    return above if same.all() else found


def _without_month_0(found: Floats, head: Sequence[Any]) -> Floats:
    """Without a month 0 that repeats the new customers; one that does not is a first month to stay in."""
    if found.shape[1] < 3 or len(head) != found.shape[1]:
        return found
    if not _MONTH_0.fullmatch(str(head[1]).strip()):
        return found
    all_of_them = np.ones(len(found)) if np.nanmax(found[:, 1:]) <= 1 else found[:, 0]
    again = np.isclose(all_of_them, found[:, 1]) | np.isnan(found[:, 1])
    return np.delete(found, 1, axis=1) if again.all() else found


def _refuse_zeros_ahead(found: Floats) -> None:
    """Zeros that step down with the youngest cohorts stand for months to come, as COUNTIFS leaves them there."""
    ahead = [int((np.cumsum(row[::-1] != 0) == 0).sum()) for row in found]
    steps = np.diff(ahead)
    if len(found) >= 3 and ahead[-1] >= 2 and (steps[-2:] == 1).all():
        raise BadArguments(
            "triangle ends in zeros that step down with the youngest cohorts. Leave months that lie ahead "
            'empty, e.g. =IF(month>today,"",COUNTIFS(...)): a 0 says that everybody has left.'
        )
