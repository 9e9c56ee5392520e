"""Figures as a team's own small tables hold them: single numbers, columns and blocks of counts or money.

Not for columns of customers: those are typed and matched in `columns.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.excel.answering.answers import BadArguments, NotAvailable
from mapseg_xl.excel.arguments.cells import block_rows, is_blank, one_cell, one_number, table_of
from mapseg_xl.intake.cleaning import cells as cleaning
from mapseg_xl.intake.cleaning.clean_numbers import numbers

Floats = NDArray[np.float64]
Rows = list[list[Any]]


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a figure may be, both ends included."""

    low: float = -math.inf
    high: float = math.inf

    @property
    def said(self) -> str:
        """In words, as the end of a sentence."""
        if self.low == -math.inf:
            return f"at most {self.high:g}"
        most = "" if self.high == math.inf else f", at most {self.high:g}"
        return f"at least {self.low:g}{most}"


ANY = Bounds()
COUNT = Bounds(0)
SHARE = Bounds(0, 1)
MARGIN = Bounds(-10, 1)  # as in Settings: 80 is no margin, 80% is .8
DISCOUNT = Bounds(0, 1)


def number(given: Any, name: str, bounds: Bounds = ANY) -> float:
    """One number. Blank: not available; text, or outside its bounds: bad arguments."""
    found = None if is_nothing(one_cell(given, name)) else one_number(given, name)
    if found is None:
        raise NotAvailable(f"{name} is blank: type 0 where there was none.")
    _check(np.array([found]), name, bounds)
    return found


def option(given: Any, name: str, default: float, bounds: Bounds = ANY) -> float:
    """One number that may be left out or blank."""
    return default if one_number(given, name) is None else number(given, name, bounds)


def counts_of(*pairs: tuple[Any, Any, str]) -> list[float]:
    """Successes and trials, pair by pair, of which the first is never more than the second."""
    found: list[float] = []
    for successes, trials, prefix in pairs:
        part = number(successes, f"{prefix}successes", COUNT)
        whole = number(trials, f"{prefix}trials", COUNT)
        if 0 < part < 1:
            raise BadArguments(share_for_count(f"{prefix}successes", part))
        if part > whole:
            said = f"{prefix}successes is {part:g}, more than {prefix}trials, {whole:g}."
            raise BadArguments(said)
        found += [part, whole]
    return found


def block(given: Any, name: str, bounds: Bounds = ANY) -> Floats:
    """A block of numbers, NaN where blank; empty rows, a header row and a column of names are left out."""
    rows = _bare([row for row in block_rows(given, name) if not _is_empty(row)])
    if not rows:
        raise NotAvailable(f"{name} is blank.")
    cells = [cell for row in rows for cell in row]
    return figures(cells, name, bounds).reshape(len(rows), -1)


def line(given: Any, name: str) -> list[Any]:
    """The cells of a column or a row."""
    rows = block_rows(given, name)
    if len(rows) > 1 and len(rows[0]) > 1:
        raise BadArguments(f"{name}: one column or one row is needed, not a block.")
    return [cell for row in rows for cell in row]


def beside(*columns: tuple[Any, str]) -> list[list[Any]]:
    """Columns of one length, without the header row and without the rows where all are empty."""
    lines = [line(given, name) for given, name in columns]
    if len(set(map(len, lines))) > 1:
        pairs = zip(columns, lines, strict=True)
        said = ", ".join(f"{name} {len(cells):,}" for (_, name), cells in pairs)
        raise BadArguments(f"Columns of one length are needed, not {said} rows.")
    rows = [row for row in zip(*lines, strict=True) if not _is_empty(row)]
    if len(rows) > 1 and all(map(is_word, rows[0])):
        rows = rows[1:]
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in columns]


def paired_sums(
    above: tuple[Any, str], below: tuple[Any, str], *, within: bool = False
) -> tuple[float, float]:
    """Sums of two columns of counts or money, row by row both filled: what is unknown is not 0.

    `within`: the first column counts part of the second. Nothing filled at all: not available.
    """
    columns = beside(above, below)
    names = (above[1], below[1])
    first, second = (figures(c, name, COUNT) for c, name in zip(columns, names, strict=True))
    if not first.size:
        raise NotAvailable(f"{names[0]} and {names[1]} are blank.")
    if within and ((first > 0) & (first < 1)).any():
        raise BadArguments(share_for_count(names[0], float(first[(first > 0) & (first < 1)][0])))
    if within and (first > second).any():
        at = int((first > second).argmax())
        said = f"{names[0]} is {first[at]:g}, more than {names[1]}, {second[at]:g}."
        raise BadArguments(said)
    if np.isnan(first + second).any():
        said = f"A row has {names[0]} or {names[1]} alone: type 0 where there was none."
        raise NotAvailable(said)
    return float(first.sum()), float(second.sum())


def share_for_count(name: str, value: float) -> str:
    """What to say of 45% where the number of people belongs: a rate of it would be taken for half a person's."""
    return f"{name} is {value:g}, a share: give how many succeeded, not which part."


def figures(cells: Sequence[Any], name: str, bounds: Bounds = ANY) -> Floats:
    """Cells as numbers, NaN where empty; decimal commas are told by all of them together."""
    if not cells:
        return np.empty(0)
    found: Floats = numbers(table_of({name: list(cells)}), 0).values
    for cell, value in zip(cells, found.tolist(), strict=True):
        if isinstance(cell, bool) or (math.isnan(value) and not is_nothing(cell)):
            raise BadArguments(f"{name} holds {cleaning.shown(cell)}, which is not a number.")
    _check(found, name, bounds)
    return found


def is_nothing(cell: Any) -> bool:
    """An empty cell, or a word people write for one, such as n/a or -."""
    return is_blank(cell) or cleaning.is_empty_word(cell)


def is_word(cell: Any) -> bool:
    """Text that is neither nothing, nor an error, nor a number."""
    if not isinstance(cell, str) or is_nothing(cell) or cleaning.is_error(cell):
        return False
    return bool(np.isnan(numbers(table_of({"": [cell]}), 0).values[0]))


def _check(found: Floats, name: str, bounds: Bounds) -> None:
    outside = found[(found < bounds.low) | (found > bounds.high)]
    if outside.size and bounds.high <= 1 < outside[0] <= 100:
        raise BadArguments(
            f"{name} is {outside[0]:g}; write {outside[0]:g}% or {outside[0] / 100:g}."
        )
    if outside.size:
        raise BadArguments(f"{name} is {outside[0]:g}; it must be {bounds.said}.")


def _is_empty(cells: Sequence[Any]) -> bool:
    return all(map(is_nothing, cells))


def _bare(rows: Rows) -> Rows:
    """Without a first row of words, and without a first column of words or dates."""
    if len(rows) > 1 and _are(rows[0], is_word):
        rows = rows[1:]
    if rows and len(rows[0]) > 1 and _are([row[0] for row in rows], _is_label):
        rows = [row[1:] for row in rows]
    return rows


def _are(cells: Sequence[Any], test: Callable[[Any], bool]) -> bool:
    filled = [cell for cell in cells if not is_nothing(cell)]
    return bool(filled) and all(map(test, filled))


def _is_label(cell: Any) -> bool:
    return is_word(cell) or not isinstance(cell, bool | int | float | str)
