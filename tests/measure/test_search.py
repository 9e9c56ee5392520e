"""The search against a second one that tries every rule the slow way."""

from itertools import combinations

import numpy as np
import pytest

from mapseg_xl.measure.search import Field, search
from mapseg_xl.settings import Settings

SETTINGS = Settings(proposal_least_half=10, proposal_least_units=20)


def field_of(codes, scores, finding):
    """A field whose choices are the single values."""
    sizes = [int(column.max()) + 1 for column in codes]
    return Field(
        tuple(codes),
        tuple(np.eye(size) for size in sizes),
        np.repeat(np.arange(len(codes)), sizes),
        np.ones(sum(sizes), np.int64),
        finding,
        scores,
    )


def best_by_hand(field):
    """The large enough rule of one to three choices with the highest n^.5 (p - p0) on the finding half."""
    choices = range(len(field.owner))
    mean = field.scores[field.finding].mean()
    best = (0.0, None)
    for length in (1, 2, 3):
        for items in combinations(choices, length):
            if len({int(field.owner[i]) for i in items}) < length:
                continue
            member = np.logical_and.reduce(
                [field.codes[field.owner[i]] == i - field.first(int(field.owner[i])) for i in items]
            )
            finding, judging = member & field.finding, member & ~field.finding
            if finding.sum() < 10 or judging.sum() < 10 or member.mean() > 0.6:
                continue
            lead = finding.sum() ** 0.5 * (field.scores[finding].mean() - mean)
            best = max(best, (lead, items), key=lambda b: b[0])
    return best[1]


@pytest.mark.parametrize("seed", range(6))
def test_a_strong_rule_is_the_one_that_trying_all_finds(seed):
    random = np.random.default_rng(seed)
    codes = [random.integers(0, 3, 1200) for _ in range(5)]
    inside = (codes[0] == 1) & (codes[2] == 0) & ((codes[4] == 2) | (seed % 2 == 0))
    scores = (random.random(1200) < np.where(inside, 0.8, 0.15)).astype(float)
    field = field_of(codes, scores, random.random(1200) < 0.5)
    found = search(field, SETTINGS, 1)
    assert found == [best_by_hand(field)]
    assert len(found[0]) == 2 + (seed % 2)


def test_a_third_condition_that_adds_nothing_is_left_away():
    random = np.random.default_rng(11)
    codes = [random.integers(0, 3, 4000) for _ in range(6)]
    inside = (codes[0] == 1) & (codes[2] == 0)
    scores = (random.random(4000) < np.where(inside, 0.5, 0.15)).astype(float)
    field = field_of(codes, scores, random.random(4000) < 0.5)
    assert search(field, Settings(), 5) == [(1, 6)]


def test_nearly_everybody_is_no_segment():
    random = np.random.default_rng(12)
    codes = [(random.random(3000) < 0.3).astype(int), random.integers(0, 3, 3000)]
    scores = (random.random(3000) < np.where(codes[0] == 0, 0.4, 0.1)).astype(float)
    field = field_of(codes, scores, random.random(3000) < 0.5)
    assert all(field.member(items).mean() <= 0.6 for items in search(field, Settings(), 5))
    assert (0,) not in search(field, Settings(), 5)


def test_the_size_exponent_turns_the_choice_from_large_to_small():
    random = np.random.default_rng(13)
    codes = [random.integers(0, 3, 6000), random.integers(0, 20, 6000)]
    rate = np.where(codes[1] == 4, 0.6, np.where(codes[0] == 1, 0.3, 0.15))
    scores = (random.random(6000) < rate).astype(float)
    field = field_of(codes, scores, random.random(6000) < 0.5)
    first = {a: search(field, Settings(proposal_size_exponent=a), 1)[0] for a in (0.0, 1.0)}
    assert first == {0.0: (3 + 4,), 1.0: (1,)}


def test_the_next_rule_is_measured_by_those_the_first_does_not_hold_for():
    random = np.random.default_rng(14)
    codes = [random.integers(0, 2, 6000), random.integers(0, 4, 6000)]
    rate = np.where(codes[0] == 1, 0.95, np.where(codes[1] == 2, 0.3, 0.1))
    scores = (random.random(6000) < rate).astype(float)
    field = field_of(codes, scores, random.random(6000) < 0.5)
    assert (2 + 2,) in search(field, Settings(proposal_new=0.4), 5)
