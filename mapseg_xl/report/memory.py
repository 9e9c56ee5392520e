"""What the very hidden sheet remembers: settings, input cells, row orders, our cells. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from zlib import crc32

from mapseg_xl.report.verbs import Block, Plan, Rect, Sheet, Value

SHEET = "_mapseg"
HEAD = ("key", "value")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
CHUNK = 32_000  # below Excel's 32,767 characters a cell


@dataclass(frozen=True, slots=True)
class InputMemory:
    """An input cell of an earlier run: what it is (tab, block, row, column), where it stood, its hidden name."""

    key: tuple[str, str, str, str]
    sheet: str
    address: str
    name: str


@dataclass(frozen=True, slots=True)
class Remembered:
    """What an earlier run left in the workbook."""

    memory: Mapping[str, str] = field(default_factory=dict)
    inputs: tuple[InputMemory, ...] = ()
    orders: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    written: Mapping[str, tuple[Rect, ...]] = field(default_factory=dict)
    said: Mapping[str, frozenset[str]] = field(
        default_factory=dict
    )  # fingerprints of what a sheet said


def to_rows(plan: Plan, memory: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Rows of key and value, none longer than a cell holds; long values go on in rows of the same key."""
    return rows_of(remember(plan, memory))


def remember(plan: Plan, memory: Mapping[str, str]) -> Remembered:
    """What a workbook is to know of the plan it was made from."""
    inputs = (InputMemory(i.key, i.place.sheet, i.place.address, i.name) for i in plan.inputs)
    ours = (sheet for sheet in plan.sheets if sheet.name in plan.written)
    said = {sheet.name: frozenset(_said(sheet)) for sheet in ours}
    return Remembered(memory, tuple(inputs), plan.orders, plan.written, said)


def rows_of(remembered: Remembered, longest: int = CHUNK) -> tuple[tuple[str, str], ...]:
    """The rows of what is remembered, none longer than `longest` characters."""
    rows = [HEAD]
    for key in sorted(remembered.memory):
        rows += chunks(f"memory {key}", remembered.memory[key], longest)
    for entry in remembered.inputs:
        record = [*entry.key, entry.sheet, entry.address, entry.name]
        rows += chunks("input", _dump(record), longest)
    for (tab, block), order in remembered.orders.items():
        rows += chunks("order", _dump([tab, block, *order]), longest)
    for sheet, rects in remembered.written.items():
        corners = [[rect.top, rect.left, rect.bottom, rect.right] for rect in rects]
        rows += chunks("written", _dump([sheet, corners]), longest)
    for sheet, said in remembered.said.items():
        rows += chunks("said", _dump([sheet, " ".join(sorted(said))]), longest)
    return tuple(rows)


def from_rows(rows: Iterable[Sequence[object]]) -> Remembered:
    """The inverse of `to_rows`; rows of other keys are left to later versions."""
    memory: dict[str, str] = {}
    inputs: list[InputMemory] = []
    orders: dict[tuple[str, str], tuple[str, ...]] = {}
    written: dict[str, tuple[Rect, ...]] = {}
    said: dict[str, frozenset[str]] = {}
    for key, value in records(rows):
        if key.startswith("memory "):
            memory[key.removeprefix("memory ")] = value
        elif key == "input":
            tab, block, row, column, sheet, address, name = json.loads(value)
            inputs.append(InputMemory((tab, block, row, column), sheet, address, name))
        elif key == "order":
            tab, block, *order = json.loads(value)
            orders[tab, block] = tuple(order)
        elif key == "written":
            sheet, corners = json.loads(value)
            written[sheet] = tuple(Rect(*corner) for corner in corners)
        elif key == "said":
            sheet, prints = json.loads(value)
            said[sheet] = frozenset(prints.split())
    return Remembered(memory, tuple(inputs), orders, written, said)


def fingerprint(value: str | float | date) -> str:
    """Short print of a constant in a cell, the same after another program has saved it: 12 digits, plain line ends.

    >>> fingerprint(0.1 + 0.2) == fingerprint(0.3), fingerprint("0.3") == fingerprint(0.3)
    (True, False)
    """
    if isinstance(value, str):
        text = "text " + "".join(unescaped(value).split())
    elif isinstance(value, date):
        text = f"day {value.isoformat()[:10]}"
    else:
        text = f"number {float(value):.12g}"
    return f"{crc32(text.encode('utf-8', 'surrogatepass')):08x}"


def unescaped(text: str) -> str:
    """Text with control characters as they are, not as the file format writes them: `_x000D_`."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _said(sheet: Sheet) -> set[str]:
    """Prints of every constant of a sheet, so that what people wrote over or beside it is told apart."""
    rows = (row for verb in sheet.verbs if isinstance(verb, Block) for row in verb.rows)
    values: Iterable[Value] = (value for row in rows for value in row)
    return {fingerprint(v) for v in values if isinstance(v, str | int | float | date)}


def runs(cells: Iterable[tuple[int, int]]) -> tuple[Rect, ...]:
    """Cells as few rectangles: runs along rows, merged downwards where they have the same ends."""
    open_runs: dict[tuple[int, int], Rect] = {}
    closed: list[Rect] = []
    for row, first, last in _row_runs(sorted(cells)):
        above = open_runs.get((first, last))
        if above and above.bottom == row - 1:
            open_runs[first, last] = Rect(above.top, first, row, last)
            continue
        if above:
            closed.append(above)
        open_runs[first, last] = Rect(row, first, row, last)
    return tuple(sorted([*closed, *open_runs.values()]))


def _row_runs(cells: Sequence[tuple[int, int]]) -> list[tuple[int, int, int]]:
    found: list[tuple[int, int, int]] = []
    for row, column in cells:
        if found and found[-1][0] == row and found[-1][2] == column - 1:
            found[-1] = row, found[-1][1], column
        else:
            found.append((row, column, column))
    return found


def _dump(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def chunks(key: str, value: str, longest: int = CHUNK) -> list[tuple[str, str]]:
    """A value over several rows: all but the first carry the key with a plus sign.

    Text outside the basic plane counts twice in Excel, so memory values are cut at half.
    """
    size = longest if value.isascii() else longest // 2
    pieces = [value[at : at + size] for at in range(0, len(value), size)] or [""]
    return [(key if at == 0 else f"+{key}", "'" + piece) for at, piece in enumerate(pieces)]


def records(rows: Iterable[Sequence[object]]) -> list[tuple[str, str]]:
    """Keys and whole values: the inverse of `chunks`, over all rows."""
    found: list[tuple[str, str]] = []
    for row in rows:
        key, value = (str(cell) if cell is not None else "" for cell in row[:2])
        value = value.removeprefix("'")
        if key.startswith("+") and found:
            found[-1] = found[-1][0], found[-1][1] + value
        elif (key, value) != HEAD and key:
            found.append((key, value))
    return found
