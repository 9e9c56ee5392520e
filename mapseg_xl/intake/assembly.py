"""One table as typed customers: roles cleaned, repeated ids left out, status told, traits built. Opens no file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.errors import TooFewRows
from mapseg_xl.intake.checks import (
    missing_classes,
    ordered_dates,
    planned_leaving,
    without_future,
)
from mapseg_xl.intake.columns.readings import IntakeOptions, Reading, read_table, without_values
from mapseg_xl.intake.columns.rehearsals import rehearsal_issues, rehearsals
from mapseg_xl.intake.columns.role_words import DECISION_DATES, header_key, header_words, word_set
from mapseg_xl.intake.columns.roles import RoleMap, guess_roles
from mapseg_xl.intake.currency import told_currency
from mapseg_xl.intake.describing.traits import mark_repeats
from mapseg_xl.intake.health import Places, blank_issue, each_record
from mapseg_xl.intake.identity import identified
from mapseg_xl.intake.joining.free_mail import with_free_mail
from mapseg_xl.intake.joining.overlaps import MergedRoles, merge_roles
from mapseg_xl.intake.joining.same_traits import merge_traits
from mapseg_xl.intake.status import LIFE_ROLES, UNKNOWN, Standing, standing, status_codes
from mapseg_xl.intake.tables import (
    Array,
    Conflict,
    Customers,
    Issue,
    RawTable,
    RoleGuess,
    Status,
    Trait,
)

_LEAD_WORDS = word_set("lead leads prospect prospects mql sql trial trials signup signups")


@dataclass(frozen=True, slots=True, eq=False)
class Built:
    """The customers of one table, with what was found on the way. `currency`: symbol seen in the cells, or ""."""

    customers: Customers
    issues: tuple[Issue, ...]
    guesses: tuple[RoleGuess, ...]
    currency: str
    conflicts: tuple[Conflict, ...] = ()
    places: Places = field(default_factory=dict)  # where each role was read


def build_customers(
    table: RawTable, options: IntakeOptions | None = None, found: RoleMap | None = None
) -> Built:
    """The table's rows as customers. Cells only the user can decide about stop it (BadCells); the rest are issues."""
    options = options or IntakeOptions()
    return assembled(spine_of(table, options, found), ())


@dataclass(frozen=True, slots=True, eq=False)
class Spine:
    """The table whose records are the customers, read, with the id of each."""

    ids: Array
    reading: Reading


def spine_of(table: RawTable, options: IntakeOptions, found: RoleMap | None = None) -> Spine:
    """The customers' own table, read: who they are, without rows that repeat one."""
    if not len(table.rows):
        where = (
            f"{table.sheet}!{table.letters[0]}{table.header_row}" if table.letters else table.sheet
        )
        raise TooFewRows(
            f"{table.source}: {where} has headers but no rows below them. Add the customers."
        )
    found = found or guess_roles(table, options.maps)
    ids, table, found, id_issues = identified(table, found, "customer_id" in options.maps)
    trying, leave = rehearsals(table, found), options.leave_out_tests
    tests = rehearsal_issues(table, found, trying, left_out=leave)
    if leave and trying.any():
        columns = tuple(column[~trying] for column in table.columns)
        table, ids = replace(table, rows=table.rows[~trying], columns=columns), ids[~trying]
    reading = read_table(table, found, options, id_issues)
    issues = (*without_values(table.issues), *reading.issues, *tests)
    return Spine(ids, replace(reading, issues=issues))


def assembled(spine: Spine, joined: Sequence[Reading]) -> Built:
    """The customers of a table, with what the tables joined to it add: roles it lacks or has less of, more traits."""
    readings = (spine.reading, *joined)
    merged = merge_roles(readings)
    told = merge_traits(readings)
    traits = with_free_mail(told.traits, merged.values.get("email"))
    customers, checks = _customers(spine, merged, traits)
    found = tuple(i for r in readings for i in r.issues)
    currency, of_money = told_currency(readings, merged.places)
    return Built(
        customers,
        (*found, *merged.issues, *checks, *of_money),
        tuple(g for r in readings for g in r.guesses),
        currency,
        (*merged.conflicts, *told.conflicts),
        merged.places,
    )


def _customers(
    spine: Spine, merged: MergedRoles, traits: tuple[Trait, ...]
) -> tuple[Customers, tuple[Issue, ...]]:
    table = spine.reading.table
    n, places = len(table.rows), merged.places
    roles, notes = _won_dates_only(_after_start(merged), places)
    roles, late = without_future(roles, places)
    said, words = _said_status(roles, places)
    stands = standing(n, roles, said, _everybody(table, spine.reading.columns), merged.covered)
    roles, disordered = ordered_dates(roles, places)
    planned = planned_leaving(roles, places)
    customers = Customers(
        n=n,
        status=stands.status,
        ids=spine.ids,
        roles=roles,
        role_headers=_role_headers(spine.reading, places),
        traits=_repeats_marked(traits, stands.status),
        source=table.source,
        sheet=table.sheet,
        rows=table.rows,
        status_facts={kind: len(rows) for kind, rows in stands.conflicts.items()},
    )
    life = _no_life_cycle(table, roles, stands.status)
    conflicts = _conflicts(places, stands, said)
    missing = () if life else missing_classes(customers)
    return customers, (*notes, *late, *words, *conflicts, *disordered, *planned, *life, *missing)


def _after_start(merged: MergedRoles) -> dict[str, Array]:
    """The roles, with a conversion of which only the month is known not before a start in that month."""
    roles = dict(merged.values)
    if "converted_on" not in merged.by_month:
        return roles
    won = roles["converted_on"]
    for role in ("created_on", "trial_on"):
        if role in roles:
            later = (roles[role] > won) & (roles[role].astype("M8[M]") == won.astype("M8[M]"))
            won = np.where(later, roles[role], won)
    return {**roles, "converted_on": won}


def _role_headers(own: Reading, places: Places) -> dict[str, str]:
    named = {r: t.headers[i] for r, (t, i) in places.items()}
    if "customer_id" in own.columns:
        named["customer_id"] = own.table.headers[own.columns["customer_id"]]
    return named


def _won_dates_only(
    roles: Mapping[str, Array], places: Places
) -> tuple[dict[str, Array], tuple[Issue, ...]]:
    """The day a deal was closed is a conversion only where it was won."""
    roles = dict(roles)
    if "converted_on" not in roles or "outcome" not in roles:
        return roles, ()
    table, index = places["converted_on"]
    other = (roles["outcome"] != 1) & ~np.isnat(roles["converted_on"])
    if header_key(table.headers[index]) not in DECISION_DATES or not other.any():
        return roles, ()
    issue = blank_issue(
        table,
        index,
        "note",
        "closed_not_won",
        "Taken as the day of winning for deals won only",
        "closing dates of deals that were not won",
    )
    won = np.where(other, np.datetime64("NaT", "D"), roles["converted_on"])
    return {**roles, "converted_on": won}, (replace(issue, count=int(other.sum())),)


def _said_status(
    roles: Mapping[str, Array], places: Places
) -> tuple[NDArray[np.int8] | None, tuple[Issue, ...]]:
    if "status" not in roles:
        return None, ()
    table, index = places["status"]
    said, unread = status_codes(roles["status"])
    if not unread:
        return said, ()
    listed = ", ".join(f"'{w}'" for w in unread[:5]) + (" and others" if len(unread) > 5 else "")
    count = int(((said == UNKNOWN) & (roles["status"] != "")).sum())
    issue = blank_issue(
        table,
        index,
        "warning",
        "unknown_status",
        "Left out, as if empty. Write lead, trial, customer or churned",
        f"not understood as lead, trial, customer or churned: {listed}",
    )
    return said, (replace(issue, count=count),)


def _everybody(table: RawTable, columns: Mapping[str, int]) -> Status:
    """What the rows are where no column says so: leads if sheet or id column are called so, else customers."""
    names = [table.sheet] + (
        [table.headers[columns["customer_id"]]] if "customer_id" in columns else []
    )
    called = {word for name in names for word in header_words(name)}
    return Status.LEAD if called & _LEAD_WORDS else Status.CUSTOMER


def _no_life_cycle(
    table: RawTable, roles: Mapping[str, Array], status: NDArray[np.int8]
) -> tuple[Issue, ...]:
    if any(role in roles for role in LIFE_ROLES):
        return ()
    word = "leads" if status[0] == Status.LEAD else "customers"
    return (
        blank_issue(
            table,
            -1,
            "warning",
            "no_life_cycle",
            f"Taken as {word}, all of them: they can be counted, but who converts, pays and stays cannot be compared. "
            "Add a column that tells leads, trials, customers and churned apart, or name it with --map status=COLUMN",
            "no column says who is a lead, a trial, a customer or churned",
        ),
    )


_CONFLICT_WORDS = {
    "status_conflict": (
        "status",
        "the status contradicts dates, yes or no, or amounts",
        "Taken as {status}",
    ),
    "churned_conflict": ("churned", "says no, but there is a date of leaving", "Taken as churned"),
    "converted_conflict": (
        "converted",
        "says no, but there is a conversion date",
        "Taken as converted",
    ),
    "churned_unconverted": ("converted", "has left without having converted", "Taken as churned"),
}


def _conflicts(
    places: Places, stands: Standing, said: NDArray[np.int8] | None
) -> tuple[Issue, ...]:
    issues: tuple[Issue, ...] = ()
    for kind, records in stands.conflicts.items():
        role, what, action = _CONFLICT_WORDS[kind]
        for status in Status if kind == "status_conflict" else [Status.CHURNED]:
            here = records[stands.status[records] == status] if "{" in action else records
            word = action.format(status=status.name.lower())
            issue = blank_issue(*places[role], "warning", kind, word + ". Correct one of them")
            issues += each_record(*places[role], here, issue, _said_text(what, said, kind))
    return issues


def _said_text(what: str, said: NDArray[np.int8] | None, kind: str) -> Callable[[int], str]:
    if said is None or kind != "status_conflict":
        return lambda _: what
    return lambda record: f"{what}: '{Status(int(said[record])).name.lower()}'"


def _repeats_marked(traits: tuple[Trait, ...], status: NDArray[np.int8]) -> tuple[Trait, ...]:
    """Traits that are the conversion, or the loss, in other words."""
    paying = status >= Status.CUSTOMER
    traits = mark_repeats(traits, "converted", paying.astype(np.int8))
    left = np.where(paying, status == Status.CHURNED, -1).astype(np.int8)
    return mark_repeats(traits, "churned", left)
