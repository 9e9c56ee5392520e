"""The yellow rows for people's own segments on Hypotheses, and how they are read back on the next run."""

from __future__ import annotations

import json
from collections.abc import Mapping

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.intake.tables import OwnSegment, Written
from mapseg_xl.measure.own_segments import Refused, Remembered
from mapseg_xl.measure.parsing import parse_rule
from mapseg_xl.measure.rules import rule_key
from mapseg_xl.measure.segments import MY_SEGMENTS
from mapseg_xl.report.identity import Previous
from mapseg_xl.report.parts.home.segment_form import typed_on_form
from mapseg_xl.report.parts.names import HYPOTHESES
from mapseg_xl.report.spec import (
    Cell,
    Column,
    Content,
    Input,
    Row,
    Scalar,
    Section,
    Table,
    Text,
)

OWN = "my segments"  # the table
ROWS = 6
NAME, BY = "name", "by"
CONDITIONS = ("condition 1", "condition 2", "condition 3")
PROPOSED = "proposed"  # in the workbook's memory
_EXAMPLE = "Employees >= 50, or Country in (US, CA)"


def typed_segments(earlier: Previous | None) -> tuple[OwnSegment, ...]:
    """The segments typed into an earlier workbook, a row each; rows without a word are none.

    On My segments where the workbook has that tab, and on Hypotheses.
    """
    if earlier is None:
        return ()
    edits = earlier.edits
    found = list(typed_on_form(earlier))
    for row in (f"own {at}" for at in range(1, ROWS + 1)):
        keys = {column: (HYPOTHESES, OWN, row, column) for column in (NAME, *CONDITIONS, BY)}
        said = {column: _text(edits.get(key)) for column, key in keys.items()}
        filled = [column for column in CONDITIONS if said[column]]
        if filled or said[NAME]:
            conditions = tuple(
                Written(said[column], earlier.cell(keys[column]), (row, column))
                for column in filled or CONDITIONS[:1]
            )
            found.append(OwnSegment(said[NAME], "", said[BY], conditions[0].cell, conditions))
    return tuple(found)


def _text(typed: Scalar) -> str:
    return "" if typed is None else str(typed).strip()


def remembered(earlier: Previous | None) -> Remembered:
    """What earlier runs of a workbook proposed."""
    if earlier is None or PROPOSED not in earlier.memory:
        return Remembered()
    salt, ids = json.loads(earlier.memory[PROPOSED])
    return Remembered(salt, ids)


def proposal_memory(findings: Findings, before: Remembered) -> dict[str, str]:
    """What to remember of proposals, so that an adopted one is judged by the half that did not find it.

    A rule that people had before the search found it is theirs, and everybody may judge it.
    """
    proposals = findings.proposals
    if proposals is None:
        return {}
    own = {
        rule_key(parse_rule(m.segment.rule))
        for group in findings.groups
        if group.segmentation.name == MY_SEGMENTS
        for m in group.measured
    }
    found = {rule_key(parse_rule(p.rule)): p.segment_id for p in proposals.found}
    ids = {**{key: made for key, made in found.items() if key not in own}, **before.ids}
    salt = before.salt or findings.settings.salt
    return {PROPOSED: json.dumps([salt, ids])} if ids else {}


def own_inputs(findings: Findings) -> Section:
    """Six yellow rows; a condition that could not be used is orange, and said below."""
    wrong = {refused.key: refused for refused in findings.refused if refused.key}
    columns = (
        Column(NAME, "Name", 0, "text"),
        Column(CONDITIONS[0], "Condition", 1, "text"),
        Column(CONDITIONS[1], "and", 4, "text"),
        Column(CONDITIONS[2], "and", 7, "text"),
        Column(BY, "Suggested by", 9, "text"),
    )
    messages = _messages(findings)
    rows = []
    for at in range(1, ROWS + 1):
        key = f"own {at}"
        cells: dict[str, Content | Cell] = {}
        for column, message in messages.items():
            refused = wrong.get((key, column))
            cell = Input(None, "text", refused.why if refused else message)
            cells[column] = Cell(cell, "worse") if refused else cell
        rows.append(Row(key, cells))
    lines = [f"Not counted: {_said(refused)}" for refused in findings.refused]
    parts = (Table(OWN, columns, tuple(rows), keyed=True),)
    said = (Text(tuple(lines), "note"),) if lines else ()
    return Section(
        "My segments: yours to add",
        (*parts, *said),
        "yellow = yours to change · counted when the workbook is made again",
    )


def _messages(findings: Findings) -> Mapping[str, str]:
    """What each cell is for, with a rule of this data as the example."""
    found = findings.hypotheses
    example = found[0].rule.split(" and ")[0] if found else _EXAMPLE
    more = "Another condition that must hold too. May stay empty."
    return {
        NAME: "What you call the segment.",
        CONDITIONS[0]: f"Whom it holds: a column, a sign and a value, such as {example}",
        CONDITIONS[1]: more,
        CONDITIONS[2]: more,
        BY: "Who suggested it.",
    }


def _said(refused: Refused) -> str:
    """Where it stands and what is wrong."""
    if refused.key:
        row, column = refused.key
        return f"line {row.removeprefix('own ')}, {column}: {refused.why}"
    return f"“{refused.name}” ({refused.cell}): {refused.why}"
