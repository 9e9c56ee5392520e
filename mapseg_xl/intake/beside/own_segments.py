"""My segments, from a sheet: a name, up to three conditions, who suggested it. Rules are parsed elsewhere."""

from __future__ import annotations

import re
from dataclasses import replace

from mapseg_xl.errors import InputError
from mapseg_xl.intake import clean
from mapseg_xl.intake.columns.classify import Classified
from mapseg_xl.intake.columns.kind_words import CONDITION, SEGMENTS, fields_of, numbered
from mapseg_xl.intake.columns.role_words import header_key
from mapseg_xl.intake.health import DONE_WITHOUT, blank_issue
from mapseg_xl.intake.tables import Array, Issue, OwnSegment, RawTable

_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
_SIGNS = {
    sign: sign
    for sign in ("=", "<>", "<", "<=", ">", ">=", "in", "between", "is blank", "is not blank")
} | {
    "==": "=",
    "is": "=",
    "equals": "=",
    "is equal to": "=",
    "equal to": "=",
    "!=": "<>",
    "≠": "<>",
    "is not": "<>",
    "not": "<>",
    "≥": ">=",
    "at least": ">=",
    "is at least": ">=",
    "from": ">=",
    "≤": "<=",
    "at most": "<=",
    "is at most": "<=",
    "up to": "<=",
    "over": ">",
    "more than": ">",
    "is over": ">",
    "after": ">",
    "under": "<",
    "less than": "<",
    "is under": "<",
    "before": "<",
    "one of": "in",
    "is one of": "in",
    "is in": "in",
    "is between": "between",
    "is empty": "is blank",
    "empty": "is blank",
    "blank": "is blank",
    "is filled in": "is not blank",
    "not blank": "is not blank",
    "not empty": "is not blank",
}


def read_own_segments(told: Classified) -> tuple[tuple[OwnSegment, ...], tuple[Issue, ...]]:
    """A segment a row. One without a condition is left out; what is no comparison is an InputError with its cell."""
    table = told.table
    fields = fields_of(table, {"name": SEGMENTS["name"], "suggested_by": SEGMENTS["suggested_by"]})
    texts = [clean.labels(table, i).values for i in range(len(table.headers))]
    names = texts[fields["name"]]
    said_by = texts[fields["suggested_by"]] if "suggested_by" in fields else None
    parts = _parts(table, set(fields.values()))
    segments, issues = [], list(table.issues)
    for i in range(len(table.rows)):
        rule = " and ".join(r for r in _conditions(table, texts, parts, i) if r)
        if not rule:
            issues.append(_no_rule(table, fields["name"], i, names))
            continue
        suggested = str(said_by[i]) if said_by is not None else ""
        cell = f"{table.sheet}!{table.cell(fields['name'], i)}"
        segments.append(OwnSegment(names[i] or rule, rule, suggested, cell))
    return tuple(segments), tuple(issues)


_Parts = list[tuple[str, tuple[int, ...]]]


def _parts(table: RawTable, taken: set[int]) -> _Parts:
    """Which columns make a condition: one that holds it whole (with its unnamed neighbours), or three of a kind."""
    found: dict[str, list[int]] = {field: [] for field in CONDITION}
    wholes: list[list[int]] = []
    for i, header in enumerate(table.headers):
        if i in taken:
            continue
        if header == f"Column {table.letters[i]}" and wholes:
            wholes[-1].append(i)
            continue
        key = header_key(numbered(header))
        if key in CONDITION["condition"] or key in SEGMENTS["rule"]:
            wholes.append([i])
            continue
        for field in ("column", "operator", "value"):
            if key in CONDITION[field]:
                found[field].append(i)
                break
    three = zip(found["column"], found["operator"], found["value"], strict=False)
    parts: _Parts = [("whole", tuple(w)) for w in wholes]
    if found["operator"]:
        return parts + [("three", t) for t in three]
    two = zip(found["column"], found["value"], strict=False)
    return parts + [("two", t) for t in two]


def _conditions(table: RawTable, texts: list[Array], parts: _Parts, record: int) -> list[str]:
    rules = []
    for kind, columns in parts:
        cells = [str(texts[c][record]) for c in columns]
        if kind == "whole":
            rules.append(_whole(table, cells, columns, record))
        elif any(cells):
            column, sign, value = cells if kind == "three" else (cells[0], "=", cells[1])
            rules.append(
                condition(column, sign, value, f"{table.sheet}!{table.cell(columns[0], record)}")
            )
    return rules


def _whole(table: RawTable, cells: list[str], columns: tuple[int, ...], record: int) -> str:
    """A condition in one cell as it was written; in three cells put together."""
    filled = [c for c in cells if c]
    if len(filled) < 2:
        return "".join(filled)
    sign, value = (filled[1], " ".join(filled[2:])) if len(filled) > 2 else ("=", filled[1])
    return condition(filled[0], sign, value, f"{table.sheet}!{table.cell(columns[0], record)}")


def condition(column: str, sign: str, value: str, cell: str) -> str:
    """One condition in the grammar of rules, from its three cells."""
    known = _SIGNS.get(" ".join(sign.split()).casefold() or "=")
    name = '"' + column.replace('"', '""') + '"'
    if not column:
        raise InputError(f"{cell} names no column for the condition '{sign} {value}'. Write one.")
    if known is None:
        raise InputError(
            f"{cell}: '{sign}' is no comparison. Write one of =, <>, <, <=, >, >=, in, between, is blank."
        )
    if known.startswith("is "):
        return f"{name} {known}"
    if not value:
        raise InputError(f"{cell}: the condition '{column} {sign}' has no value. Write one.")
    if known == "in":
        values = [v.strip() for v in re.split(r"[;,]", value.strip("() ")) if v.strip()]
        return f"{name} in ({', '.join(map(_quoted, values))})"
    if known == "between":
        ends = re.split(r"\s+(?:and|to|-|–)\s+|\s*–\s*|(?<=\d)-(?=\d)", value)
        if len(ends) != 2:
            raise InputError(f"{cell}: between needs two values, e.g. 10 and 50; it has '{value}'.")
        return f"{name} between {_quoted(ends[0].strip())} and {_quoted(ends[1].strip())}"
    return f"{name} {known} {_quoted(value)}"


def _quoted(value: str) -> str:
    bare = value.strip("'\"")
    plain_number = bare.replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+", bare) else bare
    if _NUMBER.fullmatch(plain_number):
        return plain_number
    return "'" + bare.replace("'", "''") + "'"


def _no_rule(table: RawTable, index: int, record: int, names: Array) -> Issue:
    issue = blank_issue(
        table,
        index,
        "warning",
        "segment_without_rule",
        f"{DONE_WITHOUT}. Write its conditions, e.g. employees >= 1000",
        f"the segment '{names[record]}' has no condition",
    )
    return replace(issue, cell=table.cell(index, record))
