"""Likely pairs on Match report: who may be whom, the most money first, with a yellow yes or no a row."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from mapseg_xl.intake.joining.answers import BULK as BY_SCORE
from mapseg_xl.intake.joining.answers import GONE, NO, OPEN, YES, AskedPair
from mapseg_xl.report import words
from mapseg_xl.report.parts.joins.answers import ACCEPT_FROM, ALL, ANSWER, BULK, ONE, PAIRS
from mapseg_xl.report.parts.names import VALUE
from mapseg_xl.report.spec import Cell, Column, Content, Row, Section, Table, Text

LISTED = 250
"""Open pairs that are listed; the rest, of less money, comes up once these are answered."""
_MOSTLY = 0.95
_STATES = {
    YES: "joined by you",
    NO: "kept apart",
    GONE: "not in the data now",
}
_HELP = "most money first; answers count from the next run on and are remembered"


def shown(pairs: Sequence[AskedPair]) -> list[AskedPair]:
    """The pairs that the tab lists: open ones with the most money, then all that are answered."""
    return [*_open(pairs)[:LISTED], *_answered(pairs)]


def likely_section(pairs: Sequence[AskedPair], currency: str, unmatched: float) -> list[Section]:
    """The pairs with their answers; none where nobody is likely anybody. `unmatched`: the money that found nobody."""
    if not pairs:
        return []
    bulk = Table(
        BULK,
        (Column("what", "", 0, "text"), Column(VALUE, "", 4, "input")),
        (Row(ACCEPT_FROM, {"what": "Accept all pairs from score (70 to 99)", VALUE: ALL}),),
        head=False,
    )
    parts = (Text((_covering(pairs, currency, unmatched),)), bulk, _table(pairs, currency))
    return [Section("Likely pairs", parts, _HELP)]


def _covering(pairs: Sequence[AskedPair], currency: str, unmatched: float) -> str:
    """How few of the pairs are most of the money that has found no customer."""
    opened = _open(pairs)
    if not opened:
        return "Every likely pair is answered."
    money = [abs(p.money or 0.0) for p in opened]
    whole = sum(money)
    if not whole:
        return f"{words.counted(len(opened), 'pair')} may be one customer each. Say yes or no in the yellow cells."
    few = next(at for at, part in enumerate(accumulate(money), 1) if part >= _MOSTLY * whole)
    more = (
        f" {len(opened) - LISTED:,} more with less money follow once these are answered."
        if len(opened) > LISTED
        else ""
    )
    said = (
        "This pair covers"
        if len(opened) == 1
        else f"The first {few:,} of {len(opened):,} pairs cover"
        if few < len(opened)
        else f"These {few:,} pairs cover"
    )
    part = sum(money[:few])
    if unmatched < part:
        return f"{said} {part / whole:.0%} of {currency}{whole:,.2f} that may be your customers’.{more}"
    return f"{said} {part / unmatched:.0%} of the {currency}{unmatched:,.2f} that found no customer.{more}"


def _table(pairs: Sequence[AskedPair], currency: str) -> Table:
    columns = (
        Column("right", "This row", 0, "text"),
        Column("left", "may be this customer", 2, "text"),
        Column("sure", "How sure", 4, "text"),
        Column("why", "Why", 6, "text"),
        Column("money", f"Money, {currency}" if currency else "Money", 9, "cents"),
        Column(ANSWER, "Yes or no", 10, "input"),
    )
    return Table(PAIRS, columns, tuple(map(_row, shown(pairs))))


def _row(pair: AskedPair) -> Row:
    sure = f"{pair.words}, {pair.score:.0f}" if pair.words else ""
    state = f"joined, {pair.score:.0f}" if pair.state == BY_SCORE else _STATES.get(pair.state)
    why = f"{pair.why}; another fits as well" if pair.rival else pair.why
    cells: dict[str, Content | Cell] = {
        "right": f"{pair.right} · {pair.table}" if pair.table else pair.right,
        "left": pair.left,
        "sure": state or sure,
        "why": why,
        "money": pair.money,
        ANSWER: ONE,
    }
    return Row(pair.id, cells, "body" if pair.state == OPEN else "muted")


def _open(pairs: Sequence[AskedPair]) -> list[AskedPair]:
    found = [p for p in pairs if p.state == OPEN]
    return sorted(found, key=lambda p: (-abs(p.money or 0.0), -p.score, -p.rows, p.id))


def _answered(pairs: Sequence[AskedPair]) -> list[AskedPair]:
    order = (BY_SCORE, YES, NO, GONE)
    found = [p for p in pairs if p.state != OPEN]
    return sorted(found, key=lambda p: (order.index(p.state), -abs(p.money or 0.0), p.id))
