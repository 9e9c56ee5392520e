"""A plan with other names for its sheets and tables, wherever it says them. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from mapseg_xl.report import memory
from mapseg_xl.report.verbs import (
    Block,
    DataTable,
    Live,
    Place,
    Plan,
    Rect,
    Sheet,
    Value,
    Verb,
    sheet_reference,
)

Names = Mapping[str, str]
_NAMED = {"input": 4, "written": 0, "said": 0}  # where in a record its sheet stands


def renamed(plan: Plan, sheets: Names, tables: Names | None = None) -> Plan:
    """The plan with sheets and tables under other names; those not listed keep theirs."""
    sheets = {old: new for old, new in sheets.items() if old != new}
    if not sheets and not tables:
        return plan
    change = _formula_change(sheets, tables or {})
    return replace(
        plan,
        sheets=tuple(_sheet(sheet, sheets, tables or {}, change) for sheet in plan.sheets),
        places={key: _place(place, sheets) for key, place in plan.places.items()},
        inputs=tuple(replace(i, place=_place(i.place, sheets)) for i in plan.inputs),
        written={sheets.get(name, name): rects for name, rects in plan.written.items()},
    )


def _place(place: Place, sheets: Names) -> Place:
    return replace(place, sheet=sheets[place.sheet]) if place.sheet in sheets else place


def _sheet(sheet: Sheet, sheets: Names, tables: Names, change: Callable[[str], str]) -> Sheet:
    if sheet.name == memory.SHEET:
        return with_records(sheet, _renamed_records(records_of(sheet), sheets))
    verbs = tuple(_verb(verb, tables, change) for verb in sheet.verbs)
    return replace(sheet, name=sheets.get(sheet.name, sheet.name), verbs=verbs)


def _verb(verb: Verb, tables: Names, change: Callable[[str], str]) -> Verb:
    if isinstance(verb, DataTable):
        return replace(verb, name=tables.get(verb.name, verb.name))
    if not isinstance(verb, Block):
        return verb
    return replace(verb, rows=tuple(tuple(_value(v, change) for v in row) for row in verb.rows))


def _value(value: Value, change: Callable[[str], str]) -> Value:
    if isinstance(value, Live):
        return replace(value, formula=change(value.formula))
    return value


def _formula_change(sheets: Names, tables: Names) -> Callable[[str], str]:
    """Changes references in a formula, and the links that it writes as text."""
    words = {sheet_reference(old): sheet_reference(new) for old, new in sheets.items()}
    words |= {f"{old}[": f"{new}[" for old, new in tables.items()}
    known = re.compile("|".join(rf"(?<!['\w]){re.escape(word)}" for word in words))

    def change(formula: str) -> str:
        if not known.search(formula):
            return formula
        pieces = formula.split('"')
        for at, piece in enumerate(pieces):
            inside_text = at % 2 == 1
            pieces[at] = known.sub(
                lambda m: words[m[0]].replace('"', '""') if inside_text else words[m[0]],  # noqa: B023
                piece,
            )
        return '"'.join(pieces)

    return change


def records_of(sheet: Sheet) -> list[tuple[str, str]]:
    """What the hidden sheet of a plan remembers, as pairs of key and value."""
    return memory.records(row for v in sheet.verbs if isinstance(v, Block) for row in v.rows)


def with_records(sheet: Sheet, records: Iterable[tuple[str, str]]) -> Sheet:
    """The hidden sheet with other records."""
    rows = [memory.HEAD]
    for key, value in records:
        rows += memory.chunks(key, value)
    block = Block(Rect(0, 0, len(rows) - 1, 1), tuple(rows))
    return replace(sheet, verbs=(block,))


def _renamed_records(
    records: Iterable[tuple[str, str]], sheets: Names
) -> Iterable[tuple[str, str]]:
    for key, value in records:
        if key not in _NAMED:
            yield key, value
            continue
        record = json.loads(value)
        at = _NAMED[key]
        record[at] = sheets.get(record[at], record[at])
        yield key, json.dumps(record, separators=(",", ":"))
