"""A figure of a segment as a cell function answers it: one number, or a table of all segments with ranges and notes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from mapseg_xl.analyze.performance import PerformanceRow
from mapseg_xl.excel.answering.answers import NotAvailable
from mapseg_xl.excel.answering.bases import Base, Bound, bound
from mapseg_xl.excel.arguments.cells import one_name
from mapseg_xl.excel.cell_function import Answer, Scalar, Spilled
from mapseg_xl.metrics.base import Metric, sentence
from mapseg_xl.report.words import head_of_n

_SAID_IN_CELLS = (
    (
        re.compile(
            r"(followed for (\d+)[\d.]* months, not [\d.]+); a shorter limit can be set on Survival & LTV"
        ),
        r"\1: a within_months of \2 or less gives a figure",
    ),
    (re.compile("type one on Survival & LTV, or add a column"), "give margin, such as 75%"),
    (re.compile("not checked within channel(?:; )?"), ""),
)
WORDS = {
    "better": "better",
    "worse": "worse",
    "about_same": "about the same",
    "cant_tell": "can't tell yet",
    "not_available": "not compared",
}


def figure(base: Base, metric: Metric, which: Any, title: str = "") -> Answer:
    """The metric of one segment; without `which` the table of all of them."""
    name = one_name(which, "which")
    found = bound(base)
    return table(found, metric, title) if name is None else number(found, metric, name)


def number(found: Bound, metric: Metric, which: str) -> float:
    """The metric of one segment. Few customers still give the number; an undefined one is #N/A with its reason."""
    estimate = found.estimate(metric, found.place_of(which))
    if estimate.value is None:
        why = in_a_cell(estimate.note) or "there is no figure"
        raise NotAvailable(f"{which}: {sentence(why, *found.columns.notes)}.")
    return float(estimate.value)


def table(found: Bound, metric: Metric, title: str = "") -> Spilled:
    """Every segment, largest first, with what keeps a marketer from being fooled by three of four."""
    head: list[Scalar] = [
        "segment",
        head_of_n(replace(metric, counted=found.estimate(metric, 0).counted or metric.counted)),
        title or metric.plain_title,
        "plausible range from",
        "to",
        "cautious estimate",
        "company average",
        "everyone else",
        "against everyone else",
        "note",
    ]
    return [head, *(_line(row, found.columns.notes) for row in found.family(metric))]


def _line(row: PerformanceRow, notes: tuple[str, ...]) -> list[Scalar]:
    return [
        row.segment,
        shown(row.n),
        shown(row.value),
        shown(row.ci_low),
        shown(row.ci_high),
        shown(row.cautious),
        shown(row.all_value),
        shown(row.rest_value),
        WORDS[row.verdict],
        sentence(in_a_cell(row.note), *notes),
    ]


def in_a_cell(note: str) -> str:
    """A note with the argument to give where a tab has a cell to type in, and without what only a tab can know.

    >>> in_a_cell("followed for 84.7 months, not 134.7; a shorter limit can be set on Survival & LTV")
    'followed for 84.7 months, not 134.7: a within_months of 84 or less gives a figure'
    >>> in_a_cell("not checked within channel; 3 units still open")
    '3 units still open'
    """
    for pattern, said in _SAID_IN_CELLS:
        note = pattern.sub(said, note)
    return note


def shown(value: float | None) -> Scalar:
    """A number as a cell takes it: empty text where it is not defined, whole numbers whole."""
    if value is None:
        return ""
    number = float(value)
    return int(number) if number.is_integer() and abs(number) < 1e15 else number
