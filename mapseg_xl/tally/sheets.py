"""Tallies from what a team has counted itself: pivots by segment and cohort tables. No rows, and nothing made up.

Sheets that cut the base by the same attribute are one cut: what one of them lacks another may give.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from mapseg_xl.intake.tables import EVERYBODY, CohortTable, Pivot, plain
from mapseg_xl.tally.cohort_sheets import lifetimes_of, shares_of, together
from mapseg_xl.tally.tally import (
    Acquisition,
    Conversion,
    Deals,
    Exposure,
    Ints,
    Lifetimes,
    Question,
    SharesHere,
    Sums,
    Tally,
)

Figures = Mapping[str, float]
LIFE = frozenset(["size", "leads", "trials", "customers", "churned", "started", "converted"])
_ASSUMED = frozenset(["customers", "price", "price_n", "revenue", "revenue_n"])


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """The base as sheets cut it by one attribute, or two: a Tally a segment, and their own whole.

    `codes` gives each unit of the run its segment, -1 none. Units are the finest segments of every sheet, which is
    all that is known of who belongs together.
    """

    attributes: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]
    tallies: tuple[Tally, ...]
    whole: Tally
    codes: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """Everything that sheets count: the cuts, the customers in each unit, and the base."""

    cuts: tuple[Cut, ...]
    sizes: Ints
    whole: Tally


@dataclass(frozen=True, slots=True, eq=False)
class _Draft:
    """A cut on its way: figures and curve of each segment. `units`: those of each segment."""

    attributes: tuple[str, ...]
    figures: dict[tuple[str, ...], dict[str, float]]
    units: dict[tuple[str, ...], list[int]]
    remarks: Mapping[str, str]
    curves: dict[tuple[str, ...], CohortTable]


def count_sheets(
    pivots: Sequence[Pivot], cohorts: Sequence[CohortTable], question: Question
) -> Counted:
    """The tallies of every segment of every sheet, and of the base."""
    drafts, sizes = _drafts(pivots)
    _with_curves(drafts, sizes, cohorts)
    cuts = [_cut(d, len(sizes), question) for d in drafts.values()]
    whole = _base(cuts, [c for c in cohorts if not c.attribute], question)
    return Counted(tuple(cuts), np.array(sizes, dtype=np.int64), whole)


def _drafts(pivots: Sequence[Pivot]) -> tuple[dict[tuple[str, ...], _Draft], list[int]]:
    drafts: dict[tuple[str, ...], _Draft] = {}
    sizes: list[int] = []
    for pivot in (_without_assumption(p, pivots) for p in pivots):
        first = len(sizes)
        sizes += [
            round(line.figures.get("size", line.figures.get("customers", 0.0)))
            for line in pivot.lines
        ]
        for fields in _subsets(len(pivot.attributes)):
            names = tuple(pivot.attributes[f] for f in fields)
            key = tuple(map(plain, names))
            made = _added_up(pivot, fields, first)
            drafts[key] = _together(drafts[key], made) if key in drafts else made
    return drafts, sizes


def _subsets(n: int) -> Iterable[tuple[int, ...]]:
    """Each field by itself, then pairs of them."""
    yield from ((f,) for f in range(n))
    yield from combinations(range(n), 2)


def _added_up(pivot: Pivot, fields: tuple[int, ...], first: int) -> _Draft:
    figures: dict[tuple[str, ...], dict[str, float]] = {}
    units: dict[tuple[str, ...], list[int]] = {}
    for at, line in enumerate(pivot.lines):
        key = tuple(line.values[f] for f in fields)
        held = figures.setdefault(key, {})
        for name, value in line.figures.items():
            held[name] = held.get(name, 0.0) + value
        units.setdefault(key, []).append(first + at)
    names = tuple(pivot.attributes[f] for f in fields)
    return _Draft(names, figures, units, pivot.remarks, {})


def _together(one: _Draft, other: _Draft) -> _Draft:
    """One cut of two sheets: the one that tells more of the life cycle, with what only the other one knows."""
    if _told(other) > _told(one):
        one, other = other, one
    there = {name for held in one.figures.values() for name in held} | LIFE
    by_name = {_folded(key): held for key, held in other.figures.items()}
    figures = {
        key: {**{n: v for n, v in by_name.get(_folded(key), {}).items() if n not in there}, **held}
        for key, held in one.figures.items()
    }
    return replace(one, figures=figures, remarks={**other.remarks, **one.remarks})


def _told(draft: _Draft) -> int:
    """How much of the life cycle a cut tells."""
    return len({name for held in draft.figures.values() for name in held} & LIFE)


def _without_assumption(pivot: Pivot, pivots: Sequence[Pivot]) -> Pivot:
    """The pivot without taking everybody for a customer, where another sheet counts leads or trials, too."""
    others = {name for p in pivots for line in p.lines for name in line.figures}
    if pivot.remarks.get("customers") != EVERYBODY or not {"leads", "trials"} & others:
        return pivot
    lines = tuple(
        replace(line, figures={n: v for n, v in line.figures.items() if n not in _ASSUMED})
        for line in pivot.lines
    )
    return replace(pivot, lines=lines)


def _folded(key: Sequence[str]) -> tuple[str, ...]:
    return tuple(" ".join(value.casefold().split()) for value in key)


def _with_curves(
    drafts: dict[tuple[str, ...], _Draft], sizes: list[int], cohorts: Sequence[CohortTable]
) -> None:
    """Cohort tables of segments beside the counts of the same segments; those of no other sheet are a cut."""
    for table in cohorts:
        if not table.attribute:
            continue
        key = (plain(table.attribute),)
        draft = drafts.get(key)
        if draft is None:
            draft = drafts[key] = _Draft((table.attribute,), {}, {}, {}, {})
        named = {_folded(k): k for k in draft.figures}
        segment = named.get(_folded((table.segment,)), (table.segment,))
        if segment not in draft.units:
            draft.figures.setdefault(segment, {})
            draft.units[segment] = [len(sizes)]
            sizes.append(round(sum(row.size or 0.0 for row in table.rows)))
        draft.curves.setdefault(segment, table)


def _cut(draft: _Draft, n_units: int, question: Question) -> Cut:
    keys = tuple(draft.figures)
    codes = np.full(n_units, -1, dtype=np.int64)
    for code, key in enumerate(keys):
        codes[draft.units[key]] = code
    lives = {key: lifetimes_of(table) for key, table in draft.curves.items()}
    shares = {key: shares_of(table) for key, table in draft.curves.items()}
    tallies = tuple(
        _tally(draft.figures[key], draft.remarks, question, lives.get(key), shares.get(key))
        for key in keys
    )
    every = _sum([draft.figures[key] for key in keys])
    known = [lives.get(key) for key in keys]
    life = None if None in known else together(known)
    whole = _tally(every, draft.remarks, question, life, None)
    return Cut(draft.attributes, keys, tallies, whole, codes)


def _sum(figures: Sequence[Figures]) -> dict[str, float]:
    """Sums of the figures that every segment has."""
    shared = set.intersection(*(set(f) for f in figures)) if figures else set()
    return {name: sum(f[name] for f in figures) for name in shared}


def _base(cuts: Sequence[Cut], tables: Sequence[CohortTable], question: Question) -> Tally:
    """The base: the whole of the cut that says most, with what others of the same size say beside it."""
    found = sorted((c.whole for c in cuts), key=lambda t: (-_known(t), -t.size))
    base = found[0] if found else Tally(question, 0, 0, 0, 0, 0, leaving_told=False)
    for other in found[1:]:
        if other.size == base.size:
            base = _filled(base, other)
    for table in tables:
        life, shares = lifetimes_of(table), shares_of(table)
        if base.lifetimes is None and life is not None:
            base = (
                _tally({}, {}, question, life, None)
                if not base.size
                else replace(base, lifetimes=life, leaving_told=True)
            )
        elif base.lifetimes is None and base.shares_here is None and shares is not None:
            base = replace(base, shares_here=shares, leaving_told=True)
    return base


_COUNTED = frozenset(["size", "leads", "trials", "customers", "churned"])
_PARTS = (
    *("conversion", "deals", "price_sums", "revenue_sums"),
    *("lifetimes", "exposure", "acquisition", "shares_here"),
)


def _known(tally: Tally) -> int:
    return sum(getattr(tally, name) is not None for name in _PARTS) + bool(tally.churned)


def _filled(base: Tally, other: Tally) -> Tally:
    lacking = {n: getattr(other, n) for n in _PARTS if getattr(base, n) is None}
    return replace(base, **lacking)


def _tally(
    figures: Figures,
    remarks: Mapping[str, str],
    question: Question,
    life: Lifetimes | None,
    shares: SharesHere | None,
) -> Tally:
    """One segment's figures, and its curve, as a Tally. Without counts the curve tells who is here and who has left."""
    if not figures and life is not None:
        n, gone = life.months.n, int(life.months.events.sum())
        return Tally(question, n, 0, 0, n - gone, gone, lifetimes=life)
    if not _COUNTED & figures.keys():
        figures = {**figures, "customers": figures.get("price_n", figures.get("revenue_n", 0.0))}
    leads, trials, here, gone = (
        round(figures.get(name, 0.0)) for name in ("leads", "trials", "customers", "churned")
    )
    return Tally(
        question,
        round(figures.get("size", leads + trials + here + gone)),
        leads,
        trials,
        here,
        gone,
        leaving_told="churned" in figures or life is not None or shares is not None,
        conversion=_conversion(figures),
        deals=_deals(figures),
        price_sums=_sums(figures, remarks, "price"),
        revenue_sums=_sums(figures, remarks, "revenue"),
        exposure=_exposure(figures),
        acquisition=_acquisition(figures),
        lifetimes=life,
        shares_here=shares,
    )


def _conversion(figures: Figures) -> Conversion | None:
    if "started" not in figures or "converted" not in figures:
        return None
    return Conversion(
        "undated", round(figures["started"]), round(figures["converted"]), 0, 0, 0, None
    )


def _deals(figures: Figures) -> Deals | None:
    if "won" not in figures or "lost" not in figures:
        return None
    won, lost, still = (round(figures.get(name, 0.0)) for name in ("won", "lost", "open"))
    return Deals(won, lost, still, 0.0, 0.0, np.zeros(0), np.zeros(0), 0)


def _sums(figures: Figures, remarks: Mapping[str, str], name: str) -> Sums | None:
    if name not in figures or f"{name}_n" not in figures:
        return None
    squares = figures.get(f"{name}_squares")
    return Sums(round(figures[f"{name}_n"]), figures[name], squares, remarks.get(f"{name}_n", ""))


def _exposure(figures: Figures) -> Exposure | None:
    if "months" not in figures or "churned" not in figures:
        return None
    return Exposure(round(figures["churned"]), figures["months"])


def _acquisition(figures: Figures) -> Acquisition | None:
    if "spend" not in figures:
        return None
    new = figures.get("acquired", figures.get("converted"))
    if new is None:
        new = figures.get("customers", 0.0) + figures.get("churned", 0.0)
    return Acquisition(figures["spend"], round(figures.get("size", new)), round(new), 0, None, None)
