"""The sentence over the triangles: do newer cohorts keep more? Told from closed cells alone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from mapseg_xl.analyze.cohorts import Period
from mapseg_xl.report import words
from mapseg_xl.report.parts.staying.triangles import Page, is_closed, row_name
from mapseg_xl.settings import Settings
from mapseg_xl.stats.proportions import two_proportion_p

_PREFERRED = (6, 12, 3)  # ages that people ask for first
_ENOUGH_ROWS = 4  # for a trend


def headline(page: Page, settings: Settings) -> str:
    """What the triangle of the whole base says, in one sentence."""
    age = _age(page, settings)
    if age is None:
        everybody = words.counted(sum(p.starters for p in page.rows), "customer")
        since = row_name(page.rows[0].label).removesuffix(" so far")
        verb = "has" if everybody.startswith("1 ") else "have"
        return f"No cohort is a month old yet: {everybody} {verb} started since {since}."
    rows = _told(page, age, settings)
    way = _trend(rows, age, settings) if len(rows) >= _ENOUGH_ROWS else 0
    first, last = (_share(rows[at], age) for at in (0, -1)) if rows else (0.0, 0.0)
    if not way or (last - first) * way <= 0:
        return _level(page, age, len(rows) >= _ENOUGH_ROWS)
    newest, oldest = row_name(rows[-1].label), row_name(rows[0].label)
    turned = f"{'up' if way > 0 else 'down'} from {first:.0%} for {oldest}"
    return f"{_who(page, rows, age, way)}: {last:.0%} {_when(page, age)} for {newest}, {turned}."


def _age(page: Page, settings: Settings) -> int | None:
    """The age told: of those people ask for, one that enough rows have behind them; else the largest."""
    ages = [age for age in page.ages if page.average.get(age) is not None]
    order = [age for age in _PREFERRED if age in ages] + sorted(ages, reverse=True)
    for enough in (_ENOUGH_ROWS, 1):
        for age in order:
            if len(_told(page, age, settings)) >= enough:
                return age
    return order[0] if order else None


def _told(page: Page, age: int, settings: Settings) -> list[Period]:
    """Rows closed at an age that are large enough to be quoted."""
    return [p for p in page.rows if is_closed(p.kept, age) and p.starters >= settings.min_units]


def _share(period: Period, age: int) -> float:
    return (period.kept[age] or 0.0) / period.starters


def _trend(rows: Sequence[Period], age: int, settings: Settings) -> int:
    """Whether the newer half of the rows keeps more (1) or fewer (-1) than the older one beyond chance."""
    middle = len(rows) // 2
    (x1, n1), (x2, n2) = (
        (sum(p.kept[age] or 0.0 for p in half), sum(p.starters for p in half))
        for half in (rows[:middle], rows[middle:])
    )
    p = two_proportion_p(x2, n2, x1, n1)
    if p is None or p > 1 - settings.confidence:
        return 0
    return 1 if x2 / n2 > x1 / n1 else -1


def _who(page: Page, rows: Sequence[Period], age: int, way: int) -> str:
    """Who keeps or orders more or less."""
    shares = [_share(p, age) for p in rows]
    each = all((b - a) * way > 0 for a, b in pairwise(shares))
    who = "Each newer cohort" if each else "Newer cohorts"
    if page.is_chained:
        return f"{who} {'keeps' if each else 'keep'} {'more' if way > 0 else 'fewer'} customers"
    return f"{who} {'orders' if each else 'order'} again {'more' if way > 0 else 'less'} often"


def _when(page: Page, age: int) -> str:
    month = words.number_word(age)
    return f"at {month} months" if page.is_chained else f"in month {month}"


def _level(page: Page, age: int, several: bool) -> str:
    """The average, where newer cohorts do not clearly differ from older ones."""
    share = page.average[age] or 0.0
    month = words.counted_word(age, "month")
    if page.is_chained:
        first = (
            f"{words.sentence_case(month)} after the start, {share:.0%} of customers are still here"
        )
    else:
        first = (
            f"{words.sentence_case(month)} after the first order, {share:.0%} of customers order"
        )
    return f"{first}; newer cohorts show no clear trend." if several else f"{first}."
