"""Winning customers: conversion, time to convert, win rate by count and by value."""

from __future__ import annotations

from datetime import date

import numpy as np

from mapseg_xl.metrics.base import (
    CUSTOMERS_ONLY,
    Comparison,
    Context,
    Estimate,
    Floats,
    Metric,
    bounds,
    counted,
    difference,
    drawn_range,
    known,
    quotient,
    sentence,
    undefined,
)
from mapseg_xl.metrics.shares import compare_shares, share
from mapseg_xl.stats.resampling import bootstrap_p
from mapseg_xl.stats.survival import kaplan_meier, quantile, quantile_interval, survival_at
from mapseg_xl.tally.tally import Conversion, Tally

NO_PROSPECTS = (
    "every row is a customer: without leads or trials nothing can be said about conversion"
)


def day(as_of: date | None) -> str:
    """A date for a note; empty without one."""
    return as_of.isoformat() if as_of else "the as-of date"


def _count(tally: Tally) -> tuple[int, int] | None:
    c = tally.conversion
    return None if c is None else (c.converted, c.n)


def conversion(tally: Tally, context: Context) -> Estimate:
    """Share that converted within the window, among those whose window is over; Wilson interval."""
    c = tally.conversion
    if c is None:
        return undefined(NO_PROSPECTS)
    note = _conversion_note(c, tally, context)
    return share(c.converted, c.n, note, context.settings.min_units, context)


def _conversion_note(c: Conversion, tally: Tally, context: Context) -> str:
    left_out = counted(c.left_out, "row", "rows")
    left = f"{left_out} left out: no usable start or conversion date" if left_out else ""
    if c.form == "undated":
        unknown = f"{left_out} left out: not known whether converted" if left_out else ""
        return sentence(
            "no start dates: open trials cannot be told from lost ones; this understates", unknown
        )
    if c.form == "so_far":
        open_now = counted(c.still_open, "unit has", "units have")
        return sentence(f"{open_now} not converted so far" if open_now else "", left)
    open_now = counted(c.still_open, "unit", "units")
    note = f"{open_now} still open on {day(tally.question.as_of)}" if open_now else ""
    if c.early:
        note += f" ({c.early:,} of them converted already, in neither part)"
    everyone = c.n + c.still_open
    if everyone and c.still_open / everyone >= context.settings.open_share:
        share_all = _all_data_share(tally)
        if share_all is not None:
            note += f"; counting them while they were watched: {share_all:.1%}"
    undated = "" if c.days is not None else "no conversion dates: converted whenever it was"
    return sentence(note, left, undated)


def _all_data_share(tally: Tally) -> float | None:
    """1 - S(window) by Kaplan-Meier, open units censored at the as-of date."""
    c, window = tally.conversion, tally.question.window_days
    if c is None or c.days is None or window is None or not c.days.n:
        return None
    curve = kaplan_meier(c.days.times, c.days.events, c.days.censored)
    still = survival_at(curve, window)
    return None if still is None else 1 - still


def time_to_convert_days(tally: Tally, context: Context) -> Estimate:
    """Days until half of those who convert within the window have done so (Kaplan-Meier)."""
    c, window = tally.conversion, tally.question.window_days
    if c is None:
        return undefined(NO_PROSPECTS)
    if c.days is None or not c.days.n:
        return undefined("needs the dates of start and of conversion")
    curve = kaplan_meier(c.days.times, c.days.events, c.days.censored)
    events = int(c.days.events.sum())
    until = float(window) if window is not None else float(curve.times[-1])
    still = survival_at(curve, until)
    if still is None:
        return undefined(f"nobody was watched for {until:.0f} days", c.days.n)
    if still >= 1:
        return undefined("nobody converted within the window", c.days.n)
    level = 1 - (1 - still) / 2
    low, high = bounds(quantile_interval(curve, level, context.settings.confidence))
    within = "" if window is None else f"of those who convert within {window} days"
    return Estimate(
        quantile(curve, level),
        c.days.n,
        events,
        low,
        high,
        within,
        enough=c.days.n >= context.settings.min_units,
    )


def _decided(tally: Tally) -> tuple[int, int] | None:
    d = tally.deals
    return None if d is None else (d.won, d.won + d.lost)


def win_rate(tally: Tally, context: Context) -> Estimate:
    """Won over won and lost; open opportunities are in neither part. Wilson interval.

    Nothing is said of how long open ones have waited: no role holds the date a deal was lost on.
    """
    d = tally.deals
    if d is None:
        return undefined("needs a column with won and lost opportunities")
    still_open = counted(d.open, "opportunity", "opportunities")
    note = f"{still_open} not decided yet, left out" if still_open else ""
    if d.won + d.lost == 0:
        return undefined(sentence("no decided opportunity", note), 0)
    return share(d.won, d.won + d.lost, note, context.settings.min_decided, context)


def win_rate_by_value(tally: Tally, context: Context) -> Estimate:
    """Value won over value decided; interval by resampling."""
    d = tally.deals
    if d is None:
        return undefined("needs a column with won and lost opportunities")
    if d.value_decided <= 0:
        return undefined("no decided opportunity has a value", d.valued)
    if d.value_decided == d.value_won and d.lost:
        return undefined("lost opportunities carry no value here: needs what they would have been")
    draws = known(_value_draws(tally, context))
    low, high = drawn_range(draws, context)
    return Estimate(
        d.value_won / d.value_decided,
        d.valued,
        d.won,
        low,
        high,
        enough=d.valued >= context.settings.min_decided,
        variance=float(np.var(draws)),
    )


def _value_draws(tally: Tally, context: Context) -> Floats:
    assert tally.deals is not None  # noqa: S101 - callers have checked
    won = context.redrawn(tally.deals.fold_won)
    decided = context.redrawn(tally.deals.fold_decided)
    return quotient(won, decided)


def compare_value(part: Tally, rest: Tally, context: Context) -> Comparison:
    """Difference of the two value shares, both redrawn together."""
    a, b = win_rate_by_value(part, context), win_rate_by_value(rest, context)
    if a.value is None or b.value is None or not (a.enough and b.enough):
        return Comparison(difference(a.value, b.value))
    draws = known(_value_draws(part, context) - _value_draws(rest, context))
    low, high = drawn_range(draws, context)
    return Comparison(
        a.value - b.value,
        low,
        high,
        bootstrap_p(draws),
        variance=a.variance,
        variance_rest=b.variance,
    )


CONVERSION = Metric(
    id="conversion",
    title="Conversion",
    plain_title="Conversion",
    unit="share",
    direction="good_high",
    step="convert",
    estimate=conversion,
    compare=compare_shares(_count),
    needs="a conversion date or flag; the start date of the lead or trial to leave open ones out",
    definition="Share of leads or trials that became customers within the window. "
    "Only those whose window is over count, in both parts of the rate.",
    formula="converted within the window / matured",
    source="Wilson 1927; Newcombe 1998",
    counted="matured trials",
    computed_from=CUSTOMERS_ONLY,
    margin="share",
    cautious="share",
    strata="conversion",
    native="{events}/{n}",
)

TIME_TO_CONVERT = Metric(
    id="time_to_convert_days",
    title="Time to convert",
    plain_title="Days to convert",
    unit="days",
    direction="good_low",
    step="convert",
    estimate=time_to_convert_days,
    compare=None,
    needs="the dates of start and of conversion",
    definition="Days until half of those who convert within the window have converted.",
    formula="least t with 1 - S(t) >= half of 1 - S(window)",
    source="Kaplan & Meier 1958; Brookmeyer & Crowley 1982",
    counted="leads or trials",
    untested="no test for this figure",
    computed_from=CUSTOMERS_ONLY,
)

WIN_RATE = Metric(
    id="win_rate",
    title="Win rate",
    plain_title="Opportunities won",
    unit="share",
    direction="good_high",
    step="convert",
    estimate=win_rate,
    compare=compare_shares(_decided),
    needs="a column that says won or lost",
    definition="Won opportunities over decided ones. Open ones are in neither part.",
    formula="won / (won + lost)",
    source="Wilson 1927; Newcombe 1998",
    counted="decided opportunities",
    computed_from=CUSTOMERS_ONLY,
    margin="share",
    least="min_decided",
    cautious="share",
    strata="win_rate",
    native="{events}/{n}",
)

WIN_RATE_BY_VALUE = Metric(
    id="win_rate_by_value",
    title="Win rate by value",
    plain_title="Opportunities won, by value",
    unit="share",
    direction="good_high",
    step="convert",
    estimate=win_rate_by_value,
    compare=compare_value,
    needs="won or lost, and the value of each opportunity",
    definition="Value of won opportunities over value of decided ones.",
    formula="value won / value of won and lost",
    source="resampling of customers",
    counted="decided opportunities with a value",
    computed_from=(*CUSTOMERS_ONLY, "revenue_total"),
    margin="share",
    least="min_decided",
)

METRICS = (CONVERSION, TIME_TO_CONVERT, WIN_RATE, WIN_RATE_BY_VALUE)
