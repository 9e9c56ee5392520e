"""Which segments a run compares: people's own, what was decided, what is proposed, the values of columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from mapseg_xl.analyze.performance import (
    Group,
    measure,
)
from mapseg_xl.intake.tables import BLANK, Customers, Sources, Trait
from mapseg_xl.measure.discovery import Proposals
from mapseg_xl.measure.own_segments import Refused, come_back, countable
from mapseg_xl.measure.parsing import parse_rule
from mapseg_xl.measure.rules import rule_key
from mapseg_xl.measure.segments import (
    MY_SEGMENTS,
    NamedRule,
    Segmentation,
    overlapping,
    parse_segment_option,
    partition,
    segmentation_by,
)
from mapseg_xl.request import Request
from mapseg_xl.settings import Settings
from mapseg_xl.tally.rows import Rows
from mapseg_xl.tally.tally import Tally

FEWEST_VALUES = 2


def own_segments(request: Request, sources: Sources) -> tuple[list[NamedRule], list[Refused]]:
    """What people believe in: asked for, typed in an earlier workbook, on a sheet of a source; a name once.

    Beside them what was written on a sheet and cannot be counted; one asked for on the command line must be right.
    """
    asked = [parse_segment_option(text) for text in request.segments]
    written = (*request.own_segments, *sources.own_segments)
    countables, refused = countable(written, sources.customers)
    found = [*asked, *countables]
    return list({n.name.casefold(): n for n in reversed(found)}.values())[::-1], refused


def decided_segments(
    request: Request, customers: Customers, settings: Settings, own: Sequence[NamedRule]
) -> tuple[list[NamedRule], list[Refused]]:
    """The segments chosen on Decision that this run would not have by itself, as segments of people's own."""
    if not request.decided:
        return [], []
    there = segmentations(request, customers, settings, own)
    ids = {s.segment_id for cut in there for s in cut.segments}
    return come_back(request.decided, own, ids, request.remembered.ids, customers)


def groups_of(
    request: Request,
    customers: Customers,
    rows: Rows,
    whole: Tally,
    proposals: Proposals,
    own: Sequence[NamedRule],
    adopted: Mapping[str, str],
    settings: Settings,
) -> tuple[Group, ...]:
    """Every segmentation that is compared, tallied. Proposals are tallied on the half that judges them.

    So are those that people have adopted: name -> id.
    """
    ids = {(MY_SEGMENTS, d.name): d.segment_id for d in request.decided}
    ids |= {(MY_SEGMENTS, name): made for name, made in adopted.items()}
    request = replace(request, known_ids={**request.known_ids, **ids})
    compared = segmentations(request, customers, settings, own)
    groups = []
    for s in compared:
        judged = _found_by_search(s, request, proposals, adopted) if s.name == MY_SEGMENTS else ()
        groups.append(measure(rows, whole, s, proposals.held_out if judged else None, judged))
    if proposals.segmentation is not None:
        at = 1 if own else 0
        groups.insert(at, measure(rows, whole, proposals.segmentation, proposals.held_out))
    return tuple(groups)


def _found_by_search(
    own: Segmentation, request: Request, proposals: Proposals, adopted: Mapping[str, str]
) -> set[str]:
    """The ids of people's own segments that the search of an earlier run found, under whatever words.

    By rule; or by the very same customers, where the search finds that rule again.
    """
    known, again = request.remembered.ids, proposals.segmentation
    members = []
    if again is not None:
        found = enumerate(again.segments)
        members = [again.member(at) for at, s in found if rule_key(parse_rule(s.rule)) in known]
    same = {
        s.segment_id
        for at, s in enumerate(own.segments)
        if any(np.array_equal(own.member(at), member) for member in members)
    }
    return same | set(adopted.values())


def segmentations(
    request: Request, customers: Customers, settings: Settings, own: Sequence[NamedRule]
) -> list[Segmentation]:
    """My segments, then what --segment-by names; nothing named: every trait of 2 to 20 values."""
    result: list[Segmentation] = []
    if own:
        result.append(overlapping(MY_SEGMENTS, own, customers, request.known_ids))
    if request.segment_by:
        named = [segmentation_by(h, customers, request.known_ids) for h in request.segment_by]
        return result + list({s.name: s for s in named}.values())  # one named twice is one
    fitting = [t for t in customers.traits if _is_compared(t, settings)]
    return result + [partition(t, request.known_ids) for t in fitting]


def _is_compared(trait: Trait, settings: Settings) -> bool:
    known = len(trait.values) - (BLANK in trait.values)
    return len(trait.values) >= FEWEST_VALUES and known <= settings.max_values
