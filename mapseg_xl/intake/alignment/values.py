"""The different values of one column, each with the one it is read as, and why. Knows no table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mapseg_xl.intake.alignment.places import country_of, state_of
from mapseg_xl.intake.alignment.size_bands import band_of
from mapseg_xl.intake.alignment.spellings import commonest, likely_typos, spelling_key
from mapseg_xl.intake.columns.role_words import header_words, word_set
from mapseg_xl.repairs import KNOWN_NAMES, MAPPING, SPELLINGS

MOST_VALUES = 200
"""A column with more different values names its rows: known names and typos are not looked for."""
_MOST_SPELLED = 2_000  # different texts; of more only case and spaces are looked at
_MOSTLY = 0.6  # of the different values are names of the kind, or its header says so
_COUNTRY = word_set("country countries land pays pais nation paese pays_de_residence market kraj")
_STATE = word_set("state states province bundesstaat")
_YES = frozenset("yes y true ja oui si sí sim wahr vrai".split())  # noqa: SIM905
_NO = frozenset("no n false nein non nao não falsch faux".split())  # noqa: SIM905

Known = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class AlignedValues:
    """Each different text with the one it is read as, by what; `typos`: likely slips with what they may mean."""

    mapped: Mapping[str, str]
    spelled: Mapping[str, str]
    known: Mapping[str, str]
    typos: Mapping[str, str]

    def read(self, text: str) -> str:
        """What a text is read as in the end, typos apart."""
        for step in (self.mapped, self.spelled, self.known):
            text = step.get(text, text)
        return text


def aligned(
    header: str, counts: Mapping[str, int], off: frozenset[str], mapping: Mapping[str, str]
) -> AlignedValues:
    """How the values of a column are to be read. `counts`: rows of each text; `mapping`: of this column.

    >>> found = aligned("Country", {"Germany": 9, "DE": 2, "germany": 1, "Austria": 5}, frozenset(), {})
    >>> found.read("DE"), found.read("germany"), found.read("Austria")
    ('Germany', 'Germany', 'Austria')
    """
    said = {} if MAPPING in off else mapping
    fixed = frozenset(said.values())
    apart = _kept_apart(counts, said)
    to = {text: said.get(spelling_key(text), text) for text in counts} if said else {}
    mapped = {text: use for text, use in to.items() if use != text and text not in apart}
    now = _counted(counts, mapped)
    key = spelling_key if len(now) <= _MOST_SPELLED else _without_case
    spelled = {} if SPELLINGS in off else _merged(now, key, fixed, apart)
    now = _counted(now, spelled)
    few = len(now) <= MOST_VALUES
    kind = _known_kind(header, list(now)) if few and KNOWN_NAMES not in off else None
    known = {} if kind is None else _merged(now, kind, fixed, apart)
    typos = likely_typos(_counted(now, known)) if few else {}
    kept = {v for v in typos if v in fixed or spelling_key(v) in said}  # people decided on it
    return AlignedValues(mapped, spelled, known, {v: t for v, t in typos.items() if v not in kept})


def _kept_apart(counts: Mapping[str, int], said: Mapping[str, str]) -> frozenset[str]:
    """Texts that people mapped to themselves and to which nothing else is mapped: values of their own."""
    targets = Counter(said.values())
    return frozenset(
        text for text in counts if said.get(spelling_key(text)) == text and targets[text] == 1
    )


def _counted(counts: Mapping[str, int], step: Mapping[str, str]) -> dict[str, int]:
    now: dict[str, int] = {}
    for text, n in counts.items():
        use = step.get(text, text)
        now[use] = now.get(use, 0) + n
    return now


def _merged(
    counts: Mapping[str, int], key_of: Known, fixed: frozenset[str], apart: frozenset[str]
) -> dict[str, str]:
    """Texts of one key as the one that people said, else the commonest of them."""
    groups: dict[object, list[str]] = {}
    for text in counts:
        key = key_of(text) if text and text not in apart else None
        if key:
            groups.setdefault(key, []).append(text)
    found: dict[str, str] = {}
    for texts in groups.values():
        if len(texts) > 1:
            said = [t for t in texts if t in fixed]
            use = said[0] if said else commonest(texts, counts)
            found |= {t: use for t in texts if t != use and t not in said}
    return found


def _without_case(text: str) -> str:
    return " ".join(text.casefold().split())


def _known_kind(header: str, values: Sequence[str]) -> Known | None:
    """Of what the values of a column are names: countries, states, size bands, yes and no; None of nothing known."""
    words = set(header_words(header))
    filled = [v for v in values if v]
    for known, asked in (
        (country_of, _COUNTRY),
        (state_of, _STATE),
        (band_of, None),
        (_yes_or_no, None),
    ):
        share = sum(bool(known(v)) for v in filled) / max(1, len(filled))
        called = asked is not None and bool(words & asked)
        if (called and share > 0) or (asked is None and share >= _MOSTLY):
            return known
    return None


def _yes_or_no(text: str) -> str:
    low = text.strip().casefold()
    return "yes" if low in _YES else "no" if low in _NO else ""
