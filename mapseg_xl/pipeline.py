"""The whole way through: files -> Sources -> Tally -> metrics -> Findings -> Report -> Plan -> host."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from mapseg_xl.analyze.baselines import Baseline, Moment, Seen, earlier
from mapseg_xl.analyze.candidates import Candidate, candidates
from mapseg_xl.analyze.census import census
from mapseg_xl.analyze.cluster import find_clusters
from mapseg_xl.analyze.cohorts import find_cohorts
from mapseg_xl.analyze.curves import SurvivalPoint, horizon_months, survival_points, tau_months
from mapseg_xl.analyze.favourites import find_favourites
from mapseg_xl.analyze.findings import Findings, Origin
from mapseg_xl.analyze.hypotheses import hypothesis_rows
from mapseg_xl.analyze.ideas import ideas, marked, told
from mapseg_xl.analyze.objections import find_objections
from mapseg_xl.analyze.performance import (
    ALL,
    Group,
    PerformanceRow,
    base_rows,
    group_rows,
)
from mapseg_xl.analyze.prints import order_prints, row_prints
from mapseg_xl.analyze.recount import recount
from mapseg_xl.analyze.since import Since, since
from mapseg_xl.analyze.what_if import find_what_if
from mapseg_xl.compared import decided_segments, groups_of, own_segments
from mapseg_xl.errors import TooFewRows
from mapseg_xl.from_sheets import SheetRequest, find_in_sheets
from mapseg_xl.intake.alignment.lines import aligned_values
from mapseg_xl.intake.customers import latest_date
from mapseg_xl.intake.health import health
from mapseg_xl.intake.tables import Sources
from mapseg_xl.measure.discovery import Proposals, propose
from mapseg_xl.measure.frozen_bands import with_bands
from mapseg_xl.measure.own_segments import Refused
from mapseg_xl.measure.rules import rule_key
from mapseg_xl.measure.segments import (
    segmentation_by,
)
from mapseg_xl.measure.volume import volumes
from mapseg_xl.metrics.base import Context
from mapseg_xl.prioritize.decision import find_priorities
from mapseg_xl.request import COMPARED, COUNTED, READ, Progress, Request, intake, silent
from mapseg_xl.rollout.moves import find_moves
from mapseg_xl.rollout.profiles import find_profiles
from mapseg_xl.rollout.voice import find_voice
from mapseg_xl.settings import Settings
from mapseg_xl.stats.resampling import fold_weights
from mapseg_xl.tally.groups import tally_all
from mapseg_xl.tally.purchases import with_purchases
from mapseg_xl.tally.rows import Rows, bind
from mapseg_xl.tally.standing import sources_as_they_stood
from mapseg_xl.tally.tally import Tally


def find(request: Request, progress: Progress = silent) -> Findings:
    """Everything the sources say about their segments."""
    progress("Reading", READ)
    sources = intake(request)
    if not sources.customers.n and (sources.pivots or sources.cohorts):
        return _of_sheets(request, sources)
    counted = _counted(request, sources, progress)
    context = shared_context(counted.rows, counted.whole, counted.groups, counted.settings)
    performance = base_rows(counted.whole, context)
    for place, group in enumerate(counted.groups):
        share = COUNTED + (COMPARED - COUNTED) * place / len(counted.groups)
        progress(f"Comparing {group.segmentation.name}", share)
        performance += group_rows(group, counted.rows, counted.whole, context)
    return _findings(request, counted, context, performance)


@dataclass(frozen=True, slots=True, eq=False)
class _Counted:
    """The customers as they stood on the day, counted, and the segments that are to be compared."""

    sources: Sources
    settings: Settings
    origin: Origin
    as_of: date | None
    rows: Rows
    whole: Tally
    proposals: Proposals
    groups: tuple[Group, ...]
    refused: tuple[Refused, ...]


def _settings(request: Request, sources: Sources) -> Settings:
    """What was asked for, completed by what the columns speak of."""
    return replace(
        request.settings,
        model=request.settings.model or model_of(sources),
        currency=request.settings.currency or sources.currency,
    )


def _counted(request: Request, sources: Sources, progress: Progress) -> _Counted:
    settings = _settings(request, sources)
    sources = replace(sources, customers=with_bands(sources.customers, request.bands))
    as_of = settings.as_of or latest_date(sources)
    origin, sheet = origin_of(sources), sources.customers.sheet
    sources = sources_as_they_stood(sources, as_of)
    customers = sources.customers
    if not customers.n:
        raise TooFewRows(f"No row of {sheet} is there yet on {as_of}. Name a later day.")
    progress("Counting", COUNTED)
    rows = with_purchases(bind(customers, as_of, settings), customers, sources.orders, settings)
    whole = tally_all(rows)
    own, refused = own_segments(request, sources)
    again, lost = decided_segments(request, customers, settings, own)
    own = [*own, *again]
    known = request.remembered.ids
    adopted = {n.name: known[k] for n in own if (k := rule_key(n.rule)) in known}
    proposals = propose(
        customers,
        rows,
        settings,
        request.segment_by,
        [k for k, made in known.items() if made in adopted.values()],
        request.remembered.salt,
    )
    groups = groups_of(request, customers, rows, whole, proposals, own, adopted, settings)
    unheard = (*refused, *lost)
    return _Counted(sources, settings, origin, as_of, rows, whole, proposals, groups, unheard)


def _findings(
    request: Request, counted: _Counted, context: Context, performance: list[PerformanceRow]
) -> Findings:
    """What follows from the comparison."""
    sources, settings, whole = counted.sources, counted.settings, counted.whole
    customers, rows, groups = sources.customers, counted.rows, counted.groups
    proposals, origin = counted.proposals, counted.origin
    named = [segmentation_by(h, customers).name for h in request.segment_by]
    chosen = candidates(groups, named, {d.segment_id for d in request.decided})
    lines = {(row.segment_id, row.metric): row for row in performance}
    priorities = find_priorities(
        chosen, lines, customers.status, sources.market, request.typed, context
    )
    profiles = find_profiles(chosen, customers, priorities, request.letters)
    then = earlier(request.since, Moment(origin.fingerprint, counted.as_of))
    before = then if isinstance(then, Baseline) else None
    new = ideas(chosen, [d.segment_id for d in request.decided], before)
    voice = find_voice(sources.feedback, chosen, [row.segment_id for row in priorities.rows])
    return Findings(
        origin=origin,
        settings=settings,
        context=context,
        model=settings.model,
        currency=settings.currency,
        named=bool(request.segment_by),
        health=health(
            (*sources.issues, *(r.issue(customers.source) for r in counted.refused)), customers.n
        ),
        whole=whole,
        volumes=volumes(customers),
        groups=groups,
        performance=tuple(performance),
        survival=tuple(_curves(whole, groups, settings)),
        proposals=proposals,
        hypotheses=marked(hypothesis_rows(proposals, groups, performance, settings), new),
        refused=counted.refused,
        candidates=chosen,
        clusters=find_clusters(customers, rows, whole, context, request.segment_by),
        cohorts=find_cohorts(customers, sources.orders, chosen, counted.as_of, settings),
        what_if=find_what_if(chosen, whole, context, customers, rows, request.what_if),
        favourites=find_favourites(chosen, lines, customers, rows, settings),
        objections=find_objections(chosen, customers, rows, context, lines, proposals.held_out),
        priorities=told(priorities, new),
        profiles=profiles,
        voice=voice,
        moves=find_moves(profiles.chosen, voice, lines),
        spend=sources.spend,
        feedback=sources.feedback,
        matches=sources.matches,
        joining=sources.joining,
        cost_estimated=sources.cost_estimated,
        alignment=aligned_values(
            sources.issues, customers, typos_merged=settings.merge_likely_typos
        ),
        recount=recount(customers, chosen, then, whole.question, settings),
        census=census(customers, sources.orders, f"{settings.salt} {origin.fingerprint}"),
        since=_since(then, sources, chosen, request),
        since_decision=_since(request.decision_run, sources, chosen, request),
    )


def _since(
    then: Seen | None, sources: Sources, chosen: Sequence[Candidate], request: Request
) -> Since | None:
    """Today's rows beside an earlier run; None for one of which only the day is known."""
    if not isinstance(then, Baseline):
        return None
    decided = {d.segment_id for d in request.decided}
    return since(then, sources.customers, sources.orders, chosen, decided)


def _of_sheets(request: Request, sources: Sources) -> Findings:
    """The run on sheets that count customers, where there are no rows of them."""
    asked = SheetRequest(
        request.segment_by,
        request.known_ids,
        request.typed,
        request.what_if,
        request.letters,
        {d.segment_id for d in request.decided},
        request.segments,
        request.own_segments,
    )
    return find_in_sheets(sources, request.settings, origin_of(sources), asked)


def model_of(sources: Sources) -> str:
    """The business model the columns speak of: orders -> repeat-purchase, outcomes without trials -> sales-led."""
    customers = sources.customers
    if sources.orders is not None and "order_count" in customers.roles:
        return "repeat-purchase"  # invoices of one a month give no number of orders
    if "outcome" in customers.roles and "trial_on" not in customers.roles:
        return "sales-led"
    return "self-serve"


def shared_context(
    rows: Rows, whole: Tally, groups: Sequence[Group], settings: Settings
) -> Context:
    """What every measurement of the run shares: horizon, tau, fold draws."""
    everybody = [m for group in groups for m in group.measured if m.within is None]
    parts = [t for m in everybody for t in (m.tally, m.rest)]
    return Context(
        settings,
        horizon_months(whole, parts, settings),
        tau_months(whole, settings),
        fold_weights(rows.n_folds, settings.bootstrap_draws, settings.seed),
    )


def _curves(whole: Tally, groups: Sequence[Group], settings: Settings) -> list[SurvivalPoint]:
    points = survival_points(ALL, ALL, ALL, whole, settings)
    for group in groups:
        for m in group.measured:
            points += survival_points(
                group.segmentation.name, m.segment.segment_id, m.segment.name, m.tally, settings
            )
    return points


def origin_of(sources: Sources) -> Origin:
    """Where the customers came from, with a fingerprint of what was counted, whatever the order of its rows."""
    customers = sources.customers
    digest = hashlib.sha256()
    rows = row_prints(customers)
    digest.update(np.sort(rows).tobytes())
    names = (*sorted(customers.roles), *sorted(t.name for t in customers.traits))
    digest.update("\x1f".join(names).encode("utf-8", "surrogatepass"))
    if sources.orders is not None:
        digest.update(np.sort(order_prints(sources.orders, rows)).tobytes())
    small: tuple[object, ...] = (
        *(sources.spend, sources.market, sources.feedback, sources.own_segments),
    )
    if not customers.n:
        small = (*small, sources.pivots, sources.cohorts)
    if any(small):
        digest.update(repr(small).encode("utf-8", "surrogatepass"))
    return Origin(
        customers.source,
        customers.sheet,
        sources.taken,
        sources.guesses,
        customers.role_headers,
        digest.hexdigest(),
        sources.sheets,
    )
