"""What a cell function answers in Python, errors included, beside what a sheet shows."""

from __future__ import annotations

import math
from typing import Any

from mapseg_xl.errors import MapsegError
from mapseg_xl.excel import functions
from mapseg_xl.excel.answering.answers import CellError


def in_python(name: str, arguments: Any) -> Any:
    """The answer of `seg_<name>`, or the error value that Excel would show."""
    try:
        return getattr(functions, f"seg_{name.lower()}")(*arguments)
    except CellError as error:
        return error.shown
    except MapsegError:
        return "#VALUE!"


def assert_same(ours: Any, theirs: Any) -> None:
    """Both are the same cells: texts alike, numbers to nine digits, an empty text as an empty cell."""
    one, other = flat(ours), flat(theirs)
    assert len(one) == len(other)
    for mine, shown in zip(one, other, strict=True):
        if isinstance(mine, str) or isinstance(shown, str):
            assert mine == shown
        else:
            assert math.isclose(mine, shown, rel_tol=1e-9, abs_tol=1e-12)


def flat(shown: Any) -> list[Any]:
    """The cells one after the other."""
    if not isinstance(shown, list):
        return ["" if shown is None else shown]
    return [cell for row in shown for cell in flat(row)]
