"""What a click does in VBA: each button's own Sub, run in LibreOffice against a played Excel and a played Python."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mapseg_xl.excel.actions.button_request import Answer, ButtonRequest, decoded, encoded
from mapseg_xl.excel.buttons import BUTTONS
from tests.excel.addin.vba_fakes import played
from tests.excel.addin.vba_text import MACOS, WINDOWS_64, modules, procedures, resolved

BOOK = 'OpenWorkbook "Customers 2026.xlsx"\n'
SAVED = {
    "slides": "Customers 2026-segments.pptx",
    "export": "Customers 2026-segmentation.xlsx",
    "customer_lists": "Customers 2026-customer-lists.xlsx",
}
ANSWERS = 'Plan "open", Array("C:\\a.csv")\nPlan "save", "C:\\out"\nPlan "input", "Ann"\n'
STOP_KEY = "key {ESC} 'mapseg''s.xlam'!MapsegStop"
BODY = {button.id: button.macro.replace("Mapseg", "Press", 1) for button in BUTTONS.values()}


@pytest.fixture
def play(office):
    def play(lines, system=WINDOWS_64):
        office.documents += 1
        said = played(office, lines, system)
        assert not [line for line in said if line.startswith("ERROR")], said
        return said

    return play


def runs(said):
    """(action, request) of each call of Python."""
    calls = [line.split() for line in said if line.startswith("run ")]
    return [(action, ButtonRequest.read(digits)) for _, action, digits in calls]


# ---- Text alone ----


def test_every_button_has_its_callback_and_its_body_and_no_callback_is_left_over():
    ribbon = {p.name: p for p in procedures(modules()["MapsegRibbon"])}
    bodies = {p.name: p for p in procedures(modules()["MapsegActions"])}
    buttons = {
        name
        for name, found in ribbon.items()
        if found.parameters == ("control As IRibbonControl",) and found.kind == "Sub"
    }
    assert buttons == {button.macro for button in BUTTONS.values()}
    assert {name for name in bodies if re.match("Press[A-Z]", name)} - {
        "PressOnWorkbook", "PressAndSave"} == set(BODY.values())  # fmt: skip
    for button in BUTTONS.values():
        body = f"Public Sub {button.macro}(control As IRibbonControl)\n    {BODY[button.id]}\nEnd"
        assert body in modules()["MapsegRibbon"]
        assert bodies[BODY[button.id]].parameters == ()


def test_labels_in_the_status_bar_are_those_of_the_ribbon():
    calls = re.findall(r'Press\w* "(\w+)", "([^"]+)"', modules()["MapsegActions"])
    assert dict(calls) == {button.id: button.label for button in BUTTONS.values()}


def test_macros_that_are_called_by_name_exist_and_can_be():
    public = {p.name for p in procedures(modules()["MapsegRibbon"]) if p.public}
    text = "\n".join(modules().values())
    assert set(re.findall(r'HostMacro\("(\w+)"\)', text)) <= public
    python = (Path(__file__).parents[3] / "mapseg_xl" / "excel" / "ribbon.py").read_text()
    called = set(re.findall(r'\.call\("(\w+)"', python))
    assert called
    assert called <= public
    assert "Option Private Module" not in modules()["MapsegRibbon"]


def test_nothing_of_a_workbook_decides_which_python_is_started():
    for name in ("MapsegSettings", "MapsegBridge", "MapsegCells"):
        code = re.sub(r"(?m)^\s*'.*$", "", modules()[name])
        words = ("ActiveWorkbook", ".Path", "CurDir", "Sheets(", "Worksheets(", "PYTHONPATH")
        assert [word for word in words if word in code] == [], name


# ---- Played ----


@pytest.mark.office
def test_each_button_calls_its_own_action_once(play):
    """All in one document, the end reported after each."""
    lines = "".join(f'{BODY[id_]}\nEndTheRun ""\n' for id_ in BUTTONS)
    got = runs(play(BOOK + ANSWERS + lines))
    assert [action for action, _ in got] == list(BUTTONS)
    assert {request.book for _, request in got} == {"Customers 2026.xlsx"}
    assert {request.host for _, request in got} == {"mapseg's.xlam"}
    assert {request.window for _, request in got} == {4711}


@pytest.mark.office
def test_each_button_does_so_on_a_mac(play):
    lines = "".join(f'{BODY[id_]}\nEndTheRun ""\n' for id_ in BUTTONS)
    got = runs(play(BOOK + ANSWERS + 'Plan "HOME", "/Users/ann"\n' + lines, MACOS))
    assert [action for action, _ in got] == list(BUTTONS)
    assert {request.stop for _, request in got} == {Path("/Users/ann/mapseg/stop")}
    assert {request.window for _, request in got} == {0}


@pytest.mark.office
def test_a_run_says_so_and_can_be_stopped_by_a_key_until_it_ends(play):
    said = play(BOOK + 'PressRunAll\nEndTheRun ""')
    assert said[0] == "status MAP Segmentation: Run all ... Esc stops it."
    assert said[1] == STOP_KEY
    assert said[2].startswith("run run_all ")
    assert said[3:] == ["status False", "key {ESC} "]


@pytest.mark.office
def test_without_a_workbook_buttons_say_what_to_do_and_nothing_runs(play):
    on_nothing = ("add_files", "try_the_sample", "functions", "check_installation")
    said = play("".join(f"{BODY[id_]}\n" for id_ in BUTTONS if id_ not in on_nothing))
    assert len(said) == len(BUTTONS) - len(on_nothing)
    assert {line[:29] for line in said} == {"tell No workbook is open. Ope"}


@pytest.mark.office
def test_a_protected_view_is_named(play):
    lines = "Set Application.ActiveProtectedViewWindow = New FakeBook\nPressRank\n" + ANSWERS
    said = play(lines + "PressAddFiles")
    assert len([line for line in said if "Click Enable Editing" in line]) == 2
    assert runs(said) == []


@pytest.mark.office
def test_buttons_that_need_no_workbook_run_without_one(play):
    said = play(
        'PressTryTheSample\nEndTheRun ""\nPressFunctions\nEndTheRun ""\nPressCheckInstallation'
    )
    assert [(action, request.book) for action, request in runs(said)] == [
        ("try_the_sample", ""),
        ("functions", ""),
        ("check_installation", ""),
    ]


@pytest.mark.office
def test_files_arrive_as_they_are_named_whatever_stands_in_their_names(play):
    names = [
        'C:\\It\'s "new"; import os.csv',
        "D:\\Größe – 100% & $(x).xlsx",
        "E:\\\U0001f600|.csv",
    ]
    plan = ", ".join(in_basic(name) for name in names)
    (action, request), = runs(play(f'{BOOK}Plan "open", Array({plan})\nPressAddFiles'))  # fmt: skip
    assert action == "add_files"
    assert [str(path) for path in request.files] == names


@pytest.mark.office
def test_a_mac_gives_one_file_as_text_or_several_as_a_list(play):
    one = play(BOOK + 'Plan "open", "/Users/ann/a.csv"\nPressAddFiles', MACOS)
    assert runs(one)[0][1].files == (Path("/Users/ann/a.csv"),)


@pytest.mark.office
def test_files_begin_a_new_workbook_where_none_is_open(play):
    said = play('Plan "open", Array("C:\\a.csv")\nPressAddFiles')
    assert said[:2] == ["open True", "new workbook"]
    assert runs(said)[0][1].book == "Book1"


@pytest.mark.office
def test_who_cancels_a_dialog_starts_nothing(play):
    no = 'Plan "open", False\nPlan "save", False\nPlan "input", False\n'
    asked = (
        "PressAddFiles",
        "PressRecordDecision",
        "PressSlides",
        "PressExport",
        "PressCustomerLists",
    )
    said = play(BOOK + no + "\n".join(asked))
    assert [line.split()[0] for line in said] == ["open", "input", "save", "save", "save"]


@pytest.mark.office
@pytest.mark.parametrize("action", SAVED)
def test_saving_proposes_a_name_made_of_the_workbooks(play, action):
    said = play(f'{BOOK}Plan "save", "C:\\mine"\n{BODY[action]}')
    assert said[0] == f"save {SAVED[action]}"
    assert runs(said)[0][1].save == Path("C:\\mine")


@pytest.mark.office
def test_a_decision_carries_who_decided(play):
    said = play(BOOK + 'Plan "input", "Zo" & ChrW(235) & ", Bob"\nPressRecordDecision')
    assert said[0].endswith("Ann")  # proposed: the name this Excel knows
    assert runs(said)[0][1].names == "Zoë, Bob"


@pytest.mark.office
def test_the_installation_is_checked_with_what_only_excel_knows(play):
    facts = runs(play("PressCheckInstallation"))[0][1].facts
    assert facts["EXCEL"] == "16.0"
    assert facts["BITS"] == "64"
    assert facts["STARTUP"] == "C:\\start"
    assert facts["HEARS_EVENTS"] == "True"
    assert set(facts) >= {"SYSTEM", "ADDIN", "SETTINGS", "BUILT_FOR_XLWINGS", "BUILT_FOR_MAPSEG"}


@pytest.mark.office
def test_a_second_click_asks_and_starts_nothing(play):
    said = play(BOOK + "PressRank\nPressCompare\nPressTryTheSample")
    assert [line for line in said if line.startswith("ask")] == [
        "ask Rank is still being worked on. Stop it?"
    ] * 2
    assert len(runs(said)) == 1


@pytest.mark.office
def test_who_says_yes_stops_the_run_and_the_next_click_begins_anew(play, tmp_path):
    (tmp_path / "mapseg").mkdir()
    plan = f'Plan "HOME", "{tmp_path}"\nPlan "ask", "yes"\n'
    said = play(BOOK + plan + "PressRank\nPressCompare", MACOS)
    assert (tmp_path / "mapseg" / "stop").exists()
    assert said[-1] == "status MAP Segmentation: stopping ..."
    said = play(BOOK + plan + "PressRank\nStopTheRun\nPressCompare", MACOS)
    assert [action for action, _ in runs(said)] == ["rank", "compare"]
    assert not (tmp_path / "mapseg" / "stop").exists()  # it was meant for the run before


@pytest.mark.office
def test_escape_without_a_run_is_given_back_to_excel(play):
    """VBA forgets a run when its code is reset, and the key would stay taken."""
    assert play("StopTheRun") == ["key {ESC} "]


@pytest.mark.office
def test_a_run_is_stopped_from_another_window_too(play, tmp_path):
    """Each workbook has a window of its own, and Excel's handle is that of the one in front."""
    sign = f"{tmp_path}/t\\mapseg-stop-4711"
    said = play(f'{BOOK}Plan "TEMP", "{tmp_path}/t"\nPressRank\nApplication.Hwnd = 5\nStopTheRun')
    assert str(runs(said)[0][1].stop) == sign
    assert Path(sign).exists()


@pytest.mark.office
def test_escape_while_python_starts_does_not_break_into_our_code(play):
    said = play(
        BOOK + "Application.EnableCancelKey = 1\nPressRank\nSay Application.EnableCancelKey"
    )
    assert said[-1] == "0"


@pytest.mark.office
def test_a_stop_that_cannot_be_written_is_said(play, tmp_path):
    (tmp_path / "file").touch()
    said = play(f'{BOOK}Plan "HOME", "{tmp_path}/file"\nPressRank\nStopTheRun', MACOS)
    assert "can't be stopped" in said[-1]


@pytest.mark.office
def test_python_that_does_not_start_ends_the_run_with_its_sentence(play):
    said = play(BOOK + 'Plan "run", "Python is not there."\nPressRank\nPressCompare')
    assert said.count("tell Python is not there.") == 2  # nothing is taken to be running
    assert said[-3:] == ["status False", "key {ESC} ", "tell Python is not there."]


@pytest.mark.office
def test_pythons_report_is_shown_and_undo_comes_last(play):
    report = Answer("3 dates – C17 'x' can't be read.\nMend them.", undo=True).digits
    said = play(f'{BOOK}PressCheckData\nEndTheRun Decoded("{report}")')
    assert said[-4:-2] == ["status False", "key {ESC} "]
    assert said[-2].startswith("tell 3 dates – C17 'x' can't be read.")
    assert said[-2].endswith("Mend them.")
    assert said[-1] == "undo Undo last run 'mapseg''s.xlam'!MapsegUndoNow"


@pytest.mark.office
def test_excels_undo_goes_back_to_the_workbook_of_the_run(play):
    """Excel keeps one list for all workbooks."""
    run = BOOK + 'PressRank\nEndTheRun ""\nOpenWorkbook "Other.xlsx"\n'
    there = play('Plan "open Customers 2026.xlsx", "yes"\n' + run + "UndoTheRun")
    assert [(a, r.book) for a, r in runs(there)][1:] == [("undo_last_run", "Customers 2026.xlsx")]
    gone = play(run + "UndoTheRun")
    assert len(runs(gone)) == 1
    assert gone[-1].startswith("tell Customers 2026.xlsx isn't open any more.")


@pytest.mark.office
def test_a_mac_offers_no_undo_entry(play):
    report = Answer("", undo=True).digits
    said = play(f'{BOOK}PressCheckData\nEndTheRun Decoded("{report}")', MACOS)
    assert not [line for line in said if line.startswith("undo")]


@pytest.mark.office
def test_progress_goes_to_the_status_bar(play):
    said = play(f'ShowProgress Decoded("{encoded("Reading Größe ... 20%")}")')
    assert said == ["status MAP Segmentation: Reading Größe ... 20%"]


@pytest.mark.office
def test_a_mac_looks_a_little_later_whether_python_started(play):
    said = play(BOOK + "PressRank", MACOS)
    assert said[-1] == "later 'mapseg''s.xlam'!MapsegLookAtStart"
    said = play(BOOK + 'Plan "log", "Python is not there."\nPressRank\nLookAtStart', MACOS)
    assert said[-1] == "tell Python is not there."
    said = play(BOOK + 'Plan "log", "An old matter."\nPressRank\nEndTheRun ""\nLookAtStart', MACOS)
    assert said[-1] == "key {ESC} "


@pytest.mark.office
def test_text_survives_the_way_to_python_and_back(play):
    text = "a'\"|;%$`\\ \u00e9 \u2013 \u5ba2 \U0001f600"
    said = play(f"Say Encoded({in_basic(text)})\nSay Decoded(Encoded({in_basic(text)}))")
    assert decoded(said[0]) == text
    assert said[1] == text


@pytest.mark.office
def test_an_error_of_python_is_said_in_its_last_line(play):
    lines = (
        'Say PlainWords("Traceback:" & vbLf & "  File x" & vbLf & "OSError: disk is full" & vbLf)\n'
        "Say PlainWords(\"ModuleNotFoundError: No module named 'mapseg_xl'\")"
    )
    disk, missing = play(lines)
    assert disk.startswith("Python couldn't be asked: OSError: disk is full")
    assert "py -m mapseg_xl doctor" in disk
    assert "Install mapseg again" in missing


@pytest.mark.office
def test_an_error_that_xlwings_library_turned_upside_down_is_said_in_its_first_line(play):
    """Its library reverses a traceback and drops the head of it."""
    below = 'vbLf & "    raise x" & vbLf & "  File " & Chr(34) & "C:\\policy.py" & Chr(34) & ", line 3, in _Invoke_"'
    (said,) = play(f'Say PlainWords("OSError: disk is full" & {below})')
    assert said.startswith("Python couldn't be asked: OSError: disk is full")
    assert "policy.py" not in said


def test_the_answers_of_python_can_be_told_apart_from_code():
    """What travels is hexadecimal digits, on a Mac between quotes of a shell and of Python."""
    text = resolved(modules()["MapsegBridge"], MACOS)
    assert "ribbon.press('\" & action & \"', '\" & coded & \"')" in text
    assert re.fullmatch("[0-9A-F]*", encoded("'; import os; \"$(x)`|\\"))


def in_basic(text):
    """A text as an expression of Basic, whose source is read as ASCII."""
    units = text.encode("utf-16-be")
    return " & ".join(f"ChrW(&H{units[i : i + 2].hex()})" for i in range(0, len(units), 2))
