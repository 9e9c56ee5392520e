"""Forms of a key in which two systems agree although its cells differ, the surest first. Joins nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from mapseg_xl.intake.columns.key_columns import KeyColumn
from mapseg_xl.intake.pairing.addresses import company_domain_of, domain_of, email_of, host_of
from mapseg_xl.intake.pairing.names import WRITTEN_OUT, Name, name_of


@dataclass(frozen=True, slots=True)
class Form:
    """A key in one form: two that are equal are the same, unless both have a `rest` and these differ."""

    text: str
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """A way to make keys comparable. `loose`: it leaves something out, so two of one table are no mere spellings."""

    words: str  # "without legal form"
    form: Callable[[str], Form]
    loose: bool = False


SAME = Level("", Form)


def _company_levels() -> tuple[Level, ...]:
    """Each name is taken apart once for all of them."""
    known: dict[tuple[str, bool], Name] = {}

    def name(text: str, *, written_out: bool) -> Name:
        written_out = written_out and any(c in text for c in WRITTEN_OUT)
        if (text, written_out) not in known:
            known[text, written_out] = name_of(text, written_out=written_out)
        return known[text, written_out]

    def spelled(text: str, *, written_out: bool) -> Form:
        return Form(name(text, written_out=written_out).spelled)

    def core(text: str, *, written_out: bool) -> Form:
        found = name(text, written_out=written_out)
        return Form(found.core, found.form)

    return (
        Level("but for accents and signs", partial(spelled, written_out=False)),
        Level("but for ä written ae", partial(spelled, written_out=True)),
        Level("without legal form", partial(core, written_out=False), loose=True),
        Level("without legal form, ä written ae", partial(core, written_out=True), loose=True),
    )


_EMAIL = (Level("without tags and dots of Gmail", lambda text: Form(email_of(text))),)
_DOMAIN = (
    Level("without www. and path", lambda text: Form(host_of(text))),
    Level("without the part before the domain", lambda text: Form(domain_of(text)), loose=True),
)


def levels_of(left: str, right: str) -> tuple[Level, ...]:
    """The levels for two kinds of key, () where only the exact key tells.

    >>> [level.words for level in levels_of("email", "email")]
    ['without tags and dots of Gmail']
    """
    if "company" in (left, right):
        return _company_levels()
    if left == right == "email":
        return _EMAIL
    return _DOMAIN if left == right == "domain" else ()


def coarse_form(left: str, right: str) -> Callable[[str], str] | None:
    """The loosest form in which two kinds of key may meet, None where only the exact key tells."""
    if {left, right} == {"email", "domain"}:
        return company_domain_of
    levels = levels_of(left, right)
    if not levels:
        return None
    form = levels[-1].form
    return lambda text: form(text).text


def kind_in(columns: tuple[KeyColumn, ...], key: KeyColumn) -> str:
    """The kind of a key column; of one that the user named, what its form says."""
    return next((k.kind for k in columns if k.index == key.index), key.kind)
