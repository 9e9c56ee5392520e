"""Rollout: what each team does first for the chosen segments, who agrees, how far it is. All of it changeable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.report import words
from mapseg_xl.report.parts import native
from mapseg_xl.report.parts.act.move_reasons import reason
from mapseg_xl.report.parts.act.profile_inputs import AGREED
from mapseg_xl.report.parts.act.progress import (
    DONE,
    DROPPED,
    OWN_ROWS,
    Tracked,
    block_of,
    is_written,
    tracked,
)
from mapseg_xl.report.parts.names import PRIORITIES, ROLLOUT
from mapseg_xl.report.parts.names import profile as profile_tab
from mapseg_xl.report.parts.selection import Shown, shown
from mapseg_xl.report.spec import (
    Cell,
    Column,
    Content,
    Formula,
    Input,
    Link,
    Ref,
    Row,
    Section,
    Span,
    Tab,
    Table,
)
from mapseg_xl.rollout.moves import TEAMS, Move

PROGRESS, STEPS, PEOPLE, TOTAL = "progress", "steps", "people", "total"
STATUSES = ("to do", "doing", DONE, DROPPED)
_STEPS = (  # of a mature firm: from what is known to what sales can use
    ("usage", "1 Usage", "Which parts of the product do the chosen segments use, and which not?"),
    ("survey", "2 Numbers", "Ask enough of the market to size the needs behind that."),
    ("talks", "3 Talks", "Talk to some of each segment: what is the job, who decides, why now?"),
    (
        "sales",
        "4 Sales",
        "Turn it with sales into buyers they recognise, and questions that tell them.",
    ),
)
_EMPTY_PEOPLE = 4


def tab(findings: Findings) -> Tab:
    """The tab of a run's findings."""
    what = shown(findings)
    teams = {team: [m for m in findings.moves if m.team == team] for team in TEAMS}
    teams = {team: moves for team, moves in teams.items() if moves}
    sections = [_progress(findings, teams)] if teams else []
    sections += [_team(what, team, moves) for team, moves in teams.items()]
    sections += [_steps(), _people(findings)]
    return Tab(
        ROLLOUT, "ACT", _headline(findings), _subline(findings), tuple(sections), has_inputs=True
    )


def _headline(findings: Findings) -> Content | tuple[Content, ...]:
    if not findings.moves:
        return "No segment is chosen yet, so there is nothing to roll out."
    found = [tracked(findings, team, findings.moves) for team in TEAMS]
    done = native.copy(Ref(PROGRESS, TOTAL, DONE), sum(t.done for t in found))
    all_moves = native.copy(Ref(PROGRESS, TOTAL, "moves"), sum(t.moves for t in found))
    first = native.sentence(done, " of ", all_moves, " moves are done;", kinds=("count", "count"))
    quick = sum(move.quick for move in findings.moves)
    wins = words.counted_word(quick, "is a quick win", "are quick wins")
    return first, f"{wins}: they come first in each team."


def _subline(findings: Findings) -> str:
    if not findings.moves:
        return (
            f"Segments that {PRIORITIES} recommends for focus or test get their first moves here."
        )
    return "First moves, each with the finding it comes from. Change them, give each an owner and a date."


def _progress(findings: Findings, teams: Mapping[str, Sequence[Move]]) -> Section:
    """How many moves of each team are done, live."""
    columns = (
        Column("team", "Team", 0, "label"),
        Column("moves", "Moves", 1, "count"),
        Column("quick", "Quick wins", 2, "count"),
        Column(DONE, "Done", 3, "count", bold=True),
        Column("open", "Still open", 4, "count"),
    )
    found = [tracked(findings, team, moves) for team, moves in teams.items()]
    rows = [_progress_row(team, t) for team, t in zip(teams, found, strict=True)]
    keys = rows[0].key, rows[-1].key
    total: dict[str, Content | Cell] = {"team": "All teams"}
    for key in ("moves", "quick", DONE, "open"):
        value = sum(t.figures[key] for t in found)
        total[key] = Formula("SUM({rows})", value, {"rows": Span(PROGRESS, key, rows=keys)})
    table = Table(PROGRESS, columns, (*rows, Row(TOTAL, total, "total")))
    return Section(
        "How far we are", (table,), "live from the lists below; dropped moves do not count"
    )


def _progress_row(team: str, found: Tracked) -> Row:
    spans: dict[str, Ref | Span] = {
        name: Span(block_of(team), name) for name in ("one", "win", "status")
    }
    kept = f'{{one}}*({{status}}<>"{DROPPED}")'
    cells: dict[str, Content | Cell] = {
        "team": team,
        "moves": Formula(f"SUMPRODUCT({kept})", found.moves, spans),
        "quick": Formula(f"SUMPRODUCT({kept}*(LEN({{win}})>0))", found.quick, spans),
        DONE: Formula(f'SUMPRODUCT({{one}}*({{status}}="{DONE}"))', found.done, spans),
        "open": Formula(f"{{moves}}-{{{DONE}}}", found.moves - found.done),
    }
    return Row(team, cells)


def _team(what: Shown, team: str, moves: Sequence[Move]) -> Section:
    columns = (
        Column("segment", "Segment", 0, "label"),
        Column("move", "Move, and the finding it comes from", 1, "text"),
        Column("win", "", 7, "text"),
        *_tracking_columns(),
        Column("one", "moves", 13, "text"),  # words: what is empty must stay empty, not a dash
    )
    rows = [row for move in moves for row in _move_rows(what, move)]
    rows += [_own_row(what.findings, team, at) for at in range(1, OWN_ROWS + 1)]
    table = Table(block_of(team), columns, tuple(rows))
    return Section(team, (table,), "quick wins first · yellow = yours to fill in")


def _move_rows(what: Shown, move: Move) -> list[Row]:
    """A move with its yellow cells, and below it the finding it comes from."""
    profile = what.findings.profiles.of(move.segment_id)
    assert profile is not None  # noqa: S101  # moves are made of profiles
    cells: dict[str, Content | Cell] = {
        "segment": Link(profile_tab(profile.letter), words.short(profile.name, 30)),
        "move": move.text,
        "win": "quick win" if move.quick else None,
        **_tracking(),
        "one": 1,
    }
    why = {"move": reason(what, move, profile), "win": None, "status": None, "one": None}
    return [Row(move.key, cells), Row(f"{move.key} why", why, "sub")]


def _own_row(findings: Findings, team: str, at: int) -> Row:
    """An empty row for a move of the team's own."""
    return Row(
        f"own {at}",
        {
            "segment": Input(None, "text", "The segment it is for."),
            "move": Input(None, "text", "A move of your own."),
            "win": None,
            **_tracking(),
            "one": Formula("IF(LEN({move})>0,1,0)", int(is_written(findings, team, at))),
        },
    )


def _tracking() -> dict[str, Content | Cell]:
    return {
        "owner": Input(None, "text", "Who does it."),
        "due": Input(None, "text", "The day it is due, such as 2026-09-30."),
        "status": Input(None, "choice", "How far it is.", choices=STATUSES),
    }


def _steps() -> Section:
    columns = (
        Column("step", "Step", 0, "label"),
        Column("words", "What it answers", 1, "text"),
        *_tracking_columns(),
    )
    rows = tuple(
        Row(key, {"step": name, "words": said, **_tracking()}) for key, name, said in _STEPS
    )
    table = Table(STEPS, columns, rows)
    title = "From numbers to knowing them, in four steps"
    return Section(title, (table,), "yellow = yours to fill in")


def _tracking_columns() -> tuple[Column, ...]:
    return (
        Column("owner", "Owner", 8, "text"),
        Column("due", "Due", 9, "text"),
        Column("status", "Status", 10, "text"),
    )


def _people(findings: Findings) -> Section:
    """Who has to agree: first those whose own segments were looked at, with how they fared."""
    columns = (
        Column("person", "Who", 0, "label"),
        Column("known", "Suggested, and what came of it", 1, "text"),
        Column("needs", "What they need", 5, "text"),
        Column("asked", "Talked to on", 9, "text"),
        Column("agreed", "Agrees", 10, "text"),
    )
    rows = [
        Row(f"suggested by {person}", {"person": person, "known": said, **_person_inputs()})
        for person, said in _believers(findings)
    ]
    name = Input(None, "text", "Name or role.")
    rows += [
        Row(f"person {at}", {"person": name, **_person_inputs()})
        for at in range(1, _EMPTY_PEOPLE + 1)
    ]
    table = Table(PEOPLE, columns, tuple(rows))
    return Section("Who has to be with us", (table,), "talk to them before the decision, not after")


def _person_inputs() -> dict[str, Content | Cell]:
    return {
        "needs": Input(None, "text", "What this person needs to say yes."),
        "asked": Input(None, "text", "The day, such as 2026-06-30."),
        "agreed": Input(None, "choice", "Whether they agree.", choices=AGREED),
    }


def _believers(findings: Findings) -> list[tuple[str, str]]:
    """Who suggested which segments, and the recommendation on each."""
    said: dict[str, list[str]] = {}
    for candidate in findings.candidates:
        row = findings.priorities.of(candidate.twin_of or candidate.segment_id)
        if candidate.suggested_by:
            call = f": {row.recommendation}" if row else ""
            name = f"{words.short(candidate.name, 30)}{call}"
            said.setdefault(candidate.suggested_by, []).append(name)
    return [(person, words.listing(names, 3)) for person, names in said.items()]
