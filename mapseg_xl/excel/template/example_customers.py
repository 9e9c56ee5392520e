"""Forty made-up customers for the template's Customers table: the same each time, marked as examples by their ids."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

LAST_DAY = date(2026, 6, 30)
_FIRST_DAY = date(2025, 1, 6)
_SEED, _ROWS = 7, 40
_INDUSTRIES = ("Agency", "Coaching", "Online shop")
_COUNTRIES = ("US", "US", "UK", "Germany")
_CHANNELS = ("Search", "Referral", "Partner")
_SIZES = (2, 4, 6, 9, 12, 18, 25, 60)


@dataclass(frozen=True, slots=True)
class Example:
    """One customer, lead or trial. The fields stand in the order of the table's columns."""

    customer_id: str
    industry: str
    employees: int
    country: str
    channel: str
    status: str
    trial_on: date | None
    converted_on: date | None
    churned_on: date | None
    revenue_monthly: int | None
    acquisition_cost: int | None


def example_customers() -> tuple[Example, ...]:
    """The customers, those of agencies with ten people or more doing best."""
    dice = random.Random(_SEED)  # noqa: S311  # made-up data
    return tuple(_example(dice, at) for at in range(1, _ROWS + 1))


def _example(dice: random.Random, at: int) -> Example:
    industry, employees = _INDUSTRIES[at % 3], _SIZES[int(dice.random() * len(_SIZES))]
    country = _COUNTRIES[int(dice.random() * len(_COUNTRIES))]
    channel = _CHANNELS[int(dice.random() * len(_CHANNELS))]
    who = (f"EX-{at:03}", industry, employees, country, channel)
    good = industry == "Agency" and employees >= 10
    if at % 10 == 0:
        return Example(*who, "Lead", None, None, None, None, None)
    start = _FIRST_DAY + timedelta(days=int(dice.random() * 500))
    won = start + timedelta(days=3 + int(dice.random() * 25))
    if dice.random() > (0.85 if good else 0.5) or won > LAST_DAY:
        return Example(*who, "Trial", start, None, None, None, None)
    left = won + timedelta(days=40 + int(dice.random() * (1500 if good else 500)))
    gone = left <= LAST_DAY
    revenue = (89 if good else 39) + 5 * int(dice.random() * 8)
    cost = 120 + 10 * int(dice.random() * 20)
    status = "Churned" if gone else "Customer"
    return Example(*who, status, start, won, left if gone else None, revenue, cost)
