"""Why a cell function gives no number, and how that travels to Excel: as a marked text that becomes a true error."""

from __future__ import annotations

from mapseg_xl.errors import MapsegError

ERROR_MARK = "\u0001mapseg:"
"""Begins the text that stands for an Excel error value on its way to VBA: the mark, then the error's name."""


class CellError(MapsegError):
    """A cell function cannot answer with a number; the sentence says why and what to do."""

    shown = "#VALUE!"  # in the cell


class BadArguments(CellError, ValueError):
    """The arguments cannot be used: #VALUE! in the cell."""


class NotAvailable(CellError, LookupError):
    """The arguments are right, but there is no number for them: #N/A in the cell."""

    shown = "#N/A"


def marked(error: MapsegError) -> str:
    r"""The text that VBA turns into a true error value.

    >>> marked(NotAvailable("Nobody has left yet."))
    '\x01mapseg:#N/A'
    """
    return ERROR_MARK + (error.shown if isinstance(error, CellError) else BadArguments.shown)
