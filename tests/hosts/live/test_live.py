"""The live host in a real spreadsheet program: LibreOffice Calc behind xlwings' own API. The contract is elsewhere."""

from dataclasses import replace

import pytest

from mapseg_xl.errors import RefusedOutput
from mapseg_xl.hosts.live import host as live
from mapseg_xl.hosts.live import sheet as live_sheet
from mapseg_xl.hosts.live.grid import grid_of
from mapseg_xl.report.identity import Stray, keep
from mapseg_xl.report.plan import lay_out
from tests.report.small_report import BIG, SMALL, TOTAL, report, row

pytestmark = [pytest.mark.office, pytest.mark.slow]

MARGIN = ("Definitions", "settings", "margin", "value")
BIG_NOTE = ("Volume", "segments", "big-1", "note")
NEW = row("new", "New one", 12)
TEAM = [["Customer", "Revenue", "Since"], ["'=1+1", 12.5, "'007"], ["'Ann", 3.0, "=B2*2"]]


@pytest.fixture
def book(calc_book):
    """A team's workbook: a sheet of data, and one whose formula will point at our tab."""
    calc_book.sheets[0].name = "CRM"
    calc_book.sheets[0].range("B3:D5").raw_value = TEAM
    calc_book.sheets.add("Board", after=calc_book.sheets[0])
    return calc_book


def plan_of(earlier=None, *rows, taken=(), memory=None):
    made = report(*(rows or (BIG, SMALL, TOTAL)), memory=memory or {})
    return lay_out(keep(made, earlier), taken)


def cells_of(sheet):
    last = sheet.used_range.last_cell
    area = sheet.range((1, 1), (last.row, last.column))
    return area.options(ndim=2).value, area.formula


def cell(book, plan, key):
    place = plan.places[key]
    return book.sheets[place.sheet].range(place.address)


class Stop(Exception):
    pass


def stopping(at):
    """Progress that stops when this tab is to be written."""

    def progress(what, _):
        if what == f"Writing {at}":
            raise Stop

    return progress


def test_a_workbook_without_a_run_holds_none(book):
    assert live.previous_of(book) is None
    assert live.memory_of(book) == {}
    assert live.undo(book) is None
    assert live.taken_names(book) == {"CRM", "Board"}


def test_our_tabs_come_after_the_teams_and_the_memory_is_hidden(book):
    plan = plan_of()
    written = live.write(plan, book)
    assert [s.name for s in book.sheets] == ["CRM", "Board", *(s.name for s in plan.sheets)]
    assert written.sheets == tuple(s.name for s in plan.sheets[:-1])
    assert not book.sheets["_mapseg"].visible
    assert live.taken_names(book) == {"CRM", "Board"}


def test_the_teams_sheets_and_their_view_stay_as_they_were(book):
    book.sheets["CRM"].activate()
    book.sheets["CRM"].range("C4").select()
    before = cells_of(book.sheets["CRM"])
    live.write(plan_of(), book)
    assert cells_of(book.sheets["CRM"]) == before
    assert book.sheets.active.name == "CRM"
    assert book.app.selection.address == "$C$4"


def test_the_state_of_the_program_comes_back_also_after_an_error(book):
    app = book.app
    states = ("screen_updating", "enable_events", "display_alerts", "calculation")
    before = [getattr(app, name) for name in states]
    live.write(plan_of(), book)
    assert [getattr(app, name) for name in states] == before
    with pytest.raises(Stop):
        live.write(plan_of(None, BIG, NEW, TOTAL), book, stopping("Volume"))
    assert [getattr(app, name) for name in states] == before


def test_an_untouched_workbook_has_nothing_typed_and_a_second_run_draws_nothing(book):
    plan = plan_of(memory={"as_of": "2026-06-30"})
    live.write(plan, book)
    found = live.previous_of(book)
    assert (found.edits, found.strays) == ({}, ())
    assert found.memory["as_of"] == "2026-06-30"
    assert found.orders == dict(plan.orders)
    again = live.write(plan_of(found, memory={"as_of": "2026-06-30"}), book)
    assert again.sheets == ()
    assert set(again.kept) == {s.name for s in plan.sheets[:-1]}


def test_what_is_typed_is_read_and_goes_through_a_second_run(book):
    plan = plan_of()
    live.write(plan, book)
    cell(book, plan, MARGIN).value = 0.5
    cell(book, plan, BIG_NOTE).value = "ask Bob"
    found = live.previous_of(book)
    assert found.edits == {MARGIN: 0.5, BIG_NOTE: "ask Bob"}
    second = plan_of(found, SMALL, NEW, TOTAL)
    live.write(second, book)
    assert live.previous_of(book).edits == {MARGIN: 0.5, BIG_NOTE: "ask Bob"}
    assert cell(book, second, MARGIN).value == 0.5


def test_rows_that_people_insert_move_the_input_cells_with_them(book):
    plan = plan_of()
    live.write(plan, book)
    cell(book, plan, BIG_NOTE).value = "ask Bob"
    book.sheets["Volume"].range("2:4").insert(shift="down")
    found = live.previous_of(book)
    assert found.edits == {BIG_NOTE: "ask Bob"}
    assert found.strays == ()
    second = plan_of(found)
    live.write(second, book)
    assert cell(book, second, BIG_NOTE).value == "ask Bob"
    assert live.previous_of(book).strays == ()


def test_words_beside_our_cells_stay_and_words_over_them_find_a_place(book):
    plan = plan_of()
    live.write(plan, book)
    tab = book.sheets["Volume"]
    tab.range("P4").value = "my own words"
    tab.range("P5").formula = "=C8*2"
    figure = cell(book, plan, ("Volume", "segments", "big-1", "n"))
    figure.value = 31
    found = live.previous_of(book)
    assert found.strays == (Stray(f"Volume!{figure.address.replace('$', '')}", "Cell", "31.0"),)
    second = plan_of(found, BIG, SMALL, NEW, TOTAL)
    live.write(second, book)
    assert tab.range("P4").value == "my own words"
    assert tab.range("P5").formula == "=C8*2"
    words = {v for sheet in second.sheets[:-1] for v in grid_of(sheet).values.values()}
    assert "31.0" in words


def test_a_formula_of_the_team_that_points_at_our_tab_stays_right(book):
    plan = plan_of()
    live.write(plan, book)
    place = plan.places["Volume", "segments", "big-1", "n"]
    book.sheets["Board"].range("A1").formula = f"=Volume!{place.address}"
    before = book.sheets["Board"].range("A1").value
    live.write(plan_of(live.previous_of(book), BIG, SMALL, NEW, TOTAL), book)
    assert book.sheets["Board"].range("A1").formula.replace("$", "") == f"=Volume!{place.address}"
    assert book.sheets["Board"].range("A1").value == before


def test_a_sheet_of_the_team_with_a_name_of_ours_is_never_written(book):
    book.sheets["Board"].name = "Volume"
    book.sheets["Volume"].range("A1").value = "ours, the team's"
    with pytest.raises(RefusedOutput, match="'Volume' is not ours"):
        live.write(plan_of(), book)
    assert [s.name for s in book.sheets] == ["CRM", "Volume"]
    plan = plan_of(taken=live.taken_names(book))
    live.write(plan, book)
    assert "Volume 2" in [s.name for s in book.sheets]
    assert book.sheets["Volume"].range("A1").value == "ours, the team's"


def test_undo_puts_the_tabs_back_with_what_was_typed_and_again_forth(book):
    first = plan_of()
    live.write(first, book)
    cell(book, first, BIG_NOTE).value = "ask Bob"
    before = {s.name: cells_of(s) for s in book.sheets if s.name != "_mapseg"}
    second = plan_of(live.previous_of(book), SMALL, NEW, TOTAL)
    live.write(second, book)
    after = {s.name: cells_of(s) for s in book.sheets if s.name != "_mapseg"}
    assert after != before
    undone = live.undo(book)
    assert "Volume" in undone.put_back
    assert {s.name: cells_of(s) for s in book.sheets if s.name != "_mapseg"} == before
    assert live.previous_of(book).edits == {BIG_NOTE: "ask Bob"}
    live.undo(book)
    assert {s.name: cells_of(s) for s in book.sheets if s.name != "_mapseg"} == after


def test_undo_of_a_first_run_empties_and_hides_the_tabs_and_deletes_none(book):
    plan = plan_of()
    live.write(plan, book)
    undone = live.undo(book)
    assert set(undone.hidden) == {s.name for s in plan.sheets[:-1]}
    for name in undone.hidden:
        assert not book.sheets[name].visible
        assert cells_of(book.sheets[name])[0] == [[None]]
    assert live.previous_of(book) is None
    assert live.taken_names(book) == {"CRM", "Board"}
    again = live.write(plan_of(), book)
    assert set(again.sheets) == set(undone.hidden)
    assert all(book.sheets[name].visible for name in undone.hidden)


@pytest.mark.parametrize("how", ["stopped", "failed"])
def test_a_run_that_does_not_end_leaves_everything_as_it_stood(book, monkeypatch, how):
    plan = plan_of()
    live.write(plan, book)
    cell(book, plan, BIG_NOTE).value = "ask Bob"
    before = {s.name: cells_of(s) for s in book.sheets if s.name != "_mapseg"}
    second = plan_of(live.previous_of(book), SMALL, NEW, TOTAL)
    progress = stopping("Volume") if how == "stopped" else live.silent
    if how == "failed":
        failing_once(monkeypatch)
    with pytest.raises(Stop):
        live.write(second, book, progress)
    assert {s.name: cells_of(s) for s in book.sheets if s.name != "_mapseg"} == before
    assert live.previous_of(book).edits == {BIG_NOTE: "ask Bob"}


def failing_once(patch):
    """Fails in the middle of the first tab that is drawn: its values are there, its looks are not."""
    paint, failed = live_sheet.paint, []

    def failing(*arguments):
        if not failed:
            failed.append(True)
            raise Stop
        paint(*arguments)

    patch.setattr(live_sheet, "paint", failing)


def test_a_killed_run_loses_no_word_and_the_next_one_heals_the_tabs(book, monkeypatch):
    plan = plan_of()
    live.write(plan, book)
    cell(book, plan, BIG_NOTE).value = "ask Bob"
    second = plan_of(live.previous_of(book), SMALL, NEW, TOTAL)
    with monkeypatch.context() as patch:
        failing_once(patch)
        patch.setattr("mapseg_xl.hosts.live.run.LiveRun.put_back", lambda *_: None)
        patch.setattr("mapseg_xl.hosts.live.run.LiveRun.end", lambda *_: None)
        with pytest.raises(Stop):
            live.write(second, book)
    book.sheets["Volume"].range("P9").value = "typed since"
    found = live.previous_of(book)
    assert found.edits == {BIG_NOTE: "ask Bob"}
    assert "typed since" in {stray.text for stray in found.strays}
    live.write(plan_of(found), book)
    assert live.previous_of(book).edits[BIG_NOTE] == "ask Bob"
    assert cell(book, plan, BIG_NOTE).value == "ask Bob"
    assert book.sheets["Volume"].range("P9").value == "typed since"


def test_undo_after_a_killed_run_puts_the_tabs_back(book, monkeypatch):
    plan = plan_of()
    live.write(plan, book)
    cell(book, plan, BIG_NOTE).value = "ask Bob"
    before = {s.name: cells_of(s) for s in book.sheets if s.name != "_mapseg"}
    second = plan_of(live.previous_of(book), SMALL, NEW, TOTAL)
    with monkeypatch.context() as patch:
        failing_once(patch)
        patch.setattr("mapseg_xl.hosts.live.run.LiveRun.put_back", lambda *_: None)
        patch.setattr("mapseg_xl.hosts.live.run.LiveRun.end", lambda *_: None)
        with pytest.raises(Stop):
            live.write(second, book)
    live.undo(book)
    assert {s.name: cells_of(s) for s in book.sheets if s.name != "_mapseg"} == before
    assert live.previous_of(book).edits == {BIG_NOTE: "ask Bob"}


def test_a_run_of_some_tabs_leaves_the_others_and_what_is_known_of_them(book):
    whole = plan_of(memory={"as_of": "2026-06-30"})
    live.write(whole, book)
    cell(book, whole, MARGIN).value = 0.5
    made = report(BIG, SMALL, TOTAL)
    alone = replace(made, tabs=tuple(t for t in made.tabs if t.name == "Volume"))
    live.write(lay_out(keep(alone, None)), book)
    found = live.previous_of(book)
    assert found.edits == {MARGIN: 0.5}
    assert found.memory["as_of"] == "2026-06-30"


def test_things_to_be_remembered_are_left_without_a_run_and_survive_one(book):
    live.remember(book, "added files", '["crm.csv"]')
    assert live.memory_of(book) == {"added files": '["crm.csv"]'}
    assert live.previous_of(book) is None
    live.write(plan_of(), book)
    assert live.memory_of(book)["added files"] == '["crm.csv"]'
