"""Performance: every judged metric, segment by segment against everyone else, with what to know beside it."""

from __future__ import annotations

from mapseg_xl.analyze.attributes import whole_attribute_p
from mapseg_xl.analyze.findings import Findings
from mapseg_xl.metrics.base import Metric
from mapseg_xl.report import words
from mapseg_xl.report.parts.case.quoted import quoted_section
from mapseg_xl.report.parts.case.story import story_of
from mapseg_xl.report.parts.headlines import performance_headline
from mapseg_xl.report.parts.measures import PANEL, WIDTHS, table_of
from mapseg_xl.report.parts.names import BASE, PERFORMANCE, more
from mapseg_xl.report.parts.remarks import readable, remarks, verdict_lines
from mapseg_xl.report.parts.selection import FOLLOWS_INPUTS, Member, Shown, shown
from mapseg_xl.report.spec import (
    Column,
    Input,
    Panel,
    Part,
    Ref,
    Row,
    Section,
    Tab,
    Table,
    Text,
)

NOTES = "notes"
_NARROW = 44  # characters of a name in the right half of the page
_HELPS = {
    "win_rate": "won, of those decided",
    "win_rate_by_value": "value won, of the value decided",
    "repeat_rate": "buyers with a second order",
    "average_order_value": "revenue over orders",
    "arpu": "mean monthly price of all who ever paid",
    "monthly_churn": "customers lost for each month a customer was here",
    "survival_12m": "share of customers still here a year after their start",
    "survival_24m": "share of customers still here two years after their start",
    "cac": "spend over new customers",
    "ltv_to_cac": "lifetime value over cost to win",
    "payback_months": "payments until the cost is earned back, counting those who leave",
}


def tab(findings: Findings) -> Tab:
    """The tab of a run's findings."""
    what = shown(findings)
    sections = [part for metric in what.metrics for part in _metric_sections(what, metric)]
    sections += _described(what)
    sections += quoted_section(story_of(what))
    sections += _other_traits(what)
    sections += _missing(what)
    sections += _notes(what)
    return Tab(
        PERFORMANCE,
        "ANALYZE",
        performance_headline(what),
        _subline(what),
        tuple(sections),
        notes=_last_lines(what) if what.members and what.metrics else (),
        widths=WIDTHS,
        has_inputs=bool(what.members),
    )


def _subline(what: Shown) -> str:
    names = words.listing([words.header(g.segmentation.name) for g in what.groups], 4)
    if not names:
        return "No column describes the customers, so there are no segments to compare."
    return (
        f"{words.sentence_case(names)}: each segment against everyone else. Dot = value, line = "
        "plausible range, grey line = company average."
    )


def _metric_sections(what: Shown, metric: Metric) -> list[Section]:
    """The table with its panel, and below it the segments that have no place beside the panel."""
    first, later = what.with_panel, what.without_panel
    whole = _whole_attributes(what, metric)
    parts: list[Part] = [Text(whole, "note")] if whole else []
    parts.append(table_of(what, metric, first, metric.id))
    if first:
        parts.append(_panel(what, metric, first))
    lines = [] if metric.id in FOLLOWS_INPUTS else remarks(what, metric, what.members)
    said = (Text(tuple(lines), "note"),) if lines else ()
    title, help_text = words.title(metric, what.findings), _help(what, metric)
    if not later:
        return [Section(title, (*parts, *said), help_text)]
    others = (table_of(what, metric, later, more(metric.id)), *said)
    return [Section(title, tuple(parts), help_text), Section("", others)]


def _whole_attributes(what: Shown, metric: Metric) -> tuple[str, ...]:
    """Which attributes as a whole say nothing about a share: said before any of their values."""
    if metric.cautious != "share":
        return ()
    findings, lines = what.findings, []
    for group in what.groups:
        name = group.segmentation.name
        rows = [r for r in findings.performance if (r.segmentation, r.metric) == (name, metric.id)]
        p = whole_attribute_p(rows) if group.segmentation.kind == "partition" else None
        if p is not None and p > findings.settings.false_discovery_rate:
            lines.append(
                f"{words.sentence_case(words.header(name))} as a whole says nothing about this: "
                "its values differ no more than by chance."
            )
    return tuple(lines)


def _last_lines(what: Shown) -> tuple[str, ...]:
    """How to read the tab, then what changes with an input: at the end, where it moves no row."""
    lines = verdict_lines(what)
    for metric in what.metrics:
        if metric.id in FOLLOWS_INPUTS:
            title = words.title(metric, what.findings)
            lines += [f"{title} · {line}" for line in remarks(what, metric, what.members)]
    return tuple(lines)


def _panel(what: Shown, metric: Metric, members: tuple[Member, ...]) -> Panel:
    verdicts = {m.key: what.row(m, metric.id).verdict for m in members}
    colours = {k: v if v in ("better", "worse") else "plain" for k, v in verdicts.items()}
    return Panel(
        f"{metric.id}.panel",
        metric.id,
        "value",
        "low",
        "high",
        colours,
        *PANEL,
        words.figure(metric, what.findings),
        Ref(metric.id, BASE, "value"),
    )


def _help(what: Shown, metric: Metric) -> str:
    findings = what.findings
    settings = findings.settings
    said = _HELPS.get(metric.id, "")
    if metric.id == "conversion":
        said = words.window_words(findings)
    if metric.id == "rmst_months" and findings.context.tau_months is not None:
        said = f"within the first {words.months(findings.context.tau_months)} months"
    if metric.id == "ltv":
        said = f"discounted at {settings.annual_discount:.0%} a year, nothing extrapolated"
    return " · ".join(part for part in (said, words.better_is(metric)) if part)


def _described(what: Shown) -> list[Section]:
    """Figures that are shown and never judged, two metrics beside each other."""
    if not what.untested:
        return []
    head = Section("Shown, not compared", (), "these grow with age, or have no test")
    sections = [head]
    for at, metric in enumerate(what.untested):
        left = at % 2 == 0
        first, last = (0, 4) if left else (6, 10)
        sections.append(
            Section(
                words.title(metric, what.findings),
                (_description(what, metric, first),),
                _why_not(metric),
                first,
                last,
                beside=not left,
            )
        )
    return sections


def _why_not(metric: Metric) -> str:
    return metric.untested.replace("no test for this figure", "no test")


def _description(what: Shown, metric: Metric, first: int) -> Table:
    """Segment, value and range of a metric, in five columns from `first`."""
    full = table_of(what, metric, what.members, metric.id)
    shift = {"segment": 0, "n": 1, "value": 2, "low": 3, "high": 4}
    if first:
        shift["n"] = -1  # the narrow half has no room for it
        shift["segment"] = 0
    counts = 13 if not first else 15
    columns = []
    for column in full.columns:
        if column.key in shift and shift[column.key] >= 0:
            at = first + shift[column.key]
        elif column.key in ("events", "n"):
            at = counts + (column.key == "n")
        else:
            continue
        columns.append(Column(column.key, column.title, at, column.format, column.unit))
    wanted = {column.key for column in columns}
    rows = []
    for row in full.rows:
        cells = {key: cell for key, cell in row.cells.items() if key in wanted}
        if row.look != "sub" and cells.get("value") is None:
            cells["value"] = None
        if first:
            cells["segment"] = words.short(str(cells["segment"]), _NARROW)
        rows.append(Row(row.key, cells, row.look))
    return Table(metric.id, tuple(columns), tuple(rows))


def _other_traits(what: Shown) -> list[Section]:
    """The traits not shown row by row: on how many of their values each metric is clear."""
    if not what.others:
        return []
    metrics = what.metrics[:9]
    columns = [Column("trait", "Trait", 0, "label"), Column("values", "Values", 1, "count")]
    columns += [
        Column(m.id, words.brief(m, what.findings), at, "text")
        for at, m in enumerate(metrics, start=2)
    ]
    rows = []
    for group in what.others:
        cells: dict[str, str | int] = {
            "trait": words.header(group.segmentation.name),
            "values": len(group.measured),
        }
        for metric in metrics:
            verdicts = [what.lines[m.segment.segment_id, metric.id].verdict for m in group.measured]
            better, worse = verdicts.count("better"), verdicts.count("worse")
            cells[metric.id] = f"{better} / {worse}" if better or worse else "–"
        rows.append(Row(group.segmentation.name, cells))
    table = Table("other traits", tuple(columns), tuple(rows))
    help_text = (
        "values that do better / worse than everyone else, – none; name a trait to see its rows"
    )
    return [Section("Other traits", (table,), help_text)]


def _missing(what: Shown) -> list[Section]:
    """Metrics this data cannot give, with what each needs; those of one reason on one line."""
    if not what.missing:
        return []
    reasons = words.grouped(
        (readable(what.findings.base(m.id).note), words.say(m, what.findings)) for m in what.missing
    )
    lines = tuple(
        f"{words.sentence_case(words.listing(titles, 9))}: {why}."
        for why, titles in reasons.items()
    )
    return [Section("Not in this data", (Text(lines, "note"),))]


def _notes(what: Shown) -> list[Section]:
    if not what.members:
        return []
    message = "What you know about this segment. Kept when the workbook is made again."
    columns = (Column("segment", "Segment", 0, "label"), Column("note", "Your note", 1, "text"))
    rows = tuple(
        Row(m.key, {"segment": m.label, "note": Input(None, "text", message)}) for m in what.members
    )
    table = Table(NOTES, columns, rows, keyed=True)
    return [Section("Your notes", (table,), "yellow = yours to change")]
