"""The finishes: what xlwings has no method for, by need: Windows, Mac. A tab is right without any of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from mapseg_xl.hosts.live import finish_mac as mac
from mapseg_xl.hosts.live import finish_windows as windows

Step = tuple[Any, str, Any]
Finish = Callable[..., Iterator[Step]]

FINISH: dict[str, tuple[Finish, Finish]] = {
    "rows kept in view": (windows.frozen, mac.frozen),
    "tab colour": (windows.tab_colour, mac.tab_colour),
    "indent": (windows.indent, mac.indent),
    "unlocked cells": (windows.unlocked, mac.unlocked),
    "formula of several cells": (windows.several, mac.several),
    "message of an input cell": (windows.message, mac.message),
    "hidden name": (windows.hidden_name, mac.hidden_name),
    "very hidden sheet": (windows.very_hidden, mac.very_hidden),
    "filter arrows": (windows.filter_arrows, mac.filter_arrows),
    "print set-up": (windows.printed, mac.printed),
    "page breaks": (windows.page_breaks, mac.page_breaks),
    "line of a series": (windows.line, mac.line),
    "see-through dots": (windows.see_through, mac.see_through),
    "bar without fill": (windows.no_fill, mac.no_fill),
    "labels at marks": (windows.label, mac.label),
    "chart title": (windows.title, mac.title),
    "axis": (windows.axis, mac.axis),
    "gap between bars": (windows.bars, mac.bars),
    "plot area": (windows.plot_area, mac.plot_area),
    "chart frame": (windows.frame, mac.frame),
    "alternative text": (windows.alternative_text, mac.alternative_text),
}
WINDOWS, MAC = 0, 1
_ENGINES = {"xlwings._xlwindows": WINDOWS, "xlwings._xlmac": MAC}


def column_of(book: Any) -> int | None:
    """Which column of FINISH a workbook takes; None under any other engine, which has none of them."""
    return _ENGINES.get(type(book.impl).__module__)


class Finishing:
    """Carries out finishes, one run long: a need that fails is noted once and not tried again."""

    def __init__(self, column: int | None) -> None:
        self.column = column
        self.failed: dict[str, str] = {}
        self._read: set[tuple[str, str, int]] = set()

    def do(self, need: str, *things: Any, **said: Any) -> bool:
        """Whether the finish is in place."""
        if self.column is None or need in self.failed:
            return False
        try:
            seen: Counter[str] = Counter()  # one name may be a property of several objects
            for target, name, value in FINISH[need][self.column](*things, **said):
                self._put((need, name, seen[name]), target, value)
                seen[name] += 1
        except Exception as error:  # noqa: BLE001  # whatever Excel answers: noted for the doctor, never fatal
            self.note(need, str(error) or type(error).__name__)
            return False
        return True

    def note(self, what: str, why: str) -> None:
        """Keeps what could not be done, for the doctor."""
        self.failed[what] = f"{what}: {why}"

    def _put(self, which: tuple[str, str, int], target: Any, value: Any) -> None:
        """Sets a property, read before the first time: an unknown one is then an error, not an endless wait."""
        name, is_known = which[1], which in self._read
        if self.column == MAC:
            term = getattr(target, name)
            if not is_known:
                term.get()
            term.set(value)
        else:
            if not is_known:
                getattr(target, name)
            setattr(target, name, value)
        self._read.add(which)

    @property
    def unfinished(self) -> tuple[str, ...]:
        """What could not be done, a line each."""
        return tuple(self.failed.values())
