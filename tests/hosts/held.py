"""What a workbook holds of a plan, in one form for every host: a file, a record, an open workbook."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from mapseg_xl.hosts.recorder import cells, record
from mapseg_xl.report import verbs
from mapseg_xl.report.styles import COLOURS
from mapseg_xl.report.verbs import Plan, Rect

Spot = tuple[int, int]


_NUMBER = re.compile(r"(?<![\w$.])\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w!(:])")


@dataclass(frozen=True, slots=True)
class HeldSheet:
    """One tab: cells by row and column from 0, everything else in words of the plan."""

    seen: bool
    values: dict[Spot, Any] = field(default_factory=dict)
    formulas: dict[Spot, str] = field(default_factory=dict)
    formats: dict[Spot, str] = field(default_factory=dict)
    widths: dict[int, int] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    rules: dict[Spot, tuple[Any, ...]] = field(default_factory=dict)
    scales: frozenset[tuple[Any, ...]] = frozenset()
    charts: int = 0
    gridlines: bool = True
    print_area: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A workbook: its tabs in order, its names and what they refer to."""

    sheets: dict[str, HeldSheet]
    names: dict[str, str]


def plain(formula: str) -> str:
    """A formula without what hosts may write differently: quotes around plain names, blanks between signs.

    >>> plain("=IF( 'Volume'!A1 > 2,\\"a  b\\",'My tab'!B2)")
    '=IF(Volume!A1>2,"a  b",\\'My tab\\'!B2)'
    """
    parts = re.split(r"(\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*')", formula)
    parts = [part if part[:1] in "'\"" and part else part.replace(" ", "") for part in parts]
    parts = [part if part[:1] in ("'", '"') else _NUMBER.sub(_figure, part) for part in parts]
    return re.sub(r"'([A-Za-z_][A-Za-z0-9_]*)'!", r"\1!", "".join(parts))


def _figure(found: re.Match[str]) -> str:
    return f"{float(found[0]):.15g}"


def bounds(first: Any, last: Any = None) -> tuple[float | None, ...]:
    """Bounds of a rule, however they are written; none stands for the widest."""
    found = [
        None if text in (None, "") else float(Fraction(str(text).lstrip("=")))
        for text in (first, last)
    ]
    return tuple(None if value == -1e15 else value for value in found)


# of a plan


def of_plan(plan: Plan) -> Held:
    """What the plan says that a workbook is to hold."""
    sheets, names = {}, {}
    for sheet in plan.sheets:
        sheets[sheet.name] = _planned(sheet.visibility == "visible", cells(sheet), sheet.verbs)
        for verb in sheet.verbs:
            if isinstance(verb, verbs.Name):
                names[verb.name] = f"={verbs.sheet_reference(sheet.name)}{verb.rect.absolute}"
    return Held(sheets, {name: plain(refers) for name, refers in names.items()})


def of_record(plan: Plan) -> Held:
    """What the recording host's lines say: every verb is made anew from its line."""
    lines = record(plan)
    sheets, names = {}, {}
    for sheet in plan.sheets:
        own = [
            line.removeprefix(f"{sheet.name}: ")
            for line in lines
            if line.startswith(f"{sheet.name}: ")
        ]
        said = [eval(line, vars(verbs)) for line in own if re.match(r"[A-Z][A-Za-z]+\(", line)]  # noqa: S307  # our own lines
        sheets[sheet.name] = _planned("tab visible" in own[0], cells(sheet), tuple(said))
        names |= {
            v.name: f"={verbs.sheet_reference(sheet.name)}{v.rect.absolute}"
            for v in said
            if isinstance(v, verbs.Name)
        }
    return Held(sheets, {name: plain(refers) for name, refers in names.items()})


def _planned(seen: bool, values: dict[Spot, Any], said: tuple[Any, ...]) -> HeldSheet:
    held = HeldSheet(seen)
    for spot, value in values.items():
        if isinstance(value, verbs.Live):
            held.formulas[spot] = plain("=" + value.formula)
            value = value.value  # noqa: PLW2901  # the value now
        held.values[spot] = value
    held.values.update({spot: None for spot, value in held.values.items() if value == ""})
    charts, scales = 0, set()
    for verb in said:
        match verb:
            case verbs.NumberFormat():
                held.formats.update(dict.fromkeys(_spots(verb.rect), verb.code))
            case verbs.Width():
                held.widths.update(dict.fromkeys(range(verb.first, verb.last + 1), verb.pixels))
            case verbs.Height():
                held.heights[verb.row] = verb.points
            case verbs.Entry():
                held.rules.update(dict.fromkeys(_spots(verb.rect), _rule(verb)))
            case verbs.Scale():
                points = tuple(
                    (float(figure), COLOURS[name].upper()) for figure, name in verb.points
                )
                scales |= {(spot, points) for rect in verb.rects for spot in _spots(rect)}
            case verbs.Chart():
                charts += 1
    view = any(isinstance(verb, verbs.View) for verb in said)
    page = next((verb.area.absolute for verb in said if isinstance(verb, verbs.Page)), "")
    return replace(
        held, charts=charts, scales=frozenset(scales), gridlines=not view, print_area=page
    )


def _rule(verb: verbs.Entry) -> tuple[Any, ...]:
    match verb.kind:
        case "text":
            return ("text",)
        case "choice":
            return "choice", plain("=" + verb.source.absolute) if verb.source else ",".join(
                verb.choices
            )
        case kind:
            whole = "count" if kind == "count" else "number"
            return whole, verb.low, verb.high


def _spots(rect: Rect) -> list[Spot]:
    return [
        (row, column)
        for row in range(rect.top, rect.bottom + 1)
        for column in range(rect.left, rect.right + 1)
    ]
