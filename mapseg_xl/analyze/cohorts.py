"""Customers by the month they started: how many are still here, and what they have paid, by age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mapseg_xl.analyze.candidates import Candidate
from mapseg_xl.intake.tables import Customers, Orders
from mapseg_xl.settings import Settings


@dataclass(frozen=True, slots=True)
class CohortCell:
    """One cell of a triangle. An open one (`complete` False) is out of every sum.

    Retention: `value` is the survivors' share (orders: the share with an order in that month). Value: money per
    starter up to and including that month.
    """

    segmentation: str
    segment_id: str
    segment: str
    cohort: str  # YYYY-MM of the start
    age: int  # calendar months
    at_risk: int
    value: float | None
    complete: bool


@dataclass(frozen=True, slots=True)
class Cohorts:
    """The triangles of the whole base and of every candidate."""

    retention: tuple[CohortCell, ...] = ()
    value: tuple[CohortCell, ...] = ()
    average: tuple[
        tuple[str, int, float | None], ...
    ] = ()  # segment_id, age, chained share of closed cells
    note: str = ""  # why there are none


def find_cohorts(
    customers: Customers,
    orders: Orders | None,
    candidates: Sequence[Candidate],
    as_of: date | None,
    settings: Settings,
) -> Cohorts:
    """The triangles of the whole base and of every candidate."""
    return Cohorts()
