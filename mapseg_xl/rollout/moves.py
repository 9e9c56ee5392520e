"""First moves for each team and chosen segment, derived from the findings. Suggestions to change, nothing decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mapseg_xl.analyze.performance import PerformanceRow
from mapseg_xl.measure.parsing import parse_rule
from mapseg_xl.rollout.profiles import FEWEST, Profile
from mapseg_xl.rollout.voice import Heard, Voice, top_themes

TEAMS = ("Marketing", "Sales", "Customer success", "Product")
MARKETING, SALES, SUCCESS, PRODUCT = TEAMS
SPEED = "time_to_convert_days"
STAYING = ("survival_12m", "monthly_churn", "survival_24m")
PLENTY, A_GOOD_PART = 1.2, 0.15  # times more common, and share, before a channel is called theirs
SOME_NOTES, ENOUGH_NOTES, THEMES = 3, 5, 2
Lines = Mapping[tuple[str, str], PerformanceRow]  # segment_id, metric


@dataclass(frozen=True, slots=True)
class Move:
    """One suggestion. `kind` and `subject` say which finding it rests on, so that the page can quote it live.

    Subjects: of `channel` a channel, of `message` and `build` a theme, of `greet` a trait, of `follow up`, `keep`
    and `ask for more` a metric; `ask` and `interview` have none.
    """

    team: str
    segment_id: str
    kind: str
    subject: str
    text: str
    quick: bool = False

    @property
    def key(self) -> str:
        """The same on every run, for the same suggestion."""
        return f"{self.segment_id} {self.team} {self.kind} {self.subject}".rstrip()


def find_moves(profiles: Sequence[Profile], voice: Voice, lines: Lines) -> tuple[Move, ...]:
    """The moves of each team, quick ones first, then in the order of the segments.

    What was not found suggests nothing.
    """
    made: list[Move] = []
    for profile in profiles:
        notes = voice.of(profile.segment_id)
        made += _marketing(profile, notes)
        made += _sales(profile, lines)
        made += _success(profile, lines)
        made += _product(profile, notes)
    return tuple(sorted(made, key=lambda move: (TEAMS.index(move.team), not move.quick)))


def _marketing(profile: Profile, notes: Sequence[Heard]) -> Iterator[Move]:
    def move(kind: str, subject: str, text: str, *, quick: bool = False) -> Move:
        return Move(MARKETING, profile.segment_id, kind, subject, text, quick)

    many = [c for c in profile.channels if c.n >= FEWEST and c.share >= A_GOOD_PART]
    best = max(many, key=lambda c: c.times or 0.0, default=None)
    if many and many[0].share == 1.0:
        text = f"Make {many[0].value} easy to repeat: every one of them came that way"
        yield move("channel", many[0].value, text, quick=True)
    elif best is not None and (best.times or 0.0) >= PLENTY:
        yield move("channel", best.value, f"Move the next spend to {best.value}", quick=True)
    elif many:
        text = f"Give them a page of their own behind {many[0].value}"
        yield move("channel", many[0].value, text, quick=True)
    for theme, _ in _often(notes)[:1]:
        text = f"Test “{theme}” as the promise, against today's, in a small campaign"
        yield move("message", theme, text)


def _sales(profile: Profile, lines: Lines) -> Iterator[Move]:
    text = f"Ask {_columns(profile)} first: the answer tells who belongs"
    yield Move(SALES, profile.segment_id, "ask", "", text, quick=True)
    speed = lines.get((profile.segment_id, SPEED))
    if speed is not None and speed.value is not None:
        text = "Follow up before half of those who buy have decided"
        yield Move(SALES, profile.segment_id, "follow up", SPEED, text)


def _success(profile: Profile, lines: Lines) -> Iterator[Move]:
    typical = [t for t in profile.traits if (t.times or 0.0) >= PLENTY]
    goal = next((t for t in typical if t.family == "psychographic"), None)
    if goal is not None:
        text = f"Start the first week with what more of them came for: {goal.value}"
        yield Move(SUCCESS, profile.segment_id, "greet", goal.trait, text, quick=True)
    else:
        text = f"Ask {_columns(profile)} at the first log-in, and start with their own example"
        yield Move(SUCCESS, profile.segment_id, "ask", "", text, quick=True)
    for metric in STAYING:
        row = lines.get((profile.segment_id, metric))
        if row is not None and row.verdict in ("better", "worse"):
            worse = row.verdict == "worse"
            text = "Find out why they leave: call the last ten who did"
            if not worse:
                text = "Ask the longest-standing for a referral and a public story"
            kind = "keep" if worse else "ask for more"
            yield Move(SUCCESS, profile.segment_id, kind, metric, text)
            return


def _product(profile: Profile, notes: Sequence[Heard]) -> Iterator[Move]:
    for theme, _ in _often(notes)[:THEMES]:
        text = f"Decide on “{theme}”: build it, keep it, or say no"
        yield Move(PRODUCT, profile.segment_id, "build", theme, text)
    if len(notes) < ENOUGH_NOTES:
        text = "Talk to five of them before building anything"
        yield Move(PRODUCT, profile.segment_id, "interview", "", text, quick=True)


def _often(notes: Sequence[Heard]) -> list[tuple[str, int]]:
    return [(theme, n) for theme, n in top_themes(notes) if n >= SOME_NOTES]


def _columns(profile: Profile) -> str:
    """The columns of a segment's rule, as they are called."""
    names = [f"“{c.column}”" for c in parse_rule(profile.rule).conditions]
    return " and ".join(dict.fromkeys(names))
