"""Does an attribute as a whole say anything about a share? Asked before any of its values is looked at."""

from __future__ import annotations

from collections.abc import Sequence

from mapseg_xl.analyze.performance import PerformanceRow
from mapseg_xl.stats.proportions import chi_square_p


def whole_attribute_p(rows: Sequence[PerformanceRow]) -> float | None:
    """Chi-square p (Pearson 1900) over all values of an attribute, one row a value, of a share that is judged.

    None where the share is not judged for all of them, or fewer than two values have anybody.
    """
    judged = [r for r in rows if r.value is not None and r.n]
    if not judged or any(r.verdict == "not_available" for r in judged):
        return None
    counts = [[r.events or 0, (r.n or 0) - (r.events or 0)] for r in judged]
    return chi_square_p(counts)
