"""Start here: four steps with the buttons to press, what each answers and how far it is; where to type."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.report import words
from mapseg_xl.report.parts import names
from mapseg_xl.report.spec import Cell, Column, Content, Link, Row, Section, Tab, Table, Text

SET_UP, MEASURE, ANALYZE, PRIORITIZE = "set_up", "measure", "analyze", "prioritize"
STEPS = "steps"  # the table; its rows are these keys, the ids of the ribbon's groups
WIDTHS = {1: 76, 2: 76, 3: 76, 4: 76, 5: 76, 6: 76, 7: 76, 8: 76, 9: 60, 10: 132}  # 800 in all
_STEPS = (  # key, title, the question, buttons, what they give
    (SET_UP, "1  Set up", "Is the data read right?",
     "Add files, then Confirm columns",
     "Exports come in with IDs and dates intact. You look only at columns that leave a doubt."),
    (MEASURE, "2  Measure", "Who do we have a lot of?",
     "Count customers, Suggest segments",
     "Counts by every trait, then three to five segments worth a look. Add those your team believes in."),
    (ANALYZE, "3  Analyze", "Who converts, pays and stays better than everyone else?",
     "Compare, What if, Objections",
     "Each segment against everyone else, with how sure that is, and what winning more of one would bring."),
    (PRIORITIZE, "4  Prioritize", "Which one to three do we build for?",
     "TAM scoring, Rank, Record decision",
     "Five answers about each market, then an order with reasons, and a decision with names and date."),
)  # fmt: skip
_TYPING = (
    (names.CUSTOMERS, "Your customers, one row each. Paste your own over the examples, or use sheets of your own."),
    (names.SETTINGS, "Margin, dates, smallest sizes; how each column was read."),
    (names.MY_SEGMENTS, "The segments your team believes in, with up to three conditions."),
    (names.TAM_SCORING, "Five answers about the market of each candidate."),
    (names.FUNCTIONS, "Every formula for your own sheets, with an example that works."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class State:
    """How far a step is: run to a day of the data (None: data without dates), and whether something changed since."""

    as_of: date | None = None
    out_of_date: bool = False

    @property
    def words(self) -> str:
        """What the step's cell says."""
        if self.out_of_date:
            return "out of date: run again"
        return "done" if self.as_of is None else f"done to {words.day(self.as_of)}"


def tab(findings: Findings) -> Tab:
    """The tab after a run of every step."""
    states = {step: State(findings.as_of) for step, *_ in _STEPS}
    return guide(states, (names.SETTINGS, names.MY_SEGMENTS, names.TAM_SCORING))


def guide(states: Mapping[str, State], there: Collection[str]) -> Tab:
    """The tab with the steps that have run, the others not run yet; links lead to the tabs that are `there`."""
    return Tab(
        names.START,
        "",
        "Four steps answer one question: which customers do we build for?",
        "On the ribbon tab MAP Segmentation, press from left to right, or Run all; mapseg run does every step too.",
        (
            Section(
                "The steps", (_steps(states),), "press again at any time: what you typed stays"
            ),
            Section(
                "Where to type",
                (_typing(there),),
                "yellow = yours to fill in; everything else is computed",
            ),
            Section("Good to know", (Text(_good_to_know()),)),
        ),
        widths=WIDTHS,
    )


def _steps(states: Mapping[str, State]) -> Table:
    columns = (
        Column("step", "Step", 0, "label"),
        Column("press", "What it answers, and the buttons to press", 1, "text"),
        Column("state", "Where it stands", 10, "chip"),
    )
    rows: list[Row] = []
    for key, title, question, buttons, gives in _STEPS:
        cells: dict[str, Content | Cell] = {
            "step": Cell(title, "bold"),
            "press": Cell(question, "bold"),
            "state": _chip(states.get(key)),
        }
        rows += [
            Row(key, cells),
            Row(f"{key} buttons", {"press": Cell(f"Press {buttons}.", "link")}, "sub"),
            Row(f"{key} gives", {"press": gives}, "sub"),
        ]
    return Table(STEPS, columns, tuple(rows), head=False)


def _chip(state: State | None) -> Cell:
    if state is None:
        return Cell("not run yet")
    return Cell(state.words, "chip.worse" if state.out_of_date else "chip.better")


def _typing(there: Collection[str]) -> Table:
    """The tabs to type in. Customers and Functions come with the template alone: named only where they are."""
    columns = (Column("tab", "", 0, "label"), Column("what", "", 1, "text"))
    rows = tuple(
        Row(tab, {"tab": Link(tab, tab) if tab in there else tab, "what": what})
        for tab, what in _TYPING
        if tab in there or tab not in (names.CUSTOMERS, names.FUNCTIONS)
    )
    return Table("typing", columns, rows, head=False)


def _good_to_know() -> tuple[str, ...]:
    return (
        "Everything is computed on this computer. Nothing is sent anywhere, and your own sheets are never changed.",
        "No ribbon tab? The finished tabs open, calculate and print without it. To get it, see the README.",
        "A step too far? Undo last run puts our tabs back; a run of the command line left a backup beside the file.",
    )
