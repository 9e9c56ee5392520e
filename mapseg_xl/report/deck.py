"""The slides as a description: pages taken from the report's own tabs. Holds no customer row, knows no file."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.report import words
from mapseg_xl.report.parts.act.typical import TRAITS
from mapseg_xl.report.parts.case.brief import NEXT, NOT_NOW, REVISIT, SURE, WHY, WORTH, Line, brief
from mapseg_xl.report.parts.case.story import Story, story_of
from mapseg_xl.report.parts.names import BASE, profile
from mapseg_xl.report.parts.selection import shown
from mapseg_xl.report.spec import (
    Cell,
    Content,
    Figures,
    Formula,
    Input,
    Link,
    Report,
    Scalar,
    Section,
    Tab,
    Table,
)
from mapseg_xl.report.spoken import spoken
from mapseg_xl.report.styles import WORDS
from mapseg_xl.report.tabs.profile import EVERYONE_ELSE

_ARROWS = {"up": "▲ ", "down": "▼ ", "same": "= ", "unsure": "? "}
MOST_CURVES = 3
_LEAST_MONTHS = 6  # of a curve that is worth a picture
_CASE = (("The case", (WHY, SURE, WORTH)), ("Not now, and what next", (NOT_NOW, REVISIT, NEXT)))


@dataclass(frozen=True, slots=True)
class Said:
    """Lines under marks: (mark, sentence); an empty mark goes on with the one before."""

    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of texts. `looks`: better, worse or "" a cell; the first column is the names'."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    looks: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Curves:
    """Share still here by month, a line a segment, everybody last. None: not followed that long."""

    months: tuple[int, ...]
    lines: tuple[tuple[str, tuple[float | None, ...]], ...]


Body: TypeAlias = Said | Grid | Curves


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide: a sentence with a figure, what it is about, and what proves it."""

    title: str
    about: str
    bodies: tuple[Body, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Deck:
    """The slides of a run."""

    title: str
    footer: str
    slides: tuple[Slide, ...]


def deck_of(report: Report, findings: Findings) -> Deck:
    """The decision, the candidates, the case, who stays, a slide a chosen segment, what next."""
    story = story_of(shown(findings))
    tabs = {tab.name: tab for tab in report.tabs}
    first = report.tabs[0]
    slides = [_opening(first, report), *_candidates(first, report.currency), *_case(story)[:1]]
    slides += [*_stay(story), *_profiles(tabs, findings, report.currency), *_case(story)[1:]]
    return Deck(report.title, report.footer, tuple(slides))


def _opening(summary: Tab, report: Report) -> Slide:
    return Slide(_text_of(summary.headline), _text_of(summary.subline), (), report.right_header)


def _text_of(content: Content | tuple[Content, ...]) -> str:
    lines = content if isinstance(content, tuple) else (content,)
    return " ".join(printed(line, "text", "") for line in lines)


def printed(content: Content | Cell, kind: str, symbol: str) -> str:
    """A content as the page shows it now; an unknown figure is a dash.

    >>> printed(0.4123, "share", "$"), printed(Cell(0.4, "better", "share.up"), "share", "$")
    ('41.2%', '▲ 40.0%')
    """
    if isinstance(content, Cell):
        return printed(content.content, content.format or kind, symbol)
    value = _value(content)
    if value is None or value == "":
        return "" if kind in WORDS else "–"
    base, _, way = kind.rpartition(".")
    if way in _ARROWS and base:
        return _ARROWS[way] + printed(value, base, symbol)
    if isinstance(value, str):
        return value
    said = spoken(value, "count" if kind in WORDS else kind, symbol)
    return str(said.value if isinstance(said, Formula) else said)


def _value(content: Content) -> Scalar:
    if isinstance(content, Formula | Input):
        return content.value
    return content.text if isinstance(content, Link) else content


def _tables(tab: Tab) -> Iterator[tuple[Section, Table]]:
    for section in tab.sections:
        for part in section.parts:
            if isinstance(part, Table):
                yield section, part


def _grid(table: Table, symbol: str, title: str = "") -> Grid:
    """The columns on the page; helper cells right of it stay where they are. `title`: over the names, if nothing is."""
    columns = [c for c in table.columns if c.at <= 10]
    rows, looks = [], []
    for row in table.rows:
        cells = [row.cells.get(c.key) for c in columns]
        rows.append(
            tuple(printed(x, c.format, symbol) for x, c in zip(cells, columns, strict=True))
        )
        looks.append(tuple(x.look if isinstance(x, Cell) else "" for x in cells))
    head = [_text_of(c.title) for c in columns]
    return Grid((head[0] or title, *head[1:]), tuple(rows), tuple(looks))


def _candidates(summary: Tab, symbol: str) -> Iterator[Slide]:
    for section, table in _tables(summary):
        if table.id == "segments":
            title = "The candidates against everyone else"
            yield Slide(title, section.help, (_grid(table, symbol),))


def _case(story: Story) -> list[Slide]:
    lines = brief(story) if story.told else []
    slides = []
    for title, parts in _CASE:
        said = _sentences([line for line in lines if line.part in parts])
        if said:
            slides.append(Slide(title, "", (Said(_marked(said)),)))
    return slides


def _sentences(lines: Sequence[Line]) -> list[tuple[str, str]]:
    """Lines that the page had to cut are one sentence again: only the first has its evidence beside it."""
    said: list[tuple[str, str]] = []
    for line in lines:
        text = _text_of(line.content).strip()
        if line.evidence or not said:
            said.append((line.part, text))
        else:
            said[-1] = said[-1][0], f"{said[-1][1]} {text}"
    return said


def _marked(said: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Each mark once, at its first line."""
    before = ["", *(mark for mark, _ in said)]
    return tuple((m if m != b else "", text) for (m, text), b in zip(said, before, strict=False))


def _stay(story: Story) -> Iterator[Slide]:
    """Share still here by month of the leading candidates beside everybody."""
    findings = story.what.findings
    named = {t.member.key: t.member.label for t in story.told[:MOST_CURVES]}
    curves: dict[str, dict[int, float]] = {}
    for point in findings.survival:
        if point.survival is not None and point.segment_id in (*named, BASE):
            curves.setdefault(point.segment_id, {})[point.month] = point.survival
    drawn = [key for key in (*named, BASE) if len(curves.get(key, {})) > _LEAST_MONTHS]
    if BASE not in drawn or len(drawn) == 1:
        return
    months = tuple(range(max(max(curves[key]) for key in drawn) + 1))
    lines = tuple(
        (named.get(key, words.COMPANY), tuple(curves[key].get(m) for m in months)) for key in drawn
    )
    about = (
        "share still here by months as a customer; those still here count as long as they were seen"
    )
    yield Slide("Who stays", about, (Curves(months, lines),))


def _profiles(tabs: dict[str, Tab], findings: Findings, symbol: str) -> Iterator[Slide]:
    for chosen in findings.profiles.chosen:
        tab = tabs.get(profile(chosen.letter))
        if tab is None:
            continue
        tables = [(s, t) for s, t in _tables(tab) if t.id == TRAITS and t.rows]
        grids = [_grid(table, symbol, section.title) for section, table in tables]
        title = f"{chosen.letter}: {_text_of(tab.headline)}"
        yield Slide(title, _text_of(tab.subline), (_band(tab, symbol), *grids))


def _band(tab: Tab, symbol: str) -> Grid:
    """The big figures of a page as a table."""
    parts = itertools.chain.from_iterable(section.parts for section in tab.sections)
    items = next((part.items for part in parts if isinstance(part, Figures)), ())
    rows = tuple(
        (
            item.title,
            printed(item.content, item.format, symbol),
            printed(item.sub, "text", symbol).removeprefix(EVERYONE_ELSE),
            printed(item.mark, "text", symbol),
        )
        for item in items
    )
    looks = tuple(
        ("", "", "", item.mark.look if isinstance(item.mark, Cell) else "") for item in items
    )
    return Grid(("", "This segment", "Everyone else", "Compared"), rows, looks)
