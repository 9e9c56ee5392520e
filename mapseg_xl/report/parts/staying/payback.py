"""Payback as live cells: running sums of the discounted share still here, and the payments that cover a cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mapseg_xl.metrics.lifetime import curve_of
from mapseg_xl.metrics.lifetime_value import has_own_margin, knows_margin, margin_monthly
from mapseg_xl.report.parts.names import ASSUMPTIONS, FIGURES, SURVIVAL, VALUE
from mapseg_xl.report.parts.selection import Shown
from mapseg_xl.report.spec import Column, Content, Formula, Ref, Span
from mapseg_xl.stats.survival import payment_weights
from mapseg_xl.tally.tally import Tally


@dataclass(frozen=True, slots=True)
class Side:
    """The columns of a segment, or of everyone else: money a month, shares still here, their running sums."""

    monthly: str
    shares: str
    sums: str


SEGMENT = Side("monthly", "k", "c")
OTHERS = Side("rest_monthly", "r", "d")
METRIC = "payback_months"
_ROUNDING = "(1-1E-12)"  # as the estimator: ten payments of .1 pay back 1
DISCOUNT = Ref(ASSUMPTIONS, "annual_discount", VALUE)


def shows_payback(what: Shown) -> bool:
    """Whether payback is among the metrics of the tabs."""
    return any(metric.id == METRIC for metric in what.metrics)


def is_live(what: Shown, tally: Tally | None, cost: float | None) -> bool:
    """Whether payback of some customers is computed in its cell: margin, curve and cost are all known."""
    if not shows_payback(what) or tally is None or cost is None:
        return False
    context = what.findings.context
    known = knows_margin(what.findings.whole, context) and context.horizon_months > 0
    return known and margin_monthly(tally, context) is not None and curve_of(tally) is not None


def running_sums(
    side: Side, shares: Sequence[float], discount_monthly: float
) -> dict[str, Content]:
    """Running sums of the shares still here, each discounted to the start: one cell a payment."""
    weights = payment_weights(len(shares), discount_monthly)
    total, cells = 0.0, dict[str, Content]()
    refs: dict[str, Ref | Span] = {"discount": DISCOUNT}
    for k, (share, weight) in enumerate(zip(shares, weights, strict=True)):
        parts = [f"{{{side.sums}{k - 1}}}"] if k else []
        if not np.isnan(share):  # beyond the last follow-up the sum stays as it is
            total += float(share * weight)
            parts.append(f"{{{side.shares}{k}}}*(1+{{discount}})^(-{k}/12)")
        cells[f"{side.sums}{k}"] = Formula("+".join(parts) or "0", total, refs)
    return cells


def payments(what: Shown, side: Side, cost: Ref, value: float | None) -> Formula:
    """Least number of payments whose sum covers the cost; "" where that never comes within the horizon.

    `cost` is the cell of the acquisition cost, `value` what it is now, None for never.
    """
    last = what.findings.context.horizon_months - 1
    total, monthly = f"{{{side.sums}{last}}}", f"{{{side.monthly}}}"
    reached = f"{{{side.sums}0}}:{total}*{monthly}"
    text, refs = needs_margin(
        f'IF(OR({monthly}="",{{cost}}="",{{discount}}=""),"",IF({{cost}}<=0,0,'
        f'IF({total}*{monthly}<{{cost}}*{_ROUNDING},"",'
        f"1+SUMPRODUCT(--({reached}<{{cost}}*{_ROUNDING})))))",
        what,
    )
    return Formula(text, value, {**refs, "cost": cost, "discount": DISCOUNT})


def needs_margin(text: str, what: Shown) -> tuple[str, dict[str, Ref | Span]]:
    """A formula that says nothing while no margin is known, and the reference it needs for that."""
    if has_own_margin(what.findings.whole):
        return text, {}
    tab = Ref(ASSUMPTIONS, "gross_margin", VALUE, SURVIVAL)
    return f'IF({{margin}}="","",{text})', {"margin": tab}


def columns(months: int, first: int) -> list[Column]:
    """The grey columns of running sums: of the segment, then of everyone else."""
    return [
        Column(f"{name}{k}", f"{head} {k}", first + place * months + k, "number")
        for place, (name, head) in enumerate(
            ((SEGMENT.sums, "paid at"), (OTHERS.sums, "others paid at"))
        )
        for k in range(months)
    ]


def copied(key: str, column: str, value: float | None) -> Formula:
    """A copy of a payback that Survival & LTV owns; "" while it never comes."""
    return Formula("{it}", value, {"it": Ref(FIGURES, key, column, SURVIVAL)})
