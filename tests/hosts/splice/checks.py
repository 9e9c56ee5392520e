"""What has to be true of a workbook after a splice, told by readers that are not ours."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from mapseg_xl.report.plan import Plan, lay_out
from mapseg_xl.report.spec import Column, Formula, Row, Section, Tab, Table
from tests.hosts.test_contract import everything
from tests.report.sample import sample

GONE = 'A & B\'s "list"'  # the tab that the second run does not have


def _listed() -> Tab:
    """A tab with an Excel table that a formula of another part names."""
    columns = (Column("what", "What", 0, "label"), Column("many", "How many", 1, "count"))
    rows = tuple(Row(f"r{at}", {"what": f"Thing {at}", "many": at}) for at in range(1, 5))
    total = Row("all", {"what": "All", "many": Formula("SUM(Things[How many])", 10, {})})
    parts = (Table("things", columns, rows, named="Things"), Table("sum", columns, (total,)))
    return Tab('A & B\'s "list"', "", "Four things.", "", (Section("Things", parts),))


@lru_cache(1)
def plan_a() -> Plan:
    """A small run: tabs with formulas, charts, inputs, links, a table, and what is remembered."""
    report = sample()
    return lay_out(replace(report, tabs=(*report.tabs, everything(), _listed())))


@lru_cache(1)
def plan_b() -> Plan:
    """The next run: a tab fewer, another more, other words on a third."""
    report = sample()
    kept = list(report.tabs)
    another = Tab("Another", "", "A tab that the first run did not have.", "", ())
    changed = replace(kept[-1], headline="Other words than before.")
    return lay_out(replace(report, tabs=(another, *kept[:-1], changed, everything())))


def contents(package: bytes) -> dict[str, bytes]:
    """Every part by its name."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def packed(package: bytes) -> dict[str, tuple[object, ...]]:
    """Every part as it lies in the file: its compressed bytes, its time, how it is packed; in their order."""
    found: dict[str, tuple[object, ...]] = {}
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        for info in archive.infolist():
            at = info.header_offset
            name, extra = (int.from_bytes(package[at + k : at + k + 2], "little") for k in (26, 28))
            start = at + 30 + name + extra
            data = package[start : start + info.compress_size]
            found[info.filename] = (data, info.date_time, info.compress_type, info.external_attr)
    return found


def changed_parts(before: bytes, after: bytes) -> list[str]:
    """Parts of a workbook that are not the same bytes any more."""
    new = packed(after)
    return [name for name, held in packed(before).items() if new.get(name) != held]


def in_order(before: bytes, after: bytes) -> bool:
    """Whether the parts that were there stand in the order they had."""
    names = list(packed(before))
    return [name for name in packed(after) if name in set(names)] == names


def values_by_calamine(package: bytes) -> dict[str, object]:
    """Every sheet's cells, or what the reader said."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(package))
    found: dict[str, object] = {}
    for name in book.sheet_names:
        try:
            found[name] = repr(book.get_sheet_by_name(name).to_python())
        except Exception as error:  # noqa: BLE001  # a sheet it cannot read stays one
            found[name] = type(error).__name__
    return found


def values_by_openpyxl(package: bytes) -> dict[str, object]:
    """Every sheet's cells, formulas as such, with how numbers are shown and whether they are bold."""
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(package))
    found: dict[str, object] = {}
    for sheet in book.worksheets:
        cells = getattr(sheet, "_cells", {})
        found[sheet.title] = {place: _seen(cell) for place, cell in cells.items()}
    for name, held in book.defined_names.items():
        found[f"name {name}"] = held.attr_text
    return found


def may_change(before: bytes, part: str) -> bool:
    """Whether a splice may change this part: the workbook, its relations, formats, what parts are."""
    from mapseg_xl.hosts.splice.target import Target

    target = Target(before, "before")
    kinds = ("styles", "calcChain")
    allowed = {"[Content_Types].xml", target.part, target.relations.part}
    allowed |= {r.target for kind in kinds for r in target.relations.of(kind)}
    return part.replace("\\", "/").casefold() in {name.casefold() for name in allowed}


def _seen(cell: Any) -> tuple[object, ...]:
    value = cell.value
    if hasattr(value, "__dict__"):  # the formulas of arrays and of data tables
        value = sorted((key, str(held)) for key, held in vars(value).items())
    return str(value), cell.number_format, cell.font.b, cell.fill.fgColor.rgb


def readers_of(package: bytes) -> list[Callable[[bytes], dict[str, object]]]:
    """The readers that see the sheets of a workbook; openpyxl finds no part whose name is written in another case."""
    found = []
    for values in (values_by_calamine, values_by_openpyxl):
        try:
            sheets = values(package)
        except Exception:  # noqa: BLE001, S112  # whatever a reader says of what it cannot read
            continue
        other_case = any(name.startswith("XL/") for name in contents(package))
        if sheets and not (other_case and values is values_by_openpyxl):
            found.append(values)
    return found
