"""Defined names of a workbook and of a sheet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from tests.calc.basic import parser
from tests.calc.bridge import struct
from tests.calc.strict import ExcelRefuses, Native

if TYPE_CHECKING:
    from tests.calc.books import Book
    from tests.calc.sheets import Sheet

# LibreOffice takes no dot in a name through its own door (it reads one from files): a letter that looks like one
DOT = "ꞏ"


class Names(base_classes.Names):
    """The names of a workbook with those of its sheets, or of one sheet."""

    def __init__(self, book: Book, sheet: Sheet | None = None) -> None:
        self.book, self.sheet = book, sheet

    @property
    def api(self) -> Native:
        return Native("names")

    def __call__(self, name_or_index: int | str) -> Name:
        if isinstance(name_or_index, int):
            return self._all()[name_or_index - 1]
        inner = name_or_index.replace(".", DOT)
        if self._home(self.sheet).hasByName(inner):
            return Name(self.book, self.sheet, inner)
        for name in self._all():
            if name.name.casefold() == name_or_index.casefold():
                return name
        raise ExcelRefuses(f"there is no name {name_or_index}")

    def contains(self, name_or_index: int | str) -> bool:
        if self._home(self.sheet).hasByName(str(name_or_index).replace(".", DOT)):
            return True
        return any(name.name.casefold() == str(name_or_index).casefold() for name in self._all())

    def __len__(self) -> int:
        return len(self._all())

    def snapshot(self) -> list[tuple[str, Name]]:
        return [(name.name, name) for name in self._all()]

    def add(self, name: str, refers_to: str) -> Name:
        """A new name, or another meaning of an old one. `Tab!name`: of that sheet alone."""
        sheet = self.sheet
        if "!" in name:
            tab, _, name = name.rpartition("!")
            sheet = self.book.sheets(tab.strip("'").replace("''", "'"))
        home = self._home(sheet)
        inner = _stored(home, name)
        if not home.hasByName(inner):
            home.addNewByName(inner, "", struct("table.CellAddress"), 0)
        made = Name(self.book, sheet, inner)
        made.refers_to = refers_to
        return made

    def of_range(self, cells: Any) -> Name | None:
        """The name of exactly these cells."""
        wanted = cells.reference.replace("'", "")
        for name in self._all():
            if name.refers_to.replace("'", "") == wanted:
                return name
        return None

    def _home(self, sheet: Sheet | None) -> Any:
        return self.book.document.names if sheet is None else sheet.sheet.NamedRanges

    def _all(self) -> list[Name]:
        if self.sheet is not None:
            return list(self._of(self.sheet))
        found = list(self._of(None))
        for sheet in self.book.sheets:
            found += self._of(sheet)
        return sorted(found, key=lambda name: name.name.casefold())

    def _of(self, sheet: Sheet | None) -> Iterator[Name]:
        for inner in self._home(sheet).ElementNames:
            yield Name(self.book, sheet, inner)


class Name(base_classes.Name):
    """One defined name."""

    def __init__(self, book: Book, sheet: Sheet | None, inner: str) -> None:
        self.book, self.sheet, self.inner = book, sheet, inner

    @property
    def api(self) -> Native:
        return Native(f"name {self.inner}")

    @property
    def _home(self) -> Any:
        return self.book.document.names if self.sheet is None else self.sheet.sheet.NamedRanges

    @property
    def _item(self) -> Any:
        if not self._home.hasByName(self.inner):
            raise ExcelRefuses(f"the name {self.name} is gone")
        return self._home.getByName(self.inner)

    def delete(self) -> None:
        self.book.document.told.pop(self._key, None)
        self._home.removeByName(self.inner)

    @property
    def name(self) -> str:
        plain = self.inner.replace(DOT, ".")
        if self.sheet is None:
            return plain
        tab = self.sheet.name
        return f"{tab}!{plain}" if tab.isidentifier() else f"'{tab}'!{plain}"

    @property
    def refers_to(self) -> str:
        if self._key in self.book.document.told:
            return self.book.document.told[self._key]
        item = self._item
        return "=" + parser(self.book.document.doc).printFormula(item.getTokens(), _origin())

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        if not value.startswith("="):
            raise ExcelRefuses(f"{self.name}: what a name refers to starts with =")
        told = self.book.document.told
        told.pop(self._key, None)
        if "LAMBDA(" in value.upper():  # unknown to LibreOffice: kept as it is, not calculated
            told[self._key] = value
            self._item.setContent('"LAMBDA"')
            return
        self._item.setTokens(
            parser(self.book.document.doc).parseFormula(value.lstrip("="), _origin())
        )

    @property
    def refers_to_range(self) -> Any:
        cells = self._item.getReferredCells()
        if cells is None or self._key in self.book.document.told:
            raise ExcelRefuses(f"{self.name} refers to no cells: {self.refers_to}")
        return self.book.sheets.of(cells.Spreadsheet).range_of(cells.RangeAddress)

    @property
    def _key(self) -> tuple[str, str]:
        return ("" if self.sheet is None else self.sheet.name, self.inner)


def _stored(home: Any, name: str) -> str:
    """The name as LibreOffice holds it: with real dots where it came from a file."""
    for inner in home.ElementNames:
        if inner.replace(DOT, ".").casefold() == name.casefold():
            return inner
    return name.replace(".", DOT)


def _origin() -> Any:
    return struct("table.CellAddress")
