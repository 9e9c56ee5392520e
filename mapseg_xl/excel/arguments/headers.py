"""Whether the first cells of columns are their headers, passed along with A:A or Customers[[#All],[Industry]]."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from mapseg_xl.excel.arguments.cells import Cells, is_blank
from mapseg_xl.intake.cleaning.amounts import amount
from mapseg_xl.intake.cleaning.cells import is_empty_word, is_error, tidy
from mapseg_xl.intake.cleaning.clean_labels import NO, OUTCOME_WORDS, YES
from mapseg_xl.intake.cleaning.days import day
from mapseg_xl.intake.columns.role_words import OUTCOME_WORDS as DEALS
from mapseg_xl.intake.columns.role_words import ROLES, header_key, key_set

FEWEST_ROWS = 10  # of fewer, a word that stands once is no wonder
ATTRIBUTES = key_set(  # headers of columns of words; a value is never called so
    "segment; segments; industry; sector; vertical; country; region; state; city; market segment; plan; tier;"
    "contract; channel; source; company size; team size; employees; job title; department; age group; gender;"
    "device; persona; product; category; customer type; customer group; cohort; owner; sales rep; attribute; value"
)


def is_header_row(roles: Sequence[str], columns: Sequence[Cells]) -> bool:
    """Whether the first cell of each column is its header: some look so, and none holds a value.

    A header is text that stands once in its column, and is no number, date or answer as the cells below it.
    """
    votes = [_vote(role, c) for role, c in zip(roles, columns, strict=True)]
    if any(v is False for v in votes):
        return False
    return any(votes) or all(map(_stands_alone, roles, columns))


def _vote(role: str, column: Cells) -> bool | None:
    """True: looks like a header; False: a value; None: cannot tell."""
    if len(column.held) < 2:
        return None
    first, below = column.held[0], column.held[1:]
    if is_blank(first):
        return None
    if not isinstance(first, str) or is_error(first) or is_empty_word(first):
        return False
    if _stands_again(first, column):
        return False
    if column.headed or column.is_whole:
        return True
    if role == "label":
        return True if header_key(first) in ATTRIBUTES or not _any_text(below) else None
    return _reads_unlike(role, first, below)


def _stands_alone(role: str, column: Cells) -> bool:
    """Whether the first of many words is the only one that stands once: a header, as no other word is so rare."""
    if role != "label" or len(column.held) < FEWEST_ROWS or not isinstance(column.held[0], str):
        return False
    counts = Counter(_key(v) for v in column.held if isinstance(v, str) and not is_blank(v))
    return [word for word, n in counts.items() if n == 1] == [_key(column.held[0])]


def _stands_again(first: str, column: Cells) -> bool:
    """Whether another cell says the same, whatever its case and spaces."""
    key = _key(first)
    alike = [v for v in column.values if isinstance(v, str) and _key(v) == key]
    return len(alike) > 1 or int(np.count_nonzero(column.held == first)) > 1


def _any_text(below: Any) -> bool:
    return any(isinstance(v, str) and not is_blank(v) for v in below)


def _reads_unlike(role: str, first: str, below: Any) -> bool:
    """Whether the first cell cannot be read as what the cells below it are."""
    kind = ROLES[role].kind
    if kind in ("number", "date"):
        return amount(first) is None and day(first) is None
    if kind == "outcome":
        return header_key(first) not in DEALS and _key(first) not in YES | NO
    words = OUTCOME_WORDS[role]
    if _key(first) in YES | NO or day(first) is not None:
        return False
    if (
        _key(first) in words[0] | words[1]
    ):  # "Converted": a header only where nobody else says it in words
        others = {_key(v) for v in np.asarray(below, dtype=object) if isinstance(v, str)}
        return not others & (words[0] | words[1])
    return True


def _key(value: Any) -> str:
    return " ".join(tidy(str(value)).casefold().split())
