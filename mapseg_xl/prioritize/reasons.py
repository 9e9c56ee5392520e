"""Why a candidate is recommended or not, in plain words with the figures."""

from __future__ import annotations

from collections.abc import Sequence

from mapseg_xl.analyze.performance import PerformanceRow
from mapseg_xl.prioritize.criteria import TITLES, Lines
from mapseg_xl.prioritize.gates import FAILED, PASSED, Gate, overall
from mapseg_xl.prioritize.gates import reason as gate_reason
from mapseg_xl.prioritize.market import Market

_SAID = {  # metric: what comes before and after the figure
    "conversion": ("converts ", ""),
    "win_rate": ("wins ", " of its opportunities"),
    "repeat_rate": ("", " buy again"),
    "arpu": ("pays ", " a month"),
    "average_order_value": ("orders for ", " at a time"),
    "revenue_per_customer": ("brought ", " so far"),
    "ltv": ("brings ", " over time"),
    "monthly_churn": ("loses ", " of its customers a month"),
    "survival_12m": ("keeps ", " for a year"),
    "survival_24m": ("keeps ", " for two years"),
    "cac": ("costs ", " to win"),
    "ltv_to_cac": ("returns ", " its cost"),
    "payback_months": ("pays back in ", ""),
}
_LARGE, _SMALL_SHARE, _TINY_SHARE, _CENTS_UNDER = 9_999.5, 0.1, 0.002, 20
MOST_SAID = 3


def spoken(value: float, unit: str, currency: str) -> str:
    """A figure as a sentence says it.

    >>> spoken(0.314, "share", "$"), spoken(14200, "money", "€"), spoken(5.0, "months", "$")
    ('31%', '€14.2k', '5 months')
    """
    if unit == "share":
        digits = 0 if abs(value) >= _SMALL_SHARE else 1 if abs(value) >= _TINY_SHARE else 2
        return f"{value:.{digits}%}"
    if unit == "money":
        return _money(value, currency)
    if unit == "months":
        return f"{value:.1f}".removesuffix(".0") + " months"
    return f"{value:.1f}×" if unit == "ratio" else f"{value:,.1f}".removesuffix(".0")


def _money(value: float, currency: str) -> str:
    for least, over, mark in ((999_500, 1e6, "M"), (_LARGE, 1e3, "k")):
        if abs(value) >= least:
            return f"{currency}{value / over:,.1f}{mark}"
    return f"{currency}{value:,.2f}" if abs(value) < _CENTS_UNDER else f"{currency}{value:,.0f}"


def difference(row: PerformanceRow, currency: str) -> str:
    """One clear difference: "converts 31% against 14% for everyone else"."""
    before, after = _SAID.get(row.metric, ("", ""))
    own = spoken(row.value or 0.0, row.unit, currency)
    if row.rest_value is None:
        return f"{before}{own}{after}"
    return f"{before}{own}{after} against {spoken(row.rest_value, row.unit, currency)} for everyone else"


def told_apart(
    lines: Lines, segment_id: str, metrics: Sequence[str], verdict: str
) -> list[PerformanceRow]:
    """The leading figures on which a candidate is clearly better, or worse."""
    rows = [lines[segment_id, m] for m in metrics if (segment_id, m) in lines]
    return [row for row in rows if row.verdict == verdict]


def why(
    gates: Sequence[Gate],
    market: Market,
    sides: tuple[list[PerformanceRow], list[PerformanceRow]],
    currency: str,
    shared: str = "",
) -> str:
    """The sentence on a candidate: what is better, what is worse, payback and market, what stops it."""
    better, worse = ([difference(r, currency) for r in rows[:MOST_SAID]] for rows in sides)
    if overall(gates) == FAILED:
        stopped = gate_reason(gates)
        although = f", although it {better[0]}" if better else ""
        return _sentence(f"{stopped}{although}")
    told = _short(better)
    if not better and not worse:
        told = ["no clear difference from everyone else"]
    if worse:
        told.append(("but " if better else "") + "; ".join(_short(worse)))
    paid = next((g for g in gates if g.id == "payback_months" and g.state == PASSED), None)
    if paid and not any("pays back" in part for part in told):
        told.append(paid.reason)
    reach = market.reachable_accounts
    if reach is not None:
        told.append(f"market: {reach:,.0f} reachable accounts")
    unknown = gate_reason(gates) if overall(gates) != PASSED else ""
    return _sentence("; ".join(part for part in (*told, shared, unknown) if part))


def _short(parts: Sequence[str]) -> list[str]:
    """Only the first says whom it is compared with."""
    return [p if at == 0 else p.removesuffix(" for everyone else") for at, p in enumerate(parts)]


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def turn_sentence(criterion: str, weight: float, now: float, name: str) -> str:
    """What would turn the order: "“A” would come first if Pays counted 31% instead of 20%".

    >>> turn_sentence("value", 0.311, 0.2, "A")
    '“A” would come first if “Pays” counted more than 31% instead of 20%, the other weights in proportion.'
    """
    way = "more" if weight > now else "less"
    whole = f"{weight:.0%}"
    digits = 1 if whole in (f"{now:.0%}", "0%", "100%") else 0  # "less than 0%" says nothing
    return (
        f"“{name}” would come first if “{TITLES[criterion]}” counted {way} than {weight:.{digits}%} "
        f"instead of {now:.{digits}%}, the other weights in proportion."
    )
