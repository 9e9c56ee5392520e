"""Each customer's share of what was spent on the channel they came by. What that says of segments is for `metrics`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import fsum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mapseg_xl.intake.beside.spend import Spend
from mapseg_xl.intake.health import blank_issue
from mapseg_xl.intake.tables import Array, Customers, Issue, RawTable, SpendLine, Status

_NAMED = 4
_USUAL_MONTHS = (1, 3, 6, 12)

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class _Channels:
    """Channels of the customers and of the spend as codes of one list; case and outer spaces do not matter."""

    mine: NDArray[np.intp]  # one a customer
    of_lines: NDArray[np.intp]  # one a line of spend
    names: Array
    spent: NDArray[np.float64]  # by channel
    won: Mask  # customers who count
    came: NDArray[np.int64]  # of them, by channel

    @property
    def listed(self) -> Mask:
        """Channels that the spend has, with 0 too."""
        return np.bincount(self.of_lines, minlength=len(self.names)) > 0

    def each(self) -> NDArray[np.float64]:
        """What one customer of each channel cost; NaN where nobody came or the spend does not have it."""
        share = self.spent / np.maximum(self.came, 1)
        return np.where(self.listed & (self.came > 0), share, np.nan)


def with_costs(
    customers: Customers, spends: Sequence[Spend]
) -> tuple[Customers, tuple[Issue, ...], str]:
    """The customers with what winning each one cost: its channel's spend over those who came by it.

    Counted are customers who converted in the periods of the spend, all where there are no dates. Everybody else, and
    who came by a channel without spend, has no cost. The sentence says what was done; "" where nothing could be.
    """
    table = spends[0].table
    if "channel" not in customers.roles:
        issue = blank_issue(
            table,
            -1,
            "warning",
            "spend_without_channel",
            "Kept as spend. Name the customers' column with --map channel=COLUMN",
            "the customers have no column that says by which channel they came",
        )
        return customers, (issue,), ""
    lines = [line for spend in spends for line in spend.lines]
    channels = _channels(customers, lines)
    each = channels.each()
    cost = np.where(channels.won, each[channels.mine], np.nan)
    header = spends[0].header
    filled = replace(
        customers,
        roles={**customers.roles, "acquisition_cost": cost},
        role_headers={**customers.role_headers, "acquisition_cost": header},
    )
    shared = fsum(channels.spent[np.isfinite(each)].tolist())
    said = (
        f"Acquisition cost is estimated: {shared:,.2f} of '{header}' on sheet '{table.sheet}' shared out to the "
        f"{int(np.isfinite(cost).sum()):,} customers who came by those channels."
    )
    return filled, _left_over(table, customers, channels), said


def _channels(customers: Customers, lines: Sequence[SpendLine]) -> _Channels:
    both = np.array([*customers.roles["channel"], *(line.channel for line in lines)], dtype=object)
    codes, uniques = pd.factorize(both)
    folded, first = pd.factorize(
        np.array([" ".join(str(u).split()).casefold() for u in uniques], object)
    )
    names = np.array([uniques[np.argmax(folded == k)] for k in range(len(first))], dtype=object)
    codes = folded[codes]
    mine, of_lines = codes[: customers.n], codes[customers.n :]
    won = _won_in(customers, lines)
    money = np.array([line.spend or 0.0 for line in lines])
    return _Channels(
        mine,
        of_lines,
        names,
        np.bincount(of_lines, money, len(names)).astype(np.float64),
        won,
        np.bincount(mine[won], minlength=len(names)).astype(np.int64),
    )


def _won_in(customers: Customers, lines: Sequence[SpendLine]) -> NDArray[np.bool_]:
    """Who became a customer in the periods of the spend; all who are where dates are missing on either side."""
    paying = customers.status >= Status.CUSTOMER
    won_on = customers.roles.get("converted_on")
    starts = sorted({line.period for line in lines if line.period is not None})
    if won_on is None or not starts:
        return paying
    first, end = np.datetime64(starts[0], "D"), _end(starts)
    return np.asarray(paying & (won_on >= first) & (won_on < end))


def _end(starts: Sequence[date]) -> np.datetime64:
    """The day after the last period: as long as the step between periods; a month where there is one."""
    days = np.array(starts, dtype="M8[D]")
    if all(day.day == 1 for day in starts):
        months = days.astype("M8[M]")
        step = int(np.median(np.diff(months).astype(int))) if len(months) > 1 else 1
        length = next((m for m in _USUAL_MONTHS if step <= m), step)
        return np.datetime64(months[-1] + length, "D")
    step = int(np.median(np.diff(days).astype(int))) if len(days) > 1 else 1
    return np.datetime64(days[-1] + max(step, 1), "D")


def _left_over(table: RawTable, customers: Customers, channels: _Channels) -> tuple[Issue, ...]:
    """Customers without a cost, and spend without customers."""
    paying = customers.status >= Status.CUSTOMER
    known = channels.listed[channels.mine]
    idle = np.flatnonzero((channels.spent != 0) & (channels.came == 0))
    lost = fsum(channels.spent[idle].tolist())
    return (
        *_counted(
            table,
            int((channels.won & ~known).sum()),
            ("warning", "channel_without_spend"),
            "They have no acquisition cost. Add the channel, with 0 where it costs nothing",
            "customers came by a channel without spend: "
            + _listed(channels.names[channels.mine[channels.won & ~known]]),
        ),
        *_counted(
            table,
            len(idle),
            ("warning", "spend_without_customers"),
            "In no customer's acquisition cost, so winning customers costs more than is shown",
            f"{lost:,.2f} spent on channels by which nobody came: {', '.join(channels.names[idle[:_NAMED]])}",
        ),
        *_counted(
            table,
            int((paying & ~channels.won & known).sum()),
            ("note", "outside_spend"),
            "They have no acquisition cost",
            "customers converted outside the periods of the spend",
        ),
    )


def _counted(
    table: RawTable, count: int, severity_kind: tuple[str, str], action: str, what: str
) -> tuple[Issue, ...]:
    if not count:
        return ()
    severity, kind = severity_kind
    return (replace(blank_issue(table, -1, severity, kind, action, what), count=count),)


def _listed(channels: Array) -> str:
    counts = pd.Series(channels, dtype=object).value_counts()
    named = [f"{name or 'no channel'} ({n:,})" for name, n in counts.items()]
    rest = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return ", ".join(named[:_NAMED]) + rest
