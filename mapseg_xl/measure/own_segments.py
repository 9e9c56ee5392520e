"""People's own segments against the columns there are: which can be counted, and what is wrong with the others."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from mapseg_xl.errors import InputError
from mapseg_xl.intake.tables import Customers, Issue, OwnSegment, Written
from mapseg_xl.measure.membership import evaluate
from mapseg_xl.measure.parsing import parse_rule
from mapseg_xl.measure.rules import Condition, Rule, rule_key
from mapseg_xl.measure.segments import NamedRule

NOT_COUNTED = "Not counted until the rule is mended"


@dataclass(frozen=True, slots=True)
class Remembered:
    """Rules that an earlier run of this workbook proposed: the salt of its halves, and the id of each rule's key.

    Who takes one of them over takes its half with it: the customers that found it never judge it.
    """

    salt: str = ""  # "": nothing was proposed yet
    ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decided:
    """A segment that people chose on Decision, frozen as it was then; `cell`: where its name stands."""

    segment_id: str
    name: str
    rule: str
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A segment, or one condition of it, that cannot be counted. `key`: its input cell, None where it was not typed."""

    name: str
    text: str
    why: str
    cell: str
    key: tuple[str, str] | None = None

    def issue(self, source: str) -> Issue:
        """The line of Data health that says so; `source` is the file the customers came from."""
        sheet, _, address = self.cell.rpartition("!")
        said = f"my segment '{self.name}': {self.why}"
        source = "this workbook" if self.key else source
        return Issue("warning", source, sheet, address, "", said, NOT_COUNTED, 1, "refused_segment")


def countable(
    own: Sequence[OwnSegment], customers: Customers
) -> tuple[list[NamedRule], list[Refused]]:
    """The segments whose rules can be read and counted, and what is wrong with the others.

    One that nobody named is called by its rule. A name without any condition is refused.
    """
    rules: list[NamedRule] = []
    refused: list[Refused] = []
    for segment in own:
        written = segment.conditions or (Written(segment.rule, segment.cell, ("", "")),)
        found = [_conditions(segment, w, customers) for w in written]
        wrong = [r for r in found if isinstance(r, Refused)]
        refused += wrong
        if not wrong:
            rule = Rule(tuple(c for r in found if not isinstance(r, Refused) for c in r))
            rules.append(NamedRule(segment.name or rule.words(), rule, segment.suggested_by))
    return rules, refused


def come_back(
    decided: Sequence[Decided],
    own: Sequence[NamedRule],
    ids: Collection[str],
    proposed: Mapping[str, str],
    customers: Customers,
) -> tuple[list[NamedRule], list[Refused]]:
    """The decided segments that a run would not have by itself, and those that cannot be counted any more.

    `ids`: of the segments it has, proposals aside: a decided one always comes back, for a search on newer data may
    not find it, or cut it otherwise. `proposed`: ids by the key of the rule; one taken over already is there.
    """
    names = {n.name.casefold() for n in own}
    taken_over = {rule_key(n.rule) for n in own} & set(proposed)
    missing = [d for d in decided if d.segment_id not in ids and d.name.casefold() not in names]
    rules, refused = countable(
        [OwnSegment(d.name, d.rule, cell=d.cell) for d in missing], customers
    )
    return [n for n in rules if rule_key(n.rule) not in taken_over], refused


def _conditions(
    segment: OwnSegment, written: Written, customers: Customers
) -> tuple[Condition, ...] | Refused:
    """What one cell says, tried on the customers."""
    key = written.key if segment.conditions else None
    if written.wrong:
        return Refused(segment.name, written.text, written.wrong, written.cell, key)
    if not written.text.strip():
        why = "it has no condition; write one such as Industry = Agency"
        return Refused(segment.name, "", why, written.cell, key)
    try:
        rule = parse_rule(written.text)
        evaluate(rule, customers)
    except InputError as error:
        return Refused(segment.name or written.text, written.text, str(error), written.cell, key)
    return rule.conditions
