"""What a workbook's package says that the reader does not: errors, formulas never calculated, hidden rows.

Looks at bytes only; nothing is unpacked to disk, no XML is parsed with entities.
"""

from __future__ import annotations

import html
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from mapseg_xl.errors import InputError

MAX_PART_BYTES = 2_000_000_000
BOMB_BYTES = 200_000_000
BOMB_RATIO = 200
MAX_CELLS = 50_000_000
_CHUNK = 1 << 22
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_REFERENCE = re.compile(rb"\sr=[\"']([A-Z]{1,3})(\d+)[\"']")
_WIDE_OR_LONG = re.compile(rb" r=\"(?:([A-Z]{2,3})\d+|[A-Z]*(\d{7,}))\"")
_VALUED = re.compile(rb"<(?:\w+:)?c\s[^>]*?r=\"([A-Z]+)(\d+)\"(?:[^>]*[^/>])?>")
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*>")
_UNCALCULATED = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f\b[^>]*/>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_ZERO = re.compile(rb"</(?:\w+:)?f><(?:\w+:)?v>0</(?:\w+:)?v></(?:\w+:)?c>")
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)</")

Cell = tuple[int, int]  # sheet row and column, both from 1


@dataclass(slots=True)
class SheetFacts:
    """One sheet's facts, gathered while its XML streams by."""

    errors: list[tuple[int, int, str]] = field(default_factory=list)
    uncalculated: list[Cell] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    filtered: bool = False
    last_row: int = 0
    last_column: int = 0
    formulas: int = 0
    zeros: list[Cell] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Package:
    """A workbook's parts: the zip entry of each sheet by name, and two settings."""

    sheets: dict[str, str]
    date_1904: bool
    recalculates: bool  # written by a program that left the calculating to Excel


def refuse_bombs(archive: zipfile.ZipFile, name: str) -> None:
    """Raises InputError where unpacking would fill the memory or names leave the package."""
    for part in archive.infolist():
        ratio = part.file_size / max(part.compress_size, 1)
        too_big = part.file_size > MAX_PART_BYTES
        if too_big or (part.file_size > BOMB_BYTES and ratio > BOMB_RATIO):
            raise InputError(
                f"{name} would unpack to {part.file_size / 1e9:.1f} GB ({part.filename}), more than a workbook "
                "holds. Save the data again, or send it as .csv or .parquet."
            )
        if ".." in part.filename.split("/"):
            raise InputError(
                f"{name} is not a sound workbook: it names '{part.filename}'. Save it again in Excel."
            )


def package(archive: zipfile.ZipFile, name: str) -> Package:
    """Sheets and settings of an .xlsx package; refuses a DOCTYPE, which no workbook has."""
    start = _target(archive, name, "", "_rels/.rels", "officeDocument")
    book = _part(archive, start, name)
    rels = f"{posixpath.dirname(start)}/_rels/{posixpath.basename(start)}.rels".lstrip("/")
    targets = relation_targets(_part(archive, rels, name), start)
    sheets = {}
    for tag in _SHEET.findall(book):
        known = _attributes(tag)
        rid = next((v for k, v in known.items() if k.endswith(":id")), "")
        sheets[known.get("name", "")] = targets.get(rid, "")
    return Package(
        sheets,
        date_1904=bool(re.search(rb"date1904=[\"'](?:1|true)[\"']", book)),
        recalculates=bool(re.search(rb"fullCalcOnLoad=[\"'](?:1|true)[\"']", book)),
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
        content = archive.read(entry(archive, part))
    except (KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise InputError(
            f"{name} is damaged: the part '{part}' cannot be read. Save it again in Excel."
        ) from error
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
        k.decode(): html.unescape((a or b).decode("utf-8", "replace"))
        for k, a, b in _ATTRIBUTE.findall(tag)
    }


def sheet_facts(stream: BinaryIO, name: str, sheet: str, *, recalculates: bool) -> SheetFacts:
    """Streams one sheet's XML and gathers what the cell reader drops; refuses extents no memory holds."""
    facts = SheetFacts()
    columns: set[bytes] = set()
    for block in row_blocks(stream):
        if b"<!DOCTYPE" in block:
            raise InputError(
                f"{name} is not a sound workbook: sheet '{sheet}' has a DOCTYPE. Save it again."
            )
        _scan(block, facts, columns)
        if recalculates and facts.formulas:
            facts.zeros += [
                c for c in (_cell(block, m.start()) for m in _ZERO.finditer(block)) if c
            ]
    facts.last_column = max([facts.last_column, *(column_number(c.decode()) for c in columns)])
    return facts


def valued_extents(stream: BinaryIO) -> tuple[int, int]:
    """Last row and column that hold more than a format. Slower than `sheet_facts`, for when its answer is too large."""
    row = column = 0
    for block in row_blocks(stream):
        for letters, number in _VALUED.findall(block):
            row = max(row, int(number))
            column = max(column, column_number(letters.decode()))
    return row, column


def row_blocks(stream: BinaryIO, size: int = _CHUNK) -> Iterator[bytes]:
    """The XML in pieces of about `size` bytes that end with a row."""
    rest = b""
    while chunk := stream.read(size):
        block = rest + chunk
        cut = max(block.rfind(b"</row>"), block.rfind(b":row>")) + 6
        if cut < 6:
            rest = block
            continue
        yield block[:cut]
        rest = block[cut:]
    yield rest


def _scan(block: bytes, facts: SheetFacts, columns: set[bytes]) -> None:
    last = max(block.rfind(b"<row"), block.rfind(b":row "))
    if last >= 0 and (found := re.compile(rb"\sr=[\"'](\d+)").search(block, last)):
        facts.last_row = max(facts.last_row, int(found[1]))
    for letters, row in _WIDE_OR_LONG.findall(block):
        if letters:
            columns.add(letters)
        else:
            facts.last_row = max(facts.last_row, int(row))
    facts.last_column = max(facts.last_column, 26)
    _scan_errors(block, facts)
    _scan_formulas(block, facts)
    scan_hidden(block, facts)


def _scan_errors(block: bytes, facts: SheetFacts) -> None:
    for at in _found(block, b't="e"', b"t='e'"):
        cell, value = _cell(block, at), _VALUE.search(block, at)
        if cell and value:
            facts.errors.append((*cell, html.unescape(value[1].decode("utf-8", "replace"))))


def _scan_formulas(block: bytes, facts: SheetFacts) -> None:
    if not any(mark in block for mark in (b"</f>", b"<f ", b":f>", b":f ")):
        return
    facts.formulas += block.count(b"</f>") + block.count(b":f>") // 2
    for found in _UNCALCULATED.finditer(block):
        start = max(block.rfind(b"<c ", 0, found.start()), block.rfind(b":c ", 0, found.start()))
        tag = block[start : block.find(b">", start)]
        if b't="str"' not in tag and (cell := _cell(block, start + 2)):
            facts.uncalculated.append(cell)


def scan_hidden(block: bytes, facts: SheetFacts) -> None:
    """Notes the sheet's hidden rows, and whether a filter hides them."""
    facts.filtered = facts.filtered or b"filterColumn" in block
    if b"hidden=" not in block:
        return
    for at in _found(block, b'hidden="1"', b'hidden="true"'):
        tag = _ROW.match(block, block.rfind(b"<", 0, at))
        if tag and (found := re.search(rb"\sr=[\"'](\d+)", tag[0])):
            facts.hidden_rows.append(int(found[1]))


def _found(block: bytes, *needles: bytes) -> Iterator[int]:
    for needle in needles:
        at = block.find(needle)
        while at >= 0:
            yield at
            at = block.find(needle, at + len(needle))


def _cell(block: bytes, inside: int) -> Cell | None:
    """Row and column of the cell whose tag or content holds position `inside`; None where it has no address."""
    start = max(block.rfind(b"<c ", 0, inside + 1), block.rfind(b":c ", 0, inside + 1))
    if start < 0:
        return None
    found = _REFERENCE.search(block, start, block.find(b">", start) + 1)
    return (int(found[2]), column_number(found[1].decode())) if found else None


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
