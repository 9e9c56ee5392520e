"""What customers said, by the segment they belong to: notes in order, counted by segment and theme. No rates here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from mapseg_xl.analyze.candidates import Candidate
from mapseg_xl.intake.tables import FeedbackNote, MarketLine
from mapseg_xl.prioritize.matching import match_lines

UNSAID = "not said"  # of a note without segment or theme
MOST = 300  # notes that somebody still acts on
_KEY_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Heard:
    """One note. `segment_id` is empty where it belongs to no candidate; `segment` is then as written."""

    key: str  # readable, and the same on every run for the same note
    said_on: date | None
    team: str
    segment_id: str
    segment: str
    quote: str  # intake has taken addresses and numbers out
    theme: str


@dataclass(frozen=True, slots=True)
class Voice:
    """The newest notes, newest first; undated ones last."""

    notes: tuple[Heard, ...] = ()
    older: int = 0  # notes left out: a page holds the newest ones

    def of(self, segment_id: str) -> tuple[Heard, ...]:
        """The notes of one segment."""
        return tuple(note for note in self.notes if note.segment_id == segment_id)

    @property
    def segments(self) -> tuple[str, ...]:
        """Segments as shown, those with most notes first; notes without one last."""
        return _ordered(note.segment for note in self.notes)

    @property
    def themes(self) -> tuple[str, ...]:
        """Themes, the commonest first; notes without one last."""
        return _ordered(note.theme for note in self.notes)


def top_themes(notes: Sequence[Heard]) -> tuple[tuple[str, int], ...]:
    """The themes of some notes with their counts, the commonest first; notes without a theme aside."""
    counts = Counter(note.theme for note in notes if note.theme != UNSAID)
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def find_voice(
    feedback: Sequence[FeedbackNote], candidates: Sequence[Candidate], order: Sequence[str] = ()
) -> Voice:
    """Every note with the one segment it counts for.

    That is the segment written down, where a candidate is called so or has that rule; without one, the candidate
    that its customer is in, the best by `order` (segment_ids) where there are several.
    """
    first = [c for c in candidates if not c.twin_of]
    ranked = sorted(
        first, key=lambda c: order.index(c.segment_id) if c.segment_id in order else len(order)
    )
    named = _named(feedback, ranked)
    seen: Counter[str] = Counter()
    notes = []
    for note in feedback:
        heard = _heard(note, named, ranked)
        seen[heard.key] += 1
        notes.append(_told_apart(heard, seen[heard.key]))
    order_of_days = sorted(notes, key=lambda note: note.said_on or date.min, reverse=True)
    return Voice(tuple(order_of_days[:MOST]), max(0, len(notes) - MOST))


def _named(
    feedback: Sequence[FeedbackNote], candidates: Sequence[Candidate]
) -> dict[str, Candidate]:
    """Segments as written -> the candidate they speak of, matched as the market's lines are."""
    texts = dict.fromkeys(note.segment for note in feedback if note.segment.strip())
    found, _ = match_lines(candidates, [MarketLine(text) for text in texts])
    named: dict[str, Candidate] = {}
    for candidate in candidates:
        for line in found.get(candidate.segment_id, []):
            named.setdefault(line.segment, candidate)
    return named


def _heard(
    note: FeedbackNote, named: Mapping[str, Candidate], ranked: Sequence[Candidate]
) -> Heard:
    written = note.segment.strip()
    candidate = named.get(note.segment)
    if not written and note.customer >= 0:
        candidate = next((c for c in ranked if c.member[note.customer]), None)
    shown = candidate.name if candidate else written or UNSAID
    quote = note.quote
    return Heard(
        f"{note.said_on or 'undated'} {quote[:_KEY_LENGTH]}",
        note.said_on,
        note.team,
        candidate.segment_id if candidate else "",
        shown,
        quote,
        note.theme.strip() or UNSAID,
    )


def _told_apart(note: Heard, place: int) -> Heard:
    """The same note written down twice keeps two keys."""
    if place == 1:
        return note
    return replace(note, key=f"{note.key} ({place})")


def _ordered(names: Iterable[str]) -> tuple[str, ...]:
    counts = Counter(names)
    return tuple(sorted(counts, key=lambda name: (name == UNSAID, -counts[name], name)))
