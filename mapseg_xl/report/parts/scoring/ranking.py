"""The ranking of the candidates on Priorities: live must-haves, score and rank, economics, reach, firmness, call."""

from __future__ import annotations

from mapseg_xl.prioritize.gates import FAILED, overall
from mapseg_xl.prioritize.scoring import PriorityRow
from mapseg_xl.report import words
from mapseg_xl.report.parts.names import FIGURES, SURVIVAL, TAM_SCORING
from mapseg_xl.report.parts.scoring.board import Board
from mapseg_xl.report.parts.scoring.known_figures import CODES, GATE, KNOWN
from mapseg_xl.report.parts.scoring.market_sizes import SIZES
from mapseg_xl.report.parts.scoring.scores import RANK, SCORES, TOTAL
from mapseg_xl.report.spec import (
    Bubble,
    Bubbles,
    Cell,
    Column,
    Content,
    Formula,
    Ref,
    Row,
    RowBars,
    Span,
    Table,
)

RANKING = "ranking"
_USUAL_BAR = 3.0  # LTV : CAC, a rule of thumb (Skok)
_ECONOMICS = {  # the first that the data gives: head, format
    "ltv_to_cac": ("LTV : CAC", "ratio"),
    "ltv": ("Brings", "money"),
    "arpu": ("Pays a month", "money"),
    "conversion": ("Converts", "share"),
    "win_rate": ("Wins", "share"),
}


def economics(board: Board) -> str:
    """The figure that stands for what a candidate is worth."""
    known = {m.id for m in board.what.metrics}
    return next((m for m in _ECONOMICS if m in known), "")


def ranking_table(board: Board) -> Table:
    """A row a candidate, the best first when the workbook is made; rows then keep their places.

    What failed a must-have stays, grey, without score and rank.
    """
    worth = economics(board)
    head, unit = _ECONOMICS.get(worth, ("", "number"))
    columns = [
        Column("segment", "Candidate", 0, "label"),
        Column(RANK, "Rank", 1, "index"),
        Column(GATE, "Must-haves", 2, "number"),
        Column(TOTAL, "Score, 0–100", 3, "index", bold=True),
        Column("reach", "Accounts to reach", 7, "count"),
        Column("first", "First, in 100 reruns", 8, "index"),
        Column("top", "In top three", 9, "index"),
        Column("call", "Call", 10, "text"),
    ]
    if worth:
        columns.append(Column("worth", head, 6, unit))
    rows = tuple(_row(board, row, worth) for row in board.rows)
    return Table(RANKING, tuple(columns), rows, keyed=True)


def ranking_bars(board: Board) -> RowBars:
    """Bars of the scores, in the candidates' colours."""
    keys = tuple(row.segment_id for row in board.rows if row.score is not None)
    return RowBars("score bars", RANKING, TOTAL, 4, 5, 100.0, rows=keys, looks=board.looks())


def _copy(block: str, key: str, column: str, value: float | None) -> Formula:
    return Formula("{it}", value, {"it": Ref(block, key, column, TAM_SCORING)})


def _row(board: Board, row: PriorityRow, worth: str) -> Row:
    key = row.segment_id
    code = CODES[overall(board.priorities.gates[key])]
    cells: dict[str, Content | Cell] = {
        "segment": board.names[key],
        RANK: _copy(SCORES, key, RANK, row.rank),
        GATE: Cell(_copy(KNOWN, key, GATE, code), "chip", "gate"),
        TOTAL: _copy(SCORES, key, TOTAL, None if row.score is None else 100 * row.score),
        "reach": _copy(SIZES, key, "reach", board.markets[key].reachable_accounts),
        "first": _of_hundred(row.p_rank1),
        "top": _of_hundred(row.p_top3),
        "call": Cell(_call(row), "call.focus" if row.recommendation == "focus" else ""),
    }
    if worth:
        cells["worth"] = _figure(board, key, worth)
    look = "muted" if row.gate == FAILED else "chosen" if row.recommendation == "focus" else "body"
    return Row(key, cells, look)


def _of_hundred(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _call(row: PriorityRow) -> str:
    return f"{words.CALLS[row.recommendation]} · {row.evidence}"


def _figure(board: Board, key: str, metric: str) -> Content:
    """A figure as Performance has it."""
    value = board.what.lines[key, metric].value
    ref = board.ref(metric, key)
    return value if ref is None or value is None else Formula("{it}", value, {"it": ref})


def bubbles(board: Board) -> Bubbles | None:
    """What could be won in each market, by what it returns; None where neither is known of two candidates."""
    worth = economics(board)
    if worth not in ("ltv_to_cac", "ltv", "arpu"):
        return None
    points = [p for row in board.rows if (p := _bubble(board, row, worth)) is not None]
    known = [p for p in points if _now(p.x) is not None and _now(p.y) is not None]
    if len(known) < 2:  # one dot compares nothing
        return None
    head, unit = _ECONOMICS[worth]
    months = board.findings.context.horizon_months
    value = words.value_title(board.findings) if _is_worth_known(board) else "revenue a year"
    of = "accounts to reach" if _reach_known(board) else "our customers"
    title = f"{words.sentence_case(value)} of all {of}, by {_said(worth, months)}"
    best = max(known, key=lambda p: _now(p.y) or 0.0)
    return Bubbles(
        "potential",
        title,
        f"Dots: candidates by {_said(worth, months)} and {value} of all {of}; {best.name} is the highest.",
        tuple(known),
        unit,
        "money",
        1.15 * max([_now(p.x) or 0.0 for p in known] + [_USUAL_BAR] * (worth == "ltv_to_cac")),
        1.15 * max(_now(p.y) or 0.0 for p in known),
        (_USUAL_BAR, "3 × is the usual bar") if worth == "ltv_to_cac" else None,
        f"{head}. Area of a dot = customers",
    )


def _said(worth: str, months: int) -> str:
    return {
        "ltv_to_cac": "LTV : CAC today",
        "ltv": f"what one brings in {months} months",
        "arpu": "what one pays a month",
    }[worth]


def _is_worth_known(board: Board) -> bool:
    return any(m.id == "ltv" for m in board.what.metrics)


def _reach_known(board: Board) -> bool:
    return any(board.markets[key].reachable_accounts for key in board.keys)


def _bubble(board: Board, row: PriorityRow, worth: str) -> Bubble | None:
    key = row.segment_id
    market = board.markets[key]
    metric, times = ("ltv", 1.0) if _is_worth_known(board) else ("arpu", 12.0)
    one = board.what.lines[key, metric].value
    many = market.reachable_accounts if _reach_known(board) else float(market.customers)
    x = _figure(board, key, worth)
    if one is None or many is None or market.customers <= 0 or _now(x) is None:
        return None
    refs: dict[str, Ref | Span] = {
        "many": Ref(SIZES, key, "reach" if _reach_known(board) else "customers", TAM_SCORING)
    }
    owned = Ref(FIGURES, key, "ltv", SURVIVAL) if metric == "ltv" else board.ref(metric, key)
    shown = board.ref(metric, key) is not None
    price = "{one}" if shown else repr(one)
    if shown and owned is not None:
        refs["one"] = owned
    text = f'IF(ISNUMBER({{many}})*ISNUMBER({price}),{{many}}*{price}*{times:g},"")'
    y = Formula(text, many * one * times, refs)
    return Bubble(board.names[key], board.looks()[key], x, y, float(market.customers))


def _now(content: Content) -> float | None:
    value = content.value if isinstance(content, Formula) else content
    return float(value) if isinstance(value, int | float) else None
