"""Which segments and themes the counts of Voice of customer show, and where each count stands."""

from __future__ import annotations

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.report.parts import native
from mapseg_xl.report.parts.names import VOICE
from mapseg_xl.report.spec import Formula, Ref
from mapseg_xl.rollout.voice import Voice

LOG, ADDED = "log", "added"  # the notes of the sources, and those typed since
COUNTS = "counts"  # a row a segment, a column a theme
ALL_NOTES, OTHER, TOTAL = "all", "other", "total"
MOST_THEMES, MOST_SEGMENTS = 6, 10


def segment_key(segment_id: str, segment: str) -> str:
    """The row of a segment: its id, or what was written where it is no candidate."""
    return segment_id or f"said {segment}"


def shown_segments(findings: Findings) -> tuple[tuple[str, str], ...]:
    """Keys and names of the rows: chosen segments, also those nobody spoke of, then those with most notes."""
    notes = findings.voice.notes
    ids = {note.segment: note.segment_id for note in notes}
    chosen = [(p.segment_id, p.name) for p in findings.profiles.chosen]
    others = [(segment_key(ids[name], name), name) for name in findings.voice.segments]
    return tuple(dict.fromkeys([*chosen, *others]))[:MOST_SEGMENTS]


def shown_themes(voice: Voice) -> tuple[tuple[str, str], ...]:
    """Keys and names of the columns, the commonest theme first."""
    return tuple((f"theme{at}", name) for at, name in enumerate(voice.themes[:MOST_THEMES]))


def counted(findings: Findings, segment: str = "", theme: str = "") -> int:
    """Notes of a segment and theme, as shown; empty: any. Those that people typed below the others count too."""
    said = sum(
        (not segment or n.segment == segment) and (not theme or n.theme == theme)
        for n in findings.voice.notes
    )
    rows: dict[str, dict[str, str]] = {}
    for (tab, block, row, column), value in findings.typed.items():
        if (tab, block) == (VOICE, ADDED) and value is not None:
            rows.setdefault(row, {})[column] = str(value)
    wanted = {"segment": segment.casefold(), "theme": theme.casefold()}
    wanted = {column: word for column, word in wanted.items() if word}
    return said + sum(
        all(row.get(column, "").casefold() == word for column, word in wanted.items())
        if wanted
        else bool(row.get("quote"))
        for row in rows.values()
    )


def count_ref(findings: Findings, segment_id: str, theme: str = "") -> Ref | None:
    """Where the count of a segment's notes on a theme stands, of all its notes without one; None if not shown."""
    columns = {name: key for key, name in shown_themes(findings.voice)}
    column = columns.get(theme) if theme else ALL_NOTES
    rows = {key for key, _ in shown_segments(findings)}
    if column is None or segment_id not in rows:
        return None
    return Ref(COUNTS, segment_id, column, VOICE)


def live_count(findings: Findings, segment_id: str, theme: str = "") -> Formula | None:
    """A copy of that count, those typed by people with it; None where it is not shown."""
    ref = count_ref(findings, segment_id, theme)
    name = dict(shown_segments(findings)).get(segment_id, "")
    return native.copy(ref, counted(findings, name, theme)) if ref else None
