"""Does a difference hold within channel and start quarter, or does it reverse there (Simpson 1951)?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mapseg_xl.metrics.base import counted, sentence
from mapseg_xl.tally.rows import Mask, Rows
from mapseg_xl.tally.tally import Floats, Ints


@dataclass(frozen=True, slots=True)
class Within:
    """A difference combined over strata; None where no stratum holds both sides."""

    difference: float | None
    dropped: int  # strata without both sides


def difference_within(outcome: Floats, inside: Mask, stratum: Ints) -> Within:
    """sum(w d) / sum(w) over strata, w = n1 n0 / (n1 + n0), d the difference of means inside one.

    `outcome`, `inside` and `stratum` are aligned, one a unit; a negative stratum is unknown and left out.
    """
    known = stratum >= 0
    outcome, inside, stratum = outcome[known], inside[known], stratum[known]
    if not len(stratum):
        return Within(None, 0)
    size = int(stratum.max()) + 1
    n1 = np.bincount(stratum[inside], minlength=size).astype(np.float64)
    n0 = np.bincount(stratum[~inside], minlength=size).astype(np.float64)
    both = (n1 > 0) & (n0 > 0)
    dropped = int(((n1 + n0 > 0) & ~both).sum())
    if not both.any():
        return Within(None, dropped)
    mean1 = np.bincount(stratum[inside], outcome[inside], size)[both] / n1[both]
    mean0 = np.bincount(stratum[~inside], outcome[~inside], size)[both] / n0[both]
    weight = n1[both] * n0[both] / (n1[both] + n0[both])
    return Within(float((weight * (mean1 - mean0)).sum() / weight.sum()), dropped)


def check_within(
    strata: str, rows: Rows, member: Mask, crude: float, judging: Mask | None = None
) -> str:
    """What a reader must know about a difference inside channel and start quarter; "" if it holds.

    `strata` names the per-row outcome of the metric; "" means it has none, and nothing is said. `judging`: the rows
    that are compared, None for all.
    """
    found = _outcome(strata, rows)
    if found is None:
        return ""
    at, outcome = found
    if judging is not None:
        at, outcome = at[judging[at]], outcome[judging[at]]
    notes: list[str] = []
    unchecked: list[str] = []
    for name in ("channel", "start quarter"):
        codes = rows.strata.get(name)
        within = (
            Within(None, 0) if codes is None else difference_within(outcome, member[at], codes[at])
        )
        if within.difference is None:
            unchecked.append(name)
        elif within.difference * crude < 0:
            left = counted(within.dropped, "group", "groups")
            dropped = f" ({left} without both sides left out)" if left else ""
            notes.append(
                f"reverses within {name}: {within.difference:+.3g} against {crude:+.3g}{dropped}"
            )
    if unchecked:
        notes.append(f"not checked within {' or '.join(unchecked)}")
    return sentence(*notes)


def _outcome(strata: str, rows: Rows) -> tuple[Ints, Floats] | None:
    """The units a metric is about and what each of them did."""
    if strata == "conversion" and rows.trials is not None:
        at = np.flatnonzero(rows.trials.counted)
        return at, rows.trials.converted[at].astype(np.float64)
    if strata == "repeat_rate" and rows.purchases is not None:
        at = np.flatnonzero(rows.purchases.repeats.counted)
        return at, rows.purchases.repeats.converted[at].astype(np.float64)
    if strata == "win_rate" and rows.opportunities is not None:
        at = np.flatnonzero(rows.opportunities.outcome >= 0)
        return at, rows.opportunities.outcome[at].astype(np.float64)
    if strata == "arpu" and rows.price is not None:
        return rows.price.rows, rows.price.amounts
    return None
