"""Figures on anchors, weights, what is missing: the score, its range, and the reruns."""

from dataclasses import replace

import numpy as np
import pytest

from mapseg_xl.errors import InputError
from mapseg_xl.prioritize.criteria import (
    Measure,
    default_weights,
    fewest_units,
    measured_by,
    payback_limit,
    weights,
)
from mapseg_xl.prioritize.figures import Figure, figure
from mapseg_xl.prioritize.market import Typed
from mapseg_xl.prioritize.scoring import ranks, rerun, score, utility
from mapseg_xl.settings import CRITERIA, MODELS, Settings
from tests.prioritize.worlds import SETTINGS, all_known, figures, row

EVEN = dict.fromkeys(CRITERIA, 1 / 6)
INDEX = Measure("conversion", "conversion", "", "index", 50.0, 200.0, "conversion")
STAYS = Measure("stickiness", "stickiness", "", "index", 50.0, 200.0, "monthly_churn")
PAYS = Measure("value", "value", "", "index", 50.0, 200.0, "arpu")
MONTHS = Measure("payback_months", "cost", "", "months", 24.0, 3.0, "payback_months")
FULL = {
    "conversion": 200.0, "value": 125.0, "stickiness": 50.0, "payback_months": 3.0, "reachable": 1.0,
    "growth": 0.25, "scalable_channel": 3.0, "headroom_used": 0.1, "competition": 0.0, "roadmap_fit": 3.0,
}  # fmt: skip


def test_weights_of_every_model_sum_to_one():
    for model in MODELS:
        assert sum(default_weights(Settings(model=model)).values()) == pytest.approx(1)


def test_the_score_is_the_weighted_mean_of_the_utilities():
    made = score([figures(**FULL)], all_known(), EVEN)
    assert made.utilities[0] == pytest.approx([1, 0.5, 0, 1, 1, 1])
    assert made.totals[0] == pytest.approx(4.5 / 6)
    assert made.reach[0] == 0


def test_a_score_by_hand_with_the_weights_of_a_known_example():
    # worked example T32 on 0..1: weights .5 .3 .2, scores 10 10 4 of 10
    given = dict.fromkeys(CRITERIA, 0.0) | {"conversion": 0.5, "value": 0.3, "stickiness": 0.2}
    made = score([figures(conversion=200.0, value=200.0, stickiness=110.0)], all_known(), given)
    assert made.totals[0] == pytest.approx(0.88)


def test_weights_that_do_not_sum_to_one_are_scaled():
    twice = {name: 2 * weight for name, weight in EVEN.items()}
    one, other = (score([figures(**FULL)], all_known(), w).totals for w in (EVEN, twice))
    assert one == pytest.approx(other)


def test_a_missing_criterion_counts_half_and_widens_the_range():
    made = score([figures(**{**FULL, "conversion": None})], all_known(), EVEN)
    assert made.totals[0] == pytest.approx(4 / 6)
    assert made.reach[0] == pytest.approx(0.5 / 6)


def test_a_missing_answer_is_a_part_of_its_criterion():
    made = score([figures(**{**FULL, "growth": None})], all_known(), EVEN)
    market = CRITERIA.index("market")
    assert made.utilities[0, market] == pytest.approx(3.5 / 4)
    assert made.missing[0, market] == pytest.approx(1 / 4)


def test_dropping_a_candidate_changes_no_other_score():
    three = [figures(**FULL), figures(conversion=60.0), figures(value=180.0)]
    every, fewer = (score(c, all_known(), EVEN).totals for c in (three, three[:2]))
    assert every[:2] == pytest.approx(fewer)


@pytest.mark.parametrize(("given", "expected"), [(50, 0), (200, 1), (10, 0), (900, 1), (125, 0.5)])
def test_a_figure_beyond_its_anchors_is_clipped(given, expected):
    assert INDEX.utility(given) == pytest.approx(expected)


def test_a_cost_is_worst_where_it_is_high():
    assert MONTHS.utility(3) == 1
    assert MONTHS.utility(24) == 0
    assert utility(MONTHS, Figure(never=True)) == 0


def test_anchors_that_cannot_be_used_leave_the_figure_missing():
    assert replace(INDEX, best=None).utility(100) is None
    assert replace(INDEX, best=50.0).utility(100) is None
    assert utility(replace(MONTHS, best=None), Figure(never=True)) is None


def test_few_customers_cannot_top_the_list():
    few = figure(row("conversion", 1.0, n=4, events=4, rest_value=0.25), INDEX, SETTINGS)
    many = figure(row("conversion", 0.45, n=500, events=225, rest_value=0.25), INDEX, SETTINGS)
    assert few.value < many.value
    assert few.careful == pytest.approx((4 + 50 * 0.25) / 54)


def test_the_shrunken_share_is_used_where_there_is_one():
    found = figure(row("conversion", 0.5, cautious=0.3), INDEX, SETTINGS)
    assert found.value == pytest.approx(150)


def test_who_leaves_half_as_often_stays_twice_as_long():
    leaving = row(
        "monthly_churn", 0.02, n=1e6, events=20_000, rest_value=0.04, direction="good_low"
    )
    assert figure(leaving, STAYS, SETTINGS).value == pytest.approx(200, rel=1e-3)


def test_nobody_has_left_among_few_is_not_forever():
    leaving = row("monthly_churn", 0.0, n=80, events=0, rest_value=0.04, direction="good_low")
    found = figure(leaving, STAYS, SETTINGS)
    assert found.careful == pytest.approx(5 / (80 + 125))
    assert found.value == pytest.approx(100 * 0.04 * 205 / 5)


@pytest.mark.parametrize(
    "given",
    [None, row("conversion", None), row("conversion", rest_value=None), row("conversion", rest_value=0.0)],
)  # fmt: skip
def test_a_figure_without_value_or_everyone_else_is_missing(given):
    assert figure(given, INDEX, SETTINGS).value is None


def test_the_draws_have_the_mean_and_error_of_the_figure():
    rng = np.random.default_rng(3)
    share = figure(row("conversion", 0.4, n=150, events=60), INDEX, SETTINGS)
    drawn = share.draws(40_000, rng)
    p = (60 + 50 * 0.2) / 200
    assert drawn.mean() == pytest.approx(100 * p / 0.2, rel=0.01)
    assert drawn.std() == pytest.approx(100 * (p * (1 - p) / 201) ** 0.5 / 0.2, rel=0.02)
    money = row("arpu", 80.0, unit="money", n=1e9, ci_low=79.04, ci_high=80.96, rest_value=40.0)
    drawn = figure(money, PAYS, SETTINGS).draws(40_000, rng)
    assert drawn.mean() == pytest.approx(200, rel=0.01)
    assert drawn.std() == pytest.approx(2.5 * 0.96 / 1.96, rel=0.02)


def test_two_big_accounts_among_sixty_customers_move_no_score():
    # 58 pay about 22, two pay a million: the mean is 33,000, and its range reaches from 20 to 100,000
    money = row("arpu", 33e3, unit="money", n=60, ci_low=20.0, ci_high=1e5, rest_value=22.0)
    for line in (
        money,
        replace(money, cautious=22.0),
    ):  # overlapping segments, and those of one trait
        found = figure(line, PAYS, SETTINGS, typical=22.0)
        assert found.value == pytest.approx(100, abs=1)
        drawn = found.draws(10_000, np.random.default_rng(5))
        assert np.percentile(drawn, 97.5) < 200  # not beyond the best there is


def test_two_big_accounts_elsewhere_leave_a_usual_segment_at_everyone_elses():
    # its 300 customers pay 22 each for sure; the 3,000 others pay 22 and two a million
    money = row(
        "arpu", 22.0, unit="money", n=300, ci_low=21.0, ci_high=23.0, rest_value=690.0,
        diff_low=-1_700.0, diff_high=3.0,
    )  # fmt: skip
    assert figure(money, PAYS, SETTINGS, typical=22.0).value == pytest.approx(100, abs=1)


def test_a_mean_is_drawn_toward_the_others_the_more_the_less_sure_it_is():
    def at(half, n):
        given = {"n": n, "ci_low": 80.0 - half, "ci_high": 80.0 + half, "rest_value": 40.0}
        return figure(row("arpu", 80.0, unit="money", **given), PAYS, SETTINGS).careful

    assert [at(half, 1e9) for half in (0.0, 39.2, 1e6)] == pytest.approx([80, 60, 40], abs=0.01)
    assert [at(0.0, n) for n in (1e9, 50, 4)] == pytest.approx([80, 60, 40 + 40 * 4 / 54], abs=0.01)


def test_reruns_are_the_same_each_time():
    made = [figures(**FULL), figures(conversion=150.0)]
    one, other = (rerun(made, all_known(), np.full(6, 1 / 6), SETTINGS) for _ in range(2))
    assert one.first.tolist() == other.first.tolist()


def test_who_is_known_to_be_best_wins_less_often_the_less_is_known_of_the_others():
    best = figures(**{**FULL, "value": 200.0, "stickiness": 200.0})
    poor = figures(**dict.fromkeys(FULL, 0.0) | {"competition": 3.0, "payback_months": 24.0})
    unknown = figures()
    sure = rerun([best, poor], all_known(), np.full(6, 1 / 6), SETTINGS)
    assert sure.first[0] == pytest.approx(1)
    alike = rerun([unknown, unknown], all_known(), np.full(6, 1 / 6), SETTINGS)
    assert alike.first == pytest.approx([0.5, 0.5], abs=0.02)


def test_a_criterion_of_no_weight_is_left_out_of_the_reruns():
    one, other = figures(conversion=200.0, value=50.0), figures(conversion=50.0, value=200.0)
    given = np.array([1.0, 0, 0, 0, 0, 0])
    assert rerun([one, other], all_known(), given, SETTINGS).first.tolist() == [1, 0]


def test_ties_go_to_the_larger_then_to_the_id():
    assert ranks(np.array([0.5, 0.5, 0.5]), [10, 20, 10], ["b", "a", "a"]) == [3, 1, 2]


def test_typed_weights_win_and_no_number_counts_nothing():
    found = weights(SETTINGS, Typed(weights={"value": 0.6, "cost": None}))
    assert (found["value"], found["cost"]) == (0.6, 0.0)


def test_the_first_figure_that_the_data_gives_stands_for_a_criterion():
    known = {("ALL", m): row(m, 1.0) for m in ("win_rate", "conversion", "cac")}
    assert measured_by("sales-led", known)["conversion"] == "win_rate"
    assert measured_by("self-serve", known)["conversion"] == "conversion"
    assert measured_by("self-serve", known)["cost"] == "cac"
    assert measured_by("self-serve", {})["value"] == ""


def test_limits_follow_the_model_and_settings_win():
    assert payback_limit(Settings(model="sales-led")) == 24
    assert payback_limit(Settings(model="sales-led", max_payback_months=6)) == 6
    assert fewest_units(Settings(model="sales-led")) == 10
    assert fewest_units(Settings(model="repeat-purchase")) == 100


@pytest.mark.parametrize(
    "wrong",
    [
        {"weights": {"luck": 1}},
        {"weights": {"value": -1}},
        {"weights": 3},
        {"anchors": {"value": [1]}},
        {"anchors": {"value": [2, 2]}},
        {"anchors": {"nothing": [1, 2]}},
        {"most_segments": 4},
    ],
)
def test_settings_that_cannot_be_used_are_refused(wrong):
    with pytest.raises(InputError):
        Settings().with_values(wrong, "settings.toml")


def test_anchors_of_the_settings_are_used():
    made = all_known(anchors={"value": (0, 100)})
    assert next(m for m in made if m.id == "value").utility(50) == 0.5
