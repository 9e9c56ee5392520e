"""Focus, test or hold: what the scores, the must-haves and the evidence together recommend, with reasons in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.analyze.candidates import Candidate
from mapseg_xl.analyze.performance import PerformanceRow
from mapseg_xl.intake.tables import MarketLine
from mapseg_xl.metrics.base import Context
from mapseg_xl.prioritize.acceptability import Acceptability, smallest_turn
from mapseg_xl.prioritize.criteria import TITLES, Lines, Measure, limits, measures, weights
from mapseg_xl.prioritize.figures import Figure
from mapseg_xl.prioritize.gates import PASSED, Gate, overall, reason
from mapseg_xl.prioritize.market import ANSWERS, Market, Typed, answered, sheet_lines
from mapseg_xl.prioritize.matching import match_lines
from mapseg_xl.prioritize.reasons import turn_sentence, why
from mapseg_xl.prioritize.scoring import (
    Criterion,
    PriorityRow,
    Score,
    Scored,
    ranks,
    rerun,
    score,
)
from mapseg_xl.prioritize.subjects import THIN, Subject, markets, subject
from mapseg_xl.settings import CRITERIA

FOCUS, TEST, HOLD = "focus", "test", "hold"
ORDER_DEPENDS = "The order depends on the weights: no candidate comes first in most reruns."
_MOST = 0.5
_NEEDS = {  # what a criterion without a figure needs
    "conversion": "who converted, of which trials or opportunities",
    "value": "what customers pay",
    "stickiness": "how long customers stay, and who has left",
    "cost": "what was spent to win customers",
    "margin": "a gross margin, for payback",
}


@dataclass(frozen=True, slots=True)
class Priorities:
    """The candidates in order, with everything their order rests on. The mappings' keys are segment_ids."""

    rows: tuple[PriorityRow, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    scores: tuple[Score, ...] = ()
    markets: tuple[Market, ...] = ()
    reasons: tuple[tuple[str, str], ...] = ()  # segment_id, sentence
    turns: str = ""  # the smallest change of one weight that turns the winner, in words
    provisional: tuple[str, ...] = ()  # what is missing before the order is final
    measures: tuple[Measure, ...] = ()
    gates: Mapping[str, tuple[Gate, ...]] = field(default_factory=dict)
    figures: Mapping[str, Mapping[str, Figure]] = field(default_factory=dict)  # by measure
    limits: Mapping[str, float | None] = field(default_factory=dict)
    central: Mapping[str, tuple[float, ...]] = field(default_factory=dict)  # in CRITERIA's order
    unmatched: tuple[str, ...] = ()  # segments of the market sheet that are no candidate
    note: str = ""  # that no candidate comes first in most reruns
    typed: Typed = field(default_factory=Typed)

    def of(self, segment_id: str) -> PriorityRow | None:
        """A candidate's line."""
        return next((row for row in self.rows if row.segment_id == segment_id), None)


def find_priorities(
    candidates: Sequence[Candidate],
    lines: Mapping[tuple[str, str], PerformanceRow],  # segment_id, metric
    status: NDArray[np.int8],  # of every customer
    market: Sequence[MarketLine],
    typed: Typed,
    context: Context,
) -> Priorities:
    """Every candidate's must-haves, score, firmness and recommendation; a row a candidate, the best first."""
    settings = context.settings
    twins = _twins(candidates)
    first = [c for c in candidates if c.segment_id in twins]
    matched, unmatched = match_lines(candidates, market)
    said = sheet_lines(list(twins.items()), matched)
    bounds = limits(settings, typed)
    known = markets(first, said, lines, typed, status, bounds["plan_growth"])
    scored = measures(settings, typed, lines)
    subjects = [subject(c, known[c.segment_id], scored, lines, bounds, context) for c in first]
    ranking = _ranking(subjects, scored, weights(settings, typed), context)
    calls = _calls(ranking, settings.most_segments)
    rows = {s.segment_id: _row(s, ranking, calls[s.segment_id]) for s in subjects}
    for c in candidates:
        if c.twin_of:
            rows[c.segment_id] = _copied(rows[c.twin_of], c)
    winner_in_most = ranking.firm is None or ranking.firm.first.max() > _MOST
    return Priorities(
        rows=tuple(sorted(rows.values(), key=_place)),
        criteria=_criteria(scored, weights(settings, typed)),
        scores=tuple(_scores(ranking, scored)),
        markets=tuple(known.values()),
        reasons=tuple(_reasons(candidates, ranking, calls, settings.currency)),
        turns=_turns(ranking),
        provisional=_provisional(subjects, scored, lines),
        measures=scored,
        gates={s.segment_id: s.gates for s in subjects},
        figures={s.segment_id: s.figures for s in subjects},
        limits=bounds,
        central=_central(ranking),
        unmatched=unmatched,
        note="" if winner_in_most else ORDER_DEPENDS,
        typed=typed,
    )


def _twins(candidates: Sequence[Candidate]) -> dict[str, list[str]]:
    """The candidates with customers of their own, each with the ids of those that have the very same."""
    found: dict[str, list[str]] = {c.segment_id: [] for c in candidates if not c.twin_of}
    for c in candidates:
        if c.twin_of:
            found[c.twin_of].append(c.segment_id)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Ranking:
    """Those in the running with their scores; `firm` None where nobody is, or no weight counts."""

    subjects: Sequence[Subject]  # all
    running: Sequence[Subject]
    scored: Scored  # of all subjects
    places: Mapping[str, int]  # segment_id -> rank, of those in the running
    firm: Acceptability | None

    def at(self, key: str) -> int | None:
        """A candidate's place among those in the running."""
        return next((i for i, s in enumerate(self.running) if s.segment_id == key), None)


def _ranking(
    subjects: Sequence[Subject],
    scored: Sequence[Measure],
    given: Mapping[str, float],
    context: Context,
) -> _Ranking:
    every = score([s.figures for s in subjects], scored, given)
    inside = [i for i, s in enumerate(subjects) if s.in_the_running]
    running = [subjects[i] for i in inside]
    if not running or not every.weights.any():
        return _Ranking(subjects, running, every, {}, None)
    ids, sizes = [s.segment_id for s in running], [s.candidate.n for s in running]
    places = dict(zip(ids, ranks(every.totals[inside], sizes, ids), strict=True))
    firm = rerun([s.figures for s in running], scored, every.weights, context.settings)
    return _Ranking(subjects, running, every, places, firm)


def _calls(ranking: _Ranking, most: int) -> dict[str, str]:
    """Focus for at most so many, the best first: must-haves passed, evidence not thin, better at something.

    One that is mostly the same customers as a better one is no second choice.
    """
    calls = {s.segment_id: HOLD for s in ranking.subjects}
    focus: list[Subject] = []
    for s in sorted(ranking.running, key=lambda s: ranking.places.get(s.segment_id, 0)):
        if len(s.worse) > len(s.better) or not ranking.places:
            continue
        proven = overall(s.gates) == PASSED and s.evidence != THIN and s.proven
        if proven and len(focus) < most and not any(_overlap(s, other) for other in focus):
            calls[s.segment_id] = FOCUS
            focus.append(s)
        elif s.better or ranking.places[s.segment_id] <= most:
            calls[s.segment_id] = TEST
    return calls


def _overlap(one: Subject, other: Subject) -> bool:
    """Whether two candidates share more than half of the smaller one."""
    both = one.candidate.count(one.candidate.member & other.candidate.member)
    return 2 * both > min(one.candidate.n, other.candidate.n)


def _shared(s: Subject, ranking: _Ranking, calls: Mapping[str, str]) -> str:
    """Which better candidate has most of its customers too, where that is why it is no second choice."""
    if calls[s.segment_id] != TEST or overall(s.gates) != PASSED:
        return ""
    chosen = [o for o in ranking.running if calls[o.segment_id] == FOCUS and _overlap(s, o)]
    return f"mostly the same customers as “{chosen[0].candidate.name}”" if chosen else ""


def _row(s: Subject, ranking: _Ranking, call: str) -> PriorityRow:
    at, key = ranking.at(s.segment_id), s.segment_id
    place = ranking.places.get(key)
    whole = next(i for i, other in enumerate(ranking.subjects) if other is s)
    total, reach = ranking.scored.totals[whole], ranking.scored.reach[whole]
    firm = ranking.firm
    sure = None if firm is None or at is None else float(firm.confidence[at])
    return PriorityRow(
        segmentation=s.candidate.segmentation,
        segment_id=key,
        segment=s.candidate.name,
        recommendation=call,
        gate=overall(s.gates),
        gate_reason=reason(s.gates),
        score=None if place is None else float(total),
        rank=place,
        p_rank1=None if firm is None or at is None else float(firm.first[at]),
        p_top3=None if firm is None or at is None else float(firm.top_three[at]),
        evidence=s.evidence,
        score_low=None if place is None else float(total - reach),
        score_high=None if place is None else float(total + reach),
        confidence=None if sure is None or np.isnan(sure) else sure,
    )


def _copied(row: PriorityRow, twin: Candidate) -> PriorityRow:
    """The row of a candidate with the very same customers as one that was judged."""
    return replace(
        row,
        segmentation=twin.segmentation,
        segment_id=twin.segment_id,
        segment=twin.name,
        twin_of=twin.twin_of,
    )


def _place(row: PriorityRow) -> tuple[float, bool]:
    return (np.inf if row.rank is None else row.rank), bool(row.twin_of)


def _criteria(scored: Sequence[Measure], given: Mapping[str, float]) -> tuple[Criterion, ...]:
    found = []
    for name in CRITERIA:
        parts = [m for m in scored if m.criterion == name]
        one = parts[0] if len(parts) == 1 else None
        found.append(
            Criterion(
                name,
                TITLES[name],
                one.worst if one else 0.0,
                one.best if one else 1.0,
                given[name],
                one.unit if one else "share",
            )
        )
    return tuple(found)


def _scores(ranking: _Ranking, scored: Sequence[Measure]) -> Iterator[Score]:
    for row, s in enumerate(ranking.subjects):
        for column, name in enumerate(CRITERIA):
            parts = [m for m in scored if m.criterion == name]
            missing = float(ranking.scored.missing[row, column])
            value = float(ranking.scored.utilities[row, column])
            alone = s.figures[parts[0].id].value if len(parts) == 1 else None
            known = None if missing >= 1 else value
            yield Score(s.segment_id, name, known if len(parts) > 1 else alone, known, missing)


def _reasons(
    candidates: Sequence[Candidate],
    ranking: _Ranking,
    calls: Mapping[str, str],
    currency: str,
) -> Iterator[tuple[str, str]]:
    names = {c.segment_id: c.name for c in candidates}
    known = {s.segment_id: s for s in ranking.subjects}
    for c in candidates:
        if c.twin_of:
            yield c.segment_id, f"The very same customers as “{names[c.twin_of]}”."
            continue
        s = known[c.segment_id]
        yield (
            s.segment_id,
            why(s.gates, s.market, (s.better, s.worse), currency, _shared(s, ranking, calls)),
        )


def _turns(ranking: _Ranking) -> str:
    """The smallest change of one weight that brings another candidate to the top, in words."""
    if ranking.firm is None or len(ranking.running) < 2:  # a pair
        return ""
    inside = [i for i, s in enumerate(ranking.subjects) if s.in_the_running]
    order = sorted(range(len(inside)), key=lambda i: ranking.places[ranking.running[i].segment_id])
    utilities = ranking.scored.utilities[inside][order]
    turn = smallest_turn(utilities, ranking.scored.weights)
    if turn is None:
        return "No change of a single weight brings another candidate to the top."
    name = ranking.running[order[turn.winner]].candidate.name
    now = float(ranking.scored.weights[turn.criterion])
    return turn_sentence(CRITERIA[turn.criterion], turn.weight, now, name)


def _central(ranking: _Ranking) -> dict[str, tuple[float, ...]]:
    if ranking.firm is None:
        return {}
    rows = zip(ranking.running, ranking.firm.central, strict=True)
    return {s.segment_id: tuple(map(float, row)) for s, row in rows if not np.isnan(row).any()}


def _provisional(
    subjects: Sequence[Subject], scored: Sequence[Measure], lines: Lines
) -> tuple[str, ...]:
    """What is missing before the order is final: answers about markets, and figures the data does not give."""
    found = []
    open_ones = [s for s in subjects if s.in_the_running]
    without = sum(answered(s.market.line) < len(ANSWERS) for s in open_ones)
    if without:
        of = (
            "every candidate"
            if without == len(open_ones)
            else f"{without} of {len(open_ones)} candidates"
        )
        found.append(f"market answers for {of}")
    accounts = sum(s.market.line.accounts is None for s in open_ones)
    if accounts and accounts != without:
        found.append(f"accounts in the market for {accounts} of {len(open_ones)} candidates")
    found += [_NEEDS[m.criterion] for m in scored if m.criterion in _NEEDS and not m.metric]
    if any(m.id == "cost_index" for m in scored):
        found.append(_NEEDS["margin"])
    return tuple(found)
