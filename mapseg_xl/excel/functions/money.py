"""Money from totals and averages a team already keeps: cost to win a customer, payback, value, what is kept."""

from __future__ import annotations

from mapseg_xl.excel.answering.answers import BadArguments, NotAvailable
from mapseg_xl.excel.arguments.blocks import COUNT, MARGIN, SHARE, Bounds, number, paired_sums
from mapseg_xl.excel.cell_function import Column, Number, cell_function
from mapseg_xl.prioritize.market import growth_a_year
from mapseg_xl.stats.lifetime_forms import (
    annual_churn,
    arpa_over_churn,
    kept_revenue,
    simple_payback,
)

_NO_CHURN = "Nobody leaves at a churn of 0: a lifetime without an end is no figure."


def seg_cac(spend: Column, new_customers: Column) -> float:
    """Cost to win a customer: sales and marketing spend over new customers; of columns, their sums.

    Parameters
    ----------
    spend
        What was spent to win them, one cell a month or channel; or a single cell.
    new_customers
        How many were won with it, one cell a month or channel; or a single cell.

    >>> seg_cac(75000, 75)
    1000.0
    """
    cost, won = paired_sums((spend, "spend"), (new_customers, "new_customers"))
    if not won:
        raise NotAvailable("There is no new customer, so there is no cost of one.")
    return cost / won


def seg_payback(cac: Number, revenue_monthly: Number, margin: Number) -> float:
    """Months until a customer has earned back the cost to win them, if nobody leaves: CAC over margin a month.

    Parameters
    ----------
    cac
        Cost to win a customer.
    revenue_monthly
        What a customer pays a month.
    margin
        Gross margin, the share of revenue kept: 0.8 or 80%.

    >>> seg_payback(1000, 100, 0.8)
    12.5
    """
    cost = number(cac, "cac", COUNT)
    kept = number(revenue_monthly, "revenue_monthly") * number(margin, "margin", MARGIN)
    months = simple_payback(cost, kept)
    if months is None:
        raise NotAvailable("A customer brings no margin, so the cost is never earned back.")
    return months


def seg_simple_ltv(revenue_monthly: Number, margin: Number, monthly_churn: Number) -> float:
    """Lifetime value by the shortcut: revenue a month x margin over churn. Supposes that nobody ever leaves sooner or
    later than now; for a decision use SEG_LTV.

    Parameters
    ----------
    revenue_monthly
        What a customer pays a month.
    margin
        Gross margin, the share of revenue kept: 0.8 or 80%.
    monthly_churn
        Share of customers that leaves in a month: 0.05 or 5%.

    >>> seg_simple_ltv(500, 0.8, 0.05)
    8000.0
    """
    paid = number(revenue_monthly, "revenue_monthly")
    kept = number(margin, "margin", MARGIN)
    value = arpa_over_churn(paid, number(monthly_churn, "monthly_churn", SHARE), kept)
    return _unless_endless(value)


def seg_ltv_to_cac(ltv: Number, cac: Number) -> float:
    """Value for each unit of cost: lifetime value over the cost to win a customer. 3 is a rule of thumb.

    Parameters
    ----------
    ltv
        Lifetime value of a customer, of margin and not of revenue.
    cac
        Cost to win a customer.

    >>> seg_ltv_to_cac(2500, 500)
    5.0
    """
    value, cost = number(ltv, "ltv"), number(cac, "cac", COUNT)
    if not cost:
        raise NotAvailable("The cost is 0: value for each unit of it is no figure.")
    return value / cost


def seg_churn_to_lifetime(monthly_churn: Number) -> float:
    """Months a customer stays on average, if the same share leaves every month: 1 over churn.

    Parameters
    ----------
    monthly_churn
        Share of customers that leaves in a month: 0.05 or 5%.

    >>> seg_churn_to_lifetime(0.05)
    20.0
    """
    return _unless_endless(arpa_over_churn(1.0, number(monthly_churn, "monthly_churn", SHARE)))


def seg_lifetime_to_churn(lifetime_months: Number) -> float:
    """Share that leaves in a month, if customers stay so many months on average: 1 over the months.

    Parameters
    ----------
    lifetime_months
        Months a customer stays on average, at least 1.

    >>> seg_lifetime_to_churn(20)
    0.05
    """
    return 1 / number(lifetime_months, "lifetime_months", Bounds(1))


def seg_churn_to_annual(monthly_churn: Number) -> float:
    """Share that leaves within a year, if the same share leaves every month: 1-(1-churn)^12, never 12 times.

    Parameters
    ----------
    monthly_churn
        Share of customers that leaves in a month: 0.05 or 5%.

    >>> round(seg_churn_to_annual(0.05), 4)
    0.4596
    """
    return annual_churn(number(monthly_churn, "monthly_churn", SHARE))


def seg_nrr(start: Number, expansion: Number, contraction: Number, churned: Number) -> float:
    """Net revenue retention: what last period's customers pay now, over what they paid then. New ones do not count.

    Parameters
    ----------
    start
        Revenue of the customers at the start of the period.
    expansion
        What the same customers pay more now.
    contraction
        What those still here pay less, as a positive number.
    churned
        What those who left paid, as a positive number.

    >>> seg_nrr(100, 20, 5, 10)
    1.05
    """
    return _kept(start, number(expansion, "expansion", COUNT), contraction, churned)


def seg_grr(start: Number, contraction: Number, churned: Number) -> float:
    """Gross revenue retention: the share of last period's revenue that is still here, without counting who pays more.

    Parameters
    ----------
    start
        Revenue of the customers at the start of the period.
    contraction
        What those still here pay less, as a positive number.
    churned
        What those who left paid, as a positive number.

    >>> seg_grr(100, 5, 10)
    0.85
    """
    return _kept(start, 0.0, contraction, churned)


def seg_growth(first: Number, last: Number, years: Number) -> float:
    """Growth a year between two figures, compounded: 0.1 is 10% a year.

    Parameters
    ----------
    first
        The earlier figure, above 0.
    last
        The later figure.
    years
        Years between the two; months / 12.

    >>> round(seg_growth(100, 121, 2), 6)
    0.1
    """
    since, now = number(first, "first", COUNT), number(last, "last", COUNT)
    rate = growth_a_year(since, now, number(years, "years", COUNT))
    if rate is None:
        raise NotAvailable("There is no growth from nothing, or over no time.")
    return rate


def _unless_endless(value: float | None) -> float:
    if value is None:
        raise NotAvailable(_NO_CHURN)
    return value


def _kept(start: Number, more: float, contraction: Number, churned: Number) -> float:
    before = number(start, "start", COUNT)
    less, gone = number(contraction, "contraction", COUNT), number(churned, "churned", COUNT)
    if less + gone > before:
        raise BadArguments(
            f"contraction and churned are {less + gone:g}, more than start, {before:g}."
        )
    kept = kept_revenue(before, more, less, gone)
    if kept is None:
        raise NotAvailable("There was no revenue at the start.")
    return kept


FUNCTIONS = (
    cell_function(seg_cac, "Money from totals", "=SEG_CAC(B2:B13,C2:C13)"),
    cell_function(seg_payback, "Money from totals", "=SEG_PAYBACK(1000,100,80%)"),
    cell_function(seg_simple_ltv, "Money from totals", "=SEG_SIMPLE_LTV(500,80%,5%)"),
    cell_function(seg_ltv_to_cac, "Money from totals", "=SEG_LTV_TO_CAC(2500,500)"),
    cell_function(seg_churn_to_lifetime, "Money from totals", "=SEG_CHURN_TO_LIFETIME(5%)"),
    cell_function(seg_lifetime_to_churn, "Money from totals", "=SEG_LIFETIME_TO_CHURN(20)"),
    cell_function(seg_churn_to_annual, "Money from totals", "=SEG_CHURN_TO_ANNUAL(5%)"),
    cell_function(seg_nrr, "Money from totals", "=SEG_NRR(B2,C2,D2,E2)"),
    cell_function(seg_grr, "Money from totals", "=SEG_GRR(B2,D2,E2)"),
    cell_function(seg_growth, "Money from totals", "=SEG_GROWTH(B2,C2,2)"),
)
