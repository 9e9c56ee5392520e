"""Columns that describe customers: each becomes a trait, or is left out with the reason. Roles are read elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mapseg_xl.errors import MissingColumn
from mapseg_xl.intake import clean
from mapseg_xl.intake.cleaning.cells import Cleaned
from mapseg_xl.intake.columns.families import Family, family_of, follows_from
from mapseg_xl.intake.columns.profiles import Profile
from mapseg_xl.intake.columns.role_words import ROLES, header_key, header_words, word_set
from mapseg_xl.intake.columns.roles import ALSO_TRAITS, RoleMap, nearest
from mapseg_xl.intake.describing.categories import (
    MOST_CATEGORIES,
    by_size,
    natural,
    number_values,
    with_blank,
    years,
)
from mapseg_xl.intake.privacy import holds_persons, is_personal
from mapseg_xl.intake.tables import (
    BLANK,
    Array,
    Customers,
    Issue,
    RawTable,
    RoleGuess,
    Trait,
    plain,
)

_ID_WORDS = word_set(
    "id ids no nr number uuid guid key code hash token ref reference phone tel iban vat"
)
_MOSTLY_NUMBERS = 0.5
"""Digits that read as numbers in fewer cells are words, such as +49 170 1234."""
_FEWEST_NOTED = 0.01
"""Notes in a smaller share of the rows are remarks beside the table."""
_CODE_WORDS = word_set("zip zipcode postal postcode plz code naics sic nace cp")


@dataclass(frozen=True, slots=True, eq=False)
class TraitSet:
    """The traits of a table, what their cells gave rise to, and how each column was read in the end."""

    traits: tuple[Trait, ...]
    issues: tuple[Issue, ...]
    guesses: tuple[RoleGuess, ...]


def build_traits(
    table: RawTable,
    found: RoleMap,
    keep: frozenset[int] = frozenset(),
    day_first: bool | None = None,
) -> TraitSet:
    """A trait for every column without a role, and for channel and owner.

    Columns in `keep` the user wants as traits whatever they hold. `day_first`: how 03/04/2025 is meant.
    """
    traits: list[Trait] = []
    issues: list[Issue] = []
    guesses: list[RoleGuess] = []
    for index, guess in enumerate(found.guesses):
        if guess.role not in {"trait", *ALSO_TRAITS}:
            guesses.append(guess)
            continue
        if index in found.ignored:
            guesses.append(replace(guess, role="ignored", family="", sure=True, why="you said so"))
            continue
        wanted = index in keep or index in found.traits
        trait, problems, why = _build(table, index, found.profiles[index], day_first, wanted=wanted)
        if trait is not None:
            traits.append(_channel_family(trait, guess))
            issues += problems
        if trait is not None or guess.role in ALSO_TRAITS:
            guesses.append(guess)
        else:
            guesses.append(replace(guess, role="ignored", family="", sure=True, why=why))
    return TraitSet(tuple(traits), tuple(issues), tuple(guesses))


def trait_of(customers: Customers, header: str) -> Trait:
    """The trait of a header; a role column becomes one too: bands of numbers, years of dates, yes and no of flags.

    A trait made of a role column names that role in `made_from`, so that metrics made of it are not judged by it.
    """
    if trait := customers.trait(header):
        return trait
    for role, held in customers.roles.items():
        name = customers.role_headers.get(role, role)
        if plain(header) in {plain(name), plain(role)}:
            return _trait_of_role(role, name, held)
    names = [t.name for t in customers.traits] + list(customers.role_headers.values())
    near = nearest(header, names)
    hint = (
        f"Did you mean {' or '.join(repr(n) for n in near)}?"
        if near
        else f"It has {', '.join(names)}."
    )
    raise MissingColumn(f"{customers.sheet} has no column '{header}' to segment by. {hint}")


def mark_repeats(
    traits: tuple[Trait, ...], role: str, outcome: NDArray[np.int8]
) -> tuple[Trait, ...]:
    """Traits whose values tell a yes-no outcome completely (-1: not concerned) get that role in `made_from`.

    Such a column is the outcome in other words (a cancellation reason), whatever its header says. Only where both
    sides have 10 rows or more and there are at most 20 values, so that chance cannot do it.
    """
    both = min(np.count_nonzero(outcome == 1), np.count_nonzero(outcome == 0))
    if both < 10:
        return traits
    return tuple(_marked(t, role, outcome) for t in traits)


def _marked(trait: Trait, role: str, outcome: NDArray[np.int8]) -> Trait:
    k = len(trait.values)
    if role in trait.made_from or not 2 <= k <= MOST_CATEGORIES:
        return trait
    yes = np.bincount(trait.codes[outcome == 1], minlength=k)
    no = np.bincount(trait.codes[outcome == 0], minlength=k)
    if np.any((yes > 0) & (no > 0)):
        return trait
    return replace(trait, made_from=(*trait.made_from, role))


def _build(
    table: RawTable, index: int, seen: Profile, day_first: bool | None, *, wanted: bool
) -> tuple[Trait | None, tuple[Issue, ...], str]:
    header = table.headers[index]
    if not seen.seen and not wanted:
        return None, (), "the column is empty"
    if seen.emails >= 0.6 and not wanted:
        return None, (), "e-mail addresses describe nobody but themselves"
    if not wanted and _names_rows(header, table, index):
        return None, (), "an id that names customers, not what they are like"
    if seen.dates >= 0.6:
        cleaned = clean.dates(table, index, day_first=day_first)
        return _trait(table, index, *years(cleaned.values), ordered=True), _mild(cleaned), ""
    words = set(header_words(header))
    if seen.numbers >= 0.9 and seen.flags < 0.9 and not words & _CODE_WORDS:
        numbers = clean.numbers(table, index)
        if numbers.share_readable >= _MOSTLY_NUMBERS:
            return _number_trait(table, index, numbers, wanted or not words & _ID_WORDS)
    cleaned = clean.labels(table, index)
    values, codes = by_size(cleaned.values)
    reason = _not_a_trait(header, values, codes)
    if reason and not wanted:
        return None, (), reason
    values, codes, ordered = natural(values, codes)
    return _trait(table, index, values, codes, ordered=ordered), cleaned.issues, ""


def _names_rows(header: str, table: RawTable, index: int) -> bool:
    """A second column of ids, as the account of each opportunity."""
    if header_key(header) not in ROLES["customer_id"].synonyms:
        return False
    return bool(pd.Series(table.columns[index]).nunique() > MOST_CATEGORIES)


def _number_trait(
    table: RawTable, index: int, cleaned: Cleaned, described: bool
) -> tuple[Trait | None, tuple[Issue, ...], str]:
    numbers = cleaned.values
    if not described and _all_different(numbers[np.isfinite(numbers)]):
        return None, (), "numbers that name a row and measure nothing"
    values, codes = number_values(numbers)
    trait = _trait(table, index, values, codes, ordered=True)
    return replace(trait, numbers=numbers), cleaned.issues, ""


def _mild(cleaned: Cleaned) -> tuple[Issue, ...]:
    """Issues of a date that only describes: an unclear order of day and month leaves the year, so it stops nothing."""
    return tuple(
        replace(i, severity="warning", action="Left out of this column, as if empty")
        if i.severity == "error"
        else i
        for i in cleaned.issues
    )


def _trait(
    table: RawTable, index: int, values: tuple[str, ...], codes: NDArray[np.int32], *, ordered: bool
) -> Trait:
    header = table.headers[index]
    family = family_of(header)
    made_from = follows_from(header)
    return Trait(
        header,
        table.letters[index],
        family.name,
        values,
        codes,
        ordered=ordered,
        made_from=made_from,
        outcome_like=family.outcome_like,
    )


def _channel_family(trait: Trait, guess: RoleGuess) -> Trait:
    """Channel and owner are known before the sale, so they are causes; they are no account data."""
    if guess.role not in ALSO_TRAITS:
        return trait
    family = Family("behavioural", True, "", False)
    return replace(trait, family=family.name, outcome_like=False, made_from=())


def _not_a_trait(header: str, values: tuple[str, ...], codes: NDArray[np.int32]) -> str:
    """Why a text column describes nobody; empty where it does."""
    filled = [v for v in values if v != BLANK]
    rows = len(codes) - (np.count_nonzero(codes == len(filled)) if len(filled) < len(values) else 0)
    if not filled:
        return "the column is empty"
    few = rows < _FEWEST_NOTED * len(codes)
    many = is_personal(header) and (len(filled) > MOST_CATEGORIES or few)
    if many or holds_persons(header, filled):
        return "names, addresses or notes of single customers"
    if len(filled) > max(50, len(codes) / 2) or (rows >= 8 and len(filled) == rows):
        return f"{len(filled):,} different values in {rows:,} rows describe single customers"
    return ""


def _all_different(numbers: NDArray[np.float64]) -> bool:
    return len(numbers) >= 8 and pd.Series(numbers).nunique() > 0.9 * len(numbers)


def _trait_of_role(role: str, name: str, held: Array) -> Trait:
    ordered = True
    numbers = None
    if held.dtype.kind == "M":
        values, codes = years(held)
    elif held.dtype.kind == "f":
        values, codes = number_values(held)
        numbers = held
    elif held.dtype.kind in "ib":
        words = ("won", "lost") if role == "outcome" else ("yes", "no")
        values, codes = with_blank(words, np.where(held < 0, -1, 1 - held).astype(np.int32))
    else:
        values, codes = by_size(held)
        ordered = False
    family = family_of(name)
    return Trait(name, "", family.name, values, codes, ordered, numbers, _sources(role), False)


def _sources(role: str) -> tuple[str, ...]:
    """Text that only describes is no outcome; dates of entry are the past of nobody's result."""
    return () if ROLES[role].kind in {"text", "email", "domain"} and role != "stage" else (role,)
