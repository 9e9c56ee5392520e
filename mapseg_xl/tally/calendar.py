"""Time between two dates as customers live it: whole calendar months and a part of one."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Dates = NDArray[np.datetime64]


def add_months(start: Dates, months: NDArray[np.int64]) -> Dates:
    """Each date so many calendar months later; a day the month lacks becomes its last day.

    >>> add_months(np.array(["2024-01-31"], "M8[D]"), np.array([1]))
    array(['2024-02-29'], dtype='datetime64[D]')
    """
    first: NDArray[Any] = start.astype("M8[M]") + months.astype("m8[M]")
    day: NDArray[Any] = start - start.astype("M8[M]").astype("M8[D]")
    length = (first + 1).astype("M8[D]") - first.astype("M8[D]")
    moved: Dates = first.astype("M8[D]") + np.minimum(day, length - np.timedelta64(1, "D"))
    return moved


def days_between(start: Dates, end: Dates) -> NDArray[np.float64]:
    """Days from start to end; NaN where either date is missing.

    >>> days_between(np.array(["2024-01-01", "NaT"], "M8[D]"), np.array("2024-01-31", "M8[D]"))
    array([30., nan])
    """
    gap = end.astype("M8[D]") - start.astype("M8[D]")
    return np.where(np.isnat(gap), np.nan, gap.astype(np.float64))


def months_between(start: Dates, end: Dates) -> NDArray[np.float64]:
    """Months from start to end: whole calendar months plus leftover days over the length of the current one.

    NaN where either date is missing; negative spans are NaN too, since an end before its start is an error
    that intake has reported. A customer who leaves on the first anniversary has stayed exactly 12 months.

    >>> months_between(np.array(["2024-01-15"], "M8[D]"), np.array(["2025-01-15"], "M8[D]"))
    array([12.])
    """
    known = ~np.isnat(start) & ~np.isnat(end)
    known[known] = start[known] <= end[known]
    result = np.full(len(start), np.nan)
    a, b = start[known], end[known]
    whole = (b.astype("M8[M]") - a.astype("M8[M]")).astype(np.int64)
    whole -= add_months(a, whole) > b
    reached = add_months(a, whole)
    length = (add_months(a, whole + 1) - reached).astype(np.float64)
    result[known] = whole + (b - reached).astype(np.float64) / length
    return result
