"""What people fill in on a Profile: job, pains, gains, what to say, what to build, who has to agree."""

from __future__ import annotations

from dataclasses import dataclass

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.report.spec import (
    Cell,
    Column,
    Content,
    Formula,
    Input,
    Ref,
    Row,
    Section,
    Span,
    Table,
)

JOB, SAY, BUILD, AGREE = "job", "say", "build", "agree"
ANSWER, PERSON = "answer", "person"
_LEFT, _RIGHT = (0, 4), (6, 10)  # halves of the page
_PEOPLE = 3
AGREED = ("yes", "no", "asked")


@dataclass(frozen=True, slots=True)
class _Card:
    """Questions of one kind: key, label and message of each answer."""

    title: str
    head: str
    lines: tuple[tuple[str, str, str], ...]


_CARDS = {
    JOB: _Card(
        "Job, pains, gains",
        "What you know from talking to them",
        (
            ("job", "Job", "What they want to get done, in their words."),
            ("pain 1", "Pain", "What gets in their way."),
            ("pain 2", "Pain", "What else gets in their way."),
            ("gain 1", "Gain", "What is better once it is done."),
            ("gain 2", "Gain", "What else is better then."),
        ),
    ),
    BUILD: _Card(
        "What to build",
        "What they need from the product",
        (
            ("build 1", "First", "What they need most from the product."),
            ("build 2", "Then", "What comes after that."),
            ("avoid", "Avoid", "What we do not build for them."),
        ),
    ),
    SAY: _Card(
        "What to say",
        "In one sentence each",
        (
            ("promise", "Promise", "The one sentence for them."),
            ("proof", "Proof", "Why they should believe it."),
            ("not", "Not", "What we do not say to them."),
        ),
    ),
}


def questions(block: str) -> Section:
    """A card of yellow answers in a half of the page: what to say on the left, the others on the right."""
    card = _CARDS[block]
    first, last = _LEFT if block == SAY else _RIGHT
    columns = (Column("name", "", first, "text"), Column(ANSWER, card.head, first + 1, "text"))
    rows = tuple(
        Row(key, {"name": Cell(name, "muted"), ANSWER: Input(None, "text", message)})
        for key, name, message in card.lines
    )
    help_text = "yellow = yours to fill in" if block == JOB else ""
    table = Table(block, columns, rows)
    return Section(card.title, (table,), help_text, first, last, beside=block != SAY)


def agreement() -> Section:
    """Who has to agree, in the right half of the page."""
    first, last = _RIGHT
    columns = (
        Column(PERSON, "Who", first, "text"),
        Column("needs", "What they need from it", first + 1, "text"),
        Column("agreed", "Agreed", last, "text"),
    )
    rows = tuple(Row(f"person {at}", _person()) for at in range(1, _PEOPLE + 1))
    return Section("Who has to agree", (Table(AGREE, columns, rows),), "", first, last, beside=True)


def _person() -> dict[str, Content | Cell]:
    return {
        PERSON: Input(None, "text", "Name or role."),
        "needs": Input(None, "text", "What this person needs to say yes."),
        "agreed": Input(None, "choice", "Whether they have agreed.", choices=AGREED),
    }


def fields() -> int:
    """How many answers make a profile complete; who has to agree counts by name."""
    return sum(len(card.lines) for card in _CARDS.values()) + _PEOPLE


def filled(findings: Findings, tab: str) -> Formula:
    """How many of them are there, live."""
    spans: dict[str, Ref | Span] = {block: Span(block, ANSWER) for block in _CARDS}
    spans[AGREE] = Span(AGREE, PERSON)
    text = "+".join(f"SUMPRODUCT((LEN({{{block}}})>0)*1)" for block in spans)
    keys = [(tab, block, line[0], ANSWER) for block, card in _CARDS.items() for line in card.lines]
    keys += [(tab, AGREE, f"person {at}", PERSON) for at in range(1, _PEOPLE + 1)]
    there = sum(findings.typed.get(key) not in (None, "") for key in keys)
    return Formula(text, there, spans)
