"""Names of a table's columns: read from one or two rows, made where there are none, told apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from mapseg_xl.intake.cleaning.cells import shown
from mapseg_xl.intake.finding.blocks import Grid
from mapseg_xl.intake.finding.places import Place
from mapseg_xl.intake.reading.package import column_letters
from mapseg_xl.intake.tables import Issue, RawSheet


def names_of(sheet: RawSheet, cells: Grid, place: Place) -> tuple[list[str], tuple[Issue, ...]]:
    """Header texts, "" where there is none; two rows of names become one."""
    names = [_name(v) for v in cells.row(place.header, place.columns)]
    row = place.header + sheet.top
    issues = _titles_issue(sheet, cells, place)
    if place.header_end > place.header:
        below = [_name(v) for v in cells.row(place.header_end, place.columns)]
        names = _under(names, below)
        what = f"the header takes two rows, {row} and {row + 1}"
        issues += (
            _header_issue(sheet, place, "two_row_header", what, "Both were joined into one name"),
        )
    elif place.header > 0:
        above = [_name(v) for v in cells.row(place.header - 1, place.columns)]
        joined = _over(above, names)
        if joined != names:
            what = f"the header takes two rows, {row - 1} and {row}"
            issues += (
                _header_issue(
                    sheet, place, "two_row_header", what, "Both were joined into one name"
                ),
            )
            names = joined
    return names, issues


def _titles_issue(sheet: RawSheet, cells: Grid, place: Place) -> tuple[Issue, ...]:
    """The note that the header is not in row 1, with what stands above it."""
    row = place.header + sheet.top
    if row == 1:
        return ()
    above = [v for r in range(place.header) for v in cells.row(r, place.columns) if v is not None]
    left = f"; above it: {shown(_name(above[0]))}" if above else ""
    what, action = f"the header was found in row {row}{left}", "Rows above it are no records"
    return (_header_issue(sheet, place, "header_row", what, action),)


def _header_issue(sheet: RawSheet, place: Place, kind: str, what: str, action: str) -> Issue:
    cell = f"{column_letters(sheet.left + place.columns[0])}{place.header + sheet.top}"
    return Issue("note", sheet.source, sheet.sheet, cell, "", what, action, kind=kind)


def _under(names: list[str], below: list[str]) -> list[str]:
    """Names with the second row's under them: a group's name goes before each of its columns."""
    joined, group = [], ""
    for name, sub in zip(names, below, strict=True):
        group = name or group
        joined.append(f"{group} {sub}".strip() if sub else name)
    return joined


def _over(above: list[str], names: list[str]) -> list[str]:
    """Names with the row above where that tells equal ones apart or names a column that has none."""
    if sum(map(bool, above)) < 2:
        return names
    often = Counter(n for n in names if n)
    joined, group = [], ""
    for upper, name in zip(above, names, strict=True):
        group = upper or group
        joined.append(
            f"{group} {name}".strip() if (not name and upper) or often[name] > 1 else name
        )
    return joined


def _name(value: Any) -> str:
    """A header cell as text: outer spaces go, a year loses its `.0`, a date is ISO."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:.15g}" if isinstance(value, float) else str(value).strip()


def no_names(sheet: RawSheet, place: Place) -> tuple[list[str], tuple[Issue, ...]]:
    """No names, and the error that none were found."""
    row = place.header + 1 + sheet.top
    issue = Issue(
        "error",
        sheet.source,
        sheet.sheet,
        f"{column_letters(sheet.left + place.columns[0])}{row}",
        "",
        f"no row of column names was found, row {row} already looks like data",
        "Put the column names in the row above the data",
        kind="no_header",
    )
    return [""] * len(place.columns), (issue,)


def unique_names(
    sheet: RawSheet, names: list[str], letters: Sequence[str], row: int
) -> tuple[tuple[str, ...], tuple[Issue, ...]]:
    """Every column with a name of its own."""
    headers: list[str] = []
    seen: set[str] = set()
    issues: tuple[Issue, ...] = ()
    for name, letter in zip(names, letters, strict=True):
        header = name or f"Column {letter}"
        if not name and any(names):
            what = f"column {letter} has data but no name"
            issues += (
                _name_issue(sheet, f"{letter}{row}", header, ("note", "unnamed_column"), what),
            )
        number = 2
        unique = header
        while _compared(unique) in seen:
            unique, number = f"{header} ({number})", number + 1
        if unique != header:
            what = f"another column is called '{header}' too"
            issues += (
                _name_issue(sheet, f"{letter}{row}", unique, ("warning", "duplicate_header"), what),
            )
        seen.add(_compared(unique))
        headers.append(unique)
    return tuple(headers), issues


def _compared(header: str) -> str:
    return " ".join(header.casefold().split())


def _name_issue(
    sheet: RawSheet, cell: str, header: str, severity_kind: tuple[str, str], what: str
) -> Issue:
    severity, kind = severity_kind
    action = f"Called '{header}'. Give the column a name of its own"
    return Issue(severity, sheet.source, sheet.sheet, cell, header, what, action, kind=kind)
