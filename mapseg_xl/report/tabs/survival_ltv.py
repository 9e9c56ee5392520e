"""Survival & LTV: who is still here after so many months, and what that is worth; margin and discount are inputs."""

from __future__ import annotations

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.metrics.lifetime_value import has_own_margin, knows_margin
from mapseg_xl.report import words
from mapseg_xl.report.parts.headlines import survival_headline
from mapseg_xl.report.parts.measures import group_key
from mapseg_xl.report.parts.names import ASSUMPTIONS, BASE, SURVIVAL, VALUE
from mapseg_xl.report.parts.remarks import remarks, tab_remarks
from mapseg_xl.report.parts.selection import Shown, shown
from mapseg_xl.report.parts.staying.simple_form import simple_form
from mapseg_xl.report.parts.staying.stay_charts import Points, charts, months_shown
from mapseg_xl.report.parts.staying.worth import table_of_worth
from mapseg_xl.report.parts.staying.worth_by_month import table_of_months
from mapseg_xl.report.spec import (
    Cell,
    ChartRow,
    Column,
    Content,
    Input,
    Part,
    Row,
    Section,
    Tab,
    Table,
    Text,
)

NAME = SURVIVAL
__all__ = ["ASSUMPTIONS", "NAME", "VALUE", "tab"]
KEPT = "kept"
SHORT_CHART, TALL_CHART = 10, 14  # rows; beside a short table both fit on one page
SHORT_TABLE = 9
WIDTHS = {1: 76, 2: 76, 3: 76, 4: 76, 5: 76, 6: 76, 7: 76, 8: 76, 9: 76, 10: 116}  # 800 in all


def tab(findings: Findings) -> Tab:
    """The tab of a run's findings."""
    what = shown(findings)
    points: Points = {(p.segment_id, p.month): p for p in findings.survival}
    if not points:
        return _nothing(what)
    months = months_shown(findings, points)
    last = months[-1]
    metric = next((m for m in what.metrics if m.id == f"survival_{last}m"), None)
    picture = _picture(what, points)
    sections = [Section("", (picture,))]
    sections.append(_kept(what, points, months))
    sections += _worth(what)
    sections.append(_assumptions(findings))
    sections += simple_form(what)
    return Tab(
        SURVIVAL,
        "ANALYZE",
        survival_headline(what, metric, last),
        _subline(what),
        tuple(sections),
        notes=_notes(what, picture, months),
        widths=WIDTHS,
        has_inputs=True,
    )


def _nothing(what: Shown) -> Tab:
    """A short tab where nobody's length of stay is known."""
    needs = (
        "Add a column with each customer's months so far (tenure), and one that says who has left.",
        "Or add the dates on which customers started, and on which those who left did so.",
        "With monthly revenue beside it, this tab shows what a customer is worth over time.",
    )
    return Tab(
        SURVIVAL,
        "ANALYZE",
        survival_headline(what, None, 0),
        "Share of customers still here by month of life, and what they are worth.",
        (Section("What is needed", (Text(needs),)),),
    )


def _subline(what: Shown) -> str:
    return (
        "Share of customers still here by month of life; who is still a customer counts for as "
        "long as they were seen."
    )


def _picture(what: Shown, points: Points) -> Part:
    """Curves and bars, or why there is no curve to draw."""
    enough = what.findings.settings.min_at_risk
    if (BASE, 1) in points and points[BASE, 1].at_risk >= enough:
        table = len(what.members) + len(what.groups) + 1
        rows = SHORT_CHART if table <= SHORT_TABLE else TALL_CHART
        return ChartRow(charts(what, points), rows)
    return Text(
        (f"Fewer than {enough} customers are followed for a month: too few to draw.",), "note"
    )


def _kept(what: Shown, points: Points, months: tuple[int, ...]) -> Section:
    """The curves in figures."""
    last = months[-1]
    columns = [Column("segment", "Segment", 0, "label"), Column("n", "Customers", 1, "count")]
    columns += [
        Column(f"m{m}", f"Here at {words.counted(m, 'month')}", at, "share0", bold=m == last)
        for at, m in enumerate(months, start=2)
    ]
    columns += [
        Column("low", words.sentence_case(words.RANGE), 5, "low", _range_unit(what, points, last)),
        Column("high", "", 6, "high", _range_unit(what, points, last)),
        Column("median", "Half have left by", 7, "months"),
    ]
    known = {m.id for m in what.metrics}
    if "rmst_months" in known:
        columns.append(Column("average", "Average months", 8, "months"))
    if f"survival_{last}m" in known:
        columns.append(Column("verdict", f"At {words.counted(last, 'month')}", 10, "chip"))
    rows: list[Row] = []
    several = len(what.groups) > 1
    for group in what.groups:
        name = group.segmentation.name
        if several:
            rows.append(Row(group_key(name), {"segment": words.segmentation_title(name)}, "sub"))
        rows += [
            _kept_row(what, points, months, (m.key, m.value if several else m.label))
            for m in what.members
            if m.segmentation == name
        ]
    rows.append(_kept_row(what, points, months, (BASE, words.COMPANY), "total"))
    table = Table(KEPT, tuple(columns), tuple(rows))
    tau = what.findings.context.tau_months
    help_text = f"average months: within the first {words.months(tau or 0)} · > fewer than half have left so far"
    return Section("The same in figures", (table,), help_text)


def _range_unit(what: Shown, points: Points, month: int) -> str:
    """Whole per cents; with one decimal where a range would else read as a single figure."""
    keys = [BASE, *(m.key for m in what.members)]
    ranges = [(p.ci_low, p.ci_high) for key in keys if (p := points.get((key, month)))]
    alike = [
        low != high and f"{low:.0%}" == f"{high:.0%}"
        for low, high in ranges
        if low is not None and high is not None
    ]
    return "share" if any(alike) else "share0"


def _kept_row(
    what: Shown,
    points: Points,
    months: tuple[int, ...],
    line: tuple[str, str],
    look: str = "body",
) -> Row:
    key, name = line
    last = points.get((key, months[-1]))
    cells: dict[str, Content | Cell] = {
        "segment": name,
        "n": what.lines[key, "survival_12m"].n
        or (points[key, 0].at_risk if (key, 0) in points else 0),
        "low": last.ci_low if last else None,
        "high": last.ci_high if last else None,
        "median": _median(what, key, points),
        "average": what.lines[key, "rmst_months"].value,
    }
    for month in months:
        point = points.get((key, month))
        cells[f"m{month}"] = point.survival if point else None
    verdict = what.lines.get((key, f"survival_{months[-1]}m"))
    if key != BASE and verdict is not None:
        cells["verdict"] = words.chip(verdict)
    return Row(key, cells, look)


def _median(what: Shown, key: str, points: Points) -> Content:
    """Months until half have left; beyond the data, the months seen."""
    row = what.lines[key, "median_lifetime_months"]
    if row.value is not None:
        return row.value
    seen = [month for (k, month), p in points.items() if k == key and p.survival is not None]
    return f"> {max(seen)} mo" if seen else None


def _kept_lines(what: Shown, last: int) -> list[str]:
    """What to know about the average months, and why the last share has no verdict."""
    lines: list[str] = []
    for metric in what.metrics:
        if metric.id == f"survival_{last}m":
            lines += [x for x in remarks(what, metric, what.members) if x.startswith("Nobody, or")]
        if metric.id == "rmst_months":
            said = [x for x in remarks(what, metric, what.members) if "follow" in x]
            lines += [f"Average months: {x[:1].lower()}{x[1:]}" for x in said]
    return lines


def _worth(what: Shown) -> list[Section]:
    """Lifetime value in figures, or why there is none."""
    findings = what.findings
    if "ltv" not in {m.id for m in what.metrics}:
        why = findings.base("ltv").note
        return [Section("Lifetime value", (Text((f"Not in this data: {why}.",), "note"),))]
    lines = [
        "The figures follow the assumptions below; each range is from the last run, scaled with its figure."
    ]
    if not knows_margin(findings.whole, findings.context):
        lines.append(
            "No margin is known, so this is revenue. Type a gross margin below to see lifetime value."
        )
    missing = [m for m in what.missing if m.id in ("cac", "ltv_to_cac", "payback_months")]
    for why, titles in words.grouped(
        (findings.base(m.id).note, words.say(m, findings)) for m in missing
    ).items():
        lines.append(f"{words.sentence_case(words.listing(titles))}: {why}.")
    if any(m.id == "payback_months" for m in what.metrics):
        months = findings.context.horizon_months
        lines.append(
            f"Payback follows the assumptions too: – where it never comes within {months} months. Verdicts, and "
            "payback's range, are from the last run."
        )
    title = words.sentence_case(words.value_title(findings))
    months = findings.context.horizon_months
    help_text = (
        f"the same {months} months for everybody, paid at the start of each, nothing extrapolated"
    )
    worth = table_of_worth(what)
    sections = [Section(title, (worth, Text(tuple(lines), "note")), help_text)]
    by_month = table_of_months(what, worth)
    if by_month is not None:
        grows = "what a customer has brought by then, leavers counted; same margin and discount"
        sections.append(Section("Value over the months", (by_month,), grows))
    return sections


def _assumptions(findings: Findings) -> Section:
    """The cells people may change; the keys are names of settings, which a re-run reads back."""
    settings = findings.settings
    margin = Input(
        settings.gross_margin,
        "share",
        "Part of revenue kept after direct costs. Empty: unknown.",
        -10,
        1,
    )
    discount = Input(settings.annual_discount, "share", "A year's discount on later money.", 0, 10)
    limit = Input(
        settings.rmst_months,
        "months",
        "Months the average is limited to. Empty: the longest seen.",
        0.5,
        600,
    )
    own = has_own_margin(findings.whole)
    margin_words = (
        "share of revenue; empty: each customer's own margin, from the data"
        if own
        else "share of revenue; empty: not known, and the figures are revenue"
    )
    tau = findings.context.tau_months
    rows = (
        Row("gross_margin", {"name": "Gross margin", VALUE: margin, "words": margin_words}),
        Row("annual_discount", {"name": "Discount", VALUE: discount, "words": "a year"}),
        Row(
            "rmst_months",
            {
                "name": "Limit of average months",
                VALUE: limit,
                "words": f"months; empty: the longest seen, now {words.months(tau or 0)}. Takes effect at the next run",
            },
        ),
    )
    columns = (
        Column("name", "", 0, "label"),
        Column(VALUE, "", 1, "input"),
        Column("words", "", 2, "text"),
    )
    table = Table(ASSUMPTIONS, columns, rows, keyed=True, head=False)
    return Section("Assumptions", (table,), "yellow = yours to change")


def _notes(what: Shown, picture: Part, months: tuple[int, ...]) -> tuple[str, ...]:
    enough = what.findings.settings.min_at_risk
    lines = [*tab_remarks(what), *_kept_lines(what, months[-1])]
    if isinstance(picture, ChartRow):
        ends = f"A line ends where fewer than {enough} customers are followed."
        dotted = " Dotted: plausible range of the first segment." if what.members else ""
        lines = [ends + dotted, *lines]
    for metric in what.metrics:
        if metric.id == "ltv":
            title = words.title(metric, what.findings)
            lines += [f"{title} · {line}" for line in remarks(what, metric, what.members)]
    return tuple(lines)
