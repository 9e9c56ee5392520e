"""Checks over several columns of customers: order of dates, dates in the future, missing parts of the life cycle."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.intake.health import Places, blank_issue, each_record
from mapseg_xl.intake.tables import Array, Customers, Issue, Sources, Status
from mapseg_xl.repairs import LATE_DATES

DATE_ROLES = ("created_on", "trial_on", "converted_on", "churned_on")
_NAT = np.datetime64("NaT", "D")
_YEAR_DAYS = 365.25
_LAST = 0.05  # of the dates at most lie far after the others
_FEW = 20  # dates; fewer say little about how far apart dates of this base lie
START_ROLES = ("created_on", "trial_on", "converted_on")
_PAUSE_DAYS = 31  # without a new start; more than that, and more than any pause before, is no pause
_PLANNED_SHARE = 1 / 3  # of all dates of leaving; more of them say that only the starts have ended
_PLANNED_PACE = 0.5  # of the pace before; faster says so too


def latest_plausible_date(customers: Customers) -> date | None:
    """Latest of the customers' dates that is not far later than the bulk of them; None without dates.

    Far: beyond the last hundredth by more than two years and more than the span of the rest (ten years under 20 dates).
    Planned dates of leaving do not move it forward (`planned_leaving`).
    """
    today = _day_of_export(customers.roles)
    return _latest(customers.roles) if today is None else _as_date(today)


def latest_date(sources: Sources) -> date | None:
    """Latest plausible date of the customers or of what they bought; None without dates."""
    days = [latest_plausible_date(sources.customers)]
    if sources.orders is not None:
        mine = sources.orders.order_on[sources.orders.customer >= 0]
        days.append(_latest({"created_on": mine}))
    return max((day for day in days if day is not None), default=None)


def planned_leaving(roles: Mapping[str, Array], places: Places) -> tuple[Issue, ...]:
    """A note for each notice given for a day after the data ends: still a customer on the default as-of date.

    The data ends before the first pause after its last start (lead, trial, conversion) that is longer than starts ever
    paused (a month at least), else with that start: if what follows is less than half of the leaving in as many days
    before, and a third of all at most. Where it is more, as in a base that takes no new customers, it has happened.
    """
    today = _day_of_export(roles)
    if today is None:
        return ()
    held = roles["churned_on"]
    action = f"Counted as still here on {today}, the day the other dates end. If it has happened, give a later --as-of"
    issue = blank_issue(*places["churned_on"], "note", "planned_leaving", action)
    late = np.flatnonzero(held > today)
    return each_record(
        *places["churned_on"], late, issue, lambda r: f"leaves on {held[r]}, in the future"
    )


def without_future(
    roles: dict[str, Array], places: Places
) -> tuple[dict[str, Array], tuple[Issue, ...]]:
    """Roles without the dates that lie implausibly late, and one issue for each of those."""
    last = _latest(roles)
    if last is None:
        return roles, ()
    issues: tuple[Issue, ...] = ()
    for role in DATE_ROLES:
        if role not in roles or LATE_DATES in places[role][0].wishes.repairs_off:
            continue
        held = roles[role]
        late = np.flatnonzero(held > np.datetime64(last, "D"))
        if len(late):
            action = "Left out, as if empty. Correct the date"
            issue = blank_issue(*places[role], "warning", "future_date", action)
            issues += each_record(*places[role], late, issue, _late_text(held, last))
            roles = {**roles, role: np.where(held > np.datetime64(last, "D"), _NAT, held)}
    return roles, issues


def ordered_dates(
    roles: dict[str, Array], places: Places
) -> tuple[dict[str, Array], tuple[Issue, ...]]:
    """Roles without end dates that lie before the start, and an error for each; call it once the status is known.

    Who left stays churned, with the length of stay unknown. A conversion before its start stays: it was one, but its
    waiting time is negative, and the rates leave such units out.
    """
    roles = dict(roles)
    issues: tuple[Issue, ...] = ()
    left = roles.get("churned_on")
    for end, starts, action in (
        (
            "converted_on",
            ("trial_on", "created_on"),
            "Left out of conversion. Correct one of the dates",
        ),
        (
            "churned_on",
            ("converted_on", "trial_on", "created_on"),
            "Left out of churn and lifetime. Correct one of the dates",
        ),
    ):
        if end not in roles:
            continue
        start = _first_known(roles, starts)
        wrong = np.flatnonzero(roles[end] < start)
        issue = blank_issue(*places[end], "error", f"{end}_before_start", action)
        issues += each_record(*places[end], wrong, issue, _order_text(roles[end], start))
        if end == "churned_on" and left is not None:
            roles[end] = np.where(left < start, _NAT, left)
    return roles, issues


def missing_classes(customers: Customers) -> tuple[Issue, ...]:
    """A warning for each part of the life cycle that the table lacks, saying what cannot be measured without it."""
    counts = np.bincount(customers.status, minlength=4)
    lacks = []
    if counts[Status.LEAD] + counts[Status.TRIAL] == 0:
        lacks.append(
            (
                "no_leads",
                "no leads and no trials: who converts, and how soon, cannot be measured",
                "Add the leads and trials that did not become customers",
            )
        )
    if counts[Status.CUSTOMER] + counts[Status.CHURNED] == 0:
        lacks.append(
            (
                "no_customers",
                "no customers: revenue, churn and lifetime cannot be measured",
                "Add customers, or the column that tells them: a conversion date, a yes or no, a status",
            )
        )
    elif counts[Status.CHURNED] == 0:
        lacks.append(
            (
                "no_churned",
                "nobody has left: churn and lifetime cannot be compared",
                "Add the customers who left, with the date or a yes",
            )
        )
    return tuple(
        Issue("warning", customers.source, customers.sheet, "", "", what, action, 1, kind)
        for kind, what, action in lacks
    )


def _latest(roles: Mapping[str, Array]) -> date | None:
    held = [roles[r][~np.isnat(roles[r])] for r in DATE_ROLES if r in roles]
    days = np.sort(np.concatenate(held).astype(np.int64)) if held else np.zeros(0, np.int64)
    if not len(days):
        return None
    years = 2 if len(days) >= _FEW else 10
    days = _without_far(days, years)
    bulk = days[int(0.99 * (len(days) - 1))]
    span = bulk - days[int(0.01 * (len(days) - 1))]
    plausible = days[days <= bulk + max(years * _YEAR_DAYS, span)]
    return _as_date(np.datetime64(int(plausible[-1]), "D"))


def _without_far(days: NDArray[np.int64], years: int) -> NDArray[np.int64]:
    """Sorted days without the last twentieth's, where a gap wider than nine tenths of all days lies before them."""
    low, high = (days[int(share * (len(days) - 1))] for share in (_LAST, 1 - _LAST))
    start = int((1 - _LAST) * (len(days) - 1))
    gaps = np.flatnonzero(np.diff(days[start:]) > max(years * _YEAR_DAYS, high - low))
    return days[: start + int(gaps[0]) + 1] if len(gaps) else days


def _as_date(day: np.datetime64) -> date:
    return date.fromisoformat(str(day))


def _day_of_export(roles: Mapping[str, Array]) -> np.datetime64 | None:
    """The day after which dates of leaving are planned; None where none are, or where it cannot be told.

    The last date before the first long pause after the last start; where that leaves nothing planned, the last start.
    """
    starts = [roles[role] for role in START_ROLES if role in roles]
    end, last = _latest({r: roles[r] for r in START_ROLES if r in roles}), _latest(roles)
    left = roles.get("churned_on")
    if left is None or end is None or last is None or last <= end:
        return None
    final, last_start = np.datetime64(last, "D"), np.datetime64(end, "D")
    known = np.unique(np.concatenate([d[d <= last_start] for d in starts]))
    if len(known) < _FEW:
        return None
    longest_pause = max(int(np.diff(known).astype(np.int64).max()), _PAUSE_DAYS)
    tail = np.unique([last_start, *left[(left > last_start) & (left <= final)]])
    pauses = np.flatnonzero(np.diff(tail).astype(np.int64) > longest_pause)
    before_pause = [tail[pauses[0]]] if len(pauses) else []
    long = (final - last_start).astype(np.int64) > longest_pause
    days = [*before_pause, last_start] if long else []
    return next((day for day in days if _thins_out(left, day, final)), None)


def _thins_out(left: Array, day: np.datetime64, last: np.datetime64) -> bool:
    """Dates of leaving after the day are few beside all, and beside those of as many days before it."""
    later = np.count_nonzero(left > day)
    before = np.count_nonzero((left <= day) & (left > day - (last - day)))
    known = np.count_nonzero(~np.isnat(left))
    return bool(later <= _PLANNED_SHARE * known and later < _PLANNED_PACE * before)


def _first_known(roles: Mapping[str, Array], starts: tuple[str, ...]) -> Array:
    """For each row the first of the start dates that it has."""
    n = len(next(iter(roles.values())))
    start: NDArray[np.datetime64] = np.full(n, _NAT, dtype="datetime64[D]")
    for role in starts:
        if role not in roles:
            continue
        start = np.where(np.isnat(start), roles[role], start)
    return start


def _late_text(held: Array, last: date) -> Callable[[int], str]:
    return lambda record: f"date {held[record]} is far later than all others, which end {last}"


def _order_text(held: Array, start: Array) -> Callable[[int], str]:
    return lambda record: f"date {held[record]} is before the start, {start[record]}"
