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
