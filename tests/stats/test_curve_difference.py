"""Two curves at one time: Greenwood, exact limits at the ends, the complementary log-log test."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapseg_xl.stats.proportions import clopper_pearson
from mapseg_xl.stats.survival import (
    greenwood_variance,
    kaplan_meier,
    rmst,
    rmst_difference,
    rmst_variance,
    survival_at,
    survival_difference,
)


# Times that are rows of both arms: in between lifelines interpolates Greenwood's step sum.
@pytest.mark.parametrize("t", [11, 17, 22])
def test_p_is_that_of_lifelines_at_a_fixed_point(independent, arms, t):
    lifelines, statistics = independent("lifelines"), independent("lifelines.statistics")
    fitters = []
    for name in ("drug", "placebo"):
        times, events, censored = arms[name]
        fitter = lifelines.KaplanMeierFitter()
        durations = [*times.repeat(events), *times.repeat(censored)]
        fitters.append(fitter.fit(durations, [1] * events.sum() + [0] * censored.sum()))
    theirs = statistics.survival_difference_at_fixed_point_in_time_test(t, *fitters)
    got = survival_difference(kaplan_meier(*arms["drug"]), kaplan_meier(*arms["placebo"]), t)
    assert got.p == pytest.approx(theirs.p_value, rel=1e-9)


def test_limits_between_the_ends_are_greenwoods(arms):
    drug, placebo = kaplan_meier(*arms["drug"]), kaplan_meier(*arms["placebo"])
    got = survival_difference(drug, placebo, 10)
    difference = survival_at(drug, 10) - survival_at(placebo, 10)
    error = math.sqrt(greenwood_variance(drug, 10) + greenwood_variance(placebo, 10))
    assert got[:3] == pytest.approx(
        (difference, difference - 1.959964 * error, difference + 1.959964 * error), abs=1e-6
    )


def test_a_side_nobody_left_takes_exact_limits_and_has_no_p():
    nobody_left = kaplan_meier([6, 12], [0, 0], [15, 30])  # 30 of them at risk in month 12
    other = kaplan_meier([3, 12], [20, 0], [0, 20])
    got = survival_difference(nobody_left, other, 12)
    free = 1 - clopper_pearson(30, 30).low
    half = 1.959964 * math.sqrt(greenwood_variance(other, 12))
    assert got.difference == 0.5
    assert got.low == pytest.approx(0.5 - math.hypot(free, half), abs=1e-6)
    assert got.high == pytest.approx(0.5 + half, abs=1e-6)
    assert got.p is None


def test_a_side_all_left_takes_exact_limits_on_those_at_risk_when_the_last_went():
    all_left, nobody_left = kaplan_meier([3, 6], [4, 6], [0, 0]), kaplan_meier([24], [0], [50])
    got = survival_difference(all_left, nobody_left, 12)
    assert got.difference == -1
    assert got.low == -1
    rise, fall = clopper_pearson(0, 6).high, 1 - clopper_pearson(50, 50).low
    assert got.high == pytest.approx(-1 + math.hypot(rise, fall))


def test_a_side_that_ends_before_the_time_leaves_nothing_to_compare():
    short, long = kaplan_meier([3], [1], [4]), kaplan_meier([30], [1], [4])
    assert survival_difference(short, long, 12) == (None,) * 4
    assert survival_difference(long, kaplan_meier([], [], []), 12) == (None,) * 4
    assert rmst_difference(short, long, 12) == (None,) * 4


@given(*[st.integers(0, 20)] * 4)
def test_swapped_sides_are_the_mirror_image(left1, stay1, left2, stay2):
    first = kaplan_meier([5, 20], [left1, 0], [0, stay1])
    second = kaplan_meier([5, 20], [left2, 0], [0, stay2])
    there, back = survival_difference(first, second, 12), survival_difference(second, first, 12)
    if there.difference is None:
        assert back.difference is None
    else:
        mirrored = (-back.difference, -back.high, -back.low)
        assert there[:3] == pytest.approx(mirrored)
        assert there.low <= there.difference <= there.high
        assert there.p == (back.p if back.p is None else pytest.approx(back.p))


def test_mean_months_are_compared_by_their_own_z(arms):
    drug, placebo = kaplan_meier(*arms["drug"]), kaplan_meier(*arms["placebo"])
    got = rmst_difference(drug, placebo, 23)
    z = (rmst(drug, 23) - rmst(placebo, 23)) / math.sqrt(
        rmst_variance(drug, 23) + rmst_variance(placebo, 23)
    )
    assert got.difference == pytest.approx(17.909 - 8.667, abs=0.001)
    assert got.p == pytest.approx(math.erfc(z / math.sqrt(2)))


def test_mean_months_without_any_loss_have_no_p():
    curve = kaplan_meier([24], [0], [9])
    assert rmst_difference(curve, curve, 12) == (0.0, 0.0, 0.0, None)
