"""Opens a workbook in a process of its own and answers questions about it: a script, started by `apart.py`.

Imports no numpy: it starts in 0.03 s. A question is a line of JSON, the path of a file first; answers are pickles.
"""

from __future__ import annotations

import gc
import json
import pickle
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

# Where the package lies, unless it is installed: a script's own folder is not that.
if __name__ == "__main__" and str(Path(__file__).resolve().parents[3]) not in sys.path:
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import python_calamine as calamine

from mapseg_xl.errors import InputError
from mapseg_xl.intake.reading.limits import limit_this_process
from mapseg_xl.intake.reading.older_formats import error_cells
from mapseg_xl.intake.reading.our_tabs import OUR_SHEET, our_tabs
from mapseg_xl.intake.reading.package import (
    CELLS_PER_BYTE,
    FEW_CELLS,
    MAX_CELLS,
    ZIP_ERRORS,
    column_letters,
    entry,
    package,
    refuse_bombs,
)
from mapseg_xl.intake.reading.sheet_facts import SheetFacts, sheet_facts, valued_extents

READ_BY_NAME = {"xlsx": (".xlsx", ".xlsm"), "xlsb": (".xlsb",), "xls": (".xls",), "ods": (".ods",)}
_ROWS_AT_ONCE = 4096
# Equal ones become one object, which is pickled once.
_SHARED = frozenset([str, date, datetime, time, timedelta, type(None)])


class DamagedError(Exception):
    """The workbook cannot be read; the text is a clause."""


class Workbook:
    """An open workbook of any kind."""

    def __init__(self, path: Path, kind: str) -> None:
        self.path, self.kind = path, kind
        self._book = _opened(path, kind)
        self._errors: dict[str, list[tuple[int, int, str]]] | None = None

    def listed(self) -> tuple[tuple[str, str, bool], ...]:
        """Each sheet's name, its state, and whether it holds cells."""
        worksheet = calamine.SheetTypeEnum.WorkSheet
        return tuple(
            (s.name, _state(s.visible), s.typ is worksheet) for s in self._book.sheets_metadata
        )

    def ours(self) -> frozenset[str]:
        """The tabs that we wrote."""
        if OUR_SHEET not in self._book.sheet_names:
            return frozenset()
        return our_tabs(self._book.get_sheet_by_name(OUR_SHEET).to_python())

    def sheet(self, name: str) -> Iterator[Any]:
        """Facts, the first row and column and the number of columns; then each column's cells, None where empty."""
        facts = self._xlsx_facts(name) if self.kind == "xlsx" else self._older_facts(name)
        sheet = self._book.get_sheet_by_name(name)
        _refuse_extent(self.path, name, sheet)
        top, left = sheet.start or (0, 0)
        columns = _columns(sheet, top)
        del sheet
        yield facts, top + 1, left + 1, len(columns)
        while columns:
            yield _shared(columns.pop(0))

    def _older_facts(self, name: str) -> SheetFacts:
        if self._errors is None:
            with self.path.open("rb") as stream:
                self._errors = error_cells(self.kind, stream)
        return SheetFacts(errors=self._errors.get(name, []))

    def _xlsx_facts(self, name: str) -> SheetFacts:
        with zipfile.ZipFile(self.path) as archive:
            parts = package(archive, self.path.name)
            part = entry(archive, parts.sheets.get(name, ""))
            if part not in archive.NameToInfo:
                return SheetFacts()
            return _facts(archive, part, (self.path.name, name), recalculates=parts.recalculates)


def _state(visible: calamine.SheetVisibleEnum) -> str:
    if visible is calamine.SheetVisibleEnum.Visible:
        return "visible"
    return "veryHidden" if visible is calamine.SheetVisibleEnum.VeryHidden else "hidden"


def _opened(path: Path, kind: str) -> calamine.CalamineWorkbook:
    """By name where the name is right, since only then the reader tells a password from damage."""
    if kind != "xls":
        with zipfile.ZipFile(path) as archive:
            refuse_bombs(archive, path.name)
    if path.suffix.lower() in READ_BY_NAME[kind]:
        return calamine.CalamineWorkbook.from_path(path)
    with path.open("rb") as stream:
        return calamine.CalamineWorkbook.from_filelike(stream)


def _facts(
    archive: zipfile.ZipFile, part: str, names: tuple[str, str], *, recalculates: bool
) -> SheetFacts:
    file, sheet = names
    try:
        with archive.open(part) as xml:
            facts = sheet_facts(xml, file, sheet, recalculates=recalculates)  # type: ignore[arg-type]
        if facts.last_row * facts.last_column > MAX_CELLS:
            with archive.open(part) as xml:
                facts.last_row, facts.last_column = valued_extents(xml)  # type: ignore[arg-type]
    except InputError:
        raise
    except ZIP_ERRORS as error:
        raise DamagedError(f"sheet '{sheet}' is cut off") from error
    _refuse_reach(file, sheet, facts.last_row, facts.last_column)
    return facts


def _refuse_extent(path: Path, name: str, sheet: calamine.CalamineSheet) -> None:
    """Cells without an address lie further out than addresses say; a few far apart take minutes and hold nothing."""
    end = sheet.end
    if end is not None:
        most = max(FEW_CELLS, CELLS_PER_BYTE * path.stat().st_size)
        _refuse_reach(path.name, name, end[0] + 1, end[1] + 1, min(most, MAX_CELLS))


def _refuse_reach(file: str, sheet: str, row: int, column: int, most: int = MAX_CELLS) -> None:
    if row * column > most:
        raise InputError(
            f"{file}: sheet '{sheet}' reaches to cell {column_letters(column)}{row}, more than can be read. "
            "Delete the rows and columns beyond the data."
        )


def _columns(sheet: calamine.CalamineSheet, blank_rows: int) -> list[list[Any]]:
    """Columns from rows, a few thousand at a time so that both are never held whole."""
    columns: list[list[Any]] = [[] for _ in range(sheet.width)]
    rows = islice(sheet.iter_rows(), blank_rows, None)
    while chunk := list(islice(rows, _ROWS_AT_ONCE)):
        for column, cells in zip(columns, zip(*chunk, strict=True), strict=True):
            column.extend(cells)
    return columns


def _shared(column: list[Any]) -> list[Any]:
    """Empty cells as None, whole numbers as float, equal texts and days as one object."""
    kinds = set(map(type, column))
    if str in kinds:
        column = [None if v == "" else v for v in column]
    if int in kinds:
        column = [float(v) if type(v) is int else v for v in column]
    known: dict[Any, Any] = {}
    if kinds <= _SHARED:
        return list(map(known.setdefault, column, column))
    if kinds & _SHARED:
        return [known.setdefault(v, v) if type(v) in _SHARED else v for v in column]
    return column


def main() -> int:
    """Arguments: path, kind, memory in bytes, seconds. Answers `("refused", sentence)` and the like once it cannot."""
    path, kind, memory_bytes, cpu_seconds = sys.argv[1:]
    gc.disable()  # nothing here runs in circles; looking for it takes a third of the time
    limit_this_process(int(memory_bytes), int(cpu_seconds))
    out = sys.stdout.buffer
    try:
        _serve(Workbook(Path(path), kind), out)
    except InputError as error:
        _answer(out, ("refused", str(error)))
    except calamine.PasswordError:
        _answer(out, ("password", ""))
    except MemoryError:
        _answer(out, ("memory", ""))
    except (DamagedError, calamine.CalamineError, *ZIP_ERRORS) as error:
        _answer(out, ("damaged", str(error)))
    return 0


def _serve(book: Workbook, out: Any) -> None:
    for line in sys.stdin.buffer:
        question, name = json.loads(line)
        if question == "sheet":
            for part in book.sheet(name):
                _answer(out, ("part", part))
        else:
            _answer(out, ("part", book.listed() if question == "list" else book.ours()))


def _answer(out: Any, said: tuple[str, Any]) -> None:
    with suppress(BrokenPipeError):  # nobody listens any more
        pickle.dump(said, out, protocol=5)
        out.flush()


if __name__ == "__main__":
    sys.exit(main())
