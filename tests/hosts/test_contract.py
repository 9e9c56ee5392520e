"""One contract over three hosts: what a plan says is what a file, a record and an open workbook hold."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from mapseg_xl.hosts import file
from mapseg_xl.report.plan import lay_out
from mapseg_xl.report.spec import Column, Heat, Input, Row, Section, Tab, Table
from mapseg_xl.report.verbs import Chart, Live
from tests.hosts.held import of_plan, of_record
from tests.hosts.held_file import of_file
from tests.report.sample import sample

LONG = tuple(f"Choice {at}" for at in range(60))
ENTRIES = {
    "share": Input(0.25, "share", "A share.", 0, 1),
    "money": Input(1250.5, "money", "Money.", 0, 1e9),
    "months": Input(24, "months", "Months.", 1, 120),
    "number": Input(-0.5, "number", "Any number."),
    "count": Input(7, "count", "A count.", 0),
    "text": Input("=looks like a formula", "text", "Words."),
    "choice": Input("Yes", "choice", "One of two.", choices=("Yes", "No")),
    "long": Input(LONG[3], "choice", "One of many.", choices=LONG),
}


def everything():
    """A tab with an input of every kind, texts that look like something else, and a colour scale."""
    asked = tuple(Row(key, {"name": key, "value": said}) for key, said in ENTRIES.items())
    odd = (
        "'quoted",
        "007",
        "1/2",
        "TRUE",
        "+1",
        "1e5",
        "@x",
        "<5",
        "#N/A",
        "é ü 日本",
        "a\nb",
        "-",
    )
    words = tuple(Row(f"w{at}", {"name": text, "value": text}) for at, text in enumerate(odd))
    kept = tuple(
        Row(f"r{at}", {"name": f"Q{at}", "value": 0.9 - at / 10, "day": date(2026, 1, 1 + at)})
        for at in range(4)
    )
    columns = (Column("name", "Name", 0, "label"), Column("value", "Value", 4, "text"))
    shares = (
        Column("name", "Name", 0, "label"),
        Column("value", "Kept", 4, "share0"),
        Column("day", "Day", 6, "date"),
    )
    parts = (Table("asked", columns, asked), Table("odd", columns, words))
    heated = (Table("kept", shares, kept), Heat("h", "kept", ("value",), "kept", 0.25, 1.0))
    sections = (Section("Inputs", parts), Section("Kept", heated))
    return Tab("Bob's & co", "", "Everything else.", "", sections)


@pytest.fixture(scope="module")
def plan():
    report = sample()
    return lay_out(replace(report, tabs=(*report.tabs, everything())))


@pytest.fixture(scope="module")
def said(plan):
    return of_plan(plan)


@pytest.fixture(scope="module")
def live_book(plan, calc_session):
    from mapseg_xl.hosts.live import host as live

    with calc_session.app() as app:
        book = app.books.add()
        live.write(plan, book)
        yield book


@pytest.fixture(
    scope="module",
    params=["record", "file", pytest.param("live", marks=[pytest.mark.office, pytest.mark.slow])],
)
def held(request, plan, said):
    if request.param == "record":
        return of_record(plan)
    if request.param == "file":
        return of_file(file.to_bytes(plan))
    from tests.hosts.held_open import of_open

    return of_open(request.getfixturevalue("live_book"), said)


def same(ours, theirs):
    if isinstance(ours, date) and not isinstance(ours, datetime):
        theirs = theirs.date() if isinstance(theirs, datetime) else theirs
    if isinstance(ours, bool) or isinstance(theirs, bool):
        return ours is theirs
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        return theirs == pytest.approx(ours, rel=1e-9, abs=1e-9)
    return theirs == ours


def ours(held, said):
    """The tabs of the plan; an open workbook had a sheet of its own before."""
    return [(name, held.sheets[name], sheet) for name, sheet in said.sheets.items()]


def test_tabs_come_in_order_and_the_memory_is_out_of_sight(held, said):
    tabs = [name for name in held.sheets if name in said.sheets]
    assert tabs == list(said.sheets)
    assert {name: held.sheets[name].seen for name in tabs} == {
        name: sheet.seen for name, sheet in said.sheets.items()
    }


def test_values_are_those_of_the_plan_formulas_calculated(held, said):
    for name, there, sheet in ours(held, said):
        if sheet.seen:
            wrong = {
                spot: (value, there.values.get(spot))
                for spot, value in sheet.values.items()
                if not same(value, there.values.get(spot))
            }
            assert wrong == {}, name


def test_formulas_are_those_of_the_plan_and_no_others(held, said):
    for name, there, sheet in ours(held, said):
        assert there.formulas == sheet.formulas, name


def test_nothing_stands_in_cells_that_the_plan_does_not_write(held, said):
    for name, there, sheet in ours(held, said):
        if sheet.seen:
            assert set(there.values) <= set(sheet.values), name


def test_number_formats_are_those_of_the_plan_where_something_shows(held, said):
    for name, there, sheet in ours(held, said):
        shown = [s for s in sheet.formats if s in sheet.rules or sheet.values.get(s) is not None]
        wrong = {
            spot: (sheet.formats[spot], there.formats.get(spot))
            for spot in shown
            if there.formats.get(spot) != sheet.formats[spot]
        }
        assert wrong == {}, name


def test_widths_and_heights_are_those_of_the_plan(held, said):
    for name, there, sheet in ours(held, said):
        widths = {at: there.widths.get(at) for at in sheet.widths}
        assert widths == pytest.approx(sheet.widths, abs=1), name
        heights = {at: there.heights.get(at) for at in sheet.heights}
        assert heights == pytest.approx(sheet.heights, abs=0.5), name


def test_input_cells_take_what_the_plan_says_and_have_their_name(held, said):
    assert said.names
    for name, there, sheet in ours(held, said):
        assert there.rules == sheet.rules, name
    places = {refers for name, refers in held.names.items() if name.startswith("_mapseg.in.")}
    assert places == set(said.names.values())


def test_colour_scales_stand_at_the_same_figures(held, said):
    assert any(sheet.scales for sheet in said.sheets.values())
    for name, there, sheet in ours(held, said):
        assert there.scales == sheet.scales, name


def test_charts_view_and_print_area_are_those_of_the_plan(held, said):
    for name, there, sheet in ours(held, said):
        got = there.charts, there.gridlines, there.print_area
        assert got == (sheet.charts, sheet.gridlines, sheet.print_area), name


@pytest.mark.office
@pytest.mark.slow
def test_series_of_open_charts_read_the_cells_of_the_plan(plan, live_book):
    from tests.calc.charts import counts_instead

    for sheet in plan.sheets:
        drawn = {read_by(chart): chart for chart in live_book.sheets[sheet.name].charts}
        for verb in (verb for verb in sheet.verbs if isinstance(verb, Chart)):
            wanted = {corners(series.y) for series in verb.series}
            chart = next(chart for read, chart in drawn.items() if wanted <= read)
            assert chart.title == (verb.title or None)
            assert counts_instead(chart.impl) == "", verb.name
            assert chart.width == pytest.approx(verb.frame.width_px * 0.75, abs=0.5)


def read_by(chart):
    from tests.calc.charts import source

    items = (series.impl.item for series in chart.series)
    return frozenset(corners(source(chart.impl, item, "values-y")) for item in items)


def corners(cells):
    return cells.top, cells.left, cells.bottom, cells.right


def test_the_plan_of_the_contract_has_something_of_everything(plan, said):
    kinds = {type(verb).__name__ for sheet in plan.sheets for verb in sheet.verbs}
    assert kinds >= {"Block", "Style", "NumberFormat", "Rule", "Width", "Height", "Entry", "Name"}
    assert kinds >= {"Filter", "Scale", "Chart", "View", "Page"}
    values = [
        v for s in plan.sheets for b in s.verbs for row in getattr(b, "rows", ()) for v in row
    ]
    assert {type(value) for value in values} >= {str, int, float, date, Live}
    rules = {rule[0] for sheet in said.sheets.values() for rule in sheet.rules.values()}
    assert rules == {"text", "choice", "count", "number"}
