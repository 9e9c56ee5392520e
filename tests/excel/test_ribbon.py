"""The way from VBA to an action and back: told once how it ended, one run at a time, stopped by a sign."""

import sys
from threading import Event, current_thread, main_thread
from types import SimpleNamespace

import pytest
import xlwings

from mapseg_xl.errors import InputError
from mapseg_xl.excel import ribbon
from mapseg_xl.excel.actions import pressing
from mapseg_xl.excel.actions.button_request import Answer, ButtonRequest, decoded, encoded


class PaperApp:
    """An Excel that records which macros are called."""

    def __init__(self):
        self.called = []
        self.books = [SimpleNamespace(name="Team.xlsx", sheets=[])]

    def macro(self, name):
        return lambda argument: self.called.append((name, decoded(argument)))

    def alert(self, *_, **__):
        return "no"


class Refused(Exception):
    """pywintypes.com_error."""

    def __init__(self, code):
        super().__init__(code)
        self.hresult = code


@pytest.fixture
def app(monkeypatch):
    made = PaperApp()
    monkeypatch.setattr(ribbon, "_app", lambda _: made)
    return made


def request(**said):
    return encoded("".join(f"{key}={value}\n" for key, value in said.items()))


def test_vba_is_told_once_how_a_press_ended(app, monkeypatch):
    monkeypatch.setattr(pressing, "answer", lambda *_: Answer("done", undo=True))
    ribbon.press("run_all", request(BOOK="Team.xlsx", HOST="it's mapseg.xlam"))
    assert app.called == [("'it''s mapseg.xlam'!MapsegFinished", "MESSAGE=done\nUNDO=1\n")]


def test_a_wish_to_stop_while_python_still_starts_is_heard(app, monkeypatch, tmp_path):
    stop = tmp_path / "stop"
    stop.touch()
    seen = []
    monkeypatch.setattr(
        pressing, "answer", lambda _, bench: seen.append(bench.wants_to_stop()) or Answer()
    )
    ribbon.press("run_all", request(BOOK="Team.xlsx", STOP=stop))
    assert seen == [True]
    assert not stop.exists()


def test_a_sign_to_stop_is_seen_once(app, tmp_path):
    stop = tmp_path / "stop"
    bench = ribbon.ExcelBench(ButtonRequest(stop=stop), app)
    assert not bench.wants_to_stop()
    stop.touch()
    assert bench.wants_to_stop()
    assert not bench.wants_to_stop()


def test_the_status_bar_hears_each_word_once(app):
    bench = ribbon.ExcelBench(ButtonRequest(host="mapseg.xlam"), app)
    bench.say("Reading", 0.1)
    bench.say("Reading", 0.1)
    assert app.called == [("'mapseg.xlam'!MapsegProgress", "Reading ... 10%   Esc stops it.")]


def test_without_a_workbook_the_user_is_told_to_open_one(app):
    with pytest.raises(InputError, match="No workbook is open"):
        _ = ribbon.ExcelBench(ButtonRequest(), app).book


def test_a_workbook_closed_meanwhile_ends_in_a_message(app):
    ribbon.press("undo_last_run", request(BOOK="Gone.xlsx", HOST="h"))
    ((_, said),) = app.called
    assert said.startswith("MESSAGE=Gone.xlsx is not open any more.")


def test_the_end_is_told_when_excel_is_no_longer_busy(app, monkeypatch):
    """A cell being edited, an open dialog: Excel refuses calls until then."""
    paused = []
    monkeypatch.setattr(ribbon, "sleep", paused.append)

    def busy(_):
        raise Refused(-2146777998 if paused else -2147417846)

    free = app.macro
    monkeypatch.setattr(app, "macro", lambda name: busy if len(paused) < 3 else free(name))
    ribbon.ExcelBench(ButtonRequest(host="h"), app).call("MapsegFinished", encoded("MESSAGE=x\n"))
    assert len(paused) == 3
    assert app.called == [("'h'!MapsegFinished", "MESSAGE=x\n")]


def test_a_macro_that_is_gone_is_not_waited_for(app, monkeypatch):
    def gone(_):
        raise Refused(-2147352567)

    monkeypatch.setattr(app, "macro", lambda _: gone)
    with pytest.raises(Refused):
        ribbon.ExcelBench(ButtonRequest(host="h"), app).call("MapsegFinished", "")


def test_a_press_works_in_the_excel_it_was_pressed_in(app, monkeypatch):
    """Handed over, not looked for: without an open workbook a search by windows finds none."""
    other = PaperApp()
    monkeypatch.setattr(pressing, "answer", lambda *_: Answer("done"))
    ribbon.press("functions", request(HOST="h", WINDOW=7), lambda window: {7: other}[window])
    assert [said for _, said in other.called] == ["MESSAGE=done\n"]
    assert app.called == []


def test_excel_is_packed_for_the_thread_that_works(monkeypatch):
    going = []
    monkeypatch.setattr(ribbon, "_packed", lambda excel: f"packed {excel}")
    monkeypatch.setattr(ribbon, "_press_apart", lambda *given: going.append(given))
    assert ribbon.start("rank", "00", "Excel") == ""
    ribbon._running[0].join(10)
    assert going == [("rank", "00", "packed Excel")]


@pytest.fixture
def windows(monkeypatch, app):
    """What a thread asks of pywin32 and of xlwings' Windows code, in the order asked. Excel is busy at first."""
    asked = []

    class Interface:
        tries = 0

        def GetTypeInfo(self):  # noqa: N802
            self.tries += 1
            if self.tries < 3:
                raise Refused(-2147418111)
            asked.append("answers")

    def packed(iid, what):
        asked.append("packed in front" if current_thread() is main_thread() else "packed apart")
        return (iid, what)

    def unpacked(carried, iid):
        assert carried == (iid, "the interface of Excel")
        asked.append("unpacked in front" if current_thread() is main_thread() else "unpacked apart")
        return Interface()

    pythoncom = SimpleNamespace(
        IID_IDispatch="IID",
        CoMarshalInterThreadInterfaceInStream=packed,
        CoGetInterfaceAndReleaseStream=unpacked,
        CoInitialize=lambda: asked.append("begins"),
        CoUninitialize=lambda: asked.append("ends"),
    )
    theirs = SimpleNamespace(
        App=lambda xl: SimpleNamespace(
            xl=xl, pid=1, run=lambda macro, given: asked.append((macro, *map(decoded, given)))
        ),
        COMRetryObjectWrapper=lambda found: found,
    )
    client = SimpleNamespace(Dispatch=lambda found: found)
    monkeypatch.setitem(sys.modules, "pythoncom", pythoncom)
    monkeypatch.setitem(sys.modules, "win32com", SimpleNamespace(client=client))
    monkeypatch.setitem(sys.modules, "win32com.client", client)
    monkeypatch.setitem(sys.modules, "xlwings._xlwindows", theirs)
    monkeypatch.setattr(xlwings, "_xlwindows", theirs, raising=False)
    monkeypatch.setattr(ribbon, "sys", SimpleNamespace(platform="win32"))
    monkeypatch.setattr(ribbon, "sleep", lambda _: None)
    return asked


def test_on_windows_vba_hands_its_excel_to_the_thread_that_works(windows, monkeypatch):
    monkeypatch.setattr(pressing, "answer", lambda *_: Answer("done"))
    excel = SimpleNamespace(_oleobj_="the interface of Excel")
    assert ribbon.start("functions", request(HOST="mapseg.xlam"), excel) == ""
    ribbon._running[0].join(10)
    told = ("'mapseg.xlam'!MapsegFinished", "MESSAGE=done\n")
    assert windows == ["packed in front", "begins", "unpacked apart", "answers", told, "ends"]


def test_one_run_at_a_time(monkeypatch):
    going = Event()
    monkeypatch.setattr(ribbon, "_press_apart", lambda *_: going.wait(10))
    assert ribbon.start("run_all") == ""
    try:
        assert "still being worked on" in ribbon.start("run_all")
    finally:
        going.set()
    ribbon._running[0].join(10)
    assert ribbon.start("run_all") == ""


def test_what_goes_wrong_before_there_is_an_excel_is_written_down(monkeypatch, tmp_path):
    monkeypatch.setattr(ribbon, "_app", lambda _: 1 / 0)
    monkeypatch.setattr(ribbon, "this_machine", lambda: SimpleNamespace(settings_folder=tmp_path))
    with pytest.raises(ZeroDivisionError):
        ribbon.press("run_all")
    assert "ZeroDivisionError" in (tmp_path / pressing.LOG).read_text("utf-8")
