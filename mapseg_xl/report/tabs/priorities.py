"""Priorities: the candidates in order, how firm that order is, what each may bring, and why."""

from __future__ import annotations

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.prioritize.criteria import TITLES
from mapseg_xl.prioritize.gates import FAILED
from mapseg_xl.report import words
from mapseg_xl.report.parts.names import PRIORITIES, TAM_SCORING
from mapseg_xl.report.parts.scoring.board import Board, board, of_hundred
from mapseg_xl.report.parts.scoring.known_figures import gate_heat
from mapseg_xl.report.parts.scoring.ranking import RANKING, bubbles, ranking_bars, ranking_table
from mapseg_xl.report.spec import ChartRow, Column, Row, Section, Tab, Table, Text
from mapseg_xl.report.tabs.tam_scoring import nothing
from mapseg_xl.settings import CRITERIA

_WEIGHTS_OF = 2  # candidates whose winning weights are told
_SURE = 0.5
_SOMETIMES = (0.02, 0.9)  # in how many reruns somebody wins whose winning weights say something
WIDTHS = {1: 48, 2: 82, 3: 78, 4: 78, 5: 78, 6: 78, 7: 82, 8: 80, 9: 80, 10: 116}  # 800 in all


def tab(findings: Findings) -> Tab:
    """The tab of a run's findings."""
    what = board(findings)
    if not what.rows:
        return nothing(PRIORITIES)
    chart = bubbles(what)
    help_text = f"must-haves, score and rank follow the yellow cells on {TAM_SCORING}"
    sections = [
        Section(
            "Ranking", (ranking_table(what), ranking_bars(what), gate_heat(RANKING)), help_text
        ),
        *([Section("", (ChartRow((chart,)),))] if chart else []),
        _why(what),
        *_turning(what),
        *_others(what),
    ]
    return Tab(
        PRIORITIES,
        "PRIORITIZE",
        _headline(what),
        _subline(what),
        tuple(sections),
        notes=_notes(what),
        widths=WIDTHS,
    )


def _headline(what: Board) -> str:
    """Who comes first in how many reruns, and whether that is firm."""
    first = what.first
    if first is None:
        if len(what.rows) == 1:
            return "The only candidate does not pass the must-haves."
        if len(what.rows) == 2:
            return "Neither of the two candidates passes the must-haves."
        return f"None of the {words.number_word(len(what.rows))} candidates passes the must-haves."
    ranked = [row for row in what.rows if row.p_rank1 is not None]
    likeliest = max(ranked, key=lambda row: row.p_rank1 or 0.0, default=first)
    name = words.sentence_case(what.quoted(likeliest.segment_id))
    times = of_hundred(likeliest.p_rank1)
    if len(ranked) == 1:
        return f"{name} is the only candidate that no must-have stops."
    if (likeliest.p_rank1 or 0.0) <= _SURE:
        return f"The order depends on the weights: {what.quoted(likeliest.segment_id)} is first most often, in {times}."
    bet = next((r for r in ranked if r.recommendation != "hold" and r is not likeliest), None)
    second = f"; {what.quoted(bet.segment_id)} is the second bet" if bet else ""
    return f"{name} comes first in {times}{second}."


def _subline(what: Board) -> str:
    missing = what.priorities.provisional
    if missing:
        return f"Provisional: still missing {words.listing(missing, 3)}."
    return "Must-haves first, then a weighted score on fixed anchors, rerun with other weights and redrawn figures."


def _why(what: Board) -> Section:
    reasons = dict(what.priorities.reasons)
    columns = (
        Column("segment", "", 0, "label"),
        Column("call", "", 1, "text"),
        Column("why", "", 2, "text"),
    )
    rows = tuple(
        Row(
            row.segment_id,
            {
                "segment": what.names[row.segment_id],
                "call": words.CALLS[row.recommendation],
                "why": reasons[row.segment_id],
            },
            "muted"
            if row.gate == FAILED
            else "chosen"
            if row.recommendation == "focus"
            else "body",
        )
        for row in what.rows
    )
    return Section("Why, in words", (Table("why", columns, rows, keyed=True, head=False),))


def _turning(what: Board) -> list[Section]:
    """What would turn the order, and with which weights the leaders win."""
    lines = [what.priorities.note, what.priorities.turns]
    ranked = sorted(
        (row for row in what.rows if row.p_rank1 is not None), key=lambda row: -(row.p_rank1 or 0.0)
    )
    low, high = _SOMETIMES
    lines += [
        _central(what, row.segment_id)
        for row in ranked[:_WEIGHTS_OF]
        if low < (row.p_rank1 or 0.0) < high
    ]
    told = tuple(line for line in lines if line)
    return [Section("What would turn it", (Text(told),))] if told and len(ranked) > 1 else []


def _central(what: Board, key: str) -> str:
    weights = what.priorities.central.get(key)
    row = what.priorities.of(key)
    if weights is None or row is None:
        return ""
    largest = sorted(zip(weights, CRITERIA, strict=True), reverse=True)[:3]
    said = words.listing([f"“{TITLES[c]}” {w:.0%}" for w, c in largest])
    sure = row.confidence
    under = "" if sure is None else f"; with these, in {of_hundred(sure, 'redraws of the figures')}"
    return f"{words.sentence_case(what.quoted(key))} comes first with weights around {said}{under}."


def _others(what: Board) -> list[Section]:
    if not what.rest:
        return []
    columns = (
        Column("segment", "Candidate", 0, "label"),
        Column("rank", "Rank", 1, "index"),
        Column("score", "Score", 2, "index"),
        Column("first", "First, in 100", 3, "index"),
        Column("call", "Call", 4, "text"),
        Column("why", "Must-haves", 5, "text"),
    )
    rows = []
    for row in what.rest:
        twin = f"the same customers as {what.names[row.twin_of]}" if row.twin_of else ""
        why = twin or (row.gate_reason if row.gate == FAILED else row.gate)
        cells = {
            "segment": what.names[row.segment_id],
            "rank": row.rank,
            "score": None if row.score is None else 100 * row.score,
            "first": None if row.p_rank1 is None else 100 * row.p_rank1,
            "call": words.CALLS[row.recommendation],
            "why": why.replace("unknown", "not known yet"),
        }
        rows.append(Row(row.segment_id, cells, "muted" if row.gate == FAILED else "body"))
    table = Table("other candidates", columns, tuple(rows), keyed=True)
    return [Section("Other candidates", (table,), "as in the last run")]


def _notes(what: Board) -> tuple[str, ...]:
    settings = what.findings.settings
    most = words.number_word(settings.most_segments)
    reruns = (
        f"Reruns: {settings.reruns:,} times other weights are drawn, and each figure within what chance could have "
        "made of it; what nobody has answered is drawn from worst to best. Reruns and calls are from the last run."
    )
    calls = (
        f"Focus: at most {most}, must-haves passed and clearly better than everyone else at something. "
        "Test: promising, but something is unknown or unproven. Hold: stopped by a must-have, or no better."
    )
    evidence = (
        "Strong, fair, thin: how firmly the leading figures are told apart from everyone else's. "
        f"No score: a must-have failed; which one stands on {TAM_SCORING}."
    )
    return reruns, calls, evidence
