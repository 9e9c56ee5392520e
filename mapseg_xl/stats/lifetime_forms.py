"""Constant-retention reference forms of lifetime value, shown for reconciliation, never ranked on."""

from __future__ import annotations

import math


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


def simple_payback(cac: float, arpa: float, margin: float = 1.0) -> float | None:
    """Months of margin that cover cac: cac / (ARPA x margin); None without a margin. Example T24.

    >>> simple_payback(1000.0, 100.0, 0.8)
    12.5
    """
    monthly = arpa * margin
    return cac / monthly if monthly > 0 else None


def annual_from_period_churn(monthly: float) -> float:
    """Yearly share lost from a monthly share lost: 1 - (1-c)^12, never 12c.

    >>> round(annual_from_period_churn(0.05), 4)
    0.4596
    """
    return 1.0 - (1.0 - monthly) ** 12


def annual_from_person_time(monthly: float) -> float:
    """Yearly share lost from events per customer-month: 1 - exp(-12c).

    >>> round(annual_from_person_time(0.05), 4)
    0.4512
    """
    return -math.expm1(-12.0 * monthly)


def monthly_discount(annual: float) -> float:
    """Monthly rate d that compounds to the annual one: (1+annual)^(1/12) - 1.

    >>> round(monthly_discount(0.12), 6)
    0.009489
    """
    return float((1.0 + annual) ** (1.0 / 12.0) - 1.0)
