"""Dates as people type them: ISO, 31/12/2025, 31 Dec 2025, with or without times. Text in, parts out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from mapseg_xl.intake.cleaning.cells import tidy

CENTURY_TURN = 70  # 69 is 2069, 70 is 1970, as spreadsheets have it within a few years
_MONTHS = {
    **dict.fromkeys(["jan", "ene", "gen", "sty"], 1),
    **dict.fromkeys(["feb", "fev", "lut"], 2),
    **dict.fromkeys(["mar", "mrz", "maa", "mrt"], 3),
    **dict.fromkeys(["apr", "abr", "avr", "kwi"], 4),
    **dict.fromkeys(["may", "mai", "mag", "mei", "maj"], 5),
    **dict.fromkeys(["jun", "juin", "giu", "cze"], 6),
    **dict.fromkeys(["jul", "juil", "lug", "lip"], 7),
    **dict.fromkeys(["aug", "ago", "aou", "sie"], 8),
    **dict.fromkeys(["sep", "set", "wrz"], 9),
    **dict.fromkeys(["oct", "okt", "ott", "out", "paz"], 10),
    **dict.fromkeys(["nov", "lis"], 11),
    **dict.fromkeys(["dec", "dez", "dic", "gru"], 12),
}
_TIME = (
    r"(?:(?:[T,]\s*|\s+)(?:at\s+)?\d{1,2}(?:[:.h]\d{2}){0,2}(?:[.,]\d+)?\s*(?:[AaPp]\.?[Mm]\.?)?\s*"
    r"(?:Z|UTC|GMT|[A-Z]{3,4}|[+-]\d{2}:?(?:\d{2})?)?)?"
)
_WEEKDAY = r"(?:[^\W\d_]{2,10}\.?,?\s+)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.年])(\d{{1,2}})[-/.月](\d{{1,2}})日?{_TIME}")
_STAMP = re.compile(rf"\d{{4}}-\d\d-\d\d{_TIME}")
_ISO_LETTERS = 10
_COMPACT = re.compile(rf"(\d{{4}})(\d{{2}})(\d{{2}})(?:T?\d{{4,6}}Z?)?{_TIME}")
_MONTH_ONLY = re.compile(r"(\d{4})-(\d{2})")
_NUMERIC = re.compile(rf"{_WEEKDAY}(\d{{1,2}})([-/. ])(\d{{1,2}})\2\s?(\d{{4}}|\d{{2}})\.?{_TIME}")
_DAY_NAMED = re.compile(
    rf"{_WEEKDAY}(\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?(?:\s+de)?[\s.\-/]*([^\W\d_]{{3,10}})\.?(?:\s+de)?[\s.,\-/']*(\d{{4}}|\d{{2}}){_TIME}"
)
_MONTH_NAMED = re.compile(
    rf"{_WEEKDAY}([^\W\d_]{{3,10}})\.?[\s\-/]*(\d{{1,2}})(?:st|nd|rd|th)?(?:\s*,\s*|[\s\-/]+)(\d{{4}}|\d{{2}}){_TIME}"
)
_MONTH_YEAR = re.compile(r"([^\W\d_]{3,10})\.?[\s\-/',]*(\d{4})")


@dataclass(frozen=True, slots=True)
class Day:
    """A date in text: `known` where it reads one way only, else the two numbers of `31/12/2025`.

    `known` None and `first` 0: the form of a date that does not exist. `month_only`: the first of it is meant.
    """

    known: date | None = None
    first: int = 0
    second: int = 0
    year: int = 0
    month_only: bool = False

    @property
    def open_order(self) -> bool:
        """Day and month in an order that only the column can tell."""
        return self.first > 0

    def read(self, *, day_first: bool) -> date | None:
        """The date under an order of day and month; None where it does not exist."""
        if not self.open_order:
            return self.known
        day, month = (self.first, self.second) if day_first else (self.second, self.first)
        return existing(self.year, month, day)


def existing(year: int, month: int, day: int) -> date | None:
    """That date, or None where the calendar has none.

    >>> existing(2025, 2, 31) is None
    True
    """
    try:
        return date(year, month, day)
    except ValueError:
        return None


def day(text: str) -> Day | None:
    """What date a text holds, or None where it has no date's form.

    Times and zones are dropped: the day as written counts.

    >>> day("2025-03-01T23:30:00Z").known, day("Dec 31, 2025").known
    (datetime.date(2025, 3, 1), datetime.date(2025, 12, 31))
    >>> day("3/4/2025").read(day_first=True), day("31/02/2025").read(day_first=True)
    (datetime.date(2025, 4, 3), None)
    """
    text = tidy(text)
    if not (4 <= len(text) <= 48 and any(c.isdigit() for c in text)):
        return None
    if found := _YEAR_FIRST.fullmatch(text):
        return Day(existing(int(found[1]), int(found[3]), int(found[4])))
    if found := _NUMERIC.fullmatch(text):
        return _numeric(found)
    if found := _COMPACT.fullmatch(text):
        return Day(existing(int(found[1]), int(found[2]), int(found[3])))
    if found := _MONTH_ONLY.fullmatch(text):
        return Day(existing(int(found[1]), int(found[2]), 1), month_only=True)
    return _named(text)


def day_reader() -> Callable[[str], Day | None]:
    """`day` with a memory for timestamps: the same day at another time is not worked out again."""
    known: dict[str, Day | None] = {}

    def read(text: str) -> Day | None:
        if len(text) > _ISO_LETTERS and _STAMP.fullmatch(text):
            head = text[:_ISO_LETTERS]
            if head not in known:
                known[head] = day(head)
            return known[head]
        return day(text)

    return read


def _numeric(found: re.Match[str]) -> Day:
    first, second, year = int(found[1]), int(found[3]), _year(found[4])
    if found[2] == "." and second <= 12:
        return Day(existing(year, second, first))  # dots are written day first everywhere
    return Day(first=first, second=second, year=year) if first and second else Day()


def _named(text: str) -> Day | None:
    if (found := _DAY_NAMED.fullmatch(text)) and (month := _month(found[2])):
        return Day(existing(_year(found[3]), month, int(found[1])))
    if (found := _MONTH_NAMED.fullmatch(text)) and (month := _month(found[1])):
        return Day(existing(_year(found[3]), month, int(found[2])))
    if (found := _MONTH_YEAR.fullmatch(text)) and (month := _month(found[1])):
        return Day(existing(int(found[2]), month, 1), month_only=True)
    return None


def _year(text: str) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    return year + (2000 if year < CENTURY_TURN else 1900)


def _month(name: str) -> int:
    """1 to 12 from a month's name in the larger European languages; 0 if it is none."""
    bare = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(c for c in bare if c.isalpha())
    return _MONTHS.get(letters[:4], 0) or _MONTHS.get(letters[:3], 0)
