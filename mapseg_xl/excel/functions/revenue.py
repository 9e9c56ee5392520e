"""What customers pay: revenue a month, revenue so far, orders and what an order comes to."""

from __future__ import annotations

from mapseg_xl.excel.answering.bases import Base, segment_column, with_options
from mapseg_xl.excel.answering.figures import figure
from mapseg_xl.excel.arguments.cells import is_given
from mapseg_xl.excel.arguments.columns import Asked
from mapseg_xl.excel.cell_function import Answer, Column, Name, cell_function
from mapseg_xl.metrics.orders import AVERAGE_ORDER_VALUE, ORDERS_PER_CUSTOMER, REPEAT_RATE
from mapseg_xl.metrics.revenue import ARPU, REVENUE_PER_CUSTOMER

REPEAT = with_options(model="repeat-purchase")


def seg_arpu(segment: Column, revenue: Column, which: Name = None, months: Column = None) -> Answer:
    """Revenue a customer a month: the mean of monthly revenue, or revenue so far over months as a customer.

    Parameters
    ----------
    segment
        The column whose values are compared, e.g. Customers[Industry].
    revenue
        What each customer pays a month. With months given: what each has paid so far.
    which
        One segment, to get its revenue as a number. Left out: a table of all segments.
    months
        How many months each has been a customer. Give it only with revenue so far.
    """
    if is_given(months):
        paid = Asked("revenue", "revenue_total", revenue)
        stayed = Asked("months", "tenure_months", months)
        return figure(Base((segment_column(segment), paid, stayed), everybody=True), ARPU, which)
    price = Asked("revenue", "revenue_monthly", revenue)
    return figure(Base((segment_column(segment), price), everybody=True), ARPU, which)


def seg_revenue(segment: Column, revenue: Column, which: Name = None) -> Answer:
    """Revenue a customer so far. It grows with the time they have been here, so it is not compared.

    Parameters
    ----------
    segment
        The column whose values are compared, e.g. Customers[Industry].
    revenue
        What each customer has paid so far.
    which
        One segment, to get its revenue as a number. Left out: a table of all segments.
    """
    columns = (segment_column(segment), Asked("revenue", "revenue_total", revenue))
    return figure(Base(columns, everybody=True), REVENUE_PER_CUSTOMER, which)


def seg_repeat_rate(segment: Column, orders: Column, which: Name = None) -> Answer:
    """Share of buyers with two orders or more. It grows with the time they have been here, so it is not compared.

    Parameters
    ----------
    segment
        The column whose values are compared, e.g. Customers[Country].
    orders
        How many orders each customer has placed. Customers without one are left out.
    which
        One segment, to get its share as a number. Left out: a table of all segments.
    """
    return figure(bought(segment, orders), REPEAT_RATE, which)


def seg_orders(segment: Column, orders: Column, which: Name = None) -> Answer:
    """Orders a customer so far, of those with at least one. It grows with time, so it is not compared.

    Parameters
    ----------
    segment
        The column whose values are compared, e.g. Customers[Country].
    orders
        How many orders each customer has placed. Customers without one are left out.
    which
        One segment, to get its orders as a number. Left out: a table of all segments.
    """
    return figure(bought(segment, orders), ORDERS_PER_CUSTOMER, which)


def seg_order_value(segment: Column, revenue: Column, orders: Column, which: Name = None) -> Answer:
    """What an order comes to: revenue so far over orders so far, as a ratio of the sums.

    Parameters
    ----------
    segment
        The column whose values are compared, e.g. Customers[Country].
    revenue
        What each customer has paid so far.
    orders
        How many orders each customer has placed. Customers without one are left out.
    which
        One segment, to get its order value as a number. Left out: a table of all segments.
    """
    columns = (
        segment_column(segment),
        Asked("revenue", "revenue_total", revenue),
        Asked("orders", "order_count", orders),
    )
    return figure(Base(columns, REPEAT, everybody=True), AVERAGE_ORDER_VALUE, which)


def bought(segment: Column, orders: Column) -> Base:
    """How many orders each customer has placed."""
    columns = (segment_column(segment), Asked("orders", "order_count", orders))
    return Base(columns, REPEAT, everybody=True)


FUNCTIONS = (
    cell_function(seg_arpu, "Pay", '=SEG_ARPU(Customers[Industry], Customers[MRR], "Agency")'),
    cell_function(
        seg_revenue, "Pay", '=SEG_REVENUE(Customers[Industry], Customers[Revenue], "Agency")'
    ),
    cell_function(
        seg_repeat_rate, "Pay", '=SEG_REPEAT_RATE(Customers[Country], Customers[Orders], "Spain")'
    ),
    cell_function(seg_orders, "Pay", '=SEG_ORDERS(Customers[Country], Customers[Orders], "Spain")'),
    cell_function(
        seg_order_value,
        "Pay",
        '=SEG_ORDER_VALUE(Customers[Country], Customers[Revenue], Customers[Orders], "Spain")',
    ),
)
