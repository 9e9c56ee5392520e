"""The named functions that an open workbook carries. An Excel that has no LAMBDA refuses them: noted, never fatal."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from mapseg_xl.hosts.live_entries import define as define_name
from mapseg_xl.hosts.live_finish import Finishing
from mapseg_xl.report.verbs import NamedFunction


def define(
    book: Any, functions: Sequence[NamedFunction], known: Sequence[str], finishing: Finishing
) -> tuple[str, ...]:
    """Defines what is new or has changed; the prints of all functions of ours that the workbook then carries.

    A name that somebody else gave stays as it is.
    """
    carried = {entry.partition(":")[0]: entry for entry in known}
    for function in functions:
        entry = print_of(function)
        if carried.get(function.name) == entry:
            continue
        there = function.name in book.names
        if there and function.name not in carried:
            finishing.note(f"function {function.name}", "the workbook has a name like this already")
            continue
        try:
            define_name(book, function.name, "=" + function.formula, exists=there)
        except Exception as error:  # noqa: BLE001  # no LAMBDA here: the tabs do without
            finishing.note("named functions", f"this Excel does not take them ({error})")
            break
        carried[function.name] = entry
    return tuple(sorted(carried.values()))


def print_of(function: NamedFunction) -> str:
    """A function's name and a print of its formula."""
    return f"{function.name}:{sha256(function.formula.encode()).hexdigest()[:8]}"
