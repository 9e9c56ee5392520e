"""Sheets that say which value is to be read as which: `Column, Found, Use`. Told from other tables, and read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mapseg_xl.intake import clean
from mapseg_xl.intake.alignment.spellings import spelling_key
from mapseg_xl.intake.columns.role_words import header_key, key_set
from mapseg_xl.intake.finding.leftouts import is_total
from mapseg_xl.intake.health import blank_issue
from mapseg_xl.intake.tables import Array, Issue, RawSheet, RawTable, plain

_FROM = key_set(
    "found; from; value; original; original value; raw; raw value; old; old value; as written; source value; variant;"
    "alias; spelling; before; wert; alt; von; gefunden; valeur; avant; valor; de; input; current; current value;"
    "values; system value; crm value; in data"
)
_TO = key_set(
    "use; to; standard; standard value; mapped; mapped to; mapped value; map to; canonical; canonical value; new;"
    "new value; target; target value; read as; clean; clean value; cleaned; preferred; after; correct; correct value;"
    "normalized; normalised; harmonized; neu; ziel; nach; verwenden; standardwert; utiliser; norme; apres; usar; a;"
    "output; should be; replace with; our value; use this"
)
_COLUMN = key_set(
    "column; field; attribute; where; header; spalte; feld; colonne; champ; columna; campo; dimension"
)
_CALLED = re.compile(
    r"mapping|\bmap\b|alias|synonym|normali[sz]|harmoni[sz]|standard|zuordnung|umschl|correspond|mapeo|translat|recod",
    re.IGNORECASE,
)
_CLEANED = re.compile(
    r"\b(standard|standardi[sz]ed|clean|cleaned|mapped|new|normali[sz]ed|harmoni[sz]ed|canonical|correct|neu|group)\b",
    re.IGNORECASE,
)
_MOST_COLUMNS = 6

Mappings = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True, eq=False)
class MappingSheet:
    """A sheet that maps values: column in comparable form ("" for all) -> spelling key -> value to use."""

    table: RawTable
    mapping: Mapping[str, Mapping[str, str]]
    issues: tuple[Issue, ...]

    @property
    def sentence(self) -> str:
        """What was taken from it."""
        values = sum(len(of) for of in self.mapping.values())
        return (
            f"Read sheet '{self.table.sheet}' of {self.table.source}: "
            f"{values:,} {'value is' if values == 1 else 'values are'} read as it says."
        )


def mapping_sheet(table: RawTable, others: Sequence[RawTable]) -> MappingSheet | None:
    """The mapping that a table holds; None where it is something else. `others`: tables whose columns it may name."""
    places = _places(table, others)
    if places is None:
        return None
    column, found, use, fixed = places
    texts = {i: clean.labels(table, i, ids=True).values for i in (column, found, use) if i >= 0}
    mapping: Mappings = {}
    issues: list[Issue] = []
    first: dict[tuple[str, str], int] = {}
    for record in range(len(table.rows)):
        value, target = str(texts[found][record]), str(texts[use][record])
        if not value or not target or is_total(value):
            continue
        header = plain(str(texts[column][record])) if column >= 0 else fixed
        key = (header, spelling_key(value))
        known = mapping.setdefault(header, {}).setdefault(key[1], target)
        if known != target:
            issues.append(_conflict(table, use, record, value, (known, first[key])))
        first.setdefault(key, record)
    issues += _unknown(table, column, texts, others) if column >= 0 else []
    return MappingSheet(table, mapping, (*table.issues, *issues))


def _places(table: RawTable, others: Sequence[RawTable]) -> tuple[int, int, int, str] | None:
    """Columns that hold the column, the value found and the value to use, and the column all rows speak of."""
    if not 2 <= len(table.headers) <= _MOST_COLUMNS or not len(table.rows):
        return None
    keys = [header_key(h) for h in table.headers]
    column = next((i for i, k in enumerate(keys) if k in _COLUMN), -1)
    found = next((i for i, k in enumerate(keys) if k in _FROM and i != column), -1)
    use = next((i for i, k in enumerate(keys) if k in _TO and i not in (column, found)), -1)
    called = bool(_CALLED.search(table.sheet)) or bool(_CALLED.search(table.source))
    if min(found, use) >= 0 and (column >= 0 or called):
        return column, found, use, ""
    return _of_one_column(table, keys, use, others) if called else None


def _of_one_column(
    table: RawTable, keys: Sequence[str], use: int, others: Sequence[RawTable]
) -> tuple[int, int, int, str] | None:
    """`Country, Standard` or `Country, Country (clean)`: the header of the first names the column it speaks of."""
    known = {plain(h) for other in others for h in other.headers}
    named = next((i for i, h in enumerate(table.headers) if plain(h) in known and i != use), -1)
    if named < 0:
        return None
    if use < 0:
        use = next(
            (i for i, h in enumerate(table.headers) if i != named and _CLEANED.search(h)), -1
        )
    return (-1, named, use, plain(table.headers[named])) if use >= 0 else None


def _conflict(table: RawTable, use: int, record: int, value: str, known: tuple[str, int]) -> Issue:
    target, row = known
    what = f"'{value}' is to be read as '{target}' too, in row {table.rows[row]}"
    issue = blank_issue(
        table, use, "warning", "mapping_conflict", "Left out: the first one counts", what
    )
    return replace(issue, cell=table.cell(use, record))


def _unknown(
    table: RawTable, column: int, texts: Mapping[int, Array], others: Sequence[RawTable]
) -> list[Issue]:
    """Columns that no table has."""
    known = {plain(h) for other in others for h in other.headers} | {""}
    issues = []
    told: set[str] = set()
    for record, name in enumerate(texts[column]):
        if plain(name) in known or name in told:
            continue
        told.add(name)
        what = f"no table has a column '{name}'"
        issue = blank_issue(
            table, column, "warning", "mapping_column", "Left out. Write the column's header", what
        )
        issues.append(replace(issue, cell=table.cell(column, record)))
    return issues


def joined_mappings(*mappings: Mapping[str, Mapping[str, str]]) -> Mappings:
    """Several mappings as one; what the first says wins."""
    joined: Mappings = {}
    for mapping in reversed(mappings):
        for column, values in mapping.items():
            joined.setdefault(column, {}).update(values)
    return joined


Held = list[tuple[RawSheet, tuple[RawTable | None, ...]]]


def with_mappings(held: Held, *, hidden_too: bool) -> tuple[Held, tuple[MappingSheet, ...]]:
    """The sheets without those that map values, every other table knowing what they say.

    What was typed on Mapping wins over a sheet. A sheet alone maps nothing.
    """
    tables = [t for s, ts in held for t in ts if t is not None and (hidden_too or not s.hidden)]
    found = {
        id(table): mapped
        for table in tables
        if (mapped := mapping_sheet(table, [t for t in tables if t is not table]))
    }
    if not found or len(found) == len(tables):
        return held, ()
    sheets = tuple(found.values())

    def told(table: RawTable | None) -> RawTable | None:
        if table is None:
            return None
        mapping = joined_mappings(table.wishes.mapping, *(sheet.mapping for sheet in sheets))
        return replace(table, wishes=replace(table.wishes, mapping=mapping))

    kept = [(s, tuple(told(t) for t in ts if id(t) not in found)) for s, ts in held]
    return kept, sheets
