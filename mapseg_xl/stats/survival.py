"""Survival in one place: the curve, what is read off it, its sums and tests."""

from mapseg_xl.stats.curve_difference import (
    SurvivalDifference,
    rmst_difference,
    survival_difference,
)
from mapseg_xl.stats.curve_sums import (
    Payback,
    annuity,
    annuity_variance,
    payback_payments,
    payment_survival,
    payment_weights,
    rmst,
    rmst_variance,
)
from mapseg_xl.stats.intervals import Interval
from mapseg_xl.stats.kaplan_meier import (
    Curve,
    at_risk_at,
    greenwood_variance,
    hazard_sum_at,
    kaplan_meier,
    loglog_interval,
    median,
    median_interval,
    quantile,
    quantile_interval,
    survival_at,
    survival_on,
)
from mapseg_xl.stats.logrank import Durations, LogRank, logrank

__all__ = [
    "Curve",
    "Durations",
    "Interval",
    "LogRank",
    "Payback",
    "SurvivalDifference",
    "annuity",
    "annuity_variance",
    "at_risk_at",
    "greenwood_variance",
    "hazard_sum_at",
    "kaplan_meier",
    "loglog_interval",
    "logrank",
    "median",
    "median_interval",
    "payback_payments",
    "payment_survival",
    "payment_weights",
    "quantile",
    "quantile_interval",
    "rmst",
    "rmst_difference",
    "rmst_variance",
    "survival_at",
    "survival_difference",
    "survival_on",
]
