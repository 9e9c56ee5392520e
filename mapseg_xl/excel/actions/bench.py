"""What an action works on: the workbook in front and the program around it, so that actions run without Excel too."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Protocol

from mapseg_xl.excel.actions.button_request import ButtonRequest


class Cancelled(Exception):  # a wish, not an error
    """The user wants to stop. Raised between steps only, never while cells are being written."""


class Bench(Protocol):
    """One press of a button. Only `excel/ribbon.py` makes one for Excel."""

    @property
    def request(self) -> ButtonRequest:
        """What VBA said: files, where to save, who decided."""

    @property
    def book(self) -> Any:
        """The workbook in front, as xlwings gives it; an InputError where none is open."""

    @property
    def today(self) -> date:
        """The day on this computer: decisions are dated with it, nothing else."""

    @property
    def folder(self) -> Path:
        """Where what belongs to no workbook may lie: the log, the copy of the sample."""

    def say(self, what: str, share: float) -> None:
        """Say in the status bar what is being done, and how much of it."""

    def wants_to_stop(self) -> bool:
        """Whether the user has asked to stop. True once for each time they ask."""

    def agree(self, question: str) -> bool:
        """Ask a question that is answered with yes or no."""

    def scratch(self) -> Any:
        """A new workbook to try things in; who asks for it closes it."""

    def open(self, path: Path) -> None:
        """Open a workbook file in front of the others."""


def progress(bench: Bench, what: str, share: float) -> None:
    """A resting place: says what comes next, or raises Cancelled where the user wants to stop."""
    if bench.wants_to_stop():
        raise Cancelled
    bench.say(what, share)
