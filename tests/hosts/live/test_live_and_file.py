"""Tabs written into a workbook file are the ribbon's own once it is open, and the ribbon's are ours in its file."""

import openpyxl
import pytest

from mapseg_xl.hosts.live import host as live
from mapseg_xl.report.identity import keep
from mapseg_xl.report.plan import lay_out
from mapseg_xl.write_back import Place, opened, put_in
from tests.report.small_report import BIG, SMALL, TOTAL, report

pytestmark = [pytest.mark.office, pytest.mark.slow]

MARGIN = ("Definitions", "settings", "margin", "value")
BIG_NOTE = ("Volume", "segments", "big-1", "note")
TABS = ["CRM", "Volume", "Definitions", "_mapseg"]


def plan_of(earlier, taken):
    return lay_out(keep(report(BIG, SMALL, TOTAL), earlier), taken)


def written(path):
    """The tabs put into a file, with what was typed on those that are there."""
    there = opened(Place(path, path))
    put_in(there, plan_of(there.earlier, there.taken))
    return there


@pytest.fixture
def path(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "CRM"
    book.active["A1"] = "Customer"
    book.save(tmp_path / "team.xlsx")
    return tmp_path / "team.xlsx"


def test_the_ribbon_knows_the_tabs_of_the_command_line_again(path, calc_app):
    written(path)
    book = calc_app.books.open(str(path))
    assert live.taken_names(book) == {"CRM"}
    earlier = live.previous_of(book)
    assert earlier.edits == {}
    assert earlier.strays == ()
    sheet, address = earlier.places[MARGIN].rsplit("!", 1)
    book.sheets[sheet].range(address).value = 0.5
    earlier = live.previous_of(book)
    assert earlier.edits == {MARGIN: 0.5}
    live.write(plan_of(earlier, live.taken_names(book)), book)
    assert [s.name for s in book.sheets] == TABS
    assert live.previous_of(book).value(MARGIN, None, "share") == 0.5


def test_the_command_line_knows_the_tabs_of_the_ribbon_again(path, calc_app):
    book = calc_app.books.open(str(path))
    live.write(plan_of(None, {"CRM"}), book)
    sheet, address = live.previous_of(book).places[BIG_NOTE].rsplit("!", 1)
    book.sheets[sheet].range(address).value = "ask Bob"
    book.save(str(path))
    book.close()
    there = written(path)
    assert there.taken == {"CRM"}
    assert there.earlier.edits == {BIG_NOTE: "ask Bob"}
    assert openpyxl.load_workbook(path).sheetnames == TABS
    assert opened(Place(path, path)).earlier.value(BIG_NOTE, None, "text") == "ask Bob"


def test_the_two_take_turns(path, calc_app):
    written(path)
    for turn in ("first", "second"):
        book = calc_app.books.open(str(path))
        earlier = live.previous_of(book)
        sheet, address = earlier.places[BIG_NOTE].rsplit("!", 1)
        book.sheets[sheet].range(address).value = turn
        live.write(plan_of(live.previous_of(book), live.taken_names(book)), book)
        book.save(str(path))
        book.close()
        there = written(path)
        assert there.earlier.value(BIG_NOTE, None, "text") == turn
        assert there.earlier.strays == ()
        assert openpyxl.load_workbook(path).sheetnames == TABS
