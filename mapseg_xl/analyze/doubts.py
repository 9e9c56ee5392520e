"""What can be doubted in a base: its leading metrics unit by unit, its biggest accounts, the groups it falls into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mapseg_xl.intake.tables import BLANK, Array, Customers
from mapseg_xl.tally.rows import Mask, Rows
from mapseg_xl.tally.tally import Floats, Ints

BIGGEST, CHANNEL, OWNER, YEAR = "biggest accounts", "channel", "owner", "sign-up year"
LEADING = ("conversion", "win_rate", "arpu", "monthly_churn")
ACCOUNTS_OUT = 3
_SIGNED_UP = ("created_on", "trial_on", "converted_on")
_MONEY = ("revenue_monthly", "revenue_total")
_ACCOUNT = ("company", "domain")


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """What a metric is about, one a unit: which row it is, and what it adds above and below the line.

    `inside`: the rows that count at all; None: every row.
    """

    rows: Ints
    above: Floats
    below: Floats
    inside: Mask | None = None

    def within(self, kept: Mask | None) -> Units:
        """Only the units on these rows; None: all."""
        if kept is None:
            return self
        here = kept[self.rows]
        return Units(self.rows[here], self.above[here], self.below[here], kept)


@dataclass(frozen=True, slots=True, eq=False)
class Doubt:
    """A doubt that this data can answer. `codes`: the group of each row, -1 unknown; `groups`: their names.

    Of biggest accounts the codes are the accounts themselves, and there are no groups.
    """

    name: str
    codes: Ints
    groups: tuple[str, ...]


def units_of(rows: Rows, model: str) -> dict[str, Units]:
    """The leading metrics that this base has: does it convert, what does it pay, does it stay."""
    found: dict[str, Units] = {}
    won, trials = rows.opportunities, rows.trials
    if won is not None and (model == "sales-led" or trials is None):
        at = np.flatnonzero(won.outcome >= 0)
        found["win_rate"] = _shares(at, won.outcome[at])
    elif trials is not None:
        at = np.flatnonzero(trials.counted)
        found["conversion"] = _shares(at, trials.converted[at])
    if rows.price is not None:
        at = rows.price.rows
        found["arpu"] = Units(at, rows.price.amounts, np.ones(len(at)))
    elif rows.revenue_and_months is not None:
        found["arpu"] = Units(*rows.revenue_and_months)
    if rows.stays is not None:
        stays = rows.stays
        found["monthly_churn"] = Units(
            stays.rows, stays.ended.astype(np.float64), stays.times[stays.index]
        )
    return {name: units for name, units in found.items() if len(units.rows)}


def _shares(at: Ints, outcome: Array) -> Units:
    return Units(at, outcome.astype(np.float64), np.ones(len(at)))


def doubts(customers: Customers, units: Mapping[str, Units]) -> tuple[list[Doubt], tuple[str, ...]]:
    """The doubts this data can answer, and in words those it cannot, with the column that would."""
    asked: list[Doubt] = []
    unasked: list[str] = []
    if not units:
        return asked, ("No figure of these segments is known yet, so there is nothing to doubt.",)
    if any(role in customers.roles for role in _MONEY):
        asked.append(Doubt(BIGGEST, _accounts(customers), ()))
    else:
        unasked.append("Is it only a few big accounts? A column with revenue would tell.")
    for role, who in ((CHANNEL, "one channel"), (OWNER, "one rep")):
        found = _by_trait(customers, role)
        if found is not None:
            asked.append(found)
        else:
            column = "the channel" if role == CHANNEL else "the sales rep (owner)"
            unasked.append(f"Is it only {who}? A column with {column} of each row would tell.")
    years = _by_year(customers)
    if years is not None:
        asked.append(years)
    else:
        unasked.append("Are they only newer, or older? A column with the sign-up date would tell.")
    return asked, tuple(unasked)


def _by_trait(customers: Customers, role: str) -> Doubt | None:
    header = customers.role_headers.get(role)
    trait = customers.trait(header) if header else None
    if trait is None:
        return None
    codes = trait.codes.astype(np.int64)
    if BLANK in trait.values:
        codes = np.where(codes == trait.values.index(BLANK), -1, codes)
    return Doubt(role, codes, trait.values)


def _by_year(customers: Customers) -> Doubt | None:
    for role in _SIGNED_UP:
        dates = customers.roles.get(role)
        if dates is not None and not np.isnat(dates).all():
            known = ~np.isnat(dates)
            years = dates.astype("M8[Y]").astype(np.int64) + 1970
            first, last = int(years[known].min()), int(years[known].max())
            names = tuple(str(year) for year in range(first, last + 1))
            return Doubt(YEAR, np.where(known, years - first, -1), names)
    return None


def biggest_accounts(customers: Customers, accounts: Ints, member: Mask) -> Mask:
    """The rows of a segment's three biggest accounts, by money a month, else so far.

    `accounts`: a code a row, the same for rows of one company.
    """
    money = next(customers.roles[role] for role in _MONEY if role in customers.roles)
    at = np.flatnonzero(member)
    out = np.zeros(customers.n, bool)
    if not len(at):
        return out
    distinct, place = np.unique(accounts[at], return_inverse=True)
    total = np.bincount(place, np.nan_to_num(money[at]), len(distinct))
    biggest = np.argsort(-total, kind="stable")[:ACCOUNTS_OUT]
    out[at] = np.isin(place, biggest)
    return out


def _accounts(customers: Customers) -> Ints:
    """A code an account: rows of one company, else of one domain; those that name neither are one each."""
    codes = np.arange(customers.n)
    for role in reversed(_ACCOUNT):
        names = customers.roles.get(role)
        if names is None:
            continue
        folded = np.array([str(name).strip().casefold() for name in names])
        _, code = np.unique(folded, return_inverse=True)
        offset = customers.n * (2 + _ACCOUNT.index(role))
        codes = np.where(folded == "", codes, code + offset)
    return codes
