"""How the columns were read: the unsure ones as questions, the others as a list; and how answers are read back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from mapseg_xl.errors import BadCells
from mapseg_xl.intake.columns.roles import SAID
from mapseg_xl.intake.tables import RoleGuess
from mapseg_xl.report import words
from mapseg_xl.report.identity import Previous
from mapseg_xl.report.parts.home.column_words import (
    CHOICES,
    IGNORE,
    ROLE_OF,
    TRAIT,
    plain_words,
)
from mapseg_xl.report.parts.names import SETTINGS
from mapseg_xl.report.spec import Cell, Column, Content, Input, Row, Section, Table, Text

COLUMNS = "columns"  # the table
TAKE = "take"  # its yellow column
_SAMPLES, _LONGEST_SAMPLE, _LONGEST_HEADER = 3, 11, 34
_ASKED, _SURE = "asked", "sure"  # keys of the small heads inside the table
_MESSAGE = "What this column is for. Empty: as it was read."

Maps = dict[str, str | tuple[str, ...]]


def typed_maps_of(earlier: Previous | None) -> Maps:
    """What the Settings tab of an earlier workbook says columns are for, as `--map` takes it.

    A word that is no choice, or one use given to two columns, is a BadCells that names the cells.
    """
    if earlier is None:
        return {}
    answers = {
        key[2]: (str(value).strip(), earlier.cell(key))
        for key, value in earlier.edits.items()
        if key[0] == SETTINGS and key[1] == COLUMNS and key[3] == TAKE and str(value or "").strip()
    }
    wrong = _unknown(answers) or _given_twice(answers)
    if wrong:
        raise BadCells(" ".join(wrong.values()), tuple(wrong))
    names = _headers(key[2] for key in earlier.typed if key[:2] == (SETTINGS, COLUMNS))
    maps: Maps = {}
    for row, (text, _) in answers.items():
        role, header = ROLE_OF[text], names.get(row, row)
        before = maps.get(role, ())
        several = role in (TRAIT, IGNORE)
        maps[role] = (*before, header) if several else header
    return maps


def _unknown(answers: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    return {
        cell: f"{cell}: '{text}' is nothing a column can be for. Choose from the list, or empty it."
        for text, cell in answers.values()
        if text not in ROLE_OF
    }


def _given_twice(answers: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """One use for several columns: only traits and what is left out may be many."""
    cells: dict[str, list[str]] = {}
    for text, cell in answers.values():
        if ROLE_OF[text] not in (TRAIT, IGNORE):
            cells.setdefault(text, []).append(cell)
    return {
        where[
            0
        ]: f"{' and '.join(where)} both say '{text}'. Only one column can be that: empty one."
        for text, where in cells.items()
        if len(where) > 1
    }


def _headers(rows: Iterable[str]) -> dict[str, str]:
    """Row key -> the column as `--map` names it: with its sheet where several sheets have such a column."""
    known = {row: row.partition("!")[2] for row in rows}
    times = Counter(header.casefold() for header in known.values())
    return {row: row if times[header.casefold()] > 1 else header for row, header in known.items()}


def columns_section(guesses: Sequence[RoleGuess]) -> Section:
    """The unsure columns and those people spoke about first, each with its samples and a yellow cell."""
    asked = [guess for guess in guesses if is_asked(guess)]
    sure = [guess for guess in guesses if not is_asked(guess)]
    columns = (
        Column("column", "Column", 0, "label"),
        Column("sheet", "On sheet", 1, "text"),
        Column("samples", "In it, for example", 3, "text"),
        Column("now", "Read as", 6, "text"),
        Column(TAKE, "Take it for", 9, "text"),
    )
    rows: list[Row] = []
    if asked:
        rows.append(_head(_ASKED, "Please look at these: another reading is possible."))
        rows += [line for guess in asked for line in _asked(guess)]
    if sure:
        why = "Read without doubt. Change one only where it is wrong."
        rows.append(_head(_SURE, why))
        rows += [_row(guess, "muted") for guess in sure]
    table = Table(COLUMNS, columns, tuple(rows))
    help_text = "yellow = yours to change · empty = as it was read"
    return Section("How columns were read", (table,), help_text)


def no_columns_section() -> Section:
    """The place of that table before any data was read."""
    said = "Press Confirm columns. Each column of your data is listed here, with what it was taken for."
    return Section("How columns were read", (Text((said,)),))


def is_asked(guess: RoleGuess) -> bool:
    """Whether a reading is a question, or people's own answer to one. A trait is only described otherwise."""
    return guess.why == SAID or (not guess.sure and guess.role not in ("trait", "ignored"))


def row_key(guess: RoleGuess) -> str:
    """The row of a column: its sheet and header."""
    return f"{guess.sheet}!{guess.header}"


def _row(guess: RoleGuess, look: str = "body") -> Row:
    cells: dict[str, Content | Cell] = {
        "column": words.short(guess.header, _LONGEST_HEADER),
        "sheet": words.short(f"{guess.sheet}, column {guess.letter}", _LONGEST_HEADER),
        "samples": Cell(samples(guess), "note"),
        "now": _now(guess),
        TAKE: Input(None, "choice", _MESSAGE, choices=CHOICES),
    }
    return Row(row_key(guess), cells, look)


def _asked(guess: RoleGuess) -> list[Row]:
    """A question, and below it why it is one."""
    why = "you said so" if guess.why == SAID else guess.why
    return [
        _row(guess),
        Row(f"{row_key(guess)} why", {"column": words.sentence_case(f"{why}.")}, "sub"),
    ]


def samples(guess: RoleGuess) -> str:
    """Three values of the column."""
    held = [words.short(s, _LONGEST_SAMPLE) for s in guess.samples[:_SAMPLES]]
    return " · ".join(held) if held else "nothing"


def _head(key: str, text: str) -> Row:
    return Row(key, {"column": Cell(text, "bold")}, "sub")


def _now(guess: RoleGuess) -> str:
    if guess.role == "ignored" and guess.why:  # a key, notes, what is no figure and no trait
        return f"Left out: {guess.why}"
    said = plain_words(guess.role)
    return f"Describes them ({guess.family})" if guess.role == "trait" and guess.family else said
