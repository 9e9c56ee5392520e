"""Which values customers have in each trait, remembered so that a later mix is counted in the very same categories.

Reads rows. Categories are fixed when they are first taken down: "everything else" is always one of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.intake.describing.bands import figure
from mapseg_xl.intake.tables import BLANK, Customers, Status, Trait
from mapseg_xl.measure.frozen_bands import Cut
from mapseg_xl.settings import Settings
from mapseg_xl.stats.drift import SOME, STRONG, psi, psi_by_chance, same_mix_p
from mapseg_xl.stats.multiplicity import benjamini_yekutieli
from mapseg_xl.tally.rows import Mask

MOST_CATEGORIES = 30
MOST_TRAITS = 40
_NEXT = 1e-9  # above a number: the first that is larger
OTHER = "(everything else)"
STRONG_SHIFT, SOME_SHIFT, NO_SHIFT, CHANCE_SHIFT, FEW = "strong", "some", "none", "chance", "few"

Counts = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Mix:
    """A trait's categories with who was in each; the last count is of everything else.

    `edges`: of a number that is cut into bands, the least number of each band but the first; () for words.
    `low`: the smallest number there was; `alone`: it is a band by itself; `whole`: there were no decimals.
    """

    trait: str
    values: tuple[str, ...]
    rows: Counts
    customers: Counts
    edges: tuple[float, ...] = ()
    low: float = 0.0
    alone: bool = False
    whole: bool = False

    @property
    def cut(self) -> Cut | None:
        """How its numbers were cut into bands; None for words, and for numbers that are categories."""
        if not self.edges:
            return None
        labels = tuple(value for value in self.values if value != BLANK)
        return Cut(labels, self.edges, self.low, self.alone, self.whole)

    @property
    def categories(self) -> tuple[str, ...]:
        """Their names, everything else too."""
        return (*self.values, OTHER)


def mixes_of(customers: Customers) -> tuple[Mix, ...]:
    """The mix of every trait that has two values or more."""
    traits = [t for t in customers.traits if len(t.values) > 1][:MOST_TRAITS]
    return tuple(_mix(trait, customers.status) for trait in traits)


def _mix(trait: Trait, status: NDArray[np.int8]) -> Mix:
    size = len(trait.values)
    paying = np.bincount(trait.codes[status == Status.CUSTOMER], minlength=size)
    counts = np.bincount(trait.codes, minlength=size)
    kept = range(size)
    if size > MOST_CATEGORIES:
        top = np.argsort(-counts, kind="stable")[:MOST_CATEGORIES]
        kept = sorted(top.tolist())  # type: ignore[assignment]
    at = list(kept)
    rest = [int(c.sum() - c[at].sum()) for c in (counts, paying)]
    return Mix(
        trait.name,
        tuple(trait.values[i] for i in at),
        (*counts[at].tolist(), rest[0]),
        (*paying[at].tolist(), rest[1]),
        *_bands_of(trait),
    )


def _bands_of(trait: Trait) -> tuple[tuple[float, ...], float, bool, bool]:
    """Edges, smallest number, whether it is a band by itself, whether all numbers are whole."""
    edges = band_edges(trait)
    if not edges or trait.numbers is None:
        return (), 0.0, False, False
    known = trait.numbers[np.isfinite(trait.numbers)]
    low = float(known.min())
    first = trait.numbers[(trait.codes == 0) & np.isfinite(trait.numbers)]
    alone = bool(trait.values[0] == figure(low) and np.all(first == low))
    return edges, low, alone, bool(np.array_equal(known, np.round(known)))


def band_edges(trait: Trait) -> tuple[float, ...]:
    """The least number that each band but the first holds, as its label says it; () where values are no bands."""
    numbers = trait.numbers
    if numbers is None:
        return ()
    known = np.isfinite(numbers)
    named = [v for v in trait.values if v != BLANK]
    if len(named) < 2 or len(named) >= len(np.unique(numbers[known])):
        return ()
    lows = [numbers[known & (trait.codes == at)].min(initial=np.inf) for at in range(len(named))]
    highs = [numbers[known & (trait.codes == at)].max(initial=-np.inf) for at in range(len(named))]
    edges = []
    for label, low, before in zip(named[1:], lows[1:], highs, strict=False):
        said = before + _NEXT * max(1.0, abs(before)) if label.startswith("above") else _said(label)
        edges.append(said if before < said <= low else float(low))
    return tuple(float(f"{e:.12g}") for e in edges)


def _said(label: str) -> float:
    """The number that a band's label begins with."""
    text = label.split(" ")[0].replace(",", "").replace("−", "-")
    try:
        return float(text)
    except ValueError:
        return float("nan")


def codes_in(mix: Mix, trait: Trait) -> NDArray[np.int64]:
    """The category of an earlier mix that each row of today's trait falls into."""
    other = len(mix.values)
    place = {value: at for at, value in enumerate(mix.values)}
    if mix.edges and trait.numbers is not None:
        codes = np.searchsorted(np.array(mix.edges), trait.numbers, side="right").astype(np.int64)
        return np.where(np.isfinite(trait.numbers), codes, place.get(BLANK, other))
    here = np.array([place.get(value, other) for value in trait.values], dtype=np.int64)
    return here[trait.codes]


@dataclass(frozen=True, slots=True)
class Shift:
    """One trait's mix then and now, in the categories of then. `verdict`: strong some chance none few."""

    trait: str
    categories: tuple[str, ...]
    then: Counts
    now: Counts
    index: float | None
    by_chance: float | None
    verdict: str = FEW
    p: float | None = None

    @property
    def is_shifted(self) -> bool:
        """Whether the mix moved, and by more than chance."""
        return self.verdict in (STRONG_SHIFT, SOME_SHIFT)

    @property
    def most_moved(self) -> int:
        """The category whose share moved most."""
        n, m = sum(self.then) or 1, sum(self.now) or 1
        gaps = [abs(b / m - a / n) for a, b in zip(self.then, self.now, strict=True)]
        return gaps.index(max(gaps))


def recounted(
    mixes: Sequence[Mix], customers: Customers, renamed: Mapping[str, str], among: Mask
) -> dict[str, Counts]:
    """Today's rows of `among` in the categories of earlier mixes, by the trait's name then."""
    found = {}
    for mix in mixes:
        trait = customers.trait(renamed.get(mix.trait, mix.trait))
        if trait is not None:
            codes = codes_in(mix, trait)[among]
            counts = np.bincount(codes, minlength=len(mix.categories))
            found[mix.trait] = tuple(counts.tolist())
    return found


def shifts(
    pairs: Mapping[str, tuple[tuple[str, ...], Counts, Counts]], settings: Settings
) -> tuple[Shift, ...]:
    """Each trait then and now; a shift is one that reaches a mark and is more than chance, many traits allowed for."""
    found = [
        Shift(trait, names, then, now, psi(then, now), psi_by_chance(then, now))
        for trait, (names, then, now) in pairs.items()
    ]
    enough = [min(sum(s.then), sum(s.now)) >= settings.min_units for s in found]
    tests = [same_mix_p(s.then, s.now) if ok else None for s, ok in zip(found, enough, strict=True)]
    chances = benjamini_yekutieli(tests)
    return tuple(
        replace(s, p=p, verdict=_verdict(s, ok, q, settings))
        for s, ok, p, q in zip(found, enough, tests, chances, strict=True)
    )


def _verdict(shift: Shift, enough: bool, q: float | None, settings: Settings) -> str:
    if shift.index is None or not enough:
        return FEW
    if shift.index < SOME:
        return NO_SHIFT
    if q is None or q > settings.false_discovery_rate:
        return CHANCE_SHIFT
    return STRONG_SHIFT if shift.index >= STRONG else SOME_SHIFT
