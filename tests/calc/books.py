"""Workbooks: xlwings' engine of open documents, over LibreOffice Calc."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from tests.calc.basic import Formulas
from tests.calc.bridge import properties, struct
from tests.calc.names import DOT, Names
from tests.calc.rules import ColourScale
from tests.calc.sheets import Sheets
from tests.calc.strict import ExcelRefuses, Native

if TYPE_CHECKING:
    from tests.calc.engine import App

_FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".xlsm": "Calc MS Excel 2007 VBA XML"}


class Document:
    """A document of LibreOffice with what LibreOffice cannot hold for us.

    `told`: what names refer to that it would not understand; `very_hidden`: sheets that are more than hidden.
    """

    def __init__(self, app: App, doc: Any, path: Path | None, name: str) -> None:
        self.app, self.doc, self.path, self.name = app, doc, path, name
        self.formulas = Formulas(app.context)
        self.kinds: dict[int, int] = {}
        self.told: dict[tuple[str, str], str] = {}
        self.very_hidden: set[str] = set()
        self.chart_kinds: dict[tuple[str, str], str] = {}
        self._sheets: dict[str, Any] = {}
        self._rules: dict[str, list[ColourScale]] = {}
        self._keys: dict[str, int] = {}
        self._codes: dict[int, str] = {}

    @property
    def controller(self) -> Any:
        """The view: active sheet, selection, gridlines."""
        return self.doc.CurrentController

    @cached_property
    def names(self) -> Any:
        """LibreOffice's names of the whole document."""
        return self.doc.NamedRanges

    def sheets(self) -> dict[str, Any]:
        """LibreOffice's sheets by name, in order; asked for anew only where they have changed."""
        sheets = self.doc.Sheets
        names = sheets.ElementNames
        if names != tuple(self._sheets):
            self._sheets = {name: sheets.getByName(name) for name in names}
        return self._sheets

    def will_write(self, what: Any) -> None:
        """Called before cells or sheets change: a test may break in here."""
        self.app.will_write(what)

    def rules_of(self, sheet: str) -> list[ColourScale]:
        """The colour rules of a sheet."""
        return self._rules.setdefault(sheet, [])

    def renamed(self, old: str, new: str | None) -> None:
        """Takes what is kept here by a sheet's name along."""
        self._sheets = {}
        rules = self._rules.pop(old, None)
        hidden = old in self.very_hidden
        self.very_hidden.discard(old)
        if new is not None:
            if rules is not None:
                self._rules[new] = rules
            if hidden:
                self.very_hidden.add(new)

    def empty_validation(self) -> Any:
        """A rule that allows everything: that of a cell far out that nobody uses."""
        return self.doc.Sheets.getByIndex(0).getCellByPosition(16_383, 1_048_575).Validation

    def format_key(self, code: str) -> int:
        """LibreOffice's key of a number format in US codes."""
        if code not in self._keys:
            formats, us = self.doc.NumberFormats, struct("lang.Locale", Language="en", Country="US")
            key = formats.queryKey(code, us, False)
            self._keys[code] = formats.addNew(code, us) if key == -1 else key
            self._codes.setdefault(self._keys[code], code)
        return self._keys[code]

    def format_code(self, key: int) -> str:
        """The code of a key, as it was set where we set it."""
        return self._codes.get(key) or str(self.doc.NumberFormats.getByKey(key).FormatString)


class Books(base_classes.Books):
    """The open workbooks."""

    def __init__(self, app: App) -> None:
        self.app = app

    @property
    def api(self) -> Native:
        return Native("books")

    @property
    def active(self) -> Book:
        return Book(self.app.active_document)

    def __call__(self, name_or_index: int | str) -> Book:
        for number, document in enumerate(self.app.documents, start=1):
            if name_or_index in (number, document.name):
                return Book(document)
        raise KeyError(name_or_index)

    def __len__(self) -> int:
        return len(self.app.documents)

    def __iter__(self) -> Iterator[Book]:
        for document in self.app.documents:
            yield Book(document)

    def __contains__(self, key: str) -> bool:
        return any(document.name == key for document in self.app.documents)

    def add(self) -> Book:
        taken = {document.name for document in self.app.documents}
        name = next(f"Book{n}" for n in range(1, 999) if f"Book{n}" not in taken)
        return Book(self.app.load("private:factory/scalc", None, name))

    def open(self, fullname: str, *_: Any, **__: Any) -> Book:
        path = Path(fullname)
        return Book(self.app.load(path.as_uri(), path, path.name))


class Book(base_classes.Book):
    """One workbook."""

    def __init__(self, document: Document) -> None:
        self.document = document

    @property
    def api(self) -> Native:
        return Native(f"book {self.name}")

    @property
    def name(self) -> str:
        return self.document.name

    @property
    def fullname(self) -> str:
        return str(self.document.path or self.document.name)

    @property
    def app(self) -> App:
        return self.document.app

    @property
    def sheets(self) -> Sheets:
        return Sheets(self)

    @property
    def names(self) -> Names:
        return Names(self)

    @property
    def is_active(self) -> bool:
        """Whether it is the one in front."""
        return self.app.active_document is self.document

    def activate(self) -> None:
        self.app.active_document = self.document

    def close(self) -> None:
        self.app.forget(self.document)
        self.document.doc.close(True)

    def save(self, path: str | None = None, password: str | None = None) -> None:
        target = Path(path) if path else self.document.path or Path.cwd() / f"{self.name}.xlsx"
        kind = _FILTERS.get(target.suffix.lower())
        if kind is None:
            raise ExcelRefuses(f"{target.name}: saved as .xlsx or .xlsm only")
        target = Path(os.path.realpath(target))
        written = target.with_name(f"~{target.name}")
        self.document.doc.storeToURL(written.as_uri(), properties(FilterName=kind, Overwrite=True))
        _with_dots(written, target)
        self.document.path, self.document.name = target, target.name


def _with_dots(source: Path, target: Path) -> None:
    """Gives the names of a saved workbook their dots back."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "xl/workbook.xml":
                content = content.replace(DOT.encode(), b".")
            new.writestr(entry, content)
    source.unlink()
    shutil.copystat(target, target)
