"""Match report: how the tables became one row a customer, what was left over, and whether rows and money tie."""

from __future__ import annotations

from collections.abc import Sequence

from mapseg_xl.intake.tables import Match
from mapseg_xl.report import words
from mapseg_xl.report.parts.names import MATCH_REPORT
from mapseg_xl.report.spec import Cell, Column, Content, Formula, Row, Section, Tab, Table, Text

ROWS, MONEY, KEYS = "rows", "money", "keys"
_NAME = Column("right", "Table", 0, "text")
_NOTES = (
    "A row finds its customer when its key is the same but for case, outer spaces and leading zeros.",
    "Left over: rows whose key no customer has, or without a key. They are in no figure.",
    "On several rows: keys that a table holds more than once; their money is added up.",
)


def tab(matches: Sequence[Match], taken: Sequence[str], customers: int, currency: str) -> Tab:
    """The tab of `matches`, one a joined table; `taken`: a sentence a sheet, read or left."""
    sections = [*_tables(matches, currency)] if matches else []
    sections.append(Section("What was read", (Text(tuple(taken), "note"),)))
    return Tab(
        MATCH_REPORT,
        "TRUST",
        _headline(matches, customers, currency),
        f"Your own sheets are unchanged. {words.counted(customers, 'customer row')} on Customers.",
        tuple(sections),
        notes=_NOTES if matches else (),
    )


def _headline(matches: Sequence[Match], customers: int, currency: str) -> str:
    if not matches:
        return f"One table: {words.counted(customers, 'row')}, nothing to join."
    lost = [m for m in matches if m.rows_left]
    if not lost:
        tables = words.counted(len(matches), "table")
        return f"Every row of {tables} found its customer; the money ties to the cent."
    worst = max(lost, key=lambda m: (m.money_left or 0, m.rows_left))
    rows = worst.rows_left + worst.rows_matched
    money = f", {currency}{worst.money_left:,.2f}" if worst.money_left else ""
    return (
        f"{worst.rows_left:,} of {rows:,} rows of {_sheet(worst.right)} found no customer{money}."
    )


def _sheet(table: str) -> str:
    return table.rpartition(" · ")[2]


def _tables(matches: Sequence[Match], currency: str) -> list[Section]:
    sections = [
        Section("Rows", (_rows(matches),), "found + left over = rows of the table"),
        Section("Keys", (_keys(matches),), "which customers a table knows"),
    ]
    paid = [m for m in matches if m.money_matched is not None]
    if paid:
        help_ = "found + left over = the table’s own total, to the cent"
        sections.insert(1, Section("Money", (_money(paid, currency),), help_))
    return sections


def _rows(matches: Sequence[Match]) -> Table:
    columns = (
        _NAME,
        Column("left", "Joined to", 2, "text"),
        Column("key", "By", 5, "text"),
        Column("all", "Rows", 8, "count"),
        Column("found", "Found", 9, "count"),
        Column("lost", "Left over", 10, "count"),
    )
    rows = []
    for at, m in enumerate(matches):
        cells: dict[str, Content | Cell] = {
            "right": m.right,
            "left": m.left,
            "key": m.key,
            "all": Formula("{found}+{lost}", m.rows_matched + m.rows_left),
            "found": m.rows_matched,
            "lost": m.rows_left,
        }
        rows.append(Row(f"{at:02}", cells))
    return Table(ROWS, columns, tuple(rows))


def _money(matches: Sequence[Match], currency: str) -> Table:
    columns = (
        _NAME,
        Column("all", f"Money, {currency}" if currency else "Money", 6, "cents"),
        Column("found", "Found", 8, "cents"),
        Column("lost", "Left over", 10, "cents"),
    )
    rows = []
    for at, m in enumerate(matches):
        found, lost = m.money_matched or 0.0, m.money_left or 0.0
        cells: dict[str, Content | Cell] = {
            "right": m.right,
            "all": Formula("{found}+{lost}", found + lost),
            "found": found,
            "lost": lost,
        }
        rows.append(Row(f"{at:02}", cells))
    return Table(MONEY, columns, tuple(rows))


def _keys(matches: Sequence[Match]) -> Table:
    columns = (
        _NAME,
        Column("matched", "In both", 6, "count"),
        Column("only_left", "Only there", 7, "count"),
        Column("only_right", "Only here", 8, "count"),
        Column("duplicates", "On several rows", 9, "count"),
        Column("many", "Several both ways", 10, "count"),
    )
    rows = tuple(
        Row(
            f"{at:02}",
            {
                "right": m.right,
                "matched": m.matched,
                "only_left": m.only_left,
                "only_right": m.only_right,
                "duplicates": m.duplicates,
                "many": m.many_to_many,
            },
        )
        for at, m in enumerate(matches)
    )
    return Table(KEYS, columns, rows)
