"""Reads a finished .xlsx file into the form all hosts are compared in."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.utils import range_boundaries

from tests.hosts.held import Held, HeldSheet, Spot, bounds, plain

_PIXELS = 7  # a character of Calibri 11


def of_file(content: bytes) -> Held:
    """What a workbook file holds."""
    formulas = openpyxl.load_workbook(BytesIO(content))
    values = openpyxl.load_workbook(BytesIO(content), data_only=True)
    sheets = {name: _sheet(formulas[name], values[name]) for name in formulas.sheetnames}
    names = {name: plain("=" + item.attr_text) for name, item in formulas.defined_names.items()}
    return Held(sheets, names)


def _sheet(there: Any, calculated: Any) -> HeldSheet:
    held = HeldSheet(there.sheet_state == "visible")
    for line in there.iter_rows():
        for cell in line:
            spot = cell.row - 1, cell.column - 1
            if cell.data_type == "f":
                held.formulas[spot] = plain(cell.value)
            if cell.value is not None:
                value = calculated.cell(cell.row, cell.column).value
                held.values[spot] = None if value == "" else value
            held.formats[spot] = cell.number_format
    for dimension in there.column_dimensions.values():
        pixels = round(dimension.width * _PIXELS)
        held.widths.update(dict.fromkeys(range(dimension.min - 1, dimension.max), pixels))
    held.heights.update({at - 1: d.height for at, d in there.row_dimensions.items() if d.height})
    for rule in there.data_validations.dataValidation:
        for part in rule.sqref.ranges:
            held.rules.update(dict.fromkeys(_spots(part.coord), _rule(rule)))
    area = there.print_area or ""
    return replace(
        held,
        scales=frozenset(_scales(there)),
        charts=len(there._charts),
        gridlines=there.sheet_view.showGridLines is not False,
        print_area=area.rpartition("!")[2],
    )


def _rule(rule: Any) -> tuple[Any, ...]:
    match rule.type:
        case "list":
            source = rule.formula1
            return "choice", source.strip('"') if source.startswith('"') else plain("=" + source)
        case "whole" | "decimal":
            kind = "count" if rule.type == "whole" else "number"
            if rule.operator in (None, "between"):
                return kind, *bounds(rule.formula1, rule.formula2)
            if rule.operator == "lessThanOrEqual":
                return kind, *reversed(bounds(rule.formula1))
            return kind, *bounds(rule.formula1)
        case _:
            return ("text",)


def _scales(there: Any) -> set[tuple[Any, ...]]:
    found = set()
    for group in there.conditional_formatting:
        for rule in group.rules:
            scale = rule.colorScale
            colours = [f"#{colour.rgb[2:]}".upper() for colour in scale.color]
            points = tuple(zip((float(point.val) for point in scale.cfvo), colours, strict=True))
            for part in group.sqref.ranges:
                found |= {(spot, points) for spot in _spots(part.coord)}
    return found


def _spots(address: str) -> list[Spot]:
    left, top, right, bottom = range_boundaries(address)
    return [
        (row - 1, column - 1) for row in range(top, bottom + 1) for column in range(left, right + 1)
    ]
