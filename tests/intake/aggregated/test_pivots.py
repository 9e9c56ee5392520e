"""Pivots and summary tables as teams keep them: every layout gives the segments, never the totals."""

import pytest

from mapseg_xl.intake.aggregated.summaries import summaries
from tests.intake.aggregated.grids import figures, found, pivot, sheet

N = None
LIFE = ("leads", "customers", "churned", "size")

COMPACT = [
    ["Count of Customer ID", "Column Labels"],
    ["Row Labels", "Lead", "Customer", "Churned", "Grand Total"],
    ["Agency", 100, 20, N, 120],
    ["EU", 60, 10, N, 70],
    ["US", 40, 10, N, 50],
    ["Dentist", 50, 10, 5, 65],
    ["EU", 50, N, 5, 55],
    ["US", N, 10, N, 10],
    ["Grand Total", 150, 30, 5, 185],
]


def test_the_compact_form_is_told_by_its_subtotals_and_blanks_are_zero():
    read = pivot(COMPACT)
    assert read.attributes == ("Row Labels", "Row Labels (2)")
    assert figures(read, *LIFE) == {
        ("Agency", "EU"): (60, 10, 0, 70),
        ("Agency", "US"): (40, 10, 0, 50),
        ("Dentist", "EU"): (50, 0, 5, 55),
        ("Dentist", "US"): (0, 10, 0, 10),
    }
    assert read.lines[0].cells["customers"] == "C4"


def test_leading_spaces_tell_the_levels_too():
    rows = [
        ["Row Labels", "Count of ID"],
        ["Agency", 30],
        ["   EU", 10],
        ["   US", 21],
        ["Dentist", 5],
        ["   EU", 5],
    ]
    assert figures(pivot(rows), "size") == {
        ("Agency", "EU"): (10,), ("Agency", "US"): (21,), ("Dentist", "EU"): (5,)
    }  # fmt: skip


def test_without_subtotals_a_label_without_figures_heads_those_below_it():
    rows = [
        ["Row Labels", "Count of ID"],
        ["Agency", N],
        ["EU", 10],
        ["US", 21],
        ["Dentist", N],
        ["EU", 5],
        ["Grand Total", 36],
    ]
    assert list(figures(pivot(rows), "size")) == [
        ("Agency", "EU"),
        ("Agency", "US"),
        ("Dentist", "EU"),
    ]


def test_the_tabular_form_repeats_labels_by_leaving_them_out():
    rows = [
        ["Industry", "Region", "Count of ID", "Sum of MRR"],
        ["Agency", "EU", 10, 100],
        [N, "US", 20, 200],
        ["Agency Total", N, 30, 300],
        ["Dentist", "EU", 5, 50],
        ["Dentist Total", N, 5, 50],
        ["Grand Total", N, 35, 350],
    ]
    read = pivot(rows)
    assert read.attributes == ("Industry", "Region")
    assert figures(read, "size", "price") == {
        ("Agency", "EU"): (10, 100), ("Agency", "US"): (20, 200), ("Dentist", "EU"): (5, 50)
    }  # fmt: skip


def test_the_outline_form_has_its_subtotals_above():
    rows = [
        ["Industry", "Region", "Count of ID"],
        ["Agency", N, 30],
        [N, "EU", 10],
        [N, "US", 20],
        ["Dentist", N, 5],
        [N, "EU", 5],
    ]
    assert figures(pivot(rows), "size") == {
        ("Agency", "EU"): (10,), ("Agency", "US"): (20,), ("Dentist", "EU"): (5,)
    }  # fmt: skip


def test_several_values_under_the_words_of_a_status_field():
    rows = [
        ["Country", "Germany"],
        [],
        [N, "Column Labels"],
        [N, "Customer", N, "Churned", N, "Total Count of ID", "Total Sum of MRR"],
        ["Row Labels", "Count of ID", "Sum of MRR", "Count of ID", "Sum of MRR", N, N],
        ["A", 10, 100, 5, 50, 15, 150],
        ["B", 20, 300, 1, 10, 21, 310],
        ["Grand Total", 30, 400, 6, 60, 36, 460],
    ]
    made = found(rows)
    assert figures(made.pivots[0], "customers", "churned", "price", "price_n") == {
        ("A",): (10, 5, 150, 15), ("B",): (20, 1, 310, 21)
    }  # fmt: skip
    assert [i.issue for i in made.issues if i.kind == "pivot_filtered"] == [
        "filtered: Country = Germany"
    ]


def test_a_row_field_and_a_column_field_give_a_segment_for_each_pair():
    rows = [
        ["Count of ID", "Region"],
        ["Industry", "EU", "US", "Grand Total"],
        ["Agency", 10, 20, 30],
        ["Dentist", 5, N, 5],
    ]
    read = pivot(rows)
    assert read.attributes == ("Industry", "Region")
    assert figures(read, "size") == {
        ("Agency", "EU"): (10,),
        ("Agency", "US"): (20,),
        ("Dentist", "EU"): (5,),
    }


def test_years_across_are_values_and_no_figures():
    rows = [
        ["Count of ID", "Year"],
        ["Industry", 2023, 2024],
        ["Agency", 10, 20],
        ["Dentist", 5, 7],
    ]
    assert pivot(rows).attributes == ("Industry", "Year")


def test_libreoffice_writes_its_pivots_with_a_dash():
    rows = [
        ["Filter", N],
        [],
        ["Count - ID", "Status"],
        ["Industry", "Customer", "Lead", "Total Result"],
        ["A", 10, 20, 30],
        ["B", 5, 8, 13],
        ["Total Result", 15, 28, 43],
    ]
    assert figures(pivot(rows), "customers", "leads") == {("A",): (10, 20), ("B",): (5, 8)}


def test_columns_shown_as_percentages_are_no_counts():
    rows = [
        ["Row Labels", "Count of ID", "Count of ID2"],
        ["A", 30, 0.75],
        ["B", 10, 0.25],
        ["Grand Total", 40, 1],
    ]
    assert figures(pivot(rows), "size") == {("A",): (30,), ("B",): (10,)}


HAND_MADE = [
    ["Q3 segments"],
    [],
    ["Segment", "Leads", "Trials", "Customers", "Churned", "Conversion %", "MRR", "ARPU"],
    ["Agency", 340, 120, 41, 4, "12%", 3700, 100],
    ["Dentist", 200, 50, 10, 1, "5%", 900, 100],
    ["Total", 540, 170, 51, 5, "9%", 4600, N],
    ["Source: CRM"],
]


def test_a_summary_by_hand_is_a_funnel_where_its_rate_says_so():
    read = pivot(HAND_MADE)
    assert figures(read, "leads", "trials", "customers", "churned", "converted", "started") == {
        ("Agency",): (220, 79, 37, 4, 41, 340), ("Dentist",): (150, 40, 9, 1, 10, 200)
    }  # fmt: skip
    assert "funnel" in read.remarks["customers"]


def test_the_mean_beside_a_sum_tells_of_whom_it_is():
    assert set(figures(pivot(HAND_MADE), "price_n").values()) == {(37,), (9,)}
    rows = [
        [*row[:-1], 90.24390244 if row[0] == "Agency" else 90.0]
        if len(row) == 8 and row[0] in ("Agency", "Dentist")
        else row
        for row in HAND_MADE
    ]
    assert set(figures(pivot(rows), "price_n").values()) == {(41,), (10,)}


def test_a_total_that_all_counts_make_up_says_that_they_exclude_each_other():
    rows = [
        ["Segment", "Leads", "Trials", "Customers", "Total"],
        ["A", 300, 100, 50, 450],
        ["B", 200, 90, 10, 300],
    ]
    assert figures(pivot(rows), "leads", "trials", "customers", "converted") == {
        ("A",): (300, 100, 50, 50), ("B",): (200, 90, 10, 10)
    }  # fmt: skip


def test_words_of_a_status_exclude_each_other_where_plurals_may_not():
    rows = [
        ["Industry", "Churned", "Customer", "Lead", "Trial"],
        ["A", 5, 20, 300, 100],
        ["B", 1, 10, 200, 50],
    ]
    assert figures(pivot(rows), "leads", "size") == {("A",): (300, 425), ("B",): (200, 261)}


def test_a_rate_and_its_base_give_whole_customers():
    rows = [["Segment", "Trials", "Conversion"], ["A", 340, 0.12], ["B", 200, 0.05], ["C", 50, 0.1]]
    assert figures(pivot(rows), "converted", "started") == {
        ("A",): (41, 340),
        ("B",): (10, 200),
        ("C",): (5, 50),
    }


def test_a_rate_that_gives_no_whole_customers_is_not_used_and_said():
    rows = [["Segment", "Trials", "Conversion"], ["A", 340, 0.123456], ["B", 200, 0.05]]
    made = found(rows)
    assert all("converted" not in line.figures for p in made.pivots for line in p.lines)


def test_the_standard_deviation_beside_a_sum_gives_the_squares():
    rows = [
        ["Row Labels", "Count of ID", "Sum of MRR", "StdDev of MRR"],
        ["A", 4, 40, 2],
        ["B", 2, 30, 1],
    ]
    assert figures(pivot(rows), "price_squares") == {("A",): (3 * 4 + 400,), ("B",): (1 + 450,)}


def test_functions_over_columns_as_programs_write_them():
    rows = [[N, "sum", "count"], [N, "MRR", "MRR"], ["Industry", N, N], ["A", 100, 4], ["B", 50, 2]]
    assert figures(pivot(rows), "price", "price_n") == {("A",): (100, 4), ("B",): (50, 2)}


def test_totals_that_do_not_add_up_are_named_by_cell():
    rows = [["Segment", "Leads", "Customers"], ["A", 30, 10], ["B", 20, 5], ["Total", 51, 15]]
    (off,) = [i for i in found(rows).issues if i.kind == "total_off"]
    assert (off.cell, off.issue) == ("B4", "total 51, but the segments add up to 50")


def test_a_segment_that_stands_twice_is_added_up_and_named():
    rows = [["Segment", "Leads", "Customers"], ["Agency", 30, 10], ["agency ", 20, 5], ["B", 5, 1]]
    made = found(rows)
    assert figures(made.pivots[0], "converted")[("Agency",)] == (15,)
    assert any(i.kind == "segment_twice" for i in made.issues)


def test_numbers_as_text_and_dashes_for_nothing():
    rows = [["Segment", "Leads", "Customers"], ["A", "1,340", "120"], ["B", "200", "–"]]
    assert figures(pivot(rows), "started", "converted") == {("A",): (1340, 120), ("B",): (200, 0)}


def test_two_tables_side_by_side_and_one_below():
    rows = [
        ["Industry", "Count of ID", N, "Region", "Count of ID"],
        ["A", 10, N, "EU", 8],
        ["B", 20, N, "US", 22],
        [],
        ["Plan", "Count of ID"],
        ["Pro", 12],
        ["Free", 18],
    ]
    assert [p.attributes for p in found(rows).pivots] == [("Industry",), ("Region",), ("Plan",)]


def test_a_title_names_the_field_that_a_pivot_calls_row_labels():
    rows = [["Customers by industry"], [], ["Row Labels", "Count of ID"], ["A", 10], ["B", 20]]
    assert pivot(rows).attributes == ("industry",)


@pytest.mark.parametrize(
    "rows",
    [
        [
            ["Customer ID", "Leads", "Deals", "MRR"],
            ["c1", 12, 3, 10],
            ["c2", 9, 1, 20],
            ["c3", 4, 2, 9],
        ],
        [["Company", "Users", "Orders", "Revenue"], ["Acme", 12, 3, 10], ["Beta", 9, 1, 20]],
        [["Name", "Trials", "Converted"], ["Ann", 1, 0], ["Bob", 1, 1], ["Cy", 0, 1]],
        [["Month", "Spend"], ["Jan", 100], ["Feb", 120]],
    ],
    ids=["ids", "companies", "flags", "spend"],
)
def test_lists_of_customers_are_no_pivots(rows):
    assert not found(rows).sheets


def test_counts_that_fall_exclude_each_other_where_the_rate_says_so():
    rows = [
        ["Segment", "Leads", "Trials", "Customers", "Conversion"],
        ["A", 300, 100, 50, 0.1111],
        ["B", 200, 90, 10, 0.0333],
    ]
    assert figures(pivot(rows), "leads", "started") == {("A",): (300, 450), ("B",): (200, 300)}


def test_a_total_in_the_second_column_is_one_of_the_first():
    rows = [
        ["Industry", "Region", "Count of ID"],
        ["Agency", "EU", 10],
        [N, "US", 20],
        [N, "Total", 30],
        ["Dentist", "EU", 5],
        [N, "Total", 5],
        ["Total", N, 35],
    ]
    assert list(figures(pivot(rows), "size")) == [
        ("Agency", "EU"),
        ("Agency", "US"),
        ("Dentist", "EU"),
    ]


def test_two_sheets_that_count_a_segment_differently_are_named():
    book = [
        sheet([["Row Labels", "Count of ID"], ["A", 30], ["B", 5]], "Customers by Plan"),
        sheet([["Plan", "Count of ID"], ["A", 30], ["B", 6]], "Other"),
    ]
    (issue,) = [i for i in summaries(book).issues if i.kind == "sheets_differ"]
    assert issue.issue == "Plan: 5 in B, but 6 on sheet 'Other'"
