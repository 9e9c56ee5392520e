from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapseg_xl.tally.calendar import add_months, days_between, months_between


def months(start: str, end: str) -> float:
    return float(months_between(np.array([start], "M8[D]"), np.array([end], "M8[D]"))[0])


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2024-01-15", "2025-01-15", 12.0),
        ("2024-01-15", "2024-01-15", 0.0),
        ("2024-01-31", "2024-02-29", 1.0),
        ("2024-01-01", "2024-01-16", 15 / 31),
        ("2024-02-01", "2024-02-16", 15 / 29),
        ("2023-12-31", "2024-03-01", 2 + 1 / 31),
    ],
)
def test_months_are_whole_calendar_months_and_a_part_of_the_current_one(start, end, expected):
    assert months(start, end) == pytest.approx(expected, abs=1e-12)


def test_a_customer_who_leaves_on_the_first_anniversary_is_not_lost_before_month_twelve():
    assert months("2023-03-01", "2024-03-01") >= 12


@given(st.dates(date(1995, 1, 1), date(2035, 1, 1)), st.integers(0, 4000))
def test_months_never_decrease_with_a_later_end_and_agree_with_adding_them(start, days):
    first = np.array([start], "M8[D]")
    end = first + days
    got = months_between(first, end)
    assert got >= 0
    assert months_between(first, end + 1) >= got
    whole = np.floor(got).astype(np.int64)
    assert add_months(first, whole) <= end
    assert add_months(first, whole + 1) > end


def test_missing_dates_and_ends_before_their_start_have_no_length():
    start = np.array(["2024-01-01", "NaT", "2024-05-01"], "M8[D]")
    end = np.array(["NaT", "2024-01-01", "2024-01-01"], "M8[D]")
    assert np.isnan(months_between(start, end)).all()
    assert np.isnan(days_between(start, end)).tolist() == [True, True, False]
