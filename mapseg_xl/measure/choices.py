"""The conditions a search may choose among: values of actionable traits, and ranges of ordered ones.

Knows no outcome. Every choice is a set of a trait's codes with the words of the rule grammar for it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from mapseg_xl.intake.describing.bands import figure
from mapseg_xl.intake.tables import BLANK, Customers, Trait, plain
from mapseg_xl.measure.rules import Condition, as_number
from mapseg_xl.tally.rows import Mask
from mapseg_xl.tally.tally import Floats

FIRST_FAMILIES = ("firmographic", "demographic", "geographic")
FEWEST_TRAITS = 2  # below, the other families that are no results are searched too
MOST_LEVELS = 0.1  # of the rows; a column with more values names single customers
RANGES_OF = 8  # ordered values or bands up to which every range of them is a choice
_NOBODY = frozenset(  # values that nobody can be looked for by
    ["other", "others", "unknown", "none", "n/a", "na", "misc", "miscellaneous", "various"]
)
_LITTLE = frozenset(["yes", "no", "true", "false", "high", "medium", "low"])
_YEARS = re.compile(r"(19|20)\d\d")
_FIRST_NUMBER = re.compile(r"−?[\d,]+(?:\.\d+)?")


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One condition, or two on the same column that make a range: which codes it holds for, and its short name."""

    codes: Mask  # one bool a value of the trait
    conditions: tuple[Condition, ...]
    name: str  # "Agency", "employees 50 and more"


@dataclass(frozen=True, slots=True, eq=False)
class Searched:
    """A trait with the choices it offers."""

    trait: Trait
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Traits:
    """The traits that are searched, and by name those left out because they may be results."""

    searched: tuple[Trait, ...]
    results: tuple[str, ...]


def actionable(customers: Customers, named: Collection[str] = ()) -> Traits:
    """Traits known before the sale: what a company or person is, where they are, by which channel they came.

    Columns that may be results of the outcome are left out, unless named by the user (they stay out where they
    tell the outcome itself). Psychographic and behavioural traits come in where fewer than two others are there.
    Dates and the names of salespeople are no traits to look for customers by.
    """
    asked = {plain(n) for n in named}
    owner = plain(customers.role_headers.get("owner", ""))
    usable = [t for t in customers.traits if _tells(t, customers) and plain(t.name) != owner]
    causes = [t for t in usable if not t.made_from]
    results = [t for t in usable if t.made_from or (t.outcome_like and plain(t.name) not in asked)]
    causes = [t for t in causes if t not in results]
    channel = plain(customers.role_headers.get("channel", ""))
    first = [
        t
        for t in causes
        if t.family in FIRST_FAMILIES or plain(t.name) == channel or plain(t.name) in asked
    ]
    chosen = first if len(first) >= FEWEST_TRAITS else causes
    order = {family: at for at, family in enumerate(FIRST_FAMILIES)}
    chosen = sorted(chosen, key=lambda t: order.get(t.family, len(order)))  # as names say them
    return Traits(tuple(chosen), tuple(t.name for t in results))


def _tells(trait: Trait, customers: Customers) -> bool:
    """Whether a trait has values to tell customers apart by, and is neither a date nor a name."""
    known = [v for v in trait.values if v != BLANK]
    dated = trait.ordered and trait.numbers is None and all(_YEARS.fullmatch(v) for v in known)
    return 2 <= len(trait.values) <= max(MOST_LEVELS * customers.n, 2) and not dated


def choices_of(trait: Trait, worth: Mask) -> Searched:
    """The choices of a trait: values that are `worth` it (one bool a value), and ranges of ordered ones.

    A range may hold values that are too small alone. Numbers in bands are told by the bands' edges.
    """
    ordered = [at for at, value in enumerate(trait.values) if value != BLANK]
    in_bands = trait.numbers is not None and any(
        as_number(trait.values[at]) is None for at in ordered
    )
    held = [at for at in ordered if worth[at] and trait.values[at].casefold() not in _NOBODY]
    found = [] if in_bands else [_value(trait, at) for at in held]
    if trait.ordered and len(ordered) > 1:
        runs = list(_runs(len(ordered), 1 if in_bands else 2))
        if trait.numbers is None:
            found += [_listed(trait, ordered[a:b]) for a, b in runs]
        else:
            found += _numeric(trait, trait.numbers, runs, ordered)
    return Searched(trait, tuple(found))


def _value(trait: Trait, at: int) -> Choice:
    value = trait.values[at]
    codes = np.arange(len(trait.values)) == at
    said = f"{header(trait)}: {value}" if _says_little(value) else value
    return Choice(codes, (Condition(trait.name, "=", (value,)),), said)


def _says_little(value: str) -> bool:
    """Whether a value needs its column to be understood: yes, 3, 50 – 99."""
    return value.casefold() in _LITTLE or not any(c.isalpha() for c in value)


def header(trait: Trait) -> str:
    """The column as people write it."""
    return " ".join(trait.name.replace("_", " ").split())


def _runs(n: int, shortest: int) -> Iterator[tuple[int, int]]:
    """Neighbours from a to before b, not all of them; of many values only those from an end."""
    for a, b in combinations(range(n + 1), 2):
        if shortest <= b - a < n and (n <= RANGES_OF or a == 0 or b == n):
            yield a, b


def _listed(trait: Trait, run: list[int]) -> Choice:
    values = tuple(trait.values[at] for at in run)
    name = f"{values[0]} to {values[-1]}" if len(values) > 2 else " or ".join(values)
    said = f"{header(trait)} {name}" if _says_little(values[0]) else name
    return Choice(_codes(trait, run), (Condition(trait.name, "in", values),), said)


def _codes(trait: Trait, run: list[int]) -> Mask:
    codes: Mask = np.isin(np.arange(len(trait.values)), run)
    return codes


def _numeric(
    trait: Trait, numbers: Floats, runs: list[tuple[int, int]], ordered: list[int]
) -> Iterator[Choice]:
    """Runs of bands by their edges; none with an edge that the grammar cannot write."""
    edges = [-np.inf, *_edges(trait, numbers, ordered), np.inf]
    whole = bool(np.all(np.round(numbers) == numbers, where=np.isfinite(numbers)))
    for a, b in runs:
        low, high = edges[a], edges[b]
        written = [as_number(_written(e)) == e for e in (low, high) if np.isfinite(e)]
        if all(written):
            conditions, said = _between(trait.name, low, high, whole=whole)
            yield Choice(_codes(trait, ordered[a:b]), conditions, f"{header(trait)} {said}")


def _edges(trait: Trait, numbers: Floats, ordered: list[int]) -> list[float]:
    """The least number of each band but the first: as its label says where that is right, else as in the data."""
    edges = []
    for at in ordered[1:]:
        label = _FIRST_NUMBER.search(trait.values[at])
        said = float(label[0].replace(",", "").replace("−", "-")) if label else np.nan
        from_here = (trait.codes >= at) & np.isfinite(numbers)
        right = np.array_equal(numbers >= said, from_here)
        edges.append(said if right else float(numbers[from_here].min(initial=np.inf)))
    return edges


def _between(
    column: str, low: float, high: float, *, whole: bool
) -> tuple[tuple[Condition, ...], str]:
    """A range in the grammar and in people's words; `high` is outside it."""
    above = Condition(column, ">=", (_written(low),))
    below = Condition(column, "<", (_written(high),))
    if np.isinf(low):
        return (below,), f"under {_said(column, high)}"
    if np.isinf(high):
        return (above,), f"{_said(column, low)} and more"
    if whole:
        both = Condition(column, "between", (_written(low), _written(high - 1)))
        return (both,), f"{_said(column, low)} – {_said(column, high - 1)}"
    return (above, below), f"{_said(column, low)} to under {_said(column, high)}"


def _written(number: float) -> str:
    return f"{number:.12g}"


def _said(column: str, number: float) -> str:
    """A number as a name shows it; years without a thousands mark."""
    is_year = "year" in plain(column) and 1000 <= number < 3000
    return _written(number) if is_year else figure(number)
