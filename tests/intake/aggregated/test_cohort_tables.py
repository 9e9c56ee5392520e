"""Cohort tables as teams keep them: counts or shares, here or gone, triangle or rows, of all or of segments."""

from datetime import date

import pytest

from tests.intake.aggregated.grids import cohorts, found

N = None
TRIANGLE = {
    "2024-01": (100, (90, 80, 70)),
    "2024-02": (50, (45, 40, N)),
    "2024-03": (40, (30, N, N)),
}


def read(rows, name="Cohorts"):
    """Size and cells of each cohort of the only table."""
    (table,) = cohorts(rows, name)
    return {row.cohort: (row.size, row.cells) for row in table.rows}


@pytest.mark.parametrize(
    "rows",
    [
        [
            ["Cohort", "New", "M1", "M2", "M3"],
            ["2024-01", 100, 90, 80, 70],
            ["2024-02", 50, 45, 40],
            ["2024-03", 40, 30],
        ],
        [
            ["Retention"],
            [],
            ["Signup", "Size", 1, 2, 3],
            ["Jan 2024", 100, 90, 80, 70],
            ["Feb-24", 50, 45, 40],
            [date(2024, 3, 1), 40, 30],
            ["Average", N, 0.9, 0.8, 0.7],
        ],
        [
            ["Cohort", "New", "Month 1", "Month 2", "Month 3"],
            ["2024-01", 100, 0.9, 0.8, 0.7],
            ["2024-02", 50, 0.9, 0.8],
            ["2024-03", 40, 0.75],
        ],
        [
            ["Cohort", "New", "M1", "M2", "M3"],
            ["2024-01", 100, "90%", "80%", "70%"],
            ["2024-02", 50, "90%", "80%", ""],
            ["2024-03", 40, "75%"],
        ],
        [
            ["Churned customers"],
            ["Cohort", "New", "M1", "M2", "M3"],
            ["2024-01", 100, 10, 10, 10],
            ["2024-02", 50, 5, 5],
            ["2024-03", 40, 10],
        ],
        [
            ["Cumulative churn"],
            ["Cohort", "New", "M1", "M2", "M3"],
            ["2024-01", 100, 10, 20, 30],
            ["2024-02", 50, 5, 10],
            ["2024-03", 40, 10],
        ],
        [
            ["cohort", "month", "size", "retained"],
            ["2024-01", 1, 100, 90],
            ["2024-01", 2, 100, 80],
            ["2024-01", 3, 100, 70],
            ["2024-02", 1, 50, 45],
            ["2024-02", 2, 50, 40],
            ["2024-03", 1, 40, 30],
        ],
        [
            ["Cohort", "New", "M1", "M2", "M3"],
            ["2024-01", 100, 90, 80, 70],
            ["2024-02", 50, 45, 40],
            ["2024-03", 40, 30],
            ["Total", 190, 165, 120, 70],
        ],
    ],
    ids=["counts", "numbered", "shares", "percent", "gone", "gone so far", "long", "total"],
)
def test_the_same_cohorts_in_every_layout(rows):
    assert read(rows) == TRIANGLE


def test_zeros_that_step_down_are_months_ahead():
    rows = [
        ["Cohort", "New", "M1", "M2", "M3", "M4"],
        ["2024-01", 90, 50, 40, 30, 20],
        ["2024-02", 80, 40, 32, 20, 0],
        ["2024-03", 60, 30, 20, 0, 0],
        ["2024-04", 60, 30, 0, 0, 0],
    ]
    assert read(rows)["2024-03"] == (60, (30, 20, N, N))


def test_a_real_zero_is_everybody_gone():
    rows = [["Cohort", "New", "M1", "M2", "M3"], ["2024-01", 90, 50, 20, 0], ["2024-02", 80, 40, 9]]
    assert read(rows)["2024-01"] == (90, (50, 20, 0))


def test_calendar_months_across_are_shifted_to_ages():
    months = [date(2024, m, 1) for m in (1, 2, 3)]
    rows = [
        ["Cohort", "Size", *months],
        [months[0], 100, 100, 90, 80],
        [months[1], 50, N, 50, 45],
        [months[2], 40, N, N, 40],
    ]
    (table,) = cohorts(rows)
    assert (table.ages, table.times) == ((0, 1, 2), (0, 1, 2))
    assert table.rows[1].cells == (50, 45, N)


def test_a_first_column_of_everybody_is_month_0_whatever_its_head():
    rows = [
        ["Cohort", "Month 1", "Month 2", "Month 3"],
        ["2024-01", "100%", "90%", "80%"],
        ["2024-02", "100%", "85%"],
    ]
    (table,) = cohorts(rows)
    assert (table.kind, table.times) == ("shares", (0, 1, 2))


def test_quarters_that_lose_one_age_each_are_aged_in_quarters():
    rows = [
        ["Cohort", "New", 1, 2, 3],
        ["Q1 2024", 100, 90, 80, 70],
        ["Q2 2024", 50, 45, 40],
        ["Q3 2024", 40, 30],
    ]
    (table,) = cohorts(rows)
    assert table.times == (3, 6, 9)


def test_weeks_are_weeks():
    rows = [
        ["Cohort", "New", "Week 1", "Week 2", "Week 4"],
        ["2024-01", 100, 90, 80, 70],
        ["2024-02", 50, 45, 40],
    ]
    (table,) = cohorts(rows)
    assert table.times[2] == pytest.approx(4 * 7 * 12 / 365.25)


def test_segments_in_a_column_and_in_lines_between():
    by_column = [
        ["Industry", "Cohort", "New", "M1", "M2", "M3"],
        ["A", "2024-01", 100, 90, 80, 70],
        [N, "2024-02", 50, 45],
        ["B", "2024-01", 60, 50, 40, 30],
    ]
    by_line = [
        ["Industry: A"],
        ["Cohort", "New", "M1", "M2", "M3"],
        ["2024-01", 100, 90, 80, 70],
        ["2024-02", 50, 45],
        [],
        ["Industry: B"],
        ["Cohort", "New", "M1", "M2", "M3"],
        ["2024-01", 60, 50, 40, 30],
    ]
    for rows in (by_column, by_line):
        tables = cohorts(rows)
        assert [(t.attribute, t.segment, len(t.rows)) for t in tables] == [
            ("Industry", "A", 2),
            ("Industry", "B", 1),
        ]


def test_segments_as_rows():
    rows = [
        ["Segment", "New", "M1", "M2", "M3"],
        ["Agency", 100, 90, 80, 70],
        ["Dentist", 60, 50, 40, 30],
    ]
    assert [(t.segment, t.rows[0].size) for t in cohorts(rows)] == [
        ("Agency", 100),
        ("Dentist", 60),
    ]


def test_customers_who_come_back_were_active_and_that_is_said():
    rows = [
        ["Cohort", "New", "M1", "M2", "M3"],
        ["2024-01", 100, 50, 60, 40],
        ["2024-02", 80, 40, 42],
    ]
    made = found(rows)
    assert made.cohorts[0].kind == "active"
    assert [(i.cell, i.kind) for i in made.issues if i.kind == "cohort_rises"] == [
        ("D2", "cohort_rises")
    ]


def test_a_gap_opens_the_rest_of_the_row_and_is_named():
    rows = [
        ["Cohort", "New", "M1", "M2", "M3"],
        ["2024-01", 100, 90, N, 70],
        ["2024-02", 50, 45, 40],
    ]
    made = found(rows)
    assert made.cohorts[0].rows[0].cells == (90, N, N)
    assert [i.cell for i in made.issues if i.kind == "cohort_gap"] == ["D2"]


def test_shares_of_another_size_stay_shares():
    rows = [
        ["Cohort", "New", "M1", "M2", "M3"],
        ["2024-01", 100, 0.9, 0.8123, 0.7],
        ["2024-02", 50, 0.9, 0.8],
    ]
    made = found(rows)
    assert made.cohorts[0].kind == "shares"
    assert [i.cell for i in made.issues if i.kind == "share_of_other_size"] == ["D2"]


def test_money_by_age_is_money():
    rows = [
        ["Revenue by cohort"],
        ["Cohort", "New", "M0", "M1", "M2"],
        ["2024-01", 10, 1000, 900, 800],
        ["2024-02", 12, 1200, 1000],
    ]
    (table,) = cohorts(rows, "Revenue")
    assert (table.kind, table.rows[0].cells) == ("money", (1000, 900, 800))


@pytest.mark.parametrize(
    "rows",
    [
        [["Respondent", "Q1", "Q2", "Q3"], ["r1", 5, 4, 3], ["r2", 4, 5, 5]],
        [["customer_id", "M1", "M2", "M3"], ["c1", 5, 4, 3], ["c2", 4, 3, 2]],
        [
            ["Report", "", ""],
            ["Date", 1, 2, 3],
            [date(2024, 1, 1), 20.5, 3.25, -8.0],
            [date(2024, 1, 2), 11.5, 2.0, 1.0],
        ],
    ],
    ids=["survey", "usage", "report"],
)
def test_other_numbered_columns_are_no_cohorts(rows):
    assert not cohorts(rows)
