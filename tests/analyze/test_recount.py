"""An earlier day counted again in later data gives what a run on that day counted."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from mapseg_xl.analyze.baselines import Moment
from mapseg_xl.analyze.findings import Findings
from mapseg_xl.analyze.recount import CONVERSION, LEAVING, Recount
from mapseg_xl.settings import Settings
from tests.report.tabs.sample import found, trial_rows

THEN = date(2025, 3, 31)
LATER = ("converted_on", "churned_on")


def until(rows: list[dict[str, object]], day: date) -> list[dict[str, object]]:
    """The rows of an export made on a day: nobody who came later, nothing that happened later."""
    last = day.isoformat()
    there = [row for row in rows if str(row["trial_start"]) <= last]
    known = [{**row, **{c: "" for c in LATER if str(row[c]) > last}} for row in there]
    return [row if row["converted_on"] else {**row, "mrr": ""} for row in known]


def counted(rows: list[dict[str, object]], *since: Moment, **settings: object) -> Findings:
    made = Settings(window_days=30, proposal_most=0, **settings)  # type: ignore[arg-type]
    own = ("Referred agencies: industry = 'Agency' and channel = 'Referral'",)
    return found(rows, settings=made, segments=own, since=since)


@cache
def earlier_run() -> Findings:
    return counted(until(trial_rows(700), THEN), as_of=THEN)


def recounted(rows: list[dict[str, object]], day: date = THEN) -> Recount | None:
    return counted(rows, Moment("another", day)).recount


def test_both_figures_of_every_candidate_are_those_of_the_run_on_that_day() -> None:
    again = recounted(trial_rows(700))
    assert again is not None
    assert again.size == earlier_run().whole.size
    compared = 0
    for row in earlier_run().performance:
        told = again.of(row.segment_id, row.metric)
        if told is not None:
            compared += 1
            assert (told.events, told.n) == (row.events, pytest.approx(row.n))
    assert compared == 4  # the base and one segment, on two figures
    assert {metric for _, metric in again.counts} == {CONVERSION, LEAVING}


def test_a_changed_earlier_row_changes_the_recount() -> None:
    rows = trial_rows(700)
    at = next(n for n, row in enumerate(rows) if _waited(row) in range(31))
    assert str(rows[at]["trial_start"]) < "2025"
    rows[at] = {**rows[at], "converted_on": "", "churned_on": "", "mrr": ""}
    again = recounted(rows)
    then = next(
        r for r in earlier_run().performance if (r.segment_id, r.metric) == ("ALL", CONVERSION)
    )
    assert again is not None
    told = again.of("ALL", CONVERSION)
    assert told is not None
    assert (told.events, told.n) == ((then.events or 0) - 1, then.n)


def test_rows_without_a_day_leave_open_how_many_were_there() -> None:
    rows = trial_rows(700)
    rows[0] = {**rows[0], "trial_start": "", "converted_on": "", "churned_on": ""}
    again = recounted(rows)
    assert again is not None
    assert again.size is None


def test_a_day_after_the_data_and_a_day_before_all_of_it_are_not_counted_again() -> None:
    assert recounted(trial_rows(60), date(2026, 1, 1)) is None
    assert recounted(trial_rows(60), date(2020, 1, 1)) is None


def test_conversions_without_a_day_and_given_months_are_not_counted_again() -> None:
    rows = [
        {**row, "converted": "yes" if row["converted_on"] else "no", "tenure_months": 3}
        for row in trial_rows(200)
    ]
    for row in rows:
        del row["converted_on"]
    again = recounted(rows)
    assert again is not None
    assert not again.counts


def _waited(row: dict[str, object]) -> int | None:
    """Days from a trial's start to its conversion."""
    if not row["converted_on"]:
        return None
    start, won = (date.fromisoformat(str(row[c])) for c in ("trial_start", "converted_on"))
    return (won - start).days
