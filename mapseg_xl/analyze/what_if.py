"""What if we win more of one segment? Blended figures after its share has shifted (statistics.md, section 11).

"Today" is the company's own figure, the one on every other tab. Weights are counts of the whole base on each
metric's own denominator. The rates of a proposal are those of the customers who did not find it: the
careful ones. Twins, the very same customers under another name, are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from mapseg_xl.analyze.candidates import Candidate
from mapseg_xl.analyze.look_back import YEAR_DAYS, LookBack, became_on, look_back
from mapseg_xl.intake.tables import Customers, Status
from mapseg_xl.metrics.base import Context, Estimate
from mapseg_xl.metrics.catalog import metric
from mapseg_xl.metrics.churn import exposure_of
from mapseg_xl.stats.mix import SCENARIOS, Blend, largest_step, shifted
from mapseg_xl.tally.groups import tally_groups
from mapseg_xl.tally.rows import Rows
from mapseg_xl.tally.tally import Tally

STEP = 0.10
FEW_MONTHS = 12.0
RATIO = "ltv_to_cac"  # no blend: a ratio of two blended sums
__all__ = ["SCENARIOS", "STEP", "Asked", "Part", "WhatIf", "WhatIfRow", "find_what_if"]


@dataclass(frozen=True, slots=True)
class WhatIfRow:
    """One line of what_if.csv: a blended figure of the base before and after. `after` None: see `note`."""

    segmentation: str
    segment_id: str
    segment: str
    scenario: str  # count absolute relative
    metric: str
    before: float | None
    after: float | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What a blend is made of: the segment's share of the metric's own denominator, its rate, the others' rate."""

    segment_id: str
    metric: str
    weight: float | None
    rate: float | None
    rest_rate: float | None
    n: float | None  # denominator of the segment, on the whole base
    n_all: float | None  # ... of the base
    base: float | None = None  # the company's figure today
    variance: float | None = None  # squared standard errors of rate and rest_rate
    rest_variance: float | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the cells of the tab hold: typed in an earlier workbook, else None for our own defaults."""

    segment: str | None = None  # as the list of the tab names it
    step: float | None = None
    quality: float | None = None
    new_customers: float | None = None


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The shifts of every candidate, and the parts they are computed from."""

    rows: tuple[WhatIfRow, ...] = ()
    parts: tuple[Part, ...] = ()
    shares: Mapping[str, tuple[int, int]] = field(
        default_factory=dict
    )  # segment_id -> its customers and all, whole base, churned ones included
    new_customers: float | None = None  # a year
    new_customers_said: str = ""  # where that is from, or why it is not known
    look_backs: tuple[LookBack, ...] = ()
    asked: Asked = field(default_factory=Asked)


def find_what_if(
    candidates: Sequence[Candidate],
    whole: Tally,
    context: Context,
    customers: Customers,
    rows: Rows,
    asked: Asked | None = None,
) -> WhatIf:
    """Every candidate's three shifts by a tenth on every metric that blends, twins left out."""
    found: list[WhatIfRow] = []
    parts: list[Part] = []
    shares: dict[str, tuple[int, int]] = {}
    single = [c for c in candidates if not c.twin_of]
    base = {name: metric(name).estimate(whole, context) for name in (*_DENOMINATORS, RATIO)}
    for candidate in single:
        tally = _on_whole_base(candidate, rows)
        made = _parts(candidate, tally, whole, base, context)
        parts += made
        shares[candidate.segment_id] = tally.paying, whole.paying
        found += _rows(candidate, made)
    number, said = new_customers(customers, rows)
    least = context.settings.min_units
    past = look_back(single, customers, rows, context.settings.model, least)
    return WhatIf(tuple(found), tuple(parts), shares, number, said, past, asked or Asked())


def _on_whole_base(candidate: Candidate, rows: Rows) -> Tally:
    """The tally that weights are counted from: proposals are measured on held-out customers alone."""
    if candidate.basis == "all":
        return candidate.measured.tally
    return tally_groups(rows, candidate.member.astype(np.int32) - 1, 1)[0]


def _conversion(tally: Tally) -> float | None:
    return None if tally.conversion is None else tally.conversion.n


def _win_rate(tally: Tally) -> float | None:
    return None if tally.deals is None else tally.deals.won + tally.deals.lost


def _arpu(tally: Tally) -> float | None:
    if tally.revenue_monthly is not None:
        return tally.revenue_monthly.n
    if tally.revenue_per_month is not None:
        return tally.revenue_per_month.months
    return None if tally.price_sums is None else tally.price_sums.n


def _monthly_churn(tally: Tally) -> float | None:
    lived = exposure_of(tally)
    return None if lived is None else lived[1]


def _cac(tally: Tally) -> float | None:
    return None if tally.acquisition is None else tally.acquisition.new_customers


_DENOMINATORS: Mapping[str, Callable[[Tally], float | None]] = {
    "conversion": _conversion,
    "win_rate": _win_rate,
    "arpu": _arpu,
    "monthly_churn": _monthly_churn,
    "ltv": lambda tally: tally.paying,
    "cac": _cac,
}


def _parts(
    candidate: Candidate,
    tally: Tally,
    whole: Tally,
    base: Mapping[str, Estimate],
    context: Context,
) -> list[Part]:
    """What is known of one candidate, metric by metric; metrics that the base does not have stay out."""
    parts = []
    for name, known in base.items():
        if known.value is None:
            continue
        count = _DENOMINATORS.get(name)
        n, n_all = (count(tally), count(whole)) if count else (None, None)
        segment = metric(name).estimate(candidate.measured.tally, context)
        rest = metric(name).estimate(candidate.measured.rest, context)
        parts.append(
            Part(
                candidate.segment_id,
                name,
                n / n_all if n is not None and n_all else None,
                segment.value,
                rest.value,
                n,
                n_all,
                known.value,
                segment.variance,
                rest.variance,
            )
        )
    return parts


def _rows(candidate: Candidate, parts: Sequence[Part]) -> list[WhatIfRow]:
    """The three shifts of one candidate; those that cannot be made say why."""
    made = []
    for scenario in SCENARIOS:
        after: dict[str, float | None] = {}
        for part in parts:
            value, note = _after(part, scenario)
            if part.metric == RATIO:
                worth, cost = after.get("ltv"), after.get("cac")
                value, note = (worth / cost, "") if worth is not None and cost else (None, "")
            after[part.metric] = value
            of = (candidate.segmentation, candidate.segment_id, candidate.name)
            made.append(WhatIfRow(*of, scenario, part.metric, part.base, value, note))
    return made


def _after(part: Part, scenario: str) -> tuple[float | None, str]:
    if part.base is None or part.weight is None:
        return None, ""
    if not part.weight and (scenario != "absolute" or part.rate is None):
        return part.base, "nobody of the segment counts here, so nothing moves"
    if part.rate is None:
        return None, "the segment's own figure is not known"
    blend = Blend(part.base, part.weight, part.rate, part.rest_rate)
    value = shifted(blend, scenario, STEP)
    if part.weight >= 1:
        return value, "everybody is in the segment: nothing to shift"
    most = largest_step(part.weight, scenario)
    if most is not None and most < STEP:
        unit = "points" if scenario == "absolute" else "%"
        return value, f"its share cannot pass 100%: at most {100 * most:.1f} {unit}"
    return value, "" if value is not None else "everyone else's figure is not known"


def new_customers(customers: Customers, rows: Rows) -> tuple[float | None, str]:
    """How many customers are won a year, and where that is from; None where nothing tells."""
    as_of, since = rows.question.as_of, became_on(customers)
    won = rows.status >= Status.CUSTOMER
    if as_of is not None and since is not None:
        days = (np.datetime64(as_of, "D") - since.astype("M8[D]")).astype(np.int64)
        known = won & ~np.isnat(since) & (days >= 0)
        watched = int(days[known].max()) + 1 if known.any() else 0
        if watched >= YEAR_DAYS:
            number = int((known & (days < YEAR_DAYS)).sum())
            return float(number), "won in the last 12 months of the data"
        if watched:
            number = round(int(known.sum()) * YEAR_DAYS / watched)
            return float(number), f"won in {watched} days, scaled to a year"
    tenure = customers.roles.get("tenure_months")
    if tenure is not None and (won & (tenure <= FEW_MONTHS)).any():
        young = int((won & (tenure <= FEW_MONTHS)).sum())
        return float(young), "customers of at most 12 months; no dates, so type what you expect"
    return None, "no dates of winning in the data: type how many you expect"
