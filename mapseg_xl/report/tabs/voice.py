"""Voice of customer: what was said, counted by segment and theme, then every note with what is done about it."""

from __future__ import annotations

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.report import words
from mapseg_xl.report.parts import native
from mapseg_xl.report.parts.heard import (
    ALL_NOTES,
    COUNTS,
    OTHER,
    TOTAL,
    count_ref,
    shown_segments,
    shown_themes,
)
from mapseg_xl.report.parts.names import VOICE
from mapseg_xl.report.spec import (
    Cell,
    Column,
    Content,
    Formula,
    Heat,
    Input,
    Ref,
    Row,
    Section,
    Span,
    Tab,
    Table,
    Text,
)
from mapseg_xl.rollout.voice import UNSAID, Heard, top_themes

LOG, ADDED = "log", "added"
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
    sections = [*_counts(findings), *_log(findings), _added(findings)]
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
        if themes:
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
    of_theme, of_all = count_ref(findings, segment_id, name), count_ref(findings, segment_id)
    if of_theme is None or of_all is None:
        return f"{n} of {words.counted(total, 'note')}."
    parts = native.copy(of_theme, n), " of ", native.copy(of_all, total), " notes."
    return native.sentence(*parts, kinds=("count", "count"))


def _subline(findings: Findings) -> str:
    voice = findings.voice
    if not voice.notes:
        return "A sheet with date, team, segment, quote and theme fills this tab; the yellow rows below do too."
    dated = [note.said_on for note in voice.notes if note.said_on]
    when = f", from {words.day(min(dated))} to {words.day(max(dated))}" if dated else ""
    left = f"; {words.counted(voice.older, 'older note')} left out" if voice.older else ""
    return f"{words.counted(len(voice.notes), 'note')} of what customers said{when}{left}. E-mail addresses are masked."


def _counts(findings: Findings) -> list[Section]:
    """Notes by segment and theme, live from the lines below."""
    if not findings.voice.notes:
        return []
    themes, segments = shown_themes(findings.voice), shown_segments(findings)
    more_themes = len(findings.voice.themes) > len(themes)
    columns = [Column("segment", "Segment", 0, "label")]
    columns += [Column(key, name, at, "count") for at, (key, name) in enumerate(themes, start=1)]
    last = len(themes) + 1
    if more_themes:
        columns.append(Column(OTHER, "Other themes", last, "count"))
        last += 1
    columns.append(Column(ALL_NOTES, "All notes", last, "count", bold=True))
    columns += [
        Column("share", "Share of notes", last + 1, "share0"),
        Column("base", "Share of rows", last + 2, "share0"),
        Column("size", "rows", 13, "count"),
        Column("whole", "of", 14, "count"),
    ]
    rows = [_count_row(findings, key, name, themes, more=more_themes) for key, name in segments]
    if len(set(findings.voice.segments) - {name for _, name in segments}):
        rows.append(_other_row(findings, segments, themes, more=more_themes))
    rows.append(_total_row(findings, themes, more=more_themes))
    keys = tuple(key for key, _ in themes)
    most = max(_n(findings, name, theme) for _, name in segments for _, theme in themes)
    table = Table(COUNTS, tuple(columns), tuple(rows))
    heat = Heat(
        "counts heat", COUNTS, keys, "count", 0, float(max(most, 1)), tuple(k for k, _ in segments)
    )
    help_text = "notes, live from the lines below · darker = more · who is heard less than their share of rows?"
    return [Section("Who talks about what", (table, heat), help_text)]


def _n(findings: Findings, segment: str = "", theme: str = "") -> int:
    """Notes of a segment and theme, as shown; empty: any."""
    return sum(
        (not segment or n.segment == segment) and (not theme or n.theme == theme)
        for n in findings.voice.notes
    )


def _counted(value: int, *tests: tuple[str, Ref]) -> Formula:
    """Lines of both tables where a column equals a cell, for every test."""
    refs: dict[str, Ref | Span] = {}
    sums = []
    for table in (LOG, ADDED):
        factors = []
        for column, wanted in tests:
            refs |= {f"{table}_{column}": Span(table, column), f"wanted_{column}": wanted}
            factors.append(f"({{{table}_{column}}}={{wanted_{column}}})")
        sums.append(f"SUMPRODUCT({'*'.join(factors)}*1)")
    return Formula("+".join(sums), value, refs)


def _count_row(
    findings: Findings, key: str, name: str, themes: tuple[tuple[str, str], ...], *, more: bool
) -> Row:
    here = "segment", Ref(COUNTS, key, "segment")
    cells: dict[str, Content | Cell] = {"segment": name}
    for column, theme in themes:
        head = "theme", Ref(COUNTS, "", column)
        cells[column] = _counted(_n(findings, name, theme), here, head)
    cells[ALL_NOTES] = _counted(_n(findings, name), here)
    candidate = next((c for c in findings.candidates if c.segment_id == key), None)
    if candidate is not None:
        cells |= {"size": candidate.n, "whole": findings.whole.size}
        share = candidate.n / findings.whole.size
        cells["base"] = Formula('IF({whole}>0,{size}/{whole},"")', share)
    return Row(key, cells | _rest_of(findings, name, themes, more=more))


def _rest_of(
    findings: Findings, name: str, themes: tuple[tuple[str, str], ...], *, more: bool
) -> dict[str, Content | Cell]:
    """What follows from the counts of a row: notes on other themes, and its share of all notes."""
    n = _n(findings, name)
    shown = sum(_n(findings, name, theme) for _, theme in themes)
    total = Ref(COUNTS, TOTAL, ALL_NOTES)
    cells: dict[str, Content | Cell] = {}
    if more:
        others = "+".join(f"{{{key}}}" for key, _ in themes)
        cells[OTHER] = Formula(f"{{{ALL_NOTES}}}-({others})", n - shown)
    share = n / len(findings.voice.notes)
    cells["share"] = Formula(
        f'IF({{total}}>0,{{{ALL_NOTES}}}/{{total}},"")', share, {"total": total}
    )
    return cells


def _other_row(
    findings: Findings,
    segments: tuple[tuple[str, str], ...],
    themes: tuple[tuple[str, str], ...],
    *,
    more: bool,
) -> Row:
    """Notes of the segments without a row: the total less the rows."""
    names = {name for _, name in segments}
    cells: dict[str, Content | Cell] = {"segment": Cell("Other segments", "muted")}
    for column, theme in (*themes, (ALL_NOTES, "")):
        value = sum(_n(findings, s, theme) for s in findings.voice.segments if s not in names)
        refs: dict[str, Ref | Span] = {
            "rows": Span(COUNTS, column, rows=(segments[0][0], segments[-1][0])),
            "total": Ref(COUNTS, TOTAL, column),
        }
        cells[column] = Formula("{total}-SUM({rows})", value, refs)
    n = sum(name not in names for name in (note.segment for note in findings.voice.notes))
    if more:
        others = "+".join(f"{{{key}}}" for key, _ in themes)
        shown = sum(
            _n(findings, s, t) for s in findings.voice.segments if s not in names for _, t in themes
        )
        cells[OTHER] = Formula(f"{{{ALL_NOTES}}}-({others})", n - shown)
    total = Ref(COUNTS, TOTAL, ALL_NOTES)
    share = n / len(findings.voice.notes)
    cells["share"] = Formula(
        f'IF({{total}}>0,{{{ALL_NOTES}}}/{{total}},"")', share, {"total": total}
    )
    return Row(OTHER, cells)


def _total_row(findings: Findings, themes: tuple[tuple[str, str], ...], *, more: bool) -> Row:
    """All lines, also those of segments that the counts do not name."""
    cells: dict[str, Content | Cell] = {"segment": "All notes"}
    for column, theme in themes:
        cells[column] = _counted(_n(findings, "", theme), ("theme", Ref(COUNTS, "", column)))
    spans: dict[str, Ref | Span] = {table: Span(table, "quote") for table in (LOG, ADDED)}
    text = "SUMPRODUCT((LEN({log})>0)*1)+SUMPRODUCT((LEN({added})>0)*1)"
    cells[ALL_NOTES] = Formula(text, len(findings.voice.notes), spans)
    return Row(TOTAL, cells | _rest_of(findings, "", themes, more=more), "total")


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


__all__ = ["ADDED", "COUNTS", "LOG", "Text", "tab"]
