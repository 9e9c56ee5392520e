"""How VBA finds and starts Python: the one settings file, the command, what it says when a part is missing."""

from __future__ import annotations

import shlex
import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest
import xlwings

from mapseg_xl import __version__
from mapseg_xl.excel.actions.button_request import encoded
from tests.excel.addin.vba_fakes import played
from tests.excel.addin.vba_text import MACOS, WINDOWS_64, modules

pytestmark = pytest.mark.office

SETTINGS = "# a remark\r\nPYTHON=/opt/Größe \U0001f600/it's python\nPREFIX=/opt/x=y\nXLWINGS={0}\nMAPSEG={1}\n"
GOOD = SETTINGS.format(version("xlwings"), __version__)


@pytest.fixture
def play(office, tmp_path):
    """Plays lines with a home folder of their own; `settings` is what the installation wrote there."""

    def play(lines, settings=GOOD, system=MACOS, *, real=(), extra=""):
        office.documents += 1
        folder = tmp_path / "mapseg"
        folder.mkdir(exist_ok=True)
        if settings is not None:
            (folder / "addin.conf").write_bytes(settings.encode())
        said = played(office, f'Plan "HOME", "{tmp_path}"\n{lines}', system, real=real, extra=extra)
        assert not [line for line in said if line.startswith("ERROR")], said
        return said

    return play


def test_settings_are_read_with_every_letter(play):
    said = play(
        'Say Setting("PYTHON")\nSay Setting("PREFIX")\nSay Setting("XLWINGS")\nSay "[" & Setting("X") & "]"'
    )
    assert said == ["/opt/Größe \U0001f600/it's python", "/opt/x=y", version("xlwings"), "[]"]


def test_nothing_stands_in_the_way_of_a_good_installation(play):
    assert play('Say "[" & SettingsProblem() & "]"') == ["[]"]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (None, "is missing. In a terminal run: python3 -m mapseg_xl addin install."),
        ("", "is missing"),
        ("XLWINGS=0.37.8\n", "names no Python"),
        (SETTINGS.format("0.1.2", __version__), "version 0.1.2 is installed"),
    ],
)
def test_what_is_wrong_with_the_settings_is_said_before_anything_starts(play, settings, said):
    got = play('Say RunAction("rank", "BOOK=x")', settings, real=("RunAction",))
    assert len(got) == 1  # nothing was started
    assert said in got[0]


# ---- macOS ----


def as_the_script_does(fields):
    """The command of a shell that xlwings' AppleScript makes of the six fields VBA hands it."""
    script = (
        Path(xlwings.__file__).with_name(f"xlwings-{version('xlwings')}.applescript").read_text()
    )
    assert 'SplitString(ParameterString, "|")' in script
    assert (
        '" -B -u -W ignore -c \\"import xlwings.utils;xlwings.utils.prepare_sys_path(\'"' in script
    )
    path, python, command, book, app, log = fields.split("|")
    return (
        f"{python} -B -u -W ignore -c \"import xlwings.utils;xlwings.utils.prepare_sys_path('{path}');{command} \" "
        f'"--wb={book}" "--from_xl=1" "--app={app}" > /dev/null 2>"{log}"'
    )


def test_a_mac_starts_python_through_xlwings_script_and_nothing_in_a_name_is_run(play, tmp_path):
    """The command is really run, with a program in Python's place that writes down what it is given."""
    folder = tmp_path / "it's $(touch here) `touch there`"
    folder.mkdir()
    python = folder / "python"
    python.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {shlex.quote(str(tmp_path / "given"))}\n')
    python.chmod(0o755)
    settings = f"PYTHON={python}\nPREFIX=/x\nXLWINGS={version('xlwings')}\n"
    request = "BOOK=\"; touch where; '.xlsx\nFILE=$(touch where)|`touch where`\n"
    in_basic = " & ".join(f"ChrW({ord(letter)})" for letter in request)
    (said,) = play(f'RunAction "add_files", {in_basic}', settings, real=("RunAction",))
    head, handler, fields = said.removeprefix("applescript ").split(" ", 2)
    assert (head, handler) == (f"xlwings-{version('xlwings')}.applescript", "VbaHandler")
    command = as_the_script_does(fields)
    subprocess.run(["sh", "-c", command], check=True, cwd=folder)
    given = (tmp_path / "given").read_text().splitlines()
    assert given[:6] == ["-P", "-B", "-u", "-W", "ignore", "-c"]
    assert given[6].startswith("import xlwings.utils;xlwings.utils.prepare_sys_path('false;;;;;');")
    assert given[6].strip().endswith(f"ribbon.press('add_files', '{encoded(request)}')")
    assert sorted(path.name for path in folder.iterdir()) == ["python"]  # nothing was touched


def test_the_path_of_a_mac_is_not_widened_by_the_workbooks_folder(monkeypatch):
    """xlwings' own module would add the workbook's folder; ours hands it a list that adds nothing."""
    import sys

    from xlwings import utils

    assert '"false;;;;;"' in modules()["MapsegBridge"]
    before = list(sys.path)
    monkeypatch.setattr(sys, "path", list(before))
    utils.prepare_sys_path("false;;;;;")
    assert sys.path == before


def test_a_mac_without_the_script_says_what_to_run(play):
    said = play('Plan "no script", "yes"\nSay RunAction("rank", "")', real=("RunAction",))
    assert "python3 -m mapseg_xl addin install" in said[-1]


def test_a_mac_that_refuses_says_so(play):
    said = play('Plan "applescript", "1"\nSay RunAction("rank", "")', real=("RunAction",))
    assert said[-1].startswith("macOS refused to start /opt/Größe")


def test_what_python_logged_is_told_in_one_line(play, tmp_path):
    (tmp_path / "mapseg").mkdir()
    (tmp_path / "mapseg" / "python.log").write_text("Traceback:\n  x\nOSError: no disk\n")
    (said,) = play("Say LoggedProblem()", real=("LoggedProblem",))
    assert "OSError: no disk" in said
    (tmp_path / "mapseg" / "python.log").write_text("\n")
    assert play('Say "[" & LoggedProblem() & "]"', real=("LoggedProblem",)) == ["[]"]


# ---- Windows ----


def test_why_python_did_not_start_is_told_without_the_command(play):
    answer = '"Python process exited." & vbLf & "Command: x" & vbLf & "Working Dir: y"'
    (said,) = play(f"Say Told(1000, NotStarted({answer}))", system=WINDOWS_64)
    assert said.startswith("Python didn't start: Python process exited. A security")
    assert "Working Dir" not in said


def test_what_windows_said_of_a_refused_start_is_told(play):
    answer = '"Could not create Python process." & vbLf & "Error message: Access is denied." & vbLf & "Command: x"'
    (said,) = play(f"Say NotStarted({answer})", system=WINDOWS_64)
    assert said.startswith(
        "Python didn't start: Could not create Python process. Access is denied. A"
    )


def test_a_workbook_of_another_xlwings_says_how_the_add_in_takes_over(play):
    lines = "ThisWorkbook.IsAddin = False\nSay SettingsProblem()"
    (said,) = play(lines, SETTINGS.format("0.1.2", __version__))
    assert "without macros (.xlsx)" in said
    assert "addin install" not in said  # makes the add-in anew, not this workbook


def test_a_user_whose_folders_vba_cannot_name_is_told_so(play):
    (said,) = play('Plan "APPDATA", "C:\\Users\\?ukasz"\nSay SettingsProblem()', None, WINDOWS_64)
    assert "your user name has letters of another language" in said
    assert "addin install" not in said  # would not help


def test_the_tab_of_a_workbook_is_hidden_wherever_the_add_in_is():
    """Whichever workbook's code Excel asks."""
    text = modules()["MapsegWatching"]
    assert "TabIsVisible = Not AddinIsOpen()" in text


@pytest.fixture
def on_windows(play, tmp_path):
    """The same on Windows, whose settings lie under APPDATA: Basic here takes \\ for a letter of a name."""

    def on_windows(lines, settings=GOOD):
        (tmp_path / "r\\mapseg\\addin.conf").write_bytes(settings.encode())
        return play(
            f'Plan "APPDATA", "{tmp_path}/r"\n{lines}', None, WINDOWS_64, real=("RunAction",)
        )

    return on_windows


def test_windows_asks_the_running_python_to_start_the_work(on_windows):
    said = on_windows('Say "[" & RunAction("rank", "BOOK=x") & "]"')
    assert said == [
        "server",
        f"python mapseg_xl.excel.ribbon.start rank {encoded('BOOK=x')} Ann",
        "[]",
    ]


def test_a_sentence_of_python_comes_back(on_windows):
    said = on_windows('Plan "start", "Still running."\nSay RunAction("rank", "")')
    assert said[-1] == "Still running."


def test_an_error_of_python_at_the_start_is_put_in_plain_words(on_windows):
    plan = 'Plan "start fails", "Traceback" & vbLf & "ModuleNotFoundError: No module named \'mapseg_xl\'"\n'
    said = on_windows(plan + 'Say RunAction("rank", "")')
    assert said[-1].startswith("Python is there, but a part of mapseg isn't (ModuleNotFoundError")


def test_the_command_keeps_the_current_folder_out_and_excel_alive(play):
    (there, command) = play(
        'Say CommandThatServes("C:\\Program Files\\py\\pythonw.exe")', system=WINDOWS_64
    )
    assert there == "is there C:\\Program Files\\py\\pythonw.exe"
    program, *flags, code = shlex.split(command.replace("\\", "\\\\"))
    assert program == "C:\\Program Files\\py\\pythonw.exe"
    assert flags == ["-B", "-P", "-c"]
    assert code == (
        "import atexit, xlwings; atexit.unregister(xlwings._xlwindows.cleanup); xlwings.serve('$(CLSID)')"
    )
    compile(code, "command", "exec")


def test_what_the_command_names_exists_in_xlwings():
    folder = Path(xlwings.__file__).parent
    assert "def cleanup():" in (folder / "_xlwindows.py").read_text()
    assert "def serve(clsid=" in (folder / "com_server.py").read_text()
    assert (
        "def CallUDF(self, script, fname, args, this_workbook=None, caller=None)"
        in (folder / "com_server.py").read_text()
    )
    theirs = (folder / "xlwings_custom_addin.bas").read_text()
    ours = modules()["MapsegBridge"]
    for bits in ("32", "64"):
        library = f'Lib "xlwings{bits}-{version("xlwings")}.dll"'
        assert f"Declare PtrSafe Function XLPyDLLActivateAuto {library}" in theirs
        assert (
            f'Declare PtrSafe Function ActivatePython {library} Alias "XLPyDLLActivateAuto"' in ours
        )


TRIED = """
Public Function Tried(ByVal python As String) As String
    On Error GoTo told
    Tried = CommandThatServes(python)
    Exit Function
told:
    Tried = Err.Description
End Function
"""


def test_an_interpreter_that_is_gone_is_named(play):
    lines = 'Plan "not there", "C:\\gone.exe"\nSay Tried("C:\\gone.exe")'
    said = play(lines, system=WINDOWS_64, extra=TRIED)[-1]
    assert said.startswith(
        "C:\\gone.exe isn't there any more. In a terminal run: py -m mapseg_xl addin install"
    )


def test_a_path_that_windows_library_cannot_take_is_named(play):
    """The library of xlwings takes the computer's code page only."""
    said = play('Say Tried(ChrW(23458) & "x")', system=WINDOWS_64, extra=TRIED)[-1]
    assert "Install Python in a folder with plain letters" in said
