"""How several tables became one row a customer: what matched, what did not, and whether the money ties."""

from __future__ import annotations

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.intake.tables import Match
from mapseg_xl.report import words
from mapseg_xl.report.spec import Cell, Column, Content, Formula, Row, Section, Table, Text

JOINED = "joined"
_HELP = "the money of a table is found with a customer, or stands here as left over"


def joined_section(findings: Findings) -> list[Section]:
    """A row a joined table; none where there was one table only."""
    if not findings.matches:
        return []
    columns = (
        Column("right", "Table", 0, "text"),
        Column("left", "Joined to", 2, "text"),
        Column("key", "By", 4, "text"),
        Column("facts", "What matched", 5, "text"),
        Column("total", "Money in the table", 7, "text"),
        Column("found", "found", 13, "number"),
        Column("lost", "left over", 14, "number"),
    )
    rows = tuple(_row(match, findings.currency, at) for at, match in enumerate(findings.matches))
    table = Table(JOINED, columns, rows)
    note = "Left over: rows whose key no customer here has. They are in no figure; match_report.csv has them counted."
    return [Section("How the tables were joined", (table, Text((note,), "note")), _HELP)]


def _row(match: Match, symbol: str, at: int) -> Row:
    cells: dict[str, Content | Cell] = {
        "right": match.right,
        "left": match.left,
        "key": match.key,
        "facts": _facts(match),
        "total": _money(match, symbol),
        "found": match.money_matched,
        "lost": match.money_left,
    }
    return Row(f"{at:02}", cells)


def _facts(match: Match) -> str:
    said = [f"{match.matched:,} matched"]
    if match.only_right:
        said.append(f"{match.only_right:,} only in this table")
    said.append(f"{match.only_left:,} without a row")
    if match.duplicates:
        said.append(f"{match.duplicates:,} on several rows")
    return ", ".join(said)


def _money(match: Match, symbol: str) -> Content:
    """What was found, of what there is, and what is left over, live and to the cent."""
    if match.money_matched is None:
        return "no money in it"
    found, lost = match.money_matched, match.money_left or 0.0
    sign = f'"{symbol}"&' if symbol else ""
    said = f"{symbol}{found:,.2f} of {symbol}{found + lost:,.2f}"
    text = f'{sign}FIXED({{found}},2)&" of "&{sign}FIXED({{found}}+{{lost}},2)'
    ties = "" if abs(lost) < 0.005 else f" ({words.counted(match.only_right, 'key')} left over)"
    return Formula(f'{text}&"{ties}"', said + ties)
