"""The base as it stood on a day: what happened later has not happened, who came later is not there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.intake.tables import Array, Customers, Sources, Status

Mask = NDArray[np.bool_]


def as_they_stood(customers: Customers, as_of: date | None) -> Customers:
    """The customers on the as-of date. Later churn, conversion and trials are undone, later rows left out.

    Without a date, or where nothing is later, the same customers.
    """
    if as_of is None:
        return customers
    day = np.datetime64(as_of, "D")
    there = ~_after(first_dates(customers), day)
    base = customers if there.all() else customers.only(there)
    roles = dict(base.roles)
    status = base.status.copy()
    gone_later = _undo(roles, "churned_on", "churned", day, base.n)
    status[gone_later & (status == Status.CHURNED)] = Status.CUSTOMER
    won_later = _undo(roles, "converted_on", "converted", day, base.n)
    tried_later = _undo(roles, "trial_on", "", day, base.n)
    status[won_later] = np.minimum(status[won_later], Status.TRIAL)
    trials = roles.get("trial_on")
    not_tried = np.ones(base.n, np.bool_) if trials is None else np.isnat(trials)
    status[(won_later & not_tried) | (tried_later & (status == Status.TRIAL))] = Status.LEAD
    return replace(base, status=status, roles=roles)


def sources_as_they_stood(sources: Sources, as_of: date | None) -> Sources:
    """The sources on the as-of date: orders and notes point at the customers that are left, later orders are gone."""
    customers = as_they_stood(sources.customers, as_of)
    orders = sources.orders
    if as_of is None:
        return replace(sources, customers=customers)
    there = ~_after(first_dates(sources.customers), np.datetime64(as_of, "D"))
    if orders is not None:
        orders = orders.only(there).until(as_of)
    place = np.append(np.where(there, np.cumsum(there) - 1, -1), -1)
    notes = tuple(replace(n, customer=int(place[n.customer])) for n in sources.feedback)
    return replace(sources, customers=customers, orders=orders, feedback=notes)


def first_dates(customers: Customers) -> Array:
    """The day each row entered the base; NaT where no date tells."""
    first = np.full(customers.n, np.datetime64("NaT"), dtype="M8[D]")
    for role in ("created_on", "trial_on", "converted_on"):
        dates = customers.roles.get(role)
        if dates is not None:
            first = np.fmin(first, dates.astype("M8[D]"))
    return first


def _after(dates: Array, day: np.datetime64) -> Mask:
    later: Mask = dates > day  # NaT is after nothing
    return later


def _undo(roles: dict[str, Array], dated: str, flag: str, day: np.datetime64, n: int) -> Mask:
    """Takes back what a date says happened after the day, and its flag; gives the rows concerned."""
    dates = roles.get(dated)
    if dates is None:
        return np.zeros(n, np.bool_)
    later = _after(dates, day)
    if later.any():
        roles[dated] = np.where(later, np.datetime64("NaT"), dates)
        if flag in roles:
            roles[flag] = np.where(later, 0, roles[flag]).astype(np.int8)
    return later
