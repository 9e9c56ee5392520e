"""Reads what people typed into an input cell. What cannot be read is kept as it stands, and flagged."""

from __future__ import annotations

import math
import re

from mapseg_xl.report.layout.entries import expectation
from mapseg_xl.report.spec import Cell, Input, Scalar

_NUMBER = re.compile(r"[-−+]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?", re.ASCII)
_WORDS = ("text", "choice")


def understood(typed: Scalar, entry: Input) -> tuple[Scalar, str]:
    """The value for an input's kind, and what is wrong with it, "" if nothing.

    Numbers typed as text are read (`25%`, `1,200`, `$ 30`); anything else comes back unchanged with the reason.

    >>> understood("25%", Input(0.1, "share", low=0, high=1))
    (0.25, '')
    >>> understood("lots", Input(0.1, "share", low=0, high=1))
    ('lots', "'lots' cannot be used here.")
    """
    wrong = f"'{typed}' cannot be used here."
    if typed is None:
        return None, ""
    if entry.kind in _WORDS:
        text = str(typed)
        listed = not entry.choices or text in entry.choices
        return text, "" if listed else wrong
    number = _number(typed)
    if number is None:
        return typed, wrong
    low = -math.inf if entry.low is None else entry.low
    high = math.inf if entry.high is None else entry.high
    return number, "" if low <= number <= high else wrong


def filled(entry: Input, typed: Scalar) -> Cell:
    """The input with what was typed; in orange, its message saying why, where that cannot be used."""
    value, wrong = understood(typed, entry)
    if not wrong:
        return Cell(Input(value, entry.kind, entry.message, entry.low, entry.high, entry.choices))
    message = " ".join(part for part in (wrong, entry.message or expectation(entry)) if part)
    flagged = Input(value, entry.kind, message, entry.low, entry.high, entry.choices)
    return Cell(flagged, look="worse")


def _number(typed: Scalar) -> float | int | None:
    if isinstance(typed, bool) or not isinstance(typed, int | float | str):
        return None
    if not isinstance(typed, str):
        return typed if math.isfinite(typed) else None
    text = "".join(typed.split()).strip("$€£")
    share = text.endswith("%")
    text = text.removesuffix("%")
    if not _NUMBER.fullmatch(text) or not any(c.isdigit() for c in text):
        return None
    number = float(text.replace(",", "").replace("−", "-"))
    return number / 100 if share else number
