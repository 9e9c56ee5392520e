"""Orders, invoices and usage, several rows a customer, summed to one row each. Who the customer is, is known."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mapseg_xl.intake import clean
from mapseg_xl.intake.cleaning.cells import Cleaned
from mapseg_xl.intake.columns.classify import Classified, amount_column, date_column, order_column
from mapseg_xl.intake.columns.key_columns import key_columns
from mapseg_xl.intake.columns.readings import IntakeOptions, Reading, read_table, without_values
from mapseg_xl.intake.columns.role_values import stop_if_unusable
from mapseg_xl.intake.columns.roles import roles_said
from mapseg_xl.intake.health import blank_issue
from mapseg_xl.intake.tables import Array, Issue, Orders, RawTable, plain

ONE_A_MONTH = 0.9
"""Share of a customer's months with a single invoice, from which on invoices are a monthly price."""
STEADY = 0.8
"""Share of the months between first and last invoice that have one."""
FEWEST_MONTHS = 2.0  # invoices of the middle customer; a single one says nothing of a month
MOSTLY_CONSTANT = 0.9
"""A column that has one value in this share of the customers describes them, not what they bought."""
_MOST_WORDS = 1_000
_MANY_AT_ONCE = (
    3.0  # times the customers of a usual month; more in the first month were there before
)

Codes = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Rolled:
    """Transactions as what they say of each customer, and as orders where they carry money."""

    reading: Reading
    orders: Orders | None


@dataclass(frozen=True, slots=True, eq=False)
class _Column:
    """A column of the summed table."""

    header: str
    letter: str
    cells: Array
    role: str = ""
    why: str = ""


def summed(
    table: Classified,
    customer: Codes,
    n: int,
    options: IntakeOptions,
    ids: tuple[int, Array] | None = None,
) -> Rolled:
    """Each customer's transactions in one record. `customer`: whose each row is, -1 for nobody's; `n` customers.

    Money: the sum, the number of orders (different order numbers, else different days), the first day. Invoices of
    one a month also give the mean of a month with an invoice. Without money: numbers as the mean of a month, words as
    the commonest. Customers without a row have empty cells. `ids`: the column of the ids and each customer's, where the
    customers are made of these rows.
    """
    raw, found = table.table, table.found
    day, money = date_column(raw, found), amount_column(raw, found)
    days, amounts = _read(raw, day, money, options)
    rows = _Rows(customer, n, days.values)
    columns: list[_Column] = []
    if ids is not None:
        at, cells = ids
        columns.append(_Column(raw.headers[at], raw.letters[at], cells, "customer_id", _KEY))
    if money is not None:
        columns += _of_money(raw, rows, day, money, amounts.values)
    special = {c for c in (day, money, order_column(raw)) if c is not None}
    special |= {k.index for k in key_columns(raw, found) if k.strict} | found.ignored
    said = options.asked()
    for i in range(len(raw.headers)):
        if i not in special:
            columns += _described(
                table, i, rows, every=money is None, asked=plain(raw.headers[i]) in said
            )
    one = _summed_table(raw, columns, rows)
    chosen = {c.role: i for i, c in enumerate(columns) if c.role}
    roles = roles_said(one, chosen, {i: c.why for i, c in enumerate(columns) if c.why})
    reading = read_table(one, roles, replace(options, maps={}))
    symbols = {raw.headers[money]: amounts.symbols} if money is not None and amounts.symbols else {}
    first = _first_month(raw, rows, day) if "revenue_monthly" in chosen else ()
    reading = replace(
        reading,
        issues=(
            *without_values(raw.issues),
            *days.issues,
            *amounts.issues,
            *reading.issues,
            *first,
        ),
        symbols=symbols,
        covered=rows.covered,
        by_month=frozenset({"converted_on"} if rows.by_month else ()),
    )
    if money is None:
        return Rolled(reading, None)
    orders = Orders(customer.astype(np.int64), days.values, amounts.values, raw.source, raw.sheet)
    return Rolled(reading, orders)


def _read(
    raw: RawTable, day: int | None, money: int | None, options: IntakeOptions
) -> tuple[Cleaned, Cleaned]:
    """Days and amounts of all rows; what cannot be read and needs the user stops here (BadCells)."""
    n = len(raw.rows)
    days, amounts = Cleaned(np.full(n, "NaT", dtype="M8[D]")), Cleaned(np.full(n, np.nan))
    if day is not None:
        days = clean.dates(raw, day, day_first=options.day_first)
    if money is not None:
        amounts = clean.numbers(raw, money)
    needed = {raw.headers[i] for i in (day, money) if i is not None}
    unread = tuple(i for i in raw.issues if i.severity == "error" and i.column in needed)
    stop_if_unusable(raw, (*unread, *days.issues, *amounts.issues), {})
    return days, amounts


class _Rows:
    """Whose each row is and in which month, with sums over customers."""

    def __init__(self, customer: Codes, n: int, days: Array) -> None:
        self.customer, self.n, self.days = customer, n, days
        self.mine = customer >= 0
        self.covered = np.bincount(customer[self.mine], minlength=n) > 0
        self.months = days.astype("M8[M]").astype(np.int64)
        self.dated = self.mine & ~np.isnat(days)
        known = days[~np.isnat(days)]
        self.by_month = bool(len(known)) and bool((known == known.astype("M8[M]")).all())

    def sum(self, values: Array, where: NDArray[np.bool_]) -> Array:
        """Sum of a customer's values; 0 where there is none."""
        return np.bincount(self.customer[where], weights=values[where], minlength=self.n)

    def different(self, values: Array, where: NDArray[np.bool_]) -> Array:
        """How many different values each customer has."""
        pairs = pd.DataFrame({"who": self.customer[where], "what": values[where]}).drop_duplicates()
        return np.bincount(pairs["who"].to_numpy(), minlength=self.n)

    def first_day(self) -> Array:
        """Each customer's first day; NaT where unknown."""
        first = np.full(self.n, np.iinfo(np.int64).max)
        np.minimum.at(first, self.customer[self.dated], self.days[self.dated].astype(np.int64))
        unknown = first == np.iinfo(np.int64).max
        return np.where(unknown, np.datetime64("NaT"), np.where(unknown, 0, first).astype("M8[D]"))

    def span_months(self) -> Array:
        """Calendar months from a customer's first row to the last, both counted; 0 without dates."""
        low, high = np.full(self.n, 2**40), np.full(self.n, -(2**40))
        np.minimum.at(low, self.customer[self.dated], self.months[self.dated])
        np.maximum.at(high, self.customer[self.dated], self.months[self.dated])
        return np.where(high < low, 0, high - low + 1)

    def first_record(self) -> Codes:
        """Each customer's first row, by place; 0 where there is none."""
        records = np.flatnonzero(self.mine)[::-1]
        first = np.zeros(self.n, dtype=np.intp)
        first[self.customer[records]] = records
        return first


def _of_money(
    raw: RawTable, rows: _Rows, day: int | None, money: int, amounts: Array
) -> list[_Column]:
    paid = rows.mine & np.isfinite(amounts)
    has = np.bincount(rows.customer[paid], minlength=rows.n) > 0
    total = np.where(has, _cents(rows.sum(amounts, paid)), np.nan)
    header, letter = raw.headers[money], raw.letters[money]
    columns = [_Column(header, letter, total, "revenue_total", "the sum of the customer's rows")]
    if day is not None:
        why = "the first day of the customer's rows"
        columns.append(
            _Column(raw.headers[day], raw.letters[day], rows.first_day(), "converted_on", why)
        )
    months = rows.different(rows.months, rows.dated & paid)
    if day is not None and _is_monthly(rows, months, paid):
        month = np.where(has & (months > 0), total / np.maximum(months, 1), np.nan)
        why = "one invoice a month: the mean of the months that have one"
        columns.append(_Column(f"{header} a month", letter, month, "revenue_monthly", why))
        return columns
    number = order_column(raw)
    counted = raw.columns[number] if number is not None else rows.days
    known = rows.mine & (pd.notna(counted) if number is not None else rows.dated)
    orders = rows.different(counted, known)
    if number is None and day is None:
        orders = np.bincount(rows.customer[rows.mine], minlength=rows.n)
    at = number if number is not None else money if day is None else day
    what = "order numbers" if number is not None else "days" if day is not None else "rows"
    cells = np.where(rows.covered, orders.astype(np.float64), np.nan)
    why = f"how many different {what} the customer has"
    columns.append(_Column("Orders", raw.letters[at], cells, "order_count", why))
    return columns


def _first_month(raw: RawTable, rows: _Rows, day: int | None) -> tuple[Issue, ...]:
    """A note where many customers are there from the first month on: they may have begun earlier."""
    first = rows.first_day().astype("M8[M]")
    first = first[~np.isnat(first)]
    months, counts = np.unique(first, return_counts=True)
    if day is None or not len(months):
        return ()
    later = float(np.median(counts[1:])) if len(counts) > 1 else 0.0
    if counts[0] <= _MANY_AT_ONCE * later:
        return ()
    issue = blank_issue(
        raw,
        day,
        "warning",
        "first_month",
        "Taken as the month they began to pay. If they began earlier, add the date they became customers",
        f"customers whose first row is in {months[0]}, where the table begins",
    )
    return (replace(issue, count=int(counts[0])),)


def _cents(sums: Array) -> Array:
    """Sums without the dust of binary fractions: nobody is paid less than a millionth."""
    return np.round(sums, 6)


def _is_monthly(rows: _Rows, months: Array, paid: NDArray[np.bool_]) -> bool:
    """One invoice a month and hardly a month without: a price, not a purchase."""
    n_rows = np.bincount(rows.customer[paid & rows.dated], minlength=rows.n)
    some = n_rows > 0
    if not some.any() or np.median(months[some]) < FEWEST_MONTHS:
        return False
    single = months[some].sum() / n_rows[some].sum()
    full = months[some].sum() / rows.span_months()[some].sum()
    return bool(single >= ONE_A_MONTH and full >= STEADY)


def _described(
    table: Classified, index: int, rows: _Rows, *, every: bool, asked: bool
) -> list[_Column]:
    """What a column says of each customer; nothing where it tells of the single rows only."""
    raw, seen = table.table, table.found.profiles[index]
    if not seen.seen or seen.emails >= 0.6 or seen.dates >= 0.6:
        return []
    header, letter = raw.headers[index], raw.letters[index]
    if seen.numbers >= 0.9 and seen.flags < 0.9:
        numbers = clean.numbers(raw, index).values
        held = rows.mine & np.isfinite(numbers)
        if not every and not _constant(rows, numbers, held) and not asked:
            return []
        return [_Column(header, letter, _mean(rows, numbers, held), why=_MEAN if every else "")]
    texts = clean.labels(raw, index).values
    held = rows.mine & (texts != "")
    if not every and not asked and not _constant(rows, texts, _answered(rows, texts, held)):
        return []
    codes, words = pd.factorize(texts)
    if len(words) > _MOST_WORDS:
        return []
    return [_Column(header, letter, _commonest(rows, codes, words, held), why=_COMMONEST)]


_KEY = "says whose each row is"
_MEAN = "the mean of the customer's months"
_COMMONEST = "the commonest of the customer's rows"


def _answered(rows: _Rows, texts: Array, held: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Rows that say something. Where only one word occurs, an empty cell does too: this order had no discount code.

    Else whoever orders often would have the word more often, and the word would seem to make people order.
    """
    return rows.mine if len(np.unique(texts[held].astype(str))) == 1 else held


def _constant(rows: _Rows, values: Array, held: NDArray[np.bool_]) -> bool:
    different = rows.different(values, held)
    several = np.bincount(rows.customer[held], minlength=rows.n) > 1
    if not several.any():
        return True
    return bool((different[several] == 1).mean() >= MOSTLY_CONSTANT)


def _mean(rows: _Rows, numbers: Array, held: NDArray[np.bool_]) -> Array:
    """The mean of a month: of the rows where a month has one row, else the sum over the months."""
    count = np.bincount(rows.customer[held], minlength=rows.n)
    months = rows.different(rows.months, held & rows.dated)
    by_month = months.sum() > 0 and count.sum() > months.sum() / ONE_A_MONTH
    over = months if by_month else count
    total = rows.sum(numbers, held)
    return np.where(over > 0, np.round(total / np.maximum(over, 1), 6), np.nan)


def _commonest(rows: _Rows, codes: Codes, words: Array, held: NDArray[np.bool_]) -> Array:
    """Each customer's commonest word; among equals the one that came first. None where there is none."""
    pair = rows.customer[held].astype(np.int64) * (len(words) + 1) + codes[held]
    kinds, first, counts = np.unique(pair, return_index=True, return_counts=True)
    order = np.lexsort((-first, counts, kinds // (len(words) + 1)))
    who = kinds[order] // (len(words) + 1)
    found = np.empty(rows.n, dtype=object)
    best = order[np.append(who[1:] != who[:-1], True)] if len(who) else order
    found[kinds[best] // (len(words) + 1)] = words[kinds[best] % (len(words) + 1)]
    return found


def _summed_table(raw: RawTable, columns: list[_Column], rows: _Rows) -> RawTable:
    at = rows.first_record()
    return RawTable(
        raw.source,
        raw.sheet,
        tuple(c.header for c in columns),
        tuple(c.letter for c in columns),
        raw.header_row,
        np.where(rows.covered, raw.rows[at], 0),
        tuple(c.cells for c in columns),
    )
