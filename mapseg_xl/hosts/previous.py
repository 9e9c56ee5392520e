"""Reads a workbook of an earlier run of ours: what people typed, and what they wrote beside. Changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from mapseg_xl.errors import InputError, RefusedOutput
from mapseg_xl.hosts.earlier import Held, Spot, previous_in, scalar
from mapseg_xl.hosts.package_book import PackageBook, UnreadableBookError
from mapseg_xl.hosts.save import refuse_open
from mapseg_xl.report import memory
from mapseg_xl.report.identity import Previous
from mapseg_xl.report.memory import Remembered
from mapseg_xl.report.spec import Scalar

_OTHER_PLACE = "Name another file with --out, or move this one; nothing was changed."
_BOOKS = (".xlsx", ".xlsm")


def previous(path: Path) -> Previous | None:
    """What the workbook at `path` holds of an earlier run and of people since; None where there is no file.

    Raises RefusedOutput where the file is not ours, is open in Excel, or has sheets that we did not make.
    """
    if not path.exists():
        return None
    refuse_open(path)
    book = None if path.is_dir() else book_of(path.read_bytes(), path.name)
    if book is None:
        raise RefusedOutput(
            f"{path.name} is there already and was not made by mapseg. {_OTHER_PLACE}"
        )
    if book.others:
        others = ", ".join(f"'{name}'" for name in book.others)
        raise RefusedOutput(
            f"{path.name} holds sheets that mapseg did not make: {others}. {_OTHER_PLACE}"
        )
    return book.previous


def earlier_run(path: Path) -> Previous:
    """What a workbook of ours, finished or the team's own, holds of an earlier run. It may be open: it is only read."""
    if not path.is_file():
        raise InputError(f"--previous {path}: there is no such file.")
    book = book_of(path.read_bytes(), path.name)
    if book is None:
        raise InputError(
            f"--previous {path.name} holds no earlier run of mapseg. Name the finished workbook of an earlier run, or "
            "the team's own workbook in which one was made."
        )
    return replace(book.previous, strays=()) if book.others else book.previous


def typed_in(path: Path) -> Previous | None:
    """What people typed on our tabs of a workbook that has sheets of theirs too; None where it has none of ours."""
    if path.suffix.lower() not in _BOOKS or not path.is_file():
        return None
    book = book_of(path.read_bytes(), path.name)
    return None if book is None else replace(book.previous, strays=())


def book_of(content: bytes, name: str) -> OurBook | None:
    """The workbook with what we remember in it; None where it holds nothing of ours, or is no workbook.

    Raises InputError where it holds tabs of ours that cannot be read: what is typed on them would be lost.
    """
    package = PackageBook(content)
    try:
        hidden = package.sheets.get(memory.SHEET)
    except UnreadableBookError:
        return None
    if hidden is None or hidden.state == "visible":
        return None
    try:
        return OurBook(name, package, memory.from_rows(_rows(package, (0, 1))))
    except (UnreadableBookError, ValueError) as error:
        raise _unreadable(name) from error


def _unreadable(name: str) -> InputError:
    return InputError(
        f"{name} holds tabs of mapseg that cannot be read back. Open it in Excel and save it again; "
        "nothing was changed."
    )


def _rows(package: PackageBook, columns: tuple[int, int]) -> list[tuple[object, object]]:
    """Two columns of the hidden sheet."""
    cells = {(c.row, c.column): c.value for c in package.cells(memory.SHEET)}
    rows = sorted({row for row, column in cells if column in columns})
    return [(cells.get((row, columns[0])), cells.get((row, columns[1]))) for row in rows]


@dataclass(eq=False)
class OurBook:
    """A workbook that holds tabs of ours, as finding an earlier run reads it."""

    name: str
    package: PackageBook
    remembered: Remembered

    @property
    def sheets(self) -> Collection[str]:
        """Names of the workbook's sheets."""
        return tuple(self.package.sheets)

    @property
    def others(self) -> list[str]:
        """The sheets that we did not make."""
        return [n for n in self.sheets if n != memory.SHEET and n not in self.remembered.written]

    @property
    def is_half_written(self) -> bool:
        """Whether a run in an open Excel was stopped while it wrote, and has not been put right."""
        return ("state", "writing") in _rows(self.package, (3, 4))

    @cached_property
    def previous(self) -> Previous:
        """What an earlier run, and people since, left on our tabs."""
        try:
            return previous_in(self, self.remembered)
        except UnreadableBookError as error:
            raise _unreadable(self.name) from error

    @cached_property
    def _refers(self) -> Mapping[str, str]:
        return {name.name: name.refers for name in self.package.names if name.sheet is None}

    def spot(self, entry: memory.InputMemory) -> Spot | None:
        """Where its hidden name points: that has moved with it when rows were inserted."""
        refers = self._refers.get(entry.name)
        if refers is None:  # a program that keeps no names
            return entry.sheet, entry.address
        sheet, _, address = refers.rpartition("!")
        if "#REF" in refers or not sheet:  # its row or sheet was deleted
            return None
        return _unquoted(sheet), address.replace("$", "").split(":")[0]

    def value(self, spot: Spot) -> Scalar:
        """What was typed; of a formula what it gave."""
        cell = self._held(spot[0]).get(spot[1])
        if cell is None:
            return None
        return scalar(cell.formula if cell.formula and cell.value is None else cell.value)

    def cells(self, sheet: str) -> Iterator[Held]:
        """Every cell that holds something."""
        yield from self.package.cells(sheet)

    def comments(self, sheet: str) -> Iterator[tuple[str, str]]:
        """Comments, threaded ones too."""
        yield from self.package.comments(sheet)

    def _held(self, sheet: str) -> Mapping[str, Held]:
        if sheet not in self._by_address:
            self._by_address[sheet] = {cell.address: cell for cell in self.package.cells(sheet)}
        return self._by_address[sheet]

    @cached_property
    def _by_address(self) -> dict[str, Mapping[str, Held]]:
        return {}


def _unquoted(sheet: str) -> str:
    return sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet
