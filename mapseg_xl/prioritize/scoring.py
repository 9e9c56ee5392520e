"""Must-haves, then scores on fixed anchors, then how firm the order is (statistics.md, section 13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.prioritize.acceptability import (
    Acceptability,
    acceptability,
    free_weights,
    ordered_weights,
)
from mapseg_xl.prioritize.criteria import Measure
from mapseg_xl.prioritize.figures import Figure
from mapseg_xl.settings import CRITERIA, Settings

Floats = NDArray[np.floating]
Figures = Mapping[str, Figure]  # measure -> a candidate's figure
MIDDLE = 0.5  # of what is missing, 0 to 1
_MOST_DRAWN = 2_000_000  # reruns x candidates; with more than 200 candidates there are fewer reruns


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing a candidate is scored on. `worst` and `best` are fixed anchors; cost has worst above best.

    Market and winnability are means of several answers, each on anchors of its own; theirs are 0 and 1.
    """

    id: str  # conversion value stickiness cost market winnability
    title: str
    worst: float | None
    best: float | None
    weight: float  # as it stands; the score divides by their sum
    unit: str


@dataclass(frozen=True, slots=True)
class PriorityRow:
    """One line of priorities.csv."""

    segmentation: str
    segment_id: str
    segment: str
    recommendation: str  # focus test hold
    gate: str  # passed failed unknown
    gate_reason: str
    score: float | None
    rank: int | None
    p_rank1: float | None
    p_top3: float | None
    evidence: str  # strong fair thin
    score_low: float | None = None  # if all that is missing turned out worst
    score_high: float | None = None  # or best
    confidence: float | None = None  # wins in this share of redrawn figures, under its own weights
    twin_of: str = ""  # segment_id of the candidate with the very same customers


@dataclass(frozen=True, slots=True)
class Score:
    """How a candidate's score came about: a cell of the heat map on TAM scoring; None: missing, 0 to 1."""

    segment_id: str
    criterion: str
    figure: float | None  # in the criterion's unit
    utility: float | None  # 0 to 1; of what is partly missing, the middle
    missing: float = 0.0  # share of the criterion's figures that nobody knows


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """Candidates on criteria: middle utilities, shares missing, and weights that sum to 1 (or are all 0)."""

    utilities: Floats  # candidates x criteria
    missing: Floats
    weights: Floats

    @property
    def totals(self) -> Floats:
        """The scores, 0 to 1."""
        total: Floats = self.utilities @ self.weights
        return total

    @property
    def reach(self) -> Floats:
        """How far each score may lie on either side, for what is missing."""
        reach: Floats = MIDDLE * (self.missing @ self.weights)
        return reach


def score(
    candidates: Sequence[Figures], measures: Sequence[Measure], weights: Mapping[str, float]
) -> Scored:
    """Middle utilities and missing shares, candidates x criteria in the order of CRITERIA."""
    utilities = np.full((len(candidates), len(CRITERIA)), MIDDLE)
    missing = np.ones_like(utilities)
    for column, criterion in enumerate(CRITERIA):
        parts = [m for m in measures if m.criterion == criterion]
        for row, figures in enumerate(candidates):
            known = [u for m in parts if (u := utility(m, figures[m.id])) is not None]
            gone = len(parts) - len(known)
            utilities[row, column] = (sum(known) + MIDDLE * gone) / len(parts)
            missing[row, column] = gone / len(parts)
    given = np.array([weights[c] for c in CRITERIA])
    return Scored(utilities, missing, given / given.sum() if given.sum() > 0 else given)


def utility(measure: Measure, figure: Figure) -> float | None:
    """A figure on its anchors; what never pays back is worst."""
    if figure.never and measure.utility(0.0) is not None:
        return 0.0
    return measure.utility(figure.value)


def rerun(
    candidates: Sequence[Figures],
    measures: Sequence[Measure],
    weights: Floats,
    settings: Settings,
) -> Acceptability:
    """Ranks over redrawn weights and figures. What is missing is drawn evenly from 0 to 1.

    A criterion of weight 0 is left out of the draws.
    """
    rng = np.random.default_rng(settings.seed)
    count = max(100, min(settings.reruns, _MOST_DRAWN // max(1, len(candidates))))
    counts = np.flatnonzero(weights > 0)
    draw = ordered_weights if settings.ordered_weights else None
    drawn = np.zeros((count, len(CRITERIA)))
    drawn[:, counts] = (
        draw(count, weights[counts], rng) if draw else free_weights(count, len(counts), rng)
    )
    return acceptability(_utilities(candidates, measures, count, rng), drawn)


def _utilities(
    candidates: Sequence[Figures], measures: Sequence[Measure], count: int, rng: np.random.Generator
) -> Floats:
    """Reruns x candidates x criteria; a criterion's candidates lie together in memory, for speed."""
    found = np.zeros((len(CRITERIA), count, len(candidates)), dtype=np.float32)
    for column, criterion in enumerate(CRITERIA):
        parts = [m for m in measures if m.criterion == criterion]
        for part in parts:
            found[column] += _drawn(part, [c[part.id] for c in candidates], count, rng)
        found[column] /= len(parts)
    return np.moveaxis(found, 0, 2)


def _drawn(
    measure: Measure, figures: Sequence[Figure], count: int, rng: np.random.Generator
) -> Floats:
    """Reruns x candidates: the utilities of one figure; evenly from 0 to 1 where it is missing."""
    drawn = rng.random((count, len(figures)), dtype=np.float32)
    for at, figure in enumerate(figures):
        middle = utility(measure, figure)
        if middle is None:
            continue
        drawn[:, at] = middle
        if not figure.never and figure.kind != "fixed":
            worst, best = measure.worst, measure.best
            assert worst is not None and best is not None  # noqa: S101, PT018  # it has a utility
            scaled = (figure.draws(count, rng) - worst) / (best - worst)
            drawn[:, at] = np.clip(scaled, 0.0, 1.0)
    return drawn


def ranks(totals: Floats, sizes: Sequence[int], ids: Sequence[str]) -> list[int]:
    """Places from 1; ties: the larger candidate, then the id.

    >>> ranks(np.array([0.2, 0.7, 0.7]), [5, 5, 9], ["a", "b", "c"])
    [3, 2, 1]
    """
    order = sorted(range(len(ids)), key=lambda i: (-round(float(totals[i]), 9), -sizes[i], ids[i]))
    places = [0] * len(ids)
    for place, at in enumerate(order, start=1):
        places[at] = place
    return places
