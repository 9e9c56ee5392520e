"""The team's own sheets out of an open workbook are what reading the saved file gives."""

from datetime import date, datetime, time

import numpy as np
import pytest
import xlsxwriter

from examples.make_sample import WORKBOOK
from mapseg_xl.hosts.live import host as live
from mapseg_xl.intake.tables import CellError
from mapseg_xl.intake.workbook import read_sheets
from mapseg_xl.report.plan import lay_out
from tests.report.small_report import BIG, SMALL, TOTAL, report

pytestmark = [pytest.mark.office, pytest.mark.slow]
AFTERNOON = datetime.fromisoformat("2025-03-01T14:30")


def same_cell(ours, theirs):
    if isinstance(theirs, float) and isinstance(ours, float):
        return ours == pytest.approx(theirs, rel=1e-14)
    if isinstance(theirs, datetime) and isinstance(ours, datetime):
        return abs(ours - theirs).total_seconds() < 1
    return type(ours) is type(theirs) and str(ours) == str(theirs)


def assert_same(opened, read):
    assert [s.sheet for s in opened] == [s.sheet for s in read]
    for ours, theirs in zip(opened, read, strict=True):
        assert (ours.top, ours.left, ours.hidden) == (theirs.top, theirs.left, theirs.hidden)
        assert len(ours.columns) == len(theirs.columns)
        for at, (one, other) in enumerate(zip(ours.columns, theirs.columns, strict=True)):
            assert len(one) == len(other), (ours.sheet, at)
            wrong = [
                (row, a, b)
                for row, (a, b) in enumerate(zip(one, other, strict=True))
                if not same_cell(a, b)
            ]
            assert wrong == [], (ours.sheet, at)


def test_the_sample_teams_workbook_reads_alike(calc_app):
    assert_same(live.sheets_of(calc_app.books.open(WORKBOOK)), read_sheets(WORKBOOK))


@pytest.fixture
def odd(tmp_path):
    """A workbook of cells that look alike and are not, hidden rows, a hidden sheet, data that begins at C4."""
    path = tmp_path / "odd.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Odd")
    money = book.add_format({"num_format": "$#,##0.00"})
    day = book.add_format({"num_format": "d/m/yyyy"})
    clock = book.add_format({"num_format": "hh:mm"})
    both = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    rows = [
        ("head", None),
        (12.34567891, money),
        (date(2025, 3, 1), day),
        (AFTERNOON, both),
        (time(14, 30), clock),
        ("007", None),
        ("=1+1", None),
        ("#N/A", None),
        ("'quoted", None),
        (True, None),
        (7, None),
    ]
    for at, (value, style) in enumerate(rows, start=3):
        if isinstance(value, str):
            sheet.write_string(at, 2, value, style)
        else:
            sheet.write(at, 2, value, style)
    sheet.write_formula("D5", "=NA()", None, "#N/A")
    sheet.write_formula("D6", "=1/0", None, "#DIV/0!")
    sheet.write_formula("D7", "=C5*2", money, 24.69135782)
    sheet.write_formula("D8", '=""', None, "")
    sheet.set_row(8, None, None, {"hidden": True})
    book.add_worksheet("Empty")
    hidden = book.add_worksheet("Hidden")
    hidden.write("A1", "x")
    hidden.hide()
    book.close()
    return path


def test_odd_cells_keep_their_kind(calc_app, odd):
    found = live.sheets_of(calc_app.books.open(odd))
    assert [(s.sheet, s.hidden) for s in found] == [("Odd", False), ("Hidden", True)]
    sheet = found[0]
    assert (sheet.source, sheet.top, sheet.left) == ("odd.xlsx", 4, 3)
    column, formulas = sheet.columns[0].tolist(), sheet.columns[1].tolist()
    assert column[1:5] == [
        12.34567891,
        date(2025, 3, 1),
        AFTERNOON,
        time(14, 30),
    ]
    assert column[5:7] == ["007", "=1+1"]
    assert column[8:] == ["'quoted", True, 7.0]
    assert [type(v) for v in formulas[1:3]] == [CellError, CellError]
    assert str(formulas[1]) == "#N/A"
    assert formulas[3] == pytest.approx(24.6914, abs=1e-4)
    assert formulas[4] is None
    assert [(i.kind, i.cell, i.count) for i in sheet.issues] == [("hidden_rows", "A9", 1)]


def test_our_own_tabs_are_no_sheets_of_the_team(calc_book):
    calc_book.sheets[0].range("A1").value = "x"
    live.write(lay_out(report(BIG, SMALL, TOTAL)), calc_book)
    assert [s.sheet for s in live.sheets_of(calc_book)] == [calc_book.sheets[0].name]


def test_a_hundred_thousand_rows_come_in_blocks(calc_book):
    sheet = calc_book.sheets[0]
    sheet.range("A1:B100000").raw_value = [[float(at), "x"] for at in range(100_000)]
    (found,) = live.sheets_of(calc_book)
    assert np.array_equal(found.columns[0].astype(float), np.arange(100_000))
    assert len(found.columns[1]) == 100_000
