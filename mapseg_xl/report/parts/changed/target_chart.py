"""The decided segments' share of those who start, month by month, against what is usual: drawn, and said in words."""

from __future__ import annotations

from datetime import date

from mapseg_xl.analyze.since import Starters
from mapseg_xl.report import words
from mapseg_xl.report.parts.changed.compared import Compared, day_of
from mapseg_xl.report.spec import ChartRow, Lines, Section, Series, Text
from mapseg_xl.stats.control_chart import limits

CHART = "target share"
_MOST, _FEWEST = 24, 6  # months


def month_words(month: str) -> str:
    """A month as people write it.

    >>> month_words("2025-03")
    'Mar 2025'
    """
    return f"{date.fromisoformat(f'{month}-01'):%b %Y}"


def target_section(what: Compared) -> list[Section]:
    """The chart, for six months or more; nothing where no segment is decided."""
    since = what.since
    if since is None or not since.starters:
        return []
    months = since.starters[-_MOST:]
    if len(months) < _FEWEST:
        return []
    usual = _usual(months, what)
    if usual is None:
        return []
    bounds = [limits(usual, m.n) for m in months]
    shares = tuple(m.inside / m.n if b else None for m, b in zip(months, bounds, strict=True))
    outside = [
        (m, share)
        for m, share, b in zip(months, shares, bounds, strict=True)
        if share is not None and b is not None and not b[0] <= share <= b[1]
    ]
    said = _finding(outside)
    chart = Lines(
        CHART,
        "Decided segments' share of those who start, by month",
        f"Line chart: share of starters in decided segments by month. {said}",
        tuple(float(at) for at in range(1, len(months) + 1)),
        (
            Series("usual", "base", (usual,) * len(months)),
            Series("lower limit", "limit", tuple(b[0] if b else None for b in bounds), False),
            Series("upper limit", "limit", tuple(b[1] if b else None for b in bounds), False),
            Series("share", "first", shares),
        ),
        float(len(months)),
        float(next(u for u in (1, 2, 3, 6) if len(months) / u <= 8)),
        _top(shares, bounds),
        "share0",
    )
    first, last = (month_words(m.month) for m in (months[0], months[-1]))
    level = f"Usual: {usual:.1%}, of those who started up to {day_of(what.changes.then)}."
    notes = (
        f"Month 1 is {first}, month {len(months)} {last}. {said}",
        f"{level} Dotted: where chance alone leaves the share in 997 of 1,000 months.",
    )
    return [Section("", (ChartRow((chart,), 11), Text(notes, "note")))]


def _usual(months: tuple[Starters, ...], what: Compared) -> float | None:
    """The share among those who started up to the earlier run."""
    day = what.changes.then.as_of
    before = [m for m in months if day is not None and m.month <= day.isoformat()[:7]]
    n = sum(m.n for m in before)
    return sum(m.inside for m in before) / n if n else None


def _finding(outside: list[tuple[Starters, float]]) -> str:
    if not outside:
        return "No month is outside what chance leaves."
    named = [f"{month_words(m.month)} ({share:.0%})" for m, share in outside]
    return f"Outside what chance leaves: {words.listing(named, 4)}."


def _top(shares: tuple[float | None, ...], bounds: list[tuple[float, float] | None]) -> float:
    """A round top of the axis."""
    held = [s for s in shares if s is not None] + [b[1] for b in bounds if b]
    highest = max(held, default=1.0)
    return next((top for top in (0.1, 0.2, 0.4, 0.6, 0.8) if highest <= top), 1.0)
