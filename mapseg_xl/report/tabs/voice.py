"""Voice of customer: what was said, counted by segment and theme, then every note with what is done about it."""

from __future__ import annotations

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.report import words
from mapseg_xl.report.parts import native
from mapseg_xl.report.parts.act.heard import (
    ADDED,
    LOG,
    live_count,
    shown_segments,
)
from mapseg_xl.report.parts.act.heard_counts import counts_section
from mapseg_xl.report.parts.names import VOICE
from mapseg_xl.report.spec import (
    Cell,
    Column,
    Content,
    Input,
    Row,
    Section,
    Tab,
    Table,
)
from mapseg_xl.rollout.voice import UNSAID, Heard, top_themes

STATUSES = ("new", "planned", "done", "no")
EMPTY_ROWS = 15
WIDTHS = {0: 271, 1: 80, **dict.fromkeys(range(2, 11), 71)}  # 990 in all, as on every page
_QUOTE = "What a customer said, without their name or address."
_MESSAGES = {
    "said_on": "The day it was said, such as 2026-06-30.",
    "team": "Who heard it: Sales, Support, ...",
    "theme": "What it is about, in the words of the counts above, so that it is counted.",
    "action": "What is done about it.",
    "owner": "Who does it.",
    "status": "How far it is.",
}


def tab(findings: Findings) -> Tab:
    """The tab of a run's findings."""
    sections = [*counts_section(findings), *_log(findings), _added(findings)]
    return Tab(
        VOICE,
        "ACT",
        _headline(findings),
        _subline(findings),
        tuple(sections),
        notes=_notes(findings),
        widths=WIDTHS,
        has_inputs=True,
    )


def _headline(findings: Findings) -> Content | tuple[Content, ...]:
    """What the first chosen segment that was heard talks about most; else what everybody does."""
    voice = findings.voice
    if not voice.notes:
        return "No customer has been quoted yet: what they say can be collected here."
    for profile in findings.profiles.chosen:
        notes = voice.of(profile.segment_id)
        themes = top_themes(notes)
        if themes and themes[0][1] > 1:
            name, theme = words.short(profile.name, 30), words.short(themes[0][0], 30)
            first = f"“{name}” talks most about {_quoted(theme)}:"
            return first, _of_notes(findings, profile.segment_id, themes[0], len(notes))
    themes = top_themes(voice.notes)
    if not themes:
        return f"{words.counted(len(voice.notes), 'note')} were collected; none has a theme yet."
    theme, n = themes[0]
    return f"{_quoted(words.short(theme, 40))} is what customers talk about most: {n} of {len(voice.notes)} notes."


def _quoted(theme: str) -> str:
    return f"“{theme}”"


def _of_notes(findings: Findings, segment_id: str, theme: tuple[str, int], total: int) -> Content:
    """`7 of 18 notes.`, live where both counts are shown."""
    name, n = theme
    of_theme, of_all = live_count(findings, segment_id, name), live_count(findings, segment_id)
    if of_theme is None or of_all is None:
        return f"{n} of {words.counted(total, 'note')}."
    parts = of_theme, " of ", of_all, " notes."
    return native.sentence(*parts, kinds=("count", "count"))


def _subline(findings: Findings) -> str:
    voice = findings.voice
    if not voice.notes:
        return "A sheet with date, team, segment, quote and theme fills this tab; the yellow rows below do too."
    dated = [note.said_on for note in voice.notes if note.said_on]
    when = f", from {words.day(min(dated))} to {words.day(max(dated))}" if dated else ""
    left = f"; {words.counted(voice.older, 'older note')} left out" if voice.older else ""
    return f"{words.counted(len(voice.notes), 'note')} of what customers said{when}{left}. E-mail addresses are masked."


def _log(findings: Findings) -> list[Section]:
    if not findings.voice.notes:
        return []
    rows = tuple(_line(note) for note in findings.voice.notes)
    table = Table(LOG, _line_columns(), rows, filter=True)
    return [Section("What they said", (table,), "newest first · yellow = yours to fill in")]


def _line_columns() -> tuple[Column, ...]:
    return (
        Column("quote", "In their words", 0, "label"),
        Column("said_on", "Date", 1, "text"),
        Column("team", "Team", 2, "text"),
        Column("segment", "Segment", 3, "text"),
        Column("theme", "Theme", 5, "text"),
        Column("action", "Action", 7, "text"),
        Column("owner", "Owner", 9, "text"),
        Column("status", "Status", 10, "text"),
    )


def _line(note: Heard) -> Row:
    muted = "muted" if note.segment == UNSAID else ""
    cells: dict[str, Content | Cell] = {
        "quote": note.quote,
        "said_on": note.said_on,
        "team": note.team,
        "segment": Cell(note.segment, muted),
        "theme": Cell(note.theme, "muted" if note.theme == UNSAID else ""),
        "action": Input(None, "text", _MESSAGES["action"]),
        "owner": Input(None, "text", _MESSAGES["owner"]),
        "status": Input(None, "choice", _MESSAGES["status"], choices=STATUSES),
    }
    return Row(note.key, cells)


def _added(findings: Findings) -> Section:
    """Yellow rows for what is heard from now on."""
    names = [p.name for p in findings.profiles.chosen]
    names += [name for _, name in shown_segments(findings)]
    choices = tuple(dict.fromkeys(names))
    segment = Input(None, "choice" if choices else "text", "Who said it.", choices=choices)
    rows = tuple(
        Row(
            f"added {at}",
            {
                "quote": Input(None, "text", _QUOTE),
                "segment": segment,
                "status": Input(None, "choice", _MESSAGES["status"], choices=STATUSES),
                **{
                    key: Input(None, "text", _MESSAGES[key])
                    for key in ("said_on", "team", "theme", "action", "owner")
                },
            },
        )
        for at in range(1, EMPTY_ROWS + 1)
    )
    table = Table(ADDED, _line_columns(), rows)
    help_text = (
        "yellow = yours to fill in; counted above at once, kept when the workbook is made again"
    )
    return Section("Heard since", (table,), help_text)


def _notes(findings: Findings) -> tuple[str, ...]:
    if not findings.voice.notes:
        return ()
    lines = [
        "A note counts for the segment written down; without one, for the best segment its customer belongs to.",
        "Meet once a month over this tab: what is new, what is planned, what is done.",
    ]
    if any(UNSAID in (note.segment, note.theme) for note in findings.voice.notes):
        lines.append(f"“{UNSAID}”: nobody wrote it down.")
    return tuple(lines)
