"""What Excel calls: every cell function behind one name, `seg_...`, with ranges read once a calculation.

VBA hands over the function's own arguments, ranges unread, and last a number that it raises whenever cells may have
changed. An error that a function raises on purpose goes back as a marked text, of which VBA makes a true error value;
any other is a bug, keeps its traceback, and VBA shows #VALUE!. Importable anywhere; called on Windows only.
"""

from __future__ import annotations

import inspect
from collections import OrderedDict
from collections.abc import Callable
from decimal import Decimal
from functools import wraps
from typing import Any

import xlwings as xw
from xlwings.conversion import Accessor, Pipeline

from mapseg_xl.errors import MapsegError
from mapseg_xl.excel.answering.answers import BadArguments, marked
from mapseg_xl.excel.arguments.cells import Clipped
from mapseg_xl.excel.catalog import FUNCTIONS
from mapseg_xl.excel.cell_function import CellFunction

GENERATION = "generation"
SMALL_ROWS = 1_000  # longer ranges may reach far below the last used row
MOST_CELLS = 4_000_000  # rows kept of all ranges together: some 300 MB
_ERRORS = {  # error values as COM hands them over: integers, which no number of a cell is
    -2146826281: "#DIV/0!",
    -2146826246: "#N/A",
    -2146826259: "#NAME?",
    -2146826288: "#NULL!",
    -2146826252: "#NUM!",
    -2146826265: "#REF!",
    -2146826273: "#VALUE!",
    -2146826245: "#GETTING_DATA",
    -2146826243: "#SPILL!",
    -2146826242: "#CONNECT!",
    -2146826241: "#BLOCKED!",
    -2146826240: "#UNKNOWN!",
    -2146826239: "#FIELD!",
    -2146826238: "#CALC!",
}


class Unread(Accessor):
    """Hands a range over as it is, and what Excel worked out itself (array constants, expressions) as its values."""

    @classmethod
    def reader(cls, _: Any) -> Any:
        """The one step: nothing is read."""
        return Pipeline([_hand_over])


def _hand_over(context: Any) -> None:
    if context.range is not None:
        context.value = context.range


class Ranges:
    """Each range read once a generation, and the same lists given to every cell that asks for it."""

    def __init__(self, most_cells: int = MOST_CELLS) -> None:
        self._most_cells = most_cells
        self._kept: OrderedDict[tuple[Any, ...], Any] = OrderedDict()

    def read(self, argument: Any, generation: Any) -> Any:
        """The cells of a range, or the argument itself where it is none. Without a generation nothing is kept."""
        if not _is_range(argument):
            return _cleaned(argument)
        if generation is None:
            return _cells(argument)
        sheet = argument.sheet
        # by name, of which Excel opens no two: the path of a workbook in OneDrive would be searched for on disk
        key = (sheet.book.name, sheet.name, argument.address, generation)
        if key not in self._kept:
            self._kept[key] = _cells(argument)
            self._drop_oldest()
        self._kept.move_to_end(key)
        return self._kept[key]

    def _drop_oldest(self) -> None:
        while len(self._kept) > 1 and sum(map(_size, self._kept.values())) > self._most_cells:
            self._kept.popitem(last=False)


def _size(cells: Any) -> int:
    """Rows are enough to tell large ranges from small ones."""
    return len(cells) if isinstance(cells, list) else 1


RANGES = Ranges()


def _is_range(argument: Any) -> bool:
    return hasattr(type(argument), "raw_value")  # of the class: asking the range would read it


def _cells(asked: Any) -> Any:
    """The range's cells as rows; a long one only as far as its sheet is used."""
    if "," in asked.address:
        raise BadArguments(f"{asked.address}: give one range, not several put together.")
    rows = asked.shape[0]
    used = asked
    if rows > SMALL_ROWS:
        last = asked.sheet.used_range.last_cell.row - asked.row + 1
        used = asked.resize(max(1, min(rows, last)), asked.shape[1])
    cells = _cleaned(used.raw_value)
    if not isinstance(cells, list):
        return cells
    return Clipped(cells, rows, headed=_begins_with_header(asked))


def _begins_with_header(asked: Any) -> bool:
    """Whether the range begins with the header row of an Excel table."""
    table = asked.table
    if table is None or not table.show_headers:
        return False
    return bool(table.header_row_range.row == asked.row)


def _cleaned(raw: Any) -> Any:
    """Values as COM hands them over, as lists of rows with numbers as floats and errors as text; one cell as itself."""
    if not isinstance(raw, list | tuple):
        return _plain(raw)
    rows = raw if raw and isinstance(raw[0], list | tuple) else [raw]
    if any(type(value) in (int, Decimal) for row in rows for value in row):
        return [[_plain(value) for value in row] for row in rows]
    return [list(row) for row in rows]


def _plain(value: Any) -> Any:
    if type(value) is int:
        return _ERRORS.get(value, value)
    return float(value) if type(value) is Decimal else value  # a cell shown as money


def wrapped(entry: CellFunction) -> Callable[..., Any]:
    """The cell function as Excel calls it: its own arguments, then the generation."""

    @wraps(entry.function)
    def call(*given: Any) -> Any:
        *arguments, generation = given
        try:
            return _for_com(entry.function(*(RANGES.read(a, generation) for a in arguments)))
        except MapsegError as error:
            return marked(error)

    return _declared(call, entry)


def _for_com(answer: Any) -> Any:
    """The answer with whole numbers beyond 32 bits as the decimals that cells hold: Excel takes no longer ones."""
    if isinstance(answer, list | tuple):
        return [_for_com(part) for part in answer]
    return float(answer) if type(answer) is int and abs(answer) >= 2**31 else answer


def _declared(call: Callable[..., Any], entry: CellFunction) -> Callable[..., Any]:
    """The call with the arguments that xlwings reads off a function: positional ones, each handed over unread."""
    plain = inspect.Parameter.POSITIONAL_OR_KEYWORD
    names = [*(argument.name for argument in entry.arguments), GENERATION]
    parameters = [inspect.Parameter(name, plain, default=None) for name in names]
    call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    call.__annotations__ = {}
    found = call
    for name in names[:-1]:
        found = xw.arg(name, Unread)(found)
    called: Callable[..., Any] = xw.func(found)
    return called


globals().update({entry.python_name: wrapped(entry) for entry in FUNCTIONS})
