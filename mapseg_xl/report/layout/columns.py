"""The columns of a table on the page grid: how wide, how aligned, which money unit. Internal to the layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mapseg_xl.report.layout.draft import Draft, number
from mapseg_xl.report.layout.heat import heat_columns
from mapseg_xl.report.spec import Column, Row, Section, Table
from mapseg_xl.report.styles import WORDS

PADDING_PX, HEAD_PADDING_PX, INDENT_PX = (
    5,
    3,
    9,
)  # what a cell keeps free; a head right-aligned may touch


RUNNING_ON = ("text", "label", "chip")  # words may use the empty cells to their right


@dataclass(frozen=True, slots=True)
class Laid:
    """A column with what its neighbours mean for it."""

    column: Column
    looks: tuple[str, ...]  # alignment
    cells: int  # grid columns its text may run over
    cells_px: float  # width of those
    room_px: float  # pixels its text has in them
    largest: float  # of its figures, for the money unit
    across: bool = False  # title centred over this and the next column


def lay_columns(draft: Draft, section: Section, table: Table) -> tuple[Laid, ...]:
    """The columns of a table from left to right."""
    columns = sorted(table.columns, key=lambda column: column.at)
    scales = _scales(columns, table.rows)
    heat = heat_columns(section, table)
    laid = []
    for index, column in enumerate(columns):
        looks = ("centre",) if column.key in heat else _alignment(columns, index)
        if looks == ("right",) and index + 1 < len(columns) and columns[index + 1].key in heat:
            looks = ("right", "indent")  # air before the colour
        cells = _cells(section, columns, index)
        reach = cells if column.format in RUNNING_ON else 1
        width = draft.span_px(column.at, column.at + reach - 1)
        room = width - PADDING_PX
        room -= INDENT_PX if "indent" in looks else 0
        across = column.over or (column.format == "low" and _follows(columns, index, "high"))
        laid.append(Laid(column, looks, cells, width, room, scales[column.key], across))
    return tuple(laid)


def _follows(columns: Sequence[Column], index: int, name: str) -> bool:
    """Whether a column of this format stands right beside."""
    if index + 1 == len(columns):
        return False
    following = columns[index + 1]
    return following.format == name and following.at == columns[index].at + 1


def _cells(section: Section, columns: Sequence[Column], index: int) -> int:
    following = columns[index + 1].at if index + 1 < len(columns) else section.last + 1
    if columns[index].at <= section.last:
        following = min(
            following, section.last + 1
        )  # what stands right of the page is no neighbour
    return max(1, following - columns[index].at)


def _alignment(columns: Sequence[Column], index: int) -> tuple[str, ...]:
    """Words left, figures right, chips centred; air between a figure and the word or chip after it."""
    column = columns[index]
    if column.format == "chip":
        return ("centre",)
    if column.format == "high":
        return ("left",)
    if column.format in WORDS:
        before = columns[index - 1].format if index else "text"
        return ("left",) if before in WORDS or before == "high" else ("left", "indent")
    return ("right", "indent") if _follows(columns, index, "chip") else ("right",)


def _scales(columns: Sequence[Column], rows: Sequence[Row]) -> dict[str, float]:
    """The largest figure of each column; a value and the bounds to its right share one."""
    scales = {
        column.key: max(
            (abs(number(row.cells.get(column.key)) or 0.0) for row in rows), default=0.0
        )
        for column in columns
    }
    group: list[str] = []
    for column in columns:
        group = [*group, column.key] if column.format in ("low", "high") else [column.key]
        scales.update(dict.fromkeys(group, max(scales[key] for key in group)))
    return scales
