"""An example of every cell function on the sample tables of the Functions tab, with the format of its result."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shown:
    """A formula as people type it, without =, and the format of the cell. `at`: of a table, the cell shown."""

    formula: str
    format: str = "number"
    at: tuple[int, int] | None = None


_WHO = "SampleCustomers[Industry]"
_STAY = f"{_WHO}, SampleCustomers[Months], SampleCustomers[Left]"
_PAID = f"{_STAY}, SampleCustomers[MRR]"
_COUNTS = "SampleCohorts[[New]:[Month 3]]"
_CASH = "SampleMoney[[New]:[Month 3]]"

EXAMPLES: dict[str, Shown] = {
    "SEG_VOLUME": Shown(f"SEG_VOLUME({_WHO})", "count", (2, 2)),
    "SEG_PIVOT": Shown(
        f'SEG_PIVOT({_WHO}, SampleCustomers[Country], SampleCustomers[MRR], "average")', "money.unit", (2, 2)),
    "SEG_COHORT": Shown(
        "SEG_COHORT(SampleCustomers[Converted on], SampleCustomers[Left on])", "number", (2, 2)),
    "SEG_CONVERSION": Shown(
        f'SEG_CONVERSION({_WHO}, SampleCustomers[Converted on], "Agency", SampleCustomers[Trial start], 30)',
        "share"),
    "SEG_TIME_TO_CONVERT": Shown(
        f'SEG_TIME_TO_CONVERT({_WHO}, SampleCustomers[Trial start], SampleCustomers[Converted on], "Agency")',
        "days"),
    "SEG_WINRATE": Shown('SEG_WINRATE(SampleDeals[Industry], SampleDeals[Outcome], "Agency")', "share"),
    "SEG_ARPU": Shown(f'SEG_ARPU({_WHO}, SampleCustomers[MRR], "Agency")', "money.unit"),
    "SEG_REVENUE": Shown('SEG_REVENUE(SampleBuyers[Country], SampleBuyers[Revenue], "Spain")', "money.unit"),
    "SEG_REPEAT_RATE": Shown('SEG_REPEAT_RATE(SampleBuyers[Country], SampleBuyers[Orders], "Spain")', "share"),
    "SEG_ORDERS": Shown('SEG_ORDERS(SampleBuyers[Country], SampleBuyers[Orders], "Spain")', "decimal"),
    "SEG_ORDER_VALUE": Shown(
        'SEG_ORDER_VALUE(SampleBuyers[Country], SampleBuyers[Revenue], SampleBuyers[Orders], "Spain")', "money.unit"),
    "SEG_CHURN": Shown(f'SEG_CHURN({_WHO}, SampleCustomers[Left], "Coaching")', "share"),
    "SEG_MONTHLY_CHURN": Shown(
        f'SEG_MONTHLY_CHURN({_WHO}, SampleCustomers[Left], SampleCustomers[Months], "Coaching")', "share"),
    "SEG_SURVIVAL": Shown(f'SEG_SURVIVAL({_STAY}, "Coaching", 3)', "share"),
    "SEG_SURVIVAL_CURVE": Shown(f'SEG_SURVIVAL_CURVE({_STAY}, "Coaching")', "share", (5, 4)),
    "SEG_LIFETIME": Shown(f'SEG_LIFETIME({_STAY}, "Coaching")', "months"),
    "SEG_AVERAGE_LIFETIME": Shown(f'SEG_AVERAGE_LIFETIME({_STAY}, "Agency", 12)', "months"),
    "SEG_LTV": Shown(f'SEG_LTV({_PAID}, "Agency", 75%)', "money.unit"),
    "SEG_ACQUISITION_COST": Shown(
        f'SEG_ACQUISITION_COST({_WHO}, SampleCustomers[Cost], SampleCustomers[Converted on], "Agency")',
        "money.unit"),
    "SEG_VALUE_FOR_COST": Shown(f'SEG_VALUE_FOR_COST({_PAID}, SampleCustomers[Cost], 75%, "Agency")', "ratio"),
    "SEG_PAYBACK_MONTHS": Shown(f'SEG_PAYBACK_MONTHS({_PAID}, SampleCustomers[Cost], 75%, "Agency")', "months"),
    "SEG_COMPARE": Shown(f'SEG_COMPARE({_WHO}, SampleCustomers[Uses app], "Agency")', "share"),
    "SEG_AFFINITY": Shown(f'SEG_AFFINITY({_WHO}, SampleCustomers[Country], "Agency", "US")', "ratio"),
    "SEG_RATE": Shown("SEG_RATE(SampleSegments[Customers], SampleSegments[Leads])", "share"),
    "SEG_RATE_LOW": Shown("SEG_RATE_LOW(80, 400)", "share"),
    "SEG_RATE_HIGH": Shown("SEG_RATE_HIGH(80, 400)", "share"),
    "SEG_RATE_CAUTIOUS": Shown("SEG_RATE_CAUTIOUS(4, 4, 205, 2000)", "share"),
    "SEG_RATE_DIFFERENCE": Shown("SEG_RATE_DIFFERENCE(80, 400, 125, 1600)", "share"),
    "SEG_RATE_DIFFERENCE_LOW": Shown("SEG_RATE_DIFFERENCE_LOW(80, 400, 125, 1600)", "share"),
    "SEG_RATE_DIFFERENCE_HIGH": Shown("SEG_RATE_DIFFERENCE_HIGH(80, 400, 125, 1600)", "share"),
    "SEG_RATE_COMPARE": Shown(
        "SEG_RATE_COMPARE(SampleSegments[Segment], SampleSegments[Customers], SampleSegments[Leads], "
        '"Agency")',
        "share"),
    "SEG_TRIALS_NEEDED": Shown("SEG_TRIALS_NEEDED(12, 40, 200, 1000)", "count"),
    "SEG_WON_SHARE": Shown("SEG_WON_SHARE(12, 28)", "share"),
    "SEG_INDEX": Shown("SEG_INDEX(20%, 8%)", "index"),
    "SEG_WHAT_IF": Shown(
        'SEG_WHAT_IF(SampleSegments[[Segment]:[Leads]], SampleSegments[Rate], "Agency", 10%)', "share2"),
    "SEG_FUNNEL": Shown("SEG_FUNNEL({1000;200;50})", "share", (3, 3)),
    "SEG_COHORT_SURVIVAL": Shown(f"SEG_COHORT_SURVIVAL({_COUNTS})", "share", (3, 4)),
    "SEG_COHORT_ACTIVE": Shown(f"SEG_COHORT_ACTIVE({_COUNTS})", "share", (3, 4)),
    "SEG_COHORT_LTV": Shown(f"SEG_COHORT_LTV({_CASH}, 80%, 10%)", "money.unit"),
    "SEG_COHORT_VALUE": Shown(f"SEG_COHORT_VALUE({_CASH}, 80%, 10%)", "money.unit", (3, 4)),
    "SEG_RETENTION_LTV": Shown(f"SEG_RETENTION_LTV({_COUNTS}, 49, 80%, 10%)", "money.unit"),
    "SEG_CAC": Shown("SEG_CAC(SampleSegments[Spend], SampleSegments[Customers])", "money.unit"),
    "SEG_PAYBACK": Shown("SEG_PAYBACK(400, 50, 80%)", "months"),
    "SEG_SIMPLE_LTV": Shown("SEG_SIMPLE_LTV(50, 80%, 4%)", "money.unit"),
    "SEG_LTV_TO_CAC": Shown("SEG_LTV_TO_CAC(1000, 400)", "ratio"),
    "SEG_CHURN_TO_LIFETIME": Shown("SEG_CHURN_TO_LIFETIME(4%)", "months"),
    "SEG_LIFETIME_TO_CHURN": Shown("SEG_LIFETIME_TO_CHURN(25)", "share"),
    "SEG_CHURN_TO_ANNUAL": Shown("SEG_CHURN_TO_ANNUAL(4%)", "share"),
    "SEG_NRR": Shown("SEG_NRR(10000, 1200, 300, 500)", "share"),
    "SEG_GRR": Shown("SEG_GRR(10000, 300, 500)", "share"),
    "SEG_GROWTH": Shown("SEG_GROWTH(100, 144, 2)", "share"),
    "SEG_TAM": Shown('SEG_TAM(12000, 40%, 10%, 900, "TAM")', "money.unit"),
    "SEG_HEADROOM": Shown("SEG_HEADROOM(12000, 40%, 80)", "count"),
    "SEG_MARKET_SHARE": Shown("SEG_MARKET_SHARE(80, 12000, 40%)", "share"),
    "SEG_SCORE": Shown("SEG_SCORE({3,2,1}, {0.5,0.3,0.2})", "decimal"),
    "SEG_GRADE": Shown("SEG_GRADE(9, 24, 4)", "share"),
    "SEG_RANK": Shown(
        "SEG_RANK(SampleSegments[Segment], SampleSegments[[Growth]:[Fit]], {0.6,0.4})", "share", (2, 4)),
    "SEG_WHY": Shown(f'SEG_WHY("SEG_CHURN", {_WHO}, SampleCustomers[Left], "Coaching")', "text"),
}  # fmt: skip
