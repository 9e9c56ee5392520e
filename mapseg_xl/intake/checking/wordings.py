"""Cells of words: broken letters, line breaks, words that stand for nothing, numbers and dates among words."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.intake.checking.looks import Look
from mapseg_xl.intake.cleaning.cells import Distinct, as_read, mark, shown, tidy
from mapseg_xl.intake.health import gathered
from mapseg_xl.intake.tables import Issue

_MONTH = r"(jan|feb|mar|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])"


def key_words(text: str) -> frozenset[str]:
    """Words and phrases between semicolons."""
    return frozenset(part.strip() for part in text.split(";"))


_BROKEN = re.compile(
    "Ã[\u0080-\u00bf\u0152-\u203a\u20ac\u2122€]|Â[\u00a0-\u00bf]|â€|Ð[\u0080-\u00bf]|ï»¿|ðŸ|\ufffd|&(amp|lt|gt|quot|nbsp|#\\d+);"
)
_BREAKS = ("\r", "\v", "\u2028")  # beside the usual one
_PLACEHOLDERS = key_words(
    "test; tests; ?; xxx; xxxx; xx; tbd; t.b.d.; tba; todo; unknown; unbekannt; inconnu; desconocido; asdf; asdfg;"
    "qwerty; foo; bar; foobar; dummy; sample; lorem; undefined; unassigned; placeholder; ???; ??; ...; nn; n.n.; -1; #;"
    "not set; not available; no data; to be defined; to be determined; not known; do not use; keine angabe;"
    "not specified"
)
_ANY_PLACEHOLDER = re.compile(
    rf"(?mi)^\s*(?:{'|'.join(re.escape(p) for p in sorted(_PLACEHOLDERS))})\s*$"
)
_USUAL_SHARE = 0.05  # from here on a word such as unknown is an answer, not a slip
_STRANGE_SHARE = 0.05  # numbers among words: more of them are what the column holds
_LONG = 40.0  # letters of notes, in which line breaks are no fault
_DAY_MONTH = re.compile(rf"\d{{1,2}}[-. /]?{_MONTH}\.?|{_MONTH}[-. /]\d{{1,4}}", re.IGNORECASE)
_ANY_DAY_MONTH = re.compile(rf"(?mi)^\s*(?:{_DAY_MONTH.pattern})\s*$")


def wordings(look: Look) -> tuple[Issue, ...]:
    """What is odd in the words of a column."""
    if look.cells is None:
        return ()
    issues = _broken(look, look.cells) + _line_breaks(look, look.cells)
    if look.sort in ("label", "name", "id", "flag"):
        issues += _placeholders(look, look.cells)
    if look.sort in ("label", "id", "name"):
        issues += _turned_into_dates(look, look.cells)
    if look.sort == "label":
        issues += _numbers_among_words(look, look.cells)
    return issues


def _found(
    look: Look,
    cells: Distinct,
    where: NDArray[np.bool_],
    issue: Issue,
    what: str,
    after: Callable[[Any], str] | None = None,
) -> tuple[Issue, ...]:
    """One issue for the cells of the marked values."""
    read = (lambda r: after(cells.values[cells.codes[r]])) if after else None
    return gathered(
        look.table, look.index, cells.records(where), issue, what, cells.cell_text, read
    )


def _broken(look: Look, cells: Distinct) -> tuple[Issue, ...]:
    suspect = not look.joined.isascii() or "&" in look.joined
    if not suspect or not _BROKEN.search(look.joined):
        return ()
    where = np.array([bool(_BROKEN.search(t)) for t in look.texts], dtype=bool)
    issue = look.issue(
        "warning", "broken_letters", "Kept as it is. Export again as UTF-8, or correct the cell"
    )
    return _found(look, cells, where, issue, "letters were broken by an export", _repaired)


def _repaired(value: str) -> str:
    """What the text was before it was read in the wrong encoding, as a proposal; "" where that cannot be told.

    >>> _repaired("MÃ¼ller")
    "'Müller'"
    """
    try:
        return shown(value.encode("cp1252").decode("utf-8"))
    except (UnicodeEncodeError, UnicodeDecodeError):
        return ""


def _line_breaks(look: Look, cells: Distinct) -> tuple[Issue, ...]:
    lines = look.joined.count("\n") >= len(look.texts)
    if look.seen.mean_length > _LONG or not (lines or any(b in look.joined for b in _BREAKS)):
        return ()
    where = np.array(
        [any(b in t.strip() for b in ("\n", *_BREAKS)) for t in look.texts], dtype=bool
    )
    issue = look.issue("note", "line_break", "Read with a space instead")
    return _found(look, cells, where, issue, "a line break in the cell", lambda v: as_read(tidy(v)))


def _placeholders(look: Look, cells: Distinct) -> tuple[Issue, ...]:
    if not _ANY_PLACEHOLDER.search(look.joined):
        return ()
    where = mark(cells.values, _is_placeholder)
    if not where.any():
        return ()
    count = len(cells.records(where))
    share = count / max(1, int((cells.codes >= 0).sum()))
    action = "Kept as a value. Empty the cells if nothing is meant"
    issue = look.issue("note", "placeholder", action)
    if share > _USUAL_SHARE and look.sort in ("label", "flag"):
        words = ", ".join(shown(v) for v, w in zip(cells.values, where, strict=True) if w)
        return (look.issue("note", "placeholder", action, f"{words} in {share:.0%} of the cells"),)
    return _found(look, cells, where, issue, "a word that stands for nothing")


def _is_placeholder(value: Any) -> bool:
    return isinstance(value, str) and len(value) < 24 and tidy(value).casefold() in _PLACEHOLDERS


def _turned_into_dates(look: Look, cells: Distinct) -> tuple[Issue, ...]:
    """Dates among words and ids: a spreadsheet makes 3-Mar of 3-3, and 10-Jan of the size band 1-10."""
    if look.all_texts and not _ANY_DAY_MONTH.search(look.joined):
        return ()
    where = mark(cells.values, _is_day)
    if not where.any() or where.all():
        return ()
    if len(cells.records(where)) > _STRANGE_SHARE * 4 * len(cells.codes):
        return ()
    issue = look.issue(
        "warning",
        "turned_into_date",
        "Kept as a value of its own. Type it again in a column formatted as text",
    )
    return _found(
        look,
        cells,
        where,
        issue,
        "a date among other values; Excel may have made it of one",
        _band_of,
    )


def _is_day(value: Any) -> bool:
    return isinstance(value, date) or (
        isinstance(value, str) and len(value) < 12 and bool(_DAY_MONTH.fullmatch(value.strip()))
    )


def _band_of(value: Any) -> str:
    """The band a date was made of, as a proposal."""
    return f"maybe '{value.month}-{value.day}'" if isinstance(value, date) else ""


def _numbers_among_words(look: Look, cells: Distinct) -> tuple[Issue, ...]:
    numbers = mark(cells.values, _is_number)
    count = len(cells.records(numbers))
    filled = int((cells.codes >= 0).sum())
    if not count or count > _STRANGE_SHARE * filled or look.seen.texts < 1 - 2 * _STRANGE_SHARE:
        return ()
    issue = look.issue(
        "warning", "number_among_words", "Kept as a value of its own. Correct the cell"
    )
    return _found(look, cells, numbers, issue, "a number in a column of words")


def _is_number(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, int | float) or (
        isinstance(value, str) and value.strip().replace(".", "", 1).isdigit()
    )
