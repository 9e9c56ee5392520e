"""Error values of ods, xlsb and xls workbooks, which the cell reader leaves empty. Looks for nothing else in them."""

from __future__ import annotations

import html
import re
import struct
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from mapseg_xl.intake.reading.compound import compound_stream
from mapseg_xl.intake.reading.package import relation_targets

ErrorCells = dict[str, list[tuple[int, int, str]]]
"""Sheet name -> (row, column, code), both from 1."""

_CODES = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
_XLSB_ROW, _XLSB_ERROR, _XLSB_FORMULA_ERROR, _XLSB_SHEET = 0, 3, 11, 156
_XLSB_WANTED = frozenset([_XLSB_ROW, _XLSB_ERROR, _XLSB_FORMULA_ERROR, _XLSB_SHEET])
_XLS_SHEET, _XLS_START, _XLS_END, _XLS_ERROR, _XLS_FORMULA = 0x85, 0x809, 0x0A, 0x205, 0x06
_ODS_TAG = re.compile(
    rb"<table:table\s[^>]*table:name=\"([^\"]*)\"|<table:(table-row|table-cell|covered-table-cell)\b([^>]*)>"
)
_ODS_TIMES = re.compile(rb"table:number-(?:rows|columns)-repeated=\"(\d+)\"")
_ODS_ERROR = b'calcext:value-type="error"'
_ODS_TEXT = re.compile(rb"<text:p>(#[^<]*|Err:\d+)</text:p>")


def error_cells(kind: str, stream: BinaryIO) -> ErrorCells:
    """Every error value of a workbook of that kind (`ods`, `xlsb`, `xls`); raises ValueError where it is malformed."""
    stream.seek(0)
    try:
        if kind == "xls":
            return _xls(compound_stream(stream.read(), ("Workbook", "Book")))
        with zipfile.ZipFile(stream) as archive:
            return _ods(archive.read("content.xml")) if kind == "ods" else _xlsb(archive)
    except (struct.error, IndexError, KeyError, zipfile.BadZipFile) as error:
        message = f"malformed {kind}: {error}"
        raise ValueError(message) from error


def _ods(content: bytes) -> ErrorCells:
    found: ErrorCells = {}
    if _ODS_ERROR not in content:
        return found
    sheet, row, column, next_row = "", 0, 1, 1
    for tag in _ODS_TAG.finditer(content):
        if tag[1] is not None:
            sheet, next_row = html.unescape(tag[1].decode("utf-8", "replace")), 1
            continue
        repeated = _ODS_TIMES.search(tag[3])
        times = int(repeated[1]) if repeated else 1
        if tag[2] == b"table-row":
            row, next_row, column = next_row, next_row + times, 1
            continue
        if _ODS_ERROR in tag[3]:
            text = _ODS_TEXT.match(content, tag.end())
            code = html.unescape(text[1].decode("utf-8", "replace")) if text else "#VALUE!"
            found.setdefault(sheet, []).append((row, column, code))
        column += times
    return found


def _xlsb(archive: zipfile.ZipFile) -> ErrorCells:
    found: ErrorCells = {}
    for name, part in _xlsb_sheets(archive):
        row = 0
        for kind, body in _xlsb_records(archive.read(part)):
            if kind == _XLSB_ROW:
                row = struct.unpack_from("<I", body)[0] + 1
            elif kind in (_XLSB_ERROR, _XLSB_FORMULA_ERROR):
                column = struct.unpack_from("<I", body)[0] + 1
                found.setdefault(name, []).append((row, column, _CODES.get(body[8], "#VALUE!")))
    return found


def _xlsb_sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Names and zip entries of the sheets; a sheet record has two numbers, then relation id and name."""
    targets = relation_targets(archive.read("xl/_rels/workbook.bin.rels"), "xl/workbook.bin")
    for kind, body in _xlsb_records(archive.read("xl/workbook.bin")):
        if kind == _XLSB_SHEET:
            relation, after = _xlsb_text(body, 8)
            name, _ = _xlsb_text(body, after)
            yield name, targets[relation]


def _xlsb_text(body: bytes, at: int) -> tuple[str, int]:
    end = at + 4 + 2 * int(struct.unpack_from("<I", body, at)[0])
    return body[at + 4 : end].decode("utf-16-le", "replace"), end


def _xlsb_records(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Record number and body; both number and length are written seven bits a byte."""
    at = 0
    while at < len(content):
        kind = content[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (content[at] << 7)
            at += 1
        size = shift = 0
        while True:
            byte = content[at]
            at += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        yield kind, content[at : at + size] if kind in _XLSB_WANTED else b""
        at += size


def _xls(content: bytes) -> ErrorCells:
    """BIFF8 and BIFF5: sheets start where the sheet records of the first part say."""
    found: ErrorCells = {}
    for name, start in _xls_sheets(content):
        for kind, body in _xls_records(content, start):
            if kind == _XLS_END:
                break
            if kind == _XLS_ERROR and body[7]:
                code = body[6]
            elif kind == _XLS_FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
                code = body[8]
            else:
                continue
            row, column = struct.unpack_from("<HH", body)
            found.setdefault(name, []).append((row + 1, column + 1, _CODES.get(code, "#VALUE!")))
    return found


def _xls_sheets(content: bytes) -> list[tuple[str, int]]:
    sheets = []
    wide = True
    for kind, body in _xls_records(content, 0):
        if kind == _XLS_START:
            wide = struct.unpack_from("<H", body)[0] == 0x600
        if kind == _XLS_SHEET:
            letters, flags = (body[8:], body[7]) if wide else (body[7:], 0)
            coding = "utf-16-le" if flags & 1 else "latin-1"
            name = letters[: body[6] * (2 if flags & 1 else 1)].decode(coding, "replace")
            sheets.append((name, struct.unpack_from("<I", body)[0]))
        if kind == _XLS_END:
            break
    return sheets


def _xls_records(content: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    at = start
    while at + 4 <= len(content):
        kind, size = struct.unpack_from("<HH", content, at)
        yield kind, content[at + 4 : at + 4 + size]
        at += 4 + size
