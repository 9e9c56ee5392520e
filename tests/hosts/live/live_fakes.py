"""Excel's two faces for the finishes: objects that record what is set and know no name that Excel does not have."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from xlwings import mac_dict

# What the finishes may touch, from Excel's object model: name of an object -> its properties and methods
WINDOWS: dict[str, set[str]] = {
    "Workbook": {"Windows", "Date1904", "Names"},
    "Window": {"FreezePanes", "ScrollRow", "ScrollColumn", "SplitColumn", "SplitRow", "Zoom"},
    "Worksheet": {
        "Tab",
        "AutoFilterMode",
        "ResetAllPageBreaks",
        "HPageBreaks",
        "Shapes",
        "Visible",
    },
    "Tab": {"Color"},
    "Range": {"IndentLevel", "Locked", "AutoFilter", "Formula2"},
    "Validation": {"InputTitle", "InputMessage", "ErrorTitle", "ErrorMessage", "IgnoreBlank"},
    "Name": {"Visible"},
    "HPageBreaks": {"Add"},
    "PageSetup": {
        *("Orientation", "PaperSize", "CenterHorizontally", "PrintTitleRows", "Zoom"),
        *("FitToPagesWide", "FitToPagesTall", "LeftFooter", "CenterFooter", "RightFooter"),
    },
    "Shape": {"AlternativeText"},
    "Series": {"Format", "HasDataLabels", "DataLabels"},
    "ChartFormat": {"Line", "Fill"},
    "LineFormat": {"Weight", "DashStyle", "Visible", "ForeColor"},
    "FillFormat": {"Transparency", "Visible"},
    "ColorFormat": {"RGB"},
    "DataLabels": {"ShowSeriesName", "ShowValue", "Position", "NumberFormat", "Font"},
    "Font": {"Name", "Size", "Bold", "Color"},
    "Chart": {"ChartTitle", "ChartGroups", "PlotArea", "ChartArea", "DisplayBlanksAs"},
    "ChartTitle": {"Font", "Left", "Top"},
    "ChartGroup": {"GapWidth", "Overlap"},
    "PlotArea": {"InsideLeft", "InsideTop", "InsideWidth", "InsideHeight"},
    "ChartArea": {"Format"},
    "Axis": {
        *("HasMajorGridlines", "MajorGridlines", "MajorTickMark", "TickLabelPosition"),
        *("Format", "TickLabels"),
    },
    "Gridlines": {"Format"},
    "TickLabels": {"Font"},
}
# which object a property or method gives
_GIVES = {
    "Windows": "Window",
    "Tab": "Tab",
    "HPageBreaks": "HPageBreaks",
    "Shapes": "Shape",
    "Format": "ChartFormat",
    "Line": "LineFormat",
    "Fill": "FillFormat",
    "ForeColor": "ColorFormat",
    "DataLabels": "DataLabels",
    "Font": "Font",
    "ChartTitle": "ChartTitle",
    "ChartGroups": "ChartGroup",
    "PlotArea": "PlotArea",
    "ChartArea": "ChartArea",
    "MajorGridlines": "Gridlines",
    "TickLabels": "TickLabels",
}
_METHODS = {
    "Windows",
    "Shapes",
    "DataLabels",
    "ChartGroups",
    "AutoFilter",
    "ResetAllPageBreaks",
    "Add",
}


class ComError(Exception):
    """Stands for pywin32's com_error: what reading an unknown property gives."""


class Com:
    """An object of Excel on Windows. Setting what it does not have would never end; reading it is an error."""

    def __init__(self, kind: str, log: list[str], *, lacks: frozenset[str] = frozenset()) -> None:
        object.__setattr__(self, "_held", (kind, log, lacks))

    def __getattr__(self, name: str) -> Any:
        kind, log, lacks = self._held
        if name not in WINDOWS[kind] or name in lacks:
            raise ComError(f"{kind}.{name}")
        log.append(f"get {kind}.{name}")
        if name in _METHODS:
            return lambda *arguments: self._called(name, arguments)
        return Com(_GIVES[name], log, lacks=lacks) if name in _GIVES else False

    def _called(self, name: str, arguments: tuple[Any, ...]) -> Any:
        kind, log, lacks = self._held
        log.append(f"call {kind}.{name}")
        return Com(_GIVES[name], log, lacks=lacks) if name in _GIVES else None

    def __setattr__(self, name: str, value: Any) -> None:
        kind, log, lacks = self._held
        if name not in WINDOWS[kind] or name in lacks:
            raise AssertionError(f"setting {kind}.{name} would hang")
        assert isinstance(value, str | int | float | bool), f"{kind}.{name} = {value!r}"
        log.append(f"set {kind}.{name}")


_TERMS = {
    group: {entry[0] for entry in getattr(mac_dict, group)}
    for group in ("properties", "elements", "commands", "enums")
}
_PARAMETERS = {command[0]: {name for name, _ in command[2]} for command in mac_dict.commands}


class CommandError(Exception):
    """Stands for appscript's: what a term gives that Excel does not answer."""


class Reference:
    """A reference to something in Excel on a Mac: terms of its dictionary, carried out by get, set or a call."""

    def __init__(
        self, log: list[str], path: str = "", *, lacks: frozenset[str] = frozenset()
    ) -> None:
        self._log, self._path, self._lacks = log, path, lacks

    def _further(self, path: str) -> Reference:
        return Reference(self._log, path, lacks=self._lacks)

    def __getattr__(self, name: str) -> Reference:
        if name.startswith("_") or not any(
            name in _TERMS[group] for group in ("properties", "elements", "commands")
        ):
            raise AttributeError(f"Excel's dictionary has no {name}")
        return self._further(f"{self._path}.{name}")

    def __getitem__(self, key: object) -> Reference:
        assert self._path.rpartition(".")[2] in _TERMS["elements"], f"{self._path}[{key!r}]"
        return self._further(f"{self._path}[{key!r}]")

    def __call__(self, **arguments: object) -> None:
        name = self._path.rpartition(".")[2]
        assert set(arguments) <= _PARAMETERS[name], f"{name} takes {_PARAMETERS[name]}"
        self._log.append(f"call {self._path}")

    def get(self) -> object:
        self._answered()
        self._log.append(f"get {self._path}")
        return False

    def set(self, value: object) -> None:
        self._answered()
        assert isinstance(value, str | int | float | bool | tuple | Keyword), value
        self._log.append(f"set {self._path}")

    def _answered(self) -> None:
        name = self._path.rpartition(".")[2]
        assert name in _TERMS["properties"], f"{self._path}: {name} is no property"
        if name in self._lacks:
            raise CommandError(name)


class Keyword(str):
    """A constant of Excel's dictionary."""


class Keywords:
    """appscript's `k`: knows the constants of the dictionary and no others."""

    def __getattr__(self, name: str) -> Keyword:
        if name not in _TERMS["enums"]:
            raise AttributeError(f"Excel's dictionary has no constant {name}")
        return Keyword(name)


def windows_things(log: list[str], lacks: frozenset[str] = frozenset()) -> dict[str, Any]:
    """What xlwings hands over on Windows, as far as the finishes look at it."""

    def com(kind: str) -> Com:
        return Com(kind, log, lacks=lacks)

    return _things(com, {"Chart": com("Chart"), "Series": com("Series"), "Axis": com("Axis")})


def mac_things(log: list[str], lacks: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The same on a Mac."""

    def reference(kind: str) -> Reference:
        return Reference(log, kind.lower(), lacks=lacks)

    kinds = {name: reference(name) for name in ("Chart", "Series", "Axis")}
    return _things(reference, kinds)


def _things(native: Any, charts: dict[str, Any]) -> dict[str, Any]:
    sheet = SimpleNamespace(
        api=native("Worksheet"),
        visible=True,
        page_setup=SimpleNamespace(api=native("PageSetup")),
        range=lambda _: SimpleNamespace(api=native("Range")),
    )
    rng = SimpleNamespace(
        api=native("Range"), sheet=sheet, data_validation=SimpleNamespace(api=native("Validation"))
    )
    names = {"_mapseg.in.1": SimpleNamespace(api=native("Name"))}
    return {
        "book": SimpleNamespace(api=native("Workbook"), names=names),
        "sheet": sheet,
        "range": rng,
        "chart": SimpleNamespace(api=(None, charts["Chart"])),
        "series": SimpleNamespace(api=charts["Series"]),
        "axis": SimpleNamespace(api=charts["Axis"]),
    }
