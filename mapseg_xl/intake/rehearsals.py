"""Accounts that somebody made to try the system: told by their names, counted, and said. Nothing is left out."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd

from mapseg_xl.intake.cleaning.cells import CELLS_NAMED
from mapseg_xl.intake.health import blank_issue
from mapseg_xl.intake.roles import RoleMap
from mapseg_xl.intake.tables import Issue, RawTable

_NAMING = ("company", "email", "customer_id")
_TRYING = re.compile(
    r"(?<![^\W\d_])(tests?|testing|dummy|demo|fake|test ?-?(konto|kunde|firma|client|customer|account|user|company))"
    r"(?![^\W\d_])",
    re.IGNORECASE,
)
_MOST = 0.05
"""Where more of the names say so, it is what the company does, or a made-up table."""


def rehearsals(table: RawTable, found: RoleMap) -> tuple[Issue, ...]:
    """A warning that names the rows whose name or address speaks of a test or a demo; none where many do.

    Of an address only what stands before the @ counts.
    """
    index = next((found.columns[r] for r in _NAMING if r in found.columns), None)
    if index is None:
        return ()
    codes, names = pd.factorize(np.asarray(table.columns[index], dtype=object))
    trying = [isinstance(n, str) and bool(_TRYING.search(n.partition("@")[0])) for n in names]
    records = np.flatnonzero(np.append(np.array(trying, dtype=bool), False)[codes])
    if not 0 < len(records) <= _MOST * len(codes):
        return ()
    named = ", ".join(
        f"{table.cell(index, r)} '{names[codes[r]]}'" for r in records[:CELLS_NAMED].tolist()
    )
    rest = f" and {len(records) - CELLS_NAMED:,} more" if len(records) > CELLS_NAMED else ""
    action = "Counted like everybody else. Delete the rows if they are tests"
    issue = blank_issue(
        table, index, "warning", "rehearsal", action, f"looks like a test account: {named}{rest}"
    )
    cell = table.cell(index, int(records[0]))
    return (replace(issue, cell=cell, count=len(records)),)
