"""The curve against lifelines on random people, and its edges."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapseg_xl.stats.survival import (
    at_risk_at,
    greenwood_variance,
    kaplan_meier,
    loglog_interval,
    median,
    median_interval,
    quantile,
    quantile_interval,
    survival_at,
    survival_on,
)

SEEDS = range(40)
people = st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=60)


@pytest.fixture(scope="module")
def fitted(independent, random_people, grouped):
    """Our curve and lifelines' fit of the same people."""
    lifelines = independent("lifelines")

    def fit(seed):
        durations, left = random_people(seed)
        theirs = lifelines.KaplanMeierFitter().fit(durations, left)
        return kaplan_meier(*grouped(durations, left)), theirs

    return fit


@pytest.mark.parametrize("seed", SEEDS)
def test_curve_is_that_of_lifelines(fitted, seed):
    curve, theirs = fitted(seed)
    at = np.linspace(0, curve.last_time, 50)
    assert survival_on(curve, at) == pytest.approx(theirs.predict(at).to_numpy(), abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_log_log_limits_are_those_of_lifelines(fitted, seed):
    curve, theirs = fitted(seed)
    limits = theirs.confidence_interval_survival_function_
    inside = (theirs.survival_function_.iloc[:, 0] > 0) & (theirs.survival_function_.iloc[:, 0] < 1)
    for t, other in limits[inside.to_numpy()].iterrows():
        assert loglog_interval(curve, t) == pytest.approx(tuple(other), abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_median_is_that_of_lifelines(fitted, seed):
    curve, theirs = fitted(seed)
    other = theirs.median_survival_time_
    assert median(curve) == (None if math.isinf(other) else pytest.approx(other))


@pytest.mark.parametrize("seed", SEEDS)
def test_limits_of_the_median_are_those_of_lifelines(fitted, independent, seed):
    curve, theirs = fitted(seed)
    limits = independent("lifelines.utils").median_survival_times(
        theirs.confidence_interval_survival_function_
    )
    low, high = (None if math.isinf(x) else x for x in limits.iloc[0])
    got = median_interval(curve)
    assert got.low == (low if low is None else pytest.approx(low))
    if (
        curve.survival[-1] > 0
    ):  # where all have left lifelines sets both limits to 0: no bound to us
        assert got.high == (high if high is None else pytest.approx(high))


def survival_by_hand(rows, t):
    """The product over the people themselves, one factor an event time."""
    share = 1.0
    for time in sorted({when for when, left in rows if left and when <= t}):
        n = sum(when >= time for when, _ in rows)
        d = sum(when == time and left for when, left in rows)
        share *= 1 - d / n
    return share


@given(people, st.floats(0, 30))
def test_curve_is_the_product_over_the_people(grouped, rows, t):
    curve = kaplan_meier(*grouped(*zip(*rows, strict=True)))
    by_hand = survival_by_hand(rows, t)
    got = survival_at(curve, t)
    if t > max(when for when, _ in rows) and by_hand > 1e-12:
        assert got is None
    else:
        assert got == pytest.approx(by_hand, abs=1e-12)


@given(people)
def test_curve_falls_from_1_to_no_less_than_0(grouped, rows):
    curve = kaplan_meier(*grouped(*zip(*rows, strict=True)))
    steps = np.concatenate(([1.0], curve.survival))
    assert (np.diff(steps) <= 0).all()
    assert steps.min() >= 0
    assert curve.n == len(rows) == curve.at_risk[0]


@given(people, st.integers(2, 5))
def test_every_person_twice_gives_the_same_curve_and_a_narrower_range(grouped, rows, times):
    month, left, lost = grouped(*zip(*rows, strict=True))
    once, more = kaplan_meier(month, left, lost), kaplan_meier(month, left * times, lost * times)
    assert more.survival == pytest.approx(once.survival)
    for t in month:
        low, more_low = loglog_interval(once, t).low, loglog_interval(more, t).low
        assert (low is None) == (more_low is None)
        assert low is None or more_low >= low - 1e-12


@given(people)
def test_nobody_leaving_at_a_time_adds_no_row(grouped, rows):
    month, left, lost = grouped(*zip(*rows, strict=True))
    padded = kaplan_meier(np.append(month, 99), np.append(left, 0), np.append(lost, 0))
    assert padded.last_time == month[-1]
    assert padded.times.tolist() == kaplan_meier(month, left, lost).times.tolist()


def test_someone_last_seen_at_the_time_of_an_event_is_still_at_risk():
    curve = kaplan_meier([6], [1], [1])
    assert at_risk_at(curve, 6) == 2
    assert survival_at(curve, 6) == 0.5


def test_an_event_in_month_0_counts_against_all_who_started():
    curve = kaplan_meier([0, 5], [1, 0], [0, 3])
    assert survival_at(curve, 0) == 0.75
    assert at_risk_at(curve, 0) == 4


def test_beyond_the_last_follow_up_nothing_is_known_unless_all_have_left():
    still_there = kaplan_meier([6, 9], [1, 0], [0, 2])
    assert survival_at(still_there, 9) == pytest.approx(2 / 3)
    assert survival_at(still_there, 9.01) is None
    assert greenwood_variance(still_there, 9.01) is None
    assert loglog_interval(still_there, 9.01) == (None, None)
    all_left = kaplan_meier([6, 9], [1, 2], [0, 0])
    assert survival_at(all_left, 50) == 0
    assert loglog_interval(all_left, 50) == (None, None)
    assert greenwood_variance(all_left, 50) == 0


def test_while_nobody_has_left_the_lower_limit_is_the_exact_one():
    curve = kaplan_meier([10, 20], [0, 1], [5, 15])
    assert loglog_interval(curve, 5) == (pytest.approx(0.025 ** (1 / 21)), 1.0)
    assert loglog_interval(curve, 15) == (pytest.approx(0.025 ** (1 / 16)), 1.0)


def test_a_curve_that_stays_above_half_has_no_median_but_perhaps_a_lower_limit():
    curve = kaplan_meier([3, 6, 30], [3, 2, 0], [0, 0, 6])
    assert median(curve) is None
    assert median_interval(curve) == (3.0, None)


def test_half_reached_by_rounded_products_counts_as_half():
    curve = kaplan_meier([1, 2, 3, 4], [1, 2, 2, 0], [0, 0, 0, 5])
    assert curve.survival[2] > 0.5  # 9/10 * 7/9 * 5/7 in floating point
    assert median(curve) == 3


def test_the_lower_limit_of_the_median_is_reached_at_the_latest_with_the_median():
    assert median_interval(kaplan_meier([7], [4], [0])) == (7.0, None)


def test_nobody_gives_an_empty_curve_of_which_nothing_is_known():
    curve = kaplan_meier([], [], [])
    assert (curve.n, curve.last_time) == (0, None)
    assert survival_at(curve, 0) is None
    assert at_risk_at(curve, 0) == 0
    assert median(curve) is None
    assert median_interval(curve) == (None, None)
    assert loglog_interval(curve, 1) == (None, None)


def test_weighted_counts_that_all_leave_end_at_exactly_0():
    curve = kaplan_meier([1, 2, 3], [0.1, 0.2, 0.7], [0, 0, 0])
    assert curve.survival[-1] == 0


@pytest.mark.parametrize(
    "columns",
    [
        ([2, 1], [1, 1], [0, 0]),
        ([1, 1], [1, 1], [0, 0]),
        ([-1, 1], [1, 1], [0, 0]),
        ([1, 2], [1, -1], [0, 0]),
        ([1, 2], [1], [0, 0]),
        ([1, float("nan")], [1, 1], [0, 0]),
        ([[1, 2]], [[1, 1]], [[0, 0]]),
    ],
)
def test_durations_out_of_order_or_impossible_are_refused(columns):
    with pytest.raises(ValueError, match="must"):
        kaplan_meier(*columns)


def test_the_inputs_stay_as_they_were():
    columns = [np.array([1.0, 2.0, 3.0]), np.array([1.0, 0.0, 0.0]), np.array([0.0, 0.0, 2.0])]
    before = [column.copy() for column in columns]
    kaplan_meier(*columns)
    assert all((one == other).all() for one, other in zip(columns, before, strict=True))


@pytest.mark.parametrize(("level", "expected"), [(0.9, 6), (0.75, 13), (0.4, None)])
def test_a_quantile_is_the_least_time_at_or_below_its_level(arms, level, expected):
    # S of the drug arm: .8571 at 6, .7529 at 10, .6902 at 13, .4482 at 23 and after (example T14).
    assert quantile(kaplan_meier(*arms["drug"]), level) == expected


def test_limits_of_a_quantile_are_where_the_limit_curves_reach_its_level(arms):
    curve = kaplan_meier(*arms["drug"])
    low, high = quantile_interval(curve, 0.75)
    reached = [t for t in curve.times if loglog_interval(curve, t).high <= 0.75]
    assert high == (reached[0] if reached else None)
    assert low == next(t for t in curve.times if loglog_interval(curve, t).low <= 0.75)
