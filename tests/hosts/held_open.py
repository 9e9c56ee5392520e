"""Reads a workbook that is open in a spreadsheet program, through xlwings, into the form all hosts are compared in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from mapseg_xl.report.verbs import Rect
from tests.hosts.held import Held, HeldSheet, Spot, bounds, plain


def of_open(book: Any, like: Held) -> Held:
    """What an open workbook holds; looks are asked for where `like` has any."""
    sheets = {s.name: _sheet(s, like.sheets.get(s.name, HeldSheet(True))) for s in book.sheets}
    return Held(sheets, {name.name: plain(name.refers_to) for name in book.names})


def _sheet(there: Any, like: HeldSheet) -> HeldSheet:
    held = HeldSheet(there.visible in (True, -1))
    last = there.used_range.last_cell
    whole = there.range((1, 1), (last.row, last.column)).options(ndim=2, err_to_str=True)
    formulas = whole.formula
    formulas = formulas if isinstance(formulas, tuple) else ((formulas,),)
    for row, line in enumerate(whole.value):
        for column, value in enumerate(line):
            text = formulas[row][column]
            if text.startswith("=") and text != value:
                held.formulas[row, column] = plain(text)
            if text:
                held.values[row, column] = value
    for spot in like.formats:
        held.formats[spot] = _cell(there, spot).number_format
    for column in like.widths:
        held.widths[column] = round(_cell(there, (0, column)).width / 0.75)
    for row in like.heights:
        held.heights[row] = _cell(there, (row, 0)).row_height
    for spot in like.rules:
        held.rules[spot] = _rule(_cell(there, spot).data_validation)
    return replace(
        held,
        scales=frozenset(_scales(there, {spot for spot, _ in like.scales})),
        charts=len(there.charts),
        gridlines=there.show_gridlines if held.seen else True,
        print_area=there.page_setup.print_area or "",
    )


def _cell(sheet: Any, spot: Spot) -> Any:
    return sheet.range(Rect.cell(*spot).a1)


def _rule(rule: Any) -> tuple[Any, ...]:
    match rule.type:
        case "list":
            source = rule.source
            return "choice", _alone(plain(source)) if source.startswith("=") else source
        case "whole_number" | "decimal":
            kind = "count" if rule.type == "whole_number" else "number"
            if rule.operator == "less_than_or_equal":
                return kind, *reversed(bounds(rule.formula1))
            return kind, *bounds(rule.formula1, rule.formula2)
        case "text_length":
            return ("text",)
        case other:
            return (other,)


def _scales(sheet: Any, spots: Iterable[Spot]) -> set[tuple[Any, ...]]:
    found = set()
    for spot in spots:
        for rule in _cell(sheet, spot).conditional_formats:
            colours = ["#{:02X}{:02X}{:02X}".format(*colour) for colour in rule.colors]
            found.add((spot, tuple(zip(rule.thresholds, colours, strict=True))))
    return found


def _alone(reference: str) -> str:
    """A reference without its sheet: `=Tab!$A$1` -> `=$A$1`."""
    return "=" + reference.rpartition("!")[2].lstrip("=")
