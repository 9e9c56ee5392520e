"""Reads the one small grammar of segment rules. Sees no customers: names and values are not looked up here.

rule       condition { "and" condition }
condition  column ( "=" | "<>" | "<" | "<=" | ">" | ">=" ) value
           column "in" "(" value { "," value } ")"
           column "between" value "and" value
           column "is blank"  |  column "is not blank"
column     bare words, "Company size" or [Company size]
value      bare words, a number, an ISO date, or 'O''Brien'
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from mapseg_xl.errors import InputError
from mapseg_xl.intake.tables import BLANK
from mapseg_xl.measure.rules import KEYWORDS, Condition, Rule, as_date, as_number

_SAME = {"==": "=", "!=": "<>", "≠": "<>", "≤": "<=", "≥": ">="}
_TOKEN = re.compile(
    r"""\s*(?:
    (?P<value>'(?:[^']|'')*'|‘[^’]*’)
  | (?P<name>"(?:[^"]|"")*"|“[^”]*”|\[[^\]]*\])
  | (?P<operator><=|>=|<>|!=|==|[=<>≤≥≠])
  | (?P<blank>\(\s*blank\s*\))
  | (?P<mark>[(),])
  | (?P<word>(?:[^\s'"‘“\[\](),=<>!≤≥≠]|!(?!=))(?:[^\s(),=<>!≤≥≠]|!(?!=))*)
    )""",
    re.VERBOSE | re.IGNORECASE,
)


def parse_rule(text: str) -> Rule:
    """Reads a rule. Raises InputError, pointing at the place, where the text is not one.

    >>> str(parse_rule("employees>=1000 AND country in (US, CA)"))
    "employees >= 1000 and country in ('US', 'CA')"
    """
    return _Reader(text).rule()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # value name operator blank mark word
    text: str  # unquoted
    at: int
    end: int


class _Reader:
    """Walks over the tokens of one rule, once, from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.tokens = self._split()

    def _split(self) -> list[_Token]:
        tokens, at = [], 0
        end = len(self.text.rstrip())
        while at < end:
            found = _TOKEN.match(self.text, at)
            if found is None:
                raise self._wrong(
                    at + len(self.text[at:]) - len(self.text[at:].lstrip()), "a quote is not closed"
                )
            kind = str(found.lastgroup)
            start = found.start(kind)
            tokens.append(_Token(kind, _unquoted(kind, found[kind]), start, found.end()))
            at = found.end()
        return tokens

    def rule(self) -> Rule:
        conditions = [self._condition()]
        while self.at < len(self.tokens):
            if not self._keyword("and"):
                either = self._peek("or")
                raise self._wrong(
                    self._place(),
                    "only 'and' joins conditions; make two segments, or use in (...)"
                    if either
                    else "expected 'and' or the end",
                )
            conditions.append(self._condition())
        return Rule(tuple(conditions))

    def _condition(self) -> Condition:
        column = self._column()
        if self._keyword("is"):
            negated = self._keyword("not")
            if not (self._keyword("blank") or self._keyword("empty") or self._take("blank")):
                raise self._wrong(self._place(), "expected 'blank' after 'is'; to compare, write =")
            return Condition(column, "is not blank" if negated else "is blank")
        if self._keyword("in"):
            return Condition(column, "in", self._list())
        if self._keyword("between"):
            return self._between(column)
        operator = self._take("operator")
        if operator is None:
            raise self._wrong(
                self._place(),
                f"expected =, <>, <, <=, >, >=, in, between or is blank after '{column}'",
            )
        sign = _SAME.get(operator.text, operator.text)
        return Condition(column, sign, (self._value(f"'{operator.text}'"),))

    def _between(self, column: str) -> Condition:
        start = self._place()
        low = self._value("'between'")
        if not self._keyword("and"):
            raise self._wrong(self._place(), "expected 'and' and a second value: between 10 and 50")
        high = self._value("'and'")
        if _falls(low, high):
            raise self._wrong(start, f"between {low} and {high} holds nothing: the smaller first")
        return Condition(column, "between", (low, high))

    def _list(self) -> tuple[str, ...]:
        if self._take("blank"):
            return (BLANK,)
        if not self._mark("("):
            raise self._wrong(self._place(), "expected ( after 'in': in ('A', 'B')")
        values = [self._value("'('")]
        while self._mark(","):
            values.append(self._value("','"))
        if not self._mark(")"):
            raise self._wrong(self._place(), "expected , or ) in the list")
        return tuple(values)

    def _column(self) -> str:
        if name := self._take("name") or self._take("value"):
            if name.text.strip():
                return name.text
            raise self._wrong(name.at, "the column's name is empty")
        return self._words("a column", lambda word: word.casefold() in KEYWORDS)

    def _value(self, after: str) -> str:
        if token := self._take("value") or self._take("name"):
            return token.text
        if self._take("blank"):
            return BLANK
        return self._words(f"a value after {after}", lambda word: word.casefold() in ("and", "or"))

    def _words(self, what: str, ends: Callable[[str], bool]) -> str:
        """Bare words up to a sign or keyword, spaces between them kept."""
        first = self.at
        while self._peek_kind() == "word" and not ends(self.tokens[self.at].text):
            self.at += 1
        if first == self.at:
            raise self._wrong(self._place(), f"{what} is missing")
        words = self.tokens[first : self.at]
        colon = next((w for w in words if what == "a column" and w.text.endswith(":")), None)
        if colon is not None:  # else the name of `NAME: RULE` would be read into the column
            raise self._wrong(colon.at, "put a column name with a colon in double quotes")
        return self.text[words[0].at : words[-1].end]

    def _peek_kind(self) -> str:
        return self.tokens[self.at].kind if self.at < len(self.tokens) else ""

    def _peek(self, word: str) -> bool:
        return self._peek_kind() == "word" and self.tokens[self.at].text.casefold() == word

    def _keyword(self, word: str) -> bool:
        found = self._peek(word)
        self.at += found
        return found

    def _take(self, kind: str) -> _Token | None:
        if self._peek_kind() != kind:
            return None
        self.at += 1
        return self.tokens[self.at - 1]

    def _mark(self, sign: str) -> bool:
        found = self._peek_kind() == "mark" and self.tokens[self.at].text == sign
        self.at += found
        return found

    def _place(self) -> int:
        return self.tokens[self.at].at if self.at < len(self.tokens) else len(self.text.rstrip())

    def _wrong(self, at: int, why: str) -> InputError:
        rest = self.text[at : at + 20].strip()
        where = f"at '{rest}' (character {at + 1})" if rest else "at the end"
        return InputError(f'Rule "{self.text}" cannot be read {where}: {why}.')


def _unquoted(kind: str, text: str) -> str:
    if kind not in ("value", "name"):
        return text
    inner = text[1:-1]
    return inner.replace(text[0] * 2, text[0]) if text[0] in "'\"" else inner


def _falls(low: str, high: str) -> bool:
    first, second = as_number(low), as_number(high)
    if first is not None and second is not None:
        return first > second
    start, end = as_date(low), as_date(high)
    return start is not None and end is not None and start > end
