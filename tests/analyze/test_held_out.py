"""Segments judged on the half that did not find them: the other half enters neither side."""

import numpy as np
import pytest

from mapseg_xl.analyze.hypotheses import hypothesis_rows
from mapseg_xl.analyze.performance import family_rows, measure
from mapseg_xl.analyze.strata import check_within
from mapseg_xl.measure.discovery import propose
from mapseg_xl.measure.parsing import parse_rule
from mapseg_xl.measure.segments import HYPOTHESES, MY_SEGMENTS, NamedRule, overlapping
from mapseg_xl.metrics.catalog import metric
from mapseg_xl.settings import Settings
from mapseg_xl.stats.multiplicity import benjamini_yekutieli
from tests.bases import bound, context, customers, trait
from tests.measure.worlds import base_of, converted, dice, values_of

N = 400


def base(**more):
    kinds = ["A", "B", "C", "D"] * (N // 4)
    flags = [int(at % 8 in (0, 3, 4)) for at in range(N)]
    return customers(
        traits=[trait("kind", kinds), *more.pop("traits", ())], converted=flags, **more
    )


def rules(*texts):
    return [NamedRule(text, parse_rule(text)) for text in texts]


def rows_of(people, within, found=None, texts=("kind = A", "kind in (B, C, D)", "kind = B")):
    bound_rows, whole, made = bound(people)
    segmentation = overlapping(HYPOTHESES, rules(*texts), people)
    ids = [s.segment_id for s in segmentation.segments]
    chosen = None if found is None else [ids[at] for at in found]
    group = measure(bound_rows, whole, segmentation, within, chosen)
    shared = context(bound_rows, made)
    return group, family_rows(metric("conversion"), group, bound_rows, whole, shared)


HALF = np.arange(N) % 3 == 0


def test_both_sides_are_counted_on_the_judging_half_alone():
    people = base()
    group, rows = rows_of(people, HALF)
    flags, kind = people.roles["converted"], people.traits[0].codes
    inside = HALF & (kind == 0)
    assert rows[0].n == inside.sum()
    assert rows[0].value == pytest.approx(flags[inside].mean())
    assert rows[0].rest_value == pytest.approx(flags[HALF & ~inside].mean())
    assert {row.basis for row in rows} == {group.basis} == {"held_out"}


def test_what_the_finding_half_does_changes_nothing():
    people = base()
    before = rows_of(people, HALF)[1]
    people.roles["converted"][~HALF] = 1
    after = rows_of(people, HALF)[1]
    judged = ("n", "value", "rest_value", "difference", "p_value", "q_value", "verdict", "note")
    for one, other in zip(before, after, strict=True):
        assert [getattr(one, f) for f in judged] == [getattr(other, f) for f in judged]


def test_mirror_images_on_the_judging_half_are_one_test():
    _, rows = rows_of(base(), HALF)
    two = benjamini_yekutieli([rows[0].p_value, rows[2].p_value], 2)
    assert [row.q_value for row in rows] == pytest.approx([two[0], two[0], two[1]])


def test_only_the_adopted_ones_of_my_segments_are_judged_on_the_half():
    _, rows = rows_of(base(), HALF, found=[0])
    assert [row.basis for row in rows] == ["held_out", "all", "all"]
    assert rows[2].n == N / 4


def test_a_reversal_within_channel_is_looked_for_on_the_judging_half():
    channel = [("Ad", "Fair")[at % 2] for at in range(N)]
    people = base(traits=[trait("channel", channel)], headers={"channel": "channel"})
    inside = HALF & (np.arange(N) % 4 == 0)
    some = np.arange(N) % 8 == 0
    people.roles["converted"][:] = np.where(HALF, inside & some, 1)
    again, _, _ = bound(people)

    def said(judging):
        return check_within("conversion", again, inside, 0.5, judging)

    assert said(HALF) == "not checked within start quarter"
    assert said(None).startswith("reverses within channel")


def planted(own=(), seed=3, rate_inside=0.4):
    n = 4000
    codes = dice(seed, n, (5, 4, 3, 6))
    traits = [values_of(name, column) for name, column in zip("abcd", codes, strict=True)]
    people = base_of(
        traits, seed, converted=converted(seed, np.where(codes[0] == 2, rate_inside, 0.15))
    )
    bound_rows, whole, made = bound(people)
    proposals = propose(people, bound_rows, made)
    groups = [measure(bound_rows, whole, overlapping(MY_SEGMENTS, rules(*own), people))]
    groups.append(measure(bound_rows, whole, proposals.segmentation, proposals.held_out))
    shared = context(bound_rows, made)
    lines = [
        line
        for group in groups
        for line in family_rows(metric("conversion"), group, bound_rows, whole, shared)
    ]
    return hypothesis_rows(proposals, groups, lines, Settings())


def test_proposals_come_first_and_my_segments_go_on_counting():
    found = planted(own=("b = b0", "b = b1 and c = c0"))
    assert [row.rank for row in found] == [1, 2, 3]
    assert [row.source for row in found] == ["proposal", "my segment", "my segment"]


def test_a_proposal_that_held_says_so_with_its_figures():
    row = planted()[0]
    assert row.segment == "a2"
    assert row.verdict == "better"
    assert row.why.startswith(f"converts {row.value:.1%} (")
    assert (
        f"on customers it was not found on, against {row.rest_value:.1%} for everyone else"
        in row.why
    )
    assert row.why.endswith("; held")


def test_four_customers_get_no_rank_however_they_did():
    people = customers(
        traits=[trait("kind", ["few"] * 4 + ["many"] * 296)],
        converted=[1] * 4 + [0, 0, 0, 1] * 74,
    )
    bound_rows, whole, made = bound(people)
    proposals = propose(people, bound_rows, made)
    own = overlapping(MY_SEGMENTS, rules("kind = few", "kind = many"), people)
    group = measure(bound_rows, whole, own)
    lines = family_rows(metric("conversion"), group, bound_rows, whole, context(bound_rows, made))
    found = hypothesis_rows(proposals, [group], lines, made)
    assert {row.segment: row.rank for row in found} == {"kind = many": 1, "kind = few": None}
    assert found[-1].segment == "kind = few"


def test_without_an_outcome_my_segments_are_listed_and_say_so():
    people = customers([2] * 100, [trait("kind", ["x", "y"] * 50)])
    bound_rows, whole, made = bound(people)
    own = overlapping(MY_SEGMENTS, rules("kind = x"), people)
    found = hypothesis_rows(
        propose(people, bound_rows, made), [measure(bound_rows, whole, own)], [], made
    )
    assert [(row.why, row.verdict, row.metric) for row in found] == [
        ("nothing to judge it by", "not_available", "")
    ]
