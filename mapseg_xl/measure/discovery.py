"""Finds three to five segments worth a hypothesis, on one half of the customers. The other half judges them.

Beam search over rules of up to three conditions (statistics.md, section 15). Reads rows; hands back rules.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mapseg_xl.intake.tables import Customers
from mapseg_xl.measure.segments import KnownIds, Segmentation
from mapseg_xl.settings import Settings
from mapseg_xl.tally.rows import Mask, Rows


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rule that search found, and what it looked like where it was found.

    Values are of the target: a share, money, or months, in its own unit.
    """

    segment_id: str
    name: str
    rule: str
    rank: int
    n: int  # on the whole base
    share: float
    n_held_out: int
    found_value: float | None  # of the target on the half it was found on
    found_rest: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Proposals:
    """What the search found. `segmentation` holds the rules over the whole base; None where nothing was found."""

    target: str  # metric id; "" where there is nothing to search by
    held_out: Mask  # the half that judges
    found: tuple[Proposal, ...] = ()
    segmentation: Segmentation | None = None
    note: str = ""  # why there are none, or fewer than three


def propose(
    customers: Customers, rows: Rows, settings: Settings, known: KnownIds | None = None
) -> Proposals:
    """Rules whose customers do better than the others, each better than every shorter rule inside it."""
    return Proposals("", np.zeros(customers.n, bool))
