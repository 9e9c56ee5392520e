"""Settings: what a run is told, and how the columns were read; only in the team's own workbook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.report import words
from mapseg_xl.report.parts.home.column_readings import (
    columns_section,
    is_asked,
    no_columns_section,
)
from mapseg_xl.report.parts.home.run_settings import EVERYBODY, GROUPS, OFF, Asked, said
from mapseg_xl.report.parts.names import MY_SEGMENTS, SETTINGS, TAM_SCORING, VALUE
from mapseg_xl.report.spec import (
    Cell,
    Column,
    Content,
    Formula,
    Link,
    Row,
    Scalar,
    Section,
    Tab,
    Table,
    Text,
    quoted,
)
from mapseg_xl.report.verbs import Key
from mapseg_xl.settings import Settings

NOW = "now"
WIDTHS = {1: 110, 2: 10, 3: 206, 4: 10, 5: 10, 6: 140, 7: 60, 8: 10, 9: 140, 10: 104}  # 800 in all
_FORMATS = {"share": "share.text", "months": "months.text", "count": "count.text"}
_YELLOW = "yellow = yours to change"


def tab(findings: Findings) -> Tab:
    """The tab of a run's findings."""
    unsure = sum(is_asked(guess) and not guess.sure for guess in findings.origin.guesses)
    return _tab(
        _headline(unsure),
        _in_use(findings),
        findings.typed,
        columns_section(findings.origin.guesses),
    )


def empty_tab() -> Tab:
    """The tab before anything was run: all as it is by default."""
    head = "Every setting has a default; change only what you know better."
    return _tab(head, {}, {}, no_columns_section())


def _headline(unsure: int) -> str:
    if not unsure:
        return "Every column was read without doubt; change only what you know better."
    many = words.counted_word(unsure, "column")
    verb = "was" if unsure == 1 else "were"
    return f"{words.sentence_case(many)} {verb} read with a doubt: please look at the list below."


def _tab(
    headline: str, now: Mapping[str, Scalar], typed: Mapping[Key, object], columns: Section
) -> Tab:
    sections = [
        Section(title, (_table(block, group, now, typed),), _YELLOW if at == 0 else "")
        for at, (block, title, group) in enumerate(GROUPS)
    ]
    return Tab(
        SETTINGS,
        "SET UP",
        headline,
        "An empty yellow cell means the default. What you type counts from the next run, and stays.",
        (*sections, columns, _elsewhere()),
        widths=WIDTHS,
        has_inputs=True,
    )


def _table(
    block: str, group: tuple[Asked, ...], now: Mapping[str, Scalar], typed: Mapping[Key, object]
) -> Table:
    columns = (
        Column("name", "", 0, "label"),
        Column(VALUE, "Yours", 1, "input"),
        Column(NOW, "In use", 3, "text"),
        Column("says", "What it does", 5, "text"),
    )
    rows = tuple(_row(asked, now, typed) for asked in group)
    return Table(block, columns, rows)


def _row(asked: Asked, now: Mapping[str, Scalar], typed: Mapping[Key, object]) -> Row:
    cells: dict[str, Content | Cell] = {
        "name": asked.title,
        VALUE: asked.entry,
        NOW: Cell(in_use(asked, now, typed), "muted", _FORMATS.get(asked.kind, "")),
        "says": asked.says,
    }
    return Row(asked.name, cells)


def in_use(asked: Asked, now: Mapping[str, Scalar], typed: Mapping[Key, object]) -> Formula:
    """What counts, live: what stands in the yellow cell, else what the last run had, else the default."""
    own = said(typed, asked)
    otherwise: Scalar = asked.default if own is not None else now.get(asked.name, asked.default)
    is_figure = isinstance(otherwise, int | float)
    default = f"{otherwise:.15g}" if is_figure else quoted(str(otherwise))
    return Formula(
        f"IF(LEN({{{VALUE}}})=0,{default},{{{VALUE}}})", otherwise if own is None else own
    )


def _in_use(findings: Findings) -> dict[str, Scalar]:
    """What the run counted with, where nobody typed anything: figures, or words with where they come from."""
    settings, default = findings.settings, Settings()
    found: dict[str, Scalar] = {
        "model": f"{findings.model}, from columns",
        "as_of": _day(findings.as_of),
        "window_days": _window(findings),
        "currency": f"{findings.currency}, from your cells" if findings.currency else None,
    }
    found |= dict.fromkeys(settings.repairs_off, OFF)
    if settings.leave_out_test_accounts:
        found["leave_out_test_accounts"] = "leave out"
    if settings.merge_likely_typos:
        found["merge_likely_typos"] = "merge"
    for asked in (asked for _, _, group in GROUPS for asked in group):
        value = getattr(settings, asked.name, None)
        if asked.name not in found and value != getattr(default, asked.name, None):
            found[asked.name] = value if isinstance(value, int | float) else None
    return {name: value for name, value in found.items() if value is not None}


def _day(as_of: date | None) -> str | None:
    return None if as_of is None else f"{words.day(as_of)}, latest in data"


def _window(findings: Findings) -> str | None:
    question = findings.whole.question
    if findings.whole.conversion is None:
        return "does not apply: no leads or trials"
    return f"{question.window_days} days" if question.window_days else EVERYBODY


def _elsewhere() -> Section:
    lines = (
        Link(TAM_SCORING, f"Weights, anchors and must-haves stand on {TAM_SCORING} →"),
        Link(MY_SEGMENTS, f"Segments your team believes in stand on {MY_SEGMENTS} →"),
    )
    return Section("Set elsewhere", (Text(lines),))
