"""Finds three to five segments worth a hypothesis, on one half of the customers. The other half judges them.

Beam search over rules of up to three conditions (`search.py`) on what is known before the sale (`choices.py`) by
the first outcome there is (`targets.py`). Reads rows; hands back rules.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mapseg_xl.intake.tables import Customers
from mapseg_xl.measure.choices import Choice, Searched, Traits, actionable, choices_of
from mapseg_xl.measure.membership import evaluate
from mapseg_xl.measure.rules import Rule, rule_key
from mapseg_xl.measure.search import Field, Items, quality, search
from mapseg_xl.measure.segments import (
    HYPOTHESES,
    PROPOSAL,
    NamedRule,
    Segmentation,
    overlapping,
    segment_id,
)
from mapseg_xl.measure.targets import Target, find_target
from mapseg_xl.settings import Settings
from mapseg_xl.tally.folds import fold_of
from mapseg_xl.tally.rows import Mask, Rows

FEWEST, MOST = 3, 5  # hypotheses a team can keep in mind
_HALVES = "halves"  # makes the salt another than that of the folds
_MIDDLE_DOT = " · "


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rule that search found, and what it looked like where it was found.

    Values are of the target: a share or money, in its own unit.
    """

    segment_id: str
    name: str
    rule: str
    rank: int
    n: int  # on the whole base
    share: float
    n_held_out: int
    found_n: int  # units of the half that found it
    found_value: float | None  # of the target on the half it was found on
    found_rest: float | None  # of everyone else on that half
    found_rest_n: int


@dataclass(frozen=True, slots=True, eq=False)
class Proposals:
    """What the search found. `segmentation` holds the rules over the whole base; None where nothing was found."""

    target: str  # metric id; "" where there is nothing to search by
    held_out: Mask  # the half that judges
    found: tuple[Proposal, ...] = ()
    segmentation: Segmentation | None = None
    note: str = ""  # why there are none, or fewer than three
    searched: tuple[str, ...] = ()  # the columns that conditions were made of
    left_out: tuple[str, ...] = ()  # columns that may be results of the outcome


def judging_half(customers: Customers, salt: str) -> Mask:
    """The customers that judge what the others have found: a half by customer id, the same in every run."""
    half: Mask = fold_of(customers.ids, f"{salt} {_HALVES}", 2) == 1
    return half


def propose(
    customers: Customers,
    rows: Rows,
    settings: Settings,
    named: Sequence[str] = (),
    adopted: Collection[str] = (),
    salt: str = "",
) -> Proposals:
    """Rules whose customers do better than the others, each better than every shorter rule inside it.

    `named`: columns the user asked for, searched also where they may be results. `adopted`: keys of rules that
    people have taken over (`rule_key`); found again, they are no new idea. `salt` deals the halves, the settings' own
    where it is empty.
    """
    held_out = judging_half(customers, salt or settings.salt)
    traits = actionable(customers, named)
    target = find_target(rows, settings.proposal_least_base)
    why_not = _nothing_to_search(target, traits, settings)
    if target is None or why_not:
        metric = target.metric if target else ""
        return Proposals(metric, held_out, note=why_not, left_out=traits.results)
    offered = _offered(customers, traits, target, held_out, settings)
    field = _field(customers, offered, target, held_out)
    choices = [c for s in offered for c in s.choices]
    taken = search(field, settings, settings.proposal_most + len(adopted))
    found = [_Found.of(items, choices, field, settings) for items in taken]
    true = [f for f in found if f.holds_in(customers, target)]
    new = [f for f in true if rule_key(f.rule) not in adopted]
    new = sorted(new, key=lambda f: (-f.quality, str(f.rule)))[: settings.proposal_most]
    segmentation = _segmentation(new, customers)
    return Proposals(
        target.metric,
        held_out,
        _proposals(segmentation, target, held_out) if segmentation else (),
        segmentation,
        _too_few(len(new), len(true) - len(new)),
        tuple(s.trait.name for s in offered),
        traits.results,
    )


def _nothing_to_search(target: Target | None, traits: Traits, settings: Settings) -> str:
    """Why there is no search; "" where there is one."""
    if target is None:
        return "no conversion, deal, stay or revenue to tell good segments by"
    if len(target.rows) < settings.proposal_least_base:
        return (
            f"only {len(target.rows):,} to search among; under {settings.proposal_least_base} "
            "a search finds mostly chance"
        )
    if not traits.searched:
        return "no column says who the customers are, where they are or how they came"
    return ""


def _offered(
    customers: Customers, traits: Traits, target: Target, held_out: Mask, settings: Settings
) -> list[Searched]:
    """The traits with choices large enough on both halves."""
    judging = held_out[target.rows]
    offered = []
    for trait in traits.searched:
        codes, size = trait.codes[target.rows], len(trait.values)
        every = np.bincount(codes, minlength=size)
        there = np.bincount(codes[judging], minlength=size)
        half = np.minimum(there, every - there)
        worth = (half >= settings.proposal_least_half) & (every >= settings.proposal_least_units)
        offered.append(choices_of(trait, worth))
    return [s for s in offered if s.choices]


def _field(
    customers: Customers, offered: Sequence[Searched], target: Target, held_out: Mask
) -> Field:
    """The units as codes: values that no choice tells apart share one."""
    codes, sets = [], []
    for searched in offered:
        holds = np.array([c.codes for c in searched.choices])
        alike, place = np.unique(holds, axis=1, return_inverse=True)
        codes.append(place.reshape(-1)[searched.trait.codes[target.rows]])
        sets.append(alike.astype(np.float64))
    sizes = [len(s.choices) for s in offered]
    lengths = [len(c.conditions) for s in offered for c in s.choices]
    return Field(
        tuple(codes),
        tuple(sets),
        np.repeat(np.arange(len(offered)), sizes),
        np.array(lengths, np.int64),
        ~held_out[target.rows],
        target.scores,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """A rule of the search in words, the units it holds for, and how good it is on the half that found it."""

    rule: Rule
    choices: tuple[Choice, ...]
    units: Mask
    quality: float

    @classmethod
    def of(
        cls, items: Items, choices: Sequence[Choice], field: Field, settings: Settings
    ) -> _Found:
        """The rule of these items, all customers of the finding half counted."""
        chosen = tuple(choices[i] for i in items)
        units = field.member(items)
        scores = field.scores[field.finding & units]
        n, total = np.array(float(len(scores))), np.array(scores.sum())
        mean = float(field.scores[field.finding].mean())
        rule = Rule(tuple(c for choice in chosen for c in choice.conditions))
        return cls(rule, chosen, units, float(quality(n, total, mean, settings)))

    def holds_in(self, customers: Customers, target: Target) -> bool:
        """Whether the rule's text holds for the very units that were searched: not for a value written like another."""
        return np.array_equal(evaluate(self.rule, customers)[target.rows], self.units)


def _segmentation(found: Sequence[_Found], customers: Customers) -> Segmentation | None:
    """The rules as segments over the whole base; the id of each is told by its rule alone."""
    if not found:
        return None
    rules = [NamedRule(n, f.rule) for n, f in zip(_names(found), found, strict=True)]
    made = overlapping(HYPOTHESES, rules, customers, source=PROPOSAL)
    segments = (
        replace(s, segment_id=segment_id(HYPOTHESES, (rule_key(f.rule),)))
        for s, f in zip(made.segments, found, strict=True)
    )
    return replace(made, segments=tuple(segments))


def _names(found: Sequence[_Found]) -> list[str]:
    """Values joined, e.g. "Agency · Netherlands"; the whole rule in words where two would be called the same."""
    short = [_MIDDLE_DOT.join(c.name for c in f.choices) for f in found]
    times = Counter(name.casefold() for name in short)
    return [
        name if times[name.casefold()] == 1 else f.rule.words()
        for name, f in zip(short, found, strict=True)
    ]


def _proposals(segmentation: Segmentation, target: Target, held_out: Mask) -> tuple[Proposal, ...]:
    """What each rule holds for, on both halves, and how it did on the one that found it."""
    units = np.zeros(len(held_out), np.bool_)
    units[target.rows] = True
    proposals = []
    for place, segment in enumerate(segmentation.segments):
        member = segmentation.member(place)
        inside, others = member & ~held_out, ~member & ~held_out
        proposals.append(
            Proposal(
                segment.segment_id,
                segment.name,
                segment.rule,
                place + 1,
                int(member.sum()),
                float(member.mean()),
                int((member & held_out).sum()),
                int((inside & units).sum()),
                target.value(inside),
                target.value(others),
                int((others & units).sum()),
            )
        )
    return tuple(proposals)


def _too_few(new: int, adopted: int) -> str:
    """Why there are fewer than three; "" where there are enough."""
    if new >= FEWEST:
        return ""
    again = f"found again among my segments: {adopted}; " if adopted else ""
    nothing = "no other rule" if new or adopted else "no rule"
    return f"{again}{nothing} stands out by more than chance on the half that is searched"
