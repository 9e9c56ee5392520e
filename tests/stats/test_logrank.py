"""The log-rank test against lifelines and statsmodels."""

import numpy as np
import pytest

from mapseg_xl.stats.survival import logrank, logrank_k, logrank_stratified

SEEDS = range(25)
EMPTY = ([], [], [])


@pytest.mark.parametrize("seed", SEEDS)
def test_two_groups_are_tested_as_in_lifelines(independent, random_people, grouped, seed):
    first, second = random_people(seed), random_people(seed + 100)
    theirs = independent("lifelines.statistics").logrank_test(
        first[0], second[0], first[1], second[1]
    )
    got = logrank(grouped(*first), grouped(*second))
    assert got.chi2 == pytest.approx(theirs.test_statistic, rel=1e-9)
    assert got.p == pytest.approx(theirs.p_value, rel=1e-9)
    assert got.df == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_several_groups_are_tested_as_in_lifelines(independent, random_people, grouped, seed):
    groups = [random_people(seed + 50 * k) for k in range(4)]
    theirs = independent("lifelines.statistics").multivariate_logrank_test(
        np.concatenate([durations for durations, _ in groups]),
        np.repeat(range(4), [durations.size for durations, _ in groups]),
        np.concatenate([left for _, left in groups]),
    )
    got = logrank_k([grouped(*group) for group in groups])
    assert (got.chi2, got.p) == pytest.approx((theirs.test_statistic, theirs.p_value), rel=1e-8)
    assert got.df == 3


@pytest.mark.parametrize("seed", SEEDS)
def test_strata_are_tested_as_in_statsmodels(random_people, grouped, seed):
    from statsmodels.duration.survfunc import survdiff

    people = [random_people(seed + 30 * k) for k in range(6)]
    sizes = [durations.size for durations, _ in people]
    chi2, p = survdiff(
        np.concatenate([durations for durations, _ in people]),
        np.concatenate([left for _, left in people]).astype(int),
        np.repeat([0, 1, 0, 1, 0, 1], sizes),
        strata=np.repeat([0, 0, 1, 1, 2, 2], sizes),
    )
    pairs = [[grouped(*people[k]), grouped(*people[k + 1])] for k in (0, 2, 4)]
    got = logrank_stratified(pairs)
    assert (got.chi2, got.p) == pytest.approx((chi2, p), rel=1e-7)


def test_swapped_groups_give_the_same_test(arms):
    there, back = logrank(arms["drug"], arms["placebo"]), logrank(arms["placebo"], arms["drug"])
    assert there == pytest.approx(back)


def test_a_group_against_itself_shows_nothing(arms):
    got = logrank(arms["drug"], arms["drug"])
    assert got.chi2 == pytest.approx(0, abs=1e-20)
    assert got.p == pytest.approx(1)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (EMPTY, EMPTY),
        (([5], [2], [0]), EMPTY),
        (([5], [0], [2]), ([6], [0], [2])),
        (([5], [0], [3]), ([6], [2], [0])),
    ],
    ids=["nobody", "one side empty", "nobody leaves", "never at risk together"],
)
def test_groups_no_event_can_tell_apart_are_not_tested(first, second):
    assert logrank(first, second) == (None, None, 0)


def test_an_empty_group_brings_no_degree_of_freedom(arms):
    got = logrank_k([arms["drug"], EMPTY, arms["placebo"]])
    assert got == pytest.approx(logrank(arms["drug"], arms["placebo"]))


def test_one_group_or_none_is_not_tested(arms):
    assert logrank_k([arms["drug"]]) == (None, None, 0)
    assert logrank_k([]) == (None, None, 0)
    assert logrank_stratified([]) == (None, None, 0)


def test_strata_that_list_different_groups_are_refused(arms):
    with pytest.raises(ValueError, match="same groups"):
        logrank_stratified([[arms["drug"], arms["placebo"]], [arms["drug"]]])
