"""The Summary's case in lines: why, how sure, what it is worth, what not now, when to look again, what next.

Each line has its evidence: the tab where the numbers stand. Where nothing can be said, nothing is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mapseg_xl.analyze.favourites import Favourite
from mapseg_xl.metrics.catalog import metric
from mapseg_xl.prioritize.decision import FOCUS, HOLD, TEST
from mapseg_xl.prioritize.gates import FAILED, Gate
from mapseg_xl.prioritize.market import ANSWERS, answered
from mapseg_xl.report import words
from mapseg_xl.report.parts import native
from mapseg_xl.report.parts.case.quoted import figure_kind, quoted_ref
from mapseg_xl.report.parts.case.sentences import (
    SPOKEN,
    clear_metrics,
    finding_lines,
    lines,
    said_of,
)
from mapseg_xl.report.parts.case.story import Aside, Story, Told, aside_name
from mapseg_xl.report.parts.headlines import name
from mapseg_xl.report.parts.names import (
    DECISION,
    OBJECTIONS,
    PERFORMANCE,
    PRIORITIES,
    ROLLOUT,
    TAM_SCORING,
    WHAT_IF,
)
from mapseg_xl.report.parts.scoring.answers import CHOICES, CHOSEN
from mapseg_xl.report.parts.scoring.ranking import RANKING
from mapseg_xl.report.parts.shift.each_candidate import CAVEAT, Worth, worth_of
from mapseg_xl.report.spec import Content, Formula, Ref, Span

WHY, SURE, WORTH = "WHY", "HOW SURE", "WORTH"
NOT_NOW, REVISIT, NEXT, DECIDED = "NOT NOW", "REVISIT IF", "NEXT", "DECISION"
ROOM_PX = 775  # of a line
_SEGMENTS, _FINDINGS, _HELD, _OBJECTIONS, _STEPS = 3, 3, 4, 2, 2
_MONTHS_WORTH_WAITING, _LIFETIME = 12, 50
_UNDECIDED = "Nothing is decided yet. Choose one to three segments on Decision; they stay when the data is run again."


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the case, and the tab that proves it."""

    part: str
    content: Content
    evidence: str


def brief(story: Story) -> list[Line]:
    """All lines, in the order a reader asks."""
    makers = (_why, _how_sure, _worth, _not_now, _revisit, _next, _decision)
    return [line for maker in makers for line in maker(story)]


def leaders(story: Story) -> tuple[Told, ...]:
    """The segments the case is about: those to focus on, else those to test."""
    return (story.called(FOCUS) or story.called(TEST))[:_SEGMENTS]


def _said(part: str, lines: Iterable[Content], evidence: str) -> Iterator[Line]:
    """Lines of one sentence; its evidence stands beside the first."""
    for at, content in enumerate(lines):
        yield Line(part, content, "" if at else evidence)


def _why(story: Story) -> Iterator[Line]:
    what = story.what
    for told in leaders(story):
        metrics = clear_metrics(what, told.member, "better")[:_FINDINGS]
        if metrics:
            yield from _said(WHY, finding_lines(what, told.member, metrics, ROOM_PX), PERFORMANCE)
        else:
            said = f"{words.sentence_case(name(told.member))}: {_reason(story, told)}"
            yield Line(WHY, said, PRIORITIES)
    if story.largest is not None:
        yield from _said(WHY, _largest(story, story.largest), PERFORMANCE)


def _largest(story: Story, aside: Aside) -> list[Content]:
    return _aside_sentence(
        story, aside, "The largest group is not the best: ", " for everyone else.", sized=True
    )


def _aside_sentence(
    story: Story, aside: Aside, start: str, end: str, *, sized: bool = False
) -> list[Content]:
    """Start, name and share of all where `sized`, verb, value, and, everyone else's, end: the two figures live."""
    verb, tail = SPOKEN[aside.line.metric][0], said_of(aside.line.metric, story.what.findings)
    share = aside.measured.tally.size / story.what.findings.whole.size
    of_all = f" ({share:.0%} of all)" if sized else ""
    kind = figure_kind(story, aside)
    said = (
        f"{start}{aside_name(aside, 24)}{of_all} {verb} ",
        native.copy(quoted_ref(aside, "value"), aside.line.value),
        f" {tail}, against ",
        native.copy(quoted_ref(aside, "rest"), aside.line.rest_value),
        end,
    )
    return lines(said, (kind, kind), ROOM_PX, story.what.findings.currency)


def _how_sure(story: Story) -> Iterator[Line]:
    for told in leaders(story):
        yield from _said(SURE, _firmness(story, told), PRIORITIES)
    first = leaders(story)[:1]
    answers = [
        a
        for told in first
        for a in story.what.findings.objections.answers
        if a.segment_id == told.member.key and not a.group
    ]
    for answer in answers[:_OBJECTIONS]:
        yield Line(SURE, answer.said, OBJECTIONS)


def _firmness(story: Story, told: Told) -> list[Content]:
    row = told.row
    said = f"{words.sentence_case(name(told.member))}: {row.evidence} evidence"
    first, top = ranking_copy(story, told, "first"), ranking_copy(story, told, "top")
    if first is None or top is None:
        return [f"{said}."]
    after = " of 100 reruns with other weights and redrawn data, in the top three in "
    return lines((f"{said}; first in ", first, after, top, "."), ("count", "count"), ROOM_PX)


def ranking_copy(story: Story, told: Told, column: str) -> Formula | None:
    """How often of 100 reruns a candidate is `first`, or in the `top` three, where Priorities has it."""
    share = {"first": told.row.p_rank1, "top": told.row.p_top3}[column]
    if share is None or told.member.key not in story.ranked:
        return None
    return native.copy(Ref(RANKING, told.member.key, column, PRIORITIES), 100 * share)


def _worth(story: Story) -> Iterator[Line]:
    any_said = False
    for told in leaders(story):
        worth = worth_of(story.what.findings, told.member.key)
        if worth is not None and worth.customers is not None:
            yield from _said(WORTH, _worth_words(story, told, worth), WHAT_IF)
            any_said = True
    if any_said:
        yield Line(WORTH, f"{CAVEAT[:-1]}; quality on What if says how much.", WHAT_IF)


def _worth_words(story: Story, told: Told, worth: Worth) -> list[Content]:
    """Customers a year that a step more would add, and what they bring."""
    step = worth.step
    start = f" more of {name(told.member)} adds "
    parts: list[Content] = [step, start, worth.customers, " customers a year"]
    kinds = [_kind_of_step(step), "decimal" if _is_few(worth.customers) else "count"]
    if worth.ltv is not None:
        parts += [", worth ", worth.ltv, f" in {words.value_title(story.what.findings)}"]
        kinds.append("money")
    elif worth.monthly is not None:
        parts += [", who pay ", worth.monthly, " a month"]
        kinds.append("money")
    if worth.left is not None:
        parts += [", of which ", worth.left, " is left after the cost of winning them"]
        kinds.append("money")
    return lines((*parts, "."), kinds, ROOM_PX, story.what.findings.currency)


def _kind_of_step(step: Formula) -> str:
    """Whole per cents without a decimal."""
    percent = 100 * float(str(step.value))
    return "share0" if round(percent, 6) == round(percent) else "share"


def _is_few(content: Content) -> bool:
    return isinstance(content, Formula) and isinstance(content.value, float) and content.value < 10


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
        start, end = "Looks splendid, may be a result: ", "; not proposed."
        said_of = _aside_sentence(story, story.leaky, start, end)
        yield from _said(NOT_NOW, said_of, PERFORMANCE)


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
        f"{more}, {_long(favourite.years)} at {favourite.per_year:,} a year: waiting does not pay, winning more of "
        "them as a test does."
    )


def _long(years: float) -> str:
    return f"{years:.0f} years" if years < _LIFETIME else f"more than {_LIFETIME} years"


def _revisit(story: Story) -> Iterator[Line]:
    priorities = story.what.findings.priorities
    if priorities.turns:
        yield Line(REVISIT, priorities.turns, PRIORITIES)
    stopped = [
        (_once(gate, priorities.limits.get(gate.id)), words.sentence_case(name(told.member)))
        for told in story.called(HOLD)
        for gate in priorities.gates.get(told.member.key, ())
        if gate.state == FAILED
    ]
    for once, names in list(words.grouped(stopped).items())[:_HELD]:
        yield Line(REVISIT, f"{words.listing(names, 3)}: once {once}.", TAM_SCORING)


def _once(gate: Gate, limit: float | None) -> str:
    """What has to change before a candidate that was stopped is looked at again."""
    few = f"{limit:,.0f}" if limit is not None else "enough"
    return {
        "units": f"{few} have been counted, {gate.figure or 0:,.0f} so far",
        "payback_months": f"what it costs to win one comes back within {few} months",
        "headroom_used": "its market has room for the plan",
        "roadmap_fit": "the roadmap no longer speaks against it",
    }[gate.id]


def _next(story: Story) -> Iterator[Line]:
    findings = story.what.findings
    unanswered = _unanswered(story)
    if unanswered:
        asked = f"Answer the questions about the market of {words.listing(unanswered, 3)}."
        yield Line(NEXT, asked, TAM_SCORING)
    keys = [told.member.key for told in leaders(story)[:1]]
    for move in [m for m in findings.moves if m.segment_id in keys and m.quick][:_STEPS]:
        yield Line(NEXT, f"{move.team}: {move.text[:1].lower()}{move.text[1:]}.", ROLLOUT)
    if story.leaving is not None:
        said = _aside_sentence(
            story, story.leaving, "Ask before they go: ", " for everyone else.", sized=True
        )
        yield from _said(NEXT, said, PERFORMANCE)


def _unanswered(story: Story) -> list[str]:
    """The candidates still in the running whose market answers are missing."""
    markets = {m.segment_id: m for m in story.what.findings.priorities.markets}
    return [
        name(told.member)
        for told in story.told
        if told.row.rank is not None and answered(markets[told.member.key].line) < len(ANSWERS)
    ]


def _decision(story: Story) -> Iterator[Line]:
    """What was chosen on Decision, live."""
    what = story.what.findings
    keys = [str(at) for at in range(1, what.settings.most_segments + 1)]
    refs: dict[str, Ref | Span] = {f"c{key}": Ref(CHOICES, key, CHOSEN, DECISION) for key in keys}
    listed = "&".join(f'IF({{c{key}}}="","",", "&{{c{key}}})' for key in keys)
    chosen = what.priorities.typed.decided[: len(keys)]
    said = f"Decided: {', '.join(chosen)}." if chosen else _UNDECIDED
    text = f'IF(({listed})="","{_UNDECIDED}","Decided: "&MID({listed},3,200)&".")'
    yield Line(DECIDED, Formula(text, said, refs), DECISION)
