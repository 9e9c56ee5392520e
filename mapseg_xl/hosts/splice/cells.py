"""What a sheet of ours holds, read from its part alone: constants, for telling whether the sheet is still ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from xml.etree import ElementTree as ET

from mapseg_xl.errors import RefusedOutput
from mapseg_xl.hosts.splice.archive import Archive
from mapseg_xl.hosts.splice.parts import Relations
from mapseg_xl.report import memory

LARGEST = 60_000_000  # bytes; ours have a hundredth of that
_DAY_0 = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
_LAST_DAY = 2_900_000


@dataclass(frozen=True, slots=True)
class Constant:
    """A cell with a value that is no formula's."""

    address: str
    value: str | float


def constants(archive: Archive, part: str, strings: Strings) -> Iterator[Constant]:
    """The constants of a sheet; raises RefusedOutput where the sheet cannot be read."""
    for cell in _root(archive, part).iter():
        if _local(cell) != "c" or any(_local(child) == "f" for child in cell):
            continue
        value = _value(cell, strings)
        if value is not None and value != "":
            yield Constant(cell.get("r", ""), value)


class Strings:
    """The shared strings of a workbook, read when the first is asked for."""

    def __init__(self, archive: Archive, relations: Relations) -> None:
        self.archive, self.relations = archive, relations
        self.read: list[str] | None = None

    def __getitem__(self, at: int) -> str:
        if self.read is None:
            found = self.relations.of("sharedStrings")
            root = _root(self.archive, found[0].target) if found else ()
            self.read = [_words(item) for item in root]
        return self.read[at] if 0 <= at < len(self.read) else ""


def prints(value: str | float, *, from_1904: bool) -> Iterator[str]:
    """The fingerprints that a constant may have been given: a number may have been a day."""
    yield memory.fingerprint(value)
    if isinstance(value, float) and value.is_integer() and 0 < value < _LAST_DAY:
        yield memory.fingerprint(_DAY_0[from_1904] + timedelta(days=int(value)))


def _root(archive: Archive, part: str) -> ET.Element:
    entry = archive.entry(part)
    if entry is not None and entry.size > LARGEST:
        raise RefusedOutput(f"{archive.name}: {part} is too large to be read.")
    content = archive.read(part)
    if b"<!DOCTYPE" in content:
        raise RefusedOutput(f"{archive.name}: {part} has a DOCTYPE, which no workbook has.")
    try:
        return ET.fromstring(content)  # noqa: S314  # no DOCTYPE, and of a bounded size
    except ET.ParseError as error:
        raise RefusedOutput(f"{archive.name}: {part} cannot be read as XML.") from error


def _local(element: ET.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _words(item: ET.Element) -> str:
    """The text of a string, in runs or not; how it is to be read aloud left out."""
    pieces = []
    for child in item:
        if _local(child) == "t":
            pieces.append(child.text or "")
        elif _local(child) == "r":
            pieces += [t.text or "" for t in child if _local(t) == "t"]
    return "".join(pieces)


def _value(cell: ET.Element, strings: Strings) -> str | float | None:
    kind = cell.get("t", "n")
    inner = {_local(child): child for child in cell}
    if kind == "inlineStr":
        return _words(inner["is"]) if "is" in inner else None
    text = (inner["v"].text or "") if "v" in inner else ""
    if kind == "s":
        return strings[int(text)] if text.isdecimal() else None
    if kind in ("str", "e", "d"):
        return text or None
    try:
        return float(text)
    except ValueError:
        return None
