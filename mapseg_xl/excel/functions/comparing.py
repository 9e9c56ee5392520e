"""A segment against everyone else on any outcome, and which values occur together."""

from __future__ import annotations

from dataclasses import replace

from mapseg_xl.excel.answering.answers import NotAvailable
from mapseg_xl.excel.answering.bases import Base, bound, comparable, segment_column
from mapseg_xl.excel.answering.figures import shown
from mapseg_xl.excel.arguments.cells import column_cells, one_name
from mapseg_xl.excel.arguments.columns import LABEL, Asked, read_columns
from mapseg_xl.excel.cell_function import Answer, Column, Name, Scalar, cell_function
from mapseg_xl.intake.cleaning.clean_labels import NO, YES
from mapseg_xl.intake.describing.categories import by_size
from mapseg_xl.intake.tables import Trait
from mapseg_xl.measure.affinity import Affinity, affinities
from mapseg_xl.metrics.base import Context, Estimate, Metric, sentence
from mapseg_xl.metrics.conversion import CONVERSION
from mapseg_xl.metrics.revenue import ARPU, mean_of
from mapseg_xl.tally.tally import Tally

HIGHER = {
    "better": "higher",
    "worse": "lower",
    "about_same": "about the same",
    "cant_tell": "can't tell yet",
    "not_available": "not compared",
}
STRONG, FAIR = 0.001, 0.05


def seg_compare(segment: Column, outcome: Column, which: Name = None) -> Answer:
    """Each segment against everyone else on any outcome, yes or no or an amount: is it higher, lower, or can't we tell?

    Parameters
    ----------
    segment
        The column whose values are compared, e.g. Customers[Industry].
    outcome
        Yes and no, 1 and 0, or an amount such as seats or revenue. Rows without one are left out.
    which
        One segment, to get its difference from everyone else as a number. Left out: a table of all segments.
    """
    name = one_name(which, "which")
    metric, base = _outcome(segment, outcome)
    found = bound(base)
    rows = found.family(metric)
    if name is not None:
        row = rows[found.place_of(name)]
        if row.difference is None:
            raise NotAvailable(f"{row.segment}: {row.note or 'there is no figure'}.")
        return float(row.difference)
    head: list[Scalar] = [
        *("segment", "n", metric.plain_title, "plausible range from", "to", "cautious estimate"),
        *("company average", "everyone else", "difference", "plausible range from", "to"),
        *("against everyone else", "note"),
    ]
    return [
        head,
        *(
            [
                r.segment,
                *map(shown, (r.n, r.value, r.ci_low, r.ci_high, r.cautious)),
                *map(shown, (r.all_value, r.rest_value, r.difference, r.diff_low, r.diff_high)),
                HIGHER[r.verdict],
                sentence(r.note, *found.columns.notes),
            ]
            for r in rows
        ),
    ]


def _outcome(segment: Column, outcome: Column) -> tuple[Metric, Base]:
    """Yes or no is judged as conversion is, an amount as revenue a month."""
    values = column_cells(outcome, "outcome").values
    flags = [v for v in values if isinstance(v, bool) or str(v).strip().casefold() in YES | NO]
    if len(flags) >= len(values) - 1:  # but for a header
        asked = Asked("outcome", "converted", outcome)
        return _share_of_yes(), Base((segment_column(segment), asked))
    asked = Asked("outcome", "revenue_monthly", outcome)
    return _average(), Base((segment_column(segment), asked), everybody=True)


def _share_of_yes() -> Metric:
    def estimate(tally: Tally, context: Context) -> Estimate:
        found = CONVERSION.estimate(tally, context)
        left_out = tally.conversion.left_out if tally.conversion else 0
        note = f"{left_out:,} left out: neither yes nor no" if left_out else ""
        return replace(found, note=found.note if found.value is None and not note else note)

    return replace(
        CONVERSION,
        id="share_of_yes",
        plain_title="Share of yes",
        counted="rows with yes or no",
        estimate=estimate,
        computed_from=(),
    )


def _average() -> Metric:
    def estimate(tally: Tally, context: Context) -> Estimate:
        if tally.revenue_monthly is None:
            return Estimate(None, note="no amount is known")
        found = mean_of(tally.revenue_monthly, context)
        return found if found.value is not None else replace(found, note="no amount is known")

    return replace(
        ARPU,
        id="average",
        plain_title="Average",
        counted="rows with an amount",
        estimate=estimate,
        strata="",
        computed_from=(),
    )


def seg_affinity(segment: Column, trait: Column, which: Name = None, value: Name = None) -> Answer:
    """How many times more common each value of a column is in a segment than chance would have it.

    Parameters
    ----------
    segment
        The column whose values are compared, e.g. Customers[Industry].
    trait
        The other column, e.g. Customers[Country]. Rows with an empty cell in either are left out.
    which
        One segment. Left out: all of them.
    value
        One value of the other column; with which, the answer is a number. Left out: all of them.
    """
    name, wanted = one_name(which, "which"), one_name(value, "value")
    columns = read_columns((segment_column(segment), Asked("trait", LABEL, trait)))
    sides = [Trait(k, "", "", *by_size(texts)) for k, texts in columns.labels.items()]
    pairs = affinities(sides)
    if not pairs:
        raise NotAvailable("Needs two columns with at least two values each, ten rows a value.")
    pairs = _only(_only(pairs, name, "segment"), wanted, "trait")
    if name is not None and wanted is not None:
        lift = pairs[0].lift
        if lift is None:
            raise NotAvailable(
                f"{name} and {wanted}: under 5 would be expected together, too few to tell."
            )
        return float(lift)
    head: list[Scalar] = [
        *("segment", "value", "n", "expected by chance", "times more common", "how sure", "note")
    ]
    return [head, *(_affinity_line(p) for p in pairs)]


def _only(pairs: tuple[Affinity, ...], name: str | None, side: str) -> tuple[Affinity, ...]:
    """The pairs with that value on one side."""
    if name is None:
        return pairs
    field = "first_value" if side == "segment" else "second_value"
    kept = tuple(p for p in pairs if comparable(getattr(p, field)) == comparable(name))
    if not kept:
        raise NotAvailable(f"'{name}' is not in {side}, or has no row with both cells filled.")
    return kept


def _affinity_line(pair: Affinity) -> list[Scalar]:
    few = "" if pair.lift is not None else "under 5 expected together: too few to tell"
    return [
        pair.first_value,
        pair.second_value,
        pair.n,
        shown(pair.expected),
        shown(pair.lift),
        _how_sure(pair.q_value),
        few,
    ]


def _how_sure(q_value: float | None) -> Scalar:
    if q_value is None:
        return ""
    if q_value <= STRONG:
        return "strong"
    return "fair" if q_value <= FAIR else "can't tell yet"


FUNCTIONS = (
    cell_function(
        seg_compare, "Compare", "=SEG_COMPARE(Customers[Industry], Customers[Uses the app])"
    ),
    cell_function(
        seg_affinity, "Compare", '=SEG_AFFINITY(Customers[Industry], Customers[Country], "Agency")'
    ),
)
