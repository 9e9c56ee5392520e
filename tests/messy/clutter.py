"""Sheets that stand beside the customers in every team's workbook, and must not disturb a count."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date

from . import words
from .pages import Page, Table, messy, place
from .truth import CHURNED, CUSTOMER, LAST_DAY, Company


def readme(draw: random.Random, people: list[Company], language: str) -> Page:
    page = Page(draw.choice(["README", "Read me", "Info", "Notes"]))
    for i, text in enumerate(
        (
            "How this workbook works",
            "",
            "CRM: exported every Monday",
            "Billing: from finance",
            "Ask Ana",
        )
    ):
        if text:
            page.cells[i, 0] = text
    return page


def empty(draw: random.Random, people: list[Company], language: str) -> Page:
    return Page(draw.choice(["Sheet2", "Tabelle3", "Sheet7"]))


def lookup(draw: random.Random, people: list[Company], language: str) -> Page:
    """A list of words for drop-downs, several side by side."""
    page = Page(draw.choice(["Lists", "Lookup", "Dropdowns", "Codes"]))
    page.write(0, 0, [words.HEADERS[language]["industry"][0], "Code"])
    for i, name in enumerate(words.INDUSTRIES[language]):
        page.write(1 + i, 0, [name, f"I{i:02d}"])
    page.write(0, 3, [words.HEADERS[language]["country"][0]])
    for i, name in enumerate(words.COUNTRIES[language]):
        page.write(1 + i, 3, [name])
    return page


def pivot(draw: random.Random, people: list[Company], language: str) -> Page:
    """Last year's pivot, with Excel's own words."""
    labels = {"de": ("Zeilenbeschriftungen", "Anzahl von", "Gesamtergebnis")}.get(
        language, ("Row Labels", "Count of", "Grand Total")
    )
    page = Page(draw.choice(["Pivot", "Pivot 2024", "Auswertung", "Analysis 2024"]))
    header = words.HEADERS[language]
    page.write(2, 0, [labels[0], f"{labels[1]} {header['id'][0]}"])
    found = Counter(p.industry for p in people)
    for i, (name, n) in enumerate(sorted(found.items())):
        page.write(3 + i, 0, [name, n])
    page.write(3 + len(found), 0, [labels[2], len(people)])
    return page


def cohorts(draw: random.Random, people: list[Company], language: str) -> Page:
    """A triangle of shares still here."""
    page = Page(draw.choice(["Cohorts", "Retention", "Kohorten"]))
    page.write(0, 0, ["Cohort", "Customers", *[f"M{i}" for i in range(6)]])
    for i in range(6):
        share = 1.0
        cells: list[float] = []
        for _ in range(6 - i):
            cells.append(round(share, 2))
            share *= 0.93
        page.write(1 + i, 0, [f"2025-{i + 1:02d}", 20 + i, *cells])
    return page


def market(draw: random.Random, people: list[Company], language: str) -> Page:
    table = Table(
        ["segment"] * 6,
        ["Segment", "Accounts", "Reachable", "Winnable", "ACV", "Growth"],
        [
            [name, float(1000 + 300 * i), 0.4, 0.1, 2400.0, 0.05]
            for i, name in enumerate(words.INDUSTRIES[language])
        ],
    )
    return messy(draw, draw.choice(words.SHEETS[language]["market"]), table, words.TITLES[language])


def spend(draw: random.Random, people: list[Company], language: str) -> Page:
    header = words.HEADERS[language]
    rows = [
        [date(2025, month, 1), channel, float(draw.randrange(500, 3000))]
        for month in range(1, 7)
        for channel in words.CHANNELS
    ]
    headers = [header["month"][0], header["channel"][0], draw.choice(header["spend"])]
    table = Table(["month", "channel", "spend"], headers, rows, total=True)
    return messy(draw, draw.choice(words.SHEETS[language]["spend"]), table, words.TITLES[language])


def feedback(draw: random.Random, people: list[Company], language: str) -> Page:
    header = words.HEADERS[language]
    rows = [
        [
            date(2025, 3, 1 + i),
            p.company,
            f"It takes us far too long to set up, number {i}",
            "Onboarding",
        ]
        for i, p in enumerate(draw.sample(people, k=8))
    ]
    headers = ["Date", header["company"][0], header["quote"][0], header["theme"][0]]
    table = Table(["day", "company", "quote", "theme"], headers, rows)
    return messy(
        draw,
        draw.choice(words.SHEETS[language]["feedback"]),
        table,
        words.TITLES[language],
        calm=True,
    )


def usage(draw: random.Random, people: list[Company], language: str) -> Page:
    """Logins, a column a month."""
    months = [date(2025, m, 1) for m in range(1, 7)]
    style = draw.choice(["%b-%y", "%Y-%m", "%b %Y"])
    used = [p for p in people if p.status in (CUSTOMER, CHURNED)]
    rows = [[p.id, *[float(draw.randrange(0, 60)) for _ in months]] for p in used]
    headers = [words.HEADERS[language]["id"][0], *[m.strftime(style) for m in months]]
    table = Table(["id", *["logins"] * 6], headers, rows, total=True)
    return messy(draw, draw.choice(words.SHEETS[language]["usage"]), table, words.TITLES[language])


def web_traffic(draw: random.Random, people: list[Company], language: str) -> Page:
    """Sessions by channel, as Google Analytics 4 gives them."""
    page = Page(draw.choice(["GA4", "Traffic", "Web analytics"]))
    page.cells[0, 0] = "# Traffic acquisition"
    page.cells[1, 0] = "# 20250101-20250630"
    headers = [
        "Session default channel group",
        "Users",
        "Sessions",
        "Engaged sessions",
        "Key events",
    ]
    page.write(3, 0, headers)
    for i, name in enumerate(("Organic Search", "Direct", "Paid Search", "Referral", "Email")):
        page.write(4 + i, 0, [name, 900 - 100 * i, 1400 - 130 * i, 800 - 90 * i, 60 - 9 * i])
    return page


def dashboard(draw: random.Random, people: list[Company], language: str) -> Page:
    """Figures of the month with a chart."""
    page = Page(draw.choice(["Dashboard", "KPIs", "Overview"]))
    facts = (("Customers", len(people)), ("MRR", 12345.0), ("Churn", 0.031), ("NPS", 41))
    for i, (name, value) in enumerate(facts):
        page.write(1 + i, 0, [name, value])
    page.chart = True
    return page


def targets(draw: random.Random, people: list[Company], language: str) -> Page:
    """Plan of the year by owner."""
    page = Page(draw.choice(["Targets", "Plan 2025", "Quota"]))
    page.write(0, 0, ["Owner", "Q1", "Q2", "Q3", "Q4"])
    for i, name in enumerate(words.OWNERS):
        page.write(1 + i, 0, [name, 10000.0, 12000.0, 12500.0, 15000.0])
    return page


CLUTTER = (
    readme,
    empty,
    lookup,
    pivot,
    cohorts,
    market,
    spend,
    feedback,
    usage,
    web_traffic,
    dashboard,
    targets,
)


def old_copy(draw: random.Random, table: Table, name: str) -> Page:
    """A sheet as it was some months ago: fewer customers, some of them standing elsewhere."""
    keep = int(len(table.rows) * draw.choice([0.6, 0.8, 0.9]))
    rows = [list(row) for row in table.rows[:keep]]
    for concept in ("churned", "converted"):
        if concept in table.concepts:
            at = table.at(concept)
            for row in rows:
                if isinstance(row[at], date) and row[at] > date(LAST_DAY.year, 1, 1):
                    row[at] = None
    called = draw.choice(
        [
            f"{name} (old)",
            f"Copy of {name}",
            f"{name} backup 2023",
            f"{name} (2)",
            f"{name} 2023",
            f"OLD {name}",
        ]
    )
    page = Page(called[:31])
    place(page, Table(table.concepts, table.headers, rows), 0, 0)
    page.hidden = draw.random() < 0.3
    return page
