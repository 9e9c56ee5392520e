"""Parts of ours rewritten for the workbook they go into: formats and strings, relations, table numbers, namespaces."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from mapseg_xl.hosts.splice.parts import relative, resolved
from mapseg_xl.hosts.splice.stylesheet import Looks
from mapseg_xl.hosts.splice.widths import rewidened

_CELL = re.compile(r'(<c r="[A-Z]+\d+")(?: s="(\d+)")?( t="s"><v>(\d+)</v></c>)?')
_ARRAY = re.compile(r'(<c [^>]*?) cm="\d+"')
_ROW = re.compile(r'(<row [^>]*? s=")(\d+)(")')
_COLUMN = re.compile(r'(<col [^>]*? style=")(\d+)(")')
_CONDITION = re.compile(r'(<cfRule [^>]*?dxfId=")(\d+)(")')
_TABLE_LOOK = re.compile(r'([dD]xfId=")(\d+)(")')
_SELECTED = ' tabSelected="1"'
_TARGET = re.compile(r'(Target=")([^"]*)(")')
_TABLE_NUMBER = re.compile(r'(<table [^>]*? id=")(\d+)(")')
_STRICT = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://schemas.openxmlformats.org/officeDocument/2006/": "http://purl.oclc.org/ooxml/officeDocument/",
    "http://schemas.openxmlformats.org/drawingml/2006/": "http://purl.oclc.org/ooxml/drawingml/",
}
_PER_THOUSAND = re.compile(r'(<a:(?:alpha|lumMod|lumOff|tint|shade) val=")(\d+)(")')


def fitted_sheet(xml: str, looks: Looks, strings: Sequence[str], arrays: str = "") -> str:
    """A sheet whose cells have their formats and strings where they are now, and that is not the one looked at.

    `arrays`: what marks a cell as a dynamic array in that workbook; "" makes it a plain array.
    """

    def cell(found: re.Match[str]) -> str:
        head, style, shared, string = found.groups()
        said: str = head + (f' s="{looks.cells[int(style)]}"' if style else "")
        if not shared:
            return said
        return f'{said} t="inlineStr"><is>{strings[int(string)]}</is></c>'

    xml = _CELL.sub(cell, xml.replace(_SELECTED, "", 1))
    for pattern in (_ROW, _COLUMN):
        xml = pattern.sub(lambda m: f"{m[1]}{looks.cells[int(m[2])]}{m[3]}", xml)
    xml = _CONDITION.sub(lambda m: f"{m[1]}{looks.conditions[int(m[2])]}{m[3]}", xml)
    return rewidened(_ARRAY.sub(rf"\1{arrays}", xml), looks.digit)


def selected(xml: str) -> str:
    """A sheet that is the one looked at."""
    return xml.replace("<sheetView ", f"<sheetView{_SELECTED} ", 1)


def fitted_table(xml: str, number: int, looks: Looks) -> str:
    """A table with its number among all tables of the workbook."""
    xml = _TABLE_LOOK.sub(lambda m: f"{m[1]}{looks.conditions[int(m[2])]}{m[3]}", xml)
    return _TABLE_NUMBER.sub(rf"\g<1>{number}\g<3>", xml, count=1)


def fitted_relations(xml: str, source: str, new_source: str, places: Mapping[str, str]) -> str:
    """The relations of a part that lies elsewhere now, as do those that it leads to."""

    def target(found: re.Match[str]) -> str:
        part = resolved(source, found[2])
        return (
            f"{found[1]}{relative(new_source, places[part])}{found[3]}"
            if part in places
            else found[0]
        )

    return _TARGET.sub(target, xml)


def in_strict(xml: str) -> str:
    """A part in the words of the strict form of the format."""
    for loose, strict in _STRICT.items():
        xml = xml.replace(f'"{loose}', f'"{strict}')
    return _PER_THOUSAND.sub(lambda m: f"{m[1]}{int(m[2]) / 1000:g}%{m[3]}", xml)
