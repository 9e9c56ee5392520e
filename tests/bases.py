"""Small customer bases for tests, made from columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from mapseg_xl.analyze.performance import Group, PerformanceRow, family_rows, measure
from mapseg_xl.intake.tables import Customers, Orders, Status, Trait
from mapseg_xl.measure.segments import partition
from mapseg_xl.metrics.base import Context
from mapseg_xl.metrics.catalog import metric
from mapseg_xl.settings import Settings
from mapseg_xl.stats.resampling import fold_weights
from mapseg_xl.tally.groups import tally_all
from mapseg_xl.tally.purchases import with_purchases
from mapseg_xl.tally.rows import Rows, bind
from mapseg_xl.tally.standing import as_they_stood
from mapseg_xl.tally.tally import Tally

DATES = ("created_on", "trial_on", "converted_on", "churned_on")
FLAGS = ("converted", "churned")


def trait(name: str, values: Sequence[str], **more: Any) -> Trait:
    """A text trait with its values in order of first appearance."""
    distinct = tuple(dict.fromkeys(values))
    codes = np.array([distinct.index(v) for v in values], dtype=np.int32)
    return Trait(name, "B", more.pop("family", "firmographic"), distinct, codes, **more)


def customers(
    status: Sequence[int] | None = None,
    traits: Sequence[Trait] = (),
    headers: Mapping[str, str] | None = None,
    **roles: Sequence[Any],
) -> Customers:
    """Customers from role columns: ISO dates or None, flags 1 0 -1, numbers or None."""
    columns = {name: _column(name, values) for name, values in roles.items()}
    n = len(next(iter(columns.values()))) if columns else len(status or ())
    known = _status(columns, n) if status is None else np.array(status, dtype=np.int8)
    rows = np.arange(2, n + 2)
    ids = columns.pop("customer_id", rows.astype(str).astype(object))
    return Customers(n, known, ids, columns, headers or {}, tuple(traits), "test.csv", "test", rows)


def _column(name: str, values: Sequence[Any]) -> np.ndarray:
    if name in DATES:
        return np.array(["NaT" if v is None else v for v in values], dtype="M8[D]")
    if name in FLAGS or name == "outcome":
        return np.array(values, dtype=np.int8)
    if name == "customer_id":
        return np.array(values, dtype=object)
    return np.array([np.nan if v is None else v for v in values], dtype=np.float64)


def _status(columns: Mapping[str, np.ndarray], n: int) -> np.ndarray:
    status = np.full(n, Status.LEAD, dtype=np.int8)
    told = [name for name in ("converted", "converted_on") if name in columns]
    if "trial_on" in columns:
        status[~np.isnat(columns["trial_on"])] = Status.TRIAL
    if "converted" in columns:
        status[columns["converted"] == 1] = Status.CUSTOMER
    if "converted_on" in columns:
        status[~np.isnat(columns["converted_on"])] = Status.CUSTOMER
    if not told and ({"tenure_months", "revenue_monthly"} & set(columns)):
        status[:] = Status.CUSTOMER
    if "churned" in columns:
        status[columns["churned"] == 1] = Status.CHURNED
    if "churned_on" in columns:
        status[~np.isnat(columns["churned_on"])] = Status.CHURNED
    return status


def bound(
    base: Customers, as_of: str | None = None, orders: Orders | None = None, **settings: Any
) -> tuple[Rows, Tally, Settings]:
    """Rows, the base's Tally and the settings they were bound with; `orders` point at rows of the base."""
    made = Settings(**settings)
    day = date.fromisoformat(as_of) if as_of else None
    stood = as_they_stood(base, day)
    rows = with_purchases(bind(stood, day, made), stood, orders, made)
    return rows, tally_all(rows), made


def context(rows: Rows, settings: Settings, horizon: int = 12, tau: float | None = 12.0) -> Context:
    """A context with few draws, quick enough for tests."""
    return Context(settings, horizon, tau, fold_weights(rows.n_folds, 400, 1))


def performance(
    base: Customers,
    metric_id: str,
    trait_name: str,
    as_of: str | None = None,
    horizon: int = 12,
    tau: float | None = 12.0,
    **settings: Any,
) -> dict[str, PerformanceRow]:
    """The rows of one metric over the values of one trait, by value."""
    rows, whole, made = bound(base, as_of, **settings)
    found = base.trait(trait_name)
    assert found is not None
    group: Group = measure(rows, whole, partition(found))
    result = family_rows(metric(metric_id), group, rows, whole, context(rows, made, horizon, tau))
    return {row.segment: row for row in result}
