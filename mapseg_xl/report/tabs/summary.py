"""Summary: what a reader who opens one tab must know. Figures are copies of the cells that own them."""

from __future__ import annotations

from collections.abc import Sequence

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.intake.tables import Match
from mapseg_xl.metrics.base import Metric
from mapseg_xl.report import words
from mapseg_xl.report.layout.lettering import width_px
from mapseg_xl.report.parts import native
from mapseg_xl.report.parts.case.brief import SURE, WHY, WORTH, Line, brief, ranking_copy
from mapseg_xl.report.parts.case.story import Story, Told, story_of
from mapseg_xl.report.parts.case.unsettled import open_sections
from mapseg_xl.report.parts.changed.drift_line import drift_line
from mapseg_xl.report.parts.headlines import decision_headline
from mapseg_xl.report.parts.measures import value_ref
from mapseg_xl.report.parts.names import (
    BASE,
    CLUSTER_PIVOT,
    COHORTS,
    DATA_HEALTH,
    DECISION,
    DEFINITIONS,
    HYPOTHESES,
    OBJECTIONS,
    PERFORMANCE,
    PRIORITIES,
    ROLLOUT,
    SUMMARY,
    SURVIVAL,
    TAM_SCORING,
    VOICE,
    VOLUME,
    WHAT_IF,
    profile,
)
from mapseg_xl.report.parts.remarks import tab_remarks
from mapseg_xl.report.parts.selection import Member, Shown, shown
from mapseg_xl.report.spec import Cell, Column, Content, Link, Row, Section, Tab, Table, Text

LONGEST = 6  # segments
CASE, AFTER = "case", "after"  # tables
COLUMNS_SHOWN = 5
_FIRST_COLUMN = 4
_COMPARED = (  # the table takes the first of these that are known
    *("conversion", "win_rate", "repeat_rate", "arpu", "monthly_churn", "survival_12m"),
    *("payback_months", "ltv_to_cac", "ltv", "cac", "rmst_months"),
)
_LONGEST_LABEL = 36
WIDTHS = {0: 88, 1: 106, 2: 52, 3: 62, 4: 90, 5: 90, 6: 90, 7: 90, 8: 90, 9: 134, 10: 98}  # 990
_LABEL_PX = WIDTHS[0] + WIDTHS[1] - 12  # less the air before the next column
_MARKS = {"about_same": ".same", "cant_tell": ".unsure"}
_WAYS = {words.UP: ".up", words.DOWN: ".down"}
_PLACES = (
    ("Measure", (VOLUME, CLUSTER_PIVOT, HYPOTHESES)),
    ("Analyze", (PERFORMANCE, COHORTS, SURVIVAL, WHAT_IF, OBJECTIONS)),
    ("Prioritize", (TAM_SCORING, PRIORITIES)),
    ("Act", (VOICE, ROLLOUT, DECISION)),
    ("Trust", (DATA_HEALTH, DEFINITIONS)),
)


def tab(findings: Findings) -> Tab:
    """The tab of a run's findings."""
    story = story_of(shown(findings))
    lines: list[Content] = list(_origin(findings))
    if drift := drift_line(findings):
        lines.append(drift)
    sections = [Section("", (Text(tuple(lines), "note"),)), *_segments(story)]
    sections += _case(story) if story.told else open_sections(story.what)
    sections.append(_contents(findings))
    return Tab(
        SUMMARY,
        "",
        decision_headline(story),
        _subline(story),
        tuple(sections),
        _notes(story.what),
        WIDTHS,
        together=3,
    )


def _subline(story: Story) -> str:
    """What is missing before this is final."""
    missing = story.what.findings.priorities.provisional
    if not story.told:
        return (
            "Every segment is compared with everyone else; what chance alone could do is not called "
            "a difference."
        )
    if not missing:
        return "Every segment is compared with everyone else; all must-haves and answers are in."
    return f"Provisional: still missing {'; '.join(missing)}."


def _origin(findings: Findings) -> tuple[str, ...]:
    """Date of the data, and what its money adds up to."""
    whole = findings.whole
    dated = f"Data to {words.day(findings.as_of)}" if findings.as_of else "Data without dates"
    counts = [words.counted(whole.size, "row")]
    if whole.paying:
        counts.append(words.counted(whole.customers, "customer") + " now")
    if whole.churned:
        counts.append(f"{whole.churned:,} have left")
    return (f"{dated}: {words.listing(counts)}. {_tie_out(findings)}",)


def _tie_out(findings: Findings) -> str:
    """Whether the money of every joined table has found its customers."""
    joined = [_tied(match, findings.currency) for match in findings.matches if _has_money(match)]
    if joined:
        return f"{' '.join(joined)} See {DATA_HEALTH}."
    price = findings.whole.revenue_monthly
    so_far = findings.whole.revenue_total
    if price is None and so_far is not None:
        total = f"{findings.currency}{so_far.values.total:,.0f}"
        return f"The money of {words.counted(so_far.n, 'customer')} was read, {total} in all."
    if price is None and findings.whole.price_sums is not None:
        sums = findings.whole.price_sums
        return f"The sheets add up to {findings.currency}{sums.total:,.0f} a month."
    if price is None:
        return "No billing was given, so no money is tied out."
    total = f"{findings.currency}{price.values.total:,.0f}"
    return f"{words.counted(price.n, 'price')} read, {total} a month in all."


def _has_money(match: Match) -> bool:
    return match.money_matched is not None


def _tied(match: Match, symbol: str) -> str:
    found, lost = match.money_matched or 0.0, match.money_left or 0.0
    total, table = found + lost, match.right.rpartition(" · ")[2]
    if abs(lost) < 0.005:
        return f"{table} ties: all {symbol}{total:,.2f} found its customer."
    return (
        f"{table}: {symbol}{found:,.2f} of {symbol}{total:,.2f} found its customer, "
        f"{symbol}{lost:,.2f} of {words.counted(match.only_right, 'key')} did not."
    )


def _metrics(what: Shown) -> list[Metric]:
    known = {m.id: m for m in what.metrics}
    return [known[m] for m in _COMPARED if m in known][:COLUMNS_SHOWN]


def _segments(story: Story) -> list[Section]:
    """Company average and each candidate; without candidates, the segments that differ most."""
    what = story.what
    told = {t.member.key: t for t in story.featured(LONGEST)}
    chosen = [t.member for t in told.values()] or what.chosen(LONGEST)
    if not chosen:
        return []
    metrics = _metrics(what)
    columns = [
        Column("segment", "Segment", 0, "label", bold=True),
        Column("call", "Call" if told else "", 2, "text"),
        Column("n", "Rows", 3, "count"),
    ]
    columns += [
        Column(m.id, words.brief(m, what.findings), at, words.figure(m, what.findings))
        for at, m in enumerate(metrics, _FIRST_COLUMN)
    ]
    if told:
        columns.append(Column("first", "First, in 100 reruns", 9, "index"))
        columns.append(Column("evidence", "Evidence", 10, "text"))
    rows = [_company(what, metrics)]
    rows += [_segment(story, member, metrics, told.get(member.key)) for member in chosen]
    table = Table("segments", tuple(columns), tuple(rows))
    help_text = (
        "against everyone else: ▲▼ clear, colour good or bad; = about the same; ? can't tell yet"
    )
    hidden = (len(story.told) or len(what.members)) - len(chosen)
    parts: list[Table | Text] = [table]
    if hidden > 0:
        where = PRIORITIES if told else PERFORMANCE
        parts.append(Text((f"{words.counted(hidden, 'more segment')} on {where}.",), "note"))
    return [Section("Segments", tuple(parts), help_text if metrics else "")]


def _segment(story: Story, member: Member, metrics: Sequence[Metric], told: Told | None) -> Row:
    what = story.what
    cells: dict[str, Content | Cell] = {
        "segment": _link(what, member, _fitted(member.label)),
        "n": told.candidate.n if told else member.measured.tally.size,
    }
    for metric in metrics:
        cells[metric.id] = _figure(what, member, metric)
    if told is not None:
        look = {"focus": "call.focus", "test": "bold"}.get(told.row.recommendation, "muted")
        cells["call"] = Cell(words.CALLS[told.row.recommendation], look)
        cells["first"] = ranking_copy(story, told, "first")
        cells["evidence"] = told.row.evidence
    return Row(member.key, cells)


def _fitted(label: str) -> str:
    """A name cut to the room before the call: a link cannot run on in a row of its own.

    >>> _fitted("Agencies"), _fitted("Public sector, schools and municipalities")
    ('Agencies', 'Public sector, schools and…')
    """
    longest = _LONGEST_LABEL
    while longest > 1 and width_px(words.short(label, longest), 10, bold=True) > _LABEL_PX:
        longest -= 1
    return words.short(label, longest)


def _link(what: Shown, member: Member, text: str) -> Link:
    """The name leads to the segment's first row on Performance."""
    if not what.metrics:
        return Link(PERFORMANCE, text)
    return Link(PERFORMANCE, text, value_ref(what, what.metrics[0].id, member.key, "segment"))


def _figure(what: Shown, member: Member, metric: Metric) -> Content | Cell:
    """A copy of the figure with its verdict: an arrow in colour, = or ? before it."""
    row = what.row(member, metric.id)
    copy = native.copy(value_ref(what, metric.id, member.key), row.value)
    if copy is None:
        return None
    kind = words.figure(metric, what.findings)
    if words.is_clear(row):
        return Cell(copy, row.verdict, kind + _WAYS.get(words.arrow(row), ""))
    return Cell(copy, format=kind + _MARKS.get(row.verdict, ""))


def _company(what: Shown, metrics: Sequence[Metric]) -> Row:
    cells: dict[str, Content | Cell] = {
        "segment": words.COMPANY if metrics else "All",
        "n": what.findings.whole.size,
    }
    for metric in metrics:
        value = what.findings.base(metric.id).value
        cells[metric.id] = native.copy(value_ref(what, metric.id, BASE), value)
    return Row(BASE, cells, "muted")


def _case(story: Story) -> list[Section]:
    """The case line by line, each with the tab that proves it: first for whom, then who not and what next."""
    lines = brief(story)
    first = [line for line in lines if line.part in (WHY, SURE, WORTH)]
    rest = [line for line in lines if line not in first]
    help_text = "at the right: where the figures stand"
    return [
        Section(title, (_said(block, part),), help_text)
        for title, block, part in (
            ("The case", CASE, first),
            ("Not now, and what next", AFTER, rest),
        )
        if part
    ]


def _said(block: str, lines: Sequence[Line]) -> Table:
    columns = (
        Column("head", "", 0, "label", bold=True),
        Column("said", "", 1, "text"),
        Column("evidence", "", 10, "text"),
    )
    rows: list[Row] = []
    part = ""
    for at, line in enumerate(lines):
        cells: dict[str, Content | Cell] = {"said": line.content}
        if line.evidence:
            cells["evidence"] = Link(line.evidence, line.evidence)
        else:  # the sentence goes on
            cells["said"] = Cell(line.content, "body")
        if line.part != part:
            cells["head"] = Cell(line.part, "mark")
        part = line.part
        rows.append(Row(f"line {at}", cells, "body" if line.evidence else "sub"))
    return Table(block, columns, tuple(rows), head=False)


def _contents(findings: Findings) -> Section:
    """Where everything is; a page a chosen segment."""
    columns = [Column("step", "", 0, "label")]
    columns += [Column(f"place{k}", "", at, "text") for k, at in enumerate((1, 3, 5, 7, 9))]
    rows = []
    for step, places in _PLACES:
        links: dict[str, Content | Cell] = {
            f"place{k}": Link(place, place) for k, place in enumerate(places)
        }
        rows.append(Row(step, {"step": Cell(step, "muted"), **links}))
    pages: dict[str, Content | Cell] = {
        f"place{k}": Link(profile(page.letter), f"{page.letter}: {words.short(page.name, 24)}")
        for k, page in enumerate(findings.profiles.chosen)
    }
    if pages:
        rows.append(Row("Profiles", {"step": Cell("Profiles", "muted"), **pages}))
    return Section(
        "In this workbook", (Table("contents", tuple(columns), tuple(rows), head=False),)
    )


def _notes(what: Shown) -> tuple[str, ...]:
    findings = what.findings
    source = f"{findings.origin.source}, sheet {findings.origin.sheet}"
    how_sure = (
        f"How sure: ranges hold {findings.settings.confidence:.0%} of the time; a segment is called better or "
        "worse only if its difference stands after allowing for checking many segments."
    )
    lines = [f"Data: {source}.", how_sure, *tab_remarks(what)]
    missing = [words.say(m, findings) for m in what.missing if m.id in _COMPARED]
    if missing:
        lines.append(
            f"Not in this data: {words.listing(missing, 9)}. {DATA_HEALTH} says what each needs."
        )
    return tuple(lines)
