"""A cell says what a run of the same columns says."""

import csv
from pathlib import Path

import pytest

from mapseg_xl.excel import functions as f
from mapseg_xl.pipeline import find
from mapseg_xl.request import Request
from mapseg_xl.settings import Settings
from tests.excel.arguments.columns_of import column

TELCO = Path(__file__).parents[3] / "examples" / "telco" / "telco-churn.csv"


@pytest.fixture(scope="module")
def cells():
    with TELCO.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = ["contract", "tenure", "churn", "monthly_charges", "total_charges", "internet_service"]
    return {name: column(row[name] for row in rows) for name in names}


@pytest.fixture(scope="module")
def run():
    return find(Request((TELCO,), Settings(gross_margin=0.7), segment_by=("contract",)))


def asked(cells):
    segment, tenure, churned, price, total = list(cells.values())[:5]
    return {
        "churned_share": f.seg_churn(segment, churned),
        "monthly_churn": f.seg_monthly_churn(segment, churned, tenure),
        "survival_12m": f.seg_survival(segment, tenure, churned),
        "survival_24m": f.seg_survival(segment, tenure, churned, None, 24),
        "median_lifetime_months": f.seg_lifetime(segment, tenure, churned),
        "rmst_months": f.seg_average_lifetime(segment, tenure, churned),
        "arpu": f.seg_arpu(segment, price),
        "revenue_per_customer": f.seg_revenue(segment, total),
        "ltv": f.seg_ltv(segment, tenure, churned, price, None, 0.7),
    }


RESAMPLED = {"ltv"}  # ranges are drawn with the customer's id, which a cell does not have


def test_every_figure_is_that_of_performance_csv(cells, run):
    rows = {(r.metric, r.segment): r for r in run.performance if r.segmentation == "contract"}
    words = {"better": "better", "worse": "worse", "about_same": "about the same"}
    for metric, table in asked(cells).items():
        assert len(table) == 4, metric
        for line in table[1:]:
            row = rows[metric, line[0]]
            close = 0.02 if metric in RESAMPLED else 1e-9
            exact = (row.n, row.value, row.all_value, row.rest_value)
            for want, got in zip(exact, (line[1], line[2], line[6], line[7]), strict=True):
                assert got == ("" if want is None else pytest.approx(want, rel=1e-9)), metric
            for want, got in zip((row.ci_low, row.ci_high), line[3:5], strict=True):
                assert got == ("" if want is None else pytest.approx(want, rel=close)), metric
            if row.verdict in words:
                assert line[8] == words[row.verdict], metric


def test_volume_is_that_of_volume_csv(cells, run):
    table = next(t for t in run.volumes if t.attribute == "contract")
    want = [[r.value, r.n, pytest.approx(r.share)] for r in table.rows]
    assert sorted(f.seg_volume(cells["contract"])[1:]) == sorted(want)


def test_a_pivot_counts_as_the_cluster_pivot_does(cells):
    table = f.seg_pivot(cells["contract"], cells["internet_service"])
    assert table[0] == ["", "Fiber optic", "DSL", "No", "Total"]
    assert table[1] == ["Month-to-month", 2128, 1223, 524, 3875]
    assert table[-1] == ["Total", 3096, 2421, 1526, 7043]
