"""The report as it stands in the team's own workbook: guided tabs beside the results, one home for what is typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.report.parts.home.run_settings import WORTH
from mapseg_xl.report.parts.names import (
    ASSUMPTIONS,
    HYPOTHESES,
    MY_SEGMENTS,
    SETTINGS,
    SURVIVAL,
    VALUE,
)
from mapseg_xl.report.parts.own_segments import OWN
from mapseg_xl.report.spec import (
    Cell,
    Content,
    Formula,
    Input,
    Link,
    Part,
    Ref,
    Row,
    Section,
    Tab,
    Table,
    Text,
)
from mapseg_xl.report.tabs import (
    mapping,
    match_report,
    my_segments,
    settings,
    start_here,
    what_changed,
)

FIRST: tuple[Callable[[Findings], Tab], ...] = (start_here.tab,)
_ROWS = "Combine writes one row a customer on a sheet of its own. Your own sheets are unchanged."


def _matches(findings: Findings) -> Tab:
    """Where every row of the joined sheets went."""
    taken, size = findings.origin.taken, findings.whole.size
    tab = match_report.tab(findings.matches, taken, size, findings.currency, findings.joining)
    return replace(tab, subline=_ROWS)


LAST: tuple[Callable[[Findings], Tab], ...] = (
    settings.tab,
    my_segments.tab,
    mapping.tab,
    _matches,
    what_changed.at_home,
)
_TYPED_ON_SETTINGS = {asked.name: asked.key for asked in WORTH}


def at_home(tab: Tab) -> Tab:
    """A result tab whose yellow cells have a home on a guided tab: it points there, or copies from there, live."""
    change = {HYPOTHESES: _without_form, SURVIVAL: _from_settings}.get(tab.name)
    if change is None:
        return tab
    return replace(tab, sections=tuple(change(section) for section in tab.sections))


def _without_form(section: Section) -> Section:
    if not any(isinstance(part, Table) and part.id == OWN for part in section.parts):
        return section
    words = "Add or change the segments your team believes in on My segments →"
    return Section("My segments: yours to add", (Text((Link(MY_SEGMENTS, words),)),))


def _from_settings(section: Section) -> Section:
    if not any(isinstance(part, Table) and part.id == ASSUMPTIONS for part in section.parts):
        return section
    parts: tuple[Part, ...] = tuple(
        replace(part, rows=tuple(_copied(row) for row in part.rows))
        if isinstance(part, Table) and part.id == ASSUMPTIONS
        else part
        for part in section.parts
    )
    change = Text((Link(SETTINGS, "Change them on Settings →"),))
    return replace(section, parts=(*parts, change), help="")


def _copied(row: Row) -> Row:
    """The figure that Settings has in use; empty where it is none."""
    content: Content | Cell = row.cells.get(VALUE)
    if not isinstance(content, Input) or row.key not in _TYPED_ON_SETTINGS:
        return row
    tab, block, key, _ = _TYPED_ON_SETTINGS[row.key]
    copy = Formula(
        'IF(ISNUMBER({now}),{now},"")', content.value, {"now": Ref(block, key, settings.NOW, tab)}
    )
    return replace(row, cells={**row.cells, VALUE: Cell(copy, format=content.kind)})
