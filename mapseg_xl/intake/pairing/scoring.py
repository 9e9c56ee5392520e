"""How surely two parties are the same, 0 to 100, and why, in words. Looks at pairs that somebody else has chosen."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.intake.pairing.blocking import Indices
from mapseg_xl.intake.pairing.parties import Parties
from mapseg_xl.intake.tables import Array

SURE, VERY_LIKELY, LIKELY = 95, 87, 78
"""Scores from which on a pair is called so; below the last it is possible."""
_FAMILY_WORDS = """
    north south east west northern southern eastern western nord sud sued ost central
    holding holdings group gruppe groupe international global services service logistics bank insurance capital ventures
    partners foundation stiftung labs studio media solutions consulting i ii iii iv
"""
_PLACE_NAMES = """
    europe european usa us uk america american americas asia africa emea apac latam deutschland germany france italia
    italy espana spain schweiz suisse switzerland austria osterreich nederland netherlands belgium polska poland nordic
    nordics iberia india china japan brasil brazil mexico canada australia
"""
_PLACES = frozenset(_PLACE_NAMES.split())
_TELLS_APART = _PLACES | frozenset(_FAMILY_WORDS.split())
"""Words that two companies of one family are told apart by."""
_OTHER_NUMBER, _OTHER_WORD, _MOST_WORDS_OFF = 30.0, 12.0, 24.0
_OTHER_PLACE = 2.0  # a branch abroad, or the same one: for people to say
_NUMBER = re.compile(r"\d+")
_OTHER_DOMAIN, _OTHER_COUNTRY, _OTHER_CITY, _OTHER_FORM = 6.0, 10.0, 3.0, 4.0
_SAME_PHONE, _SAME_CITY, _SAME_COUNTRY = 10.0, 3.0, 1.0
_BY_DOMAIN, _BY_EMAIL, _BY_ROOT = 84.0, 97.0, 82.0
_WITHIN = 80.0  # all words of one name stand in the other
_HIGHEST = 99.0  # what is certain is joined by its key, not proposed

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """Candidate pairs with their score and what makes it up, an entry a pair."""

    left: Indices
    right: Indices
    score: Floats
    names: Floats  # how alike the names are, 0 where one is unknown


def quick_scores(left: Parties, right: Parties, pairs: tuple[Indices, Indices]) -> Scored:
    """Scores before the words are weighed that tell companies of a family apart: never below the final ones."""
    at, to = pairs
    names = _alike(left, right, at, to)
    same_domain = _same(left.domains[at], right.domains[to])
    rooted = _rooted(left, right, at, to)
    score = names.copy()
    score = np.where(rooted, np.maximum(score, _BY_ROOT), score)
    score = np.where(same_domain, np.maximum(_BY_DOMAIN, 88 + 0.11 * names), score)
    score -= _OTHER_DOMAIN * (_differ(left.domains[at], right.domains[to]) & ~rooted)
    score += _SAME_PHONE * _same(left.phones[at], right.phones[to])
    score += _SAME_CITY * _same(left.cities[at], right.cities[to])
    score -= _OTHER_CITY * _differ(left.cities[at], right.cities[to])
    score += _SAME_COUNTRY * _same(left.countries[at], right.countries[to])
    score -= _OTHER_COUNTRY * _differ(left.countries[at], right.countries[to])
    score = np.where(_same(left.emails[at], right.emails[to]), np.maximum(score, _BY_EMAIL), score)
    return Scored(at, to, np.clip(score, 0, _HIGHEST), names)


def punished(left: Parties, right: Parties, scored: Scored) -> Scored:
    """The scores less what numbers, places and words such as Holding take off that only one of the names has."""
    off = np.array([
        _told_apart(left, right, a, b)
        for a, b in zip(scored.left.tolist(), scored.right.tolist(), strict=True)
    ])  # fmt: skip
    score = np.clip(scored.score - off, 0, _HIGHEST) if len(off) else scored.score
    return Scored(scored.left, scored.right, score, scored.names)


def reasons(left: Parties, right: Parties, at: int, to: int, alike: float) -> str:
    """Why two parties may be the same, and what speaks against it, as a line.

    For it first: `name 94% alike, same domain acme.com; other country`.
    """
    a, b = left.names[at], right.names[to]
    for_it, against = [], []
    if a.core and a.core == b.core:
        for_it.append("same name")
    elif alike:
        for_it.append(f"name {alike:.0f}% alike")
    elif _root_of_name(left, right, at, to):
        for_it.append("the domain is the name")
    for what, ours, theirs in (
        ("e-mail", left.emails[at], right.emails[to]),
        ("domain", left.domains[at], right.domains[to]),
        ("phone", left.phones[at], right.phones[to]),
        ("city", left.cities[at], right.cities[to]),
        ("country", left.countries[at], right.countries[to]),
    ):
        if ours and theirs and ours == theirs:
            for_it.append(f"same {what}" + (f" {ours}" if what == "domain" else ""))
        elif ours and theirs and what not in ("e-mail", "phone"):
            against.append(f"other {what}")
    if a.form and b.form and a.form != b.form:
        against.append("other legal form")
    if a.condensed != b.condensed and (apart := sorted(set.union(*_words_apart(a.core, b.core)))):
        against.append(f"only one says {' and '.join(apart)}")
    return "; ".join(", ".join(part) for part in (for_it, against) if part)


def words_of(score: float) -> str:
    """A score in plain words.

    >>> words_of(96), words_of(90), words_of(80), words_of(71)
    ('almost surely', 'very likely', 'likely', 'possible')
    """
    if score >= SURE:
        return "almost surely"
    if score >= VERY_LIKELY:
        return "very likely"
    return "likely" if score >= LIKELY else "possible"


def _alike(left: Parties, right: Parties, at: Indices, to: Indices) -> Floats:
    """How alike the names are, whatever the order of their words and the spaces between them."""
    from rapidfuzz import fuzz  # only where there is something to compare

    ours, theirs = left.ordered[at], right.ordered[to]
    known = (ours != "") & (theirs != "")
    places = np.flatnonzero(known)
    alike = np.zeros(len(at))
    by_words = _each(fuzz.ratio, ours[places], theirs[places])
    joined = _each(fuzz.ratio, left.condensed[at[places]], right.condensed[to[places]])
    alike[places] = np.maximum(by_words, joined)
    low = places[alike[places] < _WITHIN]
    inside = _each(fuzz.token_set_ratio, ours[low], theirs[low]) == 100
    alike[low] = np.where(
        inside, np.maximum(alike[low], _inside(ours[low], theirs[low])), alike[low]
    )
    return alike


def _inside(ours: Array, theirs: Array) -> Floats:
    """All words of one name stand in the other: the more so, the more of its letters they are, 80 at most."""
    lengths = np.array([(len(a), len(b)) for a, b in zip(ours, theirs, strict=True)]).reshape(-1, 2)
    return np.asarray(66 + 14 * lengths.min(axis=1) / np.maximum(1, lengths.max(axis=1)))


def _each(measure: Callable[..., float], ours: Array, theirs: Array) -> Floats:
    found = map(measure, ours.tolist(), theirs.tolist())
    return np.fromiter(found, dtype=np.float64, count=len(ours))


def _rooted(left: Parties, right: Parties, at: Indices, to: Indices) -> Flags:
    """The domain of one is the name of the other, in one word."""
    one = _same(left.condensed[at], right.roots[to])
    return one | _same(left.roots[at], right.condensed[to])


def _root_of_name(left: Parties, right: Parties, at: int, to: int) -> bool:
    pairs = ((left.condensed[at], right.roots[to]), (left.roots[at], right.condensed[to]))
    return any(a and a == b for a, b in pairs)


def _told_apart(left: Parties, right: Parties, at: int, to: int) -> float:
    a, b = left.names[at], right.names[to]
    off = _OTHER_FORM if a.form and b.form and a.form != b.form else 0.0
    if a.condensed == b.condensed or not a.core or not b.core:
        return off
    numbers, words = _words_apart(a.core, b.core)
    if words and words <= _PLACES and not numbers and _same_but_for(words, a.core, b.core):
        return off + _OTHER_PLACE
    rest = _OTHER_WORD * len(words)
    return off + (_OTHER_NUMBER if numbers else 0.0) + min(rest, _MOST_WORDS_OFF)


def _words_apart(one: str, other: str) -> tuple[set[str], set[str]]:
    """Numbers, and words such as North, that stand in one of two names only."""
    numbers = set(_NUMBER.findall(one)) ^ set(_NUMBER.findall(other))
    return numbers, (set(one.split()) ^ set(other.split())) & _TELLS_APART


def _same_but_for(words: set[str], one: str, other: str) -> bool:
    return set(one.split()) - words == set(other.split()) - words


def _same(ours: Array, theirs: Array) -> Flags:
    return np.asarray((ours == theirs) & (ours != ""), dtype=bool)


def _differ(ours: Array, theirs: Array) -> Flags:
    return np.asarray((ours != theirs) & (ours != "") & (theirs != ""), dtype=bool)
