"""The buttons that bring files in: Add files, and Refresh, which reads them again."""

from __future__ import annotations

from mapseg_xl.errors import InputError
from mapseg_xl.excel.actions.added_files import bring, read_again
from mapseg_xl.excel.actions.bench import Bench
from mapseg_xl.excel.actions.combining import has_combined, write_customers
from mapseg_xl.excel.actions.desk import desk_of, work
from mapseg_xl.excel.actions.done import Done
from mapseg_xl.excel.actions.step_actions import everything
from mapseg_xl.report.parts.names import WHAT_CHANGED


def add_files(bench: Bench) -> Done:
    """One new sheet a table of each file."""
    if not bench.request.files:
        raise InputError("No file was chosen. Press Add files and choose your exports.")
    brought = bring(bench, bench.request.files)
    lines = [b.said for b in brought]
    return Done(
        brought[0].sheet,
        said="\n".join([*lines, "", "Next: press Confirm columns, or Run all."]),
    )


def refresh(bench: Bench) -> Done:
    """The added files read again, then every step. Decided segments and typed cells stay."""
    said = list(read_again(bench))
    if has_combined(bench):
        said += filter(None, [write_customers(bench)])
    desk = desk_of(bench)
    return everything(desk, work(desk), "\n".join(said), WHAT_CHANGED)
