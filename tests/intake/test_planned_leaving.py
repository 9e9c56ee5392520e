"""Notice given for a day that is still to come: it must not move the day the data is counted up to."""

from __future__ import annotations

from datetime import date, timedelta

from mapseg_xl.intake.customers import build_customers, latest_plausible_date

from .raw import raw

FIRST = date(2024, 1, 1)
LAST = FIRST + timedelta(7 * 99)


def base(leaves, every=7):
    """100 customers, a new one every week, with the given dates of leaving."""
    joined = [FIRST + timedelta(every * i) for i in range(100)]
    left = [leaves.get(i) for i in range(100)]
    found = build_customers(raw({"customer since": joined, "churn date": left}))
    planned = [i for i in found.issues if i.kind == "planned_leaving"]
    return latest_plausible_date(found.customers), planned


def past(n):
    """`n` customers who left, evenly spread over the time in which others started."""
    return {i: FIRST + timedelta(7 * i + int(600 * i / n) % 90) for i in range(0, 3 * n, 3)}


def test_a_date_of_leaving_long_after_all_others_is_planned_and_named():
    soon, planned_for = LAST + timedelta(3), LAST + timedelta(270)
    as_of, planned = base(past(30) | {94: soon, 95: planned_for})
    assert as_of == soon
    assert [(i.cell, i.severity) for i in planned] == [("B97", "note")]
    assert planned[0].issue == f"leaves on {planned_for}, in the future"
    assert str(soon) in planned[0].action


def test_dates_of_leaving_that_thin_out_without_a_pause_are_planned():
    lately = {i: LAST - timedelta(i % 40) for i in range(61, 85, 3)}
    ahead = {90: LAST + timedelta(20), 91: LAST + timedelta(45)}
    as_of, planned = base(past(20) | lately | ahead)
    assert as_of == LAST
    assert [i.cell for i in planned] == ["B92", "B93"]


def test_leaving_within_a_month_of_the_last_start_has_happened():
    assert base(past(30) | {94: LAST + timedelta(31)}) == (LAST + timedelta(31), [])


def test_people_who_go_on_leaving_at_the_usual_pace_have_left():
    later = {i: LAST + timedelta(10 * (i - 90)) for i in range(92, 98)}
    assert base(past(30) | later) == (LAST + timedelta(70), [])


def test_in_a_base_without_new_customers_leaving_after_the_last_start_has_happened():
    later = {i: LAST + timedelta(10 * i) for i in range(60, 90)}
    assert base(past(10) | later) == (LAST + timedelta(890), [])


def test_a_base_that_starts_customers_now_and_then_may_pause_longer():
    joined = [FIRST + timedelta(60 * i) for i in range(30)]
    left = [None] * 29 + [joined[-1] + timedelta(50)]
    left[19:29] = [joined[-1] - timedelta(10)] * 10
    found = build_customers(raw({"customer since": joined, "churn date": left}))
    assert latest_plausible_date(found.customers) == joined[-1] + timedelta(50)


def test_few_starts_tell_nothing_about_the_future():
    joined = [FIRST + timedelta(i) for i in range(10)]
    left = [d + timedelta(1) for d in joined[:9]] + [FIRST + timedelta(200)]
    found = build_customers(raw({"customer since": joined, "churn date": left}))
    assert latest_plausible_date(found.customers) == FIRST + timedelta(200)
