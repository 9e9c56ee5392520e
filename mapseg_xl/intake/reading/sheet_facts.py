"""What a sheet's XML says and the cell reader does not: errors, formulas never calculated, what is hidden, how far."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from mapseg_xl.errors import InputError
from mapseg_xl.intake.reading.package import column_number

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384  # of any sheet
_CHUNK = 1 << 22
_REFERENCE = re.compile(rb"\sr=[\"']([A-Z]{1,3})(\d{1,10})[\"']")
_WIDE_OR_LONG = re.compile(rb" r=[\"'](?:([A-Z]{2,3})\d{1,10}|[A-Z]{0,3}(\d{7,10}))[\"']")
_TAG = rb"[^<>]*+"  # of a cell or row: no attribute of theirs holds a bracket
_VALUED = re.compile(rb"<(?:\w{1,60}:)?c(?=\s)(" + _TAG + rb")(?<!/)>")
_ROW = re.compile(rb"<(?:\w{1,60}:)?row\b" + _TAG + rb">")
_ROW_NUMBER = re.compile(rb"\sr=[\"'](\d{1,10})")
_COLUMNS = re.compile(rb"<(?:\w{1,60}:)?col\s" + _TAG + rb">")
_FIRST_LAST = re.compile(rb"\s(min|max)=[\"'](\d{1,10})[\"']")
_NO_VALUE = rb"(?:<(?:\w{1,60}:)?v\s*+/>|<(?:\w{1,60}:)?v></(?:\w{1,60}:)?v>)?+\s*+"
_UNCALCULATED = re.compile(
    rb"(?:</(?:\w{1,60}:)?f>|<(?:\w{1,60}:)?f\b[^<>]*+(?<=/)>)\s*+"
    + _NO_VALUE
    + rb"</(?:\w{1,60}:)?c>"
)
_ZERO = re.compile(rb"</(?:\w{1,60}:)?f><(?:\w{1,60}:)?v>0</(?:\w{1,60}:)?v></(?:\w{1,60}:)?c>")
_VALUE = re.compile(rb"<(?:\w{1,60}:)?v>([^<]*+)</")

Cell = tuple[int, int]  # sheet row and column, both from 1


@dataclass(slots=True)
class SheetFacts:
    """One sheet's facts, gathered while its XML streams by."""

    errors: list[tuple[int, int, str]] = field(default_factory=list)
    uncalculated: list[Cell] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    filtered: bool = False
    last_row: int = 0
    last_column: int = 0
    formulas: int = 0
    zeros: list[Cell] = field(default_factory=list)


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
        for tag in _VALUED.findall(block):
            if found := _REFERENCE.search(tag):
                row = max(row, int(found[2]))
                column = max(column, column_number(found[1].decode()))
    return row, column


def row_blocks(stream: BinaryIO, size: int = _CHUNK) -> Iterator[bytes]:
    """The XML in pieces of about `size` bytes that end with a row."""
    rest: list[bytes] = []
    while chunk := stream.read(size):
        cut = max(chunk.rfind(b"</row>"), chunk.rfind(b":row>")) + 6
        if cut < 6:  # joined once, when a row ends: a row without end costs no more than its length
            rest.append(chunk)
            continue
        yield b"".join((*rest, chunk[:cut]))
        rest = [chunk[cut:]]
    yield b"".join(rest)


def _scan(block: bytes, facts: SheetFacts, columns: set[bytes]) -> None:
    last = max(block.rfind(b"<row"), block.rfind(b":row "))
    if last >= 0 and (found := _ROW_NUMBER.search(block, last)):
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
    """Notes the sheet's hidden rows and columns, and whether a filter hides them."""
    facts.filtered = facts.filtered or b"filterColumn" in block
    if b"hidden=" not in block:
        return
    for at in _found(block, b'hidden="1"', b'hidden="true"'):
        start = block.rfind(b"<", 0, at)
        if tag := _ROW.match(block, start):
            if found := _ROW_NUMBER.search(tag[0]):
                facts.hidden_rows.append(int(found[1]))
        elif tag := _COLUMNS.match(block, start):
            ends = {which: int(number) for which, number in _FIRST_LAST.findall(tag[0])}
            last = min(ends.get(b"max", 0), LAST_COLUMN)
            facts.hidden_columns += range(max(ends.get(b"min", 1), 1), last + 1)


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
    if not found:
        return None
    row, column = int(found[2]), column_number(found[1].decode())
    return (row, column) if row <= LAST_ROW and column <= LAST_COLUMN else None
