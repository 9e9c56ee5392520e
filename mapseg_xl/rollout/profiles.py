"""Who the chosen segments are: which of them get a Profile, under which letter, and what is typical of each.

Reads the traits of rows, over the whole base. What a segment achieves is told by performance, not here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, product
from string import ascii_uppercase

import numpy as np

from mapseg_xl.analyze.candidates import Candidate
from mapseg_xl.intake.columns.roles import ALSO_TRAITS
from mapseg_xl.intake.tables import BLANK, Customers, Trait, plain
from mapseg_xl.measure.parsing import parse_rule
from mapseg_xl.prioritize.decision import Priorities
from mapseg_xl.tally.rows import Mask

MOST = 3  # segments a company can be built for at once
CALLS = ("focus", "test")
CHANNEL = "channel"
FEWEST = 30  # rows, before a value is called typical


@dataclass(frozen=True, slots=True)
class Typical:
    """One value of a trait, in a segment and among everyone else. `known`: rows whose cell is filled."""

    trait: str
    family: str
    value: str
    n: int
    known: int
    rest_n: int
    rest_known: int

    @property
    def share(self) -> float:
        """Share of the segment's filled rows."""
        return self.n / self.known if self.known else 0.0

    @property
    def rest_share(self) -> float:
        """Share of everyone else's filled rows."""
        return self.rest_n / self.rest_known if self.rest_known else 0.0

    @property
    def times(self) -> float | None:
        """How many times more common it is in the segment; None where nobody else has it."""
        return self.share / self.rest_share if self.rest_n and self.known else None


@dataclass(frozen=True, slots=True)
class Profile:
    """A chosen segment: its letter, and the commonest value of each trait, the most telling trait first.

    Traits of its rule are left out: they would be all of them. Channels are not, since people ask for them.
    """

    letter: str
    segment_id: str
    name: str
    rule: str
    call: str  # focus test
    n: int
    share: float
    traits: tuple[Typical, ...] = ()
    channels: tuple[Typical, ...] = ()


@dataclass(frozen=True, slots=True)
class Profiles:
    """The chosen segments by letter. `letters` holds those of earlier runs too: a letter is never given twice."""

    chosen: tuple[Profile, ...] = ()
    letters: Mapping[str, str] = field(default_factory=dict)  # segment_id -> letter

    def of(self, segment_id: str) -> Profile | None:
        """A segment's profile."""
        return next((p for p in self.chosen if p.segment_id == segment_id), None)


def find_profiles(
    candidates: Sequence[Candidate],
    customers: Customers,
    priorities: Priorities,
    known: Mapping[str, str] | None = None,
    size: int | None = None,
) -> Profiles:
    """The segments recommended for focus or test, best first, at most three; `known` are letters of earlier runs.

    `size` of the base, where it is not the number of rows.
    """
    by_id = {c.segment_id: c for c in candidates if not c.twin_of}
    rows = [r for r in priorities.rows if r.recommendation in CALLS and r.segment_id in by_id]
    last = len(rows) + 1
    rows.sort(key=lambda r: (CALLS.index(r.recommendation), r.rank or last))
    letters = dict(known or {})
    taken = set(letters.values())
    free = (letter for letter in _letters() if letter not in taken)
    made = []
    for row in rows[:MOST]:
        if row.segment_id not in letters:
            letters[row.segment_id] = next(free)
        letter = letters[row.segment_id]
        base = customers.n if size is None else size
        made.append(_profile(by_id[row.segment_id], customers, letter, row.recommendation, base))
    return Profiles(tuple(made), letters)


def _letters() -> Iterator[str]:
    """A to Z, then AA, AB and so on, as a spreadsheet counts its columns."""
    for size in count(1):
        yield from map("".join, product(ascii_uppercase, repeat=size))


def _profile(
    candidate: Candidate, customers: Customers, letter: str, call: str, base: int
) -> Profile:
    said = {plain(c.column) for c in parse_rule(candidate.rule).conditions}
    roles = {plain(customers.role_headers.get(role, role)): role for role in ALSO_TRAITS}
    lines: list[Typical] = []
    came: tuple[Typical, ...] = ()
    for trait in customers.traits:
        role = roles.get(plain(trait.name))
        if role == CHANNEL:
            came = typical(trait, candidate.member)
        elif role is None and plain(trait.name) not in said:
            lines += typical(trait, candidate.member)[:1]
    return Profile(
        letter,
        candidate.segment_id,
        candidate.name,
        candidate.rule,
        call,
        candidate.n,
        candidate.n / base if base else 0.0,
        tuple(sorted(lines, key=lambda line: -(line.times or 0.0))),
        came,
    )


def typical(trait: Trait, member: Mask) -> tuple[Typical, ...]:
    """The values of a trait that the segment's rows have, the commonest first; empty cells aside.

    None where fewer than 30 rows of the segment are filled.
    """
    size = len(trait.values)
    inside = np.bincount(trait.codes[member], minlength=size)
    outside = np.bincount(trait.codes[~member], minlength=size)
    filled = [at for at, value in enumerate(trait.values) if value != BLANK]
    known, rest_known = int(inside[filled].sum()), int(outside[filled].sum())
    if known < FEWEST:
        return ()
    order = sorted((at for at in filled if inside[at]), key=lambda at: (-inside[at], at))
    return tuple(
        Typical(
            trait.name,
            trait.family,
            trait.values[at],
            int(inside[at]),
            known,
            int(outside[at]),
            rest_known,
        )
        for at in order
    )
