"""How firm an order is: against cases with a known answer, and against a second implementation in plain loops."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapseg_xl.prioritize.acceptability import (
    acceptability,
    free_weights,
    ordered_weights,
    smallest_turn,
)

REPEAT = 10_000


def rng():
    return np.random.default_rng(7)


def certain(utilities, count=REPEAT):
    """The same utilities in every rerun."""
    return np.broadcast_to(np.array(utilities, dtype=float), (count, *np.shape(utilities))).copy()


def naive(utilities, weights):
    """First and top-three shares, rank by rank, with ties sharing the places they take."""
    reruns, candidates, _ = utilities.shape
    first, top = [0.0] * candidates, [0.0] * candidates
    for u, w in zip(utilities, weights, strict=True):
        scores = [sum(a * b for a, b in zip(line, w, strict=True)) for line in u]
        for i, mine in enumerate(scores):
            above = sum(s > mine + 1e-12 for s in scores)
            tied = sum(abs(s - mine) <= 1e-12 for s in scores)
            first[i] += 1 / tied if above == 0 else 0
            top[i] += max(0, min(tied, 3 - above)) / tied
    return np.array(first) / reruns, np.array(top) / reruns


def test_two_candidates_each_best_at_one_of_two_criteria_win_half_of_the_reruns():
    found = acceptability(certain([[1, 0], [0, 1]]), free_weights(REPEAT, 2, rng()))
    assert found.first == pytest.approx([0.5, 0.5], abs=0.015)
    assert found.top_three == pytest.approx([1, 1])
    # weights uniform on the line: those of the winner average 3/4 for what it is best at
    assert found.central == pytest.approx(np.array([[0.75, 0.25], [0.25, 0.75]]), abs=0.015)
    assert found.confidence == pytest.approx([1, 1])


def test_a_lead_of_one_criterion_wins_as_often_as_the_weights_allow():
    # (.9, 0) against (0, .3): first wins where .9 w > .3 (1 - w), w > 1/4
    found = acceptability(certain([[0.9, 0], [0, 0.3]]), free_weights(REPEAT, 2, rng()))
    assert found.first[0] == pytest.approx(0.75, abs=0.015)


def test_who_is_best_at_everything_always_wins():
    found = acceptability(certain([[0.9, 0.8], [0.5, 0.1]]), free_weights(REPEAT, 2, rng()))
    assert found.first.tolist() == [1, 0]
    assert np.isnan(found.central[1]).all()
    assert np.isnan(found.confidence[1])


def test_equals_share_every_place():
    found = acceptability(certain([[0.5, 0.5]] * 4, 500), free_weights(500, 2, rng()))
    assert found.first == pytest.approx([0.25] * 4)
    assert found.top_three == pytest.approx([0.75] * 4)


@pytest.mark.parametrize("seed", range(6))
def test_agrees_with_plain_loops(seed):
    draw = np.random.default_rng(seed)
    utilities = draw.random((300, 6, 4)).round(1)  # rounded, so that ties happen
    utilities[:, 5] = utilities[:, 0]
    weights = free_weights(300, 4, draw)
    found = acceptability(utilities, weights)
    first, top = naive(utilities, weights)
    assert found.first == pytest.approx(first)
    assert found.top_three == pytest.approx(top)


@settings(max_examples=30)
@given(st.integers(1, 8), st.integers(1, 5), st.integers(0, 10_000))
def test_shares_add_up_to_the_places_there_are(candidates, criteria, seed):
    draw = np.random.default_rng(seed)
    utilities = draw.random((50, candidates, criteria))
    found = acceptability(utilities, free_weights(50, criteria, draw))
    assert found.first.sum() == pytest.approx(1)
    assert found.top_three.sum() == pytest.approx(min(3, candidates))
    assert (found.first <= found.top_three + 1e-12).all()


def test_free_weights_average_the_same_for_all():
    weights = free_weights(REPEAT, 4, rng())
    assert weights.sum(axis=1) == pytest.approx(np.ones(REPEAT))
    assert weights.mean(axis=0) == pytest.approx([0.25] * 4, abs=0.01)


def test_ordered_weights_keep_the_order_of_importance_and_deal_equals_at_random():
    weights = ordered_weights(2000, np.array([0.2, 0.5, 0.2, 0.1]), rng())
    assert (weights[:, 1] >= weights.max(axis=1) - 1e-12).all()
    assert (weights[:, 3] <= weights.min(axis=1) + 1e-12).all()
    assert 0.4 < (weights[:, 0] > weights[:, 2]).mean() < 0.6


def test_the_smallest_turn_is_where_the_scores_meet():
    # .8 w + .2 (1 - w) = .3 w + .6 (1 - w) at w = 4/9
    turn = smallest_turn(np.array([[0.8, 0.2], [0.3, 0.6]]), np.array([0.6, 0.4]))
    assert turn is not None
    assert (turn.criterion, turn.winner) == (0, 1)
    assert turn.weight == pytest.approx(4 / 9)


def test_a_turn_may_need_most_of_the_weight():
    # .5 = .9 w at w = 5/9
    turn = smallest_turn(np.array([[0.5, 0.5], [0.9, 0.0]]), np.array([0.2, 0.8]))
    assert turn is not None
    assert turn.weight == pytest.approx((5 / 9, 4 / 9)[turn.criterion])
    three = smallest_turn(np.array([[0.5, 0.5, 0.5], [0.9, 0.0, 0.0]]), np.array([0.2, 0.4, 0.4]))
    assert three is not None
    assert (three.criterion, three.winner) == (0, 1)
    assert three.weight == pytest.approx(5 / 9)


def test_who_is_caught_up_only_where_a_weight_is_nothing_or_all_is_never_overtaken():
    equal_but_for_the_first = np.array([[0.9, 0.5, 0.5], [0.4, 0.5, 0.5]])
    assert smallest_turn(equal_but_for_the_first, np.array([1.0, 0.0, 0.0])) is None
    assert smallest_turn(equal_but_for_the_first, np.array([0.4, 0.3, 0.3])) is None


def test_who_is_best_at_everything_is_turned_by_no_weight():
    assert smallest_turn(np.array([[0.8, 0.7], [0.3, 0.6]]), np.array([0.6, 0.4])) is None
    assert smallest_turn(np.array([[0.8, 0.7]]), np.array([0.6, 0.4])) is None


@settings(max_examples=50)
@given(st.integers(0, 100_000))
def test_just_beyond_the_turn_the_other_comes_first_and_just_before_it_does_not(seed):
    draw = np.random.default_rng(seed)
    utilities, weights = draw.random((4, 3)), draw.dirichlet(np.ones(3))
    turn = smallest_turn(utilities, weights)
    best = int(np.argmax(utilities @ weights))
    if turn is None:
        return
    now = weights[turn.criterion]

    def winner(weight):
        moved = weights * (1 - weight) / (1 - now)
        moved[turn.criterion] = weight
        return int(np.argmax(utilities @ moved))

    step = 1e-6 if turn.weight > now else -1e-6
    assert winner(turn.weight - step) == best
    assert winner(min(1, max(0, turn.weight + step))) in (turn.winner, best)
    grid = np.linspace(now, turn.weight - step, 50)  # nobody else overtakes before
    assert all(winner(w) == best for w, _ in pairwise(grid))
