"""Rows and money of every table on Match report: what came in is found, left over or left out, to the cent."""

from __future__ import annotations

from collections.abc import Sequence

from mapseg_xl.intake.tables import Joining, Match
from mapseg_xl.report.spec import Cell, Column, Content, Formula, Row, Section, Table

ROWS, MONEY, OWN = "rows", "money", "own"
NAME = Column("right", "Table", 0, "text")
_TIES = "ROUND({all}-{found}-{lost}-{out},2)"


def tie_sections(matches: Sequence[Match], joining: Joining, currency: str) -> list[Section]:
    """Rows of every table, then money of those that have any."""
    paid = [m for m in matches if m.money_matched is not None]
    rows = Section("Rows", (_rows(matches, joining),), "rows = found + left over + left out")
    own = joining.own
    if not paid and (own is None or own.money is None):
        return [rows]
    help_ = "what is left when all is taken off the table’s own sum: nothing"
    return [rows, Section("Money", (_money(paid, joining, currency),), help_)]


def _rows(matches: Sequence[Match], joining: Joining) -> Table:
    columns = (
        NAME,
        Column("left", "Joined to", 2, "text"),
        Column("key", "By", 4, "text"),
        Column("all", "Rows", 7, "count"),
        Column("found", "Found", 8, "count"),
        Column("lost", "Left over", 9, "count"),
        Column("out", "Left out", 10, "count"),
    )
    rows = []
    if (own := joining.own) is not None:
        rows.append(
            _rows_row(OWN, own.table, "", "the customers", (own.rows_used, 0, own.rows_left_out))
        )
    rows += [
        _rows_row(
            f"{at:02}", m.right, m.left, m.key, (m.rows_matched, m.rows_left, m.rows_left_out)
        )
        for at, m in enumerate(matches)
    ]
    return Table(ROWS, columns, tuple(rows))


def _rows_row(key: str, table: str, left: str, by: str, counts: tuple[int, int, int]) -> Row:
    found, lost, out = counts
    cells: dict[str, Content | Cell] = {
        "right": table,
        "left": left,
        "key": by,
        "all": Formula("{found}+{lost}+{out}", sum(counts)),
        "found": found,
        "lost": lost,
        "out": out,
    }
    return Row(key, cells)


def _money(matches: Sequence[Match], joining: Joining, currency: str) -> Table:
    columns = (
        NAME,
        Column(
            "all", f"Sum of the table, {currency}" if currency else "Sum of the table", 4, "cents"
        ),
        Column("found", "Found", 6, "cents"),
        Column("lost", "Left over", 7, "cents"),
        Column("out", "Left out", 8, "cents"),
        Column("tie", "Difference", 9, "cents"),
        Column("counted", "On Customers", 10, "cents"),
    )
    rows = []
    own = joining.own
    if own is not None and own.money is not None and own.money_used is not None:
        out = round(own.money - own.money_used, 6)
        rows.append(
            _money_row(OWN, own.table, (own.money, own.money_used, 0.0, out), own.money_used)
        )
    for at, m in enumerate(matches):
        found, lost = m.money_matched or 0.0, m.money_left or 0.0
        sums = (m.money_all or 0.0, found, lost, m.money_left_out or 0.0)
        rows.append(_money_row(f"{at:02}", m.right, sums, m.money_counted))
    return Table(MONEY, columns, tuple(rows))


def _money_row(
    key: str, table: str, sums: tuple[float, float, float, float], counted: float | None
) -> Row:
    whole, found, lost, out = sums
    cells: dict[str, Content | Cell] = {
        "right": table,
        "all": whole,
        "found": found,
        "lost": lost,
        "out": out,
        "tie": Formula(_TIES, round(whole - found - lost - out, 2) + 0.0),
        "counted": counted,
    }
    return Row(key, cells)
