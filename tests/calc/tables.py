"""Excel tables, as LibreOffice's database ranges: a name, a head, filter arrows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from tests.calc.addresses import Rectangle
from tests.calc.strict import ExcelRefuses, Native

if TYPE_CHECKING:
    from tests.calc.ranges import Range
    from tests.calc.sheets import Sheet


class Tables(base_classes.Tables):
    """The tables of a sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    @property
    def api(self) -> Native:
        return Native("tables")

    @property
    def _all(self) -> Any:
        return self.sheet.document.doc.DatabaseRanges

    def __iter__(self) -> Iterator[Table]:
        for name in self._all.ElementNames:
            if self._all.getByName(name).DataArea.Sheet == self.sheet.index - 1:
                yield Table(self.sheet, name)

    def __len__(self) -> int:
        return len(list(self))

    def __call__(self, key: int | str) -> Table:
        for number, table in enumerate(self, start=1):
            if key == number or str(key).casefold() == table.name.casefold():
                return table
        raise ExcelRefuses(f"{self.sheet.name} has no table {key!r}")

    def __contains__(self, key: str) -> bool:
        return any(key.casefold() == table.name.casefold() for table in self)

    def add(
        self,
        source_type: Any = None,
        source: Any = None,
        link_source: Any = None,
        has_headers: bool = True,
        destination: Any = None,
        table_style_name: str | None = None,
        name: str | None = None,
    ) -> Table:
        """A table over cells that none has yet."""
        name = name or f"Table{self._all.Count + 1}"
        if not has_headers:
            raise ExcelRefuses("tables of ours have a head")
        if any(held.casefold() == name.casefold() for held in self._all.ElementNames):
            raise ExcelRefuses(f"there is a table {name} in this workbook already")
        if self.holding(source.impl.at) is not None:
            raise ExcelRefuses(f"{source.address}: a table cannot overlap another")
        self._all.addNewByName(name, source.impl.cells.RangeAddress)
        table = Table(self.sheet, name)
        table.item.AutoFilter = True
        return table

    def holding(self, at: Rectangle) -> Table | None:
        """The table that has cells of these."""
        for table in self:
            there = table.range.at
            down = at.top <= there.bottom and there.top <= at.bottom
            if down and at.left <= there.right and there.left <= at.right:
                return table
        return None


class Table(base_classes.Table):
    """One table."""

    def __init__(self, sheet: Sheet, name: str) -> None:
        self.sheet, self._name = sheet, name

    @property
    def api(self) -> Native:
        return Native(f"table {self._name}")

    @property
    def item(self) -> Any:
        """LibreOffice's database range."""
        return self.sheet.document.doc.DatabaseRanges.getByName(self._name)

    @property
    def name(self) -> str:
        return self._name

    @property
    def parent(self) -> Sheet:
        return self.sheet

    @property
    def range(self) -> Range:
        return self.sheet.range_of(self.item.DataArea)

    @property
    def header_row_range(self) -> Range:
        at = self.range.at
        return type(self.range)(self.sheet, Rectangle(at.top, at.left, at.top, at.right))

    @property
    def data_body_range(self) -> Range | None:
        at = self.range.at
        if at.top == at.bottom:
            return None
        return type(self.range)(self.sheet, Rectangle(at.top + 1, at.left, at.bottom, at.right))

    @property
    def show_autofilter(self) -> bool:
        return bool(self.item.AutoFilter)

    @show_autofilter.setter
    def show_autofilter(self, value: bool) -> None:
        self.item.AutoFilter = bool(value)

    def resize(self, range: Any) -> None:  # noqa: A002  # xlwings' word
        """Other cells, the head in the same row."""
        if range.impl.at.top != self.range.at.top:
            raise ExcelRefuses("a table keeps its head where it is")
        self.item.DataArea = range.impl.cells.RangeAddress
