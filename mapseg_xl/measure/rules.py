"""Rules that say who belongs to a segment, as data, in the grammar's words and in people's. Sees no customers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from mapseg_xl.intake.tables import BLANK, plain

KEYWORDS = ("and", "in", "between", "is", "not", "or")

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)", re.ASCII)
_PLAIN_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?", re.ASCII)  # safe to print without quotes
_PLAIN_NAME = re.compile(r"[^\W\d][\w.-]*")
_ISO_DATE = re.compile(r"(\d{4}-\d\d-\d\d)([T ].*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison of a column. `values` are kept as written: two for between, none for is blank."""

    column: str
    operator: str  # "=" "<>" "<" "<=" ">" ">=" "in" "between" "is blank" "is not blank"
    values: tuple[str, ...] = ()

    def __str__(self) -> str:
        column = _name(self.column)
        values = [quoted(v) for v in self.values]
        match self.operator:
            case "in":
                return f"{column} in ({', '.join(values)})"
            case "between":
                return f"{column} between {values[0]} and {values[1]}"
            case _:
                return " ".join([column, self.operator, *values])

    def words(self) -> str:
        """The condition as people say it: `employees is at least 1,000`."""
        said = [_said(v, self.column) for v in self.values]
        match self.operator:
            case "is blank":
                return f"{self.column} is empty"
            case "is not blank":
                return f"{self.column} is filled in"
            case "between":
                return f"{self.column} is between {said[0]} and {said[1]}"
            case "in":
                listed = ", ".join(said[:-1])
                return f"{self.column} is {f'{listed} or ' if listed else ''}{said[-1]}"
        if self.values == (BLANK,) and self.operator in ("=", "<>"):
            return f"{self.column} is {'empty' if self.operator == '=' else 'filled in'}"
        dated = as_date(self.values[0]) is not None
        return f"{self.column} is {_SAID[self.operator][dated]} {said[0]}".replace("  ", " ")


_OF_NUMBERS = ("<", "<=", ">", ">=", "between")


@dataclass(frozen=True, slots=True)
class Rule:
    """Conditions that must all hold, at least one. `str()` of it can be parsed again."""

    conditions: tuple[Condition, ...]

    def __str__(self) -> str:
        return " and ".join(str(c) for c in self.conditions)

    def words(self) -> str:
        """The rule as people say it: `employees is at least 1,000 and country is US`."""
        return " and ".join(c.words() for c in self.conditions)


def rule_key(rule: Rule) -> str:
    """The same text for rules that say the same, however it is written: case, spaces in headers, order, repetition.

    >>> from dataclasses import replace
    >>> one, other = Condition("Company size", "=", ("Small",)), Condition("region", "=", ("Dach",))
    >>> rule_key(Rule((one, other))) == rule_key(Rule((other, replace(one, column="company_size"))))
    True
    """
    return " and ".join(sorted({_condition_key(c) for c in rule.conditions}))


def _condition_key(condition: Condition) -> str:
    """A list of one value is that value; numbers are the same however they are written."""
    values = {v.strip().casefold() for v in condition.values}
    operator = "=" if condition.operator == "in" and len(values) == 1 else condition.operator
    if operator in _OF_NUMBERS:
        numbers = ((v, as_number(v)) for v in values)
        values = {v if number is None else f"{number:.12g}" for v, number in numbers}
    return " ".join((plain(condition.column), operator, *sorted(map(quoted, values))))


# for a number or text, for a date
_SAID = {
    "=": ("", ""),
    "<>": ("not", "not"),
    "<": ("under", "before"),
    "<=": ("at most", "on or before"),
    ">": ("over", "after"),
    ">=": ("at least", "on or after"),
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def as_number(text: str) -> float | None:
    """The number a text holds, None if it is none; no thousands marks, no exponent, no `nan`.

    >>> as_number(" 12.5 "), as_number("1e3"), as_number("")
    (12.5, None, None)
    """
    return float(text) if _NUMBER.fullmatch(text := text.strip()) else None


def as_date(text: str) -> date | None:
    """The day an ISO date holds, a time after it being ignored; None if it is none.

    >>> as_date("2026-01-31 12:00"), as_date("20260131")
    (datetime.date(2026, 1, 31), None)
    """
    found = _ISO_DATE.fullmatch(text.strip())
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:  # the 31st of February
        return None


def quoted(value: str) -> str:
    """A value as the grammar prints it: plain numbers and ISO dates bare, all else quoted SQL-style.

    >>> quoted("O'Brien"), quoted("1000"), quoted("007")
    ("'O''Brien'", '1000', "'007'")
    """
    bare = _PLAIN_NUMBER.fullmatch(value) or (len(value) == 10 and as_date(value))
    return value if bare else "'" + value.replace("'", "''") + "'"


def _name(column: str) -> str:
    """A column as the grammar prints it: bare where it is one plain word."""
    if _PLAIN_NAME.fullmatch(column) and column.casefold() not in KEYWORDS:
        return column
    return '"' + column.replace('"', '""') + '"'


def _said(value: str, column: str) -> str:
    day, number = as_date(value), as_number(value)
    if day is not None:
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    is_year = "year" in plain(column) and number is not None and 1000 <= number < 3000
    if number is None or is_year or not _PLAIN_NUMBER.fullmatch(value):
        return value
    whole, dot, rest = value.partition(".")
    return f"{int(whole):,}{dot}{rest}"
