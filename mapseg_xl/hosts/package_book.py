"""What a workbook's package says of its sheets and names, and the cells of one sheet, each read only when asked for.

Knows just what reading back our own tabs takes. The sheets beside them, however large, are never unpacked.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from html import unescape
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

from mapseg_xl.hosts.earlier import Held
from mapseg_xl.intake.reading.package import ZIP_ERRORS, column_number, entry

_LARGEST_PART = 200_000_000  # bytes unpacked; a tab of ours has a hundredth of it
_LARGEST_BOOK_PART = 4_000_000
_TEXT_ITEM = re.compile(rb"<(?:\w+:)?si(?:\s[^>]*)?(?:/>|>(.*?)</(?:\w+:)?si>)", re.DOTALL)
_PHONETIC = re.compile(rb"<(?:\w+:)?rPh\b.*?</(?:\w+:)?rPh>", re.DOTALL)
_RUN = re.compile(rb"<(?:\w+:)?t(?:\s[^>]*)?>(.*?)</(?:\w+:)?t>", re.DOTALL)
_ADDRESS = re.compile(r"([A-Z]+)(\d+)")
_DATE_IDS = frozenset([*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)])
_NOT_OF_DATES = re.compile(
    r'"[^"]*"|\[(?!h+\]|m+\]|s+\])[^\]]*\]|\\.|_.|\*.|General', re.IGNORECASE
)
_DAY_MS = 86_400_000


class UnreadableBookError(ValueError):
    """What is no workbook, or none that can be read."""


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A sheet as the workbook lists it; `part` is the zip entry."""

    name: str
    state: str
    part: str


@dataclass(frozen=True, slots=True)
class DefinedName:
    """A name of the workbook; `sheet`: the place in the list of the one it belongs to, None for all."""

    name: str
    refers: str
    sheet: int | None = None


@dataclass(eq=False)
class PackageBook:
    """An .xlsx or .xlsm package in memory."""

    content: bytes
    _cells: dict[str, list[Held]] = field(default_factory=dict)

    @cached_property
    def _archive(self) -> zipfile.ZipFile:
        try:
            return zipfile.ZipFile(BytesIO(self.content))
        except (zipfile.BadZipFile, ValueError, OSError) as error:
            raise UnreadableBookError from error

    @cached_property
    def _book(self) -> str:
        """Where the workbook part lies."""
        return self._part("", "officeDocument") or "xl/workbook.xml"

    @cached_property
    def _root(self) -> ET.Element:
        return self._xml(self._book, _LARGEST_BOOK_PART)

    @cached_property
    def sheets(self) -> Mapping[str, SheetEntry]:
        """The sheets by name, in their order."""
        targets = self._targets(self._book)
        found = {}
        for element in _all(self._root, "sheet"):
            relation = next((v for k, v in element.attrib.items() if _plain(k) == "id"), "")
            name = element.get("name", "")
            part = targets.get(relation, ("", ""))[1]
            found[name] = SheetEntry(name, element.get("state", "visible"), part)
        return found

    @cached_property
    def names(self) -> tuple[DefinedName, ...]:
        """The workbook's names."""
        return tuple(
            DefinedName(
                element.get("name", ""),
                element.text or "",
                int(local) if (local := element.get("localSheetId", "")).isdigit() else None,
            )
            for element in _all(self._root, "definedName")
        )

    def cells(self, sheet: str) -> list[Held]:
        """Every cell of a sheet that holds something, a formula with the value it gave."""
        if sheet not in self._cells:
            root = self._xml(self.sheets[sheet].part, _LARGEST_PART)
            self._cells[sheet] = list(self._held(root))
        return self._cells[sheet]

    def comments(self, sheet: str) -> Iterator[tuple[str, str]]:
        """Address and text of every comment; of threaded ones the text that stands in for them."""
        for kind, part in self._targets(self.sheets[sheet].part).values():
            if kind == "comments":
                for comment in _all(self._xml(part, _LARGEST_PART), "comment"):
                    yield comment.get("ref", ""), "".join(t.text or "" for t in _all(comment, "t"))

    def _held(self, root: ET.Element) -> Iterator[Held]:
        raw = list(_raw_cells(root))
        texts = self._texts({int(r.value) for r in raw if r.kind == "s" and r.value.isdigit()})
        for cell in raw:
            value = self._value(cell, texts)
            formula = cell.formula
            if formula or (value is not None and value != ""):
                yield Held(cell.row, cell.column, value, f"={formula}" if formula else "")

    def _value(self, cell: _Raw, texts: Mapping[int, str]) -> Any:
        if cell.kind == "s":
            return texts.get(int(cell.value)) if cell.value.isdigit() else None
        if cell.kind in ("str", "inlineStr", "e") or not cell.value:
            return cell.value or None
        if cell.kind == "b":
            return cell.value in ("1", "true")
        if cell.kind == "d":
            return _iso_date(cell.value)
        number = _number(cell.value)
        return self._date(number) if cell.style in self._date_styles else number

    def _date(self, serial: float | str) -> Any:
        if isinstance(serial, str) or not 1 <= serial < 2_958_466:  # to the end of the year 9999
            return serial
        epoch = datetime(1904, 1, 1) if self._from_1904 else datetime(1899, 12, 30)  # noqa: DTZ001  # cells know no zones
        early = not self._from_1904 and serial < 60  # before the 29 February 1900 that never was
        return epoch + timedelta(days=int(early), milliseconds=round(serial * _DAY_MS))

    @cached_property
    def _from_1904(self) -> bool:
        return any(e.get("date1904") in ("1", "true") for e in _all(self._root, "workbookPr"))

    @cached_property
    def _date_styles(self) -> frozenset[int]:
        """Numbers of the cell formats that show dates."""
        part = self._part(self._book, "styles")
        if not self._has(part):
            return frozenset()
        root = self._xml(part, _LARGEST_PART)
        codes = {e.get("numFmtId"): e.get("formatCode", "") for e in _all(root, "numFmt")}
        formats = next(_all(root, "cellXfs"), None)
        found = [] if formats is None else [e.get("numFmtId", "0") for e in _all(formats, "xf")]
        return frozenset(at for at, number in enumerate(found) if _is_date(number, codes))

    def _texts(self, wanted: Collection[int]) -> dict[int, str]:
        """Shared texts by number, only those wanted."""
        part = self._part(self._book, "sharedStrings")
        if not wanted or not self._has(part):
            return {}
        last, found = max(wanted), {}
        for at, item in enumerate(_TEXT_ITEM.finditer(self._read(part, 2 * _LARGEST_PART))):
            if at in wanted:
                found[at] = _text(item[1] or b"")
            if at == last:
                break
        return found

    def _part(self, source: str, kind: str) -> str:
        """The zip entry of the first part of a kind that a part refers to; "" where there is none."""
        return next((part for named, part in self._targets(source).values() if named == kind), "")

    def _targets(self, part: str) -> dict[str, tuple[str, str]]:
        """Kind and zip entry of what a part refers to, by the relation's id."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if not self._has(rels):
            return {}
        found = {}
        for element in _all(self._xml(rels, _LARGEST_BOOK_PART), "Relationship"):
            target = element.get("Target", "")
            whole = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            kind = element.get("Type", "").rpartition("/")[2]
            found[element.get("Id", "")] = kind, whole
        return found

    def _xml(self, part: str, largest: int) -> ET.Element:
        content = self._read(part, largest)
        if b"<!DOCTYPE" in content:
            raise UnreadableBookError
        try:
            return ET.fromstring(content)  # noqa: S314  # no DOCTYPE, and of a bounded size
        except ET.ParseError as error:
            raise UnreadableBookError from error

    def _has(self, part: str) -> bool:
        return entry(self._archive, part) in self._archive.NameToInfo

    def _read(self, part: str, largest: int) -> bytes:
        try:
            there = self._archive.getinfo(entry(self._archive, part))
            if there.file_size > largest:
                raise UnreadableBookError
            return self._archive.read(there)
        except ZIP_ERRORS as error:
            raise UnreadableBookError from error


@dataclass(frozen=True, slots=True)
class _Raw:
    """A cell as it is written; row and column from 0."""

    row: int
    column: int
    kind: str
    style: int
    value: str
    formula: str


def _raw_cells(root: ET.Element) -> Iterator[_Raw]:
    shared: dict[str, tuple[str, str]] = {}
    below = -1
    for line in _all(root, "row"):
        row = int(number) - 1 if (number := line.get("r", "")).isdigit() else below + 1
        below, beside = row, -1
        for cell in line:
            place = _ADDRESS.fullmatch(cell.get("r", ""))
            column = column_number(place[1]) - 1 if place else beside + 1
            beside = column
            parts = {_plain(part.tag): part for part in cell}
            kind = cell.get("t", "n")
            if kind == "inlineStr":
                value = (
                    "".join(t.text or "" for t in _all(parts["is"], "t")) if "is" in parts else ""
                )
            else:
                value = (parts["v"].text or "") if "v" in parts else ""
            formula = _formula(parts["f"], cell.get("r", ""), shared) if "f" in parts else ""
            yield _Raw(row, column, kind, int(cell.get("s", "0") or 0), value, formula)


def _formula(element: ET.Element, address: str, shared: dict[str, tuple[str, str]]) -> str:
    """A formula as it was typed, without its sign; one that was filled down is written out in its first cell only."""
    text, number = element.text or "", element.get("si", "")
    if element.get("t") != "shared":
        return text
    if text:
        shared[number] = text, address
        return text
    if number not in shared:
        return ""
    from openpyxl.formula.translate import (
        Translator,
    )  # half a second; only for formulas filled down

    first, origin = shared[number]
    return str(Translator(f"={first}", origin).translate_formula(address)).removeprefix("=")


def _all(root: ET.Element, tag: str) -> Iterator[ET.Element]:
    """Every element of a name, whatever its namespace: strict files have others."""
    return (element for element in root.iter() if _plain(element.tag) == tag)


def _plain(name: str) -> str:
    return name.rpartition("}")[2]


def _text(item: bytes) -> str:
    """The text of a shared item: its runs, without what tells how to pronounce it."""
    runs = _RUN.findall(_PHONETIC.sub(b"", item))
    return unescape(b"".join(runs).decode("utf-8", "replace"))


def _number(text: str) -> float | str:
    try:
        return float(text) if set(text) & set(".eE") else int(text)
    except ValueError:
        return text


def _iso_date(text: str) -> Any:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return text


def _is_date(number: str, codes: Mapping[str | None, str]) -> bool:
    code = codes.get(number)
    if code is None:
        return number.isdigit() and int(number) in _DATE_IDS
    return bool(set(_NOT_OF_DATES.sub("", code.split(";")[0]).lower()) & set("dmyhs"))
