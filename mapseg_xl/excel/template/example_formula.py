"""Computes an example of the Functions tab: arguments read off the sample tables, the rest by the function."""

from __future__ import annotations

import re
from typing import Any

from mapseg_xl.excel.catalog import FUNCTIONS
from mapseg_xl.excel.template.guide_samples import SAMPLES

_CALL = re.compile(r"(SEG_\w+)\((.*)\)", re.DOTALL)
_ARGUMENT = re.compile(
    r"""\s*(?:
        "(?P<text>[^"]*)"
      | \{(?P<array>[^}]*)\}
      | (?P<table>\w+)\[\[(?P<first>[^\]]+)\]:\[(?P<last>[^\]]+)\]\]
      | (?P<named>\w+)\[(?P<head>[^\]]+)\]
      | (?P<number>-?\d+(?:\.\d+)?)(?P<share>%?)
    )\s*(?:,|$)""",
    re.VERBOSE,
)
_SAMPLES = {sample.name: sample for sample in SAMPLES}
_BY_NAME = {function.name: function.function for function in FUNCTIONS}


def computed(formula: str) -> Any:
    """What a formula of one SEG function gives, without its =.

    >>> computed("SEG_LTV_TO_CAC(1000, 400)"), computed("SEG_INDEX(20%, 8%)")
    (2.5, 250.0)
    """
    call = _CALL.fullmatch(formula)
    if call is None:
        raise ValueError(f"not one call of a function: {formula}")
    return _BY_NAME[call[1]](*arguments(call[2]))


def arguments(text: str) -> list[Any]:
    """The arguments of a call as Excel would hand them over.

    >>> arguments('"Agency", 75%, {1,2;3,4}')
    ['Agency', 0.75, [[1.0, 2.0], [3.0, 4.0]]]
    """
    found, at = [], 0
    while at < len(text):
        part = _ARGUMENT.match(text, at)
        if part is None:
            raise ValueError(f"no argument of an example: {text[at:]}")
        found.append(_value(part))
        at = part.end()
    return found


def _value(part: re.Match[str]) -> Any:
    if part["text"] is not None:
        return part["text"]
    if part["array"] is not None:
        return [[float(cell) for cell in row.split(",")] for row in part["array"].split(";")]
    if part["table"]:
        return _SAMPLES[part["table"]].block(part["first"], part["last"])
    if part["named"]:
        return _SAMPLES[part["named"]].column(part["head"])
    number = float(part["number"])
    return number / 100 if part["share"] else number
