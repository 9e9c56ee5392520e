"""The live host: executes a Plan in a workbook that is open in Excel, through xlwings. Other sheets stay untouched.

Each tab is drawn rectangle by rectangle through xlwings' own methods, which exist on Windows and on Macs alike; what
they lack is a finish (`live_finish`). Bringing the file host's sheet over from a rendered file was weighed and left:
formulas between its tabs would point at that file, an old tab could take its formats only, by the clipboard, and a Mac
asks for leave to open it.
"""

from __future__ import annotations

import atexit
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from mapseg_xl.errors import InputError
from mapseg_xl.hosts.live import functions as live_functions
from mapseg_xl.hosts.live import memory as live_memory
from mapseg_xl.hosts.live import previous as live_previous
from mapseg_xl.hosts.live import sheets as live_sheets
from mapseg_xl.hosts.live import tabs as live_tabs
from mapseg_xl.hosts.live.app import from_1904, looking_where_they_looked, quiet
from mapseg_xl.hosts.live.finish import Finishing, column_of
from mapseg_xl.hosts.live.memory import WRITING, Snapshot
from mapseg_xl.hosts.live.run import LiveRun, Progress
from mapseg_xl.hosts.live.tabs import Work
from mapseg_xl.intake.tables import RawSheet
from mapseg_xl.report import memory
from mapseg_xl.report.identity import Previous
from mapseg_xl.report.memory import Remembered
from mapseg_xl.report.verbs import Plan, Sheet

__all__ = [
    "Undone",
    "Written",
    "from_1904",
    "memory_of",
    "previous_of",
    "remember",
    "sheets_of",
    "taken_names",
    "undo",
    "unhook",
    "write",
]

_PATIENCE = 20_000  # tries of a call that a busy Excel turns down; xlwings would try without end
_BUSY = frozenset(
    {-2147418111, -2147417846, -2146777998}
)  # call rejected, retry later, cell edited
_BUSY_SAYS = (
    "Excel is busy: finish typing in the cell, close open dialogs, and press the button again."
)


@dataclass(frozen=True, slots=True)
class Written:
    """What a run did: tabs drawn, tabs left as they stood, finishes that Excel would not take."""

    sheets: tuple[str, ...]
    kept: tuple[str, ...]
    unfinished: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Undone:
    """What was put back as it stood, what the run had added and is now out of sight, and what could not be put back."""

    put_back: tuple[str, ...]
    hidden: tuple[str, ...]
    lost: tuple[str, ...] = ()


def silent(_: str, __: float) -> None:
    """Report progress to nobody."""


def write(plan: Plan, book: Any, progress: Progress = silent) -> Written:
    """Draws the tabs of a plan that are not in the workbook as they would be drawn; keeps everybody else's sheets.

    Raises RefusedOutput where a sheet that is not ours has the name of a tab. Where anything else fails, or `progress`
    raises, our tabs are put back as they stood and the error goes on.
    """
    with _at_work(book):
        work = live_tabs.work_of(plan)
        run = LiveRun.on(book, Finishing(column_of(book)), from_1904=from_1904(book))
        live_tabs.refuse_strangers(book, work, run.known)
        changed = [tab for tab in work.tabs if not _stands(tab, run)]
        following = live_tabs.merged(run.known.remembered, work.remembered)
        if changed:
            _carry_out(run, work, following, changed, progress)
        functions = live_functions.define(book, plan.functions, run.known.functions, run.finishing)
        if changed or functions != run.known.functions or _is_news(run, following):
            records = {**run.known.tabs, **{t.name: live_tabs.record_of(t) for t in changed}}
            run.known = replace(run.known, functions=functions)
            run.end(following, records)
        kept = tuple(tab.name for tab in work.tabs if tab not in changed)
        lines = (*run.finishing.unfinished, *run.missing)
        return Written(tuple(tab.name for tab in changed), kept, lines)


def undo(book: Any, progress: Progress = silent) -> Undone | None:
    """Puts our tabs back as they stood before the last run; None where there is nothing to undo. Again: forth again."""
    with _at_work(book):
        run = LiveRun.on(book, Finishing(column_of(book)), from_1904=from_1904(book))
        before = run.known.before
        if before is None:
            return None
        now = None if run.known.state == WRITING else run.snapshot(tuple(before.tabs))
        with looking_where_they_looked(book):
            lost = _restore(run, before, now, progress)
        put_back = tuple(name for name, record in before.tabs.items() if record)
        hidden = tuple(n for n, record in before.tabs.items() if not record and n not in lost)
        return Undone(put_back, hidden, lost)


def previous_of(book: Any) -> Previous | None:
    """What the workbook holds of an earlier run and of people since; None where there was no run."""
    with _patient(book):
        return live_previous.previous_of(book)


def taken_names(book: Any) -> frozenset[str]:
    """Names of sheets that are not ours: no tab of ours may have one of them."""
    with _patient(book):
        return live_previous.taken_names(book)


def sheets_of(book: Any) -> tuple[RawSheet, ...]:
    """The sheets that are not ours, cell by cell as reading the saved file would give them."""
    with _patient(book):
        return live_sheets.sheets_of(book)


def memory_of(book: Any) -> Mapping[str, str]:
    """What runs have left to be remembered, by name; nothing in a workbook without any."""
    with _patient(book):
        known = live_memory.read(book)
    if known.state == WRITING and known.before:
        return memory.from_rows(known.before.rows).memory
    return known.remembered.memory


def remember(book: Any, key: str, text: str) -> None:
    """Leaves something to be remembered by a name of its own; the hidden sheet is made where there is none."""
    with _at_work(book):
        known = live_memory.read(book)
        kept = replace(known.remembered, memory={**known.remembered.memory, key: text})
        before = known.before
        if known.state == WRITING and before:
            rows = memory.from_rows(before.rows)
            kept_before = replace(rows, memory={**rows.memory, key: text})
            before = replace(before, rows=memory.rows_of(kept_before))
        known = replace(known, remembered=kept, before=before)
        live_memory.write(book, known, Finishing(column_of(book)))


def unhook(book: Any) -> None:
    """Takes away what xlwings does when Python ends: on Windows it kills every Excel that has no workbook window."""
    module = sys.modules.get(type(book.impl).__module__)
    hook = getattr(module, "cleanup", None)
    if hook is not None:
        atexit.unregister(hook)


def _stands(tab: Sheet, run: LiveRun) -> bool:
    return live_tabs.unchanged(tab, run.known.tabs.get(tab.name), run.opened)


def _is_news(run: LiveRun, following: Remembered) -> bool:
    """Whether a run leaves something else to be remembered."""
    return memory.rows_of(following) != memory.rows_of(run.known.remembered)


def _carry_out(
    run: LiveRun,
    work: Work,
    following: Remembered,
    changed: Sequence[Sheet],
    progress: Progress,
) -> None:
    """Draws tabs. All stand before any is drawn: the formulas of one name the others."""
    undone, book = run.known.before, run.book
    with looking_where_they_looked(book):
        before = run.snapshot([tab.name for tab in changed])
        run.begin(before, following, changed)
        try:
            new = live_tabs.add_missing(book, (*work.theirs, *work.tabs))
            run.draw_theirs([tab for tab in work.theirs if tab.name in new])
            run.draw(changed, progress)
        except BaseException:  # a wish to stop too
            half = LiveRun.on(book, run.finishing, from_1904=run.from_1904)
            _restore(half, before, undone, silent)
            raise


def _restore(
    run: LiveRun, before: Snapshot, undone: Snapshot | None, progress: Progress
) -> tuple[str, ...]:
    """Puts a snapshot back; `undone` is what a later undo would. The names of tabs that cannot come back."""
    lost = run.put_back(before, progress)
    records = live_tabs.records_after(run.known, before)
    run.known = replace(run.known, before=undone, functions=before.functions)
    run.end(memory.from_rows(before.rows), records)
    return lost


@contextmanager
def _at_work(book: Any) -> Iterator[None]:
    """Excel quiet while we write, and waited for with patience that ends."""
    with _patient(book), quiet(book.app):
        yield


@contextmanager
def _patient(book: Any) -> Iterator[None]:
    """Waiting for a busy Excel comes to an end, with one sentence; xlwings alone would wait for ever."""
    unhook(book)
    module = sys.modules.get(type(book.impl).__module__)
    before = getattr(module, "N_COM_ATTEMPTS", None)
    if before is not None:
        module.N_COM_ATTEMPTS = _PATIENCE  # type: ignore[union-attr]
    try:
        yield
    except Exception as error:
        if getattr(error, "hresult", None) in _BUSY or type(error).__name__ == "ExcelBusyError":
            raise InputError(_BUSY_SAYS) from error
        raise
    finally:
        if before is not None:
            module.N_COM_ATTEMPTS = before  # type: ignore[union-attr]
