"""Searches rules of up to three conditions for the customers who do best. Sees codes and scores, no names.

Beam search for subgroups (Klösgen 1996; Lavrač, Kavšek, Flach & Todorovski 2004) that is aware of generalisations
(Batal & Hauskrecht 2010): a rule must beat every wider one beyond chance. Customers of a rule that is taken are set
aside, so that the next one says something new.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import combinations

import numpy as np

from mapseg_xl.settings import Settings
from mapseg_xl.stats.drawn_means import drawn_scores, score_beyond_chance
from mapseg_xl.tally.rows import Mask
from mapseg_xl.tally.tally import Floats, Ints

Items = tuple[int, ...]  # places of a rule's choices, rising


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """What is searched: units with a code for each trait, and choices, each a set of codes of one trait.

    `codes[t]` is one a unit; `sets[t]` is choices x codes, 0 or 1. `owner[i]` is the trait of choice i, rising, and
    `lengths[i]` the conditions it takes. `finding` marks the units of the half that finds; scores are one a unit.
    """

    codes: tuple[Ints, ...]
    sets: tuple[Floats, ...]
    owner: Ints
    lengths: Ints
    finding: Mask
    scores: Floats

    def first(self, trait: int) -> int:
        """The place of a trait's first choice."""
        return int(np.searchsorted(self.owner, trait))

    def own(self, item: int) -> Floats:
        """The codes a choice holds for, 0 or 1 each."""
        trait = int(self.owner[item])
        holds: Floats = self.sets[trait][item - self.first(trait)]
        return holds

    def member(self, items: Items) -> Mask:
        """The units a rule holds for."""
        held = [self.own(i)[self.codes[self.owner[i]]] > 0 for i in items]
        return reduce(np.logical_and, held)


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """All rules over one or two traits, an axis a trait.

    `full`: units on the finding half, 0 where a rule is too small or too long. `n`, `total`: units and scores of
    those in no rule taken so far.
    """

    traits: tuple[int, ...]
    full: Floats
    n: Floats
    total: Floats

    def less(self, field: Field, gone: Ints) -> _Block:
        """Without some of the units."""
        n = _counted(field, self.traits, gone, None)
        total = _counted(field, self.traits, gone, field.scores[gone])
        return replace(self, n=self.n - n, total=self.total - total)


@dataclass(frozen=True, slots=True, eq=False)
class _Rules:
    """Rules of one length: their items, a row each; units still there; the quality; whether beyond chance."""

    items: Ints
    quality: Floats
    beyond: Mask


def search(field: Field, settings: Settings, most: int) -> list[Items]:
    """At most so many rules, in the order found, each beyond chance among all that were tried.

    Where nothing differs, anything at all is found with a chance of `proposal_chance` at most.
    """
    n_traits = len(field.codes)
    traits = [*combinations(range(n_traits), 1), *combinations(range(n_traits), 2)]
    blocks = [_block(field, t, settings) for t in traits]
    left = field.finding.copy()
    taken: list[Items] = []
    while len(taken) < most:
        best = _Pool(field, np.flatnonzero(left), settings).best(blocks)
        if best is None:
            break
        taken.append(best)
        gone = left & field.member(best)
        left &= ~gone
        blocks = [block.less(field, np.flatnonzero(gone)) for block in blocks]
    return taken


def quality(n: Floats, total: Floats, mean: float, settings: Settings) -> Floats:
    """n^a (mean of the rule - mean of all), of units and sums of scores; 0 without units (Klösgen 1996)."""
    found: Floats = n**settings.proposal_size_exponent * (total / np.maximum(n, 1) - mean)
    return found


def _counted(field: Field, traits: Sequence[int], at: Ints, weights: Floats | None) -> Floats:
    """Units `at`, or sums of their weights, of each rule over the traits: an axis a trait."""
    shape = [field.sets[t].shape[1] for t in traits]
    key = np.zeros(len(at), np.int64)
    for t, size in zip(traits, shape, strict=True):
        key = key * size + field.codes[t][at]
    cells = np.bincount(key, weights, math.prod(shape)).reshape(shape).astype(np.float64)
    for axis, t in enumerate(traits):
        cells = np.moveaxis(np.tensordot(field.sets[t], cells, (1, axis)), 0, axis)
    return cells


def _block(field: Field, traits: tuple[int, ...], settings: Settings) -> _Block:
    at = np.flatnonzero(field.finding)
    finding = _counted(field, traits, at, None)
    judging = _counted(field, traits, np.flatnonzero(~field.finding), None)
    lengths = [field.lengths[field.owner == t] for t in traits]
    length = lengths[0] if len(lengths) == 1 else np.add.outer(*lengths)
    allowed = _large_enough(finding, judging, settings)
    allowed &= length <= settings.proposal_conditions
    total = _counted(field, traits, at, field.scores[at])
    return _Block(traits, np.where(allowed, finding, 0.0), finding, total)


def _large_enough(finding: Floats, judging: Floats, settings: Settings) -> Mask:
    half = settings.proposal_least_half
    enough: Mask = (finding >= half) & (judging >= half)
    return enough & (finding + judging >= settings.proposal_least_units)


class _Pool:
    """The units of the finding half that no taken rule holds for, and what is best among them."""

    def __init__(self, field: Field, at: Ints, settings: Settings) -> None:
        self.field, self.at, self.settings = field, at, settings
        self.scores = field.scores[at]
        self.mean = float(self.scores.mean()) if len(at) else 0.0

    def best(self, blocks: Sequence[_Block]) -> Items | None:
        """The rule of highest quality that is beyond chance and beats every wider one; None if there is none."""
        single = self._rules([b for b in blocks if len(b.traits) == 1])
        double = self._rules([b for b in blocks if len(b.traits) == 2])
        triple = self._triples(double)
        found = [
            (-q, items)
            for rules in (single, double, triple)
            for q, items in zip(
                rules.quality[rules.beyond].tolist(),
                map(tuple, rules.items[rules.beyond].tolist()),
                strict=True,
            )
        ]
        return next((items for _, items in sorted(found) if self._is_proposed(items)), None)

    def _rules(self, blocks: Sequence[_Block]) -> _Rules:
        """All rules of some blocks, with how they do among the units still there."""
        items, n, total = [], [], []
        for block in blocks:
            places = np.argwhere(self._is_new(block.full, block.n))
            if len(places):
                chosen = tuple(places.T)
                items.append(places + [self.field.first(t) for t in block.traits])
                n.append(block.n[chosen])
                total.append(block.total[chosen])
        if not items:
            return _no_rules()
        tried = sum(map(len, n))
        return self._judged(np.vstack(items), np.concatenate(n), np.concatenate(total), tried)

    def _is_new(self, full: Floats, n: Floats) -> Mask:
        """Large enough, and most of its customers in no taken rule."""
        least = np.maximum(self.settings.proposal_least_half, full * self.settings.proposal_new)
        new: Mask = (full > 0) & (n >= least)
        return new

    def _judged(self, items: Ints, n: Floats, total: Floats, tried: float) -> _Rules:
        """Each length has a third of the chance to be wrong; within it every rule tried has its part."""
        limit = score_beyond_chance(
            self.settings.proposal_chance / self.settings.proposal_conditions, tried
        )
        beyond = drawn_scores(n, total / n, self.scores) > limit
        return _Rules(items, quality(n, total, self.mean, self.settings), beyond)

    def _triples(self, double: _Rules) -> _Rules:
        """The best pairs, each with every further choice. As tried counts every triple there could have been."""
        width = self.settings.proposal_beam
        order = np.argsort(-double.quality, kind="stable")[:width]
        kept = order[double.quality[order] > 0]
        found = [t for pair in map(tuple, double.items[kept].tolist()) for t in self._longer(pair)]
        if not found or self.settings.proposal_conditions < 3:
            return _no_rules()
        distinct = {items: sums for items, *sums in found}
        n, total = np.array(list(distinct.values())).T
        tried = len(double.items) * len(self.field.owner) / 3
        return self._judged(np.array(list(distinct)), n, total, max(tried, len(distinct)))

    def _longer(self, pair: Items) -> Iterator[tuple[Items, float, float]]:
        """A pair with one more choice of another trait: its items, units and sum of scores."""
        field = self.field
        held = field.member(pair)
        finding = np.flatnonzero(held & field.finding)
        judging = np.flatnonzero(held & ~field.finding)
        left = self.at[held[self.at]]
        room = self.settings.proposal_conditions - int(field.lengths[list(pair)].sum())
        used = set(field.owner[list(pair)].tolist())
        for t in range(len(field.codes)) if room > 0 else ():
            if t in used:
                continue
            n = _counted(field, (t,), left, None)
            good = (n >= self.settings.proposal_least_half) & (
                field.lengths[field.owner == t] <= room
            )
            if good.any():
                full = _counted(field, (t,), finding, None)
                judged = _counted(field, (t,), judging, None)
                good &= _large_enough(full, judged, self.settings) & self._is_new(full, n)
            if good.any():
                total = _counted(field, (t,), left, field.scores[left])
                for place in np.flatnonzero(good).tolist():
                    items = tuple(sorted((*pair, place + field.first(t))))
                    yield items, float(n[place]), float(total[place])

    def _is_proposed(self, items: Items) -> bool:
        """Whether a rule is a segment, not nearly everybody, and beats every wider rule."""
        field = self.field
        if field.member(items).mean() > self.settings.proposal_most_share:
            return False
        inside = field.member(items)[self.at]
        return all(
            self._beats(inside, field.member(wider)[self.at], limit)
            for wider, limit in self._wider(items)
        )

    def _wider(self, items: Items) -> Iterator[tuple[Items, float]]:
        """Every rule with some of the conditions, or a wider range in one; the score that beats it beyond chance.

        That is the best of as many rules as narrow it alike. A condition more must be surer than a narrower range,
        which makes no rule longer.
        """
        field, every, told = self.field, len(self.field.owner), self.settings
        for size in range(1, len(items)):
            missing = len(items) - size
            for shorter in combinations(items, size):
                tries = every**missing / math.factorial(missing)
                yield shorter, score_beyond_chance(told.proposal_margin, tries)
        for at, item in enumerate(items):
            trait = field.owner[item]
            own, first = field.own(item), field.first(int(trait))
            sets = field.sets[trait]
            holds = (sets >= own).all(axis=1) & (sets.sum(axis=1) > own.sum())
            for place in np.flatnonzero(holds).tolist():
                wider = (*items[:at], first + place, *items[at + 1 :])
                yield wider, score_beyond_chance(told.proposal_chance, len(sets))

    def _beats(self, inside: Mask, wider: Mask, limit: float) -> bool:
        """Whether a rule does better than a wider one it lies in, beyond a normal score."""
        held = self.scores[wider]
        n = int(np.count_nonzero(inside & wider))
        if n in (0, len(held)):
            return False
        score = drawn_scores([n], [self.scores[inside].mean()], held)[0]
        return bool(score > limit)


def _no_rules() -> _Rules:
    return _Rules(np.zeros((0, 2), np.int64), np.zeros(0), np.zeros(0, np.bool_))
