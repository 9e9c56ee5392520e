"""A report cut down to some of its tabs and those their formulas rest on; links to the others turn to plain text."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from mapseg_xl.report.spec import Cell, Link, Ref, Report, Span, Tab

Swap = Callable[[Any], Any]


def subset(report: Report, wanted: Collection[str]) -> Report:
    """The report with the tabs `wanted` and every tab that a formula on them reads, in the report's order.

    Names that the report does not have are left out: a segment that is not chosen any more has no profile.
    """
    held = closure(report, wanted)
    tabs = tuple(_without_links(tab, held) for tab in report.tabs if tab.name in held)
    return replace(report, tabs=tabs)


def closure(report: Report, wanted: Collection[str]) -> frozenset[str]:
    """The names of the tabs wanted and of those their formulas read, and those read, and so on."""
    by_name = {tab.name: tab for tab in report.tabs}
    held: set[str] = set()
    waiting = [name for name in wanted if name in by_name]
    while waiting:
        name = waiting.pop()
        if name not in held:
            held.add(name)
            waiting += tabs_read(by_name[name]) - held
    return frozenset(held)


def tabs_read(tab: Tab) -> frozenset[str]:
    """The other tabs whose cells the formulas and charts of a tab read. Links read nothing."""
    return frozenset(ref.tab for ref in _references(tab) if ref.tab) - {tab.name}


def _references(value: Any) -> Iterator[Ref | Span]:
    if isinstance(value, Ref | Span):
        yield value
    elif not isinstance(value, Link):
        for part in _parts(value):
            yield from _references(part)


def _parts(value: Any) -> Iterator[Any]:
    if is_dataclass(value):
        yield from (getattr(value, field.name) for field in fields(value))
    elif isinstance(value, Mapping):
        yield from value.values()
    elif isinstance(value, tuple | list):
        yield from value


def _without_links(tab: Tab, held: Collection[str]) -> Tab:
    """Links to tabs that are not there say their words without leading anywhere."""

    def words(value: object) -> str | None:
        return value.text if isinstance(value, Link) and value.tab not in held else None

    def swap(value: Any) -> Any:
        text = words(value.content if isinstance(value, Cell) else value)
        if text is None:
            return value
        if isinstance(value, Cell):
            return replace(value, content=text, look="" if value.look == "link" else value.look)
        return text

    changed: Tab = rebuilt(tab, swap)
    return changed


def rebuilt(value: Any, swap: Swap) -> Any:
    """The value with `swap` done to everything in it, from the outside in; what does not change stays itself."""
    swapped = swap(value)
    if swapped is not value or value is None or isinstance(value, str | int | float):
        return swapped
    if is_dataclass(value):
        held = {field.name: getattr(value, field.name) for field in fields(value)}
        new = {name: rebuilt(part, swap) for name, part in held.items()}
        changed = {name: part for name, part in new.items() if part is not held[name]}
        return replace(value, **changed) if changed else value  # type: ignore[type-var]
    if isinstance(value, Mapping):
        entries = {key: rebuilt(part, swap) for key, part in value.items()}
        return entries if any(entries[key] is not value[key] for key in value) else value
    if isinstance(value, tuple):
        items = tuple(rebuilt(part, swap) for part in value)
        same = all(new is old for new, old in zip(items, value, strict=True))
        return value if same else items
    return value
