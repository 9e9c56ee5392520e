"""What must be said beside the figures, in plain words and grouped: a remark once, with the segments it is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from mapseg_xl.analyze.performance import PerformanceRow
from mapseg_xl.metrics.base import Metric
from mapseg_xl.report import words
from mapseg_xl.report.parts.selection import Member, Shown

CAUSE = "may be a result rather than a cause"
NOT_CHECKED = re.compile(r"not checked within (.+)")
_SILENT = (  # said elsewhere, or once for the tab
    re.compile(r"whole base"),
    re.compile(CAUSE),
    NOT_CHECKED,
    re.compile(r"whole curves differ: .*"),
    re.compile(r"(within [\d.]+ months|[\d,]+ (still )?followed( at month \d+| that long)?)"),
    re.compile(r"mean of the monthly prices, .*"),
    re.compile(r"\d+-month revenue: no margin is known"),
    re.compile(r"of those who convert within \d+ days"),
    re.compile(r"no test for this figure|depends on age"),
    re.compile(r"\d+% are still here when the last of these payments is made"),
    re.compile(r"average months as a customer has one"),
    re.compile(r"a shorter limit can be set on .*"),
    re.compile(r"this understates"),
    re.compile(r"everybody who has bought so far, however lately"),
)
_REVERSED = re.compile(r"reverses within (channel|start quarter): (\S+) against (\S+)(.*)")
_LEFT_OPEN = re.compile(
    r"[\d,]+ (units?|opportunit\w+|rows?|customers?|buyers?) .*|counting them while they were watched: .*"
)
_UNITS = re.compile(r"([\d,]+) unit(s?) still open on (\d{4}-\d\d-\d\d)(.*)")
_NAMED = (  # in front of the names; {} is what the pattern caught
    (re.compile(r"only ([\d,]+) .*"), "Too few to compare yet"),
    (re.compile(r"too few leave to compare: ([\d,]+)(?:, .*)?"), "Too few have left to compare"),
    (re.compile(r"(about [\d,]+ .* would settle it, .*)"), "Can't tell yet"),
    (
        re.compile(r"too few were followed that long, of (.*?)(?:, \d+ are needed there)?"),
        "Too few followed that long, of all",
    ),
    (re.compile(r"followed for ([\d.]+ months).*"), "Not followed long enough"),
    (re.compile(r"not reached yet, (.*)"), "Fewer than half have left"),
)
_PLAIN = {
    "a real but small difference": "A real but small difference, counted as about the same",
    "defined by the outcome": "Not compared, because the segment is cut on what is measured",
    "this segment alone cannot settle it, however large": "Can't tell, however large they grow: "
    "everyone else is too few or too mixed",
    "range probably too narrow: few customers": "Range probably too narrow, with so few customers",
    "nobody or everybody has left on one side, so this figure has no test": "Nobody, or everybody, has "
    "left on one side, so there is no test here; average months as a customer has one",
    "nobody has left so far": "Nobody has left so far",
    "every amount is 0": "Every amount is 0",
    "too few were followed to compare what customers are worth": "Too few followed long enough to compare "
    "what customers are worth",
    "there is nobody else to compare with": "Nobody else to compare with",
}
_ALL = {
    "no start dates: open trials cannot be told from lost ones": "no start dates: open trials cannot be "
    "told from lost ones, so this understates",
}
_ALONE = "would stand alone, not among "
_AS_IT_STANDS = tuple(
    re.compile(text)
    for text in (
        r"needs .+",
        r"[\d,]+ buyers? too recent on .+",
        r"a second order within \d+ days of the first|nobody has bought yet",
        r"[\d,]+( \w+)? left out: .+",
        r"[\d,]+( \w+)? (still open on .+|not decided yet, left out|not converted so far)",
        r"cost as recorded on each row|(spend with )?no new customer|the cost is 0",
        r"(may never pay back|never) within [\d.]+ months",
        r"value less cost points the other way",
        r"no (customers|month at risk|month is followed by enough customers)",
        r"no decided opportunity( has a value)?|no customer-month to divide by|nobody to count",
        r"nobody (was watched for [\d.]+ days|converted within the window)",
        r"nobody has left: this is for [\d.]+ months only",
        r"every row is a customer: without leads or trials nothing can be said about conversion",
        r"no conversion dates: converted whenever it was|counting them while they were watched: .+",
        r"lost opportunities carry no value here: needs what they would have been",
        r"revenue so far over months as a customer: no monthly price is known",
        r"no start dates: open trials cannot be told from lost ones",
        r"segments do not differ more than chance|too few to compare",
        r"the sheet gives (shares alone, not of how many customers|sums alone)|not reached",
        r"a column with the standard deviation beside the sum would give a plausible range",
    )
)
_LONG_NUMBER = re.compile(r"\d+\.\d{2,}(?![\d%])")
_FEWEST = "everyone else: "
_LONGEST_NAME = 40


def remarks(shown: Shown, metric: Metric, members: Sequence[Member]) -> list[str]:
    """Lines under a metric's tables: what all rows share first, then what is about some segments."""
    base = _parts(shown.findings.base(metric.id).note)
    lines = [words.sentence_case(_about_all(part)) + "." for part in base if not _is_silent(part)]
    about: list[tuple[str, str]] = []
    for member in members:
        row = shown.row(member, metric.id)
        for part in _parts(row.note):
            if part in base or _is_silent(part) or _LEFT_OPEN.fullmatch(part):
                continue
            said, detail = _said(part, row)
            name = words.short(member.label, _LONGEST_NAME)
            about.append((said, f"{name} ({detail})" if detail else name))
    for said, names in words.grouped(about).items():
        lines.append(f"{said}: {words.listing(names)}.")
    return lines


def readable(note: str) -> str:
    """A note of the findings with its numbers rounded as the page rounds them.

    >>> readable("not reached: 51% still here at 29.4333 months")
    'not reached yet, 51% still here at 29.4 months'
    """
    note = _LONG_NUMBER.sub(lambda found: words.months(float(found[0])), note)
    return note.replace("not reached: ", "not reached yet, ")


def _about_all(part: str) -> str:
    """A remark about the whole base; dates with their month in words."""
    if found := _UNITS.fullmatch(part):
        count, many, when, rest = found.groups()
        day = words.day(date.fromisoformat(when))
        return f"{count} trial{many} still open on {day}, left out{rest}"
    return _ALL.get(part, part)


def tab_remarks(shown: Shown) -> list[str]:
    """What holds for the tab as a whole: causes, checks not made, how verdicts come about."""
    lines = []
    suspects = [
        words.header(g.segmentation.name)
        for g in shown.groups
        if g.segmentation.outcome_like and any(_compared(shown, m) for m in _of(shown, g))
    ]
    if suspects:
        verb = "may be a result of what is measured rather than its cause"
        lines.append(f"{words.sentence_case(words.listing(suspects))}: {verb}.")
    unchecked = {
        found[1]
        for member in shown.members
        for metric in shown.metrics
        for part in _parts(shown.row(member, metric.id).note)
        if (found := NOT_CHECKED.fullmatch(part))
    }
    if unchecked:
        within = max(unchecked, key=len)
        lines.append(f"Differences are not checked within {within}: no such column was read.")
    return lines


HOW_TO_READ = (
    "Better, worse: differs from everyone else by more than chance, allowing for checking many segments. "
    "About the same: a difference that matters is ruled out. Can't tell yet: too few so far to say either.\n"
    "▲ ▼ say which way the figure lies, colour and word whether that is good. Index: everyone else = 100. "
    "A – is explained in its row or under its table."
)


def verdict_lines(shown: Shown) -> list[str]:
    """What holds for the tab as a whole, and how to read the verdicts."""
    return [*tab_remarks(shown), *HOW_TO_READ.splitlines()]


def more_data(shown: Shown, members: Iterable[Member]) -> list[tuple[Member, Metric, str]]:
    """Where it cannot be told yet and why; those that more customers would settle come first."""
    found = []
    for member in members:
        for metric in shown.metrics:
            row = shown.row(member, metric.id)
            if row.verdict != "cant_tell":
                continue
            parts = [
                p for p in _parts(row.note) if not _is_silent(p) and not _LEFT_OPEN.fullmatch(p)
            ]
            wanted = [p for p in parts if "would settle it" in p]
            found.append((member, metric, _reason((wanted or parts or [""])[0], row)))
    return sorted(found, key=lambda item: "would settle it" not in item[2])


def _reason(part: str, row: PerformanceRow) -> str:
    if not part:
        return "the range holds both no difference and one that matters"
    if "would settle it" in part:
        return part
    said, detail = _said(part, row)
    said = said[:1].lower() + said[1:]
    return f"{said} ({detail})" if detail else said


def _of(shown: Shown, group: object) -> list[Member]:
    measured = getattr(group, "measured", ())
    return [m for m in shown.members if m.measured in measured]


def _compared(shown: Shown, member: Member) -> bool:
    return any(CAUSE in shown.row(member, m.id).note for m in shown.metrics)


def _parts(note: str) -> list[str]:
    return [part.strip() for part in readable(note).split("; ") if part.strip()]


def _is_silent(part: str) -> bool:
    return any(pattern.fullmatch(part) for pattern in _SILENT)


def _said(part: str, row: PerformanceRow) -> tuple[str, str]:
    """A remark as the page says it, and what goes in brackets after the segment's name."""
    if part.startswith(_FEWEST):
        said, detail = _said(part.removeprefix(_FEWEST), row)
        return f"Everyone else: {said[:1].lower()}{said[1:]}", detail
    if found := _REVERSED.fullmatch(part):
        where, within, whole, left = found.groups()
        one, other = (_gap(float(x), row.unit) for x in (within, whole))
        return f"The difference reverses within {where}", f"{one} against {other}{left}"
    for pattern, said in _NAMED:
        if found := pattern.fullmatch(part):
            return said, found[1]
    if part.startswith("needs "):  # the base has the figure, so these customers have no value in it
        return "No value for any of them", ""
    if part.startswith(_ALONE):
        return f"Would stand alone, but not among {part.rsplit(' ', 1)[-1]} compared", ""
    return _PLAIN.get(part, words.sentence_case(part)), ""


def _gap(difference: float, unit: str) -> str:
    """A difference with its unit: points for shares."""
    scale: Callable[[float], str] = {
        "share": lambda x: f"{x * 100:+.1f} points",
        "months": lambda x: f"{x:+.1f} months",
    }.get(unit, lambda x: f"{x:+,.0f}")
    return scale(difference).replace("-", "−")


def is_known(part: str) -> bool:
    """Whether a part of a note is one that the page has words for, leaves out, or says as it stands.

    >>> is_known("the cost is 0"), is_known("something new")
    (True, False)
    """
    part = readable(part).removeprefix(_FEWEST)
    patterns = (*_SILENT, _REVERSED, _UNITS, *(pattern for pattern, _ in _NAMED), *_AS_IT_STANDS)
    listed = part in _PLAIN or part in _ALL or part.startswith(_ALONE)
    return listed or any(pattern.fullmatch(part) for pattern in patterns)
