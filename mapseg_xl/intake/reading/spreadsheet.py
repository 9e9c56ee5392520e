"""xlsx, xlsm, xls, xlsb and ods as sheets of cells: plain sheets here and quickly, all others in a process apart."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import BinaryIO

from mapseg_xl.errors import InputError
from mapseg_xl.intake.reading.apart import Apart
from mapseg_xl.intake.reading.our_tabs import OUR_SHEET, our_tabs
from mapseg_xl.intake.reading.package import SheetPart, package, refuse_bombs
from mapseg_xl.intake.reading.plain_book import PlainBook
from mapseg_xl.intake.reading.sheet_cells import (
    note_1904,
    note_hidden_columns,
    note_hidden_sheet,
    place_errors,
    place_uncalculated,
    reading_issues,
)
from mapseg_xl.intake.tables import Issue, RawSheet


def read_spreadsheet(
    stream: BinaryIO, path: Path, kind: str, names: Sequence[str]
) -> tuple[RawSheet, ...]:
    """The worksheets of a workbook, or those named; chart sheets, our hidden sheet and our own tabs are left out.

    Error values become `CellError`. Cells of a formula never calculated become `UNCALCULATED`, with an issue a column.
    """
    with Apart(path, kind) as apart:
        if kind == "xls":
            return _older_sheets(apart, names)
        with zipfile.ZipFile(stream) as archive:
            refuse_bombs(archive, path.name)
            if kind == "xlsx":
                return _sheets_of(archive, apart, names)
        return _older_sheets(apart, names)


def _older_sheets(apart: Apart, names: Sequence[str]) -> tuple[RawSheet, ...]:
    chosen = _chosen(apart.path, apart.listed(), apart.ours, names)
    return _filled(apart.path, tuple(_sheet(apart, part, date_1904=False) for part in chosen))


def _sheets_of(
    archive: zipfile.ZipFile, apart: Apart, names: Sequence[str]
) -> tuple[RawSheet, ...]:
    parts = package(archive, apart.path.name)
    plain = PlainBook(archive, parts)
    chosen = _chosen(apart.path, parts.listed, lambda: _ours(plain, apart) | parts.marked, names)
    return _filled(
        apart.path,
        tuple(
            _plain_sheet(apart.path, part, plain) or _sheet(apart, part, date_1904=parts.date_1904)
            for part in chosen
        ),
    )


def _ours(plain: PlainBook, apart: Apart) -> frozenset[str]:
    """The tabs that we wrote, which our hidden sheet names."""
    read = plain.sheet(OUR_SHEET)
    if read is None:
        return apart.ours()
    return our_tabs(list(zip(*read.columns, strict=True)))


def _filled(path: Path, sheets: tuple[RawSheet, ...]) -> tuple[RawSheet, ...]:
    if not any(len(s.columns) for s in sheets):
        where = f"sheet '{sheets[0].sheet}'" if len(sheets) == 1 else "every sheet"
        raise InputError(
            f"{path.name}: {where} is empty. Paste the data, headers in its first row."
        )
    return sheets


def _chosen(
    path: Path,
    listed: Sequence[SheetPart],
    ours: Callable[[], Collection[str]],
    names: Sequence[str],
) -> list[SheetPart]:
    known = [s for s in listed if s.worksheet and s.name.casefold() != OUR_SHEET]
    if not known:
        raise InputError(f"{path.name} has no worksheet. Put the data on one.")
    by_name = {s.name.casefold().strip(): s for s in known}
    for name in names:
        if name.casefold().strip() not in by_name:
            have = ", ".join(s.name for s in known)
            raise InputError(f"{path.name} has no sheet '{name}'. Its sheets are: {have}.")
    if names:
        return list({s.name: s for s in (by_name[n.casefold().strip()] for n in names)}.values())
    made = ours() if any(s.name == OUR_SHEET for s in listed) else ()
    theirs = [s for s in known if s.name not in made]
    if not theirs:
        raise InputError(
            f"{path.name} holds nothing but tabs that mapseg made. Give the workbook or export with the customers; "
            "--sheet reads one of these tabs all the same."
        )
    return theirs


def _plain_sheet(path: Path, part: SheetPart, plain: PlainBook) -> RawSheet | None:
    """A sheet of nothing but values, read the quick way; None leaves it to the general reader."""
    read = plain.sheet(part.name)
    if read is None:
        return None
    issues = reading_issues(path.name, part.name, read.facts, {})
    issues += note_hidden_columns(path.name, part.name, read.columns, read.left, read.facts)
    columns = tuple(read.columns)
    issues += _hidden(path.name, part)
    return RawSheet(path.name, part.name, columns, read.top, read.left, part.hidden, issues)


def _sheet(apart: Apart, part: SheetPart, *, date_1904: bool) -> RawSheet:
    read = apart.sheet(part.name)
    columns, file = read.columns, apart.path.name
    place_errors(columns, read.facts, read.top, read.left)
    uncalculated = place_uncalculated(columns, read.facts, read.top, read.left)
    issues = reading_issues(file, part.name, read.facts, uncalculated)
    issues += note_hidden_columns(file, part.name, columns, read.left, read.facts)
    if date_1904:
        issues += note_1904(file, part.name, columns, (read.top, read.left))
    issues += _hidden(file, part)
    return RawSheet(file, part.name, tuple(columns), read.top, read.left, part.hidden, issues)


def _hidden(file: str, part: SheetPart) -> tuple[Issue, ...]:
    if not part.hidden:
        return ()
    return (note_hidden_sheet(file, part.name, very=part.state == "veryHidden"),)
