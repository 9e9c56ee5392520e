"""The customers that the columns of a call make up, tallied by segment: the same way that a run of the files takes.

No estimator here: a figure is what its metric makes of the Tally of a segment.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.analyze.curves import horizon_months, tau_months
from mapseg_xl.analyze.performance import Group, Measured, PerformanceRow, family_rows
from mapseg_xl.excel.answering.answers import BadArguments, NotAvailable
from mapseg_xl.excel.answering.remembered import Remembered
from mapseg_xl.excel.arguments.columns import LABEL, Asked, Columns, read_columns
from mapseg_xl.intake.checks import latest_plausible_date, ordered_dates, without_future
from mapseg_xl.intake.describing.categories import by_size
from mapseg_xl.intake.status import standing
from mapseg_xl.intake.tables import Customers, Issue, Status, Trait
from mapseg_xl.measure.segments import partition
from mapseg_xl.metrics.base import Context, Estimate, Metric
from mapseg_xl.settings import Settings
from mapseg_xl.stats.resampling import fold_weights
from mapseg_xl.tally.groups import tally_all, tally_groups
from mapseg_xl.tally.purchases import with_purchases
from mapseg_xl.tally.rows import Rows, Trials, bind
from mapseg_xl.tally.standing import as_they_stood
from mapseg_xl.tally.tally import Tally

MOST_SEGMENTS = 1_000  # in a table; a column with more values is no segmentation
SEGMENT = "segment"
DRAWN = {"revenue_monthly", "revenue_total", "acquisition_cost", "order_count"}


@dataclass(frozen=True, slots=True)
class Base:
    """What a call asks of: the columns, and how they are to be read.

    `everybody`: each row is a customer, also where nothing is paid. `options`: settings that are not the default.
    """

    columns: tuple[Asked, ...]
    options: tuple[tuple[str, Any], ...] = ()
    as_of: date | None = None
    everybody: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """The base of a call, tallied as a whole and by segment, and what has been measured of it so far."""

    columns: Columns
    customers: Customers
    trait: Trait
    settings: Settings
    as_of: date | None
    rows: Rows
    whole: Tally
    places: Mapping[str, int]  # segment in comparable form -> its place among the trait's values
    memo: dict[Hashable, Any] = field(default_factory=dict)

    def tallies(self) -> Sequence[Tally]:
        """The Tally of each segment."""
        if "tallies" not in self.memo:
            size = len(self.trait.values)
            if size > MOST_SEGMENTS:
                raise BadArguments(
                    f"{SEGMENT} has {size:,} different values; at most {MOST_SEGMENTS:,} can be "
                    "compared. Name a column that puts customers into groups."
                )
            self.memo["tallies"] = tally_groups(self.rows, self.trait.codes, size)
        found: Sequence[Tally] = self.memo["tallies"]
        return found

    def tally(self, place: int) -> Tally:
        """The Tally of one segment, also where there are too many for a table."""
        if len(self.trait.values) <= MOST_SEGMENTS:
            return self.tallies()[place]
        mine = np.where(self.trait.codes == place, 0, -1)
        return tally_groups(self.rows, mine, 1)[0]

    def context(self) -> Context:
        """What all figures share: draws, horizon and limit of months."""
        if "context" not in self.memo:
            parts: Iterable[Tally] = ()
            if self.rows.stays is not None and len(self.trait.values) <= MOST_SEGMENTS:
                parts = _followed(self.whole, self.tallies())
            settings = self.settings
            self.memo["context"] = Context(
                settings,
                horizon_months(self.whole, parts, settings),
                tau_months(self.whole, settings),
                _weights(self.rows.n_folds, settings.bootstrap_draws, settings.seed),
            )
        found: Context = self.memo["context"]
        return found

    def estimate(self, metric: Metric, place: int) -> Estimate:
        """One figure of one segment."""
        key = (metric.id, place)
        if key not in self.memo:
            self.memo[key] = metric.estimate(self.tally(place), self.context())
        found: Estimate = self.memo[key]
        return found

    def family(self, metric: Metric) -> list[PerformanceRow]:
        """One figure of every segment against everyone else, judged together."""
        key = (metric.id, "family")
        if key not in self.memo:
            if not self.rows.strata:
                metric = replace(metric, strata="")  # no channel, no start to check it within
            segments = partition(self.trait)
            measured = tuple(
                Measured(s, segments.member(i), t, self.whole.minus(t))
                for i, (s, t) in enumerate(zip(segments.segments, self.tallies(), strict=True))
            )
            group = Group(segments, measured)
            self.memo[key] = family_rows(metric, group, self.rows, self.whole, self.context())
        found: list[PerformanceRow] = self.memo[key]
        return found

    def place_of(self, which: str) -> int:
        """The place of a segment, found whatever its case and outer spaces."""
        place = self.places.get(comparable(which))
        if place is None:
            values = self.trait.values
            more = f" (and {len(values) - 3:,} more)" if len(values) > 3 else ""
            raise NotAvailable(
                f"'{which}' is not in {SEGMENT}. The values are {', '.join(values[:3])}{more}."
            )
        return place


_bases: Remembered[Bound] = Remembered(16)


def bound(base: Base) -> Bound:
    """The base tallied; the same columns and options are read and counted once."""
    given = tuple(a.given for a in base.columns)
    names = tuple((a.name, a.role, a.day_or_flag) for a in base.columns)
    return _bases.get(
        given, (names, base.options, base.as_of, base.everybody), lambda: _bound(base)
    )


def comparable(name: str) -> str:
    """A segment's name without what matching overlooks: case, outer and repeated spaces."""
    return " ".join(name.casefold().split())


def _followed(whole: Tally, tallies: Sequence[Tally]) -> Iterator[Tally]:
    """Every segment and everyone else, one at a time and without money: of a million rows that takes gigabytes."""
    money: dict[str, Any] = {f.name: None for f in fields(whole) if f.default is None}
    lives: Tally = replace(whole, **{**money, "lifetimes": whole.lifetimes})
    for mine in tallies:
        yield mine
        yield lives.minus(mine)


@lru_cache(maxsize=4)
def _weights(n_folds: int, draws: int, seed: int) -> NDArray[np.float32]:
    return fold_weights(n_folds, draws, seed)


def _bound(base: Base) -> Bound:
    columns = read_columns(base.columns)
    settings = Settings().with_values(dict(base.options), "the arguments")
    customers, misdated = _customers(columns, base.everybody)
    columns = replace(columns, notes=(*columns.notes, *misdated))
    as_of = base.as_of or latest_plausible_date(customers)
    customers = as_they_stood(customers, as_of)
    if not customers.n:
        raise NotAvailable(f"No row is there yet on {as_of}. Name a later day.")
    rows = with_purchases(bind(customers, as_of, settings), customers, None, settings)
    if not rows.leaving_told:
        rows = replace(rows, price_now=None)  # nobody knows who is still here
    if rows.trials is None and {"converted", "converted_on"} & customers.roles.keys():
        rows = replace(rows, trials=_all_converted(customers.n))  # asked for all the same
    trait = customers.traits[0]
    places = {comparable(value): i for i, value in enumerate(trait.values)}
    return Bound(columns, customers, trait, settings, as_of, rows, tally_all(rows), places)


def _all_converted(n: int) -> Trials:
    """A column of nothing but yes: a run of files would take it for a list of customers, a cell asked for its share."""
    everybody, nobody = np.ones(n, np.bool_), np.zeros(n, np.bool_)
    return Trials("undated", everybody, everybody, nobody, nobody, nobody, None)


def _customers(columns: Columns, everybody: bool) -> tuple[Customers, tuple[str, ...]]:
    """The rows as customers, and which dates among them cannot be."""
    roles, late = without_future(dict(columns.roles), columns.places)
    status = standing(columns.n, roles, None, Status.CUSTOMER).status
    if everybody:
        status = np.maximum(status, np.int8(Status.CUSTOMER))
    roles, turned = ordered_dates(roles, columns.places)
    texts = columns.labels.get(SEGMENT, np.full(columns.n, "everybody", dtype=object))
    values, codes = by_size(texts)
    trait = Trait(SEGMENT, "", "firmographic", values, codes)
    customers = Customers(
        n=columns.n,
        status=status,
        ids=_exchangeable_ids(codes, status, roles),
        roles=roles,
        role_headers={role: role for role in roles},
        traits=(trait,),
        source="",
        sheet="",
        rows=columns.table.rows,
    )
    return customers, tuple(_misdated(issues) for issues in (late, turned) if issues)


def _misdated(issues: Sequence[Issue]) -> str:
    """Dates that are left out: how many, and the first of them."""
    first, count = issues[0], sum(issue.count for issue in issues)
    more = f" and {count - 1:,} more" if count > 1 else ""
    return f"left out: {first.cell}{more}, {first.issue}"


def _exchangeable_ids(
    codes: NDArray[Any], status: NDArray[Any], roles: Mapping[str, NDArray[Any]]
) -> NDArray[Any]:
    """An id a row, told by what the row holds and not by where it stands: sorting a sheet changes no draw.

    Only ranges of money are drawn; without money the rows need no ids.
    """
    if not DRAWN & roles.keys():
        return np.full(len(codes), "", dtype=object)
    keys = [codes, status, *(values.astype(np.float64) for values in roles.values())]
    order = np.lexsort(keys[::-1])
    ids = np.empty(len(codes), dtype=object)
    ids[order] = np.arange(len(codes)).astype(str)
    return ids


def with_options(**given: Any) -> tuple[tuple[str, Any], ...]:
    """The settings that were given, those left out being None."""
    return tuple((name, value) for name, value in given.items() if value is not None)


def segment_column(given: Any) -> Asked:
    """The column whose values are compared."""
    return Asked(SEGMENT, LABEL, given)
