"""The figures that candidates are scored on and stopped by, copied from the tabs that own them; live must-haves."""

from __future__ import annotations

from collections.abc import Sequence

from mapseg_xl.metrics.lifetime_value import has_own_margin
from mapseg_xl.prioritize.criteria import NEVER as LATE
from mapseg_xl.prioritize.criteria import Measure
from mapseg_xl.prioritize.figures import EVERYONE_ELSE, Figure
from mapseg_xl.prioritize.gates import FAILED, GATES, PASSED, UNKNOWN, Gate, overall
from mapseg_xl.report.parts.names import ASSUMPTIONS, SURVIVAL, VALUE
from mapseg_xl.report.parts.scoring.answers import ANSWERED, LIMIT_RANGES, LIMITS, usable
from mapseg_xl.report.parts.scoring.board import Board
from mapseg_xl.report.parts.scoring.market_sizes import SIZES
from mapseg_xl.report.parts.staying import payback
from mapseg_xl.report.spec import Cell, Column, Content, Formula, Heat, Ref, Row, Span, Table

KNOWN = "known"
GATE = "gate"
CODES = {FAILED: 75, UNKNOWN: 100, PASSED: 140}  # the smallest decides; coloured like an index
CAREFUL = "careful"
NEVER = "never"
_DASH = "–"
_WORDS = {  # what failed, what is not known
    "units": ("too few", "the limit"),
    "headroom_used": ("too little room", "headroom"),
    "payback_months": ("payback", "payback"),
    "roadmap_fit": ("roadmap conflict", "roadmap fit"),
}
_GREY = {"units": "units", "headroom_used": "room", "payback_months": "pays", "roadmap_fit": "fits"}
_HEADS = {"conversion": "Converts, index", "value": "Pays, index", "stickiness": "Stays, index"}
_RATIOS, _GATES = 13, 18  # first grey columns
_ROUNDING = "1E-9"


def measured(board: Board) -> list[Measure]:
    """The four figures that are measured, not answered."""
    return [m for m in board.priorities.measures if m.criterion not in ("market", "winnability")]


def known_table(board: Board) -> Table:
    """A row a candidate: figures, must-haves, and what stops it or is not known yet."""
    columns = [Column("segment", "Candidate", 0, "label")]
    for at, m in enumerate(measured(board), start=1):
        head = _HEADS.get(m.id) or ("Payback" if m.unit == "months" else "Costs, index")
        columns.append(Column(m.id, head, at, m.unit))
        columns.append(Column(f"k_{m.id}", "careful ÷", _RATIOS - 1 + at, "number"))
    columns += [
        Column("units", "Counted", 5, "count"),
        Column("used", "Room used", 6, "share2"),
        Column(GATE, "Must-haves", 7, "number"),
        Column("stopped", "", 8, "text"),
        Column(CAREFUL, "careful", _RATIOS + 4, "number"),
    ]
    columns += [Column(f"is_{g}", _GREY[g], _GATES + at, "number") for at, g in enumerate(GATES)]
    rows = tuple(_row(board, key) for key in board.keys)
    return Table(KNOWN, tuple(columns), rows, keyed=True)


def gate_heat(table: str = KNOWN) -> Heat:
    """Colours the must-haves by their code, also when an answer changes."""
    return Heat("must-haves", table, (GATE,), "index", 50, 170)


def _row(board: Board, key: str) -> Row:
    cells: dict[str, Content | Cell] = {"segment": board.names[key]}
    for m in measured(board):
        figure = board.priorities.figures[key][m.id]
        if m.unit == "months":
            cells[m.id] = Cell(_payback(board, key), format="months.text")
            cells[CAREFUL] = _careful(board, key, m, figure)
        else:
            cells |= _index(board, key, m, figure)
    gates = board.priorities.gates[key]
    cells["units"] = gates[0].figure
    used = board.markets[key].headroom_used
    cells["used"] = Formula("{it}", used, {"it": Ref(SIZES, key, "used")})
    cells |= {f"is_{gate.id}": _state(board, key, gate) for gate in gates}
    codes = ",".join(f"{{is_{g}}}" for g in GATES)
    cells[GATE] = Cell(Formula(f"MIN({codes})", CODES[overall(gates)]), "chip", "gate")
    cells["stopped"] = Cell(_stopped(gates), "note")
    return Row(key, cells)


def _index(board: Board, key: str, m: Measure, figure: Figure) -> dict[str, Content | Cell]:
    """The careful figure with everyone else at 100: live where Performance has the figure."""
    row = board.what.lines.get((key, m.metric))
    value, rest = (board.ref(m.metric, key, column) for column in ("value", "rest"))
    live = row is not None and row.value and value is not None and rest is not None
    if not live or figure.value is None or figure.careful is None:
        return {m.id: figure.value}
    own = f"({{value}}*{{k_{m.id}}})"
    shown = f"{{rest}}/{own}" if figure.inverse else f"{own}/{{rest}}"
    text = f'IF(ISNUMBER({{value}})*ISNUMBER({{rest}}),IF({{value}}*{{rest}}=0,"",{EVERYONE_ELSE:g}*{shown}),"")'
    return {
        m.id: Formula(text, figure.value, {"value": value, "rest": rest}),  # type: ignore[dict-item]
        f"k_{m.id}": figure.careful / row.value,  # type: ignore[operator, union-attr]
    }


def _is_live(board: Board, key: str) -> bool:
    """Whether the candidate's payback follows margin and discount."""
    tally = board.candidates[key].measured.tally
    cost = board.what.lines[key, "cac"].value
    shown = board.ref(payback.METRIC, key) is not None
    return shown and payback.is_live(board.what, tally, cost)


def _payback(board: Board, key: str) -> Content:
    """Months to pay back as Performance has it; "never" where that is known, a dash where nothing is."""
    row = board.what.lines.get((key, payback.METRIC))
    never = board.priorities.figures[key][payback.METRIC].never
    limit: dict[str, Ref | Span] = {"limit": Ref(LIMITS, payback.METRIC, VALUE)}
    within = usable("limit", *LIMIT_RANGES[payback.METRIC])
    followed = board.findings.context.horizon_months
    too_late = f'IF({within},IF({{limit}}<={followed},"{NEVER}","{_DASH}"),"{_DASH}")'
    value = row.value if row is not None else None
    now = NEVER if never else _DASH if value is None else value
    if not _is_live(board, key):
        is_known = row is not None and row.note.startswith(LATE)
        return Formula(too_late, now, limit) if is_known else now
    refs: dict[str, Ref | Span] = {
        "paid": Ref(payback.METRIC, "", ""),
        "discount": Ref(ASSUMPTIONS, "annual_discount", VALUE, SURVIVAL),
    }
    owned = board.ref(payback.METRIC, key)
    assert owned is not None  # noqa: S101  # it is live
    refs["paid"] = owned
    asked = "ISNUMBER({discount})"
    if not has_own_margin(board.findings.whole):
        refs["margin"] = Ref(ASSUMPTIONS, "gross_margin", VALUE, SURVIVAL)
        asked += "*ISNUMBER({margin})"
    text = f'IF(ISNUMBER({{paid}}),{{paid}},IF({asked},{too_late},"{_DASH}"))'
    return Formula(text, now, {**refs, **limit})


def _careful(board: Board, key: str, m: Measure, figure: Figure) -> Content:
    """Payback drawn toward everyone else's, as it is scored."""
    now = NEVER if figure.never else _DASH if figure.value is None else figure.value
    row = board.what.lines.get((key, m.metric))
    rest = board.ref(m.metric, key, "rest")
    if row is None or rest is None or not _is_live(board, key):
        return Formula(f"{{{m.id}}}", now) if isinstance(now, str) else now
    weight, n = board.findings.settings.shrink_weight, row.n or 0
    own = f"{{{m.id}}}"
    drawn = f"({n!r}*{own}+{weight!r}*{{rest}})/({n!r}+{weight!r})"
    text = f"IF(ISNUMBER({own}),IF(ISNUMBER({{rest}}),{drawn},{own}),{own})"
    return Formula(text, now, {"rest": rest})


def _state(board: Board, key: str, gate: Gate) -> Formula:
    """A must-have as its code, from the answers, the figures and the limits."""
    failed, unknown, passed = (CODES[state] for state in (FAILED, UNKNOWN, PASSED))
    refs: dict[str, Ref | Span] = {}
    limit = ""
    if gate.id in LIMIT_RANGES:
        refs["limit"] = Ref(LIMITS, gate.id, VALUE)
        limit = usable("limit", *LIMIT_RANGES[gate.id])
    if gate.id == "units":
        text = f"IF({limit},IF({{units}}<{{limit}},{failed},{passed}),{unknown})"
    elif gate.id == "headroom_used":
        refs["left"] = Ref(SIZES, key, "headroom")
        over = f"IF({{used}}>{{limit}}+{_ROUNDING},{failed},{passed})"
        known = f"IF(ISNUMBER({{used}}),{over},{failed})"
        text = f"IF(ISNUMBER({{left}}),IF({{left}}<0,{unknown},IF({limit},{known},{unknown})),{unknown})"
    elif gate.id == "roadmap_fit":
        refs["fit"] = Ref(ANSWERED, key, "roadmap_fit")
        text = f"IF({usable('fit', 0, 3)},IF({{fit}}<=0,{failed},{passed}),{unknown})"
    elif any(m.id == payback.METRIC for m in measured(board)):
        over = f"IF({{{payback.METRIC}}}>{{limit}}+{_ROUNDING},{failed},{passed})"
        known = f"IF(ISNUMBER({{{payback.METRIC}}}),IF({limit},{over},{unknown}),{unknown})"
        text = f'IF({{{payback.METRIC}}}="{NEVER}",{failed},{known})'
    else:
        text = repr(unknown)
    return Formula(text, CODES[gate.state], refs)


def _stopped(gates: Sequence[Gate]) -> Formula:
    """In short words what failed; else what is not known yet."""
    failed, unknown = CODES[FAILED], CODES[UNKNOWN]

    def listed(code: int, which: int) -> str:
        parts = [f'IF({{is_{g}}}={code}," · {_WORDS[g][which]}","")' for g in GATES]
        return f"MID({'&'.join(parts)},4,99)"

    state = overall(gates)
    told = [_WORDS[g.id][state == UNKNOWN] for g in gates if g.state == state]
    now = {FAILED: " · ".join(told), UNKNOWN: f"not known: {' · '.join(told)}"}.get(state)
    other = f'IF({{{GATE}}}={unknown},"not known: "&{listed(unknown, 1)},"")'
    return Formula(f"IF({{{GATE}}}={failed},{listed(failed, 0)},{other})", now)
