"""Catches misspelt properties: `range.colour = ...` would silently do nothing, on Excel too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from xlwings import main

_WATCHED = (
    main.App, main.Book, main.Sheet, main.Range, main.Font, main.Border, main.Borders, main.Chart,
    main.ChartAxis, main.ChartSeries, main.ChartLegend, main.DataValidation, main.Name, main.Note,
    main.PageSetup, main.Table,
)  # fmt: skip
_OWN = {"impl", "parent", "sheet", "app", "macro"}


@contextmanager
def no_misspelt_properties() -> Iterator[None]:
    """While it lasts, setting what xlwings' objects do not have is an error."""

    def set_known(self: Any, name: str, value: Any) -> None:
        if not name.startswith("_") and name not in _OWN and not hasattr(type(self), name):
            raise AttributeError(f"xlwings' {type(self).__name__} has no {name}")
        object.__setattr__(self, name, value)

    patches = [mock.patch.object(kind, "__setattr__", set_known) for kind in _WATCHED]
    for patch in patches:
        patch.start()
    try:
        yield
    finally:
        for patch in patches:
            patch.stop()
