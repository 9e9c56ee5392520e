"""Which first cells are headers."""

import pytest

from mapseg_xl.excel.arguments.cells import Clipped, column_cells
from mapseg_xl.excel.arguments.headers import is_header_row
from mapseg_xl.excel.functions import seg_volume
from tests.excel.arguments.columns_of import column


def header(*columns):
    roles, given = zip(*columns, strict=True)
    return is_header_row(roles, [column_cells(column(c), "column") for c in given])


@pytest.mark.parametrize(
    ("role", "cells"),
    [
        ("label", ["Industry", "Agency", "Agency"]),
        ("label", ["Anything", 1, 2]),
        ("revenue_monthly", ["MRR", 100, "$80"]),
        ("converted", ["Converted", 1, 0]),
        ("converted", ["Did they buy?", "yes", "no"]),
        ("churned", ["Churned", "yes", ""]),
        ("trial_on", ["Trial start", 45_658, 45_659]),
        ("outcome", ["Stage", "Won", "Lost"]),
    ],
)
def test_text_unlike_the_cells_below_it_is_a_header(role, cells):
    assert header((role, cells))


@pytest.mark.parametrize(
    ("role", "cells"),
    [
        ("label", ["Agency", "Dentist", "Dentist"]),
        ("label", ["Industry", "Agency", "industry "]),
        ("revenue_monthly", ["$100", 100, 80]),
        ("revenue_monthly", ["n/a", 100, 80]),
        ("converted", ["yes", "no", "no"]),
        ("churned", ["churned", "active", "active"]),
        ("trial_on", ["2025-01-01", 45_658, 45_659]),
        ("outcome", ["Won", "Lost", "Lost"]),
        ("converted", ["Converted"]),
        ("revenue_monthly", [None, 100, 80]),
    ],
)
def test_a_value_is_no_header(role, cells):
    assert not header((role, cells))


def test_a_row_with_a_value_in_it_is_no_row_of_headers():
    assert not header(("label", ["Industry", "Agency"]), ("revenue_monthly", [100, 80]))
    assert not header(("label", ["Agency", "Agency"]), ("revenue_monthly", ["none given", 80]))
    assert header(("label", ["Our groups", "Agency"]), ("revenue_monthly", ["MRR", 80]))


def test_a_host_that_knows_of_a_header_is_believed():
    given = Clipped(column(["Our own word", "Agency", "Dentist"]), 3, headed=True)
    assert is_header_row(["label"], [column_cells(given, "segment")])


def test_the_only_word_that_stands_once_is_a_header_where_it_stands_first():
    words = ["Our own naming", *["A", "B", "C"] * 4]
    assert [line[0] for line in seg_volume(column(words))[1:]] == ["A", "B", "C"]
    rare = [*words, "D"]
    assert len(seg_volume(column(rare))) == 6
    assert len(seg_volume(column(words[:8]))) == 5
