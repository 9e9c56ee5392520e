"""A favourite that the data cannot confirm gets an answer: counts, what it would take, whether waiting pays."""

import numpy as np
import pytest

from mapseg_xl.analyze.candidates import candidates
from mapseg_xl.analyze.favourites import find_favourites
from mapseg_xl.analyze.performance import group_rows, measure
from mapseg_xl.measure.parsing import parse_rule
from mapseg_xl.measure.segments import MY_SEGMENTS, NamedRule, overlapping
from tests.bases import bound, context, customers, trait

AS_OF = "2026-06-30"


def world(lucky=4, others=400, last_year=1):
    """`lucky` trials that all converted, `last_year` of them lately, among others of whom a quarter did."""
    recent = ["2026-01-10"] * last_year + ["2024-02-01"] * (lucky - last_year)
    started = [*recent, *["2025-01-01"] * others]
    converted = [*recent, *["2025-01-05" if at % 4 == 0 else None for at in range(others)]]
    kinds = ["Law"] * lucky + ["Shop"] * others
    return customers(
        None, [trait("industry", kinds)], None, trial_on=started, converted_on=converted
    )


def favourites(base, rule="industry = 'Law'"):
    rows, whole, settings = bound(base, AS_OF, window_days=30)
    own = [NamedRule("Law firms", parse_rule(rule), "CEO")]
    group = measure(rows, whole, overlapping(MY_SEGMENTS, own, base))
    found = group_rows(group, rows, whole, context(rows, settings))
    lines = {(r.segment_id, r.metric): r for r in found}
    return find_favourites(candidates([group], []), lines, base, rows, settings)


def test_four_of_four_are_answered_with_counts_and_a_wide_range():
    (answer,) = favourites(world())
    assert (answer.segment, answer.suggested_by, answer.metric) == (
        "Law firms",
        "CEO",
        "conversion",
    )
    assert (answer.events, answer.n, answer.value) == (4, 4, 1.0)
    assert answer.low == pytest.approx(0.5101, abs=5e-5)  # Wilson, 4 of 4


def test_more_are_needed_than_the_minimum_asks_for():
    (answer,) = favourites(world())
    assert answer.needed is not None
    assert answer.needed >= 30


def test_waiting_is_told_from_what_came_in_the_last_year():
    slow, fast = (favourites(world(last_year=k))[0] for k in (1, 4))
    assert (slow.per_year, fast.per_year) == (1, 4)
    assert slow.years == pytest.approx(slow.needed - 4)
    assert fast.years == pytest.approx(slow.years / 4)


def test_nobody_new_means_no_time_can_be_told():
    (answer,) = favourites(world(last_year=0))
    assert (answer.per_year, answer.years) == (0, None)


def test_a_favourite_that_is_told_needs_no_answer():
    base = world(lucky=200, last_year=100)
    assert favourites(base) == ()
    assert favourites(base, "industry = 'Shop'") == ()


def test_without_dates_the_pace_is_unknown():
    kinds = ["Law"] * 4 + ["Shop"] * 400
    flags = [1] * 4 + [int(at % 4 == 0) for at in range(400)]
    base = customers(None, [trait("industry", kinds)], None, converted=flags)
    rows, whole, settings = bound(base)
    own = [NamedRule("Law firms", parse_rule("industry = 'Law'"))]
    group = measure(rows, whole, overlapping(MY_SEGMENTS, own, base))
    lines = {
        (r.segment_id, r.metric): r for r in group_rows(group, rows, whole, context(rows, settings))
    }
    (answer,) = find_favourites(candidates([group], []), lines, base, rows, settings)
    assert (answer.per_year, answer.years) == (None, None)
    assert np.isfinite(answer.needed)
