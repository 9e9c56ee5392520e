"""Columns of words: labels of traits, ids, and yes or no. What a word means for a segment is decided elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.intake.alignment.values import aligned
from mapseg_xl.intake.cleaning.cells import (
    Cleaned,
    Distinct,
    distinct,
    error_and_empty,
    is_error,
    mark,
    shown,
    tidy,
)
from mapseg_xl.intake.tables import Array, Issue, RawTable
from mapseg_xl.repairs import EMPTY_WORDS, SPACES

EXACT_INTEGERS = 1e15  # Excel keeps 15 digits
_LABEL_EMPTY = frozenset(["n/a", "#n/a", "null", "nan", "-", "--", "–", "—", "(blank)"])


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+\d+")
YES = _words("yes y true t 1 1.0 ja j wahr oui o vrai si sí s verdadero sim tak x ✓ ✔ ☑ on checked")
NO = _words("no n false f 0 0.0 nein falsch non faux falso nee não nao nie off unchecked ✗ ✘ ☐")
OUTCOME_WORDS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "": (frozenset(), frozenset()),
    "churned": (
        _words(
            "churned churn cancelled canceled lost left inactive closed terminated expired ended"
        )
        | {"gekündigt", "former", "former customer"},
        _words("active current retained stayed open live renewed customer aktiv")
        | {"not churned", "still here"},
    ),
    "converted": (
        _words("converted won customer paid paying subscribed activated closed-won gewonnen")
        | {"closed won"},
        _words("lost open trial lead prospect unpaid expired closed-lost verloren")
        | {"not converted", "closed lost"},
    ),
}


def labels(table: RawTable, index: int, *, ids: bool = False) -> Cleaned:
    """One column as text: an object array of str, "" where empty.

    Whole numbers lose their `.0`, dates become ISO, True `TRUE`. Outer spaces and unseen characters go.
    Spellings that differ only by case or inner spaces become the commonest one, except with `ids`, which
    keep every letter and leading zero; ids in scientific notation or beyond 15 digits are an error
    "damaged_id".
    """
    cells = distinct(table, index)
    errors = mark(cells.values, is_error)
    texts = [("" if e else _text(v)) for v, e in zip(cells.values, errors, strict=True)]
    if EMPTY_WORDS in table.wishes.repairs_off:
        texts = [
            t or tidy(v) if isinstance(v, str) else t
            for v, t in zip(cells.values, texts, strict=True)
        ]
    off = table.wishes.repairs_off
    if SPACES in off:
        texts = [
            v if isinstance(v, str) and t else t for v, t in zip(cells.values, texts, strict=True)
        ]
    issues = _errors(cells, errors) + _trimmed(cells, texts) + _empties(cells, texts, errors)
    if ids:
        issues += _damaged(cells)
    else:
        texts, more = _aligned(cells, texts)
        issues += more
    values = np.empty(len(texts), dtype=object)
    values[:] = texts
    counts = cells.counts()
    filled = int(counts.sum())
    return Cleaned(cells.spread(values, ""), issues, filled, filled - int(counts[errors].sum()))


def flags(table: RawTable, index: int, *, outcome: str = "") -> Cleaned:
    """One column as int8: 1 yes, 0 no, -1 unknown. Reads yes/no forms of several languages, 1/0, x and check marks.

    `outcome` "churned" or "converted" adds that outcome's words: "cancelled" is yes and "active" no for
    churned, "won" and "lost" for converted. Where every filled cell is a yes, an empty one is no (a note
    says so); else empty is unknown.
    """
    if table.columns[index].dtype.kind == "b":
        typed = table.columns[index].astype(np.int8)
        return Cleaned(typed, filled=len(typed), readable=len(typed))
    cells = distinct(table, index)
    errors, empty, issues = error_and_empty(cells)
    yes_words, no_words = OUTCOME_WORDS[outcome]
    forms = [tidy(_text(v)).casefold() for v in cells.values]
    yes = np.array([f in YES or f in yes_words for f in forms], dtype=bool)
    no = np.array([f in NO or f in no_words for f in forms], dtype=bool) & ~yes
    values = np.where(yes, 1, np.where(no, 0, -1)).astype(np.int8)
    unread = ~(yes | no | errors | empty)
    issues += cells.each(
        unread,
        "warning",
        "unreadable_flag",
        lambda v: f"neither yes nor no: {shown(v)}",
        "Left as unknown. Type yes or no",
    )
    only_yes = bool(yes.any()) and not (no | unread | errors).any()
    values[empty] = 0 if only_yes else -1
    spread = cells.spread(values, 0 if only_yes else -1)
    if only_yes:
        issues += _blank_is_no(cells, spread)
    counts = cells.counts()
    filled = int(counts[~empty].sum())
    return Cleaned(spread, issues, filled, int(counts[yes | no].sum()))


def _blank_is_no(cells: Distinct, values: Array) -> tuple[Issue, ...]:
    """The note that empty cells were taken for no, at the first of them."""
    blank = np.flatnonzero(values == 0)
    if not len(blank):
        return ()
    table, index = cells.table, cells.index
    return (
        Issue(
            "note",
            table.source,
            table.sheet,
            table.cell(index, int(blank[0])),
            table.headers[index],
            "every filled cell says yes",
            "Empty cells were read as no. Type no where that is meant",
            len(blank),
            "blank_is_no",
        ),
    )


def _text(value: Any) -> str:
    """A cell's value as the text of a label."""
    if isinstance(value, str):
        text = tidy(value)
        return "" if len(text) < 8 and text.casefold() in _LABEL_EMPTY else text
    if isinstance(value, (bool, np.bool_)):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    if isinstance(value, (float, np.floating)):
        return _number_text(float(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if _midnight(value) else value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, date) else str(value)


def _midnight(value: datetime) -> bool:
    return not (value.hour or value.minute or value.second or value.microsecond)


def _number_text(value: float) -> str:
    whole = value.is_integer() and abs(value) < EXACT_INTEGERS
    return str(int(value)) if whole else f"{value:.15g}"


def _errors(cells: Distinct, errors: NDArray[np.bool_]) -> tuple[Issue, ...]:
    return cells.each(
        errors,
        "warning",
        "excel_error",
        lambda v: f"Excel error {str(v).strip()}",
        "Left out, as if empty. Correct the formula",
    )


def _trimmed(cells: Distinct, texts: list[str]) -> tuple[Issue, ...]:
    changed = np.array(
        [
            isinstance(v, str) and t != "" and v != t
            for v, t in zip(cells.values, texts, strict=True)
        ],
        dtype=bool,
    )
    return cells.counted(
        changed,
        "warning",
        "spaces_removed",
        "outer spaces, no-break spaces or characters nobody sees",
        "Read without them",
        texts,
    )


def _empties(cells: Distinct, texts: list[str], errors: NDArray[np.bool_]) -> tuple[Issue, ...]:
    """Words that stand for an empty cell."""
    empty = np.array([not t for t in texts], dtype=bool) & ~errors
    what = "text that stands for an empty cell"
    return cells.counted(empty, "note", "empty_word", what, "Read as empty", texts)


def _damaged(cells: Distinct) -> tuple[Issue, ...]:
    damaged = mark(
        cells.values,
        lambda v: (
            bool(_SCIENTIFIC.fullmatch(tidy(v)))
            if isinstance(v, str)
            else isinstance(v, (float, int)) and abs(v) >= EXACT_INTEGERS
        ),
    )
    return cells.counted(
        damaged,
        "error",
        "damaged_id",
        "ids that Excel shortened to scientific notation or to 15 digits; the true ones are lost",
        "Export the ids again with the column formatted as text",
    )


def _aligned(cells: Distinct, texts: list[str]) -> tuple[list[str], tuple[Issue, ...]]:
    """Texts as a mapping, their spelling and known names have them read, and what to say about each."""
    wishes, header = cells.table.wishes, cells.table.headers[cells.index]
    counts: dict[str, int] = {}
    for text, count in zip(texts, cells.counts().tolist(), strict=True):
        counts[text] = counts.get(text, 0) + count
    found = aligned(header, counts, wishes.repairs_off, wishes.mapping_of(header))
    issues: tuple[Issue, ...] = ()
    for step, kind, what, action in (
        (found.mapped, "mapped_value", "the mapping says {}", "Read as the mapping says"),
        (
            found.spelled,
            "spelling_variants",
            "other spellings of {}",
            "Read as the commonest spelling",
        ),
        (found.known, "known_name", "other names of {}", "Read as the commonest name"),
    ):
        after = [step.get(t, t) for t in texts]
        issues += _changed(cells, (texts, after), kind, what, action)
        texts = after
    typos = [found.typos.get(t, t) for t in texts]
    if wishes.merge_typos:
        more = _changed(
            cells, (texts, typos), "likely_typo", "likely slips of {}", "Read as the common value"
        )
        return typos, issues + more
    action = "Kept as a value of its own. Correct the cell, or say so on a mapping sheet"
    return texts, issues + _changed(
        cells, (texts, typos), "likely_typo", "maybe a slip of {}", action
    )


def _changed(
    cells: Distinct, before_after: tuple[list[str], list[str]], kind: str, what: str, action: str
) -> tuple[Issue, ...]:
    before, after = before_after
    changed = np.array([a != b for a, b in zip(before, after, strict=True)], dtype=bool)
    if not changed.any():
        return ()
    kept = list(dict.fromkeys(b for a, b in zip(before, after, strict=True) if a != b))
    shown_kept = ", ".join(shown(k) for k in kept[:3]) + (" and others" if len(kept) > 3 else "")
    severity = "note" if kind == "mapped_value" else "warning"
    return cells.counted(changed, severity, kind, what.format(shown_kept), action, after)
