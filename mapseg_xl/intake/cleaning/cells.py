"""A column by its different values, and the issues its cells give rise to. No conversion of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mapseg_xl.intake.cleaning.once import once
from mapseg_xl.intake.tables import Array, CellError, Issue, RawTable, Spot
from mapseg_xl.repairs import EMPTY_WORDS as EMPTY_WORDS_READ

CELLS_NAMED = 3
UNCALCULATED = CellError("formula without a value")
ISSUES_A_KIND = 1_000
EMAIL_SHAPE = r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}"
"""What an e-mail address looks like, as a pattern that fits the whole cell."""

# fmt: off
EMPTY_WORDS = frozenset({
    "", "-", "--", "–", "—", ".", "?", "n/a", "na", "n.a.", "n. a.", "none", "null", "nil", "nan", "tbd",
    "(blank)", "(leer)", "(empty)", "k.a.", "k. a.",
})
ERROR_WORDS = frozenset({
    "#N/A", "#DIV/0!", "#REF!", "#NAME?", "#NULL!", "#NUM!", "#VALUE!", "#SPILL!", "#CALC!", "#FIELD!",
    "#BLOCKED!", "#CONNECT!", "#BUSY!", "#UNKNOWN!", "#GETTING_DATA", "#NV", "#WERT!", "#BEZUG!", "#ZAHL!",
})
# fmt: on
_SPACES = re.compile("[\t\r\n\v\f\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u2060\ufeff]"
)
_DIGITS = frozenset("0123456789")
_OUTER = " \u200c\u200d"


@dataclass(frozen=True, slots=True, eq=False)
class Cleaned:
    """One column as one type, with what had to be said about its cells.

    `filled` counts cells that held something (error values too), `readable` those of them that could be read.
    `symbols`: currencies seen. `day_first`: how numeric dates were read; None where it did not matter.
    """

    values: Array
    issues: tuple[Issue, ...] = ()
    filled: int = 0
    readable: int = 0
    symbols: tuple[str, ...] = ()
    day_first: bool | None = None

    @property
    def share_readable(self) -> float:
        """Readable cells among the filled ones; 0 where all are empty."""
        return self.readable / self.filled if self.filled else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Distinct:
    """A column by its different values: `codes` points into `values`, -1 where the cell is empty."""

    table: RawTable
    index: int
    values: tuple[Any, ...]
    codes: NDArray[np.intp]

    def spread(self, per_value: Array, empty: Any) -> Array:
        """One entry a record from one entry a value."""
        lookup = np.empty(len(self.values) + 1, dtype=per_value.dtype)
        lookup[:-1] = per_value
        lookup[-1] = empty
        return np.asarray(lookup[self.codes])

    def counts(self) -> NDArray[np.int64]:
        """Cells of each value."""
        codes = self.codes[self.codes >= 0]
        return np.bincount(codes, minlength=len(self.values)).astype(np.int64)

    def records(self, where: NDArray[np.bool_]) -> NDArray[np.intp]:
        """Records whose value is marked in `where`."""
        return np.flatnonzero(self.spread(where, empty=False))

    def counted(
        self,
        where: NDArray[np.bool_],
        severity: str,
        kind: str,
        what: str,
        action: str,
        after: Sequence[Any] | Array | None = None,
    ) -> tuple[Issue, ...]:
        """One issue for all marked cells, with their number and each of them; none if none is.

        `after`: what each of the different values was read as.
        """
        records = self.records(where)
        if not len(records):
            return ()
        text = f"{what}: {named_cells(self.table, self.index, records, self.cell_text)}"
        issue = self._issue(int(records[0]), severity, kind, text, action, len(records))
        return (replace(issue, spots=self._spots(records, what, after)),)

    def _spots(
        self, records: NDArray[np.intp], what: str, after: Sequence[Any] | Array | None
    ) -> tuple[Spot, ...]:
        """Each of the cells, at most 1,000."""
        named = records[:ISSUES_A_KIND].tolist()
        codes = self.codes[named].tolist()
        before = {code: shown(self.values[code]) for code in set(codes)}
        read = {} if after is None else {code: as_read(after[code]) for code in before}
        return tuple(
            Spot(
                self.table.cell(self.index, record),
                f"{what}: {before[code]}",
                before[code],
                read.get(code, ""),
            )
            for record, code in zip(named, codes, strict=True)
        )

    def each(
        self,
        where: NDArray[np.bool_],
        severity: str,
        kind: str,
        what: Callable[[Any], str],
        action: str,
    ) -> tuple[Issue, ...]:
        """One issue a marked cell; past 1,000 one more that counts the rest."""
        records = self.records(where)
        out = "empty" if action.startswith("Left out") else ""
        issues = [
            replace(
                self._issue(int(r), severity, kind, what(self.values[self.codes[r]]), action, 1),
                before=self.cell_text(int(r)),
                after=out,
            )
            for r in records[:ISSUES_A_KIND]
        ]
        if rest := records[ISSUES_A_KIND:].tolist():
            text = f"{what(self.values[self.codes[rest[0]]])} and more of the kind"
            issues.append(self._issue(rest[0], severity, kind, text, action, len(rest)))
        return tuple(issues)

    def cell_text(self, record: int) -> str:
        """What the cell of a record shows, shortened."""
        return shown(self.values[self.codes[record]])

    def _issue(
        self, record: int, severity: str, kind: str, text: str, action: str, count: int
    ) -> Issue:
        return column_issue(self.table, self.index, record, (severity, kind), text, action, count)


def distinct(table: RawTable, index: int) -> Distinct:
    """The different values of a column; cells of nothing but spaces are empty."""
    column = table.columns[index]
    values, codes = once(column, "distinct", lambda: _factorized(column))
    return Distinct(table, index, values, codes)


def _factorized(column: Array) -> tuple[tuple[Any, ...], NDArray[np.intp]]:
    codes, values = pd.factorize(_told_apart(np.asarray(column, dtype=object)))
    known = [v.value if isinstance(v, _Flag) else v for v in values]
    blank = np.array(
        [isinstance(v, str) and not v[:1].isalnum() and not tidy(v) for v in known], dtype=bool
    )  # a letter or digit first: something is left of it
    if blank.any():
        codes = np.where(np.append(blank, True)[codes], -1, codes)
    return tuple(known), codes


@dataclass(frozen=True, slots=True)
class _Flag:
    """True or False, kept apart from 1.0 and 0.0, which are equal to them."""

    value: bool


def _told_apart(column: Array) -> Array:
    kinds = set(map(type, column))
    if bool not in kinds and np.bool_ not in kinds:
        return column
    flags = {True: _Flag(True), False: _Flag(False)}
    apart = np.empty(len(column), dtype=object)
    apart[:] = [flags[bool(v)] if isinstance(v, (bool, np.bool_)) else v for v in column]
    return apart


def column_issue(
    table: RawTable,
    index: int,
    record: int,
    severity_kind: tuple[str, str],
    text: str,
    action: str,
    count: int = 1,
) -> Issue:
    """An issue at one record's cell of a column."""
    severity, kind = severity_kind
    where = table.cell(index, record)
    head = table.headers[index]
    return Issue(severity, table.source, table.sheet, where, head, text, action, count, kind)


def named_cells(
    table: RawTable, index: int, records: NDArray[np.intp], text: Callable[[int], str]
) -> str:
    """`C2 '$1,200', C5 '$80' and 9 more`."""
    first = [f"{table.cell(index, int(r))} {text(int(r))}" for r in records[:CELLS_NAMED]]
    rest = len(records) - len(first)
    return ", ".join(first) + (f" and {rest:,} more" if rest else "")


def shown(value: Any, limit: int = 40) -> str:
    """A value as a message names it: text in quotes, long text cut.

    >>> shown("31/02/2025"), shown(12.0), shown("x" * 50, 5)
    ("'31/02/2025'", '12', "'xxxxx…'")
    """
    if isinstance(value, str):
        cut = value if len(value) <= limit else value[:limit] + "…"
        return "'" + cut.replace("\n", " ") + "'"
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def as_read(value: Any) -> str:
    """What a cell was read as, for before and after: text in quotes, a number, an ISO date; `empty` for nothing.

    >>> as_read(1200.0), as_read(np.datetime64("2025-01-01")), as_read("")
    ('1200', '2025-01-01', 'empty')
    """
    if value is None or value == "" or value != value:
        return "empty"
    return shown(float(value)) if isinstance(value, np.floating) else shown(value)


def tidy(text: str) -> str:
    r"""Text without outer spaces and without characters nobody sees; odd spaces become plain ones.

    Joiners inside stay: emoji and several scripts are made with them.

    >>> tidy(" New\u00a0York\u200b ")
    'New York'
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    return _INVISIBLE.sub("", _SPACES.sub(" ", text)).strip(_OUTER)


def is_error(value: Any) -> bool:
    """An Excel error value, or its text as a csv export leaves it."""
    return isinstance(value, CellError) or (
        isinstance(value, str) and value.startswith("#") and value.strip().upper() in ERROR_WORDS
    )


def is_empty_word(value: Any) -> bool:
    """Text that stands for an empty cell: `n/a`, `-`, `none`, `null` and the like."""
    return (
        isinstance(value, str)
        and len(value) < 12
        and value[:1] not in _DIGITS  # no such word begins with one
        and tidy(value).casefold() in EMPTY_WORDS
    )


def mark(values: tuple[Any, ...], test: Callable[[Any], bool]) -> NDArray[np.bool_]:
    """Which of the different values pass a test."""
    return np.fromiter(map(test, values), dtype=bool, count=len(values))


def error_and_empty(
    cells: Distinct,
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], tuple[Issue, ...]]:
    """Masks of the error values and of the words for empty, and what to say about both."""
    errors = mark(cells.values, is_error)
    empty = mark(cells.values, is_empty_word)
    if EMPTY_WORDS_READ in cells.table.wishes.repairs_off:
        empty[:] = False
    issues = cells.each(
        errors,
        "warning",
        "excel_error",
        lambda v: f"Excel error {str(v).strip()}",
        "Left out, as if empty. Correct the formula",
    ) + cells.counted(
        empty,
        "note",
        "empty_word",
        "text that stands for an empty cell",
        "Read as empty",
        [""] * len(cells.values),
    )
    return errors, empty, issues
