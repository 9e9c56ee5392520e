"""Ranges: xlwings' engine of a rectangle of cells, over LibreOffice Calc."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from tests.calc import looks
from tests.calc.addresses import COLUMNS, ROWS, Rectangle, text_of
from tests.calc.bridge import enum, struct
from tests.calc.rules import ConditionalFormats, DataValidation
from tests.calc.strict import ExcelRefuses, Native

if TYPE_CHECKING:
    from tests.calc.sheets import Sheet

_POINT = 2540 / 72  # in hundredths of a millimetre
_DIGIT_PX, _PADDING_PX = 7, 5  # Calibri 11, Excel's Normal
_CONTENTS, _ATTRIBUTES = 1 | 2 | 4 | 16, 32 | 64 | 512
_NOTES = 8


class Range(base_classes.Range):
    """A rectangle of cells."""

    def __init__(self, sheet: Sheet, at: Rectangle) -> None:
        self.sheet, self.at = sheet, at
        self.options: dict[str, Any] = {}

    # what it is

    @cached_property
    def cells(self) -> Any:
        """LibreOffice's object."""
        return self.sheet.cells_of(self.at)

    @property
    def api(self) -> Native:
        return Native(f"range {self.address}")

    @property
    def coords(self) -> tuple[Any, int, int, int, int]:
        return self.sheet, self.row, self.column, *self.shape

    @property
    def row(self) -> int:
        return self.at.top + 1

    @property
    def column(self) -> int:
        return self.at.left + 1

    @property
    def shape(self) -> tuple[int, int]:
        return self.at.shape

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __call__(self, row: int, column: int | None = None) -> Range:
        if column is None:
            row, column = divmod(row - 1, self.shape[1])
            row, column = row + 1, column + 1
        top, left = self.at.top + row - 1, self.at.left + column - 1
        return Range(self.sheet, Rectangle(top, left, top, left))

    @property
    def address(self) -> str:
        return text_of(self.at)

    def get_address(self, row_absolute: bool, col_absolute: bool, external: bool) -> str:
        text = text_of(self.at, row_absolute, col_absolute)
        if not external:
            return text
        name = f"[{self.sheet.book.name}]{self.sheet.name}"
        plain = name.replace("[", "").replace("]", "").replace(".", "").replace("_", "").isalnum()
        return f"{name}!{text}" if plain else "'" + name.replace("'", "''") + f"'!{text}"

    @property
    def reference(self) -> str:
        """As a formula names it: `='Tab'!$A$1:$A$9`."""
        return "='" + self.sheet.name.replace("'", "''") + "'!" + self.address

    @property
    def rows(self) -> Range:
        return self

    @property
    def columns(self) -> Range:
        return self

    # values

    @property
    def raw_value(self) -> Any:
        rows = self.sheet.content.read(self.at)
        return rows[0][0] if len(self) == 1 else rows

    @raw_value.setter
    def raw_value(self, data: Any) -> None:
        self.sheet.document.will_write(self)
        if not isinstance(data, list | tuple):
            if isinstance(data, str) and data.startswith("=") and len(self) > 1:
                self.sheet.content.fill_formula(self.at, data)
                return
            data = [[data] * self.shape[1]] * self.shape[0]
        elif not data or not isinstance(data[0], list | tuple):
            raise ExcelRefuses("raw_value: a list of rows, or one value")
        self.sheet.content.write(self.at, data)

    @property
    def formula(self) -> Any:
        rows = self.sheet.content.read_formulas(self.at)
        return rows[0][0] if len(self) == 1 else rows

    @formula.setter
    def formula(self, value: Any) -> None:
        self.raw_value = value

    @property
    def has_array(self) -> bool:
        return bool(self.cells.getArrayFormula())

    def clear_contents(self) -> None:
        self.sheet.document.will_write(self)
        self.cells.clearContents(_CONTENTS)

    def clear_formats(self) -> None:
        self.sheet.document.will_write(self)
        rule = self.cells.Validation
        self.cells.clearContents(_ATTRIBUTES)
        if rule is not None:
            self.cells.Validation = rule
        self.conditional_formats.clear()

    def clear(self) -> None:
        self.sheet.document.will_write(self)
        self.cells.clearContents(_CONTENTS | _NOTES | _ATTRIBUTES)
        self.conditional_formats.clear()

    # looks

    @property
    def number_format(self) -> str | None:
        key = looks.uniform(self.cells, "NumberFormat")
        return None if key is None else self.sheet.document.format_code(key)

    @number_format.setter
    def number_format(self, value: str) -> None:
        self.cells.NumberFormat = self.sheet.document.format_key(value)

    @property
    def font(self) -> looks.Font:
        return looks.Font(self.cells)

    @property
    def borders(self) -> looks.Borders:
        return looks.Borders(self, self.cells)

    @property
    def color(self) -> Any:
        return looks.colour_of(looks.uniform(self.cells, "CellBackColor"))

    @color.setter
    def color(self, value: Any) -> None:
        self.cells.CellBackColor = looks.number_of(value)

    @property
    def wrap_text(self) -> bool | None:
        return looks.uniform(self.cells, "IsTextWrapped")

    @wrap_text.setter
    def wrap_text(self, value: bool) -> None:
        self.cells.IsTextWrapped = bool(value)

    @property
    def horizontal_alignment(self) -> str | None:
        return looks.horizontal(self.cells)

    @horizontal_alignment.setter
    def horizontal_alignment(self, value: str) -> None:
        looks.set_horizontal(self.cells, value)

    @property
    def vertical_alignment(self) -> str | None:
        return looks.vertical(self.cells)

    @vertical_alignment.setter
    def vertical_alignment(self, value: str) -> None:
        looks.set_vertical(self.cells, value)

    @property
    def data_validation(self) -> DataValidation:
        return DataValidation(self.cells, self.at, self.sheet.document)

    @property
    def conditional_formats(self) -> ConditionalFormats:
        return ConditionalFormats(self.at, self.sheet.document.rules_of(self.sheet.name))

    # size

    @property
    def left(self) -> float:
        return _pixels(self.cells.Position.X)

    @property
    def top(self) -> float:
        return _quarters(self.cells.Position.Y)

    @property
    def width(self) -> float:
        return _pixels(self.cells.Size.Width)

    @property
    def height(self) -> float:
        return _quarters(self.cells.Size.Height)

    @property
    def column_width(self) -> float | None:
        widths = {self.sheet.sheet.Columns.getByIndex(c).Width for c in self._columns()}
        if len(widths) > 1:
            return None
        pixels = _pixels(widths.pop()) / 0.75
        return max(0.0, round((pixels - _PADDING_PX) / _DIGIT_PX, 2))

    @column_width.setter
    def column_width(self, value: float) -> None:
        if not 0 <= value <= 255:
            raise ExcelRefuses("a column is 0 to 255 characters wide")
        pixels = int(value * _DIGIT_PX + _PADDING_PX + 0.5) if value >= 1 else int(value * 12 + 0.5)
        self.cells.Columns.Width = round(pixels * 0.75 * _POINT)

    @property
    def row_height(self) -> float | None:
        heights = {self.sheet.sheet.Rows.getByIndex(r).Height for r in self._rows()}
        return _quarters(heights.pop()) if len(heights) == 1 else None

    @row_height.setter
    def row_height(self, value: float) -> None:
        if not 0 <= value <= 409.5:
            raise ExcelRefuses("a row is 0 to 409.5 points high")
        self.cells.Rows.Height = round(value * _POINT)

    def autofit(self, axis: str | None = None) -> None:
        if axis in ("rows", "r", None):
            self.cells.Rows.OptimalHeight = True
        if axis in ("columns", "c", None):
            self.cells.Columns.OptimalWidth = True

    @property
    def row_hidden(self) -> bool | None:
        return self._same(not self.sheet.sheet.Rows.getByIndex(r).IsVisible for r in self._rows())

    @row_hidden.setter
    def row_hidden(self, value: bool) -> None:
        self.cells.Rows.IsVisible = not value

    @property
    def column_hidden(self) -> bool | None:
        columns = self.sheet.sheet.Columns
        return self._same(not columns.getByIndex(c).IsVisible for c in self._columns())

    @column_hidden.setter
    def column_hidden(self, value: bool) -> None:
        self.cells.Columns.IsVisible = not value

    @staticmethod
    def _same(values: Any) -> Any:
        found = set(values)
        return found.pop() if len(found) == 1 else None

    def _columns(self) -> range:
        return range(self.at.left, self.at.right + 1)

    def _rows(self) -> range:
        return range(self.at.top, self.at.bottom + 1)

    def get_special_cells(self, cell_type: str, value_type: str | None) -> list[Range]:
        """The cells in sight; of the others nothing of ours asks."""
        if cell_type != "visible" or value_type is not None:
            raise ExcelRefuses(f"special cells {cell_type}: not needed by anything of ours")
        return [self.sheet.range_of(a) for a in self.cells.queryVisibleCells().RangeAddresses]

    # where it ends, rows put in and taken out

    @property
    def current_region(self) -> Range:
        cursor = self.sheet.sheet.createCursorByRange(self.cells)
        cursor.collapseToCurrentRegion()
        return self.sheet.range_of(cursor.RangeAddress)

    def end(self, direction: str) -> Range:
        """Ctrl and an arrow key: to the last filled cell, or past a gap to the next one."""
        last = self.sheet.used_range.at
        row, column = self.at.top, self.at.left
        match direction:
            case "down" | "d":
                line = [(r, column) for r in range(row, last.bottom + 1)]
                edge = (ROWS - 1, column)
            case "up" | "u":
                line = [(r, column) for r in range(row, -1, -1)]
                edge = (0, column)
            case "right" | "r":
                line = [(row, c) for c in range(column, last.right + 1)]
                edge = (row, COLUMNS - 1)
            case _:
                line = [(row, c) for c in range(column, -1, -1)]
                edge = (row, 0)
        return Range(self.sheet, Rectangle(*(found := self._stop(line, edge)), *found))

    def _stop(self, line: list[tuple[int, int]], edge: tuple[int, int]) -> tuple[int, int]:
        if len(line) < 2:
            return edge
        (top, left), (bottom, right) = min(line), max(line)
        rows = self.sheet.content.read(Rectangle(top, left, bottom, right))
        filled = [rows[r - top][c - left] is not None for r, c in line]
        if filled[0] and filled[1]:
            return line[filled.index(False) - 1] if False in filled else line[-1]
        return next((spot for spot, full in zip(line[1:], filled[1:], strict=True) if full), edge)

    def insert(self, shift: str | None, copy_origin: str | None) -> None:
        self.sheet.document.will_write(self)
        mode = self._whole or {"down": "DOWN", "right": "RIGHT", None: "DOWN"}[shift]
        self.sheet.sheet.insertCells(self.cells.RangeAddress, enum("sheet.CellInsertMode", mode))

    def delete(self, shift: str | None = None) -> None:
        self.sheet.document.will_write(self)
        mode = self._whole or {"up": "UP", "left": "LEFT", None: "UP"}[shift]
        self.sheet.sheet.removeRange(self.cells.RangeAddress, enum("sheet.CellDeleteMode", mode))

    @property
    def _whole(self) -> str | None:
        rows, columns = self.shape
        return "ROWS" if columns == COLUMNS else "COLUMNS" if rows == ROWS else None

    @property
    def merge_cells(self) -> bool:
        return bool(self.cells.IsMerged)

    @property
    def merge_area(self) -> Range:
        cursor = self.sheet.sheet.createCursorByRange(self.cells)
        cursor.collapseToMergedArea()
        return self.sheet.range_of(cursor.RangeAddress)

    def merge(self, across: bool) -> None:
        self.cells.merge(True)

    # names, notes, selection

    @property
    def name(self) -> Any:
        return self.sheet.book.names.of_range(self)

    @name.setter
    def name(self, value: str) -> None:
        self.sheet.book.names.add(value, self.reference)

    @property
    def table(self) -> Any:
        return self.sheet.tables.holding(self.at)

    @property
    def note(self) -> Note | None:
        note = Note(self)
        return note if note.exists else None

    def add_note(self, text: str) -> Note:
        if self.note is not None:
            raise ExcelRefuses(f"{self.address} has a note already")
        if len(self) != 1:
            raise ExcelRefuses("a note belongs to one cell")
        self.sheet.sheet.Annotations.insertNew(self.spot, text)
        return Note(self)

    @property
    def spot(self) -> Any:
        """LibreOffice's address of the first cell."""
        sheet = self.cells.RangeAddress.Sheet
        return struct("table.CellAddress", Sheet=sheet, Column=self.at.left, Row=self.at.top)

    def select(self) -> None:
        book = self.sheet.book
        if book.sheets.active.name != self.sheet.name or not book.is_active:
            raise ExcelRefuses(
                f"{self.sheet.name}!{self.address}: activate the sheet before selecting"
            )
        book.document.controller.select(self.cells)


class Note(base_classes.Note):
    """The note of a cell."""

    def __init__(self, cell: Range) -> None:
        self.cell = cell

    @property
    def api(self) -> Native:
        return Native("note")

    @property
    def exists(self) -> bool:
        """Whether the cell has one."""
        return self._index is not None

    @property
    def text(self) -> str:
        return self._all.getByIndex(self._index).String

    @text.setter
    def text(self, value: str) -> None:
        self.delete()
        self._all.insertNew(self.cell.spot, value)

    @property
    def location(self) -> Range:
        return self.cell

    def delete(self) -> None:
        self._all.removeByIndex(self._index)

    @property
    def _all(self) -> Any:
        return self.cell.sheet.sheet.Annotations

    @property
    def _index(self) -> int | None:
        at = self.cell.at
        for index in range(self._all.Count):
            spot = self._all.getByIndex(index).Position
            if (spot.Row, spot.Column) == (at.top, at.left):
                return index
        return None


def _pixels(hundredths: float) -> float:
    """Points, in whole pixels of three quarters of a point."""
    return round(hundredths / _POINT / 0.75) * 0.75


def _quarters(hundredths: float) -> float:
    return round(hundredths / _POINT * 4) / 4
