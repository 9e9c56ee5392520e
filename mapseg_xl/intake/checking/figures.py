"""Columns of numbers: amounts far from all others, stand-ins such as 9999, 45 among shares, rare negative ones."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.intake.checking.looks import Look
from mapseg_xl.intake.cleaning.clean_numbers import number_values
from mapseg_xl.intake.columns.role_words import header_words, word_set
from mapseg_xl.intake.health import gathered
from mapseg_xl.intake.tables import Issue

Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]

_FEWEST = 20  # numbers that say what is usual
_SPREADS = (
    3.4  # robust standard deviations of the logarithms; with the two below, chance does not do it
)
_TIMES = 4.0  # beyond the largest fiftieth
_GAP = 2.0  # times the next number towards the others
_MOST = 0.01  # of the numbers; more of them are the shape of the column
_LEAST_SPREAD = 0.2
_STAND_INS = (
    -1.0,
    -9.0,
    -99.0,
    -999.0,
    -9999.0,
    999.0,
    9999.0,
    99999.0,
    999999.0,
    9999999.0,
    99999999.0,
)
_STAND_IN_TIMES = 3.0
_STAND_IN_SHARE = 0.3
_PRICES = ("revenue_monthly",)  # roles whose amounts are never nearly nothing
_SHARES = 0.8  # of the numbers lie from 0 to 1: the others were typed in percent
_FEW_NEGATIVE = 0.02
_BOTH_WAYS = word_set(
    "change growth delta net balance margin profit loss score nps diff difference lat latitude lon lng longitude"
    " variance trend temperature return returns refund refunds credit adjustment"
)


def figures(look: Look) -> tuple[Issue, ...]:
    """What is odd about the numbers of a column."""
    if look.sort != "number":
        return ()
    values = look.numbers if look.numbers is not None else number_values(look.table, look.index)
    known = values[np.isfinite(values)]
    if len(known) < _FEWEST:
        return ()
    stand_in = _stand_ins(values, known)
    rest = np.where(stand_in, np.nan, values)
    far = _far(rest, low_too=look.role in _PRICES)
    percent = (
        _percent_among_shares(np.where(far, np.nan, rest)) if look.role != "gross_margin" else far
    )
    return (
        *_stood_in(look, values, stand_in),
        *_outliers(look, rest, far & ~percent),
        *_percents(look, rest, percent),
        *_negatives(look, rest),
    )


def _naming(values: Numbers) -> Callable[[int], str]:
    return lambda record: f"{values[record]:.15g}"


def _stand_ins(values: Numbers, known: Numbers) -> Mask:
    """Which are numbers that systems write for unknown, far beyond all true ones."""
    found = np.zeros(len(values), dtype=bool)
    codes = [c for c in _STAND_INS if (known == c).any()]
    if not codes:
        return found
    true = known[~np.isin(known, codes)]
    if not len(true):
        return found
    low, high = float(true.min()), float(true.max())
    for code in codes:
        far = code >= _STAND_IN_TIMES * max(high, 1.0) if code > 0 else low >= 0
        if far and np.count_nonzero(known == code) <= _STAND_IN_SHARE * len(known):
            found |= values == code
    return found


def _far(values: Numbers, *, low_too: bool) -> Mask:
    """Which numbers are far larger than all others, with nothing between; prices also far smaller."""
    held = np.abs(np.nan_to_num(values))
    positive = held > 0
    if np.count_nonzero(positive) < _FEWEST:
        return np.zeros(len(values), dtype=bool)
    logs = np.log(held, out=np.full(len(held), np.nan), where=positive)
    known = np.sort(logs[positive])
    middle = float(known[len(known) // 2])
    spread = max(1.4826 * float(np.median(np.abs(known - middle))), _LEAST_SPREAD)
    most = max(3, int(_MOST * len(known)))
    high = _beyond(known, middle, spread, most)
    low = -_beyond(-known[::-1], -middle, spread, most) if low_too else -np.inf
    return np.asarray(positive & ((logs >= high) | (logs <= low)))


def _beyond(known: Numbers, middle: float, spread: float, most: int) -> float:
    """From which logarithm on the sorted ones stand apart; infinity where none does."""
    least = max(middle + _SPREADS * spread, float(np.quantile(known, 0.98)) + np.log(_TIMES))
    first = int(np.searchsorted(known, least))
    gaps = np.diff(known[max(first - 1, 0) :])
    wide = np.flatnonzero(gaps >= np.log(_GAP))
    if not len(wide):
        return np.inf
    at = max(first - 1, 0) + int(wide[0]) + 1
    return float(known[at]) if len(known) - at <= most else np.inf


def _percent_among_shares(values: Numbers) -> Mask:
    """Which numbers, from 2 to 100, stand in a column whose others are shares from 0 to 1."""
    found = np.zeros(len(values), dtype=bool)
    known = values[np.isfinite(values)]
    share = (known >= 0) & (known <= 1)
    broken = np.count_nonzero(share & (known != np.floor(known)))
    others = known[~share]
    if not len(others) or share.mean() < _SHARES or broken < 0.5 * np.count_nonzero(share):
        return found
    if others.min() < 2 or others.max() > 100:
        return found
    return np.asarray((values >= 2) & (values <= 100))


def _stood_in(look: Look, values: Numbers, where: Mask) -> tuple[Issue, ...]:
    issue = look.issue(
        "warning", "stand_in_number", "Counted as it is. Empty the cell if the number is not known"
    )
    what = "a number that systems write for unknown, far from all others"
    return gathered(look.table, look.index, np.flatnonzero(where), issue, what, _naming(values))


def _outliers(look: Look, values: Numbers, where: Mask) -> tuple[Issue, ...]:
    if not where.any():
        return ()
    middle = float(np.median(values[np.isfinite(values) & (values != 0)]))
    issue = look.issue(
        "warning",
        "outlier",
        "Counted as it is. Correct the number if it is a slip, such as cents for whole units",
    )
    what = f"far from all others, of which the middle one is {middle:.4g}"
    return gathered(look.table, look.index, np.flatnonzero(where), issue, what, _naming(values))


def _percents(look: Look, values: Numbers, where: Mask) -> tuple[Issue, ...]:
    if look.role == "gross_margin":
        return ()
    issue = look.issue(
        "warning", "mixed_percent", "Counted as it is. Make the column one or the other"
    )
    return gathered(
        look.table,
        look.index,
        np.flatnonzero(where),
        issue,
        "a percentage among shares such as 0.45",
        _naming(values),
        lambda r: f"maybe {values[r] / 100:.4g}",
    )


def _negatives(look: Look, values: Numbers) -> tuple[Issue, ...]:
    """Rare negative numbers; those of roles are said where the role is read."""
    negative = np.flatnonzero(values < 0)
    if look.role or not 0 < len(negative) <= max(1, _FEW_NEGATIVE * np.isfinite(values).sum()):
        return ()
    if set(header_words(look.header)) & _BOTH_WAYS:
        return ()
    issue = look.issue(
        "note", "negative_number", "Counted as it is. Correct the number if it cannot be negative"
    )
    return gathered(
        look.table,
        look.index,
        negative,
        issue,
        "a negative number where all others are positive",
        _naming(values),
    )
