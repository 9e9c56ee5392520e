"""xlsx, xlsm, xls, xlsb and ods as sheets of cells, through calamine and a look at the package."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO

import python_calamine as calamine

from mapseg_xl.errors import InputError
from mapseg_xl.intake.reading.older_formats import error_cells
from mapseg_xl.intake.reading.our_tabs import OUR_SHEET, our_tabs
from mapseg_xl.intake.reading.package import (
    MAX_CELLS,
    Package,
    SheetFacts,
    column_letters,
    entry,
    package,
    refuse_bombs,
    sheet_facts,
    valued_extents,
)
from mapseg_xl.intake.reading.plain_book import PlainBook
from mapseg_xl.intake.reading.sheet_cells import (
    columns_of,
    note_1904,
    place_errors,
    place_uncalculated,
    reading_issues,
)
from mapseg_xl.intake.tables import RawSheet

PROBE_SECONDS = 180
READ_BY_NAME = {"xlsx": (".xlsx", ".xlsm"), "xlsb": (".xlsb",), "xls": (".xls",), "ods": (".ods",)}


def read_spreadsheet(
    stream: BinaryIO, path: Path, kind: str, names: Sequence[str]
) -> tuple[RawSheet, ...]:
    """The worksheets of a workbook, or those named; chart sheets, our hidden sheet and our own tabs are left out.

    Error values become `CellError`. Cells of a formula never calculated become `UNCALCULATED`, with an issue a column.
    """
    if kind == "xls":
        return _older_sheets(stream, path, kind, names)
    with zipfile.ZipFile(stream) as archive:
        refuse_bombs(archive, path.name)
        if kind == "xlsx":
            parts = package(archive, path.name)
            book = _open(stream, path, kind)
            facts_of = partial(_facts, archive, parts, path)
            return _sheets(book, path, facts_of, PlainBook(archive, parts), names)
    return _older_sheets(stream, path, kind, names)


def _older_sheets(
    stream: BinaryIO, path: Path, kind: str, names: Sequence[str]
) -> tuple[RawSheet, ...]:
    """Sheets of ods, xlsb and xls, opened only once a process of its own has survived that."""
    _probe(path, kind)
    book = _open(stream, path, kind)
    try:
        found = error_cells(kind, stream)
    except ValueError as error:
        raise _damaged(path, str(error)) from error
    return _sheets(book, path, lambda name: SheetFacts(errors=found.get(name, [])), None, names)


def _probe(path: Path, kind: str) -> None:
    """Older formats are first opened in a process of its own: a few bytes of theirs can ask for all memory there is."""
    script = Path(__file__).with_name("probe.py")
    try:
        done = subprocess.run(  # noqa: S603  # our own script, a path as its argument
            [sys.executable, "-P", str(script), str(path), *READ_BY_NAME[kind]],
            capture_output=True,
            timeout=PROBE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise InputError(
            f"{path.name} takes too long to open. Save it as .xlsx or .csv."
        ) from error
    if done.returncode == 0:
        return
    said = done.stderr.decode("utf-8", "replace").strip().rsplit("\n", 1)[-1]
    if "PasswordError" in said:
        raise _encrypted(path)
    if "Error:" in said and "memory" not in said.lower():
        raise _damaged(path, said.split("Error:", 1)[1].strip())
    raise InputError(
        f"{path.name} asks for more memory than a workbook needs. Save it as .xlsx or .csv."
    )


def _encrypted(path: Path) -> InputError:
    return InputError(
        f"{path.name} is protected with a password. Save a copy without one, and use that."
    )


def _damaged(path: Path, why: str) -> InputError:
    return InputError(f"{path.name} cannot be read as a workbook: {why}. Save it again in Excel.")


def _open(stream: BinaryIO, path: Path, kind: str) -> calamine.CalamineWorkbook:
    """By name where the name is right, since only then the reader tells a password from damage."""
    stream.seek(0)
    try:
        if path.suffix.lower() in READ_BY_NAME[kind]:
            return calamine.CalamineWorkbook.from_path(path)
        return calamine.CalamineWorkbook.from_filelike(stream)
    except calamine.PasswordError as error:
        raise _encrypted(path) from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise _damaged(path, str(error)) from error


def _sheets(
    book: calamine.CalamineWorkbook,
    path: Path,
    facts_of: Callable[[str], SheetFacts],
    plain: PlainBook | None,
    names: Sequence[str],
) -> tuple[RawSheet, ...]:
    with book:
        chosen = _chosen(book, path, names)
        sheets = [
            _plain_sheet(path, meta, plain)
            or _sheet(book, path, meta, facts_of(meta.name), plain.parts if plain else None)
            for meta in chosen
        ]
    if not any(len(s.columns) for s in sheets):
        where = f"sheet '{chosen[0].name}'" if len(chosen) == 1 else "every sheet"
        raise InputError(
            f"{path.name}: {where} is empty. Paste the data, headers in its first row."
        )
    return tuple(sheets)


def _chosen(
    book: calamine.CalamineWorkbook, path: Path, names: Sequence[str]
) -> list[calamine.SheetMetadata]:
    known = [
        m
        for m in book.sheets_metadata
        if m.typ is calamine.SheetTypeEnum.WorkSheet and m.name.casefold() != OUR_SHEET
    ]
    if not known:
        raise InputError(f"{path.name} has no worksheet. Put the data on one.")
    by_name = {m.name.casefold().strip(): m for m in known}
    for name in names:
        if name.casefold().strip() not in by_name:
            have = ", ".join(m.name for m in known)
            raise InputError(f"{path.name} has no sheet '{name}'. Its sheets are: {have}.")
    if names:
        return list({id(m): m for m in (by_name[n.casefold().strip()] for n in names)}.values())
    theirs = _theirs(book, known)
    if not theirs:
        raise InputError(
            f"{path.name} holds nothing but tabs that mapseg made. Give the workbook or export with the customers; "
            "--sheet reads one of these tabs all the same."
        )
    return theirs


def _theirs(
    book: calamine.CalamineWorkbook, known: list[calamine.SheetMetadata]
) -> list[calamine.SheetMetadata]:
    """The sheets that are no tabs of ours."""
    if OUR_SHEET not in book.sheet_names:
        return known
    ours = our_tabs(book.get_sheet_by_name(OUR_SHEET).to_python())
    return [m for m in known if m.name not in ours]


def _facts(archive: zipfile.ZipFile, parts: Package, path: Path, sheet: str) -> SheetFacts:
    part = entry(archive, parts.sheets.get(sheet, ""))
    if part not in archive.NameToInfo:
        return SheetFacts()
    try:
        with archive.open(part) as xml:
            facts = sheet_facts(xml, path.name, sheet, recalculates=parts.recalculates)  # type: ignore[arg-type]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise _damaged(path, f"sheet '{sheet}' is cut off") from error
    if facts.last_row * facts.last_column > MAX_CELLS:
        with archive.open(part) as xml:
            facts.last_row, facts.last_column = valued_extents(xml)  # type: ignore[arg-type]
    if facts.last_row * facts.last_column > MAX_CELLS:
        raise InputError(
            f"{path.name}: sheet '{sheet}' reaches to cell {column_letters(facts.last_column)}{facts.last_row}, "
            "more than can be read. Delete the rows and columns beyond the data."
        )
    return facts


def _plain_sheet(
    path: Path, meta: calamine.SheetMetadata, plain: PlainBook | None
) -> RawSheet | None:
    """A sheet of nothing but values, read the quick way; None leaves it to the general reader."""
    read = plain.sheet(meta.name) if plain else None
    if read is None:
        return None
    issues = reading_issues(path.name, meta.name, read.facts, {})
    hidden = meta.visible is not calamine.SheetVisibleEnum.Visible
    columns = tuple(read.columns)
    return RawSheet(path.name, meta.name, columns, read.top, read.left, hidden, issues)


def _sheet(
    book: calamine.CalamineWorkbook,
    path: Path,
    meta: calamine.SheetMetadata,
    facts: SheetFacts,
    parts: Package | None,
) -> RawSheet:
    try:
        sheet = book.get_sheet_by_name(meta.name)
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise _damaged(path, f"sheet '{meta.name}': {error}") from error
    top, left = (n + 1 for n in sheet.start or (0, 0))
    columns = columns_of(sheet, top - 1)
    del sheet
    place_errors(columns, facts, top, left)
    uncalculated = place_uncalculated(columns, facts, top, left)
    issues = reading_issues(path.name, meta.name, facts, uncalculated)
    if parts and parts.date_1904:
        issues += note_1904(path.name, meta.name, columns, (top, left))
    hidden = meta.visible is not calamine.SheetVisibleEnum.Visible
    return RawSheet(path.name, meta.name, tuple(columns), top, left, hidden, issues)
