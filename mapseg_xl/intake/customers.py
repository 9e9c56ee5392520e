"""From files to typed customers: picks the sheet that holds them and says which was taken and which were left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path

from mapseg_xl.errors import InputError
from mapseg_xl.intake.assembly import Built, build_customers
from mapseg_xl.intake.checks import latest_plausible_date
from mapseg_xl.intake.finding.header import find_table
from mapseg_xl.intake.readings import IntakeOptions
from mapseg_xl.intake.roles import RoleMap, guess_roles
from mapseg_xl.intake.tables import RawSheet, RawTable, Sources, plain
from mapseg_xl.intake.workbook import read_sheets

__all__ = ["Built", "IntakeOptions", "build_customers", "latest_plausible_date", "read_sources"]

EQUALLY_PLAUSIBLE = 0.85
"""A second table with this share of the best one's evidence could as well be the customers."""
_SHEETS_NAMED = 3


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    table: RawTable
    evidence: float


def read_sources(paths: Sequence[Path], options: IntakeOptions | None = None) -> Sources:
    """The customers in a file: the sheet named, else the one with the most role columns and rows.

    Several files, or two sheets that could both be the customers, are an InputError that says how to choose.
    Issues of sheets that were left stay out.
    """
    options = options or IntakeOptions()
    if len(paths) != 1 or len(options.sheets) > 1:
        what = "file" if len(paths) != 1 else "sheet"
        raise InputError(f"One {what} at a time: give the {what} that has a row for each customer.")
    path = paths[0]
    sheets = read_sheets(path, options.sheets)
    tables = [(sheet, find_table(sheet)) for sheet in sheets]
    chosen = _chosen(
        path, [t for s, t in tables if t is not None and _may_hold(s, options)], options
    )
    built = build_customers(chosen, options)
    taken = (_taken(chosen), *(_left(s, t) for s, t in tables if t is not chosen))
    return Sources(built.customers, built.issues, built.currency or "$", taken, built.guesses)


def _may_hold(sheet: RawSheet, options: IntakeOptions) -> bool:
    return bool(options.sheets) or not sheet.hidden


def _chosen(path: Path, tables: list[RawTable], options: IntakeOptions) -> RawTable:
    if not tables:
        raise InputError(
            f"{path.name} has no table: a row of headers with a row for each customer below it. "
            "Put one on a sheet, or name the sheet with --sheet."
        )
    if len(tables) == 1:
        return tables[0]
    ranked = sorted(
        (_Candidate(t, _evidence(t, options)) for t in tables), key=lambda c: -c.evidence
    )
    best = ranked[0]
    rivals = [c for c in ranked[1:] if c.evidence >= EQUALLY_PLAUSIBLE * best.evidence]
    if rivals:
        listed = [f"'{c.table.sheet}'" for c in (best, *rivals)]
        more = [f"{len(listed) - _SHEETS_NAMED} more"] if len(listed) > _SHEETS_NAMED else []
        names = " and ".join(listed[:_SHEETS_NAMED] + more)
        raise InputError(
            f"{path.name}: the sheets {names} could each be the customers. "
            f'Say which with --sheet, e.g. --sheet "{best.table.sheet}".'
        )
    return best.table


def _evidence(table: RawTable, options: IntakeOptions) -> float:
    """Role columns, sure ones twice, times the magnitude of the rows; headers the user named count most."""
    found = guess_roles(table)
    roles = sum(
        2 if g.sure else 1 for g in found.guesses if g.role not in {"trait", "ignored"}
    ) + _one_row_each(table, found)
    named = {
        plain(h) for hs in options.maps.values() for h in ((hs,) if isinstance(hs, str) else hs)
    }
    named |= {plain(part) for h in options.segment_by for part in h.split(" x ")}
    known = {plain(h) for h in table.headers}
    return (roles + 10 * len(named & known)) * log2(len(table.rows) + 1)


def _one_row_each(table: RawTable, found: RoleMap) -> int:
    """Points for an id that names one row each, which orders and usage logs do not have."""
    index = found.columns.get("customer_id")
    if index is None:
        return 0
    ids = [v for v in table.columns[index].tolist() if v is not None]
    return 4 if len(set(ids)) > 0.9 * len(ids) else -2


def _taken(table: RawTable) -> str:
    rows = f"{len(table.rows):,} {'row' if len(table.rows) == 1 else 'rows'}"
    return (
        f"Read sheet '{table.sheet}' of {table.source}: headers in row {table.header_row}, {rows}."
    )


def _left(sheet: RawSheet, table: RawTable | None) -> str:
    if table is None:
        return f"Left sheet '{sheet.sheet}': no table on it."
    if sheet.hidden:
        return f"Left sheet '{sheet.sheet}': it is hidden. To read it, name it with --sheet."
    return f"Left sheet '{sheet.sheet}': it looks less like one row a customer."
