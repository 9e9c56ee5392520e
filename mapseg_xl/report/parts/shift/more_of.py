"""What more of one segment would bring, in numbers: what the cells of What if show now, as the formulas compute it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mapseg_xl.analyze.candidates import Candidate
from mapseg_xl.analyze.findings import Findings
from mapseg_xl.analyze.look_back import LookBack
from mapseg_xl.analyze.what_if import RATIO, STEP, Part
from mapseg_xl.metrics.base import Metric
from mapseg_xl.metrics.catalog import metric
from mapseg_xl.metrics.lifetime_value import knows_margin
from mapseg_xl.report.parts.selection import Shown, distinct, shown
from mapseg_xl.stats.mix import Blend, change_error, shifted

BLENDS = ("conversion", "win_rate", "arpu", "monthly_churn", "ltv", "cac", RATIO)
LOWEST_QUALITY = 0.01
_LONGEST_NAME = 48


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One segment of the list, with everything its row of the tab starts from."""

    key: str
    label: str  # unlike every other of the list, also without regard to capitals
    share: float | None  # of all customers
    paying: int
    paying_all: int
    parts: Mapping[str, Part]
    look_backs: Mapping[str, LookBack]


@dataclass(frozen=True, slots=True, eq=False)
class MoreOf:
    """What the tab is made of. `chosen` None: what the list cell holds is no segment of the list."""

    what: Shown
    metrics: tuple[Metric, ...]  # those that blend and that this data has
    choices: tuple[Choice, ...]
    default: Choice
    chosen: Choice | None
    step: float
    quality: float
    new_customers: float | None

    @property
    def findings(self) -> Findings:
        """What was found."""
        return self.what.findings

    def has(self, name: str) -> bool:
        """Whether this data has a metric."""
        return any(m.id == name for m in self.metrics)

    def added(self, choice: Choice) -> float | None:
        """Customers a year that the step adds under count."""
        if self.new_customers is None or choice.share is None:
            return None
        return self.step * choice.share * self.new_customers

    def worth(self, choice: Choice, name: str) -> float | None:
        """What the added customers bring or cost together, by a figure a customer."""
        added, part = self.added(choice), choice.parts.get(name)
        if added is None or part is None or part.rate is None:
            return None
        return added * part.rate * self.quality_of(name)

    @property
    def nets(self) -> bool:
        """Whether what is left after the cost can be told: only a margin can be set against a cost."""
        known = knows_margin(self.findings.whole, self.findings.context)
        return known and self.has("ltv") and self.has("cac")

    def left(self, choice: Choice) -> float | None:
        """What the added customers are worth together, less what it costs to win them."""
        worth, cost = self.worth(choice, "ltv"), self.worth(choice, "cac")
        return worth - cost if self.nets and worth is not None and cost is not None else None

    def quality_of(self, name: str) -> float:
        """The factor on the rate of the added part: worse lowers a rate, or raises it where low is good."""
        return self.quality if metric(name).direction == "good_high" else 1 / self.quality

    def after(self, choice: Choice, name: str, scenario: str) -> float | None:
        """The blended figure after the step."""
        if name == RATIO:
            worth, cost = (self.after(choice, n, scenario) for n in ("ltv", "cac"))
            return worth / cost if worth is not None and cost else None
        part = choice.parts.get(name)
        if part is None or part.base is None or part.weight is None:
            return None
        if not part.weight and scenario != "absolute":
            return part.base
        if part.rate is None:
            return None
        blend = Blend(part.base, part.weight, part.rate, part.rest_rate)
        return shifted(blend, scenario, self.step, self.quality_of(name))

    def error(self, choice: Choice, name: str) -> float | None:
        """Standard error of the change under count; None where it is not known."""
        part = choice.parts.get(name)
        if part is None or None in (part.weight, part.rate, part.variance, part.rest_variance):
            return None
        blend = Blend(part.base or 0.0, part.weight or 0.0, part.rate or 0.0, part.rest_rate)
        spread = (part.variance or 0.0, part.rest_variance or 0.0)
        return change_error(blend, spread, self.step, self.quality_of(name))


def more_of(findings: Findings) -> MoreOf | None:
    """What there is to choose and to shift; None where there is no candidate or nothing that blends."""
    what = shown(findings)
    known = {part.metric for part in findings.what_if.parts}
    names = {m.id for m in what.metrics if m.id in BLENDS and m.id in known}
    if not names >= {"ltv", "cac"}:
        names.discard(RATIO)
    metrics = tuple(m for m in what.metrics if m.id in names)
    choices = _choices(findings)
    if not choices or not metrics:
        return None
    default = _default(findings, choices)
    asked = findings.what_if.asked
    chosen: Choice | None = default
    if asked.segment is not None:
        chosen = next((c for c in choices if c.label == asked.segment), None)
    step = STEP if asked.step is None else asked.step
    quality = 1.0 if asked.quality is None else max(asked.quality, LOWEST_QUALITY)
    number = asked.new_customers
    number = findings.what_if.new_customers if number is None else number
    return MoreOf(what, metrics, choices, default, chosen, step, quality, number)


def _choices(findings: Findings) -> tuple[Choice, ...]:
    found = findings.what_if
    single = [c for c in findings.candidates if c.segment_id in found.shares]
    made = []
    for candidate, label in zip(single, _labels(single), strict=True):
        key = candidate.segment_id
        paying, paying_all = found.shares[key]
        made.append(
            Choice(
                key,
                label,
                paying / paying_all if paying_all else None,
                paying,
                paying_all,
                {p.metric: p for p in found.parts if p.segment_id == key},
                {b.metric: b for b in found.look_backs if b.segment_id == key},
            )
        )
    return tuple(made)


def _labels(candidates: Sequence[Candidate]) -> list[str]:
    """Names for the list: with the attribute where two are called the same; capitals tell nothing apart."""
    same = Counter(c.name.casefold() for c in candidates)
    names = [
        f"{c.name} ({c.segmentation})" if same[c.name.casefold()] > 1 else c.name
        for c in candidates
    ]
    labels, taken = [], set[str]()
    for name in distinct([" ".join(name.split()) for name in names]):
        label, number = name, 2
        while label.casefold() in taken:
            label, number = f"{name} ({number})", number + 1
        taken.add(label.casefold())
        labels.append(label)
    return labels


def _default(findings: Findings, choices: Sequence[Choice]) -> Choice:
    """The segment ranked first; without ranks the one better than everyone else on most, then the largest."""
    ranks = {r.segment_id: r.rank for r in findings.priorities.rows if r.rank is not None}
    clear: Counter[str] = Counter()
    for row in findings.performance:
        clear[row.segment_id] += {"better": 1, "worse": -1}.get(row.verdict, 0)

    def place(choice: Choice) -> tuple[float, int, int]:
        rank = ranks.get(choice.key, float("inf"))
        return rank, -clear[choice.key], -choice.paying

    return min(choices, key=place)
