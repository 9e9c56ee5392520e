"""What was spent on each channel, from a sheet. Whose cost it was is told in `cost_shares.py`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from math import fsum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.intake import clean
from mapseg_xl.intake.columns.classify import Classified
from mapseg_xl.intake.columns.kind_words import SPEND, fields_of
from mapseg_xl.intake.health import DONE_WITHOUT, blank_issue
from mapseg_xl.intake.tables import Array, Issue, RawTable, SpendLine, objects

_QUARTER = re.compile(r"(?:q([1-4])[\s/-]*((?:19|20)\d\d)|((?:19|20)\d\d)[\s/-]*q([1-4]))", re.I)
_MONTH_YEAR = re.compile(r"([a-zA-Z]{3})[a-zA-Z]*[-' /]+(\d\d)")
_YEAR = re.compile(r"(19|20)\d\d")


@dataclass(frozen=True, slots=True, eq=False)
class Spend:
    """The lines of one spend table."""

    table: RawTable
    header: str  # of the money
    lines: tuple[SpendLine, ...]
    issues: tuple[Issue, ...]


def read_spend(told: Classified, day_first: bool | None) -> Spend:
    """The lines of a spend table; a line without a channel is left out with its money said."""
    table = told.table
    fields = fields_of(table, SPEND)
    channels = clean.labels(table, fields["channel"])
    money = clean.numbers(table, fields["spend"])
    issues = (*table.issues, *channels.issues, *money.issues)
    n = len(table.rows)
    days: Array = np.full(n, "NaT", dtype="M8[D]")
    if "period" in fields:
        dated = clean.dates(
            _with_days(table, fields["period"]), fields["period"], day_first=day_first
        )
        days, issues = dated.values, (*issues, *dated.issues)
    new: Array = np.full(n, np.nan)
    if "new_customers" in fields:
        counted = clean.numbers(table, fields["new_customers"])
        new, issues = counted.values, (*issues, *counted.issues)
    named = channels.values != ""
    lines = tuple(
        SpendLine(
            channels.values[i],
            None if np.isnat(days[i]) else days[i].item(),
            _known(money.values[i]),
            _known(new[i]),
            f"{table.sheet}!{table.cell(fields['spend'], i)}",
        )
        for i in np.flatnonzero(named).tolist()
    )
    issues += _nameless(table, fields, named, money.values)
    return Spend(table, table.headers[fields["spend"]], lines, issues)


def _known(number: float) -> float | None:
    return float(number) if np.isfinite(number) else None


def _with_days(table: RawTable, index: int) -> RawTable:
    """Quarters, `Mar-25` and bare years as the first day they mean."""
    column = objects([_first_day(v) for v in table.columns[index].tolist()])
    columns = (*table.columns[:index], column, *table.columns[index + 1 :])
    return replace(table, columns=columns)


def _first_day(value: Any) -> Any:
    text = str(int(value)) if isinstance(value, float | int) and value == value else str(value)
    text = text.strip()
    if quarter := _QUARTER.fullmatch(text):
        number, year = quarter[1] or quarter[4], quarter[2] or quarter[3]
        return date(int(year), 3 * int(number) - 2, 1)
    if _YEAR.fullmatch(text):
        return date(int(text), 1, 1)
    if month := _MONTH_YEAR.fullmatch(text):
        return f"{month[1]} 20{month[2]}"
    return value


def _nameless(
    table: RawTable, fields: dict[str, int], named: NDArray[np.bool_], money: Array
) -> tuple[Issue, ...]:
    records = np.flatnonzero(~named)
    if not len(records):
        return ()
    lost = fsum(np.nan_to_num(money[records]).tolist())
    issue = blank_issue(
        table,
        fields["channel"],
        "warning",
        "no_channel",
        f"{DONE_WITHOUT}. Write the channel",
        f"{len(records):,} rows of spend name no channel, {lost:,.2f} of money",
    )
    cell = table.cell(fields["channel"], int(records[0]))
    return (replace(issue, cell=cell, count=len(records)),)
