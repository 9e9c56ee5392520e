"""What a run is asked for, and the reading of its sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mapseg_xl.analyze.baselines import Baseline, Seen
from mapseg_xl.analyze.what_if import Asked
from mapseg_xl.intake.customers import IntakeOptions, read_sources
from mapseg_xl.intake.joining.answers import PairAnswers
from mapseg_xl.intake.privacy import impersonal
from mapseg_xl.intake.tables import OwnSegment, RawSheet, Sources, Wishes
from mapseg_xl.measure.frozen_bands import Cut
from mapseg_xl.measure.own_segments import Decided, Remembered
from mapseg_xl.prioritize.market import Typed
from mapseg_xl.settings import Settings

Progress = Callable[[str, float], None]  # what is being done, and the share of the run behind it
READ, COUNTED, COMPARED = 0.0, 0.5, 0.9  # reading is half of a run


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """What the user asked for: of which sources, and what was typed before. Only `opened` holds anything of theirs."""

    sources: tuple[Path, ...]
    settings: Settings = field(default_factory=Settings)
    sheets: tuple[str, ...] = ()
    maps: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    segment_by: tuple[str, ...] = ()
    on: tuple[tuple[str, str], ...] = ()  # columns by which two tables are to be joined
    pairs: PairAnswers = field(default_factory=PairAnswers)  # said of likely pairs
    segments: tuple[str, ...] = ()  # "NAME: RULE"
    known_ids: Mapping[tuple[str, str], str] = field(default_factory=dict)  # of an earlier run
    own_segments: tuple[OwnSegment, ...] = ()  # typed in an earlier workbook
    remembered: Remembered = field(default_factory=Remembered)  # what earlier runs proposed
    decided: tuple[Decided, ...] = ()  # chosen on Decision in an earlier workbook
    typed: Typed = field(default_factory=Typed)  # typed on TAM scoring in an earlier workbook
    what_if: Asked = field(default_factory=Asked)  # typed on What if in an earlier workbook
    letters: Mapping[str, str] = field(default_factory=dict)  # of profiles in an earlier workbook
    since: tuple[Seen, ...] = ()  # earlier runs that this one may be compared with
    decision_run: Baseline | None = None  # the one in which the decision was recorded
    bands: Mapping[str, Cut] = field(default_factory=dict)  # how the last run cut its numbers
    mapping: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # typed on Mapping
    opened: tuple[RawSheet, ...] = ()  # sheets of a workbook that is open, read already
    include_email: bool = False  # addresses and the like are shown where rows are spoken of


def silent(_: str, __: float) -> None:
    """Report progress to nobody."""


def intake(request: Request) -> Sources:
    """Read the sources into typed tables."""
    settings = request.settings
    options = IntakeOptions(
        request.sheets,
        request.maps,
        settings.day_first,
        request.segment_by,
        request.on,
        pairs=request.pairs,
        add_up_both_ways=settings.add_up_both_ways,
        wishes=Wishes(
            frozenset(settings.repairs_off), request.mapping, settings.merge_likely_typos
        ),
        leave_out_tests=settings.leave_out_test_accounts,
    )
    found = read_sources(request.sources, options, request.opened)
    return found if request.include_email else impersonal(found)
