"""Writes our tabs into a workbook file of the team's: every part that is not ours keeps its bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from mapseg_xl.hosts.splice.archive import key_of
from mapseg_xl.hosts.splice.book import NameEntry, NewName, Slot
from mapseg_xl.hosts.splice.built import Built
from mapseg_xl.hosts.splice.calc_chain import without_sheets
from mapseg_xl.hosts.splice.choosing import Choice, choose
from mapseg_xl.hosts.splice.formats import Formats, formats_of
from mapseg_xl.hosts.splice.inserting import Inserted, insert, with_rows
from mapseg_xl.hosts.splice.known import (
    RECORD,
    TAB_NAME,
    Known,
    Notes,
    TabNote,
    counted_in,
    is_our_name,
    known_tabs,
)
from mapseg_xl.hosts.splice.markup import escaped
from mapseg_xl.hosts.splice.parts import TYPES_PART
from mapseg_xl.hosts.splice.references import called
from mapseg_xl.hosts.splice.target import Target
from mapseg_xl.hosts.splice.undoing import digest
from mapseg_xl.report import memory
from mapseg_xl.report.plan import Plan

_LAMBDA = "LAMBDA("
_FUNCTION = "SEG_"
_BUILT_IN = "_xlnm."
_NUMBERED = re.compile(r"rId(\d+)")
_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"


@dataclass(frozen=True, slots=True)
class Spliced:
    """A workbook with our tabs in it.

    `beside`: tabs that people made theirs and that stay, each with the name of ours that was written beside it.
    `left`: tabs of an earlier run that this one has no use for, and that stay because something refers to them.
    """

    content: bytes
    beside: tuple[tuple[str, str], ...] = ()
    left: tuple[str, ...] = ()


def splice(package: bytes, name: str, plan: Plan) -> Spliced:
    """The workbook with the tabs of a plan in it, at the places of those of an earlier run.

    `name`: what to call the file in an error. Raises RefusedOutput where the workbook cannot be written into.
    """
    target = Target(package, name)
    known = known_tabs(target)
    return _Splicing(target, known, choose(target, known, plan)).done()


def without_ours(package: bytes, name: str) -> Spliced:
    """The workbook without our tabs; those that people made theirs, or that something refers to, stay."""
    target = Target(package, name)
    known = known_tabs(target)
    if known.hidden is None:
        return Spliced(package)
    return _Splicing(target, known, choose(target, known, None)).done()


class _Splicing:
    """One splice, step by step: what goes, what comes, then the parts that name both."""

    def __init__(self, target: Target, known: Known, choice: Choice) -> None:
        self.target, self.known, self.choice, self.book = target, known, choice, target.book
        self.built = Built(choice.plan, from_1904=self.book.from_1904) if choice.plan else None
        self.replaced = dict(choice.kept)  # place by tab
        if known.hidden is not None and self.built:
            self.replaced[memory.SHEET] = known.hidden
        self.going = {*self.replaced.values(), *choice.gone.values()}
        if known.hidden is not None and not choice.left:
            self.going.add(known.hidden)
        parts = [target.sheet_part(at) for at in self.going]
        self.removed = target.with_relations(target.only_of(parts))
        self.gone_relations = {self.book.sheets[at].relation for at in self.going}
        self.relations: list[tuple[str, str, str]] = []  # id, type, part
        self.types: dict[str, str] = {}
        self.parts: dict[str, bytes | None] = {
            entry.name: None
            for entry in target.archive.entries
            if key_of(entry.name) in self.removed
        }

    def done(self) -> Spliced:
        """The workbook."""
        formats = formats_of(
            self.target,
            self.known,
            self.removed,
            self.built,
            may_take_back=not (self.choice.left or self.known.changed),
        )
        self._styles(formats)
        self._calc_chain()
        inserted = Inserted()
        if self.built:
            looked_at = self._looked_at()
            inserted = insert(self.target, self.built, formats.looks, self.removed, looked_at)
        slots = self._slots(inserted)
        added = tuple(self._names(slots))
        dropped = self._dropped(added)
        calculate = self.choice.referred and self.built is not None
        self.parts[self.book.part] = self.book.edited(slots, dropped, added, calculate=calculate)
        self.parts[self.target.relations.part] = self.target.relations.edited(
            self.gone_relations, self.relations
        )
        gone = [part for part, content in self.parts.items() if content is None]
        self.parts[TYPES_PART] = self.target.types.edited(gone, {**self.types, **inserted.types})
        self._remember(inserted, self._notes(inserted, formats, added))
        content = self.target.archive.rebuilt(self.parts, inserted.parts)
        left = tuple(self.book.sheets[at].name for at in self.choice.left.values())
        return Spliced(content, self.choice.beside, left)

    def _styles(self, formats: Formats) -> None:
        if formats.content is not None and not formats.part:
            part = f"{self.target.where}styles.xml"
            self.parts[part], self.types[part] = formats.content, _STYLES_TYPE
            self.relations.append((self._relation_id(), self._type("styles"), part))
        elif formats.part:
            self.parts[formats.part] = formats.content
            if formats.content is None:
                self.gone_relations |= {r.id for r in self.target.relations.of("styles")}

    def _calc_chain(self) -> None:
        """Cells of sheets that are written anew leave the order of calculation."""
        ids = {self.book.sheets[at].id for at in self.going}
        for relation in self.target.relations.of("calcChain"):
            if relation.target not in self.target.archive:
                continue
            where = f"{self.target.name} ({relation.target})"
            content = without_sheets(self.target.archive.read(relation.target), where, ids)
            self.parts[relation.target] = content
            if content is None:
                self.gone_relations.add(relation.id)

    def _looked_at(self) -> str:
        """The name of the tab that is looked at, where it is one of ours."""
        tabs = {tab: sheet for sheet, tab in self.choice.tabs.items()}
        places = ((tab, at) for tab, at in self.replaced.items() if at == self.book.active)
        return next((tabs.get(tab, "") for tab, _ in places), "")

    def _slots(self, inserted: Inserted) -> list[Slot]:
        """All sheets in their order: a new tab comes before the next of ours that is there, or last."""
        slots = [
            Slot(sheet.name, sheet.id, at, state=sheet.state)
            for at, sheet in enumerate(self.book.sheets)
            if at not in self.going or at in self.replaced.values()
        ]
        ids = self._free_ids()
        waiting: list[Slot] = []
        for name, part in inserted.sheets.items():
            relation = self._relation_id()
            self.relations.append((relation, self._type("worksheet"), part))
            at = self.replaced.get(self._tab(name))
            if at is None:
                state = "veryHidden" if name == memory.SHEET else ""
                waiting.append(Slot(name, next(ids), relation=relation, state=state))
                continue
            place = next(i for i, slot in enumerate(slots) if slot.old == at)
            slots[place] = replace(slots[place], relation=relation)
            slots[place:place] = waiting
            waiting = []
        return slots + waiting

    def _tab(self, sheet: str) -> str:
        return memory.SHEET if sheet == memory.SHEET else self.choice.tabs.get(sheet, "")

    def _free_ids(self) -> Iterator[int]:
        """Numbers for new sheets: the lowest above all of theirs."""
        ids = {at: sheet.id for at, sheet in enumerate(self.book.sheets)}
        theirs = [number for at, number in ids.items() if at not in self.going]
        used = {ids[at] for at in self.replaced.values()}
        return (n for n in count(max(theirs, default=0) + 1) if n not in used)

    def _relation_id(self) -> str:
        """The next free id of a relation of the workbook."""
        known = [r.id for r in self.target.relations.found if r.id not in self.gone_relations]
        known += [key for key, _, _ in self.relations]
        numbers = [int(m[1]) for m in map(_NUMBERED.fullmatch, known) if m]
        return f"rId{max(numbers, default=0) + 1}"

    def _type(self, kind: str) -> str:
        return f"{self.book.relations_uri}/{kind}"

    def _names(self, slots: Sequence[Slot]) -> Iterator[NewName]:
        """Our defined names, and one for each tab that says which it is."""
        if self.built is None:
            return
        places = {slot.name: at for at, slot in enumerate(slots)}
        sheets, theirs = self.built.book.sheets, self._their_names()
        for name in self.built.names():
            if name.local is None and name.name.casefold() in theirs:
                continue
            slot = None if name.local is None else places[sheets[name.local].name]
            yield NewName(name.name, name.attributes, name.text, slot)
        left = {tab: self.book.sheets[at].name for tab, at in self.choice.left.items()}
        for tab, sheet in [(t, s) for s, t in self.choice.tabs.items()] + list(left.items()):
            constant = escaped('"' + tab.replace('"', '""') + '"')
            yield NewName(TAB_NAME, f'name="{TAB_NAME}" hidden="1"', constant, places[sheet])

    def _their_names(self) -> set[str]:
        """Names of the workbook that are not ours: a function of ours that is called so stays away."""
        return {
            name.name.casefold()
            for name in self.book.names
            if name.local is None and not is_our_name(name.name) and not self._is_our_function(name)
        }

    def _is_our_function(self, name: NameEntry) -> bool:
        known = name.name in self.known.notes.functions or name.name.startswith(_FUNCTION)
        return name.local is None and known and _LAMBDA in name.text

    def _dropped(self, added: Sequence[NewName]) -> list[NameEntry]:
        """Names of ours that are written anew or not needed any more."""
        new = {name.name for name in added if name.slot is None}
        old = [n for n in self.book.names if self._is_our_function(n) and n.name not in new]
        noted = [n.name for n in old if n.name in self.known.notes.functions]
        in_use = called(self.target, noted, self.removed)
        unused = {name for name in noted if name not in in_use}
        return [
            name
            for name in self.book.names
            if is_our_name(name.name)
            or (name.local in self.replaced.values() and name.name.startswith(_BUILT_IN))
            or (self._is_our_function(name) and name.name in new | unused)
        ]

    def _notes(self, inserted: Inserted, formats: Formats, added: Sequence[NewName]) -> Notes:
        functions = [n.name for n in added if n.slot is None and not is_our_name(n.name)]
        return Notes(
            (*self._tab_notes(inserted), *self._left_notes()),
            tuple(functions),
            "" if self.choice.first else formats.print,
            formats.patch,
            formats.others,
        )

    def _tab_notes(self, inserted: Inserted) -> Iterator[TabNote]:
        sheets = self.built.book.sheets if self.built else ()
        for at, sheet in enumerate(sheets):
            tab = self.choice.tabs.get(sheet.name)
            if tab is None or self.built is None:
                continue
            charts, tables = counted_in(self.built.archive, self.built.sheet_part(at))
            part = inserted.parts[inserted.sheets[sheet.name]]
            yield TabNote(tab, sheet.name, digest(part), charts, tables)

    def _left_notes(self) -> Iterator[TabNote]:
        return (note for note in self.known.notes.tabs if note.tab in self.choice.left)

    def _remember(self, inserted: Inserted, notes: Notes) -> None:
        part = inserted.sheets.get(memory.SHEET)
        if part:
            rows = memory.chunks(RECORD, notes.dumped())
            inserted.parts[part] = with_rows(inserted.parts[part], rows)
