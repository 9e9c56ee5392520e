"""The hidden sheet of an open workbook: what every run remembers, and beside it what only writing in place needs.

Columns A and B hold what the file host writes too. D and E hold the records of our tabs, what stood on them before the
last run, and whether a run is under way: they change in one write, so that a run killed in between is seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from mapseg_xl.hosts.live import read as live_read
from mapseg_xl.hosts.live.cells import LONGEST_IN_BLOCK
from mapseg_xl.hosts.live.finish import Finishing
from mapseg_xl.report import memory
from mapseg_xl.report.memory import Remembered
from mapseg_xl.report.storing import packed, unpacked
from mapseg_xl.report.verbs import Rect

Rows = Sequence[Sequence[str]]
_LONGEST = LONGEST_IN_BLOCK - 10
_MEMORY, _RECORDS = 0, 3  # first columns
WHOLE, WRITING = "whole", "writing"


@dataclass(frozen=True, slots=True)
class TabRecord:
    """A tab of ours: the name that marks its area, that area as written, a digest, its charts, the tab itself."""

    sheet: str
    anchor: str
    area: Rect | None
    digest: str
    charts: tuple[str, ...]
    stored: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a run found: the memory, the tabs it was to write as they stood (None: not there), what was typed on them.

    `over`: sheet, row, column and value of cells in which people have put something else than we wrote.
    """

    rows: Rows = ()
    tabs: Mapping[str, TabRecord | None] = field(default_factory=dict)
    typed: tuple[tuple[Any, ...], ...] = ()  # tab, block, row, column, value, sheet, address
    over: tuple[tuple[str, int, int, Any], ...] = ()
    functions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LiveMemory:
    """Everything the hidden sheet knows. `following`: what a run that is under way will leave."""

    remembered: Remembered = field(default_factory=Remembered)
    tabs: Mapping[str, TabRecord] = field(default_factory=dict)
    functions: tuple[str, ...] = ()
    state: str = WHOLE
    before: Snapshot | None = None
    following: Remembered | None = None

    @property
    def ours(self) -> frozenset[str]:
        """The names of our sheets, those of a run under way among them."""
        names = {*self.remembered.written, *self.tabs}
        if self.state == WRITING and self.following:
            names |= set(self.following.written)
        return frozenset(names)


def sheet_of(book: Any) -> Any:
    """The hidden sheet; None where there is none."""
    return next((s for s in book.sheets if s.name.casefold() == memory.SHEET), None)


def read(book: Any) -> LiveMemory:
    """What an earlier run left; nothing where none was."""
    sheet = sheet_of(book)
    if sheet is None:
        return LiveMemory()
    rows = _cells(sheet)
    remembered = memory.from_rows([row[_MEMORY : _MEMORY + 2] for row in rows])
    records = _joined(row[_RECORDS : _RECORDS + 2] for row in rows)
    return _known(remembered, records)


def _cells(sheet: Any) -> list[list[Any]]:
    last = live_read.used(sheet).bottom + 1
    rows: list[list[Any]] = sheet.range(f"A1:E{max(last, 2)}").options(ndim=2).value
    return rows


def _known(remembered: Remembered, records: Sequence[tuple[str, str]]) -> LiveMemory:
    known = LiveMemory(remembered)
    tabs: dict[str, TabRecord] = {}
    for key, value in records:
        match key:
            case "state":
                known = replace(known, state=value)
            case "tab":
                record = _record(unpacked(value))
                tabs[record.sheet] = record
            case "functions":
                known = replace(known, functions=unpacked(value))
            case "before":
                known = replace(known, before=_snapshot(unpacked(value)))
            case "following":
                known = replace(known, following=memory.from_rows(unpacked(value)))
    return replace(known, tabs=tabs)


def _record(values: tuple[Any, ...]) -> TabRecord:
    return TabRecord(*values)


def _snapshot(values: tuple[Any, ...]) -> Snapshot:
    rows, tabs, typed, over, functions = values
    records = {name: None if held is None else _record(held) for name, held in tabs}
    return Snapshot(rows, records, typed, over, functions)


def write(book: Any, known: LiveMemory, finishing: Finishing, *, memory_too: bool = True) -> None:
    """Puts everything on the hidden sheet, made where it is missing; the state last and in one go."""
    sheet = sheet_of(book) or _added(book, finishing)
    if memory_too:
        _put(sheet, _MEMORY, memory.rows_of(known.remembered, _LONGEST))
    _put(sheet, _RECORDS, _rows(known))


def _rows(known: LiveMemory) -> list[tuple[str, str]]:
    rows = [("state", known.state)]
    for record in known.tabs.values():
        rows += _chunks("tab", packed(_plain(record)))
    rows += _chunks("functions", packed(known.functions))
    if known.before:
        rows += _chunks("before", packed(_plain_snapshot(known.before)))
    if known.following:
        rows += _chunks("following", packed(memory.rows_of(known.following)))
    return rows


def _plain(record: TabRecord) -> tuple[Any, ...]:
    return (
        record.sheet,
        record.anchor,
        record.area,
        record.digest,
        record.charts,
        record.stored,
    )


def _plain_snapshot(snapshot: Snapshot) -> tuple[Any, ...]:
    tabs = [(name, record and _plain(record)) for name, record in snapshot.tabs.items()]
    return snapshot.rows, tabs, snapshot.typed, snapshot.over, snapshot.functions


def _chunks(key: str, value: str) -> list[tuple[str, str]]:
    pieces = [value[at : at + _LONGEST] for at in range(0, len(value), _LONGEST)]
    return [(key if at == 0 else f"+{key}", piece) for at, piece in enumerate(pieces)]


def _joined(rows: Iterable[Sequence[Any]]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for row in rows:
        if len(row) < 2 or row[0] is None:
            continue
        key, value = str(row[0]), str(row[1] or "")
        if key.startswith("+") and found:
            found[-1] = found[-1][0], found[-1][1] + value
        else:
            found.append((key, value))
    return found


def _put(sheet: Any, column: int, rows: Rows) -> None:
    """Rows in two columns, in one write that also empties what stood below."""
    height = max(len(rows), live_read.used(sheet).bottom + 1)
    padded = [*rows, *[("", "")] * (height - len(rows))]
    area = Rect(0, column, height - 1, column + 1)
    sheet.range(area.a1).raw_value = [[text and "'" + text for text in row] for row in padded]


def _added(book: Any, finishing: Finishing) -> Any:
    """A new last sheet that is out of sight, very hidden where this Excel lets us."""
    last = book.sheets[len(book.sheets) - 1]
    sheet = book.sheets.add(name=memory.SHEET, before=last)
    sheet.move(after=last)
    sheet = book.sheets[memory.SHEET]
    last.activate()
    sheet.visible = False
    finishing.do("very hidden sheet", sheet)
    return sheet
