"""Where each row stands in its life cycle: lead, trial, customer or churned. Reads cleaned role columns, no cells.

The first that holds: a churn date or flag; a conversion date or flag or a deal won, or tenure or revenue where there is
no conversion column; a trial start; else lead. A status column fills only what these leave open.
Where a churn column is all there is, those who have not left are customers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mapseg_xl.intake.columns.role_words import header_key, life_code
from mapseg_xl.intake.tables import Array, Status

Mask = NDArray[np.bool_]
Codes = NDArray[np.int8]
UNKNOWN = -1

CONVERSION_ROLES = ("converted", "converted_on", "outcome")
PAYING_ROLES = ("tenure_months", "revenue_monthly", "revenue_total", "order_count")
LIFE_ROLES = (
    *CONVERSION_ROLES,
    *PAYING_ROLES,
    "churned",
    "churned_on",
    "trial_on",
    "created_on",
    "status",
)
_TELL_CUSTOMERS = (*CONVERSION_ROLES, *PAYING_ROLES, "trial_on", "status")


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """The status of each row, and the rows whose columns contradict each other, by what contradicts what."""

    status: Codes
    conflicts: Mapping[str, NDArray[np.intp]]  # kind -> records


def standing(
    n: int,
    roles: Mapping[str, Array],
    said: Codes | None,
    default: Status,
    covered: Mapping[str, Mask] | None = None,
) -> Standing:
    """Status of `n` rows from their role columns; `said` is the status column as codes, -1 unknown.

    `default` is what everybody is where no column says anything about the life cycle. `covered`: whom the table of a
    joined role has a row of; of the others an empty date says nothing.
    """
    covered = covered or {}
    if not any(role in roles for role in LIFE_ROLES):
        return Standing(np.full(n, default, dtype=np.int8), {})
    left, left_known = _churned(n, roles, covered)
    won, won_known = _converted(n, roles, covered)
    if not any(role in roles for role in _TELL_CUSTOMERS):
        won = won | left_known  # who can be said not to have left is a customer
    status = np.full(n, Status.LEAD, dtype=np.int8)
    if "trial_on" in roles:
        status[~np.isnat(roles["trial_on"])] = Status.TRIAL
    status[won] = Status.CUSTOMER
    status[left] = Status.CHURNED
    conflicts = _contradictions(roles, left)
    if said is not None:
        status = _filled(status, said, left_known, won_known)
        trying = (said == Status.LEAD) & (status == Status.TRIAL)  # a lead on trial is both
        other = (said != UNKNOWN) & (said != status) & ~trying
        conflicts["status_conflict"] = np.flatnonzero(other)
    return Standing(status, {kind: rows for kind, rows in conflicts.items() if len(rows)})


def status_codes(texts: Array) -> tuple[Codes, tuple[str, ...]]:
    """The status column as codes, and the words not understood. Yes and no, as under 'active': customer and churned."""
    codes, words = pd.factorize(texts)
    yes_no = {"true": 2, "yes": 2, "1": 2, "y": 2, "ja": 2, "oui": 2, "si": 2}
    yes_no |= {"false": 3, "no": 3, "0": 3, "n": 3, "nein": 3, "non": 3}
    told = [life_code(str(word)) for word in words]
    keys = [header_key(str(word)) for word in words]
    per_word = np.array(
        [yes_no.get(k, UNKNOWN) if c is None else c for k, c in zip(keys, told, strict=True)],
        dtype=np.int8,
    )
    unread = tuple(
        str(w) for w, code in zip(words, per_word, strict=True) if code == UNKNOWN and w != ""
    )
    return (per_word[codes] if len(words) else np.full(len(texts), UNKNOWN, np.int8)), unread


def _churned(n: int, roles: Mapping[str, Array], covered: Mapping[str, Mask]) -> tuple[Mask, Mask]:
    """Who has left, and of whom that is known. With a column of dates an empty one says: still here."""
    left = np.zeros(n, dtype=bool)
    known = np.zeros(n, dtype=bool)
    if "churned" in roles:
        left |= roles["churned"] == 1
        known |= roles["churned"] != UNKNOWN
    if "churned_on" in roles:
        left |= ~np.isnat(roles["churned_on"])
        known |= covered.get("churned_on", True)
    return left, known


def _converted(
    n: int, roles: Mapping[str, Array], covered: Mapping[str, Mask]
) -> tuple[Mask, Mask]:
    """Who has become a customer, and of whom that is known."""
    won = np.zeros(n, dtype=bool)
    known = np.zeros(n, dtype=bool)
    if "converted" in roles:
        won |= roles["converted"] == 1
        known |= roles["converted"] != UNKNOWN
    if "converted_on" in roles:
        won |= ~np.isnat(roles["converted_on"])
        known |= covered.get("converted_on", True)
    if "outcome" in roles:
        won |= roles["outcome"] == 1
        known |= roles["outcome"] != UNKNOWN
    if not any(role in roles for role in CONVERSION_ROLES):
        won |= _pays(n, roles)
    return won, known


def _pays(n: int, roles: Mapping[str, Array]) -> Mask:
    pays = np.zeros(n, dtype=bool)
    for role in PAYING_ROLES:
        if role in roles:
            pays |= (
                np.isfinite(roles[role])
                if role == "tenure_months"
                else np.nan_to_num(roles[role]) > 0
            )
    return pays


def _filled(status: Codes, said: Codes, left_known: Mask, won_known: Mask) -> Codes:
    """What the status column says, where dates, flags and amounts leave it open."""
    filled = status.copy()
    rising = (said == Status.CUSTOMER) & (status < Status.CUSTOMER) & ~won_known
    filled[rising] = Status.CUSTOMER
    filled[(said == Status.TRIAL) & (status == Status.LEAD)] = Status.TRIAL
    was_customer = (status == Status.CUSTOMER) | ~won_known
    gone = (said == Status.CHURNED) & (status != Status.CHURNED) & ~left_known & was_customer
    filled[gone] = Status.CHURNED
    return filled


def _contradictions(roles: Mapping[str, Array], left: Mask) -> dict[str, NDArray[np.intp]]:
    """Flags that deny the date beside them, and people who left without ever having come."""
    found: dict[str, NDArray[np.intp]] = {}
    for flag, dated in (("churned", "churned_on"), ("converted", "converted_on")):
        if flag in roles and dated in roles:
            found[f"{flag}_conflict"] = np.flatnonzero((roles[flag] == 0) & ~np.isnat(roles[dated]))
    if "converted" in roles:
        found["churned_unconverted"] = np.flatnonzero(left & (roles["converted"] == 0))
    return found
