"""Sheets as people lay them out: where the table is found, what is left out, and that it is said."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapseg_xl.intake.cleaning.cells import UNCALCULATED
from mapseg_xl.intake.finding.header import find_table
from mapseg_xl.intake.reading.sheet_cells import uncalculated_issue
from mapseg_xl.intake.tables import RawSheet

HEADERS = ["id", "name", "revenue"]
ROWS = [["a1", "Ann", 5.0], ["a2", "Bob", 6.0], ["a3", "Cy", 7.0]]


def sheet(*rows, top=1, left=1, issues=()):
    width = max(map(len, rows))
    columns = []
    for i in range(width):
        column = np.empty(len(rows), dtype=object)
        column[:] = [row[i] if i < len(row) else None for row in rows]
        columns.append(column)
    return RawSheet("crm.xlsx", "Customers", tuple(columns), top, left, issues=issues)


def table(*rows, **where):
    found = find_table(sheet(*rows, **where))
    assert found is not None
    return found


def records(found):
    return [list(r) for r in zip(*(c.tolist() for c in found.columns), strict=True)]


def said(found):
    return [(i.kind, i.severity, i.cell) for i in found.issues]


def test_a_tidy_sheet_is_taken_as_it_is():
    found = table(HEADERS, *ROWS)
    assert found.headers == ("id", "name", "revenue")
    assert found.letters == ("A", "B", "C")
    assert (found.header_row, found.rows.tolist()) == (1, [2, 3, 4])
    assert records(found) == ROWS
    assert found.issues == ()


def test_addresses_count_the_empty_rows_and_columns_before_the_data():
    found = table(HEADERS, *ROWS, top=5, left=27)
    assert found.letters == ("AA", "AB", "AC")
    assert (found.header_row, found.cell(2, 1)) == (5, "AC7")
    assert said(found) == [("header_row", "note", "AA5")]


def test_title_rows_above_are_skipped_and_the_guess_is_shown():
    found = table(["Customers 2025"], ["Exported", "2025-01-01"], [None], HEADERS, *ROWS)
    assert found.headers == ("id", "name", "revenue")
    assert found.header_row == 4
    assert said(found) == [("header_row", "note", "A4")]
    assert "'Customers 2025'" in found.issues[0].issue


def test_a_line_of_facts_above_is_not_taken_for_the_header():
    found = table(["Exported by", "Anna"], HEADERS, *ROWS)
    assert found.headers == ("id", "name", "revenue")


def test_blank_rows_are_left_out_with_a_counted_warning():
    found = table(HEADERS, ROWS[0], [None], [" ", "\u00a0"], ROWS[1], [None], [None])
    assert found.rows.tolist() == [2, 5]
    assert said(found) == [("blank_row", "warning", "A3:C3")]
    assert found.issues[0].count == 2


@pytest.mark.parametrize(
    "word", ["Total", "TOTALS:", "Grand Total", "Subtotal", "Sum", "Gesamt", "Summe"]
)
def test_a_total_row_is_left_out_and_named(word):
    found = table(HEADERS, *ROWS, [word, None, 18.0])
    assert found.rows.tolist() == [2, 3, 4]
    assert said(found) == [("total_row", "warning", "A5:C5")]
    assert "row 5" in found.issues[0].issue


def test_a_total_word_below_the_names_with_an_empty_id_is_a_total():
    found = table(HEADERS, *ROWS, [None, "Total", 18.0])
    assert found.rows.tolist() == [2, 3, 4]


def test_customers_that_sound_like_totals_stay():
    rows = [
        ["a1", "Total Energies", 5.0],
        ["a2", "Total", 4.0],
        ["a3", "Summe AG", 3.0],
        ["a4", "Sum", 2.0],
    ]
    assert records(table(HEADERS, *rows)) == rows
    two = [["Total Energies", 5.0], ["Global Total", 6.0], ["Ann", 7.0]]
    assert records(table(["customer", "revenue"], *two)) == two


def test_subtotals_of_a_grouped_export_are_left_out_and_its_customers_are_not():
    found = table(
        ["country", "customer", "revenue"],
        ["DE", "Ann", 5.0],
        ["DE", "Total Energies", 6.0],
        ["DE Total", None, 11.0],
        ["FR", "Cy", 7.0],
        ["FR Total", None, 7.0],
        ["Grand Total", None, 18.0],
    )
    assert found.rows.tolist() == [2, 3, 5]
    assert [i.count for i in found.issues] == [3]


def test_a_header_repeated_on_every_page_is_left_out():
    found = table(HEADERS, *ROWS, HEADERS, *ROWS)
    assert found.rows.tolist() == [2, 3, 4, 6, 7, 8]
    assert said(found) == [("repeated_header", "warning", "A5:C5")]


def test_notes_below_are_left_out():
    found = table(HEADERS, *ROWS, [None], ["Source: CRM export"], ["Confidential"])
    assert found.rows.tolist() == [2, 3, 4]
    assert said(found) == [("note_below", "warning", "A6:C6")]


def test_a_last_record_with_nothing_but_its_id_stays():
    assert table(HEADERS, *ROWS, ["a4"]).rows.tolist() == [2, 3, 4, 5]


def test_a_column_without_a_name_gets_one_and_an_empty_one_goes():
    found = table(["id", None, "city", None], ["a", "x", "Rome", None], ["b", "y", "Oslo", None])
    assert found.headers == ("id", "Column B", "city")
    assert said(found) == [("unnamed_column", "note", "B1")]


def test_a_named_column_without_data_stays():
    assert table(["id", "churned_on"], ["a"], ["b"]).headers == ("id", "churned_on")


def test_the_second_column_of_a_name_is_numbered_with_a_warning():
    found = table(
        ["id", "Revenue", "revenue ", "Revenue (2)"], ["a", 1.0, 2.0, 3.0], ["b", 1.0, 2.0, 3.0]
    )
    assert found.headers == ("id", "Revenue", "revenue (2)", "Revenue (2) (2)")
    assert said(found) == [
        ("duplicate_header", "warning", "C1"),
        ("duplicate_header", "warning", "D1"),
    ]


def test_headers_keep_their_inner_line_breaks_and_lose_outer_spaces():
    found = table([" Customer\nID ", "Customer ID", "n"], ["a", "b", 1.0], ["c", "d", 2.0])
    assert found.headers == ("Customer\nID", "Customer ID (2)", "n")


def test_merged_group_names_above_tell_equal_names_apart():
    found = table(
        [None, "Revenue", None, "Orders", None],
        ["id", 2024.0, 2025.0, 2024.0, 2025.0],
        ["a", 1.0, 2.0, 3.0, 4.0],
        ["b", 1.0, 2.0, 3.0, 4.0],
    )
    assert found.headers == ("id", "Revenue 2024", "Revenue 2025", "Orders 2024", "Orders 2025")
    assert "two_row_header" in [i.kind for i in found.issues]
    assert found.rows.tolist() == [3, 4]


def test_names_merged_over_two_rows_are_joined_with_what_stands_below():
    found = table(
        ["id", "name", "Revenue", None], [None, None, 2024.0, 2025.0], ["a", "Ann", 1.0, 2.0], ["b", "Bob", 1.0, 2.0]
    )  # fmt: skip
    assert found.headers == ("id", "name", "Revenue 2024", "Revenue 2025")
    assert (found.header_row, found.rows.tolist()) == (2, [3, 4])


def test_years_and_months_can_be_headers():
    assert table(["customer", 2024.0, 2025.0], ["a", 1.0, 2.0]).headers == (
        "customer",
        "2024",
        "2025",
    )
    months = ["customer", date(2025, 1, 1), date(2025, 2, 1)]
    assert table(months, ["a", 1.0, 2.0]).headers == ("customer", "2025-01-01", "2025-02-01")


def test_a_smaller_table_to_the_right_is_left_out_and_said():
    side = [["Region", "Target"], ["North", 10.0]]
    rows = [HEADERS, *ROWS, *ROWS]
    both = [r + [None] + (side[i] if i < len(side) else []) for i, r in enumerate(rows)]
    found = table(*both)
    assert found.headers == ("id", "name", "revenue")
    assert said(found) == [("second_table", "note", "E1:F2")]


def test_a_sparse_column_after_an_empty_one_belongs_to_the_table():
    found = table(
        [*HEADERS, None, "note"], [*ROWS[0], None, None], [*ROWS[1], None, "call"], ROWS[2]
    )
    assert found.headers == ("id", "name", "revenue", "note")


def test_a_smaller_table_below_is_left_out_and_said():
    found = table(
        HEADERS, *ROWS, *ROWS, [None], ["Region", "Owner", "Target"], ["North", "Ann", 10.0]
    )
    assert found.rows.tolist() == [2, 3, 4, 5, 6, 7]
    assert said(found) == [("second_table", "note", "A9:C10")]


def test_the_larger_of_two_tables_is_taken_even_if_it_stands_below():
    found = table(
        ["Region", "Owner", "Target"], ["North", "Ann", 10.0], [None], HEADERS, *ROWS, *ROWS
    )
    assert found.headers == ("id", "name", "revenue")
    assert (found.header_row, len(found.rows)) == (4, 6)
    assert "second_table" in [i.kind for i in found.issues]


def test_data_without_names_is_an_error_and_loses_no_row():
    found = table(*ROWS)
    assert found.headers == ("Column A", "Column B", "Column C")
    assert records(found) == ROWS
    assert said(found) == [("no_header", "error", "A1")]


def test_text_that_looks_like_data_is_no_header_even_in_a_text_file():
    found = table(["1", "2025-01-01", "5.5"], ["2", "2025-01-02", "6"])
    assert "no_header" in [i.kind for i in found.issues]
    assert len(found.rows) == 2


@pytest.mark.parametrize(
    "rows", [[HEADERS], [["a"]], [[None], [None]], [[None, "x"], [None, None]]]
)
def test_a_sheet_without_header_and_row_is_no_table(rows):
    assert find_table(sheet(*rows)) is None


def test_a_sheet_without_columns_is_no_table():
    assert find_table(RawSheet("crm.xlsx", "Customers", ())) is None


def test_one_column_is_enough():
    assert table(["email"], ["a@b.c"], ["d@e.f"]).headers == ("email",)


def test_formulas_without_a_value_are_empty_and_an_error_names_the_column():
    issue = uncalculated_issue("crm.xlsx", "Customers", "C3", "", 2)
    found = table(
        HEADERS, ROWS[0], ["a2", "Bob", UNCALCULATED], ["a3", "Cy", UNCALCULATED], issues=(issue,)
    )
    assert [r[2] for r in records(found)] == [5.0, None, None]
    (got,) = found.issues
    assert (got.severity, got.column, got.cell, got.count) == ("error", "revenue", "C3", 2)


def test_a_formula_without_a_value_in_a_total_row_is_nobodys_concern():
    issue = uncalculated_issue("crm.xlsx", "Customers", "C5", "", 1)
    found = table(HEADERS, *ROWS, ["Total", None, UNCALCULATED], issues=(issue,))
    assert [i.kind for i in found.issues] == ["total_row"]


def test_typed_columns_with_names_of_their_own_are_not_turned_into_objects():
    numbers = np.array([1.0, np.nan, 3.0])
    days = np.array(["2025-01-01", "NaT", "2025-01-03"], dtype="datetime64[D]")
    found = find_table(RawSheet("p.parquet", "p", (numbers, days), top=2, headers=("n", "on")))
    assert found is not None
    assert [c.dtype.kind for c in found.columns] == ["f", "M"]
    assert (found.header_row, found.rows.tolist()) == (1, [2, 4])
    assert said(found) == [("blank_row", "warning", "A3:B3")]


def test_the_sheet_is_left_as_it_was():
    given_sheet = sheet([" id", "name"], ["a", "  "], ["b", "x"])
    before = [c.tolist() for c in given_sheet.columns]
    find_table(given_sheet)
    assert [c.tolist() for c in given_sheet.columns] == before


cells = st.one_of(
    st.none(),
    st.sampled_from(["Total", "id", "x", " ", "2025", "5"]),
    st.floats(0, 9),
    st.dates(),
    st.booleans(),
)


@given(
    st.lists(st.lists(cells, min_size=1, max_size=5), min_size=1, max_size=12), st.integers(1, 3)
)
def test_any_cells_give_a_well_formed_table_or_none(rows, top):
    found = find_table(sheet(*rows, top=top))
    if found is None:
        return
    assert len(set(found.headers)) == len(found.headers) == len(found.letters) == len(found.columns)
    assert all(len(c) == len(found.rows) > 0 for c in found.columns)
    assert (np.diff(found.rows) > 0).all()
    assert found.header_row < found.rows[0]
    for i, column in enumerate(found.columns):
        for j, value in enumerate(column):
            place = ord(found.letters[i]) - 65
            row = rows[found.rows[j] - top]
            original = row[place] if place < len(row) else None
            assert value == original or (value is None and str(original).strip() == "")


def test_a_name_with_total_stays_even_where_the_rest_of_its_text_is_empty():
    rows = [["DE", "Ann", 5.0], [None, "Total Energies", 6.0], ["FR", "Cy", 7.0]]
    assert records(table(["country", "customer", "revenue"], *rows)) == rows


def test_a_narrower_table_below_is_left_out_even_if_no_type_differs():
    found = table(HEADERS, *ROWS, [None], ["Region", "Owner"], ["North", "10"], ["South", "20"])
    assert found.rows.tolist() == [2, 3, 4]
    assert said(found) == [("second_table", "note", "A6:C8")]


@pytest.mark.parametrize("word", ["Q1 total", "Total 2025", "March 2025 Total", "Page total"])
def test_totals_of_a_period_that_no_cell_names_are_left_out(word):
    headers = ["invoice", "customer", "date", "amount"]
    rows = [[f"i{n}", f"Ann {n}", "2025-03-01", 5.0] for n in range(6)]
    found = table(headers, *rows[:3], [word, None, None, 15.0], *rows[3:])
    assert found.rows.tolist() == [2, 3, 4, 6, 7, 8]


def test_a_subtotal_that_counts_in_words_is_left_out():
    headers = ["id", "company", "country"]
    rows = [[f"i{n}", f"Ann {n} Ltd", "DE"] for n in range(6)]
    found = table(headers, *rows[:3], ["Subtotal", "3 accounts", None], *rows[3:])
    assert found.rows.tolist() == [2, 3, 4, 6, 7, 8]


def test_a_customer_called_like_a_total_of_something_else_stays():
    rows = [["Total Fitness", None, 5.0], ["Ann", "DE", 6.0], ["Bo", "FR", 7.0]]
    assert len(table(["customer", "country", "revenue"], *rows).rows) == 3
