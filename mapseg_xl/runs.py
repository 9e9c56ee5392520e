"""One run, as files and open workbooks share it: what was typed, what is found, the report, its plan. Pure."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.analyze.what_if import Asked
from mapseg_xl.pipeline import find
from mapseg_xl.report.identity import Previous, keep, letter_memory, segment_memory
from mapseg_xl.report.in_excel import told_in_excel
from mapseg_xl.report.parts.health.values import typed_mapping
from mapseg_xl.report.parts.home.column_readings import typed_maps_of
from mapseg_xl.report.parts.home.run_settings import has_settings, typed_settings_of
from mapseg_xl.report.parts.joins.answers import pair_memory, typed_pairs
from mapseg_xl.report.parts.joins.likely import shown
from mapseg_xl.report.parts.names import SETTINGS, START, WHAT_IF
from mapseg_xl.report.parts.own_segments import proposal_memory, remembered, typed_segments
from mapseg_xl.report.parts.scoring.answers import typed_answers
from mapseg_xl.report.past import past_memory, past_of
from mapseg_xl.report.plan import Plan, lay_out, sheet_names
from mapseg_xl.report.profile_age import written_memory, written_profiles
from mapseg_xl.report.report import build_report
from mapseg_xl.report.spec import Report
from mapseg_xl.report.subset import closure, subset
from mapseg_xl.report.tabs.decision import decided_before, decided_memory
from mapseg_xl.report.tabs.start_here import State, guide
from mapseg_xl.report.tabs.survival_ltv import ASSUMPTIONS, NAME, VALUE
from mapseg_xl.report.tabs.what_if import INPUTS
from mapseg_xl.request import Progress, Request
from mapseg_xl.settings import Settings

# in the memory of a team's own workbook: steps of Start here that have run, sheets that are not the customers, and
# the copy that Combine wrote
STEPS, LEFT, COMBINED = "steps", "sheets left out", "combined sheet"
COUNTED_STEPS = ("set_up", "measure", "analyze", "prioritize")
TYPED = "typed settings"  # in the workbook's memory: settings that people typed on a tab
ADD_UP = "several both ways"  # in a team's own workbook: they are one customer, somebody said
TYPED_SETTINGS = {"gross_margin": "share", "annual_discount": "share", "rmst_months": "months"}


@dataclass(frozen=True, slots=True, eq=False)
class Resumed:
    """A request together with what an earlier run, and people since, left in the workbook."""

    request: Request
    earlier: Previous | None = None
    typed: Mapping[str, Any] | None = None  # settings typed among the results, then or before
    home: bool = False  # for the team's own workbook: with the guided tabs
    named: bool = False  # an earlier run was asked to be compared with, whatever it saw


def resumed(
    request: Request, earlier: Previous | None, workbook: str, *, home: bool = False
) -> Resumed:
    """The request with everything that was typed in `workbook`, which holds an earlier run, or None.

    Settings have one home: the tab of that name where there is one, else the assumptions of the results.
    """
    at_home = has_settings(earlier)
    typed = {} if at_home else typed_settings(earlier)
    settings = request.settings.with_values(typed, f"{workbook} ({NAME})")
    if at_home:
        settings = settings.with_values(typed_settings_of(earlier), f"{workbook} ({SETTINGS})")
        request = replace(request, maps={**typed_maps_of(earlier), **request.maps})
    if earlier and earlier.memory.get(ADD_UP):
        settings = replace(settings, add_up_both_ways=True)
    if earlier:
        request = replace(request, known_ids=earlier.ids, letters=earlier.letters)
    request = replace(
        request,
        settings=settings,
        typed=typed_answers(earlier),
        what_if=typed_what_if(earlier),
        own_segments=typed_segments(earlier),
        mapping=typed_mapping(earlier),
        remembered=remembered(earlier),
        decided=decided_before(earlier),
        since=past_of(earlier).runs,
        decision_run=past_of(earlier).decision,
        bands=past_of(earlier).cuts,
        pairs=typed_pairs(earlier, settings.accept_pairs_from, ask=home),
    )
    return Resumed(request, earlier, typed, home)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What of a run goes into a workbook: the tabs named and what they rest on, None for all of them.

    `there`: names of our sheets in it, which are brought up to date; `taken`: names of sheets that are not ours.
    `steps`: those of Start here that have run. `memory`: what else the workbook is to remember.
    """

    tabs: Collection[str] | None = None
    there: Collection[str] = ()
    taken: Collection[str] = ()
    steps: Collection[str] = ()
    memory: Mapping[str, str] = field(default_factory=dict)


EVERYTHING = Chosen()


def found(run: Resumed, progress: Progress) -> Findings:
    """What the sources say, and what people typed beside it."""
    return beside(run, find(run.request, progress))


def beside(run: Resumed, findings: Findings) -> Findings:
    """Findings with what people typed in the workbook by now, and what it remembers of earlier runs."""
    decided = [d.segment_id for d in run.request.decided]
    past = past_of(run.earlier, decided)
    last = past.last.as_of if past.last else None
    written = written_profiles(run.earlier, findings.profiles.letters, last)
    typed = run.earlier.homes if run.earlier else {}
    return replace(findings, typed=typed, past=past, written=written)


def once_remembered(run: Resumed, findings: Findings) -> Request:
    """The request of the next run, should nothing change: it knows what this one named, and finds the same."""
    memory = _memory(run, beside(run, findings))
    memory |= letter_memory(findings.profiles.letters)
    after = Previous(memory={**(run.earlier.memory if run.earlier else {}), **memory})
    return replace(
        run.request,
        known_ids=after.ids,
        letters=after.letters,
        remembered=remembered(after),
        since=past_of(after).runs,
        decision_run=past_of(after).decision,
        bands=past_of(after).cuts,
    )


def report_of(run: Resumed, findings: Findings, chosen: Chosen = EVERYTHING) -> Report:
    """The tabs of a run with what people typed in them."""
    report = build_report(findings, home=run.home, named=run.named)
    held = _held(report, chosen)
    if run.home:
        report = _guided(told_in_excel(report), findings, chosen, held)
    report = subset(report, held)
    left = run.earlier.memory if run.home and run.earlier else {}  # by the ribbon too
    memory = {**left, **report.memory, **_memory(run, findings), **chosen.memory}
    return keep(replace(report, memory=memory), run.earlier)


def _held(report: Report, chosen: Chosen) -> frozenset[str]:
    """The tabs that are wanted or there, and what they rest on."""
    names = sheet_names([tab.name for tab in report.tabs], chosen.taken)
    if chosen.tabs is None:
        return frozenset(names)
    there = {tab for tab, sheet in names.items() if sheet in chosen.there}
    return closure(report, {*chosen.tabs, *there})


def _guided(report: Report, findings: Findings, chosen: Chosen, held: Collection[str]) -> Report:
    """The report with how far each step is on Start here."""
    states = {step: State(findings.as_of) for step in chosen.steps}
    tabs = (guide(states, held) if tab.name == START else tab for tab in report.tabs)
    return replace(report, tabs=tuple(tabs))


def plan_of(run: Resumed, findings: Findings, chosen: Chosen = EVERYTHING) -> Plan:
    """Every cell of the report of a run at its place."""
    return lay_out(report_of(run, findings, chosen), chosen.taken)


def typed_settings(earlier: Previous | None) -> dict[str, Any]:
    """Settings that people typed into the assumptions of an earlier workbook, then or before."""
    if earlier is None:
        return {}
    typed: dict[str, Any] = json.loads(earlier.memory.get(TYPED, "{}"))
    for name, kind in TYPED_SETTINGS.items():
        key = (NAME, ASSUMPTIONS, name, VALUE)
        if not earlier.changed(key):
            continue
        typed.pop(name, None)
        default = getattr(Settings(), name)
        value = earlier.value(key, default, kind)
        if value is not None and value != default:
            typed[name] = value
    return typed


def typed_what_if(earlier: Previous | None) -> Asked:
    """What people typed into the yellow cells of What if; None where they hold our own defaults."""
    if earlier is None:
        return Asked()
    typed: dict[str, Any] = {
        field: earlier.value((WHAT_IF, block, row, VALUE), None, kind)
        for field, (block, row, kind) in INPUTS.items()
    }
    block, row, _ = INPUTS["segment"]
    if typed["segment"] is None and earlier.changed((WHAT_IF, block, row, VALUE)):
        typed["segment"] = ""  # emptied: no segment, not our own choice
    return Asked(**typed)


def _memory(run: Resumed, findings: Findings) -> dict[str, str]:
    ids = {
        (group.segmentation.name, m.segment.name): m.segment.segment_id
        for group in findings.groups
        for m in group.measured
    }
    return {
        TYPED: json.dumps(dict(run.typed or {})),
        **segment_memory(ids, run.earlier),
        **decided_memory(findings, run.earlier),
        **proposal_memory(findings, remembered(run.earlier)),
        **past_memory(findings),
        **written_memory(findings),
        **({ADD_UP: "yes"} if run.home and run.request.settings.add_up_both_ways else {}),
        **(pair_memory(shown(findings.joining.pairs), run.earlier) if run.home else {}),
    }
