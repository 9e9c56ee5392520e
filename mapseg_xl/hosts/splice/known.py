"""Which sheets of a workbook are tabs that we wrote and may write again, and what the last splice noted about them."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from mapseg_xl.errors import RefusedOutput
from mapseg_xl.hosts.splice.archive import Archive, key_of
from mapseg_xl.hosts.splice.cells import LARGEST, Strings, constants, prints
from mapseg_xl.hosts.splice.parts import Relations
from mapseg_xl.hosts.splice.target import Target
from mapseg_xl.hosts.splice.undoing import Patch, digest
from mapseg_xl.report import memory

TAB_NAME = f"{memory.SHEET}.tab"  # a hidden name of each tab of ours: which one it is, whatever people call it
RECORD = "splice"  # the key of what we note, on the hidden sheet
_OURS = f"{memory.SHEET}."
_STILL_SAID = 0.5  # of what we wrote, for a tab to be ours still
_WELCOME = frozenset(
    {
        "drawing",
        "comments",
        "vmlDrawing",
        "threadedComment",
        "printerSettings",
        "hyperlink",
        "table",
    }
)
_ANCHOR = re.compile(rb"<(?:\w+:)?(?:twoCellAnchor|oneCellAnchor|absoluteAnchor)[\s>]")
_CHART = re.compile(rb"<(?:\w+:)?graphicData\s[^>]*?/chart[\"']")
_REFERENCE = re.compile(r"^=?(?:'((?:[^']|'')+)'|([^'!]+))!")


@dataclass(frozen=True, slots=True)
class TabNote:
    """What is noted of a tab when it is written: its sheet, a print of its part, how many charts and tables it has."""

    tab: str
    sheet: str
    print: str
    charts: int
    tables: int


@dataclass(frozen=True, slots=True)
class Notes:
    """What a splice leaves for the next: its tabs, its named functions, how to take its formats back.

    `styles`: a print of the stylesheet as written; `patch`: its edits, None where there was no stylesheet before.
    `others`: a print of all parts that are not ours.
    """

    tabs: tuple[TabNote, ...] = ()
    functions: tuple[str, ...] = ()
    styles: str = ""
    patch: Patch | None = None
    others: str = ""

    def dumped(self) -> str:
        """As text."""
        tabs = [[n.tab, n.sheet, n.print, n.charts, n.tables] for n in self.tabs]
        return json.dumps(
            [1, tabs, self.functions, self.styles, self.patch, self.others],
            separators=(",", ":"),
        )


def notes_of(records: Sequence[tuple[str, str]]) -> Notes:
    """What the last splice noted; nothing where none was, or where somebody wrote in it."""
    text = next((value for key, value in records if key == RECORD), "")
    try:
        version, tabs, functions, styles, patch, others = json.loads(text)
        if version != 1:
            return Notes()
        made = None if patch is None else tuple((int(a), int(b), str(c)) for a, b, c in patch)
        notes = tuple(TabNote(*tab) for tab in tabs)
        return Notes(notes, tuple(functions), styles, made, others)
    except (ValueError, TypeError):
        return Notes()


@dataclass(frozen=True, slots=True)
class Known:
    """Our tabs in a workbook: the place of each by what it is, those that people made theirs, the hidden sheet's place.

    `changed`: tabs that hold what a new one could not, or hardly anything that we wrote.
    """

    tabs: Mapping[str, int] = field(default_factory=dict)
    changed: Mapping[str, int] = field(default_factory=dict)
    hidden: int | None = None
    records: tuple[tuple[str, str], ...] = ()
    notes: Notes = field(default_factory=Notes)

    @property
    def places(self) -> frozenset[int]:
        """The places of all sheets that are ours."""
        hidden = () if self.hidden is None else (self.hidden,)
        return frozenset((*self.tabs.values(), *hidden))


def known_tabs(target: Target) -> Known:
    """What is ours in a workbook; raises RefusedOutput where the hidden sheet's name is taken."""
    hidden = _hidden_sheet(target)
    if hidden is None:
        return Known()
    strings = Strings(target.archive, target.relations)
    records = tuple(_records(target, hidden, strings))
    notes, remembered = notes_of(records), memory.from_rows(records)
    known = Known(hidden=hidden, records=records, notes=notes)
    tabs = dict(_candidates(target, notes, remembered))
    standing = {
        tab: _stands(
            target, at, _note(notes, tab), _said(target, at, tab, notes, remembered), strings
        )
        for tab, at in tabs.items()
    }
    return replace(
        known,
        tabs={tab: at for tab, at in tabs.items() if standing[tab]},
        changed={tab: at for tab, at in tabs.items() if not standing[tab]},
    )


def is_our_name(name: str) -> bool:
    """Whether a defined name is one of those that only we make."""
    return name.casefold().startswith(_OURS)


def others_print(target: Target, ours: Collection[str]) -> str:
    """A print of all parts but ours (their keys) and those that a splice edits."""
    print_ = sha256()
    for entry in target.archive.entries:
        if key_of(entry.name) not in ours:
            print_.update(f"{key_of(entry.name)} {entry.crc} {entry.size}\n".encode())
    return print_.hexdigest()[:24]


def _hidden_sheet(target: Target) -> int | None:
    for at, sheet in enumerate(target.book.sheets):
        if sheet.name.casefold() != memory.SHEET:
            continue
        if sheet.state == "visible" or not target.sheet_part(at):
            raise RefusedOutput(
                f"{target.name} has a sheet '{sheet.name}' in sight; mapseg remembers its own work on a hidden "
                "sheet of that name. Hide it if mapseg made it, else rename it, and run again; nothing was changed."
            )
        return at
    return None


def _records(target: Target, at: int, strings: Strings) -> list[tuple[str, str]]:
    rows: dict[int, list[str]] = {}
    for cell in constants(target.archive, target.sheet_part(at), strings):
        column, row = (
            cell.address.rstrip("0123456789"),
            cell.address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        )
        if column in ("A", "B") and row.isdecimal():
            rows.setdefault(int(row), ["", ""])["AB".index(column)] = str(cell.value)
    return memory.records(rows[row] for row in sorted(rows))


def _candidates(
    target: Target, notes: Notes, remembered: memory.Remembered
) -> Iterator[tuple[str, int]]:
    """Tabs by their hidden names; where there are none, by the sheets that the memory lists."""
    sheets = target.book.sheets
    called = {note.tab: note.sheet.casefold() for note in notes.tabs}
    by_tab: dict[str, list[int]] = {}
    for name in target.book.names:
        if name.name.casefold() == TAB_NAME and name.local is not None and name.local < len(sheets):
            by_tab.setdefault(_unquoted(name.text), []).append(name.local)
    taken = set()
    for tab, places in by_tab.items():
        # a copy of a tab has the same hidden name: the tab is the one that is still called so, else the older one
        places.sort(key=lambda at: (sheets[at].name.casefold() != called.get(tab), sheets[at].id))
        if tab in called and target.sheet_part(places[0]):
            taken.add(places[0])
            yield tab, places[0]
    if notes.tabs:
        return
    at_name = {sheet.name.casefold(): at for at, sheet in enumerate(sheets)}
    moved = _anchored(target, remembered.written)
    for sheet in remembered.written:
        at = at_name.get(moved.get(sheet, sheet).casefold())
        if at is not None and at not in taken and target.sheet_part(at):
            yield _tab_of(sheet, remembered), at


def _anchored(target: Target, written: Collection[str]) -> dict[str, str]:
    """Names that tabs written in an open Excel have now: a name that marks their area went along with them."""
    names = {name.name: name.text for name in target.book.names if name.local is None}
    anchors = ((sheet, names.get(area_name(sheet), "")) for sheet in written)
    found = ((sheet, _REFERENCE.match(text)) for sheet, text in anchors)
    return {sheet: m[1].replace("''", "'") if m[1] else m[2] for sheet, m in found if m is not None}


def area_name(sheet: str) -> str:
    """The name that the live host gives to the area of a tab."""
    return f"{TAB_NAME}.{sha256(sheet.casefold().encode()).hexdigest()[:12]}"


def _tab_of(sheet: str, remembered: memory.Remembered) -> str:
    return next((entry.key[0] for entry in remembered.inputs if entry.sheet == sheet), sheet)


def _note(notes: Notes, tab: str) -> TabNote | None:
    return next((note for note in notes.tabs if note.tab == tab), None)


def _said(
    target: Target, at: int, tab: str, notes: Notes, remembered: memory.Remembered
) -> Collection[str]:
    """Prints of what we wrote on a tab."""
    note = _note(notes, tab)
    return remembered.said.get(note.sheet if note else target.book.sheets[at].name, frozenset())


def _stands(
    target: Target, at: int, note: TabNote | None, said: Collection[str], strings: Strings
) -> bool:
    """Whether a tab still is what we wrote, but for cells that people filled or added: those are kept elsewhere."""
    part = target.sheet_part(at)
    if not _holds_only_ours(target, part, note):
        return False
    entry = target.archive.entry(part)
    if entry is None or entry.size > LARGEST:
        return False
    if note and digest(target.archive.read(part)) == note.print:
        return True
    found = {
        print_
        for cell in constants(target.archive, part, strings)
        for print_ in prints(cell.value, from_1904=target.book.from_1904)
    }
    return sum(print_ in found for print_ in said) >= _STILL_SAID * len(said)


def _holds_only_ours(target: Target, part: str, note: TabNote | None) -> bool:
    """Whether nothing lies on a tab that cells cannot keep: a pivot table, a picture, a chart of theirs."""
    relations = Relations(target.archive, part)
    if any(relation.kind not in _WELCOME for relation in relations.found):
        return False
    for drawing in relations.of("drawing"):
        if any(r.kind != "chart" for r in Relations(target.archive, drawing.target).found):
            return False
        content = target.archive.read(drawing.target)
        if len(_ANCHOR.findall(content)) != len(_CHART.findall(content)):
            return False
    charts, tables = counted_in(target.archive, part)
    return note is None or (charts <= note.charts and tables <= note.tables)


def counted_in(archive: Archive, part: str) -> tuple[int, int]:
    """How many charts and tables lie on a sheet."""
    relations = Relations(archive, part)
    drawings = (archive.read(drawing.target) for drawing in relations.of("drawing"))
    return sum(len(_CHART.findall(xml)) for xml in drawings), len(relations.of("table"))


def _unquoted(text: str) -> str:
    """A text constant of a formula as text."""
    return text.strip().lstrip("=").removeprefix('"').removesuffix('"').replace('""', '"')
