"""The log-rank test against lifelines."""

import pytest

from mapseg_xl.stats.survival import logrank

SEEDS = range(25)
EMPTY = ([], [], [])


@pytest.mark.filterwarnings("ignore:Starting with pandas")  # lifelines' own call
@pytest.mark.parametrize("seed", SEEDS)
def test_two_groups_are_tested_as_in_lifelines(independent, random_people, grouped, seed):
    first, second = random_people(seed), random_people(seed + 100)
    theirs = independent("lifelines.statistics").logrank_test(
        first[0], second[0], first[1], second[1]
    )
    got = logrank(grouped(*first), grouped(*second))
    assert got.chi2 == pytest.approx(theirs.test_statistic, rel=1e-9)
    assert got.p == pytest.approx(theirs.p_value, rel=1e-9)


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
    assert logrank(first, second) == (None, None)
