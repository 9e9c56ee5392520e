"""Add files and Refresh: exports as sheets of the team's workbook, and read again from where they lay."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

from mapseg_xl.errors import MapsegError
from mapseg_xl.excel.actions.bench import Bench, progress
from mapseg_xl.excel.actions.incoming import Incoming, SheetValue, incoming
from mapseg_xl.hosts.live import host as live
from mapseg_xl.hosts.live.cells import cleaned, is_long
from mapseg_xl.report import words
from mapseg_xl.report.plan import sheet_names
from mapseg_xl.report.verbs import Rect

ADDED = "added files"  # in the workbook's memory
_CELLS_AT_ONCE = (
    200_000  # written in one go: what a busy program takes without a pause people notice
)
_DAY_FORMAT = "yyyy-mm-dd"
_WIDEST = 40.0  # characters of a column


@dataclass(frozen=True, slots=True)
class Added:
    """A sheet that we brought in: from which file, and a print of its cells as we left them."""

    sheet: str
    path: str
    table: str  # what the sheet wants to be called: tells two tables of one file apart
    print: str


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of one table of a file."""

    sheet: str
    said: str
    stayed: str = ""  # the sheet of before, where somebody has changed it


def added_before(book: Any) -> tuple[Added, ...]:
    """The sheets brought in earlier that are still there."""
    entries = [Added(**entry) for entry in json.loads(live.memory_of(book).get(ADDED, "[]"))]
    there = {sheet.name for sheet in book.sheets}
    return tuple(added for added in entries if added.sheet in there)


def bring(bench: Bench, paths: Sequence[Path]) -> tuple[Brought, ...]:
    """One sheet a table of each file. A sheet that we added from it and nobody changed is replaced, no other ever is.

    All files are read before the first cell is written: where one cannot be read, nothing is added.
    """
    book = bench.book
    tables = []
    for at, path in enumerate(paths):
        progress(bench, f"Reading {path.name}", 0.6 * at / len(paths))
        tables += [(path, table) for table in incoming(path)]
    known = {(a.path, a.table): a for a in added_before(book)}
    brought = []
    for at, (path, table) in enumerate(tables):
        progress(bench, f"Writing {table.name}", 0.6 + 0.4 * at / len(tables))
        before = known.get((str(path), table.name))
        added, changed = place(book, table, before)
        known[str(path), table.name] = replace(added, path=str(path))
        live.remember(book, ADDED, json.dumps([asdict(entry) for entry in known.values()]))
        stayed = before.sheet if before and changed else ""
        brought.append(Brought(added.sheet, _said(table, added.sheet, stayed), stayed))
    return tuple(brought)


def _said(table: Incoming, sheet: str, stayed: str) -> str:
    """What came in, in one sentence; two where an older sheet was not replaced."""
    rows, columns = words.counted(table.records, "row"), words.counted(table.headers, "column")
    said = f"{table.file}: {rows}, {columns} on the sheet '{sheet}'."
    if stayed:
        said += f" '{stayed}' was changed by hand, so it stays; delete the one you do not need."
    return said


def read_again(bench: Bench) -> tuple[str, ...]:
    """The added files read again from where they lay; a sentence for each that could not be, or took a new sheet."""
    said = []
    for file in dict.fromkeys(added.path for added in added_before(bench.book)):
        try:
            brought = bring(bench, (Path(file),))
        except MapsegError as problem:
            said.append(f"{Path(file).name} was not read again: {problem}")
        else:
            said += [b.said for b in brought if b.stayed]
    return tuple(said)


def place(book: Any, table: Incoming, before: Added | None) -> tuple[Added, bool]:
    """Writes a table in place of the sheet of before, or onto a new one where that was changed by hand (True)."""
    changed = before is not None and print_of(book.sheets[before.sheet]) != before.print
    if before is not None and not changed:
        sheet = book.sheets[before.sheet]
        sheet.range(_used(sheet)).clear_contents()
    else:
        sheet = new_sheet(book, free_name(table.name, [s.name for s in book.sheets]))
    put(sheet, table, from_1904=live.from_1904(book))
    return Added(sheet.name, "", table.name, print_of(sheet)), changed


def free_name(wanted: str, taken: Sequence[str]) -> str:
    """A name for a new sheet that Excel takes and no sheet has.

    >>> free_name("crm/export", ["Summary", "crm export"])
    'crm export 2'
    """
    return sheet_names([wanted], taken)[wanted]


def new_sheet(book: Any, name: str) -> Any:
    """A sheet at the end of the workbook."""
    last = book.sheets[len(book.sheets) - 1]
    sheet = book.sheets.add(name, before=last)
    sheet.move(after=last)  # adding behind a sheet counts chart sheets wrongly
    return book.sheets[name]


def put(sheet: Any, table: Incoming, *, from_1904: bool) -> None:
    """The table's cells from A1 on: text stays text, dates are dates."""
    width, height = len(table.columns), table.height
    for at in sorted(table.dates):
        sheet.range(Rect(0, at, height - 1, at).a1).number_format = _DAY_FORMAT
    step = max(1, _CELLS_AT_ONCE // max(1, width))
    for top in range(0, height, step):
        bottom = min(top + step, height) - 1
        rows = [
            [_written(column[row], from_1904=from_1904) for column in table.columns]
            for row in range(top, bottom + 1)
        ]
        sheet.range(Rect(top, 0, bottom, width - 1).a1).raw_value = rows
    head = sheet.range(Rect(table.header_row - 1, 0, table.header_row - 1, width - 1).a1)
    head.font.bold = True
    for at, characters in enumerate(_widths(table)):
        sheet.range(Rect(0, at, 0, at).a1).column_width = characters


def _written(value: SheetValue, *, from_1904: bool) -> str | float | bool:
    content = cleaned(value, from_1904=from_1904)
    return str(content)[:8_000] if is_long(content) else content


def _widths(table: Incoming) -> list[float]:
    return [
        min(_WIDEST, 2.0 + max((len(str(v)) for v in column[:200] if v is not None), default=6))
        for column in table.columns
    ]


def _used(sheet: Any) -> str:
    last = sheet.used_range.last_cell
    return Rect(0, 0, last.row - 1, last.column - 1).a1


def print_of(sheet: Any) -> str:
    """A fingerprint of a sheet's cells as they stand."""
    made = blake2b(digest_size=12)
    made.update(repr(sheet.range(_used(sheet)).raw_value).encode("utf-8", "surrogatepass"))
    return made.hexdigest()
