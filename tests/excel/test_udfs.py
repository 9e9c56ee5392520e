"""The module that Excel calls, on ranges that count how often they are read."""

import datetime as dt
import inspect
from decimal import Decimal
from types import SimpleNamespace

import pytest
from xlwings.conversion.framework import ConversionContext

from mapseg_xl.excel import udfs
from mapseg_xl.excel.answering.answers import ERROR_MARK
from mapseg_xl.excel.catalog import FUNCTIONS
from tests.excel.fake_range import FakeRange, FakeSheet

NOT_AVAILABLE, BAD = f"{ERROR_MARK}#N/A", f"{ERROR_MARK}#VALUE!"
COM_NA = -2146826246


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    monkeypatch.setattr(udfs, "RANGES", udfs.Ranges())


@pytest.fixture
def sheet():
    segment = ["Industry", "Agency", "agency ", "Dentist", "Dentist", "Agency"]
    return FakeSheet({"A": segment, "B": ["Churned", 1.0, 0.0, 1.0, 1.0, 0.0]})


def test_every_cell_function_has_its_entry_with_the_generation_last():
    for entry in FUNCTIONS:
        names = list(inspect.signature(getattr(udfs, entry.python_name)).parameters)
        assert names == [*(a.name for a in entry.arguments), "generation"]
        assert getattr(udfs, entry.python_name).__name__ == entry.python_name


def test_two_hundred_cells_read_each_range_once_a_generation(sheet):
    for _ in range(200):
        assert udfs.seg_churn(sheet.column("A"), sheet.column("B"), "Dentist", 1.0) == 1.0
    assert len(sheet.reads) == 2


def test_a_new_generation_reads_the_cells_again(sheet):
    assert udfs.seg_churn(sheet.column("A"), sheet.column("B"), "Dentist", 1.0) == 1.0
    sheet.columns["B"][3] = 0.0
    assert udfs.seg_churn(sheet.column("A"), sheet.column("B"), "Dentist", 1.0) == 1.0
    assert udfs.seg_churn(sheet.column("A"), sheet.column("B"), "Dentist", 2.0) == 0.5
    sheet.columns["B"][3] = 1.0
    assert udfs.seg_churn(sheet.column("A"), sheet.column("B"), "Dentist", None) == 1.0


def test_a_sheet_of_the_same_address_elsewhere_is_another_range(sheet):
    other = FakeSheet({"A": ["Agency", "Agency"], "B": [0.0, 0.0]}, name="Old")
    assert udfs.seg_churn(sheet.column("A", 2, 3), sheet.column("B", 2, 3), "Agency", 1.0) == 0.5
    assert udfs.seg_churn(other.column("A", 2, 3), other.column("B", 2, 3), "Agency", 1.0) != 0.5


def test_a_whole_column_is_read_as_far_as_its_sheet_is_used(sheet):
    udfs.seg_churn(sheet.column("A"), sheet.column("B"), None, 1.0)
    assert [rows for _, rows in sheet.reads] == [6, 6]


def test_a_range_that_reaches_far_below_the_data_is_read_as_far_as_its_sheet_is_used(sheet):
    far = (sheet.column("A", 2, 50_000), sheet.column("B", 2, 50_000))
    assert udfs.seg_churn(*far, "Dentist", 1.0) == 1.0
    assert [rows for _, rows in sheet.reads] == [5, 5]


def test_two_ranges_put_together_are_no_column(sheet):
    class Union(FakeRange):
        """Areas side by side: COM hands over the cells of the first alone."""

        address = "$A$2:$A$3,$A$5:$A$6"

    union = Union(sheet, "A", 2, 3)
    assert udfs.seg_churn(union, sheet.column("B", 2, 3), "Agency", 1.0) == BAD


def test_whole_columns_of_two_sheets_are_of_the_same_length(sheet):
    other = FakeSheet({"B": [1.0, 1.0, 0.0]}, name="Other")
    assert udfs.seg_churn(sheet.column("A"), sheet.column("B"), "Dentist", 1.0) == 1.0
    assert isinstance(udfs.seg_churn(sheet.column("A"), other.column("B"), None, 1.0), list)


def test_a_range_that_begins_with_the_header_of_a_table_has_a_header(sheet):
    head = SimpleNamespace(row=1)
    sheet.table = SimpleNamespace(show_headers=True, header_row_range=head)
    sheet.columns["A"][0] = "Our own word"
    assert [line[0] for line in udfs.seg_volume(sheet.column("A", 1, 6), 1.0)][1:] == [
        "Agency",
        "Dentist",
    ]
    sheet.table = None
    found = udfs.seg_volume(sheet.column("A", 1, 6), 2.0)
    assert "Our own word" in [line[0] for line in found]


def test_errors_go_back_as_marks_of_which_vba_makes_true_errors(sheet):
    whole = (sheet.column("A"), sheet.column("B"))
    assert udfs.seg_churn(*whole, "Vet", 1.0) == NOT_AVAILABLE
    assert udfs.seg_churn(sheet.column("A", 1, 5), sheet.column("B", 1, 4), None, 1.0) == BAD


def test_an_error_value_of_a_cell_is_no_empty_cell(sheet):
    sheet.columns["B"][2] = COM_NA
    assert udfs.seg_churn(sheet.column("A"), sheet.column("B"), "Dentist", 1.0) == BAD
    said = udfs.seg_why("SEG_CHURN", sheet.column("A"), sheet.column("B"), *[None] * 7, 1.0)
    assert "row 3 #N/A" in said


def test_array_constants_and_expressions_arrive_as_values():
    segment, flag = (("A",), ("A",), ("B",)), ((1.0,), (0.0,), (True,))
    assert udfs.seg_churn(segment, flag, "A", 1.0) == 0.5
    assert udfs.seg_churn(("A", "A", "B"), (1.0, 0.0, 1.0), "A", 1.0) == 0.5
    assert udfs.seg_churn(segment, flag, COM_NA, 1.0) == BAD


def test_cells_shown_as_money_are_numbers(sheet):
    """COM hands them over as decimals, which are no floats."""
    sheet.columns["C"] = ["MRR", *(Decimal(value) for value in ("10.5", "20", "30", "40", "50"))]
    paid = udfs.seg_revenue(sheet.column("A"), sheet.column("C"), "Dentist", 1.0)
    assert paid == 35.0
    assert udfs.RANGES.read(Decimal("0.8"), 1.0) == 0.8


def test_whole_numbers_too_long_for_excel_become_decimals(monkeypatch):
    """COM hands them over in 64 bits, which no cell takes."""
    answer = [["Total", 3_000_000_000, 7, True], ["x", -(2**31), 2.5, None]]
    sent = udfs._for_com(answer)
    assert sent == answer
    assert [[type(value) for value in row] for row in sent] == [
        [str, float, int, bool],
        [str, float, float, type(None)],
    ]


def test_which_may_be_a_cell(sheet):
    sheet.columns["H"] = ["Dentist"]
    assert udfs.seg_churn(sheet.column("A"), sheet.column("B"), sheet.column("H", 1, 1), 1.0) == 1.0
    sheet.columns["H"] = [None]
    assert isinstance(
        udfs.seg_churn(sheet.column("A"), sheet.column("B"), sheet.column("H", 1, 1), 2.0), list
    )


def test_dates_with_a_time_zone_as_com_gives_them_are_days(sheet):
    stamp = dt.datetime(2025, 1, 3, tzinfo=dt.UTC)
    started = tuple((stamp + dt.timedelta(days=i),) for i in range(3))
    ended = ((None,), (None,), (stamp + dt.timedelta(days=90),))
    table = udfs.seg_cohort(started, ended, None, 1.0)
    assert table[1][:3] == ["2025-01", 3, 1]


def test_an_argument_reaches_us_as_the_range_or_as_its_value(sheet):
    (step,) = udfs.Unread.reader({})
    asked = sheet.column("A")
    context = SimpleNamespace(range=asked, value=None)
    step(context)
    assert context.value is asked
    assert asked.sheet.reads == []
    context = SimpleNamespace(range=None, value=((1.0,),))
    step(context)
    assert context.value == ((1.0,),)
    assert {"range", "value"} <= set(ConversionContext.__slots__)


def test_old_ranges_are_dropped_when_too_many_cells_are_kept(sheet):
    ranges = udfs.Ranges(most_cells=10)
    first = ranges.read(sheet.column("A"), 1.0)
    assert ranges.read(sheet.column("A"), 1.0) is first
    ranges.read(sheet.column("B"), 1.0)
    assert ranges.read(sheet.column("A"), 1.0) is not first
