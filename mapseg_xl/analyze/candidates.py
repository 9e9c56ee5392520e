"""The segments that may be chosen: hypotheses, what people believe in, values that were asked for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from mapseg_xl.analyze.performance import Group, Measured
from mapseg_xl.measure.segments import HYPOTHESES, MY_SEGMENTS
from mapseg_xl.tally.rows import Mask
from mapseg_xl.tally.tally import Ints


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A segment that may be chosen, with its tallies; proposals are tallied on held-out customers alone.

    `member` is over the whole base, also for proposals.
    """

    segmentation: str
    measured: Measured
    member: Mask
    basis: str  # "all" or "held_out"
    suggested_by: str = ""
    twin_of: str = ""  # segment_id of an earlier candidate with the very same customers
    sizes: Ints | None = (
        None  # customers in each unit of `member`, where sheets count; None: one each
    )

    @property
    def segment_id(self) -> str:
        """Its id, the key of its row in every table."""
        return self.measured.segment.segment_id

    @property
    def name(self) -> str:
        """Its own name."""
        return self.measured.segment.name

    @property
    def rule(self) -> str:
        """Who belongs to it, in the rule grammar."""
        return self.measured.segment.rule

    @property
    def n(self) -> int:
        """Customers, leads and trials in it, on the whole base."""
        return self.count(self.member)

    def count(self, member: Mask) -> int:
        """Customers, leads and trials behind a mask like `member`."""
        return int(member.sum() if self.sizes is None else self.sizes[member].sum())


def candidates(
    groups: Sequence[Group],
    named: Sequence[str],
    decided: Collection[str] = (),
    sizes: Ints | None = None,
) -> tuple[Candidate, ...]:
    """My segments, then hypotheses, then the values of the segmentations in `named`, `(blank)` left out.

    Last the other segments whose id is among `decided`: what was chosen once stays a candidate. `sizes`: customers in
    each unit, where sheets count them and no rows.
    """
    order = [g for name in (MY_SEGMENTS, HYPOTHESES) for g in groups if g.segmentation.name == name]
    order += [g for g in groups if g.segmentation.name in named and g not in order]
    order += [g for g in groups if g not in order]
    own = {MY_SEGMENTS, HYPOTHESES, *named}
    found: list[Candidate] = []
    for group in order:
        for place, measured in enumerate(group.measured):
            asked_for = group.segmentation.name in own and not measured.segment.is_blank
            if not (asked_for or measured.segment.segment_id in decided):
                continue
            member = group.segmentation.member(place)
            twin = next((c.segment_id for c in found if np.array_equal(c.member, member)), "")
            found.append(
                Candidate(
                    group.segmentation.name,
                    measured,
                    member,
                    measured.basis,
                    measured.segment.suggested_by,
                    twin,
                    sizes,
                )
            )
    return tuple(found)
