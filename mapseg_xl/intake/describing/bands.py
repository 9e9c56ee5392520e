"""Bands for numbers with many different values: at most five, cut near the quantiles at the roundest number there."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

MOST_BANDS = 5
NEAR_QUANTILE = 0.05  # an edge may lie this share of the customers away from its quantile


@dataclass(frozen=True, slots=True, eq=False)
class Bands:
    """Labels in rising order and the band of each number; -1 where the number is missing."""

    labels: tuple[str, ...]
    codes: NDArray[np.int32]


def bands(numbers: NDArray[np.float64]) -> Bands:
    """Numbers cut into at most five bands of similar size with readable edges; no finite number gives no band.

    A smallest value that a fifth of the customers share, such as 0 logins, is a band of its own.

    >>> bands(np.array([0.0, 5, 9, 20, 30, 48, 60, 70, 90, 99])).labels
    ('0 – 9', '10 – 29', '30 – 49', '50 – 79', '80 and more')
    """
    finite = np.isfinite(numbers)
    known = numbers[finite]
    cut = _cut(finite, known)
    if (
        len(known) and known.min() >= 1800 and known.max() <= 2100
    ):  # years are written without comma
        return Bands(tuple(label.replace(",", "") for label in cut.labels), cut.codes)
    return cut


def _cut(finite: NDArray[np.bool_], known: NDArray[np.float64]) -> Bands:
    codes = np.full(len(finite), -1, dtype=np.int32)
    if not len(known):
        return Bands((), codes)
    whole = bool(np.all(known == np.round(known)))
    smallest = float(known.min())
    alone = known == smallest
    if alone.mean() < 1 / MOST_BANDS or alone.all():
        edges = _edges(known, MOST_BANDS, whole)
        codes[finite] = np.searchsorted(edges, known, side="right")
        return Bands(_labels(edges, _first(edges, smallest, whole), whole), codes)
    edges = _edges(known[~alone], MOST_BANDS - 1, whole)
    codes[finite] = np.where(alone, 0, 1 + np.searchsorted(edges, known, side="right"))
    next_one = _band(smallest + 1, edges[0], whole) if len(edges) and whole else ""
    above = f"above {figure(smallest)}"
    second = next_one or (f"{above} to under {figure(edges[0])}" if len(edges) else above)
    return Bands((figure(smallest), *_labels(edges, second, whole)), codes)


def _edges(known: NDArray[np.float64], most: int, whole: bool) -> NDArray[np.float64]:
    """Round cut points, rising, each with customers on both sides."""
    shares = np.arange(1, most) / most
    wide = np.concatenate([shares - NEAR_QUANTILE, shares + NEAR_QUANTILE])
    low, high = np.quantile(known, wide).reshape(2, -1)
    cuts = {_roundest(lo, hi, whole) for lo, hi in zip(low.tolist(), high.tolist(), strict=True)}
    edges: list[float] = []
    for cut in sorted(cuts):
        below = known < cut
        inside = below & (known >= edges[-1]) if edges else below
        if inside.any() and not below.all():
            edges.append(cut)
    return np.array(edges)


def _first(edges: NDArray[np.float64], smallest: float, whole: bool) -> str:
    if not len(edges):
        return "all"
    if 0 <= smallest <= edges[0] / 10:
        return _band(0.0, float(edges[0]), whole)
    return f"under {figure(edges[0])}"


def _roundest(low: float, high: float, whole: bool) -> float:
    """The number with the coarsest step between two limits; nearest to their middle where there are several."""
    middle = (low + high) / 2
    top = math.ceil(math.log10(max(abs(low), abs(high), 1e-9)))
    for power in range(top, -1 if whole else top - 6, -1):
        for digit in (10, 5, 2, 1):
            step = digit * 10.0**power
            nearest = _tidy(round(middle / step) * step)
            if low <= nearest <= high:
                return nearest
    return _tidy(math.ceil(low)) if whole else low


def _tidy(number: float) -> float:
    return float(f"{number:.12g}")


def _labels(edges: NDArray[np.float64], first: str, whole: bool) -> tuple[str, ...]:
    """`first`, the bands between the edges, and the open one above the last."""
    if not len(edges):
        return (first,)
    middle = [_band(a, b, whole) for a, b in pairwise(edges.tolist())]
    return (first, *middle, f"{figure(edges[-1])} and more")


def _band(low: float, high: float, whole: bool) -> str:
    if not whole:
        return f"{figure(low)} to under {figure(high)}"
    return figure(low) if high - low <= 1 else f"{figure(low)} – {figure(high - 1)}"


def figure(number: float) -> str:
    """A number as a label shows it: thousands apart, no needless decimals.

    >>> figure(1200.0), figure(0.25), figure(-3.0)
    ('1,200', '0.25', '−3')
    """
    text = f"{abs(number):,.10g}"
    return f"−{text}" if number < 0 else text
