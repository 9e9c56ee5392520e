"""Scores of the candidates as live cells: each criterion 0 to 100, the weighted total with its range, the rank."""

from __future__ import annotations

from collections.abc import Mapping

from mapseg_xl.prioritize.criteria import TITLES, Measure
from mapseg_xl.prioritize.gates import FAILED
from mapseg_xl.prioritize.market import ALLOWED
from mapseg_xl.prioritize.scoring import PriorityRow, Score, utility
from mapseg_xl.report.parts.scoring.answers import (
    ANCHORS,
    ANSWERED,
    COUNTS,
    SUM,
    WEIGHTS,
    usable,
)
from mapseg_xl.report.parts.scoring.board import Board
from mapseg_xl.report.parts.scoring.known_figures import CAREFUL, CODES, GATE, KNOWN, NEVER
from mapseg_xl.report.parts.scoring.market_sizes import SIZES
from mapseg_xl.report.spec import Cell, Column, Content, Formula, Heat, Ref, Row, Span, Table
from mapseg_xl.settings import CRITERIA

SCORES, REST = "scores", "other candidates"
TOTAL, RANK, KEY, TIE = "total", "rank", "key", "tie"
_PARTS, _HELPERS = 13, 21  # first grey columns
_NONE = -1.0  # stands for no score where only numbers may stand
_SAME = "1E-7"


def scores_table(board: Board) -> Table:
    """A row a candidate, the best first when the workbook is made; rows then keep their places."""
    columns = [Column("segment", "Candidate", 0, "label")]
    columns += [Column(c, TITLES[c], at, "index") for at, c in enumerate(CRITERIA, start=1)]
    columns += [
        Column(TOTAL, "Score", 7, "index", bold=True),
        Column(RANK, "Rank", 8, "index"),
        Column("low", "From, to", 9, "low", "index"),
        Column("high", "", 10, "high", "index"),
    ]
    answered = [m for m in board.priorities.measures if not _is_alone(m)]
    columns += [
        Column(f"u_{m.id}", f"part {at + 1}", _PARTS + at, "number")
        for at, m in enumerate(answered)
    ]
    columns += [
        Column("open", "missing", _HELPERS, "number"),
        Column(KEY, "order", _HELPERS + 1, "number"),
        Column(TIE, "ties", _HELPERS + 2, "number"),
    ]
    ties = tie_order(board)
    known = {(s.segment_id, s.criterion): s for s in board.priorities.scores}
    rows = tuple(_row(board, row, known, ties) for row in board.rows)
    return Table(SCORES, tuple(columns), rows, keyed=True)


def scores_heat() -> Heat:
    """Darker is better."""
    return Heat("score cells", SCORES, CRITERIA, "count", 0, 100)


def tie_order(board: Board) -> dict[str, int]:
    """Who goes first among equals: the larger candidate, then the id."""
    sizes = {key: c.n for key, c in board.candidates.items()}
    return {key: at for at, key in enumerate(sorted(sizes, key=lambda k: (-sizes[k], k)))}


def _is_alone(m: Measure) -> bool:
    return m.criterion not in ("market", "winnability")


def _row(
    board: Board,
    row: PriorityRow,
    known: Mapping[tuple[str, str], Score],
    ties: Mapping[str, int],
) -> Row:
    key = row.segment_id
    cells: dict[str, Content | Cell] = {"segment": board.names[key]}
    for m in board.priorities.measures:
        u = utility(m, board.priorities.figures[key][m.id])
        if _is_alone(m):
            cells[m.criterion] = Formula(
                _clipped(m, 100), None if u is None else 100 * u, _refs(m, key)
            )
        else:
            cells[f"u_{m.id}"] = Formula(_clipped(m, 1), u, _refs(m, key))
    for criterion in ("market", "winnability"):
        u = known[key, criterion].utility
        cells[criterion] = Formula(_mean(board, criterion), None if u is None else 100 * u)
    cells |= _totals(board, row, known)
    cells[TIE] = ties[key]
    return Row(key, cells, "muted" if row.gate == FAILED else "body")


def _refs(m: Measure, key: str) -> dict[str, Ref | Span]:
    """Where the figure and its anchors stand."""
    column = CAREFUL if m.unit == "months" else m.id
    source = Ref(KNOWN, key, column) if _is_alone(m) else Ref(ANSWERED, key, m.id)
    if m.id == "headroom_used":
        source = Ref(SIZES, key, "used")
    found: dict[str, Ref | Span] = {"x": source}
    found |= {side: Ref(ANCHORS, m.id, side) for side in ("worst", "best")}
    if m.id == "headroom_used":
        found["left"] = Ref(SIZES, key, "headroom")
    return found


def _clipped(m: Measure, full: int) -> str:
    """A figure on its anchors, 0 to `full`; "" where the figure or an anchor is missing."""
    scaled = f"{full}*MAX(0,MIN(1,({{x}}-{{worst}})/({{best}}-{{worst}})))"
    anchored = "ISNUMBER({worst})*ISNUMBER({best})"

    def on_anchors(text: str) -> str:
        return f'IF({anchored},IF({{worst}}={{best}},"",{text}),"")'

    inside = "ISNUMBER({x})"
    if not _is_alone(m) and m.id in ALLOWED:
        inside = usable("x", *ALLOWED[m.id])
    known = f'IF({inside},{on_anchors(scaled)},"")'
    if m.unit == "months":
        return f'IF({{x}}="{NEVER}",{on_anchors("0")},{known})'
    if m.id == "headroom_used":
        none_left = f'IF(ISNUMBER({{left}}),IF({{left}}=0,{on_anchors("0")},""),"")'
        return f"IF({inside},{on_anchors(scaled)},{none_left})"
    return known


def _parts(board: Board, criterion: str) -> list[str]:
    return [f"u_{m.id}" for m in board.priorities.measures if m.criterion == criterion]


def _mean(board: Board, criterion: str) -> str:
    """The mean of a criterion's answers, those missing in the middle; "" where all are missing."""
    parts = _parts(board, criterion)
    span = f"{{{parts[0]}}}:{{{parts[-1]}}}"
    n = len(parts)
    return f'IF(COUNT({span})=0,"",100*(SUM({span})+0.5*({n}-COUNT({span})))/{n})'


def _totals(
    board: Board, row: PriorityRow, known: Mapping[tuple[str, str], Score]
) -> dict[str, Content | Cell]:
    key = row.segment_id
    refs: dict[str, Ref | Span] = {f"w_{c}": Ref(WEIGHTS, c, COUNTS) for c in CRITERIA}
    refs |= {"sum": Ref(WEIGHTS, SUM, COUNTS), "gate": Ref(KNOWN, key, GATE)}
    cells = "+".join(f"{{w_{c}}}*IF(ISNUMBER({{{c}}}),{{{c}}},50)" for c in CRITERIA)
    stopped = f"{{gate}}={CODES[FAILED]}"
    total = f'IF(OR({stopped},{{sum}}<=0),"",({cells})/{{sum}})'
    missing = "+".join(f"{{w_{c}}}*{_missing(board, c)}" for c in CRITERIA)
    weights = {c.id: c.weight for c in board.priorities.criteria}
    whole = sum(weights.values())
    gap = sum(weights[c] * known[key, c].missing for c in CRITERIA) / whole if whole else None
    return {
        TOTAL: Formula(total, _hundred(row.score), refs),
        "open": Formula(f'IF({{sum}}<=0,"",({missing})/{{sum}})', gap, refs),
        "low": _side("-", row.score_low, row.score),
        "high": _side("+", row.score_high, row.score),
        KEY: Formula(
            f"IF(ISNUMBER({{{TOTAL}}}),{{{TOTAL}}},{_NONE:g})",
            _NONE if row.score is None else row.score * 100,
        ),
        RANK: _rank(board, row),
    }


def _hundred(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _missing(board: Board, criterion: str) -> str:
    """The part of a criterion's figures that nobody knows."""
    parts = _parts(board, criterion)
    if criterion not in ("market", "winnability"):
        return f"IF(ISNUMBER({{{criterion}}}),0,1)"
    return f"(1-COUNT({{{parts[0]}}}:{{{parts[-1]}}})/{len(parts)})"


def _side(sign: str, share: float | None, score: float | None) -> Formula:
    """How low or high the score may turn out; "" where nothing is missing."""
    now = None if share is None or share == score else 100 * share
    text = f'IF(ISNUMBER({{{TOTAL}}}),IF({{open}}>0,{{{TOTAL}}}{sign}50*{{open}},""),"")'
    return Formula(text, now)


def _rank(board: Board, row: PriorityRow) -> Formula:
    """1 and how many score more, those of the compact list as in the last run; ties: the larger candidate."""
    text = _ahead("all", "ties")
    refs: dict[str, Ref | Span] = {"all": Span(SCORES, KEY), "ties": Span(SCORES, TIE)}
    if board.rest:
        refs |= {"others": Span(REST, KEY), "their": Span(REST, TIE)}
        text += f"+{_ahead('others', 'their')}"
    return Formula(f'IF(ISNUMBER({{{TOTAL}}}),1+{text},"")', row.rank, refs)


def _ahead(keys: str, ties: str) -> str:
    more = f"SUMPRODUCT(--({{{keys}}}>{{{KEY}}}+{_SAME}))"
    same = f"(ABS({{{keys}}}-{{{KEY}}})<={_SAME})*({{{ties}}}<{{{TIE}}})"
    return f"{more}+SUMPRODUCT({same})"


def rest_table(board: Board) -> Table:
    """The candidates without a place in the tables above, as in the last run."""
    columns = (
        Column("segment", "Candidate", 0, "label"),
        Column(RANK, "Rank", 1, "index"),
        Column(TOTAL, "Score", 2, "index"),
        Column("gate", "Must-haves", 3, "text"),
        Column("why", "", 4, "text"),
        Column(KEY, "order", _PARTS, "number"),
        Column(TIE, "ties", _PARTS + 1, "number"),
    )
    ties = tie_order(board)
    rows = tuple(_rest_row(board, row, ties) for row in board.rest)
    return Table(REST, columns, rows, keyed=True)


def _rest_row(board: Board, row: PriorityRow, ties: Mapping[str, int]) -> Row:
    why = row.gate_reason if row.gate == FAILED else ""
    counts = row.score is not None and not row.twin_of
    cells: dict[str, Content | Cell] = {
        "segment": board.names[row.segment_id],
        RANK: row.rank,
        TOTAL: _hundred(row.score),
        "gate": "not known yet" if row.gate == "unknown" else row.gate,
        "why": f"the same customers as {board.names[row.twin_of]}" if row.twin_of else why,
        KEY: 100 * row.score if counts and row.score is not None else _NONE,
        TIE: ties[row.segment_id],
    }
    return Row(row.segment_id, cells, "muted" if row.gate == FAILED else "body")
