"""The figures that the Summary quotes of segments that are no candidates: a small table on Performance."""

from __future__ import annotations

from mapseg_xl.metrics.catalog import metric
from mapseg_xl.report import words
from mapseg_xl.report.parts import native
from mapseg_xl.report.parts.case.story import Aside, Story, aside_name
from mapseg_xl.report.parts.counts import counts_of
from mapseg_xl.report.parts.names import PERFORMANCE
from mapseg_xl.report.spec import Cell, Column, Content, Ref, Row, Section, Table

QUOTED = "quoted"
_HELP = "traits that may be results rather than causes are told here, and not proposed"


def quoted_section(story: Story) -> list[Section]:
    """The table; none where nothing is quoted."""
    if not story.asides:
        return []
    columns = (
        Column("segment", "Segment", 0, "label"),
        Column("measure", "Measure", 2, "text"),
        Column("size", "Rows", 4, "count"),
        Column("share", "Share of all", 5, "share"),
        Column("n", "Counted", 6, "count"),
        Column("value", "Value", 7, "share2", bold=True),
        Column("rest", words.OTHERS, 8, "share2"),
        Column("index", "Index", 9, "index"),
        Column("verdict", "Verdict", 10, "chip"),
        Column("events", "of them", 13, "count"),
        Column("rest_events", "others, of them", 14, "count"),
        Column("rest_n", "others, all", 15, "count"),
    )
    rows = tuple(_row(story, aside) for aside in story.asides)
    return [Section("Also on the Summary", (Table(QUOTED, columns, rows),), _HELP)]


def quoted_ref(aside: Aside, column: str) -> Ref:
    """Where a quoted figure stands."""
    return Ref(QUOTED, aside.key, column, PERFORMANCE)


def figure_kind(story: Story, aside: Aside) -> str:
    """The figure format of what is quoted."""
    return words.figure(metric(aside.line.metric), story.what.findings)


def _row(story: Story, aside: Aside) -> Row:
    findings, line = story.what.findings, aside.line
    kind = figure_kind(story, aside)
    size = aside.measured.tally.size
    way = "index.up" if words.arrow(line) == words.UP else "index.down"
    index = native.index(line.index)
    cells: dict[str, Content | Cell] = {
        "segment": words.sentence_case(aside_name(aside)),
        "measure": words.sentence_case(words.say(metric(line.metric), findings)),
        "size": size,
        "share": size / findings.whole.size,
        "n": line.n,
        "value": Cell(line.value, format=kind),
        "rest": Cell(line.rest_value, format=kind),
        "index": None if index is None else Cell(index, "bold", way),
        "verdict": words.chip(line),
    }
    counts = counts_of(line.metric, aside.measured.tally)
    others = counts_of(line.metric, aside.measured.rest)
    if counts is not None and others is not None:
        cells |= {"n": counts.n, "events": counts.events}
        cells |= {"rest_n": others.n, "rest_events": others.events}
        cells["value"] = Cell(native.quotient(line.value), format=kind)
        cells["rest"] = Cell(native.others_on_half(line.rest_value), format=kind)
    return Row(aside.key, cells)
