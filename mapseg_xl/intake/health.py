"""Data health: the issues found in cells and rows, in order, at most 1,000 of a kind in a column, with their totals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.errors import BadCells
from mapseg_xl.intake.cleaning.cells import CELLS_NAMED, ISSUES_A_KIND
from mapseg_xl.intake.tables import Issue, RawTable, Spot
from mapseg_xl.repairs import repair_of

SEVERITIES = ("error", "warning", "note")
HEADERS = (
    *("severity", "source", "sheet", "cell", "column", "issue", "count", "action"),
    *("before", "after", "kind", "repair"),
)
DONE_WITHOUT = "Left out"
"""Every action that leaves a cell or a row out begins with these words; one that converts begins with Read."""
CONVERTED = "Read"

_NO_RECORDS = frozenset({"blank_row", "repeated_header", "note_below"})
"""Rows left out that never were a customer."""

Places = Mapping[str, tuple[RawTable, int]]
"""Where each role was read: a table whose records are the customers, and the column of it."""

Row = tuple[str, str, str, str, str, str, int, str, str, str, str, str]


class StoppingCells(BadCells):
    """Cells that stop a run, as issues."""

    def __init__(self, message: str, issues: tuple[Issue, ...]) -> None:
        cells = (cell for i in issues for cell in ([s.cell for s in i.spots] or [i.cell]))
        super().__init__(message, tuple(cells))
        self.issues = issues


@dataclass(frozen=True, slots=True)
class Health:
    """The issues in their order, and the counts above them. A row left out is not in any metric."""

    issues: tuple[Issue, ...]
    rows_used: int
    rows_left_out: int
    cells_repaired: int
    cells_left_out: int

    def rows(self) -> tuple[Row, ...]:
        """The lines of data_health.csv, in the order of `HEADERS`: a line a cell."""
        return tuple(
            (
                *(i.severity, i.source, i.sheet, i.cell, i.column, i.issue, i.count, i.action),
                *(i.before, i.after, i.kind, repair_of(i.kind)),
            )
            for i in each_cell(self.issues)
        )

    def grouped(self) -> tuple[Issue, ...]:
        """The issues for reading: more than three of a kind in a column are one, with its first cells."""
        groups: dict[tuple[str, ...], list[Issue]] = {}
        for issue in self.issues:
            groups.setdefault(_kind_and_place(issue), []).append(issue)
        return tuple(one for group in groups.values() for one in _as_one(group))


def health(issues: Iterable[Issue], rows_used: int) -> Health:
    """Issues with the gravest first, capped, and their totals."""
    kept = capped(issues)
    gone = [i for i in kept if i.action.startswith(DONE_WITHOUT) and i.kind not in _NO_RECORDS]
    rows_gone = sum(i.count for i in gone if _is_row(i))
    return Health(
        kept,
        rows_used,
        rows_gone,
        sum(i.count for i in kept if i.action.startswith(CONVERTED)),
        sum(i.count for i in gone) - rows_gone,
    )


def each_cell(issues: Iterable[Issue]) -> Iterator[Issue]:
    """Issues of several cells as one issue a cell, and one that counts the rest beyond 1,000."""
    for issue in issues:
        for spot in issue.spots:
            yield replace(
                issue,
                cell=spot.cell,
                issue=spot.issue,
                before=spot.before,
                after=spot.after,
                count=1,
                spots=(),
            )
        if not issue.spots:
            yield issue
        elif (rest := issue.count - len(issue.spots)) > 0:
            last = issue.spots[-1]
            words = f"{last.issue} and more of the kind"
            yield replace(issue, cell=last.cell, issue=words, count=rest, spots=())


def capped(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """Gravest first, then as found; past 1,000 of one kind in one column, one issue with the rest's count."""
    groups: dict[tuple[str, ...], list[Issue]] = {}
    for issue in issues:
        groups.setdefault(_kind_and_place(issue), []).append(issue)
    ordered = sorted(groups.values(), key=lambda group: SEVERITIES.index(group[0].severity))
    return tuple(issue for group in ordered for issue in _cut(group))


def _kind_and_place(issue: Issue) -> tuple[str, ...]:
    return (issue.severity, issue.source, issue.sheet, issue.column, issue.kind or issue.issue)


def _as_one(group: list[Issue]) -> list[Issue]:
    if len(group) <= CELLS_NAMED:
        return group
    first, cells = group[0], [i.cell for i in group[1:CELLS_NAMED]]
    rest = sum(i.count for i in group[CELLS_NAMED:])
    text = f"{first.issue}; then {', '.join(cells)} and {rest:,} more"
    return [replace(first, issue=text, count=sum(i.count for i in group))]


def each_record(
    table: RawTable,
    index: int,
    records: NDArray[np.intp],
    issue: Issue,
    text: Callable[[int], str],
) -> tuple[Issue, ...]:
    """`issue` at each record's cell with that record's text; past 1,000 one more that counts the rest.

    A negative index means the whole row.
    """
    named = records[:ISSUES_A_KIND].tolist()
    found = [replace(issue, cell=_address(table, index, r), issue=text(r)) for r in named]
    if rest := records[ISSUES_A_KIND:].tolist():
        words = f"{text(rest[0])} and more of the kind"
        found.append(
            replace(issue, cell=_address(table, index, rest[0]), issue=words, count=len(rest))
        )
    return tuple(found)


def gathered(
    table: RawTable,
    index: int,
    records: NDArray[np.intp],
    issue: Issue,
    what: str,
    before: Callable[[int], str],
    after: Callable[[int], str] | None = None,
) -> tuple[Issue, ...]:
    """One issue for all of these records' cells, each with what it holds; none without records.

    `what`: the sentence before the values, as in `likely typing errors: C5 'Germny'`. A negative index: whole rows.
    """
    if not len(records):
        return ()
    spots = tuple(
        Spot(
            _address(table, index, r),
            f"{what}: {before(r)}",
            before(r),
            after(r) if after else "",
        )
        for r in records[:ISSUES_A_KIND].tolist()
    )
    first = ", ".join(f"{s.cell} {s.before}" for s in spots[:CELLS_NAMED])
    rest = len(records) - CELLS_NAMED
    text = f"{what}: {first}" + (f" and {rest:,} more" if rest > 0 else "")
    return (replace(issue, cell=spots[0].cell, issue=text, count=len(records), spots=spots),)


def blank_issue(
    table: RawTable, index: int, severity: str, kind: str, action: str, text: str = ""
) -> Issue:
    """An issue about a whole column (a negative index: about the table), shown as it is or placed at records."""
    column = "" if index < 0 else table.headers[index]
    letters = (table.letters[0], table.letters[-1]) if index < 0 else (table.letters[index],) * 2
    cell = f"{letters[0]}:{letters[1]}"
    return Issue(severity, table.source, table.sheet, cell, column, text, action, 1, kind)


def _address(table: RawTable, index: int, record: int) -> str:
    if index >= 0:
        return table.cell(index, record)
    row = table.rows[record]
    return f"{table.letters[0]}{row}:{table.letters[-1]}{row}"


def _is_row(issue: Issue) -> bool:
    return issue.column == "" and ":" in issue.cell


def _cut(group: list[Issue]) -> list[Issue]:
    """The first 1,000; the rest as one. A group that was cut where it was found stays as it is."""
    if len(group) <= ISSUES_A_KIND + 1:
        return group
    rest = group[ISSUES_A_KIND:]
    text = f"{rest[0].issue} and more of the kind"
    return [*group[:ISSUES_A_KIND], replace(rest[0], issue=text, count=sum(i.count for i in rest))]
