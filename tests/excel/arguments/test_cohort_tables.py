"""Cohort tables as people keep them give the curve of their counts, or say what is in the way."""

from datetime import datetime

import pytest

from mapseg_xl.excel import functions as f
from mapseg_xl.excel.answering.answers import BadArguments

COUNTS = [[100, 80, 70, 65], [120, 100, 90, None], [90, 80, None, None]]
CURVE = f.seg_cohort_survival(COUNTS)
NAMES = {
    "words": ["Jan 24", "Feb 24", "Mar 24"],
    "months": ["2024-01", "2024-02", "2024-03"],
    "dates": [datetime(2024, m, 1) for m in (1, 2, 3)],  # noqa: DTZ001 - as Excel gives them
    "serials": [45292.0, 45323.0, 45352.0],
    "years": [2023, 2024, 2025],
    "numbers": [1, 2, 3],
}
HEADS = [
    ["Cohort", "New", "M1", "M2", "M3"],
    ["Cohort", "New", 1.0, 2.0, 3.0],
    ["", "New", 1, 2, 3],
]
TOTAL = ["Total", 310, 260, 160, 65]


@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES)
def test_cohorts_may_be_named_in_any_way(names):
    named = [[name, *row] for name, row in zip(names, COUNTS, strict=True)]
    assert f.seg_cohort_survival(named) == CURVE
    assert f.seg_cohort_survival([*named, TOTAL]) == CURVE


@pytest.mark.parametrize("head", HEADS)
def test_months_in_the_header_may_be_numbers(head):
    named = [[name, *row] for name, row in zip(NAMES["words"], COUNTS, strict=True)]
    assert f.seg_cohort_survival([head, *named]) == CURVE


@pytest.mark.parametrize("name", ["Total", "Average", "Weighted average", "All"])
def test_a_row_of_totals_or_averages_is_no_cohort(name):
    named = [[n, *row] for n, row in zip(NAMES["words"], COUNTS, strict=True)]
    assert f.seg_cohort_survival([*named, [name, *TOTAL[1:]]]) == CURVE


def test_a_row_of_totals_without_a_name_is_no_cohort():
    assert f.seg_cohort_survival([*COUNTS, TOTAL[1:]]) == CURVE
    money = [[10, 1000, 800], [10, 1200, None]]
    assert f.seg_cohort_ltv([*money, [20, 2200, 800]], 1, 0) == f.seg_cohort_ltv(money, 1, 0)


def test_a_youngest_cohort_is_no_row_of_totals():
    assert f.seg_cohort_survival([[10, 5], [10, 5], [20, 10]])[1][1] == 40
    assert f.seg_cohort_survival([[10, 5, 5], [10, 5, None], [20, 10, None]])[1][1] == 40


def test_a_month_0_that_repeats_the_new_customers_shifts_no_age():
    twice = [[row[0], *row] for row in COUNTS]
    assert (
        f.seg_cohort_survival([["New", "Month 0", "Month 1", "Month 2", "Month 3"], *twice])
        == CURVE
    )
    assert f.seg_cohort_survival([["New", "M0", "M1"], [100, 1, 0.8], [100, "100%", "90%"]])[2][
        3
    ] == (pytest.approx(0.85))


def test_shares_are_read_as_shares_of_the_new_customers():
    shares = [[100, 0.8, 0.7, 0.65], [120, 100 / 120, "75%", ""], [90, 8 / 9, None, None]]
    for line, same in zip(f.seg_cohort_survival(shares)[1:], CURVE[1:], strict=True):
        assert line == pytest.approx(same)
    assert f.seg_cohort_active(shares)[1][3] == pytest.approx(260 / 310)
    with pytest.raises(BadArguments, match="new customers each cohort had"):
        f.seg_cohort_survival([[1, 0.8, 0.7], [1, 0.9, None]])


def test_zeros_of_months_that_lie_ahead_are_refused():
    ahead = [[100, 80, 70, 65], [120, 100, 90, 0], [90, 80, 0, 0]]
    with pytest.raises(BadArguments, match="Leave months that lie ahead empty"):
        f.seg_cohort_survival(ahead)
    assert f.seg_cohort_survival([[9, 5, 0, 0], [9, 4, 2, 0], [9, 3, 1, 0]])[-1][3] == 0


def test_a_blank_first_column_of_customers_is_not_passed_over():
    with pytest.raises(BadArguments, match="no number of new customers"):
        f.seg_cohort_survival([[None, 80, 70], [None, 60, 50]])
