"""Lists of customers that are kept apart by where they stand, such as Leads, Customers and Churned: made alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from mapseg_xl.intake.columns.classify import Classified, Kind
from mapseg_xl.intake.columns.key_columns import Keyed, compatible
from mapseg_xl.intake.columns.role_words import header_words, life_code
from mapseg_xl.intake.tables import Array, RawTable, Status, plain

STAGE = "Status by sheet"
"""Header of the column that says of which list a row is."""
MOST_SHARED = 0.05
"""Two lists that share more of the smaller one's customers are not kept apart."""
_FEWEST_STAGES = 2
_DATED = frozenset({"churned_on", "churned", "converted_on", "converted", "outcome"})
_LEAST_COMMON = 2  # columns that say the same in both lists
_WORDS = {
    Status.LEAD: "Lead",
    Status.TRIAL: "Trial",
    Status.CUSTOMER: "Customer",
    Status.CHURNED: "Churned",
}


def alike(tables: Sequence[Classified], keys: Mapping[int, Keyed]) -> dict[int, RawTable]:
    """The lists that belong together, by `id()` of the list, all with the same headers and a column of their stage.

    Each must be called by a stage (`Leads`, `Former clients`), not all by the same, and no customer stand in two.
    """
    lists = [t for t in tables if t.kind is Kind.CUSTOMERS and stage_of(t.table.sheet) is not None]
    if len({stage_of(t.table.sheet) for t in lists}) < _FEWEST_STAGES:
        return {}
    main = max(
        lists, key=lambda t: (stage_of(t.table.sheet) == Status.CUSTOMER, len(t.table.headers))
    )
    group = [main]
    for table in lists:
        if table is not main and all(_apart(table, t, keys) for t in group):
            group.append(table)
    group = [t for t in group if t is main or len(_places(t, main)) >= _LEAST_COMMON]
    if len({stage_of(t.table.sheet) for t in group}) < _FEWEST_STAGES:
        return {}
    return {id(t): table for t, table in zip(group, _aligned(group, main), strict=True)}


def stage_of(sheet: str) -> Status | None:
    """Where the people on a sheet of that name stand; None where it does not say.

    >>> stage_of("Former clients"), stage_of("All leads"), stage_of("CRM")
    (<Status.CHURNED: 3>, <Status.LEAD: 0>, None)
    """
    words = [w for w in header_words(sheet.replace("_", " ")) if not w.isdigit()]
    code = life_code(" ".join(words))
    return None if code is None else Status(code)


def _apart(one: Classified, other: Classified, keys: Mapping[int, Keyed]) -> bool:
    """Whether hardly a customer of one list stands in the other, by any column that names them in both."""
    ours, theirs = keys[id(one.table)], keys[id(other.table)]
    for a in ours.columns:
        for b in theirs.columns:
            if not (a.strict and b.strict and compatible(a, b)):
                continue
            left, right = (
                set(k.texts[c.index].tolist()) - {""} for k, c in ((ours, a), (theirs, b))
            )
            if len(left & right) > MOST_SHARED * max(1, min(len(left), len(right))):
                return False
    return True


def _places(table: Classified, main: Classified) -> dict[int, int]:
    """Column of `main` -> column of the table that says the same: one role, else one header."""
    roles = {
        main.found.columns[r]: i for r, i in table.found.columns.items() if r in main.found.columns
    }
    headers = {plain(h): i for i, h in enumerate(table.table.headers)}
    same = {
        i: headers[plain(h)]
        for i, h in enumerate(main.table.headers)
        if plain(h) in headers and headers[plain(h)] not in roles.values()
    }
    return same | roles


def _aligned(group: Sequence[Classified], main: Classified) -> list[RawTable]:
    """Each table under the main one's headers, then those only others have, then the stage."""
    headers = list(main.table.headers)
    owned: list[dict[str, int]] = []
    for table in group:
        places = _places(table, main)
        own = {main.table.headers[i]: at for i, at in places.items()}
        for i, header in enumerate(table.table.headers):
            if i not in places.values():
                own[header] = i
                if plain(header) not in map(plain, headers):
                    headers.append(header)
        owned.append({plain(h): i for h, i in own.items()})
    said = any("status" in t.found.columns for t in group)
    return [_under(t, headers, own, staged=not said) for t, own in zip(group, owned, strict=True)]


def _under(
    table: Classified, headers: Sequence[str], own: Mapping[str, int], *, staged: bool
) -> RawTable:
    raw = table.table
    n = len(raw.rows)
    places = [own.get(plain(h)) for h in headers]
    columns: list[Array] = [
        np.full(n, None, dtype=object) if i is None else raw.columns[i] for i in places
    ]
    letters = [raw.letters[0] if i is None else raw.letters[i] for i in places]
    if staged:
        stage = stage_of(raw.sheet)
        dated = stage is Status.CUSTOMER and bool(_DATED & table.found.columns.keys())
        word = None if stage is None or dated else _WORDS[stage]  # dates tell more than the list
        columns.append(np.full(n, word, dtype=object))
        headers, letters = [*headers, STAGE], [*letters, raw.letters[0]]
    return replace(raw, headers=tuple(headers), letters=tuple(letters), columns=tuple(columns))
