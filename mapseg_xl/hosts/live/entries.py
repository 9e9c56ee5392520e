"""Input cells, names, colour scales and tables of a tab in an open workbook."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from typing import Any

from mapseg_xl.hosts.live.finish import Finishing
from mapseg_xl.hosts.live.grid import Spot, spots
from mapseg_xl.hosts.live.spoken import spoken
from mapseg_xl.report.memory import runs
from mapseg_xl.report.styles import COLOURS
from mapseg_xl.report.verbs import DataTable, Entry, Name, Scale, sheet_reference

_LONGEST_TEXT = 32_767
_QUIET_TABLE = "TableStyleLight1"


def enter(sheet: Any, entries: Iterable[Entry], finishing: Finishing) -> None:
    """What may be typed into the input cells, and what Excel says of them; neighbours with one rule at once."""
    alike: dict[tuple[object, ...], tuple[Entry, list[Spot]]] = {}
    for verb in entries:
        rule = (verb.kind, verb.low, verb.high, verb.choices, verb.source, verb.title, verb.message)
        alike.setdefault(rule, (verb, []))[1].extend(spots(verb.rect))
    for verb, cells in alike.values():
        for rect in runs(cells):
            rng = sheet.range(rect.a1)
            _restrict(sheet, rng, verb)
            finishing.do("message of an input cell", rng, spoken(verb))


def _restrict(sheet: Any, rng: Any, verb: Entry) -> None:
    """The rule of an input cell. Text takes anything: its rule is there for the message, which needs one."""
    rule = rng.data_validation
    if verb.kind == "text":
        rule.set_text_length("less_than_or_equal", _LONGEST_TEXT)
    elif verb.kind == "choice":
        rule.set_list(sheet.range(verb.source.a1) if verb.source else list(verb.choices))
    elif verb.kind == "count":
        rule.set_whole_number(*_bounds(verb))
    else:
        rule.set_decimal(*_bounds(verb))


def _bounds(verb: Entry) -> tuple[str, ...]:
    """Excel wants a condition: without bounds any number does."""
    low, high = verb.low, verb.high
    if low is not None and high is not None:
        return "between", plain_number(low), plain_number(high)
    if high is not None:
        return "less_than_or_equal", plain_number(high)
    return "greater_than_or_equal", plain_number(low if low is not None else -1e15)


def plain_number(value: float) -> str:
    """A number as a formula that reads alike in every language: Excel takes 0.5 by the reader's decimal sign.

    >>> plain_number(0.05), plain_number(3.0)
    ('=1/20', '=3')
    """
    exact = Fraction(value).limit_denominator(10**9)
    return f"={exact.numerator}" if exact.denominator == 1 else f"={exact}"


def name(
    book: Any,
    sheet: str,
    verbs: Iterable[Name],
    standing: Mapping[str, str],
    there: Collection[str],
    finishing: Finishing,
) -> None:
    """Defines the names of a tab. Those `standing` refer where they should already; those `there` exist."""
    for verb in verbs:
        refers = f"={sheet_reference(sheet)}{verb.rect.absolute}"
        if standing.get(verb.name) != refers:
            define(book, verb.name, refers, exists=verb.name in there)
            if verb.hidden:
                finishing.do("hidden name", book, verb.name)


def define(book: Any, name: str, refers: str, *, exists: bool) -> None:
    """A name of the workbook for a range or a function."""
    if exists and name in book.names:
        book.names[name].refers_to = refers
    else:
        book.names.add(name, refers)


def colour(sheet: Any, scales: Collection[Scale]) -> None:
    """Colour scales, last first: Excel puts each new one before the others."""
    for verb in reversed(tuple(scales)):
        for rect in reversed(verb.rects):
            sheet.range(rect.a1).conditional_formats.add_color_scale(
                [COLOURS[name] for _, name in verb.points],
                thresholds=[figure for figure, _ in verb.points],
            )


def tabulate(sheet: Any, verb: DataTable) -> None:
    """Makes the cells an Excel table, or the table of that name as large as they are."""
    rng = sheet.range(verb.rect.a1)
    there = next((table for table in sheet.tables if table.name == verb.name), None)
    if there is not None:
        there.resize(rng)
    else:
        made = sheet.tables.add(source=rng, name=verb.name, table_style_name=_QUIET_TABLE)
        made.show_table_style_row_stripes = False
