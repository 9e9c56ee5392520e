"""Which earlier run a later one is compared with, and what is kept of both."""

from __future__ import annotations

from datetime import date

from mapseg_xl.analyze.baselines import Baseline, Baselines, Moment, SegmentStood
from mapseg_xl.analyze.performance import ALL

MAY, JUNE, JULY = date(2026, 5, 31), date(2026, 6, 30), date(2026, 7, 31)


def run(fingerprint: str, as_of: date | None, *decided: str) -> Baseline:
    whole = SegmentStood(ALL, ALL, "", "", "all", 10, 5, {})
    return Baseline(fingerprint, as_of, {}, {"rows": 10}, (whole,), decided)


def after(*runs: Baseline) -> Baselines:
    past = Baselines()
    for one in runs:
        past = past.after(one)
    return past


def test_the_first_run_has_nothing_to_be_compared_with() -> None:
    assert Baselines().before(Moment("a", JUNE)) is None


def test_a_run_on_other_data_is_compared_with_the_last_one() -> None:
    past = after(run("a", MAY), run("b", JUNE))
    assert past.before(Moment("c", JULY)) == run("b", JUNE)


def test_a_second_run_on_the_same_data_keeps_the_comparison() -> None:
    past = after(run("a", MAY), run("b", JUNE), run("b", JUNE), run("b", JUNE))
    assert past.before(Moment("b", JUNE)) == run("a", MAY)


def test_the_same_data_twice_and_nothing_else_is_compared_with_nothing() -> None:
    assert after(run("a", MAY), run("a", MAY)).before(Moment("a", MAY)) is None


def test_cells_mended_after_a_run_leave_the_comparison_with_the_earlier_day() -> None:
    past = after(run("a", MAY), run("b", JUNE))
    assert past.before(Moment("b mended", JUNE)) == run("a", MAY)
    mended = past.after(run("b mended", JUNE))
    assert mended.before(Moment("b mended again", JUNE)) == run("a", MAY)
    assert mended.before(Moment("c", JULY)) == run("b mended", JUNE)


def test_cells_mended_in_the_only_data_there_was_are_compared_all_the_same() -> None:
    assert after(run("a", MAY)).before(Moment("a mended", MAY)) == run("a", MAY)


def test_data_without_dates_is_compared_with_the_last_run_on_other_data() -> None:
    past = after(run("a", None), run("b", None))
    assert past.before(Moment("c", None)) == run("b", None)


def test_the_run_of_the_decision_stays_until_other_segments_are_decided() -> None:
    past = after(run("a", MAY), run("b", JUNE, "s1"), run("c", JULY, "s1"))
    assert past.decision == run("b", JUNE, "s1")
    assert past.after(run("d", JULY, "s1", "s2")).decision == run("d", JULY, "s1", "s2")
    assert past.after(run("d", JULY)).decision is None
