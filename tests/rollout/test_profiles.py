"""Which segments get a profile, under which letter, and what is called typical of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapseg_xl.rollout.profiles import find_profiles, typical
from tests.bases import trait
from tests.rollout.cast import AGENCIES, SHOPS, base, cast, priorities


@pytest.fixture(scope="module")
def people():
    return base()


@pytest.fixture(scope="module")
def segments(people):
    return cast(people)


def chosen(people, segments, calls, known=None):
    rows = priorities([(segments[name], call, rank) for name, call, rank in calls])
    return find_profiles(list(segments.values()), people, rows, known)


def test_focus_comes_before_test_and_better_ranks_first(people, segments):
    calls = [("Dutch", "test", 1), (SHOPS, "focus", 3), (AGENCIES, "focus", 2)]
    found = chosen(people, segments, calls).chosen
    assert [(p.letter, p.name) for p in found] == [("A", AGENCIES), ("B", SHOPS), ("C", "Dutch")]


def test_held_segments_get_none(people, segments):
    assert chosen(people, segments, [(AGENCIES, "hold", 1)]).chosen == ()


def test_at_most_three_are_chosen(people, segments):
    names = [AGENCIES, SHOPS, "Dutch", "Others"]
    calls = [(name, "test", at) for at, name in enumerate(names, start=1)]
    assert [p.name for p in chosen(people, segments, calls).chosen] == [AGENCIES, SHOPS, "Dutch"]


def test_the_very_same_customers_get_one_profile(people, segments):
    calls = [(AGENCIES, "focus", 1), ("The same agencies", "focus", 2)]
    assert [p.name for p in chosen(people, segments, calls).chosen] == [AGENCIES]


def test_a_letter_stays_with_its_segment(people, segments):
    first = chosen(people, segments, [(AGENCIES, "focus", 1), (SHOPS, "focus", 2)])
    again = chosen(people, segments, [(SHOPS, "focus", 1), (AGENCIES, "test", 2)], first.letters)
    assert {p.name: p.letter for p in again.chosen} == {AGENCIES: "A", SHOPS: "B"}


def test_a_letter_is_never_given_twice(people, segments):
    first = chosen(people, segments, [(AGENCIES, "focus", 1), (SHOPS, "focus", 2)])
    again = chosen(people, segments, [("Dutch", "focus", 1)], first.letters)
    assert [p.letter for p in again.chosen] == ["C"]
    assert again.letters.keys() == first.letters.keys() | {again.chosen[0].segment_id}


def test_after_z_letters_go_on_as_a_spreadsheet_counts(people, segments):
    known = {f"gone {at}": chr(ord("A") + at) for at in range(26)}
    assert chosen(people, segments, [(AGENCIES, "focus", 1)], known).chosen[0].letter == "AA"


def test_typical_values_are_shares_of_filled_cells(people, segments):
    found = chosen(people, segments, [(AGENCIES, "focus", 1)]).chosen[0]
    country = next(t for t in found.traits if t.trait == "country")
    assert (country.value, country.share, country.rest_share) == ("NL", 0.75, 0.25)
    assert country.times == pytest.approx(3.0)
    goal = next(t for t in found.traits if t.trait == "goal")
    assert (goal.value, goal.known, goal.n) == ("Grow", 200, 200)
    assert (goal.rest_n, goal.rest_known, goal.times) == (0, 160, None)  # nobody else has it


def test_the_rule_is_not_called_typical_and_channels_stand_apart(people, segments):
    found = chosen(people, segments, [(AGENCIES, "focus", 1)]).chosen[0]
    assert {t.trait for t in found.traits} == {"country", "goal"}
    assert [(c.value, c.n) for c in found.channels] == [("Search", 150), ("Referral", 50)]


def test_the_most_telling_trait_comes_first(people, segments):
    found = chosen(people, segments, [("Dutch", "focus", 1)]).chosen[0]
    times = [t.times or 0.0 for t in found.traits]
    assert times == sorted(times, reverse=True)


def test_few_rows_are_not_called_typical():
    industry = trait("industry", ["Agency"] * 29 + ["Shop"] * 71)
    assert typical(industry, np.arange(100) < 29) == ()
    assert typical(industry, np.arange(100) < 30)[0].n == 29


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), min_size=1, max_size=200))
def test_counts_of_a_trait_add_up_to_its_filled_rows(rows):
    member = np.array([inside for _, inside in rows])
    lines = typical(trait("letter", [value for value, _ in rows]), member)
    if lines:
        assert sum(line.n for line in lines) == lines[0].known == int(member.sum())
    else:
        assert member.sum() < 30
