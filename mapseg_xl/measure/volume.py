"""Who do we have a lot of? Every value of every trait, counted by life-cycle status."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mapseg_xl.intake.tables import Customers, Status, Trait


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
