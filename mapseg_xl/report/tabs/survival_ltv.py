"""Survival & LTV: who is still here after so many months, and what that is worth; margin and discount are inputs."""

from __future__ import annotations

from mapseg_xl.analyze.curves import SurvivalPoint
from mapseg_xl.analyze.findings import Findings
from mapseg_xl.metrics.lifetime_value import knows_margin
from mapseg_xl.report import native, words
from mapseg_xl.report.headlines import survival_headline
from mapseg_xl.report.measures import group_key, value_ref
from mapseg_xl.report.names import ASSUMPTIONS, BASE, SURVIVAL, VALUE
from mapseg_xl.report.remarks import remarks, tab_remarks
from mapseg_xl.report.selection import Member, Shown, is_unclear, shown
from mapseg_xl.report.spec import (
    Bars,
    Cell,
    ChartRow,
    Column,
    Content,
    Formula,
    Input,
    Lines,
    Part,
    Row,
    Section,
    Series,
    Tab,
    Table,
    Text,
)
from mapseg_xl.report.worth import MARGIN, table_of_worth, worth_ref
from mapseg_xl.settings import Settings

NAME = SURVIVAL
__all__ = ["ASSUMPTIONS", "NAME", "VALUE", "tab"]
KEPT = "kept"
SIMPLE = "simple form"
LINES_SHOWN, CHART_ROWS = 5, 11
_MONTHS_SHOWN = (6, 12, 24)
_LONGEST_NAME = 18
WIDTHS = {1: 76, 2: 76, 3: 76, 4: 76, 5: 76, 6: 76, 7: 76, 8: 76, 9: 76, 10: 116}  # 800 in all

Points = dict[tuple[str, int], SurvivalPoint]


def tab(findings: Findings) -> Tab:
    """The tab of a run's findings."""
    what = shown(findings)
    points: Points = {(p.segment_id, p.month): p for p in findings.survival}
    if not points:
        return _nothing(what)
    months = _months(findings, points)
    last = months[-1]
    metric = next((m for m in what.metrics if m.id == f"survival_{last}m"), None)
    sections = [Section("", (ChartRow(_charts(what, points), CHART_ROWS),))]
    sections.append(_kept(what, points, months))
    sections += _worth(what)
    sections.append(_assumptions(findings))
    sections += _simple(what)
    return Tab(
        SURVIVAL,
        "ANALYZE",
        survival_headline(what, metric, last),
        _subline(what),
        tuple(sections),
        notes=_notes(what),
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


def _months(findings: Findings, points: Points) -> tuple[int, ...]:
    """The months the table shows: of 6, 12 and 24 those in which enough are still followed."""
    enough = findings.settings.min_at_risk

    def followed(month: int) -> bool:
        point = points.get((BASE, month))
        return point is not None and point.survival is not None and point.at_risk >= enough

    found = tuple(month for month in _MONTHS_SHOWN if followed(month))
    return found or tuple(m for m in (1, 3) if (BASE, m) in points) or (0,)


def _curves(what: Shown, points: Points) -> tuple[Member, ...]:
    followed = [m for m in what.chosen(len(what.members)) if (m.key, 1) in points]
    clear = [m for m in what.chosen(LINES_SHOWN) if m in followed]
    return tuple(clear or followed[:LINES_SHOWN])


def _charts(what: Shown, points: Points) -> tuple[Lines | Bars, ...]:
    lines = _lines(what, points)
    bars = _bars(what)
    return (lines, bars) if bars else (lines,)


def _lines(what: Shown, points: Points) -> Lines:
    """The curves of the chosen segments and of everybody, as far as enough are followed."""
    enough = what.findings.settings.min_at_risk
    members, looks = _curves(what, points), what.looks()
    last = max(
        (m for (key, m), p in points.items() if key == BASE and p.at_risk >= enough), default=1
    )
    last = max(last, 1)

    def share(key: str, month: int, field: str = "survival") -> float | None:
        point = points.get((key, month))
        if point is None or point.at_risk < enough:
            return None
        return {"survival": point.survival, "low": point.ci_low, "high": point.ci_high}[field]

    def series(
        key: str, name: str, look: str, field: str = "survival", *, named: bool = True
    ) -> Series:
        values = tuple(share(key, month, field) for month in range(last + 1))
        return Series(name, look, values, label=named)

    drawn = [series(BASE, words.COMPANY, "base")]
    if members:
        first = members[0]
        drawn += [
            series(
                first.key,
                f"{_chart_name(what, first)}, {end} end",
                "limit",
                end,
                named=False,
            )
            for end in ("low", "high")
        ]
    drawn += [series(m.key, _chart_name(what, m), looks[m.key]) for m in reversed(members)]
    unit = next((u for u in (1, 2, 3, 6, 12, 24) if last / u <= 7), 36)
    return Lines(
        id="curves",
        title="Still a customer, share by month of life",
        alt="Line chart: share of customers still here by month of life. " + _finding(what, points),
        x=tuple(float(m) for m in range(last + 1)),
        series=tuple(drawn),
        x_max=float(last),
        x_unit=float(unit),
        y_max=1.0,
        y_format="share0",
        steps=last <= 12,
    )


def _chart_name(what: Shown, member: Member) -> str:
    """The shortest name that tells a segment from the others: charts have little room."""
    same = [m for m in what.members if m.name == member.name]
    plain_enough = len(same) == 1 and not is_unclear(member.name)
    return words.short(member.name if plain_enough else member.label, _LONGEST_NAME)


def _finding(what: Shown, points: Points) -> str:
    months = _months(what.findings, points)[-1]
    base = points[BASE, months].survival or 0.0
    return f"{base:.0%} of all customers are still here after {months} months."


def _bars(what: Shown) -> Bars | None:
    """Lifetime value of the same segments, largest first, beside the company average."""
    if "ltv" not in {m.id for m in what.metrics}:
        return None
    looks = what.looks()
    rows = [(m.key, _chart_name(what, m), looks[m.key]) for m in what.chosen(LINES_SHOWN)]
    rows.append((BASE, words.COMPANY, "base"))
    values = {key: what.lines[key, "ltv"].value for key, *_ in rows}
    known = [row for row in rows if values[row[0]] is not None]
    known.sort(key=lambda row: -(values[row[0]] or 0.0))
    title = words.value_title(what.findings)
    return Bars(
        id="values",
        title=words.sentence_case(title),
        alt=f"Bar chart: {title} by segment. Largest: {known[0][1]}.",
        categories=tuple(name for _, name, _ in known),
        looks=tuple(look for *_, look in known),
        values=tuple(native.copy(worth_ref(key), values[key]) for key, *_ in known),
        format="money",
    )


def _kept(what: Shown, points: Points, months: tuple[int, ...]) -> Section:
    """The curves in figures."""
    last = months[-1]
    columns = [Column("segment", "Segment", 0, "label"), Column("n", "Customers", 1, "count")]
    columns += [
        Column(f"m{m}", f"Here at {m} months", at, "share0", bold=m == last)
        for at, m in enumerate(months, start=2)
    ]
    columns += [
        Column("low", words.sentence_case(words.RANGE), 5, "low", "share0"),
        Column("high", "", 6, "high", "share0"),
        Column("median", "Half have left by", 7, "months"),
    ]
    known = {m.id for m in what.metrics}
    if "rmst_months" in known:
        columns.append(Column("average", "Average months", 8, "months"))
    if f"survival_{last}m" in known:
        columns.append(Column("verdict", f"At {last} months", 10, "chip"))
    rows: list[Row] = []
    several = len(what.groups) > 1
    for group in what.groups:
        name = group.segmentation.name
        if several:
            rows.append(Row(group_key(name), {"segment": words.header(name)}, "sub"))
        rows += [
            _kept_row(what, points, months, (m.key, m.name if several else m.label))
            for m in what.members
            if m.segmentation == name
        ]
    rows.append(_kept_row(what, points, months, (BASE, words.COMPANY), "total"))
    table = Table(KEPT, tuple(columns), tuple(rows))
    lines = tuple(_kept_lines(what))
    parts: tuple[Part, ...] = (table, Text(lines, "note")) if lines else (table,)
    tau = what.findings.context.tau_months
    help_text = f"average months within the first {words.months(tau or 0)} · higher is better"
    return Section("The same in figures", parts, help_text)


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


def _kept_lines(what: Shown) -> list[str]:
    lines = ["> : fewer than half have left in the months seen, so the month is not known yet."]
    rmst = next((m for m in what.metrics if m.id == "rmst_months"), None)
    if rmst:
        lines += [line for line in remarks(what, rmst, what.members) if "follow" in line]
    return lines


def _worth(what: Shown) -> list[Section]:
    """Lifetime value in figures, or why there is none."""
    findings = what.findings
    if "ltv" not in {m.id for m in what.metrics}:
        why = findings.base("ltv").note
        return [Section("Lifetime value", (Text((f"Not in this data: {why}.",), "note"),))]
    metric = next(m for m in what.metrics if m.id == "ltv")
    lines = remarks(what, metric, what.members)
    lines.append(
        "The figures follow the assumptions below; each range is from the last run, scaled with its figure."
    )
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
        lines.append("Payback is from the last run: run again after changing an assumption.")
    title = words.sentence_case(words.value_title(findings))
    months = findings.context.horizon_months
    help_text = (
        f"the same {months} months for everybody, paid at the start of each, nothing extrapolated"
    )
    return [Section(title, (table_of_worth(what), Text(tuple(lines), "note")), help_text)]


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
    own = findings.whole.margin_monthly is not None
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


def _simple(what: Shown) -> list[Section]:
    """Revenue a month over share leaving, beside the horizon form: how far it reaches past the data."""
    known = {m.id for m in what.metrics}
    if not {"ltv", "arpu", "monthly_churn"} <= known:
        return []
    lines = [(m.key, m.label) for m in what.chosen(8)]
    rows = [
        row
        for key, name in [*lines, (BASE, words.COMPANY)]
        if (row := _simple_row(what, key, name))
    ]
    columns = (
        Column("segment", "Segment", 0, "label"),
        Column("simple", "Simple form", 1, "money"),
        Column("ltv", words.sentence_case(words.value_title(what.findings)), 2, "money"),
        Column("assumed", "Months it assumes", 4, "count"),
        Column("seen", "Months seen", 5, "count"),
        Column("beyond", "", 6, "text"),
    )
    help_text = (
        "money a month ÷ share leaving each month: for reconciliation only, nothing is ranked on it"
    )
    return [Section("The simple form", (Table(SIMPLE, columns, tuple(rows)),), help_text)]


def _simple_row(what: Shown, key: str, name: str) -> Row | None:
    arpu, churn = what.lines[key, "arpu"].value, what.lines[key, "monthly_churn"].value
    ltv = what.lines[key, "ltv"].value
    seen = what.findings.context.tau_months if key == BASE else _seen(what, key)
    if arpu is None or not churn or ltv is None or not seen:
        return None
    settings: Settings = what.findings.settings
    margin = settings.gross_margin
    money = what.findings.whole.margin_monthly
    if money is not None and margin is None:
        return None  # margins differ by customer: there is no simple form to compare with
    refs = {
        "arpu": value_ref(what, "arpu", key),
        "churn": value_ref(what, "monthly_churn", key),
        "margin": MARGIN,
    }
    simple = Formula(
        'IF(OR({churn}="",{churn}=0),"",{arpu}*IF({margin}="",1,{margin})/{churn})',
        arpu * (1 if margin is None else margin) / churn,
        refs,
    )
    times = 1 / churn / seen
    cells: dict[str, Content | Cell] = {
        "segment": name,
        "simple": simple,
        "ltv": native.copy(worth_ref(key), ltv),
        "assumed": Formula('IF(OR({churn}="",{churn}=0),"",1/{churn})', 1 / churn, refs),
        "seen": seen,
        "beyond": f"extrapolates {times:.1f} times past the data"
        if times > 1
        else "within the data",
    }
    return Row(key, cells, "total" if key == BASE else "body")


def _seen(what: Shown, key: str) -> int:
    return max((p.month for p in what.findings.survival if p.segment_id == key), default=0)


def _notes(what: Shown) -> tuple[str, ...]:
    enough = what.findings.settings.min_at_risk
    lines = [
        f"A line ends where fewer than {enough} customers are followed. Dotted: plausible range of the first segment.",
        *tab_remarks(what),
    ]
    return tuple(lines)
