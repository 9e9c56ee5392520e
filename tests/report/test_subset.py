"""A report cut down to the tabs of a button: nothing dangles, and it computes what the whole report computes."""

import openpyxl
import pytest

from mapseg_xl.excel.buttons import BUTTONS, PROFILES
from mapseg_xl.hosts.file import to_bytes
from mapseg_xl.report.parts import names
from mapseg_xl.report.plan import lay_out
from mapseg_xl.report.report import build_report
from mapseg_xl.report.spec import Cell, Column, Formula, Link, Ref, Report, Row, Section, Tab, Table
from mapseg_xl.report.subset import closure, subset
from mapseg_xl.report.verbs import Block, Live
from tests.report.tabs.sample import trials
from tests.tools.office import need_office, recalculated

WRITING = [button for button in BUTTONS.values() if button.tabs]


@pytest.fixture(scope="module")
def whole():
    return build_report(trials(), home=True)


def wanted_by(button, report):
    pages = [tab.name for tab in report.tabs if tab.name.startswith("Profile ")]
    return {name for tab in button.tabs for name in (pages if tab == PROFILES else [tab])}


def formulas(plan):
    for sheet in plan.sheets:
        for verb in sheet.verbs:
            if isinstance(verb, Block):
                for row, cells in enumerate(verb.rows, verb.rect.top):
                    for column, value in enumerate(cells, verb.rect.left):
                        if isinstance(value, Live):
                            yield sheet.name, row, column, value


@pytest.mark.parametrize("button", WRITING, ids=lambda button: button.id)
def test_no_button_writes_a_formula_or_link_to_a_tab_that_is_not_there(button, whole):
    plan = lay_out(subset(whole, wanted_by(button, whole)))
    there = {sheet.name for sheet in plan.sheets}
    absent = {tab.name for tab in whole.tabs} - there
    for sheet, row, column, live in formulas(plan):
        for name in absent:
            assert f"'{name}'!" not in live.formula, (sheet, row, column)


@pytest.mark.parametrize("button", WRITING, ids=lambda button: button.id)
def test_a_tab_says_the_same_alone_as_in_the_whole_report(button, whole):
    everything = {key: (place.sheet, place.rect) for key, place in lay_out(whole).places.items()}
    part = lay_out(subset(whole, wanted_by(button, whole)))
    for key, place in part.places.items():
        assert everything[key] == (place.sheet, place.rect), key


def test_a_button_brings_what_its_formulas_read_and_no_more(whole):
    assert closure(whole, [names.VOLUME]) == {names.VOLUME}
    assert {names.PERFORMANCE, names.SURVIVAL} < closure(whole, [names.PRIORITIES])
    assert names.VOLUME not in closure(whole, [names.PRIORITIES])


def test_a_link_to_a_tab_that_is_left_out_keeps_its_words():
    here = Table(
        "t",
        (Column("a", "A", 0), Column("b", "B", 1)),
        (Row("1", {"a": Link("Far", "see Far →"), "b": Cell(Link("Far", "too"), "link")}),),
    )
    report = Report(
        (Tab("Near", "", "h", "s", (Section("", (here,)),)), Tab("Far", "", "h", "s", ())),
        "t", "f", "r",
    )  # fmt: skip
    (tab,) = subset(report, ["Near"]).tabs
    cells = tab.sections[0].parts[0].rows[0].cells
    assert cells == {"a": "see Far →", "b": Cell("too", "")}
    assert subset(report, ["Near", "Far"]) == report


def test_what_a_formula_reads_over_two_tabs_comes_along():
    def tab(name, reads=""):
        refs = {"x": Ref("t", "1", "a", reads)} if reads else {}
        content = Formula("{x}", 1, refs) if reads else 1
        table = Table("t", (Column("a", "A", 0),), (Row("1", {"a": content}),))
        return Tab(name, "", "h", "s", (Section("", (table,)),))

    report = Report((tab("A", "B"), tab("B", "C"), tab("C"), tab("D")), "t", "f", "r")
    assert [t.name for t in subset(report, ["A"]).tabs] == ["A", "B", "C"]


def test_names_that_a_report_does_not_have_are_left_out(whole):
    assert [tab.name for tab in subset(whole, [names.VOLUME, "Profile Z"]).tabs] == [names.VOLUME]


@pytest.mark.office
def test_a_part_computes_what_its_cells_show(whole, tmp_path):
    need_office()
    book = tmp_path / "part.xlsx"
    plan = lay_out(subset(whole, [names.PRIORITIES, names.VOLUME]))
    book.write_bytes(to_bytes(plan))
    calculated = openpyxl.load_workbook(recalculated(book, tmp_path), data_only=True)
    checked = 0
    for sheet, row, column, live in formulas(plan):
        shown = calculated[sheet].cell(row + 1, column + 1).value
        if isinstance(live.value, int | float) and not isinstance(live.value, bool):
            assert shown == pytest.approx(live.value, rel=1e-6, abs=1e-9), (sheet, row, column)
        else:
            assert (shown or "") == live.value, (sheet, row, column)
        checked += 1
    assert checked > 100
