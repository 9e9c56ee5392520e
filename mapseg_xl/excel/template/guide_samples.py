"""The small made-up tables of the Functions tab, which its examples compute on. Each is an Excel table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mapseg_xl.excel.template.example_customers import LAST_DAY, Example, example_customers
from mapseg_xl.report.spec import Scalar

MONTH_DAYS = 365.25 / 12
_ROWS = 30


@dataclass(frozen=True, slots=True)
class Sample:
    """An Excel table: its name, what it holds, and its columns with their formats and values."""

    name: str
    title: str
    heads: tuple[str, ...]
    formats: tuple[str, ...]
    rows: tuple[tuple[Scalar, ...], ...]

    def column(self, head: str) -> list[list[Scalar]]:
        """A column as a cell function gets it: rows of one cell."""
        at = self.heads.index(head)
        return [[row[at]] for row in self.rows]

    def block(self, first: str, last: str) -> list[list[Scalar]]:
        """Neighbouring columns, a row of cells each."""
        left, right = self.heads.index(first), self.heads.index(last)
        return [list(row[left : right + 1]) for row in self.rows]


def _months(example: Example) -> float | None:
    """Months as a customer so far or until leaving."""
    if example.converted_on is None:
        return None
    days = ((example.churned_on or LAST_DAY) - example.converted_on).days
    return round(days / MONTH_DAYS, 1)


def _customer(e: Example, at: int) -> tuple[Scalar, ...]:
    left: str | None = None if e.converted_on is None else ("yes" if e.churned_on else "no")
    dates: tuple[date | None, ...] = (e.trial_on, e.converted_on, e.churned_on)
    money = (e.revenue_monthly, e.acquisition_cost)
    uses = "yes" if at % 3 and e.converted_on else "no"
    return (e.industry, e.country, e.channel, *dates, _months(e), left, *money, uses)


def _customers() -> Sample:
    heads = ("Industry", "Country", "Channel", "Trial start", "Converted on", "Left on", "Months",
             "Left", "MRR", "Cost", "Uses app")  # fmt: skip
    formats = ("label", "text", "text", "text", "text", "text", "decimal",
               "text", "money.unit", "money.unit", "text")  # fmt: skip
    listed = [e for e in example_customers() if e.trial_on][:_ROWS]
    rows = tuple(_customer(example, at) for at, example in enumerate(listed))
    return Sample("SampleCustomers", "Customers, a row each", heads, formats, rows)


CUSTOMERS = _customers()
DEALS = Sample(
    "SampleDeals",
    "Deals, a row each",
    ("Industry", "Outcome"),
    ("label", "text"),
    tuple(
        (("Agency", "Coaching")[at % 2], outcome)
        for at, outcome in enumerate(
            (
                "won",
                "lost",
                "won",
                "open",
                "lost",
                "lost",
                "won",
                "won",
                "open",
                "lost",
                "won",
                "lost",
            )
        )
    ),
)
BUYERS = Sample(
    "SampleBuyers",
    "Buyers, a row each",
    ("Country", "Orders", "Revenue"),
    ("text", "count", "money.unit"),
    (("Spain", 1, 40), ("Spain", 3, 150), ("Italy", 1, 35), ("Spain", 2, 90), ("Italy", 2, 70),
     ("Italy", 1, 55), ("Spain", 4, 240), ("Italy", 5, 180), ("Spain", 1, 60), ("Italy", 1, 25),
     ("Spain", 2, 110), ("Italy", 1, 45)),
)  # fmt: skip
SEGMENTS = Sample(
    "SampleSegments",
    "Segments, from counts your team keeps",
    ("Segment", "Leads", "Customers", "Rate", "Spend", "Accounts", "Reachable", "Winnable", "Worth", "Growth", "Fit"),
    ("label", "count", "count", "share", "money.unit", "count", "share0", "share0", "money.unit", "number", "number"),
    (("Agency", 400, 80, 0.20, 24_000, 12_000, 0.4, 0.10, 900, 3, 2),
     ("Coaching", 900, 90, 0.10, 31_000, 45_000, 0.2, 0.05, 400, 1, 3),
     ("Online shop", 700, 35, 0.05, 28_000, 80_000, 0.1, 0.02, 300, 2, 1)),
)  # fmt: skip
_AGES = ("New", "Month 1", "Month 2", "Month 3")
COHORTS = Sample(
    "SampleCohorts",
    "Customers left, by month of start",
    ("Cohort", *_AGES),
    ("text", *["count"] * 4),
    (("Jan", 120, 102, 91, 84), ("Feb", 140, 122, 111, 104), ("Mar", 95, 84, 78, None),
     ("Apr", 160, 141, None, None)),
)  # fmt: skip
MONEY = Sample(
    "SampleMoney",
    "Revenue, by month of start",
    ("Cohort", *_AGES),
    ("text", "count", *["money.unit"] * 3),
    (("Jan", 120, 5_900, 5_100, 4_700), ("Feb", 140, 6_800, 6_000, 5_600), ("Mar", 95, 4_700, 4_200, None),
     ("Apr", 160, 8_100, None, None)),
)  # fmt: skip
SAMPLES = (CUSTOMERS, SEGMENTS, DEALS, BUYERS, COHORTS, MONEY)
