"""The errors a user can mend. A bug is none of these and keeps its traceback."""

from __future__ import annotations


class MapsegError(Exception):
    """Base of every error whose message is meant for the person at the workbook."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class InputError(MapsegError, ValueError):
    """The input cannot be used as it is; the message names sheet, cell, value and what to do."""


class MissingColumn(InputError, KeyError):
    """A column or a role that a step needs is not there."""


class BadCells(InputError):
    """Cells that stop the run; all of them collected in one pass."""

    def __init__(self, message: str, cells: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.cells = cells


class UnclearSheets(InputError):
    """Several sheets could each be the customers, and only the user knows which is."""

    def __init__(self, message: str, sheets: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.sheets = sheets


class BothWays(InputError):
    """A key stands in several rows of two tables, and only the user knows whether their rows are one customer."""

    def __init__(self, message: str, found: str = "") -> None:
        super().__init__(message)
        self.found = found  # which rows say what, without what to do


class TooFewRows(InputError):
    """A sheet without data rows, or a base too small for what was asked."""


class UnknownMetric(InputError, KeyError):
    """A metric id that the catalogue does not have."""


class UnknownSegment(InputError, KeyError):
    """A segment, attribute or value that the customers do not have."""


class RefusedOutput(MapsegError, FileExistsError):
    """The output would overwrite something that is not ours, or is open elsewhere."""
