"""Values that several rows write in several ways: what each was read as, and the yellow cells to decide otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.intake.alignment.lines import WHY, AlignedValue
from mapseg_xl.intake.alignment.spellings import spelling_key
from mapseg_xl.intake.tables import plain
from mapseg_xl.report.identity import Previous
from mapseg_xl.report.parts.names import MAPPING
from mapseg_xl.report.spec import Cell, Column, Content, Input, Row, Section, Table, Text
from mapseg_xl.report.verbs import Key

VALUES, OWN = "values", "own values"
COLUMN, FOUND, USE = "column", "found", "use"
OWN_ROWS = 8
_SHOWN = 60  # on Data health
_SEPARATOR = "|"
_MESSAGE = "The value to read instead. To keep the value as it is, write it again."
_OWN_MESSAGES = {
    COLUMN: "The column's header in your data.",
    FOUND: "The value as it stands in your data.",
    USE: "The value to read instead.",
}


def typed_mapping(earlier: Previous | None) -> dict[str, dict[str, str]]:
    """What people decided on Mapping in an earlier workbook: column -> spelling key -> value to use."""
    return {} if earlier is None else mapping_in(earlier.homes)


def mapping_in(typed: Mapping[Key, object]) -> dict[str, dict[str, str]]:
    """What these cells say of values."""
    found: dict[str, dict[str, str]] = {}
    for (tab, block, row, column), value in typed.items():
        text = "" if value is None else str(value).strip()
        if tab == MAPPING and block == VALUES and column == USE and text:
            header, _, key = row.partition(_SEPARATOR)
            found.setdefault(header, {})[key] = text
    for row in (f"own {at}" for at in range(1, OWN_ROWS + 1)):
        said = {
            c: str(typed.get((MAPPING, OWN, row, c)) or "").strip() for c in (COLUMN, FOUND, USE)
        }
        if said[FOUND] and said[USE]:
            found.setdefault(plain(said[COLUMN]), {})[spelling_key(said[FOUND])] = said[USE]
    return found


def row_key(value: AlignedValue) -> str:
    """The row of a value: its column and what all its spellings share."""
    return f"{plain(value.column)}{_SEPARATOR}{spelling_key(value.found)}"


def values_table(findings: Findings) -> Table:
    """Every value with its yellow cell; what people decided earlier keeps its row."""
    columns = (
        Column(COLUMN, "Column", 0, "text"),
        Column(FOUND, "In your data", 1, "text"),
        Column("rows", "Rows", 4, "count"),
        Column("money", "Money", 5, "money"),
        Column("proposal", "We propose", 6, "text"),
        Column(USE, "Read as", 8, "text"),
        Column("why", "Because", 10, "text"),
    )
    decided = {row for (tab, block, row, _) in findings.typed if (tab, block) == (MAPPING, VALUES)}
    rows = {
        row_key(value): _row(value, row_key(value) in decided)
        for value in reversed(findings.alignment)
    }
    ordered = {row_key(value): rows[row_key(value)] for value in findings.alignment}
    return Table(VALUES, columns, (*ordered.values(), *_decided(findings, ordered)))


def _row(value: AlignedValue, decided: bool) -> Row:
    """A value with its yellow cell. `decided`: somebody has written into that cell."""
    theirs = value.kind == "mapped_value"
    # what we would use by ourselves: a cell that says something else is people's, and stays so. What one of the
    # yellow rows below or a sheet of theirs says is in use without it.
    ours = value.found if theirs and decided else value.use
    cells: dict[str, Content | Cell] = {
        COLUMN: value.column,
        FOUND: value.found,
        "rows": value.rows,
        "money": value.money,
        "proposal": "" if theirs else value.proposal,
        USE: Input(ours, "text", _MESSAGE),
        "why": WHY[value.kind],
    }
    return Row(row_key(value), cells)


def _decided(findings: Findings, known: Iterable[str]) -> list[Row]:
    """Rows of values that people decided on and that stand nowhere else now."""
    rows = []
    for (tab, block, row, column), said in findings.typed.items():
        if (tab, block, column) != (MAPPING, VALUES, USE) or row in known or not said:
            continue
        header, _, key = row.partition(_SEPARATOR)
        cells: dict[str, Content | Cell] = {
            COLUMN: header,
            FOUND: key,
            USE: Input(None, "text", _MESSAGE),
            "why": "your decision",
        }
        rows.append(Row(row, cells, "muted"))
    return rows


def own_table() -> Table:
    """Yellow rows for values that we did not come upon."""
    columns = (
        Column(COLUMN, "Column", 0, "text"),
        Column(FOUND, "In your data", 1, "text"),
        Column(USE, "Read as", 8, "text"),
    )
    rows = tuple(
        Row(f"own {at}", {c: Input(None, "text", m) for c, m in _OWN_MESSAGES.items()})
        for at in range(1, OWN_ROWS + 1)
    )
    return Table(OWN, columns, rows)


def values_section(findings: Findings) -> tuple[Section, ...]:
    """On Data health: the values, without cells to fill."""
    values = findings.alignment[:_SHOWN]
    if not values:
        return ()
    columns = (
        Column("column", "Column", 0, "text"),
        Column("cell", "First cell", 2, "text"),
        Column("found", "In your data", 4, "text"),
        Column("use", "Read as", 5, "text"),
        Column("rows", "Rows", 6, "count"),
        Column("why", "Because", 7, "text"),
    )
    rows = tuple(Row(f"{at:03}", _shown(v, findings.currency)) for at, v in enumerate(values))
    table = Table("values", columns, rows)
    more = len(findings.alignment) - len(values)
    parts = (table, Text((f"and {more:,} more",), "note")) if more > 0 else (table,)
    help_text = "decide otherwise on Mapping, or on a sheet with the columns Column, Found, Use"
    return (Section("Values written in several ways", parts, help_text),)


def _shown(value: AlignedValue, currency: str) -> dict[str, Content | Cell]:
    slip = value.use == value.found != value.proposal
    worth = f"; {currency}{value.money:,.0f} at stake" if value.money else ""
    why = f"{WHY[value.kind]} of '{value.proposal}': not merged" if slip else WHY[value.kind]
    return {
        "column": value.column,
        "cell": f"{value.sheet}!{value.cell}",
        "found": value.found,
        "use": value.use,
        "rows": value.rows,
        "why": why + worth,
    }
