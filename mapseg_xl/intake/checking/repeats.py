"""Rows that are there twice: pasted blocks, the same under another id or spelled otherwise. Flags only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mapseg_xl.intake.checking.looks import Look
from mapseg_xl.intake.cleaning.cells import EMAIL_SHAPE, shown
from mapseg_xl.intake.health import blank_issue, each_record
from mapseg_xl.intake.pairing.likely import likely_duplicates
from mapseg_xl.intake.pairing.parties import Party
from mapseg_xl.intake.tables import Array, Issue, RawTable

MOST_COMPARED = 3_000
"""Names that are compared letter by letter; in longer lists only those equal but for case, points and legal form."""
_SCORE = 93.0
_MOST = 0.05  # of the rows; where more share a name, a row is no customer
_SHORTEST_BLOCK = 3  # rows
_MANY_VALUES = 0.5  # of the rows differ in some column: rows alike by chance are rare
_POINTS = str.maketrans("-_/", "   ", ".,;:'’`´&()\"!*+")
_FORMS = re.compile(
    r"(?m) (inc|incorporated|corp|corporation|ltd|limited|llc|plc|gmbh|mbh|ag|kg|se|sa|sas|sarl|srl|spa"
    r"|bv|nv|oy|ab|as|co)$"
)

_ADDRESS = re.compile(rf"\s*{EMAIL_SHAPE}\s*")

Records = NDArray[np.intp]


def repeats(
    looks: Sequence[Look], table: RawTable, name: int | None, *, one_row_each: bool
) -> tuple[Issue, ...]:
    """Pasted blocks; where a row is a customer, rows that may be the same one under two ids.

    `name`: the column of the customers' names, None without one.
    """
    issues = _pasted(looks, table)
    if not one_row_each:
        return issues
    ids = next((look for look in looks if look.role == "customer_id"), None)
    naming = [
        look
        for look in looks
        if (look.role == "email" or look.index == name) and look.cells is not None
    ]
    if ids is not None and naming:
        issues += _same_customer(ids, naming, table)
    return issues


def _hashes(looks: Sequence[Look]) -> NDArray[np.uint64]:
    """One number a row that is the same where all cells are."""
    total: NDArray[np.uint64] = np.zeros(len(looks[0].codes()), dtype=np.uint64)
    for look in looks:
        mixed = look.codes().view(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        total = (total ^ (mixed ^ (mixed >> np.uint64(29)))) * np.uint64(0xBF58476D1CE4E5B9)
    return total


def _pasted(looks: Sequence[Look], table: RawTable) -> tuple[Issue, ...]:
    """Blocks of rows equal to an earlier block, one below the other in the same order."""
    if len(looks) < 2:
        return ()
    hashes = _hashes(looks)
    codes, _ = pd.factorize(hashes)
    first = np.zeros(int(codes.max()) + 1, dtype=np.intp)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    earlier = first[codes]
    again = earlier < np.arange(len(codes))
    if np.count_nonzero(again) < _SHORTEST_BLOCK or not _tells_apart(looks, len(codes)):
        return ()
    issues: list[Issue] = []
    starts = np.flatnonzero(
        again & ~np.append(False, again[:-1] & again[1:] & (np.diff(earlier) == 1))
    )
    for start in starts.tolist():
        end = start
        while end + 1 < len(codes) and again[end + 1] and earlier[end + 1] == earlier[end] + 1:
            end += 1
        if end - start + 1 >= _SHORTEST_BLOCK:
            issues.append(_block(table, start, end, int(earlier[start]), int(earlier[end])))
    return tuple(issues)


def _tells_apart(looks: Sequence[Look], n: int) -> bool:
    return any(len(pd.unique(look.codes())) >= _MANY_VALUES * n for look in looks)


def _block(table: RawTable, start: int, end: int, first: int, last: int) -> Issue:
    rows, (left, right) = table.rows, (table.letters[0], table.letters[-1])
    text = f"rows {rows[start]} to {rows[end]} repeat rows {rows[first]} to {rows[last]} in every cell: pasted twice?"
    issue = blank_issue(
        table,
        -1,
        "warning",
        "pasted_block",
        "See what was done with the single rows. Delete the block if so",
        text,
    )
    return replace(issue, cell=f"{left}{rows[start]}:{right}{rows[end]}")


def _same_customer(ids: Look, naming: Sequence[Look], table: RawTable) -> tuple[Issue, ...]:
    """Rows of another id with the address or the name of an earlier row, or nearly so."""
    ids_known = ids.codes()
    twin: dict[int, tuple[int, str]] = {}
    for look in naming:
        for record, partner in _equal(look):
            if ids_known[record] != ids_known[partner]:
                twin.setdefault(record, (partner, "address" if look.role == "email" else "name"))
    if len(naming[0].codes()) <= MOST_COMPARED and len(twin) <= _MOST * len(table.rows):
        for record, partner, why in _alike(naming):
            if ids_known[record] != ids_known[partner]:
                twin.setdefault(record, (partner, why))
    if not twin or len(twin) > max(1.0, _MOST * len(table.rows)):
        return ()
    records = np.array(sorted(twin), dtype=np.intp)
    name = next((look for look in naming if look.role != "email"), None)

    def text(record: int) -> str:
        partner, why = twin[record]
        who = (
            f"{_said(name, record)} looks like {_said(name, partner)} of" if name else "looks like"
        )
        return f"{who} row {table.rows[partner]}, under another id ({why})"

    return _flagged(table, records, text)


def _flagged(table: RawTable, records: Records, text: Any) -> tuple[Issue, ...]:
    action = "Both are counted. Give them one id, or delete one, if they are the same"
    return each_record(
        table, -1, records, blank_issue(table, -1, "warning", "likely_duplicate", action), text
    )


def _said(look: Look | None, record: int) -> str:
    code = look.cells.codes[record] if look and look.cells else -1
    return (
        shown(look.cells.values[code])
        if look and look.cells and code >= 0
        else "a row without a name"
    )


def _equal(look: Look) -> list[tuple[int, int]]:
    """Records whose name equals an earlier one's but for case, points, spaces and legal form."""
    cells = look.cells
    if cells is None:
        return []
    keys = _keys(look, addresses=look.role == "email")
    spread = np.append(pd.factorize(np.array(keys, dtype=object))[0], -1)[cells.codes]
    spread = np.where(cells.codes < 0, -1, spread)
    if look.role == "email":  # `n.a@` under several ids is nobody's address
        whole = np.array([*map(bool, map(_ADDRESS.fullmatch, keys)), False], dtype=bool)
        spread = np.where(whole[cells.codes], spread, -1)
    held = np.flatnonzero(spread >= 0)
    again = held[pd.Series(spread[held]).duplicated().to_numpy()]
    if len(again) > _MOST * max(1, len(held)):
        return []
    wanted = set(spread[again].tolist())
    first: dict[int, int] = {}
    for record in held.tolist():
        if spread[record] in wanted:
            first.setdefault(int(spread[record]), record)
    return [(int(r), first[int(spread[r])]) for r in again.tolist()]


def _keys(look: Look, *, addresses: bool) -> list[str]:
    """Texts in a form in which spellings agree; all at once, since names rarely repeat."""
    joined = look.joined.casefold()
    if joined.count("\n") >= len(look.texts):  # line breaks in the cells
        joined = "\n".join(" ".join(t.split()) for t in look.texts).casefold()
    if not addresses:
        joined = _FORMS.sub("", joined.translate(_POINTS)).replace(" ", "")
    return [k or f"\0{i}" for i, k in enumerate(joined.split("\n"))]


def _alike(naming: Sequence[Look]) -> list[tuple[int, int, str]]:
    """Records likely to be the same, the later one first."""
    texts = {look.role == "email": _texts(look) for look in naming}
    n = len(next(iter(texts.values())))
    empty = [""] * n
    names, emails = texts.get(False, empty), texts.get(True, empty)
    held = [
        Party(str(i), name, email)
        for i, (name, email) in enumerate(zip(names, emails, strict=True))
    ]
    return [(p.right, p.left, p.why) for p in likely_duplicates(held, _SCORE)]


def _texts(look: Look) -> list[str]:
    cells = look.cells
    values: Array = np.array([*(str(v) for v in (cells.values if cells else ())), ""], dtype=object)
    return list(values[cells.codes]) if cells else []
