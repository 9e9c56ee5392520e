"""Profile A, Profile B ...: one page a chosen segment: what it does, who it is, what it says, what follows for us."""

from __future__ import annotations

from collections.abc import Sequence

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.analyze.performance import HELD_OUT
from mapseg_xl.measure.parsing import parse_rule
from mapseg_xl.metrics.base import Metric
from mapseg_xl.report import words
from mapseg_xl.report.parts import native
from mapseg_xl.report.parts.act.heard import live_count
from mapseg_xl.report.parts.act.profile_inputs import (
    BUILD,
    JOB,
    SAY,
    agreement,
    fields,
    filled,
    questions,
)
from mapseg_xl.report.parts.act.typical import where, who
from mapseg_xl.report.parts.case.sentences import clear_metrics, finding
from mapseg_xl.report.parts.headlines import name
from mapseg_xl.report.parts.measures import value_ref
from mapseg_xl.report.parts.names import profile as tab_name
from mapseg_xl.report.parts.selection import FOLLOWS_INPUTS, Member, Shown, shown
from mapseg_xl.report.spec import (
    Cell,
    Column,
    Content,
    Figure,
    Figures,
    Formula,
    Row,
    Section,
    Tab,
    Table,
    Text,
)
from mapseg_xl.rollout.profiles import Profile
from mapseg_xl.rollout.voice import Heard, top_themes

QUOTES = "quotes"
EVERYONE_ELSE = "everyone else "
MOST_QUOTES, MOST_FIGURES = 3, 6
LONGEST_QUOTE = 105  # characters, on one line of the page
_BAND = (
    *("conversion", "win_rate", "arpu", "survival_12m", "monthly_churn"),
    *("ltv", "ltv_to_cac", "payback_months", "cac", "survival_24m", "rmst_months"),
)
_HEADLINE_PX = 780
_LONGEST_RULE = 95  # characters: with what follows it, one line of the page


def tabs(findings: Findings) -> tuple[Tab, ...]:
    """A tab a chosen segment, by letter; none where none is chosen."""
    what = shown(findings)
    members = {m.key: m for m in what.members}
    chosen = sorted(findings.profiles.chosen, key=lambda p: (len(p.letter), p.letter))
    return tuple(_tab(what, p, members[p.segment_id]) for p in chosen if p.segment_id in members)


def _tab(what: Shown, profile: Profile, member: Member) -> Tab:
    notes = what.findings.voice.of(profile.segment_id)
    sections = [
        Section("", (_band(what, member), Text((_evidence(what, profile, notes),), "note"))),
        who(profile),
        questions(JOB),
        where(profile),
        questions(BUILD),
        _said(what, profile, notes),
        questions(SAY),
        agreement(),
    ]
    return Tab(
        tab_name(profile.letter),
        "ACT",
        _headline(what, member),
        _subline(what, profile),
        tuple(sections),
        has_inputs=True,
    )


def _headline(what: Shown, member: Member) -> str:
    """What it does better than everyone else, with figures; else that nothing is clear yet."""
    steady = [m for m in clear_metrics(what, member, "better") if m.id not in FOLLOWS_INPUTS]
    if steady:
        return str(finding(what, member, steady[:2], _HEADLINE_PX).value)
    return f"{words.sentence_case(name(member))} is on no measure clearly better than everyone else yet."


def _subline(what: Shown, profile: Profile) -> str:
    rule = words.sentence_case(parse_rule(profile.rule).words().replace("_", " "))
    rule = words.short(rule, _LONGEST_RULE)
    size = f"{words.counted(profile.n, 'row')}, {profile.share:.1%} of all"
    return f"{rule} · {size} · recommendation: {profile.call}"


def _evidence(what: Shown, profile: Profile, notes: Sequence[Heard]) -> Content:
    """How complete the page is, live; how old what was heard; on whom the figures were judged."""
    heard = "nobody quoted yet"
    if notes:
        dated = [note.said_on for note in notes if note.said_on]
        newest = f", the newest of {words.day(max(dated))}" if dated else ""
        heard = f"{words.counted(len(notes), 'note')} of what they said{newest}"
    return native.sentence(
        "Complete: ",
        filled(what.findings, tab_name(profile.letter)),
        f" of {fields()} answers filled in; {heard}. {_judged(what, profile)}".rstrip(),
        kinds=("count",),
    )


def _judged(what: Shown, profile: Profile) -> str:
    """That the figures above are those of the half that did not find the segment."""
    for candidate in what.findings.candidates:
        if candidate.segment_id == profile.segment_id and candidate.basis == HELD_OUT:
            n = words.counted(candidate.measured.tally.size, "row")
            return f"Figures are of the {n} of it that did not take part in finding it."
    return ""


def _band(what: Shown, member: Member) -> Figures:
    """Up to six figures with everyone else's, copied from Performance."""
    known = {m.id: m for m in what.metrics}
    ids = [m for m in _BAND if m in known and what.row(member, m).value is not None]
    if "survival_12m" in ids and len(ids) > MOST_FIGURES:
        ids = [m for m in ids if m != "monthly_churn"]
    return Figures("figures", tuple(_figure(what, member, known[m]) for m in ids[:MOST_FIGURES]))


def _figure(what: Shown, member: Member, metric: Metric) -> Figure:
    row, kind = what.row(member, metric.id), words.figure(metric, what.findings)
    symbol = what.findings.currency
    value = native.copy(value_ref(what, metric.id, member.key), row.value)
    sub: Content = ""
    if row.rest_value is not None:
        rest = native.copy(value_ref(what, metric.id, member.key, "rest"), row.rest_value)
        sub = native.sentence(EVERYONE_ELSE, rest, symbol=symbol, kinds=(kind,))
    return Figure(
        metric.id, words.brief(metric, what.findings), value, sub, kind, _mark(what, member, metric)
    )


def _mark(what: Shown, member: Member, metric: Metric) -> Content | Cell:
    """The index with its verdict: arrow = way the figure lies, word and colour = good or bad."""
    row = what.row(member, metric.id)
    if row.index is None:
        return words.chip(row)
    index = native.copy(value_ref(what, metric.id, member.key, "index"), row.index * 100)
    if not words.is_clear(row):
        said = words.chip(row).lstrip("=?– ")
        return native.sentence("index ", index, f" · {said}", kinds=("index",))
    text = native.sentence(
        f"{words.arrow(row)} index ", index, f" · {row.verdict}", kinds=("index",)
    )
    return Cell(text, row.verdict)


def _said(what: Shown, profile: Profile, notes: Sequence[Heard]) -> Section:
    """Themes counted, and up to three quotes: the newest of the commonest themes."""
    title = "What they say"
    if not notes:
        line = "Nobody has written down what they say yet: add notes on Voice of customer."
        return Section(title, (Text((line,), "note"),))
    columns = (Column("quote", "", 0, "label"), Column("who", "", 8, "text"))
    rows = []
    for at, note in enumerate(_quoted(notes), start=1):
        said_on = f", {words.day(note.said_on)}" if note.said_on else ""
        quote = Cell(f"“{words.short(note.quote, LONGEST_QUOTE)}”", "quote")
        rows.append(
            Row(f"quote {at}", {"quote": quote, "who": Cell(f"{note.team}{said_on}", "note")})
        )
    table = Table(QUOTES, columns, tuple(rows), head=False)
    return Section(
        title, (Text((_themes(what, profile, notes),), "note"), table), "from Voice of customer"
    )


def _themes(what: Shown, profile: Profile, notes: Sequence[Heard]) -> Content:
    """How many notes on which theme, copied from Voice of customer where it shows them."""
    all_notes = live_count(what.findings, profile.segment_id) or str(len(notes))
    parts: list[str | Content] = ["Notes: ", all_notes, " in all"]
    for theme, n in top_themes(notes)[:MOST_QUOTES]:
        said = live_count(what.findings, profile.segment_id, theme) or str(n)
        parts += [f", {words.short(theme, 30)} ", said]
    kinds = tuple("count" for part in parts if isinstance(part, Formula))
    return native.sentence(*parts, ".", kinds=kinds)


def _quoted(notes: Sequence[Heard]) -> list[Heard]:
    """The newest note of each of the commonest themes; where there are fewer themes, the newest others."""
    newest: dict[str, Heard] = {}
    for note in notes:  # newest first
        newest.setdefault(note.theme, note)
    found = [newest[theme] for theme, _ in top_themes(notes)]
    found += [note for note in notes if note not in found]
    return found[:MOST_QUOTES]
