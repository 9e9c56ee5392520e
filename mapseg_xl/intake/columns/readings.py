"""One table read: its role columns typed, its traits built, what its cells gave rise to. Not who its rows are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.intake.cleaning.date_order import settled
from mapseg_xl.intake.columns.role_values import Typed, stop_if_unusable, typed_role
from mapseg_xl.intake.columns.role_words import COUNTED_KINDS, ROLES
from mapseg_xl.intake.columns.roles import Maps, RoleMap
from mapseg_xl.intake.columns.said import unplayable
from mapseg_xl.intake.describing.traits import build_traits
from mapseg_xl.intake.health import DONE_WITHOUT
from mapseg_xl.intake.joining.answers import PairAnswers
from mapseg_xl.intake.tables import Issue, RawTable, RoleGuess, Trait, Wishes, plain


@dataclass(frozen=True, slots=True)
class IntakeOptions:
    """What the user said about the input. `maps`: role, `trait` or `ignore` -> header or headers.

    `segment_by`: headers that stay traits even where they look like ids. `day_first`: how 03/04/2025 is meant.
    `on`: pairs of headers by which two tables are to be joined, whatever else would fit. `pairs`: what people said of
    likely pairs.
    """

    sheets: tuple[str, ...] = ()
    maps: Maps = field(default_factory=dict)
    day_first: bool | None = None
    segment_by: tuple[str, ...] = ()
    on: tuple[tuple[str, str], ...] = ()
    pairs: PairAnswers = field(default_factory=PairAnswers)
    add_up_both_ways: bool = False  # a key on several rows of two tables is one customer
    wishes: Wishes = field(default_factory=Wishes)  # which repairs are off, a mapping of values
    leave_out_tests: bool = False  # rows whose name speaks of a test

    def asked(self) -> set[str]:
        """The headers of `segment_by` in comparable form, the parts of crossed ones too."""
        return {plain(part) for s in self.segment_by for part in (s, *s.split(" x "))}


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What one table says of the customers: its records are the customers, in their order.

    A joined table is brought into that order first (`merge.py`); `covered` then tells whose row it had.
    """

    table: RawTable
    columns: Mapping[str, int]  # role -> column of the table; customer_id too
    typed: Mapping[str, Typed]
    traits: tuple[Trait, ...]
    guesses: tuple[RoleGuess, ...]
    issues: tuple[Issue, ...]
    symbols: Mapping[str, tuple[str, ...]]  # header -> currencies seen in its cells
    covered: NDArray[np.bool_] | None = None  # None: all
    said: frozenset[str] = frozenset()  # roles the user gave to columns of this table
    by_month: frozenset[str] = frozenset()  # date roles of which only the month is known


def read_table(
    table: RawTable, found: RoleMap, options: IntakeOptions, of_ids: tuple[Issue, ...] = ()
) -> Reading:
    """The table's columns typed, but for the ids, whose issues are `of_ids`.

    Cells only the user can decide about stop it (BadCells); the rest are issues.
    """
    in_order = dict(sorted(found.columns.items(), key=lambda item: item[1]))
    columns = {r: i for r, i in in_order.items() if r != "customer_id"}
    asked = options.asked()
    said = frozenset(columns.keys() & options.maps.keys())
    keep = frozenset(i for i, h in enumerate(table.headers) if plain(h) in asked)
    typed = {r: typed_role(table, i, r, options.day_first) for r, i in columns.items()}
    typed, order = settled(table, found, typed, options.day_first)
    bad_maps = unplayable(table, columns, typed, options.maps)
    of_roles = tuple(i for t in typed.values() for i in t.issues)
    role_issues = of_ids + of_roles + bad_maps
    needed = _needed(table, found, options.maps, keep)
    reading = tuple(i for i in table.issues if i.severity == "error" and i.column in needed)
    symbols = {table.headers[columns[r]]: t.symbols for r, t in typed.items() if t.symbols}
    stop_if_unusable(table, reading + (bad_maps or role_issues), symbols)
    traits = build_traits(table, found, keep, order)
    # a channel is a role and a trait: what is found in its cells is told once
    issues = tuple(dict.fromkeys((*role_issues, *_softened(traits.issues))))
    guesses = tuple(replace(g, sheet=table.sheet) for g in traits.guesses)
    return Reading(table, in_order, typed, traits.traits, guesses, issues, symbols, said=said)


def without_values(issues: tuple[Issue, ...]) -> tuple[Issue, ...]:
    """Formulas never calculated, where they did not stop the run: nobody needs their column."""
    return tuple(
        replace(i, severity="warning", action=f"{DONE_WITHOUT}, as if empty. {i.action}")
        if i.kind == "formula_without_value"
        else i
        for i in issues
    )


def _needed(table: RawTable, found: RoleMap, said: Maps, keep: frozenset[int]) -> frozenset[str]:
    """Headers of the columns a run cannot do without: roles that are counted with, and what the user named."""
    roles = {i for r, i in found.columns.items() if ROLES[r].kind in COUNTED_KINDS or r in said}
    return frozenset(table.headers[i] for i in roles | keep | found.traits)


def _softened(issues: tuple[Issue, ...]) -> tuple[Issue, ...]:
    """What would stop a run in a needed column is a warning in one that only describes."""
    return tuple(replace(i, severity="warning") if i.severity == "error" else i for i in issues)
