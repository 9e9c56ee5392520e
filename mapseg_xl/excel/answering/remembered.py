"""What was worked out of columns, kept as long as the same columns are asked about. Hundreds of cells ask about one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

T = TypeVar("T")
MOST_CELLS = 6_000_000  # rows of all columns held on to
SAMPLED = 64  # cells looked at again to see that a list has not been changed under way


class Remembered(Generic[T]):
    """A small store by the identity of columns. It holds on to the columns, so that no other can take their place.

    Columns are values: one that is changed in place is noticed by its length and by 64 of its cells only.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, tuple[tuple[Any, ...], Any, T]] = OrderedDict()

    def get(self, columns: tuple[Any, ...], options: Hashable, make: Callable[[], T]) -> T:
        """What `make` gave for these very columns and options, made now if it was not before."""
        key = (tuple(map(id, columns)), options)
        looks = [_look(column) for column in columns]
        known = self._kept.get(key)
        if known is not None and known[1] == looks:
            self._kept.move_to_end(key)
            return known[2]
        made = make()
        self._kept[key] = (columns, looks, made)
        self._kept.move_to_end(key)
        while len(self._kept) > 1 and self._is_full():
            self._kept.popitem(last=False)
        return made

    def _is_full(self) -> bool:
        if len(self._kept) > self._most:
            return True
        held = {id(c): len(c) for columns, _, _ in self._kept.values() for c in columns if _long(c)}
        return sum(held.values()) > MOST_CELLS

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()


def _long(column: Any) -> bool:
    return isinstance(column, list | tuple)


def _look(column: Any) -> Any:
    """Length and some cells of a list, spread over it; tuples and single cells cannot change."""
    if not isinstance(column, list):
        return None
    seen = [*column[:: max(1, len(column) // SAMPLED)], *column[-1:]]
    return len(column), [cell[:] if isinstance(cell, list) else cell for cell in seen]
