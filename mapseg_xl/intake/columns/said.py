"""Columns to which the user gave a role that none of their cells can play. Guessed columns are judged in `roles`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from mapseg_xl.intake.cleaning.cells import CELLS_NAMED, distinct, is_empty_word, is_error, shown
from mapseg_xl.intake.columns.role_values import Typed
from mapseg_xl.intake.columns.role_words import OUTCOME_WORDS, ROLES, header_key
from mapseg_xl.intake.health import blank_issue
from mapseg_xl.intake.status import UNKNOWN, status_codes
from mapseg_xl.intake.tables import Array, Issue, RawTable

_WANTED = {
    "date": "a date",
    "number": "a number",
    "flag": "yes or no",
    "status": "lead, trial, customer or churned",
    "outcome": "won, lost or open",
}


def unplayable(
    table: RawTable, columns: Mapping[str, int], typed: Mapping[str, Typed], said: Iterable[str]
) -> tuple[Issue, ...]:
    """An error for each role in `said` whose column holds something, but nothing that the role can be read from."""
    issues: tuple[Issue, ...] = ()
    for role in said:
        if role not in typed or ROLES[role].kind not in _WANTED:
            continue
        if not _nothing_read(ROLES[role].kind, typed[role].values):
            continue
        if examples := _examples(table, columns[role]):
            issues += (_issue(table, columns[role], role, examples),)
    return issues


def _nothing_read(kind: str, values: Array) -> bool:
    if kind == "status":
        return bool(np.all(status_codes(values)[0] == UNKNOWN))
    if kind == "outcome":
        return bool(np.all(values < 0))
    unknown = (
        values < 0 if kind == "flag" else np.isnat(values) if kind == "date" else values != values
    )
    return bool(np.all(unknown))


def _examples(table: RawTable, index: int) -> str:
    """The first cells that hold something; words of an outcome that is still open are no mistake."""
    cells = distinct(table, index)
    held = [
        c
        for c, v in enumerate(cells.values)
        if not is_error(v) and not is_empty_word(v) and header_key(str(v)) not in OUTCOME_WORDS
    ]
    first = [int(np.argmax(cells.codes == c)) for c in held[:CELLS_NAMED]]
    return ", ".join(f"{table.cell(index, r)} {shown(cells.values[cells.codes[r]])}" for r in first)


def _issue(table: RawTable, index: int, role: str, examples: str) -> Issue:
    what = f"none of its cells can be read as {_WANTED[ROLES[role].kind]}: {examples}"
    action = f"Give another column with --map {role}=COLUMN"
    return blank_issue(table, index, "error", "unplayable_role", action, what)
