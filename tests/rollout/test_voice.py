"""Whose note it is, in which order notes stand, and what is never shown."""

from datetime import date

import pytest

from mapseg_xl.intake.tables import FeedbackNote
from mapseg_xl.rollout.voice import MOST, UNSAID, find_voice, top_themes
from tests.rollout.cast import AGENCIES, base, cast


@pytest.fixture(scope="module")
def segments():
    return cast(base())


def note(segment="", theme="Price", quote="Too dear.", day=1, customer=-1):
    return FeedbackNote(date(2026, 1, day), "Sales", segment, quote, theme, customer)


def heard(segments, *notes, order=()):
    return find_voice(notes, list(segments.values()), order).notes


@pytest.mark.parametrize("written", ["Agencies", "agencies", " Agency ", "industry = 'Agency'"])
def test_a_note_belongs_to_the_segment_written_down_however_it_is_spelled(segments, written):
    found = heard(segments, note(written))[0]
    assert (found.segment_id, found.segment) == (segments[AGENCIES].segment_id, AGENCIES)


def test_without_a_segment_it_is_that_of_its_customer(segments):
    assert heard(segments, note(customer=1))[0].segment == AGENCIES  # row 1 is an agency


def test_the_best_segment_of_the_customer_counts(segments):
    dutch = segments["Dutch"].segment_id
    assert heard(segments, note(customer=1), order=[dutch])[0].segment == "Dutch"


def test_what_was_written_wins_over_the_customer(segments):
    assert heard(segments, note("Shops", customer=1))[0].segment == "Shops"


def test_a_segment_that_nobody_knows_is_kept_as_written(segments):
    found = heard(segments, note("Old clients"))[0]
    assert (found.segment_id, found.segment) == ("", "Old clients")


def test_a_note_without_segment_or_theme_says_so(segments):
    found = heard(segments, note(theme=" "))[0]
    assert (found.segment, found.theme) == (UNSAID, UNSAID)


def test_newest_notes_come_first_and_undated_ones_last(segments):
    undated = FeedbackNote(None, "", "", "When?", "")
    days = [n.said_on for n in heard(segments, undated, note(day=3), note(day=9))]
    assert days == [date(2026, 1, 9), date(2026, 1, 3), None]


def test_only_the_newest_notes_are_kept_and_the_others_counted(segments):
    notes = [note(quote=f"Note {at}.", day=1 + at % 28) for at in range(MOST + 7)]
    found = find_voice(notes, list(segments.values()))
    assert (len(found.notes), found.older) == (MOST, 7)


def test_a_note_keeps_its_key_and_the_same_one_twice_has_two(segments):
    first, second = heard(segments, note(), note())
    assert first.key != second.key
    assert heard(segments, note("Shops"), note())[0].key == first.key


def test_themes_are_counted_without_notes_that_have_none(segments):
    notes = heard(segments, note(), note(theme=""), note(theme="Brand"), note(theme="Brand"))
    assert top_themes(notes) == (("Brand", 2), ("Price", 1))
