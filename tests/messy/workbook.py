"""A team's workbook from a seed: bytes, and the truth that a run without options must find in it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection

from . import words
from .clutter import CLUTTER, old_copy
from .damage import HARMLESS, HURTING
from .layouts import LAYOUTS, Layout, mrr_of
from .pages import Page, messy, place, written
from .truth import KINDS, Company, Truth, companies, counted
from .vendors import VENDORS

DATE_FORMATS = {
    "en": "mm/dd/yyyy",
    "de": "dd.mm.yyyy",
    "fr": "dd/mm/yyyy",
    "es": "dd/mm/yyyy",
    "nl": "dd-mm-yyyy",
}


def make_workbook(
    seed: int,
    kind: str | None = None,
    problems: Collection[str] | None = None,
    language: str | None = None,
    n: int | None = None,
    layout: str | None = None,
) -> tuple[bytes, Truth]:
    """A messy workbook and its truth; the same seed gives the same.

    `kind`: one of `KINDS`; `problems`: names of `HARMLESS` and `HURTING`, by default some harmless ones. Whatever
    is left out is drawn.
    """
    draw = random.Random(seed)
    kind = kind or draw.choice(KINDS)
    vendor = draw.random() < 0.3 and bool(VENDORS[kind])
    builds = VENDORS[kind] if vendor else LAYOUTS[kind]
    if layout is not None:
        builds = tuple(b for b in (*LAYOUTS[kind], *VENDORS[kind]) if b.__name__ == layout)
    language = language or ("en" if vendor else draw.choice(words.LANGUAGES))
    people = companies(seed, kind, language, n or draw.randrange(60, 220))
    made = draw.choice(builds)(draw, people, language)
    truth = _truth(seed, kind, language, made, made.people or people)
    chosen = (
        draw.sample(list(HARMLESS), k=draw.randrange(0, 4)) if problems is None else list(problems)
    )
    for table in made.tables.values():
        for name in chosen:
            (HARMLESS.get(name) or HURTING[name])(draw, table, language)
    pages = _pages(draw, made, people, language, truth)
    truth.problems = [p for page in pages for p in page.problems]
    return written(pages, date_format=DATE_FORMATS[language]), truth


def _truth(seed: int, kind: str, language: str, made: Layout, people: list[Company]) -> Truth:
    segments: dict[str, Counter[str]] = {}
    for concept in made.segments:
        for table in made.tables.values():
            if concept in table.concepts:
                header = table.headers[table.at(concept)]
                segments[header] = Counter(getattr(p, concept) for p in people)
                break
    return Truth(
        kind=kind,
        seed=seed,
        language=language,
        layout=made.name,
        counts=counted(people),
        mrr=mrr_of(made, people),
        revenue=made.revenue,
        converted=sum(p.status >= 2 for p in people),
        segments=segments,
    )


def _pages(
    draw: random.Random, made: Layout, people: list[Company], language: str, truth: Truth
) -> list[Page]:
    title = words.TITLES[language]
    pages: list[Page] = []
    for key, table in made.tables.items():
        names = words.SHEETS[language].get(key) or words.SHEETS["en"].get(key) or (key,)
        page = messy(draw, draw.choice(names), table, title)
        truth.sheets[page.name] = "customers" if key == made.customers else key
        pages.append(page)
    if len(pages) == 2 and draw.random() < 0.12:
        pages = [_together(made, pages, draw)]
        truth.sheets = {pages[0].name: "both"}
    if draw.random() < 0.5:
        key = made.customers
        first = next(name for name, what in truth.sheets.items() if what in ("customers", "both"))
        copy = old_copy(draw, made.tables[key], first)
        truth.sheets[copy.name] = "old copy"
        pages.append(copy)
    beside = draw.sample(CLUTTER, k=draw.randrange(2, 9))
    for make in beside:
        page = make(draw, people, language)
        if page.name.casefold() not in {p.name.casefold() for p in pages}:
            truth.sheets[page.name] = make.__name__
            pages.append(page)
    if draw.random() < 0.5:
        draw.shuffle(pages)
    return pages


def _together(made: Layout, pages: list[Page], draw: random.Random) -> Page:
    """Both tables on one sheet, side by side or one below the other."""
    page = Page(draw.choice(["Data", "Sheet1", "All data"]))
    first, second = made.tables.values()
    if draw.random() < 0.5:
        _, right = place(page, first, 0, 0)
        place(page, second, 0, right + 2)
    else:
        below, _ = place(page, first, 0, 0)
        place(page, second, below + 3, 0)
    return page
