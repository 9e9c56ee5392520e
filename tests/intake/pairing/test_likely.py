"""Likely pairs against companies whose truth is known: who is named, how surely, in which order."""

import random

import pytest

from mapseg_xl.intake.pairing.likely import likely_duplicates, likely_pairs
from mapseg_xl.intake.pairing.parties import Party
from mapseg_xl.intake.pairing.scoring import LIKELY, SURE, VERY_LIKELY

from .companies import badly, made_up, mildly


def two_systems(*, known_domains, n=1_200, seed=3):
    """Most companies in either list, a tenth in one only; half of the names mistyped."""
    dice = random.Random(seed)
    companies = made_up(n, seed)
    left = [
        Party(str(c.number), c.legal, domain=c.domain if known_domains else "", country=c.country)
        for c in companies[: int(0.9 * n)]
    ]
    right = [
        Party(
            str(c.number),
            badly(c, dice) if dice.random() < 0.5 else mildly(c, dice),
            email=f"pay@{c.domain}" if known_domains and dice.random() < 0.4 else "",
            country=c.country,
            money=c.money,
        )
        for c in companies[int(0.1 * n) :]
    ]
    dice.shuffle(right)
    return left, right


@pytest.fixture(scope="module", params=[False, True], ids=["names alone", "with domains"])
def systems(request):
    left, right = two_systems(known_domains=request.param)
    return left, right, likely_pairs(left, right)


def rightly(left, right, pairs):
    return sum(left[p.left].key == right[p.right].key for p in pairs)


def test_nearly_everybody_who_is_in_both_lists_is_named(systems):
    left, right, pairs = systems
    both = {p.key for p in left} & {p.key for p in right}
    named = {right[p.right].key for p in pairs if left[p.left].key == right[p.right].key}
    assert len(named) >= 0.98 * len(both)


@pytest.mark.parametrize(
    ("least", "precision"), [(SURE, 0.999), (VERY_LIKELY, 0.985), (LIKELY, 0.95)]
)
def test_a_score_means_what_its_words_say(systems, least, precision):
    left, right, pairs = systems
    sure = [p for p in pairs if p.score >= least and not p.rival]
    assert len(sure) > 500
    assert rightly(left, right, sure) >= precision * len(sure)


def test_the_most_money_comes_first(systems):
    money = [p.money for p in systems[2]]
    assert money == sorted(money, reverse=True)


def test_the_order_of_the_lists_does_not_matter(systems):
    left, right, pairs = systems
    turned = likely_pairs(left[::-1], right[::-1])
    named = {(left[p.left].key, right[p.right].key, p.score) for p in pairs if not p.rival}
    other = {
        (left[-1 - p.left].key, right[-1 - p.right].key, p.score) for p in turned if not p.rival
    }
    assert named == other


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme Robotics North", "Acme Robotics South"),
        ("Store 12", "Store 21"),
        ("Acme Holding", "Acme"),
        ("Delta Foods 2", "Delta Foods 3"),
    ],
)
def test_a_family_of_companies_is_never_almost_surely_one(one, other):
    assert all(p.score < VERY_LIKELY for p in likely_pairs([Party("1", one)], [Party("2", other)]))


def test_what_speaks_for_and_against_is_said():
    left = [Party("1", "Acme Robotics GmbH", domain="acme.de", country="Germany")]
    right = [Party("x", "Acme Robotic Inc", email="pay@acme.de", country="Austria")]
    (pair,) = likely_pairs(left, right)
    assert pair.why == "name 96% alike, same domain acme.de; other country, other legal form"


def test_a_refused_pair_gives_way_to_the_next_best():
    left = [Party("1", "Acme Robotics Ltd"), Party("2", "Acme Robotix Ltd")]
    right = [Party("x", "Acme Robotics")]
    best = likely_pairs(left, right)[0]
    assert left[best.left].key == "1"
    (next_best,) = likely_pairs(left, right, never=[("1", "x")])
    assert left[next_best.left].key == "2"


def test_two_that_fit_as_well_are_both_named_as_rivals():
    left = [Party("1", "Acme Robotics Ltd"), Party("2", "Acme Robotics GmbH")]
    pairs = likely_pairs(left, [Party("x", "Acme Robotics", money=5.0)])
    assert {p.left for p in pairs} == {0, 1}
    assert all(p.rival for p in pairs)


def test_a_company_twice_in_one_list_is_found_once():
    held = [Party("1", "Bolt Foods GmbH"), Party("2", "Cedar AG"), Party("3", "BOLT FOOD GmbH")]
    assert [(p.left, p.right) for p in likely_duplicates(held)] == [(0, 2)]


def test_nobody_is_likely_somebody_in_an_empty_list():
    assert likely_pairs([], [Party("1", "Acme")]) == ()
    assert likely_pairs([Party("1", "")], [Party("2", "")]) == ()
    assert likely_duplicates([Party("1", "Acme")]) == ()
