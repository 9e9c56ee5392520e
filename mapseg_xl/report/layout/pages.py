"""Lays a tab on the page from its navigation row to its notes. Internal to the layout."""

from __future__ import annotations

from mapseg_xl.report.layout.charts import draw_chart_row
from mapseg_xl.report.layout.draft import (
    BODY,
    GAP,
    GRID_LAST,
    NOTE,
    SECTION_HEAD,
    Draft,
    Known,
    bare,
)
from mapseg_xl.report.layout.heat import lay_heat
from mapseg_xl.report.layout.lettering import headline_rows, width_px, wrap
from mapseg_xl.report.layout.panels import AXIS_PX, draw_panel, draw_row_bars
from mapseg_xl.report.layout.tables import lay_table
from mapseg_xl.report.spec import (
    Cell,
    ChartRow,
    Content,
    Figures,
    Heat,
    Link,
    Panel,
    Part,
    Report,
    RowBars,
    Section,
    Table,
    Text,
)
from mapseg_xl.report.spoken import spoken

_ACCENT_POINTS, _AIR_POINTS, _HEADLINE_POINTS = 4.5, 6.0, 25.5
_HEADLINE_ROWS, _SPARE_POINTS = 2, 1.5
_FIGURE_STARTS_PX = (0, 190, 350, 510, 670, 830)  # where the big figures should stand
_TEXT_LOOKS = {"body": ("body", 10, BODY), "note": ("note", 9, NOTE), "quote": ("quote", 11, BODY)}
_TEXT_LOOKS["bold"] = ("bold", 10, BODY)
_PADDING_PX = 8


def lay_tab(draft: Draft, report: Report) -> None:
    """Places everything of a tab; charts are left to `draft.later`."""
    row = _lay_top(draft, report)
    row = _lay_sections(draft, row)
    if draft.tab.notes:
        draft.blocks.append(row)
        draft.height(row, GAP - 4.5)
        _lay_text(draft, Section("", ()), Text(draft.tab.notes, "note", "notes"), row + 1)


def _lay_top(draft: Draft, report: Report) -> int:
    """Accent line, navigation, headline, subline; returns the next row."""
    tab, front = draft.tab, report.front_tab
    draft.height(0, _ACCENT_POINTS)
    draft.style(0, 0, GRID_LAST, "accent")
    draft.height(1, BODY)
    draft.style(1, 0, GRID_LAST, "navigation")
    if tab.name == front:
        draft.put(1, 0, report.title)
        draft.style(1, 0, 0, "mark")
        draft.put(1, GRID_LAST, report.right_header)
    else:
        draft.put(1, 0, Link(front, f"← {front}"))
        draft.style(1, 0, 0, "link")
        draft.put(1, GRID_LAST, f"{tab.step} · {tab.name}" if tab.step else tab.name)
    draft.style(1, GRID_LAST, GRID_LAST, "right")
    draft.height(2, _AIR_POINTS)
    row = _lay_headline(draft, 3)
    for at, line in enumerate(_lines(draft, tab.subline, (0, GRID_LAST, 10))):
        key = draft.key("tab", "subline", "text") if at == 0 else None
        draft.put(row, 0, line, key)
        draft.style(row, 0, GRID_LAST, "subline")
        draft.height(row, BODY)
        row += 1
    return row


def _lay_headline(draft: Draft, row: int) -> int:
    headline = draft.tab.headline
    rows: tuple[Content, ...]
    if isinstance(headline, tuple):
        rows = headline
    else:
        rows = headline_rows(headline) if isinstance(headline, str) else (headline,)
    for at, content in enumerate(rows):
        key = draft.key("tab", "headline", "text" if at == 0 else f"text{at + 1}")
        draft.put(row, 0, content, key)
        draft.style(row, 0, GRID_LAST, "headline")
        draft.height(row, _HEADLINE_POINTS)
        row += 1
    for spare in range(row, row + _HEADLINE_ROWS - len(rows)):  # a longer one moves nothing below
        draft.height(spare, _SPARE_POINTS)
    return max(row, row + _HEADLINE_ROWS - len(rows))


def _lines(draft: Draft, content: Content, room: tuple[int, int, float]) -> list[Content]:
    """A text cut into lines that fit between two grid columns; a live one stays whole."""
    first, last, size = room
    if content is None or content == "":
        return []
    if not isinstance(content, str):
        return [content]
    return [*wrap(content, draft.span_px(first, last) - _PADDING_PX, size)]


def _lay_sections(draft: Draft, row: int) -> int:
    """Sections under each other, those marked `beside` in the lane of their first column."""
    start, lanes, only_head = row, {0: row}, False
    for section in draft.tab.sections:
        if not section.beside:
            start = max(lanes.values())
            lanes = {}
            if not only_head:  # a head alone stays with what follows it
                draft.blocks.append(start)
            only_head = not section.parts
        top = lanes.get(section.first, start)
        draft.height(top, GAP)
        lanes[section.first] = _lay_section(draft, section, top + 1)
    return max(lanes.values())


def _lay_section(draft: Draft, section: Section, row: int) -> int:
    if section.title:
        row = _lay_section_head(draft, section, row)
    for part in section.parts:
        row = _lay_part(draft, section, part, row)
    return row


def _lay_section_head(draft: Draft, section: Section, row: int) -> int:
    """Title and reading help over an ink rule; a help too long for one row goes above the rule."""
    room = draft.span_px(section.first, section.last) - 3 * _PADDING_PX
    draft.put(row, section.first, section.title)
    draft.style(row, section.first, section.last, "section")
    draft.height(row, SECTION_HEAD)
    if section.help:
        if width_px(section.title, 11, bold=True) + width_px(section.help, 9) > room:
            for line in wrap(section.help, room, 9):
                row += 1
                draft.put(row, section.first, line)
                draft.style(row, section.first, section.last, "note")
                draft.height(row, NOTE)
        else:
            draft.put(row, section.last, section.help)
            draft.style(row, section.last, section.last, "help")
    draft.rule(row, section.first, section.last, "ink")
    return row + 1


def _lay_part(draft: Draft, section: Section, part: Part, row: int) -> int:
    """Places a part with its first row at `row`; returns the first row below it."""
    match part:
        case Table():
            return lay_table(draft, section, part, row)
        case Panel():
            draft.later.append(lambda known: draw_panel(draft, known, part))
            draft.height(row, AXIS_PX * 0.75)
            return row + 1
        case RowBars():
            draft.later.append(lambda known: draw_row_bars(draft, known, part))
            return row
        case Heat():
            lay_heat(draft, section, part)
            return row
        case ChartRow():
            return _lay_chart_row(draft, section, part, row)
        case Figures():
            return _lay_figures(draft, part, row)
        case Text():
            return _lay_text(draft, section, part, row)


def _lay_chart_row(draft: Draft, section: Section, part: ChartRow, row: int) -> int:
    def draw(_known: Known) -> None:
        draw_chart_row(draft, section, part, row)

    for at in range(row, row + part.height_rows):
        draft.height(at, BODY)
    draft.later.append(draw)
    return row + part.height_rows


def _lay_figures(draft: Draft, part: Figures, row: int) -> int:
    """A pale band: air, titles, big figures, up to two lines below them, air."""
    lines = [name for name in ("sub", "mark") if any(getattr(i, name) for i in part.items)]
    rows = (4.5, 16.5, 28.5, *[16.5] * len(lines), 4.5)
    for offset, points in enumerate(rows):
        draft.height(row + offset, points)
        draft.style(row + offset, 0, GRID_LAST, "figure.band")
    for at, item in zip(_figure_places(draft), part.items, strict=False):
        for offset, name in enumerate(("title", "content", *lines), start=1):
            cell: Content | Cell = getattr(item, name)
            shown = spoken(bare(cell), item.format, draft.symbol)
            own = cell.look if isinstance(cell, Cell) else ""
            look = {"title": "figure.title", "content": "figure.value"}.get(name, "figure.sub")
            key = draft.key(part.id, item.key, name)
            draft.put(row + offset, at, None if shown == "" else shown, key)
            draft.style(row + offset, at, at, look, own)
    return row + len(rows)


def _figure_places(draft: Draft) -> list[int]:
    """The grid columns that start nearest to where the six big figures should stand."""
    starts = [draft.span_px(0, at - 1) for at in range(GRID_LAST + 1)]
    return [
        min(range(GRID_LAST + 1), key=lambda at: abs(starts[at] - wanted))
        for wanted in _FIGURE_STARTS_PX
    ]


def _lay_text(draft: Draft, section: Section, part: Text, row: int) -> int:
    look, size, points = _TEXT_LOOKS[part.look]
    for index, content in enumerate(part.lines):
        lines = _lines(draft, content, (section.first, section.last, size)) or [None]
        for at, line in enumerate(lines):
            key = draft.key(part.id, str(index), "text") if part.id and at == 0 else None
            draft.put(row, section.first, line, key)
            draft.style(row, section.first, section.first, "body", look)
            draft.height(row, points if line else _SPARE_POINTS)
            row += 1
    return row
