"""Lifetime value as a live table: money a month x margin x discounted share still here, month by month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mapseg_xl.analyze.performance import PerformanceRow
from mapseg_xl.metrics.lifetime import curve_of
from mapseg_xl.metrics.lifetime_value import has_own_margin
from mapseg_xl.report import words
from mapseg_xl.report.parts import native
from mapseg_xl.report.parts.counts import margin_counts
from mapseg_xl.report.parts.measures import group_key, value_ref
from mapseg_xl.report.parts.names import ASSUMPTIONS, BASE, FIGURES, PERFORMANCE, VALUE
from mapseg_xl.report.parts.selection import Member, Shown
from mapseg_xl.report.parts.staying import payback
from mapseg_xl.report.spec import Cell, Column, Content, Formula, Ref, Row, Span, Table
from mapseg_xl.stats.survival import payment_survival
from mapseg_xl.tally.tally import Tally

MARGIN = Ref(ASSUMPTIONS, "gross_margin", VALUE)
DISCOUNT = Ref(ASSUMPTIONS, "annual_discount", VALUE)
_COUNTS = 13  # first grid column right of the page
_FIRST_MONTH = _COUNTS + 8


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """A segment or the base on its way into the table."""

    key: str
    name: str
    tally: Tally
    rest: Tally | None
    row: PerformanceRow


def table_of_worth(what: Shown) -> Table:
    """Every segment's lifetime value, what it is made of, its cost where known; the base last."""
    rows: list[Row] = []
    several = len(what.groups) > 1
    for group in what.groups:
        name = group.segmentation.name
        if several:
            rows.append(Row(group_key(name), {"segment": words.segmentation_title(name)}, "sub"))
        members = [m for m in what.members if m.segmentation == name]
        rows += [_row(what, _line(what, m, several=several)) for m in members]
    whole = what.findings.whole
    base = _Line(BASE, words.COMPANY, whole, None, what.findings.base("ltv"))
    rows.append(_row(what, base, "total"))
    return Table(FIGURES, tuple(_columns(what)), tuple(rows))


def _line(what: Shown, member: Member, *, several: bool) -> _Line:
    name = member.value if several else member.label
    measured = member.measured
    return _Line(member.key, name, measured.tally, measured.rest, what.row(member, "ltv"))


def _row(what: Shown, line: _Line, look: str = "body") -> Row:
    row = line.row
    cells: dict[str, Content | Cell] = {
        "segment": line.name,
        "n": row.n,
        "ltv": None,
        "ltv_low": None,
        "ltv_high": None,
    }
    if line.rest is not None:
        cells |= {"rest_ltv": None, "index": native.index(row.index, "ltv", "rest_ltv")}
    cells |= _side(what, line, line.tally, payback.SEGMENT)
    if line.rest is not None:
        cells |= _side(what, line, line.rest, payback.OTHERS)
    if row.value is not None:
        cells["ltv"] = _value("monthly", "k", what, row.value)
        cells |= _range(row)
    if line.rest is not None and row.rest_value is not None:
        cells["rest_ltv"] = _value("rest_monthly", "r", what, row.rest_value)
    if line.key != BASE:
        cells["verdict"] = words.chip(row)
    return Row(line.key, cells | _cost_cells(what, line.key, cells), look)


def _side(what: Shown, line: _Line, tally: Tally, side: payback.Side) -> dict[str, Content]:
    """What a lifetime value and a payback are made of, of a segment or of everyone else."""
    rest = side is payback.OTHERS
    row, cost = line.row, _cost(what, line.key, rest=rest)
    live = payback.is_live(what, tally, cost)
    if (row.rest_value if rest else row.value) is None and not live:
        return {}
    cells = _money_cells(what, tally, side.monthly.removesuffix("monthly"), line.key)
    cells |= _months(what, tally, side.shares)
    if live and side.monthly in cells:
        shares = _shares(what, tally)
        cells |= payback.running_sums(side, shares, what.findings.settings.discount_monthly)
        known = what.lines[line.key, payback.METRIC]
        cell = value_ref(what, "cac", line.key, "rest" if rest else "value")
        value = known.rest_value if rest else known.value
        name = "rest_payback" if rest else payback.METRIC
        cells[name] = payback.payments(what, side, cell, value)
    return cells


def _cost(what: Shown, key: str, *, rest: bool = False) -> float | None:
    row = what.lines[key, "cac"]
    return row.rest_value if rest else row.value


def _range(row: PerformanceRow) -> dict[str, Content]:
    """Limits from the run, scaled with the live value."""
    if not row.value or row.ci_low is None or row.ci_high is None:
        return {}
    return {
        "low_ratio": row.ci_low / row.value,
        "high_ratio": row.ci_high / row.value,
        "ltv_low": native.scaled(row.ci_low, "low_ratio", "ltv"),
        "ltv_high": native.scaled(row.ci_high, "high_ratio", "ltv"),
    }


def _money_cells(what: Shown, tally: Tally, side: str, key: str) -> dict[str, Content]:
    """Money a month: ARPU from its own tab, times the margin typed; else each customer's own margin."""
    share = what.findings.settings.gross_margin
    own = margin_counts(tally)
    arpu = _mean(tally)
    column = "rest" if side else "value"
    refs: dict[str, Ref | Span] = {"margin": MARGIN, "arpu": value_ref(what, "arpu", key, column)}
    if own is not None:
        value = own.events / own.n if share is None else (arpu or 0.0) * share
        text = f'IF({{margin}}="",{{{side}total}}/{{{side}with}},{{arpu}}*{{margin}})'
        counts: dict[str, Content] = {f"{side}total": own.events, f"{side}with": own.n}
        return {**counts, f"{side}monthly": Formula(text, value, refs)}
    if arpu is None:
        return {}
    value = arpu if share is None else arpu * share
    text = 'IF({arpu}="","",IF({margin}="",{arpu},{arpu}*{margin}))'
    return {f"{side}monthly": Formula(text, value, refs)}


def _mean(tally: Tally) -> float | None:
    money, so_far = tally.revenue_monthly, tally.revenue_per_month
    if money is not None:
        return money.mean
    if so_far is None and tally.price_sums is not None:
        return tally.price_sums.mean
    return so_far.revenue / so_far.months if so_far is not None and so_far.months else None


def _months(what: Shown, tally: Tally, name: str) -> dict[str, Content]:
    """The share still here at each payment, months 0 to H-1."""
    shares = enumerate(_shares(what, tally))
    return {f"{name}{k}": None if np.isnan(share) else float(share) for k, share in shares}


def _shares(what: Shown, tally: Tally) -> Sequence[float]:
    curve = curve_of(tally)
    return (
        [] if curve is None else list(payment_survival(curve, what.findings.context.horizon_months))
    )


def _value(money: str, name: str, what: Shown, value: float) -> Formula:
    last = what.findings.context.horizon_months - 1
    months = f"{{{name}0}}:{{{name}{last}}}"
    weights = f"(1+{{discount}})^(-(COLUMN({months})-COLUMN({{{name}0}}))/12)"
    text = f'IF(OR({{{money}}}="",{{discount}}=""),"",{{{money}}}*SUMPRODUCT({months}*{weights}))'
    return Formula(text, value, {"discount": DISCOUNT})


def _cost_cells(what: Shown, key: str, made: Mapping[str, object]) -> dict[str, Content]:
    cells: dict[str, Content] = {}
    for metric in _costs(what):
        row = what.lines[key, metric]
        if metric == payback.METRIC:  # owned by this table
            cells |= {} if metric in made else {metric: row.value}
            continue
        cells[metric] = native.copy(value_ref(what, metric, key), row.value)
    return cells


def _costs(what: Shown) -> Sequence[str]:
    known = {m.id for m in what.metrics}
    return [m for m in ("cac", "ltv_to_cac", "payback_months") if m in known]


def _columns(what: Shown) -> list[Column]:
    months = what.findings.context.horizon_months
    columns = [
        Column("segment", "Segment", 0, "label"),
        Column("n", "Customers", 1, "count"),
        Column("monthly", _live_title("Margin a month", "Revenue a month", what), 2, "money"),
        Column("ltv", _worth_title(what), 3, "money", bold=True),
        Column("ltv_low", words.sentence_case(words.RANGE), 4, "low", "money"),
        Column("ltv_high", "", 5, "high", "money"),
        Column("rest_ltv", words.OTHERS, 6 if _costs(what) else 8, "money"),
    ]
    if not _costs(what):
        columns.append(Column("index", "Index", 9, "index"))
    heads = {"cac": ("Cost to win", "money"), "ltv_to_cac": ("LTV : CAC", "ratio")}
    heads["payback_months"] = ("Payback", "months")
    for at, metric in enumerate(_costs(what), start=7):
        columns.append(Column(metric, heads[metric][0], at, heads[metric][1]))
    columns.append(Column("verdict", "Verdict", 10, "chip"))
    columns += [
        Column("low_ratio", "low / value", _COUNTS, "number"),
        Column("high_ratio", "high / value", _COUNTS + 1, "number"),
        Column("rest_monthly", "others a month", _COUNTS + 2, "number"),
        Column("total", "margin, sum", _COUNTS + 3, "number"),
        Column("with", "customers", _COUNTS + 4, "count"),
        Column("rest_total", "others, sum", _COUNTS + 5, "number"),
        Column("rest_with", "others", _COUNTS + 6, "count"),
        Column("rest_payback", "others pay back", _COUNTS + 7, "number"),
    ]
    for place, (name, head) in enumerate((("k", "here at"), ("r", "others at"))):
        start = _FIRST_MONTH + place * months
        columns += [Column(f"{name}{k}", f"{head} {k}", start + k, "number") for k in range(months)]
    if payback.shows_payback(what):
        columns += payback.columns(months, _FIRST_MONTH + 2 * months)
    return columns


def _worth_title(what: Shown) -> Formula | str:
    months = what.findings.context.horizon_months
    return _live_title(f"{months}-month LTV", f"{months}-month revenue", what)


def _live_title(known: str, unknown: str, what: Shown) -> Formula | str:
    """A head that follows the margin cell: lifetime value only where a margin is known."""
    if has_own_margin(what.findings.whole):
        return known
    now = unknown if what.findings.settings.gross_margin is None else known
    return Formula(f'IF({{margin}}="","{unknown}","{known}")', now, {"margin": MARGIN})


def worth_ref(key: str, column: str = "ltv") -> Ref:
    """Where a segment's lifetime value stands, for the same tab."""
    return Ref(FIGURES, key, column)


__all__ = ["PERFORMANCE", "table_of_worth", "worth_ref"]
