"""Accounts that somebody made to try the system: told by their names, and said. Leaves nothing out itself."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mapseg_xl.intake.cleaning.cells import shown
from mapseg_xl.intake.columns.roles import RoleMap
from mapseg_xl.intake.health import blank_issue, gathered
from mapseg_xl.intake.tables import Issue, RawTable

_NAMING = ("company", "email", "customer_id")
_TRYING = re.compile(
    r"(?<![^\W\d_])(tests?|testing|dummy|demo|fake|test ?-?(konto|kunde|firma|client|customer|account|user|company))"
    r"(?![^\W\d_])",
    re.IGNORECASE,
)
_STEMS = ("test", "dummy", "demo", "fake", "mailinator", "example.")  # every such name holds one
_MOST = 0.05
"""Where more of the names say so, it is what the company does, or a made-up table."""


_NOBODYS = ("example.com", "example.org", "example.net", "test.com", "mailinator.com", "test.de")


def rehearsals(table: RawTable, found: RoleMap) -> NDArray[np.bool_]:
    """Which rows have a name or an address that speaks of a test or a demo; none where many do.

    Of an address only what stands before the @ counts, and domains that are nobody's.
    """
    trying = np.zeros(len(table.rows), dtype=bool)
    for index in _naming(found):
        trying |= _trying(table, index)
    few = 0 < np.count_nonzero(trying) <= max(1.0, _MOST * len(trying))
    return trying if few else np.zeros(len(table.rows), dtype=bool)


def rehearsal_issues(
    table: RawTable, found: RoleMap, trying: NDArray[np.bool_], *, left_out: bool
) -> tuple[Issue, ...]:
    """A warning that names these rows, a cell each."""
    if not trying.any():
        return ()
    action = (
        "Left out, as Settings says"
        if left_out
        else "Counted like everybody else. To leave them out, say so on Settings, or leave_out_test_accounts = true"
    )
    index = _naming(found)[0]
    rows = -1 if left_out else index
    issue = blank_issue(table, rows, "warning", "rehearsal", action)
    records = np.flatnonzero(trying)
    return gathered(
        table, rows, records, issue, "looks like a test account", lambda r: _name(table, index, r)
    )


def _naming(found: RoleMap) -> list[int]:
    """Columns that name a customer: company and address, else the id."""
    both = [found.columns[r] for r in _NAMING[:2] if r in found.columns]
    return both or [found.columns[r] for r in _NAMING[2:] if r in found.columns]


def _trying(table: RawTable, index: int) -> NDArray[np.bool_]:
    column = table.columns[index]
    if column.dtype.kind != "O":
        return np.zeros(len(column), dtype=bool)
    codes, names = pd.factorize(np.asarray(column, dtype=object))
    together = "\n".join(n for n in names if isinstance(n, str)).casefold()
    if not any(word in together for word in _STEMS):
        return np.zeros(len(column), dtype=bool)
    found = [isinstance(n, str) and _is_trying(n) for n in names]
    return np.asarray(np.append(np.array(found, dtype=bool), False)[codes])


def _is_trying(name: str) -> bool:
    local, at, domain = name.partition("@")
    return bool(_TRYING.search(local)) or (bool(at) and domain.strip().casefold() in _NOBODYS)


def _name(table: RawTable, index: int, record: int) -> str:
    """The name; an address is personal, and Data health may be passed on."""
    value = str(table.columns[index][record])
    return shown(value) if "@" not in value else "an address"
