"""A small team workbook, and everything its finished workbook lets people type, for tests of what survives a re-run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl

from mapseg_xl.cli import main
from mapseg_xl.report.memory import SHEET, from_rows

Key = tuple[str, str, str, str]
INDUSTRIES = ("Agency", "Retail", "Health", "Legal")
HEAD = (
    "customer_id", "industry", "country", "channel", "trial_on", "converted_on", "churned_on",
    "revenue_monthly", "acquisition_cost",
)  # fmt: skip
FIRST_DAY = date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class Team:
    """What is different in the data of a run: more rows, an industry gone or new, the order turned round."""

    n: int = 600
    industries: tuple[str, ...] = INDUSTRIES
    turned: bool = False
    good: tuple[str, str] = ("Agency", "NL")  # who converts and stays


def rows_of(team: Team) -> list[tuple[Any, ...]]:
    """Customers whose outcome hangs on one industry in one country, and else on their number alone."""
    rows = []
    for i in range(team.n):
        industry = team.industries[i % len(team.industries)]
        country = ("NL", "DE", "US")[(i // 4) % 3]
        good = (industry, country) == team.good
        day = FIRST_DAY + timedelta(days=(i * 37) % 600)
        converted = i % 10 < (8 if good else 3 if industry == "Retail" else 2)
        churned = converted and i % 7 < (1 if good else 4)
        rows.append(
            (
                f"C{i}",
                industry,
                country,
                ("Ads", "Referral")[i % 2],
                day,
                day + timedelta(days=5 + i % 9) if converted else None,
                day + timedelta(days=40 + i % 60) if churned else None,
                (90 if good else 40) + i % 13 if converted else None,
                200 + i % 17 if converted else None,
            )
        )
    return rows[::-1] if team.turned else rows


def write_team(path: Path, team: Team) -> Path:
    """The team's workbook: customers, what was said, what people believe in."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Customers"
    for row in (HEAD, *rows_of(team)):
        sheet.append(row)
    said = book.create_sheet("Feedback")
    said.append(("Date", "Team", "Segment", "Quote", "Theme"))
    for at in range(6):
        quote = f"Number {at}: invoices come too late, and nobody answers."
        said.append((date(2025, 3, 1 + at), "Sales", team.industries[at % 3], quote, "Price"))
    book.save(path)
    return path


def run(source: Path, out: Path, *more: str) -> int:
    """One run of the whole MAP over the small team's workbook."""
    options = ("--segment-by", "industry", "--window", "30", *more)
    return main(["run", str(source), "--out", str(out), *options])


def places(path: Path) -> dict[Key, tuple[str, str]]:
    """Every input cell by its key: sheet and address, found by its hidden name."""
    book = openpyxl.load_workbook(path)
    found = {}
    remembered = from_rows([[c.value for c in row] for row in book[SHEET].iter_rows()])
    for entry in remembered.inputs:
        sheet, _, address = book.defined_names[entry.name].attr_text.rpartition("!")
        found[entry.key] = (sheet.strip("'").replace("''", "'"), address.replace("$", ""))
    return found


def held(path: Path) -> dict[Key, object]:
    """What every input cell holds."""
    book = openpyxl.load_workbook(path)
    return {key: book[sheet][address].value for key, (sheet, address) in places(path).items()}


def type_in(path: Path, typed: Mapping[Key, object]) -> None:
    """Types into input cells, as a person would."""
    where = places(path)
    book = openpyxl.load_workbook(path)
    for key, value in typed.items():
        sheet, address = where[key]
        book[sheet][address] = value
    book.save(path)
