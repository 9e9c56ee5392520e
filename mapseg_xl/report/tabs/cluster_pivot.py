"""Cluster pivot: two attributes crossed, how many each pair has and how it does; which values go together."""

from __future__ import annotations

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.measure.pivots import Pivot
from mapseg_xl.metrics.catalog import metric
from mapseg_xl.report import words
from mapseg_xl.report.parts.names import CLUSTER_PIVOT
from mapseg_xl.report.parts.pivot.affinity_table import affinity_sections
from mapseg_xl.report.parts.pivot.headlines import pivot_headline
from mapseg_xl.report.parts.pivot.tables import (
    PivotFrame,
    counts_parts,
    few_words,
    index_parts,
)
from mapseg_xl.report.parts.pivot.together import LEAST_EXPECTED, together_parts
from mapseg_xl.report.spec import Section, Tab


def tab(findings: Findings) -> Tab:
    """The tab of a run's findings."""
    pivots = findings.clusters.pivots
    sections: list[Section] = []
    for at, pivot in enumerate(pivots, start=1):
        sections += _sections(PivotFrame(pivot, f"pivot {at}"), findings)
    sections += affinity_sections(findings)
    return Tab(
        CLUSTER_PIVOT,
        "MEASURE",
        pivot_headline(pivots, findings.whole.size),
        _subline(findings),
        tuple(sections),
        _notes(findings),
    )


def _title(pivot: Pivot) -> str:
    rows, columns = (
        words.short(words.header(n), 30) for n in (pivot.rows_attribute, pivot.columns_attribute)
    )
    return f"{words.sentence_case(rows)} by {columns}"


def _sections(frame: PivotFrame, findings: Findings) -> list[Section]:
    pivot = frame.pivot
    second = "beside" if frame.beside else "below"
    help_text = f"darker = more · {second}: share of all rows"
    sections = [Section(f"{_title(pivot)}: how many", counts_parts(frame), help_text)]
    if pivot.metric:
        measure = words.say(metric(pivot.metric), findings)
        title = f"{_title(pivot)}: {measure}, everyone else = 100"
        sections.append(Section(title, index_parts(frame, findings), _help(pivot)))
    title = f"{_title(pivot)}: times as common as by chance, chance = 100"
    sections.append(Section(title, together_parts(frame), "170: 1.7 times as common together"))
    return sections


def _help(pivot: Pivot) -> str:
    leading = metric(pivot.metric)
    if leading.untested:
        return f"not compared: {leading.untested}"
    return f"▲▼ clear · {words.better_is(leading)}"


def _subline(findings: Findings) -> str:
    pivots = findings.clusters.pivots
    if not pivots:
        return "Columns with one value, or with a value of their own in every row, are not crossed."
    if not pivots[0].metric:
        return "Each pair of values: how many rows. This data does not tell how they do."
    measure = words.say(metric(pivots[0].metric), findings)
    return f"Each pair of values: how many rows, then {measure} against everyone else."


def _notes(findings: Findings) -> tuple[str, ...]:
    lines = []
    told = [p for p in findings.clusters.pivots if p.metric]
    if told:
        leading = metric(told[0].metric)
        least = getattr(findings.settings, leading.least)
        counted = "expected to leave" if leading.by_events else few_words(leading)[1]
        lines.append(
            f"– fewer than {least:,} {counted}: not compared. {_example(told)}"
            " Small grey figures: plausible range of the index."
        )
        if not leading.untested:
            pairs = words.listing([f"{p.judged}" for p in told])
            lines.append(
                f"▲▼ in bold: clear, allowing for all pairs of a table being checked at once ({pairs})."
                " Plain: no clear difference."
            )
        if leading.id == "conversion":
            lines.append(f"Conversion: {words.window_words(findings)}.")
        lines.append("All: the index of the whole row or column, with its own rate beside it.")
    if any(p.followers for p in told):
        names = words.listing([words.header(n) for p in told for n in p.followers])
        lines.append(f"{words.sentence_case(names)} may be a result rather than a cause.")
    if findings.clusters.pivots:
        lines.append(f"By chance: – fewer than {LEAST_EXPECTED} rows would be expected.")
    if findings.clusters.affinities:
        lines.append(
            "Times as common: the share of the first that also is the second, over that of everyone."
            " Pairs that never occur together are left out."
        )
    return tuple(lines)


def _example(told: list[Pivot]) -> str:
    """What an index means, on the largest pair that has one."""
    cells = [cell for cell in told[0].cells if cell.index is not None]
    if not cells:
        return ""
    cell = max(cells, key=lambda c: c.n)
    return f"An index of {round((cell.index or 0) * 100)} means {cell.index or 0:.2f} times everyone else."
