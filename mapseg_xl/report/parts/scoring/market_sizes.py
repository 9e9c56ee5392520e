"""What follows from the answers on TAM scoring: TAM, SAM, SOM, headroom, as formulas."""

from __future__ import annotations

from mapseg_xl.prioritize.market import ALLOWED, MONTHS_A_YEAR, Market
from mapseg_xl.report.parts.names import VALUE
from mapseg_xl.report.parts.scoring.answers import ANSWERED, LIMIT_RANGES, LIMITS, usable
from mapseg_xl.report.parts.scoring.board import Board
from mapseg_xl.report.spec import Cell, Column, Content, Formula, Ref, Row, Span, Table

SIZES = "market sizes"
_WRONG = "estimate is wrong"
_COLUMNS = (
    Column("segment", "Candidate", 0, "label"),
    Column("customers", "Our customers", 1, "count"),
    Column("contract", "Worth a year", 2, "money"),
    Column("tam", "TAM", 3, "money"),
    Column("sam", "SAM", 4, "money"),
    Column("som", "SOM", 5, "money"),
    Column("reach", "Accounts to reach", 6, "count"),
    Column("headroom", "Headroom, accounts", 7, "count"),
    Column("used", "Headroom used", 8, "share2"),
    Column("note", "", 9, "text"),
    Column("needed", "planned", 13, "number"),
)


def sizes_table(board: Board) -> Table:
    """A row a candidate."""
    return Table(SIZES, _COLUMNS, tuple(_row(board, key) for key in board.keys), keyed=True)


def _row(board: Board, key: str) -> Row:
    market = board.markets[key]
    cells: dict[str, Content | Cell] = {
        "segment": board.names[key],
        "customers": market.customers,
        "contract": _contract(board, market),
        "tam": _times(market.tam, key, "accounts", "contract"),
        "sam": _times(market.sam, key, "reachable", "tam"),
        "som": _times(market.som, key, "winnable", "sam"),
        "reach": _reach(market),
        "headroom": Formula(
            'IF(ISNUMBER({reach}),{reach}-{customers},"")',
            market.headroom,
        ),
        "needed": _needed(market),
        "used": Formula(
            'IF(ISNUMBER({headroom}),IF({headroom}>0,{needed}/{headroom},""),"")',
            market.headroom_used,
        ),
        "note": Cell(_note(market), "worse"),
    }
    return Row(key, cells)


def _answer(key: str, *fields: str) -> dict[str, Ref | Span]:
    return {name: Ref(ANSWERED, key, name) for name in fields}


def _contract(board: Board, market: Market) -> Formula:
    """A year's value: as answered, else 12 times what its customers pay a month."""
    name, key = "average_contract_value", market.segment_id
    refs = _answer(key, name)
    paid = board.ref("arpu", key)
    row = board.what.lines.get((key, "arpu"))
    otherwise = '""'
    if paid is not None:
        refs["paid"] = paid
        otherwise = f'IF(ISNUMBER({{paid}}),{MONTHS_A_YEAR}*{{paid}},"")'
    elif row is not None and row.value is not None:
        otherwise = repr(MONTHS_A_YEAR * row.value)
    text = f"IF({usable(name, *ALLOWED[name])},{{{name}}},{otherwise})"
    return Formula(text, market.contract_value, refs)


def _times(value: float | None, key: str, answer: str, of: str) -> Formula:
    condition = usable(answer, *ALLOWED[answer])
    text = f'IF({condition},IF(ISNUMBER({{{of}}}),{{{answer}}}*{{{of}}},""),"")'
    return Formula(text, value, _answer(key, answer))


def _reach(market: Market) -> Formula:
    accounts, share = (usable(name, *ALLOWED[name]) for name in ("accounts", "reachable"))
    refs = _answer(market.segment_id, "accounts", "reachable")
    return Formula(
        f'IF({accounts},IF({share},{{accounts}}*{{reachable}},""),"")',
        market.reachable_accounts,
        refs,
    )


def _needed(market: Market) -> Formula:
    refs: dict[str, Ref | Span] = {"plan": Ref(LIMITS, "plan_growth", VALUE)}
    condition = usable("plan", *LIMIT_RANGES["plan_growth"])
    return Formula(f"MAX(1,IF({condition},{{plan}},0)*{{customers}})", market.needed, refs)


def _note(market: Market) -> Formula:
    wrong = market.headroom is not None and market.headroom < 0
    text = f'IF(ISNUMBER({{headroom}}),IF({{headroom}}<0,"{_WRONG}",""),"")'
    return Formula(text, _WRONG if wrong else None)
