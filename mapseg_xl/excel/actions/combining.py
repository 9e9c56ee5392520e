"""Combine: one row a customer on the sheet Customers, and on Match report where every table's rows went."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from mapseg_xl.excel.actions.added_files import Added, place
from mapseg_xl.excel.actions.bench import Bench, progress
from mapseg_xl.excel.actions.desk import desk_of, shares, told_apart, work
from mapseg_xl.excel.actions.done import Done
from mapseg_xl.excel.actions.incoming import Incoming, SheetValue
from mapseg_xl.excel.actions.step_actions import written
from mapseg_xl.hosts.live import host as live
from mapseg_xl.intake.joining.combined import CombinedColumn
from mapseg_xl.merging import merge
from mapseg_xl.report.parts.names import CUSTOMERS, MATCH_REPORT
from mapseg_xl.runs import COMBINED


def combine(bench: Bench) -> Done:
    """Joins the team's sheets by exact keys. Customers is a copy to filter; runs read the sheets themselves."""
    said = write_customers(bench)
    desk = desk_of(bench)
    return written(desk, work(desk), (MATCH_REPORT,), ("set_up",), said)


def has_combined(bench: Bench) -> bool:
    """Whether the workbook has the copy that Combine writes."""
    there = {sheet.name for sheet in bench.book.sheets}
    return any(added.sheet in there for added in _before(bench))


def write_customers(bench: Bench) -> str:
    """Writes the sheet Customers, in place of the one of before unless somebody changed it; says so then."""
    _, merged, _ = told_apart(desk_of(bench), lambda run: merge(run.request, shares(bench)))
    progress(bench, "Writing Customers", 0.5)
    before = next(iter(_before(bench)), None)
    added, changed = place(bench.book, table_of(merged.columns), before)
    live.remember(bench.book, COMBINED, json.dumps([asdict(added)]))
    if not changed or before is None:
        return ""
    return (
        f"'{before.sheet}' was changed by hand, so it stays as it is; the new list stands on '{added.sheet}'. "
        f"Delete the one you do not need: '{before.sheet}' would be read as a list of yours."
    )


def _before(bench: Bench) -> list[Added]:
    kept = json.loads(live.memory_of(bench.book).get(COMBINED, "[]"))
    return [Added(**entry) for entry in kept]


def table_of(columns: Sequence[CombinedColumn]) -> Incoming:
    """The combined customers as a sheet to be: headers in row 1."""
    return Incoming(
        CUSTOMERS,
        "",
        tuple((column.header, *map(_cell, column.values)) for column in columns),
        frozenset(at for at, column in enumerate(columns) if column.kind == "date"),
        1,
        len(columns[0].values),
        len(columns),
    )


def _cell(value: object) -> SheetValue:
    return float(value) if isinstance(value, int) else value  # type: ignore[return-value]
