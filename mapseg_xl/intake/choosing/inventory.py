"""What became of each sheet: what it holds, whether it was used, which column plays which part, why it was left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from mapseg_xl.intake.aggregated.summaries import Summaries
from mapseg_xl.intake.alignment.mapping_sheets import MappingSheet
from mapseg_xl.intake.choosing.copies import Copy
from mapseg_xl.intake.columns.classify import Classified, Kind
from mapseg_xl.intake.columns.kind_words import FEEDBACK, MARKET, SEGMENTS, SPEND, fields_of
from mapseg_xl.intake.tables import RawSheet, RawTable, RoleGuess, SheetUse, Sources

EMPTY, HIDDEN, MAPPING = "no table", "hidden", "mapping"
_FIELDS = {
    Kind.SPEND: SPEND,
    Kind.MARKET: MARKET,
    Kind.FEEDBACK: FEEDBACK,
    Kind.SEGMENTS: SEGMENTS,
}
_UNJOINED = "unjoined_table"


def uses_of(
    found: Sources,
    spine: Classified,
    tables: Sequence[Classified],
    copies: Sequence[Copy] = (),
    stacks: Mapping[str, Sequence[Classified]] | None = None,
) -> tuple[SheetUse, ...]:
    """A line a table, copies last. `stacks`: what a table was put together of, by its name."""
    uses: list[SheetUse] = []
    for told in tables:
        parts = (stacks or {}).get(told.table.sheet, (told,))
        for part in parts:
            use = _of_spine(part, found) if told is spine else _of_other(part, found)
            uses.append(use)
    return (*uses, *(_use(c.table, used=False, why=c.why) for c in copies))


def with_all_sheets(
    found: Sources,
    held: Iterable[tuple[RawSheet, Sequence[RawTable | None]]],
    counted: Summaries,
    mappings: Sequence[MappingSheet] = (),
) -> Sources:
    """The sources with a line for every sheet, in the workbook's order, whether it has a table or not."""
    pivots = {(p.source, p.sheet) for p in counted.pivots}
    mapped = {(m.table.source, m.table.sheet) for m in mappings}
    uses: list[SheetUse] = []
    for sheet, tables in held:
        own = [u for u in found.sheets if (u.source, u.sheet) == (sheet.source, sheet.sheet)]
        if not own and (sheet.source, sheet.sheet) in mapped:
            own = [
                SheetUse(
                    sheet.source, sheet.sheet, MAPPING, True, "it says how values are to be read"
                )
            ]
        elif not own:
            is_pivot = (sheet.source, sheet.sheet) in pivots
            own = [_unread(sheet, tables, counted, is_pivot=is_pivot, alone=not found.customers.n)]
        uses += own
    return replace(found, sheets=tuple(uses))


def _of_spine(told: Classified, found: Sources) -> SheetUse:
    why = "the customers are made of its rows" if told.kind is Kind.TRANSACTIONS else told.why
    return replace(_use(told, used=True, why=why), columns=_roles(found.guesses, told))


def _of_other(told: Classified, found: Sources) -> SheetUse:
    raw = told.table
    if words := _FIELDS.get(told.kind):
        fields = fields_of(raw, words)
        columns = tuple((field, raw.headers[i]) for field, i in fields.items())
        return replace(_use(told, used=True, why=told.why), columns=columns)
    alone = next((i for i in found.issues if i.kind == _UNJOINED and _same(i, raw)), None)
    if alone is not None:
        return _use(told, used=False, why=alone.issue.partition(": ")[2])
    used = any(_same(g, raw) for g in found.guesses) or told.kind not in (
        Kind.OTHER,
        Kind.CUSTOMERS,
    )
    why = (
        "its rows explain values of the customers" if used and told.kind is Kind.OTHER else told.why
    )
    return replace(_use(told, used=used, why=why), columns=_roles(found.guesses, told))


def _use(told: Classified, *, used: bool, why: str) -> SheetUse:
    raw = told.table
    return SheetUse(
        raw.source,
        raw.sheet,
        str(told.kind),
        used,
        why,
        raw.area,
        raw.header_row,
        len(raw.rows),
    )


def _unread(
    sheet: RawSheet,
    tables: Sequence[RawTable | None],
    counted: Summaries,
    *,
    is_pivot: bool,
    alone: bool,
) -> SheetUse:
    if counted.holds(sheet):
        kind = Kind.PIVOT if is_pivot else Kind.COHORTS
        why = (
            "it counts customers"
            if alone
            else "it was compared with the rows of customers, which count"
        )
        return SheetUse(sheet.source, sheet.sheet, str(kind), alone, why)
    if sheet.hidden:
        return SheetUse(sheet.source, sheet.sheet, HIDDEN, False, "it is hidden")
    if all(t is None for t in tables):
        return SheetUse(sheet.source, sheet.sheet, EMPTY, False, "no table on it")
    return SheetUse(sheet.source, sheet.sheet, str(Kind.OTHER), False, "it names no customers")


def _roles(guesses: Sequence[RoleGuess], told: Classified) -> tuple[tuple[str, str], ...]:
    """The part each column plays, traits aside."""
    raw = told.table
    own = [g for g in guesses if g.sheet in ("", raw.sheet) and g.header in raw.headers]
    return tuple((g.role, g.header) for g in own if g.role not in ("trait", "ignored"))


def _same(one: object, table: RawTable) -> bool:
    return getattr(one, "sheet", "") == table.sheet
