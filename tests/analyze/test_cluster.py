import numpy as np
import pytest
from scipy.stats.contingency import relative_risk

from mapseg_xl.analyze.cluster import association, find_clusters, leading_metric, variation
from mapseg_xl.stats.multiplicity import benjamini_hochberg
from mapseg_xl.stats.proportions import two_proportion_p
from tests.bases import bound, context, customers, trait


def world(n=3000, seed=7):
    """Agencies of middle size convert; region, colour and plan say nothing; the rep knows no more."""
    rng = np.random.default_rng(seed)
    industry = rng.choice(["agency", "shop", "coach"], n)
    size = rng.choice(["1", "2-9", "10-49"], n)
    region, colour = rng.choice(["north", "south"], n), rng.choice(["red", "blue"], n)
    good = (industry == "agency") & (size == "2-9")
    won = rng.random(n) < np.where(good, 0.6, 0.2)
    traits = [
        trait("region", region.tolist(), family="geographic"),
        trait("industry", industry.tolist()),
        trait("size", size.tolist()),
        trait("colour", colour.tolist(), family="psychographic"),
        trait("rep", np.where(won, "Ann", "Bob").tolist()),
        trait("plan", rng.choice(["a", "b"], n).tolist(), family="account", outcome_like=True),
    ]
    base = customers(traits=traits, headers={"owner": "rep"}, converted=won.astype(int).tolist())
    return base, industry, size, won


def clusters(base, asked=(), **settings):
    rows, whole, made = bound(base, **settings)
    return find_clusters(base, rows, whole, context(rows, made), asked)


@pytest.fixture(scope="module")
def found():
    base, *rest = world()
    return clusters(base), *rest


def cell(pivot, row, column):
    return next(c for c in pivot.cells if (c.row, c.column) == (row, column))


def test_the_attributes_whose_cells_vary_most_are_crossed_first(found):
    first = found[0].pivots[0]
    assert {first.rows_attribute, first.columns_attribute} == {"industry", "size"}
    assert first.metric == "conversion"


def test_there_are_two_pivots_and_the_rep_is_in_none(found):
    names = [{p.rows_attribute, p.columns_attribute} for p in found[0].pivots]
    assert len(names) == 2
    assert not any("rep" in pair for pair in names)
    assert not any({"rep"} & {a.first, a.second} for a in found[0].affinities)


def test_index_and_range_are_those_against_everyone_else(found):
    clusters_, industry, size, won = found
    one = cell(clusters_.pivots[0], *_ordered(clusters_.pivots[0], "agency", "2-9"))
    inside = (industry == "agency") & (size == "2-9")
    counts = won[inside].sum(), inside.sum(), won[~inside].sum(), (~inside).sum()
    risk = relative_risk(*(int(c) for c in counts))
    assert one.index == pytest.approx(risk.relative_risk)
    assert (one.index_low, one.index_high) == pytest.approx(tuple(risk.confidence_interval()))
    assert (one.events, one.rate_n, one.n) == (counts[0], counts[1], counts[1])
    assert one.verdict == "better"


def _ordered(pivot, industry, size):
    return (industry, size) if pivot.rows_attribute == "industry" else (size, industry)


def test_verdicts_allow_for_all_cells_of_the_pivot(found):
    pivot = found[0].pivots[0]
    events, n = sum(c.events for c in pivot.cells), sum(c.rate_n for c in pivot.cells)
    p = [two_proportion_p(c.events, c.rate_n, events - c.events, n - c.rate_n) for c in pivot.cells]
    assert [c.q_value for c in pivot.cells] == pytest.approx(benjamini_hochberg(p))
    assert pivot.judged == 9


def test_cells_of_fewer_than_thirty_have_counts_and_no_index():
    n = 400
    traits = [trait("a", ["x"] * 380 + ["y"] * 20), trait("b", ["u", "v"] * 200)]
    base = customers(traits=traits, converted=[1, 0, 0, 0] * 100)
    pivot = clusters(base).pivots[0]
    small = [c for c in pivot.cells if "y" in (c.row, c.column)]
    assert [c.n for c in small] == [10, 10]
    assert {(c.index, c.index_low, c.q_value) for c in small} == {(None, None, None)}
    assert sum(c.n for c in pivot.cells) == n


def test_what_is_asked_for_comes_first():
    base, *_ = world()
    found = clusters(base, asked=("region", "colour x plan"))
    first, second = found.pivots
    assert {first.rows_attribute, first.columns_attribute} == {"colour", "plan"}
    assert first.asked
    assert first.followers == ("plan",)
    assert {second.rows_attribute, second.columns_attribute} == {"industry", "size"}


def test_a_header_with_an_x_of_its_own_is_not_crossed():
    base, *_ = world(200)
    odd = trait("colour x plan", ["p", "q"] * 100)
    base = customers(traits=[*base.traits, odd], converted=[0, 1] * 100)
    assert not any(p.asked for p in clusters(base, asked=("colour x plan",)).pivots)


def test_without_a_metric_the_most_associated_columns_are_only_counted():
    a = ["x", "y"] * 100
    traits = [trait("a", a), trait("b", a), trait("c", ["u"] * 100 + ["v"] * 100)]
    pivot = clusters(customers(status=[0] * 200, traits=traits)).pivots[0]
    assert {pivot.rows_attribute, pivot.columns_attribute} == {"a", "b"}
    assert (pivot.metric, pivot.judged) == ("", 0)
    assert {c.index for c in pivot.cells} == {None}


def test_one_column_gives_nothing_to_cross():
    base = customers(status=[0] * 100, traits=[trait("a", ["x", "y"] * 50)])
    assert clusters(base).pivots == ()
    assert clusters(customers(status=[0] * 100)).pivots == ()


def test_what_follows_from_buying_is_crossed_only_where_nothing_else_is_left():
    base, *_ = world()
    kept = [t for t in base.traits if t.name in ("industry", "plan")]
    made = customers(traits=kept, converted=base.roles["converted"].tolist())
    assert clusters(made).pivots[0].followers == ("plan",)


def test_a_trait_made_from_the_outcome_is_not_crossed():
    base, *_ = world()
    told = trait("won it", ["yes", "no"] * 1500, made_from=("converted",))
    made = customers(traits=[*base.traits[:3], told], converted=base.roles["converted"].tolist())
    names = {n for p in clusters(made).pivots for n in (p.rows_attribute, p.columns_attribute)}
    assert "won it" not in names


def test_customers_only_are_crossed_by_churn_a_month():
    n = 400
    rng = np.random.default_rng(2)
    base = customers(
        traits=[trait("a", ["x", "y"] * 200), trait("b", ["u"] * 200 + ["v"] * 200)],
        tenure_months=rng.integers(1, 40, n).tolist(),
        churned=(rng.random(n) < 0.4).astype(int).tolist(),
    )
    pivot = clusters(base).pivots[0]
    assert pivot.metric == "monthly_churn"
    one = pivot.cells[0]
    events, months = (sum(getattr(c, f) for c in pivot.cells) for f in ("events", "rate_n"))
    rest = (events - one.events) / (months - one.rate_n)
    assert one.index == pytest.approx(one.events / one.rate_n / rest)
    spread = np.exp(1.959963985 * np.sqrt(1 / one.events + 1 / (events - one.events)))
    assert (one.index_low, one.index_high) == pytest.approx(
        (one.index / spread, one.index * spread)
    )


def test_a_sales_led_base_is_read_by_its_win_rate():
    base = customers(
        traits=[trait("a", ["x", "y"] * 50)],
        outcome=[1, 0] * 50,
        converted=[1, 0] * 50,
    )
    rows, whole, made = bound(base, model="sales-led")
    assert leading_metric(whole, context(rows, made)).id == "win_rate"


def test_variation_is_chi_square_less_its_chance_part():
    events, n = np.array([30.0, 10.0]), np.array([50.0, 50.0])
    assert variation(events, n) == pytest.approx((100 / 20 + 100 / 20 - 1) / 40)
    assert variation(np.zeros(2), n) == 0.0


def test_many_small_cells_of_noise_vary_less_than_two_true_groups():
    rng = np.random.default_rng(0)
    noise = rng.binomial(10, 0.3, 80).astype(float)
    assert variation(noise, np.full(80, 10.0)) < variation(
        np.array([80.0, 160.0]), np.full(2, 400.0)
    )


def test_association_of_independent_columns_is_about_nothing():
    assert association(np.array([[50, 50], [50, 50]])) == pytest.approx(-1 / 200)
    assert association(np.array([[50, 0], [0, 50]])) == pytest.approx(0.99)
