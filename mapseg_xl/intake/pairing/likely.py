"""Likely pairs: who in one list may be whom in another, the most money first. Joins nothing and decides nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from mapseg_xl.intake.pairing.blocking import Indices, candidates
from mapseg_xl.intake.pairing.parties import Parties, Party, parties
from mapseg_xl.intake.pairing.scoring import (
    Flags,
    Scored,
    punished,
    quick_scores,
    reasons,
    words_of,
)

LEAST_SCORE = 70.0
"""Pairs below are not worth anybody's time: most of them are strangers."""
CLOSE = 3.0
"""Somebody else whose score is within this of the best could as well be meant."""
_BEST_OF_EACH, _WEIGHED_OF_EACH = 2, 10


@dataclass(frozen=True, slots=True)
class LikelyPair:
    """Two parties that may be the same. `rival`: another one fits one of them about as well."""

    left: int  # place in the left list
    right: int
    score: float  # 70 to 99
    why: str
    money: float  # of the right one
    rival: bool = False

    @property
    def words(self) -> str:
        """The score in plain words."""
        return words_of(self.score)


def likely_pairs(
    left: Sequence[Party],
    right: Sequence[Party],
    least: float = LEAST_SCORE,
    never: Collection[tuple[str, str]] = (),
) -> tuple[LikelyPair, ...]:
    """For each party on the right its best partner on the left, and those about as good; the most money first.

    Parameters
    ----------
    left, right
        Parties without a partner so far; each list without repeats of one key.
    least
        Score from which on a pair is named.
    never
        Keys (left, right) of pairs that somebody has refused: the next best is named instead.

    Notes
    -----
    Only pairs that share a rare word, a beginning or end, a domain, a telephone number or an address are scored.

    >>> pairs = likely_pairs([Party("1", "Acme Robotics GmbH")], [Party("x", "ACME Robotic", money=10.0)])
    >>> [(p.left, p.right, p.words, p.why) for p in pairs]
    [(0, 0, 'almost surely', 'name 96% alike')]
    """
    if not left or not right:
        return ()
    ours, theirs = parties(left), parties(right)
    scored = _scored(ours, theirs, candidates(ours, theirs), least)
    if never:
        scored = _without(scored, left, right, frozenset(never))
    kept = _best(scored)
    money = np.array([p.money for p in right])[kept.right]
    rows = np.array([p.rows for p in right])[kept.right]
    order = np.lexsort((kept.left, kept.right, -rows, -kept.score, -np.abs(money)))
    return tuple(_pairs(ours, theirs, kept, order, money))


def likely_duplicates(held: Sequence[Party], least: float = LEAST_SCORE) -> tuple[LikelyPair, ...]:
    """Pairs within one list that may be the same, the surest first: `left` is the earlier, `money` the smaller one's.

    >>> held = [Party("1", "Acme Ltd"), Party("2", "ACME Limited"), Party("3", "Bolt")]
    >>> [(p.left, p.right) for p in likely_duplicates(held)]
    [(0, 1)]
    """
    if len(held) < 2:
        return ()
    own = parties(held)
    one, other = candidates(own, own)
    scored = _scored(own, own, (one[one < other], other[one < other]), least)
    worth = np.abs([p.money for p in held])
    money = np.minimum(worth[scored.left], worth[scored.right])
    order = np.lexsort((scored.right, scored.left, -money, -scored.score))
    none = _with_rivals(scored, np.zeros(len(scored.score), bool))
    return tuple(_pairs(own, own, none, order, money))


@dataclass(frozen=True, slots=True, eq=False)
class _Kept(Scored):
    """Pairs that are named, and whether another fits as well."""

    rival: Flags


def _with_rivals(scored: Scored, rival: Flags) -> _Kept:
    return _Kept(scored.left, scored.right, scored.score, scored.names, rival)


def _scored(
    ours: Parties, theirs: Parties, pairs: tuple[np.ndarray, np.ndarray], least: float
) -> Scored:
    quick = _first_of_each(_only(quick_scores(ours, theirs, pairs), least))
    return _only(punished(ours, theirs, quick), least)


def _first_of_each(scored: Scored) -> Scored:
    """Of each right party the best pairs; the words that tell a family apart are weighed for these alone."""
    order = np.lexsort((scored.left, -scored.score, scored.right))
    _, _, place = _ranks(scored.right[order])
    return _those(scored, np.sort(order[place < _WEIGHED_OF_EACH]))


def _ranks(right: Indices) -> tuple[Indices, Indices, Indices]:
    """Of sorted right parties: where each begins, how many pairs it has, the place of each pair among its own."""
    first = np.append(True, right[1:] != right[:-1]) if len(right) else np.zeros(0, bool)
    starts = np.flatnonzero(first)
    counts = np.diff(np.append(starts, len(right)))
    return starts, counts, np.arange(len(right)) - np.repeat(starts, counts)


def _without(
    scored: Scored,
    left: Sequence[Party],
    right: Sequence[Party],
    never: Collection[tuple[str, str]],
) -> Scored:
    at = zip(scored.left.tolist(), scored.right.tolist(), strict=True)
    refused = np.array([(left[a].key, right[b].key) in never for a, b in at], dtype=bool)
    return _those(scored, ~refused)


def _only(scored: Scored, least: float) -> Scored:
    return _those(scored, scored.score >= least)


def _those(scored: Scored, kept: Flags | Indices) -> Scored:
    return Scored(scored.left[kept], scored.right[kept], scored.score[kept], scored.names[kept])


def _best(scored: Scored) -> _Kept:
    """Of each right party the best pair, with the next one where it is about as good."""
    order = np.lexsort((scored.left, -scored.score, scored.right))
    left, right = scored.left[order], scored.right[order]
    score, names = scored.score[order], scored.names[order]
    starts, counts, place = _ranks(right)
    top = np.repeat(score[starts], counts)
    close = score >= top - CLOSE
    rival = np.isin(right, right[(place == 1) & close])
    kept = (place < _BEST_OF_EACH) & close
    return _Kept(left[kept], right[kept], score[kept], names[kept], rival[kept])


def _pairs(
    ours: Parties, theirs: Parties, kept: _Kept, order: np.ndarray, money: np.ndarray
) -> list[LikelyPair]:
    return [
        LikelyPair(
            at := int(kept.left[i]),
            to := int(kept.right[i]),
            round(float(kept.score[i]), 1),
            reasons(ours, theirs, at, to, float(kept.names[i])),
            float(money[i]),
            bool(kept.rival[i]),
        )
        for i in order.tolist()
    ]
