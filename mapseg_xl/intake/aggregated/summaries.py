"""Which sheets of a workbook are pivots and cohort tables, and what they hold. Reads sheets, joins nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from mapseg_xl.intake.aggregated.blocks import blocks
from mapseg_xl.intake.aggregated.cohort_tables import read_cohorts
from mapseg_xl.intake.aggregated.pivots import read_pivot
from mapseg_xl.intake.tables import EVERYBODY, CohortTable, Issue, Pivot, RawSheet, plain

_NAMES = {"price_n": "money a month", "revenue_n": "revenue", "converted": "conversion"}


@dataclass(frozen=True, slots=True)
class Summaries:
    """What the aggregated sheets hold, and which sheets that are: (source, sheet)."""

    pivots: tuple[Pivot, ...] = ()
    cohorts: tuple[CohortTable, ...] = ()
    issues: tuple[Issue, ...] = ()
    sheets: frozenset[tuple[str, str]] = frozenset()

    def holds(self, sheet: RawSheet) -> bool:
        """Whether the sheet is one of them."""
        return (sheet.source, sheet.sheet) in self.sheets


def summaries(sheets: Iterable[RawSheet], forced: Collection[str] = ()) -> Summaries:
    """The pivots and cohort tables of the sheets. `forced`: names of sheets that the user says are to be read."""
    pivots: list[Pivot] = []
    cohorts: list[CohortTable] = []
    issues: list[Issue] = []
    found: set[tuple[str, str]] = set()
    for sheet in sheets:
        for block in blocks(sheet):
            grids = read_cohorts(block)
            if grids is not None:
                cohorts += grids.tables
                issues += grids.issues
                found.add((sheet.source, sheet.sheet))
                continue
            read = read_pivot(block, forced=sheet.sheet in forced)
            if read is not None:
                pivots.append(read.pivot)
                issues += read.issues
                found.add((sheet.source, sheet.sheet))
    issues += (*disagreements(pivots), *_how_counted(pivots), *_how_aged(cohorts))
    return Summaries(tuple(pivots), tuple(cohorts), tuple(issues), frozenset(found))


def disagreements(pivots: Sequence[Pivot]) -> Iterator[Issue]:
    """Where two sheets count the same segments differently: a line a pair of sheets, with the first of them."""
    for one, other in combinations(pivots, 2):
        for at, name in enumerate(one.attributes):
            places = [i for i, n in enumerate(other.attributes) if plain(n) == plain(name)]
            if not places:
                continue
            first, second = _sizes(one, at), _sizes(other, places[0])
            off = [k for k in first if k in second and first[k] != second[k]]
            if off:
                text = (
                    f"{name}: {first[off[0]]:,.0f} in {off[0]}, but {second[off[0]]:,.0f} on sheet '{other.sheet}'"
                    + (f"; {len(off)} segments differ" if len(off) > 1 else "")
                )
                action = "Each sheet is compared within itself. Bring them to one day"
                yield Issue(
                    "warning",
                    one.source,
                    one.sheet,
                    one.area,
                    "",
                    text,
                    action,
                    kind="sheets_differ",
                )


def _sizes(pivot: Pivot, at: int) -> dict[str, float]:
    found: dict[str, float] = {}
    for line in pivot.lines:
        if "size" in line.figures:
            found[line.values[at]] = found.get(line.values[at], 0.0) + line.figures["size"]
    return found


def _how_counted(pivots: Sequence[Pivot]) -> Iterator[Issue]:
    """How figures were read that a sheet leaves open, unless another sheet closes it."""
    counted = {name for p in pivots for line in p.lines for name in line.figures}
    for p in pivots:
        for figure, remark in p.remarks.items():
            if remark == EVERYBODY and {"leads", "trials"} & counted:
                continue
            name = p.headers.get(figure.removesuffix("_n"), _NAMES.get(figure, figure))
            yield _note(p.source, p.sheet, p.area, f"{name}: {remark}")


def _how_aged(cohorts: Iterable[CohortTable]) -> Iterator[Issue]:
    said = dict.fromkeys((c.source, c.sheet, c.area, r) for c in cohorts for r in c.remarks)
    return (_note(source, sheet, area, remark) for source, sheet, area, remark in said)


def _note(source: str, sheet: str, area: str, text: str) -> Issue:
    action = "Taken so. Where that is not meant, say it in the header"
    return Issue("note", source, sheet, area, "", text, action, kind="how_counted")


def words_of(found: Summaries) -> tuple[str, ...]:
    """What was read of which sheet, as sentences."""
    said = []
    for p in found.pivots:
        by = " x ".join(p.attributes)
        said.append(
            f"Read sheet '{p.sheet}' of {p.source}: a pivot of {len(p.lines)} segments by {by} at {p.area}."
        )
    for sheet in dict.fromkeys((c.source, c.sheet) for c in found.cohorts):
        tables = [c for c in found.cohorts if (c.source, c.sheet) == sheet]
        n = sum(len(c.rows) for c in tables)
        of = f" of {len(tables)} segments" if len(tables) > 1 else ""
        said.append(
            f"Read sheet '{sheet[1]}' of {sheet[0]}: a cohort table of {n} cohorts{of} at {tables[0].area}."
        )
    return tuple(said)


def words_beside_rows(found: Summaries) -> tuple[str, ...]:
    """What became of these sheets where there are rows of customers: the rows win."""
    pivots = dict.fromkeys((p.source, p.sheet) for p in found.pivots)
    cohorts = dict.fromkeys((c.source, c.sheet) for c in found.cohorts)
    said = [
        f"Sheet '{sheet}' of {source} is a pivot: the rows of customers count; Data health says where it differs."
        for source, sheet in pivots
    ]
    said += [
        f"Sheet '{sheet}' of {source} is a cohort table: who stays is told by the rows of customers. To have the "
        "sheet read instead, name it with --sheet."
        for source, sheet in cohorts
        if (source, sheet) not in pivots
    ]
    return tuple(said)
