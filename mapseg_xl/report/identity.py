"""Keeps what people typed when a workbook is made again: inputs, places of rows, words without a home. Pure."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from zlib import crc32

from mapseg_xl.report.spec import (
    Cell,
    Column,
    Content,
    Input,
    Report,
    Row,
    Scalar,
    Section,
    Tab,
    Table,
)
from mapseg_xl.report.typed import filled, understood
from mapseg_xl.report.verbs import Key

UNPLACED = "unplaced"  # id of the block of words without a home
# names in the workbook's memory
_DEFAULTS, _LOOSE, _SECOND_LINES, _SEGMENTS = "inputs", "unplaced", "second lines", "segments"
_LETTERS = "profile letters"

Ids = Mapping[tuple[str, str], str]  # (segmentation, segment) -> segment_id


@dataclass(frozen=True, slots=True)
class Stray:
    """Something people wrote on one of our tabs where we have no cell for it."""

    where: str  # "Volume!N5"
    what: str  # "Cell" "Formula" "Comment"
    text: str


@dataclass(frozen=True, slots=True)
class Previous:
    """What an earlier run, and people since, left in the workbook."""

    memory: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[Key, Scalar] = field(default_factory=dict)  # what every input cell holds now
    orders: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    strays: tuple[Stray, ...] = ()
    places: Mapping[Key, str] = field(default_factory=dict)  # "Hypotheses!C31", of every input cell

    def cell(self, key: Key) -> str:
        """Where an input cell stands in the earlier workbook; "" if it is not there."""
        return self.places.get(key, "")

    @property
    def ids(self) -> Ids:
        """Ids of the segments of earlier runs."""
        rows = _load(self.memory, _SEGMENTS)
        return {(segmentation, name): made for segmentation, name, made in rows}

    @property
    def letters(self) -> dict[str, str]:
        """The letter of every segment that ever had a profile, by its id."""
        known: dict[str, str] = json.loads(self.memory.get(_LETTERS, "{}"))
        return known

    @property
    def edits(self) -> dict[Key, Scalar]:
        """The input cells that people changed since we wrote them, with what they hold; None if cleared."""
        written = {tuple(row[:4]): row[4] for row in _load(self.memory, _DEFAULTS)}
        return {
            key: value
            for key, value in self.typed.items()
            if key not in written or not _same(value, written[key])
        }

    @property
    def homes(self) -> dict[Key, Scalar]:
        """What people typed, by the cell it belongs to: also what is listed as unplaced, should its cell come back."""
        known = {row[0]: row[3:] for row in _load(self.memory, _LOOSE)}
        found: dict[Key, Scalar] = {}
        for key, value in self.edits.items():
            home = key if key[1] != UNPLACED else tuple(known.get(key[2], ()))
            if home and (key[1] != UNPLACED or not _is_empty(value)):
                found[home[0], home[1], home[2], home[3]] = value
        return found

    def changed(self, key: Key) -> bool:
        """Whether people changed this input cell since we wrote it."""
        return key in self.edits

    def value(self, key: Key, default: Scalar, kind: str) -> Scalar:
        """What to compute with for an input: what people typed if it can be read as its kind, else the default."""
        edits = self.edits
        if key not in edits:
            return default
        value, wrong = understood(edits[key], Input(None, kind))
        return default if wrong else value


def segment_memory(ids: Ids, previous: Previous | None) -> dict[str, str]:
    """What to remember of the segments' ids; segments that are gone stay known."""
    known = {**(previous.ids if previous else {}), **ids}
    return {_SEGMENTS: _dump([[*key, made] for key, made in known.items()])}


def letter_memory(letters: Mapping[str, str]) -> dict[str, str]:
    """What to remember of the profiles: a segment's letter is its own for good."""
    return {_LETTERS: _dump(dict(letters))}


def keep(report: Report, previous: Previous | None) -> Report:
    """The report with what people typed in an earlier one, and its keyed rows where they stood.

    Known rows keep their place, new ones follow, vanished ones stay, greyed, with what was typed in them; total rows
    at a table's foot stay last. What has no cell any more is listed as "Unplaced inputs" on the last tab, until
    somebody clears it there.
    """
    keeper = _Keeper(previous or Previous())
    tabs = tuple(keeper.tab(tab) for tab in report.tabs)
    loose = keeper.loose()
    if loose:
        last = tabs[-1]
        sections = (*last.sections, _section(loose))
        tabs = (*tabs[:-1], replace(last, sections=sections, has_inputs=True))
    memory = {
        **report.memory,
        _DEFAULTS: _dump([[*key, _plain(value)] for key, value in _inputs(report)]),
        _LOOSE: _dump([[item.row, item.what, item.where, *(item.home or ())] for item in loose]),
        _SECOND_LINES: _dump(list(_second_lines(report))),
    }
    return replace(report, tabs=tabs, memory=memory)


def joined(
    earlier: Mapping[str, str], now: Mapping[str, str], tabs: Collection[str]
) -> dict[str, str]:
    """What a workbook remembers once a report of these `tabs` has been written beside others of an earlier run."""
    lists = {
        name: [row for row in _load(earlier, name) if row[0] not in tabs] + _load(now, name)
        for name in (_DEFAULTS, _SECOND_LINES)
    }
    loose = {row[0]: row for row in (*_load(earlier, _LOOSE), *_load(now, _LOOSE))}
    lists[_LOOSE] = list(loose.values())
    return {**earlier, **now, **{name: _dump(rows) for name, rows in lists.items()}}


@dataclass(frozen=True, slots=True)
class _Loose:
    """Words without a cell; `home` is the one they had, should it come back."""

    row: str
    what: str
    where: str
    text: str
    home: Key | None = None


class _Keeper:
    """Goes over the tables once, and knows which typed words have not found their cell yet."""

    def __init__(self, previous: Previous) -> None:
        self.orders = previous.orders
        self.names = {made: name for (_, name), made in previous.ids.items()}
        self.second_lines = {
            (tab, block, key) for tab, block, key in _load(previous.memory, _SECOND_LINES)
        }
        self.typed = previous.homes
        self.listed: list[_Loose] = []
        self._list(previous)

    def _list(self, previous: Previous) -> None:
        """What never had a cell of its own."""
        known = {row[0]: row for row in _load(previous.memory, _LOOSE)}
        for key, value in previous.edits.items():
            if key[1] == UNPLACED and not _is_empty(value):
                row, what, where, *home = known.get(key[2], [key[2], "Input", key[0]])
                if not home:
                    self.listed.append(_Loose(row, what, where, _text(value)))
        for stray in previous.strays:
            row = _row_key(stray.where, stray.text)
            self.listed.append(_Loose(row, stray.what, stray.where, stray.text))

    def tab(self, tab: Tab) -> Tab:
        """The tab with what was typed on it."""
        sections = [
            replace(
                section,
                parts=tuple(
                    self._table(tab.name, part) if isinstance(part, Table) else part
                    for part in section.parts
                ),
            )
            for section in tab.sections
        ]
        return replace(tab, sections=tuple(sections))

    def loose(self) -> list[_Loose]:
        """What found no cell, each once."""
        found = list(self.listed)
        for key, value in self.typed.items():
            if not _is_empty(value):
                tab, _, row, column = key
                where = " · ".join((tab, self.names.get(row, row), column))
                found.append(_Loose(_row_key(*key), "Input", where, _text(value), key))
        return list({item.row: item for item in found}.values())

    def _table(self, tab: str, table: Table) -> Table:
        rows = [self._filled(tab, table.id, row) for row in table.rows]
        if table.keyed:
            rows = self._ordered(tab, table, rows)
        return replace(table, rows=tuple(rows))

    def _filled(self, tab: str, block: str, row: Row) -> Row:
        cells = dict(row.cells)
        for column, content in row.cells.items():
            key = (tab, block, row.key, column)
            inner = content.content if isinstance(content, Cell) else content
            if isinstance(inner, Input) and key in self.typed:
                cell = filled(inner, self.typed.pop(key))
                own = content if isinstance(content, Cell) else cell
                cells[column] = replace(own, content=cell.content, look=cell.look or own.look)
        return replace(row, cells=cells)

    def _ordered(self, tab: str, table: Table, rows: Sequence[Row]) -> list[Row]:
        """Known rows where they stood, new ones after them; second lines stay with their row."""
        groups = _grouped(rows)
        foot = _foot(groups)
        second = {line.key for lines in groups.values() for line in lines[1:]}
        stood = [
            key
            for key in self.orders.get((tab, table.id), ())
            if key not in foot
            and (key in groups or (tab, table.id, key) not in self.second_lines)
            and key not in second
        ]
        keys = dict.fromkeys([*stood, *(key for key in groups if key not in foot), *foot])
        return [row for key in keys for row in groups.get(key) or [self._gone(tab, table, key)]]

    def _gone(self, tab: str, table: Table, key: str) -> Row:
        """The greyed row of something that is not in the data any more, with what was typed in it."""
        cells: dict[str, Content | Cell] = {column.key: None for column in table.columns}
        cells[table.columns[0].key] = self.names.get(key, key)
        for column in table.columns:
            value = self.typed.pop((tab, table.id, key, column.key), None)
            if not _is_empty(value):
                cells[column.key] = Input(value, "text", "No longer in the data; kept.")
        return Row(key, cells, "gone")


def _grouped(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Rows with the small second lines below them, by the row's key."""
    groups: dict[str, list[Row]] = {}
    last = ""
    for row in rows:
        if row.look == "sub" and groups:
            groups[last].append(row)
        else:
            last = row.key
            groups[last] = [row]
    return groups


def _foot(groups: Mapping[str, list[Row]]) -> list[str]:
    """Keys of the total rows that close a table."""
    foot: list[str] = []
    for key in reversed(list(groups)):
        if groups[key][0].look != "total":
            return foot[::-1]
        foot.append(key)
    return []


def _second_lines(report: Report) -> Iterator[tuple[str, str, str]]:
    for tab, table in _tables(report):
        for row in table.rows:
            if row.look == "sub":
                yield tab, table.id, row.key


def _inputs(report: Report) -> Iterator[tuple[Key, Scalar]]:
    for tab, table in _tables(report):
        for row in table.rows:
            for column, content in row.cells.items():
                inner = content.content if isinstance(content, Cell) else content
                if isinstance(inner, Input):
                    yield (tab, table.id, row.key, column), inner.value


def _tables(report: Report) -> Iterator[tuple[str, Table]]:
    for tab in report.tabs:
        for section in tab.sections:
            yield from ((tab.name, part) for part in section.parts if isinstance(part, Table))


def _section(loose: Sequence[_Loose]) -> Section:
    columns = (
        Column("what", "What", 0, "label"),
        Column("where", "Where it stood", 1),
        Column("text", "What was written", 5, "input"),
    )
    message = "Kept from an earlier version of this workbook. Clear it when you no longer need it."
    rows = tuple(
        Row(i.row, {"what": i.what, "where": i.where, "text": Input(i.text, "text", message)})
        for i in loose
    )
    help_text = "Written earlier, without a cell now. Clear a line to drop it."
    return Section("Unplaced inputs", (Table(UNPLACED, columns, rows),), help_text)


def _row_key(*parts: str) -> str:
    return f"{crc32(chr(31).join(parts).encode('utf-8', 'surrogatepass')):08x}"


def _load(memory: Mapping[str, str], name: str) -> list[list[str]]:
    loaded: list[list[str]] = json.loads(memory.get(name, "[]"))
    return loaded


def _dump(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _plain(value: Scalar) -> str | float | int | bool | None:
    return value if value is None or isinstance(value, str | int | float) else value.isoformat()


def _text(value: Scalar) -> str:
    return "" if value is None else str(_plain(value))


def _is_empty(value: Scalar) -> bool:
    return value is None or value == ""


def _same(one: Scalar, other: Scalar) -> bool:
    """Whether two contents of a cell are the same once a spreadsheet program has saved them."""
    if _is_empty(one) or _is_empty(other):
        return _is_empty(one) and _is_empty(other)
    a, b = _plain(one), _plain(other)
    if isinstance(a, int | float) and isinstance(b, int | float):
        return abs(a - b) <= 1e-12 * max(abs(a), abs(b))
    return a == b
