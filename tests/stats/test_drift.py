"""The population stability index and what chance gives of it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapseg_xl.stats.drift import psi, psi_by_chance, same_mix_p

counts = st.lists(st.integers(0, 500), min_size=2, max_size=8)


def test_by_hand() -> None:
    # .1 ln(.6/.5) + (-.1) ln(.4/.5)
    assert psi([50, 50], [60, 40]) == pytest.approx(0.1 * math.log(1.5), abs=1e-12)


def test_an_empty_category_counts_as_a_share_of_one_in_ten_thousand() -> None:
    expected = (0.5 - 0.0001) * math.log(0.5 / 0.0001) + (0.5 - 1) * math.log(0.5)
    assert psi([100, 0], [50, 50]) == pytest.approx(expected, rel=1e-12)


def test_a_category_that_nobody_is_in_counts_nothing() -> None:
    assert psi([50, 50, 0], [60, 40, 0]) == psi([50, 50], [60, 40])


@given(counts)
def test_the_same_mix_has_no_index_whatever_its_size(held: list[int]) -> None:
    if sum(held):
        assert psi(held, [3 * n for n in held]) == pytest.approx(0, abs=1e-12)


@given(counts, st.integers(0, 9))
def test_it_is_never_below_zero_and_the_same_both_ways(held: list[int], seed: int) -> None:
    other = np.random.default_rng(seed).permutation(held).tolist()
    one, back = psi(held, other), psi(other, held)
    if one is None or back is None:
        assert not sum(held)
    else:
        assert one >= 0
        assert one == pytest.approx(back, rel=1e-9)


def test_nobody_on_a_side_has_no_index() -> None:
    assert psi([0, 0], [1, 2]) is None
    assert psi_by_chance([0, 0], [1, 2]) is None
    assert same_mix_p([0, 0], [1, 2]) is None


def test_two_samples_of_one_mix_have_on_average_the_index_that_chance_gives() -> None:
    rng = np.random.default_rng(1)
    mix = [0.4, 0.3, 0.2, 0.1]
    told = [psi(rng.multinomial(400, mix), rng.multinomial(250, mix)) for _ in range(800)]
    assert np.mean([t for t in told if t is not None]) == pytest.approx(
        psi_by_chance([160, 120, 80, 40], [100, 75, 50, 25]), rel=0.08
    )


def test_one_mix_is_called_another_in_one_of_twenty_tests() -> None:
    rng = np.random.default_rng(2)
    mix = [0.5, 0.3, 0.15, 0.05]
    p = [same_mix_p(rng.multinomial(300, mix), rng.multinomial(120, mix)) for _ in range(1000)]
    assert np.mean([x is not None and x <= 0.05 for x in p]) == pytest.approx(0.05, abs=0.02)
