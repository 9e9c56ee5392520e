"""What today's rows say of an earlier day that they did not say then: two footprints compared, group by group.

Every figure is a count of rows that it takes at least, and an estimate. A group that differs holds at least one such
row. m rows fall into about G(1 - (1 - 1/G)^m) of G groups, which gives the estimate (linear counting: Whang,
Vander-Zanden and Taylor 1990).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.analyze.footprints import Dealt, Footprint, Layer, deal, summed
from mapseg_xl.intake.tables import Customers, Orders
from mapseg_xl.tally.rows import Mask

_LOW = np.uint64(0xFFFFFFFF)
_MOST_SETS = 5_000  # of rows of one group that are tried as those that came
_MOST_TRIES = 1_000_000  # in all
_SAME_COLUMN = 0.9  # of the groups that two columns must agree on to be one


@dataclass(frozen=True, slots=True)
class Bound:
    """Rows: at least so many, and about so many; None where nearly every group differs."""

    least: int = 0
    about: float | None = 0.0

    @property
    def none(self) -> bool:
        """Whether there is not one."""
        return self.least == 0


@dataclass(frozen=True, slots=True)
class Edits:
    """What differs between the rows of an earlier run and today's rows of that day.

    `came`: rows that were not there although they are of that day or have none; `came_rows`: the sheet rows of those
    that could be told. `gone`: rows that were there. `layers`, `traits`: rows that say something else.
    `renamed`: a trait then -> what it is called now. `seen`: part of the rows whose layers could be compared.
    """

    keyed: bool
    then: int
    now: int
    came: Bound
    gone: Bound
    came_rows: tuple[int, ...] = ()
    layers: Mapping[str, Bound] = field(default_factory=dict)
    traits: Mapping[str, Bound] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()  # traits of then that today's data has not
    added: tuple[str, ...] = ()  # traits that it has on top
    seen: float = 1.0

    @property
    def is_none(self) -> bool:
        """Whether every row of then is there and says the same."""
        every = (self.came, self.gone, *self.layers.values(), *self.traits.values())
        return all(bound.none for bound in every)


def edits(
    then: Footprint,
    customers: Customers,
    orders: Orders | None,
    silent: Mapping[str, Mask] | None = None,
) -> Edits:
    """Today's rows as they stood on the day of a footprint, compared with it.

    `silent`: by layer, rows whose word today is no edit (a price that was cleared when the customer left): their
    groups are not compared on it.
    """
    groups = then.groups
    dealt = deal(customers, orders, then.salt, groups, keyed=then.keyed)
    who = _who(then, dealt, groups)
    clean = who.clean
    extra = who.came
    kept = ~extra
    weights = np.bincount(dealt.group[kept], minlength=groups)
    known = int(weights.sum())

    def counted(was: Layer, prints: NDArray[np.uint64], unheard: Mask | None = None) -> Bound:
        looked = clean
        if unheard is not None and unheard.any():
            looked = clean.copy()
            looked[dealt.group[unheard]] = False
        sums = summed(prints[kept], dealt.group[kept], groups)
        differ = _bytes(sums) != np.frombuffer(was.sums, dtype=np.uint8)
        found = int((differ & looked).sum())
        if not found and looked.all() and int(sums.sum(dtype=np.uint64)) != was.total:
            found = 1  # in a group whose byte happens to be the same
        return _bound(found, int(looked.sum()), float(weights[looked].sum()), known)

    silent = silent or {}
    layers = {
        name: counted(was, dealt.layers[name], silent.get(name))
        for name, was in then.layers.items()
        if name in dealt.layers
    }
    renamed = _renamed(then, dealt, clean, kept, groups)
    there = {name: renamed.get(name, name) for name in then.traits}
    traits = {
        name: counted(was, dealt.traits[there[name]])
        for name, was in then.traits.items()
        if there[name] in dealt.traits
    }
    return Edits(
        then.keyed,
        then.n,
        dealt.n,
        who.came_bound,
        who.gone_bound,
        tuple(sorted(customers.rows[extra].tolist())),
        layers,
        traits,
        renamed,
        tuple(name for name in then.traits if there[name] not in dealt.traits),
        tuple(name for name in dealt.traits if name not in there.values()) if then.keyed else (),
        float(weights[clean].sum() / known) if known else 0.0,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Who:
    """Which groups hold the same ids as then, those that came set aside, and how many came and went."""

    clean: Mask
    came: Mask
    came_bound: Bound
    gone_bound: Bound


def _who(then: Footprint, dealt: Dealt, groups: int) -> _Who:
    """Compares the ids. A group with more rows may be then's plus some: which ones is found where they are few."""
    were = np.frombuffer(then.rows, dtype="<u2").astype(np.int64)
    sums_then = np.frombuffer(then.ids, dtype="<u4").astype(np.uint64)
    are = np.bincount(dealt.group, minlength=groups)
    sums = summed(dealt.ids, dealt.group, groups) & _LOW
    more = are - were
    surplus = (sums - sums_then) & _LOW
    clean = (more == 0) & (sums == sums_then)
    came = np.zeros(dealt.n, dtype=np.bool_)
    members = _members(dealt.group, np.flatnonzero(more > 0))
    tries = 0
    for group in np.flatnonzero(more > 0).tolist():
        rows = members[group]
        size = int(more[group])
        ways = math.comb(len(rows), size)
        if ways > _MOST_SETS or tries + ways > _MOST_TRIES:
            continue
        tries += ways
        found = _summing_to(dealt.ids[rows], size, surplus[group])
        if found is not None:
            came[rows[found]] = True
            clean[group] = True
    open_groups = ~clean
    same_size = int((open_groups & (more == 0)).sum())
    # a group with more rows whose surplus nobody explains has lost one too; where it was not tried, nobody knows
    came_least = int(came.sum()) + int(more[open_groups & (more > 0)].sum()) + same_size
    gone_least = int(-more[open_groups & (more < 0)].sum()) + same_size
    return _Who(
        clean,
        came,
        _both_ways(came_least, open_groups, more, groups, wins=True),
        _both_ways(gone_least, open_groups, more, groups, wins=False),
    )


def _both_ways(
    least: int, open_groups: Mask, more: NDArray[np.int64], groups: int, *, wins: bool
) -> Bound:
    """At least so many; about: as many as leave so many groups untouched, once those that are told are set aside."""
    touched = int((open_groups & ((more >= 0) if wins else (more <= 0))).sum())
    if not touched:
        return Bound(least, float(least))
    share = touched / groups
    if share >= 1.0:
        return Bound(least, None)
    met = -math.log1p(-share) * groups
    return Bound(least, max(float(least), least + met - touched))


def _members(group: NDArray[np.int64], wanted: NDArray[np.int64]) -> dict[int, NDArray[np.int64]]:
    if not len(wanted):
        return {}
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], wanted, side="left")
    ends = np.searchsorted(group[order], wanted, side="right")
    return {int(g): order[a:b] for g, a, b in zip(wanted.tolist(), starts, ends, strict=True)}


def _summing_to(
    prints: NDArray[np.uint64], size: int, target: np.uint64
) -> NDArray[np.int64] | None:
    """The rows of a group whose prints sum to the target, modulo 2^32; None where none do."""
    sets = _sets(len(prints), size)
    sums = prints[sets].sum(axis=1, dtype=np.uint64) & _LOW
    fits = np.flatnonzero(sums == target)
    return sets[fits[0]] if len(fits) else None


@lru_cache(maxsize=64)
def _sets(n: int, size: int) -> NDArray[np.int64]:
    return np.array(list(combinations(range(n), size)), dtype=np.int64)


def _bound(found: int, looked: int, rows_looked: float, rows: int) -> Bound:
    """Rows that differ, from the groups that do."""
    if not found:
        return Bound()
    scale = rows / rows_looked if rows_looked else 1.0
    if found >= looked:
        return Bound(found, None)
    met = math.log1p(-found / looked) / math.log1p(-1 / looked) if looked > 1 else float(found)
    return Bound(found, max(float(found), met * scale))


def _bytes(sums: NDArray[np.uint64]) -> NDArray[np.uint8]:
    made: NDArray[np.uint8] = (sums >> np.uint64(56)).astype(np.uint8)
    return made


def _renamed(then: Footprint, dealt: Dealt, clean: Mask, kept: Mask, groups: int) -> dict[str, str]:
    """Traits that are gone and come back under another name: the same values of the same customers."""
    lost = [name for name in then.traits if name not in dealt.traits]
    new = [name for name in dealt.traits if name not in then.traits]
    found: dict[str, str] = {}
    if not clean.any():
        return found
    sums = {
        name: _bytes(summed(dealt.traits[name][kept], dealt.group[kept], groups)) for name in new
    }
    for name in lost:
        was = np.frombuffer(then.traits[name].sums, dtype=np.uint8)
        agree = {n: float((sums[n] == was)[clean].mean()) for n in new if n not in found.values()}
        best = max(agree, key=lambda n: agree[n], default="")
        if best and agree[best] >= _SAME_COLUMN:
            found[name] = best
    return found
