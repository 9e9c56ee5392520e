"""One writing of tabs into an open workbook: what it found is remembered first, and comes back if it fails."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from mapseg_xl.hosts.earlier import previous_in
from mapseg_xl.hosts.live import entries as live_entries
from mapseg_xl.hosts.live import memory as live_memory
from mapseg_xl.hosts.live import sheet as live_sheet
from mapseg_xl.hosts.live import tabs as live_tabs
from mapseg_xl.hosts.live.finish import Finishing
from mapseg_xl.hosts.live.grid import grid_of
from mapseg_xl.hosts.live.memory import WHOLE, WRITING, LiveMemory, Snapshot, TabRecord
from mapseg_xl.hosts.live.previous import OpenBook, cell_of, over_ours
from mapseg_xl.hosts.live.sheet import Standing, charts_of
from mapseg_xl.report import memory
from mapseg_xl.report.memory import Remembered
from mapseg_xl.report.storing import restored
from mapseg_xl.report.verbs import Block, Name, Rect, Sheet, sheet_reference

Progress = Callable[[str, float], None]


@dataclass(slots=True)
class LiveRun:
    """A workbook while tabs are written into it."""

    book: Any
    finishing: Finishing
    from_1904: bool
    known: LiveMemory
    opened: OpenBook
    missing: list[str] = field(default_factory=list)  # what could not be drawn, a line each

    @classmethod
    def on(cls, book: Any, finishing: Finishing, *, from_1904: bool) -> LiveRun:
        """The workbook as it is now."""
        known = live_memory.read(book)
        if known.state == WRITING and known.before:
            known = replace(known, remembered=_both(known, known.before))
        return cls(book, finishing, from_1904, known, OpenBook(book, known.tabs))

    def snapshot(self, tabs: Collection[str]) -> Snapshot:
        """What stands on these tabs, as we wrote them and as people have changed them since.

        After a killed run that is what that run found: on its own tabs nothing else can be told from its half work.
        """
        killed = self.known.before if self.known.state == WRITING else None
        if killed:
            return replace(killed, tabs={**{n: self._stored(n) for n in tabs}, **killed.tabs})
        remembered = self.known.remembered
        found = previous_in(self.opened, remembered)
        spots = {
            key: (sheet, at)
            for key, place in found.places.items()
            for sheet, _, at in [place.rpartition("!")]
        }
        typed = tuple((*key, found.typed[key], *spots[key]) for key in found.edits if key in spots)
        over = [(sheet, *cell_of(at), value) for *_, value, sheet, at in typed]
        for stray in over_ours(self.opened, remembered, found.strays):
            sheet, _, at = stray.where.rpartition("!")
            if stray.what == "Cell":
                spot = cell_of(at)
                over.append((sheet, *spot, self.opened.value((sheet, at))))
        return Snapshot(
            rows=memory.rows_of(remembered),
            tabs={name: self._stored(name) for name in tabs},
            typed=typed,
            over=tuple(entry for entry in over if entry[0] in tabs),
            functions=self.known.functions,
        )

    def _stored(self, name: str) -> TabRecord | None:
        record = self.known.tabs.get(name)
        return record if record and record.stored else None

    def begin(self, before: Snapshot, following: Remembered, tabs: Sequence[Sheet]) -> None:
        """Remembers what was found, so that a run that is killed from here on loses no word."""
        halves = {tab.name: _half(tab, self._standing(tab.name)) for tab in tabs}
        records = {**self.known.tabs, **halves}
        known = replace(self.known, state=WRITING, before=before, following=following)
        live_memory.write(self.book, replace(known, tabs=records), self.finishing, memory_too=False)
        self.known = known

    def end(self, remembered: Remembered, tabs: Mapping[str, TabRecord]) -> None:
        """Remembers what stands there now; the word that all is whole comes last."""
        self.known = replace(
            self.known, remembered=remembered, tabs=tabs, state=WHOLE, following=None
        )
        live_memory.write(self.book, self.known, self.finishing)

    def _standing(self, name: str) -> Standing:
        """What of ours stands on a sheet; nothing where there is no such sheet yet."""
        if name not in self.opened.sheets:
            return Standing()
        return live_tabs.standing_of(self.book.sheets[name], self.known, self.opened)

    def draw(self, tabs: Sequence[Sheet], progress: Progress) -> None:
        """Draws tabs that exist, one by one; words of people that lie where a tab now has a cell become its note."""
        for at, tab in enumerate(tabs):
            progress(f"Writing {tab.name}", at / len(tabs))
            sheet = self.book.sheets[tab.name]
            foreign = dict(live_tabs.foreign_cells(tab.name, self.known, self.opened))
            covered = {spot: foreign.pop(spot) for spot in grid_of(tab).values.keys() & foreign}
            standing = live_tabs.standing_of(sheet, self.known, self.opened)
            self.missing += live_sheet.draw(
                sheet,
                tab,
                standing,
                foreign,
                from_1904=self.from_1904,
                finishing=self.finishing,
            )
            for spot, cell in covered.items():
                words = cell.formula or str(cell.value)
                sheet.range(Rect.cell(*spot).a1).add_note(f"Stood here before: {words}")
            self.name(tab)

    def draw_theirs(self, tabs: Sequence[Sheet]) -> None:
        """Draws new tabs that are the team's from now on: nothing of them is remembered."""
        for tab in tabs:
            sheet = self.book.sheets[tab.name]
            self.missing += live_sheet.draw(
                sheet, tab, Standing(), (), from_1904=self.from_1904, finishing=self.finishing
            )
            names = [verb for verb in tab.verbs if isinstance(verb, Name)]
            live_entries.name(self.book, tab.name, names, {}, (), self.finishing)

    def name(self, tab: Sheet) -> None:
        """The names of a tab's input cells, and the one that marks its area."""
        names = {verb for verb in tab.verbs if isinstance(verb, Name)}
        known = self._names() if self.opened.stands(tab.name) else {}
        there = {entry.name for entry in self.known.remembered.inputs}
        record = live_tabs.record_of(tab)
        if record.area:
            names.add(Name(record.anchor, record.area))
            there.add(record.anchor)
        ordered = sorted(names, key=lambda verb: verb.name)
        live_entries.name(self.book, tab.name, ordered, known, there, self.finishing)

    def _names(self) -> dict[str, str]:
        """What our names refer to, where nothing has moved since they were made."""
        places = {
            entry.name: f"={sheet_reference(entry.sheet)}{_absolute(entry.address)}"
            for entry in self.known.remembered.inputs
            if self.opened.stands(entry.sheet)
        }
        areas = {
            record.anchor: f"={sheet_reference(record.sheet)}{record.area.absolute}"
            for record in self.known.tabs.values()
            if record.area and self.opened.stands(record.sheet)
        }
        return places | areas

    def put_back(self, before: Snapshot, progress: Progress) -> tuple[str, ...]:
        """Draws the tabs of a snapshot as they stood, empties and hides the others; names those that are lost."""
        lost = tuple(
            name
            for name, record in before.tabs.items()
            if record is None and name in memory.from_rows(before.rows).written
        )
        tabs = [as_it_stood(record, before) for record in before.tabs.values() if record]
        live_tabs.add_missing(self.book, tabs)
        self.opened = OpenBook(self.book, self.known.tabs)
        self.draw(tabs, progress)
        for name, record in before.tabs.items():
            if record is None and name not in lost and name in self.opened.sheets:
                self._empty(name)
        return lost

    def _empty(self, name: str) -> None:
        sheet = self.book.sheets[name]
        standing = live_tabs.standing_of(sheet, self.known, self.opened)
        foreign = live_tabs.foreign_cells(name, self.known, self.opened)
        live_sheet.clear(sheet, standing, foreign)
        if not foreign:
            sheet.visible = False


def _half(tab: Sheet, standing: Standing) -> TabRecord:
    """The record of a tab while it is written: what stood there and what is to stand there may both be found."""
    area = live_tabs.area_of(tab)
    charts = dict.fromkeys((*charts_of(tab), *standing.charts))
    areas = [*standing.areas, *([area] if area else [])]
    return TabRecord(tab.name, "", live_tabs.bounds(areas), "", tuple(charts), "")


def _both(known: LiveMemory, before: Snapshot) -> Remembered:
    """What the run before a killed one and the killed one itself may have written."""
    earlier, following = memory.from_rows(before.rows), known.following or Remembered()
    names = dict.fromkeys((*earlier.written, *following.written))
    nothing: frozenset[str] = frozenset()
    return replace(
        earlier,
        written={n: (*earlier.written.get(n, ()), *following.written.get(n, ())) for n in names},
        said={n: earlier.said.get(n, nothing) | following.said.get(n, nothing) for n in names},
    )


def _absolute(address: str) -> str:
    row, column = cell_of(address)
    return Rect.cell(row, column).absolute


def as_it_stood(record: TabRecord, before: Snapshot) -> Sheet:
    """A tab as we wrote it, with what people had put into its cells since."""
    tab = restored(record.stored)
    over = {(row, column): value for sheet, row, column, value in before.over if sheet == tab.name}
    if not over:
        return tab
    extra = tuple(
        Block(Rect.cell(*spot), (("" if value is None else value,),))
        for spot, value in sorted(over.items())
    )
    return replace(tab, verbs=(*tab.verbs, *extra))
