"""The one sheet of the add-in's workbook: Excel wants one, and shows it to nobody."""

from __future__ import annotations

from datetime import datetime

from mapseg_xl import __version__
from mapseg_xl.report.verbs import Block, Plan, Rect, Sheet, Width

_FIXED_DAY = datetime(2000, 1, 1)  # noqa: DTZ001  # file properties carry no zone here
_LINES = (
    "MAP Segmentation, add-in",
    f"mapseg-xl {__version__}",
    "Built from text by `mapseg addin build`. It holds no data.",
)


def addin_plan() -> Plan:
    """The plan of the sheet: what the file is and which version."""
    cells = Block(Rect(0, 0, len(_LINES) - 1, 0), tuple((line,) for line in _LINES))
    sheet = Sheet("About", "", "visible", (Width(0, 0, 480), cells))
    return Plan((sheet,), "MAP Segmentation", "Customer segmentation add-in", _FIXED_DAY)
