"""A column as display values and a code for each row: numbers, years, texts. `(blank)` is last, if there."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mapseg_xl.intake.describing.bands import bands
from mapseg_xl.intake.tables import BLANK, Array

MOST_CATEGORIES = 20
"""A number with more different values than this is cut into bands."""

Coded = tuple[tuple[str, ...], NDArray[np.int32]]

_LEADING_NUMBER = re.compile(
    r"[<>≤≥~$€£]*\s*(?:under|over|up to)?\s*[$€£]?(\d[\d,.']*)\s*([kKmM]?)"
)
_SCALES = tuple(
    scale.split()
    for scale in (
        "xs s m l xl xxl",
        "micro tiny small medium mid large huge enterprise",
        "none low medium high",
        "monday tuesday wednesday thursday friday saturday sunday",
        "bronze silver gold platinum",
    )
)


def number_values(numbers: NDArray[np.float64]) -> Coded:
    """Categories in numeric order up to 20 different values, bands beyond."""
    codes, uniques = pd.factorize(numbers, sort=False)
    if len(uniques) > MOST_CATEGORIES:
        cut = bands(numbers)
        return with_blank(cut.labels, cut.codes)
    order = np.argsort(uniques)
    place = np.empty(len(uniques) + 1, dtype=np.int32)
    place[order] = np.arange(len(uniques), dtype=np.int32)
    place[-1] = -1
    return with_blank(tuple(f"{uniques[i]:.10g}" for i in order), place[codes])


def years(days: Array) -> Coded:
    """Days as their years, in order."""
    held = np.where(np.isnat(days), np.nan, days.astype("datetime64[Y]").astype(np.int64) + 1970.0)
    codes, uniques = pd.factorize(held, sort=True)
    return with_blank(tuple(f"{y:.0f}" for y in uniques), codes.astype(np.int32))


def by_size(texts: Array) -> Coded:
    """Different texts, the commonest first, alphabetical among equals."""
    codes, uniques = pd.factorize(texts)
    counts = np.bincount(codes, minlength=len(uniques))
    filled = [i for i in range(len(uniques)) if uniques[i] != ""]
    order = sorted(filled, key=lambda i: (-counts[i], uniques[i]))
    place = np.full(len(uniques), -1, dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return with_blank(tuple(uniques[i] for i in order), place[codes])


def natural(
    values: tuple[str, ...], codes: NDArray[np.int32]
) -> tuple[tuple[str, ...], NDArray[np.int32], bool]:
    """Values such as `1-10` or `Low` in their own order, where all of them have one."""
    named = [v for v in values if v != BLANK]
    ranks = _ranks(named)
    if ranks is None:
        return values, codes, False
    order = sorted(range(len(named)), key=lambda i: ranks[i])
    place = np.arange(len(values), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    tail = values[len(named) :]
    return (*(named[i] for i in order), *tail), place[codes], True


def _ranks(named: list[str]) -> list[float] | None:
    if len(named) < 2:
        return None
    words = [v.casefold() for v in named]
    for scale in _SCALES:
        if set(words) <= set(scale):
            return [float(scale.index(w)) for w in words]
    starts = [_LEADING_NUMBER.match(v) for v in words]
    if not all(starts):
        return None
    ranks = [
        _start(m[1], m[2]) - (v[0] in "<u≤") * 0.5 for m, v in zip(starts, words, strict=True) if m
    ]
    return ranks if len(set(ranks)) == len(ranks) else None


def _start(digits: str, scale: str) -> float:
    whole = re.sub(r"[,'](?=\d{3})", "", digits).rstrip(".,'")
    try:
        number = float(whole.replace(",", "."))
    except ValueError:
        return 0.0
    return number * {"": 1, "k": 1e3, "m": 1e6}[scale.lower()]


def with_blank(values: tuple[str, ...], codes: NDArray[np.int32]) -> Coded:
    """The value for empty cells last, only where there are any."""
    empty = codes < 0
    if not empty.any():
        return values, codes.astype(np.int32)
    return (*values, BLANK), np.where(empty, len(values), codes).astype(np.int32)
