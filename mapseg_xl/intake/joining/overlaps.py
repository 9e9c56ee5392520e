"""Where several tables say the same of the customers: which column plays a role, and where they disagree."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.intake.columns.profiles import shown
from mapseg_xl.intake.columns.readings import Reading
from mapseg_xl.intake.columns.roles import ALSO_TRAITS
from mapseg_xl.intake.health import DONE_WITHOUT, Places
from mapseg_xl.intake.pairing.addresses import domain_of, email_of
from mapseg_xl.intake.pairing.names import name_of
from mapseg_xl.intake.tables import Array, Conflict, Issue, RawTable

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class MergedRoles:
    """Each role's column, where it was read, and whom its table has a row of (only where that is not everybody)."""

    values: Mapping[str, Array]
    places: Places
    covered: Mapping[str, Mask]
    issues: tuple[Issue, ...]
    by_month: frozenset[str] = frozenset()  # date roles of which only the month is known
    conflicts: tuple[Conflict, ...] = ()


def merge_roles(readings: Sequence[Reading]) -> MergedRoles:
    """The customers' own column plays a role if no other table's has more values; each rivalry is an issue.

    A column to which the user gave the role plays it in any case. Columns are taken whole, never mixed: two systems
    mean different things by one word.
    """
    chosen: dict[str, Reading] = {}
    issues: list[Issue] = []
    conflicts: list[Conflict] = []
    for reading in readings:
        for role, typed in reading.typed.items():
            now = chosen.get(role)
            if now is None:
                chosen[role] = reading
                continue
            fuller = filled(typed.values).sum() > filled(now.typed[role].values).sum()
            told = (role in reading.said) != (role in now.said)
            if told:
                fuller = role in reading.said
            winner, loser = (reading, now) if fuller else (now, reading)
            chosen[role] = winner
            issue, conflict = _rivalry(role, winner, loser, told=told)
            issues.append(issue)
            conflicts.append(conflict)
    return MergedRoles(
        {role: r.typed[role].values for role, r in chosen.items()},
        {role: (r.table, r.columns[role]) for role, r in chosen.items()},
        {role: r.covered for role, r in chosen.items() if r.covered is not None},
        tuple(issues),
        frozenset(role for role, r in chosen.items() if role in r.by_month),
        tuple(conflicts),
    )


def filled(values: Array) -> Mask:
    """Which entries of a role's column hold something."""
    if values.dtype.kind == "M":
        return np.asarray(~np.isnat(values))
    if values.dtype.kind == "f":
        return np.asarray(np.isfinite(values))
    if values.dtype.kind in "ib":
        return np.asarray(values >= 0)
    return np.asarray(values != "", dtype=bool)


def table_name(table: RawTable, among: Sequence[RawTable] = ()) -> str:
    """The sheet as messages call it: its own name, with the file where another has the same."""
    same = [t for t in among if t.sheet.casefold() == table.sheet.casefold()]
    return f"{table.source}:{table.sheet}" if len(same) > 1 else table.sheet


def _rivalry(role: str, winner: Reading, loser: Reading, *, told: bool) -> tuple[Issue, Conflict]:
    """What to say about two columns for one role: which counts, and of how many customers they differ."""
    used, other = winner.typed[role].values, loser.typed[role].values
    both = filled(used) & filled(other)
    form = _FORMS.get(role, _folded)
    apart = _different(_formed(used, form), _formed(other, form)) & both
    differ = int(np.count_nonzero(apart))
    index = loser.columns[role]
    table = loser.table
    letter = table.letters[index]
    name = winner.table.headers[winner.columns[role]]
    counts = f"{int(filled(used).sum()):,} against {int(filled(other).sum()):,} values"
    still = "; it still describes customers" if role in ALSO_TRAITS else ""
    issue = Issue(
        "warning" if differ else "note",
        table.source,
        table.sheet,
        f"{letter}:{letter}",
        table.headers[index],
        f"'{name}' of {winner.table.sheet} says the same ({role}); they differ for {differ:,} of the "
        f"{int(both.sum()):,} customers that both speak of",
        f"{DONE_WITHOUT} as {role}: '{name}' of {winner.table.sheet} is used, {counts}{still}",
        max(differ, 1),
        "role_twice",
    )
    conflict = Conflict(
        role,
        f"{winner.table.sheet} · {name}",
        f"{table.sheet} · {table.headers[index]}",
        int(both.sum()),
        differ,
        example(winner.table, winner.columns[role], table, index, apart),
        "you said so" if told else f"it has {counts}",
    )
    return issue, conflict


def example(used: RawTable, at: int, other: RawTable, index: int, apart: Mask) -> str:
    """The first customer of whom two columns differ, with both cells: `CRM!E5 'Germany', Billing!D17 'France'`."""
    records = np.flatnonzero(apart)
    if not len(records):
        return ""
    record = int(records[0])
    return f"{_said(used, at, record)}, {_said(other, index, record)}"


def _said(table: RawTable, index: int, record: int) -> str:
    value = table.columns[index][record]
    text = "" if value is None else shown(value)
    letter = table.letters[index]
    place = f"{table.sheet}!{table.cell(index, record)}" if letter else table.sheet
    return f"{place} '{text}'"


def _different(used: Array, other: Array) -> Mask:
    if used.dtype.kind == "f" and other.dtype.kind == "f":
        return np.asarray(~np.isclose(used, other, rtol=0, atol=0.005))
    return np.asarray(used != other, dtype=bool)


def _formed(values: Array, form: Callable[[str], str]) -> Array:
    """Texts in a form in which two that mean the same are equal; anything else as it is."""
    if values.dtype.kind != "O":
        return values
    made = {text: form(str(text)) for text in set(values.tolist())}
    formed = np.empty(len(values), dtype=object)
    formed[:] = [made[text] for text in values.tolist()]
    return formed


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


_FORMS: Mapping[str, Callable[[str], str]] = {
    "company": lambda text: name_of(text).core,
    "email": lambda text: email_of(text) or _folded(text),
    "domain": lambda text: domain_of(text) or _folded(text),
}
