"""A made-up Summary, with sections side by side, and a What if tab with inputs."""

from __future__ import annotations

from datetime import date

from mapseg_xl.report.spec import (
    Bars,
    Cell,
    ChartRow,
    Column,
    Figure,
    Figures,
    Formula,
    Input,
    Link,
    Ref,
    Row,
    Section,
    Tab,
    Table,
)
from tests.report.sample_performance import CONVERSION


def summary() -> Tab:
    figures = Figures(
        "base",
        (
            Figure(
                "customers",
                "Customers",
                Formula("FIXED({n},0)", "4,386", {"n": Ref("counts", "customers", "value")}),
                "of 17,831 leads",
            ),
            Figure("conversion", "Conversion", "24.6%", "24.0 – 25.2%"),
            Figure("churn", "Monthly churn", "2.3%", "2.1 – 2.5%"),
            Figure("ltv", "24-month LTV", "$1,430", "$1,380 – 1,480"),
            Figure("ratio", "LTV : CAC", "3.1×", "2.9 – 3.3×"),
            Figure("payback", "Payback", "8.2 mo", "7.7 – 8.8 mo"),
        ),
    )
    focus_columns = (
        Column("segment", "Segment", 0, "label"),
        Column("customers", "Customers", 1, "count"),
        Column("share", "Share of customers", 2, "share"),
        Column("ltv_share", "Share of 24-mo LTV", 3, "share"),
        Column("conversion", "Conversion", 4, "share"),
        Column("index", "Conversion index", 5, "index"),
        Column("kept", "Kept 24 months", 6, "share0"),
        Column("ratio", "LTV : CAC", 7, "ratio"),
        Column("first", "Ranks first in reruns", 8, "share0", bold=True),
        Column("do", "Do next", 9, "text", bold=True),
    )
    focus = []
    for name, n, what in (
        ("US agencies", 412, "Build the agency plan"),
        ("Referred coaches", 286, "Pay for referrals"),
    ):
        row = {
            "segment": Cell(
                Link("Performance", name, Ref("conversion", name, "segment")), "link.focus"
            ),
            "customers": n,
            "share": Formula(
                "{customers}/{all}", n / 4386, {"all": Ref("counts", "customers", "value")}
            ),
            "ltv_share": 0.197,
            "conversion": Formula(
                "{v}", CONVERSION[name][1], {"v": Ref("conversion", name, "value", "Performance")}
            ),
            "index": Cell(173, "better", "index.up"),
            "kept": 0.76,
            "ratio": 5.2,
            "first": 0.83,
            "do": what,
        }
        focus.append(Row(name, row))
        focus.append(
            Row(
                f"{name} why",
                {"segment": "industry is Agency and country is US · pays back in 5 months"},
                "sub",
            )
        )
    why = Table(
        "not",
        (Column("segment", "", 0, "label", bold=True), Column("why", "", 1, "text")),
        tuple(
            Row(n, {"segment": n, "why": w})
            for n, w in (
                ("Freelancers", "37% of customers, but churn 1.8 × everyone else"),
                ("Enterprise", "$9.8k a year, gone before the 14-month payback"),
                ("Annual plan", "an outcome of staying, not a reason: set aside"),
                (
                    "Law firms",
                    "4 of 4 converted: too few to tell, and much too long an explanation for one line here",
                ),
            )
        ),
        head=False,
    )
    counts = Table(
        "counts",
        (Column("what", "", 0, "label"), Column("value", "", 4, "count", bold=True)),
        (
            Row("customers", {"what": "Customers", "value": 4386}),
            Row("leads", {"what": "Leads", "value": 17831}),
            Row(
                "newer",
                {
                    "what": "New customers a year, if half of leads were these two",
                    "value": Cell(218, format="change"),
                },
            ),
            Row(
                "money",
                {
                    "what": "24-month LTV of a year's new customers",
                    "value": Cell(920000.0, format="money.live"),
                },
            ),
        ),
        head=False,
    )
    names = ("Freelancers", "Small shops", "US agencies", "Referred coaches", "Enterprise")
    shares = Bars(
        "shares",
        "Share of customers (pale) and of LTV (solid)",
        "Bars: share of customers against share of LTV; US agencies 9% and 20%.",
        names,
        ("other", "other", "first", "second", "other"),
        (0.24, 0.09, 0.20, 0.13, 0.04),
        "share0",
        against=(0.37, 0.08, 0.09, 0.07, 0.02),
    )
    index = Table(
        "index",
        (
            Column("step", "", 0, "label"),
            *(Column(str(at), "", at, "text") for at in (1, 3, 5, 7, 9)),
        ),
        (
            Row("m", {"step": Cell("Measure", "muted"), "1": Link("Volume", "Volume")}),
            Row(
                "a",
                {
                    "step": Cell("Analyze", "muted"),
                    "1": Link("Performance", "Performance"),
                    "3": Link("Survival & LTV", "Survival & LTV"),
                    "5": Link("What if", "What if"),
                },
            ),
            Row("t", {"step": Cell("Trust", "muted"), "1": Link("Data health", "Data health")}),
        ),
        head=False,
    )
    return Tab(
        "Summary",
        "",
        "US agencies and referred coaches are the segments to build for: "
        "one customer in six, one third of lifetime value.",
        "Both convert more, stay longer and pay back sooner than everyone else, with ranges that exclude chance.",
        (
            Section("", (figures,)),
            Section(
                "Focus here",
                (Table("focus", focus_columns, tuple(focus)),),
                "every figure compared with everyone else; ▲▼ direction, colour good or bad",
            ),
            Section("Not these, and why", (why,), first=0, last=4),
            Section("What it is worth", (counts,), first=0, last=4, beside=True),
            Section("", (ChartRow((shares,), 13),), first=6, last=10, beside=True),
            Section("In this workbook", (index,), "click a name"),
            Section(
                "Company averages",
                (
                    Table(
                        "base",
                        (Column("what", "", 0, "label"), Column("base", "", 1, "share")),
                        (
                            Row("conversion", {"what": "Conversion", "base": 0.246}),
                            Row("churn", {"what": "Monthly churn", "base": 0.023}),
                            Row(
                                "arpu",
                                {"what": "Revenue a month", "base": Cell(68.0, format="money")},
                            ),
                        ),
                        head=False,
                    ),
                ),
            ),
        ),
        ("How sure: ranges hold in 95 of 100 cases. 31 cells could not be read, see Data health.",),
    )


def what_if() -> Tab:
    columns = (
        Column("what", "", 0, "label"),
        Column("a", "US agencies", 1, "share"),
        Column("b", "Referred coaches", 2, "share"),
        Column("rest", "Everyone else", 3, "share"),
        Column("all", "All leads", 4, "share"),
        Column("source", "Where from", 6, "text"),
    )
    message = "Share of next year's leads."
    rows = (
        Row(
            "today",
            {
                "what": "Share of leads today",
                "a": 0.088,
                "b": 0.06,
                "rest": Formula("1-{a}-{b}", 0.852),
                "all": 1.0,
                "source": Cell("counted, last 12 months", "note"),
            },
        ),
        Row(
            "scenario",
            {
                "what": "Share of leads, scenario",
                "a": Input(0.3, "share", message, 0, 1),
                "b": Input(0.2, "share", message, 0, 1),
                "rest": Formula("1-{a}-{b}", 0.5),
                "all": Formula("SUM({a}:{rest})", 1.0),
                "source": Cell("your choice", "note"),
            },
        ),
        Row(
            "leads",
            {
                "what": "Leads a year",
                "all": Input(2100, "count", "Leads you expect.", 0),
                "source": Cell("last 12 months: 2,096", "note"),
            },
        ),
        Row(
            "budget",
            {
                "what": "Budget",
                "all": Input(25000.0, "money", "What you can spend a year.", 0, 10_000_000),
                "source": Cell(Input("", "text", "Where the figure is from.")),
            },
        ),
        Row(
            "owner",
            {
                "what": "Owner",
                "a": Input(
                    "Marketing",
                    "choice",
                    "Who answers for it.",
                    choices=("Marketing", "Sales", "Product"),
                ),
                "b": Input("Sales, EMEA", "choice", "", choices=("Sales, EMEA", "Sales, US")),
                "source": date(2026, 6, 30),
            },
        ),
    )
    return Tab(
        "What if",
        "ANALYZE",
        (
            Formula(
                '"Half of leads from the two segments would be "&FIXED({n},0)&" leads"',
                "Half of leads from the two segments would be 1,050 leads",
                {"n": Ref("result", "more", "value")},
            ),
            "and lift a year's 24-month LTV.",
        ),
        "Change the yellow cells; everything on this tab recalculates. Same leads, same spend: only the mix moves.",
        (
            Section(
                "Assumptions",
                (Table("assumptions", columns, rows, keyed=True),),
                "yellow = yours to change",
            ),
            Section(
                "Result",
                (
                    Table(
                        "result",
                        (Column("what", "", 0, "label"), Column("value", "Leads", 1, "count")),
                        (
                            Row(
                                "more",
                                {
                                    "what": "Leads of the two",
                                    "value": Formula(
                                        "({a}+{b})*{leads}",
                                        1050.0,
                                        {
                                            "a": Ref("assumptions", "scenario", "a"),
                                            "b": Ref("assumptions", "scenario", "b"),
                                            "leads": Ref("assumptions", "leads", "all"),
                                        },
                                    ),
                                },
                            ),
                        ),
                    ),
                ),
            ),
        ),
        has_inputs=True,
    )
