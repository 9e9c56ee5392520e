"""TAM scoring's cells to fill: answers about markets, weights, anchors, limits; and how they are read back."""

from __future__ import annotations

import math
from collections.abc import Iterable

from mapseg_xl.intake.tables import MarketLine
from mapseg_xl.prioritize.criteria import (
    TITLES,
    Measure,
    cost_measures,
    default_anchors,
    default_limits,
    default_weights,
)
from mapseg_xl.prioritize.market import ALLOWED, Typed
from mapseg_xl.report.identity import Previous
from mapseg_xl.report.parts.names import DECISION, TAM_SCORING, VALUE
from mapseg_xl.report.parts.scoring.board import Board
from mapseg_xl.report.spec import Cell, Column, Content, Formula, Input, Ref, Row, Span, Table
from mapseg_xl.report.typed import understood
from mapseg_xl.settings import CRITERIA, SCORED

ANSWERED, WEIGHTS, ANCHORS, LIMITS = "answers", "weights", "anchors", "limits"
CHOICES, CHOSEN = "choices", "segment"  # on Decision
WEIGHT, COUNTS, SUM = "weight", "counts", "sum"
_ANSWER_COLUMNS = (  # field, head, grid column, kind, message
    ("reachable", "Share we can reach", 1, "share", "Of its accounts, those we can reach and serve."),
    ("growth", "Growth a year", 2, "share", "How fast the number of its accounts grows in a year."),
    ("competition", "Competition, 0–3", 3, "number", "0 nobody else, 3 crowded with strong rivals."),
    ("roadmap_fit", "Roadmap fit, 0–3", 4, "number", "0 conflict, 3 exactly where the product goes."),
    ("scalable_channel", "Channel scales, 0–3", 5, "number", "0 no way to find them, 3 it can grow tenfold."),
    ("accounts", "Accounts in all", 6, "count", "How many accounts there are in this market. Optional."),
    ("winnable", "Share we can win", 7, "share", "Of those we can reach. Optional."),
    ("average_contract_value", "Worth a year", 8, "money", "What one pays. Empty: 12 times its monthly revenue."),
)  # fmt: skip
LIMIT_RANGES = {
    "units": (1.0, 1e6),
    "headroom_used": (0.0, 100.0),
    "payback_months": (0.0, 240.0),
    "plan_growth": (0.0, 100.0),
}
_LIMIT_WORDS = {
    "units": ("Fewest trials or customers", "count", "under these a candidate is not judged"),
    "headroom_used": ("Most headroom used", "share", "customers the plan needs, of those left to win"),
    "payback_months": ("Longest payback", "months", "months until a customer has paid back what it cost"),
    "plan_growth": ("The plan", "share", "customers it adds in a segment, of those we have there"),
}  # fmt: skip
_MADE_OF = {
    "conversion": "index against everyone else, drawn toward 100 where few were counted",
    "value": "index of what a customer pays, likewise",
    "stickiness": "index of how long customers stay, likewise",
    "cost": "months until the cost is earned back; the cost to win as an index where no margin is known",
    "market": "mean of four: share we can reach, growth, a channel that scales, headroom",
    "winnability": "mean of two: competition, fit with the roadmap",
}
_KINDS = {"index": "number", "share": "share", "months": "months", "number": "number"}


def answers_table(board: Board) -> Table:
    """A row a candidate: what people answered, typed over what the source's sheet says."""
    return answers_form([(key, board.names[key], board.markets[key].sheet) for key in board.keys])


def answers_form(candidates: Iterable[tuple[str, str, MarketLine | None]]) -> Table:
    """The same from each candidate's id, its name and what a sheet says of its market."""
    columns = [Column("segment", "Candidate", 0, "label")]
    columns += [Column(name, head, at, "input") for name, head, at, _, _ in _ANSWER_COLUMNS]
    columns += [Column("source", "Source", 9, "text"), Column("said_on", "As of", 10, "text")]
    rows = tuple(_answers(*candidate) for candidate in candidates)
    return Table(ANSWERED, tuple(columns), rows, keyed=True)


def _answers(key: str, candidate: str, sheet: MarketLine | None) -> Row:
    cells: dict[str, Content | Cell] = {"segment": candidate}
    for name, _, _, kind, message in _ANSWER_COLUMNS:
        low, high = ALLOWED[name]
        said = getattr(sheet, name) if sheet is not None else None
        most = None if math.isinf(high) else high
        cells[name] = Input(said, kind, message, low, most)
    source = (sheet.said_by if sheet is not None else "") or None
    cells["source"] = Input(source, "text", "Who says so: a report, a register, a person.")
    cells["said_on"] = Input(None, "text", "The date of the source.")
    return Row(key, cells)


def weights_table(board: Board) -> Table:
    """A row a criterion with its weight, their sum, and in words when that is not 100%."""
    settings, typed = board.findings.settings, board.priorities.typed
    preset = default_weights(settings)
    rows, total = [], 0.0
    for name in CRITERIA:
        now = typed.weights.get(name, preset[name]) or 0.0
        total += now
        text = (
            f"IF(ISNUMBER({{{WEIGHT}}}),IF(AND({{{WEIGHT}}}>=0,{{{WEIGHT}}}<=1),{{{WEIGHT}}},0),0)"
        )
        rows.append(
            Row(
                name,
                {
                    "name": TITLES[name],
                    WEIGHT: Input(preset[name], "share", "How much it counts.", 0, 1),
                    "words": _MADE_OF[name],
                    COUNTS: Formula(text, now),
                },
            )
        )
    rows.append(_sum_row(total))
    columns = (
        Column("name", "What counts", 0, "label"),
        Column(WEIGHT, "Weight", 1, "share"),
        Column("words", "Made of", 2, "text"),
        Column(COUNTS, "counts", 13, "number"),
    )
    return Table(WEIGHTS, columns, tuple(rows), keyed=True)


def _sum_row(total: float) -> Row:
    span: dict[str, Ref | Span] = {
        "all": Span(WEIGHTS, COUNTS, rows=(CRITERIA[0], CRITERIA[-1])),
    }
    said = f"The weights sum to {total * 100:.0f}%, so each counts as its part of that."
    whole = abs(total - 1) < 0.0005  # shown without decimals
    words = Formula(
        f'IF(ABS({{{WEIGHT}}}-1)<0.0005,"","The weights sum to "&FIXED({{{WEIGHT}}}*100,0)&'
        '"%, so each counts as its part of that.")',
        None if whole else said,
    )
    cells: dict[str, Content | Cell] = {
        "name": "Sum",
        WEIGHT: Formula("SUM({all})", total, span),
        "words": words,
        COUNTS: Formula(f"{{{WEIGHT}}}", total),
    }
    return Row(SUM, cells, "total")


def anchors_table(board: Board) -> Table:
    """A row a scored figure: which figure scores 0, which 100."""
    scored = [*board.priorities.measures]
    at = next(i for i, m in enumerate(scored) if m.criterion == "cost")
    scored[at : at + 1] = cost_measures(board.findings.settings)  # an input of neither moves a row
    rows = tuple(_anchors(board, m) for m in scored)
    columns = (
        Column("name", "Figure", 0, "label"),
        Column("worst", "Scores 0 at", 1, "input"),
        Column("best", "Scores 100 at", 2, "input"),
        Column("words", "Counts for", 3, "text"),
    )
    return Table(ANCHORS, columns, rows, keyed=True)


def _anchors(board: Board, m: Measure) -> Row:
    worst, best = default_anchors(m, board.findings.settings)
    unit = {"index": "everyone else = 100", "months": "months"}.get(m.unit, "")
    unit = "everyone else = 100; counts where no margin is known" if m.id == "cost_index" else unit
    said = " · ".join(part for part in (TITLES[m.criterion], unit) if part)
    kind = _KINDS[m.unit]
    cells: dict[str, Content | Cell] = {
        "name": m.title,
        "worst": Input(worst, kind, "This figure, or a worse one, scores 0."),
        "best": Input(best, kind, "This figure, or a better one, scores 100."),
        "words": said,
    }
    return Row(m.id, cells)


def limits_table(board: Board) -> Table:
    """The must-haves' limits."""
    defaults = default_limits(board.findings.settings)
    rows = []
    for name, (title, kind, said) in _LIMIT_WORDS.items():
        low, high = LIMIT_RANGES[name]
        entry = Input(defaults[name], kind, f"{title}: {said}.", low, high)
        rows.append(Row(name, {"name": title, VALUE: entry, "words": said}))
    columns = (
        Column("name", "Must-have", 0, "label"),
        Column(VALUE, "Limit", 1, "input"),
        Column("words", "What it says", 2, "text"),
    )
    return Table(LIMITS, columns, tuple(rows), keyed=True)


def typed_answers(earlier: Previous | None) -> Typed:
    """What people typed on TAM scoring and chose on Decision; what cannot be used there counts as not given."""
    if earlier is None:
        return Typed()
    edits = {k[1:]: v for k, v in earlier.edits.items() if k[0] == TAM_SCORING}
    kinds = {name: kind for name, _, _, kind, _ in _ANSWER_COLUMNS}
    market = {
        (row, column): _number(value, kinds[column], *ALLOWED[column])
        for (block, row, column), value in edits.items()
        if block == ANSWERED and column in kinds
    }
    anchors = {
        (row, column): _number(value, "number", -math.inf, math.inf)
        for (block, row, column), value in edits.items()
        if block == ANCHORS and row in SCORED and column in ("worst", "best")
    }
    weights = {
        row: _number(value, "share", 0, 1)
        for (block, row, _), value in edits.items()
        if block == WEIGHTS and row in CRITERIA
    }
    limits = {
        row: _number(value, _LIMIT_WORDS[row][1], *LIMIT_RANGES[row])
        for (block, row, _), value in edits.items()
        if block == LIMITS and row in LIMIT_RANGES
    }
    return Typed(market, weights, anchors, limits, tuple(_decided(earlier)))


def _number(typed: object, kind: str, low: float, high: float) -> float | None:
    value, wrong = understood(typed, Input(None, kind, low=low, high=high))  # type: ignore[arg-type]
    return None if wrong or not isinstance(value, int | float) else float(value)


def _decided(earlier: Previous) -> Iterable[str]:
    """The segments chosen on Decision, in their order there."""
    chosen = {
        key[2]: value
        for key, value in earlier.edits.items()
        if key[0] == DECISION and key[1] == CHOICES and key[3] == CHOSEN
    }
    return (str(chosen[row]) for row in sorted(chosen) if chosen[row] not in (None, ""))


def usable(name: str, low: float, high: float) -> str:
    """A formula's condition that an input holds a number inside its range.

    >>> usable("x", 0, 1)
    'AND(ISNUMBER({x}),{x}>=0,{x}<=1)'
    """
    parts = [f"ISNUMBER({{{name}}})", f"{{{name}}}>={low:g}"]
    if not math.isinf(high):
        parts.append(f"{{{name}}}<={high:g}")
    return f"AND({','.join(parts)})"
