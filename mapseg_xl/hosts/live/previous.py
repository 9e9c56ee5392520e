"""Reads an earlier run of ours out of an open workbook: what people typed, what they wrote over it. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from mapseg_xl.hosts.earlier import Beside, Held, Spot, previous_in, scalar, strays
from mapseg_xl.hosts.live import memory as live_memory
from mapseg_xl.hosts.live import read as live_read
from mapseg_xl.hosts.live.memory import WRITING, LiveMemory, Snapshot, TabRecord
from mapseg_xl.hosts.live.places import named, place
from mapseg_xl.report import memory
from mapseg_xl.report.identity import Previous, Stray
from mapseg_xl.report.memory import InputMemory, Remembered
from mapseg_xl.report.spec import Scalar
from mapseg_xl.report.verbs import Rect


def previous_of(book: Any) -> Previous | None:
    """What an open workbook holds of an earlier run and of people since; None where there was no run.

    Other people's sheets do no harm here, and what they wrote beside our cells stays there: only words over our cells
    are strays. A run that was killed half-way counts as not begun; what was typed before it is kept, and what was
    typed since on half-written tabs is a stray.
    """
    known = live_memory.read(book)
    if known.state == WRITING and known.before is not None:
        return _before_the_killed_run(book, known, known.before)
    if not known.remembered.written:
        return None
    opened = OpenBook(book, known.tabs)
    found = previous_in(opened, known.remembered)
    return replace(found, strays=tuple(over_ours(opened, known.remembered, found.strays)))


def taken_names(book: Any) -> frozenset[str]:
    """Names of sheets that are not ours: no tab of ours may have one of them."""
    ours = {name.casefold() for name in (*live_memory.read(book).ours, memory.SHEET)}
    return frozenset(sheet.name for sheet in book.sheets if sheet.name.casefold() not in ours)


def over_ours(
    opened: OpenBook, remembered: Remembered, found: tuple[Stray, ...]
) -> Iterator[Stray]:
    """The strays in cells that we wrote, and comments, which go when our cells are cleared."""
    beside = {
        sheet: Beside(opened.cells(sheet), rects)
        for sheet, rects in remembered.written.items()
        if sheet in opened.sheets
    }
    for stray in found:
        sheet, _, address = stray.where.rpartition("!")
        spot = cell_of(address)
        if stray.what == "Comment" or not beside[sheet].holds(*spot):
            yield stray


def cell_of(address: str) -> tuple[int, int]:
    """Row and column, from 0, of an address such as `C8`."""
    found = place(f"=s!{address}")
    if found is None:
        raise ValueError(f"{address} is no cell")
    return found[1].top, found[1].left


class OpenBook:
    """An open workbook as finding an earlier run reads it: a tab at a time, names only where rows have moved."""

    def __init__(self, book: Any, tabs: Mapping[str, TabRecord]) -> None:
        self.book, self.tabs = book, tabs
        self._held: dict[str, dict[tuple[int, int], Held]] = {}
        self._stands: dict[str, bool] = {}

    @cached_property
    def sheets(self) -> tuple[str, ...]:
        """Names of the workbook's sheets."""
        return tuple(sheet.name for sheet in self.book.sheets)

    def area(self, sheet: str) -> Rect | None:
        """Where our cells lie on a sheet now."""
        record = self.tabs.get(sheet)
        if record is None:
            return None
        found = place(named(self.book, record.anchor) or "")
        return found[1] if found and found[0] == sheet else record.area

    def stands(self, sheet: str) -> bool:
        """Whether no row or column of a tab has moved since we wrote it."""
        if sheet not in self._stands:
            record = self.tabs.get(sheet)
            known = record is not None and record.area is not None
            self._stands[sheet] = known and sheet in self.sheets and self._unmoved(sheet)
        return self._stands[sheet]

    def _unmoved(self, sheet: str) -> bool:
        record = self.tabs[sheet]
        return place(named(self.book, record.anchor) or "") == (sheet, record.area)

    def spot(self, entry: InputMemory) -> Spot | None:
        """Where an input cell stands now: its name has moved with it."""
        if self.stands(entry.sheet):
            return entry.sheet, entry.address
        refers = named(self.book, entry.name)
        if refers is None:
            return entry.sheet, entry.address
        found = place(refers)
        return (found[0], Rect.cell(found[1].top, found[1].left).a1) if found else None

    def value(self, spot: Spot) -> Scalar:
        """What a cell shows now."""
        cell = self.held(spot[0]).get(cell_of(spot[1]))
        if cell is None:
            return None
        return scalar(cell.formula if cell.formula and cell.value == "" else cell.value)

    def cells(self, sheet: str) -> list[Held]:
        """Every cell that holds something."""
        return list(self.held(sheet).values())

    def held(self, sheet: str) -> Mapping[tuple[int, int], Held]:
        """Every cell that holds something, by row and column; read once."""
        if sheet not in self._held:
            cells = live_read.held(self.book.sheets[sheet])
            self._held[sheet] = {(cell.row, cell.column): cell for cell in cells}
        return self._held[sheet]

    def comments(self, sheet: str) -> Iterator[tuple[str, str]]:
        """Notes on our cells, and threaded comments where Excel hands them over. Those beside stay where they are."""
        area = self.area(sheet)
        there = self.book.sheets[sheet]
        for note in (*there.notes, *_threaded(there)):
            row, column = note.location.row - 1, note.location.column - 1
            if area is None or _inside(area, row, column):
                yield Rect.cell(row, column).a1, note.text


def _threaded(sheet: Any) -> list[Any]:
    """Threaded comments. A Mac does not hand them over, and an Excel before they came has none."""
    try:
        return list(sheet.comments)
    except Exception:  # noqa: BLE001  # whatever Excel answers to a word it does not know
        return []


def _inside(area: Rect, row: int, column: int) -> bool:
    return area.top <= row <= area.bottom and area.left <= column <= area.right


def _before_the_killed_run(book: Any, known: LiveMemory, before: Snapshot) -> Previous:
    """As `previous_of` would have been before that run, and with whatever constant on our tabs neither run wrote."""
    remembered = memory.from_rows(before.rows)
    following = known.following or Remembered()
    opened = OpenBook(book, known.tabs)
    ours = frozenset(
        memory.fingerprint(value)
        for value in (*(row[4] for row in before.typed), *(row[3] for row in before.over))
        if isinstance(value, str | int | float)
    )
    empty: frozenset[str] = frozenset()
    said = {
        sheet: remembered.said.get(sheet, empty) | following.said.get(sheet, empty) | ours
        for sheet in (*remembered.said, *following.said)
    }
    since = strays(opened, replace(following, said=said), ())
    typed_at = {(sheet, cell_of(address)) for *_, sheet, address in before.typed}
    over = tuple(
        Stray(f"{sheet}!{Rect.cell(row, column).a1}", "Cell", str(value))
        for sheet, row, column, value in before.over
        if (sheet, (row, column)) not in typed_at
    )
    return Previous(
        memory=remembered.memory,
        typed={(row[0], row[1], row[2], row[3]): row[4] for row in before.typed},
        orders=remembered.orders,
        strays=(*over, *(stray for stray in since if stray.what == "Cell")),
        places={(r[0], r[1], r[2], r[3]): f"{r[5]}!{r[6]}" for r in before.typed},
    )
