"""From a press to its answer: runs the action, shows its tab, and turns what went wrong into one plain message."""

from __future__ import annotations

import re
import traceback
from collections.abc import Collection
from pathlib import Path

from mapseg_xl import __version__
from mapseg_xl.errors import BadCells, MapsegError
from mapseg_xl.excel.actions.bench import Bench, Cancelled
from mapseg_xl.excel.actions.button_request import Answer
from mapseg_xl.excel.actions.by_button import ACTIONS
from mapseg_xl.report.in_excel import in_excel

LOG = "mapseg.log"
_LARGEST_LOG = 1_000_000  # bytes; a longer one is begun anew
_CELL = re.compile(r"\$?[A-Z]{1,3}\$?[1-9]\d{0,6}")
_STOPPED = "Stopped. Nothing was written."


def answer(action: str, bench: Bench) -> Answer:
    """Does what a button is for. Never raises: whatever happens, the user is told."""
    try:
        done = ACTIONS[action](bench)
        if done.tab:
            show(bench, done.tab, done.cell)
    except Cancelled:
        return Answer(_STOPPED)
    except MapsegError as problem:
        message = in_excel(str(problem))
        _show_place(bench, problem, message)
        return Answer(message)
    except Exception as bug:  # noqa: BLE001  # one of the three places where errors end
        return Answer(logged(bench.folder, action, bug))
    return Answer(done.said, done.undo)


def show(bench: Bench, sheet: str, cell: str) -> None:
    """Brings a sheet to the front, with a cell of it selected; a hidden one stays hidden, as after Undo last run."""
    found = {s.name.casefold(): s for s in bench.book.sheets}.get(sheet.casefold())
    if found is not None and found.visible in (True, -1):
        found.activate()
        found.range(cell).select()


def _show_place(bench: Bench, problem: MapsegError, message: str) -> None:
    """Selects the cell that a message names, where it names one of this workbook."""
    try:
        sheets = [sheet.name for sheet in bench.book.sheets]
    except MapsegError:  # no workbook: the message itself says so
        return
    cells = problem.cells if isinstance(problem, BadCells) else ()
    place = place_in(message, sheets, cells)
    if place is not None:
        show(bench, *place)


def place_in(
    message: str, sheets: Collection[str], cells: Collection[str] = ()
) -> tuple[str, str] | None:
    """The first sheet that a message names, and the cell on it; None where it names no sheet.

    >>> place_in("Customers column C: 3 dates cannot be read: C17 'x'.", ["Orders", "Customers"])
    ('Customers', 'C17')
    >>> place_in("Settings!C12: 'often' cannot be used.", ["Settings"], ["Settings!C12"])
    ('Settings', 'C12')
    """
    named = [(message.find(name), -len(name), name) for name in sheets if name in message]
    if not named:
        return None
    at, _, sheet = min(named)
    rest = message[at + len(sheet) :]
    known = [cell.rpartition("!")[2].partition(":")[0] for cell in cells]
    found = re.search(f"(?<![A-Za-z0-9_]){_CELL.pattern}(?![A-Za-z0-9_(])", rest)
    return sheet, next((c for c in known if c), found[0].replace("$", "") if found else "A1")


def logged(folder: Path, action: str, bug: Exception) -> str:
    """Writes down what happened and says where it lies, or all of it where it cannot be written."""
    lines = "".join(traceback.format_exception(bug))
    what = f"Something went wrong inside mapseg ({type(bug).__name__}). Your own sheets were not changed."
    path = folder / LOG
    try:
        folder.mkdir(parents=True, exist_ok=True)
        grown = path.exists() and path.stat().st_size > _LARGEST_LOG
        with path.open("w" if grown else "a", encoding="utf-8") as log:
            log.write(f"mapseg {__version__}, {action}\n{lines}\n")
    except OSError:
        return f"{what} Please send this to who looks after the add-in:\n\n{lines[-1500:]}"
    return f"{what} What happened is written down in {path}: send it to who looks after the add-in."
