"""Lifetime value over the months: what a customer has brought by month 3, 6, 12 ..., live from the table of worth."""

from __future__ import annotations

from collections.abc import Mapping

from mapseg_xl.report import words
from mapseg_xl.report.parts.selection import Shown
from mapseg_xl.report.parts.staying.worth import DISCOUNT
from mapseg_xl.report.spec import Cell, Column, Content, Formula, Ref, Row, Span, Table
from mapseg_xl.stats.survival import payment_weights

BY_MONTH = "value by month"
MONTHS = (1, 3, 6, 9, 12, 18, 24, 36)


def table_of_months(what: Shown, worth: Table) -> Table | None:
    """A row a segment; a cell is empty where its customers were not followed that long. None under two months."""
    horizon = what.findings.context.horizon_months
    months = [*(m for m in MONTHS if m < horizon), horizon]
    if len(months) < 2:  # a pair
        return None
    columns = [Column("segment", "Segment", 0, "label")]
    columns += [
        Column(f"v{m}", f"By {words.counted(m, 'month')}", at, "money")
        for at, m in enumerate(months, start=1)
    ]
    rows = [_row(what, worth.id, row, months) for row in worth.rows]
    return Table(BY_MONTH, tuple(columns), tuple(rows))


def _row(what: Shown, block: str, row: Row, months: list[int]) -> Row:
    if row.look == "sub":
        return row
    cells: dict[str, Content | Cell] = {"segment": row.cells["segment"]}
    for month in months:
        cells[f"v{month}"] = _value(what, block, row, month)
    return Row(row.key, cells, row.look)


def _value(what: Shown, block: str, row: Row, month: int) -> Formula | None:
    """Money a month times the discounted shares still here at the first payments."""
    monthly = row.cells.get("monthly")
    shares = [row.cells.get(f"k{k}") for k in range(month)]
    known = [share for share in shares if isinstance(share, float)]
    if not isinstance(monthly, Formula) or len(known) < month:
        return None
    weights = payment_weights(month, what.findings.settings.discount_monthly)
    paid = float(sum(s * w for s, w in zip(known, weights, strict=True)))
    money = monthly.value if isinstance(monthly.value, float) else 0.0
    refs: Mapping[str, Ref | Span] = {
        "monthly": Ref(block, row.key, "monthly"),
        "first": Ref(block, row.key, "k0"),
        "last": Ref(block, row.key, f"k{month - 1}"),
        "discount": DISCOUNT,
    }
    power = "(1+{discount})^(-(COLUMN({first}:{last})-COLUMN({first}))/12)"
    text = f'IF(OR({{monthly}}="",{{discount}}=""),"",{{monthly}}*SUMPRODUCT({{first}}:{{last}}*{power}))'
    return Formula(text, money * paid, refs)
