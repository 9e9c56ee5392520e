"""Reads a workbook of an earlier run of ours: what people typed, and what they wrote beside. Changes nothing."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from mapseg_xl.errors import RefusedOutput
from mapseg_xl.hosts.save import refuse_open
from mapseg_xl.report import memory
from mapseg_xl.report.identity import Previous, Stray
from mapseg_xl.report.spec import Scalar
from mapseg_xl.report.verbs import Key, Rect

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
    places = _input_places(book, remembered)
    return Previous(
        memory=remembered.memory,
        typed=_typed(path, book, places),
        orders=remembered.orders,
        strays=tuple(_strays(book, remembered, set(places.values()))),
        places={key: f"{sheet}!{address}" for key, (sheet, address) in places.items()},
    )


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
    others = [f"'{n}'" for n in states if n != memory.SHEET and n not in remembered.written]
    if others:
        raise RefusedOutput(
            f"{path.name} holds sheets that mapseg did not make: {', '.join(others)}. {_OTHER_PLACE}"
        )


Spot = tuple[str, str]  # sheet, address


def _input_places(book: Any, remembered: memory.Remembered) -> dict[Key, Spot]:
    """Where each input cell stands now: its hidden name has moved with it when rows were inserted."""
    places: dict[Key, Spot] = {}
    for entry in remembered.inputs:
        name = book.defined_names.get(entry.name)
        if name is None:  # a program that keeps no names
            spot: Spot | None = (entry.sheet, entry.address)
        else:
            spot = next(iter(_destinations(name)), None)
        if spot is not None and spot[0] in book.sheetnames:
            places[entry.key] = spot
    return places


def _destinations(name: Any) -> Iterator[Spot]:
    if "#REF!" in name.attr_text:  # its row or sheet was deleted
        return
    for sheet, address in name.destinations:
        yield sheet, address.replace("$", "").split(":")[0]


def _typed(path: Path, book: Any, places: dict[Key, Spot]) -> dict[Key, Scalar]:
    typed: dict[Key, Scalar] = {}
    calculated: Any = None
    for key, (sheet, address) in places.items():
        cell = book[sheet][address]
        value = cell.value
        if cell.data_type == "f":  # somebody typed a formula: what it gave is kept
            calculated = calculated or _load(path, formulas=False)
            value = calculated[sheet][address].value
            value = str(cell.value) if value is None else value
        typed[key] = _scalar(value)
    return typed


def _scalar(value: Any) -> Scalar:
    if isinstance(value, str):
        return memory.unescaped(value)
    if isinstance(value, datetime):
        return value.date()
    return value if value is None or isinstance(value, int | float | date) else str(value)


def _strays(book: Any, remembered: memory.Remembered, inputs: set[Spot]) -> Iterator[Stray]:
    """What people wrote over or beside our cells, and their comments."""
    for sheet, said in remembered.said.items():
        if sheet not in book.sheetnames:
            continue
        tab, rects = book[sheet], remembered.written.get(sheet, ())
        beside = _Beside(tab, rects)
        for row in tab.iter_rows():
            for cell in row:
                where = f"{sheet}!{cell.coordinate}"
                if cell.comment is not None:
                    yield Stray(where, "Comment", cell.comment.text)
                if cell.value is None or (sheet, cell.coordinate) in inputs:
                    continue
                if cell.data_type == "f":
                    if beside.holds(cell.row - 1, cell.column - 1):
                        yield Stray(where, "Formula", str(getattr(cell.value, "text", cell.value)))
                elif memory.fingerprint(_printable(cell.value)) not in said:
                    yield Stray(where, "Cell", str(_scalar(cell.value)))


def _printable(value: Any) -> str | float | date:
    scalar = _scalar(value)
    return scalar if isinstance(scalar, str | int | float | date) else str(value)


class _Beside:
    """Tells which cells of a sheet are none of ours.

    Our formulas cannot be known again by their text, which inserted rows change. So where rows were inserted,
    only columns in which we wrote nothing count.
    """

    def __init__(self, tab: Any, rects: tuple[Rect, ...]) -> None:
        self.rects = rects
        self.moved = any(tab.cell(r.top + 1, r.left + 1).value is None for r in rects)

    def holds(self, row: int, column: int) -> bool:
        """Whether the cell, counted from 0, lies outside everything we wrote."""
        return not any(
            rect.left <= column <= rect.right and (self.moved or rect.top <= row <= rect.bottom)
            for rect in self.rects
        )
