"""Answers to objections in words: what a head of sales can say in the meeting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mapseg_xl.analyze.doubts import BIGGEST, CHANNEL, OWNER, YEAR, Doubt

GROUPS = {  # one, many
    CHANNEL: ("channel", "channels"),
    OWNER: ("rep", "reps"),
    YEAR: ("sign-up year", "sign-up years"),
}
_VERBS = {  # what it does, then more and less
    "conversion": ("converts", "more often", "less often"),
    "win_rate": ("is won", "more often", "less often"),
    "arpu": ("pays", "more", "less"),
    "monthly_churn": ("leaves", "more often", "less often"),
}
_NOTHING = ("0% ", "0.0 points")  # a difference too small for the page
_TIMES = 1.0  # of everyone else's figure: from here on it is so many times as much
_NAMED = 3
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Answer:
    """One objection against one segment on one metric, and what is left of its difference."""

    segment_id: str
    segment: str
    metric: str
    objection: str  # "biggest accounts" "channel" "owner" "sign-up year"
    group: str  # "" for all together; else the channel, rep or year it is within
    n: float | None
    value: float | None
    rest_n: float | None
    rest_value: float | None
    difference: float | None  # within groups: sum w d / sum w, w = n1 n0 / (n1 + n0)
    holds: bool | None  # the sign stays and the figures suffice; None: can't be told
    said: str  # in words
    word: str = "cant_tell"  # holds weaker reverses cant_tell
    crude: float | None = None  # the difference before
    crude_rest: float | None = None  # everyone else's figure before
    groups: int = 0  # that could be counted
    agree: int = 0  # ... where the difference has the sign it has overall
    against: tuple[str, ...] = ()  # groups where it has the other
    too_few: int = 0  # groups left out


def reply(answer: Answer, doubt: Doubt) -> Answer:
    """The answer with its sentence."""
    return replace(answer, said=_without(answer) if doubt.name == BIGGEST else _within(answer))


def _without(answer: Answer) -> str:
    if answer.difference is None or answer.crude is None:
        return f"{_name(answer)} is too small to judge without its three biggest accounts."
    was = gap_words(answer, answer.crude, also=_turned(answer))
    return f"Without its three biggest accounts {_name(answer)} {_left(answer)} (was {was})."


def _within(answer: Answer) -> str:
    one, many = GROUPS[answer.objection]
    few = f"; {answer.too_few} more with too few of either" if answer.too_few else ""
    if answer.difference is None or answer.crude is None:
        if not answer.groups:
            return f"No {one} has enough of {_name(answer)} and of everyone else to compare."
        held = _count(answer.groups, one, many)
        return f"Only {held} can be compared, with under half of {_name(answer)}{few}."
    overall = gap_words(answer, answer.crude, also=_turned(answer))
    so = f"the same way in {answer.agree} of {_count(answer.groups, one, many)}"
    other = f"; the other way in {_listing(answer.against)}" if answer.against else ""
    return f"Within {many} {_name(answer)} {_left(answer)} ({overall} overall): {so}{other}{few}."


def _turned(answer: Answer) -> bool:
    """Whether what is left says more or less otherwise than the difference before."""
    gap = gap_words(answer, answer.difference or 0.0)
    return _other_sign(answer) or gap.startswith(_NOTHING)


def _other_sign(answer: Answer) -> bool:
    return (answer.difference or 0.0) * (answer.crude or 0.0) < 0


def _left(answer: Answer) -> str:
    """What is left of the difference: "still pays 31% more"."""
    verb = _VERBS[answer.metric][0]
    gap = gap_words(answer, answer.difference or 0.0, also=True)
    if gap.startswith(_NOTHING) or (answer.word == "weaker" and _other_sign(answer)):
        return f"{verb} about the same"
    if answer.word == "holds":
        return f"still {verb} {gap}"
    return f"{verb} only {gap}" if answer.word == "weaker" else f"{verb} {gap}"


def gap_words(answer: Answer, gap: float, *, also: bool = True) -> str:
    """How much more or less than everyone else: points for shares of trials, else per cent or times their figure.

    `also`: with the word more or less.
    """
    _, more, less = _VERBS[answer.metric]
    rest = answer.crude_rest
    if answer.metric in ("conversion", "win_rate") or not rest:
        size = f"{abs(gap) * 100:.1f} points"
    elif gap / rest >= _TIMES:
        as_much = {"more": " as much"}.get(more, " as often")
        return f"{1 + gap / rest:.1f} times{as_much if also else ''}"
    else:
        size = f"{abs(gap / rest):.0%}"
    return f"{size} {more if gap > 0 else less}" if also else size


def crude_words(answer: Answer) -> str:
    """The difference that is doubted: "pays 38% more than everyone else"."""
    gap = gap_words(answer, answer.crude or 0.0)
    than = "as" if " times" in gap else "than"
    return f"{_VERBS[answer.metric][0]} {gap} {than} everyone else"


def held_words(answers: Sequence[Answer]) -> str:
    """The checks that one difference passes, in one sentence."""
    first = answers[0]
    left = [f"{_bare(a)} {where(a)}{_but(a)}" for a in answers]
    joined = ", ".join(left[:-1]) + (" and " if len(left) > 1 else "") + left[-1]
    return f"{_name(first)} {crude_words(first)}: still {joined}."


def where(answer: Answer) -> str:
    """The circumstances of a check: "within channels"."""
    if answer.objection == BIGGEST:
        return "without its three biggest accounts"
    return f"within {GROUPS[answer.objection][1]}"


def _bare(answer: Answer) -> str:
    return gap_words(answer, answer.difference or 0.0, also=False)


def _but(answer: Answer) -> str:
    return f" (the other way in {_listing(answer.against)})" if answer.against else ""


def _name(answer: Answer) -> str:
    name = " ".join(answer.segment.split())
    cut = name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1].rstrip() + "…"
    return f"“{cut}”"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _listing(names: tuple[str, ...]) -> str:
    if len(names) <= _NAMED:
        return ", ".join(names)
    return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} more"
