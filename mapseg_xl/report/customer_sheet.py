"""The sheet Customers: one row a customer as plain data, an Excel table from A1 on. No headline: rows to work with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import sha256

from mapseg_xl.intake.joining.combined import CombinedColumn
from mapseg_xl.report.styles import FORMATS
from mapseg_xl.report.verbs import (
    Block,
    DataTable,
    NumberFormat,
    Page,
    Rect,
    Sheet,
    Style,
    Value,
    Verb,
    View,
    Width,
)

TABLE = "Customers"
ROWS = "customer rows"  # in the workbook's memory: a print of this sheet
_FORMATS = {
    "date": FORMATS["date"],
    "count": "#,##0",
    "money": "#,##0.00",
    "share": "0.0%",
    "number": "General",
}
_NARROWEST_PX, _WIDEST_PX, _LETTER_PX, _ARROW_PX, _INDENT_PX = 64, 260, 7, 26, 9
_LOOKED_AT = 200  # rows that decide a column's width
_PAGE_PX, _SMALLEST_SCALE = 1_026, 25  # width of a printed page; below that nobody can read it


def customer_sheet(
    columns: Sequence[CombinedColumn], name: str, footer: str, table: str = TABLE
) -> Sheet:
    """The columns as a sheet of that name: heads in row 1, kept in view. `table`: what formulas call it."""
    rows = len(columns[0].values)
    last = len(columns) - 1
    whole = Rect(0, 0, max(rows, 1), last)  # a table has a row below its head
    heads = tuple(column.header for column in columns)
    body = tuple(zip(*(column.values for column in columns), strict=True))
    blocks: list[tuple[Value, ...]] = [heads, *body]
    verbs: list[Verb] = [Width(at, at, _width(column)) for at, column in enumerate(columns)]
    verbs += [Style(Rect(0, 0, 0, last), look) for look in ("head", "bold")]
    verbs += [
        style for at, column in enumerate(columns) for style in _stands(column.kind, at, rows)
    ]
    verbs += [
        NumberFormat(Rect(1, at, max(rows, 1), at), code)
        for at, column in enumerate(columns)
        if (code := _FORMATS.get(column.kind))
    ]
    verbs += [Block(Rect(0, 0, rows, last), tuple(blocks)), DataTable(whole, table), View(1)]
    verbs.append(
        Page(
            whole, one_page=False, scale=_scale(columns), breaks=(), repeat=(0, 0), **_feet(footer)
        )
    )
    return Sheet(name, "base", "visible", tuple(verbs))


def rows_print(columns: Sequence[CombinedColumn]) -> str:
    """What tells whether somebody has changed the sheet since: a print of its heads and cells."""
    return cells_print((column.header, *column.values) for column in columns)


def cells_print(columns: Iterable[Iterable[object]]) -> str:
    """A print of columns of cells, the same however a spreadsheet program keeps them.

    >>> cells_print([["Day", date(2026, 1, 2)]]) == cells_print([("Day", date(2026, 1, 2))])
    True
    """
    digest = sha256()
    for column in columns:
        digest.update("\x1f".join(map(_plain, column)).encode("utf-8", "surrogatepass"))
        digest.update(b"\x1e")
    return digest.hexdigest()


def _plain(value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, date):
        return value.isoformat()[:10]
    return f"{float(value):.12g}" if isinstance(value, int | float) else str(value)


def _stands(kind: str, at: int, rows: int) -> list[Style]:
    """Words and dates stand left and figures right, under their heads; no figure touches the words after it."""
    body = Style(Rect(1, at, max(rows, 1), at), "body")
    sides = ("left",) if kind in ("text", "date") else ("right", "indent")
    return [body, *(Style(Rect(0, at, max(rows, 1), at), side) for side in sides)]


def _scale(columns: Sequence[CombinedColumn]) -> int:
    """All columns on the width of a page, as far as that can be read."""
    whole = sum(map(_width, columns))
    return min(100, max(_SMALLEST_SCALE, 100 * _PAGE_PX // whole))


def _feet(footer: str) -> dict[str, str]:
    return {"footer_left": footer, "footer_centre": "Contains names: not for passing on"}


def _width(column: CombinedColumn) -> int:
    """Wide enough for the head with its arrow and for what the first rows hold."""
    longest = max((len(str(v)) for v in column.values[:_LOOKED_AT] if v is not None), default=0)
    wanted = max(len(column.header) * _LETTER_PX + _ARROW_PX, longest * _LETTER_PX + 2 * _INDENT_PX)
    return min(max(wanted, _NARROWEST_PX), _WIDEST_PX)
