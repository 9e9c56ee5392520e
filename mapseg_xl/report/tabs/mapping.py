"""Mapping: values that stand in several forms, each with the form it is read as; only in the team's own workbook."""

from __future__ import annotations

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.report import words
from mapseg_xl.report.parts.health.values import own_table, values_table
from mapseg_xl.report.parts.names import MAPPING, SETTINGS
from mapseg_xl.report.spec import Link, Section, Tab, Text

WIDTHS = {1: 130, 2: 10, 3: 10, 4: 50, 5: 70, 6: 130, 7: 10, 8: 150, 9: 10, 10: 230}  # 800 in all
_YELLOW = "yellow = yours to change"
_SHEET = (
    "The same on a sheet of your own: columns Column, Found and Use. It is used whatever the sheet is called.",
    Link(SETTINGS, "Switch all of it off, or merge all likely slips, on Settings →"),
)


def tab(findings: Findings) -> Tab:
    """The tab of a run's findings."""
    table = values_table(findings)
    listed: tuple[Section, ...] = (Section("Values in several forms", (table,), _YELLOW),)
    if not table.rows:
        nothing = Text(("Every value stands in one form only.",), "note")
        listed = (Section("Values in several forms", (nothing,)),)
    return Tab(
        MAPPING,
        "SET UP",
        _headline(findings),
        "Teams write the same thing in several ways. What you change counts from the next run, and stays.",
        (
            *listed,
            Section("More of your own", (own_table(),), _YELLOW),
            Section("Elsewhere", (Text(_SHEET),)),
        ),
        widths=WIDTHS,
        has_inputs=True,
    )


def _headline(findings: Findings) -> str:
    values = findings.alignment
    if not values:
        return "No value had to be read as another."
    read = sum(v.use != v.found for v in values)
    verb = "is" if read == 1 else "are"
    said = f"{words.sentence_case(words.counted_word(read, 'value'))} {verb} read as another"
    slips = len(values) - read
    if not slips:
        return f"{said}."
    waits = "waits" if slips == 1 else "wait"
    return f"{said}; {words.counted_word(slips, 'likely slip')} {waits} for your answer."
