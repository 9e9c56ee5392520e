"""How an action ended: which tab to show, what to say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Done:
    """`said` is shown in a box; most actions say nothing, for their tab does. `undo`: something was written."""

    tab: str = ""
    cell: str = "A1"
    said: str = ""
    undo: bool = False
