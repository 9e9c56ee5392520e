"""What an earlier run of ours, and people since, left in a workbook: found alike in a file and in an open workbook."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from mapseg_xl.report import memory
from mapseg_xl.report.identity import Previous, Stray
from mapseg_xl.report.spec import Scalar
from mapseg_xl.report.verbs import Key, Rect

Spot = tuple[str, str]  # sheet, address


@dataclass(frozen=True, slots=True)
class Held:
    """A cell that holds something; row and column from 0. `formula`: as it was typed, "" for a constant."""

    row: int
    column: int
    value: Any
    formula: str = ""

    @property
    def address(self) -> str:
        """Address within the sheet."""
        return Rect.cell(self.row, self.column).a1


class Opened(Protocol):
    """The few reads that finding an earlier run takes."""

    @property
    def sheets(self) -> Collection[str]:
        """Names of the workbook's sheets."""

    def spot(self, entry: memory.InputMemory) -> Spot | None:
        """Where an input cell stands now; None where its row or sheet was deleted."""

    def value(self, spot: Spot) -> Scalar:
        """What a cell shows now; the text of a formula that was never calculated."""

    def cells(self, sheet: str) -> Iterable[Held]:
        """Every cell of a sheet that holds something."""

    def comments(self, sheet: str) -> Iterable[tuple[str, str]]:
        """Address and text of every comment."""


def previous_in(opened: Opened, remembered: memory.Remembered) -> Previous:
    """The earlier run, what is typed in its input cells now, and what people wrote over or beside our cells."""
    places: dict[Key, Spot] = {}
    for entry in remembered.inputs:
        spot = opened.spot(entry)
        if spot is not None and spot[0] in opened.sheets:
            places[entry.key] = spot
    return Previous(
        memory=remembered.memory,
        typed={key: opened.value(spot) for key, spot in places.items()},
        orders=remembered.orders,
        strays=tuple(strays(opened, remembered, set(places.values()))),
        places={key: f"{sheet}!{address}" for key, (sheet, address) in places.items()},
    )


def strays(
    opened: Opened, remembered: memory.Remembered, inputs: Collection[Spot]
) -> Iterator[Stray]:
    """What people wrote over or beside our cells, and their comments."""
    for sheet, said in remembered.said.items():
        if sheet not in opened.sheets:
            continue
        for address, text in opened.comments(sheet):
            yield Stray(f"{sheet}!{address}", "Comment", text)
        held = list(opened.cells(sheet))
        beside = Beside(held, remembered.written.get(sheet, ()))
        for cell in held:
            where = f"{sheet}!{cell.address}"
            if (sheet, cell.address) in inputs:
                continue
            if cell.formula:
                if beside.holds(cell.row, cell.column):
                    yield Stray(where, "Formula", cell.formula)
            elif memory.fingerprint(_printable(cell.value)) not in said:
                yield Stray(where, "Cell", str(scalar(cell.value)))


def scalar(value: Any) -> Scalar:
    """What a cell holds, as a report holds it: days without a time."""
    if isinstance(value, str):
        return memory.unescaped(value)
    if isinstance(value, datetime):
        return value.date()
    return value if value is None or isinstance(value, int | float | date) else str(value)


def _printable(value: Any) -> str | float | date:
    found = scalar(value)
    return found if isinstance(found, str | int | float | date) else str(value)


class Beside:
    """Tells which cells of a sheet are none of ours.

    Our formulas cannot be known again by their text, which inserted rows change. So where rows were inserted,
    only columns in which we wrote nothing count.
    """

    def __init__(self, held: Iterable[Held], rects: tuple[Rect, ...]) -> None:
        filled = {(cell.row, cell.column) for cell in held}
        self.rects = rects
        self.moved = any((rect.top, rect.left) not in filled for rect in rects)

    def holds(self, row: int, column: int) -> bool:
        """Whether the cell, counted from 0, lies outside everything we wrote."""
        return not any(
            rect.left <= column <= rect.right and (self.moved or rect.top <= row <= rect.bottom)
            for rect in self.rects
        )
