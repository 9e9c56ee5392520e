"""Everything a run found, as one value: what the report, the result tables and run.json are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from mapseg_xl.analyze.baselines import Baselines
from mapseg_xl.analyze.candidates import Candidate
from mapseg_xl.analyze.census import Census
from mapseg_xl.analyze.cohorts import Cohorts
from mapseg_xl.analyze.curves import SurvivalPoint
from mapseg_xl.analyze.favourites import Favourite
from mapseg_xl.analyze.hypotheses import HypothesisRow
from mapseg_xl.analyze.objections import Objections
from mapseg_xl.analyze.performance import ALL, Group, PerformanceRow
from mapseg_xl.analyze.recount import Recount
from mapseg_xl.analyze.since import Since
from mapseg_xl.analyze.what_if import WhatIf
from mapseg_xl.intake.alignment.lines import AlignedValue
from mapseg_xl.intake.health import Health
from mapseg_xl.intake.tables import (
    NOTHING_JOINED,
    FeedbackNote,
    Joining,
    Match,
    RoleGuess,
    SheetUse,
    SpendLine,
)
from mapseg_xl.measure.discovery import Proposals
from mapseg_xl.measure.own_segments import Refused
from mapseg_xl.measure.pivots import Clusters
from mapseg_xl.measure.volume import VolumeTable
from mapseg_xl.metrics.base import Context
from mapseg_xl.prioritize.decision import Priorities
from mapseg_xl.rollout.moves import Move
from mapseg_xl.rollout.profiles import Profiles
from mapseg_xl.rollout.voice import Voice
from mapseg_xl.settings import Settings
from mapseg_xl.tally.tally import Tally


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the customers came from, and how they were read."""

    source: str  # file name
    sheet: str
    taken: tuple[str, ...]  # sentences: what was read, what was left
    guesses: tuple[RoleGuess, ...]
    role_headers: Mapping[str, str]
    fingerprint: str  # of the data, for run.json
    sheets: tuple[SheetUse, ...] = ()  # what became of each


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """What was found. `groups` are the segmentations that are compared, in order, with their tallies."""

    origin: Origin
    settings: Settings
    context: Context  # horizon_months, tau_months
    model: str
    currency: str
    named: bool  # by the user: segments, or segmentations (only these keep traits out)
    health: Health
    whole: Tally  # the base: size, leads, trials, customers, churned, question
    volumes: tuple[VolumeTable, ...]
    groups: tuple[Group, ...]
    performance: tuple[PerformanceRow, ...]
    survival: tuple[SurvivalPoint, ...]
    proposals: Proposals | None = None
    hypotheses: tuple[HypothesisRow, ...] = ()
    refused: tuple[Refused, ...] = ()  # own segments that cannot be counted
    candidates: tuple[Candidate, ...] = ()
    clusters: Clusters = field(default_factory=Clusters)
    cohorts: Cohorts = field(default_factory=Cohorts)
    what_if: WhatIf = field(default_factory=WhatIf)
    favourites: tuple[Favourite, ...] = ()
    objections: Objections = field(default_factory=Objections)
    priorities: Priorities = field(default_factory=Priorities)
    profiles: Profiles = field(default_factory=Profiles)  # of the chosen segments
    voice: Voice = field(default_factory=Voice)
    moves: tuple[Move, ...] = ()
    spend: tuple[SpendLine, ...] = ()
    feedback: tuple[FeedbackNote, ...] = ()
    matches: tuple[Match, ...] = ()
    joining: Joining = NOTHING_JOINED
    cost_estimated: bool = False
    alignment: tuple[AlignedValue, ...] = ()  # values that were read as others, or might be
    of_sheets: bool = False  # counted on the team's own sheets: there are no rows
    recount: Recount | None = None  # the day of the run that this one is compared with
    census: Census = field(default_factory=Census)  # what a later run is compared with
    since: Since | None = None  # today's rows beside the run that this one is compared with
    since_decision: Since | None = None  # ... and beside the one in which the decision was recorded
    past: Baselines = field(
        default_factory=Baselines
    )  # what the workbook remembers of earlier runs
    # by letter of a Profile: a print of what is typed on it, and the day of the data it was written on
    written: Mapping[str, tuple[str, date]] = field(default_factory=dict)
    # what people typed in the earlier workbook, by (tab, block, row, column)
    typed: Mapping[tuple[str, str, str, str], object] = field(default_factory=dict)

    @property
    def as_of(self) -> date | None:
        """The date everything is counted to; None for data without dates."""
        return self.whole.question.as_of

    def row(self, segmentation: str, segment_id: str, metric: str) -> PerformanceRow | None:
        """One line of performance; None if that segment is not compared."""
        key = (segmentation, segment_id, metric)
        return next(
            (r for r in self.performance if (r.segmentation, r.segment_id, r.metric) == key), None
        )

    def base(self, metric: str) -> PerformanceRow:
        """The whole base on one metric."""
        row = self.row(ALL, ALL, metric)
        if row is None:
            raise KeyError(metric)
        return row
