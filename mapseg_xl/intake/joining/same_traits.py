"""Traits of several tables: those of one name that agree are one, with their gaps filled; others are told apart."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mapseg_xl.intake.columns.readings import Reading
from mapseg_xl.intake.describing.categories import by_size, natural, number_values
from mapseg_xl.intake.joining.overlaps import Mask, example
from mapseg_xl.intake.tables import BLANK, Array, Conflict, RawTable, Trait, plain

AGREE = 0.98
"""Share of the customers of whom two tables say the same, from which on their columns are one."""
_FEWEST_BOTH = 10
_CENT = 0.005


@dataclass(frozen=True, slots=True, eq=False)
class MergedTraits:
    """All traits under names of their own, and the fields of which two tables say different things."""

    traits: tuple[Trait, ...]
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """A trait and the column it was read from."""

    trait: Trait
    table: RawTable
    index: int


def merge_traits(readings: Sequence[Reading]) -> MergedTraits:
    """All traits. One whose name is there already becomes one with it where the two agree; it fills its gaps then.

    Else it gets its sheet behind it: `Plan (Billing)`.
    """
    held: list[_Told] = []
    at: dict[str, int] = {}
    conflicts: list[Conflict] = []
    for reading in readings:
        for trait in reading.traits:
            told = _Told(trait, reading.table, _index_of(reading.table, trait))
            first = at.get(plain(trait.name))
            if first is not None:
                one, conflict = _together(held[first], told)
                if conflict is not None:
                    conflicts.append(conflict)
                if one is not None:
                    held[first] = replace(held[first], trait=one)
                    continue
            name = _free_name(trait.name, reading.table, at.keys())
            at[plain(name)] = len(held)
            held.append(replace(told, trait=replace(trait, name=name)))
    return MergedTraits(tuple(t.trait for t in held), tuple(conflicts))


def _together(used: _Told, other: _Told) -> tuple[Trait | None, Conflict | None]:
    """One trait out of two that agree, else None; and where they differ."""
    ours, theirs = _words(used.trait), _words(other.trait)
    both = (ours != "") & (theirs != "")
    apart = both & _different(used.trait, other.trait, ours, theirs)
    n, differ = int(both.sum()), int(apart.sum())
    one = n >= _FEWEST_BOTH and differ <= (1 - AGREE) * n
    conflict = None
    if differ:
        conflict = Conflict(
            used.trait.name,
            f"{used.table.sheet} · {used.table.headers[used.index]}",
            f"{other.table.sheet} · {other.table.headers[other.index]}",
            n,
            differ,
            example(used.table, used.index, other.table, other.index, apart),
            "one column: they agree but for these"
            if one
            else "kept side by side: they say different things",
        )
    return (_filled_up(used.trait, other.trait, ours, theirs) if one else None), conflict


def _filled_up(used: Trait, other: Trait, ours: Array, theirs: Array) -> Trait:
    """The first trait, with what only the second says."""
    if used.numbers is not None and other.numbers is not None:
        numbers = np.where(np.isnan(used.numbers), other.numbers, used.numbers)
        values, codes = number_values(numbers)
        return replace(used, values=values, codes=codes, numbers=numbers)
    gaps = (ours == "") & (theirs != "")
    if used.numbers is not None or not gaps.any():
        return used
    values, codes = by_size(np.where(gaps, _spelled(ours, theirs), ours))
    values, codes, ordered = natural(values, codes)
    return replace(used, values=values, codes=codes, ordered=ordered)


def _spelled(ours: Array, theirs: Array) -> Array:
    """The second column's words as the first spells them."""
    known = {plain(word): word for word in dict.fromkeys(ours.tolist()) if word}
    spelled = np.empty(len(theirs), dtype=object)
    spelled[:] = [known.get(plain(word), word) for word in theirs.tolist()]
    return spelled


def _different(one: Trait, other: Trait, ours: Array, theirs: Array) -> Mask:
    if one.numbers is not None and other.numbers is not None:
        return np.asarray(~np.isclose(one.numbers, other.numbers, rtol=0, atol=_CENT))
    folded = {text: plain(text) for text in {*ours.tolist(), *theirs.tolist()}}
    pairs = zip(ours.tolist(), theirs.tolist(), strict=True)
    return np.array([folded[a] != folded[b] for a, b in pairs], dtype=bool)


def _words(trait: Trait) -> Array:
    values = np.array(["" if v == BLANK else v for v in trait.values], dtype=object)
    return np.asarray(values[trait.codes])


def _index_of(table: RawTable, trait: Trait) -> int:
    return next(i for i, h in enumerate(table.headers) if h == trait.name)


def _free_name(name: str, table: RawTable, known: Collection[str]) -> str:
    if plain(name) not in known:
        return name
    candidates = [f"{name} ({table.sheet})", f"{name} ({table.source}:{table.sheet})"]
    return next((c for c in candidates if plain(c) not in known), f"{candidates[-1]} {len(known)}")
