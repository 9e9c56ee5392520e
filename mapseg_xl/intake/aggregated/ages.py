"""What stands over the columns and before the rows of a cohort table: ages, calendar months, cohorts. Only words."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from mapseg_xl.intake.aggregated.blocks import number_of, text_of
from mapseg_xl.intake.cleaning.days import day
from mapseg_xl.intake.finding.leftouts import is_total

UNITS = {"day": 12 / 365.25, "week": 12 * 7 / 365.25, "month": 1.0, "quarter": 3.0, "year": 12.0}
"""Months in each."""
_UNIT_WORDS = {
    "day": "d day days tag tage jour jours dia dias",
    "week": "w wk week weeks woche wochen semaine semaines semana semanas",
    "month": "m mo mth month months monat monate mois mes meses",
    "quarter": "q qtr quarter quarters quartal quartale trimestre trimestres",
    "year": "y yr year years jahr jahre an ans annee annees ano anos",
}
_UNIT_OF = {word: unit for unit, words in _UNIT_WORDS.items() for word in words.split()}
_AGE = re.compile(
    r"(?:(?P<before>[a-zäéñ]+)\.?\s*)?(?:\(?\s*)?[+#]?\s*(?P<n>\d{1,3})\s*(?:\.|st|nd|rd|th)?\s*\)?\s*(?P<after>[a-zäéñ]+)?",
    re.IGNORECASE,
)
_PLAIN_WORDS = frozenset(["age", "period", "periode", "t", "p", "after", "alter", "n", "in"])
_QUARTER = re.compile(
    r"(?:(?P<y1>\d{4})\s*[-/ ]?\s*q(?P<q1>[1-4])|q(?P<q2>[1-4])\s*[-/' ]?\s*(?P<y2>\d{4}|\d\d))",
    re.IGNORECASE,
)
_SHORT_YEAR = re.compile(r"(?P<name>[^\W\d_]{3,10}\.?)[\s\-/']+(?P<y>\d\d)")
_OVERALL = re.compile(
    r"(?:weighted |wtd\.? |simple )?(?:average|avg\.?|mean)(?:\s.*)?|median|all(?: cohorts)?|overall|Ø.*"
    r"|durchschnitt|mittelwert|moyenne|media|gesamt|min|max|blended",
    re.IGNORECASE,
)
_YEARS = (1990, 2100)


def age_of(value: Any) -> tuple[int, str] | None:
    """The age that a header counts, and its unit, empty where it names none; None for other words.

    >>> age_of("Month 3"), age_of("M12"), age_of(4.0), age_of("2 weeks"), age_of("Q1 2024")
    ((3, 'month'), (12, 'month'), (4, ''), (2, 'week'), None)
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return (int(value), "") if 0 <= value <= 400 and float(value).is_integer() else None
    if not isinstance(value, str):
        return None
    found = _AGE.fullmatch(value.strip())
    if found is None:
        return None
    words = [w.casefold() for w in (found["before"], found["after"]) if w]
    units = [_UNIT_OF[w] for w in words if w in _UNIT_OF]
    if any(w not in _UNIT_OF and w not in _PLAIN_WORDS for w in words):
        return None
    return int(found["n"]), units[0] if units else ""


def month_of(value: Any) -> int | None:
    """A calendar month counted from 1970-01; of a quarter its first one. None for other words.

    >>> month_of("1970-02"), month_of("Q2 2024"), month_of("Jan 70"), month_of("Agency")
    (1, 651, 0, None)
    """
    if isinstance(value, datetime | date):
        return (value.year - 1970) * 12 + value.month - 1
    if not isinstance(value, str):
        return None
    text = value.strip()
    if found := _QUARTER.fullmatch(text):
        year, quarter = found["y1"] or found["y2"], int(found["q1"] or found["q2"])
        return (_year(year) - 1970) * 12 + (quarter - 1) * 3
    short = _SHORT_YEAR.fullmatch(text)
    read = day(f"{short['name']} {_year(short['y'])}" if short else text)
    known = None if read is None else read.read(day_first=False)
    return None if known is None else (known.year - 1970) * 12 + known.month - 1


def is_quarter(value: Any) -> bool:
    """Whether a cohort is a quarter."""
    return isinstance(value, str) and bool(_QUARTER.fullmatch(value.strip()))


def cohort_name(value: Any) -> str:
    """A cohort as results name it: `2025-03` for a month, else as written."""
    month = month_of(value)
    if month is None or is_quarter(value):
        return text_of(value)
    return f"{1970 + month // 12}-{month % 12 + 1:02}"


def is_overall(value: Any) -> bool:
    """Whether a row or column of this name is a total or average of the others."""
    return isinstance(value, str) and (is_total(value) or bool(_OVERALL.fullmatch(value.strip())))


def _year(text: str) -> int:
    year = int(text)
    return year if year >= 100 else 2000 + year if year < 70 else 1900 + year


def is_year(value: Any) -> bool:
    """Whether a cohort is a year."""
    number = number_of(value)
    return number is not None and number.is_integer() and _YEARS[0] <= number <= _YEARS[1]
