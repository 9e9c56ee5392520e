"""Names of companies in a form in which two systems agree: accents, punctuation, legal forms. Compares nothing."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from mapseg_xl.intake.pairing.legal_forms import BESIDE, FORMS, LEADING, SPELLED, form_of

_INITIALS = re.compile(r"(?<!\w)((?:\w{1,3}\.)+\w{1,3})(?!\w)")  # S.p.A, Ges.m.b.H, Co.Ltd
_SLASHED = re.compile(r"(?<!\w)(\w)/(\w)(?!\w)")  # A/S
_IN_PARTS = (
    (re.compile(r"\bsp z ?o ?o$"), "spzoo"),
    (re.compile(r"\bs ?a de c ?v$"), "sadecv"),
)
_APOSTROPHES = re.compile(r"['’‘`´]")
_NO_LETTER = re.compile(r"[^\w]+|_")
_AND = frozenset({"and", "und", "et", "y", "og", "och"})
WRITTEN_OUT = "äöüøåæœÄÖÜØÅÆŒ"
"""Letters that some systems write as two."""
_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae", "œ": "oe"}
)
_LIKE_LETTERS = str.maketrans(
    {"ø": "o", "å": "a", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ı": "i"}
)


@dataclass(frozen=True, slots=True)
class Name:
    """A company's name: all its words, those without legal form and article, and the legal form ("" for none)."""

    spelled: str
    core: str
    form: str

    @property
    def condensed(self) -> str:
        """The core without spaces, as it stands in a domain."""
        return self.core.replace(" ", "")


def name_of(text: str, *, written_out: bool = False) -> Name:
    """A name with what systems write differently made equal. `written_out`: ä as ae, else as a.

    >>> name_of("The Müller & Söhne G.m.b.H.")
    Name(spelled='the muller and sohne gmbh', core='muller and sohne', form='gmbh')
    >>> name_of("Mueller und Soehne", written_out=True).core == name_of("Müller & Söhne", written_out=True).core
    True
    """
    words = _words(folded(text, written_out=written_out))
    spelled = " ".join(SPELLED.get(w, w) for w in words)
    core, form = _without_form(words)
    if core[0:1] == ["the"] and len(core) > 1:
        core = core[1:]
    elif core[-1:] == ["the"] and len(core) > 1:
        core = core[:-1]
    return Name(spelled, " ".join("co" if w == "company" else w for w in core), form)


def folded(text: str, *, written_out: bool = False) -> str:
    """Lower case without accents; letters that are no letter with an accent as the ones they are taken for."""
    low = unicodedata.normalize("NFC", text).casefold()
    low = low.translate(_UMLAUTS if written_out else _LIKE_LETTERS)
    if low.isascii():
        return low
    split = unicodedata.normalize("NFKD", low)
    return "".join(c for c in split if not unicodedata.combining(c))


def _words(low: str) -> list[str]:
    low = _APOSTROPHES.sub("", low).replace("&", " and ").replace("+", " and ")
    low = _SLASHED.sub(r"\1\2", low)
    if "." in low:
        low = _INITIALS.sub(lambda found: found[1].replace(".", ""), low)
    words = _NO_LETTER.sub(" ", low).strip()
    if words.endswith(("o", "v")):
        for pattern, form in _IN_PARTS:
            words = pattern.sub(form, words)
    found = words.split()
    inner = found[1:-1]
    return [*found[:1], *("and" if w in _AND else w for w in inner), *found[1:][-1:]]


def _without_form(words: list[str]) -> tuple[list[str], str]:
    """The words of the name, and the form behind or before it. A name of nothing but forms stays as it is."""
    end = len(words)
    while end and (words[end - 1] in FORMS or words[end - 1] in BESIDE or words[end - 1] == "and"):
        end -= 1
    tail = words[end:]
    if not any(w in FORMS for w in tail):
        end, tail = len(words), []
    start = 1 if end > 1 and words[0] in LEADING else 0
    if end <= start:
        return words, ""
    return words[start:end], form_of([*words[:start], *tail])
