"""A clean list of customers, and problems put into it one by one, each with the cells where it stands."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np

from mapseg_xl.intake.tables import CellError, RawSheet


def _words(text: str) -> list[str]:
    return text.split()


HEADERS = (
    *(
        "Account ID",
        "Company",
        "E-mail",
        "Country",
        "Industry",
        "Team size",
        "Signed up on",
        "Trial start",
    ),
    *("Converted on", "Churned on", "MRR", "Seats", "Newsletter", "Adoption share", "Plan"),
)
FIRST_ROW = 2
_FIRST = _words(
    "Nord Blue Stern Alpine Vista Copper Harbor Lumen Quartz Cedar Falcon Orbit Pixel Willow Granit Aster"
)
_SECOND = _words(
    "Dental Logistik Foods Robotics Studios Textil Energy Optik Marine Clinics Travel Print Games Legal"
)
_COUNTRIES = ("Germany", "France", "United States", "Spain", "Austria", "Poland")
_INDUSTRIES = ("Healthcare", "Software", "Retail", "Education", "Manufacturing", "Non-profit")
_SIZES = ("1-10", "11-50", "51-200", "201-500", "500+")


@dataclass
class Book:
    """The cells by header, and the cells that hold an injected problem: kind -> addresses."""

    columns: dict[str, list[object]]
    draw: random.Random
    truth: dict[str, set[str]] = field(default_factory=dict)

    @property
    def n(self) -> int:
        return len(self.columns[HEADERS[0]])

    def cell(self, header: str, record: int) -> str:
        return f"{letter(header)}{record + FIRST_ROW}"

    def put(self, kind: str, header: str, record: int, value: object) -> None:
        self.columns[header][record] = value
        self.truth.setdefault(kind, set()).add(self.cell(header, record))

    def filled(
        self, header: str, count: int, test: Callable[[object], bool] = lambda v: True
    ) -> list[int]:
        """Some records whose cell is filled and passes the test."""
        known = [i for i, v in enumerate(self.columns[header]) if v is not None and test(v)]
        return self.draw.sample(known, min(count, len(known)))

    def append(self, kind: str, record: int, **changed: object) -> None:
        """A row like another one, with some cells changed, at the foot."""
        for header, cells in self.columns.items():
            cells.append(changed.get(header.replace(" ", "_").replace("-", "_"), cells[record]))
        row = self.n - 1 + FIRST_ROW
        self.truth.setdefault(kind, set()).add(f"A{row}:{letter(HEADERS[-1])}{row}")

    def sheet(self) -> RawSheet:
        """As the reader hands it over."""
        arrays = []
        for header, cells in self.columns.items():
            array = np.empty(len(cells) + 1, dtype=object)
            array[:] = [header, *cells]
            arrays.append(array)
        return RawSheet("team.xlsx", "Customers", tuple(arrays))


def letter(header: str) -> str:
    return chr(ord("A") + HEADERS.index(header))


def clean_book(seed: int, n: int = 400) -> Book:
    """Customers without a fault."""
    draw = random.Random(seed)
    rows: list[list[object]] = []
    for i in range(n):
        name = f"{draw.choice(_FIRST)} {draw.choice(_SECOND)}"
        domain = f"{name.lower().replace(' ', '-')}-{i}.com"
        start = date(2022, 1, 1) + timedelta(days=draw.randrange(1200))
        trial = start + timedelta(days=draw.randrange(5)) if draw.random() < 0.9 else None
        won = (
            trial + timedelta(days=draw.randrange(1, 30)) if trial and draw.random() < 0.6 else None
        )
        left = (
            won + timedelta(days=draw.randrange(30, 500)) if won and draw.random() < 0.3 else None
        )
        left = None if left and left > date(2025, 6, 30) else left
        mrr = round(draw.lognormvariate(5.5, 0.8), 2) if won else None
        rows.append(
            [
                f"C-{10_000 + 7 * i}",
                f"{name} {chr(65 + i % 26)}{chr(65 + i // 26 % 26)}x",
                f"info@{domain}",
                draw.choice(_COUNTRIES),
                draw.choice(_INDUSTRIES),
                draw.choice(_SIZES),
                start,
                trial,
                won,
                left,
                mrr,
                float(1 + int(draw.lognormvariate(2, 0.9))),
                draw.choice(("yes", "no")),
                round(draw.random(), 3),
                draw.choice(("Plan A", "Plan B", "Plan C")),
            ]
        )
    return Book({h: [r[at] for r in rows] for at, h in enumerate(HEADERS)}, draw)


Inject = Callable[["Book", str], None]


def changed(header: str, make: Callable[[Any], object], count: int = 5) -> Inject:
    """Some cells of a column made into something else."""

    def inject(book: Book, kind: str) -> None:
        for record in book.filled(header, count):
            book.put(kind, header, record, make(book.columns[header][record]))

    return inject


def one_of(header: str, *values: object) -> Inject:
    """Five cells of a column that hold one of these instead."""

    def inject(book: Book, kind: str) -> None:
        for record in book.filled(header, 3 if values == (None,) else 5):
            book.put(kind, header, record, book.draw.choice(values))

    return inject


def instead(header: str, forms: dict[str, tuple[str, ...]]) -> Inject:
    """Each other form once, in a cell that held the value."""

    def inject(book: Book, kind: str) -> None:
        for value, others in forms.items():
            records = book.filled(header, len(others), lambda v, x=value: v == x)
            for other, record in zip(others, records, strict=False):
                book.put(kind, header, record, other)

    return inject


def serial(day: Any) -> float:
    """The day number of a spreadsheet."""
    return float((day - date(1899, 12, 30)).days)


def copies(book: Book, kind: str) -> None:
    for record in book.filled("Account ID", 4):
        book.append(kind, record)


def other_ids(book: Book, kind: str) -> None:
    for at, record in enumerate(book.filled("Account ID", 4)):
        company = str(book.columns["Company"][record])
        book.append(
            "likely duplicate",
            record,
            Account_ID=f"C-{90_000 + at}",
            Company=company.upper() + " Ltd.",
        )


def slips_of_names(book: Book, kind: str) -> None:
    for at, record in enumerate(book.filled("Company", 4, lambda v: len(str(v)) > 12)):
        name = str(book.columns["Company"][record])
        slip = name[:3] + name[4] + name[3] + name[5:]
        book.append(
            kind,
            record,
            Account_ID=f"C-{95_000 + at}",
            Company=slip,
            E_mail=None,
        )


def block(book: Book, kind: str) -> None:
    for record in range(40, 46):
        book.append(kind, record)


def wrong_order(book: Book, kind: str) -> None:
    for record in book.filled("Churned on", 4):
        book.put(
            "left before start",
            "Churned on",
            record,
            book.columns["Signed up on"][record] - timedelta(days=40),
        )


def trial_late(book: Book, kind: str) -> None:
    taken = [i for i, v in enumerate(book.columns["Converted on"]) if v is not None]
    for record in book.draw.sample(taken, 4):
        book.put(
            "converted before trial",
            "Converted on",
            record,
            book.columns["Trial start"][record] - timedelta(days=9),
        )


def trial_before_signup(book: Book, kind: str) -> None:
    for record in book.filled("Trial start", 4):
        book.put(
            "trial before sign-up",
            "Trial start",
            record,
            book.columns["Signed up on"][record] - timedelta(days=70),
        )


def lost_zeros(book: Book, kind: str) -> None:
    book.columns["Account ID"] = [f"{i:05d}" for i in range(1, book.n + 1)]
    for record in book.draw.sample(range(50), 5):
        book.put(kind, "Account ID", record, float(record + 1))


def cut_ids(book: Book, kind: str) -> None:
    book.columns["Account ID"] = [f"{10**17 + 7919 * i * i + i:d}" for i in range(book.n)]
    for record in book.draw.sample(range(10, book.n), 4):
        whole = str(book.columns["Account ID"][record])
        book.put(kind, "Account ID", record, whole[:12] + f"{record:03d}" + "000")


WORDS_FOR_EMPTY = ("n/a", "-", "TBD")
NO_DATES = ("31/02/2025", "0000-00-00", "2025-13-01", "30.02.2024")
COUNTRY_NAMES = {
    "Germany": ("DE", "Deutschland", "germany ", "DEU"),
    "United States": ("USA", "US", "U.S.", "United States of America"),
    "Austria": ("AT", "Österreich"),
}
SPELLINGS = {
    "Software": ("S.o.f.t.w.a.r.e", "Soft-ware"),
    "Non-profit": ("Nonprofit", "Non profit", "non-Profit"),
}
BANDS = {"11-50": ("11 – 50", "11 to 50", "11-50 employees"), "500+": ("500 or more",)}
YES_AND_NO = {"yes": ("Y", "true", "Yes"), "no": ("N", "No")}
SLIPS = {
    "Healthcare": ("Helathcare", "Healthcre"),
    "Manufacturing": ("Manufacturng",),
    "Education": ("Educaton",),
}

INJECTIONS: dict[
    str, tuple[Inject, str]
] = {  # kind -> what puts it in, the kinds of issue that may name it
    "repeated id": (copies, "duplicate_id"),
    "likely duplicate": (other_ids, "likely_duplicate"),
    "likely duplicate, spelled otherwise": (slips_of_names, "likely_duplicate"),
    "pasted block": (block, "pasted_block duplicate_id"),
    "impossible date": (one_of("Signed up on", *NO_DATES), "unreadable_date"),
    "date of 1900": (one_of("Signed up on", date(1900, 1, 1)), "implausible_date"),
    "far future": (one_of("Converted on", date(2035, 5, 1)), "future_date"),
    "epoch": (one_of("Signed up on", date(1970, 1, 1)), "early_date"),
    "left before start": (wrong_order, "churned_on_before_start"),
    "converted before trial": (trial_late, "converted_on_before_start"),
    "trial before sign-up": (trial_before_signup, "trial_on_before_created_on"),
    "date as text": (changed("Signed up on", lambda v: v.isoformat()), "date_as_text"),
    "two-digit year": (one_of("Signed up on", "20/03/24", "27/03/24"), "short_year"),
    "day number": (changed("Signed up on", serial), "serial_date"),
    "lost zeros": (lost_zeros, "lost_zeros"),
    "cut id": (cut_ids, "cut_id"),
    "id made a date": (
        one_of("Account ID", date(2025, 3, 1), date(2025, 3, 9)),
        "turned_into_date",
    ),
    "id of another form": (one_of("Account ID", "acct 1", "acct 22", "x"), "odd_id"),
    "band made a date": (one_of("Team size", date(2025, 10, 1)), "turned_into_date"),
    "text among numbers": (one_of("MRR", "ask Ana", "see contract"), "unreadable_number"),
    "unit in the cell": (one_of("MRR", "1200 USD/yr", "300 per month"), "unreadable_number"),
    "number as text": (changed("MRR", str), "text_number"),
    "dressed number": (changed("MRR", lambda v: f"${v:,.2f}"), "text_number"),
    "bracketed number": (changed("MRR", lambda v: f"({v})"), "text_number negative_money"),
    "thousands": (one_of("MRR", "1.2k"), "text_number unreadable_number"),
    "negative money": (changed("MRR", lambda v: -v), "negative_money"),
    "hundred times": (changed("MRR", lambda v: max(200.0, v) * 100, 2), "outlier"),
    "stand-in": (one_of("Seats", 9999.0), "stand_in_number"),
    "negative seats": (changed("Seats", lambda v: -v, 3), "negative_number"),
    "percent among shares": (one_of("Adoption share", 20.0, 55.0, 84.0), "mixed_percent"),
    "error value": (one_of("MRR", CellError("#REF!")), "excel_error"),
    "error in words": (one_of("Industry", CellError("#N/A")), "excel_error"),
    "word for empty": (one_of("MRR", *WORDS_FOR_EMPTY), "empty_word"),
    "label for empty": (one_of("Industry", "N/A", "-", "null"), "empty_word"),
    "placeholder": (one_of("Industry", "unknown", "xxx", "TBD", "test"), "placeholder"),
    "outer spaces": (changed("Industry", lambda v: f" {v} "), "spaces_removed"),
    "no-break space": (changed("Industry", lambda v: f"{v}\u00a0\u200b"), "spaces_removed"),
    "broken letters": (changed("Company", lambda v: f"MÃ¼ller {v}"), "broken_letters"),
    "line break": (changed("Company", lambda v: str(v).replace(" ", "\n", 1)), "line_break"),
    "case": (changed("Industry", lambda v: str(v).upper()), "spelling_variants"),
    "points": (instead("Industry", SPELLINGS), "spelling_variants"),
    "country names": (
        instead("Country", COUNTRY_NAMES),
        "known_name spelling_variants spaces_removed",
    ),
    "size bands": (instead("Team size", BANDS), "known_name spelling_variants"),
    "yes and no": (instead("Newsletter", YES_AND_NO), "known_name spelling_variants"),
    "typing slip": (instead("Industry", SLIPS), "likely_typo"),
    "number among words": (one_of("Industry", 7.0, 42.0), "number_among_words"),
    "malformed address": (one_of("E-mail", "info.acme.de", "info@", "a@@x"), "malformed_email"),
    "test account": (one_of("Company", "Acme Test", "Test GmbH", "Demo account"), "rehearsal"),
    "missing value": (one_of("Country", None), "missing_value"),
}
