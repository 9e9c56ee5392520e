"""A team's pivots beside the rows of its customers: where they count differently. The rows win; nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mapseg_xl.intake.tables import Array, Customers, Issue, Pivot, Status, Trait, plain

FIGURES = ("size", "converted", "customers", "churned", "leads", "trials")
_WORDS = {"size": "rows", "converted": "conversions"}
_ALL, _WON = tuple(Status), (Status.CUSTOMER, Status.CHURNED)
_MEANINGS: Mapping[
    str, tuple[tuple[Status, ...], ...]
] = {  # whom a figure may count, the plainest first
    "size": (_ALL,),
    "converted": (_WON,),
    "customers": ((Status.CUSTOMER,), _WON),
    "churned": ((Status.CHURNED,),),
    "leads": ((Status.LEAD,), _ALL, (Status.LEAD, Status.TRIAL)),
    "trials": ((Status.TRIAL,), (Status.TRIAL, *_WON)),
}
_ALIKE = 0.8  # of a pivot's values that a trait must have, to be the field that it is cut by
_OLDER = 0.5  # of the segments that differ, above which the whole sheet is of another day


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure of one segment: as the sheet says it, and as the rows give it."""

    cell: str
    segment: str
    figure: str
    said: int
    counted: int


def reconciled(pivots: Sequence[Pivot], customers: Customers) -> tuple[Issue, ...]:
    """Where pivots and rows differ, by cell; one line for a sheet that differs in most segments: it is older."""
    return tuple(issue for pivot in pivots for issue in _issues(pivot, customers))


def _issues(pivot: Pivot, customers: Customers) -> Iterator[Issue]:
    traits = _traits(pivot, customers)
    if traits is None:
        return
    found, compared = _differences(pivot, customers, traits)
    off = {d.segment for d in found}
    if not found:
        return
    if len(off) > _OLDER * compared and compared > 1:
        yield _as_a_whole(pivot, customers, len(off), compared)
        return
    for d in found:
        word = _WORDS.get(d.figure, d.figure)
        text = f"the sheet says {d.said:,} {word} in {d.segment}, the rows give {d.counted:,}"
        yield _issue(pivot, d.cell, text, "The rows count. Correct the sheet, or the rows")


def _as_a_whole(pivot: Pivot, customers: Customers, off: int, compared: int) -> Issue:
    size = round(sum(line.figures.get("size", 0.0) for line in pivot.lines))
    text = (
        f"{off} of {compared} segments differ from the rows: {size:,} in all, {customers.n:,} rows. "
        "It is of another day, or of a part of them"
    )
    return _issue(pivot, pivot.area, text, "The rows count. Bring the sheet up to date")


def _issue(pivot: Pivot, cell: str, text: str, action: str) -> Issue:
    return Issue("warning", pivot.source, pivot.sheet, cell, "", text, action, kind="pivot_differs")


def _traits(pivot: Pivot, customers: Customers) -> tuple[Trait, ...] | None:
    """The trait of each field: of the same name, else the one whose values the field has; None where one is missing."""
    found = []
    for place, name in enumerate(pivot.attributes):
        values = {_key(line.values[place]) for line in pivot.lines}
        trait = customers.trait(name) or _by_values(values, customers)
        if trait is None or len(values & set(map(_key, trait.values))) < _ALIKE * len(values):
            return None
        found.append(trait)
    return tuple(found)


def _by_values(values: set[str], customers: Customers) -> Trait | None:
    near = [
        t
        for t in customers.traits
        if len(values & set(map(_key, t.values))) >= _ALIKE * len(values)
    ]
    return near[0] if len(near) == 1 else None


def _key(value: str) -> str:
    return plain(value) or value.casefold()


def _differences(
    pivot: Pivot, customers: Customers, traits: Sequence[Trait]
) -> tuple[list[Difference], int]:
    """The figures that differ, and how many segments could be compared. A segment is named by its first difference."""
    inside = [customers.status[rows] for rows in _members(pivot, customers, traits)]
    found = [d for figure in FIGURES for d in _nearest(pivot, figure, inside)]
    order = {" | ".join(line.values): at for at, line in enumerate(pivot.lines)}
    return sorted(found, key=lambda d: order[d.segment]), len(inside)


def _members(pivot: Pivot, customers: Customers, traits: Sequence[Trait]) -> Iterator[Array]:
    """Of each line of the pivot, which customers are in it."""
    codes = [{_key(v): code for code, v in enumerate(t.values)} for t in traits]
    for line in pivot.lines:
        inside = np.ones(customers.n, np.bool_)
        for trait, by, value in zip(traits, codes, line.values, strict=True):
            inside &= trait.codes == by.get(_key(value), -1)
        yield inside


def _nearest(pivot: Pivot, figure: str, inside: Sequence[Array]) -> list[Difference]:
    """Where a figure differs, taken as the sheet most likely means it: Leads may be all who came, or only open ones."""
    readings = [_off(pivot, figure, inside, whom) for whom in _MEANINGS[figure]]
    return min(readings, key=len)


def _off(
    pivot: Pivot, figure: str, inside: Sequence[Array], whom: tuple[Status, ...]
) -> list[Difference]:
    found = []
    for line, status in zip(pivot.lines, inside, strict=True):
        if figure not in line.figures or figure not in line.cells:
            continue
        said, counted = round(line.figures[figure]), int(np.isin(status, whom).sum())
        if said != counted:
            name = " | ".join(line.values)
            found.append(Difference(line.cells[figure], name, figure, said, counted))
    return found
