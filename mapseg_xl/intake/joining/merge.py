"""Tables joined to the customers: one row a customer brought into their order, several summed, and what was matched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from mapseg_xl.intake.beside.transactions import summed
from mapseg_xl.intake.columns.classify import Classified, Kind
from mapseg_xl.intake.columns.key_columns import LABEL, Keyed
from mapseg_xl.intake.columns.kind_words import STARTS
from mapseg_xl.intake.columns.readings import IntakeOptions, Reading, read_table, without_values
from mapseg_xl.intake.columns.role_words import header_key
from mapseg_xl.intake.columns.roles import RoleMap
from mapseg_xl.intake.health import blank_issue
from mapseg_xl.intake.joining.collapse import collapsed
from mapseg_xl.intake.joining.joints import Codes, Joint
from mapseg_xl.intake.joining.matching import (
    MONEY_ROLES,
    Counts,
    counts_of,
    match_of,
    money_of,
    refuse_both_ways,
    rows_named,
    unmatched_issues,
)
from mapseg_xl.intake.tables import Array, Issue, Match, Orders, RawTable

SHARED_BELOW = 0.9
"""Fewer different keys among the customers' than this: the table tells of groups of them, such as accounts."""
_OF_GROUPS = frozenset({"company", "domain", "channel", "owner", "gross_margin"})
"""Roles that a row shared by several customers can still play: its money and dates are no single customer's."""
_NUMBERS = 0.9


@dataclass(frozen=True, slots=True, eq=False)
class Joined:
    """A table brought into the customers' order, how it was matched, and its rows as orders where it has such."""

    reading: Reading
    match: Match
    orders: Orders | None = None


def join(left: Keyed, right: Classified, joint: Joint, options: IntakeOptions) -> Joined:
    """What the right table says of each of the left table's records.

    Stops (InputError) where a key stands in several rows of both and the right table should have one row each.
    """
    partners = joint.partners()
    counts = counts_of(joint)
    several = right.kind is Kind.TRANSACTIONS
    if not several and not options.add_up_both_ways:
        refuse_both_ways(left.table, right.table, joint, counts.both)
    money = money_of(right)
    match = match_of(left.table, right, joint, counts, partners, money)
    issues = unmatched_issues(left.table, right.table, joint, partners, match)
    if several:
        rolled = summed(right, partners, len(left.table.rows), options)
        reading = replace(rolled.reading, issues=(*issues, *rolled.reading.issues))
        return Joined(reading, match, rolled.orders)
    reading = _facts(left.table, right, joint, counts, options)
    return Joined(replace(reading, issues=(*issues, *reading.issues)), match)


def _facts(
    left: RawTable, right: Classified, joint: Joint, counts: Counts, options: IntakeOptions
) -> Reading:
    """One row a customer: the right table's columns in the order of the customers."""
    shared = joint.uniqueness < SHARED_BELOW
    found = _roles_of_facts(right, joint, shared)
    one, found, issues = collapsed(right.table, found, joint.right_codes, options.day_first)
    if shared:
        issues += _no_money(left, right)
    codes = _codes_of(one, right.table, joint)
    at = np.full(joint.n_codes + 1, -1, dtype=np.intp)
    at[codes[codes >= 0]] = np.flatnonzero(codes >= 0)
    records = at[joint.left_codes]
    if not shared:
        records, more = _first_only(left, right.table, joint, records)
        issues += more
    aligned = taken(one, records)
    reading = read_table(aligned, found, options)
    own_issues = (
        read_table(taken(one, np.unique(records[records >= 0])), found, options).issues
        if shared
        else reading.issues
    )
    return replace(
        reading,
        issues=(*without_values(right.table.issues), *issues, *own_issues),
        covered=records >= 0,
    )


def _no_money(left: RawTable, right: Classified) -> tuple[Issue, ...]:
    """A warning where a table that many customers share holds money: it is no single customer's."""
    roles = right.found.columns
    index = next((roles[r] for r in MONEY_ROLES if r in roles), None)
    if index is None or right.kind is Kind.OTHER:
        return ()
    todo = f"Counted as nobody's money. If {right.table.sheet} holds the customers, say --sheet {right.table.sheet}"
    what = f"a row of {right.table.sheet} belongs to several rows of {left.sheet}"
    return (blank_issue(right.table, index, "warning", "shared_money", todo, what),)


def _codes_of(one: RawTable, right: RawTable, joint: Joint) -> Codes:
    """The key of each record that is left of the right table."""
    if one is right:
        return joint.right_codes
    return joint.right_codes[np.searchsorted(right.rows, one.rows)]


def _first_only(
    left: RawTable, right: RawTable, joint: Joint, records: Codes
) -> tuple[Codes, tuple[Issue, ...]]:
    """A key that stands in several rows of the customers: its facts are the first one's, so that money counts once."""
    first = np.append(joint.first_left(), -1)[joint.left_codes] == np.arange(len(records))
    again = np.flatnonzero(~first & (records >= 0))
    if not len(again):
        return records, ()
    header = left.headers[joint.left.index]
    issue = blank_issue(
        left,
        joint.left.index,
        "warning",
        "repeated_key",
        f"What {right.sheet} says went to the first row of each. Merge the rows that are one customer",
        f"'{header}' stands in earlier rows too: {rows_named(left, again)}",
    )
    return np.where(first, records, -1), (
        replace(issue, cell=left.cell(joint.left.index, int(again[0])), count=len(again)),
    )


def _roles_of_facts(right: Classified, joint: Joint, shared: bool) -> RoleMap:
    """The roles of a joined table: without its key, and its start date is the customer's where it tells money."""
    columns = {
        role: i
        for role, i in right.found.columns.items()
        if role != "customer_id" and i != joint.right.index and (not shared or role in _OF_GROUPS)
    }
    columns = _started(columns, right.table)
    said = {i: role for role, i in columns.items()}
    guesses = list(right.found.guesses)
    for i, guess in enumerate(guesses):
        if i == joint.right.index:
            guesses[i] = replace(
                guess, role="ignored", family="", why="names the customer of each row"
            )
        elif joint.right.kind == LABEL and right.found.profiles[i].numbers >= _NUMBERS:
            guesses[i] = replace(guess, role="ignored", family="", why="a number of a whole group")
        elif i in said and guess.role != said[i]:
            guesses[i] = replace(guess, role=said[i], why="the start of what is paid for")
        elif guess.role == "customer_id":
            guesses[i] = replace(guess, role="ignored", family="", why="names a row of this table")
        elif i not in said and guess.role not in ("trait", "ignored"):
            guesses[i] = replace(guess, role="trait", why="one row tells of several customers")
    return replace(right.found, columns=columns, guesses=tuple(guesses))


def _started(columns: Mapping[str, int], table: RawTable) -> dict[str, int]:
    """Where a table has money and a start but no conversion, the start is when the customer began to pay."""
    columns = dict(columns)
    pays = {"revenue_monthly", "revenue_total", "churned_on"} & columns.keys()
    start = columns.get("created_on")
    if not pays or start is None or "converted_on" in columns:
        return columns
    if header_key(table.headers[start]) in STARTS:
        columns["converted_on"] = columns.pop("created_on")
    return columns


def taken(table: RawTable, records: Codes) -> RawTable:
    """The table's records in another order, some several times; -1 gives an empty record, of row 0."""
    rows = np.where(records >= 0, table.rows[records], 0)
    return replace(
        table, rows=rows, columns=tuple(_cells(column, records) for column in table.columns)
    )


def _cells(column: Array, records: Codes) -> Array:
    cells = column[records]
    missing = records < 0
    if not missing.any():
        return cells
    if cells.dtype.kind in "iub":
        cells = cells.astype(np.float64 if cells.dtype.kind in "iu" else object)
    cells[missing] = {"M": np.datetime64("NaT"), "f": np.nan}.get(cells.dtype.kind)
    return cells
