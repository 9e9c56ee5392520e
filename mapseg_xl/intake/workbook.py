"""Files as sheets of cells: the one place that opens what people send. What the cells mean is decided elsewhere."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from mapseg_xl.errors import InputError
from mapseg_xl.intake.reading.delimited import read_delimited
from mapseg_xl.intake.reading.package import ZIP_ERRORS
from mapseg_xl.intake.reading.parquet import read_parquet
from mapseg_xl.intake.reading.spreadsheet import read_spreadsheet
from mapseg_xl.intake.tables import Issue, RawSheet

SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".xltx", ".xltm")
TEXTS = (".csv", ".tsv", ".txt", ".tab")
SUFFIXES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".tsv", ".txt", ".parquet")
_KNOWN = (*SPREADSHEETS, *TEXTS, ".parquet", ".pq")
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"SQLite format 3": "a database",
    b"{\\rtf": "a text document",
}


def read_sheets(path: Path, names: Sequence[str] = ()) -> tuple[RawSheet, ...]:
    """The sheets of a workbook, csv or parquet file, cells as stored; `names` picks sheets, in any case.

    Hidden sheets are marked; our own very hidden `_mapseg` is left out. What a file is, its content says, not its name.
    A file that cannot be read raises InputError with one sentence: what is wrong and what to do.
    """
    _refuse_unreadable(path)
    try:
        with path.open("rb") as stream:
            return _read(path, stream, names)
    except PermissionError as error:
        message = (
            f"{path.name} may not be read: {error.strerror}. Close it elsewhere, or ask for access."
        )
        raise InputError(message) from error
    except MemoryError as error:
        raise InputError(
            f"{path.name} needs more memory than this computer has free. Close other programs, or send it as "
            ".parquet with the columns that are needed."
        ) from error


def _refuse_unreadable(path: Path) -> None:
    """Everything that can be known from the name and the folder."""
    name = path.name
    if name.startswith("~$"):
        raise InputError(
            f"{name} is the lock file of an open workbook, not a workbook. Name {name[2:]} instead."
        )
    if path.is_dir():
        raise InputError(f"{path} is a folder. Name a file in it.")
    if not path.exists():
        raise InputError(f"{path} does not exist. Check the name and the folder.")
    if path.suffix.lower() not in _KNOWN:
        kinds = ", ".join(SUFFIXES)
        raise InputError(f"{name} is none of {kinds}. Save it as one of them.")
    if path.stat().st_size == 0:
        raise InputError(f"{name} is empty (0 bytes). Export or copy it again.")


def _read(path: Path, stream: BinaryIO, names: Sequence[str]) -> tuple[RawSheet, ...]:
    found = _kind(path, stream)
    stream.seek(0)
    if found == "parquet":
        sheets: tuple[RawSheet, ...] = (read_parquet(stream, path),)
    elif found == "text":
        sheets = (read_delimited(stream, path),)
    else:
        return _renamed(path, found, read_spreadsheet(stream, path, found, names))
    _refuse_other_names(path, sheets[0].sheet, names)
    return _renamed(path, found, sheets)


def _refuse_other_names(path: Path, sheet: str, names: Sequence[str]) -> None:
    """A csv or parquet file is one sheet; asking for another is a mistake."""
    wrong = [n for n in names if n.casefold() != sheet.casefold()]
    if wrong:
        raise InputError(
            f"{path.name} has no sheet '{wrong[0]}': it is one table, '{sheet}'. Leave --sheet out."
        )


def _kind(path: Path, stream: BinaryIO) -> str:
    """`xlsx`, `xlsb`, `ods`, `xls`, `parquet` or `text`, from the content."""
    head = stream.read(4096)
    foreign = next((what for magic, what in _FOREIGN.items() if head.startswith(magic)), "")
    if foreign:
        raise InputError(f"{path.name} is {foreign}, not a table. Save the data as .xlsx or .csv.")
    if head.startswith(b"PK"):
        return _zip_kind(path, stream)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith((_OLE2, b"\x09\x08", b"\x09\x04\x06\x00", b"\x09\x02\x06\x00")):
        return _ole2_kind(path, stream)
    return _text_kind(path, head)


def _ole2_kind(path: Path, stream: BinaryIO) -> str:
    """`xls`; a newer workbook with a password lies in the same kind of container."""
    stream.seek(0)
    if "EncryptedPackage".encode("utf-16-le") in stream.read():
        raise InputError(
            f"{path.name} is protected with a password. Save a copy without one, and use that."
        )
    return "xls"


def _zip_kind(path: Path, stream: BinaryIO) -> str:
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = set(archive.namelist())
    except ZIP_ERRORS as error:
        raise InputError(
            f"{path.name} is damaged: it is cut off or not a whole workbook. Export or copy it again."
        ) from error
    if "xl/workbook.bin" in parts:
        return "xlsb"
    if "content.xml" in parts:
        return "ods"
    if "[Content_Types].xml" in parts and not any(p.startswith(("word/", "ppt/")) for p in parts):
        return "xlsx"
    raise InputError(
        f"{path.name} is a zip archive without a workbook in it. Unpack it and name the workbook."
    )


def _text_kind(path: Path, head: bytes) -> str:
    """Text only under a text file's name: a web page named .xls is no table that could be trusted."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<table", b"<meta")):
        raise InputError(
            f"{path.name} is a web page or XML, not a table. "
            "Open it in a spreadsheet program and save it as .xlsx."
        )
    suffix = path.suffix.lower()
    if suffix not in TEXTS:
        raise InputError(
            f"{path.name} is not a {suffix} file: its content is damaged or plain text. "
            "Export it again, or rename it to .csv if it is text."
        )
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")) and not _is_utf16(head):
        raise InputError(f"{path.name} is not text. Export the data again as .csv or .xlsx.")
    return "text"


def _is_utf16(head: bytes) -> bool:
    zeros = head.count(b"\0")
    return zeros * 3 > len(head) and min(head[::2].count(0), head[1::2].count(0)) * 10 < zeros


def _renamed(path: Path, found: str, sheets: tuple[RawSheet, ...]) -> tuple[RawSheet, ...]:
    """Adds a note where the content is another kind of file than the name says."""
    suffix = path.suffix.lower()
    belongs = {
        "xlsx": (".xlsx", ".xlsm", ".xltx", ".xltm"),
        "xls": (".xls",),
        "xlsb": (".xlsb",),
        "ods": (".ods",),
        "parquet": (".parquet", ".pq"),
        "text": TEXTS,
    }[found]
    if suffix in belongs or not sheets:
        return sheets
    first = sheets[0]
    note = Issue(
        "note",
        first.source,
        first.sheet,
        "A1",
        "",
        f"the file is named {suffix} but holds {found}",
        f"Read as {found}. Rename the file",
        kind="wrong_suffix",
    )
    return (_with_issue(first, note), *sheets[1:])


def _with_issue(sheet: RawSheet, issue: Issue) -> RawSheet:
    return RawSheet(
        sheet.source,
        sheet.sheet,
        sheet.columns,
        sheet.top,
        sheet.left,
        sheet.hidden,
        (*sheet.issues, issue),
        sheet.headers,
    )
