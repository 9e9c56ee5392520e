"""The first answers to "yes, but": without the three biggest accounts; within each channel, rep, sign-up year.

Every difference that is clear is taken again with the doubt removed. What a proposal found on one half of the
customers is questioned on the other half alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mapseg_xl.analyze.candidates import Candidate
from mapseg_xl.analyze.doubts import (
    BIGGEST,
    LEADING,
    Doubt,
    Units,
    biggest_accounts,
    doubts,
    units_of,
)
from mapseg_xl.analyze.performance import PerformanceRow
from mapseg_xl.analyze.replies import Answer, reply
from mapseg_xl.intake.tables import Customers
from mapseg_xl.metrics.base import Context
from mapseg_xl.tally.rows import Mask, Rows
from mapseg_xl.tally.tally import Floats, Ints

MOST_CANDIDATES = 8  # a tab that is read in a minute
LEAST_UNITS = 10  # on each side, in a group or after leaving accounts out
LEAST_COVERED = 0.5  # of the segment's units must lie in groups that can be counted
KEPT = 2 / 3  # of the difference must be left for it to hold
TURNED = 0.1  # of it must lie on the other side for it to reverse; less is nothing left
CLEAR = ("better", "worse")


@dataclass(frozen=True, slots=True)
class Objections:
    """All answers, in the order of the candidates."""

    answers: tuple[Answer, ...] = ()
    unasked: tuple[str, ...] = ()  # objections this data cannot answer, and why
    skipped: int = 0  # candidates with a clear difference for which there was no room
    unclear: tuple[str, ...] = ()  # names of candidates with no clear difference to doubt


def find_objections(
    candidates: Sequence[Candidate],
    customers: Customers,
    rows: Rows,
    context: Context,
    lines: Mapping[tuple[str, str], PerformanceRow] | None = None,
    held_out: Mask | None = None,
) -> Objections:
    """Every objection this data can answer, for the eight candidates with the most clear differences.

    `lines`: performance by segment_id and metric; without it every leading metric counts as clear.
    `held_out`: the half that judges proposals.
    """
    units = units_of(rows, context.settings.model)
    asked, unasked = doubts(customers, units)
    single = [c for c in candidates if not c.twin_of]
    clear = {c.segment_id: _clear(c, units, lines) for c in single}
    ranked = sorted((c for c in single if clear[c.segment_id]), key=lambda c: _order(c, clear))
    kept = {c.segment_id for c in ranked[:MOST_CANDIDATES]}
    answers: list[Answer] = []
    for candidate in (c for c in single if c.segment_id in kept):
        within = held_out if candidate.basis == "held_out" else None
        for name in clear[candidate.segment_id]:
            case = _Case(candidate, name, units[name].within(within), customers)
            answers += [answer for doubt in asked for answer in case.answers(doubt)]
    unclear = tuple(c.name for c in single if units and not clear[c.segment_id])
    return Objections(tuple(answers), unasked, len(ranked) - len(kept), unclear)


def _clear(
    candidate: Candidate,
    units: Mapping[str, Units],
    lines: Mapping[tuple[str, str], PerformanceRow] | None,
) -> list[str]:
    """The leading metrics on which there is a difference to doubt."""
    if lines is None:
        return list(units)
    found = {name: lines.get((candidate.segment_id, name)) for name in units}
    return [name for name, row in found.items() if row is not None and row.verdict in CLEAR]


def _order(candidate: Candidate, clear: Mapping[str, Sequence[str]]) -> tuple[int, int, str]:
    return -len(clear[candidate.segment_id]), -candidate.n, candidate.segment_id


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """What one side sums up to."""

    units: int
    above: float
    below: float

    @property
    def value(self) -> float | None:
        return self.above / self.below if self.below else None


@dataclass(frozen=True, slots=True, eq=False)
class _Case:
    """One segment on one metric, about to be questioned."""

    candidate: Candidate
    metric: str
    units: Units
    customers: Customers

    def answers(self, doubt: Doubt) -> list[Answer]:
        """What is left of the difference, all together first, then group by group."""
        member = self.candidate.member[self.units.rows]
        crude, rest = self._side(member), self._side(~member)
        if crude.value is None or rest.value is None or crude.value == rest.value:
            return []
        if doubt.name == BIGGEST:
            return [self._without_biggest(doubt, member, crude, rest)]
        return self._within(doubt, member, crude, rest)

    def _inside(self) -> Mask:
        """The segment's rows that count."""
        within = self.units.inside
        return self.candidate.member if within is None else self.candidate.member & within

    def _side(self, mask: Mask) -> _Side:
        units = self.units
        return _Side(
            int(mask.sum()), float(units.above[mask].sum()), float(units.below[mask].sum())
        )

    def _without_biggest(self, doubt: Doubt, member: Mask, crude: _Side, rest: _Side) -> Answer:
        out = biggest_accounts(self.customers, doubt.codes, self._inside())
        left = self._side(member & ~out[self.units.rows])
        enough = left.units >= LEAST_UNITS and rest.units >= LEAST_UNITS
        gap = None if left.value is None or not enough else left.value - _known(rest)
        return self._answer(doubt, (crude, rest), (left, rest), gap)

    def _within(self, doubt: Doubt, member: Mask, crude: _Side, rest: _Side) -> list[Answer]:
        """Inside each group with enough of both sides, and combined over these."""
        table = _grouped(self.units, doubt.codes[self.units.rows], member, len(doubt.groups))
        enough = np.asarray(
            (table.units >= LEAST_UNITS).all(axis=0) & (table.below > 0).all(axis=0)
        )
        here = np.asarray(table.units[1] > 0)
        rates = np.divide(table.above, table.below, out=np.zeros_like(table.above), where=enough)
        gaps = rates[1] - rates[0]
        weight = np.where(enough, table.below.prod(axis=0) / np.maximum(table.below.sum(0), 1), 0.0)
        covered = table.units[1][enough].sum() >= LEAST_COVERED * crude.units
        gap = float((weight * gaps).sum() / weight.sum()) if covered and weight.sum() else None
        sign = np.sign(_known(crude) - _known(rest))
        against = enough & (gaps * sign < 0)
        counted = _Side(int(table.units[1][enough].sum()), 0.0, 0.0)
        others = _Side(int(table.units[0][enough].sum()), 0.0, 0.0)
        whole = self._answer(
            doubt,
            (crude, rest),
            (counted, others),
            gap,
            groups=int(enough.sum()),
            agree=int((enough & (gaps * sign > 0)).sum()),
            against=tuple(np.array(doubt.groups, object)[against].tolist()),
            too_few=int((here & ~enough).sum()),
        )
        return [whole, *self._each(doubt, table, (here, enough), float(sign))]

    def _each(
        self, doubt: Doubt, table: _Grouped, told: tuple[Mask, Mask], sign: float
    ) -> list[Answer]:
        """A line a group; `told`: the groups with anybody of the segment, and those with enough of both."""
        here, enough = told
        found = []
        for at in np.flatnonzero(here).tolist():
            sides = [
                _Side(int(u), float(a), float(b))
                for u, a, b in zip(
                    table.units[:, at], table.above[:, at], table.below[:, at], strict=True
                )
            ]
            rest, part = sides
            gap = _known(part) - _known(rest) if enough[at] else None
            holds = None if gap is None else gap * sign > 0
            word = "cant_tell" if holds is None else ("holds" if holds else "reverses")
            found.append(
                Answer(
                    segment_id=self.candidate.segment_id,
                    segment=self.candidate.name,
                    metric=self.metric,
                    objection=doubt.name,
                    group=doubt.groups[at],
                    n=part.units,
                    value=part.value,
                    rest_n=rest.units,
                    rest_value=rest.value,
                    difference=gap,
                    holds=holds,
                    said="",
                    word=word,
                )
            )
        return found

    def _answer(
        self,
        doubt: Doubt,
        before: tuple[_Side, _Side],
        after: tuple[_Side, _Side],
        gap: float | None,
        *,
        groups: int = 0,
        agree: int = 0,
        against: tuple[str, ...] = (),
        too_few: int = 0,
    ) -> Answer:
        crude, rest = _known(before[0]) - _known(before[1]), _known(before[1])
        word = verdict_word(crude, gap)
        part, others = after
        answer = Answer(
            segment_id=self.candidate.segment_id,
            segment=self.candidate.name,
            metric=self.metric,
            objection=doubt.name,
            group="",
            n=part.units,
            value=part.value,
            rest_n=others.units,
            rest_value=others.value,
            difference=gap,
            holds=None if gap is None else gap * crude > 0,
            said="",
            word=word,
            crude=crude,
            crude_rest=rest,
            groups=groups,
            agree=agree,
            against=against,
            too_few=too_few,
        )
        return reply(answer, doubt)


@dataclass(frozen=True, slots=True, eq=False)
class _Grouped:
    """Units, numerators, denominators by side (0 everyone else, 1 the segment) and group."""

    units: Floats
    above: Floats
    below: Floats


def _grouped(units: Units, codes: Ints, member: Mask, size: int) -> _Grouped:
    known = codes >= 0
    key = member[known] * size + codes[known]

    def table(weights: Floats | None) -> Floats:
        return np.bincount(key, weights, 2 * size).astype(np.float64).reshape(2, size)

    return _Grouped(table(None), table(units.above[known]), table(units.below[known]))


def _known(side: _Side) -> float:
    return 0.0 if side.value is None else side.value


def verdict_word(crude: float, left: float | None) -> str:
    """Whether a difference holds once a doubt is taken out: two thirds of it are left; less; it turns round.

    >>> [verdict_word(9.0, left) for left in (7.0, 5.0, -0.5, -1.0, None)]
    ['holds', 'weaker', 'weaker', 'reverses', 'cant_tell']
    """
    if left is None:
        return "cant_tell"
    part = left / crude
    if part <= -TURNED:
        return "reverses"
    return "holds" if part >= KEPT else "weaker"


__all__ = ["LEADING", "Answer", "Objections", "find_objections", "verdict_word"]
