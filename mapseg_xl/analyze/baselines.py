"""What a workbook remembers of earlier runs so that a later one can be compared with them: aggregates, no customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, TypeVar

from mapseg_xl.analyze.census import Census
from mapseg_xl.measure.frozen_bands import Cut

ROWS, LEADS, TRIALS, CUSTOMERS, CHURNED = "rows", "leads", "trials", "customers", "churned"
COUNTS = (ROWS, LEADS, TRIALS, CUSTOMERS, CHURNED)


class Seen(Protocol):
    """Something known of a run by the data it saw."""

    @property
    def fingerprint(self) -> str:
        """Of the data."""

    @property
    def as_of(self) -> date | None:
        """The day everything was counted to."""


_Seen = TypeVar("_Seen", bound=Seen)


@dataclass(frozen=True, slots=True)
class Moment:
    """Which data an earlier run saw, and the day it counted to; None for data without dates."""

    fingerprint: str
    as_of: date | None


@dataclass(frozen=True, slots=True)
class Stood:
    """A figure of a group in one run, as in performance.csv; None is undefined."""

    value: float | None
    n: float | None
    events: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class SegmentStood:
    """A candidate in one run; the whole base is one too, with the id and name `ALL`. Customers: those it has now."""

    segment_id: str
    name: str
    rule: str
    call: str  # focus test hold; "" for the whole base
    basis: str  # all held_out: on whom its figures were counted
    size: int
    customers: int
    figures: Mapping[str, Stood]  # by metric


@dataclass(frozen=True, slots=True)
class Baseline:
    """One run: its data, its settings, its counts and figures; `segments` begins with the whole base."""

    fingerprint: str
    as_of: date | None
    settings: Mapping[str, str | float | None]  # those that change what a figure means
    counts: Mapping[str, int]
    segments: tuple[SegmentStood, ...]
    decided: tuple[str, ...] = ()  # ids of the segments chosen on Decision
    census: Census = field(default_factory=Census)

    @property
    def moment(self) -> Moment:
        """Which data it saw."""
        return Moment(self.fingerprint, self.as_of)

    @property
    def whole(self) -> SegmentStood:
        """The whole base."""
        return self.segments[0]

    def of(self, segment_id: str) -> SegmentStood | None:
        """A segment as it stood; None where the run did not have it."""
        return next((s for s in self.segments if s.segment_id == segment_id), None)


@dataclass(frozen=True, slots=True)
class Baselines:
    """The last run, the one before it on other data, and the one in which the decision was recorded.

    `decided`: ids of the segments that are chosen on Decision now.
    """

    last: Baseline | None = None
    compared: Baseline | None = None
    decision: Baseline | None = None
    decided: tuple[str, ...] = field(default=())

    def before(self, now: Moment) -> Baseline | None:
        """The run that a run on these data is compared with; None where there is none."""
        return earlier((self.last, self.compared), now)

    @property
    def cuts(self) -> dict[str, Cut]:
        """The bands that the last run had its numbers in, by trait."""
        mixes = self.last.census.mixes if self.last else ()
        return {mix.trait: cut for mix in mixes if (cut := mix.cut) is not None}

    @property
    def runs(self) -> tuple[Baseline, ...]:
        """The runs that may be compared with, the last one first."""
        return tuple(b for b in (self.last, self.compared) if b is not None)

    def after(self, now: Baseline) -> Baselines:
        """What is remembered once a run is done. On the same data again the comparison stays what it was."""
        decision = self.decision
        if not now.decided:
            decision = None
        elif decision is None or set(decision.decided) != set(now.decided):
            decision = now
        return Baselines(now, self.before(now.moment), decision, now.decided)


def earlier(known: tuple[_Seen | None, ...], now: Moment) -> _Seen | None:
    """The first of the runs known that saw other data, the last run standing first.

    One of an earlier day is preferred to one of the same day: cells mended after a run do not take the place of last
    month.
    """
    others = [run for run in known if run is not None and run.fingerprint != now.fingerprint]
    if now.as_of is not None:
        past = [run for run in others if run.as_of is not None and run.as_of < now.as_of]
        others = past or others
    return others[0] if others else None
