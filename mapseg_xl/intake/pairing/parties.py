"""Somebody as one system knows them, and many of them as columns that can be compared at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from mapseg_xl.intake.pairing.addresses import company_domain_of, email_of, root_of
from mapseg_xl.intake.pairing.names import Name, folded, name_of
from mapseg_xl.intake.tables import Array, objects

_Made = TypeVar("_Made")
_PHONE_DIGITS = 7  # at the end; what stands before is a country, written or not


@dataclass(frozen=True, slots=True)
class Party:
    """A customer as one table names it. `key` identifies it there; empty texts are unknown.

    `money`: what is at stake if it is not joined, in the table's currency; `rows`: how many rows it has.
    """

    key: str
    name: str = ""
    email: str = ""
    domain: str = ""
    country: str = ""
    city: str = ""
    phone: str = ""
    money: float = 0.0
    rows: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Parties:
    """Parties side by side in comparable form: object arrays of str, "" where unknown."""

    names: tuple[Name, ...]
    ordered: Array  # the core's words, in alphabetical order
    condensed: Array  # the core without spaces
    emails: Array
    domains: Array
    roots: Array
    countries: Array
    cities: Array
    phones: Array

    @property
    def n(self) -> int:
        """How many."""
        return len(self.names)


def parties(held: Sequence[Party]) -> Parties:
    """Parties as columns; each different text is brought into its comparable form once."""
    names = _mapped([p.name for p in held], name_of)
    domains = _mapped([p.domain or p.email for p in held], company_domain_of)
    return Parties(
        names=tuple(names),
        ordered=objects([" ".join(sorted(name.core.split())) for name in names]),
        condensed=objects([name.condensed for name in names]),
        emails=objects(_mapped([p.email for p in held], email_of)),
        domains=objects(domains),
        roots=objects([root_of(domain) for domain in domains]),
        countries=objects(_mapped([p.country for p in held], _word)),
        cities=objects(_mapped([p.city for p in held], _word)),
        phones=objects(_mapped([p.phone for p in held], phone_of)),
    )


def phone_of(text: str) -> str:
    """The last seven digits of a telephone number, which all ways of writing it share; "" for fewer.

    >>> phone_of("+49 (0)30 123 45 67"), phone_of("1234567"), phone_of("none")
    ('1234567', '1234567', '')
    """
    digits = "".join(c for c in text if c.isdigit())
    return digits[-_PHONE_DIGITS:] if len(digits) >= _PHONE_DIGITS else ""


def _word(text: str) -> str:
    return " ".join(folded(text).split())


def _mapped(texts: Sequence[str], make: Callable[[str], _Made]) -> list[_Made]:
    made = {text: make(text) for text in dict.fromkeys(texts)}
    return [made[text] for text in texts]
