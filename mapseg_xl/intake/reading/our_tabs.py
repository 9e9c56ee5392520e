"""Which sheets of a workbook are ours, or no customers by what the team said: they hold results, never data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

OUR_SHEET = "_mapseg"
_WRITTEN = "written"  # its keys: cells that we wrote, a sheet each
_SET_ASIDE = "set aside"  # a tab of ours that people made theirs: results all the same
_COPIES, _LEFT = (
    "memory combined sheet",
    "memory sheets left out",
)  # what the ribbon made and was told
_NAME = re.compile(rb"<(?:\w{1,60}:)?definedName\s([^<>]*+)>")
_LOCAL = re.compile(rb"\slocalSheetId\s*+=\s*+[\"'](\d{1,6})[\"']")
_TAB_NAME = re.compile(rb"(?:^|\s)name\s*+=\s*+[\"']_mapseg\.tab[\"']", re.IGNORECASE)


def our_tabs(rows: Iterable[Sequence[object]]) -> frozenset[str]:
    """The names of sheets that hold no data, by the rows of key and value of the hidden sheet.

    Tabs that we wrote, the copy that Combine made, and sheets that are not the customers, as the team has said. None
    where the hidden sheet is not as we write it.

    >>> our_tabs([("key", "value"), ("written", '["Volume",[[0,1,0,11]]]')])
    frozenset({'Volume'})
    """
    names: set[str] = set()
    for key, text in _records(rows):
        try:
            names.update(_sheets(key, json.loads(text)))
        except (ValueError, TypeError, LookupError):  # somebody wrote in it
            continue
    return frozenset(names)


def _records(rows: Iterable[Sequence[object]]) -> Iterable[tuple[str, str]]:
    """Keys and values of those that we ask for; a long value goes on in rows whose key has a plus sign."""
    found: list[tuple[str, str]] = []
    for key, value in (tuple(row[:2]) for row in rows if len(row) >= 2):
        text = str(value).removeprefix("'")
        if key in (_WRITTEN, _SET_ASIDE, _COPIES, _LEFT):
            found.append((str(key), text))
        elif found and key == f"+{found[-1][0]}":
            found[-1] = found[-1][0], found[-1][1] + text
    return found


def _sheets(key: str, value: Sequence[object]) -> list[str]:
    if key == _WRITTEN:
        return [str(value[0])]
    if key == _COPIES:
        return [str(made["sheet"]) for made in value if isinstance(made, dict)]
    return [str(name) for name in value]


def marked_tabs(book: bytes, sheets: Sequence[str]) -> frozenset[str]:
    """The sheets that a hidden name of ours marks, whatever people call them now.

    `book`: the workbook part; `sheets`: the names of its sheets in their order.

    >>> marked_tabs(b'<definedName name="_mapseg.tab" localSheetId="1">"Volume"</definedName>', ["CRM", "Who"])
    frozenset({'Who'})
    """
    names = (found[1] for found in _NAME.finditer(book))
    local = (_LOCAL.search(b" " + name) for name in names if _TAB_NAME.search(name))
    return frozenset(sheets[int(at[1])] for at in local if at and int(at[1]) < len(sheets))
