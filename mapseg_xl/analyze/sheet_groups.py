"""Segments that sheets have counted, as segmentations with their tallies; their cohorts as triangles. No rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

import numpy as np

from mapseg_xl.analyze.cohorts import CONTRACT, ORDERS, AverageAge, CohortCell, Cohorts, Period
from mapseg_xl.analyze.performance import ALL, Group, Measured
from mapseg_xl.intake.columns.families import family_of, follows_from
from mapseg_xl.intake.tables import CohortTable, Trait
from mapseg_xl.measure.segments import KnownIds, Segmentation, crossed, partition
from mapseg_xl.measure.volume import VolumeTable, volume_of_counts
from mapseg_xl.stats.triangles import pooled_shares, triangle_chain
from mapseg_xl.tally.cohort_sheets import of_all
from mapseg_xl.tally.sheets import Counted, Cut

NO_COHORTS = "none of the sheets is a cohort table"
FEWEST_VALUES = 2


def sheet_groups(counted: Counted, known: KnownIds) -> tuple[Group, ...]:
    """Every cut of the sheets as a group; one segment alone has nothing to be compared with, but keeps its line."""
    return tuple(_group(cut, known) for cut in counted.cuts)


def _group(cut: Cut, known: KnownIds) -> Group:
    there = np.flatnonzero(cut.codes >= 0)
    made = _segmentation(cut, there, known)
    codes = np.full(len(cut.codes), -1, dtype=np.int32)
    codes[there] = np.asarray(made.codes)
    order = [
        int(cut.codes[there[np.flatnonzero(made.codes == at)[0]]])
        for at in range(len(made.segments))
    ]
    segmentation = Segmentation(made.name, made.kind, made.segments, codes=codes)
    among = cut.codes >= 0
    measured = tuple(
        Measured(
            s,
            codes == at,
            cut.tallies[order[at]],
            cut.whole.minus(cut.tallies[order[at]]),
            among=among,
        )
        for at, s in enumerate(made.segments)
    )
    return Group(segmentation, measured, cut.whole)


def _segmentation(cut: Cut, there: np.ndarray, known: KnownIds) -> Segmentation:
    """The segmentation over the units of this cut alone."""
    codes = cut.codes[there]
    traits = [
        _trait(name, [cut.keys[c][at] for c in codes]) for at, name in enumerate(cut.attributes)
    ]
    return partition(traits[0], known) if len(traits) == 1 else crossed(traits[0], traits[1], known)


def _trait(name: str, values: Sequence[str]) -> Trait:
    distinct = tuple(dict.fromkeys(values))
    codes = np.array([distinct.index(v) for v in values], dtype=np.int32)
    family = family_of(name)
    return Trait(
        name,
        "",
        family.name,
        distinct,
        codes,
        made_from=follows_from(name),
        outcome_like=family.outcome_like,
    )


def sheet_volumes(counted: Counted) -> tuple[VolumeTable, ...]:
    """The counts of each single attribute."""
    return tuple(
        volume_of_counts(
            cut.attributes[0],
            [(k[0], t) for k, t in zip(cut.keys, cut.tallies, strict=True)],
            cut.whole.size,
        )
        for cut in counted.cuts
        if len(cut.attributes) == 1 and cut.whole.size
    )


def sheet_cohorts(
    tables: Sequence[CohortTable], groups: Sequence[Group], margin: float | None
) -> Cohorts:
    """The triangles of the base and of each segment that a table speaks of. Cells are closed where they are filled.

    A table of the whole base is its own; else the base is all segments of one attribute together.
    """
    tables = [*of_all(tables), *(t for t in tables if t.attribute)]
    people = [t for t in tables if t.kind in ("retained", "active")]
    money = [t for t in tables if t.kind == "money"]
    if not people and not money:
        return Cohorts(note=NO_COHORTS)
    names = {
        (g.segmentation.name, m.segment.name.casefold()): m.segment.segment_id
        for g in groups
        for m in g.measured
    }
    retention = [cell for t in people for cell in _cells(t, _names(t, names), None)]
    value = [cell for t in money for cell in _cells(t, _names(t, names), margin)]
    whole = next((t for t in people if not t.attribute), None)
    form = ORDERS if people and all(t.kind == "active" for t in people) else CONTRACT
    average = [a for t in people for a in _average(t, _names(t, names)[1])]
    note = "" if value else "needs a cohort table of revenue"
    paid = next((t for t in money if not t.attribute), None)
    return Cohorts(
        tuple(retention),
        tuple(value),
        tuple(average),
        tuple(_periods(whole, paid)) if whole is not None else (),
        form,
        dated_money=bool(money),
        note=note,
    )


Names = tuple[str, str, str]


def _names(table: CohortTable, known: dict[tuple[str, str], str]) -> Names:
    if not table.attribute:
        return ALL, ALL, ALL
    found = known.get((table.attribute, table.segment.casefold()), table.segment)
    return table.attribute, found, table.segment


def _cells(table: CohortTable, names: Names, margin: float | None) -> Iterator[CohortCell]:
    """A line a closed cell: the share of those who started, or the money of each of them so far."""
    for row in table.rows:
        if not row.size:
            continue
        so_far = accumulate(c for c in row.cells if c is not None)
        counts = list(so_far) if table.kind == "money" else [c for c in row.cells if c is not None]
        for age, n in zip(table.ages, counts, strict=False):
            share = n / row.size
            kept = None if margin is None or table.kind != "money" else share * margin
            yield CohortCell(*names, row.cohort, age, round(row.size), share, True, n, kept)


def _average(table: CohortTable, segment_id: str) -> Iterator[AverageAge]:
    rows = [(row.size, row.cells) for row in table.rows if row.size]
    if not rows:
        return
    find = pooled_shares if table.kind == "active" else triangle_chain
    found = find([size for size, _ in rows], [cells for _, cells in rows])
    for age, share, n in zip(table.ages, found.survival, found.at_risk, strict=True):
        yield AverageAge(segment_id, age, round(n), share)


def _periods(table: CohortTable, paid: CohortTable | None) -> Iterator[Period]:
    """The rows of the tab: cohorts as the sheet has them, from age 0, where everybody is there, or the first column."""
    lead = [0] if table.ages[0] == 1 else []
    money = {row.cohort: row for row in paid.rows} if paid is not None else {}
    for row in table.rows:
        if not row.size:
            continue
        kept = (*(row.size for _ in lead), *row.cells)
        own = money.get(row.cohort)
        sums: list[float | None] = [None] * len(kept)
        if own is not None and paid is not None and paid.ages[0] == 0:
            known = list(accumulate(c for c in own.cells if c is not None))[: len(kept)]
            sums[: len(known)] = known
        none = (None,) * len(kept)
        yield Period(
            row.cohort,
            round(row.size),
            kept,
            none,
            round(row.size) if own else 0,
            tuple(sums),
            none,
        )
