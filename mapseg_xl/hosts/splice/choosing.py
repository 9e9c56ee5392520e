"""Decides, before anything is written: which tabs are replaced, go, stay, come beside, under which names."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from mapseg_xl.hosts.splice.archive import key_of
from mapseg_xl.hosts.splice.known import Known, is_our_name
from mapseg_xl.hosts.splice.references import named_in, referred
from mapseg_xl.hosts.splice.renaming import records_of, renamed, with_records
from mapseg_xl.hosts.splice.target import Target
from mapseg_xl.report import memory
from mapseg_xl.report.plan import sheet_names
from mapseg_xl.report.verbs import DataTable, Plan

_OF_TABS = ("written", "said")
SET_ASIDE = "set aside"  # the key of a tab of ours that is the team's by now: still no data


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to be done with the tabs of a plan and those of an earlier one.

    `plan`: under the names its tabs get; None takes all of ours away. `tabs`: what each of its sheets is, by name.
    `kept`: tabs that are replaced where they stand; `gone`: that go; `left`: that would go but are referred to.
    `beside`: name of a tab that people made theirs, and of ours that is written beside it.
    `first`: sheets that are the team's own once they are there. `referred`: whether anything refers to our tabs.
    """

    plan: Plan | None
    tabs: Mapping[str, str]
    kept: Mapping[str, int]
    gone: Mapping[str, int]
    left: Mapping[str, int]
    beside: tuple[tuple[str, str], ...]
    first: frozenset[str]
    referred: bool


def choose(target: Target, known: Known, plan: Plan | None) -> Choice:
    """What is to be done."""
    planned = _tabs_of(plan) if plan else {}
    kept = {tab: at for tab, at in known.tabs.items() if tab in planned.values()}
    vanished = {tab: at for tab, at in known.tabs.items() if tab not in kept}
    wanted = _referred(target, known, planned)
    called = target.book.sheets
    left = {tab: at for tab, at in vanished.items() if called[at].name in wanted}
    gone = {tab: at for tab, at in vanished.items() if tab not in left}
    if plan is None:
        return Choice(None, {}, {}, gone, left, (), frozenset(), bool(wanted))
    ours = {*kept.values(), *gone.values(), *known.places - {*left.values()}}
    theirs = [sheet.name for at, sheet in enumerate(called) if at not in ours]
    plan, first = _without_theirs(plan, planned, theirs)
    names = _names(target, planned, kept, theirs)
    tables = _table_names(target, plan, ours)
    beside = tuple(
        (called[at].name, names[sheet])
        for sheet, tab in planned.items()
        if (at := known.changed.get(tab)) is not None
    )
    plan = _with_left(
        renamed(plan, names, tables),
        known,
        [called[at].name for at in left.values()],
        [called[at].name for at in known.changed.values()],
    )
    tabs = {names[sheet]: tab for sheet, tab in planned.items()}
    return Choice(plan, tabs, kept, gone, left, beside, first, bool(wanted))


def _tabs_of(plan: Plan) -> dict[str, str]:
    """What each sheet of a plan is, by its name: the name of its tab, whatever the sheet is called."""
    by_sheet = {place.sheet: key[0] for key, place in plan.places.items()}
    return {name: by_sheet.get(name, name) for name in plan.written}


def _referred(target: Target, known: Known, planned: Collection[str]) -> set[str]:
    """Names of our sheets, those to come among them, that something of theirs refers to."""
    there = [sheet.name for sheet in target.book.sheets]
    sheets = {there[at] for at in known.tabs.values()} | set(planned) - set(there)
    if not sheets:
        return set()
    ours = {key_of(p) for at in known.places for p in target.below(target.sheet_part(at))}
    found = referred(target, sheets, ours)
    for name in target.book.names:
        if not is_our_name(name.name) and name.local not in known.places:
            found |= named_in(name.text, sheets)
    return found


def _without_theirs(
    plan: Plan, planned: Mapping[str, str], theirs: Collection[str]
) -> tuple[Plan, frozenset[str]]:
    """Sheets that become the team's own are written once: one that is there stays."""
    there = {name.casefold() for name in theirs}
    once = [s.name for s in plan.sheets if s.name not in planned and s.name != memory.SHEET]
    stays = {name for name in once if name.casefold() in there}
    sheets = tuple(sheet for sheet in plan.sheets if sheet.name not in stays)
    return replace(plan, sheets=sheets), frozenset(once) - stays


def _names(
    target: Target, planned: Mapping[str, str], kept: Mapping[str, int], theirs: Collection[str]
) -> dict[str, str]:
    """The name of each tab: a tab that is there keeps the one that people see."""
    names = {
        sheet: target.book.sheets[kept[tab]].name for sheet, tab in planned.items() if tab in kept
    }
    new = [sheet for sheet in planned if sheet not in names]
    return {**names, **sheet_names(new, {*theirs, *names.values()})}


def _table_names(target: Target, plan: Plan, ours: Collection[int]) -> dict[str, str]:
    """Other names for tables of ours whose name is taken."""
    wanted = [v.name for sheet in plan.sheets for v in sheet.verbs if isinstance(v, DataTable)]
    if not wanted:
        return {}
    parts = {key_of(p) for at in ours for p in target.below(target.sheet_part(at))}
    taken = {name.casefold() for _, name in target.tables(parts)}
    taken |= {name.name.casefold() for name in target.book.names}
    return dict(_free(wanted, taken))


def _free(wanted: Collection[str], taken: set[str]) -> Iterator[tuple[str, str]]:
    for name in wanted:
        free, copy = name, 2
        while free.casefold() in taken:
            free, copy = f"{name}_{copy}", copy + 1
        taken.add(free.casefold())
        if free != name:
            yield name, free


def _with_left(plan: Plan, known: Known, left: Collection[str], changed: Collection[str]) -> Plan:
    """The plan whose hidden sheet knows of the tabs that stay, too: they hold results, not data."""
    names = {name.casefold() for name in left}
    more = [
        (key, value)
        for key, value in known.records
        if (key in _OF_TABS and _sheet_of(value).casefold() in names) or key == SET_ASIDE
    ]
    aside = {_sheet_of(value) for key, value in more if key == SET_ASIDE}
    more += [(SET_ASIDE, json.dumps([name])) for name in changed if name not in aside]
    if not more:
        return plan
    sheets = tuple(
        with_records(sheet, [*records_of(sheet), *more]) if sheet.name == memory.SHEET else sheet
        for sheet in plan.sheets
    )
    return replace(plan, sheets=sheets)


def _sheet_of(record: str) -> str:
    return str(json.loads(record)[0])
