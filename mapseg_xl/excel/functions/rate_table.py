"""A table of successes and trials by segment, as a pivot has it: each rate against everyone else's, with verdicts."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from mapseg_xl.analyze.verdicts import Verdict, judge
from mapseg_xl.excel.answering.answers import BadArguments, NotAvailable
from mapseg_xl.excel.answering.figures import shown
from mapseg_xl.excel.arguments.blocks import COUNT, Floats, beside, counts_of, figures, is_nothing
from mapseg_xl.excel.arguments.cells import one_name
from mapseg_xl.excel.cell_function import Answer, Column, Name, Number, Scalar, cell_function
from mapseg_xl.excel.functions.comparing import HIGHER
from mapseg_xl.intake.finding.leftouts import is_total
from mapseg_xl.metrics.base import Comparison, Context, Estimate, sentence
from mapseg_xl.metrics.conversion import CONVERSION
from mapseg_xl.metrics.shares import share, share_difference
from mapseg_xl.settings import Settings
from mapseg_xl.stats.multiplicity import benjamini_hochberg
from mapseg_xl.stats.sample_size import units_needed
from mapseg_xl.stats.shrinkage import FEWEST_SEGMENTS, shrink_shares

_SETTINGS = Settings()
_CONTEXT = Context(_SETTINGS, 0, None, np.ones((1, 1), dtype=np.float32))  # shares draw nothing
_RATE = replace(CONVERSION, counted="trials")
_HEAD = (
    *("segment", "trials", "rate", "plausible range from", "to", "cautious estimate"),
    *("company average", "everyone else", "difference", "plausible range from", "to", "index"),
    *("against everyone else", "note"),
)


class _Case(NamedTuple):
    """A segment, its counts, and those of everyone else."""

    name: str
    own: tuple[int, int]
    rest: tuple[int, int]

    @property
    def part(self) -> Estimate:
        return _estimate(self.own)

    @property
    def others(self) -> Estimate:
        return _estimate(self.rest)

    @property
    def gap(self) -> Comparison:
        return share_difference(self.own, self.rest, _SETTINGS.confidence)


def seg_rate_compare(
    segment: Column, successes: Column, trials: Column, which: Name = None
) -> Answer:
    """Each segment's rate against everyone else's, from a table of counts: higher, lower, or can't we tell? Allows for
    checking many segments. A row of totals is left out.

    Parameters
    ----------
    segment
        The segments' names, one a row.
    successes
        How many of each succeeded, e.g. converted.
    trials
        How many of each there were.
    which
        One segment, to get its difference from everyone else as a number. Left out: a table of all segments.

    >>> table = seg_rate_compare(["A", "B", "Total"], [56, 48, 104], [70, 80, 150])
    >>> [row[0] for row in table], round(table[1][8], 2), table[1][-2]
    (['segment', 'A', 'B'], 0.2, 'higher')
    """
    cases = _cases(segment, successes, trials)
    wanted = one_name(which, "which")
    if wanted is None:
        return [list(_HEAD), *_rows(cases)]
    found = [c for c in cases if c.name.casefold() == wanted.casefold()]
    if not found:
        raise NotAvailable(f"'{wanted}' is not in segment.")
    if found[0].gap.difference is None:
        raise NotAvailable(f"{wanted}: there are no trials, or nobody else's.")
    return float(found[0].gap.difference)


def seg_trials_needed(
    successes: Number, trials: Number, rest_successes: Number, rest_trials: Number
) -> float:
    """How many trials a segment needs in all until its rate can be told from everyone else's, or called about the same,
    if the rates stay as they are.

    Parameters
    ----------
    successes
        How many of the segment succeeded so far.
    trials
        How many of the segment there were so far.
    rest_successes
        How many of everyone else succeeded.
    rest_trials
        How many of everyone else there were.

    >>> seg_trials_needed(12, 40, 200, 1000)
    86.0
    """
    part, whole, other, others = counts_of(
        (successes, trials, ""), (rest_successes, rest_trials, "rest_")
    )
    gap = share_difference((part, whole), (other, others), _SETTINGS.confidence)
    if gap.difference is None or not gap.variance or gap.variance_rest is None:
        raise NotAvailable("It takes some who succeeded and some who did not, on both sides.")
    margin = _margin((part + other) / (whole + others))
    needed = units_needed(whole, gap.variance, gap.variance_rest, gap.difference, margin, 1)
    if needed is None:
        raise NotAvailable(
            "This segment alone cannot settle it, however large: the others are too few."
        )
    return float(needed)


def _margin(pooled: float) -> float:
    """The difference that matters between two shares."""
    least = _SETTINGS.margin_share * min(pooled, 1 - pooled)
    return max(least, _SETTINGS.margin_share_floor)


def _cases(segment: Column, successes: Column, trials: Column) -> list[_Case]:
    names, won, had = beside((segment, "segment"), (successes, "successes"), (trials, "trials"))
    counts = [figures(won, "successes", COUNT), figures(had, "trials", COUNT)]
    sums = np.array([_is_sum(counts, at, str(name)) for at, name in enumerate(names)], np.bool_)
    kept = np.flatnonzero(~sums).tolist()
    if not kept:
        raise NotAvailable("segment is blank.")
    counts = [column[kept] for column in counts]
    if np.isnan(counts).any():
        at = int(np.isnan(counts[0] + counts[1]).argmax())
        alone = f"{names[kept[at]]} has successes or trials alone"
        raise NotAvailable(f"{alone}: type 0 where there was none.")
    wrong = (counts[0] > counts[1]) | (counts[0] % 1 > 0) | (counts[1] % 1 > 0)
    if wrong.any():
        at = int(wrong.argmax())
        raise BadArguments(
            f"{names[kept[at]]} has successes {counts[0][at]:g} of trials {counts[1][at]:g}: give how many succeeded "
            "and how many there were, whole numbers, the first never more than the second."
        )
    labels = [
        "(blank)" if is_nothing(names[at]) else str(one_name(names[at], "segment")) for at in kept
    ]
    if len({label.casefold() for label in labels}) < len(labels):
        raise BadArguments("A segment stands in two rows: put them into one.")
    whole = [int(c.sum()) for c in counts]
    return [
        _Case(label, (x, n), (whole[0] - x, whole[1] - n))
        for label, x, n in zip(labels, *(map(int, c) for c in counts), strict=True)
    ]


def _is_sum(counts: list[Floats], at: int, name: str) -> bool:
    """Whether a row holds the totals of the others: called so, or exactly their sum."""
    others = len(counts[0]) - 1
    exact = all(column[at] == np.delete(column, at).sum() for column in counts)
    return is_total(name) or (others >= FEWEST_SEGMENTS and exact and counts[1][at] > 0)


def _estimate(counts: tuple[int, int]) -> Estimate:
    return share(*counts, "", _SETTINGS.min_units, _CONTEXT)


def _rows(cases: list[_Case]) -> list[list[Scalar]]:
    enough = [c.part.enough and c.others.enough for c in cases]
    tests = [at for at, ok in enumerate(enough) if ok]
    if len(cases) == 2:  # each is everyone else to the other: one test
        tests = tests[:1]
    q = benjamini_hochberg([cases[at].gap.p for at in tests])
    by_case = dict(zip(tests, q, strict=True))
    careful = shrink_shares([c.own[0] for c in cases], [c.own[1] for c in cases])
    alike = careful.note if len(cases) >= FEWEST_SEGMENTS else ""
    lines = []
    for at, case in enumerate(cases):
        sure = by_case.get(at, q[0] if q and len(cases) == 2 and enough[at] else None)
        lines.append(_line(case, sure, len(tests), careful.values[at], alike))
    return lines


def _line(
    case: _Case, q: float | None, family: int, careful: float | None, alike: str
) -> list[Scalar]:
    part, others, gap = case.part, case.others, case.gap
    pooled = (case.own[0] + case.rest[0]) / max(1, case.own[1] + case.rest[1])
    said: Verdict = judge(_RATE, gap, (part, others), pooled, q, family, _SETTINGS)
    index = 100 * part.value / others.value if part.value is not None and others.value else None
    note = sentence(said.note, alike if said.word in ("about_same", "cant_tell") else "")
    numbers = (
        *(part.value, part.low, part.high, careful if part.value is not None else None),
        *(pooled if part.n else None, others.value, gap.difference, gap.low, gap.high, index),
    )
    head: list[Scalar] = [case.name, case.own[1]]
    return [*head, *map(shown, numbers), HIGHER[said.word], note]


FUNCTIONS = (
    cell_function(seg_rate_compare, "Rates from counts", "=SEG_RATE_COMPARE(A2:A9,B2:B9,C2:C9)"),
    cell_function(seg_trials_needed, "Rates from counts", "=SEG_TRIALS_NEEDED(B2,C2,B3,C3)"),
)
