"""Exports of one kind, a file or sheet a quarter or a month: their rows below each other, as one table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from mapseg_xl.intake.choosing.stages import STAGE
from mapseg_xl.intake.cleaning.cells import CELLS_NAMED
from mapseg_xl.intake.columns.classify import Classified, Kind
from mapseg_xl.intake.columns.key_columns import Keyed, comparable
from mapseg_xl.intake.columns.role_words import header_words, word_set
from mapseg_xl.intake.tables import Array, Issue, RawTable, Sources, Spot, plain

MOST_SHARED = 0.5
"""Two lists of customers that share more of the smaller one's are the same list at two times, not two lists."""
_MARK = 77_777_00_00000000
_PART = 100_000_000  # more than a sheet has rows
_MARKED = re.compile(r"77777(\d{2})(\d{8})")
_LEADS = word_set("lead leads prospect prospects trial trials signup signups interessenten")
_MONTHS = (
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "januar februar marz april mai juni juli august september oktober november dezember",
    "january february march april may june july august september october november december",
)
_MONTH = {word: at for words in _MONTHS for at, word in enumerate(words.split(), 1)}
_QUARTER = re.compile(r"(?<![a-z])q([1-4])(?!\d)")
_YEAR_MONTH = re.compile(r"(?<!\d)(20\d\d)[-_. ]?(0[1-9]|1[0-2])?(?!\d)")

Period = tuple[int, int]  # year (0 unknown), month


def same_kind(tables: Sequence[Classified], keys: Mapping[int, Keyed]) -> list[list[Classified]]:
    """The tables in groups of one kind of export; most are alone in theirs. `keys`: by `id()` of the raw table.

    The latest first: where two tell of one customer, its row is the one that counts.
    """
    groups: list[list[Classified]] = []
    for table in tables:
        home = next((g for g in groups if all(_belong(table, t, keys) for t in g)), None)
        if home is None:
            groups.append([table])
        else:
            home.append(table)
    return [_latest_first(group) for group in groups]


def stacked(group: Sequence[Classified]) -> RawTable:
    """The rows of several tables as one. A row's number also says whose it is: see `unstacked`."""
    first = group[0].table
    places = [{plain(h): i for i, h in enumerate(t.table.headers)} for t in group]
    columns = tuple(
        _below([t.table.columns[at[plain(h)]] for t, at in zip(group, places, strict=True)])
        for h in first.headers
    )
    rows = [_MARK + at * _PART + t.table.rows for at, t in enumerate(group)]
    return replace(
        first,
        source=_together([t.table.source for t in group]),
        sheet=_together([t.table.sheet for t in group]),
        rows=np.concatenate(rows),
        columns=columns,
        issues=tuple(i for t in group for i in t.table.issues),
    )


def said(group: Sequence[Classified], table: RawTable) -> str:
    """What was done, as a sentence."""
    names = ", ".join(f"'{t.table.sheet}'" for t in group)
    latest = (
        f" A customer that stands in several counts as '{group[0].table.sheet}' has it."
        if group[0].kind is Kind.CUSTOMERS
        else ""
    )
    return f"Put {names} below each other: they have the same headers, {len(table.rows):,} rows.{latest}"


def unstacked(found: Sources, tables: Mapping[str, Sequence[RawTable]]) -> Sources:
    """What was found, with each row named as its own sheet has it. `tables`: of each stacked sheet."""
    for sheet, parts in tables.items():
        issues = tuple(
            own
            for issue in found.issues
            for own in (_own_places(issue, parts) if issue.sheet == sheet else (issue,))
        )
        joining = found.joining
        pairs = tuple(replace(p, table=_named(p.table, sheet, parts)) for p in joining.pairs)
        conflicts = tuple(
            replace(c, example=_named(c.example, sheet, parts)) for c in joining.conflicts
        )
        customers = found.customers
        if customers.sheet == sheet and "customer_id" not in customers.role_headers:
            customers = replace(customers, ids=_ids(customers.ids, parts))
        found = replace(
            found,
            issues=issues,
            customers=customers,
            joining=replace(joining, pairs=pairs, conflicts=conflicts),
        )
    return replace(found, issues=tuple(_without_marks(i) for i in found.issues))


def period_of(name: str) -> Period | None:
    """The month or quarter that a name says, as year and last month; None for none.

    >>> period_of("crm_2025-11"), period_of("Invoices Q2 2026"), period_of("Umsatz Mai"), period_of("Billing")
    ((2025, 11), (2026, 6), (0, 5), None)
    """
    low = plain_words(name)
    year = month = 0
    if found := _YEAR_MONTH.search(name):
        year, month = int(found[1]), int(found[2] or 0)
    if quarter := _QUARTER.search(name.casefold()):
        month = 3 * int(quarter[1])
    month = month or next((_MONTH[w] for w in low if w in _MONTH), 0)
    return (year, month) if year or month else None


def plain_words(name: str) -> list[str]:
    """The words of a name, without accents."""
    return list(header_words(name))


def _belong(one: Classified, other: Classified, keys: Mapping[int, Keyed]) -> bool:
    """Whether two tables are exports of one kind, whose rows belong below each other."""
    if one.kind is not other.kind or one.kind not in (Kind.CUSTOMERS, Kind.TRANSACTIONS):
        return False
    if sorted(map(plain, one.table.headers)) != sorted(map(plain, other.table.headers)):
        return False
    if one.kind is Kind.TRANSACTIONS:
        return True
    return _are_both_leads(one, other) and _shared(one, other, keys) <= MOST_SHARED


def _are_both_leads(one: Classified, other: Classified) -> bool:
    """A list of leads and one of customers are told apart by their names alone, where no column does."""
    if all(STAGE in t.table.headers or "status" in t.found.columns for t in (one, other)):
        return True
    a, b = (bool(_LEADS & set(plain_words(t.table.sheet))) for t in (one, other))
    return a == b


def _shared(one: Classified, other: Classified, keys: Mapping[int, Keyed]) -> float:
    """Share of the smaller list's customers that the other has too; all where none is named."""
    named = [k for k in keys[id(one.table)].columns if k.strict]
    if not named:
        return 1.0
    header = plain(one.table.headers[named[0].index])
    at = next(i for i, h in enumerate(other.table.headers) if plain(h) == header)
    ours = set(comparable(one.table, named[0].index).tolist()) - {""}
    theirs = set(comparable(other.table, at).tolist()) - {""}
    return len(ours & theirs) / max(1, min(len(ours), len(theirs)))


def _latest_first(group: list[Classified]) -> list[Classified]:
    """By the period in the names where all say one, else the last given first; orders stay as given."""
    if len(group) == 1 or group[0].kind is not Kind.CUSTOMERS:
        return group
    periods = [period_of(t.table.sheet) or period_of(t.table.source) for t in group]
    known = [p for p in periods if p is not None]
    if len(known) < len(group):
        return group[::-1]
    order = sorted(range(len(group)), key=lambda i: known[i], reverse=True)
    return [group[i] for i in order]


def _together(names: Sequence[str]) -> str:
    """One name for several: `Q1 + Q2`, or `January and 11 more`."""
    different = list(dict.fromkeys(names))
    if len(different) <= 2:
        return " + ".join(different)
    return f"{different[0]} and {len(different) - 1} more"


def _below(columns: Sequence[Array]) -> Array:
    if len({c.dtype for c in columns}) == 1:
        return np.concatenate(columns)
    return np.concatenate([c.astype(object) for c in columns])


def _own_places(issue: Issue, parts: Sequence[RawTable]) -> tuple[Issue, ...]:
    """An issue of several cells as one for each sheet that has some of them."""
    spots: dict[str, list[Spot]] = {}
    for spot in issue.spots:
        found = _MARKED.search(spot.cell)
        spots.setdefault(found[1] if found else "", []).append(spot)
    if len(spots) < 2:
        return (_own_place(issue, parts),)
    rest = issue.count - len(issue.spots)  # not named one by one: told with the last
    what = issue.issue.partition(":")[0]
    own = []
    for part, held in spots.items():
        first = ", ".join(f"{s.cell} {s.before}".strip() for s in held[:CELLS_NAMED])
        more = f" and {len(held) - CELLS_NAMED:,} more" if len(held) > CELLS_NAMED else ""
        count = len(held) + (rest if part == list(spots)[-1] else 0)
        text = f"{what}: {first}{more}"
        one = replace(issue, cell=held[0].cell, issue=text, count=count, spots=tuple(held))
        own.append(_own_place(one, parts))
    return tuple(own)


def _own_place(issue: Issue, parts: Sequence[RawTable]) -> Issue:
    """The issue at the sheet, file and cell that its row says; its words name other rows with their sheet."""
    found = _MARKED.search(issue.cell)
    if found is None:
        return replace(issue, issue=_rows_named(issue.issue, parts))
    own = parts[int(found[1])]
    text = _rows_named(issue.issue, parts, own.sheet)
    spots = tuple(
        replace(s, cell=_unmarked(s.cell), issue=_rows_named(s.issue, parts, own.sheet))
        for s in issue.spots
    )
    return replace(
        issue,
        source=own.source,
        sheet=own.sheet,
        cell=_unmarked(issue.cell),
        issue=text,
        spots=spots,
    )


def _unmarked(cell: str) -> str:
    return _MARKED.sub(lambda m: str(int(m[2])), cell)


def _rows_named(text: str, parts: Sequence[RawTable], here: str = "") -> str:
    def name(found: re.Match[str]) -> str:
        sheet = parts[int(found[1])].sheet
        return f"{int(found[2])}" if sheet == here else f"{int(found[2])} of {sheet}"

    return _MARKED.sub(name, text)


def _named(text: str, sheet: str, parts: Sequence[RawTable]) -> str:
    """A place such as `Q1 + Q2 17` or `Q1 + Q2!C17` as its own sheet has it."""

    def name(found: re.Match[str]) -> str:
        own = parts[int(found["part"])].sheet
        return f"{own}{found['between']}{int(found['row'])}"

    pattern = rf"{re.escape(sheet)}(?P<between>[ !][A-Z]*)77777(?P<part>\d{{2}})(?P<row>\d{{8}})"
    return re.sub(pattern, name, text)


def _without_marks(issue: Issue) -> Issue:
    """Rows of a stacked sheet that another sheet's issue names."""
    if "77777" not in issue.issue:
        return issue
    return replace(issue, issue=_MARKED.sub(lambda m: str(int(m[2])), issue.issue))


def _ids(ids: Array, parts: Sequence[RawTable]) -> Array:
    named = np.empty(len(ids), dtype=object)
    named[:] = [_MARKED.sub(lambda m: f"{parts[int(m[1])].sheet} {int(m[2])}", str(i)) for i in ids]
    return named
