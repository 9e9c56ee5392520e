"""Small workbooks put together part by part, each as some program writes them and none of ours does."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

STYLES = (
    f'{_HEAD}<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="12"/><name val="Courier"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs '
    'count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" '
    'fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="10" fontId="0" fillId="0" borderId="0" xfId="0" '
    'applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>'
    "</cellStyles></styleSheet>"
)
SHEET = (
    f'{_HEAD}<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" s="1"><v>0.25</v></c>'
    '<c r="B1" t="inlineStr"><is><t>theirs</t></is></c></row></sheetData></worksheet>'
)


def relations(*found: tuple[str, str, str], base: str = RELATIONS) -> str:
    """A relations part: id, kind, target; an id of "" is left out."""
    said = "".join(
        "<Relationship "
        + (f'Id="{key}" ' if key else "")
        + f'Type="{base}/{kind}" Target="{target}"/>'
        for key, kind, target in found
    )
    return f'{_HEAD}<Relationships xmlns="{PACKAGE}/relationships">{said}</Relationships>'


def types(overrides: Mapping[str, str] | None = None) -> str:
    """The content types of the usual parts; more by part name."""
    kinds = {
        "/xl/workbook.xml": f"{_KIND}.sheet.main+xml",
        "/xl/worksheets/sheet1.xml": f"{_KIND}.worksheet+xml",
        "/xl/styles.xml": f"{_KIND}.styles+xml",
        **(overrides or {}),
    }
    said = "".join(
        f'<Override PartName="{part}" ContentType="{kind}"/>'
        for part, kind in kinds.items()
        if kind
    )
    return (
        f'{_HEAD}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{said}</Types>'
    )


def workbook(inside: str = "", sheets: str = '<sheet name="Data" sheetId="1" r:id="rId1"/>') -> str:
    """A workbook part; `inside` comes after its sheets."""
    return f'{_HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{sheets}</sheets>{inside}</workbook>'


def parts(changed: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """The parts of the smallest workbook, some of them changed or, where None, left out."""
    usual: dict[str, str | None] = {
        "[Content_Types].xml": types(),
        "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": workbook(),
        "xl/_rels/workbook.xml.rels": relations(
            ("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "styles", "styles.xml")
        ),
        "xl/worksheets/sheet1.xml": SHEET,
        "xl/styles.xml": STYLES,
        **(changed or {}),
    }
    return {name: part for name, part in usual.items() if part is not None}


def zipped(held: Mapping[str, str | bytes], *, described: bool = False) -> bytes:
    """The parts as a file; `described`: sizes come after each part, as programs write that stream."""
    out = io.BytesIO()
    target = _Unseekable(out) if described else out
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in held.items():
            info = zipfile.ZipInfo(name, (2021, 3, 4, 5, 6, 8))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, part)
    return out.getvalue()


class _Unseekable:
    """A file that cannot go back."""

    def __init__(self, inner: io.BytesIO) -> None:
        self.inner = inner

    def write(self, data: bytes) -> int:
        return self.inner.write(data)

    def flush(self) -> None:
        self.inner.flush()


def prefixed(part: str) -> str:
    """A part whose elements carry a prefix, as the Open XML SDK writes them."""
    said = re.sub(r"<(/?)(?=[A-Za-z])", r"<\1x:", part.removeprefix(_HEAD))
    return _HEAD + said.replace("xmlns=", "xmlns:x=", 1)


def strict(part: str) -> str:
    """A part in the words of the strict form."""
    return part.replace(MAIN, STRICT_MAIN).replace(RELATIONS, STRICT_RELATIONS)


def edited(package: bytes, *changes: tuple[str, str, str]) -> bytes:
    """A workbook with text replaced in its parts: part, what stands there, what takes its place."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    for part, old, new in changes:
        assert old.encode() in held[part], f"{part} does not say {old}"
        held[part] = held[part].replace(old.encode(), new.encode())
    return zipped(held)
