"""A blended figure and its mix: what it is after one part has grown, and why it moved between two periods."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

SCENARIOS = ("count", "absolute", "relative")


class Blend(NamedTuple):
    """A base figure and the part of it that is to grow: its share of the denominator, its rate, the others' rate."""

    base: float
    share: float
    rate: float
    rest_rate: float | None  # None: nobody else


def shifted(blend: Blend, scenario: str, step: float, quality: float = 1.0) -> float | None:
    """The blended figure after the part has grown by `step`; None where its share would pass 1.

    count: its number times 1 + step, the others untouched. absolute: step more of the whole. relative: its
    share times 1 + step. Under the last two the others shrink pro rata. `quality` multiplies the rate of the
    added part only. A part of nobody stays nobody under count and relative.

    >>> blend = Blend(0.064, 0.2, 0.12, 0.05)
    >>> [round(shifted(blend, name, 0.1), 6) for name in SCENARIOS]
    [0.065098, 0.071, 0.0654]
    """
    added = blend.rate * quality
    if scenario == "count":
        more = step * blend.share
        return (blend.base + more * added) / (1 + more)
    more = step if scenario == "absolute" else step * blend.share
    if blend.share + more > 1 + 1e-12:
        return None
    if not more:
        return blend.base
    return None if blend.rest_rate is None else blend.base + more * (added - blend.rest_rate)


def new_share(share: float, scenario: str, step: float) -> float | None:
    """The part's share after it has grown; None where it would pass 1.

    >>> [round(new_share(0.2, name, 0.1), 6) for name in SCENARIOS]
    [0.215686, 0.3, 0.22]
    """
    if scenario == "count":
        return share * (1 + step) / (1 + step * share)
    grown = share + (step if scenario == "absolute" else step * share)
    return None if grown > 1 + 1e-12 else min(grown, 1.0)


def largest_step(share: float, scenario: str) -> float | None:
    """The largest step that keeps the part's share within 1; None: any.

    >>> largest_step(0.95, "absolute"), largest_step(0.8, "relative"), largest_step(0.8, "count")
    (0.050000000000000044, 0.25, None)
    """
    if scenario == "absolute":
        return 1 - share
    return 1 / share - 1 if scenario == "relative" and share > 0 else None


def change_error(
    blend: Blend, variances: tuple[float, float], step: float, quality: float = 1.0
) -> float:
    """Standard error of the change under count, by the delta method with the shares taken as known.

    `variances`: squared standard errors of the part's rate and of the others'. The change is
    more / (1 + more) x ((quality - share) rate - (1 - share) rest rate), more = step x share.
    """
    more, rest = step * blend.share, 1 - blend.share
    spread = (quality - blend.share) ** 2 * variances[0] + rest**2 * variances[1]
    return more / (1 + more) * math.sqrt(spread)


class Moved(NamedTuple):
    """Why a blended figure moved: each part's own rate, and the mix of parts. Their sum is the change."""

    by_rate: NDArray[np.float64]  # one a part
    by_mix: float


def kitagawa(
    sizes: tuple[ArrayLike, ArrayLike], rates: tuple[Sequence[float] | ArrayLike, ArrayLike]
) -> Moved:
    """The change of a blended rate between two periods, split into rates and mix without residue.

    Sizes and rates: earlier, later; one a part. Rate effect (w0 + w1)/2 x (r1 - r0), mix effect
    (r0 + r1)/2 x (w1 - w0), w the shares of all (Kitagawa 1955).

    >>> moved = kitagawa(([50, 50], [75, 25]), ([0.2, 0.1], [0.2, 0.1]))
    >>> moved.by_rate.tolist(), round(moved.by_mix, 6)
    ([0.0, 0.0], 0.025)
    """
    earlier, later = (np.asarray(s, np.float64) / np.sum(s) for s in sizes)
    before, after = (np.asarray(r, np.float64) for r in rates)
    by_rate = (earlier + later) / 2 * (after - before)
    by_mix = float(((before + after) / 2 * (later - earlier)).sum())
    return Moved(by_rate, by_mix)
