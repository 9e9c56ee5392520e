"""Tables with what each is and what the user said of its columns, before one of them is chosen as the customers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mapseg_xl.intake.beside.intervals import with_monthly_prices
from mapseg_xl.intake.beside.trial_flags import with_trial_flags
from mapseg_xl.intake.choosing.copied_rows import without_copied_rows
from mapseg_xl.intake.choosing.stacking import said, same_kind, stacked
from mapseg_xl.intake.choosing.stages import alike
from mapseg_xl.intake.columns.classify import Classified, Kind, classify
from mapseg_xl.intake.columns.key_columns import Keyed, keyed
from mapseg_xl.intake.columns.readings import IntakeOptions
from mapseg_xl.intake.columns.roles import guess_roles
from mapseg_xl.intake.joining.enrichment import enriched, is_enrichment
from mapseg_xl.intake.tables import RawTable

_LISTS = (Kind.CUSTOMERS, Kind.TRANSACTIONS)


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """A table, what it is, and the options with what the user said of its own columns."""

    table: Classified
    options: IntakeOptions
    whole: RawTable | None = None  # with the rows that are there twice, where there are such


def once_each(told: Told) -> Told:
    """Without rows that are there twice."""
    return replace(told, table=without_copied_rows(told.table), whole=told.table.table)


def classified(table: RawTable, options: IntakeOptions) -> Classified:
    """What a table is, its columns read with what the user said of them, its prices by the month, who tried."""
    return with_trial_flags(with_monthly_prices(classify(table, guess_roles(table, options.maps))))


def with_maps(told: Classified, options: IntakeOptions) -> Told:
    """The table read again, with what the user said of its columns."""
    return Told(classified(told.table, options), options)


def with_enrichment(told: list[Told]) -> list[Told]:
    """The tables, those that only describe companies as such, where another can hold the customers."""
    others = [is_enrichment(t.table) for t in told]
    if all(a or t.table.kind not in _LISTS for a, t in zip(others, told, strict=True)):
        return told
    pairs = zip(told, others, strict=True)
    return [replace(t, table=enriched(t.table)) if other else t for t, other in pairs]


def _by_stage(told: list[Told], keys: dict[int, Keyed]) -> list[Told]:
    """The tables, lists kept apart by stage (leads, customers, who left) with the same headers and their stage."""
    staged = alike([t.table for t in told if not t.options.maps], keys)
    made: list[Told] = []
    for one in told:
        table = staged.get(id(one.table))
        if table is None:
            made.append(one)
            continue
        made.append(Told(classified(table, one.options), one.options))
        keys[id(table)] = keyed(table, made[-1].table.keys)
    return made


def below_each_other(
    told: list[Told], keys: dict[int, Keyed]
) -> tuple[list[Told], dict[str, tuple[list[Classified], str]]]:
    """The tables, exports of one kind as one; of each such sheet what it is made of, and a sentence about it."""
    told = _by_stage(told, keys)
    by_table = {id(t.table): t for t in told}
    found: list[Told] = []
    stacks: dict[str, tuple[list[Classified], str]] = {}
    for group in same_kind([t.table for t in told], keys):
        first = by_table[id(group[0])]
        if len(group) == 1 or any(by_table[id(t)].options.maps for t in group):
            found += [by_table[id(t)] for t in group]
            continue
        table = stacked(group)
        stacks[table.sheet] = group, said(group, table)
        one = Told(classified(table, first.options), first.options)
        keys[id(table)] = keyed(table, one.table.keys)
        found.append(one)
    return found, stacks
