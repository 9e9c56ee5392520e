"""Which currency the money is in: as its cells show it, else its header, else a column beside it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from mapseg_xl.errors import BadCells
from mapseg_xl.intake.cleaning.amounts import CURRENCIES, CURRENCY_CODES
from mapseg_xl.intake.columns.readings import Reading
from mapseg_xl.intake.columns.role_words import header_key, key_set
from mapseg_xl.intake.health import Places, blank_issue, each_record
from mapseg_xl.intake.tables import Issue, RawTable

MONEY_ROLES = ("revenue_monthly", "revenue_total", "acquisition_cost")
_HEADERS = key_set(
    "currency; currency code; currency iso code; iso currency; billing currency; invoice currency; ccy;"
    " wahrung; waehrung; devise; monnaie; moneda; divisa; valuta"
)
Beside = tuple[str, RawTable, int, int]  # a symbol, and the cell that has it: table, column, record


def told_currency(readings: Sequence[Reading], places: Places) -> tuple[str, tuple[Issue, ...]]:
    """The symbol of the money, "" where nothing says it, with what Data health has to say of it.

    Two symbols in the cells of money stop the run. Two in a column beside it are a warning, for such columns
    also hold what a customer would be billed in.
    """
    told = _of_cells(readings) or _of_headers(readings)
    beside = [found for reading in readings for found in _beside(reading)]
    seen = Counter(symbol for symbol, *_ in beside)
    symbol = told or next((s for s, _ in seen.most_common(1)), "")
    return symbol, _others(symbol, beside) if symbol else _unnamed(places)


def _of_cells(readings: Sequence[Reading]) -> str:
    seen = {s: (r.table, h) for r in readings for h, found in r.symbols.items() for s in found}
    if len(seen) > 1:
        where = ", ".join(f"{s} in {t.sheet} ({h})" for s, (t, h) in seen.items())
        raise BadCells(f"The tables have several currencies: {where}. Convert them to one.")
    return next(iter(seen), "")


def _of_headers(readings: Sequence[Reading]) -> str:
    """The currency a money column's header names, as in `MRR (EUR)`; "" where none does, or several."""
    headers = [
        r.table.headers[i] for r in readings for role, i in r.columns.items() if role in MONEY_ROLES
    ]
    words = {w for h in headers for w in re.findall(r"[A-Za-z]+|[$€£¥]", h)}
    named = {CURRENCIES.get(w, w) for w in words if w in CURRENCIES or w in "$€£¥"}
    return named.pop() if len(named) == 1 else ""


def _beside(reading: Reading) -> Iterator[Beside]:
    """The currency of each row with money, where the money's table has a column of it."""
    table = reading.table
    at = next((i for i, h in enumerate(table.headers) if header_key(h) in _HEADERS), None)
    money = [t.values for role, t in reading.typed.items() if role in MONEY_ROLES]
    if at is None or not money:
        return
    there = np.flatnonzero(np.any([np.isfinite(m) & (m != 0) for m in money], axis=0))
    known = {value: _symbol(value) for value in set(table.columns[at][there].tolist())}
    for record in there.tolist():
        symbol = known[table.columns[at][record]]
        if symbol:
            yield symbol, table, at, record


def _symbol(value: object) -> str:
    """The symbol of a currency's code or name as cells have it; "" for anything else."""
    word = value.strip() if isinstance(value, str) else ""
    if word in set(CURRENCIES.values()):
        return word
    code = word.upper()
    return CURRENCIES.get(code, code if code in CURRENCY_CODES else "")


def _others(symbol: str, beside: Sequence[Beside]) -> tuple[Issue, ...]:
    """A warning at every row whose money is in another currency than the rest."""
    cells: dict[tuple[int, int], tuple[RawTable, dict[int, str]]] = {}
    for other, table, at, record in beside:
        if other != symbol:
            cells.setdefault((id(table), at), (table, {}))[1][record] = other
    todo = f"Added up as they are, shown in {symbol}. Convert the amounts to one currency"
    found: list[Issue] = []
    for (_, at), (table, others) in cells.items():
        issue = blank_issue(table, at, "warning", "mixed_currencies", todo)
        records = np.array(list(others), dtype=np.intp)
        text = partial(_in_another, others, symbol)
        found += each_record(table, at, records, issue, text)
    return tuple(found)


def _in_another(others: Mapping[int, str], symbol: str, record: int) -> str:
    return f"this row says {others[record]}; the money is taken for {symbol}"


def _unnamed(places: Places) -> tuple[Issue, ...]:
    """A note on the column of money, where nothing says which money it is."""
    place = next((places[role] for role in MONEY_ROLES if role in places), None)
    if place is None:
        return ()
    todo = 'Shown in $, unless Settings or the settings file says otherwise, as in currency = "€"'
    text = "no cell, header or column beside it names the currency"
    return (blank_issue(*place, "note", "no_currency", todo, text),)
