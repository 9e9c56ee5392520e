"""What must hold for every metric of the catalogue, whatever the customers."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mapseg_xl.metrics.catalog import METRICS
from tests.bases import customers, performance, trait

AS_OF = "2025-06-30"
MONEY = ("revenue_monthly", "revenue_total", "acquisition_cost")
every_metric = pytest.mark.parametrize("metric", METRICS, ids=lambda m: m.id)
few_examples = settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
seeds = st.tuples(st.integers(0, 10_000), st.integers(2, 160))


def columns(seed, n):
    """Role columns of leads, some won, some lost again; gaps everywhere."""
    r = np.random.default_rng(seed)
    trial = np.datetime64("2023-01-01") + r.integers(0, 900, n)
    won = r.random(n) < 0.6
    converted = trial + r.integers(0, 40, n)
    churned = converted + r.integers(0, 900, n)
    last = np.datetime64(AS_OF)
    won &= converted <= last
    gone = won & (r.random(n) < 0.5) & (churned <= last)

    def some(values, where):
        return [v if w else None for v, w in zip(values, where, strict=True)]

    price = r.gamma(2, 25, n)
    return {
        "customer_id": [f"c{k}" for k in range(n)],
        "trial_on": [str(d) for d in trial],
        "converted_on": some([str(d) for d in converted], won),
        "churned_on": some([str(d) for d in churned], gone),
        "outcome": np.where(won, 1, np.where(r.random(n) < 0.5, 0, -1)).tolist(),
        "revenue_monthly": some(price.tolist(), won & (r.random(n) < 0.9)),
        "revenue_total": some((price * 7).tolist(), r.random(n) < 0.8),
        "order_count": some(r.poisson(2, n).tolist(), r.random(n) < 0.9),
        "acquisition_cost": some(r.uniform(5, 90, n).tolist(), r.random(n) < 0.95),
    }


def values(seed, n, kinds="AABC"):
    return np.random.default_rng(seed + 1).choice(list(kinds), n).tolist()


def found(metric, roles, cut, **asked):
    base = customers(traits=[trait("t", cut)], **roles)
    return performance(base, metric.id, "t", AS_OF, gross_margin=0.6, **asked)


def plain(row):
    """A row's contents without its names."""
    return replace(row, segmentation="", segment_id="", segment="")


def same(one, other):
    a, b = plain(one), plain(other)
    for name in a.__slots__:
        x, y = getattr(a, name), getattr(b, name)
        if isinstance(x, float) and isinstance(y, float):
            assert x == pytest.approx(y, rel=1e-9, abs=1e-12), name
        else:
            assert x == y, name


@every_metric
@few_examples
@given(of=seeds)
def test_the_order_of_rows_changes_nothing(metric, of):
    seed, n = of
    roles, cut = columns(seed, n), values(seed, n)
    order = np.random.default_rng(seed).permutation(n)
    moved = {name: [column[k] for k in order] for name, column in roles.items()}
    before = found(metric, roles, cut)
    after = found(metric, moved, [cut[k] for k in order])
    for name in before:
        same(before[name], after[name])


@every_metric
def test_no_input_is_touched(metric):
    base = customers(traits=[trait("t", values(3, 80))], **columns(3, 80))
    copies = {name: column.copy() for name, column in base.roles.items()}
    status, codes = base.status.copy(), base.traits[0].codes.copy()
    for column in (*base.roles.values(), base.status, base.ids, base.traits[0].codes):
        column.flags.writeable = False
    performance(base, metric.id, "t", AS_OF)
    for name, column in copies.items():
        np.testing.assert_array_equal(base.roles[name], column)
    np.testing.assert_array_equal(base.status, status)
    np.testing.assert_array_equal(base.traits[0].codes, codes)


@every_metric
@few_examples
@given(of=seeds)
def test_a_segment_of_everybody_has_nobody_to_compare_with(metric, of):
    seed, n = of
    (row,) = found(metric, columns(seed, n), ["only"] * n).values()
    assert row.verdict == "not_available"
    assert row.note
    assert (row.rest_value, row.index, row.p_value, row.q_value) == (None, None, None, None)
    assert row.value == row.all_value or row.value == pytest.approx(row.all_value)


@every_metric
def test_a_value_nobody_has_is_not_available(metric):
    cut = trait("t", values(5, 90))
    cut = replace(cut, values=(*cut.values, "nobody"))
    base = customers(traits=[cut], **columns(5, 90))
    row = performance(base, metric.id, "t", AS_OF, gross_margin=0.6)["nobody"]
    assert (row.value, row.verdict, row.index) == (None, "not_available", None)
    assert row.note
    assert row.n in (0, None)


@every_metric
@few_examples
@given(of=seeds, factor=st.sampled_from([0.01, 3.0, 1000.0]))
def test_another_currency_scales_money_and_nothing_else(metric, of, factor):
    seed, n = of
    roles, cut = columns(seed, n), values(seed, n)
    dear = {
        name: [None if v is None else v * factor for v in column] if name in MONEY else column
        for name, column in roles.items()
    }
    scale = factor if metric.unit == "money" else 1.0
    one, other = found(metric, roles, cut), found(metric, dear, cut)
    for name, row in one.items():
        twin = other[name]
        for field in (
            "value",
            "ci_low",
            "ci_high",
            "rest_value",
            "difference",
            "diff_low",
            "diff_high",
        ):
            a, b = getattr(row, field), getattr(twin, field)
            assert (a is None) == (b is None), field
            assert a is None or b == pytest.approx(a * scale, rel=1e-6, abs=1e-9), field
        assert (row.verdict, row.n, row.events) == (twin.verdict, twin.n, twin.events)


@every_metric
@few_examples
@given(of=seeds)
def test_other_names_change_names_only(metric, of):
    seed, n = of
    roles, cut = columns(seed, n), values(seed, n)
    names = {"A": "=1+1", "B": "(blank)", "C": "*"}
    one, other = found(metric, roles, cut), found(metric, roles, [names[v] for v in cut])
    for name, row in one.items():
        same(row, other[names[name]])


@every_metric
@few_examples
@given(of=seeds)
def test_two_values_are_mirror_images(metric, of):
    seed, n = of
    cut = values(seed, n, "AB")
    rows = found(metric, columns(seed, n), cut)
    if len(rows) < 2:
        return
    a, b = rows["A"], rows["B"]
    assert (a.rest_value, b.rest_value) == (
        b.value if b.value is None else pytest.approx(b.value),
        a.value if a.value is None else pytest.approx(a.value),
    )
    if a.difference is not None and b.difference is not None:
        assert a.difference == pytest.approx(-b.difference, abs=1e-9)
    opposite = {"better": "worse", "worse": "better"}
    if "not_available" not in (a.verdict, b.verdict):
        assert b.verdict == opposite.get(a.verdict, a.verdict)
        assert (a.q_value is None) == (b.q_value is None)
        assert a.q_value is None or a.q_value == pytest.approx(b.q_value, rel=1e-6)


ONLY_PAYING = [m for m in METRICS if m.step in ("stay", "pay")]


@pytest.mark.parametrize("metric", ONLY_PAYING, ids=lambda m: m.id)
def test_another_open_trial_changes_nothing_about_customers(metric):
    roles, cut = columns(8, 1200), values(8, 1200)
    one = found(metric, roles, cut)
    more = {
        name: [*column, {"customer_id": "new", "trial_on": AS_OF, "outcome": -1}.get(name)]
        for name, column in roles.items()
    }
    other = found(metric, more, [*cut, "A"])
    for name in one:
        same(one[name], other[name])
