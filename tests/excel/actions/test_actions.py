"""What each button does: which tabs it writes, what it asks and says, and that nothing happens by halves."""

import json
from dataclasses import replace

import openpyxl
import pytest

from mapseg_xl.errors import InputError
from mapseg_xl.excel.actions import combining as combine_action
from mapseg_xl.excel.actions import desk, help_actions, pressing, sharing, step_actions
from mapseg_xl.excel.actions.button_request import ButtonRequest
from mapseg_xl.excel.actions.by_button import ACTIONS
from mapseg_xl.excel.actions.known_findings import KnownFindings
from mapseg_xl.excel.buttons import BUTTONS, PROFILES
from mapseg_xl.hosts.previous import previous
from mapseg_xl.report.parts import names
from mapseg_xl.report.parts.home.run_settings import ASKED
from mapseg_xl.report.parts.scoring.answers import CHOICES, CHOSEN
from mapseg_xl.report.tabs.decision import CANDIDATES
from mapseg_xl.report.verbs import Block
from mapseg_xl.runs import LEFT
from tests.excel.actions.benches import TestBench
from tests.excel.actions.paper_live import PaperBook, PaperLive, sheet_of_rows
from tests.report.tabs.sample import trial_rows

ROWS = trial_rows(600)
MARGIN = next(asked.key for asked in ASKED if asked.name == "gross_margin")


@pytest.fixture(scope="module")
def known():
    """The findings of the sample, found once for all tests of this file."""
    return KnownFindings()


@pytest.fixture
def bench(monkeypatch, tmp_path, known):
    live = PaperLive()
    for module in (desk, step_actions, combine_action):
        monkeypatch.setattr(module, "live", live)
    monkeypatch.setattr(desk, "_KNOWN", known)
    book = PaperBook([sheet_of_rows(ROWS)])
    return TestBench(book, tmp_path, ButtonRequest(book=book.name), [True] * 9)


def press(bench, action, **said):
    bench.request = replace(bench.request, **said)
    return pressing.answer(action, bench)


def texts(plan, tab):
    (sheet,) = (s for s in plan.sheets if s.name == tab)
    rows = (row for verb in sheet.verbs if isinstance(verb, Block) for row in verb.rows)
    return " | ".join(str(getattr(v, "value", v)) for row in rows for v in row if v is not None)


def test_every_button_has_an_action_and_every_action_a_button():
    assert set(ACTIONS) == set(BUTTONS)


STEPS = [b for b in BUTTONS.values() if b.tabs and b.id not in ("combine", "refresh", PROFILES)]


@pytest.mark.parametrize("button", STEPS, ids=lambda button: button.id)
def test_a_button_writes_its_tabs_shows_the_first_and_says_nothing_went_wrong(bench, button):
    answer = press(bench, button.id)
    tabs = set(bench.book.tabs)
    own = {t for t in button.tabs if t != PROFILES}
    assert own <= tabs, answer
    assert not (bench.folder / pressing.LOG).exists()
    assert names.START in tabs
    assert answer.undo
    if own:
        assert bench.book.shown == button.tabs[0]


def test_tabs_that_are_there_are_brought_up_to_date_with_the_next_button(bench):
    press(bench, "check_data")
    bench.book.team = [sheet_of_rows(ROWS[:250])]
    press(bench, "count_customers")
    assert {names.DATA_HEALTH, names.VOLUME} <= set(bench.book.tabs)
    assert "250" in texts(bench.book.plans[-1], names.DATA_HEALTH)


def test_run_all_writes_every_tab_of_a_workbook_that_was_never_run(bench):
    answer = press(bench, "run_all")
    assert answer.message == ""
    assert {names.START, names.SUMMARY, names.SETTINGS, names.DEFINITIONS} <= set(bench.book.tabs)
    assert bench.book.shown == names.SUMMARY


def test_the_second_button_finds_nothing_anew(bench, monkeypatch):
    press(bench, "check_data")
    monkeypatch.setattr(desk, "find", lambda *_: pytest.fail("found again"))
    press(bench, "count_customers")
    press(bench, "compare")
    assert names.PERFORMANCE in bench.book.tabs


def test_what_is_found_is_found_again_where_a_cell_or_a_setting_has_changed(bench, monkeypatch):
    press(bench, "confirm_columns")
    bench.book.typed[MARGIN] = 0.5
    asked = []
    monkeypatch.setattr(
        desk, "find", lambda request, _: asked.append(request.settings.gross_margin) or 1 / 0
    )
    press(bench, "check_data")
    assert asked == [0.5]


def test_start_here_tells_which_steps_have_run(bench):
    press(bench, "count_customers")
    assert texts(bench.book.plans[-1], names.START).count("not run yet") == 3
    press(bench, "compare")
    assert texts(bench.book.plans[-1], names.START).count("not run yet") == 2


def test_confirm_columns_asks_one_sentence_of_totals(bench):
    press(bench, "confirm_columns")
    (question,) = bench.asked
    assert question.startswith("600 rows: ")
    assert " trials, " in question
    assert " a month. Is that right?" in question


def test_a_column_that_was_read_wrong_is_mended_on_settings(bench):
    bench.answers = [False]
    answer = press(bench, "confirm_columns")
    assert "Settings" in answer.message
    key = (names.SETTINGS, "columns", "CRM!channel", "take")
    bench.book.typed[key] = "Leave it out"
    press(bench, "count_customers")
    assert "channel" not in texts(bench.book.plans[-1], names.VOLUME)


def test_a_workbook_without_customers_says_how_to_begin(bench):
    bench.book.team = []
    answer = press(bench, "run_all")
    assert "Press Add files" in answer.message
    assert not bench.book.plans


def test_a_message_names_the_cell_and_selects_it(bench):
    bad = [{**row, "trial_on": f"0{1 + at % 9}/0{1 + at % 8}/2025"} for at, row in enumerate(ROWS)]
    bench.book.team = [sheet_of_rows(bad)]
    answer = press(bench, "check_data")
    assert "CRM" in answer.message
    assert "--" not in answer.message
    assert bench.book.shown == "CRM"
    assert bench.book.selected[1] != "A1"


def test_a_message_that_sends_people_to_settings_brings_the_tab(bench):
    unclear = [
        {**row, "trial_on": f"0{1 + at % 9}/0{1 + at % 8}/2025"} for at, row in enumerate(ROWS)
    ]
    bench.book.team = [sheet_of_rows([_without_other_dates(row) for row in unclear])]
    answer = press(bench, "check_data")
    assert f"the tab {names.SETTINGS}" in answer.message
    assert bench.book.tabs == [names.SETTINGS]
    order = next(asked for asked in ASKED if asked.name == "day_first")
    bench.book.typed[order.key] = "day first"
    assert press(bench, "check_data").message == ""
    assert names.DATA_HEALTH in bench.book.tabs


def _without_other_dates(row):
    return {
        key: value for key, value in row.items() if key == "trial_on" or not key.endswith("_on")
    }


def test_a_bug_is_told_in_one_sentence_and_written_down(bench, monkeypatch):
    monkeypatch.setattr(desk, "resumed", lambda *_, **__: {}["gone"])
    answer = press(bench, "run_all")
    log = bench.folder / pressing.LOG
    assert str(log) in answer.message
    assert "KeyError" in answer.message
    assert "Traceback" in log.read_text("utf-8")


@pytest.mark.parametrize("moment", ["Reading the workbook", "Writing the tabs"])
def test_stopping_leaves_the_workbook_as_it_was(bench, moment):
    bench.stop_at = moment
    answer = press(bench, "run_all")
    assert answer.message.startswith("Stopped")
    assert not bench.book.plans


def test_two_lists_of_customers_are_asked_about_once(bench):
    others = [{**row, "industry": f"{row['industry']} B"} for row in ROWS]
    bench.book.team.append(sheet_of_rows(others, "CRM B"))
    bench.answers = [False]
    press(bench, "check_data")
    assert len(bench.asked) == 1
    assert "Is it 'CRM'?" in bench.asked[0]
    press(bench, "count_customers")
    assert len(bench.asked) == 1
    assert json.loads(bench.book.memory[LEFT]) == ["CRM"]


def test_nothing_is_recorded_before_a_segment_is_chosen(bench):
    answer = press(bench, "record_decision", names="Ann")
    assert "Choose one to three segments" in answer.message
    assert bench.book.shown == names.DECISION
    assert not bench.asked


def test_a_decision_is_dated_named_and_frozen(bench):
    press(bench, "rank")
    press(bench, "record_decision")
    chosen = json.loads(bench.book.memory[CANDIDATES])[0][1]
    bench.book.typed[names.DECISION, CHOICES, "1", CHOSEN] = chosen
    press(bench, "record_decision", names="Ann, Ben")
    assert f"“{chosen}”" in bench.asked[-1]
    said = texts(bench.book.plans[-1], names.DECISION)
    assert "1 Jul 2026" in said
    assert "Ann, Ben" in said
    assert {names.PERFORMANCE, names.PRIORITIES} <= set(bench.book.tabs)


def test_an_export_holds_the_finished_tabs_and_none_of_the_teams_own(bench):
    press(bench, "run_all")
    before = len(bench.book.plans)
    answer = press(bench, "export", save=bench.folder / "for everybody")
    out = bench.folder / "for everybody.xlsx"
    assert str(out) in answer.message
    held = previous(out)
    assert held is not None
    tabs = {key[0] for key in held.typed} | {tab for tab, _ in held.orders}
    assert names.SETTINGS not in tabs
    assert names.PRIORITIES in tabs
    assert len(bench.book.plans) == before


def test_what_was_typed_in_the_team_workbook_counts_in_the_export(bench):
    press(bench, "confirm_columns")
    bench.book.typed[MARGIN] = 0.5
    press(bench, "export", save=bench.folder / "out.xlsx")
    held = previous(bench.folder / "out.xlsx")
    assert not [key for key in held.typed if key[1] == "unplaced"]


def test_an_export_never_replaces_a_file_that_is_not_ours(bench):
    other = bench.folder / "other.xlsx"
    other.write_bytes(b"not ours")
    answer = press(bench, "export", save=other)
    assert "other.xlsx" in answer.message
    assert other.read_bytes() == b"not ours"


def test_slides_are_saved_as_powerpoint(bench):
    press(bench, "slides", save=bench.folder / "case")
    assert (bench.folder / "case.pptx").read_bytes()[:2] == b"PK"


def test_a_message_that_names_a_hidden_tab_is_told_all_the_same(bench, monkeypatch):
    press(bench, "run_all")
    bench.book.hidden = (names.DECISION,)  # as Undo last run leaves it
    monkeypatch.setattr(sharing.merging, "customer_lists", lambda *_: ())
    said = press(bench, "customer_lists", save=bench.folder / "lists.xlsx").message
    assert said.startswith("No segment is chosen yet. Press Record decision")
    assert bench.book.shown != names.DECISION


def test_undo_says_when_there_is_nothing_to_undo(bench):
    assert "nothing to undo" in press(bench, "undo_last_run").message


def test_the_sample_is_opened_as_a_copy_each_time(bench):
    press(bench, "try_the_sample")
    press(bench, "try_the_sample")
    assert len(set(bench.opened)) == 2
    assert all(path.read_bytes() == help_actions.sample().read_bytes() for path in bench.opened)


def test_every_formula_is_shown_in_a_workbook_of_its_own(bench):
    bench.request = ButtonRequest()
    press(bench, "functions")
    book = openpyxl.load_workbook(bench.opened[0], data_only=True)
    shown = {str(cell.value) for row in book[names.FUNCTIONS].iter_rows() for cell in row}
    assert {"SEG_CONVERSION", "SEG_LTV", "SEG_TAM"} <= shown


def test_the_installation_is_checked_without_a_workbook(bench):
    bench.request = ButtonRequest()
    press(bench, "check_installation")
    (path,) = bench.opened
    assert path.suffix == ".xlsx"
    assert bench.closed == 1  # what was tried was tried in a workbook that is gone


def test_a_press_without_a_file_says_so(bench):
    assert "choose your exports" in press(bench, "add_files").message
    with pytest.raises(InputError):
        sharing.slides(bench)


@pytest.mark.parametrize(
    ("message", "place"),
    [
        ("Billing column C: 3 dates cannot be read: C17 '31/02/2025'.", ("Billing", "C17")),
        ("Orders 2024!$B$7: 'x' is no number.", ("Orders 2024", "B7")),
        ("Orders has no table.", ("Orders", "A1")),
        ("The file is open elsewhere.", None),
    ],
)
def test_the_place_a_message_speaks_of(message, place):
    assert pressing.place_in(message, ["Billing", "Orders", "Orders 2024"]) == place
