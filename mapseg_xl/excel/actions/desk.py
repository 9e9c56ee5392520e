"""One press on one workbook: what it holds, what a run finds in it, which tabs are written. Knows no button."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.errors import BothWays, InputError, UnclearSheets
from mapseg_xl.excel.actions.bench import Bench, progress
from mapseg_xl.excel.actions.known_findings import KnownFindings
from mapseg_xl.hosts.live import host as live
from mapseg_xl.intake.tables import RawSheet
from mapseg_xl.pipeline import find
from mapseg_xl.report.identity import Previous, keep
from mapseg_xl.report.in_excel import in_excel
from mapseg_xl.report.parts.home.run_settings import has_settings
from mapseg_xl.report.parts.names import SETTINGS, START
from mapseg_xl.report.plan import lay_out
from mapseg_xl.report.spec import Report
from mapseg_xl.report.subset import subset
from mapseg_xl.report.tabs import settings
from mapseg_xl.report.verbs import Plan
from mapseg_xl.request import Request
from mapseg_xl.runs import (
    COMBINED,
    LEFT,
    STEPS,
    Chosen,
    Resumed,
    beside,
    once_remembered,
    plan_of,
    resumed,
)
from mapseg_xl.settings import Settings

TITLE = "Customer segmentation"
WRITING = 0.6  # share of a press behind it when the writing begins
_KNOWN = KnownFindings()
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True, eq=False)
class Desk:
    """A workbook as a press finds it. `there`: names of our sheets in it; `taken`: of all others."""

    bench: Bench
    earlier: Previous | None
    memory: Mapping[str, str]  # what earlier presses left
    there: frozenset[str]
    taken: frozenset[str]


def desk_of(bench: Bench) -> Desk:
    """The workbook in front, looked over."""
    book = bench.book
    progress(bench, "Reading the workbook", 0.0)
    taken = live.taken_names(book)
    there = frozenset(sheet.name for sheet in book.sheets) - taken
    return Desk(bench, live.previous_of(book), live.memory_of(book), there, taken)


@dataclass(frozen=True, slots=True, eq=False)
class Worked:
    """What a run on a workbook found."""

    run: Resumed
    findings: Findings
    left: tuple[str, ...] = ()  # sheets that the user said are not the customers


def work(desk: Desk) -> Worked:
    """Everything the team's own sheets say; known already where neither they nor what is typed has changed."""

    def search(run: Resumed) -> Findings:
        return _KNOWN.of(run.request, lambda: find(run.request, shares(desk.bench)))

    run, findings, left = told_apart(desk, search)
    _KNOWN.hold_for(findings, once_remembered(run, findings))
    return Worked(run, beside(run, findings), left)


def told_apart(
    desk: Desk, do: Callable[[Resumed], _Result]
) -> tuple[Resumed, _Result, tuple[str, ...]]:
    """Does something with the team's sheets; asks which are the customers where they do not tell it themselves."""
    sheets = own_sheets(desk)
    left: tuple[str, ...] = tuple(json.loads(desk.memory.get(LEFT, "[]")))
    if not {sheet.sheet for sheet in sheets} - set(left):
        left = ()
    given = Settings()
    while True:
        opened = tuple(sheet for sheet in sheets if sheet.sheet not in left)
        asked = Request((), given, opened=opened)
        run = resumed(asked, desk.earlier, desk.bench.book.name, home=True)
        try:
            return run, do(run), left
        except UnclearSheets as unclear:
            left = (*left, *_others(desk.bench, unclear))
        except BothWays as problem:
            if not desk.bench.agree(_are_one(problem)):
                raise
            given = replace(given, add_up_both_ways=True)
        except InputError as problem:
            _offer_settings(desk, problem)
            raise


def _are_one(problem: BothWays) -> str:
    return (
        f"{problem.found}\n\nAre the rows of each one customer? Yes: they are added up, and count with the first of "
        "them in your list of customers; this is remembered. No: nothing is written."
    )


def _offer_settings(desk: Desk, problem: InputError) -> None:
    """Writes an empty Settings tab where a message sends people to one that is not there yet."""
    if SETTINGS in in_excel(str(problem)) and not has_settings(desk.earlier):
        report = subset(Report((settings.empty_tab(),), TITLE, TITLE, ""), (SETTINGS,))
        carry_out(desk.bench, lay_out(keep(report, desk.earlier), desk.taken))


def own_sheets(desk: Desk) -> tuple[RawSheet, ...]:
    """The team's own sheets; an InputError where there is nothing on them."""
    copies = {entry["sheet"] for entry in json.loads(desk.memory.get(COMBINED, "[]"))}
    sheets = tuple(s for s in live.sheets_of(desk.bench.book) if s.sheet not in copies)
    if not sheets:
        raise InputError(
            "This workbook holds no customers yet. Press Add files to bring in exports, or paste a list on a sheet: "
            "headers on top, one row for each customer."
        )
    return sheets


def shares(bench: Bench) -> Callable[[str, float], None]:
    """The first part of a press: reading and finding."""
    return lambda what, share: progress(bench, what, share * WRITING)


def _others(bench: Bench, unclear: UnclearSheets) -> tuple[str, ...]:
    """The sheets that are not the customers, as the user says."""
    for sheet in unclear.sheets[:-1]:
        others = ", ".join(f"'{name}'" for name in unclear.sheets if name != sheet)
        question = (
            f"Several sheets could be your list of customers. Is it '{sheet}'?\n\n"
            f"Yes: {others} will not be counted. No: the next one is asked."
        )
        if bench.agree(question):
            return tuple(name for name in unclear.sheets if name != sheet)
    return unclear.sheets[:-1]


@dataclass(frozen=True, slots=True, eq=False)
class Wrote:
    """What a press has written. `changed`: whether any cell was, so that there is something to undo."""

    plan: Plan
    changed: bool

    def sheet_of(self, tab: str) -> str:
        """The name of the sheet that a tab became; "" where there is no such tab."""
        return next((place.sheet for key, place in self.plan.places.items() if key[0] == tab), "")


def write(
    desk: Desk,
    worked: Worked,
    tabs: Collection[str] | None,
    steps: Collection[str] = (),
) -> Wrote:
    """Writes tabs and what they rest on (None: all), and brings those that are there up to date.

    Stopped half-way, our tabs are put back as they stood.
    """
    bench = desk.bench
    done = sorted({*json.loads(desk.memory.get(STEPS, "[]")), *steps})
    remembered = {STEPS: json.dumps(done), LEFT: json.dumps(worked.left)}
    wanted = None if tabs is None else {START, *tabs}
    chosen = Chosen(wanted, desk.there, desk.taken, done, remembered)
    progress(bench, "Writing the tabs", WRITING)
    plan = plan_of(worked.run, worked.findings, chosen)
    return carry_out(bench, plan)


def carry_out(bench: Bench, plan: Plan) -> Wrote:
    """Writes a plan into the workbook in front."""
    written = live.write(plan, bench.book, _from(bench, WRITING))
    return Wrote(plan, bool(written.sheets))


def _from(bench: Bench, share: float) -> Callable[[str, float], None]:
    return lambda what, part: progress(bench, what, share + part * (1 - share))
