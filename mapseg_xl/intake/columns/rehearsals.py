"""Accounts that somebody made to try the system: told by their names, and said. Leaves nothing out itself."""

from __future__ import annotations

import re
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mapseg_xl.intake.cleaning.cells import shown
from mapseg_xl.intake.columns.naming import name_column
from mapseg_xl.intake.columns.role_words import header_key, key_set
from mapseg_xl.intake.columns.roles import RoleMap
from mapseg_xl.intake.health import blank_issue, gathered
from mapseg_xl.intake.tables import Issue, RawTable

PERSONS = key_set(
    "name; first name; last name; surname; full name; contact name; contact; given name; family name; vorname;"
    "nachname; prenom; nom; apellido; apellidos; nombre; voornaam; achternaam; naam; cognome; nome"
)
"""Headers of columns with the names of persons."""
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
    for index in _naming(table, found):
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
    issues: tuple[Issue, ...] = ()
    open_ones = trying.copy()
    for index in _naming(table, found):
        records = np.flatnonzero(open_ones & _trying(table, index))
        open_ones[records] = False
        rows = -1 if left_out else index
        issue = blank_issue(table, rows, "warning", "rehearsal", action)
        name = partial(_name, table, index)
        issues += gathered(table, rows, records, issue, "looks like a test account", name)
    return issues


def _naming(table: RawTable, found: RoleMap) -> list[int]:
    """Columns that name a customer: its name, a person's and the address, else the id."""
    name = name_column(table, found)
    persons = [i for i, h in enumerate(table.headers) if header_key(h) in PERSONS]
    mail = [found.columns[r] for r in ("email",) if r in found.columns]
    named = list(dict.fromkeys([*([] if name is None else [name]), *mail, *persons]))
    own = [found.columns[r] for r in ("customer_id",) if r in found.columns]
    return [i for i in named or own if i not in found.ignored]


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
