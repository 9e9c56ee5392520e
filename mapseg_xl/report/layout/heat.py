"""Colours a table's figures on a fixed scale, with white hairlines between the cells. Internal to the layout."""

from __future__ import annotations

from mapseg_xl.report.layout.draft import Draft
from mapseg_xl.report.spec import Heat, Section, Table
from mapseg_xl.report.verbs import Rect, Rule, Scale

_BLUE = ("white", "heat.most")
_ENDS = {  # colours of a low and a high index
    "index": ("heat.low", "heat.high"),
    "index.low_is_good": ("heat.high", "heat.low"),
}
_MIDDLE = 100.0  # an index of 100: as everyone else


def heat_columns(section: Section, table: Table) -> frozenset[str]:
    """The keys of a table's columns that are a heat map: their figures and heads are centred."""
    return frozenset(
        column
        for part in section.parts
        if isinstance(part, Heat) and part.table == table.id
        for column in part.columns
    )


def lay_heat(draft: Draft, section: Section, part: Heat) -> None:
    """One scale over the cells of a heat map, and lines between neighbours (right and top of a cell)."""
    cells = _cells(draft, section, part)
    if not cells:
        return
    for row, column in sorted(cells):
        draft.looks.append(Rule(Rect.cell(row, column), "right", "white"))
        if (row - 1, column) in cells:  # both sides of the edge say the same
            draft.looks.append(Rule(Rect.cell(row - 1, column), "bottom", "white"))
            draft.looks.append(Rule(Rect.cell(row, column), "top", "white"))
    draft.scales.append(Scale(rectangles(cells), _points(part)))


def _points(part: Heat) -> tuple[tuple[float, str], ...]:
    """Figures and their colours, strictly rising as Excel wants them."""
    if part.scale in _ENDS:
        low, high = min(part.low, _MIDDLE - 1), max(part.high, _MIDDLE + 1)
        below, above = _ENDS[part.scale]
        return (low, below), (_MIDDLE, "white"), (high, above)
    high = part.high if part.high > part.low else part.low + 1
    return (part.low, _BLUE[0]), (high, _BLUE[1])


def _cells(draft: Draft, section: Section, part: Heat) -> set[tuple[int, int]]:
    """Row and sheet column of the cells, without totals and what the heat map leaves out."""
    places = _column_places(section, part)
    wanted = part.rows or tuple(
        key for key in draft.orders[part.table] if (part.table, key) not in draft.totals
    )
    left_out = set(part.skip)
    return {
        (draft.rows[part.table, row][0], places[column])
        for row in wanted
        for column in part.columns
        if (row, column) not in left_out
    }


def _column_places(section: Section, part: Heat) -> dict[str, int]:
    return {
        column.key: column.at + 1
        for table in section.parts
        if isinstance(table, Table) and table.id == part.table
        for column in table.columns
    }


def rectangles(cells: set[tuple[int, int]]) -> tuple[Rect, ...]:
    """Cells as few rectangles: runs in a row, joined downwards where they are alike.

    >>> [rect.a1 for rect in rectangles({(0, 0), (0, 1), (1, 0), (1, 1), (2, 0)})]
    ['A1:B2', 'A3']
    """
    done: list[Rect] = []
    open_: dict[tuple[int, int], Rect] = {}
    for row in sorted({row for row, _ in cells}):
        runs = _runs(sorted(column for at, column in cells if at == row))
        grown: dict[tuple[int, int], Rect] = {}
        for left, right in runs:
            above = open_.pop((left, right), None)
            joined = above is not None and above.bottom == row - 1
            top = above.top if above is not None and joined else row
            if above is not None and not joined:
                done.append(above)
            grown[left, right] = Rect(top, left, row, right)
        done += open_.values()
        open_ = grown
    done += open_.values()
    return tuple(sorted(done))


def _runs(columns: list[int]) -> list[tuple[int, int]]:
    """Neighbouring columns as first and last."""
    runs: list[tuple[int, int]] = []
    for column in columns:
        if runs and runs[-1][1] == column - 1:
            runs[-1] = runs[-1][0], column
        else:
            runs.append((column, column))
    return runs
