"""A yes-or-no column that says who tried: read as words of a status, where no date and no status says it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mapseg_xl.intake import clean
from mapseg_xl.intake.columns.classify import Classified, Kind
from mapseg_xl.intake.columns.role_words import header_key, key_set
from mapseg_xl.intake.tables import Array

_HEADERS = key_set(
    "trial; is trial; in trial; on trial; trialed; trialled; had trial; has trial; had a trial; trial user; free trial;"
    "started trial; trial started; took trial; trial taken; test; hat getestet; getestet; testphase; essai; a essaye;"
    "prueba; ha probado; proef; proefperiode; prova"
)
_FLAGS = 0.9


def with_trial_flags(told: Classified) -> Classified:
    """The table with yes under `Trial?` as the status Trial. Dates, other flags and money still come first."""
    if told.kind is not Kind.CUSTOMERS or {"trial_on", "status"} & told.found.columns.keys():
        return told
    table, found = told.table, told.found
    at = next(
        (
            i
            for i, header in enumerate(table.headers)
            if header_key(header) in _HEADERS
            and found.profiles[i].flags >= _FLAGS
            and found.guesses[i].role == "trait"
        ),
        None,
    )
    if at is None:
        return told
    tried = clean.flags(table, at, outcome="").values == 1
    column: Array = np.full(len(tried), None, dtype=object)
    column[tried] = "Trial"
    guesses = list(found.guesses)
    why = "yes says that somebody tried"
    guesses[at] = replace(guesses[at], role="status", family="", sure=False, why=why)
    found = replace(found, columns={**found.columns, "status": at}, guesses=tuple(guesses))
    columns = (*table.columns[:at], column, *table.columns[at + 1 :])
    return replace(told, table=replace(table, columns=columns), found=found)
