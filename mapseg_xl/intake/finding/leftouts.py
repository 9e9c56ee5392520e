"""Rows of a table that are no records: blank ones, repeated headers, totals, notes below. Only masks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mapseg_xl.intake.finding.blocks import DATA_LOOK, Grid, Mask

_WORDS = (
    "total|totals|grand total|overall total|sub-?total|sub total|sum|sums|gesamt|gesamtsumme|gesamtergebnis|summe"
    "|zwischensumme|teilergebnis|insgesamt|somme|total g[ée]n[ée]ral|sous-total|totale|suma|totaal|razem|ergebnis"
)
_ALONE = re.compile(rf"(?:{_WORDS})\s*(?:\(\d+\))?\s*:?", re.IGNORECASE)
_PART = re.compile(
    rf"(?:(?P<before>.+?)[\s:–-]+(?:{_WORDS})|(?:{_WORDS})[\s:–-]+(?P<after>.+?))\s*:?",
    re.IGNORECASE,
)
_STEMS = (
    "total",
    "sum",
    "somm",
    "gesamt",
    "ergebnis",
    "totaal",
    "razem",
)  # every word holds one of them
_PERIOD = re.compile(
    r"q[1-4]|[1-4]\.? ?(?:quartal|trim\w*)|h[12]|(?:19|20)\d\d(?:[-/ ](?:q?[1-4]|\d\d))?|page|seite"
    r"|month|monat|mois|year|jahr|week|woche|running|ytd|year to date"
    r"|(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)[a-zäé]*\.?(?: (?:19|20)?\d\d)?",
    re.IGNORECASE,
)
"""What a total may be of without being named in the column: `Q1 total`, `Total 2025`."""
_COUNTED = re.compile(r"\d[\d.,' ]*\s+[^\W\d_]+")  # 450 accounts
_MOSTLY = 0.8
_NOTE_LETTERS = 20


@dataclass(frozen=True, slots=True, eq=False)
class LeftOut:
    """Masks over the rows after the header, true where a row is no record."""

    blank: Mask
    repeated: Mask
    totals: Mask
    notes: Mask

    @property
    def any(self) -> Mask:
        """Rows that are no records, whatever the reason."""
        return self.blank | self.repeated | self.totals | self.notes


def is_total(word: str) -> bool:
    """Whether a row of this name holds the totals of the others.

    >>> is_total("Grand total"), is_total("Total Wine")
    (True, False)
    """
    return bool(_ALONE.fullmatch(word.strip()))


def total_words(texts: frozenset[str]) -> frozenset[str]:
    """Those that call a row of totals: of all, or of a group that is itself among them.

    >>> sorted(total_words(frozenset(["Total", "Spain", "Spain Total", "Total Wine"])))
    ['Spain Total', 'Total']
    """
    groups = {word: _named_group(word) for word in _candidates(texts)}
    return frozenset(word for word, group in groups.items() if group is None or group in texts)


def left_out(sheet: Grid, columns: Sequence[int], header: int, first: int, end: int) -> LeftOut:
    """Rows `first` to `end` that are no records of the table whose names stand in row `header`."""
    filled = sheet.filled[first:end][:, columns]
    blank = np.asarray(~np.any(filled, axis=1), dtype=bool)
    repeated = _repeated(sheet, columns, header, first, end)
    notes = _notes(sheet, columns, filled, first)
    totals = _totals(sheet, columns, filled, first, end) & ~repeated
    return LeftOut(blank, repeated, totals, notes & ~totals)


def _repeated(sheet: Grid, columns: Sequence[int], header: int, first: int, end: int) -> Mask:
    """Rows that say the header again, as pages printed one below the other do."""
    names = [
        (c, n) for c, n in zip(columns, sheet.row(header, columns), strict=True) if n is not None
    ]
    same = np.ones(end - first, dtype=bool)
    for column, name in names:
        rows = np.flatnonzero(same)
        if not len(rows):
            break
        cells = sheet.columns[column][first:end]
        equal = np.zeros(end - first, dtype=bool)
        equal[rows] = [v == name for v in cells[rows]]
        same = equal
    return same if len(names) > 1 else np.zeros(end - first, dtype=bool)


def _notes(sheet: Grid, columns: Sequence[int], filled: Mask, first: int) -> Mask:
    """Single texts below the last row with two cells or more: sources, dates of export, remarks."""
    counts = filled.sum(axis=1)
    notes = np.zeros(len(counts), dtype=bool)
    several = np.flatnonzero(counts > 1)
    if len(columns) < 3 or not len(several) or np.median(counts[several]) < 3:
        return notes
    for row in range(int(several[-1]) + 1, len(counts)):
        if counts[row] == 1:
            column = columns[int(np.argmax(filled[row]))]
            value = sheet.columns[column][row + first]
            after_gap = counts[row - 1] == 0 or notes[row - 1]
            wordy = isinstance(value, str) and (" " in value.strip() or len(value) > _NOTE_LETTERS)
            notes[row] = isinstance(value, str) and (after_gap or wordy)
    return notes


def _totals(sheet: Grid, columns: Sequence[int], filled: Mask, first: int, end: int) -> Mask:
    """Rows whose first text is a word for total, alone or with a group's name, and that else hold only numbers."""
    totals = np.zeros(end - first, dtype=bool)
    texts = _usual_texts(sheet, columns, filled, first, end)
    for place, column in enumerate(columns):
        for word in _candidates(sheet.texts[column]):
            grouped = _named_group(word)
            if grouped is not None and not _is_group(grouped, sheet.texts[column]):
                continue  # a customer called Total Energies
            cells = sheet.columns[column][first:end]
            for row in np.flatnonzero(np.array(cells == word, dtype=bool)).tolist():
                totals[row] = totals[row] or _is_total(
                    sheet.row(row + first, columns), place, texts, grouped is not None
                )
    return totals


def _candidates(texts: frozenset[str]) -> list[str]:
    """Texts that are a word for total, or begin or end with one."""
    together = "\n".join(texts).lower()
    stems = [stem for stem in _STEMS if stem in together]
    if not stems:
        return []  # one look at all of them is far quicker than one at each
    found = dict.fromkeys(v for stem in stems for v in texts if stem in v.lower())
    return [v for v in found if _ALONE.fullmatch(v.strip()) or _PART.fullmatch(v.strip())]


def _named_group(word: str) -> str | None:
    """`Germany` of `Germany Total`; None where the word for total stands alone."""
    if _ALONE.fullmatch(word.strip()):
        return None
    found = _PART.fullmatch(word.strip())
    return (found["before"] or found["after"]).strip() if found else None


def _is_group(name: str, texts: frozenset[str]) -> bool:
    return name in texts or _PERIOD.fullmatch(name) is not None


def _usual_texts(
    sheet: Grid, columns: Sequence[int], filled: Mask, first: int, end: int
) -> list[int]:
    """Places of columns that hold text in most rows."""
    rows = np.linspace(first, end - 1, num=min(200, end - first), dtype=int)
    places = []
    for place, column in enumerate(columns):
        known = [sheet.columns[column][r] for r in rows.tolist() if filled[r - first, place]]
        text = sum(isinstance(v, str) and not DATA_LOOK.fullmatch(v.strip()) for v in known)
        if len(known) >= _MOSTLY * len(rows) / 2 and known and text >= _MOSTLY * len(known):
            places.append(place)
    return places


def _is_total(cells: list[Any], place: int, texts: list[int], grouped: bool) -> bool:
    """No other text in the row, a number in it, and with a group's name another column of text left empty."""
    others = [c for i, c in enumerate(cells) if i != place and c is not None]
    numbers = [c for c in others if not _is_word(c)]
    words = [c for c in others if _is_word(c) and not _ALONE.fullmatch(str(c).strip())]
    if words or not numbers:
        return False
    return not grouped or any(i != place and cells[i] is None for i in texts)


def _is_word(value: Any) -> bool:
    return (
        isinstance(value, str)
        and not DATA_LOOK.fullmatch(value.strip())
        and not _COUNTED.fullmatch(value.strip())
        and value.strip() not in ("-", "–")
    )
