"""The Summary's case in lines: why, how sure, what it is worth, what not now, when to look again, what next.

Each line has its evidence: the tab where the numbers stand. Where nothing can be said, nothing is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mapseg_xl.analyze.favourites import Favourite
from mapseg_xl.metrics.catalog import metric
from mapseg_xl.report import words
from mapseg_xl.report.parts import native
from mapseg_xl.report.parts.headlines import name
from mapseg_xl.report.parts.names import OBJECTIONS, PERFORMANCE, PRIORITIES, TAM_SCORING
from mapseg_xl.report.parts.quoted import figure_kind, quoted_ref
from mapseg_xl.report.parts.sentences import SPOKEN, clear_metrics, finding
from mapseg_xl.report.parts.story import FOCUS, HOLD, TEST, Aside, Story, Told, aside_name
from mapseg_xl.report.spec import Content

WHY, SURE, WORTH = "WHY", "HOW SURE", "WORTH"
NOT_NOW, REVISIT, NEXT, DECIDED = "NOT NOW", "REVISIT IF", "NEXT", "DECISION"
ROOM_PX = 715  # of a live sentence: it cannot run on
_SEGMENTS, _HELD, _OBJECTIONS = 3, 4, 2
_MONTHS_WORTH_WAITING = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the case, and the tab that proves it."""

    part: str
    content: Content
    evidence: str


def brief(story: Story) -> list[Line]:
    """All lines, in the order a reader asks."""
    makers = (_why, _how_sure, _worth, _not_now, _revisit, _next)
    return [line for maker in makers for line in maker(story)]


def leaders(story: Story) -> tuple[Told, ...]:
    """The segments the case is about: those to focus on, else those to test."""
    return (story.called(FOCUS) or story.called(TEST))[:_SEGMENTS]


def _why(story: Story) -> Iterator[Line]:
    what = story.what
    for told in leaders(story):
        metrics = clear_metrics(what, told.member, "better")[:2]
        if metrics:
            yield Line(WHY, finding(what, told.member, metrics, ROOM_PX), PERFORMANCE)
        else:
            said = f"{words.sentence_case(name(told.member))}: {_reason(story, told)}"
            yield Line(WHY, said, PRIORITIES)
    if story.largest is not None:
        yield Line(WHY, _largest(story, story.largest), PERFORMANCE)


def _largest(story: Story, aside: Aside) -> Content:
    verb, tail = SPOKEN[aside.line.metric]
    return _aside_sentence(
        story,
        aside,
        "The largest group is not the best: ",
        f" ({aside.measured.tally.size / story.what.findings.whole.size:.0%} of all) {verb} ",
        f" {tail}, against ",
        " for everyone else.",
    )


def _aside_sentence(story: Story, aside: Aside, *parts: str) -> Content:
    """Start, name, verb, value, and, everyone else's, end: the two figures live."""
    start, verb, between, end = parts
    kind = figure_kind(story, aside)
    return native.sentence(
        start + aside_name(aside, 24) + verb,
        native.copy(quoted_ref(aside, "value"), aside.line.value),
        between,
        native.copy(quoted_ref(aside, "rest"), aside.line.rest_value),
        end,
        symbol=story.what.findings.currency,
        kinds=(kind, kind),
    )


def _how_sure(story: Story) -> Iterator[Line]:
    for told in leaders(story):
        yield Line(SURE, _firmness(told), PRIORITIES)
    first = leaders(story)[:1]
    answers = [
        a
        for told in first
        for a in story.what.findings.objections.answers
        if a.segment_id == told.member.key and not a.group
    ]
    for answer in answers[:_OBJECTIONS]:
        yield Line(SURE, answer.said, OBJECTIONS)


def _firmness(told: Told) -> str:
    row = told.row
    said = f"{words.sentence_case(name(told.member))}: {row.evidence} evidence"
    if row.p_rank1 is None or row.p_top3 is None:
        return f"{said}."
    return (
        f"{said}; first in {row.p_rank1 * 100:.0f} of 100 reruns with other weights and redrawn data, "
        f"in the top three in {row.p_top3 * 100:.0f}."
    )


def _worth(story: Story) -> Iterator[Line]:
    yield from ()


def _not_now(story: Story) -> Iterator[Line]:
    answered = {f.segment_id for f in story.favourites}
    held = [t for t in story.called(HOLD) if t.member.key not in answered]
    for told in held[:_HELD]:
        said = f"{words.sentence_case(name(told.member))}: {_reason(story, told)}"
        yield Line(NOT_NOW, said, PRIORITIES)
    if len(held) > _HELD:
        more = words.counted(len(held) - _HELD, "more segment")
        yield Line(NOT_NOW, f"And {more}.", PRIORITIES)
    for favourite in story.favourites:
        yield Line(NOT_NOW, favourite_words(favourite), PERFORMANCE)
    if story.leaky is not None:
        verb, tail = SPOKEN[story.leaky.line.metric]
        yield Line(
            NOT_NOW,
            _aside_sentence(
                story,
                story.leaky,
                "Looks splendid, may be a result: ",
                f" {verb} ",
                f" {tail}, against ",
                "; not proposed.",
            ),
            PERFORMANCE,
        )


def _reason(story: Story, told: Told) -> str:
    reasons = dict(story.what.findings.priorities.reasons)
    return reasons.get(told.member.key, told.row.gate_reason) or "no difference that stands yet."


def favourite_words(favourite: Favourite) -> str:
    """The answer to somebody who believes in a segment that the data cannot confirm."""
    counted = metric(favourite.metric).counted
    by = f" (suggested by {favourite.suggested_by})" if favourite.suggested_by else ""
    start = f"“{words.short(favourite.segment, 40)}”{by}: {_seen(favourite, counted)}."
    return f"{start} {_more(favourite, counted)}"


def _seen(favourite: Favourite, counted: str) -> str:
    if favourite.events is None or favourite.low is None or favourite.high is None:
        return f"too few to tell, {favourite.n:,.0f} {counted}"
    return (
        f"{favourite.events:,.0f} of {favourite.n:,.0f} {counted}, which could be anything from "
        f"{favourite.low:.0%} to {favourite.high:.0%}"
    )


def _more(favourite: Favourite, counted: str) -> str:
    if favourite.needed is None:
        return "More of them alone would not settle it."
    more = f"It would take about {favourite.needed - favourite.n:,.0f} more {counted}"
    if favourite.years is None:
        pace = "none came in the last year" if favourite.per_year == 0 else ""
        return f"{more}; {pace}: waiting does not pay." if pace else f"{more}."
    wait = favourite.years * 12
    if wait <= _MONTHS_WORTH_WAITING:
        return f"{more}, some {max(wait, 1):.0f} months at the present pace: worth waiting for."
    return (
        f"{more}, {favourite.years:.0f} years at {favourite.per_year:,} a year: waiting does not pay, "
        "a test that wins more of them does."
    )


def _revisit(story: Story) -> Iterator[Line]:
    turns = story.what.findings.priorities.turns
    if turns:
        yield Line(REVISIT, words.sentence_case(turns), PRIORITIES)
    for told in story.called(HOLD)[:_HELD]:
        if told.row.gate == "failed":
            said = f"{words.sentence_case(name(told.member))}, once this no longer holds: {told.row.gate_reason}."
            yield Line(REVISIT, said, TAM_SCORING)


def _next(story: Story) -> Iterator[Line]:
    for missing in story.what.findings.priorities.provisional[:2]:
        yield Line(NEXT, words.sentence_case(missing), TAM_SCORING)
    if story.leaving is not None:
        share = story.leaving.measured.tally.size / story.what.findings.whole.size
        verb, tail = SPOKEN[story.leaving.line.metric]
        yield Line(
            NEXT,
            _aside_sentence(
                story,
                story.leaving,
                "Ask before they go: ",
                f" ({share:.0%} of all) {verb} ",
                f" {tail}, against ",
                " for everyone else.",
            ),
            PERFORMANCE,
        )
