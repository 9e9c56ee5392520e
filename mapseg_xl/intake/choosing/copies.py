"""Sheets that are there twice: last month's copy, a backup, an extract. Which one counts, or that nobody can tell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mapseg_xl.errors import UnclearSheets
from mapseg_xl.intake.columns.classify import Classified, Kind, order_column
from mapseg_xl.intake.columns.key_columns import Keyed
from mapseg_xl.intake.columns.profiles import shown
from mapseg_xl.intake.columns.role_words import header_words, word_set
from mapseg_xl.intake.joining.overlaps import table_name
from mapseg_xl.intake.tables import RawTable, plain

ALIKE = 0.8
"""Two tables that share this part of their headers are the same kind of list."""
SAME_CELLS = 0.5
"""Share of the cells in rows of one name that must agree: two lists that say other things are no copies."""
SAME_ROWS = 0.5
"""Share of the smaller list's rows that the other has too, from which on one is a copy."""
CONTAINED = 0.95
"""Share of a list's rows that another must have for the first to be an extract of it."""

_OLD = word_set(
    "old older backup bak archive archived archiv archiviert previous prev deprecated outdated obsolete legacy alt alte"
    " alter sicherung veraltet ancien ancienne archives sauvegarde viejo antiguo antigua respaldo archivo anterior oud"
    " oude archief vorig vorige snapshot"
)
_COPIED = word_set("copy copie copia kopie kopia duplicate dup duplikat tmp temp")
_NEW = word_set("new neu neue latest current aktuell final nouveau nuevo actual nieuw live master")
_OF = word_set("of de von van del di the")
_MONTHS = word_set(
    "jan january januar janvier enero feb february februar fevrier febrero mar march marz mars marzo apr april avril"
    " abril may mai mayo jun june juni juin junio jul july juli juillet julio aug august aout agosto sep sept september"
    " septembre septiembre oct october okt oktober octobre octubre nov november novembre noviembre dec december dez"
    " dezember decembre diciembre"
)
_COMPARED = 500  # rows looked at, to see whether two lists agree
_NUMBERED = re.compile(r"\((\d+)\)\s*$")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_VERSION = re.compile(r"(?<![a-z])v(\d+)\b", re.IGNORECASE)
_DAYS_LATER = np.timedelta64(1, "D")


@dataclass(frozen=True, slots=True, eq=False)
class Copy:
    """A table that is left because another says the same, and why, as a clause."""

    table: Classified
    of: Classified
    why: str


def without_copies(
    tables: Sequence[Classified], keys: Mapping[int, Keyed]
) -> tuple[list[Classified], list[Copy]]:
    """The tables that count, and the copies that were left.

    Two lists of the same headers and rows of which neither name nor content tells the current one stop the run
    (UnclearSheets), but for lists of customers: which of them is meant is asked where the customers are chosen.
    `keys`: by `id()` of the raw table.
    """
    kept: list[Classified] = []
    copies: list[Copy] = []
    for table in tables:
        rival = next((k for k in kept if _is_copy(table, k, keys)), None)
        if rival is None:
            kept.append(table)
            continue
        told = _older(rival, table, keys)
        if told is None:
            kept.append(table)
            continue
        older, newer, why = told
        copies.append(Copy(older, newer, why))
        if older is rival:
            kept[kept.index(rival)] = table
            copies = [Copy(c.table, newer, c.why) if c.of is rival else c for c in copies]
    return kept, copies


def _is_copy(a: Classified, b: Classified, keys: Mapping[int, Keyed]) -> bool:
    """Whether two tables have the same columns and most rows of the smaller one stand in the other."""
    ours, theirs = ({plain(h) for h in t.table.headers} for t in (a, b))
    both = len(ours & theirs)
    named = _stem(a.table.sheet) == _stem(b.table.sheet) != ""
    least = (min if named else max)(len(ours), len(theirs))
    if a.kind is not b.kind or both < 2 or both < ALIKE * least:
        return False
    if a.kind in (Kind.PIVOT, Kind.COHORTS, Kind.OTHER):
        return False  # nothing of them is counted twice
    return _shared(a, b, keys)[0] >= SAME_ROWS and _agree(a, b, keys)


def _stem(name: str) -> str:
    """The sheet's name without what tells copies and days apart: `CRM (old)` and `Copy of CRM May 2023` are `crm`."""
    bare = _VERSION.sub(" ", _YEAR.sub(" ", _NUMBERED.sub("", name)))
    words = _words(bare)
    return "".join(w for w in words if w not in _OLD | _COPIED | _NEW | _OF | _MONTHS)


def _words(name: str) -> tuple[str, ...]:
    """Words of a sheet's name, those in brackets too: `CRM (old)` is old."""
    return header_words(name.replace("_", " ").replace("(", " ").replace(")", " "))


def _agree(a: Classified, b: Classified, keys: Mapping[int, Keyed]) -> bool:
    """Whether rows of the same name say the same in most of their cells."""
    ours, theirs = _lines(a, keys), _lines(b, keys)
    if ours is None or theirs is None:
        return True  # the rows were compared whole
    columns = [plain(h) for h in a.table.headers], [plain(h) for h in b.table.headers]
    pairs = [(i, columns[1].index(h)) for i, h in enumerate(columns[0]) if h in columns[1]]
    names = sorted(ours.keys() & theirs.keys())[:_COMPARED]
    cells = [
        shown(a.table.columns[i][ours[n]]) == shown(b.table.columns[j][theirs[n]])
        for n in names
        for i, j in pairs
        if i != a.keys[0].index
    ]
    return not cells or sum(cells) >= SAME_CELLS * len(cells)


def _lines(table: Classified, keys: Mapping[int, Keyed]) -> dict[str, int] | None:
    """The first record of each name, for a list of customers."""
    if table.kind is not Kind.CUSTOMERS or not table.keys:
        return None
    texts = keys[id(table.table)].texts[table.keys[0].index].tolist()
    return {text: record for record, text in reversed(list(enumerate(texts))) if text}


def _shared(a: Classified, b: Classified, keys: Mapping[int, Keyed]) -> tuple[float, int, int]:
    """Share of the smaller list's rows that both have, and how many different ones each has."""
    ours, theirs = _names(a, b, keys)
    both = len(ours & theirs)
    return both / max(1, min(len(ours), len(theirs))), len(ours), len(theirs)


def _names(
    a: Classified, b: Classified, keys: Mapping[int, Keyed]
) -> tuple[frozenset[str], frozenset[str]]:
    """What names the rows of two tables: a key that both have, else order numbers, else all cells that both have."""
    if a.kind is Kind.MARKET:
        return _texts(a.table, 0), _texts(b.table, 0)
    if a.kind is Kind.TRANSACTIONS:
        orders = [order_column(t.table) for t in (a, b)]
        if None not in orders:
            return _texts(a.table, orders[0]), _texts(b.table, orders[1])
        return _rows(a.table, b.table), _rows(b.table, a.table)
    for key in a.keys:
        header = plain(a.table.headers[key.index])
        other = next((k for k in b.keys if plain(b.table.headers[k.index]) == header), None)
        if other is not None and key.strict:
            return (
                frozenset(keys[id(a.table)].texts[key.index].tolist()) - {""},
                frozenset(keys[id(b.table)].texts[other.index].tolist()) - {""},
            )
    return _rows(a.table, b.table), _rows(b.table, a.table)


def _texts(table: RawTable, index: int | None) -> frozenset[str]:
    assert index is not None  # noqa: S101  # told by the caller
    return frozenset(shown(v) for v in table.columns[index].tolist() if v is not None)


def _rows(table: RawTable, other: RawTable) -> frozenset[str]:
    """Each row's cells under the headers that both tables have, as one text."""
    known = {plain(h) for h in other.headers}
    columns = [c for h, c in zip(table.headers, table.columns, strict=True) if plain(h) in known]
    lines = zip(*(c.tolist() for c in columns), strict=True)
    return frozenset("\x1f".join("" if v is None else shown(v) for v in line) for line in lines)


def _older(
    first: Classified, second: Classified, keys: Mapping[int, Keyed]
) -> tuple[Classified, Classified, str] | None:
    """Which of two is the copy that is left, which counts, and why. Names that say so first, then what they hold.

    None where nothing tells, of two lists of customers.
    """
    share, n_first, n_second = _shared(first, second, keys)
    pair = (first, second)
    marks = [_mark(t.table.sheet) for t in pair]
    newer = _by_content(pair, share, (n_first, n_second))
    if marks[0].strong != marks[1].strong:
        at = int(marks[1].strong < marks[0].strong)
        if newer is None or newer == 1 - at or not _is_later(pair[at], pair[1 - at]):
            return pair[at], pair[1 - at], _why(pair[at], pair[1 - at], "its name says so")
    if newer is not None:
        left = 1 - newer
        return pair[left], pair[newer], _why(pair[left], pair[newer], _content(pair, newer, share))
    if marks[0].weak != marks[1].weak:
        at = int(marks[1].weak < marks[0].weak)
        return pair[at], pair[1 - at], _why(pair[at], pair[1 - at], "its name says so")
    if first.kind is Kind.CUSTOMERS:
        return None
    if _rows(first.table, second.table) == _rows(second.table, first.table):
        return second, first, _why(second, first, "both say the same in every row")
    raise UnclearSheets(_question(pair), tuple(t.table.sheet for t in pair))


@dataclass(frozen=True, slots=True)
class _Mark:
    """How current a sheet's name says it is: higher is newer. `weak`: copies, numbers, words such as final."""

    strong: float
    weak: float


def _mark(name: str) -> _Mark:
    words = set(_words(name))
    year = _YEAR.search(name)
    strong = -1e6 if words & _OLD else float(int(year[1]) - 3000) if year else 0.0
    version = _VERSION.search(name)
    numbered = _NUMBERED.search(name) is not None or bool(words & _COPIED)
    weak = (float(version[1]) if version else 0.0) + bool(words & _NEW) - numbered
    return _Mark(strong, weak)


def _by_content(
    pair: tuple[Classified, Classified], share: float, sizes: tuple[int, int]
) -> int | None:
    """The place of the list that holds more and is no older; None where that is not plain."""
    later = [_is_later(pair[i], pair[1 - i]) for i in (0, 1)]
    if sizes[0] == sizes[1]:
        return later.index(True) if any(later) and share >= CONTAINED else None
    larger = int(sizes[1] > sizes[0])
    return larger if share >= CONTAINED and not later[1 - larger] else None


def _is_later(table: Classified, other: Classified) -> bool:
    """Whether the table's last day is after the other's."""
    ours, theirs = _last_day(table), _last_day(other)
    return ours is not None and theirs is not None and bool(ours - theirs >= _DAYS_LATER)


def _last_day(table: Classified) -> np.datetime64 | None:
    """The last day in any column of dates."""
    days = []
    for i, seen in enumerate(table.found.profiles):
        if seen.dates < 0.6:
            continue
        held = pd.to_datetime(
            pd.Series(table.table.columns[i]).map(lambda v: None if isinstance(v, str) else v),
            errors="coerce",
        ).max()
        if not pd.isna(held):
            days.append(np.datetime64(held, "D"))
    return max(days, default=None)


def _content(pair: tuple[Classified, Classified], newer: int, share: float) -> str:
    if share >= 1:
        return f"all its rows stand in '{pair[newer].table.sheet}' too"
    return f"{share:.0%} of its rows stand in '{pair[newer].table.sheet}' too, which holds more"


def _why(copy: Classified, of: Classified, reason: str) -> str:
    """`an older copy of 'CRM' (its name says so)`."""
    return f"it is an older copy or an extract of '{of.table.sheet}' ({reason})"


def _question(pair: tuple[Classified, Classified]) -> str:
    tables = [t.table for t in pair]
    first, second = (table_name(t, tables) for t in tables)
    sources = ", ".join(dict.fromkeys(t.source for t in tables))
    return (
        f"{sources}: the sheets '{first}' and '{second}' hold the same list twice, and nothing tells which is the "
        f'current one. Name the sheets to read with --sheet, e.g. --sheet "{first}", or put "old" into the name of the '
        "other."
    )
