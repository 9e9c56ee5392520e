"""The first answers to "yes, but": without the three biggest accounts; within each channel, rep, sign-up year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mapseg_xl.analyze.candidates import Candidate
from mapseg_xl.intake.tables import Customers
from mapseg_xl.metrics.base import Context
from mapseg_xl.tally.rows import Rows


@dataclass(frozen=True, slots=True)
class Answer:
    """One objection against one segment on one metric, and what is left of its difference."""

    segment_id: str
    segment: str
    metric: str
    objection: str  # "biggest accounts" "channel" "owner" "sign-up year"
    group: str  # "" for all together; else the channel, rep or year it is within
    n: float | None
    value: float | None
    rest_n: float | None
    rest_value: float | None
    difference: float | None
    holds: bool | None  # the sign stays and the figures suffice; None: can't be told
    said: str  # in words


@dataclass(frozen=True, slots=True)
class Objections:
    """All answers, in the order of the candidates."""

    answers: tuple[Answer, ...] = ()
    unasked: tuple[str, ...] = ()  # objections this data cannot answer, and why


def find_objections(
    candidates: Sequence[Candidate], customers: Customers, rows: Rows, context: Context
) -> Objections:
    """Every objection this data can answer, for every candidate."""
    return Objections()
