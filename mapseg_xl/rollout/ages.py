"""How old what people decided and wrote is, against the data: no clock, so a run on the same data says the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from mapseg_xl.analyze.baselines import Baseline
from mapseg_xl.analyze.performance import PerformanceRow
from mapseg_xl.prioritize.decision import Priorities
from mapseg_xl.rollout.profiles import Profiles
from mapseg_xl.rollout.voice import Voice

STALE_MONTHS = 12  # ours: a year on, answers about a market and a decision are looked at again
HOLDS, UNCLEAR, REVERSED, NOT_JUDGED = "still holds", "no longer clear", "reversed", "not judged"


@dataclass(frozen=True, slots=True)
class Stale:
    """Something to look at again: what (Decision, Market answers, Profile A), why in words, on which tab it stands."""

    what: str
    segment_id: str
    why: str
    tab: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a decided segment stands now on the figures that a recommendation rests on."""

    segment_id: str
    state: str
    better: tuple[str, ...]  # metrics
    worse: tuple[str, ...]


def months_between(earlier: date, later: date) -> int:
    """Whole months from one day to another.

    >>> months_between(date(2025, 1, 31), date(2026, 1, 30))
    11
    """
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return months - (later.day < earlier.day)


def standing(
    segment_id: str, row_of: Callable[[str], PerformanceRow | None], metrics: tuple[str, ...]
) -> Standing:
    """Better on some and worse on none: it holds. Worse on some and better on none: it has turned."""
    judged = [(m, row.verdict) for m in metrics if (row := row_of(m)) is not None]
    better = tuple(m for m, verdict in judged if verdict == "better")
    worse = tuple(m for m, verdict in judged if verdict == "worse")
    known = [v for _, v in judged if v != "not_available"]
    if not known:
        return Standing(segment_id, NOT_JUDGED, (), ())
    state = HOLDS if better else REVERSED if worse else UNCLEAR
    return Standing(segment_id, state, better, worse)


def decision_age(decision: Baseline | None, as_of: date | None) -> int | None:
    """Months from the data that the decision was taken on to today's; None where either has no date."""
    if decision is None or decision.as_of is None or as_of is None:
        return None
    return months_between(decision.as_of, as_of)


def old_profiles(
    profiles: Profiles, voice: Voice, written: Mapping[str, date]
) -> list[tuple[str, str, date, date]]:
    """Letter and segment of each profile with feedback newer than its words, and both days."""
    found = []
    for p in profiles.chosen:
        heard = [note.said_on for note in voice.of(p.segment_id) if note.said_on]
        since = written.get(p.letter)
        if heard and since is not None and max(heard) > since:
            found.append((p.letter, p.segment_id, since, max(heard)))
    return found


def failing(priorities: Priorities, decided: tuple[str, ...]) -> list[tuple[str, str]]:
    """The decided segments that fail a must-have now, with the reason."""
    rows = ((key, priorities.of(key)) for key in decided)
    return [(key, row.gate_reason) for key, row in rows if row and row.gate == "failed"]
