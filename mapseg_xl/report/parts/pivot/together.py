"""The times-more-common matrix of a pivot: how often two values meet, over how often chance would have them meet."""

from __future__ import annotations

from mapseg_xl.report import words
from mapseg_xl.report.parts.pivot.tables import ALL, PivotFrame
from mapseg_xl.report.parts.selection import distinct, label
from mapseg_xl.report.spec import Cell, Column, Content, Formula, Heat, Part, Ref, Row, Span, Table

LEAST_EXPECTED = 5
_HIGH, _LOW = 170.0, 50.0  # ends of the colours; 100 = as often as by chance
_LONGEST_HEAD = 26


def together_parts(frame: PivotFrame) -> tuple[Part, ...]:
    """The matrix of lifts, n_ab N / (n_a n_b) with 100 for 1, live from the counts; few expected: a dash."""
    pivot, block = frame.pivot, f"{frame.block} together"
    title = words.short(words.sentence_case(words.header(pivot.rows_attribute)), _LONGEST_HEAD)
    columns = [Column("value", title, 0, "label")]
    columns += [
        Column(f"t{at}", words.short(label(pivot.columns_attribute, value), _LONGEST_HEAD), at + 1, "index")
        for at, value in enumerate(pivot.columns)
    ]  # fmt: skip
    names = distinct(pivot.rows)
    rows = tuple(_row(frame, number, name) for number, name in enumerate(names))
    keys = tuple(f"t{at}" for at in range(frame.total))
    heat = Heat(f"{block} heat", block, keys, "index", _LOW, _HIGH)
    return Table(block, tuple(columns), rows), heat


def _row(frame: PivotFrame, number: int, name: str) -> Row:
    cells: dict[str, Content | Cell] = {"value": name}
    cells |= {f"t{at}": _lift(frame, number, at) for at in range(frame.total)}
    return Row(frame.key(number), cells)


def _lift(frame: PivotFrame, row: int, column: int) -> Formula:
    last = len(frame.pivot.rows)
    both, first, second, everybody = (
        sum(cell.n for cell in frame.of(r, c))
        for r, c in ((row, column), (row, frame.total), (last, column), (last, frame.total))
    )
    places = {"ab": (row, column), "a": (row, frame.total), "b": (last, column)}
    refs: dict[str, Ref | Span] = {
        name: Ref(frame.rows_table, frame.key(r), f"n{c}") for name, (r, c) in places.items()
    }
    refs["all"] = Ref(frame.rows_table, ALL, f"n{frame.total}")
    expected = first * second / everybody if everybody else 0.0
    value = 100 * both / expected if expected >= LEAST_EXPECTED else None
    text = f'IF({{a}}*{{b}}<{LEAST_EXPECTED}*{{all}},"",100*{{ab}}*{{all}}/({{a}}*{{b}}))'
    return Formula(text, value, refs)
