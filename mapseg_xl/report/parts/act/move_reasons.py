"""The finding a move comes from, as a live sentence: every figure is a copy of the cell that owns it."""

from __future__ import annotations

from mapseg_xl.measure.parsing import parse_rule
from mapseg_xl.metrics.catalog import metric
from mapseg_xl.report import words
from mapseg_xl.report.parts import native
from mapseg_xl.report.parts.act.heard import live_count
from mapseg_xl.report.parts.act.typical import CHANNELS, MOST_CHANNELS, MOST_TRAITS, TRAITS
from mapseg_xl.report.parts.case.sentences import finding
from mapseg_xl.report.parts.measures import value_ref
from mapseg_xl.report.parts.names import PERFORMANCE
from mapseg_xl.report.parts.names import profile as profile_tab
from mapseg_xl.report.parts.selection import Shown
from mapseg_xl.report.spec import Content, Formula, Ref
from mapseg_xl.rollout.moves import Move
from mapseg_xl.rollout.profiles import Profile, Typical
from mapseg_xl.rollout.voice import top_themes

_ROOM_PX = 780


def reason(what: Shown, move: Move, profile: Profile) -> Content:
    """Why, in one line."""
    match move.kind:
        case "channel":
            return _typical(profile, move.subject, CHANNELS)
        case "greet":
            return _typical(profile, move.subject, TRAITS)
        case "message" | "build":
            return _heard(what, profile, move.subject)
        case "follow up":
            return _speed(what, profile, move.subject)
        case "keep" | "ask for more":
            member = next(m for m in what.members if m.key == profile.segment_id)
            return finding(what, member, [metric(move.subject)], _ROOM_PX)
        case "interview":
            return _few_notes(what, profile)
    return f"Who belongs: {parse_rule(profile.rule).words().replace('_', ' ')}."


def _typical(profile: Profile, subject: str, block: str) -> Content:
    """`38% of them, 2.1× as common as among everyone else`; as text where the profile has no row for it."""
    if block == CHANNELS:
        lines, key = profile.channels, "value"
        shown = lines[:MOST_CHANNELS]
    else:
        lines, key = profile.traits, "trait"
        shown = lines[:MOST_TRAITS]
    line = next(t for t in lines if getattr(t, key) == subject)
    tab = profile_tab(profile.letter)
    live = line in shown
    share = _figure(Ref(block, subject, "share", tab), line.share, live=live)
    if line.times is None:
        return native.sentence(share, " of them; nobody else.", kinds=("share0",))
    times = _figure(Ref(block, subject, "times", tab), line.times, live=live)
    said = f" of them{_value(line, block)}, "
    return native.sentence(
        share, said, times, " as common as among everyone else.", kinds=("share0", "ratio")
    )


def _value(line: Typical, block: str) -> str:
    return f" say {words.short(line.value, 40)}" if block == TRAITS else " came that way"


def _figure(ref: Ref, value: float, *, live: bool) -> Formula:
    return Formula("{it}", value, {"it": ref}) if live else Formula(repr(value), value)


def _heard(what: Shown, profile: Profile, theme: str) -> Content:
    notes = what.findings.voice.of(profile.segment_id)
    n = dict(top_themes(notes))[theme]
    of_theme = live_count(what.findings, profile.segment_id, theme)
    of_all = live_count(what.findings, profile.segment_id)
    if of_theme is None or of_all is None:
        return f"{n} of their {words.counted(len(notes), 'note')} are about it."
    parts = of_theme, " of their ", of_all, " notes are about it."
    return native.sentence(*parts, kinds=("count", "count"))


def _few_notes(what: Shown, profile: Profile) -> Content:
    n = len(what.findings.voice.of(profile.segment_id))
    said = live_count(what.findings, profile.segment_id)
    if not n or said is None:
        return "Nobody has written down what they say yet."
    return native.sentence("Notes of what they said so far: ", said, ".", kinds=("count",))


def _speed(what: Shown, profile: Profile, name: str) -> Content:
    """Half have decided by then; everyone else's beside it where it is judged."""
    row = what.lines[profile.segment_id, name]
    judged = name in {m.id for m in what.metrics}
    ref = value_ref(what, name, profile.segment_id)
    if not judged:
        ref = Ref(name, profile.segment_id, "value", PERFORMANCE)
    value = native.copy(ref, row.value)
    start = "Half of those who become customers do so within "
    if judged and row.rest_value is not None:
        rest = native.copy(value_ref(what, name, profile.segment_id, "rest"), row.rest_value)
        return native.sentence(
            start, value, ", of everyone else within ", rest, ".", kinds=("days", "days")
        )
    return native.sentence(start, value, ".", kinds=("days",))
