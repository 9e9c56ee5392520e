"""The counts of Voice of customer: a row a segment, a column a theme, live from the lines below them."""

from __future__ import annotations

from collections.abc import Collection

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.report.parts.act.heard import (
    ADDED,
    ALL_NOTES,
    COUNTS,
    LOG,
    OTHER,
    TOTAL,
    counted,
    shown_segments,
    shown_themes,
)
from mapseg_xl.report.spec import (
    Cell,
    Column,
    Content,
    Formula,
    Heat,
    Ref,
    Row,
    Section,
    Span,
    Table,
)

Themes = tuple[tuple[str, str], ...]  # column key, name


def counts_section(findings: Findings) -> list[Section]:
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
    most = max(counted(findings, name, theme) for _, name in segments for _, theme in themes)
    table = Table(COUNTS, tuple(columns), tuple(rows))
    heat = Heat(
        "counts heat", COUNTS, keys, "count", 0, float(max(most, 1)), tuple(k for k, _ in segments)
    )
    help_text = "notes, live from the lines below · darker = more · who is heard less than their share of rows?"
    return [Section("Who talks about what", (table, heat), help_text)]


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


def _count_row(findings: Findings, key: str, name: str, themes: Themes, *, more: bool) -> Row:
    here = "segment", Ref(COUNTS, key, "segment")
    cells: dict[str, Content | Cell] = {"segment": name}
    for column, theme in themes:
        head = "theme", Ref(COUNTS, "", column)
        cells[column] = _counted(counted(findings, name, theme), here, head)
    cells[ALL_NOTES] = _counted(counted(findings, name), here)
    candidate = next((c for c in findings.candidates if c.segment_id == key), None)
    if candidate is not None:
        cells |= {"size": candidate.n, "whole": findings.whole.size}
        share = candidate.n / findings.whole.size
        cells["base"] = Formula('IF({whole}>0,{size}/{whole},"")', share)
    return Row(key, cells | _rest_of(findings, name, themes, more=more))


def _rest_of(
    findings: Findings, name: str, themes: Themes, *, more: bool
) -> dict[str, Content | Cell]:
    """What follows from the counts of a row: notes on other themes, and its share of all notes."""
    n = counted(findings, name)
    shown = sum(counted(findings, name, theme) for _, theme in themes)
    total = Ref(COUNTS, TOTAL, ALL_NOTES)
    cells: dict[str, Content | Cell] = {}
    if more:
        others = "+".join(f"{{{key}}}" for key, _ in themes)
        cells[OTHER] = Formula(f"{{{ALL_NOTES}}}-({others})", n - shown)
    share = n / counted(findings)
    cells["share"] = Formula(
        f'IF({{total}}>0,{{{ALL_NOTES}}}/{{total}},"")', share, {"total": total}
    )
    return cells


def _other_row(
    findings: Findings,
    segments: Themes,
    themes: Themes,
    *,
    more: bool,
) -> Row:
    """Notes of the segments without a row: the total less the rows."""
    names = {name for _, name in segments}
    cells: dict[str, Content | Cell] = {"segment": Cell("Other segments", "muted")}
    for column, theme in (*themes, (ALL_NOTES, "")):
        value = _elsewhere(findings, names, theme)
        refs: dict[str, Ref | Span] = {
            "rows": Span(COUNTS, column, rows=(segments[0][0], segments[-1][0])),
            "total": Ref(COUNTS, TOTAL, column),
        }
        cells[column] = Formula("{total}-SUM({rows})", value, refs)
    n = _elsewhere(findings, names)
    if more:
        others = "+".join(f"{{{key}}}" for key, _ in themes)
        shown = sum(_elsewhere(findings, names, theme) for _, theme in themes)
        cells[OTHER] = Formula(f"{{{ALL_NOTES}}}-({others})", n - shown)
    total = Ref(COUNTS, TOTAL, ALL_NOTES)
    share = n / counted(findings)
    cells["share"] = Formula(
        f'IF({{total}}>0,{{{ALL_NOTES}}}/{{total}},"")', share, {"total": total}
    )
    return Row(OTHER, cells)


def _elsewhere(findings: Findings, names: Collection[str], theme: str = "") -> int:
    """Notes on a theme that belong to no segment of `names`."""
    everywhere = counted(findings, "", theme)
    return everywhere - sum(counted(findings, name, theme) for name in names)


def _total_row(findings: Findings, themes: Themes, *, more: bool) -> Row:
    """All lines, also those of segments that the counts do not name."""
    cells: dict[str, Content | Cell] = {"segment": "All notes"}
    for column, theme in themes:
        cells[column] = _counted(counted(findings, "", theme), ("theme", Ref(COUNTS, "", column)))
    spans: dict[str, Ref | Span] = {table: Span(table, "quote") for table in (LOG, ADDED)}
    text = "SUMPRODUCT((LEN({log})>0)*1)+SUMPRODUCT((LEN({added})>0)*1)"
    cells[ALL_NOTES] = Formula(text, counted(findings), spans)
    return Row(TOTAL, cells | _rest_of(findings, "", themes, more=more), "total")
