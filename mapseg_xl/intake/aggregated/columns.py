"""What stands over the columns of a summary table: measures, places in the life cycle, values of a field."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import permutations

from mapseg_xl.intake.aggregated.counts import LIFE
from mapseg_xl.intake.aggregated.layout import Column, Layout, is_grand_total
from mapseg_xl.intake.aggregated.measures import (
    STATUSES,
    Measure,
    is_function,
    measure_of,
    outcome_of,
    status_of,
)

ROW_LABELS = re.compile(
    r"row labels|zeilenbeschriftungen|étiquettes de lignes|etiquetas de fila|sorcímkék",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Known:
    """A column of figures understood: its measure, and the value of the field that stands across."""

    column: Column
    name: str  # "leads", "price sum", "conversion rate"
    value: str = ""  # of the field across; "" none
    total: bool = False  # of all its values
    distinct: bool = False


def is_crossed(found: Layout) -> bool:
    """Whether counts stand under the values of a field, so that they exclude each other: Lead, Trial, not Leads."""
    if found.corner or found.column_field or not any(m.plain for m in measures_over(found)):
        return True
    words = {text for c in found.columns for text in c.path}
    return any(status_of(w) is not None and measure_of(w) is None for w in words)


def measures_over(found: Layout) -> list[Measure]:
    """Every measure that the corner and the words over the columns name."""
    texts = [found.corner, *(text for c in found.columns for text in c.path)]
    return [m for text in texts if text and (m := measure_of(text)) is not None]


def known_columns(found: Layout) -> list[Known]:
    """Each column's measure, status or value, from the words over it and in the corner."""
    pivot = bool(found.corner or found.column_field) or any(
        ROW_LABELS.fullmatch(f) for f in found.fields
    )
    made = [
        k for c in found.columns if (k := _understood(c, found.corner, pivot=pivot)) is not None
    ]
    made = [k for k in made if not _is_count(k) or _is_whole(found, k)]
    if pivot or any(len({k.value for k in made if k.name == one.name}) > 1 for one in made):
        return made
    return [
        replace(k, value="") for k in made
    ]  # words over columns of different measures are titles


def _is_count(k: Known) -> bool:
    return " " not in k.name or k.name == "customers now"


def _is_whole(found: Layout, k: Known) -> bool:
    """Whether a column of counts holds whole numbers: one shown as a percentage of a total does not."""
    values = [
        n for line in found.segments if (n := found.block.number(line.row, k.column.at)) is not None
    ]
    return all(n >= 0 and n.is_integer() for n in values)


def _understood(column: Column, corner: str, *, pivot: bool) -> Known | None:
    """A pivot's own measure (`Count of X`) leaves the other words to its fields; else each word may be the measure."""
    measure, used, total = _pivot_measure(column.path, corner)
    place = value = ""
    for text in column.path:
        if text in used:
            continue
        if is_grand_total(text):
            total = True
            continue
        made = measure_of(text)
        if measure is None and made is not None:
            measure = made
        elif measure is not None and not measure.plain and (where := _place(text)):
            place = where
        elif made is None:
            place, value = (where, value) if (where := _place(text)) else (place, text)
    if measure is None and (place or total or (pivot and value)):
        total = total and pivot
        measure = Measure("count", "size")
    if measure is None or measure.how == "other" or not measure.what:
        return None
    return Known(column, _name(measure, place), value, total, measure.distinct)


def _pivot_measure(
    path: Sequence[str], corner: str
) -> tuple[Measure | None, tuple[str, ...], bool]:
    """The measure as pivots write it over a column, else in the corner; its words, and whether it is of all values."""
    for text in path:
        bare = _without_total(text)
        made = measure_of(bare)
        if made is not None and not made.plain:
            return made, (text,), bare != text
    for function, what in permutations(path, 2):  # as programs write it, in two rows
        made = measure_of(f"{function} of {what}") if is_function(function) else None
        if made is not None and made.what:
            return made, (function, what), False
    return (measure_of(corner) if corner else None), (), False


def _without_total(text: str) -> str:
    """`Total Count of ID` as `Count of ID`; `Total MRR` stays, for it is no measure of a pivot."""
    bare = re.sub(r"^(?:total|gesamt)\s+(?=\S)", "", text, flags=re.IGNORECASE)
    made = measure_of(bare) if bare != text else None
    return bare if made is not None and not made.plain else text


def _place(text: str) -> str:
    """Where in the life cycle, or how decided, the word of a status field says that its customers are."""
    outcome = outcome_of(text)
    if outcome in ("won", "lost"):
        return outcome
    status = status_of(text)
    return STATUSES[status] if status is not None else outcome or ""


def _name(measure: Measure, place: str) -> str:
    """The raw measure's name; sums of money under a status are those of customers, now or once."""
    if measure.how == "count":
        return (
            place
            if place and measure.what in ("size", "leads", "trials", "customers")
            else measure.what
        )
    if measure.how == "rate":
        return f"{measure.what} rate"
    if measure.how == "sum" and measure.what in ("converted", "churned", *LIFE, "won", "lost"):
        return measure.what
    suffix = f"|{place}" if place else ""
    hand = " by hand" if measure.plain and measure.how == "sum" else ""
    return f"{measure.what} {measure.how}{suffix}{hand}"
