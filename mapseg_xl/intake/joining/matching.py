"""How the rows of two tables were matched: counts, money to the cent, and what found nobody. Joins nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import fsum

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.errors import BothWays
from mapseg_xl.intake import clean
from mapseg_xl.intake.columns.classify import Classified, Kind, amount_column
from mapseg_xl.intake.columns.key_columns import LABEL, comparable
from mapseg_xl.intake.health import DONE_WITHOUT, blank_issue
from mapseg_xl.intake.joining.joints import Codes, Joint
from mapseg_xl.intake.tables import Array, Issue, Match, RawTable

MONEY_ROLES = ("revenue_total", "revenue_monthly", "acquisition_cost")
_ROWS_NAMED, _KEYS_NAMED = 3, 3


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Of each key: rows on the left and on the right."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]

    @property
    def both(self) -> Codes:
        """The keys that stand in several rows of both tables."""
        return np.flatnonzero((self.left > 1) & (self.right > 1))


def counts_of(joint: Joint) -> Counts:
    """How many rows each key has in either table."""
    return Counts(
        *(
            np.bincount(codes[codes >= 0], minlength=joint.n_codes).astype(np.int64)
            for codes in (joint.left_codes, joint.right_codes)
        )
    )


def refuse_both_ways(left: RawTable, right: RawTable, joint: Joint, both: Codes) -> None:
    """Stop with the rows of the first keys that stand in several rows of both tables."""
    if not len(both):
        return
    said = [_both_ways(left, right, joint, int(code)) for code in both[:_KEYS_NAMED]]
    rest = len(both) - _KEYS_NAMED
    more = f" So {'does 1 key' if rest == 1 else f'do {rest:,} keys'} more." if rest > 0 else ""
    found = f"{'; '.join(said)} ({joint.words(left, right)}): several matches both ways.{more}"
    raise BothWays(
        f"{found} Leave one row of each in {left.sheet} or in {right.sheet}, name another key with "
        "--map customer_id=COLUMN, or put add_up_both_ways = true in a file given with --settings: their rows are "
        f"then added up, and count with the first row in {left.sheet}.",
        found,
    )


def _both_ways(left: RawTable, right: RawTable, joint: Joint, code: int) -> str:
    theirs = np.flatnonzero(joint.right_codes == code)
    ours = rows_named(left, np.flatnonzero(joint.left_codes == code))
    value = right.columns[joint.right.index][theirs[0]]
    return f"{right.sheet} {rows_named(right, theirs)} and {left.sheet} {ours} all say '{value}'"


def rows_named(table: RawTable, records: NDArray[np.intp]) -> str:
    """`rows 5, 9, 12 and 4 more`."""
    named = ", ".join(str(r) for r in table.rows[records[:_ROWS_NAMED]].tolist())
    rest = f" and {len(records) - _ROWS_NAMED} more" if len(records) > _ROWS_NAMED else ""
    return f"{'row' if len(records) == 1 else 'rows'} {named}{rest}"


def money_of(right: Classified) -> NDArray[np.float64] | None:
    """The money of each record of the right table, 0 where its cell has none; None where no column has money."""
    roles = right.found.columns
    if right.kind is Kind.OTHER:
        return None
    index = next((roles[r] for r in MONEY_ROLES if r in roles), None)
    if right.kind is Kind.TRANSACTIONS:
        index = amount_column(right.table, right.found)
    return None if index is None else np.nan_to_num(clean.numbers(right.table, index).values)


def match_of(
    left: RawTable,
    right: Classified,
    joint: Joint,
    counts: Counts,
    partners: Codes,
    money: Array | None,
) -> Match:
    """The line of the match report. `partners`: the left record of each right one, -1 for none."""
    found = partners >= 0
    return Match(
        left=named(left),
        right=named(right.table),
        key=joint.words(left, right.table),
        matched=int(((counts.left > 0) & (counts.right > 0)).sum()),
        only_left=int(((counts.left > 0) & (counts.right == 0)).sum()),
        only_right=int(((counts.left == 0) & (counts.right > 0)).sum()),
        duplicates=int(((counts.left > 1) ^ (counts.right > 1)).sum()),
        many_to_many=len(counts.both),
        money_left=None if money is None else _summed(money[~found]),
        money_matched=None if money is None else _summed(money[found]),
        rows_left=int((~found).sum()),
        rows_matched=int(found.sum()),
        money_all=None if money is None else _summed(money),
    )


def _summed(money: Array) -> float:
    """The sum without what binary fractions leave behind the sixth decimal."""
    return round(fsum(money.tolist()), 6)


def named(table: RawTable) -> str:
    """`crm.csv`, or `team.xlsx · Billing`."""
    stem = table.source.rsplit(".", 1)[0]
    return table.source if stem == table.sheet else f"{table.source} · {table.sheet}"


def unmatched_issues(
    left: RawTable, right: RawTable, joint: Joint, partners: Codes, match: Match
) -> tuple[Issue, ...]:
    """The issue about rows of the right table that found nobody, with their money; none where all did."""
    records = np.flatnonzero(partners < 0)
    n = len(records)
    if not n:
        return ()
    worth = f", {match.money_left:,.2f} of money" if match.money_left is not None else ""
    verb = "row names" if n == 1 else "rows name"
    what = f"{n:,} {verb} no customer of {left.sheet} by {match.key}: {rows_named(right, records)}{worth}"
    todo = f"Correct the key, or add the customer to {left.sheet}"
    severity = "warning"
    if joint.right.kind == LABEL:
        what = f"{n:,} {verb} nothing in {left.sheet} by {match.key}: {rows_named(right, records)}"
        severity, todo = "note", "Correct the spelling if it should"
    issue = blank_issue(right, -1, severity, "unmatched_rows", f"{DONE_WITHOUT}. {todo}", what)
    return (replace(issue, cell=_row_cell(right, int(records[0])), count=n),)


def unjoined(left: RawTable, right: Classified, why: str) -> tuple[tuple[Match, ...], Issue]:
    """A table that meets no customer: its line of the match report where it holds money, and the issue with that money.

    `why`: a clause, such as `no column of it names customers`.
    """
    raw, money = right.table, money_of(right)
    n = len(raw.rows)
    rows = f"{n:,} {'row' if n == 1 else 'rows'}"
    total = None if money is None else _summed(money)
    worth = "" if total is None else f" with {total:,.2f} of money"
    todo = f"Give both sheets a column with the same customer ids, e-mail addresses or names as {left.sheet}"
    about_others = (
        right.kind is Kind.OTHER and not right.keys
    )  # a page of notes, figures of a month
    done = "Not needed" if about_others else f"{DONE_WITHOUT}, all of it: {rows}"
    issue = blank_issue(
        raw,
        -1,
        "note" if about_others else "warning",
        "unjoined_table",
        f"{done}. {todo}; --map customer_id=COLUMN says which it is",
        f"not joined{worth}: {why}",
    )
    if total is None:
        return (), issue
    keys = _customers_named(right)
    match = Match(named(left), named(raw), "", 0, 0, keys, 0, 0, total, 0.0, n, 0)
    return (match,), issue


def _customers_named(right: Classified) -> int:
    """Different values of the column that would name a table's customers; its rows where none does."""
    if not right.keys:
        return len(right.table.rows)
    texts = comparable(right.table, right.keys[0].index)
    return len(set(texts.tolist()) - {""})


def nameless(table: Classified, customer: Codes) -> tuple[Issue, ...]:
    """The issue about orders that name nobody, where the customers are made of the orders."""
    records = np.flatnonzero(customer < 0)
    if not len(records):
        return ()
    raw, money = table.table, money_of(table)
    worth = "" if money is None else f", {fsum(money[records].tolist()):,.2f} of money"
    issue = blank_issue(
        raw,
        -1,
        "warning",
        "unmatched_rows",
        f"{DONE_WITHOUT}. Write whose they are",
        f"{len(records):,} rows name no customer: {rows_named(raw, records)}{worth}",
    )
    return (replace(issue, cell=_row_cell(raw, int(records[0])), count=len(records)),)


def _row_cell(table: RawTable, record: int) -> str:
    row = int(table.rows[record])
    return f"{table.letters[0]}{row}:{table.letters[-1]}{row}"
