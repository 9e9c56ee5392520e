"""Who stays: churn, share still here, months as a customer."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial

from mapseg_xl.analyze.curves import survival_points
from mapseg_xl.excel.answering.answers import BadArguments, NotAvailable
from mapseg_xl.excel.answering.bases import Base, bound, segment_column, with_options
from mapseg_xl.excel.answering.figures import figure, shown
from mapseg_xl.excel.arguments.cells import one_name, one_number
from mapseg_xl.excel.arguments.columns import Asked
from mapseg_xl.excel.cell_function import Answer, Column, Name, Number, Spilled, cell_function
from mapseg_xl.metrics.base import Metric
from mapseg_xl.metrics.churn import CHURNED_SHARE, MONTHLY_CHURN
from mapseg_xl.metrics.lifetime import (
    MEDIAN_LIFETIME,
    RMST,
    SURVIVAL_12M,
    compare_survival,
    no_lifetimes,
    survival,
)

MOST_MONTHS = 600


def seg_churn(segment: Column, churned: Column, which: Name = None) -> Answer:
    """Share of customers who have left. It grows with the age of the base, so segments are not compared on it.

    Parameters
    ----------
    segment
        The column whose values are compared, e.g. Customers[Plan].
    churned
        Who has left: yes and no, 1 and 0, or the date of leaving.
    which
        One segment, to get its share as a number. Left out: a table of all segments.
    """
    columns = (segment_column(segment), left_column(churned))
    return figure(Base(columns), CHURNED_SHARE, which)


def seg_monthly_churn(
    segment: Column, churned: Column, tenure_months: Column, which: Name = None
) -> Answer:
    """Share of customers who leave in a month: those who left over all months that customers were here.

    Parameters
    ----------
    segment
        The column whose values are compared, e.g. Customers[Plan].
    churned
        Who has left: yes and no, 1 and 0, or the date of leaving.
    tenure_months
        How many months each has been a customer, up to leaving or today.
    which
        One segment, to get its share as a number. Left out: a table of all segments.
    """
    return figure(stays(segment, tenure_months, churned), MONTHLY_CHURN, which)


def seg_survival(
    segment: Column,
    tenure_months: Column,
    churned: Column,
    which: Name = None,
    month: Number = None,
) -> Answer:
    """Share still a customer after so many months, counting those still here for as long as they were watched.

    Parameters
    ----------
    segment
        The column whose values are compared, e.g. Customers[Plan].
    tenure_months
        How many months each has been a customer, up to leaving or today.
    churned
        Who has left: yes and no, 1 and 0, or the date of leaving.
    which
        One segment, to get its share as a number. Left out: a table of all segments.
    month
        After how many months. Left out: 12.
    """
    after = month_of(month)
    return figure(stays(segment, tenure_months, churned), still_here(after), which)


def seg_survival_curve(
    segment: Column, tenure_months: Column, churned: Column, which: Name = None
) -> Spilled:
    """The share still a customer month by month, as a table fit for a chart.

    Parameters
    ----------
    segment
        The column whose values are compared, e.g. Customers[Plan].
    tenure_months
        How many months each has been a customer, up to leaving or today.
    churned
        Who has left: yes and no, 1 and 0, or the date of leaving.
    which
        One segment. Left out: everybody.
    """
    name = one_name(which, "which")
    found = bound(stays(segment, tenure_months, churned))
    tally = found.whole if name is None else found.tally(found.place_of(name))
    points = survival_points("", "", "", tally, found.settings)
    if not points:
        raise NotAvailable(f"{name or 'Everybody'}: {no_lifetimes(tally)}.")
    head = ["month", "still followed", "left", "share still here", "plausible range from", "to"]
    return [
        [*head],
        *(
            [shown(v) for v in (p.month, p.at_risk, p.events, p.survival, p.ci_low, p.ci_high)]
            for p in points
        ),
    ]


def seg_lifetime(
    segment: Column, tenure_months: Column, churned: Column, which: Name = None
) -> Answer:
    """Months until half of the customers have left; not available while more than half are still here.

    Parameters
    ----------
    segment
        The column whose values are compared, e.g. Customers[Plan].
    tenure_months
        How many months each has been a customer, up to leaving or today.
    churned
        Who has left: yes and no, 1 and 0, or the date of leaving.
    which
        One segment, to get its months as a number. Left out: a table of all segments.
    """
    return figure(stays(segment, tenure_months, churned), MEDIAN_LIFETIME, which)


def seg_average_lifetime(
    segment: Column,
    tenure_months: Column,
    churned: Column,
    which: Name = None,
    within_months: Number = None,
) -> Answer:
    """Average months as a customer within a limit that is the same for all segments.

    Parameters
    ----------
    segment
        The column whose values are compared, e.g. Customers[Plan].
    tenure_months
        How many months each has been a customer, up to leaving or today.
    churned
        Who has left: yes and no, 1 and 0, or the date of leaving.
    which
        One segment, to get its months as a number. Left out: a table of all segments.
    within_months
        The limit. Left out: the longest that anybody was followed.
    """
    limit = one_number(within_months, "within_months")
    if limit is not None and not 0.5 <= limit <= MOST_MONTHS:
        raise BadArguments(f"within_months is {limit:g}; write 0.5 to {MOST_MONTHS}.")
    base = replace(stays(segment, tenure_months, churned), options=with_options(rmst_months=limit))
    tau = bound(base).context().tau_months
    title = RMST.plain_title if tau is None else f"{RMST.plain_title}, within {tau:g}"
    return figure(base, RMST, which, title)


def left_column(churned: Column) -> Asked:
    """Who has left, as yes and no or as dates."""
    return Asked("churned", "churned", churned, day_or_flag=True)


def stays(segment: Column, tenure_months: Column, churned: Column) -> Base:
    """Months as a customer, and who has left."""
    return Base(
        (
            segment_column(segment),
            Asked("tenure_months", "tenure_months", tenure_months),
            left_column(churned),
        )
    )


def month_of(given: Number) -> float:
    """After how many months to look."""
    month = one_number(given, "month", 12.0)
    if month is None or not 0 <= month <= MOST_MONTHS:
        raise BadArguments(f"month is {month:g}; write 0 to {MOST_MONTHS}.")
    return month


def still_here(month: float) -> Metric:
    """The share still here at 12 months, asked for another month."""
    at = int(month) if month == math.floor(month) else month
    title = f"Still here at {at:g} months"
    return replace(
        SURVIVAL_12M,
        id=f"survival_{at:g}m",
        title=title,
        plain_title=title,
        estimate=partial(survival, month=at),
        compare=partial(compare_survival, month=at),
    )


FUNCTIONS = (
    cell_function(seg_churn, "Stay", '=SEG_CHURN(Customers[Plan], Customers[Churned], "Pro")'),
    cell_function(
        seg_monthly_churn,
        "Stay",
        '=SEG_MONTHLY_CHURN(Customers[Plan], Customers[Churned], Customers[Months], "Pro")',
    ),
    cell_function(
        seg_survival,
        "Stay",
        '=SEG_SURVIVAL(Customers[Plan], Customers[Months], Customers[Churned], "Pro", 12)',
    ),
    cell_function(
        seg_survival_curve,
        "Stay",
        '=SEG_SURVIVAL_CURVE(Customers[Plan], Customers[Months], Customers[Churned], "Pro")',
    ),
    cell_function(
        seg_lifetime,
        "Stay",
        '=SEG_LIFETIME(Customers[Plan], Customers[Months], Customers[Churned], "Pro")',
    ),
    cell_function(
        seg_average_lifetime,
        "Stay",
        '=SEG_AVERAGE_LIFETIME(Customers[Plan], Customers[Months], Customers[Churned], "Pro", 24)',
    ),
)
