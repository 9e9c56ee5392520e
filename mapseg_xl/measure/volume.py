"""Who do we have a lot of? Every value of every trait, counted by life-cycle status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mapseg_xl.intake.columns.families import family_of
from mapseg_xl.intake.tables import Customers, Status, Trait
from mapseg_xl.tally.tally import Tally


@dataclass(frozen=True, slots=True)
class VolumeRow:
    """One value of one attribute. `share` is of all rows, leads included."""

    attribute: str
    value: str
    n: int
    share: float
    leads: int
    trials: int
    customers: int
    churned: int


@dataclass(frozen=True, slots=True)
class VolumeTable:
    """All values of one attribute in its own order: by size, or natural for bands."""

    attribute: str
    family: str
    ordered: bool
    outcome_like: bool
    rows: tuple[VolumeRow, ...]


def volume_of(trait: Trait, customers: Customers) -> VolumeTable:
    """Counts of one trait's values; a value nobody has is left out."""
    size = len(Status)
    key = trait.codes.astype(np.int64) * size + customers.status
    table = np.bincount(key, minlength=len(trait.values) * size).reshape(-1, size)
    rows = tuple(
        VolumeRow(
            trait.name,
            value,
            int(counts.sum()),
            int(counts.sum()) / customers.n,
            *(int(c) for c in counts),
        )
        for value, counts in zip(trait.values, table, strict=True)
        if counts.sum()
    )
    return VolumeTable(trait.name, trait.family, trait.ordered, trait.outcome_like, rows)


def volumes(customers: Customers) -> tuple[VolumeTable, ...]:
    """Every trait, in the order of the sheet's columns."""
    return tuple(volume_of(trait, customers) for trait in customers.traits)


def volume_of_counts(attribute: str, counts: Sequence[tuple[str, Tally]], size: int) -> VolumeTable:
    """Counts of the values that a sheet has counted itself, of `size` in all."""
    family = family_of(attribute)
    rows = tuple(
        VolumeRow(
            attribute, value, t.size, t.size / size, t.leads, t.trials, t.customers, t.churned
        )
        for value, t in counts
        if t.size
    )
    return VolumeTable(attribute, family.name, False, family.outcome_like, rows)
