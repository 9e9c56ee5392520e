import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from mapseg_xl.analyze.strata import difference_within
from mapseg_xl.metrics.catalog import METRICS
from tests.bases import customers, performance, trait


def converting(**groups: tuple[int, int]):
    """A base with that many converted of that many, a value of `plan` each."""
    values = [v for v, (_, n) in groups.items() for _ in range(n)]
    converted = [int(i < x) for x, n in groups.values() for i in range(n)]
    return customers(converted=converted, traits=[trait("plan", values)])


def test_four_of_four_is_no_winner():
    rows = performance(converting(Tiny=(4, 4), A=(100, 400), B=(105, 400)), "conversion", "plan")
    assert rows["Tiny"].value == 1.0
    assert rows["Tiny"].verdict == "cant_tell"
    assert "only 4" in rows["Tiny"].note
    assert rows["Tiny"].cautious < 0.9


def test_a_clear_difference_is_better_for_one_and_worse_for_the_others():
    rows = performance(converting(A=(225, 500), B=(250, 1000), C=(250, 1000)), "conversion", "plan")
    assert rows["A"].verdict == "better"
    assert rows["B"].verdict == "worse"
    assert rows["A"].difference == pytest.approx(0.45 - 0.25)


def test_lower_churn_is_better_although_the_figure_is_lower():
    base = customers(
        tenure_months=[20.0] * 600,
        churned=[1] * 30 + [0] * 270 + [1] * 150 + [0] * 150,
        traits=[trait("plan", ["A"] * 300 + ["B"] * 300)],
    )
    rows = performance(base, "monthly_churn", "plan")
    assert rows["A"].difference < 0
    assert rows["A"].verdict == "better"
    assert rows["B"].verdict == "worse"


def test_many_customers_without_a_difference_are_about_the_same():
    rows = performance(converting(A=(5000, 20000), B=(5010, 20000)), "conversion", "plan")
    assert rows["A"].verdict == "about_same"


def test_a_real_but_small_difference_is_about_the_same_and_says_so():
    rows = performance(converting(A=(30000, 100000), B=(31000, 100000)), "conversion", "plan")
    assert rows["A"].q_value < 0.05
    assert rows["A"].verdict == "about_same"
    assert "a real but small difference" in rows["A"].note


def test_what_cannot_be_told_says_how_much_more_data_it_takes():
    rows = performance(converting(A=(20, 60), B=(200, 800)), "conversion", "plan")
    assert rows["A"].verdict == "cant_tell"
    assert "would settle it" in rows["A"].note


def test_a_family_is_adjusted_for_every_segment_large_enough_blank_included():
    base = converting(
        A=(60, 200), B=(40, 200), C=(45, 200), D=(47, 200), **{"(blank)": (52, 200)}, Tiny=(3, 4)
    )
    rows = performance(base, "conversion", "plan")
    judged = [rows[k] for k in ("A", "B", "C", "D", "(blank)")]
    expected = multipletests([r.p_value for r in judged], method="fdr_bh")[1]
    assert [r.q_value for r in judged] == pytest.approx(expected.tolist())
    assert rows["Tiny"].q_value is None


def test_two_values_of_one_attribute_are_one_test():
    rows = performance(converting(A=(60, 200), B=(40, 200)), "conversion", "plan")
    assert rows["A"].q_value == rows["A"].p_value == rows["B"].p_value
    p = stats.chi2_contingency([[60, 140], [40, 160]], correction=False).pvalue
    assert rows["A"].p_value == pytest.approx(p)


def test_a_segment_cut_on_the_outcome_is_not_judged_by_it():
    base = customers(
        tenure_months=[5.0] * 100 + [50.0] * 100,
        churned=[1] * 60 + [0] * 140,
        traits=[trait("tenure band", ["new"] * 100 + ["old"] * 100, made_from=("tenure_months",))],
    )
    row = performance(base, "monthly_churn", "tenure band")["new"]
    assert row.verdict == "not_available"
    assert row.note.startswith("defined by the outcome")
    assert row.value is not None


def test_a_trait_that_may_follow_from_the_outcome_keeps_its_verdict_with_a_warning():
    base = customers(
        converted=[1] * 80 + [0] * 120 + [1] * 40 + [0] * 160,
        traits=[trait("plan", ["A"] * 200 + ["B"] * 200, outcome_like=True)],
    )
    row = performance(base, "conversion", "plan")["A"]
    assert row.verdict == "better"
    assert "may be a result rather than a cause" in row.note


def test_a_difference_that_reverses_within_channel_is_said():
    # The classic admissions pattern: better overall, worse within each channel.
    cells = [
        ("A", "ads", 80, 100),
        ("A", "fair", 20, 400),
        ("B", "ads", 380, 400),
        ("B", "fair", 15, 100),
    ]
    plans = [p for p, _, _, n in cells for _ in range(n)]
    channels = [c for _, c, _, n in cells for _ in range(n)]
    converted = [int(i < x) for _, _, x, n in cells for i in range(n)]
    flipped = ["B" if p == "A" else "A" for p in plans]
    base = customers(
        converted=converted,
        traits=[trait("plan", flipped), trait("channel", channels)],
        headers={"channel": "channel"},
    )
    row = performance(base, "conversion", "plan")["A"]
    assert row.verdict == "better"
    assert "reverses" not in row.note  # here both agree
    swapped = [
        ("A", "ads", 285, 300),
        ("A", "fair", 30, 100),
        ("B", "ads", 98, 100),
        ("B", "fair", 120, 300),
    ]
    base = customers(
        converted=[int(i < x) for _, _, x, n in swapped for i in range(n)],
        traits=[
            trait("plan", [p for p, _, _, n in swapped for _ in range(n)]),
            trait("channel", [c for _, c, _, n in swapped for _ in range(n)]),
        ],
        headers={"channel": "channel"},
    )
    row = performance(base, "conversion", "plan")["A"]
    assert row.verdict == "better"
    assert "reverses within channel" in row.note


def test_the_difference_within_strata_weighs_them_as_the_textbook_does():
    outcome = np.array([1.0, 0, 1, 1, 0, 0, 1, 0])
    inside = np.array([1, 1, 0, 0, 1, 0, 0, 0], bool)
    stratum = np.array([0, 0, 0, 0, 1, 1, 1, 2])
    w = [2 * 2 / 4, 1 * 2 / 3]
    d = [0.5 - 1.0, 0.0 - 0.5]
    got = difference_within(outcome, inside, stratum)
    assert got.difference == pytest.approx((w[0] * d[0] + w[1] * d[1]) / sum(w))
    assert got.dropped == 1


def test_no_channel_and_no_date_is_said_where_a_difference_is_claimed():
    row = performance(converting(A=(225, 500), B=(250, 1000), C=(250, 1000)), "conversion", "plan")[
        "A"
    ]
    assert "not checked within channel" in row.note


def test_money_that_scales_scales_value_range_and_difference_but_no_verdict():
    r = np.random.default_rng(5)
    price = np.concatenate([r.normal(60, 10, 300), r.normal(50, 10, 300)])
    plans = ["A"] * 300 + ["B"] * 300
    one = performance(
        customers(status=[2] * 600, revenue_monthly=price.tolist(), traits=[trait("plan", plans)]),
        "arpu",
        "plan",
    )["A"]
    ten = performance(
        customers(
            status=[2] * 600, revenue_monthly=(10 * price).tolist(), traits=[trait("plan", plans)]
        ),
        "arpu",
        "plan",
    )["A"]
    assert ten.value == pytest.approx(10 * one.value)
    assert ten.diff_low == pytest.approx(10 * one.diff_low)
    assert (ten.verdict, ten.index) == (one.verdict, pytest.approx(one.index))
    welch = stats.ttest_ind(price[:300], price[300:], equal_var=False)
    assert one.p_value == pytest.approx(welch.pvalue)


@pytest.mark.parametrize("metric", METRICS, ids=lambda m: m.id)
def test_every_metric_survives_an_empty_base_a_single_row_and_equal_customers(metric):
    for base in (
        customers(status=[0] * 5, traits=[trait("plan", list("AABBB"))]),
        customers(status=[2], traits=[trait("plan", ["A"])]),
        customers(
            converted=[1] * 40,
            tenure_months=[5.0] * 40,
            churned=[0] * 40,
            revenue_monthly=[10.0] * 40,
            revenue_total=[50.0] * 40,
            acquisition_cost=[3.0] * 40,
            outcome=[1] * 40,
            traits=[trait("plan", ["A", "B"] * 20)],
        ),
    ):
        for row in performance(base, metric.id, "plan", gross_margin=0.5).values():
            assert row.verdict in ("about_same", "cant_tell", "not_available"), row
            assert row.value is None or np.isfinite(row.value)
            if row.value is None:
                assert row.note
                assert row.verdict == "not_available"
