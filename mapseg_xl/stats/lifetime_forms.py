"""Constant-retention reference forms of lifetime value, shown for reconciliation, never ranked on."""

from __future__ import annotations


def margin_multiple(retention: float, discount: float) -> float | None:
    """Lifetime value per 1 of margin with constant retention, the first margin now: (1+i)/(1+i-r).

    Exactly 1 more than the delayed form. None unless 1 + i > r: the sum has no limit.

    >>> round(margin_multiple(0.8, 0.1), 3)
    3.667
    """
    gap = 1 + discount - retention
    return (1 + discount) / gap if gap > 0 else None


def margin_multiple_delayed(retention: float, discount: float) -> float | None:
    """Lifetime value per 1 of margin, the first after one period: r/(1+i-r) (Gupta & Lehmann).

    The published "margin multiple". None unless 1 + i > r. Worked example T26.

    >>> round(margin_multiple_delayed(0.8, 0.1), 3)
    2.667
    """
    gap = 1 + discount - retention
    return retention / gap if gap > 0 else None


def arpa_over_churn(arpa: float, churn: float, margin: float = 1.0) -> float | None:
    """Undiscounted shortcut ARPA x margin / churn: constant hazard, no discount.

    Units follow churn's period. No churn: None, never infinite, never an assumed rate. Example T23.

    >>> arpa_over_churn(100.0, 0.05)
    2000.0
    """
    return arpa * margin / churn if churn > 0 else None


def simple_payback(cac: float, margin_monthly: float) -> float | None:
    """Months of margin that cover the cost, nobody leaving: CAC / (ARPU x margin). Example T24.

    A margin of 0 or less never covers it: None.

    >>> simple_payback(1000.0, 80.0)
    12.5
    """
    return cac / margin_monthly if margin_monthly > 0 else None


def annual_churn(monthly: float) -> float:
    """Share that leaves within a year at a constant share a month: 1 - (1 - c)^12, never 12 c.

    >>> round(annual_churn(0.05), 4)
    0.4596
    """
    return 1 - (1 - monthly) ** 12


def kept_revenue(
    start: float, expansion: float, contraction: float, churned: float
) -> float | None:
    """Revenue kept of the starting one: (start + expansion - contraction - churned) / start.

    With expansion: net; with 0: gross, which is at most 1. None from nothing.

    >>> kept_revenue(100.0, 20.0, 5.0, 10.0), kept_revenue(100.0, 0.0, 5.0, 10.0)
    (1.05, 0.85)
    """
    return (start + expansion - contraction - churned) / start if start > 0 else None
