"""The list of functions that people may type in cells of their own: what each gives, and an example."""

from __future__ import annotations

from mapseg_xl.report.spec import Column, Row, Section, Table

EXAMPLES = (  # words fit one line
    ("Lower end of the plausible range of 26 of 40", "SEG_RATE_LOW(26, 40)"),
    ("Upper end of the plausible range of 26 of 40", "SEG_RATE_HIGH(26, 40)"),
    ("4 of 4, drawn toward the company's 300 of 1,000", "SEG_RATE_CAUTIOUS(4, 4, 300, 1000)"),
    (
        "At least so much better: 56 of 70 against 48 of 80",
        "SEG_RATE_DIFFERENCE_LOW(56, 70, 48, 80)",
    ),
    ("One rate of several months: sums, not a mean of rates", "SEG_RATE(C2:C13, B2:B13)"),
    ("A funnel from its counts, step by step", "SEG_FUNNEL(B2:B6, A2:A6)"),
    ("Share still here, from a cohort table of counts", "SEG_COHORT_SURVIVAL(B2:N14)"),
    ("Lifetime value, from a cohort table of money", "SEG_COHORT_LTV(B2:N14, 80%, 10%)"),
    ("Cost to win a customer: spend, new customers", "SEG_CAC(B2:B13, C2:C13)"),
    ("Months to earn 1,000 back: 100 a month at 80% margin", "SEG_PAYBACK(1000, 100, 80%)"),
    ("Overall rate with a tenth more of the first segment", "SEG_WHAT_IF(B2:B6, C2:C6, 1, 10%)"),
    ("TAM, SAM and SOM of 1,000 accounts", "SEG_TAM(1000, 40%, 10%, 12000)"),
    ("A weighted score on your own scale", "SEG_SCORE(B2:D2, B$1:D$1)"),
)
WHERE = "Excel 365, 2024 and on the web; all of them: Formulas, Name Manager"


def own_formulas() -> Section:
    """The functions that the workbook carries by name; no cell of ours calls them."""
    columns = (
        Column("name", "What it gives", 0, "label"),
        Column("field", "Type in a cell, after =", 4, "text"),
    )
    rows = tuple(Row(example, {"name": said, "field": example}) for said, example in EXAMPLES)
    return Section(
        "Functions for your own cells", (Table("functions explained", columns, rows),), WHERE
    )
