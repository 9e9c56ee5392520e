"""Stands in for an open workbook: sheets of cells in, plans out. What a real one does is tested with the live host."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mapseg_xl.hosts.live.host import Undone, Written
from mapseg_xl.intake.tables import RawSheet
from mapseg_xl.report import memory
from mapseg_xl.report.identity import Previous
from mapseg_xl.report.verbs import Block


@dataclass
class PaperSheet:
    """A sheet that can be shown."""

    book: Any
    name: str

    @property
    def visible(self):
        return self.name not in self.book.hidden

    def activate(self):
        assert self.visible  # Excel refuses
        self.book.shown = self.name

    def range(self, cell):
        self.book.cell = cell
        return self

    def select(self):
        self.book.selected = self.cell_of()

    def cell_of(self):
        return self.name, self.book.cell


@dataclass
class PaperBook:
    """A workbook on paper: the team's sheets, our tabs as the last plan has them."""

    team: list[RawSheet]
    name: str = "Team.xlsx"
    plans: list[Any] = field(default_factory=list)
    typed: dict[Any, Any] = field(default_factory=dict)  # by key of an input cell
    memory: dict[str, str] = field(default_factory=dict)
    shown: str = ""
    selected: Any = None
    cell: str = ""
    hidden: tuple[str, ...] = ()

    @property
    def tabs(self):
        return [s.name for plan in self.plans[-1:] for s in plan.sheets if s.name != memory.SHEET]

    @property
    def sheets(self):
        return [PaperSheet(self, name) for name in [*(s.sheet for s in self.team), *self.tabs]]


class PaperLive:
    """The live host's functions over paper."""

    def sheets_of(self, book):
        return tuple(book.team)

    def taken_names(self, book):
        return frozenset(sheet.sheet for sheet in book.team)

    def memory_of(self, book):
        return dict(book.memory)

    def from_1904(self, _book):
        return False

    def remember(self, book, key, text):
        book.memory[key] = text

    def previous_of(self, book):
        if not book.plans:
            return None
        plan = book.plans[-1]
        typed = {place.key: _shown(plan, place.place) for place in plan.inputs}
        places = {p.key: f"{p.place.sheet}!{p.place.address}" for p in plan.inputs}
        return Previous(book.memory, {**typed, **book.typed}, plan.orders, (), places)

    def write(self, plan, book, progress):
        (block,) = plan.sheets[-1].verbs
        names = [s.name for s in plan.sheets if s.name != memory.SHEET]
        for at, name in enumerate(names):
            progress(f"Writing {name}", at / len(names))
        book.memory |= memory.from_rows(block.rows).memory
        book.plans.append(plan)
        return Written(tuple(names), ())

    def undo(self, book, _progress):
        if not book.plans:
            return None
        book.plans.pop()
        return Undone((), ())


def _shown(plan, place):
    (sheet,) = (s for s in plan.sheets if s.name == place.sheet)
    for verb in sheet.verbs:
        if isinstance(verb, Block):
            rect = verb.rect
            row, column = place.rect.top, place.rect.left
            if rect.top <= row <= rect.bottom and rect.left <= column <= rect.right:
                return verb.rows[row - rect.top][column - rect.left]
    return None


def sheet_of_rows(rows, name="CRM"):
    """Rows of dictionaries as a sheet of an open workbook: a head, then values."""
    heads = list(rows[0])
    columns = []
    for head in heads:
        column = np.empty(len(rows) + 1, dtype=object)
        column[:] = [head, *(_typed(row[head]) for row in rows)]
        columns.append(column)
    return RawSheet("Team.xlsx", name, tuple(columns))


def _typed(value):
    text = str(value)
    try:
        return float(text)
    except ValueError:
        return text or None
