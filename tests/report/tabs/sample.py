"""Findings for the tests of tabs: made up trials with dates, through the same pipeline as a run."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.pipeline import find
from mapseg_xl.report.spec import (
    Cell,
    Content,
    Formula,
    Input,
    Link,
    Report,
    Section,
    Tab,
    Table,
    Text,
)
from mapseg_xl.request import Request
from mapseg_xl.settings import Settings

TELCO = Path("examples/telco/telco-churn.csv")
TELCO_MAPS = {"revenue_total": "total_charges"}
ODD_NAMES = (">1000", "=1+1", "*", "x" * 200, "<5 employees", "")
LAST_DAY = date(2025, 6, 30)


def found(rows: Sequence[Mapping[str, object]], **asked: object) -> Findings:
    """What a run finds in rows written to a csv file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "base.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return find(Request((path,), **asked))  # type: ignore[arg-type]


@cache
def telco(*segment_by: str) -> Findings:
    """The bundled telephone base: customers only, no dates."""
    return find(Request((TELCO,), maps=TELCO_MAPS, segment_by=segment_by))


@cache
def trials(n: int = 1500, gross_margin: float | None = 0.78) -> Findings:
    """Trials with conversions, losses, prices and costs; agencies do clearly better."""
    own = ("Referred agencies: industry = 'Agency' and channel = 'Referral'",)
    settings = Settings(gross_margin=gross_margin)
    return found(
        trial_rows(n), settings=settings, segment_by=("industry", "employees"), segments=own
    )


def trial_rows(n: int) -> list[dict[str, object]]:
    """Rows of a csv file; the same each time."""
    rng = np.random.default_rng(5)
    return [_trial_row(rng, at) for at in range(n)]


def _trial_row(rng: np.random.Generator, at: int) -> dict[str, object]:
    industry = str(rng.choice(["Agency", "Coaching", "Shop", "Law firm"], p=[0.3, 0.3, 0.39, 0.01]))
    good = industry == "Agency"
    start = date(2023, 1, 1) + timedelta(int(rng.integers(0, 900)))
    won_on = start + timedelta(int(rng.integers(1, 40)))
    won = bool(rng.random() < (0.5 if good else 0.25)) and won_on <= LAST_DAY
    lost_on = won_on + timedelta(int(rng.exponential(2500 if good else 900)) + 3)
    return {
        "customer_id": at + 1,
        "trial_start": start.isoformat(),
        "converted_on": won_on.isoformat() if won else "",
        "churned_on": lost_on.isoformat() if won and lost_on <= LAST_DAY else "",
        "mrr": round(float(rng.lognormal(4, 0.5)) * (1.8 if good else 1), 2) if won else "",
        "acquisition_cost": round(float(rng.gamma(2, 60)), 2),
        "industry": industry,
        "channel": str(rng.choice(["Search", "Referral", ""])),
        "employees": ODD_NAMES[int(rng.integers(0, len(ODD_NAMES)))],
    }


def tables(tab: Tab) -> dict[str, Table]:
    """The tables of a tab by their id."""
    return {
        part.id: part
        for section in tab.sections
        for part in section.parts
        if isinstance(part, Table)
    }


def cells(table: Table) -> dict[tuple[str, str], Content]:
    """The contents of a table by row and column key, without their looks."""
    return {
        (row.key, column): cell.content if isinstance(cell, Cell) else cell
        for row in table.rows
        for column, cell in row.cells.items()
    }


def shown(content: Content | Cell) -> object:
    """What a reader sees."""
    inner = content.content if isinstance(content, Cell) else content
    if isinstance(inner, Link):
        return inner.text
    return inner.value if isinstance(inner, Formula | Input) else inner


def texts(tab: Tab) -> Iterator[str]:
    """Every text a reader of the tab can see."""
    headline = tab.headline if isinstance(tab.headline, tuple) else (tab.headline,)
    contents: list[object] = [shown(c) for c in (*headline, tab.subline, *tab.notes)]
    for section in tab.sections:
        contents += [section.title, section.help, *_section_contents(section)]
    yield from (text for text in contents if isinstance(text, str))


def _section_contents(section: Section) -> Iterator[object]:
    for part in section.parts:
        if isinstance(part, Text):
            yield from map(shown, part.lines)
        if isinstance(part, Table):
            yield from (shown(column.title) for column in part.columns)
            yield from map(shown, cells(part).values())


def tab_of(report: Report, name: str) -> Tab:
    """A tab of a report by name."""
    return next(tab for tab in report.tabs if tab.name == name)
