"""The ribbon over LibreOffice Calc: buttons pressed as VBA presses them, sheets looked at as a person would."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mapseg_xl.excel import ribbon
from mapseg_xl.excel.actions.button_request import decoded, encoded
from mapseg_xl.hosts.live import host as live

HOST = "mapseg.xlam"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a press ended: the message of the box, whether there is something to undo, the tab in front."""

    message: str
    undo: bool
    tab: str


class Ribbon:
    """Presses buttons on the workbook in front. `said`: everything the status bar said."""

    def __init__(self, app: Any, stop: Path) -> None:
        self.app, self._stop = app, stop
        self.said: list[str] = []
        self._ended: list[str] = []
        app.impl.macros[f"'{HOST}'!MapsegProgress"] = lambda text: self.said.append(decoded(text))
        app.impl.macros[f"'{HOST}'!MapsegFinished"] = self._ended.append

    def press(self, button: str, **said: str) -> Ended:
        """Presses a button; `said` is what VBA adds (SAVE, NAMES, FILE)."""
        book = self.app.books.active.name if len(self.app.books) else ""
        lines = {"BOOK": book, "HOST": HOST, "STOP": str(self._stop), **said}
        self._ended.clear()
        ribbon.press(button, encoded("".join(f"{key}={value}\n" for key, value in lines.items())))
        (answer,) = self._ended  # VBA is told exactly once
        pairs = [line.partition("=") for line in decoded(answer).split("\n") if line]
        words = {key: value.replace("\r", "\n") for key, _, value in pairs}
        front = self.app.books.active.sheets.active.name if len(self.app.books) else ""
        return Ended(words.get("MESSAGE", ""), words.get("UNDO") == "1", front)


def places(book: Any) -> dict[tuple[str, str, str, str], Any]:
    """Every input cell of a workbook by what it is."""
    found = {}
    for key, place in live.previous_of(book).places.items():
        sheet, _, address = place.rpartition("!")
        found[key] = book.sheets[sheet].range(address)
    return found


def held(sheet: Any) -> tuple[Any, ...]:
    """All that a person sees on a sheet: values, formulas, formats and sizes of its cells."""
    last = sheet.used_range.last_cell
    whole = sheet.range((1, 1), (last.row, last.column))
    formats = [sheet.range((row, last.column)).number_format for row in range(1, min(last.row, 40))]
    widths = [sheet.range((1, at + 1)).width for at in range(last.column)]
    first = [sheet.range((1, at + 1)) for at in range(last.column)]
    looks = [(cell.color, cell.font.bold, cell.font.name) for cell in first]
    return whole.raw_value, whole.formula, formats, widths, looks


def texts(sheet: Any) -> list[list[Any]]:
    """The values of a sheet, errors by their name."""
    last = sheet.used_range.last_cell
    whole = sheet.range((1, 1), (last.row, last.column)).options(ndim=2, err_to_str=True)
    return whole.value
