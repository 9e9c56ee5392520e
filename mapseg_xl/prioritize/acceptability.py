"""How firm an order is: in how many reruns with other weights and redrawn figures each candidate comes first.

SMAA-2, Lahdelma & Salminen (2001).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
BEST_FEW = 3
_AT_ONCE = 4_000_000  # scores held in memory at a time
_EPSILON = 1e-12
_LEAST_WEIGHT = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Acceptability:
    """Shares of the reruns, an entry a candidate; ties share a rank.

    `central`: mean weights of the reruns that a candidate wins, a row each, NaN where it wins none. `confidence`:
    share of the redrawn figures with which it wins under those weights, NaN likewise.
    """

    first: Floats
    top_three: Floats
    central: Floats  # candidates x criteria
    confidence: Floats


def free_weights(count: int, criteria: int, rng: np.random.Generator) -> Floats:
    """Weights spread evenly over all that sum to 1: Dirichlet(1, ..., 1), a row a rerun."""
    return rng.dirichlet(np.ones(criteria), count)


def ordered_weights(count: int, given: Floats, rng: np.random.Generator) -> Floats:
    """As `free_weights`, kept to an order of importance: what is given more weight never gets less.

    Criteria given the same weight may come in either order.
    """
    drawn = -np.sort(-free_weights(count, len(given), rng), axis=1)
    jitter = rng.random((count, len(given)))
    order = np.lexsort((jitter, np.broadcast_to(-given, jitter.shape)), axis=1)
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.arange(len(given))[None, :], axis=1)
    return np.take_along_axis(drawn, place, axis=1)


def acceptability(utilities: Floats, weights: Floats) -> Acceptability:
    """Ranks in every rerun. `utilities`: reruns x candidates x criteria; `weights`: reruns x criteria."""
    reruns, candidates, criteria = utilities.shape
    first, top = np.zeros(candidates), np.zeros(candidates)
    won_weights = np.zeros((candidates, criteria))
    step = max(1, _AT_ONCE // max(1, candidates))
    for start in range(0, reruns, step):
        block = slice(start, start + step)
        scores = _scores(utilities[block], weights[block])
        wins = _shares_of(scores, 1)
        first += wins.sum(axis=0)
        top += _shares_of(scores, BEST_FEW).sum(axis=0)
        won_weights += wins.T @ weights[block]
    central = np.full((candidates, criteria), np.nan)
    np.divide(won_weights, first[:, None], out=central, where=first[:, None] > 0)
    return Acceptability(
        first / reruns, top / reruns, central, _confidence(utilities, central, first)
    )


def _scores(utilities: Floats, weights: Floats) -> Floats:
    """Reruns x candidates: one criterion after the other, which a matrix product over the last axis is slower than."""
    total = np.zeros(utilities.shape[:2])
    for criterion in range(utilities.shape[2]):
        total += utilities[:, :, criterion] * weights[..., criterion, None]
    return total


def _shares_of(scores: Floats, places: int) -> Floats:
    """Each candidate's part in the first places of each rerun: 1 in, 0 out, ties share what is left."""
    places = min(places, scores.shape[1])
    bar = np.partition(scores, -places, axis=1)[:, -places][:, None]
    above = scores > bar + _EPSILON
    tied = np.abs(scores - bar) <= _EPSILON
    left = places - above.sum(axis=1, keepdims=True)
    shares: Floats = above + tied * (left / tied.sum(axis=1, keepdims=True))
    return shares


def _confidence(utilities: Floats, central: Floats, first: Floats, longest: int = 5) -> Floats:
    """How often the likeliest winners win under their own central weights."""
    found = np.full(len(first), np.nan)
    for at in np.argsort(-first, kind="stable")[:longest]:
        if first[at] > 0:
            found[at] = _shares_of(_scores(utilities, central[at]), 1)[:, at].mean()
    return found


@dataclass(frozen=True, slots=True)
class Turn:
    """The smallest change of one weight that brings another candidate to the top."""

    criterion: int
    weight: float  # of that criterion, the others in proportion
    winner: int  # who comes first beyond it


def smallest_turn(utilities: Floats, weights: Floats) -> Turn | None:
    """The nearest weight of one criterion at which the first candidate is caught up; None if there is none.

    `utilities`: candidates x criteria. The other weights keep their proportions. Ties go to the earlier candidate.

    >>> smallest_turn(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([0.6, 0.4]))
    Turn(criterion=0, weight=0.5, winner=1)
    """
    total = float(weights.sum())
    if len(utilities) < 2 or total <= 0:
        return None
    shares = weights / total
    best = int(np.argmax(utilities @ shares))
    turns = [
        turn
        for criterion in range(len(shares))
        for rival in range(len(utilities))
        if rival != best and (turn := _turn(utilities, shares, (best, rival), criterion))
    ]
    return min(turns, key=lambda t: abs(t.weight - shares[t.criterion]), default=None)


def _turn(utilities: Floats, shares: Floats, pair: tuple[int, int], criterion: int) -> Turn | None:
    """Where two candidates meet when one weight moves: t (u_a - u_b) = (1 - t)(r_b - r_a)."""
    now = float(shares[criterion])
    if now >= 1:
        return None
    gap = utilities[pair[0]] - utilities[pair[1]]
    here = float(gap[criterion])
    others = (float(gap @ shares) - now * here) / (1 - now)
    if others == here:
        return None
    meet = others / (others - here)
    inside = (
        _LEAST_WEIGHT < meet < 1 - _LEAST_WEIGHT
    )  # at 0 and 1 they meet and nothing lies beyond
    return Turn(criterion, meet, pair[1]) if inside and meet != now else None
