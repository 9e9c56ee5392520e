"""IronCalc for tests: recalculates workbooks with named LAMBDAs, which LibreOffice 7.4 does not know."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from mapseg_xl.hosts import file
from mapseg_xl.report.verbs import NamedFunction, Plan, Sheet

_RESULT = 200  # column of the asking cell: far right of every input
_MOST_ROWS, _MOST_COLUMNS = 60, 12
_ERRORS = (
    "#N/A",
    "#VALUE!",
    "#DIV/0!",
    "#NAME?",
    "#NUM!",
    "#REF!",
    "#CALC!",
    "#ERROR!",
    "#N/IMPL!",
)


class Calculator:
    """A workbook of our file host that carries named functions, opened in IronCalc."""

    def __init__(self, functions: tuple[NamedFunction, ...], folder: Any) -> None:
        engine = pytest.importorskip(
            "ironcalc", reason="IronCalc is not installed: run `make test`"
        )
        plan = Plan(
            (Sheet("Sheet1", "", "visible", ()),),
            "t",
            "t",
            datetime(2000, 1, 1),  # noqa: DTZ001  # file properties carry no zone
            functions=functions,
        )
        path = folder / "functions.xlsx"
        path.write_bytes(file.to_bytes(plan))
        self.model = engine.load_from_xlsx(str(path), "en", "UTC", "en")
        self.next_column = 1

    def ask(self, name: str, *arguments: Any) -> Any:
        """What a cell shows that calls the function on these arguments, each written into cells of its own."""
        places = [self._written(argument) for argument in arguments]
        return self.ask_formula(f"{name}({','.join(places)})")

    def ask_formula(self, formula: str) -> Any:
        """What a cell with this formula shows, and what spills from it; then the sheet is emptied."""
        self.model.set_user_input(0, 1, _RESULT, f"={formula}")
        self.model.evaluate()
        shown = self._spilled()
        self.model.range_clear_all(0, 1, 1, 80, _RESULT + _MOST_COLUMNS)
        self.next_column = 1
        return shown

    def _written(self, argument: Any) -> str:
        rows = _rows(argument)
        for at, row in enumerate(rows, start=1):
            for beside, value in enumerate(row):
                self._put(at, self.next_column + beside, value)
        first, last = _letters(self.next_column), _letters(self.next_column + len(rows[0]) - 1)
        self.next_column += len(rows[0])
        return f"{first}1" if len(rows) == len(rows[0]) == 1 else f"{first}1:{last}{len(rows)}"

    def _put(self, row: int, column: int, value: Any) -> None:
        if value is None:
            return
        if isinstance(value, bool):
            self.model.update_cell_with_bool(0, row, column, value)
        elif isinstance(value, int | float):
            self.model.update_cell_with_number(0, row, column, float(value))
        else:
            self.model.update_cell_with_text(0, row, column, str(value))

    def _spilled(self) -> Any:
        cells = [
            [self._shown(row, _RESULT + beside) for beside in range(_MOST_COLUMNS)]
            for row in range(1, _MOST_ROWS)
        ]
        kept = [row for row in cells if any(cell is not None for cell in row)]
        if len(kept) <= 1 and not any(cell is not None for cell in (kept or [[]])[0][1:]):
            return kept[0][0] if kept else None
        width = max(at for row in kept for at, cell in enumerate(row) if cell is not None) + 1
        return [row[:width] for row in kept]

    def _shown(self, row: int, column: int) -> Any:
        return self.model.get_cell_value(0, row, column)


def is_error(shown: Any) -> bool:
    """Whether a cell shows an error value."""
    return isinstance(shown, str) and shown in _ERRORS


def _rows(argument: Any) -> list[list[Any]]:
    if not isinstance(argument, list):
        return [[argument]]
    return [row if isinstance(row, list) else [row] for row in argument]


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
