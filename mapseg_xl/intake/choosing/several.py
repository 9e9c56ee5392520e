"""Which table of several holds the customers, and which of their columns the user meant. Joins nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import log2

import numpy as np

from mapseg_xl.errors import InputError, MissingColumn, UnclearSheets
from mapseg_xl.intake.columns.classify import Classified, Kind
from mapseg_xl.intake.columns.key_columns import Keyed
from mapseg_xl.intake.columns.readings import IntakeOptions
from mapseg_xl.intake.columns.roles import RoleMap, check_role, nearest
from mapseg_xl.intake.joining.joints import Codes, Joint, best_joint
from mapseg_xl.intake.joining.overlaps import table_name
from mapseg_xl.intake.tables import RawTable, plain

EQUALLY_PLAUSIBLE = 0.85
"""A second table with this share of the best one's evidence could as well be the customers."""
ALIKE = 0.8
"""Two tables that share this part of their headers are the same kind of export twice."""
_MORE_CUSTOMERS = 1.25
"""A table with this many times the customers holds them, whatever else it lacks."""
_LEAD_ROLES = {"created_on", "trial_on", "status", "stage", "outcome"}
_LIFE_OF_ACCOUNTS = {
    "outcome", "trial_on", "converted_on", "churned_on", "converted", "churned", "revenue_monthly", "tenure_months",
}  # fmt: skip
_SEVERAL_DEALS = 1.1  # rows an account
_SHEETS_NAMED = 3
_EVERYWHERE = ("customer_id", "trait", "ignore")  # may be said of several tables at once


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A table that may hold the customers, and how much its columns speak for it."""

    table: Classified
    evidence: float


def customers_table(
    tables: Sequence[Classified], keys: Mapping[int, Keyed], options: IntakeOptions
) -> Classified:
    """The table whose rows are the customers: of those that tell of customers, the one that knows most of them.

    Two that could equally be it stop the run with a question (UnclearSheets). `keys`: by `id()` of the raw table.
    """
    among = _candidates(tables)
    ranked = sorted(
        (Candidate(t, evidence(t.table, t.found, options)) for t in among),
        key=lambda c: -c.evidence,
    )
    best = ranked[0]
    known = [keys[id(c.table.table)] for c in ranked]
    joints = {id(c): best_joint(known[0], k) for c, k in zip(ranked[1:], known[1:], strict=True)}
    rivals = [c for c in ranked[1:] if _is_rival(best, c, joints[id(c)])]
    if rivals:
        unclear = [c.table.table for c in (best, *rivals)]
        raise UnclearSheets(_question(unclear), tuple(t.sheet for t in unclear))
    deals = [c for c in ranked[1:] if _are_deals(best, c, joints[id(c)])]
    if deals:
        return deals[0].table
    others = [c for c in ranked[1:] if not _are_accounts(c, best, joints[id(c)])]
    larger = [(n, c) for c in others if (n := _more(c, joints[id(c)]))]
    return max(larger, key=lambda item: item[0])[1].table if larger else best.table


def evidence(table: RawTable, found: RoleMap, options: IntakeOptions) -> float:
    """Role columns, sure ones twice, times the magnitude of the rows; headers the user named count most."""
    roles = sum(
        2 if g.sure else 1 for g in found.guesses if g.role not in {"trait", "ignored"}
    ) + _one_row_each(table, found)
    named = {
        plain(h) for hs in options.maps.values() for h in ((hs,) if isinstance(hs, str) else hs)
    }
    named |= {plain(part) for h in options.segment_by for part in h.split(" x ")}
    known = {plain(h) for h in table.headers}
    return (roles + 10 * len(named & known)) * log2(len(table.rows) + 1)


def maps_of(tables: Sequence[Classified], options: IntakeOptions) -> tuple[IntakeOptions, ...]:
    """The options of each table, with what --map says of its own columns.

    `ROLE=COLUMN` goes to the table that has the column, `ROLE=SHEET!COLUMN` to that sheet; a column that several have
    stops the run with a question, but for ids, traits and columns to ignore, which may be meant of all.
    """
    told: list[dict[str, str | tuple[str, ...]]] = [{} for _ in tables]
    for role, headers in options.maps.items():
        check_role(role)
        for header in (headers,) if isinstance(headers, str) else headers:
            at, name = _tables_with([t.table for t in tables], header, role)
            for i in at:
                before = told[i].get(role, ())
                several = role in ("trait", "ignore")
                told[i][role] = (*before, name) if several else name
    return tuple(replace(options, maps=maps) for maps in told)


def may_be_mapped(tables: Sequence[Classified]) -> list[Classified]:
    """The tables whose columns can play a role: those of customers; all where none is."""
    own = [t for t in tables if t.kind in (Kind.CUSTOMERS, Kind.TRANSACTIONS)]
    return own or list(tables)


def _candidates(tables: Sequence[Classified]) -> list[Classified]:
    for kinds in ((Kind.CUSTOMERS,), (Kind.TRANSACTIONS,), (Kind.OTHER,)):
        if found := [t for t in tables if t.kind in kinds]:
            return found
    return list(tables)


def _one_row_each(table: RawTable, found: RoleMap) -> int:
    """Points for an id that names one row each, which orders and usage logs do not have."""
    index = found.columns.get("customer_id")
    if index is None:
        return 0
    ids = [v for v in table.columns[index].tolist() if v is not None]
    return 4 if len(set(ids)) > 0.9 * len(ids) else -2


def _is_rival(best: Candidate, other: Candidate, joint: Joint | None) -> bool:
    if other.evidence < EQUALLY_PLAUSIBLE * best.evidence:
        return False
    ours, theirs = ({plain(h) for h in c.table.table.headers} for c in (best, other))
    return joint is None or len(ours & theirs) >= ALIKE * min(len(ours), len(theirs))


def _are_deals(accounts: Candidate, other: Candidate, joint: Joint | None) -> bool:
    """Whether the other table holds the deals of accounts, of which the first tells no life of their own.

    A deal is won or lost by itself: made one row an account, the lost ones would vanish and their money be added up.
    """
    return joint is not None and _several_each(accounts, other, joint.right_codes, joint)


def _are_accounts(accounts: Candidate, deals: Candidate, joint: Joint | None) -> bool:
    """The same the other way round: the deals are on the left of the joint."""
    return joint is not None and _several_each(accounts, deals, joint.left_codes, joint)


def _several_each(accounts: Candidate, deals: Candidate, codes: Codes, joint: Joint) -> bool:
    """Whether the deals, won or lost, are several an account, and most of them of accounts that are there."""
    if "outcome" not in deals.table.found.columns:
        return False
    if _LIFE_OF_ACCOUNTS & accounts.table.found.columns.keys():
        return False
    named = codes[codes >= 0]
    different, both = len(np.unique(named)), _sizes(joint)[2]
    return len(named) >= _SEVERAL_DEALS * different and both >= 0.5 * different


def _more(other: Candidate, joint: Joint | None) -> int:
    """How many customers the other table knows, where it knows most of the best one's and more; else 0."""
    if joint is None:
        return 0
    n_left, n_right, both = _sizes(joint)
    rows = int((joint.right_codes >= 0).sum())
    covers = both >= 0.5 * min(n_left, n_right) and n_right >= 0.9 * rows
    leads = bool(_LEAD_ROLES & other.table.found.columns.keys())
    more = n_right >= _MORE_CUSTOMERS * n_left or (n_right > n_left and leads)
    return n_right if covers and more else 0


def _sizes(joint: Joint) -> tuple[int, int, int]:
    """Different keys on the left, on the right, and on both sides."""
    left, right = (np.unique(c[c >= 0]) for c in (joint.left_codes, joint.right_codes))
    return len(left), len(right), len(np.intersect1d(left, right, assume_unique=True))


def _question(tables: list[RawTable]) -> str:
    listed = [f"'{table_name(t, tables)}'" for t in tables]
    more = [f"{len(listed) - _SHEETS_NAMED} more"] if len(listed) > _SHEETS_NAMED else []
    names = " and ".join(listed[:_SHEETS_NAMED] + more)
    sources = dict.fromkeys(t.source for t in tables)
    return (
        f"{', '.join(sources)}: the sheets {names} could each be the customers. "
        f'Say which with --sheet, e.g. --sheet "{table_name(tables[0], tables)}".'
    )


def _tables_with(tables: list[RawTable], header: str, role: str) -> tuple[list[int], str]:
    at = _having(tables, header)
    name = header
    if not at and "!" in header:
        sheet, name = (part.strip() for part in header.split("!", 1))
        at = [i for i in _having(tables, name) if _is_called(tables[i], sheet, tables)]
    if not at:
        raise MissingColumn(_nowhere(tables, header, role))
    if len(at) > 1 and role not in _EVERYWHERE:
        both = " and ".join(f"'{table_name(tables[i], tables)}'" for i in at)
        first = table_name(tables[at[0]], tables)
        raise InputError(
            f"--map {role}={header}: the sheets {both} have a column '{header}'. "
            f'Say which, e.g. --map "{role}={first}!{header}".'
        )
    return at, name


def _having(tables: list[RawTable], header: str) -> list[int]:
    wanted = plain(header)
    return [i for i, t in enumerate(tables) if wanted and wanted in map(plain, t.headers)]


def _is_called(table: RawTable, name: str, among: list[RawTable]) -> bool:
    return name.casefold() in {
        table.sheet.casefold(),
        table_name(table, among).casefold(),
        f"{table.source}:{table.sheet}".casefold(),
    }


def _nowhere(tables: list[RawTable], header: str, role: str) -> str:
    sheets = ", ".join(table_name(t, tables) for t in tables)
    near: Mapping[str, None] = dict.fromkeys(n for t in tables for n in nearest(header, t.headers))
    hint = f" Did you mean {' or '.join(repr(n) for n in list(near)[:2])}?" if near else ""
    return f"--map {role}={header}: none of the sheets {sheets} has a column '{header}'.{hint}"
