"""Prices that are paid by the month, the quarter or the year, as subscription systems list them: all made monthly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mapseg_xl.intake import clean
from mapseg_xl.intake.columns.classify import Classified, Kind
from mapseg_xl.intake.columns.profiles import shown
from mapseg_xl.intake.columns.role_words import header_key, key_set
from mapseg_xl.intake.columns.roles import SAID
from mapseg_xl.intake.health import blank_issue
from mapseg_xl.intake.tables import Array, RawTable

INTERVAL_HEADERS = key_set(
    "interval; billing interval; plan interval; billing period; billing cycle; billing frequency; payment frequency;"
    "billed; payment interval; invoice interval; renewal interval; recurring interval; subscription billing period;"
    "abrechnungsintervall; zahlungsintervall; abrechnungszeitraum; zahlungsweise; turnus; periodicite;"
    "frequence de facturation; periodicidad; facturatieperiode; betaaltermijn; periodo di fatturazione"
)
_WORDS = {
    1.0: "month; monthly; 1 month; every month; mo; p1m; monat; monatlich; mensuel; mois; mensual; mes; maand;"
    "maandelijks; mensile; mensal; per month",
    3.0: "quarter; quarterly; 3 months; every 3 months; quartal; vierteljahrlich; quartalsweise; trimestriel;"
    "trimestral; kwartaal; per kwartaal; trimestrale",
    6.0: "half year; semi annual; semiannual; semi annually; 6 months; halbjahrlich; semestriel; semestral;"
    "halfjaarlijks",
    12.0: "year; yearly; annual; annually; 12 months; 1 year; every year; per year; p1y; jahr; jahrlich; annuel; an;"
    "annee; anual; ano; jaar; jaarlijks; annuale; per annum",
    12 / 52: "week; weekly; wochentlich; woche; hebdomadaire; semanal; wekelijks",
}
_MONTHS = {header_key(w): months for months, words in _WORDS.items() for w in words.split(";")}
_A_YEAR = key_set(
    "arr; annual recurring revenue; yearly recurring revenue; current arr; arr amount"
)
_KNOWN = 0.9
_KIND = "price_by_interval"


def with_monthly_prices(told: Classified) -> Classified:
    """The table with the price of a subscription as money a month, where a column says how often it is paid.

    So is recurring revenue a year. Only where no column is money a month already and people have not said what the
    amount is. Rows without an interval keep their price.
    """
    if told.kind is not Kind.CUSTOMERS or "revenue_monthly" in told.found.columns:
        return told
    table, found = told.table, told.found
    price, often = found.columns.get("revenue_total"), _interval_column(table)
    if price is not None and often is not None and found.guesses[price].why != SAID:
        cells = table.columns[often].tolist()
        months = np.array(
            [_MONTHS.get(header_key(shown(v)), 1.0) if v is not None else 1.0 for v in cells]
        )
        return _monthly(told, price, months, f"what '{table.headers[often]}' says")
    year = next((i for i, h in enumerate(table.headers) if header_key(h) in _A_YEAR), None)
    if (
        year is not None
        and found.guesses[year].role == "trait"
        and found.profiles[year].numbers >= _KNOWN
    ):
        return _monthly(told, year, np.full(len(table.rows), 12.0), "a year")
    return told


def _monthly(told: Classified, price: int, months: Array, often: str) -> Classified:
    """The column as money a month. A table that has been through this before is not divided again."""
    table, found = told.table, told.found
    columns = {r: i for r, i in found.columns.items() if i != price} | {"revenue_monthly": price}
    guesses = list(found.guesses)
    why = f"the price of {often}, made monthly"
    guesses[price] = replace(guesses[price], role="revenue_monthly", family="", why=why, sure=False)
    found = replace(found, columns=columns, guesses=tuple(guesses))
    if np.any(months != 1) and not any(i.kind == _KIND for i in table.issues):
        table = _divided(table, price, months, often)
    return replace(told, table=table, found=found)


def _interval_column(table: RawTable) -> int | None:
    """The column that says how often something is paid: by its header and by nearly all its words."""
    for i, header in enumerate(table.headers):
        if header_key(header) not in INTERVAL_HEADERS:
            continue
        words = [header_key(shown(v)) for v in table.columns[i] if v is not None]
        if words and sum(w in _MONTHS for w in words) >= _KNOWN * len(words):
            return i
    return None


def _divided(table: RawTable, price: int, months: Array, often: str) -> RawTable:
    numbers = clean.numbers(table, price).values
    column: Array = table.columns[price].astype(object)
    other = np.isfinite(numbers) & (months != 1)
    if not other.any():
        return table
    column[other] = np.round(numbers[other] / months[other], 6)
    issue = blank_issue(
        table,
        price,
        "note",
        _KIND,
        "Counted by the month. Add a column of money a month if that is not meant",
        f"prices of {often}: a year's is divided by 12, a quarter's by 3",
    )
    first = table.cell(price, int(np.argmax(other)))
    issues = (*table.issues, replace(issue, cell=first, count=int(other.sum())))
    columns = (*table.columns[:price], column, *table.columns[price + 1 :])
    return replace(table, columns=columns, issues=issues)
