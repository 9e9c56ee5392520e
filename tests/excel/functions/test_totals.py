"""Rows of sums that come along with whole columns are no customers."""

import pytest

from mapseg_xl.excel import functions as f
from tests.excel.arguments.columns_of import by_name, column

SEGMENT = ["Agency", "Dentist", "Agency", "Dentist", "Agency"]
PAID = [10.0, 20.0, 30.0, 40.0, 50.0]
PLAIN = f.seg_arpu(column(SEGMENT), column(PAID))


@pytest.mark.parametrize("name", ["Total", "grand total:", "Gesamtergebnis", None, "", "  "])
def test_the_row_of_totals_at_the_foot_is_no_customer(name):
    segment, paid = column([*SEGMENT, name]), column([*PAID, sum(PAID)])
    table = f.seg_arpu(segment, paid)
    assert [line[:9] for line in table] == [line[:9] for line in PLAIN]
    assert "row 6 left out: it holds the totals of the others" in table[1][-1]
    assert "row 6 left out" in f.seg_why("SEG_ARPU", segment, paid, "Agency")


def test_totals_of_groups_go_with_the_grand_total():
    segment = column(["A", "A", "A Total", "B", "B", "B Total", "Grand Total"])
    paid = column([1, 2, 3, 4, 5, 9, 12])
    assert f.seg_pivot(segment, segment, paid, "sum")[-1][-1] == 12
    assert [line[0] for line in f.seg_volume(segment)] == ["segment", "A", "B"]


def test_a_segment_that_is_called_total_by_several_stays():
    table = by_name(f.seg_volume(column(["Total", "Wine", "Total", "Total Wine", "Wine"])))
    assert table["Total"]["n"] == 2
    assert table["Total Wine"]["n"] == 1


def test_a_large_customer_without_a_segment_stays():
    table = f.seg_arpu(column([*SEGMENT, None]), column([*PAID, sum(PAID) + 0.5]))
    assert [line[0] for line in table[1:]] == ["Agency", "Dentist", "(blank)"]
