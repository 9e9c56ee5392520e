"""By which columns two tables meet: every pair that could, measured, and the one that carries most. Joins nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mapseg_xl.errors import InputError
from mapseg_xl.intake.columns.key_columns import (
    KINDS,
    LABEL,
    KeyColumn,
    Keyed,
    comparable,
    compatible,
    numbers_of,
)
from mapseg_xl.intake.columns.roles import nearest
from mapseg_xl.intake.joining.levels import coarse_form
from mapseg_xl.intake.tables import Array, RawTable, plain

LEAST_COVERAGE = 0.05
"""Two columns that share fewer of the right table's rows than this meet by chance."""
EQUALLY_GOOD = 0.02
"""Two pairs of columns whose scores differ by less are equally good keys."""
WELL_JOINED = 0.5
"""Where exact keys do better than this, looser forms do not choose the columns; they only add rows."""
MOST_DISAGREEMENT = 0.02
"""Share of the rows that two equally good keys may give to different customers."""

_EXPLAINED = 0.5

Codes = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Joint:
    """Two columns that name the same things: a code a record on either side, -1 where the cell is empty."""

    left: KeyColumn
    right: KeyColumn
    left_codes: Codes
    right_codes: Codes
    n_codes: int
    coverage: float  # share of the right table's records with a partner
    uniqueness: float  # different keys among the left table's filled ones

    @property
    def score(self) -> float:
        """How much is found, and how surely it is one customer's."""
        return self.coverage * self.uniqueness

    def first_left(self) -> Codes:
        """The first left record of each code; -1 for a key only the right table has."""
        first = np.full(self.n_codes, -1, dtype=np.intp)
        records = np.flatnonzero(self.left_codes >= 0)[::-1]
        first[self.left_codes[records]] = records
        return first

    def partners(self) -> Codes:
        """For each right record the first left record of its key; -1 where there is none."""
        return np.append(self.first_left(), -1)[self.right_codes]

    def words(self, left: RawTable, right: RawTable) -> str:
        """`Account ID = account`."""
        return f"{left.headers[self.left.index]} = {right.headers[self.right.index]}"


def best_joint(left: Keyed, right: Keyed) -> Joint | None:
    """The pair of columns that finds most of the right table's rows their one customer; None where nothing meets.

    Two pairs that do equally well and disagree about whose the rows are stop the run with a question (InputError).
    """
    pairs = _meeting(left, right, _met, compatible)
    if max((joint.score for joint in pairs), default=0.0) < WELL_JOINED:
        better = _meeting(left, right, _met_in_a_form, has_form)
        pairs = better + [p for p in pairs if not any(_are_same(p, joint) for joint in better)]
    if not pairs:
        return None
    ranked = sorted(pairs, key=lambda j: (-j.score, *_sureness(j)))
    top = ranked[0].score
    rivals = sorted((j for j in ranked if j.score >= top - EQUALLY_GOOD), key=_sureness)
    _refuse_disagreement(rivals, left.table, right.table)
    return rivals[0]


def _meeting(
    left: Keyed,
    right: Keyed,
    meet: Callable[[Keyed, Keyed, KeyColumn, KeyColumn], Joint],
    may: Callable[[KeyColumn, KeyColumn], bool],
) -> list[Joint]:
    """Every pair of columns that may meet and finds more than a few rows a partner."""
    met = (meet(left, right, a, b) for a in left.columns for b in right.columns if may(a, b))
    return [joint for joint in met if joint.coverage >= LEAST_COVERAGE]


def _are_same(one: Joint, other: Joint) -> bool:
    return (one.left.index, one.right.index) == (other.left.index, other.right.index)


def named_joint(left: RawTable, right: RawTable, on: Sequence[tuple[str, str]]) -> Joint | None:
    """The columns that the user named for joining, where these two tables have them, either way round."""
    ours, theirs = _places(left), _places(right)
    for pair in on:
        for a, b in (pair, pair[::-1]):
            at, i = ours.get(plain(a)), theirs.get(plain(b))
            if at is not None and i is not None:
                columns = KeyColumn(at, "id", strict=True), KeyColumn(i, "id", strict=True)
                return _coded(*columns, comparable(left, at), comparable(right, i))
    return None


def refuse_unused(
    on: Sequence[tuple[str, str]], left: RawTable, others: Sequence[RawTable]
) -> None:
    """Stop the run where no other table meets the customers' by the columns that the user named (InputError)."""
    for pair in on:
        if any(named_joint(left, right, (pair,)) for right in others):
            continue
        headers = [h for table in (left, *others) for h in table.headers]
        known = {plain(h) for h in headers}
        unknown = [name for name in pair if plain(name) not in known]
        near = nearest(unknown[0], headers) if unknown else []
        hint = f" Did you mean {' or '.join(repr(n) for n in near)}?" if near else ""
        what = (
            f"there is no column '{unknown[0]}'.{hint}"
            if unknown
            else f"no sheet beside '{left.sheet}', the customers, can be joined by the two."
        )
        raise InputError(f"--on {pair[0]}={pair[1]}: {what}")


def _places(table: RawTable) -> dict[str, int]:
    return {plain(h): i for i, h in reversed(list(enumerate(table.headers))) if plain(h)}


def label_joint(left: RawTable, right: RawTable) -> Joint | None:
    """Columns of one header by which each row of the right table explains one value of the left's; None without.

    The right column must be words that differ in all rows, and stand in half of the left table's filled cells.
    """
    ours = _places(left)
    for i, header in enumerate(right.headers):
        at = ours.get(plain(header))
        if at is None or not plain(header):
            continue
        theirs = comparable(right, i)
        named = theirs[theirs != ""]
        if len(set(named.tolist())) < len(named) or all(t.isdigit() for t in named):
            continue
        columns = KeyColumn(at, LABEL, strict=False), KeyColumn(i, LABEL, strict=False)
        joint = _coded(*columns, comparable(left, at), theirs)
        filled = joint.left_codes[joint.left_codes >= 0]
        if len(filled) and np.isin(filled, joint.right_codes).mean() >= _EXPLAINED:
            return joint
    return None


def _sureness(joint: Joint) -> tuple[bool, int, int]:
    kinds = sorted((KINDS.index(joint.left.kind), KINDS.index(joint.right.kind)))
    return not (joint.left.strict and joint.right.strict), kinds[1], joint.left.index


def _met(left: Keyed, right: Keyed, a: KeyColumn, b: KeyColumn) -> Joint:
    met = _coded(a, b, left.texts[a.index], right.texts[b.index])
    if met.coverage < 1 and a.kind == b.kind == "id":
        ours, theirs = numbers_of(left.texts[a.index]), numbers_of(right.texts[b.index])
        if ours and theirs and (ours[0] == theirs[0] or "" in (ours[0], theirs[0])):
            short = _coded(a, b, ours[1], theirs[1])
            met = short if short.coverage > met.coverage else met
    return met


def has_form(a: KeyColumn, b: KeyColumn) -> bool:
    """Whether cells of two key columns that differ may still say the same: names, addresses, domains."""
    return coarse_form(a.kind, b.kind) is not None


def _met_in_a_form(left: Keyed, right: Keyed, a: KeyColumn, b: KeyColumn) -> Joint:
    """The joint by the exact key with the coverage that a form of it gives; of address and domain by the domain."""
    form = coarse_form(a.kind, b.kind)
    if form is None:
        return _met(left, right, a, b)
    met = _coded(a, b, _formed(left.texts[a.index], form), _formed(right.texts[b.index], form))
    if a.kind != b.kind and "domain" in (a.kind, b.kind):
        return met
    return replace(_met(left, right, a, b), coverage=met.coverage)


def _formed(texts: Array, form: Callable[[str], str]) -> Array:
    codes, uniques = pd.factorize(texts)
    made = np.empty(len(uniques), dtype=object)
    made[:] = [form(text) for text in uniques]
    return np.asarray(made[codes])


def _coded(a: KeyColumn, b: KeyColumn, left: Array, right: Array) -> Joint:
    codes, uniques = pd.factorize(np.concatenate([left, right]))
    empty = np.flatnonzero(uniques == "")
    if len(empty):
        codes = np.where(codes == empty[0], -1, codes)
    left_codes, right_codes = codes[: len(left)], codes[len(left) :]
    known = np.zeros(len(uniques) + 1, dtype=bool)  # the last: empty cells
    known[left_codes[left_codes >= 0]] = True
    filled = int((left_codes >= 0).sum())
    coverage = float(known[right_codes].mean()) if len(right) else 0.0
    uniqueness = int(known.sum()) / filled if filled else 0.0
    return Joint(a, b, left_codes, right_codes, len(uniques), coverage, uniqueness)


def _refuse_disagreement(rivals: list[Joint], left: RawTable, right: RawTable) -> None:
    best, *others = rivals
    ours = best.partners()
    for other in others:
        theirs = other.partners()
        differ = np.flatnonzero((ours >= 0) & (theirs >= 0) & (ours != theirs))
        if len(differ) <= MOST_DISAGREEMENT * len(ours):
            continue
        rows = ", ".join(str(r) for r in right.rows[differ[:3]].tolist())
        raise InputError(
            f"{left.sheet} and {right.sheet} can be joined by '{best.words(left, right)}' or by "
            f"'{other.words(left, right)}', equally well, and the two name different customers in "
            f"{len(differ):,} rows of {right.sheet} (e.g. {rows}). Say which column names the customer, e.g. "
            f'--map "customer_id={right.headers[best.right.index]}".'
        )
