"""What of persons never leaves in a workbook that is passed on: addresses, telephone numbers, names beside the data.

Segments, counts and money need none of it. Rows of customers by name are written only where they were asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import replace

from mapseg_xl.intake.columns.role_words import header_key, key_set
from mapseg_xl.intake.tables import (
    Customers,
    FeedbackNote,
    Issue,
    RoleGuess,
    Sources,
    Spot,
    Trait,
)

PERSONAL_HEADERS = key_set(
    "name; first name; last name; surname; full name; contact; contact name; phone; phone number; telephone;"
    "mobile; mobile number; fax; street; address; notes; note; comment; comments; description; remarks;"
    "linkedin; vorname; nachname; telefon; strasse; bemerkung; nom; prenom; telephone; adresse; nombre;"
    "apellido; telefono; direccion; contact person; primary contact; main contact; person; customer name;"
    "client name; phone no; mobile phone; cell; cell phone; whatsapp; skype; street address; postal address;"
    "billing address; shipping address; home address; address line 1; address line 2; kundenname;"
    "ansprechpartner; ansprechpartnerin; kontakt; kontaktperson; telefonnummer; handy; handynummer; mobil;"
    "anschrift; straße; hausnummer; bemerkungen; notiz; notizen; kommentar; rue; naam; voornaam; achternaam;"
    "telefoon; adres; straat; cognome; telefono cellulare; cellulare; indirizzo; apellidos; calle; movil"
)
"""Headers of columns that speak of persons, or may: no cell of theirs is quoted."""
_NAMES = key_set(
    "first name; last name; surname; full name; contact name; given name; family name; vorname; nachname;"
    "prenom; nom de famille; apellido; apellidos; voornaam; achternaam; cognome"
)
SAID = (
    "E-mail addresses, telephone numbers and names of persons are made unreadable in what is written; "
    "`mapseg run --include-email` shows them."
)
MAILS = re.compile(r"[^@\s<>()'\"„“”,;:]+@[^@\s<>()'\"„“”,;:]+\.[A-Za-z]{2,}")
PHONES = re.compile(r"(?<![\w.,])\+?\d[\d ()/-]{7,}\d(?!\w)")
# Among dates and ids only what is written as a telephone number: with a plus, or an area code of its own.
_SURE_PHONES = re.compile(
    r"(?<![\w.,+])(?:\+\d{1,3}[ (/.-]?[\d ()/.-]{5,}\d|\(0\d{1,5}\)[\d /-]{3,}\d)(?!\w)"
)
_QUOTED = re.compile(r"'((?:[^']|'(?=\w))*)'")  # O'Brien is one value
_WORD = re.compile(r"\w+")
_LIKE_A_PERSON = re.compile(
    r"^[^\W\d_]\S*[ ,]+\S*[^\W\d_]|\d\D{0,2}\d\D{0,2}\d\D{0,2}\d\D{0,2}\d|@"
)
_FIRMS = ("company", "domain", "owner")


def masked(text: str) -> str:
    """The text with its e-mail addresses and telephone numbers made unreadable.

    >>> masked("customer_id repeated: 'anna@x.de'"), masked("call +49 170 1234567 on 2025-01-31")
    ("customer_id repeated: 'a…@…'", 'call +… on 2025-01-31')
    """
    if "@" in text:
        text = _QUOTED.sub(lambda found: f"'{shielded(found[1])}'", text)
        text = MAILS.sub(lambda found: found[0][0] + "…@…", text)
    if "+" in text or "(0" in text:
        text = _SURE_PHONES.sub("+…", text)
    return text


def shielded(value: str) -> str:
    """A cell's value, as `masked`; a name that stands before an address goes with it.

    >>> shielded("Anna Zweigelt <anna@x.de>"), shielded("EMEA")
    ('A…@…', 'EMEA')
    """
    return initials(value) if MAILS.search(value) else masked(value)


def initials(text: str) -> str:
    """What remains of a personal value: the first letter of each word.

    >>> initials("Anna Zweigelt"), initials("+49 30 1234"), initials("anna@x.de")
    ('A… Z…', '+… … …', 'a…@…')
    """
    if "@" in text:
        return text.strip()[:1] + "…@…"
    return _WORD.sub(lambda word: (word[0][0] if word[0][0].isalpha() else "") + "…", text)


def impersonal(sources: Sources) -> Sources:
    """The same sources, with nothing of persons in whatever is shown of them. Keys stay: rows are known by them."""
    hidden = _personal_columns(sources)
    found = replace(
        sources,
        customers=_customers(sources.customers),
        issues=tuple(_issue(issue, hidden) for issue in sources.issues),
        guesses=tuple(_guess(guess, hidden) for guess in sources.guesses),
        feedback=tuple(map(_note, sources.feedback)),
    )
    same = (
        found.customers is sources.customers
        and found.issues == sources.issues
        and found.guesses == sources.guesses
        and found.feedback == sources.feedback
    )
    return found if same else replace(found, taken=(*found.taken, SAID))


def is_personal(header: str) -> bool:
    """Whether a column of that header speaks of persons."""
    return header_key(header) in PERSONAL_HEADERS


def holds_persons(header: str, values: Sequence[str]) -> bool:
    """Whether a column's different values are names, numbers or addresses of persons, however often they repeat.

    >>> holds_persons("Contact", ["Ann Smith", "Bob Li"]), holds_persons("Contact", ["yes", "no"])
    (True, False)
    """
    if header_key(header) in _NAMES:
        return True
    if not is_personal(header):
        return False
    like = sum(bool(_LIKE_A_PERSON.search(value)) for value in values)
    return like * 2 > len(values)


def _personal_columns(sources: Sources) -> frozenset[str]:
    """Headers whose cells are not quoted: addresses, and what speaks of persons. A company's name does not."""
    by_role = dict(sources.customers.role_headers)
    guesses = sources.guesses
    firms = {g.header for g in guesses if g.role in _FIRMS} | {by_role.get(r) for r in _FIRMS}
    mails = {g.header for g in guesses if g.role == "email"} | {by_role.get("email")}
    columns = {g.header for g in guesses} | {i.column for i in sources.issues}
    return frozenset(c for c in columns if c in mails or (is_personal(c) and c not in firms))


def _issue(issue: Issue, hidden: Set[str]) -> Issue:
    personal = issue.column in hidden
    text = _quoted if personal else masked
    value = initials if personal else shielded
    spots = tuple(Spot(s.cell, text(s.issue), value(s.before), value(s.after)) for s in issue.spots)
    return replace(
        issue,
        issue=text(issue.issue),
        before=value(issue.before),
        after=value(issue.after),
        spots=spots,
    )


def _quoted(text: str) -> str:
    """A sentence with the values it quotes made unreadable."""
    return masked(_QUOTED.sub(lambda found: f"'{initials(found[1])}'", text))


def _guess(guess: RoleGuess, hidden: Set[str]) -> RoleGuess:
    """Samples show how a column was read, and go wherever the run goes."""
    value = initials if guess.header in hidden else shielded
    return replace(guess, samples=tuple(map(value, guess.samples)))


def _note(note: FeedbackNote) -> FeedbackNote:
    team, segment, quote, theme = (
        PHONES.sub("…", MAILS.sub("…@…", text))
        for text in (note.team, note.segment, note.quote, note.theme)
    )
    return replace(note, team=team, segment=segment, quote=quote, theme=theme)


def _customers(customers: Customers) -> Customers:
    if not any("@" in v or "+" in v or "(0" in v for t in customers.traits for v in t.values):
        return customers
    return replace(customers, traits=tuple(map(_trait, customers.traits)))


def _trait(trait: Trait) -> Trait:
    """Values stay apart: two that look alike now are numbered."""
    values = tuple(numbered(map(shielded, trait.values)))
    return trait if values == trait.values else replace(trait, values=values)


def numbered(texts: Iterable[str]) -> Iterable[str]:
    """Each text, one that came before with its number.

    >>> list(numbered(["a…@…", "b", "a…@…"]))
    ['a…@…', 'b', 'a…@… (2)']
    """
    seen: dict[str, int] = {}
    for text in texts:
        seen[text] = seen.get(text, 0) + 1
        yield text if seen[text] == 1 else f"{text} ({seen[text]})"
