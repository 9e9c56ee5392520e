"""A report with every kind of part, made up: the tests of layout and hosts share it."""

from __future__ import annotations

from mapseg_xl.report.spec import (
    Column,
    Figure,
    Figures,
    Report,
    Row,
    Section,
    Tab,
    Table,
)
from tests.report.sample_performance import performance
from tests.report.sample_summary import summary, what_if
from tests.report.sample_survival import survival
from tests.report.sample_volume import biting, volume


def data_health(rows: int = 60) -> Tab:
    columns = (
        Column("severity", "Severity", 0, "text"),
        Column("source", "Source", 1, "text"),
        Column("sheet", "Sheet", 2, "text"),
        Column("cell", "Cell", 3, "text"),
        Column("column", "Column", 4, "text"),
        Column("issue", "Issue", 5, "text"),
        Column("count", "Count", 6, "count"),
        Column("action", "What we did", 7, "text"),
    )
    listed = tuple(
        Row(
            f"{at}",
            {
                "severity": ("error", "warning", "note")[at % 3],
                "source": "crm.xlsx",
                "sheet": "Customers",
                "cell": f"C{at + 2}",
                "column": "Signup date",
                "issue": "a date that cannot be read: '31/02/2025'",
                "count": 1,
                "action": "left empty; mend it in the source and run again",
            },
        )
        for at in range(rows)
    )
    figures = Figures(
        "counts",
        (
            Figure("used", "Rows used", 17431),
            Figure("repaired", "Cells repaired", 369),
            Figure("out", "Rows left out", 31),
        ),
    )
    return Tab(
        "Data health",
        "TRUST",
        "17,431 of 17,800 rows are usable as they are; 369 cells were repaired, 31 left out.",
        "Every issue with the cell it was found in.",
        (
            Section("", (figures,)),
            Section("Issues", (Table("issues", columns, listed, filter=True),)),
        ),
        widths={0: 80, 1: 90, 2: 90, 3: 60, 4: 110, 5: 210, 6: 60, 7: 230, 8: 20, 9: 20, 10: 20},
    )


def sample() -> Report:
    tabs = (summary(), performance(), what_if(), data_health(), volume(), survival(), biting())
    return Report(
        tabs,
        "Acme · Customer segmentation",
        "Acme & Co · Customer segmentation · data to 30 Jun 2026",
        "17,831 leads · 4,386 customers · Jul 2023 – Jun 2026",
        memory={"settings": '{"as_of": "2026-06-30"}', "long": "é" * 50_000},
    )
