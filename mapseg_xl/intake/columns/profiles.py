"""What the values of a column look like, judged on an even sample of rows. Converts nothing."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np

from mapseg_xl.intake.cleaning.cells import is_empty_word, is_error
from mapseg_xl.intake.columns.role_words import (
    LIFE_WORDS,
    OUTCOME_WORDS,
    header_key,
    life_code,
    word_set,
)
from mapseg_xl.intake.tables import Array, RawTable

SAMPLE_ROWS = 2_000

FLAG_WORDS = word_set(
    "0 1 yes no y n true false t f x ja nein j oui non si sí s sim não nao wahr falsch vrai faux"
)
_MONTH = r"(jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-zé]*\.?"
_DATE = re.compile(
    r"(19|20)\d{2}([-/]\d{1,2}|([-/.])\d{1,2}\3\d{1,2}([T ].*)?)"
    r"|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}( .*)?"
    rf"|\d{{1,2}}[. -]*{_MONTH}[ ,-]*\d{{2,4}}|{_MONTH} \d{{1,2}}(st|nd|rd|th)?,? \d{{4}}"
    r"|(19|20)\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"[-+(]?\s*(?:[$€£¥]|[A-Z]{2,3})?\s*[-+]?\d[\d.,' \u00a0\u202f]*(e[-+]?\d+)?\s*(?:[$€£¥%kKmM]|[A-Z]{3}|kr)?\s*\)?"
)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.IGNORECASE)
_DOMAIN = re.compile(r"(https?://)?([a-z0-9-]+\.)+[a-z]{2,}(/\S*)?", re.IGNORECASE)
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 73_050  # 1954-10-03 and 2099-12-31 as Excel counts days


@dataclass(frozen=True, slots=True)
class Profile:
    """Shares of the sampled, non-empty values that look like each kind; 0 everywhere for an empty column."""

    filled: float  # share of sampled rows with a value
    seen: int  # sampled values that are not empty
    distinct: int  # different values among them
    dates: float
    serials: float  # numbers that could be day counts or yyyymmdd
    numbers: float
    flags: float
    emails: float
    domains: float
    life_words: float
    life_phrases: float  # words of the life cycle, or short phrases with one of them
    outcome_words: float
    won: bool  # the word won, or a form of it, occurs
    texts: float  # text that is neither number nor date
    mean_length: float  # of the texts, in characters
    samples: tuple[str, ...]  # the first three different values


def profile(table: RawTable, index: int) -> Profile:
    """What the column's values look like. Large tables are judged on 2,000 evenly spaced rows."""
    column = table.columns[index]
    step = max(1, -(-len(column) // SAMPLE_ROWS))
    picked = column[::step]
    values = [v for v in _plain_values(picked) if not _is_empty(v)]
    counts = Counter(shown(v) for v in values)
    kinds: Counter[str] = Counter()
    first = {shown(v): v for v in reversed(values)}
    for text, n in counts.items():
        for kind in _kinds(text, first[text]):
            kinds[kind] += n
    n = max(1, len(values))
    lengths = [len(t) * k for t, k in counts.items() if isinstance(first[t], str)]
    return Profile(
        filled=len(values) / max(1, len(picked)),
        seen=len(values),
        distinct=len({t.casefold() for t in counts}),
        dates=kinds["date"] / n,
        serials=kinds["serial"] / n,
        numbers=kinds["number"] / n,
        flags=kinds["flag"] / n,
        emails=kinds["email"] / n,
        domains=kinds["domain"] / n,
        life_words=kinds["life"] / n,
        life_phrases=kinds["phrase"] / n,
        outcome_words=kinds["outcome"] / n,
        won=kinds["won"] > 0,
        texts=kinds["text"] / n,
        mean_length=sum(lengths) / n,
        samples=tuple(list(counts)[:3]),
    )


def shown(value: Any) -> str:
    """A cell's value as the team reads it: dates without midnight, whole numbers without decimals."""
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        return value.date().isoformat()
    if isinstance(value, datetime | date):
        return value.isoformat()[:16]
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | np.floating):
        return f"{value:.15g}"
    return str(value).strip()


def _plain_values(column: Array) -> list[Any]:
    if column.dtype.kind == "M":
        days = column.astype("datetime64[D]")
        return [v for v in days.tolist() if v is not None]
    return list(column.tolist())


def _is_empty(value: Any) -> bool:
    if value is None or is_error(value):
        return True
    if isinstance(value, str):
        return not value.strip() or is_empty_word(value)
    return isinstance(value, float) and value != value


def _kinds(text: str, value: Any) -> list[str]:
    if isinstance(value, bool):
        return ["flag"]
    if isinstance(value, datetime | date):
        return ["date"]
    if isinstance(value, int | float):
        return _number_kinds(float(value))
    return _text_kinds(text)


def _number_kinds(number: float) -> list[str]:
    kinds = ["number"]
    if number in (0, 1):
        kinds.append("flag")
    compact = 19_000_101 <= number <= 20_991_231 and _DATE.fullmatch(str(int(number)))
    if _FIRST_SERIAL <= number <= _LAST_SERIAL or compact:
        kinds.append("serial")
    return kinds


def _text_kinds(text: str) -> list[str]:
    key = header_key(text) if len(text) <= 40 else ""
    kinds = [
        kind
        for kind, holds in (
            ("flag", text.casefold() in FLAG_WORDS),
            ("email", _EMAIL.fullmatch(text)),
            ("domain", _DOMAIN.fullmatch(text)),
            ("life", key in LIFE_WORDS),
            ("phrase", len(text) <= 40 and life_code(text) is not None),
            ("outcome", key in OUTCOME_WORDS),
            ("won", OUTCOME_WORDS.get(key) == "won"),
        )
        if holds
    ]
    if _DATE.fullmatch(text):
        kinds.append("date")
    if _NUMBER.fullmatch(text):
        return [*kinds, "number"]
    return kinds if "date" in kinds else [*kinds, "text"]
