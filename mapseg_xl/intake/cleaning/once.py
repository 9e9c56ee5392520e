"""What was worked out of a column is kept for as long as the column lives, so that nothing is worked out twice.

Columns are never changed once they are read, so that what is kept stays true.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from mapseg_xl.intake.tables import Array

Made = TypeVar("Made")
_FEWEST = 1_000  # cells; shorter columns are read again sooner than looked up

_held: dict[tuple[int, Hashable], tuple[weakref.ref[Array], Any]] = {}


def once(column: Array, what: Hashable, make: Callable[[], Made]) -> Made:
    """What `make` gives for this very column; made at the first call alone. It must not hold the column itself."""
    if len(column) < _FEWEST:
        return make()
    key = (id(column), what)
    known = _held.get(key)
    if known is not None and known[0]() is column:
        return known[1]  # type: ignore[no-any-return]
    made = make()
    _held[key] = (weakref.ref(column, lambda _: _held.pop(key, None)), made)
    return made
