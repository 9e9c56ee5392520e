"""Which segments are one family, what a margin is in, and what a thin segment is told."""

import math

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from mapseg_xl.analyze.performance import family_rows, measure
from mapseg_xl.analyze.verdicts import meaningful
from mapseg_xl.measure.segments import overlapping, parse_segment_option
from mapseg_xl.metrics.catalog import metric
from mapseg_xl.settings import Settings
from tests.bases import bound, context, customers, performance, trait


def rules(base, metric_id, *options, **settings):
    rows, whole, made = bound(base, **settings)
    named = [parse_segment_option(option) for option in options]
    group = measure(rows, whole, overlapping("my segments", named, base))
    found = family_rows(metric(metric_id), group, rows, whole, context(rows, made))
    return {row.segment: row for row in found}


@pytest.fixture(scope="module")
def leads():
    r = np.random.default_rng(11)
    size = r.choice(["S", "M", "L"], 900)
    won = r.random(900) < np.where(size == "L", 0.3, 0.2)
    months = np.where(won, r.uniform(1, 40, 900), np.nan)
    return customers(
        converted=won.astype(int).tolist(),
        tenure_months=[None if np.isnan(m) else m for m in months],
        traits=[trait("size", size.tolist()), trait("region", r.choice(["N", "E"], 900).tolist())],
    )


def test_overlapping_segments_are_adjusted_for_any_dependence_and_mirrors_count_once(leads):
    found = rules(
        leads,
        "conversion",
        "Big: size = L",
        "Others: size <> L",
        "North: region = N",
        "S: size = S",
    )
    assert found["Big"].p_value == pytest.approx(found["Others"].p_value)
    p = [found[name].p_value for name in ("Big", "North", "S")]
    q = multipletests(p, method="fdr_by")[1]
    assert [found[n].q_value for n in ("Big", "North", "S")] == pytest.approx(q.tolist())
    assert found["Others"].q_value == found["Big"].q_value


def test_a_segment_cut_on_the_outcome_lends_no_strength_to_its_family(leads):
    alone = rules(leads, "conversion", "Big: size = L", "North: region = N")
    beside = rules(
        leads, "conversion", "Big: size = L", "North: region = N", "New: tenure_months < 12"
    )
    assert beside["New"].value == 1.0
    assert beside["New"].verdict == "not_available"
    assert beside["New"].note.startswith("defined by the outcome")
    assert beside["New"].q_value is None
    for name in ("Big", "North"):
        assert beside[name].q_value == alone[name].q_value


def test_rates_are_judged_on_the_logarithm_of_their_ratio():
    assert meaningful(metric("monthly_churn"), 0.02, Settings()) == pytest.approx(math.log(1.25))
    assert meaningful(metric("cac"), 500.0, Settings()) == pytest.approx(-math.log(0.8))
    assert meaningful(metric("arpu"), -500.0, Settings()) == 50
    assert meaningful(metric("conversion"), 0.97, Settings()) == 0.01
    assert meaningful(metric("conversion"), 0.7, Settings()) == pytest.approx(0.03)


def test_a_thin_segment_is_told_how_many_it_takes():
    base = customers(converted=[1] * 4 + [0, 1] * 200, traits=[trait("t", ["A"] * 4 + ["B"] * 400)])
    row = performance(base, "conversion", "t")["A"]
    assert row.note.startswith("only 4 matured trials, at least 30 are needed")
    base = customers(
        tenure_months=[2.0] * 20 + [10.0] * 400,
        churned=[1] + [0] * 19 + [1, 0] * 200,
        traits=[trait("t", ["A"] * 20 + ["B"] * 400)],
    )
    row = performance(base, "monthly_churn", "t")["A"]
    assert row.note.startswith("too few leave to compare: 1, about 101 customer-months are needed")


def test_what_stands_alone_but_not_among_many_says_so():
    sizes = {f"s{k}": (60, 300) for k in range(9)} | {"high": (80, 300)}
    base = customers(
        converted=[int(i < x) for x, n in sizes.values() for i in range(n)],
        traits=[trait("t", [name for name, (_, n) in sizes.items() for _ in range(n)])],
    )
    row = performance(base, "conversion", "t")["high"]
    assert row.diff_low > 0
    assert row.verdict == "cant_tell"
    assert "would stand alone, not among 10" in row.note
    assert "segments do not differ more than chance" in row.note


@pytest.mark.parametrize(
    ("metric_id", "columns"),
    [
        ("arpu", ["revenue_monthly"]),
        ("ltv", ["revenue_monthly", "tenure_months"]),
        ("rmst_months", ["tenure_months"]),
        ("cac", ["acquisition_cost"]),
        ("churned_share", ["tenure_months"]),
    ],
)
def test_shares_money_and_months_have_a_cautious_estimate_between_their_own_and_the_others(
    metric_id, columns
):
    r = np.random.default_rng(3)
    t = r.choice(list("ABCD"), 800, p=[0.05, 0.25, 0.3, 0.4])
    scale = np.select([t == "A", t == "B", t == "C"], [2.0, 1.0, 1.5], 0.8)
    drawn = {c: (scale * r.uniform(1, 20, 800)).tolist() for c in columns}
    left = (r.random(800) < 0.2 * scale).astype(int).tolist()
    base = customers(
        status=[3 if x else 2 for x in left], churned=left, traits=[trait("t", t.tolist())], **drawn
    )
    rows = performance(base, metric_id, "t", tau=10.0).values()
    for row in rows:
        ends = [r.value for r in rows]
        assert min(ends) - 1e-9 <= row.cautious <= max(ends) + 1e-9
        assert row.cautious != row.value


@pytest.mark.parametrize("metric_id", ["arpu", "average_order_value"])
def test_too_few_are_counted_in_customers_and_not_in_their_months_or_orders(metric_id):
    base = customers(
        revenue_total=[240.0] * 20 + [400.0, 600.0] * 40,
        tenure_months=[18.0] * 20 + [10.0] * 80,
        churned=[0] * 100,
        order_count=[12.0] * 20 + [5.0] * 80,
        traits=[trait("t", ["A"] * 20 + ["B"] * 80)],
    )
    row = performance(base, metric_id, "t")["A"]
    assert row.n in (360, 240)
    assert row.customers == 20
    assert row.note.startswith("only 20 customers, at least 30 are needed")


def test_enough_new_customers_are_not_called_too_few_where_their_value_rests_on_few():
    base = customers(
        revenue_monthly=[10.0, 11.0] * 70,
        gross_margin=[0.8] * 140,
        acquisition_cost=[40.0] * 140,
        converted=[1] * 140,
        tenure_months=[2.0, 12.0] * 10 + [10.0, 30.0] * 60,
        churned=[1, 0] * 70,
        traits=[trait("t", ["A"] * 20 + ["B"] * 120)],
    )
    row = performance(base, "ltv_to_cac", "t")["A"]
    assert row.n == 20
    assert row.note.startswith("too few were followed to compare what customers are worth")
