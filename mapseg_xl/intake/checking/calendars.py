"""Columns of dates: text among true dates, two-digit years, dates long before all others, steps in the wrong order."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.intake.checking.looks import Look
from mapseg_xl.intake.cleaning.cells import as_read, mark
from mapseg_xl.intake.cleaning.clean_dates import day_values
from mapseg_xl.intake.health import gathered
from mapseg_xl.intake.tables import Array, Issue

_SHORT_YEAR = re.compile(
    r"\d{1,2}([-/.])\d{1,2}\1\d{2}(\s.*)?|\d{1,2}[- ][A-Za-z]{3,9}\.?[- ]\d{2}"
)
_MOSTLY = 0.5  # of the cells; more of a kind are how the column is written
_FEW = 20  # dates; fewer say little about how far apart dates lie
_FEWEST = 5
_EARLY = 0.05  # of the dates at most lie long before the others
_YEAR_DAYS = 365.25
_STEPS = (  # earlier, later: beyond the pairs whose units are left out of the rates
    ("created_on", "trial_on"),
    ("created_on", "converted_on"),
    ("created_on", "churned_on"),
    ("trial_on", "churned_on"),
)
_MOST_DISORDERED = 0.2  # of the rows; where more are, the two columns mean something else


def calendars(
    looks: Sequence[Look], day_first: bool | None, *, one_row_each: bool
) -> tuple[Issue, ...]:
    """What is odd about the dates of a table. Steps of customers too far in the future are told of elsewhere."""
    issues: tuple[Issue, ...] = ()
    roles: dict[str, tuple[Look, Array]] = {}
    for look in looks:
        if look.sort != "date":
            continue
        days = look.days if look.days is not None else day_values(look.table, look.index, day_first)
        issues += _texts(look, days) + _early(look, days)
        if not (one_row_each and look.role):
            issues += _late(look, days)
        if look.role:
            roles[look.role] = (look, days)
    return issues + _disordered(roles)


def _texts(look: Look, days: Array) -> tuple[Issue, ...]:
    """Dates that are text beside true dates, and years of two digits."""
    cells = look.cells
    if cells is None:
        return ()
    text = mark(cells.values, lambda v: isinstance(v, str) and any(c.isdigit() for c in v))
    read = ~np.isnat(days)
    records = cells.records(text)
    records = records[read[records]]
    issues: tuple[Issue, ...] = ()
    if len(records) and not look.from_text_file:
        issues += _or_all(look, records, ("note", "date_as_text"), "a date stored as text", days)
    short = mark(
        cells.values, lambda v: isinstance(v, str) and bool(_SHORT_YEAR.fullmatch(v.strip()))
    )
    records = cells.records(short)
    if len(records):
        issues += _or_all(look, records, ("note", "short_year"), "a year of two digits", days)
    return issues


def _or_all(
    look: Look, records: Array, severity_kind: tuple[str, str], what: str, days: Array
) -> tuple[Issue, ...]:
    """An issue of these cells; where most of the column is so, one of the column."""
    cells = look.cells
    assert cells is not None  # noqa: S101  texts are looked for only where there are any
    filled = int((cells.codes >= 0).sum())
    issue = look.issue(*severity_kind, "Read as the date meant; format the column as a date")
    if len(records) > _MOSTLY * filled:
        first = cells.cell_text(int(records[0]))
        return (
            replace(issue, issue=f"{what}, as in most of the column: {first}", count=len(records)),
        )
    return gathered(
        look.table, look.index, records, issue, what, cells.cell_text, lambda r: as_read(days[r])
    )


def _early(look: Look, days: Array) -> tuple[Issue, ...]:
    """Dates long before all others, with nothing between: 1970, or before the company was there."""
    bound = _where_others_begin(np.sort(days[~np.isnat(days)].astype(np.int64)))
    if bound is None:
        return ()
    early = np.flatnonzero((days.astype(np.int64) < bound) & ~np.isnat(days))
    first = date.fromisoformat(str(np.datetime64(bound, "D")))
    issue = look.issue(
        "warning", "early_date", "Counted as it is. Correct the date, or empty the cell"
    )
    what = f"long before all others, which begin on {first}"
    return gathered(look.table, look.index, early, issue, what, lambda r: str(days[r]))


def _late(look: Look, days: Array) -> tuple[Issue, ...]:
    """Dates long after all others, with nothing between: an invoice of 2099."""
    bound = _where_others_begin(np.sort(-days[~np.isnat(days)].astype(np.int64)))
    if bound is None:
        return ()
    late = np.flatnonzero((days.astype(np.int64) > -bound) & ~np.isnat(days))
    last = date.fromisoformat(str(np.datetime64(-bound, "D")))
    issue = look.issue(
        "warning", "late_date", "Counted as it is. Correct the date, or empty the cell"
    )
    what = f"long after all others, which end on {last}"
    return gathered(look.table, look.index, late, issue, what, lambda r: str(days[r]))


def _where_others_begin(known: NDArray[np.int64]) -> int | None:
    """Of sorted days the first behind a wide gap that few lie before; None without such a gap."""
    if len(known) < _FEWEST:
        return None
    low, high = known[int(_EARLY * (len(known) - 1))], known[int((1 - _EARLY) * (len(known) - 1))]
    least = max((2 if len(known) >= _FEW else 10) * _YEAR_DAYS, 0.5 * (high - low))
    gaps = np.flatnonzero(np.diff(known[: int(_EARLY * len(known)) + 2]) > least)
    return int(known[gaps[-1] + 1]) if len(gaps) else None


def _disordered(roles: Mapping[str, tuple[Look, Array]]) -> tuple[Issue, ...]:
    """Steps of a life before the step that goes before them."""
    issues: tuple[Issue, ...] = ()
    told: set[int] = set(_told_elsewhere(roles))
    for before, after in _STEPS:
        if before not in roles or after not in roles:
            continue
        (first, start), (look, end) = roles[before], roles[after]
        if _by_month(start) != _by_month(end):
            start, end = start.astype("M8[M]"), end.astype("M8[M]")
        wrong = np.flatnonzero(end < start)
        both = np.count_nonzero(~np.isnat(start) & ~np.isnat(end))
        wrong = np.array([r for r in wrong.tolist() if r not in told], dtype=np.intp)
        if not len(wrong) or len(wrong) > _MOST_DISORDERED * both:
            continue
        told.update(wrong.tolist())
        issue = look.issue(
            "warning", f"{after}_before_{before}", "Counted as it is. Correct one of the dates"
        )
        what = f"before '{first.header}' of the same row"
        issues += gathered(look.table, look.index, wrong, issue, what, _pair(end, start))
    return issues


def _told_elsewhere(roles: Mapping[str, tuple[Look, Array]]) -> list[int]:
    """Rows whose conversion or leaving lies before its start: an error that the rates tell of."""
    found: list[int] = []
    for after, starts in (
        ("converted_on", ("trial_on", "created_on")),
        ("churned_on", ("converted_on", "trial_on", "created_on")),
    ):
        if after not in roles:
            continue
        end = roles[after][1]
        start = np.full(len(end), np.datetime64("NaT", "D"))
        for role in starts:
            if role in roles:
                start = np.where(np.isnat(start), roles[role][1], start)
        found += np.flatnonzero(end < start).tolist()
    return found


def _by_month(days: Array) -> bool:
    known = days[~np.isnat(days)]
    return bool(len(known)) and bool((known == known.astype("M8[M]")).all())


def _pair(end: Array, start: Array) -> Callable[[int], str]:
    return lambda record: f"{end[record]}, while that is {start[record]}"
