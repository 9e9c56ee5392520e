"""Workbooks made by hand, part by part, for what no writing library would write."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def _relations(target: str, kind: str) -> str:
    return (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATIONS}/{kind}" Target="{target}"/></Relationships>'
    )


def _types(book: str, sheet: str, kind: str) -> str:
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/{book}" ContentType="application/vnd.{kind}.main"/>'
        f'<Override PartName="/{sheet}" ContentType="application/vnd.{kind}.worksheet"/></Types>'
    )


def xlsx(path: Path, rows: str, *, settings: str = "", parts: dict[str, str] | None = None) -> Path:
    """A workbook of one sheet, `rows` being the content of its sheetData; `parts` adds or replaces zip entries."""
    book, sheet = "xl/workbook.xml", "xl/worksheets/sheet1.xml"
    entries = {
        "[Content_Types].xml": _types(book, sheet, "openxmlformats-officedocument.spreadsheetml"),
        "_rels/.rels": _relations(book, "officeDocument"),
        "xl/_rels/workbook.xml.rels": _relations("worksheets/sheet1.xml", "worksheet"),
        book: f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">{settings}'
        '<sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>',
        sheet: f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (entries | (parts or {})).items():
            archive.writestr(name, content)
    return path


def text_cell(address: str, text: str) -> str:
    return f'<c r="{address}" t="inlineStr"><is><t>{text}</t></is></c>'


def xlsb(path: Path) -> Path:
    """A binary workbook: sheet `Data` with id and revenue, a number, and #N/A and #REF! (of a formula) as revenue."""
    book = _records((131, b""), (143, b""), (156, _sheet_entry()), (144, b""), (132, b""))
    cells = [(0, _row(0)), (6, _cell(0) + _wide("id")), (6, _cell(1) + _wide("revenue"))]
    cells += [(0, _row(1)), (6, _cell(0) + _wide("007")), (5, _cell(1) + struct.pack("<d", 12.5))]
    cells += [(0, _row(2)), (6, _cell(0) + _wide("a2")), (3, _cell(1) + b"\x2a")]
    cells += [(0, _row(3)), (6, _cell(0) + _wide("a3")), (11, _cell(1) + b"\x17" + bytes(10))]
    extent = struct.pack("<4I", 0, 3, 0, 1)
    sheet = _records((129, b""), (148, extent), (145, b""), *cells, (146, b""), (130, b""))
    kind = "ms-excel.sheet.binary.macroEnabled"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        names = ("xl/workbook.bin", "xl/worksheets/sheet1.bin")
        archive.writestr("[Content_Types].xml", _types(*names, kind))
        archive.writestr("_rels/.rels", _relations(names[0], "officeDocument"))
        rels = _relations("worksheets/sheet1.bin", "worksheet")
        archive.writestr("xl/_rels/workbook.bin.rels", rels)
        archive.writestr(names[0], book)
        archive.writestr(names[1], sheet)
    return path


def _records(*records: tuple[int, bytes]) -> bytes:
    """Number and length seven bits a byte, then the body."""
    written = b""
    for number, body in records:
        low = bytes([number]) if number < 128 else bytes([number & 0x7F | 0x80, number >> 7])
        size, length = b"", len(body)
        while length >= 128:
            size, length = size + bytes([length & 0x7F | 0x80]), length >> 7
        written += low + size + bytes([length]) + body
    return written


def _sheet_entry() -> bytes:
    return struct.pack("<II", 0, 1) + _wide("rId1") + _wide("Data")


def _row(number: int) -> bytes:
    return struct.pack("<I", number) + bytes(13)


def _cell(column: int) -> bytes:
    return struct.pack("<II", column, 0)


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")
