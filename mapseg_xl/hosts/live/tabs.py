"""Our tabs in an open workbook: which are there, in which order, what on them is not ours, what a run has to redraw."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any

from mapseg_xl.errors import RefusedOutput
from mapseg_xl.hosts.earlier import Beside, Held, scalar
from mapseg_xl.hosts.live import memory as live_memory
from mapseg_xl.hosts.live.grid import Spot, grid_of
from mapseg_xl.hosts.live.memory import LiveMemory, Snapshot, TabRecord
from mapseg_xl.hosts.live.previous import OpenBook
from mapseg_xl.hosts.live.sheet import Standing, charts_of
from mapseg_xl.report import memory
from mapseg_xl.report.identity import joined
from mapseg_xl.report.memory import Remembered
from mapseg_xl.report.storing import stored
from mapseg_xl.report.verbs import Key, Live, Name, Plan, Rect, Sheet, Value

_INPUT, _AREA = f"{memory.SHEET}.in.", f"{memory.SHEET}.tab."


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """A plan ready for an open workbook: its tabs, those that are the team's from then on, what is to be remembered."""

    tabs: tuple[Sheet, ...]
    theirs: tuple[Sheet, ...]
    remembered: Remembered


def work_of(plan: Plan) -> Work:
    """The plan with names of input cells that do not depend on which other tabs a run writes."""
    names = {place.name: input_name(place.key) for place in plan.inputs}
    sheets = [_renamed(sheet, names) for sheet in plan.sheets]
    block = next(sheet for sheet in plan.sheets if sheet.name == memory.SHEET)
    kept = memory.from_rows(getattr(block.verbs[0], "rows", ()))
    inputs = tuple(replace(entry, name=input_name(entry.key)) for entry in kept.inputs)
    return Work(
        tuple(sheet for sheet in sheets if sheet.name in plan.written),
        tuple(s for s in sheets if s.name not in plan.written and s.name != memory.SHEET),
        replace(kept, inputs=inputs),
    )


def _renamed(sheet: Sheet, names: Mapping[str, str]) -> Sheet:
    verbs = tuple(
        replace(verb, name=names.get(verb.name, verb.name)) if isinstance(verb, Name) else verb
        for verb in sheet.verbs
    )
    return replace(sheet, verbs=verbs)


def input_name(key: Key) -> str:
    """The name of an input cell: the same in every run.

    >>> input_name(("What if", "asked", "step", "value"))
    '_mapseg.in.9ba692ce9fea'
    """
    return _INPUT + sha256(chr(31).join(key).encode()).hexdigest()[:12]


def refuse_strangers(book: Any, work: Work, known: LiveMemory) -> None:
    """Raises RefusedOutput where somebody else's sheet has the name of one of our tabs."""
    ours = {name.casefold() for name in known.ours}
    wanted = {tab.name.casefold() for tab in work.tabs}
    for sheet in book.sheets:
        name = sheet.name.casefold()
        if name in wanted and name not in ours:
            raise RefusedOutput(
                f"The sheet '{sheet.name}' is not ours, and a tab of that name is to be written. "
                "Rename the sheet and run again; nothing was changed."
            )


def add_missing(book: Any, tabs: Sequence[Sheet]) -> list[str]:
    """Adds the tabs that are not there, each before the next of ours, the last before the hidden sheet."""
    there = {sheet.name.casefold(): sheet for sheet in book.sheets}
    added = []
    for at, tab in enumerate(tabs):
        sheet = there.get(tab.name.casefold())
        if sheet is None:
            later = [there[t.name.casefold()] for t in tabs[at:] if t.name.casefold() in there]
            before = later[0] if later else live_memory.sheet_of(book)
            there[tab.name.casefold()] = book.sheets.add(name=tab.name, before=before)
            added.append(tab.name)
        elif not is_shown(sheet):
            sheet.visible = True
    return added


def is_shown(sheet: Any) -> bool:
    """Whether a sheet is in sight: Windows says -1, 0 or 2, a Mac True or False."""
    return sheet.visible in (True, -1)


def unchanged(tab: Sheet, record: TabRecord | None, opened: OpenBook) -> bool:
    """Whether a tab stands in the workbook as it would be drawn now, nothing moved, typed over or taken away."""
    if record is None or record.digest != digest_of(tab) or not opened.stands(tab.name):
        return False
    if not is_shown(opened.book.sheets[tab.name]):
        return False
    held = opened.held(tab.name)
    return all(_same(value, held.get(spot)) for spot, value in grid_of(tab).values.items())


def _same(value: Value, cell: Held | None) -> bool:
    if isinstance(value, Live):
        return cell is not None and bool(cell.formula)
    if value is None or value == "":
        return cell is None
    found = None if cell is None else scalar(cell.value)
    if not isinstance(found, str | int | float | date):
        return False
    return memory.fingerprint(value) == memory.fingerprint(found)


def digest_of(tab: Sheet) -> str:
    """A print of everything a tab says."""
    return sha256(repr(tab).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def record_of(tab: Sheet) -> TabRecord:
    """What to remember of a tab that has been drawn."""
    return TabRecord(
        sheet=tab.name,
        anchor=_anchor(tab.name),
        area=area_of(tab),
        digest=digest_of(tab),
        charts=charts_of(tab),
        stored=stored(tab),
    )


def area_of(tab: Sheet) -> Rect | None:
    """The rectangle in which a tab has anything; None for an empty one."""
    return bounds(grid_of(tab).zones)


def bounds(rects: Iterable[Rect]) -> Rect | None:
    """The rectangle around rectangles."""
    found = list(rects)
    if not found:
        return None
    return Rect(
        min(rect.top for rect in found),
        min(rect.left for rect in found),
        max(rect.bottom for rect in found),
        max(rect.right for rect in found),
    )


def standing_of(sheet: Any, known: LiveMemory, opened: OpenBook) -> Standing:
    """What stands on a sheet of ours. One that came with a file of ours has no record: all its charts are ours."""
    record = known.tabs.get(sheet.name)
    written = known.remembered.written.get(sheet.name, ())
    if record is None:
        area = bounds(written)
        charts = tuple(chart.name for chart in sheet.charts) if written else ()
        return Standing((area,) if area else (), charts)
    area = opened.area(sheet.name)
    return Standing((area,) if area else (), record.charts)


def foreign_cells(name: str, known: LiveMemory, opened: OpenBook) -> Mapping[Spot, Held]:
    """What people wrote on a tab of ours beside our cells: it stays."""
    if name not in known.ours:
        return {}
    if name not in known.remembered.said:
        return opened.held(name)
    held = opened.held(name)
    said = known.remembered.said[name]
    beside = Beside(held.values(), known.remembered.written.get(name, ()))
    return {
        spot: cell
        for spot, cell in held.items()
        if beside.holds(*spot) and (cell.formula or _is_new(cell, said))
    }


def _is_new(cell: Held, said: Collection[str]) -> bool:
    value = scalar(cell.value)
    return not isinstance(value, str | int | float | date) or memory.fingerprint(value) not in said


def merged(earlier: Remembered, now: Remembered) -> Remembered:
    """What is remembered of all tabs when a run has written some of them."""
    left = [name for name in earlier.written if name not in now.written]
    tabs = {entry.key[0] for entry in now.inputs} | {tab for tab, _ in now.orders}
    inputs = (e for e in earlier.inputs if e.sheet in left and e.key[0] not in tabs)
    orders = {key: order for key, order in earlier.orders.items() if key[0] not in tabs}
    return Remembered(
        memory=joined(earlier.memory, now.memory, tabs),
        inputs=(*inputs, *now.inputs),
        orders={**orders, **now.orders},
        written={**{name: earlier.written[name] for name in left}, **now.written},
        said={**{n: p for n, p in earlier.said.items() if n in left}, **now.said},
    )


def records_after(known: LiveMemory, before: Snapshot) -> dict[str, TabRecord]:
    """The records once a snapshot has been put back; tabs that the run had added stay ours, empty and out of sight."""
    records = dict(known.tabs)
    for name, record in before.tabs.items():
        if record is not None:
            records[name] = record
        elif name not in memory.from_rows(before.rows).written:
            records[name] = TabRecord(name, _anchor(name), None, "", (), "")
    return records


def _anchor(sheet: str) -> str:
    return _AREA + sha256(sheet.casefold().encode()).hexdigest()[:12]
