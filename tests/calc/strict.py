"""What Excel would refuse, or do in another way than expected, as an error that a test sees."""

from __future__ import annotations

from typing import Any, NoReturn


class ExcelRefuses(Exception):  # stands for pywin32's com_error, which is no AttributeError either
    """Excel would refuse this, or do something that surprises."""


class Native:
    """In the place of `.api`: there is no Excel object here. True, as xlwings asks; anything else is refused."""

    __slots__ = ("_what",)

    def __init__(self, what: str) -> None:
        object.__setattr__(self, "_what", what)

    def __getattr__(self, name: str) -> NoReturn:
        raise ExcelRefuses(
            f"{self._what}.api.{name}: no Excel here, only what xlwings itself offers"
        )

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise ExcelRefuses(
            f"{self._what}.api.{name}: no Excel here, only what xlwings itself offers"
        )

    def __call__(self, *_: Any) -> NoReturn:
        raise ExcelRefuses(f"{self._what}.api(...): no Excel here, only what xlwings itself offers")

    def __getitem__(self, item: object) -> NoReturn:
        raise ExcelRefuses(f"{self._what}.api[{item!r}]: no Excel here")
