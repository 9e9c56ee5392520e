"""Makes an add-in or a macro workbook of an .xlsx: adds the VBA project and the ribbon. Draws no cell.

Not openpyxl, which drops the ribbon. Fixed dates and order, nothing compressed: the same parts give the same bytes,
whichever zlib the machine has.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO

_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_TYPES, _ROOT_RELATIONS = "[Content_Types].xml", "_rels/.rels"
PROJECT_PART, RIBBON_PART = "xl/vbaProject.bin", "customUI/customUI14.xml"
_PLAIN_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_PROJECT_TYPE = "application/vnd.ms-office.vbaProject"
_PROJECT_RELATION = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
_RIBBON_RELATION = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
_SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
_FIXED_DAY = (1980, 1, 1, 0, 0, 0)  # the first a zip file can name
BOOK_CODE_NAME = "ThisWorkbook"


class MainType(StrEnum):
    """What Excel takes the file for: the content type of its workbook part."""

    ADDIN = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
    MACRO_WORKBOOK = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"


@dataclass(frozen=True, slots=True)
class Macros:
    """What is added to a plain workbook."""

    main_type: MainType
    project: bytes
    ribbon: bytes


def sheet_code_names(xlsx: bytes) -> list[str]:
    """The names the sheets will have in VBA, one for each: Sheet1, Sheet2, ..."""
    with zipfile.ZipFile(BytesIO(xlsx)) as file:
        found = [match for name in file.namelist() if (match := _SHEET.fullmatch(name))]
    return [f"Sheet{number}" for number in sorted(int(match[1]) for match in found)]


def package(xlsx: bytes, macros: Macros) -> bytes:
    """The bytes of the .xlam or .xlsm."""
    with zipfile.ZipFile(BytesIO(xlsx)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    parts[_TYPES] = _with_types(parts[_TYPES].decode(), macros.main_type)
    parts[_RELATIONS] = _related(parts[_RELATIONS], "rIdVba", _PROJECT_RELATION, "vbaProject.bin")
    parts[_ROOT_RELATIONS] = _related(
        parts[_ROOT_RELATIONS], "rIdRibbon", _RIBBON_RELATION, RIBBON_PART
    )
    parts[_WORKBOOK] = _with_code_name(parts[_WORKBOOK], "workbookPr", BOOK_CODE_NAME)
    for name in parts:
        if sheet := _SHEET.fullmatch(name):
            parts[name] = _with_code_name(parts[name], "sheetPr", f"Sheet{sheet[1]}")
    parts |= {PROJECT_PART: macros.project, RIBBON_PART: macros.ribbon}
    return _zipped({_TYPES: parts.pop(_TYPES), **parts})


def is_unchanged_build(content: bytes) -> bool:
    """Whether a file is as `package` wrote it: whatever program saves it later compresses its parts."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as file:
            return all(entry.compress_type == zipfile.ZIP_STORED for entry in file.infolist())
    except zipfile.BadZipFile:
        return False


def _with_types(types: str, main_type: MainType) -> bytes:
    types = _replaced(types, f'"{_PLAIN_WORKBOOK}"', f'"{main_type}"')
    default = f'<Default Extension="bin" ContentType="{_PROJECT_TYPE}"/>'
    return _replaced(types, "<Default ", default + "<Default ", first=True).encode()


def _related(relations: bytes, name: str, kind: str, target: str) -> bytes:
    new = f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>'
    return _replaced(relations.decode(), "</Relationships>", new + "</Relationships>").encode()


def _with_code_name(part: bytes, element: str, name: str) -> bytes:
    """The part with its code name; a sheet that has no properties gets them as its first element."""
    text = part.decode()
    said = f'<{element} codeName="{name}"'
    if re.search(rf"<{element}\b", text):
        return re.sub(rf"<{element}\b", said, text, count=1).encode()
    return re.sub(r"(<worksheet\b[^>]*>)", rf"\g<1>{said}/>", text, count=1).encode()


def _replaced(text: str, old: str, new: str, *, first: bool = False) -> str:
    if old not in text or (text.count(old) > 1 and not first):
        raise ValueError(f"a part of the workbook has {text.count(old)} times {old!r}, not once")
    return text.replace(old, new, 1)


def _zipped(parts: dict[str, bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as file:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _FIXED_DAY)
            entry.create_system = 0  # the same on every machine
            file.writestr(entry, content)
    return buffer.getvalue()
