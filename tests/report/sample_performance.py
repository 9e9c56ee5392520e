"""A made-up Performance tab: rates and money with ranges, panels beside them."""

from __future__ import annotations

from mapseg_xl.report.spec import (
    Cell,
    Column,
    Formula,
    Panel,
    Ref,
    Row,
    Section,
    Tab,
    Table,
)

SEGMENTS = ("US agencies", "Referred coaches", "Small shops", "Enterprise", "Freelancers")


def _rate_table(
    block: str, title: str, n_title: str, figures: dict[str, tuple[float, ...]]
) -> Table:
    """Segment, n, events, value (live), interval, panel, rest, index, verdict."""
    columns = (
        Column("segment", "Segment", 0, "label"),
        Column("n", n_title, 1, "count"),
        Column("value", "Value", 2, "share", bold=True),
        Column("low", "plausible range", 3, "low", unit="share"),
        Column("high", "", 4, "high", unit="share"),
        Column("panel", title, 5, "text"),
        Column("rest", "Everyone else", 8, "share"),
        Column("index", "Index", 9, "index"),
        Column("verdict", "Verdict", 10, "chip"),
    )
    rows = []
    for name, (n, value, low, high, rest, direction) in figures.items():
        index = Formula("100*{value}/{rest}", 100 * value / rest)
        up = value > rest
        words = {1: "better", -1: "worse", 0: "= about the same", 9: "? can't tell yet"}[
            int(direction)
        ]
        verdict = ("▲ " if up else "▼ ") + words if direction in (1, -1) else words
        rows.append(
            Row(
                name,
                {
                    "segment": name,
                    "n": int(n),
                    "value": value,
                    "low": low,
                    "high": high,
                    "rest": Cell(rest, look="muted"),
                    "index": index,
                    "verdict": verdict,
                },
                look="chosen" if name in SEGMENTS[:2] else "body",
            )
        )
    rows.append(
        Row(
            "Law firms",
            {
                "segment": "Law firms",
                "n": 4,
                "value": None,
                "low": None,
                "high": None,
                "rest": Cell(0.246, look="muted"),
                "index": None,
                "verdict": "? only 4",
            },
        )
    )
    return Table(block, columns, tuple(rows))


CONVERSION = {
    "US agencies": (1000, 0.412, 0.382, 0.443, 0.239, 1),
    "Referred coaches": (771, 0.371, 0.338, 0.406, 0.241, 1),
    "Small shops": (1263, 0.262, 0.239, 0.287, 0.246, 0),
    "Enterprise": (433, 0.240, 0.203, 0.283, 0.246, 9),
    "Freelancers": (7735, 0.208, 0.199, 0.217, 0.276, -1),
}
CHURN = {
    "US agencies": (412, 0.011, 0.008, 0.015, 0.024, 1),
    "Referred coaches": (286, 0.010, 0.006, 0.015, 0.023, 1),
    "Small shops": (331, 0.021, 0.017, 0.025, 0.023, 0),
    "Enterprise": (103, 0.058, 0.043, 0.077, 0.023, -1),
    "Freelancers": (1611, 0.032, 0.029, 0.035, 0.018, -1),
}
ARPU = {
    "US agencies": (412, 94.0, 87.0, 101.0, 66.0, 1),
    "Referred coaches": (286, 71.0, 65.0, 78.0, 67.0, 0),
    "Small shops": (331, 82.0, 77.0, 86.0, 68.0, 1),
    "Enterprise": (103, 171.0, 146.0, 196.0, 68.0, 1),
    "Freelancers": (1611, 39.0, 37.0, 41.0, 76.0, -1),
}


def _money_columns(table: Table) -> Table:
    changed = {"value": "money", "rest": "money"}
    columns = tuple(
        Column(
            c.key, c.title, c.at, changed.get(c.key, c.format), "money" if c.unit else "", c.bold
        )
        for c in table.columns
    )
    return Table(table.id, columns, table.rows)


def _panel(block: str, figures: dict[str, tuple[float, ...]], axis: str) -> Panel:
    verdicts = {
        name: {1: "better", -1: "worse"}.get(int(row[5]), "plain") for name, row in figures.items()
    }
    return Panel(
        f"{block} panel",
        block,
        "value",
        "low",
        "high",
        verdicts,
        5,
        7,
        axis,
        base=Ref("base", block, "base", "Summary"),
    )


def performance() -> Tab:
    conversion = _rate_table("conversion", "Company average 24.6%", "Leads", CONVERSION)
    churn = _rate_table("churn", "Company average 2.3%", "Customers", CHURN)
    arpu = _money_columns(_rate_table("arpu", "Company average $68", "Customers", ARPU))
    return Tab(
        "Performance",
        "ANALYZE",
        "US agencies beat everyone else on all three measures; enterprise pays the most and leaves the soonest.",
        "Five hypotheses against everyone else. Dot = value, whisker = plausible range, grey line = company average.",
        (
            Section(
                "Conversion",
                (conversion, _panel("conversion", CONVERSION, "share")),
                "matured leads only, 90-day window · higher is better",
            ),
            Section(
                "Monthly churn",
                (churn, _panel("churn", CHURN, "share")),
                "of customers at risk each month · lower is better",
            ),
            Section(
                "Revenue a customer a month",
                (arpu, _panel("arpu", ARPU, "money")),
                "active months only · higher is better",
            ),
        ),
        (
            "Verdict: against everyone else, allows for checking many segments. Arrow = direction.",
            "– not available: fewer than 30 customers.",
        ),
        widths={1: 72, 2: 72, 3: 70, 4: 70, 10: 116},
    )
