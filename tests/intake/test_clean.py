"""Cells as people type them, column by column: what is converted, what is left out, what stops."""

from dataclasses import replace
from datetime import date, datetime, time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapseg_xl.intake import clean
from mapseg_xl.intake.cleaning.days import day
from mapseg_xl.intake.tables import CellError, Issue

from .raw import raw

NAN = float("nan")


def column(*cells, source="crm.xlsx"):
    return raw({"Value": list(cells)}, source=source)


def kinds(cleaned):
    return [(i.kind, i.cell, i.count) for i in cleaned.issues]


def only(cleaned, kind):
    (found,) = [i for i in cleaned.issues if i.kind == kind]
    return found


def assert_numbers(cleaned, *expected):
    np.testing.assert_array_equal(cleaned.values, np.array(expected, dtype=float))


def days(cleaned):
    return [None if np.isnat(d) else str(d) for d in cleaned.values]


# numbers


def test_numbers_pass_as_they_are_and_say_nothing():
    cleaned = clean.numbers(column(1.0, None, 3, True), 0)
    assert_numbers(cleaned, 1, NAN, 3, 1)
    assert (cleaned.issues, cleaned.filled, cleaned.readable) == ((), 3, 3)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$1,200", 1200),
        ("1,234,567.89", 1234567.89),
        ("45%", 0.45),
        ("7 %", 0.07),
        ("(300)", -300),
        ("($1,300.50)", -1300.5),
        ("-$5", -5),
        ("$-5", -5),
        ("300-", -300),
        ("−12", -12),
        ("1'200.50", 1200.5),
        ("1\u00a0200\u00a0€", 1200),
        ("1\u202f200,50 €", 1200.5),
        ("\u200b7\u200b", 7),
        ("1.5e3", 1500),
        (".5", 0.5),
        ("EUR 12", 12),
        ("12,00,000.00", 1200000),
    ],
)
def test_a_dressed_number_is_read(text, value):
    cleaned = clean.numbers(column(text, "x" if text == "" else None), 0)
    assert cleaned.values[0] == value
    assert only(cleaned, "text_number").severity == "warning"


@pytest.mark.parametrize(
    "text",
    ["abc", "$", "1_000", "Infinity", "1.2.3,4", "--5", "(5", "5 apples", "1e999", "1 2", "5%%"],
)
def test_a_cell_that_is_no_number_is_named_and_left_out(text):
    cleaned = clean.numbers(column("$5", text), 0)
    assert_numbers(cleaned, 5, NAN)
    issue = only(cleaned, "unreadable_number")
    assert (issue.cell, issue.severity, issue.count) == ("A3", "warning", 1)
    assert f"'{text}'" in issue.issue


def test_a_date_or_a_time_is_no_number():
    cleaned = clean.numbers(column(5.0, date(2025, 1, 2), time(6)), 0)
    assert_numbers(cleaned, 5, NAN, NAN)
    assert [i.cell for i in cleaned.issues] == ["A3", "A4"]


def test_conversions_of_a_kind_are_one_issue_with_count_and_first_cells():
    cleaned = clean.numbers(column("$1", 2.0, "$3", "$4", "$5"), 0)
    issue = only(cleaned, "text_number")
    assert (issue.cell, issue.count) == ("A2", 4)
    assert "A2 '$1', A4 '$3', A5 '$4' and 1 more" in issue.issue


def test_the_column_decides_whether_the_comma_is_decimal():
    assert_numbers(clean.numbers(column("1.200,50", "1.200", "3,5"), 0), 1200.5, 1200, 3.5)
    assert_numbers(clean.numbers(column("1,200.50", "1,200", "3.5"), 0), 1200.5, 1200, 3.5)


def test_thousands_points_with_nothing_else_to_go_by_are_read_with_a_warning():
    cleaned = clean.numbers(column("1.200", "3.400", "950"), 0)
    assert_numbers(cleaned, 1200, 3400, 950)
    assert only(cleaned, "ambiguous_number").cell == "A2"


def test_a_point_is_decimal_where_large_numbers_stand_without_separators():
    cleaned = clean.numbers(column("1.200", "3.400", "1500"), 0)
    assert_numbers(cleaned, 1.2, 3.4, 1500)
    assert only(cleaned, "ambiguous_number").count == 2


def test_a_zero_before_the_point_makes_it_decimal():
    cleaned = clean.numbers(column("0.250", "1.200"), 0)
    assert_numbers(cleaned, 0.25, 1.2)
    assert "ambiguous_number" not in [i.kind for i in cleaned.issues]


def test_dollars_with_thousands_commas_are_not_in_doubt():
    assert [i.kind for i in clean.numbers(column("$1,200", "$3,400"), 0).issues] == ["text_number"]


def test_both_decimal_marks_in_one_column_leave_the_unclear_cell_out():
    cleaned = clean.numbers(column("1.5", "2,5", "1.200"), 0)
    assert_numbers(cleaned, 1.5, 2.5, NAN)
    assert only(cleaned, "mixed_decimal_marks").cell == "A3"
    assert only(cleaned, "unreadable_number").cell == "A4"


def test_several_currencies_in_a_column_are_an_error_that_names_the_first_cell_of_each():
    cleaned = clean.numbers(column("$5", "USD 6", None, "7 €", "8 €", "£9"), 0)
    issue = only(cleaned, "mixed_currencies")
    assert issue.severity == "error"
    assert "$ in A2, € in A5, £ in A7" in issue.issue
    assert cleaned.symbols == ("$", "£", "€")


def test_one_currency_is_reported_and_no_error():
    cleaned = clean.numbers(column("€5", "6 EUR", 7.0), 0)
    assert cleaned.symbols == ("€",)
    assert "mixed_currencies" not in [i.kind for i in cleaned.issues]


def test_thousands_letters_count_only_where_the_column_is_consistent():
    assert_numbers(clean.numbers(column("1.2k", "3M", "500"), 0), 1200, 3e6, 500)
    assert_numbers(clean.numbers(column("5k", "6", "7", "8"), 0), NAN, 6, 7, 8)
    assert_numbers(clean.numbers(column("5k", "6k", "Pro"), 0), NAN, NAN, NAN)


def test_percentages_beside_plain_numbers_are_flagged():
    cleaned = clean.numbers(column("45%", 30.0), 0)
    assert_numbers(cleaned, 0.45, 30)
    assert only(cleaned, "mixed_percent").cell == "A2"


def test_words_for_empty_are_empty_with_a_counted_note():
    cleaned = clean.numbers(column(1.0, "n/a", "-", "None", "NULL", " ", ""), 0)
    assert_numbers(cleaned, 1, *[NAN] * 6)
    issue = only(cleaned, "empty_word")
    assert (issue.severity, issue.count, cleaned.filled) == ("note", 4, 1)


@pytest.mark.parametrize("convert", [clean.numbers, clean.dates, clean.labels, clean.flags])
def test_an_excel_error_is_left_out_with_a_warning_and_is_not_blank(convert):
    cleaned = convert(column(CellError("#N/A"), "#DIV/0!", None), 0)
    found = [i for i in cleaned.issues if i.kind == "excel_error"]
    assert [(i.cell, i.issue) for i in found] == [
        ("A2", "Excel error #N/A"),
        ("A3", "Excel error #DIV/0!"),
    ]
    assert (cleaned.filled, cleaned.readable) == (2, 0)


def test_numbers_in_a_text_file_need_no_warning_and_in_a_workbook_do():
    assert clean.numbers(column("1", "2.5", source="crm.csv"), 0).issues == ()
    assert kinds(clean.numbers(column("1", "2.5"), 0)) == [("text_number", "A2", 2)]


def test_past_a_thousand_unreadable_cells_the_rest_is_one_issue():
    cleaned = clean.numbers(column(*[f"word {i}" for i in range(1500)]), 0)
    assert len(cleaned.issues) == 1001
    assert sum(i.count for i in cleaned.issues) == 1500


@given(st.lists(st.floats(-1e9, 1e9).map(lambda x: round(x, 2)), min_size=1))
def test_money_as_a_spreadsheet_prints_it_reads_back_as_it_was(values):
    printed = [f"${v:,.2f}" if v >= 0 else f"(${-v:,.2f})" for v in values]
    np.testing.assert_array_equal(clean.numbers(column(*printed), 0).values, values)


@given(st.lists(st.one_of(st.none(), st.text(max_size=8), st.floats(), st.booleans(), st.dates())))
def test_any_cells_become_a_number_or_nan_and_never_an_infinite_one(cells):
    cleaned = clean.numbers(column(*cells), 0)
    assert cleaned.values.dtype == np.float64
    assert not np.isinf(cleaned.values).any()
    assert cleaned.readable == np.count_nonzero(~np.isnan(cleaned.values))


# dates


def test_true_dates_pass_and_lose_their_time():
    cleaned = clean.dates(column(date(2025, 1, 1), datetime(2025, 1, 2, 23, 59), None), 0)  # noqa: DTZ001
    assert days(cleaned) == ["2025-01-01", "2025-01-02", None]
    assert (cleaned.issues, cleaned.filled, cleaned.readable) == ((), 2, 2)


@pytest.mark.parametrize(
    "text",
    [
        "2025-12-31",
        "2025/12/31",
        "2025-12-31T23:59:00Z",
        "2025-12-31 10:00:00.123+02:00",
        "31.12.2025",
        "31/12/2025",
        "12/31/2025",
        "31-12-25",
        "12/31/25 5:30 PM",
        "31 Dec 2025",
        "31-Dec-25",
        "31st December 2025",
        "Dec 31, 2025",
        "December 31 2025",
        "Wed, 31 Dec 2025 10:00:00 GMT",
        "31. Dezember 2025",
        "31 décembre 2025",
        "31 de diciembre de 2025",
        "20251231",
        "\u00a031.12.2025 ",
    ],
)
def test_a_date_in_text_is_read(text):
    cleaned = clean.dates(column(text), 0)
    assert days(cleaned) == ["2025-12-31"]
    assert cleaned.issues == ()


def test_the_largest_part_decides_the_order_of_the_whole_column():
    assert days(clean.dates(column("1/2/2025", "31/1/2025"), 0)) == ["2025-02-01", "2025-01-31"]
    assert days(clean.dates(column("1/2/2025", "1/31/2025"), 0)) == ["2025-01-02", "2025-01-31"]


def test_a_column_that_cannot_tell_day_from_month_is_an_error_that_says_what_to_do():
    cleaned = clean.dates(column("1/2/2025", "5/5/2025", "3/4/2025"), 0)
    issue = only(cleaned, "ambiguous_dates")
    assert (issue.severity, issue.cell, issue.count) == ("error", "A2", 2)
    assert "A2 '1/2/2025', A4 '3/4/2025'" in issue.issue
    assert "day_first" in issue.action
    assert days(cleaned) == [None, "2025-05-05", None]
    assert cleaned.share_readable == 1


def test_told_which_comes_first_the_column_is_no_longer_ambiguous():
    assert days(clean.dates(column("1/2/2025"), 0, day_first=True)) == ["2025-02-01"]
    assert days(clean.dates(column("1/2/2025"), 0, day_first=False)) == ["2025-01-02"]


def test_a_month_above_twelve_is_unreadable_where_the_order_was_told():
    cleaned = clean.dates(column("12/31/2025"), 0, day_first=True)
    assert only(cleaned, "unreadable_date").cell == "A2"


def test_both_orders_in_one_column_are_an_error_that_names_a_cell_of_each():
    issue = only(clean.dates(column("13/2/2025", "3/14/2025"), 0), "mixed_date_orders")
    assert issue.severity == "error"
    assert "A2 '13/2/2025'" in issue.issue
    assert "A3 '3/14/2025'" in issue.issue


def test_equal_parts_leave_nothing_to_ask():
    assert days(clean.dates(column("01/01/2025", "2/2/2025"), 0)) == ["2025-01-01", "2025-02-02"]


def test_dotted_dates_are_day_first_without_asking():
    assert days(clean.dates(column("01.02.2025"), 0)) == ["2025-02-01"]


@pytest.mark.parametrize(
    "text", ["31/02/2025", "2025-13-01", "30 Feb 2025", "20250230", "yesterday", "12"]
)
def test_an_impossible_date_is_named_and_left_out(text):
    cleaned = clean.dates(column(text, date(2025, 1, 1)), 0)
    issue = only(cleaned, "unreadable_date")
    assert issue.cell == "A2"
    assert f"'{text}'" in issue.issue
    assert days(cleaned)[0] is None


def test_excel_day_numbers_become_dates_with_a_counted_warning():
    cleaned = clean.dates(column(45658.0, "45659", 20251231.0, date(2025, 1, 3)), 0)
    assert days(cleaned) == ["2025-01-01", "2025-01-02", "2025-12-31", "2025-01-03"]
    assert only(cleaned, "serial_date").count == 2


def test_day_numbers_of_a_workbook_with_the_1904_system_count_from_1904():
    table = column(44196.0)
    note = Issue("warning", "", "", "A1", "", "", "", kind="date_1904")
    table = replace(table, issues=(note,))
    assert days(clean.dates(table, 0)) == ["2025-01-01"]


@pytest.mark.parametrize("value", [date(1900, 1, 1), "1949-12-31", "2101-01-01", "9999-12-31"])
def test_a_year_nobody_means_is_flagged_and_left_out(value):
    cleaned = clean.dates(column(value, date(2025, 1, 1)), 0)
    assert only(cleaned, "implausible_date").cell == "A2"
    assert days(cleaned) == [None, "2025-01-01"]


def test_true_dates_that_all_look_swapped_beside_late_days_in_text_are_flagged():
    swapped = [date(2025, 1, 3), date(2025, 2, 3), date(2025, 5, 6)]
    assert only(clean.dates(column(*swapped, "31/12/2025"), 0), "maybe_swapped_dates").count == 3
    cleaned = clean.dates(column(*swapped, date(2025, 1, 20), "31/12/2025"), 0)
    assert cleaned.issues == ()


def test_a_column_of_months_is_read_as_their_first_days():
    assert days(clean.dates(column("2025-03", "Apr 2025"), 0)) == ["2025-03-01", "2025-04-01"]


def test_typed_columns_pass_at_once():
    stamps = np.array(["2025-01-01T05:00", "NaT"], dtype="datetime64[us]")
    table = column(None, None)
    table = replace(table, columns=(stamps,))
    assert days(clean.dates(table, 0)) == ["2025-01-01", None]


@given(st.dates(date(1950, 1, 1), date(2100, 12, 31)))
def test_every_form_of_a_day_reads_back_as_that_day(value):
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%d %b %Y", "%B %d, %Y", "%Y%m%d", "%Y-%m-%dT%H:%M:%SZ"):
        found = day(value.strftime(form))
        assert found is not None
        assert found.known == value
    found = day(value.strftime("%d/%m/%Y"))
    assert found is not None
    assert found.read(day_first=True) == value


@given(st.dates(date(1951, 1, 1), date(2099, 12, 31)))
def test_dates_agree_with_pandas(value):
    text = value.strftime("%m/%d/%Y")
    expected = pd.to_datetime(text, format="%m/%d/%Y").date()
    assert days(clean.dates(column(text), 0, day_first=False)) == [str(expected)]


@given(st.lists(st.one_of(st.none(), st.text(max_size=12), st.floats(), st.booleans(), st.dates())))
def test_any_cells_become_a_plausible_date_or_none(cells):
    values = clean.dates(column(*cells), 0).values
    known = values[~np.isnat(values)]
    assert values.dtype == np.dtype("datetime64[D]")
    assert ((known >= np.datetime64("1950-01-01")) & (known < np.datetime64("2101-01-01"))).all()


# flags


@pytest.mark.parametrize(
    ("yes", "no"),
    [("Yes", "no"), ("Y", "N"), ("TRUE", "false"), (True, False), (1.0, 0.0), ("1", "0"), ("ja", "Nein"),
     ("oui", "non"), ("✓", "✗"), (" yes ", "No\u00a0")],
)  # fmt: skip
def test_yes_and_no_in_their_forms(yes, no):
    cleaned = clean.flags(column(yes, no, None), 0)
    assert cleaned.values.tolist() == [1, 0, -1]
    assert cleaned.values.dtype == np.int8
    assert cleaned.issues == ()


def test_where_only_yes_was_typed_an_empty_cell_is_no_and_a_note_says_so():
    cleaned = clean.flags(column("x", None, "X", " "), 0)
    assert cleaned.values.tolist() == [1, 0, 1, 0]
    issue = only(cleaned, "blank_is_no")
    assert (issue.severity, issue.cell, issue.count) == ("note", "A3", 2)


def test_an_unknown_word_is_named_and_empty_then_stays_unknown():
    cleaned = clean.flags(column("x", "maybe", None, 2.0), 0)
    assert cleaned.values.tolist() == [1, -1, -1, -1]
    assert [i.cell for i in cleaned.issues] == ["A3", "A5"]


def test_outcome_words_mean_what_the_outcome_says():
    assert clean.flags(column("Cancelled", "Active"), 0, outcome="churned").values.tolist() == [
        1,
        0,
    ]
    assert clean.flags(column("lost", "Won"), 0, outcome="converted").values.tolist() == [0, 1]
    assert clean.flags(column("lost", "Won"), 0).values.tolist() == [-1, -1]


# labels


def test_labels_keep_their_letters_and_lose_only_what_nobody_sees():
    cells = [
        "  US ",
        "New\u00a0York",
        "👩\u200d💻 Café",
        "a\u200bb",
        None,
        "=1+1",
        "line\nbreak",
        "None",
    ]
    cleaned = clean.labels(column(*cells), 0)
    assert cleaned.values.tolist() == [
        "US", "New York", "👩\u200d💻 Café", "ab", "", "=1+1", "line break", "None",
    ]  # fmt: skip
    assert only(cleaned, "spaces_removed").severity == "warning"


def test_cells_that_are_no_text_get_the_text_a_person_would_type():
    cells = [
        1.0,
        1.5,
        True,
        False,
        date(2025, 1, 2),
        datetime(2025, 1, 2),  # noqa: DTZ001
        datetime(2025, 1, 2, 3),  # noqa: DTZ001
        3,
    ]
    assert clean.labels(column(*cells), 0).values.tolist() == [
        "1", "1.5", "TRUE", "FALSE", "2025-01-02", "2025-01-02", "2025-01-02 03:00:00", "3",
    ]  # fmt: skip


def test_true_and_one_stay_two_labels():
    assert clean.labels(column(True, 1.0, 1, False, 0.0), 0).values.tolist() == [
        "TRUE", "1", "1", "FALSE", "0",
    ]  # fmt: skip


def test_spellings_fold_to_the_commonest_with_a_counted_warning():
    cleaned = clean.labels(
        column("usa", "USA", "USA", "Usa", "New  York", "New York", "new york"), 0
    )
    assert cleaned.values.tolist() == ["USA"] * 4 + ["New  York"] * 3
    issue = only(cleaned, "spelling_variants")
    assert (issue.count, issue.cell) == (4, "A2")


def test_ids_keep_leading_zeros_and_their_case():
    cleaned = clean.labels(column("007", "7", "ab", "AB", 12345.0), 0, ids=True)
    assert cleaned.values.tolist() == ["007", "7", "ab", "AB", "12345"]
    assert cleaned.issues == ()


def test_ids_that_excel_damaged_are_an_error():
    cleaned = clean.labels(column("A1", "1.23457E+11", "1,2E+15", 1234567890123456.0), 0, ids=True)
    issue = only(cleaned, "damaged_id")
    assert (issue.severity, issue.cell, issue.count) == ("error", "A3", 3)


@given(st.lists(st.one_of(st.none(), st.text(max_size=8), st.floats(), st.booleans(), st.dates())))
def test_any_cells_become_text_and_a_second_cleaning_changes_nothing(cells):
    once = clean.labels(column(*cells), 0).values
    assert all(type(v) is str for v in once)
    assert clean.labels(column(*once.tolist()), 0).values.tolist() == once.tolist()


def test_cleaning_leaves_the_table_as_it_was():
    cells = ["$1", " x ", None, "31/12/2025", CellError("#N/A"), True]
    table = column(*cells)
    for convert in (clean.numbers, clean.dates, clean.flags, clean.labels):
        convert(table, 0)
    assert table.columns[0].tolist() == cells


def test_a_typed_column_of_flags_passes_at_once():
    table = column(None, None)
    flags = np.array([True, False])
    table = replace(table, columns=(flags,))
    assert clean.flags(table, 0).values.tolist() == [1, 0]


def test_a_stray_cell_in_another_currency_is_left_out_and_named():
    cleaned = clean.numbers(column("$5", "6 USD", "€7", *[9.0] * 60), 0)
    assert_numbers(cleaned, 5, 6, NAN, *[9.0] * 60)
    assert (only(cleaned, "other_currency").cell, cleaned.symbols) == ("A4", ("$",))
    assert not {"mixed_currencies", "unreadable_number"} & {i.kind for i in cleaned.issues}


@pytest.mark.parametrize("strays", [["€7"] * 4, ["€7", "€8"]])
def test_more_cells_in_another_currency_or_as_many_are_an_error(strays):
    cells = ["$5", "$6", *([] if len(strays) == 2 else ["$7"] * 9), *strays, *[9.0] * 98]
    assert only(clean.numbers(column(*cells), 0), "mixed_currencies").severity == "error"
