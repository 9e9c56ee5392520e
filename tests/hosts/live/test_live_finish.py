"""Finishes against strict stand-ins for both Excels. Nothing here was run in an Excel: that is the written check."""

import sys
from types import SimpleNamespace

import pytest

from mapseg_xl.hosts.live.finish import FINISH, MAC, WINDOWS, Finishing, column_of
from mapseg_xl.hosts.live.spoken import Spoken, footers
from mapseg_xl.report.verbs import Axis, ChartSeries, Label, Mark, Page, Rect
from tests.hosts.live.live_fakes import Keywords, mac_things, windows_things

ONE_PAGE = Page(Rect(0, 0, 9, 9), True, 100, (), (0, 1), "Acme & Co", "Volume")
SCALED = Page(Rect(0, 0, 9, 9), False, 62, (20, 40), (0, 1), "Acme", "Volume")
CELL = Rect(0, 0, 0, 0)
NAMED = ChartSeries(CELL, CELL, CELL, Mark(), Label("name", "right", "ink", bold=True))
VALUED = ChartSeries(CELL, CELL, CELL, Mark(), Label("value", "outside_end", "ink", format="0%"))
SAID = Spoken("A share", "From 0% to 100%.", "This does not fit", "From 0% to 100%.")

# Every finish as the host asks for it: the thing, then what it is told
ASKED = [
    ("rows kept in view", "book", (2, 100), {}),
    ("tab colour", "sheet", ("accent",), {}),
    ("indent", "range", (1,), {}),
    ("unlocked cells", "range", (), {}),
    ("formula of several cells", "range", ("=SEG_VOLUME(A1:A9)",), {}),
    ("message of an input cell", "range", (SAID,), {}),
    ("hidden name", "book", ("_mapseg.in.1",), {}),
    ("very hidden sheet", "sheet", (), {}),
    ("filter arrows", "range", (), {}),
    ("print set-up", "sheet", (ONE_PAGE, "$1:$2", footers(ONE_PAGE)), {}),
    ("print set-up", "sheet", (SCALED, "$1:$2", footers(SCALED)), {}),
    ("page breaks", "sheet", ((20, 40),), {}),
    ("line of a series", "series", (2.75, "dash"), {}),
    ("line of a series", "series", (1.0, "dots"), {}),
    ("see-through dots", "series", (0.25,), {}),
    ("bar without fill", "series", (), {}),
    ("labels at marks", "series", (NAMED,), {}),
    ("labels at marks", "series", (VALUED,), {}),
    ("chart title", "chart", (), {}),
    ("axis", "axis", (Axis(gridlines=True, line=True),), {"is_category": False}),
    ("axis", "axis", (Axis(),), {"is_category": True}),
    ("gap between bars", "chart", (55,), {}),
    ("plot area", "chart", (10.0, 20.0, 300.0, 150.0), {}),
    ("chart frame", "chart", (), {}),
    ("alternative text", "sheet", ("mapseg 1", "What it shows."), {}),
]
THINGS = {WINDOWS: windows_things, MAC: mac_things}


@pytest.fixture(autouse=True)
def appscript(monkeypatch):
    monkeypatch.setitem(sys.modules, "appscript", SimpleNamespace(k=Keywords()))


def done(column, asked, lacks=frozenset()):
    need, thing, told, said = asked
    log = []
    finishing = Finishing(column)
    fine = finishing.do(need, THINGS[column](log, lacks)[thing], *told, **said)
    return fine, finishing, log


def test_every_finish_is_tried_here():
    assert {need for need, *_ in ASKED} == set(FINISH)


@pytest.mark.parametrize("column", [WINDOWS, MAC], ids=["windows", "mac"])
@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked[0])
def test_a_finish_knows_only_what_excel_has(column, asked):
    fine, finishing, log = done(column, asked)
    assert finishing.unfinished == ()
    assert fine
    assert log or asked[0] == "very hidden sheet"


@pytest.mark.parametrize("column", [WINDOWS, MAC], ids=["windows", "mac"])
@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked[0])
def test_what_is_set_was_read_before(column, asked):
    _, _, log = done(column, asked)
    for at, line in enumerate(log):
        kind, _, name = line.partition(" ")
        assert kind != "set" or f"get {name}" in log[:at]


def test_a_property_that_this_excel_lacks_is_noted_and_not_set():
    asked = next(a for a in ASKED if a[0] == "formula of several cells")
    fine, finishing, log = done(WINDOWS, asked, frozenset({"Formula2"}))
    assert not fine
    assert finishing.unfinished == ("formula of several cells: Range.Formula2",)
    assert not any(line.startswith("set") for line in log)
    fine, finishing, _ = done(MAC, asked, frozenset({"formula2"}))
    assert (fine, finishing.unfinished) == (False, ("formula of several cells: formula2",))


def test_what_failed_once_is_not_tried_again():
    log = []
    finishing = Finishing(WINDOWS)
    rng = windows_things(log, frozenset({"IndentLevel"}))["range"]
    assert not finishing.do("indent", rng, 1)
    tried = len(log)
    assert not finishing.do("indent", rng, 1)
    assert len(log) == tried


def test_a_property_is_probed_once_a_run():
    log = []
    finishing = Finishing(WINDOWS)
    rng = windows_things(log)["range"]
    finishing.do("indent", rng, 1)
    finishing.do("indent", rng, 2)
    assert log == ["get Range.IndentLevel", "set Range.IndentLevel", "set Range.IndentLevel"]


def test_an_engine_that_is_neither_has_no_finishes():
    book = SimpleNamespace(impl=object())
    assert column_of(book) is None
    finishing = Finishing(column_of(book))
    assert not finishing.do("indent", None, 1)
    assert finishing.unfinished == ()


def test_a_footer_is_cut_to_what_excel_takes_and_its_ampersands_are_text():
    long = Page(Rect(0, 0, 9, 9), True, 100, (), (0, 1), "& Sons " * 60, "A & B")
    left, middle, right = footers(long)
    assert len(left + middle + right) + len("&L&C&R") <= 255
    assert "&& Sons" in left
    assert right.endswith("&P / &N")
