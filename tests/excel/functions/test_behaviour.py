"""How the cell functions on rows take what people give them."""

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapseg_xl.excel import functions as f
from mapseg_xl.excel.answering.answers import BadArguments, NotAvailable
from mapseg_xl.excel.arguments.cells import SHEET_ROWS
from tests.excel.arguments.columns_of import by_name, column

SEGMENT = column(["Agency", "agency ", "Dentist", "Dentist", "Agency"])
FLAG = column([1, 0, 1, 1, 0])

rows = st.lists(
    st.tuples(st.sampled_from(["Agency", "Dentist", "Realtor"]), st.integers(0, 1)),
    min_size=2,
    max_size=40,
)


def both(pairs):
    return column(s for s, _ in pairs), column(c for _, c in pairs)


@given(rows, st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_the_order_of_rows_does_not_matter(pairs, chance):
    shuffled = pairs[:]
    chance.shuffle(shuffled)
    assert by_name(f.seg_conversion(*both(pairs))) == by_name(f.seg_conversion(*both(shuffled)))
    assert by_name(f.seg_arpu(*both(pairs))) == by_name(f.seg_arpu(*both(shuffled)))


@given(rows, st.lists(st.sampled_from([None, "", "  "]), max_size=5))
@settings(max_examples=25, deadline=None)
def test_headers_empty_rows_and_a_column_laid_flat_change_nothing(pairs, empty):
    plain = f.seg_conversion(*both(pairs))
    segment, flag = both(pairs)
    longer = column(empty)
    assert f.seg_conversion([["Market"], *segment], [["Won them"], *flag]) == plain
    assert f.seg_conversion(segment + longer, flag + longer) == plain
    assert f.seg_conversion(longer + segment, longer + flag) == plain
    assert f.seg_conversion([[s for s, _ in pairs]], [[c for _, c in pairs]]) == plain


@given(rows, st.sampled_from([("yes", "no"), (True, False), ("TRUE", "false"), (1.0, 0.0)]))
@settings(max_examples=25, deadline=None)
def test_yes_and_no_may_be_written_in_any_way(pairs, words):
    said = [(s, words[0] if c else words[1]) for s, c in pairs]
    assert f.seg_conversion(*both(said)) == f.seg_conversion(*both(pairs))


@given(rows)
@settings(max_examples=25, deadline=None)
def test_every_row_is_in_one_segment_and_a_number_is_the_line_of_the_table(pairs):
    table = f.seg_conversion(*both(pairs))
    assert sum(line[1] for line in table[1:]) == len(pairs)
    for line in table[1:]:
        assert f.seg_conversion(*both(pairs), f" {line[0].upper()} ") == line[2]


@given(st.lists(st.integers(45_300, 45_600), min_size=3, max_size=12))
@settings(max_examples=20, deadline=None)
def test_dates_may_be_serials_texts_or_times(serials):
    days = [date.fromordinal(date(1899, 12, 30).toordinal() + s) for s in serials]
    won = [s + 3 if i % 2 else None for i, s in enumerate(serials)]
    segment = column("AB"[i % 2] for i in range(len(serials)))
    ways = [
        serials,
        [float(s) + 0.4 for s in serials],
        [d.isoformat() for d in days],
        [datetime(d.year, d.month, d.day, 13) for d in days],  # noqa: DTZ001 - as Excel gives them
    ]
    tables = [
        f.seg_conversion(segment, column(won), None, column(w), 14, "2025-01-31") for w in ways
    ]
    assert tables[1:] == tables[:1] * 3


def test_a_header_is_told_from_the_first_value():
    assert f.seg_volume(column(["Industry", "Agency", "Agency"]))[1:] == [["Agency", 2, 1.0]]
    assert f.seg_volume(column(["Realtor", "Agency", "Agency"]))[1:][1][0] == "Realtor"
    segment = column(["Plan", "Pro", "Pro"])
    assert f.seg_churn(segment, column(["Churned", 1, 0]), "pro") == 0.5
    assert f.seg_churn(segment, column(["churned", "active", "active"]))[1][1] == 2


def test_a_first_row_that_holds_a_number_is_no_header():
    table = by_name(f.seg_arpu(column(["Agency", "Dentist", "Dentist"]), column([10, 20, 30])))
    assert set(table) == {"Agency", "Dentist"}


def test_who_pays_nothing_counts_in_the_average_and_who_is_unknown_does_not():
    assert f.seg_arpu(SEGMENT, column([30, 0, 9, None, 0]), "Agency") == 10
    assert f.seg_arpu(SEGMENT, column([30, 0, 9, None, 0]), "Dentist") == 9


def test_a_whole_column_behaves_as_its_filled_part():
    segment = [["Industry"], *SEGMENT, *([[None]] * (SHEET_ROWS - 6))]
    flag = [["Paid"], *FLAG, *([[None]] * (SHEET_ROWS - 6))]
    assert f.seg_conversion(segment, flag, "dentist") == 1.0
    assert f.seg_conversion(segment, flag) == f.seg_conversion(SEGMENT, FLAG)


def test_empty_cells_of_the_segment_are_a_segment_of_their_own():
    table = by_name(f.seg_conversion(column(["A", None, "", "A"]), FLAG[:4]))
    assert {name: line["Trials"] for name, line in table.items()} == {"A": 2, "(blank)": 2}


def test_ticks_and_empty_cells_are_yes_and_no():
    assert f.seg_conversion(SEGMENT, column(["x", None, "x", "x", ""]), "Agency") == pytest.approx(
        1 / 3
    )


def test_numbers_typed_as_text_are_read_and_what_cannot_be_read_is_said():
    money = column(["$1,200", "$80", 40, 60.0, "call them"])
    table = by_name(f.seg_arpu(SEGMENT, money))
    assert table["Agency"]["Revenue a customer a month"] == 640
    assert (
        "1 cell of revenue left out: row 5 number cannot be read: 'call them'"
        in table["Agency"]["note"]
    )


def test_open_trials_are_in_neither_part_of_the_rate():
    started = column(["2025-06-01", "2025-06-02", "2025-06-03", "2025-06-04", "2025-06-25"])
    args = (column("AAAAA"), column([1, 1, 0, 0, 1]), "A", started, 14, "2025-06-30")
    assert f.seg_conversion(*args) == 0.5
    assert "1 unit still open on 2025-06-30" in f.seg_why("SEG_CONVERSION", *args)


def test_few_customers_give_their_number_and_the_note_warns():
    assert f.seg_conversion(SEGMENT, FLAG, "Dentist") == 1.0
    line = by_name(f.seg_conversion(SEGMENT, FLAG))["Dentist"]
    assert line["against everyone else"] == "can't tell yet"
    assert line["cautious estimate"] < 1
    assert "at least 30 are needed" in line["note"]
    assert "at least 30 are needed" in f.seg_why("SEG_CONVERSION", SEGMENT, FLAG, "Dentist")


def test_new_values_in_new_columns_give_new_numbers_and_so_do_changed_ones():
    flag = column([1, 0, 1, 1, 0])
    assert f.seg_conversion(SEGMENT, flag, "Agency") == pytest.approx(1 / 3)
    assert f.seg_conversion(SEGMENT, column([1, 1, 1, 1, 1]), "Agency") == 1.0
    flag[1][0] = 1
    assert f.seg_conversion(SEGMENT, flag, "Agency") == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("ask", "kind", "said"),
    [
        (lambda: f.seg_conversion(SEGMENT, FLAG[:-1], "A"), BadArguments, "has 4 rows"),
        (lambda: f.seg_conversion(SEGMENT, FLAG, "Vet"), NotAvailable, "'Vet' is not in segment"),
        (
            lambda: f.seg_conversion(SEGMENT, column([1, 0, "#N/A", 1, 0])),
            BadArguments,
            "row 3 #N/A",
        ),
        (
            lambda: f.seg_conversion(column(["A", "#REF!", "B", "B", "A"]), FLAG, "B"),
            BadArguments,
            "row 2 #REF!",
        ),
        (
            lambda: f.seg_conversion(SEGMENT, SEGMENT, "Agency"),
            BadArguments,
            "holds no yes or no",
        ),
        (lambda: f.seg_arpu(SEGMENT, SEGMENT, "Agency"), BadArguments, "holds no numbers"),
        (lambda: f.seg_arpu([["a", 1], ["b", 2]], FLAG[:2]), BadArguments, "2 side by side"),
        (
            lambda: f.seg_survival(SEGMENT, FLAG, FLAG, "Agency", "soon"),
            BadArguments,
            "'soon', which is not a number",
        ),
        (lambda: f.seg_survival(SEGMENT, FLAG, FLAG, "Agency", -1), BadArguments, "0 to 600"),
        (
            lambda: f.seg_survival(SEGMENT, column([5] * 5), column("01000"), "Agency", 30),
            NotAvailable,
            "followed for",
        ),
        (
            lambda: f.seg_conversion(SEGMENT, FLAG, "Agency", None, None, "31/02/2025"),
            BadArguments,
            "not a date",
        ),
        (
            lambda: f.seg_conversion(SEGMENT, FLAG, "Agency", None, None, "03/04/2025"),
            BadArguments,
            "2025-12-31",
        ),
        (lambda: f.seg_conversion(SEGMENT, FLAG, "Agency", None, 0), BadArguments, "1 to 3650"),
        (
            lambda: f.seg_ltv(SEGMENT, column([5] * 5), FLAG, column([9] * 5), "Agency", 75),
            BadArguments,
            "75% or 0.75",
        ),
        (
            lambda: f.seg_lifetime(SEGMENT, column([5] * 5), column([0] * 5), "Agency"),
            NotAvailable,
            "100% still here",
        ),
        (lambda: f.seg_volume(column([None, None])), BadArguments, "every cell is empty"),
        (lambda: f.seg_pivot(SEGMENT, SEGMENT, None, "mode"), BadArguments, "row share"),
        (lambda: f.seg_conversion(SEGMENT, FLAG, SEGMENT), BadArguments, "one cell is needed"),
        (lambda: f.seg_conversion(SEGMENT, FLAG, "#N/A"), BadArguments, "which is #N/A"),
    ],
)
def test_wrong_input_never_gives_a_number(ask, kind, said):
    with pytest.raises(kind) as raised:
        ask()
    assert said in str(raised.value)


def test_why_says_what_the_error_was_and_names_unknown_functions():
    assert "'Vet' is not in segment" in f.seg_why("SEG_CONVERSION", SEGMENT, FLAG, "Vet")
    assert "has 4 rows" in f.seg_why("seg_conversion", SEGMENT, FLAG[:-1], "A")
    assert "no function 'SEG_MAGIC'" in f.seg_why("SEG_MAGIC")
    assert "no function '0.25'" in f.seg_why(0.25)
    assert "after its name" in f.seg_why("SEG_CONVERSION")


def test_why_without_a_segment_lists_the_notes_of_the_table():
    said = f.seg_why("SEG_CHURN", SEGMENT, FLAG)
    assert said == "Agency, Dentist: depends on age."


def test_a_comparison_says_higher_and_lower_and_gives_the_difference():
    segment = column(["A"] * 200 + ["B"] * 200)
    flag = column([1] * 120 + [0] * 80 + [1] * 40 + [0] * 160)
    table = by_name(f.seg_compare(segment, flag))
    assert (table["A"]["against everyone else"], table["B"]["against everyone else"]) == (
        "higher",
        "lower",
    )
    assert f.seg_compare(segment, flag, "a") == pytest.approx(0.4)
    seats = column([10 + i % 3 for i in range(200)] + [5 + i % 3 for i in range(200)])
    assert f.seg_compare(segment, seats, "B") == pytest.approx(-5, abs=0.02)


def test_affinity_is_times_more_common_than_chance():
    segment = column(["A"] * 50 + ["B"] * 50)
    country = column(["ES"] * 40 + ["NL"] * 10 + ["ES"] * 10 + ["NL"] * 40)
    assert f.seg_affinity(segment, country, "A", "es") == pytest.approx(40 / 25)
    line = by_name(f.seg_affinity(segment, country, "B"))["B"]
    assert line["how sure"] == "strong"


def test_a_cohort_table_leaves_months_empty_that_are_not_over():
    started = column(["2025-01-03", "2025-01-20", "2025-02-01", "2025-03-05"])
    ended = column(["2025-03-03", None, "2025-02-10", None])
    table = f.seg_cohort(started, ended, "2025-04-10")
    assert table[0] == ["started in", "customers", "month 0", "month 1", "month 2"]
    assert table[1:] == [
        ["2025-01", 2, 1, 1, 0.5],
        ["2025-02", 1, 0, 0, ""],
        ["2025-03", 1, 1, "", ""],
    ]


def test_averages_of_a_pivot_leave_out_whom_nothing_is_known_of():
    table = f.seg_pivot(column("AAB"), column("XYX"), column([10, None, 30]))
    assert table == [
        ["", "X", "Y", "Total"],
        ["A", 10, "", 10],
        ["B", 30, "", 30],
        ["Total", 20, "", 20],
    ]
    shares = f.seg_pivot(column("AAB"), column("XYX"), None, "Row Share")
    assert shares[1] == ["A", 0.5, 0.5, 1]


def test_why_names_the_figure_it_speaks_of():
    tenure = column([12.0] * 60 + [3.0] * 40)
    args = (column(["A", "B"] * 50), tenure, column([0] * 90 + [1] * 10), column([50.0] * 100))
    said = f.seg_why("SEG_LTV", *args, "A", 0.8, 0.1, 60)
    assert said.startswith("13-month lifetime value: 50 customers")
    assert f.seg_why("SEG_COMPARE", args[0], args[2], "A").startswith("Share of yes: 50 rows")


def test_a_limit_that_is_too_long_is_told_which_is_not():
    months = column([4.0] * 40 + [30.0] * 40)
    with pytest.raises(NotAvailable, match="a within_months of 4 or less gives a figure"):
        f.seg_average_lifetime(column(["A"] * 40 + ["B"] * 40), months, column([0] * 80), "A")


def test_a_reason_after_lost_is_no_open_deal_and_other_words_are_named():
    outcome = column(["Won", "Closed Lost - price", "lost (rival)", "Won: upsell", "Lost contact"])
    table = f.seg_winrate(column(["A"] * 5), outcome)
    assert table[1][1:3] == [4, 0.5]
    assert "'Lost contact', so still open" in table[1][-1]


def test_numbers_and_dates_that_may_be_meant_otherwise_are_told():
    segment = column(["A", "B"] * 4)
    table = f.seg_arpu(segment, column(["1.234", "2.500"] * 4))
    assert "point or comma may be the decimal mark" in table[1][-1]
    started = column([date(2025, 3, 1)] * 8)
    won = column([date(2025, 3, 9), None, date(2024, 3, 9), None] * 2)
    said = f.seg_why("SEG_CONVERSION", segment, won, "A", started, 14, date(2025, 6, 1))
    assert "left out: row 3 and 1 more, date 2024-03-09 is before the start, 2025-03-01" in said


def test_columns_in_the_place_of_a_segment_are_told_where_they_go():
    with pytest.raises(BadArguments, match="Leave its place empty for all segments: ,,"):
        f.seg_conversion(SEGMENT, FLAG, column([date(2025, 1, 1)] * 5))


def test_empty_cells_that_were_read_as_no_are_told():
    table = f.seg_conversion(column(["A", "B"] * 4), column(["x", None] * 4))
    assert "every filled cell says yes, so empty ones were read as no" in table[1][-1]


def test_a_column_of_nothing_is_told_what_to_type():
    with pytest.raises(NotAvailable, match="churned: every cell is empty"):
        f.seg_churn(column(["A", "B"] * 4), column([None] * 8))


def test_days_in_the_place_of_months_are_told():
    args = column(["A", "B"] * 4), column([300.0, 700.0] * 4), column([1, 0] * 4)
    assert "are they days, not months?" in f.seg_why("SEG_SURVIVAL", *args, "A", 12)


def test_what_was_left_out_is_told_where_no_figure_is_left():
    args = column(["A", "B"] * 4), column([-3.0, 5.0] * 4), column([1, 0] * 4)
    with pytest.raises(NotAvailable, match="4 cells of tenure_months left out"):
        f.seg_survival(*args, "A")


def test_a_company_of_one_segment_is_told_that_nobody_else_is_there():
    with pytest.raises(NotAvailable, match="there is nobody else to compare with"):
        f.seg_compare(column(["A"] * 40), column([1, 0] * 20), "A")
