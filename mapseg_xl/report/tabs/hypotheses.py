"""Hypotheses: rules found on one half of the customers and judged on the other, and what people believe in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.analyze.hypotheses import HypothesisRow
from mapseg_xl.measure.discovery import FEWEST, MOST, Proposal
from mapseg_xl.measure.parsing import parse_rule
from mapseg_xl.measure.rules import Rule
from mapseg_xl.measure.segments import PROPOSAL
from mapseg_xl.metrics.catalog import metric
from mapseg_xl.report import words
from mapseg_xl.report.parts import native
from mapseg_xl.report.parts.measures import value_ref
from mapseg_xl.report.parts.names import HYPOTHESES
from mapseg_xl.report.parts.own_segments import own_inputs
from mapseg_xl.report.parts.selection import Shown, shown
from mapseg_xl.report.spec import (
    Cell,
    Column,
    Content,
    Part,
    Row,
    Section,
    Tab,
    Table,
    Text,
)

FOUND, BELIEVED = "found", "believed"
WIDTHS = {1: 80, 2: 80, 3: 70, 4: 66, 5: 80, 6: 88, 7: 80, 8: 88, 9: 52, 10: 116}  # 800 in all
_SHARES = ("conversion", "win_rate")  # figures that are one count over another


def tab(findings: Findings) -> Tab:
    """The tab of a run's findings."""
    what = shown(findings)
    found = [row for row in findings.hypotheses if row.source == PROPOSAL]
    own = [row for row in findings.hypotheses if row.source != PROPOSAL]
    sections = [_found(what, found)]
    if own:
        sections.append(_believed(what, own))
    sections.append(own_inputs(findings))
    return Tab(
        HYPOTHESES,
        "MEASURE",
        _headline(findings, found),
        _subline(findings),
        tuple(sections),
        notes=_notes(findings, found),
        widths=WIDTHS,
        has_inputs=True,
    )


def _headline(findings: Findings, found: Sequence[HypothesisRow]) -> str:
    """How many of the rules held where they were not found; why there are none."""
    held = sum(row.verdict == "better" for row in found)
    if not found:
        note = findings.proposals.note if findings.proposals else ""
        return f"Nothing is proposed: {note or 'no search was made'}."
    if len(found) == 1:
        did = "held" if held else "did not hold"
        return f"The one rule found on one half of the customers {did} on the other."
    if len(found) == 2 and held != 1:
        which = "Both rules" if held else "Neither of the two rules"
        return f"{which} found on one half of the customers held on the other."
    if held == len(found):
        return f"All {words.number_word(held)} rules found on one half of the customers held on the other."
    kept = words.sentence_case(words.number_word(held)) if held else "None"
    return f"{kept} of {words.number_word(len(found))} rules found on one half of the customers held on the other."


def _subline(findings: Findings) -> str:
    target = findings.proposals.target if findings.proposals else ""
    if not target:
        return "Rules that set good customers apart, and the segments people believe in."
    by = words.title(metric(target), findings).casefold()
    return (
        f"By {by}, each segment against everyone else. Customers are dealt into halves by their id."
    )


def _found(what: Shown, found: Sequence[HypothesisRow]) -> Section:
    proposals = what.findings.proposals
    parts: list[Part] = []
    if found and proposals is not None:
        by_id = {p.segment_id: p for p in proposals.found}
        rows = [line for row in found for line in _rows(what, row, by_id)]
        heads = (("on the half that found it", 5, 6), ("on the other half", 7, 8))
        parts.append(Table(FOUND, _columns(what, found[0].metric), tuple(rows), group_heads=heads))
    lines = _warnings(what.findings)
    if lines:
        parts.append(Text(tuple(lines), "body"))
    help_text = "best first, by size and lead together" if found else ""
    return Section("Proposed by the data", tuple(parts), help_text)


def _columns(what: Shown, metric_id: str) -> tuple[Column, ...]:
    figure = words.figure(metric(metric_id), what.findings)
    columns = [
        Column("name", "Segment", 0, "label"),
        Column("n", "Rows", 3, "count"),
        Column("share", "Share", 4, "share"),
        Column("found", "Segment", 5, figure),
        Column("found_rest", words.OTHERS, 6, figure),
        Column("value", "Segment", 7, figure),
        Column("rest", words.OTHERS, 8, figure),
        Column("verdict", "Verdict", 10, "chip"),
        Column("all", "all rows", 13, "count"),
    ]
    if metric_id in _SHARES:
        heads = ("found, of them", "found, all", "others, of them", "others, all")
        columns += [
            Column(key, head, at, "count")
            for at, (key, head) in enumerate(zip(_COUNTS, heads, strict=True), 14)
        ]
    return tuple(columns)


_COUNTS = ("found_events", "found_n", "others_events", "others_n")


def _rows(what: Shown, row: HypothesisRow, found: Mapping[str, Proposal]) -> list[Row]:
    """A segment with its figures; below it in grey its rule and why it stays or goes."""
    cells: dict[str, Content | Cell] = {
        "name": Cell(words.short(row.segment, 60), "bold" if row.verdict == "better" else ""),
        "n": row.n,
        "share": native.quotient(row.share, "n", "all"),
        "all": what.findings.whole.size,
        "verdict": _chip(what.findings, row),
        **_judged(what, row),
    }
    if row.segment_id in found:
        cells |= _where_found(found[row.segment_id], row.metric)
    elif row.suggested_by:
        cells["by"] = row.suggested_by
    rule = words.sentence_case(_in_words(row.rule))
    return [
        Row(row.segment_id, cells),
        Row(f"{row.segment_id} rule", {"name": f"{rule}."}, "sub"),
        Row(f"{row.segment_id} why", {"name": f"{words.sentence_case(row.why)}."}, "sub"),
    ]


def _in_words(rule: str) -> str:
    """A rule as people say it, its columns as they write them."""
    conditions = parse_rule(rule).conditions
    return Rule(tuple(replace(c, column=words.header(c.column)) for c in conditions)).words()


def _chip(findings: Findings, row: HypothesisRow) -> str:
    line = findings.row(row.segmentation, row.segment_id, row.metric)
    return words.VERDICTS["not_available"] if line is None else words.chip(line)


def _judged(what: Shown, row: HypothesisRow) -> dict[str, Content | Cell]:
    """The figures that count, copied from Performance, which owns them."""
    shown_there = row.segment_id in {m.key for m in what.members}
    value: Content = row.value
    rest: Content = row.rest_value
    if shown_there and row.metric in {m.id for m in what.metrics}:
        value = native.copy(value_ref(what, row.metric, row.segment_id), row.value)
        rest = native.copy(value_ref(what, row.metric, row.segment_id, "rest"), row.rest_value)
    clear = row.verdict in ("better", "worse")  # a rate of four is not printed bold
    return {"value": Cell(value, "bold") if clear else value, "rest": rest}


def _where_found(proposal: Proposal, metric_id: str) -> dict[str, Content | Cell]:
    """What the half that found a rule said of it: from counts where the figure is a share."""
    value, rest = proposal.found_value, proposal.found_rest
    if metric_id not in _SHARES or value is None or rest is None:
        return {"found": value, "found_rest": rest}
    counts = (
        round(value * proposal.found_n),
        proposal.found_n,
        round(rest * proposal.found_rest_n),
        proposal.found_rest_n,
    )
    return {
        "found": native.quotient(value, "found_events", "found_n"),
        "found_rest": native.quotient(rest, "others_events", "others_n"),
        **dict(zip(_COUNTS, counts, strict=True)),
    }


def _warnings(findings: Findings) -> list[str]:
    """Too few or too many to think about, and the columns that were not searched."""
    proposals, lines = findings.proposals, []
    if proposals is not None and proposals.note:
        lines.append(f"{words.sentence_case(proposals.note)}.")
    number = len(findings.hypotheses)
    said = words.counted_word(number, "hypothesis", "hypotheses")
    if number < FEWEST:
        few = f"{words.sentence_case(said)} in all" if number else "No hypothesis yet"
        lines.append(
            f"{few}; three to five are worth having: add what your team believes in below."
        )
    if number > MOST:
        lines.append(
            f"{words.sentence_case(said)} in all are more than a team can keep in mind: choose three to five."
        )
    return lines


def _believed(what: Shown, own: Sequence[HypothesisRow]) -> Section:
    named = next((row.metric for row in own if row.metric), "")
    if not named:
        columns: tuple[Column, ...] = (
            Column("name", "Segment", 0, "label"),
            Column("n", "Rows", 3, "count"),
            Column("share", "Share", 4, "share"),
            Column("by", "Suggested by", 5, "text"),
            Column("verdict", "Verdict", 10, "chip"),
            Column("all", "all rows", 13, "count"),
        )
    else:
        kept = ("name", "n", "share", "value", "rest", "verdict", "all")
        columns = tuple(c for c in _columns(what, named) if c.key in kept)
        columns = (*columns[:3], Column("by", "Suggested by", 5, "text"), *columns[3:])
    keys = {column.key for column in columns}
    rows = [
        Row(line.key, {key: cell for key, cell in line.cells.items() if key in keys}, line.look)
        for row in own
        for line in _rows(what, row, {})
    ]
    return Section("What people believe in", (Table(BELIEVED, columns, tuple(rows)),))


def _notes(findings: Findings, found: Sequence[HypothesisRow]) -> tuple[str, ...]:
    lines = []
    proposals = findings.proposals
    if proposals is not None and proposals.left_out:
        names = words.listing([words.header(name) for name in proposals.left_out], 8)
        lines.append(f"Not searched, because they may be a result rather than a cause: {names}.")
    if proposals is not None and proposals.searched:
        names = words.listing([words.header(name) for name in proposals.searched], 12)
        lines.append(f"Searched: {names}.")
    if found:
        lines.append(
            "Verdict: on the half that did not find the rule, which knows nothing of the search; "
            "the other tabs judge it there too."
        )
    if any(None in (row.value, row.rest_value, row.found_value) for row in found):
        lines.append("–: not known yet on that half.")
    return tuple(lines)
