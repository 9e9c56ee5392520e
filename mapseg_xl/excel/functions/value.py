"""What customers are worth and what they cost to win: lifetime value, cost, both together, payback."""

from __future__ import annotations

from mapseg_xl.excel.answering.answers import BadArguments
from mapseg_xl.excel.answering.bases import Base, bound, segment_column, with_options
from mapseg_xl.excel.answering.figures import figure
from mapseg_xl.excel.arguments.cells import one_number
from mapseg_xl.excel.arguments.columns import Asked
from mapseg_xl.excel.cell_function import Answer, Column, Name, Number, cell_function
from mapseg_xl.excel.functions.staying import left_column
from mapseg_xl.metrics.acquisition import CAC, LTV_TO_CAC, PAYBACK
from mapseg_xl.metrics.lifetime_value import LTV

HIGHEST_MARGIN = 1.0
MOST_MONTHS = 240


def seg_ltv(
    segment: Column,
    tenure_months: Column,
    churned: Column,
    revenue_monthly: Column,
    which: Name = None,
    margin: Number = None,
    annual_discount: Number = None,
    horizon_months: Number = None,
) -> Answer:
    """Lifetime value: margin a month times the share still here at each payment, discounted, over a horizon.

    Parameters
    ----------
    segment
        The column whose values are compared, e.g. Customers[Plan].
    tenure_months
        How many months each has been a customer, up to leaving or today.
    churned
        Who has left: yes and no, 1 and 0, or the date of leaving.
    revenue_monthly
        What each customer pays a month.
    which
        One segment, to get its value as a number. Left out: a table of all segments.
    margin
        Gross margin as a share, e.g. 75%. Left out: it is revenue, not value.
    annual_discount
        Discount a year, as a share. Left out: 10%.
    horizon_months
        At most so many months. Left out: 36, and no more than enough customers were followed for.
    """
    options = value_options(margin, annual_discount, horizon_months)
    base = Base(value_columns(segment, tenure_months, churned, revenue_monthly), options)
    return figure(base, LTV, which, value_title(base))


def seg_acquisition_cost(
    segment: Column, cost: Column, converted: Column, which: Name = None
) -> Answer:
    """Cost to win a customer in each segment: what was spent on its leads and customers over its new customers.

    Parameters
    ----------
    segment
        The column whose values are compared, e.g. Customers[Channel].
    cost
        What was spent on each lead or customer.
    converted
        Who became a customer: yes and no, 1 and 0, or the date of it.
    which
        One segment, to get its cost as a number. Left out: a table of all segments.
    """
    columns = (
        segment_column(segment),
        cost_column(cost),
        Asked("converted", "converted", converted, day_or_flag=True),
    )
    return figure(Base(columns), CAC, which)


def seg_value_for_cost(
    segment: Column,
    tenure_months: Column,
    churned: Column,
    revenue_monthly: Column,
    cost: Column,
    margin: Number,
    which: Name = None,
    annual_discount: Number = None,
    horizon_months: Number = None,
) -> Answer:
    """Lifetime value for each unit of money it cost to win the customers.

    Parameters
    ----------
    segment
        The column whose values are compared, e.g. Customers[Plan].
    tenure_months
        How many months each has been a customer, up to leaving or today.
    churned
        Who has left: yes and no, 1 and 0, or the date of leaving.
    revenue_monthly
        What each customer pays a month.
    cost
        What was spent to win each customer.
    margin
        Gross margin as a share, e.g. 75%.
    which
        One segment, to get its ratio as a number. Left out: a table of all segments.
    annual_discount
        Discount a year, as a share. Left out: 10%.
    horizon_months
        At most so many months. Left out: 36, and no more than enough customers were followed for.
    """
    worth = value_columns(segment, tenure_months, churned, revenue_monthly)
    options = value_options(margin, annual_discount, horizon_months)
    return figure(Base((*worth, cost_column(cost)), options), LTV_TO_CAC, which)


def seg_payback_months(
    segment: Column,
    tenure_months: Column,
    churned: Column,
    revenue_monthly: Column,
    cost: Column,
    margin: Number,
    which: Name = None,
    annual_discount: Number = None,
    horizon_months: Number = None,
) -> Answer:
    """Monthly payments until the cost to win a customer is earned back, counting only those still here to pay.

    Parameters
    ----------
    segment
        The column whose values are compared, e.g. Customers[Plan].
    tenure_months
        How many months each has been a customer, up to leaving or today.
    churned
        Who has left: yes and no, 1 and 0, or the date of leaving.
    revenue_monthly
        What each customer pays a month.
    cost
        What was spent to win each customer.
    margin
        Gross margin as a share, e.g. 75%.
    which
        One segment, to get its months as a number. Left out: a table of all segments.
    annual_discount
        Discount a year, as a share. Left out: 10%.
    horizon_months
        At most so many months. Left out: 36, and no more than enough customers were followed for.
    """
    worth = value_columns(segment, tenure_months, churned, revenue_monthly)
    options = value_options(margin, annual_discount, horizon_months)
    return figure(Base((*worth, cost_column(cost)), options), PAYBACK, which)


def cost_column(cost: Column) -> Asked:
    """What was spent to win each."""
    return Asked("cost", "acquisition_cost", cost)


def value_columns(
    segment: Column, tenure_months: Column, churned: Column, revenue_monthly: Column
) -> tuple[Asked, ...]:
    """The columns of a lifetime value."""
    return (
        segment_column(segment),
        Asked("tenure_months", "tenure_months", tenure_months),
        left_column(churned),
        Asked("revenue_monthly", "revenue_monthly", revenue_monthly),
    )


def value_options(
    margin: Number, annual_discount: Number, horizon_months: Number
) -> tuple[tuple[str, object], ...]:
    """Margin, discount and horizon, where they were given."""
    share = one_number(margin, "margin")
    if share is not None and not -10 <= share <= HIGHEST_MARGIN:
        raise BadArguments(f"margin is {share:g}; write a share, such as 75% or 0.75.")
    discount = one_number(annual_discount, "annual_discount")
    if discount is not None and not 0 <= discount <= 1:
        raise BadArguments(f"annual_discount is {discount:g}; write a share, such as 10% or 0.1.")
    horizon = one_number(horizon_months, "horizon_months")
    if horizon is not None and (horizon != int(horizon) or not 1 <= horizon <= MOST_MONTHS):
        raise BadArguments(
            f"horizon_months is {horizon:g}; write whole months, 1 to {MOST_MONTHS}."
        )
    return with_options(
        gross_margin=share,
        annual_discount=discount,
        horizon_months=None if horizon is None else int(horizon),
    )


def value_title(base: Base) -> str:
    """What value over the horizon is called: lifetime value only with a margin."""
    months = bound(base).context().horizon_months
    known = any(name == "gross_margin" for name, _ in base.options)
    return f"{months}-month {'lifetime value' if known else 'revenue'}"


FUNCTIONS = (
    cell_function(
        seg_ltv,
        "Pay",
        '=SEG_LTV(Customers[Plan], Customers[Months], Customers[Churned], Customers[MRR], "Pro", 75%)',
    ),
    cell_function(
        seg_acquisition_cost,
        "Cost",
        '=SEG_ACQUISITION_COST(Customers[Channel], Customers[Cost], Customers[Converted], "Search")',
    ),
    cell_function(
        seg_value_for_cost,
        "Cost",
        "=SEG_VALUE_FOR_COST(Customers[Plan], Customers[Months], Customers[Churned], Customers[MRR], "
        'Customers[Cost], 75%, "Pro")',
    ),
    cell_function(
        seg_payback_months,
        "Cost",
        "=SEG_PAYBACK_MONTHS(Customers[Plan], Customers[Months], Customers[Churned], Customers[MRR], "
        'Customers[Cost], 75%, "Pro")',
    ),
)
