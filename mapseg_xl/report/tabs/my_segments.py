"""My segments: what the team believes in, three cells a condition, with what came of it; only in its own workbook."""

from __future__ import annotations

from collections.abc import Mapping

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.errors import InputError
from mapseg_xl.intake.tables import OwnSegment
from mapseg_xl.measure.own_segments import Refused
from mapseg_xl.measure.parsing import parse_rule
from mapseg_xl.measure.segments import MY_SEGMENTS as OWN
from mapseg_xl.report import words
from mapseg_xl.report.parts.home.segment_form import (
    BY,
    CONDITIONS,
    FORM,
    NAME,
    OPERATORS,
    ROWS,
    cells_of,
    row_key,
    segments_in,
)
from mapseg_xl.report.parts.names import HYPOTHESES, MY_SEGMENTS
from mapseg_xl.report.spec import Cell, Column, Content, Input, Row, Section, Tab, Table, Text

WIDTHS = {1: 96, 2: 76, 3: 76, 4: 96, 5: 76, 6: 76, 7: 86, 8: 70, 9: 70, 10: 78}  # 800 in all
_WAYS = (
    "is: the value as it stands in the column. one of: several values, with commas between them.",
    "between: two values, such as 10 and 50. Dates as 2026-06-30. All conditions of a row must hold.",
)
_MOST_COLUMNS = 200


def tab(findings: Findings) -> Tab:
    """The tab of a run's findings."""
    own = segments_in(findings.typed, lambda key: "")
    counts = _counts(findings)
    said = {_row_of(segment): _came_of(segment, findings, counts) for segment in own}
    return _tab(_headline(len(own), findings), said, _headers(findings), findings)


def empty_tab() -> Tab:
    """The tab before anything was run."""
    head = "Write down the segments your team believes in."
    return _tab(head, {}, (), None)


def _headline(own: int, findings: Findings) -> str:
    wrong = len({refused.key[0] for refused in findings.refused if refused.key})
    if not own:
        return "No segment of your own yet: write down what your team believes."
    told = words.counted_word(own, "segment")
    if wrong:
        cannot = words.counted_word(wrong, "cannot be counted", "cannot be counted")
        return (
            f"{words.sentence_case(told)} of your own; {cannot} as written: see the orange cells."
        )
    return f"{words.sentence_case(told)} of your own {'is' if own == 1 else 'are'} compared with everyone else."


def _tab(
    headline: str,
    said: Mapping[str, str],
    headers: tuple[str, ...],
    findings: Findings | None,
) -> Tab:
    wrong = {r.key: r for r in findings.refused if r.key} if findings else {}
    rows: list[Row] = []
    for at in range(1, ROWS + 1):
        key = row_key(at)
        rows.append(_row(key, headers, wrong))
        rows.append(Row(f"{key} said", {NAME: said.get(key, "")}, "sub"))
    table = Table(FORM, _columns(), tuple(rows), keyed=True)
    sections = (
        Section("Your segments", (table,), "yellow = yours to change"),
        Section("How to write a condition", (Text(_WAYS),)),
    )
    return Tab(
        MY_SEGMENTS,
        "MEASURE",
        headline,
        f"Each is counted and compared with everyone else; the result stands on {HYPOTHESES}.",
        sections,
        widths=WIDTHS,
        has_inputs=True,
    )


def _columns() -> tuple[Column, ...]:
    columns = [Column(NAME, "Segment", 0, "text")]
    for number in range(1, CONDITIONS + 1):
        heads = ("Column" if number == 1 else "and column", "is", "Value")
        at = 1 + (number - 1) * 3
        columns += [
            Column(key, head, at + place, "text")
            for place, (key, head) in enumerate(zip(cells_of(number), heads, strict=True))
        ]
    return (*columns, Column(BY, "Suggested by", 10, "text"))


def _row(
    key: str,
    headers: tuple[str, ...],
    wrong: Mapping[tuple[str, str], Refused],
) -> Row:
    cells: dict[str, Content | Cell] = {}
    for column, entry in _entries(headers).items():
        refused = wrong.get((key, column))
        message = refused.why if refused else entry.message
        cell = Input(None, entry.kind, message, choices=entry.choices)
        cells[column] = Cell(cell, "worse") if refused else cell
    return Row(key, cells)


def _entries(headers: tuple[str, ...]) -> dict[str, Input]:
    """The cells of a row; columns of the data are a list once they are known."""
    entries = {NAME: Input(None, "text", "What you call the segment.")}
    which = "A column of your data: its header."
    for number in range(1, CONDITIONS + 1):
        column, sign, value = cells_of(number)
        entries[column] = (
            Input(None, "choice", which, choices=headers) if headers else Input(None, "text", which)
        )
        entries[sign] = Input(None, "choice", "How the column compares.", choices=OPERATORS)
        entries[value] = Input(None, "text", "The value, as it stands in the column.")
    return {**entries, BY: Input(None, "text", "Who suggested it.")}


def _headers(findings: Findings) -> tuple[str, ...]:
    """The columns a rule may name: those of the customers, in their order."""
    left = ("ignored", "ignore", "email", "company")
    named = [guess.header for guess in findings.origin.guesses if guess.role not in left]
    return tuple(dict.fromkeys(named))[:_MOST_COLUMNS]


def _row_of(segment: OwnSegment) -> str:
    return segment.conditions[0].key[0]


def _counts(findings: Findings) -> dict[str, int]:
    """Customers of each own segment, by its name in any case."""
    return {
        m.segment.name.casefold(): m.tally.size
        for group in findings.groups
        if group.segmentation.name == OWN
        for m in group.measured
    }


def _came_of(segment: OwnSegment, findings: Findings, counts: Mapping[str, int]) -> str:
    """How many it holds, or why it cannot be counted."""
    wrong = [r.why for r in findings.refused if r.key and r.key[0] == _row_of(segment)]
    if wrong:
        return f"Not counted: {' · '.join(words.sentence_case(why) for why in wrong)}"
    n = counts.get((segment.name or _by_rule(segment)).casefold())
    if n is None:
        return "Counted at the next run."
    whole = findings.whole.size
    return (
        f"{n:,} of {words.counted(whole, 'row')} ({n / whole:.1%})."
        if n
        else "Nobody: no row is like this."
    )


def _by_rule(segment: OwnSegment) -> str:
    """What a run calls a segment without a name."""
    try:
        return parse_rule(" and ".join(w.text for w in segment.conditions)).words()
    except InputError:
        return ""
