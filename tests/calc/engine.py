"""An engine for xlwings whose spreadsheet program is LibreOffice Calc: what our actions ask of Excel, off Windows.

It knows what xlwings 0.37.8 offers in both desktop engines and nothing more: anything else is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import xlwings as xw
from xlwings import base_classes

from tests.calc.books import Books, Document
from tests.calc.bridge import properties
from tests.calc.office import context_of, service
from tests.calc.ranges import Range
from tests.calc.strict import ExcelRefuses, Native
from tests.calc.values import cleaned, prepared

_MODES = ("automatic", "manual", "semiautomatic")


class CalcEngine:
    """What `xw.Engine` wraps."""

    name = "calc"
    type = "desktop"

    def __init__(self) -> None:
        self.apps = Apps()

    @staticmethod
    def prepare_xl_data_element(value: Any, _options: Any) -> Any:
        """One value on its way through `.value =`."""
        return prepared(value)

    @staticmethod
    def clean_value_data(
        data: Any, dates: Any, empty_as: Any, numbers: Any, err_to_str: bool
    ) -> list[list[Any]]:
        """Raw values on their way out of `.value`."""
        return [[cleaned(v, dates, empty_as, numbers, err_to_str) for v in row] for row in data]


class Apps(base_classes.Apps):
    """The running programs: one."""

    def __init__(self) -> None:
        self.running: list[App] = []

    def keys(self) -> list[int]:
        return [app.pid for app in self.running]

    def add(self, **_: Any) -> App:
        raise ExcelRefuses("the office of a test is started by its fixture")

    def cleanup(self) -> None:
        raise ExcelRefuses("Apps.cleanup kills every Excel without an open window")

    def __iter__(self) -> Iterator[App]:
        return iter(self.running)

    def __len__(self) -> int:
        return len(self.running)

    def __getitem__(self, pid: int) -> App:
        return next(app for app in self.running if app.pid == pid)


class App(base_classes.App):
    """One LibreOffice, as xlwings' App.

    `said`: texts of the status bar and of messages, in order; `answers`: what the next messages are answered with;
    `macros`: what `app.macro` finds, by name; `breaks`: called before each change of cells.
    """

    pid = 0  # plain attributes in the place of properties that only refuse
    visible = False
    version = "16.0"

    def __init__(self, engine: CalcEngine, pipe: str, pid: int) -> None:
        self.engine, self.pid = engine, pid
        self.context = context_of(pipe)
        self.documents: list[Document] = []
        self._active: Document | None = None
        self.said: list[tuple[str, str]] = []
        self.answers: list[str] = []
        self.macros: dict[str, Callable[..., Any]] = {}
        self.breaks: Callable[[Any], None] | None = None
        self._status: str | bool = False
        self._state = {"screen_updating": True, "display_alerts": True, "enable_events": True}
        self._calculation = "automatic"
        self.engine.apps.running.append(self)

    @property
    def api(self) -> Native:
        return Native("app")

    @property
    def books(self) -> Books:
        return Books(self)

    @property
    def active_document(self) -> Document:
        if self._active is None:
            raise ExcelRefuses("no workbook is open")
        return self._active

    @active_document.setter
    def active_document(self, document: Document) -> None:
        self._active = document

    def load(self, url: str, path: Path | None, name: str) -> Document:
        """A document opened or made; it is the active one from then on."""
        desktop = service(self.context, "frame.Desktop")
        doc = desktop.loadComponentFromURL(url, "_blank", 0, properties(Hidden=True))
        if doc is None or not hasattr(doc, "Sheets"):
            raise ExcelRefuses(f"LibreOffice cannot open {name}")
        document = Document(self, doc, path, name)
        self.documents.append(document)
        self._active = document
        return document

    def adopt(self, doc: Any, path: Path | None, name: str) -> Document:
        """A document that is open already: another process opened it."""
        document = Document(self, doc, path, name)
        self.documents.append(document)
        self._active = document
        return document

    def forget(self, document: Document) -> None:
        """A document that is about to close."""
        self.documents.remove(document)
        if self._active is document:
            self._active = self.documents[-1] if self.documents else None

    def will_write(self, what: Any) -> None:
        """Before each change of cells or sheets."""
        if self.breaks is not None:
            self.breaks(what)

    @property
    def selection(self) -> Range | None:
        if self._active is None:
            return None
        chosen = self._active.controller.Selection
        if chosen is None or not hasattr(chosen, "RangeAddress"):
            return None
        return self.books.active.sheets.of(chosen.Spreadsheet).range_of(chosen.RangeAddress)

    def activate(self, steal_focus: bool = False) -> None:
        """Nothing to bring to the front."""

    @property
    def screen_updating(self) -> bool:
        return self._state["screen_updating"]

    @screen_updating.setter
    def screen_updating(self, value: bool) -> None:
        self._state["screen_updating"] = bool(value)

    @property
    def display_alerts(self) -> bool:
        return self._state["display_alerts"]

    @display_alerts.setter
    def display_alerts(self, value: bool) -> None:
        self._state["display_alerts"] = bool(value)

    @property
    def enable_events(self) -> bool:
        return self._state["enable_events"]

    @enable_events.setter
    def enable_events(self, value: bool) -> None:
        self._state["enable_events"] = bool(value)

    @property
    def calculation(self) -> str:
        """As the active workbook has it, so that what a killed process left behind is seen."""
        if self._active is not None and not self._active.doc.isAutomaticCalculationEnabled():
            return "manual"
        return "automatic" if self._calculation == "manual" else self._calculation

    @calculation.setter
    def calculation(self, value: str) -> None:
        if value not in _MODES:
            raise ExcelRefuses(f"calculation = {value!r}")
        self._calculation = value
        for document in self.documents:
            document.doc.enableAutomaticCalculation(value != "manual")
            if value != "manual":
                document.doc.calculate()

    def calculate(self) -> None:
        for document in self.documents:
            document.doc.calculate()

    @property
    def status_bar(self) -> str | bool:
        return self._status

    @status_bar.setter
    def status_bar(self, value: str | bool) -> None:
        self._status = value
        if isinstance(value, str):
            self.said.append(("status", value))

    def alert(self, prompt: str, title: str, buttons: str, mode: str, callback: Any) -> str:
        """A message: recorded, answered with the next of `answers`; one that only says something needs none."""
        self.said.append(("alert", prompt))
        if buttons in (None, "ok"):
            return "ok"
        if not self.answers:
            raise AssertionError(f"nobody said how to answer: {prompt}")
        return self.answers.pop(0)

    def run(self, macro: str, args: list[Any]) -> Any:
        """A macro of Excel: one that the test has put into `macros`."""
        if macro not in self.macros:
            raise ExcelRefuses(f"there is no macro {macro}")
        return self.macros[macro](*args)

    def quit(self) -> None:
        raise ExcelRefuses("nothing of ours may end the user's Excel")

    def kill(self) -> None:
        raise ExcelRefuses("nothing of ours may end the user's Excel")


def engine_of(name: str = CalcEngine.name) -> xw.Engine:
    """The engine, known to xlwings and active."""
    if name not in xw.engines.engines_by_name:
        xw.engines.add(xw.Engine(impl=CalcEngine()))
    xw.engines[name].activate()
    return xw.engines[name]
