"""Which sheets of a workbook are tabs that we wrote: they hold results, never data. Told by our own hidden sheet."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

OUR_SHEET = "_mapseg"
_WRITTEN, _MORE = "written", "+written"  # its keys of the cells that we wrote, a sheet each


def our_tabs(rows: Iterable[Sequence[object]]) -> frozenset[str]:
    """The names of our tabs, by the rows of key and value of the hidden sheet; none where it is not as we write it.

    >>> our_tabs([("key", "value"), ("written", '["Volume",[[0,1,0,11]]]')])
    frozenset({'Volume'})
    """
    records: list[str] = []
    for key, value in (tuple(row[:2]) for row in rows if len(row) >= 2):
        text = str(value).removeprefix("'")
        if key == _WRITTEN:
            records.append(text)
        elif key == _MORE and records:
            records[-1] += text
    names = set()
    for record in records:
        try:
            name, _ = json.loads(record)
        except ValueError:  # somebody wrote in it
            continue
        names.add(str(name))
    return frozenset(names)
