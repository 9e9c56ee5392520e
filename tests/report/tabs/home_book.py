"""A workbook of a team's own, laid out and typed into as a person would, for the tests of its guided tabs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mapseg_xl.report.identity import Previous, keep
from mapseg_xl.report.memory import from_rows
from mapseg_xl.report.plan import lay_out
from mapseg_xl.report.spec import Report, Scalar
from mapseg_xl.report.verbs import Block, Key, Plan


def typed_into(report: Report, typed: Mapping[Key, Scalar]) -> Previous:
    """What the next run finds of a report in which these cells were filled by hand."""
    plan = lay_out(keep(report, None))
    missing = [key for key in typed if key not in {place.key for place in plan.inputs}]
    assert not missing, f"no such input cells: {missing}"
    held = values(plan)
    now = {place.key: held.get(place.key) for place in plan.inputs}
    places = {p.key: f"{p.place.sheet}!{p.place.address}" for p in plan.inputs}
    memory = from_rows(_memory_rows(plan)).memory
    return Previous(memory, {**now, **typed}, plan.orders, places=places)


def values(plan: Plan) -> dict[Key, Scalar]:
    """What every input cell of a plan holds."""
    cells: dict[tuple[str, int, int], Scalar] = {}
    for sheet in plan.sheets:
        for verb in sheet.verbs:
            if isinstance(verb, Block):
                for row, contents in enumerate(verb.rows, start=verb.rect.top):
                    for column, value in enumerate(contents, start=verb.rect.left):
                        cells[sheet.name, row, column] = value  # type: ignore[assignment]
    return {
        p.key: cells.get((p.place.sheet, p.place.rect.top, p.place.rect.left)) for p in plan.inputs
    }


def only(report: Report, *names: str) -> Report:
    """The report with these tabs alone."""
    return replace(report, tabs=tuple(tab for tab in report.tabs if tab.name in names))


def _memory_rows(plan: Plan) -> list[tuple[object, ...]]:
    (block,) = plan.sheets[-1].verbs
    assert isinstance(block, Block)
    return list(block.rows)
