"""When the words of a Profile were written is known by the data its writer had before them."""

from __future__ import annotations

from datetime import date

from mapseg_xl.report.identity import Previous
from mapseg_xl.report.profile_age import WRITTEN, written_profiles

MAY, JUNE, JULY = date(2026, 5, 31), date(2026, 6, 30), date(2026, 7, 31)
JOB = ("Profile A", "job", "job", "answer")


def run(text: str | None, memory: dict[str, str], last: date) -> dict[str, tuple[str, date]]:
    earlier = Previous(memory=memory, typed={JOB: text} if text else {})
    return written_profiles(earlier, {"s1": "A"}, last)


def remembered(found: dict[str, tuple[str, date]]) -> dict[str, str]:
    made, day = found["A"]
    return {WRITTEN: f'{{"A":["{made}","{day.isoformat()}"]}}'}


def test_words_are_of_the_run_they_were_first_found_after_and_stay_so() -> None:
    first = run("Get paid in time", {}, MAY)
    assert first["A"][1] == MAY
    again = run("Get paid in time", remembered(first), JUNE)
    assert again == first


def test_other_words_are_newer() -> None:
    first = run("Get paid in time", {}, MAY)
    assert run("Win more work", remembered(first), JULY)["A"][1] == JULY


def test_an_empty_profile_has_no_age_and_the_words_themselves_are_not_kept() -> None:
    assert run(None, {}, MAY) == {}
    assert "paid" not in str(run("Get paid in time", {}, MAY))
