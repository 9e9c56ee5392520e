"""Must-haves before any score: enough data, room in the market, payback in time, no conflict with the roadmap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mapseg_xl.metrics.base import counted
from mapseg_xl.prioritize.criteria import NEVER
from mapseg_xl.prioritize.market import WRONG, Market

PASSED, FAILED, UNKNOWN = "passed", "failed", "unknown"
GATES = ("units", "headroom_used", "payback_months", "roadmap_fit")
Limits = Mapping[str, float | None]
_ROUNDING = 1e-9
_LITTLE = 0.005  # of headroom


@dataclass(frozen=True, slots=True)
class Gate:
    """One must-have of a candidate. `reason` says the number that failed it, or what is missing."""

    id: str  # one of GATES
    state: str  # passed failed unknown
    figure: float | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What the must-haves look at. `payback_note` says why there is no payback: "never within 13 months"."""

    units: float
    counted: str  # what the units are: "trials"
    payback: float | None
    never: bool  # not within the months that are followed, which are the limit or more
    payback_note: str
    leaves_sooner: bool  # than everyone else, clearly
    market: Market


def gates_of(known: Known, limits: Limits) -> tuple[Gate, ...]:
    """A candidate's must-haves, in the order of GATES; a missing answer is unknown, never passed."""
    return (
        _units(known, limits.get("units")),
        _headroom(known.market, limits.get("headroom_used")),
        _payback(known, limits.get("payback_months")),
        _roadmap(known.market),
    )


def overall(gates: Sequence[Gate]) -> str:
    """Failed if one is, else unknown if one is, else passed.

    >>> overall([Gate("units", "passed", 40), Gate("roadmap_fit", "unknown", None)])
    'unknown'
    """
    states = {gate.state for gate in gates}
    return next((state for state in (FAILED, UNKNOWN) if state in states), PASSED)


def reason(gates: Sequence[Gate]) -> str:
    """What stopped a candidate; else what is not known yet; else the figures that passed."""
    state = overall(gates)
    told = [gate.reason for gate in gates if gate.state == state and gate.reason]
    return f"not known yet: {', '.join(told)}" if state == UNKNOWN else "; ".join(told)


def _units(known: Known, limit: float | None) -> Gate:
    if limit is None:
        return Gate("units", UNKNOWN, known.units, "the fewest customers that are enough")
    if known.units < limit:
        few = f"only {known.units:,.0f} {known.counted}, at least {limit:,.0f} are needed"
        return Gate("units", FAILED, known.units, few)
    return Gate("units", PASSED, known.units, f"{known.units:,.0f} {known.counted}")


def _headroom(market: Market, limit: float | None) -> Gate:
    left, line = market.headroom, market.line
    if left is None:
        missing = [
            words
            for value, words in (
                (line.accounts, "accounts in its market"),
                (line.reachable, "the share we can reach"),
            )
            if value is None
        ]
        return Gate("headroom_used", UNKNOWN, None, " and ".join(missing))
    if left < 0:
        return Gate("headroom_used", UNKNOWN, None, f"headroom, because {market.note or WRONG}")
    used = market.headroom_used
    if limit is None:
        return Gate("headroom_used", UNKNOWN, used, "the limit for headroom")
    if used is None or used > limit + _ROUNDING:
        more = counted(left, "more account", "more accounts")
        room = f"only {more} to win" if more else "no more account to win"
        needed = f"the plan needs {market.needed:,.0f}"
        return Gate("headroom_used", FAILED, used, f"{room}, {needed}")
    part = f"{used:.0%}" if used >= _LITTLE else "less than 1%"
    return Gate("headroom_used", PASSED, used, f"the plan uses {part} of its headroom")


def _payback(known: Known, limit: float | None) -> Gate:
    months, note = known.payback, known.payback_note
    if known.never:
        within = note.removeprefix(NEVER).split(";")[0].strip()
        said = f"has not paid back within {within}, the limit is {limit or 0:,.0f}"
        if known.leaves_sooner:
            said = f"customers leave before they have paid back what they cost: not within {within}"
        return Gate("payback_months", FAILED, None, said)
    if months is None:
        seen = f"payback, which is {note.split(';')[0]}" if note.startswith(NEVER) else "payback"
        return Gate("payback_months", UNKNOWN, None, seen)
    if limit is None:
        return Gate("payback_months", UNKNOWN, months, "the limit for payback")
    pays = f"pays back in {months:,.0f} months"
    if months > limit + _ROUNDING:
        return Gate("payback_months", FAILED, months, f"{pays}, the limit is {limit:,.0f}")
    return Gate("payback_months", PASSED, months, pays)


def _roadmap(market: Market) -> Gate:
    fit = market.line.roadmap_fit
    if fit is None:
        return Gate("roadmap_fit", UNKNOWN, None, "fit with the roadmap")
    if fit <= 0:
        return Gate("roadmap_fit", FAILED, fit, "conflict with the roadmap: fit 0 of 3")
    return Gate("roadmap_fit", PASSED, fit, f"roadmap fit {fit:g} of 3")
