"""A run without a single customer row: from the team's own pivots and cohort tables to Findings.

From the tallies on it is the run on rows: the same metrics, verdicts and scores. What needs rows says so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from mapseg_xl.analyze.candidates import candidates
from mapseg_xl.analyze.curves import SurvivalPoint, horizon_months, survival_points, tau_months
from mapseg_xl.analyze.findings import Findings, Origin
from mapseg_xl.analyze.objections import Objections
from mapseg_xl.analyze.performance import ALL, Group, base_rows, group_rows
from mapseg_xl.analyze.sheet_groups import sheet_cohorts, sheet_groups, sheet_volumes
from mapseg_xl.analyze.what_if import Asked, find_what_if
from mapseg_xl.errors import InputError, MissingColumn
from mapseg_xl.intake.health import health
from mapseg_xl.intake.tables import OwnSegment, Sources, plain
from mapseg_xl.measure.discovery import Proposals
from mapseg_xl.measure.own_segments import Refused
from mapseg_xl.measure.segments import KnownIds
from mapseg_xl.metrics.base import Context
from mapseg_xl.prioritize.decision import find_priorities
from mapseg_xl.prioritize.market import Typed
from mapseg_xl.rollout.moves import find_moves
from mapseg_xl.rollout.profiles import find_profiles
from mapseg_xl.rollout.voice import find_voice
from mapseg_xl.settings import Settings
from mapseg_xl.stats.resampling import fold_weights
from mapseg_xl.tally.cohort_sheets import closed_on
from mapseg_xl.tally.rows import bind
from mapseg_xl.tally.sheets import count_sheets
from mapseg_xl.tally.tally import Question, Tally

NO_ROWS = "the sources hold no customer rows, only sheets that count them"


@dataclass(frozen=True, slots=True)
class SheetRequest:
    """What the user asked for of sheets that count, and what was typed before."""

    segment_by: tuple[str, ...] = ()
    known_ids: KnownIds = field(default_factory=dict)
    typed: Typed = field(default_factory=Typed)
    what_if: Asked = field(default_factory=Asked)
    letters: Mapping[str, str] = field(default_factory=dict)
    decided: Collection[str] = ()  # segment_ids
    segments: tuple[str, ...] = ()  # "NAME: RULE", of the command line
    own: tuple[OwnSegment, ...] = ()  # typed in an earlier workbook


def find_in_sheets(
    sources: Sources, settings: Settings, origin: Origin, request: SheetRequest
) -> Findings:
    """Everything the team's own sheets say about their segments."""
    if request.segments:
        raise InputError(f'--segment "{request.segments[0]}" cannot be counted: {NO_ROWS}.')
    refused = [_refused(own) for own in (*request.own, *sources.own_segments)]
    settings = replace(settings, model=settings.model or _model(sources))
    question = Question(settings.as_of, None)
    tables = [closed_on(t, settings.as_of) for t in sources.cohorts]
    counted = count_sheets(sources.pivots, tables, question)
    whole = counted.whole
    if not whole.size and whole.shares_here is None:
        raise InputError(f"{origin.source}: the sheets {origin.sheet} count nobody.")
    groups = _asked_for(sheet_groups(counted, request.known_ids), request.segment_by, origin)
    nobody = bind(sources.customers, None, settings)
    context = _context(whole, groups, settings)
    performance = base_rows(whole, context)
    for group in groups:
        performance += group_rows(group, nobody, whole, context)
    lines = {(row.segment_id, row.metric): row for row in performance}
    named = _named(groups, request.segment_by)
    chosen = candidates(groups, named, request.decided, counted.sizes)
    priorities = find_priorities(
        chosen, lines, sources.customers.status, sources.market, request.typed, context
    )
    profiles = find_profiles(chosen, sources.customers, priorities, request.letters, whole.size)
    voice = find_voice(sources.feedback, chosen, [row.segment_id for row in priorities.rows])
    of_base = [c for c in chosen if _is_of(whole, c.measured.tally, c.measured.rest)]
    return Findings(
        origin=origin,
        settings=settings,
        context=context,
        model=settings.model,
        currency=settings.currency or sources.currency,
        named=True,  # by the team: its sheets say which segments it thinks in
        health=health((*sources.issues, *(r.issue(origin.source) for r in refused)), whole.size),
        whole=whole,
        volumes=sheet_volumes(counted),
        groups=groups,
        performance=tuple(performance),
        survival=tuple(_curves(whole, groups, settings)),
        proposals=Proposals("", np.zeros(0, np.bool_), note=NO_ROWS),
        refused=tuple(refused),
        candidates=chosen,
        cohorts=sheet_cohorts(tables, groups, settings.gross_margin),
        what_if=find_what_if(of_base, whole, context, sources.customers, nobody, request.what_if),
        objections=Objections(unasked=(NO_ROWS,)),
        priorities=priorities,
        profiles=profiles,
        voice=voice,
        moves=find_moves(profiles.chosen, voice, lines),
        spend=sources.spend,
        feedback=sources.feedback,
        of_sheets=True,
    )


def _refused(own: OwnSegment) -> Refused:
    """One's own segment, which a rule over columns makes: sheets have none."""
    key = own.conditions[0].key if own.conditions else None
    cell = own.cell or (own.conditions[0].cell if own.conditions else "")
    return Refused(own.name or own.rule, own.rule, NO_ROWS, cell, key)


def _model(sources: Sources) -> str:
    """Won and lost deals without trials speak of sales-led business, as with rows."""
    figures = {name for p in sources.pivots for line in p.lines for name in line.figures}
    return "sales-led" if "won" in figures and "trials" not in figures else "self-serve"


def _asked_for(
    groups: tuple[Group, ...], segment_by: Sequence[str], origin: Origin
) -> tuple[Group, ...]:
    """The groups that --segment-by names, all where it names none."""
    if not segment_by:
        return groups
    by_name = {plain(g.segmentation.name): g for g in groups}
    missing = next((h for h in segment_by if plain(h) not in by_name), None)
    if missing is not None:
        known = ", ".join(g.segmentation.name for g in groups)
        raise MissingColumn(
            f"{origin.source} has no sheet that counts by '{missing}'. Its sheets count by {known}."
        )
    return tuple({plain(h): by_name[plain(h)] for h in segment_by}.values())


def _named(groups: Sequence[Group], segment_by: Sequence[str]) -> list[str]:
    """Segmentations whose segments may be chosen: the team's own sheets name them. Pairs of values where asked for."""
    if segment_by:
        return [g.segmentation.name for g in groups]
    crossed = {g.segmentation.name for g in groups if " | " in g.measured[0].segment.name}
    single = [g.segmentation.name for g in groups if g.segmentation.name not in crossed]
    return single or [g.segmentation.name for g in groups]


def _context(whole: Tally, groups: Sequence[Group], settings: Settings) -> Context:
    """What every measurement shares. Nobody can be drawn again, so there is one fold."""
    parts = [t for g in groups for m in g.measured for t in (m.tally, m.rest)]
    return Context(
        settings,
        horizon_months(_longest(whole, groups), parts, settings),
        tau_months(_longest(whole, groups), settings),
        fold_weights(1, settings.bootstrap_draws, settings.seed),
    )


def _longest(whole: Tally, groups: Sequence[Group]) -> Tally:
    """The base, or, where only the sheets of a cut know how long customers stay, the whole of that cut."""
    wholes = [whole, *(g.whole for g in groups if g.whole is not None)]
    return next((t for t in wholes if t.lifetimes is not None or t.shares_here is not None), whole)


def _is_of(whole: Tally, part: Tally, rest: Tally) -> bool:
    """Whether a segment is cut from the base itself: sheets that count others cannot be mixed with it."""
    return part.size + rest.size == whole.size


def _curves(whole: Tally, groups: Sequence[Group], settings: Settings) -> list[SurvivalPoint]:
    points = survival_points(ALL, ALL, ALL, whole, settings)
    for group in groups:
        for m in group.measured:
            names = (group.segmentation.name, m.segment.segment_id, m.segment.name)
            points += survival_points(*names, m.tally, settings)
    return points
