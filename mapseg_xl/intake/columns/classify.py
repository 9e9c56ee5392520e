"""What kind of table each sheet holds, told by headers and the shape of the values, with a sentence why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from mapseg_xl.intake.columns.key_columns import KeyColumn, key_columns
from mapseg_xl.intake.columns.kind_words import (
    AMOUNT_WORDS,
    AMOUNTS,
    COHORT_AGE,
    CONDITION,
    FEEDBACK,
    MARKET,
    ORDER_DATES,
    ORDER_IDS,
    PIVOT_HEADERS,
    SEGMENTS,
    SPEND,
    fields_of,
    numbered,
)
from mapseg_xl.intake.columns.profiles import shown
from mapseg_xl.intake.columns.role_words import header_key, header_words
from mapseg_xl.intake.columns.roles import SAID, RoleMap
from mapseg_xl.intake.tables import RawTable

LEAST_REPEATS = 0.02
"""A key that repeats in fewer of the rows than this has some rows twice; it is one row a customer."""
FEW_ROWS_EACH = 1.5
MOST_PERIODS_ENDED = 3.0  # rows a customer; with start and end on each they are subscriptions
_SOME_REPEATS = 0.1  # where no order number says that rows are orders
_ALL_DIFFERENT = 0.98
_WORDY = 15  # letters of a quote


class Kind(StrEnum):
    """What a table is about. The customers' own table is chosen among `CUSTOMERS` later."""

    CUSTOMERS = "customers"
    TRANSACTIONS = "transactions"
    SPEND = "spend"
    MARKET = "market"
    FEEDBACK = "feedback"
    SEGMENTS = "my segments"
    PIVOT = "pivot"
    COHORTS = "cohort table"
    OTHER = "other"


@dataclass(frozen=True, slots=True, eq=False)
class Classified:
    """A table with how its columns were read, what it is, why, and the columns that could name a customer."""

    table: RawTable
    found: RoleMap
    kind: Kind
    why: str
    keys: tuple[KeyColumn, ...] = ()


def classify(table: RawTable, found: RoleMap) -> Classified:
    """The kind of one table: summaries are told first, then lists of other things, then lists of customers."""
    keys = key_columns(table, found)
    said = [k for k in keys if _is_said(found, k)]
    keys = tuple(said) or keys
    kind, why = (
        _summary(table)
        or _small_table(table, found, keys)
        or _by_rows(table, found, keys)
        or (Kind.OTHER, "no column of it names customers")
    )
    return Classified(table, found, kind, why, keys)


def customer_key(table: RawTable, found: RoleMap, keys: tuple[KeyColumn, ...]) -> KeyColumn | None:
    """The column that says whose row it is: named so by its header, and one of an id of rows in general last."""
    own = [k for k in keys if k.strict and found.profiles[k.index].filled >= 0.5]
    return next((k for k in (*(k for k in keys if _is_said(found, k)), *own)), None)


def date_column(table: RawTable, found: RoleMap) -> int | None:
    """The column of a transaction's day or month: one called so, else the only one of dates."""
    if said := _said(found, ("converted_on", "created_on")):
        return said[0]
    dated = [i for i, p in enumerate(found.profiles) if p.dates >= 0.6]
    named = [i for i, h in enumerate(table.headers) if header_key(h) in ORDER_DATES]
    both = [i for i in named if i in dated or found.profiles[i].serials >= 0.9]
    if both:
        return both[0]
    return dated[0] if len(dated) == 1 else None


def amount_column(table: RawTable, found: RoleMap) -> int | None:
    """The column of a transaction's money: one called so, else one with a word of money in its header."""
    said = _said(found, ("revenue_total", "revenue_monthly"))
    numeric = [i for i, p in enumerate(found.profiles) if p.numbers >= 0.8 and p.dates < 0.5]
    called = [i for i in numeric if header_key(table.headers[i]) in AMOUNTS]
    worded = [i for i in numeric if AMOUNT_WORDS & set(header_words(table.headers[i]))]
    return next(iter([*said, *called, *worded]), None)


def _is_said(found: RoleMap, key: KeyColumn) -> bool:
    """Whether the user said that this column names the customer."""
    at = found.columns.get("customer_id")
    return key.index == at and found.guesses[key.index].why == SAID


def _said(found: RoleMap, roles: tuple[str, ...]) -> list[int]:
    """The columns to which the user gave one of the roles."""
    played = [found.columns[r] for r in roles if r in found.columns]
    return [i for i in played if found.guesses[i].why == SAID]


def order_column(table: RawTable) -> int | None:
    """The column with the number of the order or invoice."""
    return next((i for i, h in enumerate(table.headers) if header_key(h) in ORDER_IDS), None)


def _summary(table: RawTable) -> tuple[Kind, str] | None:
    pivots = [h for h in table.headers if PIVOT_HEADERS.fullmatch(h.strip())]
    if pivots:
        return Kind.PIVOT, f"its column '{pivots[0]}' is one of a pivot table"
    ages = [COHORT_AGE.fullmatch(h.strip()) for h in _top_line(table)[1:]]
    numbers = [int(a[1]) for a in ages if a]
    runs = len(numbers) >= 3 and len(numbers) >= 0.7 * len(ages)
    if runs and np.all(np.diff(numbers) == 1):
        return Kind.COHORTS, f"its columns count months from {numbers[0]} to {numbers[-1]}"
    return None


def _top_line(table: RawTable) -> list[str]:
    """The headers; where they are numbers, and so were taken for a record, that record."""
    unnamed = [f"Column {letter}" for letter in table.letters]
    if list(table.headers) != unnamed or not len(table.rows):
        return list(table.headers)
    return [shown(column[0]) for column in table.columns]


def _small_table(
    table: RawTable, found: RoleMap, keys: tuple[KeyColumn, ...]
) -> tuple[Kind, str] | None:
    """Spend, market, feedback or my segments."""
    if _is_feedback(table, found):
        return Kind.FEEDBACK, "it has a column of what was said"
    owned = any(k.strict and k.kind in ("id", "email") for k in keys)
    if owned:
        return None
    segments = fields_of(table, SEGMENTS)
    conditions = {f for h in table.headers for f, k in CONDITION.items() if _is_part(h, k)}
    ruled = "rule" in segments or "condition" in conditions or {"column", "value"} <= conditions
    if "name" in segments and ruled and found.profiles[segments["name"]].texts >= 0.5:
        return Kind.SEGMENTS, "each row has a name and the conditions of a segment"
    market = fields_of(table, MARKET)
    if "segment" in market and len(market.keys() - {"segment", "said_by", "scalable_channel"}) >= 2:
        return Kind.MARKET, "each row tells the market of one segment"
    spend = fields_of(table, SPEND)
    numeric = "spend" in spend and found.profiles[spend["spend"]].numbers >= 0.5
    if "channel" in spend and numeric and len(table.headers) <= 8 and not _has_life(found):
        return Kind.SPEND, "it has a channel and what was spent on it"
    return None


def _is_part(header: str, keys: frozenset[str]) -> bool:
    return header_key(numbered(header)) in keys


def _is_feedback(table: RawTable, found: RoleMap) -> bool:
    fields = fields_of(table, FEEDBACK)
    if "quote" not in fields or not fields.keys() & {"date", "theme", "segment", "team"}:
        return False
    seen = found.profiles[fields["quote"]]
    wordy = seen.texts >= 0.6 and seen.mean_length >= _WORDY
    called = header_key(table.headers[fields["quote"]]) not in ("comment", "comments", "note")
    return wordy and (called or "theme" in fields) and not _has_life(found)


def _has_life(found: RoleMap) -> bool:
    """Columns that only a list of customers has."""
    own = {
        "trial_on",
        "converted_on",
        "churned_on",
        "converted",
        "churned",
        "tenure_months",
    }
    return bool(own & found.columns.keys())


def _by_rows(
    table: RawTable, found: RoleMap, keys: tuple[KeyColumn, ...]
) -> tuple[Kind, str] | None:
    """One row a customer, or several."""
    key = customer_key(table, found, keys)
    if key is None:
        if "customer_id" in found.columns or _has_life(found):
            return Kind.CUSTOMERS, "its columns tell of customers"
        return None
    header = table.headers[key.index]
    own = [k for k in keys if k.strict and not k.generic]
    single = next((k for k in own if share_different(table, k) >= _ALL_DIFFERENT), None)
    if single is not None and (single.kind in ("id", "email") or single == key):
        return Kind.CUSTOMERS, f"'{table.headers[single.index]}' names one row each"
    rows_each = 1 / max(share_different(table, key), 1e-9)
    numbered_rows = any(k.generic and share_different(table, k) >= _ALL_DIFFERENT for k in keys)
    if numbered_rows and key.kind != "id" and amount_column(table, found) is None:
        return Kind.CUSTOMERS, "its own id names one row each"
    if rows_each <= 1 + LEAST_REPEATS and order_column(table) is None:
        return Kind.CUSTOMERS, f"'{header}' names one row each, nearly always"
    if _is_repeating(table, found, rows_each):
        return Kind.TRANSACTIONS, f"'{header}' stands in {rows_each:.3g} rows each"
    return Kind.CUSTOMERS, f"its columns tell of customers, named by '{header}'"


def _is_repeating(table: RawTable, found: RoleMap, rows_each: float) -> bool:
    """Orders, invoices, usage by month: a day or month and what happened, or simply many rows a customer."""
    if "churned_on" in found.columns and rows_each < MOST_PERIODS_ENDED:
        return False
    if {"outcome", "stage", "trial_on", "converted", "churned", "created_on"} & _own_roles(
        found, table
    ):
        return False
    dated = date_column(table, found) is not None
    numbered_rows = order_column(table) is not None
    if rows_each >= FEW_ROWS_EACH:
        return True
    least = 1 + (LEAST_REPEATS if numbered_rows else _SOME_REPEATS)
    return (
        (dated or numbered_rows) and amount_column(table, found) is not None and rows_each > least
    )


def _own_roles(found: RoleMap, table: RawTable) -> set[str]:
    """Roles whose column does not merely date the row."""
    dates = date_column(table, found)
    return {role for role, i in found.columns.items() if i != dates}


def share_different(table: RawTable, key: KeyColumn) -> float:
    """Different values of a key among its filled cells, as a share."""
    column = table.columns[key.index]
    held = pd.Series(column).dropna()
    return float(held.nunique() / max(1, len(held)))
