"""Where several tables say the same of the customers: one column plays a role, traits of one name are told apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.intake.health import DONE_WITHOUT, Places
from mapseg_xl.intake.readings import Reading
from mapseg_xl.intake.roles import ALSO_TRAITS
from mapseg_xl.intake.tables import Array, Issue, RawTable, Trait, plain

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class MergedRoles:
    """Each role's column, where it was read, and whom its table has a row of (only where that is not everybody)."""

    values: Mapping[str, Array]
    places: Places
    covered: Mapping[str, Mask]
    issues: tuple[Issue, ...]
    by_month: frozenset[str] = frozenset()  # date roles of which only the month is known


def merge_roles(readings: Sequence[Reading]) -> MergedRoles:
    """The customers' own column plays a role if no other table's has more values; each rivalry is an issue.

    A column to which the user gave the role plays it in any case. Columns are taken whole, never mixed: two systems
    mean different things by one word.
    """
    chosen: dict[str, Reading] = {}
    issues: list[Issue] = []
    for reading in readings:
        for role, typed in reading.typed.items():
            now = chosen.get(role)
            if now is None:
                chosen[role] = reading
                continue
            fuller = filled(typed.values).sum() > filled(now.typed[role].values).sum()
            if (role in reading.said) != (role in now.said):
                fuller = role in reading.said
            winner, loser = (reading, now) if fuller else (now, reading)
            chosen[role] = winner
            issues.append(_rivalry(role, winner, loser))
    return MergedRoles(
        {role: r.typed[role].values for role, r in chosen.items()},
        {role: (r.table, r.columns[role]) for role, r in chosen.items()},
        {role: r.covered for role, r in chosen.items() if r.covered is not None},
        tuple(issues),
        frozenset(role for role, r in chosen.items() if role in r.by_month),
    )


def merge_traits(readings: Sequence[Reading]) -> tuple[Trait, ...]:
    """All traits; a name that is there already gets its sheet behind it: `Plan (Billing)`."""
    traits: list[Trait] = []
    taken: set[str] = set()
    for reading in readings:
        for trait in reading.traits:
            name = _free_name(trait.name, reading.table, taken)
            taken.add(plain(name))
            traits.append(trait if name == trait.name else replace(trait, name=name))
    return tuple(traits)


def filled(values: Array) -> Mask:
    """Which entries of a role's column hold something."""
    if values.dtype.kind == "M":
        return np.asarray(~np.isnat(values))
    if values.dtype.kind == "f":
        return np.asarray(np.isfinite(values))
    if values.dtype.kind in "ib":
        return np.asarray(values >= 0)
    return np.asarray(values != "", dtype=bool)


def table_name(table: RawTable, among: Sequence[RawTable] = ()) -> str:
    """The sheet as messages call it: its own name, with the file where another has the same."""
    same = [t for t in among if t.sheet.casefold() == table.sheet.casefold()]
    return f"{table.source}:{table.sheet}" if len(same) > 1 else table.sheet


def _free_name(name: str, table: RawTable, taken: set[str]) -> str:
    if plain(name) not in taken:
        return name
    candidates = [f"{name} ({table.sheet})", f"{name} ({table.source}:{table.sheet})"]
    return next((c for c in candidates if plain(c) not in taken), f"{candidates[-1]} {len(taken)}")


def _rivalry(role: str, winner: Reading, loser: Reading) -> Issue:
    """What to say about two columns for one role: which counts, and of how many customers they differ."""
    used, other = winner.typed[role].values, loser.typed[role].values
    both = filled(used) & filled(other)
    differ = int(np.count_nonzero(_different(used, other) & both))
    index = loser.columns[role]
    table = loser.table
    letter = table.letters[index]
    name = winner.table.headers[winner.columns[role]]
    counts = f"{int(filled(used).sum()):,} against {int(filled(other).sum()):,} values"
    still = "; it still describes customers" if role in ALSO_TRAITS else ""
    return Issue(
        "warning" if differ else "note",
        table.source,
        table.sheet,
        f"{letter}:{letter}",
        table.headers[index],
        f"'{name}' of {winner.table.sheet} says the same ({role}); they differ for {differ:,} of the "
        f"{int(both.sum()):,} customers that both speak of",
        f"{DONE_WITHOUT} as {role}: '{name}' of {winner.table.sheet} is used, {counts}{still}",
        max(differ, 1),
        "role_twice",
    )


def _different(used: Array, other: Array) -> Mask:
    if used.dtype.kind == "f" and other.dtype.kind == "f":
        return np.asarray(~np.isclose(used, other, rtol=0, atol=0.005))
    if used.dtype.kind == "O" and other.dtype.kind == "O":
        folded = [
            np.array([str(v).casefold() for v in held], dtype=object) for held in (used, other)
        ]
        return np.asarray(folded[0] != folded[1], dtype=bool)
    return np.asarray(used != other)
