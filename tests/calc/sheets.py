"""Sheets: xlwings' engine of a workbook's sheets, over LibreOffice Calc."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from tests.calc.addresses import Rectangle, rectangle
from tests.calc.bridge import struct
from tests.calc.charts import Charts
from tests.calc.names import Names
from tests.calc.ranges import Note, Range
from tests.calc.strict import ExcelRefuses, Native
from tests.calc.tables import Tables
from tests.calc.values import Cells

if TYPE_CHECKING:
    from tests.calc.books import Book

VISIBLE, HIDDEN, VERY_HIDDEN = -1, 0, 2


class Sheets(base_classes.Sheets):
    """The sheets of a workbook, in order."""

    def __init__(self, book: Book) -> None:
        self.book = book

    @property
    def api(self) -> Native:
        return Native("sheets")

    @property
    def active(self) -> Sheet:
        return self.of(self.book.document.controller.ActiveSheet)

    def of(self, sheet: Any) -> Sheet:
        """xlwings' engine of LibreOffice's sheet."""
        return Sheet(self.book, sheet)

    def __call__(self, name_or_index: int | str) -> Sheet:
        there = self.book.document.sheets()
        if isinstance(name_or_index, str):
            for name, sheet in there.items():
                if name.casefold() == name_or_index.casefold():
                    return self.of(sheet)
        elif 1 <= name_or_index <= len(there):
            return self.of(list(there.values())[name_or_index - 1])
        raise ExcelRefuses(f"{self.book.name} has no sheet {name_or_index!r}")

    def __len__(self) -> int:
        return int(self.book.document.doc.Sheets.Count)

    def __iter__(self) -> Iterator[Sheet]:
        for sheet in self.book.document.sheets().values():
            yield self.of(sheet)

    def __contains__(self, key: str) -> bool:
        return key.casefold() in {name.casefold() for name in self.book.document.sheets()}

    def add(
        self, before: Sheet | None = None, after: Sheet | None = None, name: str | None = None
    ) -> Sheet:
        """A new sheet, active from then on; before the active one where nothing is said."""
        self.book.document.will_write(self)
        position = (before or after or self.active).index - 1 + (after is not None)
        taken = {sheet.name.casefold() for sheet in self}
        fresh = next(f"Sheet{n}" for n in range(1, 999) if f"sheet{n}" not in taken)
        self.book.document.doc.Sheets.insertNewByName(fresh, position)
        sheet = self(fresh)
        if name is not None:
            sheet.name = name
        sheet.activate()
        return sheet


class Sheet(base_classes.Sheet):
    """One sheet."""

    book: Any = None  # a plain attribute in the place of a property that only refuses

    def __init__(self, book: Book, sheet: Any) -> None:
        self.book, self.sheet = book, sheet
        self.document = book.document

    @property
    def api(self) -> Native:
        return Native(f"sheet {self.name}")

    @property
    def content(self) -> Cells:
        """The values of the sheet."""
        return Cells(self.document.doc, self.sheet, self.document.formulas, self.document.kinds)

    def cells_of(self, at: Rectangle) -> Any:
        """LibreOffice's object for cells."""
        if at.shape == (1, 1):
            return self.sheet.getCellByPosition(at.left, at.top)
        return self.sheet.getCellRangeByPosition(at.left, at.top, at.right, at.bottom)

    def range_of(self, address: Any) -> Range:
        """xlwings' engine of LibreOffice's address."""
        at = Rectangle(address.StartRow, address.StartColumn, address.EndRow, address.EndColumn)
        return Range(self, at)

    @property
    def name(self) -> str:
        return self.sheet.Name

    @name.setter
    def name(self, value: str) -> None:
        others = {sheet.name.casefold() for sheet in self.book.sheets} - {self.name.casefold()}
        bad = re.search(r"[\\/?*\[\]:]", value) or value[:1] == "'" or value[-1:] == "'"
        if bad or not 0 < len(value) <= 31 or value.casefold() in others | {"history"}:
            raise ExcelRefuses(f"a sheet cannot be called {value!r}")
        self.document.renamed(self.name, value)
        self.sheet.setName(value)

    @property
    def names(self) -> Names:
        return Names(self.book, self)

    @property
    def index(self) -> int:
        return int(self.sheet.RangeAddress.Sheet) + 1

    def range(self, arg1: Any, arg2: Any = None) -> Range:
        if isinstance(arg1, tuple) and len(arg1) == 4:
            row, column, rows, columns = arg1
            return Range(self, Rectangle(row - 1, column - 1, row + rows - 2, column + columns - 2))
        if isinstance(arg1, int) and isinstance(arg2, int):
            arg1, arg2 = (arg1, arg2), None
        first = self._corner(arg1)
        last = first if arg2 is None else self._corner(arg2)
        return Range(
            self,
            Rectangle(
                min(first.top, last.top), min(first.left, last.left),
                max(first.bottom, last.bottom), max(first.right, last.right),
            ),
        )  # fmt: skip

    def _corner(self, said: Any) -> Rectangle:
        if isinstance(said, Range):
            return said.at
        if hasattr(said, "impl"):
            return said.impl.at
        if isinstance(said, tuple):
            if 0 in said:
                raise IndexError("ranges count from 1")
            return Rectangle(said[0] - 1, said[1] - 1, said[0] - 1, said[1] - 1)
        found = rectangle(said)
        if found is None:
            for name in (*self.names._all(), *self.book.names._all()):
                if name.name.rpartition("!")[2].casefold() == said.casefold():
                    return name.refers_to_range.at
            raise ExcelRefuses(f"{self.name}: {said!r} is neither an address nor a name")
        return found

    @property
    def cells(self) -> Range:
        return self.range_of(self.sheet.RangeAddress)

    @property
    def used_range(self) -> Range:
        cursor = self.sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        end = cursor.RangeAddress
        cursor.gotoStartOfUsedArea(False)
        start = cursor.RangeAddress
        return Range(self, Rectangle(start.StartRow, start.StartColumn, end.EndRow, end.EndColumn))

    def activate(self) -> None:
        if self.visible != VISIBLE:
            raise ExcelRefuses(f"{self.name} is hidden and cannot be activated")
        self.document.controller.setActiveSheet(self.sheet)
        self.book.activate()

    def select(self) -> None:
        self.activate()

    def clear(self) -> None:
        self.cells.clear()

    def clear_contents(self) -> None:
        self.cells.clear_contents()

    def autofit(self, axis: str | None = None) -> None:
        self.cells.autofit(axis)

    def delete(self) -> None:
        self._refuse_last()
        self.document.will_write(self)
        self.document.renamed(self.name, None)
        self.document.doc.Sheets.removeByName(self.name)

    def move(self, before: Sheet | None, after: Sheet | None) -> None:
        target = before or after
        assert target is not None
        self.document.doc.Sheets.moveByName(self.name, target.index - 1 + (after is not None))

    def copy(self, before: Sheet | None, after: Sheet | None) -> None:
        target = before or after
        if target is None or target.document is not self.document:
            raise ExcelRefuses("copying a sheet into another workbook crashes LibreOffice")
        taken = {sheet.name for sheet in self.book.sheets}
        name = next(n for i in range(2, 99) if (n := f"{self.name[:27]} ({i})") not in taken)
        position = target.index - 1 + (after is not None)
        self.document.doc.Sheets.copyByName(self.name, name, position)

    @property
    def visible(self) -> int:
        if self.sheet.IsVisible:
            return VISIBLE
        return VERY_HIDDEN if self.name in self.document.very_hidden else HIDDEN

    @visible.setter
    def visible(self, value: int) -> None:
        if value not in (True, False, VISIBLE, HIDDEN, VERY_HIDDEN):
            raise ExcelRefuses(f"visible = {value!r}")
        shown = value in (True, VISIBLE) and value != VERY_HIDDEN
        if not shown and self.sheet.IsVisible:
            self._refuse_last()
        self.document.very_hidden.discard(self.name)
        if value == VERY_HIDDEN:
            self.document.very_hidden.add(self.name)
        self.sheet.IsVisible = shown

    def _refuse_last(self) -> None:
        if not any(other.sheet.IsVisible for other in self.book.sheets if other.name != self.name):
            raise ExcelRefuses(f"{self.name} is the last visible sheet")

    @property
    def show_gridlines(self) -> bool:
        return self._in_view(lambda view: bool(view.ShowGrid))

    @show_gridlines.setter
    def show_gridlines(self, value: bool) -> None:
        self._in_view(lambda view: setattr(view, "ShowGrid", bool(value)))

    def _in_view(self, act: Any) -> Any:
        if self.visible != VISIBLE:
            raise ValueError(f"{self.name} is hidden: it cannot be activated")
        view = self.document.controller
        before = view.ActiveSheet
        view.setActiveSheet(self.sheet)
        try:
            return act(view)
        finally:
            view.setActiveSheet(before)

    @property
    def page_setup(self) -> PageSetup:
        return PageSetup(self)

    @property
    def charts(self) -> Charts:
        return Charts(self)

    @property
    def tables(self) -> Tables:
        return Tables(self)

    @property
    def notes(self) -> list[Note]:
        notes = self.sheet.Annotations
        spots = [notes.getByIndex(index).Position for index in range(notes.Count)]
        return [Note(self.range((s.Row + 1, s.Column + 1))) for s in spots]


class PageSetup(base_classes.PageSetup):
    """What is printed: the area, which is all that xlwings offers."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    @property
    def api(self) -> Native:
        return Native("page_setup")

    @property
    def print_area(self) -> str | None:
        areas = self.sheet.sheet.getPrintAreas()
        return ",".join(self.sheet.range_of(area).address for area in areas) or None

    @print_area.setter
    def print_area(self, value: str | None) -> None:
        if value is None:
            self.sheet.sheet.setPrintAreas(())
            return
        at = self.sheet.range(value).at
        area = struct(
            "table.CellRangeAddress",
            Sheet=self.sheet.index - 1,
            StartRow=at.top, StartColumn=at.left, EndRow=at.bottom, EndColumn=at.right,
        )  # fmt: skip
        self.sheet.sheet.setPrintAreas((area,))
