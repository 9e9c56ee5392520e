"""Keeps Excel quiet while we write, and puts everything back: screen, events, calculation, sheet, selection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

from mapseg_xl.hosts.live.finish import MAC, WINDOWS, column_of

_QUIET = {
    "screen_updating": False,
    "enable_events": False,
    "display_alerts": False,
    "calculation": "manual",
}


_USUAL = dict.fromkeys(_QUIET, True) | {"calculation": "automatic"}


@contextmanager
def quiet(app: Any) -> Iterator[None]:
    """Screen updating, events, questions and calculation off; what they were before comes back, also after an error.

    Found off all together, they were left so by a run that was killed: then everything is switched on at the end.
    """
    before = {name: getattr(app, name) for name in _QUIET}
    with ExitStack() as restored:
        for name, value in (_USUAL if before == _QUIET else before).items():
            restored.callback(setattr, app, name, value)
            setattr(app, name, _QUIET[name])
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


def from_1904(book: Any) -> bool:
    """Whether the workbook counts days from 1904; under an engine that cannot tell, it does not."""
    column = column_of(book)
    if column == WINDOWS:
        return bool(book.api.Date1904)
    return bool(book.api.date_1904.get()) if column == MAC else False
