"""The role columns of a table as typed arrays. What each cell holds, not whether columns agree with each other."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mapseg_xl.intake import clean
from mapseg_xl.intake.cleaning.cells import EMAIL_SHAPE, Cleaned
from mapseg_xl.intake.columns.role_words import OUTCOME_WORDS, ROLES, header_key
from mapseg_xl.intake.health import StoppingCells, blank_issue, each_record
from mapseg_xl.intake.tables import Array, Issue, RawTable
from mapseg_xl.repairs import PERCENT

_WITH_REASON = re.compile(
    r"\s*(?:closed?[\s-]+)?(won|lost)(?:\s*[:(/,]|\s+[-–—]\s).*", re.IGNORECASE
)
HIGHEST_MARGIN = 1.5
"""A gross margin above this was typed in percent."""
NO_DATE_FROM = np.datetime64("2099-01-01", "D")
"""Systems write such dates for 'no end'."""

_NEGATIVE_IS_WRONG = frozenset({"tenure_months", "order_count", "acquisition_cost"})
_NEGATIVE_IS_ODD = frozenset({"revenue_monthly", "revenue_total"})


@dataclass(frozen=True, slots=True, eq=False)
class Typed:
    """One role column: its array as `Customers` describes it, issues, and how amounts and dates were written."""

    values: Array
    issues: tuple[Issue, ...] = ()
    symbols: tuple[str, ...] = ()
    day_first: bool | None = None  # how dates were read; None where it did not matter


def typed_role(table: RawTable, index: int, role: str, day_first: bool | None) -> Typed:
    """The role's column, typed: dates datetime64[D], flags and outcome int8 (-1 unknown), numbers float64, text."""
    kind = ROLES[role].kind
    if kind == "date":
        return _no_end(table, index, clean.dates(table, index, day_first=day_first))
    if kind == "flag" and table.columns[index].dtype.kind == "b":
        return Typed(table.columns[index].astype(np.int8))
    if kind == "flag":
        cleaned = clean.flags(table, index, outcome=role)
        return Typed(cleaned.values, cleaned.issues)
    if kind == "number":
        return _number(table, index, role, clean.numbers(table, index))
    if kind == "outcome":
        return _outcome(table, index)
    if kind == "email":
        return _emails(table, index)
    cleaned = clean.labels(table, index, ids=kind == "domain")
    return Typed(cleaned.values, cleaned.issues)


def typed_ids(table: RawTable, index: int) -> Typed:
    """Ids as text with every letter and leading zero; whole numbers without decimals."""
    column = table.columns[index]
    if column.dtype.kind in "iu" or (column.dtype.kind == "f" and _whole(column)):
        return Typed(_digits(column.astype(np.int64)))
    if _tidy_ids(column):
        return Typed(column)
    cleaned = clean.labels(table, index, ids=True)
    return Typed(cleaned.values, cleaned.issues)


def stop_if_unusable(
    table: RawTable, issues: tuple[Issue, ...], symbols: dict[str, tuple[str, ...]]
) -> None:
    """Raises StoppingCells, all in one message, where needed columns hold what nobody can decide but the user."""
    bad = [i for i in issues if i.severity == "error"]
    seen = {symbol: header for header, found in symbols.items() for symbol in found}
    columns: dict[str, list[str]] = {}
    for issue in bad:
        columns.setdefault(issue.action, []).append(f"column {_place(issue)}: {issue.issue}")
    lines = [f"{table.sheet} {'; '.join(said)}. {todo}." for todo, said in columns.items()]
    if len(seen) > 1 and not any(i.kind == "mixed_currencies" for i in bad):
        where = ", ".join(f"{symbol} in {header}" for symbol, header in seen.items())
        lines.append(
            f"{table.sheet} has several currencies: {where}. Convert the columns to one currency."
        )
    if lines:
        raise StoppingCells(" ".join(lines), tuple(bad))


def _place(issue: Issue) -> str:
    """The column, and its first cell where the words do not name it."""
    said = ":" in issue.cell or issue.cell in issue.issue
    return issue.column if said else f"{issue.column}, {issue.cell}"


def _digits(numbers: NDArray[np.int64]) -> Array:
    """Whole numbers as text, by way of an array no wider than the longest."""
    if not len(numbers):
        return np.zeros(0, dtype=object)
    width = max(len(str(numbers.min())), len(str(numbers.max())))
    return numbers.astype(f"U{width}").astype(object)


def _tidy_ids(column: Array) -> bool:
    """Nothing but plain text that needs no cleaning: told from all cells at once, since ids rarely repeat."""
    if column.dtype.kind != "O" or set(map(type, column)) != {str}:
        return False
    joined = "".join(column)
    plain_text = joined.isascii() and joined.isprintable() and " " not in joined
    folded = joined.casefold()
    doubtful = any(mark in folded for mark in ("e+", "#", "n/a", "null", "nan", "(blank)"))
    return plain_text and not doubtful and not {"", "-", "--"} & set(column.tolist())


def _whole(column: Array) -> bool:
    return bool(
        np.all(np.isfinite(column))
        and np.all(column == np.floor(column))
        and np.all(np.abs(column) < 1e15)
    )


def _no_end(table: RawTable, index: int, cleaned: Cleaned) -> Typed:
    """Dates of 2099 and later are placeholders for none."""
    held = cleaned.values
    records = np.flatnonzero(held >= NO_DATE_FROM)
    if not len(records):
        return Typed(held, cleaned.issues, day_first=cleaned.day_first)
    issue = blank_issue(table, index, "note", "placeholder_date", "Read as no date")
    first = table.cell(index, int(records[0]))
    text = f"year {str(held[records[0]])[:4]} or similar stands for no date"
    held = np.where(held >= NO_DATE_FROM, np.datetime64("NaT", "D"), held)
    found = replace(issue, cell=first, issue=text, count=len(records))
    return Typed(held, (*cleaned.issues, found), day_first=cleaned.day_first)


def _number(table: RawTable, index: int, role: str, cleaned: Cleaned) -> Typed:
    values, issues = cleaned.values, cleaned.issues
    if role == "gross_margin":
        values, more = as_share(table, index, values)
        return Typed(values, issues + more)
    negative = np.flatnonzero(values < 0)
    if role in _NEGATIVE_IS_ODD and len(negative):
        found = blank_issue(table, index, "note", "negative_money", "Kept: a refund lowers revenue")
        issues += each_record(table, index, negative, found, _naming("negative amount", values))
    if role in _NEGATIVE_IS_WRONG and len(negative):
        found = blank_issue(
            table, index, "warning", "negative_number", "Left out, as if empty. Correct the number"
        )
        issues += each_record(table, index, negative, found, _naming("negative number", values))
        values = np.where(values < 0, np.nan, values)
    return Typed(values, issues, cleaned.symbols)


def _naming(what: str, values: Array) -> Callable[[int], str]:
    return lambda record: f"{what}: {values[record]:.15g}"


def as_share(table: RawTable, index: int, values: Array) -> tuple[Array, tuple[Issue, ...]]:
    """Margins typed as 45 become .45: the whole column where most are, else the cells that cannot be shares."""
    known = values[np.isfinite(values)]
    off = PERCENT in table.wishes.repairs_off
    if off or not len(known) or np.abs(known).max() <= HIGHEST_MARGIN:
        return values, ()
    all_of_them = float(np.median(np.abs(known))) > HIGHEST_MARGIN
    percent = np.isfinite(values) & (all_of_them | (np.abs(values) > HIGHEST_MARGIN))
    first = int(np.flatnonzero(percent)[0])
    issue = blank_issue(table, index, "warning", "margin_in_percent", "Read as percent, 45 as 0.45")
    text = f"margins typed in percent: {table.cell(index, first)} {values[first]:.15g}"
    found = replace(issue, cell=table.cell(index, first), issue=text, count=int(percent.sum()))
    return np.where(percent, values / 100, values), (found,)


def _outcome(table: RawTable, index: int) -> Typed:
    """Won 1, lost 0, still open or empty -1; words that are none of these are stages of a deal still open."""
    cleaned = clean.labels(table, index)
    codes, words = pd.factorize(cleaned.values)
    flags = {"true": 1, "yes": 1, "1": 1, "false": 0, "no": 0, "0": 0}
    named = {"won": 1, "lost": 0, "open": -1}
    keys = [header_key(str(w)) for w in words]
    keys = [_decided(str(w)) or k for w, k in zip(words, keys, strict=True)]
    per_word = [flags.get(k, named.get(OUTCOME_WORDS.get(k, "open"), -1)) for k in keys]
    strange = [
        str(w)
        for w, k in zip(words, keys, strict=True)
        if w and k not in OUTCOME_WORDS and k not in flags
    ]
    issues = cleaned.issues
    if strange:
        listed = ", ".join(f"'{w}'" for w in strange[:5]) + (
            " and others" if len(strange) > 5 else ""
        )
        issues += (
            blank_issue(
                table,
                index,
                "note",
                "open_stage",
                "Taken as still open. Write won or lost where a deal is decided",
                f"neither won nor lost: {listed}",
            ),
        )
    values: NDArray[np.int8] = np.array([*per_word, -1], dtype=np.int8)[codes]
    return Typed(values, issues)


def _decided(word: str) -> str:
    """`won` or `lost` where a reason follows it: "Closed Lost - price", "Lost (competitor)"; else empty.

    >>> _decided("Closed Lost - price"), _decided("Won: upsell"), _decided("Lost contact")
    ('lost', 'won', '')
    """
    found = _WITH_REASON.match(word)
    return found[1].casefold() if found else ""


def _emails(table: RawTable, index: int) -> Typed:
    cleaned = clean.labels(table, index, ids=True)
    texts = pd.Series(cleaned.values, dtype=object)
    shaped = texts.str.fullmatch(EMAIL_SHAPE).to_numpy(dtype=bool)
    odd = np.flatnonzero((cleaned.values != "") & ~shaped)
    issue = blank_issue(
        table, index, "note", "malformed_email", "Kept as it is. Correct the address"
    )
    values = cleaned.values
    found = each_record(table, index, odd, issue, lambda r: f"not an e-mail address: '{values[r]}'")
    return Typed(cleaned.values, cleaned.issues + found)
