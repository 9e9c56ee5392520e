"""Decision: which segments were chosen, by whom and when, what will not be done, and when to look again."""

from __future__ import annotations

import json

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.measure.own_segments import Decided
from mapseg_xl.report import words
from mapseg_xl.report.identity import Previous
from mapseg_xl.report.parts.names import DECISION, PRIORITIES
from mapseg_xl.report.parts.scoring.answers import CHOICES, CHOSEN
from mapseg_xl.report.parts.scoring.board import Board, board
from mapseg_xl.report.spec import (
    Cell,
    Column,
    Content,
    Formula,
    Input,
    Ref,
    Row,
    Section,
    Span,
    Tab,
    Table,
    quoted,
)

DECIDED, CANDIDATES = "decided", "candidates"  # in the workbook's memory
_ORDER = ("First segment", "Second segment", "Third segment")
_YELLOW = "yellow = yours to fill in"
_LINES = 3
_LONGEST = 20  # of a name in the headline, three on a row
_OPEN, _CHOSEN = "Nothing is decided yet.", "Decided: we build and sell for"
_SIGNERS = ("Product", "Marketing", "Sales", "Management")


def tab(findings: Findings) -> Tab:
    """The tab of a run's findings."""
    what = board(findings)
    left_out = _lines("not", "We will not", "What is left out, and for whom.")
    sections = (
        Section("We build and sell for", (_choices(what),), _YELLOW),
        Section("Decided", (_decided(),), _YELLOW),
        Section("What we will not do", (left_out,), _YELLOW),
        Section("Look again if", (_revisit(what),), _YELLOW),
        Section("Signed", (_signatures(),), _YELLOW),
    )
    return Tab(
        DECISION,
        "ACT",
        _headline(what),
        _subline(what),
        sections,
        notes=_notes(),
        has_inputs=True,
    )


def _headline(what: Board) -> tuple[Formula, Formula]:
    """What was chosen, live; else what the run recommends."""
    keys = [str(at) for at in range(1, _most(what) + 1)]
    refs: dict[str, Ref | Span] = {f"c{key}": Ref(CHOICES, key, CHOSEN) for key in keys}
    none = "AND(" + ",".join(f'{{c{key}}}=""' for key in keys) + ")"
    listed = "&".join(f'IF({{c{key}}}="","",", "&LEFT({{c{key}}},{_LONGEST}))' for key in keys)
    chosen = [name[:_LONGEST] for name in what.priorities.typed.decided[: _most(what)]]
    open_words = _open_words(what)
    return (
        Formula(f'IF({none},"{_OPEN}","{_CHOSEN}")', _CHOSEN if chosen else _OPEN, refs),
        Formula(
            f'IF({none},{quoted(open_words)},MID({listed},3,200)&".")',
            f"{', '.join(chosen)}." if chosen else open_words,
            refs,
        ),
    )


def _open_words(what: Board) -> str:
    focus = [row for row in what.rows if row.recommendation == "focus"]
    if focus:
        names = [f"“{words.short(what.names[row.segment_id], _LONGEST)}”" for row in focus]
        return f"The run recommends {words.listing(names)}."
    if not what.rows:
        return "There is no candidate to choose."
    tests = sum(row.recommendation == "test" for row in what.rows)
    if not tests:
        return f"The run recommends none of its {words.counted(len(what.rows), 'candidate')}."
    return f"The run recommends to test {words.counted_word(tests, 'candidate')} first."


def _most(what: Board) -> int:
    return min(len(_ORDER), what.findings.settings.most_segments)


def _subline(what: Board) -> str:
    most = _most(what)
    many = "one segment" if most == 1 else f"one to {words.number_word(most)} segments"
    return (
        f"Choose {many} that everybody uses. The reasons stand on {PRIORITIES}; a decision stays when "
        "the data is run again."
    )


def _choices(what: Board) -> Table:
    names = tuple(dict.fromkeys(what.names[row.segment_id] for row in (*what.rows, *what.rest)))
    typed = what.priorities.typed.decided
    names = tuple(dict.fromkeys((*names, *typed)))
    columns = (
        Column("name", "", 0, "label"),
        Column(CHOSEN, "Segment", 1, "text"),
        Column("why", "Why this one", 5, "text"),
    )
    choose = "The segment as it is called on Priorities."
    rows = tuple(
        Row(
            str(at),
            {
                "name": title,
                CHOSEN: Input(None, "choice", choose, choices=names)
                if names
                else Input(None, "text", choose),
                "why": Input(None, "text", "In one sentence."),
            },
        )
        for at, title in enumerate(_ORDER[: _most(what)], start=1)
    )
    return Table(CHOICES, columns, rows, keyed=True)


def _decided() -> Table:
    titles = (("by", "Who decided", "Names."), ("on", "On", "The day, as you write it."))
    rows = tuple(
        Row(key, {"name": title, "value": Input(None, "text", message)})
        for key, title, message in titles
    )
    return _one_input("decided", rows)


def _lines(block: str, title: str, message: str) -> Table:
    rows = tuple(
        Row(str(at), {"name": title if at == 1 else "", "value": Input(None, "text", message)})
        for at in range(1, _LINES + 1)
    )
    return _one_input(block, rows)


def _revisit(what: Board) -> Table:
    """Conditions of one's own; what would turn the order stands beside the first."""
    table = _lines("revisit", "We look again if", "A figure and a limit, or a date.")
    turns = what.priorities.turns or "Nothing known yet: fewer than two candidates are ranked."
    hint: dict[str, Content | Cell] = {"name": "What would turn it", "value": Cell(turns, "note")}
    rows = (*table.rows, Row("hint", hint))
    return Table(table.id, table.columns, rows, keyed=True, head=False)


def _one_input(block: str, rows: tuple[Row, ...]) -> Table:
    columns = (Column("name", "", 0, "label"), Column("value", "", 1, "text"))
    return Table(block, columns, rows, keyed=True, head=False)


def _signatures() -> Table:
    columns = (
        Column("team", "Team", 0, "label"),
        Column("name", "Name", 1, "text"),
        Column("on", "Date", 5, "text"),
        Column("sign", "Signature", 7, "text"),
    )
    rows = tuple(
        Row(
            team,
            {
                "team": team,
                "name": Input(None, "text", "Who signs for this team."),
                "on": Input(None, "text", "The day, as you write it."),
                "sign": Input(None, "text", "Initials, or sign on paper."),
            },
        )
        for team in _SIGNERS
    )
    return Table("signed", columns, rows, keyed=True)


def _notes() -> tuple[str, ...]:
    kept = (
        "What you write here stays when the workbook is made again. A chosen segment keeps its rule: "
        "later ideas are proposed beside it, never in its place."
    )
    return (kept,)


def decided_before(earlier: Previous | None) -> tuple[Decided, ...]:
    """The segments chosen in an earlier workbook, as they were when they were first run after that choice.

    A name that no run knew is no segment: it stays on the page and is not counted.
    """
    if earlier is None:
        return ()
    known = {row[1].casefold(): row for row in _remembered(earlier)}
    found = []
    for row in map(str, range(1, len(_ORDER) + 1)):
        key = (DECISION, CHOICES, row, CHOSEN)
        name = str(earlier.edits.get(key) or "").strip().casefold()
        if name in known:
            made, shown, rule = known[name]
            found.append(Decided(made, shown, rule, earlier.cell(key)))
    return tuple({d.segment_id: d for d in found}.values())


def _remembered(earlier: Previous) -> list[list[str]]:
    """Id, name and rule of every candidate of the last run, the decided ones last and as they were decided."""
    rows: list[list[str]] = json.loads(earlier.memory.get(CANDIDATES, "[]"))
    frozen: list[list[str]] = json.loads(earlier.memory.get(DECIDED, "[]"))
    return rows + frozen


def decided_memory(findings: Findings, earlier: Previous | None) -> dict[str, str]:
    """The chosen segments frozen: id, name, rule; one that is no candidate any more stays as it was decided.

    Beside them every candidate, for people choose among these once the workbook is made.
    """
    names = board(findings).names
    now = [[c.segment_id, names[c.segment_id], c.rule] for c in findings.candidates]
    before = _remembered(earlier) if earlier else []
    known = {row[1].casefold(): row for row in [*now, *before]}
    chosen = (name.strip().casefold() for name in findings.priorities.typed.decided)
    frozen = [known[name] for name in dict.fromkeys(chosen) if name in known]
    return {DECIDED: json.dumps(frozen), CANDIDATES: json.dumps(now)}
