"""What candidates are scored on: six criteria with preset weights, each made of figures on fixed anchors.

Weights and anchors are proposals of this project; all of them are the user's to change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mapseg_xl.analyze.performance import ALL, PerformanceRow
from mapseg_xl.prioritize.market import Typed
from mapseg_xl.settings import CRITERIA, Settings

Lines = Mapping[tuple[str, str], PerformanceRow]  # segment_id, metric
NEVER = "never within"
TITLES = {
    "conversion": "Converts",
    "value": "Pays",
    "stickiness": "Stays",
    "cost": "Pays back",
    "market": "Market",
    "winnability": "Can win",
}
WEIGHTS: Mapping[str, tuple[float, ...]] = {  # in the order of CRITERIA, per cent
    "self-serve": (25, 15, 20, 15, 15, 10),
    "sales-led": (20, 20, 20, 15, 15, 10),
    "repeat-purchase": (10, 25, 30, 15, 15, 5),
    "marketplace": (15, 20, 25, 15, 20, 5),
}
_MEASURED: Mapping[str, Mapping[str, tuple[str, ...]]] = {  # the first that the data gives
    "self-serve": {"conversion": ("conversion", "win_rate")},
    "sales-led": {"conversion": ("win_rate", "conversion")},
    "repeat-purchase": {
        "conversion": ("conversion", "repeat_rate"),
        "value": ("arpu", "average_order_value", "revenue_per_customer", "ltv"),
        "stickiness": ("repeat_rate", "monthly_churn", "survival_12m"),
    },
    "marketplace": {"conversion": ("conversion", "win_rate")},
}
_VALUE = ("arpu", "average_order_value", "revenue_per_customer", "ltv")
_STICKINESS = ("monthly_churn", "survival_12m")
PAYBACK_LIMIT = {"sales-led": 24.0}  # months; 18 to 24 are tolerated there
_PAYBACK_LIMIT = 12.0
_REPEAT_UNITS = 100  # customers that a repeat-purchase model takes
_TWICE, _QUARTER = 2.0, 0.25
_OF_MARKET = ("reachable", "growth", "scalable_channel", "headroom_used")
_INDEX = (50.0, 200.0)  # half of everyone else's, twice everyone else's
_ANSWERS: Mapping[str, tuple[str, str, float, float]] = {  # title, unit, worst, best
    "reachable": ("Share we can reach", "share", 0.0, 1.0),
    "growth": ("Growth a year", "share", 0.0, 0.25),
    "scalable_channel": ("A channel that scales, 0–3", "number", 0.0, 3.0),
    "headroom_used": ("Headroom the plan uses", "share", 1.0, 0.1),
    "competition": ("Competition, 0–3", "number", 3.0, 0.0),
    "roadmap_fit": ("Fit with the roadmap, 0–3", "number", 0.0, 3.0),
}


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure that is scored: 0 at `worst`, 1 at `best`, clipped. None: an anchor that cannot be used."""

    id: str  # one of settings.SCORED
    criterion: str
    title: str
    unit: str  # index months share number
    worst: float | None
    best: float | None
    metric: str = ""  # of the catalogue, where it is measured and not answered

    def utility(self, figure: float | None) -> float | None:
        """The figure on its anchors, 0 to 1; None where the figure or the anchors are missing.

        >>> Measure("growth", "market", "", "share", 0.0, 0.2).utility(0.05)
        0.25
        """
        if figure is None or self.worst is None or self.best is None or self.worst == self.best:
            return None
        return min(1.0, max(0.0, (figure - self.worst) / (self.best - self.worst)))


def payback_limit(settings: Settings) -> float:
    """Months within which a customer must have paid back, by model."""
    if settings.max_payback_months is not None:
        return settings.max_payback_months
    return PAYBACK_LIMIT.get(settings.model, _PAYBACK_LIMIT)


def fewest_units(settings: Settings) -> int:
    """Trials, decided opportunities or customers under which a candidate is not judged, by model."""
    if settings.min_candidate_units is not None:
        return settings.min_candidate_units
    by_model = {"sales-led": settings.min_decided, "repeat-purchase": _REPEAT_UNITS}
    return by_model.get(settings.model, settings.min_units)


def default_limits(settings: Settings) -> dict[str, float]:
    """The must-haves' limits before anything was typed."""
    return {
        "units": float(fewest_units(settings)),
        "headroom_used": settings.max_headroom_used,
        "payback_months": payback_limit(settings),
        "plan_growth": settings.plan_growth,
    }


def limits(settings: Settings, typed: Typed) -> dict[str, float | None]:
    """The must-haves' limits: typed ones win; None where what was typed is no number."""
    return {**default_limits(settings), **typed.limits}


def default_weights(settings: Settings) -> dict[str, float]:
    """Weights of the criteria by model and settings; they sum to 1."""
    preset = WEIGHTS.get(settings.model, WEIGHTS["self-serve"])
    found = {c: settings.weights.get(c, w) for c, w in zip(CRITERIA, preset, strict=True)}
    total = sum(found.values())
    return {c: w / total if total else 0.0 for c, w in found.items()}


def weights(settings: Settings, typed: Typed) -> dict[str, float]:
    """Weights as typed, else as preset; as they stand, also where they do not sum to 1. No number counts 0."""
    found = {c: typed.weights.get(c, w) for c, w in default_weights(settings).items()}
    return {c: max(0.0, w or 0.0) for c, w in found.items()}


def measures(settings: Settings, typed: Typed, lines: Lines) -> tuple[Measure, ...]:
    """Everything that is scored in this run, criterion by criterion."""
    metrics = measured_by(settings.model, lines)
    found = [_index(c, TITLES[c], metrics[c]) for c in ("conversion", "value", "stickiness")]
    found.append(_cost(settings, metrics["cost"]))
    found += [_answer(name, "market") for name in _OF_MARKET]
    found += [_answer(name, "winnability") for name in ("competition", "roadmap_fit")]
    return tuple(_anchored(m, settings, typed) for m in found)


def measured_by(model: str, lines: Lines) -> dict[str, str]:
    """Which metric stands for each of the four measured criteria: the first that the base has; "" for none.

    A cost is payback where margin and cost are known, else the cost to win a customer.
    """
    wanted = {"value": _VALUE, "stickiness": _STICKINESS, **_MEASURED.get(model, {})}
    wanted = {"conversion": ("conversion", "win_rate"), **wanted}
    wanted["cost"] = ("payback_months", "cac")
    return {c: next((m for m in ids if _is_known(lines, m)), "") for c, ids in wanted.items()}


def _is_known(lines: Lines, metric: str) -> bool:
    row = lines.get((ALL, metric))
    return row is not None and (row.value is not None or row.note.startswith(NEVER))


def _index(criterion: str, title: str, metric: str) -> Measure:
    return Measure(criterion, criterion, title, "index", *_INDEX, metric)


def _cost(settings: Settings, metric: str) -> Measure:
    name, title, unit = ("payback_months", "Pays back in", "months")
    if metric == "cac":
        name, title, unit = ("cost_index", "Costs to win", "index")
    return Measure(name, "cost", title, unit, *_cost_anchors(settings, name), metric)


def cost_measures(settings: Settings) -> tuple[Measure, Measure]:
    """Both ways a cost is scored, on their anchors before anything was typed."""
    return _cost(settings, "payback_months"), _cost(settings, "cac")


def _cost_anchors(settings: Settings, name: str) -> tuple[float, float]:
    """Payback from twice its limit to a quarter of it; the cost to win as an index, low is good."""
    limit = payback_limit(settings)
    return _INDEX[::-1] if name == "cost_index" else (limit * _TWICE, limit * _QUARTER)


def _answer(name: str, criterion: str) -> Measure:
    title, unit, worst, best = _ANSWERS[name]
    return Measure(name, criterion, title, unit, worst, best)


def default_anchors(measure: Measure, settings: Settings) -> tuple[float, float]:
    """A measure's anchors before anything was typed."""
    if measure.id in settings.anchors:
        worst, best = settings.anchors[measure.id]
        return worst, best
    if measure.id in _ANSWERS:
        return _ANSWERS[measure.id][2:]
    if measure.criterion == "cost":
        return _cost_anchors(settings, measure.id)
    return _INDEX


def _anchored(measure: Measure, settings: Settings, typed: Typed) -> Measure:
    worst, best = default_anchors(measure, settings)
    return Measure(
        measure.id,
        measure.criterion,
        measure.title,
        measure.unit,
        typed.anchors.get((measure.id, "worst"), worst),
        typed.anchors.get((measure.id, "best"), best),
        measure.metric,
    )
