"""Turns a report into a Plan: decides the sheets' names and where every cell, chart and page break goes. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from mapseg_xl.report import memory
from mapseg_xl.report.layout.binding import bind
from mapseg_xl.report.layout.draft import (
    GRID_LAST,
    MARGIN_PX,
    Draft,
    Known,
    current,
)
from mapseg_xl.report.layout.entries import entry
from mapseg_xl.report.layout.pages import lay_tab
from mapseg_xl.report.layout.paper import lay_paper
from mapseg_xl.report.spec import Report, Scalar, Tab
from mapseg_xl.report.verbs import (
    Block,
    Filter,
    Height,
    InputPlace,
    Key,
    Name,
    Place,
    Plan,
    Rect,
    Rule,
    Sheet,
    Value,
    Verb,
    View,
    Width,
)

__all__ = ["Plan", "lay_out", "sheet_names"]

_LONGEST_SHEET_NAME = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_FIXED_DAY = datetime(2000, 1, 1)  # noqa: DTZ001  # file properties carry no zone here
_LISTED_ROWS = 30  # a longer filtered list keeps its head in view
_PROFILE = "Profile"
SUBJECT = "Customer segmentation"


def lay_out(report: Report, taken: Collection[str] = ()) -> Plan:
    """The plan of a report: every cell, format, name, chart and page break at its place.

    `taken`: names of sheets that are not ours, in a workbook that the plan is to be carried out in.
    """
    names = sheet_names([tab.name for tab in report.tabs], taken)
    drafts = [Draft(tab, names[tab.name], report.currency) for tab in report.tabs]
    for draft in drafts:
        lay_tab(draft, report)
    known = _known(drafts, names)
    for draft in drafts:
        for draw in draft.later:
            draw(known)
    inputs = _inputs(drafts)
    plan = Plan(
        sheets=tuple(_sheet(draft, known, (report, inputs)) for draft in drafts),
        title=report.title,
        subject=SUBJECT,
        created=report.created or _FIXED_DAY,
        places=known.places,
        inputs=inputs,
        orders=known.orders,
        written={d.sheet: memory.runs(d.cells) for d in drafts if not d.tab.theirs},
        functions=report.functions,
    )
    return replace(plan, sheets=(*plan.sheets, _memory_sheet(plan, report)))


def sheet_names(tabs: Sequence[str], others: Collection[str] = ()) -> dict[str, str]:
    """Names that Excel takes, one a tab: at most 31 characters, none twice whatever the case, none of `others`.

    >>> sheet_names(["Volume", "volume", "A/B: test"])
    {'Volume': 'Volume', 'volume': 'volume 2', 'A/B: test': 'A B  test'}
    >>> sheet_names(["Performance"], ["PERFORMANCE"])
    {'Performance': 'Performance 2'}
    """
    taken = {memory.SHEET, "history", *(name.casefold() for name in others)}
    names: dict[str, str] = {}
    for tab in tabs:
        plain = _FORBIDDEN.sub(" ", tab).strip("' ") or "Tab"
        name, copy = plain[:_LONGEST_SHEET_NAME].strip("' "), 2
        while name.casefold() in taken:
            tail = f" {copy}"
            name, copy = plain[: _LONGEST_SHEET_NAME - len(tail)].rstrip("' ") + tail, copy + 1
        taken.add(name.casefold())
        names[tab] = name
    return names


def _known(drafts: Sequence[Draft], names: dict[str, str]) -> Known:
    places: dict[Key, Place] = {}
    values: dict[Key, Scalar] = {}
    orders: dict[tuple[str, str], tuple[str, ...]] = {}
    for draft in drafts:
        for (row, column), (content, key) in draft.cells.items():
            if key is None:
                continue
            if key in places:
                raise ValueError(f"two cells of the report have the key {key}")
            places[key] = Place(draft.sheet, Rect.cell(row, column))
            values[key] = current(content)
        orders |= {(draft.tab.name, block): order for block, order in draft.orders.items()}
    return Known(places, values, orders, names)


def _inputs(drafts: Sequence[Draft]) -> tuple[InputPlace, ...]:
    found = [(draft, rect, key) for draft in drafts for rect, _, key in draft.entries]
    return tuple(
        InputPlace(key, Place(draft.sheet, rect), f"{memory.SHEET}.in.{number:04}")
        for number, (draft, rect, key) in enumerate(found, start=1)
    )


def _sheet(draft: Draft, known: Known, shared: tuple[Report, tuple[InputPlace, ...]]) -> Sheet:
    report, inputs = shared
    typed = [(rect, content) for rect, content, _ in draft.entries]
    entries = [entry(draft, rect, content) for rect, content in (*typed, *draft.filled)]
    verbs: list[Verb] = [*_widths(draft)]
    verbs += [Height(row, points) for row, points in sorted(draft.heights.items())]
    verbs += [*_looks(draft), *_blocks(draft, known), *entries]
    verbs += [
        Name(place.name, place.place.rect) for place in inputs if place.place.sheet == draft.sheet
    ]
    verbs += [Filter(rect) for rect in draft.filters[:1]]  # a sheet can have one
    verbs += [*draft.named, *draft.scales, *draft.charts]
    verbs += [View(_freeze_row(draft)), lay_paper(draft, report.footer)]
    return Sheet(draft.sheet, _tab_colour(draft.tab, report), "visible", tuple(verbs))


def _widths(draft: Draft) -> list[Width]:
    widths = [Width(0, 0, MARGIN_PX), Width(1, 1, draft.column_px(0))]
    widths += [Width(at + 1, at + 1, draft.column_px(at)) for at in range(1, GRID_LAST + 1)]
    return [*widths, Width(GRID_LAST + 2, GRID_LAST + 2, MARGIN_PX)]


def _looks(draft: Draft) -> list[Verb]:
    """Looks first, then rules in their order, neighbours of one kind in a row joined."""
    joined: list[Verb] = []
    for verb in draft.looks:
        before = joined[-1] if joined else None
        if isinstance(before, Rule) and before == verb:
            continue
        joined.append(verb)
    return joined


def _blocks(draft: Draft, known: Known) -> list[Block]:
    """The cells as rectangles of values."""
    values: dict[tuple[int, int], Value] = {}
    for place, (content, key) in draft.cells.items():
        value = bind(content, draft, known, key)
        if value is not None:
            values[place] = value
    return [
        Block(
            rect,
            tuple(
                tuple(values[row, column] for column in range(rect.left, rect.right + 1))
                for row in range(rect.top, rect.bottom + 1)
            ),
        )
        for rect in memory.runs(values)
    ]


def _freeze_row(draft: Draft) -> int:
    """Below the navigation row; below its head for a tab that is one long list."""
    if len(draft.tab.sections) == 1 and draft.filters:
        rect = draft.filters[0]
        if rect.bottom - rect.top > _LISTED_ROWS:
            return rect.top + 1
    return 2


def _tab_colour(tab: Tab, report: Report) -> str:
    if tab.name == report.front_tab or tab.name.startswith(_PROFILE):
        return "accent"
    return "input.rule" if tab.has_inputs else "base"


def _memory_sheet(plan: Plan, report: Report) -> Sheet:
    rows = memory.to_rows(plan, report.memory)
    block = Block(Rect(0, 0, len(rows) - 1, 1), rows)
    return Sheet(memory.SHEET, "", "very_hidden", (block,))
