"""A team's pivots beside the rows of its customers: where they count differently. The rows win; nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mapseg_xl.intake.tables import Array, Customers, Issue, Pivot, Status, Trait, plain

FIGURES = ("size", "converted", "customers", "churned", "leads", "trials")
_WORDS = {"size": "rows", "converted": "conversions"}
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
    codes = [{_key(v): code for code, v in enumerate(t.values)} for t in traits]
    found: list[Difference] = []
    compared = 0
    for line in pivot.lines:
        at = [by.get(_key(value)) for by, value in zip(codes, line.values, strict=True)]
        inside = np.ones(customers.n, np.bool_)
        for trait, code in zip(traits, at, strict=True):
            inside &= trait.codes == (-1 if code is None else code)
        counts = _counts(customers.status[inside])
        compared += 1
        for figure in FIGURES:
            if (
                figure in line.figures
                and figure in line.cells
                and round(line.figures[figure]) != counts[figure]
            ):
                name = " | ".join(line.values)
                found.append(
                    Difference(
                        line.cells[figure],
                        name,
                        figure,
                        round(line.figures[figure]),
                        counts[figure],
                    )
                )
    return found, compared


def _counts(status: Array) -> Mapping[str, int]:
    lead, trial, here, gone = (int((status == s).sum()) for s in Status)
    return {
        "size": len(status),
        "leads": lead,
        "trials": trial,
        "customers": here,
        "churned": gone,
        "converted": here + gone,
    }
