"""Which line of the market sheet speaks of which candidate: by name, by rule, or by the values of its rule."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mapseg_xl.analyze.candidates import Candidate
from mapseg_xl.errors import InputError
from mapseg_xl.intake.tables import MarketLine, plain
from mapseg_xl.measure.parsing import parse_rule
from mapseg_xl.measure.rules import Condition

_WORD = re.compile(r"\w+")
_PLURAL = re.compile(r"(?<=\w\w)(ies|(?<!s)s)$")
Words = tuple[str, ...]


def match_lines(
    candidates: Sequence[Candidate], lines: Sequence[MarketLine]
) -> tuple[dict[str, list[MarketLine]], tuple[str, ...]]:
    """The lines of each candidate's id, best match first, and the segments that no candidate is called by.

    A line may speak of several candidates: a value, and a proposal of the same rule.
    """
    ways = (_by_name, _by_rule, _by_values)
    found: dict[str, list[MarketLine]] = {}
    used: set[int] = set()
    for way in ways:
        keys = [(c.segment_id, way(c)) for c in candidates]
        for at, line in enumerate(lines):
            said = _said(line.segment, way)
            for segment_id, known in keys:
                if said and said & known and line not in found.get(segment_id, []):
                    found.setdefault(segment_id, []).append(line)
                    used.add(at)
    unmatched = dict.fromkeys(line.segment for at, line in enumerate(lines) if at not in used)
    return found, tuple(unmatched)


def _said(text: str, way: object) -> set[Words]:
    """What a line's text is under one way of matching."""
    if way is _by_name:
        return {(plain(text),)} if plain(text) else set()
    if way is _by_rule:
        try:
            return {_rule_words(parse_rule(text).conditions)}
        except InputError:  # it is a name, no rule
            return set()
    words = _sorted_words(text)
    return {words} if words else set()


def _by_name(candidate: Candidate) -> set[Words]:
    return {(plain(candidate.name),)}


def _by_rule(candidate: Candidate) -> set[Words]:
    return {_rule_words(parse_rule(candidate.rule).conditions)}


def _by_values(candidate: Candidate) -> set[Words]:
    """The values of a rule of equalities in any order, also with their columns; the name's words in any order."""
    found = {_sorted_words(candidate.name)}
    conditions = parse_rule(candidate.rule).conditions
    if all(c.operator == "=" for c in conditions):
        values = " ".join(c.values[0] for c in conditions)
        columns = " ".join(c.column.replace("_", " ") for c in conditions)
        found |= {_sorted_words(values), _sorted_words(f"{values} {columns}")}
    return found - {()}


def _rule_words(conditions: Sequence[Condition]) -> Words:
    return tuple(sorted(map(_condition_words, conditions)))


def _condition_words(c: Condition) -> str:
    return "|".join((plain(c.column), c.operator, *sorted(map(str.casefold, c.values))))


def _sorted_words(text: str) -> Words:
    """The words of a text in alphabetical order, without case, marks and the endings of English plurals.

    >>> _sorted_words("Netherlands · Agencies") == _sorted_words("agency, netherlands")
    True
    """
    words = _WORD.findall(text.casefold().replace("_", " "))
    return tuple(sorted(_PLURAL.sub(lambda end: "y" if end[0] == "ies" else "", w) for w in words))
