"""Whether the customer mix shifted: every trait in the categories of then, customers now and rows that are new."""

from __future__ import annotations

from mapseg_xl.analyze.baselines import CUSTOMERS
from mapseg_xl.analyze.mixes import (
    CHANCE_SHIFT,
    FEW,
    NO_SHIFT,
    SOME_SHIFT,
    STRONG_SHIFT,
    Counts,
    Shift,
    shifts,
)
from mapseg_xl.report import words
from mapseg_xl.report.parts.changed.compared import Compared
from mapseg_xl.report.spec import Cell, Column, Content, Row, Section, Table, Text
from mapseg_xl.stats.drift import SOME, STRONG

MIXES = "mixes"
_MOST = 8  # traits shown
_LONGEST = 26
_CHIPS = {
    STRONG_SHIFT: "strong shift",
    SOME_SHIFT: "some shift",
    NO_SHIFT: "same mix",
    CHANCE_SHIFT: "no clear shift",
    FEW: words.VERDICTS["not_available"],
}


def mix_shifts(what: Compared) -> tuple[Shift, ...]:
    """Each trait among customers then and now; among all rows where nobody is a customer yet."""
    since = what.since
    if since is None:
        return ()
    paying = _paying(what)
    now = since.customers_now if paying else since.mix_now
    pairs = {
        mix.trait: (mix.categories, mix.customers if paying else mix.rows, now[mix.trait])
        for mix in what.changes.then.census.mixes
        if mix.trait in now
    }
    return shifts(pairs, what.findings.settings)


def _paying(what: Compared) -> bool:
    """Whether there were and are customers."""
    return bool(what.changes.then.counts[CUSTOMERS] and what.changes.now.counts[CUSTOMERS])


def new_shifts(what: Compared) -> tuple[Shift, ...]:
    """Each trait of all rows then, beside the rows that came since: nobody is in both."""
    since = what.since
    if since is None:
        return ()
    pairs: dict[str, tuple[tuple[str, ...], Counts, Counts]] = {
        mix.trait: (mix.categories, mix.rows, since.mix_new[mix.trait])
        for mix in what.changes.then.census.mixes
        if mix.trait in since.mix_new
    }
    return shifts(pairs, what.findings.settings)


def mix_section(what: Compared) -> list[Section]:
    """A row a trait, the ones that moved most first."""
    found = mix_shifts(what)
    if not found:
        return []
    new = {s.trait: s for s in new_shifts(what)}
    order = sorted(found, key=lambda s: (not _moved(s, new), -(s.index or 0.0), s.trait))
    columns = [
        Column("trait", "Column", 0, "label"),
        Column("value", "Moved most", 1, "text"),
        Column("then_share", "Then", 3, "share"),
        Column("now_share", "Now", 4, "share", bold=True),
    ]
    if new:
        columns.append(Column("new_share", "Of the new", 5, "share"))
        columns.append(Column("new", "New rows", 8, "chip"))
    columns.append(Column("now", "Customers" if _paying(what) else "All rows", 10, "chip"))
    rows = tuple(_row(s, new.get(s.trait)) for s in order[:_MOST])
    table = Table(MIXES, tuple(columns), rows)
    marks = f"some from {SOME:g}, strong from {STRONG:g} on the usual index"
    shift = (
        f"Shift: how far the shares of all values moved together ({marks}), and only where chance alone would not do "
        "it. Values are those of then; new values count as everything else."
    )
    notes = [shift]
    if len(order) > _MOST:
        notes.append(f"{len(order) - _MOST} more columns moved less.")
    return [
        Section(
            "Customer mix",
            (table, Text(tuple(notes), "note")),
            "shares of those who are customers; values as they were then",
        )
    ]


def _moved(shift: Shift, new: dict[str, Shift]) -> bool:
    other = new.get(shift.trait)
    return shift.is_shifted or (other is not None and other.is_shifted)


def _row(shift: Shift, new: Shift | None) -> Row:
    told = new if new is not None and new.is_shifted and not shift.is_shifted else shift
    at = told.most_moved
    cells: dict[str, Content | Cell] = {
        "trait": words.short(words.header(shift.trait), _LONGEST),
        "now": _chip(shift),
        "value": words.short(shift.categories[at], _LONGEST),
        "then_share": _part(shift.then, at),
        "now_share": _part(shift.now, at),
    }
    if new is not None:
        cells |= {"new_share": _part(new.now, at), "new": _chip(new)}
    return Row(shift.trait, cells)


def _chip(shift: Shift) -> str:
    return _CHIPS[shift.verdict]


def _part(counts: Counts, at: int) -> float | None:
    return counts[at] / sum(counts) if sum(counts) else None


def shift_clause(what: Compared) -> str:
    """The strongest shift of the customers in words: “industry: Agency 14% then, 31% now”; "" for none."""
    found = [s for s in mix_shifts(what) if s.is_shifted]
    if not found:
        return ""
    worst = max(found, key=lambda s: s.index or 0.0)
    at = worst.most_moved
    then, now = _part(worst.then, at) or 0.0, _part(worst.now, at) or 0.0
    name = words.short(words.header(worst.trait), _LONGEST)
    return f"{name}: {words.short(worst.categories[at], _LONGEST)} {then:.0%} then, {now:.0%} now"
