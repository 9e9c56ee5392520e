"""Charts, from blocks of cells, as xlwings draws them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from tests.calc.strict import Native

if TYPE_CHECKING:
    from tests.calc.sheets import Sheet


class Charts(base_classes.Charts):
    """The charts of a sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.parent = sheet

    @property
    def api(self) -> Native:
        return Native("charts")

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __contains__(self, key: str) -> bool:
        return False
