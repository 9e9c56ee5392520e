"""What the add-in's VBA calls when a button is pressed: finds the workbook, works, tells VBA how it ended.

The two sides speak as `addin/vba/MapsegBridge.bas` says. The only module of the buttons that imports xlwings.
"""

from __future__ import annotations

import atexit
import gc
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Any

import xlwings as xw

from mapseg_xl.errors import InputError
from mapseg_xl.excel.actions.button_request import ButtonRequest, encoded
from mapseg_xl.excel.addin.machine import this_machine

TITLE = "MAP Segmentation"
_STILL_RUNNING = (
    "The last run is still being worked on. Wait until it has ended, or press Esc to stop it."
)
_BUSY = (-2147418111, -2147417846, -2146777998)  # call rejected, try later, a cell is being edited
_PAUSE_S = 0.2
_running: list[Thread] = []  # the one run that goes on, if any

# else xlwings would run the macro CleanUp of any workbook that has one when Python ends
if sys.platform == "darwin":
    from xlwings import _xlmac

    atexit.unregister(_xlmac.cleanup)


class ExcelBench:
    """A press in Excel, as actions see it."""

    def __init__(self, request: ButtonRequest, app: Any) -> None:
        self._request, self._app, self._said = request, app, ""

    @property
    def request(self) -> ButtonRequest:
        """What VBA said."""
        return self._request

    @property
    def book(self) -> Any:
        """The workbook that was in front when the button was pressed, whichever is now."""
        name = self._request.book
        if not name:
            raise InputError(
                "No workbook is open. Open the one with your customers, or press Add files."
            )
        found = next((book for book in self._app.books if book.name == name), None)
        if found is None:
            raise InputError(f"{name} is not open any more. Open it and press the button again.")
        return found

    @property
    def today(self) -> date:
        """The day on this computer."""
        return date.today()  # noqa: DTZ011  # the reader's own calendar

    @property
    def folder(self) -> Path:
        """The add-in's own folder."""
        return this_machine().settings_folder

    def say(self, what: str, share: float) -> None:
        """The status bar."""
        text = f"{what} ... {share:.0%}   Esc stops it."
        if text != self._said:
            self._said = text
            self.call("MapsegProgress", encoded(text))

    def wants_to_stop(self) -> bool:
        """Whether VBA has left the sign for it."""
        stop = self._request.stop
        if stop is None or not stop.exists():
            return False
        stop.unlink(missing_ok=True)
        return True

    def agree(self, question: str) -> bool:
        """A box with yes and no."""
        return bool(self._app.alert(question, TITLE, buttons="yes_no", mode="info") == "yes")

    def scratch(self) -> Any:
        """A new workbook."""
        return self._app.books.add()

    def open(self, path: Path) -> None:
        """Opens a workbook file."""
        self._app.books.open(path)

    def call(self, macro: str, argument: str) -> None:
        """Runs a macro of the workbook that holds our VBA; waits while Excel is busy, so that no end goes untold."""
        host = self._request.host.replace("'", "''")
        _when_free(lambda: self._app.macro(f"'{host}'!{macro}")(argument))


def _when_free(ask: Callable[[], Any]) -> Any:
    """What Excel answers, once it does: it refuses calls while a cell is edited or a dialog is open."""
    while True:
        try:
            return ask()
        except Exception as refused:
            if getattr(refused, "hresult", None) not in _BUSY:
                raise
            sleep(_PAUSE_S)


def press(action: str, request: str = "", find: Callable[[int], Any] | None = None) -> None:
    """Does the work of a button and tells VBA that it has ended, whatever happened.

    `find`: gives the Excel of a window; without it, Excel is looked for among the open ones.
    """
    from mapseg_xl.excel.actions.pressing import (  # heavy: who only serves cells needs it not
        answer,
        logged,
    )

    try:
        asked = ButtonRequest.read(
            request
        )  # a sign to stop that lies there was left since: VBA removes older ones
        bench = ExcelBench(asked, (find or _app)(asked.window))
        bench.call("MapsegFinished", answer(action, bench).digits)
    except Exception as bug:
        logged(this_machine().settings_folder, action, bug)  # nobody else hears of it
        raise


def start(action: str, request: str = "", excel: Any = None) -> str:
    """Windows: the same in a thread of its own, so that Excel stays alive. "" or why it does not begin.

    `excel`: the Application that VBA runs in. A search by windows finds none while no workbook is open.
    """
    if any(thread.is_alive() for thread in _running):
        return _STILL_RUNNING
    carried = None if excel is None else _packed(excel)
    _running[:] = [Thread(target=_press_apart, args=(action, request, carried), daemon=True)]
    _running[0].start()
    return ""


def _packed(excel: Any) -> Any:
    """An object of Excel's in the form in which COM lets one thread hand it to another, once."""
    import pythoncom  # type: ignore[import-untyped,unused-ignore]

    return pythoncom.CoMarshalInterThreadInterfaceInStream(pythoncom.IID_IDispatch, excel._oleobj_)


def _unpacked(carried: Any) -> Any:
    """The Excel that another thread packed, as xlwings knows it."""
    import pythoncom
    from win32com.client import Dispatch  # type: ignore[import-untyped,unused-ignore]
    from xlwings import _xlwindows

    windows: Any = _xlwindows
    found = pythoncom.CoGetInterfaceAndReleaseStream(carried, pythoncom.IID_IDispatch)
    _when_free(
        found.GetTypeInfo
    )  # a busy Excel has none, and its methods would then be taken for properties
    return xw.App(impl=windows.App(xl=windows.COMRetryObjectWrapper(Dispatch(found))))


def _press_apart(action: str, request: str, carried: Any = None) -> None:
    """A press in a thread: each thread that speaks to Excel on Windows has to say so first."""
    if sys.platform != "win32":
        press(action, request)
        return
    import pythoncom

    pythoncom.CoInitialize()
    try:
        press(action, request, None if carried is None else lambda _: _unpacked(carried))
    finally:
        gc.collect()  # what still points into Excel is let go in the thread that it belongs to
        pythoncom.CoUninitialize()


def _app(window: int) -> Any:
    """The Excel that the button was pressed in; where its window is not known, the one in front."""
    for app in xw.apps:
        with suppress(Exception):  # an Excel that is just closing
            if window and app.hwnd == window:
                return app
    return xw.apps.active
