"""Shifting a mix, and splitting a change into rates and mix: published numbers, populations counted by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapseg_xl.stats.mix import (
    SCENARIOS,
    Blend,
    change_error,
    kitagawa,
    largest_step,
    new_share,
    shifted,
)

# Das Gupta 1993, example 5.3: death rates of Japan, men and women in eleven ages, 1970 and 1985.
SIZES_1970 = (
    "2968 11484 34614 30992 21983 20314 20928 16897 11339 5720 1315 "
    "535 2162 6120 4781 3096 2718 2363 1767 1149 448 117"
)
SIZES_1985 = (
    "3041 11577 27450 32711 35480 27411 19555 19795 15254 8022 2472 "
    "707 2692 6473 6841 6547 4352 3034 2540 1749 804 236"
)
RATES_1970 = (
    "18.469 .751 .391 1.146 1.287 2.672 6.636 15.691 34.723 79.763 176.837 "
    "36.993 1.352 .541 2.040 3.523 6.746 12.967 24.471 45.091 74.902 123.205"
)
RATES_1985 = (
    "9.163 .462 .248 .929 1.084 1.810 4.715 12.187 27.728 64.068 157.570 "
    "17.208 .738 .328 1.103 2.045 3.724 8.052 17.812 34.128 68.276 125.161"
)
shares = st.floats(0.01, 0.9)
rates = st.floats(0.0, 1.0)
steps = st.floats(0.001, 0.1)


def numbers(text):
    return np.array([float(x) for x in text.split()])


def test_kitagawa_matches_das_gupta_on_twenty_two_cells():
    sizes = numbers(SIZES_1970), numbers(SIZES_1985)
    per_thousand = numbers(RATES_1970), numbers(RATES_1985)
    crude = [np.average(r, weights=n) for r, n in zip(per_thousand, sizes, strict=True)]
    assert crude == pytest.approx([9.4218, 8.7356], abs=5e-5)
    moved = kitagawa(sizes, per_thousand)
    assert moved.by_rate.sum() == pytest.approx(-2.2277, abs=5e-5)
    assert moved.by_mix == pytest.approx(1.5415, abs=5e-5)


@given(
    st.lists(
        st.tuples(st.integers(1, 999), st.integers(1, 999), rates, rates), min_size=1, max_size=9
    )
)
def test_rate_and_mix_add_up_to_the_change_without_residue(cells):
    n0, n1, r0, r1 = (np.array(column, float) for column in zip(*cells, strict=True))
    moved = kitagawa((n0, n1), (r0, r1))
    change = np.average(r1, weights=n1) - np.average(r0, weights=n0)
    assert moved.by_rate.sum() + moved.by_mix == pytest.approx(change, abs=1e-12)


def test_the_three_meanings_of_ten_per_cent_more():
    blend = Blend(0.2 * 0.12 + 0.8 * 0.05, 0.2, 0.12, 0.05)
    got = [shifted(blend, name, 0.1) for name in SCENARIOS]
    assert got == pytest.approx([0.065098, 0.0710, 0.0654], abs=5e-7)


@given(shares, rates, rates, steps, st.floats(0.1, 2.0))
def test_a_shift_is_the_mean_over_the_people_after_it(share, rate, rest, step, quality):
    blend = Blend(share * rate + (1 - share) * rest, share, rate, rest)
    for scenario in SCENARIOS:
        added = step if scenario == "absolute" else step * share
        others = 1 - share if scenario == "count" else 1 - share - added
        people = share + added + others
        mean = (share * rate + added * quality * rate + others * rest) / people
        assert shifted(blend, scenario, step, quality) == pytest.approx(mean, abs=1e-12)
        assert new_share(share, scenario, step) == pytest.approx((share + added) / people)


def test_a_share_over_one_is_refused_with_the_largest_step():
    blend = Blend(0.5, 0.95, 0.5, 0.5)
    assert [shifted(blend, name, 0.1) for name in SCENARIOS] == [0.5, None, None]
    assert largest_step(0.95, "absolute") == pytest.approx(0.05)
    assert largest_step(0.95, "relative") == pytest.approx(1 / 0.95 - 1)
    for scenario in ("absolute", "relative"):
        assert new_share(0.95, scenario, largest_step(0.95, scenario)) == pytest.approx(1)


def test_of_nobody_only_points_can_be_added():
    blend = Blend(0.05, 0.0, 0.12, 0.05)
    assert [shifted(blend, name, 0.1) for name in SCENARIOS] == pytest.approx([0.05, 0.057, 0.05])


def test_of_everybody_there_is_nothing_to_shift():
    blend = Blend(0.12, 1.0, 0.12, None)
    assert [shifted(blend, name, 0.1) for name in SCENARIOS] == [pytest.approx(0.12), None, None]


def test_the_error_of_a_change_is_that_of_redraws():
    rng = np.random.default_rng(3)
    rate, rest = rng.normal(0.12, 0.01, 100_000), rng.normal(0.05, 0.004, 100_000)
    base = 0.2 * rate + 0.8 * rest
    change = (base + 0.02 * rate * 0.8) / 1.02 - base
    blend = Blend(0.064, 0.2, 0.12, 0.05)
    assert change_error(blend, (1e-4, 1.6e-5), 0.1, 0.8) == pytest.approx(change.std(), rel=0.02)
