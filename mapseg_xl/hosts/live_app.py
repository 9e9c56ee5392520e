"""Keeps Excel quiet while we write, and puts everything back: screen, events, calculation, sheet, selection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

_QUIET = {
    "screen_updating": False,
    "enable_events": False,
    "display_alerts": False,
    "calculation": "manual",
}


@contextmanager
def quiet(app: Any) -> Iterator[None]:
    """Screen updating, events, questions and calculation off; what they were before comes back, also after an error."""
    with ExitStack() as restored:
        for name, value in _QUIET.items():
            before = getattr(app, name)
            restored.callback(setattr, app, name, before)
            setattr(app, name, value)
        yield


@contextmanager
def looking_where_they_looked(book: Any) -> Iterator[None]:
    """The active sheet and the selected cells are those of before when all is done."""
    sheet = book.sheets.active
    selected = book.app.selection
    try:
        yield
    finally:
        with suppress(Exception):  # a sheet that was hidden meanwhile; the work itself is done
            sheet.activate()
            if selected is not None:
                selected.select()
