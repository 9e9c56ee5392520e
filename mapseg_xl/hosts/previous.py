"""Reads a workbook of an earlier run of ours: what people typed, and what they wrote beside. Changes nothing."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from mapseg_xl.errors import InputError, RefusedOutput
from mapseg_xl.hosts.earlier import Held, Spot, previous_in, scalar
from mapseg_xl.hosts.save import refuse_open
from mapseg_xl.report import memory
from mapseg_xl.report.identity import Previous
from mapseg_xl.report.spec import Scalar

_BOOK = "xl/workbook.xml"
_LARGEST_BOOK_PART = 4_000_000  # bytes; ours has a few thousand
_OTHER_PLACE = "Name another file with --out, or move this one; nothing was changed."


def previous(path: Path) -> Previous | None:
    """What the workbook at `path` holds of an earlier run and of people since; None where there is no file.

    Raises RefusedOutput where the file is not ours, is open in Excel, or has sheets that we did not make.
    """
    if not path.exists():
        return None
    refuse_open(path)
    states = _sheet_states(path)
    if states.get(memory.SHEET, "visible") == "visible":
        raise RefusedOutput(
            f"{path.name} is there already and was not made by mapseg. {_OTHER_PLACE}"
        )
    book = _load(path, formulas=True)
    remembered = memory.from_rows(book[memory.SHEET].iter_rows(max_col=2, values_only=True))
    _refuse_others(path, states, remembered)
    return previous_in(_File(path, book), remembered)


def earlier_run(path: Path) -> Previous:
    """What a workbook of ours, finished or the team's own, holds of an earlier run. It may be open: it is only read."""
    if not path.is_file():
        raise InputError(f"--previous {path}: there is no such file.")
    states = _sheet_states(path)
    if states.get(memory.SHEET, "visible") == "visible":
        raise InputError(
            f"--previous {path.name} holds no earlier run of mapseg. Name the finished workbook of an earlier run, or "
            "the team's own workbook in which one was made."
        )
    book = _load(path, formulas=True)
    remembered = memory.from_rows(book[memory.SHEET].iter_rows(max_col=2, values_only=True))
    found = previous_in(_File(path, book), remembered)
    return replace(found, strays=()) if _others(states, remembered) else found


def typed_in(path: Path) -> Previous | None:
    """What people typed on our tabs of a workbook that has sheets of theirs too; None where it has none of ours."""
    if path.suffix.lower() not in (".xlsx", ".xlsm") or not path.is_file():
        return None
    if _sheet_states(path).get(memory.SHEET, "visible") == "visible":
        return None
    book = _load(path, formulas=True)
    remembered = memory.from_rows(book[memory.SHEET].iter_rows(max_col=2, values_only=True))
    return replace(previous_in(_File(path, book), remembered), strays=())


def _sheet_states(path: Path) -> dict[str, str]:
    """Visibility of each sheet, read without loading what may be a stranger's file; empty if it is no workbook."""
    try:
        with zipfile.ZipFile(path) as book:
            if book.getinfo(_BOOK).file_size > _LARGEST_BOOK_PART:
                return {}
            part = book.read(_BOOK)
    except (zipfile.BadZipFile, KeyError, IsADirectoryError):
        return {}
    if b"<!DOCTYPE" in part:
        return {}
    try:
        root = ET.fromstring(part)  # noqa: S314  # no DOCTYPE, and of a bounded size
    except ET.ParseError:
        return {}
    sheets = (e for e in root.iter() if e.tag.rsplit("}")[-1] == "sheet")
    return {e.get("name", ""): e.get("state", "visible") for e in sheets}


def _load(path: Path, *, formulas: bool) -> Any:
    import openpyxl  # half a second; only where there is an earlier workbook

    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # parts it cannot keep do not matter: nothing is saved with it
        return openpyxl.load_workbook(path, data_only=not formulas)


def _refuse_others(path: Path, states: dict[str, str], remembered: memory.Remembered) -> None:
    others = [f"'{n}'" for n in _others(states, remembered)]
    if others:
        raise RefusedOutput(
            f"{path.name} holds sheets that mapseg did not make: {', '.join(others)}. {_OTHER_PLACE}"
        )


def _others(states: dict[str, str], remembered: memory.Remembered) -> list[str]:
    """The sheets that we did not make."""
    return [n for n in states if n != memory.SHEET and n not in remembered.written]


class _File:
    """A workbook read by openpyxl, twice where somebody typed a formula: it holds formulas or values, never both."""

    def __init__(self, path: Path, book: Any) -> None:
        self.path, self.book = path, book
        self.sheets = tuple(book.sheetnames)
        self._calculated: Any = None

    def spot(self, entry: memory.InputMemory) -> Spot | None:
        """Where its hidden name points: that has moved with it when rows were inserted."""
        name = self.book.defined_names.get(entry.name)
        if name is None:  # a program that keeps no names
            return entry.sheet, entry.address
        return next(iter(_destinations(name)), None)

    def value(self, spot: Spot) -> Scalar:
        """What was typed; of a formula what it gave."""
        cell = self.book[spot[0]][spot[1]]
        if cell.data_type != "f":
            return scalar(cell.value)
        self._calculated = self._calculated or _load(self.path, formulas=False)
        value = self._calculated[spot[0]][spot[1]].value
        return scalar(str(cell.value) if value is None else value)

    def cells(self, sheet: str) -> Iterator[Held]:
        """Every cell that holds something."""
        for cell in (cell for row in self.book[sheet].iter_rows() for cell in row):
            if cell.value is not None:
                text = str(getattr(cell.value, "text", cell.value)) if cell.data_type == "f" else ""
                yield Held(cell.row - 1, cell.column - 1, cell.value, text)

    def comments(self, sheet: str) -> Iterator[tuple[str, str]]:
        """Comments, threaded ones too."""
        for cell in (cell for row in self.book[sheet].iter_rows() for cell in row):
            if cell.comment is not None:
                yield cell.coordinate, cell.comment.text


def _destinations(name: Any) -> Iterator[Spot]:
    if "#REF!" in name.attr_text:  # its row or sheet was deleted
        return
    for sheet, address in name.destinations:
        yield sheet, address.replace("$", "").split(":")[0]
