"""Scores of means drawn at random, against exact and simulated chances."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom, norm

from mapseg_xl.stats.drawn_means import drawn_scores, score_beyond_chance


@pytest.mark.parametrize(
    ("units", "yes", "drawn"), [(4000, 400, 600), (1000, 500, 100), (4000, 400, 60)]
)
@pytest.mark.parametrize("chance", [1e-2, 1e-4, 1e-6])
def test_of_a_share_the_score_has_the_exact_chance_within_rounding(units, yes, drawn, chance):
    outcome = np.repeat([1.0, 0.0], [yes, units - yes])
    k = int(hypergeom.isf(chance, units, yes, drawn)) + 1
    above, with_it = hypergeom.sf(k, units, yes, drawn), hypergeom.sf(k - 1, units, yes, drawn)
    ours = norm.sf(drawn_scores([drawn], [k / drawn], outcome)[0])
    assert above / 2 < ours < with_it * 2


def test_a_rare_outcome_needs_more_than_a_normal_curve_has_it():
    outcome = np.repeat([1.0, 0.0], [80, 3920])
    lead = 6 / 30 - outcome.mean()
    normal = lead / np.sqrt(outcome.var() / 30)
    assert 3 < drawn_scores([30], [6 / 30], outcome)[0] < normal - 2


def test_skewed_money_lies_high_as_often_as_it_says():
    random = np.random.default_rng(5)
    amounts = np.exp(random.normal(0, 1, 1000))
    drawn = np.array([random.choice(amounts, 50, replace=False).mean() for _ in range(4000)])
    above = (drawn_scores(np.full(4000, 50), drawn, amounts) > 1.645).mean()
    assert above == pytest.approx(0.05, abs=0.012)


@given(st.lists(st.floats(-1e3, 1e3), min_size=0, max_size=30), st.integers(1, 30))
def test_no_draw_gives_an_unknown_score(amounts, n):
    outcome = np.array(amounts)
    n = min(n, max(len(amounts), 1))
    mean = outcome[:n].mean() if len(amounts) else 0.0
    assert np.isfinite(drawn_scores([n], [mean], outcome)).all()


def test_drawing_everybody_is_no_draw():
    assert drawn_scores([4], [2.5], np.array([1.0, 2, 3, 4])).tolist() == [0.0]


def test_nothing_tried_is_one_try():
    assert score_beyond_chance(0.05, 0) == score_beyond_chance(0.05, 1)
