"""Made-up Volume tabs: bars beside rows; one of them with names that bite."""

from __future__ import annotations

from mapseg_xl.report.spec import (
    Cell,
    Column,
    Content,
    Formula,
    Ref,
    Row,
    RowBars,
    Section,
    Span,
    Tab,
    Table,
    Text,
)

BITING_NAMES = (
    ">1000",
    "=1+1",
    "*",
    "A | B",
    "(blank)",
    "-2",
    "+3",
    "@home",
    "'quoted'",
    'say "{hi}"',
    "\ttab",
    "TRUE",
    "1/2",
    "007",
    "x" * 200,
    "one two three " * 14,
    "日本語の名前",
    "_x0041_",
)


def _volume_table(
    block: str, counts: dict[str, tuple[int, int, int, int]]
) -> tuple[Table, RowBars]:
    columns = (
        Column("value", "", 0, "label"),
        Column("n", "Rows", 1, "count"),
        Column("share", "Share of rows", 2, "share.small"),
        Column("leads", "Leads", 6, "count"),
        Column("trials", "Trials", 7, "count"),
        Column("customers", "Customers", 8, "count"),
        Column("churned", "Churned", 9, "count"),
        Column("converted", "Converted", 10, "share"),
    )
    total = sum(sum(row) for row in counts.values())
    rows = []
    for name, (leads, trials, customers, churned) in counts.items():
        n = leads + trials + customers + churned
        cells: dict[str, Content | Cell] = {
            "value": name,
            "n": Formula("SUM({leads}:{churned})", n),
            "share": Formula("{n}/{all}", n / total, {"all": Ref(block, "total", "n")}),
            "leads": leads,
            "trials": trials,
            "customers": customers,
            "churned": churned,
            "converted": Formula("({customers}+{churned})/{n}", (customers + churned) / n),
        }
        rows.append(Row(f"{block}:{name}", cells))
    last = rows[-1].key
    first = rows[0].key
    cells = {
        "value": "All",
        "n": Formula("SUM({all})", total, {"all": Span(block, "n", rows=(first, last))}),
        "share": 1.0,
    }
    for at, key in enumerate(("leads", "trials", "customers", "churned")):
        cells[key] = Formula(
            "SUM({all})",
            sum(row[at] for row in counts.values()),
            {"all": Span(block, key, rows=(first, last))},
        )
    cells["converted"] = Formula(
        "({customers}+{churned})/{n}", sum(r[2] + r[3] for r in counts.values()) / total
    )
    rows.append(Row("total", cells, "total"))
    return Table(block, columns, tuple(rows)), RowBars(f"{block} bars", block, "share", 3, 5, 0.5)


SIZES = {
    "1 (freelancer)": (3368, 2756, 941, 670),
    "2–9": (1774, 1452, 836, 375),
    "10–49": (1351, 1106, 744, 234),
    "50–499": (719, 589, 363, 120),
    "500+": (181, 149, 56, 47),
}
INDUSTRIES = {
    "Coaching": (1731, 1418, 607, 410),
    "E-commerce": (1711, 1400, 681, 334),
    "Agency": (1343, 1100, 696, 174),
    "Education": (1114, 912, 422, 227),
    "Health": (948, 777, 341, 191),
    "Other": (545, 446, 189, 110),
    "Law firm": (0, 0, 4, 0),
}


def volume() -> Tab:
    return Tab(
        "Volume",
        "MEASURE",
        "Freelancers are the largest group by far; size alone does not make them the best.",
        "Customers and leads by every attribute. Share is of all 17,831 rows. Bars on one scale.",
        (
            Section("Company size", _volume_table("size", SIZES), "firmographic"),
            Section("Industry", _volume_table("industry", INDUSTRIES), "firmographic"),
        ),
        ("Values under 1% of rows stay listed and are never ranked.",),
    )


def biting() -> Tab:
    counts = {name: (40 + at, 30, 20, 10) for at, name in enumerate(BITING_NAMES)}
    table, bars = _volume_table("names", counts)
    return Tab(
        "It's > 31 characters: [really] long / odd",
        "MEASURE",
        "Names that bite stay whole.",
        "Each is text, whatever it looks like.",
        (
            Section("Names", (table, bars)),
            Section(
                "Words", (Text(("A quiet line. " * 30, "“I would pay double.”"), "quote", "words"),)
            ),
        ),
    )
