"""The columns of one call, read together: equal lengths, one header or none, each as what its argument means.

Cells are read by the code that reads files; what it leaves out is said, error values are passed on as Excel does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mapseg_xl.excel.answering.answers import BadArguments, NotAvailable
from mapseg_xl.excel.answering.remembered import Remembered
from mapseg_xl.excel.arguments.cells import Cells, column_cells, is_blank
from mapseg_xl.excel.arguments.headers import is_header_row
from mapseg_xl.excel.arguments.totals import total_rows
from mapseg_xl.intake import clean
from mapseg_xl.intake.cleaning.cells import is_empty_word, is_error, shown
from mapseg_xl.intake.cleaning.clean_dates import SERIALS
from mapseg_xl.intake.cleaning.days import day
from mapseg_xl.intake.columns.role_values import typed_role
from mapseg_xl.intake.tables import Array, Issue, RawTable

LABEL = "label"
MOSTLY = 0.5  # of the filled cells must be readable; fewer, and it is another column that was meant
_LEFT_OUT = ("unreadable_", "implausible_", "negative_number")
_DOUBTFUL = {  # kinds of issues that a figure may hang on, and what was made of them
    "ambiguous_number": "",
    "mixed_decimal_marks": "",
    "mixed_percent": "",
    "open_stage": ", so still open",
    "blank_is_no": ", so empty ones were read as no",
}
_MONTHS_OR_DAYS = 120.0  # ten years as a customer for half of them: rather days


@dataclass(frozen=True, slots=True)
class Asked:
    """One column of a call: the argument's name, what is to be read (a role, or LABEL), and the cells.

    `day_or_flag`: days where most cells hold days, else yes and no; `role` is then that of the flag, and the role of
    the day is the same with `_on`.
    """

    name: str
    role: str
    given: Any = field(hash=False)
    day_or_flag: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """The columns as typed arrays of `n` rows. `first_row`: of the arguments, where the first row of these stands."""

    n: int
    labels: Mapping[str, Array]  # text by argument, "" where empty
    roles: Mapping[str, Array]  # typed as in Customers
    table: RawTable
    places: Mapping[str, tuple[RawTable, int]]
    notes: tuple[str, ...]  # what was left out, in words


_read: Remembered[Columns] = Remembered(24)


def read_columns(asked: Sequence[Asked]) -> Columns:
    """The columns that were given, typed. What cannot be used raises BadArguments with its row."""
    given = tuple(a.given for a in asked)
    options = tuple((a.name, a.role, a.day_or_flag) for a in asked)
    return _read.get(given, options, lambda: _columns(asked))


def _columns(asked: Sequence[Asked]) -> Columns:
    cells = [column_cells(a.given, a.name) for a in asked]
    _check_lengths(asked, cells)
    held, rows, totals = _rows(asked, cells)
    if not len(rows):
        raise BadArguments(f"{asked[0].name}: every cell is empty.")
    table = RawTable(
        "", "", tuple(a.name for a in asked), ("row ",) * len(asked), 0, rows, tuple(held)
    )
    for index, (a, c) in enumerate(zip(asked, cells, strict=True)):
        if any(map(is_error, c.values)):
            _pass_errors_on(table, index, a.name)
    labels: dict[str, Array] = {}
    roles: dict[str, Array] = {}
    notes = [f"row {at} left out: it holds the totals of the others" for at in totals]
    for index, a in enumerate(asked):
        if a.role == LABEL:
            labels[a.name] = clean.labels(table, index).values
            continue
        role = _role(a, table.columns[index])
        if a.day_or_flag and not cells[index].values:
            raise NotAvailable(
                f"{a.name}: every cell is empty. Type no for those where it has not happened."
            )
        typed = typed_role(table, index, role, None)
        _stop_if_unusable(a, role, table.columns[index], typed.values, typed.issues)
        roles[role] = typed.values
        notes += _notes(a.name, typed.issues)
        if role == "tenure_months" and np.nanmedian(typed.values) > _MONTHS_OR_DAYS:
            notes.append(
                f"half of {a.name} are above {_MONTHS_OR_DAYS:g}: are they days, not months?"
            )
    places = {r: (table, i) for i, a in enumerate(asked) if (r := _role_of(a, roles)) is not None}
    return Columns(len(rows), labels, roles, table, places, tuple(notes))


def _role_of(asked: Asked, roles: Mapping[str, Array]) -> str | None:
    """The role an argument was read as."""
    if asked.role == LABEL:
        return None
    dated = f"{asked.role}_on"
    return dated if asked.day_or_flag and dated in roles else asked.role


def _check_lengths(asked: Sequence[Asked], cells: Sequence[Cells]) -> None:
    """All columns must be as long as the first, as SUMIFS has it."""
    for a, c in zip(asked, cells, strict=True):
        if c.rows != cells[0].rows:
            raise BadArguments(
                f"{a.name} has {c.rows:,} rows, {asked[0].name} has {cells[0].rows:,}. "
                "Give columns of the same length."
            )


def _rows(asked: Sequence[Asked], cells: Sequence[Cells]) -> tuple[list[Array], Array, list[int]]:
    """Each column down to the last row that any of them fills, without a header, empty rows and rows of totals.

    And which row of the arguments each is, from 1, and which were totals. One column alone keeps its empty cells:
    they are blanks of it.
    """
    n = max(len(c.held) for c in cells)
    kept = np.ones(n, np.bool_)
    if n and is_header_row([a.role for a in asked], cells):
        kept[0] = False
    if len(cells) > 1:
        kept &= ~np.logical_and.reduce([_padded(c.blank, n, empty=True) for c in cells])
    held = [_padded(c.held, n, empty=None) for c in cells]
    totals = total_rows([a.role == LABEL for a in asked], cells, held)
    kept &= ~totals
    found = [h if kept.all() else h[kept] for h in held]
    return found, np.flatnonzero(kept) + 1, (np.flatnonzero(totals) + 1).tolist()


def _padded(held: Array, n: int, empty: Any) -> Array:
    if len(held) == n:
        return held
    longer = np.full(n, empty, dtype=held.dtype)
    longer[: len(held)] = held
    return longer


def _pass_errors_on(table: RawTable, index: int, name: str) -> None:
    """An Excel error among the cells is one of the result, as everywhere in Excel."""
    column = table.columns[index]
    wrong = [i for i, value in enumerate(column) if is_error(value)]
    more = f" and {len(wrong) - 1:,} more" if len(wrong) > 1 else ""
    raise BadArguments(
        f"{name} holds an error: row {table.rows[wrong[0]]} {column[wrong[0]]}{more}. Correct the "
        'formula there, or make it IFERROR(..., "") to leave such rows out.'
    )


def _role(asked: Asked, column: Array) -> str:
    """The role to read a column as: of days where most of its filled cells hold days."""
    if not asked.day_or_flag:
        return asked.role
    filled = [v for v in column[:2000] if not is_blank(v)]
    days = sum(_is_day(v) for v in filled)
    return f"{asked.role}_on" if days > len(filled) * MOSTLY else asked.role


def _is_day(value: Any) -> bool:
    if isinstance(value, str):
        return day(value) is not None
    if isinstance(value, bool | np.bool_):
        return False
    if isinstance(value, int | float | np.number):
        return bool(SERIALS[0] <= value <= SERIALS[1])
    return hasattr(value, "year")


def _stop_if_unusable(
    asked: Asked, role: str, column: Array, values: Array, issues: Sequence[Issue]
) -> None:
    """What only the user can decide, and a column that holds something else than its argument means."""
    for issue in issues:
        if issue.severity == "error":
            what = issue.action.split(" in a file and give")[0]
            raise BadArguments(f"{asked.name}: {issue.issue}. {what}.")
    if role == "outcome":
        return  # a word that is neither won nor lost is a stage
    unknown = np.flatnonzero(~_known(values))
    unread = [
        i for i in unknown.tolist() if not is_blank(column[i]) and not is_empty_word(column[i])
    ]
    if len(unread) > MOSTLY / (1 - MOSTLY) * (len(values) - len(unknown)):
        raise BadArguments(
            f"{asked.name} holds no {_wanted(role)}: {shown(column[unread[0]])}. "
            "Was another column meant?"
        )


def _known(values: Array) -> Array:
    if values.dtype.kind == "M":
        return ~np.isnat(values)
    if values.dtype.kind == "f":
        return np.isfinite(values)
    return np.asarray(values != -1)


def _wanted(role: str) -> str:
    if role.endswith("_on"):
        return "dates"
    return "yes or no (1 or 0)" if role in ("converted", "churned") else "numbers"


def _notes(name: str, issues: Sequence[Issue]) -> list[str]:
    """What was left out of a column, how many cells and the first of them; and what may mean something else."""
    said = []
    left = [i for i in issues if i.kind.startswith(_LEFT_OUT)]
    if left:
        count = sum(i.count for i in left)
        cells = "1 cell" if count == 1 else f"{count:,} cells"
        said.append(f"{cells} of {name} left out: {left[0].cell} {left[0].issue}")
    doubtful = (i for i in issues if i.kind in _DOUBTFUL)
    return said + [f"{name}: {i.issue}{_DOUBTFUL[i.kind]}" for i in doubtful]
