"""More of Match report: by what rows were found, whom each table covers, where systems disagree, keys."""

from __future__ import annotations

from collections.abc import Sequence

from mapseg_xl.intake.tables import Conflict, Joining, Match
from mapseg_xl.report.parts.joins.ties import NAME
from mapseg_xl.report.spec import Cell, Column, Content, Formula, Row, Section, Table

FOUND_BY, COVERAGE, CONFLICTS, KEYS = "found by", "coverage", "conflicts", "keys"


def found_by_section(joining: Joining) -> list[Section]:
    """By which keys the rows of each table were found; none where only exact keys did."""
    if not any(step[1:2] for step in joining.steps) or _all_exact(joining):
        return []
    columns = (
        NAME,
        Column("by", "Found by", 2, "text"),
        Column("keys", "Keys", 9, "count"),
        Column("rows", "Rows", 10, "count"),
    )
    rows = tuple(
        Row(f"{at:02}", {"right": table, "by": by, "keys": keys, "rows": n})
        for at, (table, by, keys, n) in enumerate(joining.steps)
    )
    help_ = "the exact key first, then forms of it that are still sure, then your answers"
    return [Section("By what rows were found", (Table(FOUND_BY, columns, rows),), help_)]


def _all_exact(joining: Joining) -> bool:
    tables = [table for table, *_ in joining.steps]
    return len(set(tables)) == len(tables)


def coverage_section(matches: Sequence[Match], joining: Joining, customers: int) -> list[Section]:
    """How many customers, and how much of their money, each table speaks of."""
    told = [m for m in matches if m.key]
    if not told:
        return []
    columns = [
        NAME,
        Column("n", "Customers it speaks of", 4, "count"),
        Column("share", "of all", 6, "share"),
    ]
    revenue = joining.revenue
    if revenue:
        columns += [
            Column("money", "Their revenue", 8, "cents"),
            Column("part", "of all", 10, "share"),
            Column("whole", "all revenue", 14, "number"),
        ]
    columns.append(Column("all", "all customers", 13, "number"))
    rows = []
    for at, m in enumerate(told):
        cells: dict[str, Content | Cell] = {
            "right": m.right,
            "n": m.customers_covered,
            "all": customers,
            "share": Formula("{n}/{all}", m.customers_covered / customers),
        }
        if revenue:
            money = m.money_covered or 0.0
            cells |= {
                "money": money,
                "whole": revenue,
                "part": Formula("{money}/{whole}", money / revenue),
            }
        rows.append(Row(f"{at:02}", cells))
    help_ = "customers that have a row in the table"
    return [Section("Coverage", (Table(COVERAGE, tuple(columns), tuple(rows)),), help_)]


def conflict_section(conflicts: Sequence[Conflict]) -> list[Section]:
    """Fields of which two tables say different things, with the one that counts."""
    apart = [c for c in conflicts if c.differ]
    if not apart:
        return []
    columns = (
        Column("field", "Field", 0, "text"),
        Column("used", "Used", 1, "text"),
        Column("other", "Other", 3, "text"),
        Column("both", "In both", 5, "count"),
        Column("differ", "Differ", 6, "count"),
        Column("example", "For example", 7, "text"),
    )
    rows: list[Row] = []
    for at, c in enumerate(sorted(apart, key=lambda c: -c.differ)):
        cells: dict[str, Content | Cell] = {
            "field": c.field,
            "used": c.used,
            "other": c.other,
            "both": c.both,
            "differ": c.differ,
            "example": c.example,
        }
        rows += [Row(f"{at:02}", cells), Row(f"{at:02} why", {"used": c.why}, "sub")]
    help_ = "one column is used whole; --map ROLE=SHEET!COLUMN uses another"
    return [Section("Where systems disagree", (Table(CONFLICTS, columns, tuple(rows)),), help_)]


def key_section(matches: Sequence[Match]) -> Section:
    """Which customers a table knows."""
    columns = (
        NAME,
        Column("matched", "In both", 6, "count"),
        Column("only_left", "Without a row", 7, "count"),
        Column("only_right", "No customer", 8, "count"),
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
    return Section("Keys", (Table(KEYS, columns, rows),), "which customers a table knows")
