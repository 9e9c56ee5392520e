"""Named functions over rows that give means: revenue, orders. Without ranges: in Python these are resampled."""

from __future__ import annotations

from mapseg_xl.metrics.orders import AVERAGE_ORDER_VALUE, ORDERS_PER_CUSTOMER
from mapseg_xl.metrics.revenue import ARPU, CUSTOMER_MONTHS, REVENUE_PER_CUSTOMER
from mapseg_xl.report.named_functions.reading import amounts, ordered
from mapseg_xl.report.named_functions.segment_table import (
    BODY,
    Figure,
    heads,
    of_segments,
    quotient,
)
from mapseg_xl.report.verbs import NamedFunction
from mapseg_xl.report.words import HEADS

_ANY = -1e300
_KNOWN = 'known,IF(revenue="",0,1),paid,IF(known=1,revenue,0)'
# Without anything to divide by the count is that of customers, as in Python.
_MEAN = Figure(
    "IF(below=0,customers,below)",
    quotient("SUM(own*paid)", "below"),
    steps=("below,SUM(own*units)", "customers,SUM(own*known)"),
)
_BY_CUSTOMER = amounts("revenue", _ANY, f"LET({_KNOWN},units,known,{BODY})")
_NO_MONTHS = 'IF(ISOMITTED(months),TRUE,SUM(IF(months="",0,1))=0)'
_BY_MONTH = f"""
    LET(by_price,{_NO_MONTHS},
    IF(IF(by_price,FALSE,ROWS(months)<>ROWS(segment)),#VALUE!,
    LET(stayed,IF(by_price,IF(revenue="",0,1),months),
    {
    amounts(
        "revenue",
        _ANY,
        amounts(
            "stayed",
            0,
            f'''
    LET(known,IF(revenue="",0,IF(stayed="",0,1)),paid,IF(known=1,revenue,0),
    units,IF(known=1,stayed,0),{BODY})''',
        ),
    )
})))"""
_ORDERS = ordered(f"LET(known,bought,paid,IF(known=1,orders,0),units,known,{BODY})")
_ORDER_VALUE = ordered(
    amounts(
        "revenue",
        _ANY,
        f"""
    LET(known,bought*IF(revenue="",0,1),paid,IF(known=1,revenue,0),
    units,IF(known=1,orders,0),{BODY})""",
    )
)

MEANS: tuple[NamedFunction, ...] = (
    of_segments(
        "ARPU",
        "segment revenue [which] [months]",
        _BY_MONTH,
        _MEAN,
        heads(ARPU, of_n=f'IF(by_price,"{HEADS[ARPU.counted]}","{HEADS[CUSTOMER_MONTHS]}")'),
        "Revenue a customer a month: the mean of monthly revenue, or revenue so far over months.",
    ),
    of_segments(
        "REVENUE",
        "segment revenue [which]",
        _BY_CUSTOMER,
        _MEAN,
        heads(REVENUE_PER_CUSTOMER),
        "Revenue a customer so far.",
    ),
    of_segments(
        "ORDERS",
        "segment orders [which]",
        _ORDERS,
        _MEAN,
        heads(ORDERS_PER_CUSTOMER),
        "Orders a customer so far, of those with at least one.",
    ),
    of_segments(
        "ORDER_VALUE",
        "segment revenue orders [which]",
        _ORDER_VALUE,
        _MEAN,
        heads(AVERAGE_ORDER_VALUE),
        "What an order comes to: revenue so far over orders so far.",
    ),
)
