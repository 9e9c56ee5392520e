"""How one table is brought to the customers: exact keys, forms of them that are sure, pairs that people accepted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mapseg_xl.intake.columns.classify import Classified, Kind
from mapseg_xl.intake.columns.key_columns import Keyed
from mapseg_xl.intake.columns.readings import IntakeOptions
from mapseg_xl.intake.health import blank_issue
from mapseg_xl.intake.joining.answers import GONE, AskedPair, PairAnswers
from mapseg_xl.intake.joining.joints import Joint
from mapseg_xl.intake.joining.matching import money_of, rows_named
from mapseg_xl.intake.joining.proposals import proposed
from mapseg_xl.intake.joining.widening import Step, Unclear, Widened, only_joined, widened
from mapseg_xl.intake.tables import Issue, Match

_ISSUES_NAMED = 50


@dataclass(frozen=True, slots=True, eq=False)
class Together:
    """A joint with everybody who is surely or by people's word the same, how they were found, and who may be."""

    joint: Joint
    steps: tuple[Step, ...]
    pairs: tuple[AskedPair, ...]
    issues: tuple[Issue, ...]
    rows_by_form: int
    rows_accepted: int

    def told(self, match: Match) -> Match:
        """The line of the match report, with how its rows were found."""
        return replace(match, rows_by_form=self.rows_by_form, rows_accepted=self.rows_accepted)


def together(
    left: Keyed, right: Classified, keys: Keyed, joint: Joint, options: IntakeOptions
) -> Together:
    """The joint with the rows that forms of the key join, then those that people have accepted."""
    wide = widened(joint, left, keys, several=right.kind is Kind.TRANSACTIONS)
    asked = proposed(wide.joint, left, keys, money_of(right), options.pairs)
    accepted = sum(step.rows for step in asked.steps)
    exact = Step(joint.words(left.table, right.table), *_exact(wide))
    return Together(
        only_joined(asked.joint, joint.n_codes),
        (exact, *wide.steps, *asked.steps),
        asked.pairs,
        _unclear_issues(left, keys, wide),
        sum(step.rows for step in wide.steps),
        accepted,
    )


def one_each(pairs: Sequence[AskedPair], answers: PairAnswers) -> tuple[AskedPair, ...]:
    """Each pair once, though several tables name it: their rows and money together. Answers without parties last."""
    found: dict[str, AskedPair] = {}
    for pair in pairs:
        before = found.get(pair.id)
        found[pair.id] = pair if before is None else _both(before, pair)
    gone = [
        AskedPair(key, "", *keys, keys, 0.0, "", "", None, 0, GONE)
        for held in (answers.yes, answers.no)
        for key, keys in held.items()
        if key not in found
    ]
    return (*found.values(), *gone)


def _both(one: AskedPair, other: AskedPair) -> AskedPair:
    money = [m for m in (one.money, other.money) if m is not None]
    return replace(
        one,
        rows=one.rows + other.rows,
        money=sum(money) if money else None,
        table=f"{one.table}, {other.table}",
    )


def _exact(wide: Widened) -> tuple[int, int]:
    """Keys and rows that the exact key has joined."""
    joint = wide.joint
    known = np.append(joint.first_left() >= 0, False)[joint.right_codes]
    keys = len(np.unique(joint.right_codes[known]))
    more = {"keys": 0, "rows": 0}
    for step in wide.steps:
        more = {"keys": more["keys"] + step.keys, "rows": more["rows"] + step.rows}
    return max(0, keys - more["keys"]), int(known.sum()) - more["rows"]


def _unclear_issues(left: Keyed, right: Keyed, wide: Widened) -> tuple[Issue, ...]:
    """A warning for each name that could be several customers, with the rows of both tables."""
    named = [_unclear_issue(left, right, wide.joint, one) for one in wide.unclear[:_ISSUES_NAMED]]
    if rest := wide.unclear[_ISSUES_NAMED:]:
        last = named[-1]
        more = f"{last.issue}; {len(rest):,} more of the kind"
        named[-1] = replace(last, issue=more, count=last.count + len(rest))
    return tuple(named)


def _unclear_issue(left: Keyed, right: Keyed, joint: Joint, unclear: Unclear) -> Issue:
    ours = np.flatnonzero(np.isin(joint.left_codes, unclear.left))
    theirs = np.flatnonzero(np.isin(joint.right_codes, unclear.right))
    index = joint.right.index
    value = right.table.columns[index][theirs[0]]
    several = len(unclear.left) > 1
    what = (
        f"'{value}' in {rows_named(right.table, theirs)} could be {rows_named(left.table, ours)} of {left.table.sheet}"
        if several
        else f"{rows_named(right.table, theirs)} could each be {rows_named(left.table, ours)} of {left.table.sheet}"
    )
    issue = blank_issue(
        right.table,
        index,
        "warning",
        "ambiguous_key",
        "Not joined: nothing tells which. Say so under Likely pairs on Match report, or correct the names",
        what,
    )
    return replace(issue, cell=right.table.cell(index, int(theirs[0])), count=len(theirs))
