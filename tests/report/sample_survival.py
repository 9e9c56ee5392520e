"""A made-up Survival tab: lines, bars, and the same in figures."""

from __future__ import annotations

import math

from mapseg_xl.report.spec import (
    Bars,
    ChartRow,
    Column,
    Formula,
    Lines,
    Ref,
    Row,
    Section,
    Series,
    Tab,
    Table,
)

HAZARDS = {
    "US agencies": ("first", 0.011),
    "Referred coaches": ("second", 0.010),
    "Enterprise": ("other", 0.055),
    "Freelancers": ("other", 0.032),
    "Everyone else": ("rest", 0.024),
}


def survival() -> Tab:
    months = tuple(range(25))
    curves = tuple(
        Series(name, look, tuple(math.exp(-hazard * month) for month in months))
        for name, (look, hazard) in HAZARDS.items()
    )
    limits = tuple(
        Series(f"US agencies, {end}", "limit", tuple(math.exp(-h * m) for m in months), label=False)
        for end, h in (("from", 0.014), ("to", 0.008))
    )
    lines = Lines(
        "curves",
        "Still a customer, share by month of life",
        "Lines: share of customers still here by month of life. US agencies keep 77% at two years.",
        months,
        curves + limits,
        24,
        6,
        1.0,
        "share0",
        steps=False,
    )
    ltv = (2460.0, 2210.0, 1890.0, 1320.0, 690.0)
    names = ("US agencies", "Enterprise", "Referred coaches", "Everyone else", "Freelancers")
    bars = Bars(
        "ltv bars",
        "24-month LTV",
        "Bars: 24-month LTV by segment, US agencies first with $2,460.",
        names,
        ("first", "other", "second", "rest", "other"),
        tuple(
            Formula("{v}", v, {"v": Ref("figures", n, "ltv")})
            for n, v in zip(names, ltv, strict=True)
        ),
        "money",
    )
    columns = (
        Column("segment", "Segment", 0, "label"),
        Column("n", "Customers", 1, "count"),
        Column("kept6", "Kept at 6 months", 2, "share0"),
        Column("kept12", "12 months", 3, "share0"),
        Column("kept24", "24 months", 4, "share0", bold=True),
        Column("low", "plausible range", 5, "low", unit="share0"),
        Column("high", "", 6, "high", unit="share0"),
        Column("median", "Median life", 7, "months"),
        Column("ltv", "LTV 24 mo", 8, "money", bold=True),
        Column("cac", "CAC", 9, "money"),
        Column("payback", "Payback", 10, "months"),
    )
    rows = tuple(
        Row(
            name,
            {
                "segment": name,
                "n": 412,
                "kept6": math.exp(-h * 6),
                "kept12": math.exp(-h * 12),
                "kept24": math.exp(-h * 24),
                "low": math.exp(-h * 28),
                "high": math.exp(-h * 20),
                "median": "> 36 mo" if h < 0.019 else math.log(2) / h,
                "ltv": ltv[names.index(name)],
                "cac": 473.0,
                "payback": 5.1,
            },
            look={"first": "chosen", "second": "chosen", "rest": "muted"}.get(look, "body"),
        )
        for name, (look, h) in HAZARDS.items()
    )
    return Tab(
        "Survival & LTV",
        "ANALYZE",
        "Two years on, four in five referred coaches are still here; of freelancers, fewer than half.",
        "Share still here by month of life (dotted: plausible range of the first segment), and LTV.",
        (
            Section("", (ChartRow((lines, bars)),)),
            Section(
                "The same in figures",
                (Table("figures", columns, rows),),
                "margin 78% · discount 10% a year · horizon 24 months",
            ),
        ),
        ("> 36 mo: fewer than half have left within the 36 months observed, so no median exists.",),
    )
