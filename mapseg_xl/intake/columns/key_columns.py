"""Columns that name customers, and their cells in a form in which two systems agree. Joins nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mapseg_xl.intake.columns.profiles import Profile
from mapseg_xl.intake.columns.role_values import stop_if_unusable, typed_ids
from mapseg_xl.intake.columns.role_words import ROLES, header_key, header_words, key_set, word_set
from mapseg_xl.intake.columns.roles import RoleMap
from mapseg_xl.intake.tables import Array, RawTable

KINDS = ("id", "email", "domain", "company")
"""Kinds of key, the surest first."""

LABEL = "label"
"""Kind of a column by which a small table explains the values of a column of the customers, such as a product."""
_NAMES_ALSO_CALLED_IDS = frozenset({"id", "company"})
"""'Account' holds a number in one system and a name in the other: these two kinds may meet."""
GENERIC = key_set("id; uuid; guid; record id; external id; number; no; nr; key; code")
"""Ids of a row of any table, not of a customer."""
_ID_ENDS = word_set("id ids no nr number key code ref")
_NAMED_ONES = word_set("account acct customer cust client user member company org")
_OTHER_THINGS = word_set(
    "order invoice transaction payment product sku ticket receipt subscription plan phone fax mobile zip postal vat"
    " tax iban charge bestellung rechnung campaign item line contract stage status type since name manager owner"
)
_FORM = re.compile(r"([^\W\d_]*)[\s\-_#./]*0*(\d+)")


@dataclass(frozen=True, slots=True)
class KeyColumn:
    """A column that may name customers. `strict`: its header says so, not only its form."""

    index: int
    kind: str  # of KINDS
    strict: bool
    generic: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Keyed:
    """A table with its key columns and their cells in comparable form: "" where empty."""

    table: RawTable
    columns: tuple[KeyColumn, ...]
    texts: Mapping[int, Array]  # column index -> one text a record


def key_columns(table: RawTable, found: RoleMap) -> tuple[KeyColumn, ...]:
    """The columns that may name a customer: by header and form, ids and addresses before names."""
    keys = []
    for i, header in enumerate(table.headers):
        if i not in found.ignored and (key := _key_column(i, header, found.profiles[i])):
            keys.append(key)
    return tuple(
        sorted(keys, key=lambda k: (not k.strict, k.generic, KINDS.index(k.kind), k.index))
    )


def _key_column(index: int, header: str, seen: Profile) -> KeyColumn | None:
    if not seen.seen or seen.dates >= 0.5 or (seen.flags >= 0.9 and seen.seen > 2):
        return None
    key, words = header_key(header), header_words(header)
    if seen.emails >= 0.6:
        return KeyColumn(index, "email", strict=True)
    if seen.domains >= 0.6:
        return KeyColumn(index, "domain", strict=key in ROLES["domain"].synonyms)
    if key in ROLES["customer_id"].synonyms and key not in key_set(
        "opportunity id; deal id; opp id"
    ):
        return KeyColumn(index, "id", strict=True, generic=key in GENERIC)
    if key in ROLES["company"].synonyms and seen.numbers < 0.9:
        return KeyColumn(index, "company", strict=True)
    numbered = bool(words) and (words[-1] in _ID_ENDS or words[0] == "id")
    if (numbered or set(words) & _NAMED_ONES) and not set(words) & _OTHER_THINGS:
        return KeyColumn(index, "id", strict=False)
    return None


def keyed(table: RawTable, columns: tuple[KeyColumn, ...]) -> Keyed:
    """The key columns' cells in comparable form. Ids that a spreadsheet has damaged stop the run (BadCells)."""
    return Keyed(table, columns, {k.index: comparable(table, k.index) for k in columns})


def comparable(table: RawTable, index: int) -> Array:
    """Cells of a key as texts: lower case, no outer spaces, inner ones single; whole numbers without decimals."""
    typed = typed_ids(table, index)
    stop_if_unusable(table, typed.issues, {})
    codes, uniques = pd.factorize(typed.values)
    folded = np.empty(len(uniques), dtype=object)
    folded[:] = [" ".join(str(u).split()).casefold() for u in uniques]
    return np.asarray(folded[codes])


def compatible(left: KeyColumn, right: KeyColumn) -> bool:
    """Whether the cells of two key columns may say the same."""
    return left.kind == right.kind or {left.kind, right.kind} == _NAMES_ALSO_CALLED_IDS


def numbers_of(texts: Array) -> tuple[str, Array] | None:
    """`C-00123` and `C-00007` as (`c`, `123` and `7`): None unless all cells have one form and stay different in it.

    >>> prefix, numbers = numbers_of(np.array(["c-001", "c-023", ""], dtype=object))
    >>> prefix, numbers.tolist()
    ('c', ['1', '23', ''])
    >>> numbers_of(np.array(["c-001", "d-001"], dtype=object)) is None
    True
    """
    codes, uniques = pd.factorize(texts)
    forms = [_FORM.fullmatch(u) for u in uniques if u]
    prefixes = {form[1] if form else None for form in forms}
    if len(prefixes) != 1 or (prefix := prefixes.pop()) is None:
        return None
    short = np.empty(len(uniques), dtype=object)
    short[:] = [found[2] if u and (found := _FORM.fullmatch(u)) else "" for u in uniques]
    if len(set(short.tolist())) < len(uniques):
        return None
    return prefix, np.asarray(short[codes])
