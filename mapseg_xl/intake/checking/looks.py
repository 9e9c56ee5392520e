"""A column as the checks see it: what sort it is, its different values, its numbers. Judges nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mapseg_xl.intake.cleaning.cells import Distinct, distinct
from mapseg_xl.intake.columns.profiles import Profile
from mapseg_xl.intake.columns.role_words import ROLES, header_key, header_words, word_set
from mapseg_xl.intake.columns.roles import RoleMap
from mapseg_xl.intake.health import blank_issue
from mapseg_xl.intake.tables import Array, Issue, RawTable

MOST_LABELS = 200
"""A column of words with more different values than this names its rows."""
_LABEL_SHARE = 0.5  # of the rows that may differ in a column of labels
_NUMBER_TYPES = (float, int, np.floating, np.integer)
_CODES = word_set("zip zipcode postal postcode plz code id ids no nr phone tel mobile fax vat iban")
_TEXT_FILES = (".csv", ".tsv", ".txt", ".tab")


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """One column. `sort`: id email date number flag label name; `role` is "" of a trait.

    `cells` is None where the column holds nothing but numbers, or nothing but dates: `numbers` or `days` then has them.
    `texts`: the different values, "" for what is no text; `joined`: one a line, so that all are searched at once.
    """

    table: RawTable
    index: int
    role: str
    sort: str
    seen: Profile
    cells: Distinct | None
    numbers: NDArray[np.float64] | None = None
    days: Array | None = None
    texts: tuple[str, ...] = ()
    joined: str = ""
    all_texts: bool = False  # no cell holds anything else

    @property
    def header(self) -> str:
        """The column's name as the team wrote it."""
        return self.table.headers[self.index]

    @property
    def from_text_file(self) -> bool:
        """Whether everything in it is text because the file has nothing else."""
        return self.table.source.lower().endswith(_TEXT_FILES)

    def empty(self) -> NDArray[np.bool_]:
        """Which records have nothing in the cell."""
        if self.cells is not None:
            return self.cells.codes < 0
        return np.isnan(self.numbers) if self.numbers is not None else np.isnat(self.days)  # type: ignore[arg-type]

    def codes(self) -> NDArray[np.int64]:
        """A number a record that is the same where the cells are; not small."""
        if self.cells is not None:
            return self.cells.codes.astype(np.int64)
        if self.numbers is not None:
            return np.asarray(np.where(np.isnan(self.numbers), -1.0, self.numbers)).view(np.int64)
        return np.asarray(self.days).astype(np.int64)

    def issue(self, severity: str, kind: str, action: str, text: str = "") -> Issue:
        """An issue of this column, to be placed at its cells; as it is, it names the whole column."""
        return blank_issue(self.table, self.index, severity, kind, action, text)


def looks_at(table: RawTable, found: RoleMap) -> tuple[Look, ...]:
    """Every column of a table that holds anything and was not left out by the user."""
    roles = {index: role for role, index in found.columns.items()}
    return tuple(
        _look(table, index, roles.get(index, ""), found.profiles[index])
        for index in range(len(table.headers))
        if index not in found.ignored
    )


def _look(table: RawTable, index: int, role: str, seen: Profile) -> Look:
    column = table.columns[index]
    numbers, days = _typed(column)
    cells = distinct(table, index) if numbers is None and days is None else None
    sort = _sort(table.headers[index], role, seen, cells, len(column))
    if cells is None:
        return Look(table, index, role, sort, seen, cells, numbers, days)
    pure = set(map(type, cells.values)) <= {str}
    texts = cells.values if pure else tuple(v if isinstance(v, str) else "" for v in cells.values)
    return Look(
        table, index, role, sort, seen, cells, texts=texts, joined="\n".join(texts), all_texts=pure
    )


def _typed(column: Array) -> tuple[NDArray[np.float64] | None, Array | None]:
    """The column as numbers, or as days, where it holds nothing else."""
    if column.dtype.kind in "fiu":
        return column.astype(np.float64), None
    if column.dtype.kind == "M":
        return None, column.astype("M8[D]")
    kinds = set(map(type, column)) - {type(None)} if column.dtype.kind == "O" else {bool}
    if kinds and all(issubclass(k, _NUMBER_TYPES) and k is not bool for k in kinds):
        return column.astype(np.float64), None
    if kinds and all(issubclass(k, date) for k in kinds):
        return None, _days(column)
    return None, None


def _days(column: Array) -> Array:
    """Dates as days; days repeat, so that each is made once."""
    codes, values = pd.factorize(column)
    days = np.full(len(values) + 1, np.datetime64("NaT", "D"))
    days[:-1] = [v.date() if isinstance(v, datetime) else v for v in values]
    return np.asarray(days[codes])


def _sort(header: str, role: str, seen: Profile, cells: Distinct | None, n: int) -> str:
    kind = ROLES[role].kind if role else ""
    if role == "customer_id" or (not role and header_key(header) in ROLES["customer_id"].synonyms):
        return "id"
    if kind in ("date", "number", "flag", "email"):
        return kind
    if role in ("company", "domain"):
        return "name"
    if seen.emails >= 0.6:
        return "email"
    if seen.dates >= 0.6:
        return "date"
    if seen.flags >= 0.9:
        return "flag"
    if seen.numbers >= 0.9 and not set(header_words(header)) & _CODES:
        return "number"
    many = cells is None or len(cells.values) > min(MOST_LABELS, max(5, _LABEL_SHARE * n))
    return "name" if many else "label"
