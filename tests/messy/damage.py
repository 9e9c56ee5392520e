"""What goes wrong in a team's workbook: each spoils some cells of a table and says which, never the truth."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from typing import Any

from .pages import Table, Wrong

Writer = Callable[[float], str]
DATES = (
    "created",
    "trial",
    "converted",
    "churned",
    "invoiced",
    "ordered",
    "start",
    "end",
    "opened",
    "closed",
)
MONEY = ("mrr", "amount", "value", "retainer", "deal_value")
CATEGORIES = ("industry", "country", "channel")
_TEXT_DATES = {
    "en": "%b %d, %Y",
    "de": "%d.%m.%Y",
    "fr": "%d/%m/%Y",
    "es": "%d/%m/%Y",
    "nl": "%d-%m-%Y",
}


def english(value: float) -> str:
    return f"{value:,.2f}"


def continental(value: float) -> str:
    """`1.234,56`."""
    return f"{value:,.2f}".translate(str.maketrans(",.", ".,"))


def money_text(language: str, value: float) -> str:
    """Money as people of that language type it."""
    return f"${english(value)}" if language == "en" else f"{continental(value)} €"


def text_numbers(draw: random.Random, table: Table, language: str) -> None:
    """A few amounts typed as text."""
    for column in _columns(table, MONEY)[:1]:
        for row in _some(draw, table, column, 4):
            text = money_text(language, table.rows[row][column])
            table.rows[row][column] = text
            table.spoilt.append((row, column, "text_number", text))


def text_dates(draw: random.Random, table: Table, language: str) -> None:
    """A few dates typed as text, in a form that has one meaning."""
    for column in _columns(table, DATES)[:1]:
        for row in _some(draw, table, column, 4):
            day = table.rows[row][column]
            if not isinstance(day, date) or (language != "en" and day.day <= 12):
                continue
            text = day.strftime(_TEXT_DATES[language])
            table.rows[row][column] = text
            table.spoilt.append((row, column, "text_date", text))


def error_values(draw: random.Random, table: Table, language: str) -> None:
    """Lookups that found nothing, in a column that no count needs."""
    for concept in ("notes", "size", "owner"):
        if concept in table.concepts:
            column = table.at(concept)
            for row in _some(draw, table, column, 2):
                table.rows[row][column] = Wrong(draw.choice(["#N/A", "#REF!"]))
                table.spoilt.append((row, column, "error_value", "error"))
            return


def spelling(draw: random.Random, table: Table, language: str) -> None:
    """Case and spaces of a category: one value, several spellings."""
    for column in _columns(table, CATEGORIES)[:2]:
        for row in _some(draw, table, column, 4):
            said = table.rows[row][column]
            table.rows[row][column] = draw.choice([said.upper(), f"{said} ", said.lower()])
            table.spoilt.append((row, column, "spelling", said))


def spaces(draw: random.Random, table: Table, language: str) -> None:
    """Keys with spaces around them, as pasted from mails."""
    if "id" in table.concepts:
        column = table.at("id")
        for row in _some(draw, table, column, 3):
            if isinstance(table.rows[row][column], str):
                table.rows[row][column] = f" {table.rows[row][column]}\u00a0"


def copied_rows(draw: random.Random, table: Table, language: str) -> None:
    """Customers that are there twice, in every cell."""
    if "id" not in table.concepts or "invoice" in table.concepts or "order" in table.concepts:
        return
    if "start" in table.concepts or "deal" in table.concepts:
        return
    for row in sorted(draw.sample(range(len(table.rows)), k=min(3, len(table.rows)))):
        table.rows.append(list(table.rows[row]))
        table.spoilt.append((len(table.rows) - 1, table.at("id"), "duplicate_row", str(row)))


def empty_words(draw: random.Random, table: Table, language: str) -> None:
    """`n/a` and `-` for nothing, where nothing is."""
    for concept in ("churned", "notes", "end"):
        if concept in table.concepts:
            column = table.at(concept)
            empty = [i for i, r in enumerate(table.rows) if r[column] is None]
            for row in draw.sample(empty, k=min(3, len(empty))):
                table.rows[row][column] = draw.choice(["n/a", "-", "–"])
            return


HARMLESS: dict[str, Callable[[random.Random, Table, str], None]] = {
    "text_numbers": text_numbers,
    "text_dates": text_dates,
    "error_values": error_values,
    "spelling": spelling,
    "spaces": spaces,
    "copied_rows": copied_rows,
    "empty_words": empty_words,
}
"""Damage after which the truth can still be told."""


def impossible_dates(draw: random.Random, table: Table, language: str) -> None:
    """31 February. Nobody can tell which day was meant, so only the problem is judged, not the day."""
    for column in _columns(table, ("created", "opened", "start"))[:1]:
        for row in _some(draw, table, column, 2):
            table.rows[row][column] = "31.02.2025"
            table.spoilt.append((row, column, "impossible_date", "31.02.2025"))


def left_before(draw: random.Random, table: Table, language: str) -> None:
    """Customers who left before they came."""
    if {"converted", "churned"} <= set(table.concepts):
        came, left = table.at("converted"), table.at("churned")
        for row in _some(draw, table, left, 2):
            if isinstance(table.rows[row][came], date):
                table.rows[row][left] = date(2023, 3, 1)
                table.spoilt.append((row, left, "date_order", "2023-03-01"))


def outliers(draw: random.Random, table: Table, language: str) -> None:
    """A comma forgotten: a hundred times the money."""
    for column in _columns(table, ("mrr", "retainer"))[:1]:
        for row in _some(draw, table, column, 1):
            if isinstance(table.rows[row][column], float):
                table.rows[row][column] *= 1000
                table.spoilt.append((row, column, "outlier", str(table.rows[row][column])))


def damaged_ids(draw: random.Random, table: Table, language: str) -> None:
    """Long ids that a spreadsheet turned into powers of ten."""
    if "email" in table.concepts and "id" in table.concepts:
        column = table.at("id")
        for row in _some(draw, table, column, 2):
            table.rows[row][column] = "4.10E+12"
            table.spoilt.append((row, column, "damaged_id", "4.10E+12"))


def future_dates(draw: random.Random, table: Table, language: str) -> None:
    """A century away: 2052 for 2025."""
    for column in _columns(table, ("created",))[:1]:
        for row in _some(draw, table, column, 1):
            table.rows[row][column] = date(2052, 3, 4)
            table.spoilt.append((row, column, "future_date", "2052-03-04"))


def misspelt(draw: random.Random, table: Table, language: str) -> None:
    """A letter too few."""
    for column in _columns(table, ("industry",))[:1]:
        for row in _some(draw, table, column, 2):
            said = str(table.rows[row][column])
            table.rows[row][column] = said[:2] + said[3:]
            table.spoilt.append((row, column, "misspelt", said))


def missing_industry(draw: random.Random, table: Table, language: str) -> None:
    """Cells left empty."""
    for column in _columns(table, ("industry",))[:1]:
        for row in _some(draw, table, column, 3):
            table.rows[row][column] = None
            table.spoilt.append((row, column, "missing", ""))


def test_rows(draw: random.Random, table: Table, language: str) -> None:
    """Accounts of one's own testers."""
    if {"company", "email"} <= set(table.concepts) and "deal" not in table.concepts:
        like = list(table.rows[0])
        like[table.at("company")] = "Test GmbH"
        like[table.at("email")] = "test@test.com"
        if "id" in table.concepts:
            like[table.at("id")] = "TEST-1"
        table.rows.append(like)
        table.spoilt.append((len(table.rows) - 1, table.at("company"), "test_row", "Test GmbH"))


HURTING: dict[str, Callable[[random.Random, Table, str], None]] = {
    "impossible_dates": impossible_dates,
    "left_before": left_before,
    "outliers": outliers,
    "damaged_ids": damaged_ids,
    "future_dates": future_dates,
    "misspelt": misspelt,
    "missing_industry": missing_industry,
    "test_rows": test_rows,
}
"""Damage that changes what can be counted: what must be named is told, what must be counted is not."""


def _columns(table: Table, concepts: tuple[str, ...]) -> list[int]:
    return [table.at(c) for c in concepts if c in table.concepts]


def _some(draw: random.Random, table: Table, column: int, k: int) -> list[int]:
    """Rows whose cell is still as it was written."""
    taken = {(r, c) for r, c, _, _ in table.spoilt}
    held: list[Any] = [
        i
        for i, row in enumerate(table.rows)
        if row[column] is not None
        and not isinstance(row[column], Wrong)
        and (i, column) not in taken
    ]
    return sorted(draw.sample(held, k=min(k, len(held))))
