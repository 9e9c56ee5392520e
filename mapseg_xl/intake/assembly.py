"""One table as typed customers: roles cleaned, repeated ids left out, status told, traits built. Opens no file."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
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
from mapseg_xl.intake.cleaning.amounts import CURRENCIES
from mapseg_xl.intake.cleaning.date_order import settled
from mapseg_xl.intake.health import DONE_WITHOUT, blank_issue, each_record
from mapseg_xl.intake.identity import identified
from mapseg_xl.intake.role_values import Typed, stop_if_unusable, typed_role
from mapseg_xl.intake.role_words import (
    COUNTED_KINDS,
    DECISION_DATES,
    ROLES,
    header_key,
    header_words,
    word_set,
)
from mapseg_xl.intake.roles import Maps, RoleMap, guess_roles
from mapseg_xl.intake.said import unplayable
from mapseg_xl.intake.status import LIFE_ROLES, UNKNOWN, Standing, standing, status_codes
from mapseg_xl.intake.tables import (
    Array,
    Customers,
    Issue,
    RawTable,
    RoleGuess,
    Status,
    Trait,
    plain,
)
from mapseg_xl.intake.traits import build_traits, mark_repeats

MONEY_ROLES = ("revenue_monthly", "revenue_total", "acquisition_cost")
_LEAD_WORDS = word_set("lead leads prospect prospects mql sql trial trials signup signups")


@dataclass(frozen=True, slots=True)
class IntakeOptions:
    """What the user said about the input. `maps`: role, `trait` or `ignore` -> header or headers.

    `segment_by`: headers that stay traits even where they look like ids. `day_first`: how 03/04/2025 is meant.
    """

    sheets: tuple[str, ...] = ()
    maps: Maps = field(default_factory=dict)
    day_first: bool | None = None
    segment_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Built:
    """The customers of one table, with what was found on the way. `currency`: symbol seen in the cells, or ""."""

    customers: Customers
    issues: tuple[Issue, ...]
    guesses: tuple[RoleGuess, ...]
    currency: str


def build_customers(table: RawTable, options: IntakeOptions | None = None) -> Built:
    """The table's rows as customers. Cells only the user can decide about stop it (BadCells); the rest are issues."""
    options = options or IntakeOptions()
    if not len(table.rows):
        where = (
            f"{table.sheet}!{table.letters[0]}{table.header_row}" if table.letters else table.sheet
        )
        raise TooFewRows(
            f"{table.source}: {where} has headers but no rows below them. Add the customers."
        )
    found = guess_roles(table, options.maps)
    ids, table, found, id_issues = identified(table, found, "customer_id" in options.maps)
    in_order = sorted(found.columns.items(), key=lambda item: item[1])
    columns = {r: i for r, i in in_order if r != "customer_id"}
    asked = {plain(part) for s in options.segment_by for part in (s, *s.split(" x "))}
    keep = frozenset(i for i, h in enumerate(table.headers) if plain(h) in asked)
    typed = {r: typed_role(table, i, r, options.day_first) for r, i in columns.items()}
    typed, order = settled(table, found, typed, options.day_first)
    bad_maps = unplayable(table, columns, typed, options.maps)
    role_issues = id_issues + tuple(i for t in typed.values() for i in t.issues) + bad_maps
    needed = _needed(table, found, options.maps, keep)
    reading = tuple(i for i in table.issues if i.severity == "error" and i.column in needed)
    symbols = {table.headers[columns[r]]: t.symbols for r, t in typed.items() if t.symbols}
    stop_if_unusable(table, reading + (bad_maps or role_issues), symbols)
    traits = build_traits(table, found, keep, order)
    customers, checks = _assembled(table, found, ids, typed, traits.traits)
    issues = (*_without_values(table.issues), *role_issues, *_softened(traits.issues), *checks)
    money = [table.headers[i] for r, i in columns.items() if r in MONEY_ROLES]
    currency = next((s for seen in symbols.values() for s in seen), _header_currency(money))
    return Built(customers, issues, _without_addresses(traits.guesses), currency)


def _header_currency(headers: list[str]) -> str:
    """The currency a money column's header names, as in `MRR (EUR)`; "" where none does, or several."""
    words = {w for h in headers for w in re.findall(r"[A-Za-z]+|[$€£¥]", h)}
    named = {CURRENCIES.get(w, w) for w in words if w in CURRENCIES or w in "$€£¥"}
    return named.pop() if len(named) == 1 else ""


def _needed(table: RawTable, found: RoleMap, said: Maps, keep: frozenset[int]) -> frozenset[str]:
    """Headers of the columns a run cannot do without: roles that are counted with, and what the user named."""
    roles = {i for r, i in found.columns.items() if ROLES[r].kind in COUNTED_KINDS or r in said}
    return frozenset(table.headers[i] for i in roles | keep | found.traits)


def _without_values(issues: tuple[Issue, ...]) -> tuple[Issue, ...]:
    """Formulas never calculated, where they did not stop the run: nobody needs their column."""
    return tuple(
        replace(i, severity="warning", action=f"{DONE_WITHOUT}, as if empty. {i.action}")
        if i.kind == "formula_without_value"
        else i
        for i in issues
    )


def _softened(issues: tuple[Issue, ...]) -> tuple[Issue, ...]:
    """What would stop a run in a needed column is a warning in one that only describes."""
    return tuple(replace(i, severity="warning") if i.severity == "error" else i for i in issues)


def _assembled(
    table: RawTable,
    found: RoleMap,
    ids: Array,
    typed: Mapping[str, Typed],
    traits: tuple[Trait, ...],
) -> tuple[Customers, tuple[Issue, ...]]:
    n = len(table.rows)
    columns = found.columns
    roles = {role: t.values for role, t in typed.items()}
    roles, notes = _won_dates_only(table, roles, columns)
    roles, late = without_future(table, roles, columns)
    said, words = _said_status(table, roles, columns)
    stands = standing(n, roles, said, _everybody(table, columns))
    roles, disordered = ordered_dates(table, roles, columns)
    planned = planned_leaving(table, roles, columns)
    customers = Customers(
        n=n,
        status=stands.status,
        ids=ids,
        roles=roles,
        role_headers={r: table.headers[i] for r, i in columns.items()},
        traits=_repeats_marked(traits, stands.status),
        source=table.source,
        sheet=table.sheet,
        rows=table.rows,
        status_facts={kind: len(rows) for kind, rows in stands.conflicts.items()},
    )
    life = _no_life_cycle(table, roles, stands.status)
    conflicts = _conflicts(table, columns, stands, said)
    missing = () if life else missing_classes(customers)
    return customers, (*notes, *late, *words, *conflicts, *disordered, *planned, *life, *missing)


def _won_dates_only(
    table: RawTable, roles: dict[str, Array], columns: Mapping[str, int]
) -> tuple[dict[str, Array], tuple[Issue, ...]]:
    """The day a deal was closed is a conversion only where it was won."""
    if "converted_on" not in roles or "outcome" not in roles:
        return roles, ()
    index = columns["converted_on"]
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
    table: RawTable, roles: Mapping[str, Array], columns: Mapping[str, int]
) -> tuple[NDArray[np.int8] | None, tuple[Issue, ...]]:
    if "status" not in roles:
        return None, ()
    index = columns["status"]
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
    table: RawTable, columns: Mapping[str, int], stands: Standing, said: NDArray[np.int8] | None
) -> tuple[Issue, ...]:
    issues: tuple[Issue, ...] = ()
    for kind, records in stands.conflicts.items():
        role, what, action = _CONFLICT_WORDS[kind]
        for status in Status if kind == "status_conflict" else [Status.CHURNED]:
            here = records[stands.status[records] == status] if "{" in action else records
            word = action.format(status=status.name.lower())
            issue = blank_issue(
                table, columns[role], "warning", kind, word + ". Correct one of them"
            )
            issues += each_record(table, columns[role], here, issue, _said_text(what, said, kind))
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


def _without_addresses(guesses: tuple[RoleGuess, ...]) -> tuple[RoleGuess, ...]:
    """Samples go into workbooks that are passed on: no e-mail addresses among them."""
    return tuple(
        replace(
            g, samples=tuple(s.partition("@")[0][:1] + "…@…" if "@" in s else s for s in g.samples)
        )
        for g in guesses
    )
