"""The triangles of the Cohorts tab: shares and money from counts right of the page, the average row chained live."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mapseg_xl.analyze.cohorts import ORDERS, Cohorts, Period
from mapseg_xl.report import words
from mapseg_xl.report.parts.names import BASE
from mapseg_xl.report.spec import Cell, Column, Content, Formula, Heat, Ref, Row, Span, Table

KEPT, MONEY = "cohorts kept", "cohorts money"
AVERAGE = "average"
COLUMNS = 9  # ages on the page
FIRST_COUNT = 13  # grid column of the first count
_LADDER = (1, 2, 3, 6, 9, 12, 18, 24, 30, 36, 48, 60)
_SHORT_LADDER = (1, 2, 3, 4, 6, 9, 12, 15, 18, 21)  # where nobody is two years old
_MONTH = re.compile(r"(\d{4})-(0?[1-9]|1[0-2])((?: .*)?)", re.ASCII)
_SPARED = (4, 21, 2, 30, 9, 18)  # ages that go first where there are too many
_TWO_YEARS = 24
_KEPT_WHITE = 0.25  # share kept that is white; 100% is darkest


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """What of the whole base's triangles fits on the page: its rows, and the ages that have a column."""

    cohorts: Cohorts
    rows: tuple[Period, ...]
    ages: tuple[int, ...]

    @property
    def average(self) -> dict[int, float | None]:
        """The average row of the whole base by age."""
        return {a.age: a.value for a in self.cohorts.average if a.segment_id == BASE}

    @property
    def is_chained(self) -> bool:
        """Whether each age rests on the one before: customers under contract do not come back."""
        return self.cohorts.form != ORDERS

    @property
    def counted_ages(self) -> tuple[int, ...]:
        """Ages with a count right of the page; a chain needs all of them."""
        closed = [age for age in self.ages if any(is_closed(p.kept, age) for p in self.rows)]
        return tuple(range(max(closed, default=0) + 1)) if self.is_chained else tuple(closed)


def page_of(cohorts: Cohorts) -> Page:
    """The rows with customers, and up to nine ages that some of them have reached."""
    rows = tuple(p for p in cohorts.periods if p.starters)
    months = range(1, 1 + _LADDER[-1])
    closed = [age for age in months if any(is_closed(p.kept, age) for p in rows)]
    reached = [age for age in months if any(is_closed(p.kept_open, age) for p in rows)]
    last = max(closed, default=0)
    ladder: Sequence[int] = _LADDER if last >= _TWO_YEARS else _SHORT_LADDER
    if last <= COLUMNS:
        ladder = range(1, COLUMNS + 1)
    ages = [age for age in ladder if age <= last]
    ages += [age for age in ladder if age > last and age in reached][:1]
    for spared in _SPARED:
        if len(ages) > COLUMNS and spared in ages:
            ages.remove(spared)
    return Page(cohorts, rows, tuple(ages[:COLUMNS]))


def _at(cells: Sequence[float | None], age: int) -> float | None:
    return cells[age] if age < len(cells) else None


def is_closed(cells: Sequence[float | None], age: int) -> bool:
    """Whether the cells of a row go on to an age."""
    return _at(cells, age) is not None


def row_name(label: str) -> str:
    """A row's name as people write it; quarters, and what a team calls its own cohorts, stay.

    >>> row_name("2025-01"), row_name("2025-03 so far"), row_name("2025 Q1")
    ('Jan 2025', 'Mar 2025 so far', '2025 Q1')
    >>> row_name("2025-Q3"), row_name("spring-launch"), row_name("2025-13")
    ('2025-Q3', 'spring-launch', '2025-13')
    """
    month = _MONTH.fullmatch(label)
    if not month:
        return label
    return words.day(date(int(month[1]), int(month[2]), 1))[2:] + month[3]


def kept_table(page: Page) -> tuple[Table, Heat]:
    """The share kept by row and age, the average over closed cells below."""
    rows = tuple(_kept_row(page, period) for period in page.rows)
    columns = [
        *_label_columns(page, "Customers"),
        *_age_columns(page, "share0"),
        *(
            Column(_count(age), f"month {age}", FIRST_COUNT + place, "count")
            for place, age in enumerate(page.counted_ages)
        ),
    ]
    table = Table(KEPT, tuple(columns), (*rows, _average_row(page)))
    highest = 1.0
    if not page.is_chained:
        highest = max((s for p in page.rows for s in _shares(page, p)), default=1.0)
    return table, _heat(page, table, (0.0 if not page.is_chained else _KEPT_WHITE, highest))


def money_table(page: Page) -> tuple[Table, Heat]:
    """Revenue a starter so far, same rows and ages; sums right of the page."""
    rows = tuple(_money_row(page, period) for period in page.rows if period.payers)
    columns = [
        *_label_columns(page, "Customers"),
        *_age_columns(page, "money"),
        *(
            Column(_sum(age), f"sum to {age}", FIRST_COUNT + place, "count")
            for place, age in enumerate(page.ages)
        ),
    ]
    table = Table(MONEY, tuple(columns), rows)
    largest = max((m for p in page.rows for m in _means(page, p)), default=1.0)
    return table, _heat(page, table, (0.0, largest))


def _label_columns(page: Page, n: str) -> list[Column]:
    by = "Quarter" if any("Q" in p.label for p in page.rows) else "Month"
    event = "first order" if page.cohorts.form == ORDERS else "start"
    return [Column("cohort", f"{by} of {event}", 0, "label"), Column("n", n, 1, "count")]


def _age_columns(page: Page, unit: str) -> list[Column]:
    return [Column(_cell(age), f"month {age}", at, unit) for at, age in enumerate(page.ages, 2)]


def _cell(age: int) -> str:
    return f"m{age}"


def _count(age: int) -> str:
    return f"k{age}"


def _sum(age: int) -> str:
    return f"s{age}"


def _kept_row(page: Page, period: Period) -> Row:
    cells: dict[str, Content | Cell] = {"cohort": row_name(period.label), "n": period.starters}
    for age in page.ages:
        kept, so_far = _at(period.kept, age), _at(period.kept_open, age)
        if kept is not None:
            cells[_cell(age)] = _over_n(_count(age), kept / period.starters)
        elif so_far is not None:
            cells[_cell(age)] = Cell(so_far, "open", "share.open")
    for age in page.counted_ages:
        kept = _at(period.kept, age)
        cells[_count(age)] = None if kept is None else round(kept)
    return Row(period.label, cells)


def _money_row(page: Page, period: Period) -> Row:
    cells: dict[str, Content | Cell] = {"cohort": row_name(period.label), "n": period.payers}
    for age in page.ages:
        money, so_far = _at(period.money, age), _at(period.money_open, age)
        if money is not None:
            total = round(money, 2)
            cells[_cell(age)] = _over_n(_sum(age), total / period.payers)
            cells[_sum(age)] = total
        elif so_far is not None:
            cells[_cell(age)] = Cell(so_far, "open", "money.open")
    return Row(period.label, cells)


def _over_n(count: str, value: float) -> Formula:
    return Formula(f'IF({{n}}>0,{{{count}}}/{{n}},"")', value)


def _average_row(page: Page) -> Row:
    """Closed cells only: chained from count to count, or for orders over all starters."""
    cells: dict[str, Content | Cell] = {"cohort": "All closed cohorts"}
    everybody = {"all": _down(page, "n")}
    cells["n"] = Formula("SUM({all})", sum(p.starters for p in page.rows), everybody)
    average = page.average
    for age in page.counted_ages:
        share = Formula(*_share_text(page, age, average.get(age)))
        cells[_count(age)] = Cell(share, "", "share0")
    for age in page.ages:
        known = age in page.counted_ages and average.get(age) is not None
        cells[_cell(age)] = Formula(f"{{{_count(age)}}}", average[age]) if known else None
    return Row(AVERAGE, cells, "total")


def _share_text(
    page: Page, age: int, value: float | None
) -> tuple[str, float | None, dict[str, Ref | Span]]:
    """Formula, value and references of one age of the average row."""
    refs: dict[str, Ref | Span] = {"now": _down(page, _count(age)), "before": _down(page, "n")}
    if not page.is_chained or age == 0:
        below = "SUMPRODUCT(--ISNUMBER({now}),{before})"
        return f'IF({below}>0,SUM({{now}})/{below},"")', value, refs
    refs["before"] = _down(page, _count(age - 1))
    refs["share"] = Ref(KEPT, AVERAGE, _count(age - 1))
    below = "SUMPRODUCT(--ISNUMBER({now}),{before})"
    text = f'IF(N({{share}})=0,{{share}},IF({below}>0,{{share}}*SUM({{now}})/{below},""))'
    return text, value, refs


def _down(page: Page, column: str) -> Span:
    return Span(KEPT, column, rows=(page.rows[0].label, page.rows[-1].label))


def _shares(page: Page, period: Period) -> list[float]:
    closed = [_at(period.kept, age) for age in page.ages]
    return [kept / period.starters for kept in closed if kept is not None]


def _means(page: Page, period: Period) -> list[float]:
    closed = [_at(period.money, age) for age in page.ages]
    return [money / period.payers for money in closed if money is not None and period.payers]


def _heat(page: Page, table: Table, ends: tuple[float, float]) -> Heat:
    """Colour for closed cells alone: what is open or not reached stays white."""
    columns = tuple(_cell(age) for age in page.ages)
    skip = tuple(
        (row.key, column)
        for row in table.rows
        for column in columns
        if not isinstance(row.cells.get(column), Formula)
    )
    rows = tuple(row.key for row in table.rows if row.look != "total")
    return Heat(f"{table.id} heat", table.id, columns, "kept", *ends, rows=rows, skip=skip)
