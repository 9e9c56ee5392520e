"""The zip package of an .xlsx workbook: which part holds which sheet, and what no sound package has.

Looks at bytes only; nothing is unpacked to disk, no XML is parsed with entities. What is searched here is searched in
one pass and of a bounded size, so that no file keeps it busy.
"""

from __future__ import annotations

import html
import lzma
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from mapseg_xl.errors import InputError
from mapseg_xl.intake.reading.our_tabs import marked_tabs

MAX_PART_BYTES = 2_000_000_000
BOMB_BYTES = 200_000_000
BOMB_RATIO = 200
MAX_CELLS = 50_000_000
FEW_CELLS = 5_000_000  # above it, a sheet must be filled to some degree
CELLS_PER_BYTE = 20  # of the packed file: a cell that holds something takes more than a twentieth
LARGEST_BOOK_BYTES = 64_000_000  # of the list of sheets and the like; a usual one has thousands
MOST_PARTS = 200_000
ZIP_ERRORS = (
    zipfile.BadZipFile,
    NotImplementedError,  # a way of compressing that nobody uses
    RuntimeError,  # a part with a password
    EOFError,
    OSError,
    KeyError,
    ValueError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
)
# A tag's attributes: a value may hold `>`, never `<`. Possessive, so that a tag without end costs one pass.
_INSIDE = rb"(?:[^<>\"']|\"[^\"<]*+\"|'[^'<]*+')*+>"
_SHEET = re.compile(rb"<(?:\w{1,60}:)?sheet\s" + _INSIDE)
_RELATION = re.compile(rb"<(?:\w{1,60}:)?Relationship\s" + _INSIDE)
_ATTRIBUTE = re.compile(rb"(?<![\w:])([\w:]++)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)')")
_FOREIGN_SHEETS = ("/chartsheet", "/dialogsheet", "/xlMacrosheet", "/xlIntlMacrosheet")


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet as the workbook lists it."""

    name: str
    part: str  # zip entry; "" where the workbook does not say
    state: str = "visible"  # or "hidden", or "veryHidden": only a macro shows it again
    worksheet: bool = True  # a chart or a dialog is none

    @property
    def hidden(self) -> bool:
        """Whether nobody sees it who opens the workbook."""
        return self.state != "visible"


@dataclass(frozen=True, slots=True)
class Package:
    """A workbook's parts: its sheets in order, the zip entry of each by name, and two settings."""

    sheets: dict[str, str]
    date_1904: bool
    recalculates: bool  # written by a program that left the calculating to Excel
    listed: tuple[SheetPart, ...] = field(default=())
    marked: frozenset[str] = frozenset()  # sheets that a hidden name of ours marks as our tabs


def refuse_bombs(archive: zipfile.ZipFile, name: str) -> None:
    """Raises InputError where unpacking would fill the memory or names leave the package."""
    if len(archive.filelist) > MOST_PARTS:
        raise InputError(
            f"{name} is not a sound workbook: it has {len(archive.filelist):,} parts. Save it again in Excel."
        )
    for part in archive.infolist():
        ratio = part.file_size / max(part.compress_size, 1)
        too_big = part.file_size > MAX_PART_BYTES
        if too_big or (part.file_size > BOMB_BYTES and ratio > BOMB_RATIO):
            raise InputError(
                f"{name} would unpack to {part.file_size / 1e9:.1f} GB ({part.filename}), more than a workbook "
                "holds. Save the data again, or send it as .csv or .parquet."
            )
        if ".." in part.filename.replace("\\", "/").split("/"):
            raise InputError(
                f"{name} is not a sound workbook: it names '{part.filename}'. Save it again in Excel."
            )


def package(archive: zipfile.ZipFile, name: str) -> Package:
    """Sheets and settings of an .xlsx package; refuses a DOCTYPE, which no workbook has."""
    start = _target(archive, name, "", "_rels/.rels", "officeDocument")
    book = _part(archive, start, name)
    rels = f"{posixpath.dirname(start)}/_rels/{posixpath.basename(start)}.rels".lstrip("/")
    relations = {r["Id"]: r for r in _relations(_part(archive, rels, name)) if r.get("Id")}
    listed = tuple(_listed(_attributes(tag), relations, start) for tag in _SHEET.findall(book))
    return Package(
        {sheet.name: sheet.part for sheet in listed},
        date_1904=bool(re.search(rb"date1904=[\"'](?:1|true)[\"']", book)),
        recalculates=bool(re.search(rb"fullCalcOnLoad=[\"'](?:1|true)[\"']", book)),
        listed=listed,
        marked=marked_tabs(book, [sheet.name for sheet in listed]),
    )


def _listed(sheet: dict[str, str], relations: dict[str, dict[str, str]], base: str) -> SheetPart:
    rid = next((v for k, v in sheet.items() if k.endswith(":id")), "")
    relation = relations.get(rid, {})
    target = relation.get("Target", "")
    return SheetPart(
        sheet.get("name", ""),
        _resolve(base, target) if target else "",
        state=sheet.get("state", "visible"),
        worksheet=not relation.get("Type", "").endswith(_FOREIGN_SHEETS),
    )


def entry(archive: zipfile.ZipFile, part: str) -> str:
    """The zip entry of a part, whatever its case and slashes; the part's own name where there is none."""
    if part in archive.NameToInfo:
        return part
    wanted = part.casefold()
    known = (n for n in archive.namelist() if n.replace("\\", "/").casefold() == wanted)
    return next(known, part)


def _part(archive: zipfile.ZipFile, part: str, name: str) -> bytes:
    try:
        known = archive.getinfo(entry(archive, part))
        content = archive.read(known) if known.file_size <= LARGEST_BOOK_BYTES else None
    except ZIP_ERRORS as error:
        raise InputError(
            f"{name} is damaged: the part '{part}' cannot be read. Save it again in Excel."
        ) from error
    if content is None:
        raise InputError(
            f"{name} is not a sound workbook: '{part}' would unpack to {known.file_size / 1e6:,.0f} MB. "
            "Save it again in Excel."
        )
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise InputError(
            f"{name} is not a sound workbook: '{part}' has a DOCTYPE. Save it again in Excel."
        )
    return content


def relation_targets(content: bytes, base: str) -> dict[str, str]:
    """Zip entries by relation id, of a part that lies at `base`."""
    known = ((r.get("Id"), r.get("Target")) for r in _relations(content))
    return {i: _resolve(base, target) for i, target in known if i and target}


def _relations(content: bytes) -> Iterator[dict[str, str]]:
    return (_attributes(tag) for tag in _RELATION.findall(content))


def _target(archive: zipfile.ZipFile, name: str, base: str, rels: str, kind: str) -> str:
    for relation in _relations(_part(archive, rels, name)):
        if relation.get("Type", "").endswith("/" + kind) and "Target" in relation:
            return _resolve(base, relation["Target"])
    raise InputError(f"{name} is a zip archive without a workbook in it. Save the data as .xlsx.")


def _resolve(base: str, target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), target))


def _attributes(tag: bytes) -> dict[str, str]:
    return {
        k.decode("utf-8", "replace"): html.unescape((a or b).decode("utf-8", "replace"))
        for k, a, b in _ATTRIBUTE.findall(tag)
    }


def column_number(letters: str) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """A for 1, AA for 27.

    >>> column_letters(1), column_letters(27), column_number("XFD")
    ('A', 'AA', 16384)
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
