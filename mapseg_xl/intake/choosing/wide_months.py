"""Tables with a column for each month, such as logins or revenue by customer: a row a customer and month instead."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mapseg_xl.intake import clean
from mapseg_xl.intake.aggregated.ages import month_of
from mapseg_xl.intake.columns.classify import customer_key
from mapseg_xl.intake.columns.key_columns import key_columns
from mapseg_xl.intake.columns.kind_words import AMOUNT_WORDS
from mapseg_xl.intake.columns.role_words import header_words, word_set
from mapseg_xl.intake.columns.roles import guess_roles
from mapseg_xl.intake.tables import Array, RawTable

FEWEST_MONTHS = 3
MONTH = "Month"
_NUMBERS = 0.8
_SHARE = 0.5  # of the columns that are not months' the table may have beside them
_MOST_OTHERS = 8
_MONEY = AMOUNT_WORDS | word_set(
    "billing invoices invoicing income turnover arr payments orders rechnungen abrechnung umsatze facturation ventes ca"
    " facturacion ventas omzet facturatie fatturato ricavi receita gmv"
)


def by_month(table: RawTable) -> RawTable:
    """The table with a row for each customer and month that has a number; as it is, where it has no such columns.

    What is counted is called as the sheet is: `Revenue by month` is money, `Logins` are not.
    """
    months = {i: m for i, h in enumerate(table.headers) if (m := month_of(h)) is not None}
    others = [i for i in range(len(table.headers)) if i not in months]
    if len(months) < FEWEST_MONTHS or len(set(months.values())) < len(months):
        return table
    if len(others) > min(_MOST_OTHERS, max(2, _SHARE * len(months) + 2)) or not len(table.rows):
        return table
    found = guess_roles(table)
    key = customer_key(table, found, key_columns(table, found))
    figures = [i for i in months if found.profiles[i].seen]
    if key is None or key.index in months or not figures:
        return table
    if any(found.profiles[i].numbers < _NUMBERS for i in figures):
        return table
    return _long(table, figures, months, others)


def _long(
    table: RawTable, figures: list[int], months: dict[int, int], others: list[int]
) -> RawTable:
    cleaned = [clean.numbers(table, i) for i in figures]
    numbers = np.column_stack([c.values for c in cleaned])
    record, place = np.nonzero(np.isfinite(numbers))
    days = np.array([np.datetime64(months[i], "M") for i in figures]).astype("M8[D]")
    values: Array = numbers[record, place]
    money = bool(_MONEY & set(header_words(table.sheet)))
    if money:
        paid = values != 0  # nothing was paid in that month
        record, place, values = record[paid], place[paid], values[paid]
    letter = table.letters[figures[0]]
    return replace(
        table,
        headers=(*(table.headers[i] for i in others), MONTH, _called(table, money=money)),
        letters=(*(table.letters[i] for i in others), letter, letter),
        rows=table.rows[record],
        columns=(*(table.columns[i][record] for i in others), days[place], values),
        issues=(*table.issues, *(i for c in cleaned for i in c.issues)),
    )


def _called(table: RawTable, *, money: bool) -> str:
    """The header of the figures: the sheet's name, one that is read as money where it is money."""
    if not money:
        return table.sheet
    words = header_words(table.sheet)
    return table.sheet if AMOUNT_WORDS & set(words) else "Revenue"
