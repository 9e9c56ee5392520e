"""The cell functions in words: as `mapseg functions` prints them, and as docs/functions.md."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from itertools import groupby

from mapseg_xl.excel.cell_function import CellFunction
from mapseg_xl.report.named_functions.carried import CARRIED_NAMES

WIDTH = 100


def printed(functions: Sequence[CellFunction]) -> str:
    """Every function with its arguments, help and an example, for a terminal."""
    return "\n\n".join("\n".join(_printed(entry)) for entry in functions)


def _printed(entry: CellFunction) -> Iterable[str]:
    yield _filled(entry.usage, "    ")
    yield _filled(entry.help, "    ", "    ")
    for argument in entry.arguments:
        name = f"[{argument.name}]" if argument.optional else argument.name
        yield _filled(f"{name}: {argument.help}", "          ", "      ")
    yield _filled(entry.example, "    ", "    ")


def _filled(text: str, later: str, first: str = "") -> str:
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=later,
        break_long_words=False,
        break_on_hyphens=False,
    )


def grouped(functions: Sequence[CellFunction]) -> dict[str, list[CellFunction]]:
    """The functions by group, groups in the order in which they first come."""
    order = list(dict.fromkeys(f.group for f in functions))
    ranked = sorted(functions, key=lambda f: order.index(f.group))
    return {group: list(of) for group, of in groupby(ranked, key=lambda f: f.group)}


def page(functions: Sequence[CellFunction]) -> str:
    """The page of all functions in Markdown: a table of contents, then an entry each."""
    lines = ["| group | functions |", "|---|---|"]
    groups = grouped(functions)
    for group, of in groups.items():
        links = ", ".join(f"[{f.name}](#{f.name.lower()})" for f in of)
        lines.append(f"| {group} | {links} |")
    for group, of in groups.items():
        lines += ["", f"## {group}"]
        for entry in of:
            lines += ["", *_entry(entry)]
    return "\n".join(lines) + "\n"


def _entry(entry: CellFunction) -> Iterable[str]:
    yield f"### {entry.name}"
    yield ""
    yield f"`{entry.usage}`{'' if entry.name in CARRIED_NAMES else ' · *Windows*'}"
    yield ""
    yield _escaped(entry.help)
    yield ""
    yield "| argument | what to give |"
    yield "|---|---|"
    for argument in entry.arguments:
        optional = " (optional)" if argument.optional else ""
        yield f"| `{argument.name}`{optional} | {_escaped(argument.help)} |"
    yield ""
    yield f"`{entry.example}`"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
