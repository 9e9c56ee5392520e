"""What people typed in a team's own workbook, carried into the finished workbook that a run makes of it. Pure."""

from __future__ import annotations

from dataclasses import replace

from mapseg_xl.report.identity import Previous
from mapseg_xl.report.parts.names import MAPPING, MATCH_REPORT, MY_SEGMENTS, SETTINGS
from mapseg_xl.report.past import BASELINES

_ONLY_AT_HOME = frozenset({SETTINGS, MY_SEGMENTS, MATCH_REPORT, MAPPING})


def carried(home: Previous | None, out: Previous | None) -> Previous | None:
    """Both as one earlier run: what was typed in the finished workbook wins where both have the same cell."""
    if home is None:
        return out
    if out is None:
        return Previous(_without_places(home), home.homes, places=home.places)
    return replace(
        out, typed={**out.typed, **home.homes, **out.edits}, places={**home.places, **out.places}
    )


def compared_with(earlier: Previous, named: Previous) -> Previous:
    """The same, but that the run it is compared with is the one named, however often the output is made again."""
    past = {key: value for key, value in named.memory.items() if key == BASELINES}
    return replace(earlier, memory={**earlier.memory, **past})


def without_home(earlier: Previous | None) -> Previous | None:
    """The same without the cells of tabs that a finished workbook does not have."""
    if earlier is None:
        return None
    typed = {key: value for key, value in earlier.typed.items() if key[0] not in _ONLY_AT_HOME}
    return replace(earlier, typed=typed)


def _without_places(home: Previous) -> dict[str, str]:
    """What the team's workbook remembers, but for the words that have lost their cell there: it keeps them itself."""
    return {
        name: value for name, value in home.memory.items() if name not in ("inputs", "unplaced")
    }
