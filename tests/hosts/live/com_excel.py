# ruff: noqa: N802  # members are called as Excel calls them
"""Excel as pywin32 would show it, as far as the live host needs it, so that xlwings' own Windows code runs here.

It keeps sheets, cells, names and charts, counts every round trip, and refuses members it does not list. It proves that
the calls are those of Excel's object model and how many they are, nothing about what Excel makes of them.
"""

from __future__ import annotations

import ctypes
import importlib
import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

from mapseg_xl.hosts.live.cells import moment
from mapseg_xl.hosts.live.grid import spots
from mapseg_xl.hosts.live.places import place
from mapseg_xl.report.verbs import Rect
from tests.hosts.live.live_fakes import WINDOWS

_NOT_THERE = -2147352567


class ComError(Exception):
    """pywintypes.com_error."""

    def __init__(self, text: str) -> None:
        super().__init__(_NOT_THERE, text, None, None)
        self.hresult, self.excepinfo = _NOT_THERE, (0, "", "no cells were found", "", 0, 0)


class Time(datetime):
    """pywintypes.TimeType: what a number is handed over as where its cell is formatted as a day."""


class Dispatch:
    """win32com.client.CDispatch."""


# What xlwings' public methods touch, beside what the finishes do (live_fakes.WINDOWS)
PUBLIC = {
    "Application": {
        *("ScreenUpdating", "EnableEvents", "DisplayAlerts", "Calculation", "Selection"),
        *("International", "Intersect", "ActiveSheet", "Hwnd", "ActiveWindow"),
    },
    "Workbook": {
        "Worksheets",
        "Sheets",
        "Application",
        "Windows",
        "ActiveSheet",
        "Name",
        "FullName",
        "Activate",
    },
    "Worksheets": {"Count", "Add", "Parent"},
    "Worksheet": {
        *("Name", "Index", "Range", "Cells", "UsedRange", "Visible", "Activate", "Move", "Parent"),
        *(
            "ChartObjects",
            "ListObjects",
            "PageSetup",
            "Comments",
            "CommentsThreaded",
            "Application",
        ),
    },
    "Range": {
        *("Value", "Formula", "NumberFormat", "Font", "Interior", "Borders", "Validation", "Row"),
        *(
            "Column",
            "Rows",
            "Columns",
            "Width",
            "Height",
            "Left",
            "Top",
            "ColumnWidth",
            "RowHeight",
        ),
        *("HorizontalAlignment", "VerticalAlignment", "WrapText", "Clear", "FormatConditions"),
        *("SpecialCells", "Application", "Worksheet", "Address", "GetAddress", "Select", "Count"),
        *("AddComment", "Areas", "Parent"),
    },
    "Rows": {"Count"},
    "Font": {"Italic"},
    "Interior": {"Color", "ColorIndex"},
    "Border": {"Weight", "Color", "LineStyle", "ColorIndex"},
    "Validation": {"Type", "Add", "Modify", "Delete", "InCellDropdown"},
    "FormatConditions": {"AddColorScale", "Item", "Count"},
    "ColorScale": {"ColorScaleCriteria", "SetFirstPriority"},
    "Criterion": {"Type", "Value", "FormatColor"},
    "FormatColor": {"Color"},
    "Names": {"Add", "Count"},
    "Name": {"Name", "RefersTo", "Delete"},
    "ChartObjects": {"Add", "Count", "Item"},
    "ChartObject": {"Chart", "Name", "Delete", "Parent"},
    "Chart": {
        *("SetSourceData", "ChartType", "SeriesCollection", "HasTitle", "HasLegend", "HasAxis"),
        *("Axes", "Legend"),
    },
    "SeriesCollection": {"Count", "Item"},
    "Series": {
        *("XValues", "ChartType", "MarkerStyle", "MarkerSize", "MarkerForegroundColor"),
        *("MarkerBackgroundColor", "Name"),
    },
    "FillFormat": {"Solid", "ForeColor"},
    "ChartTitle": {"Text"},
    "Axis": {
        *("MinimumScale", "MaximumScale", "MajorUnit", "HasTitle", "AxisTitle", "ReversePlotOrder"),
        "TickLabels",
    },
    "AxisTitle": {"Text"},
    "TickLabels": {"NumberFormat"},
    "Window": {"DisplayGridlines"},
    "PageSetup": {"PrintArea"},
    "ListObjects": {"Count"},
}
MEMBERS = {kind: PUBLIC.get(kind, set()) | WINDOWS.get(kind, set()) for kind in {*PUBLIC, *WINDOWS}}


class Com(Dispatch):
    """An object of Excel: members by kind; special ones are methods called `get_X`, `set_X` or `X` below."""

    kind = ""

    def __init__(self, kind: str, parent: Any = None) -> None:
        vars(self).update(
            kind=kind, parent=parent, held={}, trips=parent.trips if parent else Counter()
        )

    @property
    def _oleobj_(self) -> Any:
        def names(_: int, name: str) -> None:
            if name not in MEMBERS[self.kind]:
                raise ComError(f"{self.kind} has no {name}")

        def invoke(*_: Any) -> bool:
            self.trips["call"] += 1
            return True

        return SimpleNamespace(GetIDsOfNames=names, Invoke=invoke)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        self.trips["get"] += 1
        if name not in MEMBERS[self.kind]:
            raise AttributeError(f"{self.kind}.{name}")
        special = getattr(type(self), f"get_{name}", None)
        if special:
            return special(self)
        method = vars(type(self)).get(f"do_{name}")
        if method:
            return lambda *a, **k: self._call(method, a, k)
        return self._child(name) if name in _CHILDREN else self.held.get(name, False)

    def _call(self, method: Any, arguments: tuple[Any, ...], said: dict[str, Any]) -> Any:
        self.trips["call"] += 1
        return method(self, *arguments, **said)

    def _child(self, name: str) -> Any:
        kind = _CHILDREN.get(name)
        if kind is None:
            return False
        child = self.held.setdefault(name, _made(kind, self))
        if name in _CALLED:
            return lambda *_, **__: self._call(lambda *_: child, (), {})
        return child

    def __setattr__(self, name: str, value: Any) -> None:
        self.trips["set"] += 1
        if name not in MEMBERS[self.kind]:
            raise AttributeError(f"{self.kind}.{name} would be tried again without end")
        special = getattr(type(self), f"set_{name}", None)
        if special:
            special(self, value)
        else:
            self.held[name] = value


_CHILDREN = {
    "Application": "Application",
    "Font": "Font",
    "Interior": "Interior",
    "Validation": "Validation",
    "FormatConditions": "FormatConditions",
    "AddColorScale": "ColorScale",
    "ColorScaleCriteria": "Criterion",
    "FormatColor": "FormatColor",
    "Legend": "Legend",
    "ChartTitle": "ChartTitle",
    "Axes": "Axis",
    "AxisTitle": "AxisTitle",
    "TickLabels": "TickLabels",
    "Format": "ChartFormat",
    "Line": "LineFormat",
    "Fill": "FillFormat",
    "ForeColor": "ColorFormat",
    "MajorGridlines": "Gridlines",
    "ChartGroups": "ChartGroup",
    "PlotArea": "PlotArea",
    "ChartArea": "ChartArea",
    "DataLabels": "DataLabels",
    "Windows": "Window",
    "Borders": "Border",
    "PageSetup": "PageSetup",
    "Tab": "Tab",
    "HPageBreaks": "HPageBreaks",
    "Shapes": "Shape",
    "Solid": "Tab",
    "Add": "Tab",
    "SetFirstPriority": "Tab",
    "ResetAllPageBreaks": "Tab",
    "AutoFilter": "Tab",
    "AddComment": "Tab",
    "Delete": "Tab",
}
_CALLED = {
    *("AddColorScale", "ColorScaleCriteria", "Axes", "ChartGroups", "DataLabels", "Windows"),
    *("Borders", "Shapes", "Solid", "Add", "SetFirstPriority", "ResetAllPageBreaks", "AutoFilter"),
    *("AddComment", "Delete"),
}


class Application(Com):
    def get_International(self) -> dict[int, str]:
        return {5: ","}

    def get_Calculation(self) -> int:
        return int(self.held.get("Calculation", -4105))

    def get_Selection(self) -> Any:
        return Cells(self.parent.active, "A1")

    def get_ActiveSheet(self) -> Any:
        return self.parent.active

    def do_Intersect(self, one: Any, _: Any) -> Any:
        return one


class Workbook(Com):
    """A workbook of one empty sheet."""

    def __init__(self) -> None:
        super().__init__("Workbook")
        vars(self).update(sheets=[], names={}, active=None)
        self.held["Application"] = Application("Application", self)
        vars(self)["active"] = self.add("Sheet1", 0)

    def add(self, name: str, at: int) -> Worksheet:
        sheet = Worksheet("Worksheet", self)
        sheet.held["Name"] = name
        self.sheets.insert(at, sheet)
        return sheet

    def get_Name(self) -> str:
        return "Book1.xlsx"

    def get_ActiveSheet(self) -> Any:
        return self.active

    def do_Activate(self) -> None:
        """Brings it to the front."""

    def get_Worksheets(self) -> Any:
        return Sheets("Worksheets", self)

    def get_Names(self) -> Any:
        return Names("Names", self)


class Sheets(Com):
    def get_Parent(self) -> Any:
        return self.parent

    def get_Count(self) -> int:
        return len(self.parent.sheets)

    def __iter__(self) -> Iterator[Any]:
        self.trips["call"] += 1
        for sheet in list(self.parent.sheets):
            self.trips["get"] += 1
            yield sheet

    def __call__(self, key: int | str) -> Any:
        self.trips["call"] += 1
        if isinstance(key, int):
            return self.parent.sheets[key - 1]
        for sheet in self.parent.sheets:
            if sheet.held["Name"].casefold() == key.casefold():
                return sheet
        raise ComError(key)

    def do_Add(self, Before: Any) -> Any:  # noqa: N803  # Excel's word
        before = getattr(Before, "_inner", Before)
        book = self.parent
        sheet = book.add(f"Sheet{len(book.sheets) + 1}", book.sheets.index(before))
        vars(book)["active"] = sheet
        return sheet


class Worksheet(Com):
    def __init__(self, kind: str, parent: Any) -> None:
        super().__init__(kind, parent)
        vars(self).update(cells={}, charts=[], widths={}, days=set())
        self.held["Visible"] = -1

    def get_Parent(self) -> Any:
        return self.parent

    def get_Application(self) -> Any:
        return self.parent.held["Application"]

    def get_Index(self) -> int:
        return int(self.parent.sheets.index(self)) + 1

    def do_Range(self, one: Any, other: Any = None) -> Any:
        if other is None:
            return Cells(self, one)
        return Cells(self, f"{one.at.a1.split(':')[0]}:{other.at.a1.split(':')[-1]}")

    def do_Cells(self, row: int, column: int) -> Any:
        return Cells(self, Rect.cell(row - 1, column - 1).a1)

    def get_UsedRange(self) -> Any:
        spots = self.cells or {(0, 0): None}
        last = Rect(0, 0, max(r for r, _ in spots), max(c for _, c in spots))
        return Cells(self, last.a1)

    def do_Activate(self) -> None:
        vars(self.parent)["active"] = self

    def do_Move(self, Before: Any = None, After: Any = None) -> None:  # noqa: N803
        after = getattr(After, "_inner", After)
        self.parent.sheets.remove(self)
        self.parent.sheets.insert(self.parent.sheets.index(after) + 1, self)

    def do_ChartObjects(self) -> Any:
        return ChartObjects("ChartObjects", self)

    def get_ListObjects(self) -> tuple[Any, ...]:
        return ()

    def get_Comments(self) -> tuple[Any, ...]:
        return ()

    def get_CommentsThreaded(self) -> tuple[Any, ...]:
        return ()


class Cells(Com):
    """A range."""

    def __init__(self, sheet: Worksheet, address: str) -> None:
        super().__init__("Range", sheet)
        found = place(f"=s!{address.replace('$', '')}")
        assert found is not None, address
        vars(self)["at"] = found[1]

    def _rows(self) -> list[list[Any]]:
        at, cells = self.at, self.parent.cells
        return [
            [cells.get((row, column)) for column in range(at.left, at.right + 1)]
            for row in range(at.top, at.bottom + 1)
        ]

    def set_Value(self, value: Any) -> None:
        at, cells = self.at, self.parent.cells
        rows = value if isinstance(value, list) else [[value]]
        assert len(rows) == at.bottom - at.top + 1
        assert {len(row) for row in rows} == {at.right - at.left + 1}
        for row, line in enumerate(rows, start=at.top):
            for column, cell in enumerate(line, start=at.left):
                assert isinstance(cell, str | float | bool), f"{cell!r} is nothing to hand to Excel"
                assert not isinstance(cell, str) or len(cell) <= 8203 or len(rows) == 1
                if cell == "":
                    cells.pop((row, column), None)
                else:
                    cells[row, column] = cell

    def get_Value(self) -> Any:
        at, days = self.at, self.parent.days
        rows = [
            [_shown(cell, (row, column) in days) for column, cell in enumerate(line, start=at.left)]
            for row, line in enumerate(self._rows(), start=at.top)
        ]
        return rows[0][0] if len(rows) == len(rows[0]) == 1 else tuple(map(tuple, rows))

    def set_NumberFormat(self, code: str) -> None:
        if "yy" in code:
            self.parent.days.update(spots(self.at))

    def get_Formula(self) -> Any:
        rows = [[_typed(cell) for cell in line] for line in self._rows()]
        return rows[0][0] if len(rows) == len(rows[0]) == 1 else tuple(map(tuple, rows))

    def __call__(self, row: int, column: int) -> Any:
        self.trips["call"] += 1
        return self.parent.do_Cells(self.at.top + row, self.at.left + column)

    def get_Row(self) -> int:
        return int(self.at.top) + 1

    def get_Column(self) -> int:
        return int(self.at.left) + 1

    def get_Rows(self) -> Any:
        return _counted(self, self.at.bottom - self.at.top + 1)

    def get_Columns(self) -> Any:
        return _counted(self, self.at.right - self.at.left + 1)

    def get_Worksheet(self) -> Any:
        return self.parent

    def get_Application(self) -> Any:
        return self.parent.get_Application()

    def get_Address(self) -> str:
        return str(self.at.absolute)

    def do_GetAddress(self, *_: Any) -> str:
        return f"'[Book1.xlsx]{self.parent.held['Name']}'!{self.at.absolute}"

    def do_Clear(self) -> None:
        at = self.at
        for row, column in list(self.parent.cells):
            if at.top <= row <= at.bottom and at.left <= column <= at.right:
                del self.parent.cells[row, column]
        self.parent.days.difference_update(spots(at))

    def do_Select(self) -> None:
        assert self.parent.parent.active is self.parent, "select on a sheet that is not active"

    def do_SpecialCells(self, Type: int) -> Any:  # noqa: N803
        if Type == 12:
            return self
        raise ComError("no cells were found")

    def get_Areas(self) -> tuple[Any, ...]:
        return (self,)

    def set_ColumnWidth(self, characters: float) -> None:
        for column in range(self.at.left, self.at.right + 1):
            self.parent.widths[column] = characters

    def get_Width(self) -> float:
        columns = range(self.at.left, self.at.right + 1)
        return sum((round(self.parent.widths.get(c, 8.43) * 7) + 5) * 0.75 for c in columns)

    def get_Left(self) -> float:
        return 48.0 * float(self.at.left)

    def get_Top(self) -> float:
        return 15.0 * float(self.at.top)


def _counted(parent: Any, count: int) -> Com:
    made = Com("Rows", parent)
    made.held["Count"] = count
    return made


def _shown(cell: Any, is_day: bool) -> Any:
    if is_day and isinstance(cell, float):
        day = moment(cell)
        return Time(day.year, day.month, day.day) if day else cell
    if isinstance(cell, str):
        return cell[1:] if cell.startswith("'") else 0.0
    return cell


def _typed(cell: Any) -> str:
    if cell is None:
        return ""
    return cell.removeprefix("'") if isinstance(cell, str) else str(cell)


class Names(Com):
    def get_Count(self) -> int:
        return len(self.parent.names)

    def __call__(self, name: str) -> Any:
        self.trips["call"] += 1
        if name not in self.parent.names:
            raise ComError(name)
        return self.parent.names[name]

    def do_Add(self, name: str, refers: str) -> Any:
        assert re.fullmatch(r"[A-Za-z_\\][\w.]*", name), name
        made = Com("Name", self.parent)
        made.held.update(Name=name, RefersTo=refers)
        self.parent.names[name] = made
        return made


class ChartObjects(Com):
    def get_Count(self) -> int:
        return len(self.parent.charts)

    def __iter__(self) -> Iterator[Any]:
        yield from list(self.parent.charts)

    def do_Item(self, key: str) -> Any:
        for chart in self.parent.charts:
            if chart.held.get("Name") == key:
                return chart
        raise ComError(key)

    def do_Add(self, *place: float) -> Any:
        assert min(place) >= 0
        made = ChartObject("ChartObject", self.parent)
        made.held["Chart"] = ChartPart("Chart", made)
        self.parent.charts.append(made)
        return made


class ChartObject(Com):
    def do_Delete(self) -> None:
        self.parent.charts.remove(self)


class ChartPart(Com):
    def do_SetSourceData(self, source: Any, *_: Any) -> None:
        at = getattr(source, "_inner", source).at
        parts = SeriesCollection("SeriesCollection", self)
        vars(parts)["items"] = [Com("Series", self) for _ in range(at.left, at.right + 1)]
        vars(self)["collection"] = parts

    def do_SeriesCollection(self) -> Any:
        return self.collection


class SeriesCollection(Com):
    def get_Count(self) -> int:
        return len(self.items)

    def __call__(self, at: int) -> Any:
        self.trips["call"] += 1
        return self.items[at - 1]

    def do_Item(self, at: int) -> Any:
        return self.items[at - 1]


class Rules(Com):
    """Conditional formats."""

    def __call__(self, _: int) -> Any:
        self.trips["call"] += 1
        return Com("ColorScale", self)


class ValidationPart(Com):
    def get_Type(self) -> int:
        raise ComError("none")

    def do_Add(self, **said: Any) -> None:
        """A rule. Excel reads its formulas with the reader's decimal sign: none may have one."""
        for name in ("Formula1", "Formula2"):
            text = str(said.get(name, ""))
            assert not re.search(r"\d\.\d", text), f"{text} reads differently in other languages"


def _made(kind: str, parent: Any) -> Com:
    return {"Validation": ValidationPart, "FormatConditions": Rules}.get(kind, Com)(kind, parent)


MEMBERS["Legend"] = {"Position"}


@contextmanager
def windows() -> Iterator[Any]:
    """xlwings' Windows engine over stand-ins for pywin32: gives its module, and leaves no trace."""
    stand_ins = {
        name: MagicMock()
        for name in (
            *("pywintypes", "win32api", "win32con", "pythoncom", "win32com", "win32com.client"),
            *("win32gui", "win32process", "win32timezone"),
        )
    }
    stand_ins["pywintypes"].com_error = ComError
    stand_ins["pywintypes"].TimeType = Time
    stand_ins["pythoncom"].ole_error = ComError
    stand_ins["win32process"].GetWindowThreadProcessId = lambda _: (0, 1)
    stand_ins["win32gui"].FindWindowEx = lambda *_: 0
    stand_ins["pywintypes"].error = ComError
    stand_ins["pythoncom"].__file__ = "pythoncom"
    client = stand_ins["win32com.client"]
    client.CDispatch, client.DispatchBaseClass = Dispatch, type("Base", (), {})
    stand_ins["win32com"].client = client
    patch = ModuleType("xlwings._win32patch")
    patch.CoClassBaseClass = client.CoClassBaseClass = type("CoClass", (), {})  # type: ignore[attr-defined]
    before = {name: sys.modules.get(name) for name in (*stand_ins, "xlwings._win32patch")}
    kept = {name: getattr(ctypes, name, None) for name in ("windll", "oledll", "PyDLL")}
    try:
        sys.modules.update(stand_ins)
        sys.modules["xlwings._win32patch"] = patch
        for name in kept:
            setattr(ctypes, name, MagicMock())
        yield importlib.import_module("xlwings._xlwindows")
    finally:
        sys.modules.pop("xlwings._xlwindows", None)
        for name, module in before.items():
            if module is None:
                sys.modules.pop(name, None)
            else:
                sys.modules[name] = module
        for name, value in kept.items():
            if value is None:
                delattr(ctypes, name)
            else:
                setattr(ctypes, name, value)


@contextmanager
def book_in(engine: Any) -> Iterator[tuple[Any, Counter[str]]]:
    """An empty workbook in xlwings' hands, and the count of its round trips."""
    import xlwings

    native = Workbook()
    book = xlwings.Book(impl=engine.Book(xl=engine.COMRetryObjectWrapper(native)))
    apps = [engine.App(xl=engine.COMRetryObjectWrapper(native.held["Application"]))]
    known = SimpleNamespace(apps=apps, name="com", type="desktop")
    before = xlwings.engines.active
    xlwings.engines.active = xlwings.Engine(impl=known)
    try:
        yield book, native.trips
    finally:
        xlwings.engines.active = before
