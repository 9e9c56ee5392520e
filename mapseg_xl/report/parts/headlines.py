"""The bold sentence at the top of a tab, by rules from the verdicts; true also when nothing is clear."""

from __future__ import annotations

from collections.abc import Sequence

from mapseg_xl.metrics.base import Metric
from mapseg_xl.prioritize.decision import FOCUS, HOLD, TEST
from mapseg_xl.report import words
from mapseg_xl.report.parts.case.story import Story
from mapseg_xl.report.parts.selection import Member, Shown

NOTHING_CLEAR = "No segment differs from everyone else more than chance would."
NOTHING_TO_COMPARE = "There is nothing to compare yet: no column describes the customers."
NOT_MEASURED = "Segments are counted, but this data cannot tell yet which do better."
_LONGEST_NAME = 40
_ROW = 70  # characters of a headline's row
_NAMES = ((2, 30), (2, 20), (2, 14), (1, 20), (1, 14), (1, 8))  # names told, characters of each
_STAYING = ("monthly_churn", "survival_12m", "survival_24m", "rmst_months")
_DOES = {  # what a better or worse segment does
    "conversion": ("converts more often", "converts less often"),
    "win_rate": ("is won more often", "is won less often"),
    "win_rate_by_value": ("is won more often by value", "is won less often by value"),
    "repeat_rate": ("buys again more often", "buys again less often"),
    "average_order_value": ("spends more an order", "spends less an order"),
    "arpu": ("pays more", "pays less"),
    "stays": ("stays longer", "leaves sooner"),
    "ltv": ("is worth more", "is worth less"),
    "cac": ("costs less to win", "costs more to win"),
    "ltv_to_cac": ("returns more for its cost", "returns less for its cost"),
    "payback_months": ("pays back sooner", "pays back later"),
}


def name(member: Member) -> str:
    """A segment inside a sentence: quoted, for names are no grammar; with its attribute where it needs it."""
    cut = words.short(member.value, _LONGEST_NAME)
    if member.label == member.value:
        return f"“{cut}”"
    attribute = words.short(words.header(member.segmentation), _LONGEST_NAME)
    return f"“{words.sentence_case(attribute)}: {cut}”"


def does(what: Shown, member: Member) -> tuple[list[str], list[str]]:
    """What a segment does better and worse than everyone else, in words; a mixed subject is left out."""
    good: list[str] = []
    bad: list[str] = []
    for subject, phrases in _DOES.items():
        ids = _STAYING if subject == "stays" else (subject,)
        verdicts = {what.row(member, m.id).verdict for m in what.metrics if m.id in ids}
        if "better" in verdicts and "worse" not in verdicts:
            good.append(phrases[0])
        elif "worse" in verdicts and "better" not in verdicts:
            bad.append(phrases[1])
    return good, bad


def decision_headline(story: Story) -> tuple[str, ...] | str:
    """Whom to focus on, whom to test, whom to leave; without candidates, who does better and who worse."""
    if not story.told:
        return summary_headline(story.what)
    return next(rows for longest in _NAMES if max(map(len, rows := _calls(story, longest))) <= _ROW)


def _calls(story: Story, longest: tuple[int, int]) -> tuple[str, ...]:
    """Two rows: whom to focus on; whom to test and to hold. `longest`: names told, and characters of each."""
    many, characters = longest
    named = {
        call: words.listing(
            [f"“{words.short(t.member.value, characters)}”" for t in story.called(call)], many
        )
        for call in (FOCUS, TEST, HOLD)
    }
    first = f"FOCUS ON {named[FOCUS]}" if named[FOCUS] else "NO SEGMENT TO FOCUS ON YET"
    rest = "; ".join(
        f"{verb} {named[call]}" for verb, call in (("TEST", TEST), ("HOLD", HOLD)) if named[call]
    )
    return (f"{first};", f"{rest}.") if rest else (f"{first}.",)


def summary_headline(what: Shown) -> str:
    """Who does better and who worse, and at what."""
    if blank := _nothing(what):
        return blank
    best, worst = ends(what)
    sentence = _best_words(what, best) if best else ""
    if worst and worst is not best:
        bad = does(what, worst)[1] or ["does worse"]
        joiner = "; " if sentence else ""
        than = "" if sentence else " than everyone else"
        sentence += f"{joiner}{name(worst)} {words.listing(bad[:2])}{than}"
    return words.sentence_case(sentence) + "."


def _best_words(what: Shown, best: Member) -> str:
    good, bad = does(what, best)
    sentence = f"{name(best)} {words.listing((good or ['does better'])[:2])} than everyone else"
    return f"{sentence}, but {bad[0]}" if bad else sentence


def performance_headline(what: Shown) -> str:
    """On how many measures the best segment does better, and the worst worse."""
    if blank := _nothing(what):
        return blank
    best, worst = ends(what)
    measures = words.counted_word(len(what.metrics), "measure")
    parts = []
    if best:
        parts.append(
            f"{name(best)} does better than everyone else on {_of(what, best, 'better')} of {measures}"
        )
    if worst and worst is not best:
        tail = _of(what, worst, "worse")
        parts.append(
            f"{name(worst)} does worse on {tail}"
            if parts
            else f"{name(worst)} does worse than everyone else on {tail} of {measures}"
        )
    elif worst and worst is best:
        parts.append(f"and worse on {_of(what, best, 'worse')}")
    return words.sentence_case("; ".join(parts).replace("; and ", " and ")) + "."


def _of(what: Shown, member: Member, verdict: str) -> str:
    return words.number_word(len(what.clear(member, verdict)))


def _nothing(what: Shown) -> str:
    """The headline where there is nothing clear to say; "" where there is."""
    if not what.members:
        return NOTHING_TO_COMPARE
    if not what.metrics:
        return NOT_MEASURED
    return "" if any(is_clear(what, m) for m in what.members) else NOTHING_CLEAR


def ends(what: Shown) -> tuple[Member | None, Member | None]:
    """The segment better on most measures and the one worse on most; either may be missing."""

    def count(member: Member, verdict: str, other: str) -> tuple[int, int, int]:
        mine, against = len(what.clear(member, verdict)), len(what.clear(member, other))
        return mine - against, mine, member.measured.tally.size

    members = causes(what, [m for m in what.members if is_clear(what, m)]) or what.members
    best = max(members, key=lambda m: count(m, "better", "worse"))
    if not what.clear(best, "better"):
        worst = max(members, key=lambda m: count(m, "worse", "better"))
        return None, worst
    others = [m for m in members if not _mirrored(what, best, m)]
    worst = max(others, key=lambda m: count(m, "worse", "better"))
    return best, worst if what.clear(worst, "worse") else None


def is_clear(what: Shown, member: Member) -> bool:
    """Whether a segment is better or worse on something."""
    return any(what.clear(member, verdict) for verdict in ("better", "worse"))


def causes(what: Shown, members: Sequence[Member]) -> Sequence[Member]:
    """The segments that are cut on no plan, contract or usage, where there are such; else all."""
    results = {g.segmentation.name for g in what.groups if g.segmentation.outcome_like}
    return [m for m in members if m.segmentation not in results] or members


def _mirrored(what: Shown, one: Member, other: Member) -> bool:
    """Whether two segments are each other's everyone else, so that one says all of it."""
    same = one.segmentation == other.segmentation and one.key != other.key
    group = next(g for g in what.groups if g.segmentation.name == one.segmentation)
    return same and group.segmentation.mirrored


def survival_headline(what: Shown, metric: Metric | None, months: int) -> str:
    """How many are still here after so many months, of the best and of the worst."""
    if metric is None:
        return "How long customers stay cannot be told from this data yet."
    rows = [(what.row(m, metric.id), m) for m in what.members]
    told = causes(what, [m for row, m in rows if words.is_clear(row)])
    clear = [(row.value or 0.0, m) for row, m in rows if m in told]
    base = what.findings.base(metric.id).value or 0.0
    when = f"{words.sentence_case(words.number_word(months))} months on"
    if not clear:
        tail = "no segment differs by more than chance would" if what.members else "all told"
        return f"{when}, {words.share_words(base)} customers are still here; {tail}."
    high, best = max(clear, key=lambda pair: pair[0])
    low, worst = min(clear, key=lambda pair: pair[0])
    first = f"{when}, {words.share_words(high)} customers of {name(best)} are still here"
    if best is worst:
        return f"{first}; company average: {words.share_words(base)}."
    return f"{first}; of {name(worst)}, {words.share_words(low)}."
