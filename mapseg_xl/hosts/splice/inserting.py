"""Our sheets with all that belongs to them, as parts that fit a workbook: under free names, in its formats."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from mapseg_xl.hosts.splice import fitting
from mapseg_xl.hosts.splice.archive import key_of
from mapseg_xl.hosts.splice.built import Built
from mapseg_xl.hosts.splice.markup import escaped
from mapseg_xl.hosts.splice.parts import relations_part
from mapseg_xl.hosts.splice.stylesheet import Looks
from mapseg_xl.hosts.splice.target import TABLE_TYPE, Target

_NUMBERED = re.compile(r"^(.*?)(\d+)(\.\w+)$")
_RELATIONS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
_DIMENSION = re.compile(r'<dimension ref="A1:B(\d+)"/>')


@dataclass(slots=True)
class Inserted:
    """The new parts in their order, what each is, and where each of our sheets lies."""

    parts: dict[str, bytes] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    sheets: dict[str, str] = field(default_factory=dict)


def insert(
    target: Target, built: Built, looks: Looks, removed: Collection[str], selected: str
) -> Inserted:
    """The parts of all our sheets. `removed`: keys of parts that go; `selected`: the sheet that is looked at."""
    return _Inserting(target, built, looks, removed).done(selected)


class _Inserting:
    def __init__(
        self, target: Target, built: Built, looks: Looks, removed: Collection[str]
    ) -> None:
        self.target, self.built, self.looks = target, built, looks
        self.free = _Free(target, removed)
        numbers = [number for number, _ in target.tables(removed)]
        self.next_table = max(numbers, default=0) + 1
        self.result = Inserted()

    def done(self, selected: str) -> Inserted:
        for at, sheet in enumerate(self.built.book.sheets):
            part = self.built.sheet_part(at)
            parts = (part, *self.built.below(part))
            places = {old: self.free.name(self.target.where + _plain(old)) for old in parts}
            for old, new in places.items():
                self._add(new, self._fitted(old, is_selected=sheet.name == selected), old)
                if self.built.has_relations(old):
                    self._add_relations(old, new, places)
            self.result.sheets[sheet.name] = places[part]
        return self.result

    def _add(self, part: str, content: bytes, old: str) -> None:
        self.result.parts[part] = content
        self.result.types[part] = self.built.types.of(old)

    def _add_relations(self, old: str, new: str, places: dict[str, str]) -> None:
        xml = self.built.archive.read(relations_part(old)).decode()
        content = self._worded(fitting.fitted_relations(xml, old, new, places))
        part = relations_part(new)
        self.result.parts[part] = content
        if self.target.types.defaults.get("rels") != _RELATIONS_TYPE:
            self.result.types[part] = _RELATIONS_TYPE

    def _fitted(self, part: str, *, is_selected: bool) -> bytes:
        content = self.built.archive.read(part)
        kind = self.built.types.of(part)
        if not kind.endswith("+xml"):
            return content
        xml = content.decode()
        if kind.endswith("worksheet+xml"):
            xml = fitting.fitted_sheet(xml, self.looks, self.built.strings)
            xml = fitting.selected(xml) if is_selected else xml
        elif kind == TABLE_TYPE:
            xml = fitting.fitted_table(xml, self.next_table, self.looks)
            self.next_table += 1
        return self._worded(xml)

    def _worded(self, xml: str) -> bytes:
        return (fitting.in_strict(xml) if self.target.book.strict else xml).encode()


class _Free:
    """Part names that nothing in the package has."""

    def __init__(self, target: Target, removed: Collection[str]) -> None:
        known = {key_of(entry.name) for entry in target.archive.entries} | set(
            target.types.overrides
        )
        self.last: dict[tuple[str, str], int] = {}
        for key in known - set(removed):
            if found := _NUMBERED.match(key):
                stem = found[1], found[3]
                self.last[stem] = max(self.last.get(stem, 0), int(found[2]))

    def name(self, part: str) -> str:
        """A part's name with the next number of its kind."""
        found = _NUMBERED.match(part)
        head, tail = (found[1], found[3]) if found else (part.rpartition(".")[0], ".xml")
        stem = key_of(head), key_of(tail)
        self.last[stem] = self.last.get(stem, 0) + 1
        return f"{head}{self.last[stem]}{tail}"


def _plain(part: str) -> str:
    """A part's name within the folder of its workbook."""
    return part.removeprefix("xl/")


def with_rows(xml: bytes, rows: Collection[tuple[str, str]]) -> bytes:
    """The hidden sheet with more rows of key and value at its end."""
    text = xml.decode()
    found = _DIMENSION.search(text)
    last = int(found[1]) if found else 0
    text = _DIMENSION.sub(f'<dimension ref="A1:B{last + len(rows)}"/>', text)
    said = "".join(_row(at, row) for at, row in enumerate(rows, start=last + 1))
    return text.replace("</sheetData>", f"{said}</sheetData>").encode()


def _row(at: int, row: tuple[str, str]) -> str:
    cells = "".join(
        f'<c r="{column}{at}" t="inlineStr"><is><t>{escaped(text)}</t></is></c>'
        for column, text in zip("AB", row, strict=True)
    )
    return f'<row r="{at}" spans="1:2">{cells}</row>'
