"""When two words are the same but for spelling, and when one is likely a slip of the other."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from rapidfuzz.distance import OSA

from mapseg_xl.intake.alignment.places import country_of, state_of

_FEWEST_LETTERS = 3
_TELLING = frozenset('+#<>=&%*$€£/\\@|~^°!?:;"[]{}0123456789')
"""Signs that tell values apart: C++ from C, 1-10 from 110, <50 from >50."""
_AND = frozenset({"&", "+", "und", "et", "y", "og", "och", "en"})
"""Words between others that say `and`: Food & Beverage is Food and Beverage."""
_SHORT, _LONG = 5, 9  # letters of a word that may hold one slip, or two
_RARE = 0.12  # of the rows of the right spelling
_USUAL = 5  # rows from which on a spelling is the right one
_MOST_VALUES = 200


def spelling_key(text: str) -> str:
    """What is the same for all spellings: case and spaces; of words without digits and signs also points and accents.

    >>> spelling_key("S.a.a.S") == spelling_key("SaaS") == spelling_key("Saas ")
    True
    >>> spelling_key("C++") == spelling_key("C"), spelling_key("1-10") == spelling_key("110")
    (False, False)
    """
    words = text.casefold().split()
    words[1:-1] = ["and" if w in _AND else w for w in words[1:-1]]
    spaced = " ".join(words)
    if not _TELLING.isdisjoint(spaced):
        return spaced
    if spaced.isascii():
        letters = spaced if spaced.isalpha() else "".join(filter(str.isalpha, spaced))
    else:
        folded = unicodedata.normalize("NFKD", spaced)
        letters = "".join(filter(str.isalpha, folded))
    return letters if len(letters) >= _FEWEST_LETTERS else spaced


def likely_typos(counts: Mapping[str, int]) -> dict[str, str]:
    """Rare values that are a slip or two away from a common one, each with that one.

    Only inside words of five letters or more without digits, all other words being equal: never `Plan A` for
    `Plan B`, `Niger` for `Nigeria`, or one known place for another.

    >>> likely_typos({"Healthcare": 200, "Helathcare": 2, "Austria": 90, "Australia": 2, "Plan A": 90, "Plan B": 2})
    {'Helathcare': 'Healthcare'}
    """
    if len(counts) > _MOST_VALUES:
        return {}
    common = [v for v, n in counts.items() if n >= _USUAL]
    found: dict[str, str] = {}
    for value, n in counts.items():
        near = [c for c in common if n <= max(1, _RARE * counts[c]) and _is_slip(value, c)]
        if near:
            found[value] = max(near, key=lambda c: counts[c])
    return found


def _is_slip(value: str, right: str) -> bool:
    if not value or value == right or abs(len(value) - len(right)) > 2:
        return False
    if not _TELLING.isdisjoint(value + right):
        return False
    words, others = value.casefold().split(), right.casefold().split()
    if len(words) != len(others):
        return False
    differ = [(w, o) for w, o in zip(words, others, strict=True) if w != o]
    return len(differ) == 1 and _is_near(*differ[0]) and not _both_known(value, right)


def _is_near(word: str, other: str) -> bool:
    """Whether a word is a slip of the other, which is the right one."""
    most = 0 if len(other) < _SHORT else 1 if min(len(word), len(other)) < _LONG else 2
    return most > 0 and OSA.distance(word, other, score_cutoff=most) <= most


def _both_known(value: str, right: str) -> bool:
    return any(known(value) and known(right) for known in (country_of, state_of))


def commonest(texts: Sequence[str], counts: Mapping[str, int]) -> str:
    """The spelling in most rows; the first seen among equals."""
    return max(texts, key=lambda t: counts[t])
