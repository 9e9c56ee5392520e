"""The bundled telephone customers against pandas and lifelines (tests/data/telco), through the whole pipeline."""

import csv
from pathlib import Path

import pytest

from mapseg_xl.pipeline import find
from mapseg_xl.request import Request
from mapseg_xl.stats.proportions import chi_square_p

HERE = Path(__file__).parent
TELCO = HERE.parent / "examples" / "telco" / "telco-churn.csv"
REFERENCE = HERE / "data" / "telco" / "telco_segments.csv"
COLUMNS = {  # metric: reference column, what to multiply it with
    "churned_share": ("churn_pct", 0.01),
    "arpu": ("arpu", 1),
    "monthly_churn": ("monthly_churn_rate_pct", 0.01),
    "survival_12m": ("S12", 1),
    "survival_24m": ("S24", 1),
    "median_lifetime_months": ("km_median_months", 1),
    "rmst_months": ("rmst72", 1),
    "revenue_per_customer": None,
}
CROSSED = "contract x internet_service"


@pytest.fixture(scope="module")
def findings():
    named = (
        "contract",
        "internet_service",
        "payment_method",
        "senior_citizen",
        "paperless_billing",
        CROSSED,
    )
    return find(Request((TELCO,), segment_by=named))


def reference():
    with REFERENCE.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("want", reference(), ids=lambda r: f"{r['dimension']}/{r['segment']}")
def test_every_figure_of_every_segment_equals_pandas_and_lifelines(findings, want):
    dimension = CROSSED if " x " in want["dimension"] else want["dimension"]
    rows = {
        r.metric: r
        for r in findings.performance
        if r.segmentation == dimension and r.segment == want["segment"]
    }
    for metric, place in COLUMNS.items():
        row = rows[metric]
        if place is None:
            known = int(want["n"]) - int(want["total_charges_missing"])
            assert row.value == pytest.approx(float(want["total_revenue"]) / known, rel=1e-9)
            assert row.n == known
            continue
        column, scale = place
        if want[column] == "not reached":
            assert row.value is None, metric
        elif row.value is None:  # the reference goes on flat where nobody is followed to month 72
            assert metric == "rmst_months", metric
            assert "months, not 72" in row.note
        else:
            assert row.value == pytest.approx(float(want[column]) * scale, rel=1e-9), metric
    share = rows["churned_share"]
    assert share.n == int(want["n"])
    assert share.ci_low == pytest.approx(float(want["wilson_lo_pct"]) / 100, abs=1e-9)
    assert share.ci_high == pytest.approx(float(want["wilson_hi_pct"]) / 100, abs=1e-9)


def test_the_median_price_stands_beside_the_mean(findings):
    row = findings.base("arpu")
    assert row.median == pytest.approx(70.35)


def test_all_seven_thousand_customers_are_there_and_all_have_stayed_or_left(findings):
    whole = findings.whole
    assert (whole.size, whole.leads, whole.trials) == (7043, 0, 0)
    assert (whole.customers, whole.churned) == (5174, 1869)
    assert findings.as_of is None


def test_volume_of_every_trait_adds_up_to_everybody(findings):
    assert len(findings.volumes) == 16
    for table in findings.volumes:
        assert sum(row.n for row in table.rows) == 7043
        assert sum(row.share for row in table.rows) == pytest.approx(1)
    contract = next(t for t in findings.volumes if t.attribute == "contract")
    assert {r.value: r.n for r in contract.rows} == {
        "Month-to-month": 3875,
        "One year": 1473,
        "Two year": 1695,
    }


def test_the_service_called_no_is_a_value_and_not_missing(findings):
    table = next(t for t in findings.volumes if t.attribute == "internet_service")
    assert {r.value for r in table.rows} == {"DSL", "Fiber optic", "No"}


def test_the_chi_square_of_contract_and_churn_is_the_reference_one():
    counts = [[2220, 1655], [1307, 166], [1647, 48]]
    assert chi_square_p(counts) == pytest.approx(5.863038300673391e-258, rel=1e-6)
