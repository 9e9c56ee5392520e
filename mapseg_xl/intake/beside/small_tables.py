"""Tables that tell of no single customer: spend, market, feedback, my segments. What was left is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mapseg_xl.intake.beside.cost_shares import with_costs
from mapseg_xl.intake.beside.feedback import read_feedback
from mapseg_xl.intake.beside.market_answers import read_market
from mapseg_xl.intake.beside.own_segments import read_own_segments
from mapseg_xl.intake.beside.spend import read_spend
from mapseg_xl.intake.columns.classify import Classified, Kind
from mapseg_xl.intake.columns.key_columns import Keyed
from mapseg_xl.intake.columns.readings import IntakeOptions
from mapseg_xl.intake.tables import Issue, RawTable, Sources


def with_small_tables(
    sources: Sources, tables: Sequence[Classified], keys: Keyed, options: IntakeOptions
) -> Sources:
    """The sources with what the small tables say. `keys`: by which columns the customers can be found."""
    by_kind = {kind: [t for t in tables if t.kind is kind] for kind in Kind}
    for told in by_kind[Kind.MARKET]:
        lines, issues = read_market(told)
        words = f"the market of {len(lines)} segments"
        sources = replace(_told(sources, told, words, issues), market=(*sources.market, *lines))
    for told in by_kind[Kind.FEEDBACK]:
        notes, issues = read_feedback(told, keys, options.day_first)
        words = f"{len(notes):,} things customers said"
        sources = replace(_told(sources, told, words, issues), feedback=(*sources.feedback, *notes))
    for told in by_kind[Kind.SEGMENTS]:
        own, issues = read_own_segments(told)
        words = f"{len(own)} segments people believe in"
        found = _told(sources, told, words, issues)
        sources = replace(found, own_segments=(*sources.own_segments, *own))
    sources = _with_spend(sources, by_kind[Kind.SPEND], options)
    for told in (*by_kind[Kind.PIVOT], *by_kind[Kind.COHORTS]):
        what = "pivot table" if told.kind is Kind.PIVOT else "cohort table"
        sentence = f"Left sheet '{told.table.sheet}': it is a {what} ({told.why})."
        sources = replace(sources, taken=(*sources.taken, sentence))
    return sources


def _with_spend(sources: Sources, tables: list[Classified], options: IntakeOptions) -> Sources:
    """Spend as lines, shared out to customers where no column says what each one cost."""
    spends = [read_spend(told, options.day_first) for told in tables]
    for told, spend in zip(tables, spends, strict=True):
        words = f"{len(spend.lines):,} lines of spend by channel"
        found = _told(sources, told, words, spend.issues)
        sources = replace(found, spend=(*sources.spend, *spend.lines))
    if not spends or "acquisition_cost" in sources.customers.roles:
        return sources
    customers, issues, said = with_costs(sources.customers, spends)
    return replace(
        sources,
        customers=customers,
        issues=(*sources.issues, *issues),
        taken=(*sources.taken, said) if said else sources.taken,
        cost_estimated=bool(said),
    )


def _told(sources: Sources, told: Classified, words: str, issues: tuple[Issue, ...]) -> Sources:
    return replace(
        sources,
        issues=(*sources.issues, *_milder(issues)),
        taken=(*sources.taken, f"{_place(told.table)}: {words}."),
    )


def _place(table: RawTable) -> str:
    return f"Read sheet '{table.sheet}' of {table.source}"


def _milder(issues: tuple[Issue, ...]) -> tuple[Issue, ...]:
    """A bad cell of a small table is left out and stops nothing."""
    return tuple(replace(i, severity="warning") if i.severity == "error" else i for i in issues)
