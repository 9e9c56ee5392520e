"""The named functions that an open workbook carries. What an Excel refuses is noted, never fatal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from mapseg_xl.hosts.live.entries import define as define_name
from mapseg_xl.hosts.live.finish import Finishing
from mapseg_xl.report.verbs import NamedFunction

SUBJECT = "named functions"
"""How the lines begin that say what an Excel refused."""


def define(
    book: Any, functions: Sequence[NamedFunction], known: Sequence[str], finishing: Finishing
) -> tuple[str, ...]:
    """Defines what is new or has changed; the prints of all functions of ours that the workbook then carries.

    A name that somebody else gave stays as it is.
    """
    carried = {entry.partition(":")[0]: entry for entry in known}
    refused: dict[str, str] = {}
    tried = 0
    for function in functions:
        entry = print_of(function)
        if carried.get(function.name) == entry:
            continue
        there = function.name in book.names
        if there and function.name not in carried:
            finishing.note(f"function {function.name}", "the workbook has a name like this already")
            continue
        tried += 1
        try:
            define_name(book, function.name, "=" + function.formula, exists=there)
        except Exception as error:  # noqa: BLE001  # no LAMBDA here, or too long for it: the tabs do without
            refused[function.name] = str(error) or type(error).__name__
        else:
            carried[function.name] = entry
    _note(refused, tried, finishing)
    return tuple(sorted(carried.values()))


def _note(refused: Mapping[str, str], tried: int, finishing: Finishing) -> None:
    """Each function that Excel refused; one line where it takes none."""
    if refused and len(refused) == tried:
        first = next(iter(refused.values()))
        finishing.note(SUBJECT, f"this Excel does not take them ({first})")
        return
    for name, why in refused.items():
        finishing.note(f"{SUBJECT}, {name}", f"this Excel does not take it ({why})")


def print_of(function: NamedFunction) -> str:
    """A function's name and a print of its formula."""
    return f"{function.name}:{sha256(function.formula.encode()).hexdigest()[:8]}"
