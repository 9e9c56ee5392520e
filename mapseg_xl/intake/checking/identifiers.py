"""Ids and addresses: lost zeros, cut digits, other forms, domains that are nobody's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.intake.checking.looks import Look
from mapseg_xl.intake.cleaning.cells import EMAIL_SHAPE, Distinct, mark, shown, tidy
from mapseg_xl.intake.health import gathered
from mapseg_xl.intake.pairing.addresses import is_free_mail
from mapseg_xl.intake.tables import Issue

_NUMBERED = re.compile(r"(\D*?)(\d+)")
_LEADING_ZERO = re.compile(r"(?m)^\D*0\d")
_SHAPES = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ123456789", "A" * 52 + "0" * 9
)
_RUNS = re.compile(r"([A0])\1+")
_USUAL = 0.97  # of the ids that are written alike, so that another form is a slip
_FEWEST = 20  # ids that say what is usual
_EXCEL_DIGITS = 15
_FEW_OF_A_TYPE = 0.1  # of the ids; more of them are no slips
_FREE_SHARE = 0.5  # of the addresses; where more are private, customers are people


def identifiers(look: Look) -> tuple[Issue, ...]:
    """What is odd about the ids or the addresses of a column."""
    if look.sort == "email" and look.cells is not None:
        return _emails(look, look.cells) + _free_mail(look, look.cells)
    if look.sort != "id" or look.cells is None:
        return ()
    return (
        _lost_zeros(look, look.cells)
        + _numbers_among_texts(look, look.cells)
        + _cut_digits(look, look.cells)
        + _other_forms(look, look.cells)
    )


def _emails(look: Look, cells: Distinct) -> tuple[Issue, ...]:
    """Addresses that are none, in columns that play no role: those of the customers are checked where they are read."""
    if look.role == "email":
        return ()
    shaped = re.compile(EMAIL_SHAPE)
    where = np.array([bool(t) and not shaped.fullmatch(tidy(t)) for t in look.texts], dtype=bool)
    issue = look.issue("note", "malformed_email", "Kept as it is. Correct the address")
    found = gathered(
        look.table, look.index, cells.records(where), issue, "not an e-mail address", lambda _: ""
    )
    return tuple(_without_values(i) for i in found)


def _without_values(issue: Issue) -> Issue:
    """The address itself is personal, and Data health may be passed on."""
    spots = tuple(replace(s, issue="not an e-mail address", before="") for s in issue.spots)
    return replace(
        issue,
        issue=f"{issue.count:,} cells are no e-mail address"
        if issue.count > 1
        else "not an e-mail address",
        spots=spots,
    )


def _free_mail(look: Look, cells: Distinct) -> tuple[Issue, ...]:
    """How many addresses are private ones, where most are companies'."""
    domains = [t.rpartition("@")[2].strip().casefold() for t in look.texts]
    private = {d for d, n in Counter(domains).items() if n > 1 and is_free_mail(d)}
    free = np.array([d in private for d in domains], dtype=bool)
    records = cells.records(free)
    filled = int((cells.codes >= 0).sum())
    if not 0 < len(records) < _FREE_SHARE * filled:
        return ()
    text = f"{len(records):,} of {filled:,} addresses are private ones, such as gmail.com"
    action = "Counted like everybody else. Their domain names no company"
    return (replace(look.issue("note", "free_mail", action, text), count=len(records)),)


def _lost_zeros(look: Look, cells: Distinct) -> tuple[Issue, ...]:
    """Ids shorter than others that begin with zeros: `123` beside `00123`."""
    texts, joined = _as_texts(look, cells)
    if len(set(joined.translate(_SHAPES).split("\n"))) < 2 or not _LEADING_ZERO.search(joined):
        return ()
    forms = [_NUMBERED.fullmatch(t) for t in texts]
    lengths: Counter[tuple[str, int]] = Counter()
    zeros: set[tuple[str, int]] = set()
    for form in forms:
        if form:
            key = (form[1], len(form[2]))
            lengths[key] += 1
            if form[2][0] == "0" and len(form[2]) > 1:
                zeros.add(key)
    usual = {
        prefix: length
        for prefix, length in zeros
        if lengths[prefix, length] >= 0.5 * sum(n for (p, _), n in lengths.items() if p == prefix)
    }
    if not usual:
        return ()
    short = [bool(f) and len(f[2]) < usual.get(f[1], 0) for f in forms]  # type: ignore[index]
    fixed = {
        i: f[1] + f[2].zfill(usual[f[1]])
        for i, (f, s) in enumerate(zip(forms, short, strict=True))
        if s and f
    }
    issue = look.issue(
        "warning",
        "lost_zeros",
        "Kept as it is. Export the ids again with the column formatted as text",
    )
    where = np.array(short, dtype=bool)
    return gathered(
        look.table,
        look.index,
        cells.records(where),
        issue,
        "an id that seems to have lost its leading zeros",
        cells.cell_text,
        lambda r: f"maybe '{fixed[int(cells.codes[r])]}'",
    )


def _numbers_among_texts(look: Look, cells: Distinct) -> tuple[Issue, ...]:
    """Ids of digits of which a few are stored as numbers and the others as text, or the other way round."""
    if look.all_texts or look.from_text_file:
        return ()
    number = mark(cells.values, lambda v: isinstance(v, (int, float)) and not isinstance(v, bool))
    digits = mark(cells.values, lambda v: isinstance(v, str) and v.strip().isdigit())
    numbers, texts = cells.records(number), cells.records(digits)
    few, what = min(
        (numbers, "an id stored as a number among ids stored as text"),
        (texts, "an id stored as text among ids stored as numbers"),
        key=lambda pair: len(pair[0]),
    )
    if not 0 < len(few) <= _FEW_OF_A_TYPE * (len(numbers) + len(texts)):
        return ()
    issue = look.issue(
        "note", "mixed_id_types", "Read as the same kind of id. Store the column in one way"
    )
    return gathered(look.table, look.index, few, issue, what, cells.cell_text)


def _cut_digits(look: Look, cells: Distinct) -> tuple[Issue, ...]:
    """Numbers of more than 15 digits that end in as many zeros as Excel cannot keep."""
    texts, _ = _as_texts(look, cells)
    if max(map(len, texts), default=0) <= _EXCEL_DIGITS:
        return ()
    long = [len(t) > _EXCEL_DIGITS and t.isdigit() for t in texts]
    if not any(long):
        return ()
    cut = np.array(
        [
            is_long and set(t[_EXCEL_DIGITS:]) == {"0"}
            for t, is_long in zip(texts, long, strict=True)
        ],
        dtype=bool,
    )
    if cut.sum() < max(2, 0.2 * sum(long)) and not any(
        t.endswith("000") for t, c in zip(texts, cut, strict=True) if c
    ):
        return ()
    issue = look.issue(
        "warning", "cut_id", "Kept as it is. Export the ids again with the column formatted as text"
    )
    return gathered(
        look.table,
        look.index,
        cells.records(cut),
        issue,
        "an id whose last digits Excel made zeros",
        cells.cell_text,
    )


def _other_forms(look: Look, cells: Distinct) -> tuple[Issue, ...]:
    """Ids not written like nearly all others: `ACME` among `C-1001`."""
    _, joined = _as_texts(look, cells)
    if len(cells.values) < _FEWEST or not joined.isascii():
        return ()
    signs = joined.translate(_SHAPES).split("\n")
    short = {sign: _RUNS.sub(r"\1", sign) for sign in set(signs)}  # `C-1001` is `A-0`
    shapes = [short[sign] for sign in signs]
    if len(shapes) != len(cells.values):
        return ()
    counts = Counter(shapes)
    usual, n = counts.most_common(1)[0]
    if n < _USUAL * len(shapes) or n == len(shapes):
        return ()
    odd: NDArray[np.bool_] = np.array([s != usual and s != "" for s in shapes], dtype=bool)
    example = next(v for v, s in zip(cells.values, shapes, strict=True) if s == usual)
    issue = look.issue("note", "odd_id", "Kept as it is. Correct the id if it is a slip")
    what = f"an id not written like the others, such as {shown(example)}"
    return gathered(look.table, look.index, cells.records(odd), issue, what, cells.cell_text)


def _as_texts(look: Look, cells: Distinct) -> tuple[Sequence[str], str]:
    """The ids as texts, and all of them a line each."""
    if look.all_texts:
        return look.texts, look.joined
    texts = [_plain(v) for v in cells.values]
    return texts, "\n".join(texts)


def _plain(value: object) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e18:
        return str(int(value))
    return str(value).strip()
