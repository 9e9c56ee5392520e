"""From files to typed tables: which sheet holds what, the others joined to the customers, and what was left and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from mapseg_xl.errors import InputError
from mapseg_xl.intake.aggregated.sources import sources_of, with_summaries
from mapseg_xl.intake.aggregated.summaries import summaries
from mapseg_xl.intake.aggregated.upright import as_on_sheet, upright
from mapseg_xl.intake.alignment.mapping_sheets import with_mappings
from mapseg_xl.intake.assembly import Built, Spine, assembled, build_customers, spine_of
from mapseg_xl.intake.beside.small_tables import with_small_tables
from mapseg_xl.intake.beside.transactions import summed
from mapseg_xl.intake.checking.checked import checked
from mapseg_xl.intake.checks import latest_date, latest_plausible_date
from mapseg_xl.intake.choosing.copied_rows import without_copied_rows
from mapseg_xl.intake.choosing.copies import without_copies
from mapseg_xl.intake.choosing.inventory import uses_of, with_all_sheets
from mapseg_xl.intake.choosing.several import customers_table, maps_of, may_be_mapped
from mapseg_xl.intake.choosing.sheet_tables import is_list, tables_of
from mapseg_xl.intake.choosing.stacking import unstacked
from mapseg_xl.intake.choosing.told_tables import (
    Told,
    below_each_other,
    classified,
    once_each,
    with_enrichment,
    with_maps,
)
from mapseg_xl.intake.columns.classify import Classified, Kind, classify, customer_key
from mapseg_xl.intake.columns.key_columns import Keyed, comparable, keyed
from mapseg_xl.intake.columns.readings import IntakeOptions
from mapseg_xl.intake.columns.role_values import typed_ids
from mapseg_xl.intake.columns.roles import guess_roles
from mapseg_xl.intake.joining.answers import AskedPair
from mapseg_xl.intake.joining.coverage import all_revenue, covered, left_out, own_tie
from mapseg_xl.intake.joining.joints import (
    Joint,
    best_joint,
    label_joint,
    named_joint,
    refuse_unused,
)
from mapseg_xl.intake.joining.matching import nameless, unjoined
from mapseg_xl.intake.joining.merge import Joined, join
from mapseg_xl.intake.joining.one_table import one_each, together
from mapseg_xl.intake.reading.sheet_cells import HIDDEN_SHEET
from mapseg_xl.intake.tables import (
    Issue,
    Joining,
    Match,
    Orders,
    OwnTie,
    RawSheet,
    RawTable,
    Sources,
)
from mapseg_xl.intake.workbook import read_sheets
from mapseg_xl.repairs import TOTALS

__all__ = [
    "Built",
    "IntakeOptions",
    "build_customers",
    "latest_date",
    "latest_plausible_date",
    "read_sources",
]

_KEYS_NAMED = 3


def read_sources(
    paths: Sequence[Path],
    options: IntakeOptions | None = None,
    opened: Sequence[RawSheet] = (),
) -> Sources:
    """Every table in the files and in sheets `opened`: the customers, and what others say of them by exact keys.

    Hidden sheets count only where they are named. What cannot be decided from the tables is an InputError that says
    how to choose. Issues of sheets that were left stay out.
    """
    options = options or IntakeOptions()
    sheets = _sheets(paths, opened, options.sheets)
    seen = [s for s in sheets if options.sheets or not s.hidden]
    held = every = [(s, _tables(s, options)) for s in sheets]
    held, mappings = with_mappings(held, hidden_too=bool(options.sheets))
    lists = {id(s) for s, ts in held if any(t is not None and is_list(t) for t in ts)}
    counted = summaries([s for s in seen if id(s) not in lists], options.sheets)
    tables = [(s, t) for s, ts in held if not counted.holds(s) for t in ts]
    used = [t for s, t in tables if t is not None and (options.sheets or not s.hidden)]
    told = [classify(t, guess_roles(t)) for t in used] if counted.sheets else []
    if counted.sheets and not any(t.kind in (Kind.CUSTOMERS, Kind.TRANSACTIONS) for t in told):
        of_pivots = sources_of(counted, seen, told, options)
        return with_all_sheets(of_pivots, every, counted, mappings)
    if not used:
        raise InputError(
            f"{_names(paths, opened)} has no table: a row of headers with a row for each customer below it. "
            "Put one on a sheet, or name the sheet with --sheet."
        )
    left = tuple(_left(s, t) for s, t in tables if t is None or not any(t is u for u in used))
    found = _of_one(used[0], options) if len(used) == 1 else _of_several(used, options)
    said = tuple(m.sentence for m in mappings)
    issues = (*found.issues, *(i for m in mappings for i in m.issues))
    found = replace(found, taken=(*found.taken, *said, *left), issues=issues)
    return with_all_sheets(with_summaries(found, counted), every, counted, mappings)


def _tables(sheet: RawSheet, options: IntakeOptions) -> tuple[RawTable | None, ...]:
    """The tables of a sheet, None where it has none; they carry what people said about reading cells."""
    turned = upright(sheet)
    found = tables_of(turned or sheet, keep_totals=TOTALS in options.wishes.repairs_off)
    if turned is not None:
        found = tuple(map(as_on_sheet, found))
    return tuple(replace(t, wishes=options.wishes) for t in found) or (None,)


def _sheets(
    paths: Sequence[Path], opened: Sequence[RawSheet], names: tuple[str, ...]
) -> list[RawSheet]:
    """The sheets of all files and those opened already, where any are named these.

    `FILE:SHEET` names one of two of the same name.
    """
    if len(paths) == 1 and not opened and not any(":" in n for n in names):
        return list(read_sheets(paths[0], names))
    seen: set[Path] = set()
    for path in paths:
        if path.resolve() in seen:
            raise InputError(f"{path.name} is given twice. Name each file once.")
        seen.add(path.resolve())
    sheets = [*opened, *(sheet for path in paths for sheet in read_sheets(path))]
    called = [{s.sheet.casefold(), f"{s.source}:{s.sheet}".casefold()} for s in sheets]
    for name in names:
        if not any(name.casefold() in c for c in called):
            known = ", ".join(s.sheet for s in sheets)
            raise InputError(
                f"{_names(paths, opened)}: there is no sheet '{name}'. The sheets: {known}."
            )
    wanted = {n.casefold() for n in names}
    return [s for s, c in zip(sheets, called, strict=True) if not names or c & wanted]


def _names(paths: Sequence[Path], opened: Sequence[RawSheet]) -> str:
    return ", ".join(dict.fromkeys([*(s.source for s in opened), *(p.name for p in paths)]))


def _of_one(table: RawTable, options: IntakeOptions) -> Sources:
    """One table: a row a customer, or a row an order."""
    refuse_unused(options.on, table, ())
    told = classified(table, options)
    table, found = told.table, told.found
    if told.kind is Kind.TRANSACTIONS and len(table.rows):
        orders = Told(without_copied_rows(told), options)
        of_orders = _with_odd(_merged(_base_of_orders(orders), [], {}, options), orders)
        return replace(of_orders, sheets=uses_of(of_orders, told, [told]))
    built = build_customers(table, options, found)
    odd = checked(table, found, options.day_first, one_row_each=True)
    of_customers = Sources(
        built.customers,
        (*built.issues, *odd),
        built.currency or "$",
        (_taken(table),),
        built.guesses,
    )
    return replace(of_customers, sheets=uses_of(of_customers, told, [told]))


def _of_several(tables: list[RawTable], options: IntakeOptions) -> Sources:
    """Several tables: the customers chosen among them, the others joined or taken for what they are."""
    unmapped = replace(options, maps={})
    told = [Told(classified(t, unmapped), unmapped) for t in tables]
    mapped = may_be_mapped([t.table for t in told])
    given = {id(t): o for t, o in zip(mapped, maps_of(mapped, options), strict=True) if o.maps}
    told = [with_maps(t.table, given[id(t.table)]) if id(t.table) in given else t for t in told]
    told = with_enrichment(told)
    keys = {id(t.table.table): keyed(t.table.table, t.table.keys) for t in told}
    single, copies = without_copies([t.table for t in told], keys)
    told = [t for t in told if any(t.table is s for s in single)]
    told, stacks = below_each_other(told, keys)
    single = [t.table for t in told]
    chosen = customers_table(single, keys, options)
    spine = next(t for t in told if t.table is chosen)
    others = [once_each(t) for t in told if t is not spine]
    keys |= {
        id(t.table.table): keyed(t.table.table, t.table.keys)
        for t in others
        if id(t.table.table) not in keys
    }
    if chosen.kind is Kind.TRANSACTIONS:
        spine = once_each(spine)
    base = _base_of_orders(spine) if chosen.kind is Kind.TRANSACTIONS else _base(spine, keys)
    found = _with_odd(_merged(base, others, keys, options), spine)
    left = tuple(f"Left sheet '{c.table.table.sheet}': {c.why}." for c in copies)
    parts = {sheet: group for sheet, (group, _) in stacks.items()}
    found = unstacked(found, {sheet: [t.table for t in group] for sheet, group in parts.items()})
    return replace(
        found,
        taken=(*(words for _, words in stacks.values()), *found.taken, *left),
        sheets=uses_of(found, chosen, single, copies, parts),
    )


def _odd(told: Told, *, one_row_each: bool = False) -> tuple[Issue, ...]:
    """What is odd in the cells of a table that was used; a list that explains words may be as it likes."""
    table = told.table
    if table.kind is Kind.OTHER:
        return ()
    return checked(table.table, table.found, told.options.day_first, one_row_each=one_row_each)


def _with_odd(found: Sources, told: Told) -> Sources:
    """With what is odd in the table whose rows the customers are, or are made of."""
    odd = _odd(told, one_row_each=told.table.kind is Kind.CUSTOMERS)
    return replace(found, issues=(*found.issues, *odd))


@dataclass(frozen=True, slots=True, eq=False)
class Base:
    """The customers before anything is joined to them, and by which columns they can be found."""

    spine: Spine
    keys: Keyed
    said: str
    own: OwnTie
    orders: Orders | None = None


def _base(told: Told, keys: Mapping[int, Keyed]) -> Base:
    table = told.table
    spine = spine_of(table.table, told.options, table.found)
    own = spine.reading.table  # without the rows that repeat an id
    left = keys[id(own)] if own is table.table else keyed(own, table.keys)
    kept = np.isin(table.table.rows, own.rows)
    return Base(spine, left, _taken(table.table), own_tie(table, kept))


def _base_of_orders(told: Told) -> Base:
    """Orders and no list of customers: whoever ordered is one, with the id of the first row that names them."""
    table, found = told.table.table, told.table.found
    key = customer_key(table, found, told.table.keys)
    if key is None:
        raise InputError(f"{table.sheet} has no column that names the customer of each row.")
    texts = comparable(table, key.index)
    named = np.flatnonzero(texts != "")
    customer = np.full(len(texts), -1, dtype=np.intp)
    customer[named], uniques = pd.factorize(texts[named])
    first = np.zeros(len(uniques), dtype=np.intp)
    first[customer[named][::-1]] = named[::-1]
    ids = typed_ids(table, key.index).values[first]
    rolled = summed(told.table, customer, len(ids), told.options, (key.index, ids))
    reading = replace(
        rolled.reading,
        covered=None,
        issues=(*nameless(told.table, customer), *rolled.reading.issues),
    )
    left = keyed(reading.table, (replace(key, index=0),))
    said = f"{_taken(table)} They are made into {len(ids):,} customers by '{table.headers[key.index]}'."
    whole = replace(told.table, table=told.whole or table)
    own = own_tie(whole, np.isin(whole.table.rows, table.rows[customer >= 0]))
    return Base(Spine(ids, reading), left, said, own, rolled.orders)


def _merged(
    base: Base, others: list[Told], keys: Mapping[int, Keyed], options: IntakeOptions
) -> Sources:
    refuse_unused(options.on, base.keys.table, [told.table.table for told in others])
    joined: list[Joined] = []
    matches: list[Match] = []
    alone: list[Issue] = []
    taken = [base.said]
    steps: list[tuple[str, str, int, int]] = []
    pairs: list[AskedPair] = []
    for told in others:
        table = told.table
        if table.kind not in (Kind.CUSTOMERS, Kind.TRANSACTIONS, Kind.OTHER):
            continue
        joint = named_joint(base.keys.table, table.table, options.on)
        if joint is not None and table.kind is Kind.OTHER:
            table = replace(table, kind=Kind.CUSTOMERS)  # its rows name customers: the user says so
        joint = joint or _joint(base.keys, table, keys[id(table.table)])
        if joint is None:
            why = _why_alone(table, base)
            taken.append(f"Left {_called(table, base)} of {table.table.source}: {why}.")
            lines, issue = unjoined(base.keys.table, table, why)
            matches += lines
            alone.append(issue)
            continue
        found = together(base.keys, table, keys[id(table.table)], joint, options)
        out = left_out(table, told.whole or table.table)
        joined.append(join(base.keys, table, found.joint, told.options))
        alone += (*found.issues, *_odd(told))
        joined[-1] = replace(joined[-1], match=out.told(found.told(joined[-1].match)))
        matches.append(joined[-1].match)
        steps += [(table.table.sheet, s.words, s.keys, s.rows) for s in found.steps]
        pairs += found.pairs
        taken.append(_joined_words(table, joined[-1].match, base))
    built = assembled(base.spine, [j.reading for j in joined])
    orders = [o for o in (base.orders, *(j.orders for j in joined)) if o is not None]
    sources = Sources(
        built.customers,
        (*built.issues, *alone),
        built.currency or "$",
        tuple(taken),
        built.guesses,
        orders=max(orders, key=lambda o: len(o.value)) if orders else None,
        matches=covered(matches, joined, built.customers, built.places),
        joining=Joining(
            tuple(steps),
            one_each(pairs, options.pairs),
            built.conflicts,
            base.own,
            all_revenue(built.customers),
        ),
    )
    return with_small_tables(sources, [t.table for t in others], base.keys, options)


def _joint(left: Keyed, right: Classified, keys: Keyed) -> Joint | None:
    """By which columns a table meets the customers: those that name them, else one whose values it explains."""
    joint = best_joint(left, keys)
    if joint is None and right.kind is not Kind.TRANSACTIONS:
        return label_joint(left.table, right.table)
    return joint


def _why_alone(table: Classified, base: Base) -> str:
    """Why a table cannot be joined, as a clause."""
    name = base.keys.table.sheet
    if table.keys:
        headers = [f"'{table.table.headers[k.index]}'" for k in table.keys]
        return f"no customer of '{name}' stands in its {' or '.join(headers[:_KEYS_NAMED])}"
    if table.kind is Kind.CUSTOMERS:
        return f"its rows name no customer, so it cannot be joined to '{name}'"
    return f"{table.why}, so it cannot be joined to '{name}'"


def _joined_words(table: Classified, match: Match, base: Base) -> str:
    rows = match.rows_left + match.rows_matched
    found = "explain its values" if table.kind is Kind.OTHER else "found their customer"
    return (
        f"Joined {_called(table, base)} of {table.table.source} to '{base.keys.table.sheet}' by "
        f"{match.key}: {match.rows_matched:,} of {rows:,} rows {found}."
    )


def _called(table: Classified, base: Base) -> str:
    """The sheet; with its area where the customers stand on the same one."""
    raw, own = table.table, base.keys.table
    same = (raw.source, raw.sheet) == (own.source, own.sheet)
    return f"{raw.area} of sheet '{raw.sheet}'" if same else f"sheet '{raw.sheet}'"


def _taken(table: RawTable) -> str:
    rows = f"{len(table.rows):,} {'row' if len(table.rows) == 1 else 'rows'}"
    hidden = "hidden " if any(i.kind == HIDDEN_SHEET for i in table.issues) else ""
    return f"Read {hidden}sheet '{table.sheet}' of {table.source}: headers in row {table.header_row}, {rows}."


def _left(sheet: RawSheet, table: RawTable | None) -> str:
    if table is None:
        return f"Left sheet '{sheet.sheet}': no table on it."
    return f"Left sheet '{sheet.sheet}': it is hidden. To read it, name it with --sheet."
