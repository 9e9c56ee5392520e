"""The guided workbook that a team starts from, as a plan: steps, example customers, forms to fill, functions."""

from __future__ import annotations

from collections.abc import Mapping

from mapseg_xl.excel.template.customers_form import customers_tab
from mapseg_xl.excel.template.example_customers import LAST_DAY
from mapseg_xl.excel.template.guide import functions_tab
from mapseg_xl.measure.segments import MY_SEGMENTS as OWN
from mapseg_xl.measure.segments import segment_id
from mapseg_xl.report import words
from mapseg_xl.report.identity import Previous, keep
from mapseg_xl.report.named_functions.carried import CARRIED
from mapseg_xl.report.parts.home.segment_form import BY, FORM, NAME, cells_of, row_key
from mapseg_xl.report.parts.names import (
    MY_SEGMENTS,
    START,
    TAM_SCORING,
)
from mapseg_xl.report.parts.scoring.answers import ANSWERED, answers_form
from mapseg_xl.report.plan import Plan, lay_out
from mapseg_xl.report.spec import Report, Scalar, Section, Tab, Text
from mapseg_xl.report.tabs import my_segments, settings, start_here, tam_scoring
from mapseg_xl.report.verbs import Key

_EXAMPLE = "an example"
_SEGMENTS = (  # name, conditions
    ("Agencies from 10 people", (("Industry", "is", "Agency"), ("Employees", "at least", "10"))),
    ("Referred", (("Channel", "is", "Referral"),)),
)
_ANSWERS: tuple[Mapping[str, Scalar], ...] = (  # of each of them
    {"reachable": 0.4, "growth": 0.08, "competition": 1, "roadmap_fit": 3, "scalable_channel": 2,
     "accounts": 12_000},
    {"reachable": 0.15, "growth": 0.03, "competition": 2, "roadmap_fit": 2, "scalable_channel": 1,
     "accounts": 30_000},
)  # fmt: skip


def template_plan() -> Plan:
    """The workbook's plan, the same each time. Its yellow cells hold examples that count as typed by people."""
    return lay_out(keep(template_report(), Previous(typed=_typed())))


def template_report() -> Report:
    """The tabs of the template, with nothing typed in them yet."""
    tabs = (
        customers_tab(),
        _scoring(),
        my_segments.empty_tab(),
        settings.empty_tab(),
        functions_tab(),
    )
    return Report(
        tabs=(start_here.guide({}, {tab.name for tab in tabs}), *tabs),
        title="Customer segmentation",
        footer=f"Template with made-up customers · data to {words.day(LAST_DAY)}",
        right_header="Template",
        functions=CARRIED,
        front=START,
    )


def _scoring() -> Tab:
    """Five answers a candidate, as the live tab asks for them."""
    candidates = [(_id(name), name, None) for name, _ in _SEGMENTS]
    said = "Press TAM scoring: each candidate of your own data gets a row here; below, must-haves and scores."
    return Tab(
        TAM_SCORING,
        "PRIORITIZE",
        "Five answers tell how good the market of a candidate is.",
        "These two candidates are the examples on My segments; the answers are made up too.",
        (
            Section(
                "Answers about the market",
                (answers_form(candidates),),
                "scores 0–3 · yellow = yours to change",
            ),
            Section("Then", (Text((said,)),)),
        ),
        widths=tam_scoring.WIDTHS,
        has_inputs=True,
    )


def _id(name: str) -> str:
    """The id that a run gives to a segment of this name."""
    return segment_id(OWN, (name,))


def _typed() -> dict[Key, Scalar]:
    """What the yellow cells hold."""
    typed: dict[Key, Scalar] = {}
    for at, (name, conditions) in enumerate(_SEGMENTS, start=1):
        row = row_key(at)
        typed[MY_SEGMENTS, FORM, row, NAME] = name
        typed[MY_SEGMENTS, FORM, row, BY] = _EXAMPLE
        for number, condition in enumerate(conditions, start=1):
            for column, text in zip(cells_of(number), condition, strict=True):
                typed[MY_SEGMENTS, FORM, row, column] = text
    for (name, _), answers in zip(_SEGMENTS, _ANSWERS, strict=True):
        for field, value in {**answers, "source": _EXAMPLE}.items():
            typed[TAM_SCORING, ANSWERED, _id(name), field] = value
    return typed
