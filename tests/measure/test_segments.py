from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapseg_xl.errors import InputError, MissingColumn
from mapseg_xl.measure.membership import evaluate
from mapseg_xl.measure.parsing import parse_rule
from mapseg_xl.measure.segments import (
    NamedRule,
    crossed,
    overlapping,
    parse_segment_option,
    partition,
    segmentation_by,
)
from tests.measure.people import customers, trait

CONTRACT = trait(
    "contract",
    ["Month", "One year", "Month", "Two year", None],
    outcome_like=True,
    made_from=("churned",),
)
NET = trait(
    "internet_service", ["DSL", "DSL", "No", "Fiber", "DSL"], made_from=("revenue_monthly",)
)
BASE = customers(
    CONTRACT, NET, tenure_months=np.array([1.0, 2, 3, 4, 5]), headers={"tenure_months": "tenure"}
)
CELLS = st.lists(
    st.one_of(st.none(), st.sampled_from(["a", "b | c", "a | b", "c", "O'Brien", "=1", "12", "2026-01-31", "and"])),
    min_size=1, max_size=20,
)  # fmt: skip


@given(CELLS, st.randoms(use_true_random=False))
def test_the_rule_of_a_segment_holds_for_exactly_its_members(cells, random):
    first, second = trait("first col", cells), trait("b", random.sample(cells, len(cells)))
    base = customers(first, second)
    for segmentation in (partition(first), crossed(first, second)):
        for i, segment in enumerate(segmentation.segments):
            assert (evaluate(parse_rule(segment.rule), base) == segmentation.member(i)).all()


@given(CELLS, st.randoms(use_true_random=False))
def test_ids_are_unique_across_segmentations(cells, random):
    first, second = trait("a", cells), trait("b", random.sample(cells, len(cells)))
    segmentations = [partition(first), partition(second), crossed(first, second)]
    ids = [s.segment_id for segmentation in segmentations for s in segmentation.segments]
    assert len(set(ids)) == len(ids)


@given(CELLS, CELLS)
def test_new_data_changes_no_id(cells, more):
    before = {s.name: s.segment_id for s in partition(trait("a", cells)).segments}
    after = {s.name: s.segment_id for s in partition(trait("a", [*more, *cells])).segments}
    assert after.items() >= before.items()


def test_a_partition_keeps_the_order_of_the_values():
    segmentation = partition(CONTRACT)
    assert [s.name for s in segmentation.segments] == ["Month", "One year", "Two year", "(blank)"]
    assert segmentation.sizes() == (2, 1, 1, 1)


def test_crossed_attributes_have_only_the_pairs_that_occur():
    segmentation = segmentation_by("contract x internet_service", BASE)
    assert segmentation.name == "contract x internet_service"
    assert {s.name: n for s, n in zip(segmentation.segments, segmentation.sizes(), strict=True)} == {
        "Month | DSL": 1, "Month | No": 1, "One year | DSL": 1, "Two year | Fiber": 1, "(blank) | DSL": 1,
    }  # fmt: skip


@pytest.mark.parametrize("written", ["Contract X Internet service", "contract × internet_service"])
def test_crossed_headers_are_matched_loosely_but_named_as_in_the_source(written):
    assert segmentation_by(written, BASE).name == "contract x internet_service"


def test_a_header_that_looks_like_a_cross_wins():
    real = trait("contract x internet_service", ["a", "a", "b", "b", "b"])
    segmentation = segmentation_by("contract x internet_service", customers(CONTRACT, NET, real))
    assert segmentation.sizes() == (2, 3)


def test_a_crossed_header_may_itself_hold_an_x():
    real = trait("width x height", ["a", "a", "b", "b", "b"])
    segmentation = segmentation_by("width x height x contract", customers(CONTRACT, real))
    assert segmentation.name == "width x height x contract"


def test_a_header_that_looks_like_a_formula_is_found():
    base = customers(trait("=7771+industry", ["a", "b"]))
    assert segmentation_by("=7771+industry", base).name == "=7771+industry"


@pytest.mark.parametrize("option", ["contrakt", "contrakt x internet_service"])
def test_a_missing_column_names_the_nearest(option):
    with pytest.raises(MissingColumn, match=r"has no column 'contrakt'. Did you mean 'contract'"):
        segmentation_by(option, BASE)


def test_a_column_of_numbers_is_cut_into_bands_whose_rules_hold_for_their_members():
    months = np.arange(100.0)
    base = customers(tenure_months=months, headers={"tenure_months": "tenure"})
    segmentation = segmentation_by("tenure", base)
    assert 2 <= len(segmentation.segments) <= 5
    assert segmentation.made_from == ("tenure_months",)
    for i, segment in enumerate(segmentation.segments):
        assert (evaluate(parse_rule(segment.rule), base) == segmentation.member(i)).all()


def test_a_role_column_of_text_can_be_compared_by_its_values():
    base = customers(
        channel=np.array(["Ads", "", "Fair", "Ads"], object), headers={"channel": "Came by"}
    )
    segmentation = segmentation_by("came by", base)
    assert [s.name for s in segmentation.segments] == ["Ads", "Fair", "(blank)"]
    assert segmentation.made_from == ()  # no metric is computed from the channel


def test_what_a_segment_is_made_from_follows_its_columns():
    named = [
        parse_segment_option("Old: tenure >= 3"),
        parse_segment_option("Net: internet_service = dsl"),
    ]
    segmentation = overlapping("my segments", named, BASE)
    assert [s.made_from for s in segmentation.segments] == [
        ("tenure_months",),
        ("revenue_monthly",),
    ]
    assert not segmentation.outcome_like
    both = crossed(CONTRACT, NET)
    assert both.made_from == ("churned", "revenue_monthly")
    assert both.outcome_like


def test_own_segments_may_overlap():
    named = [
        parse_segment_option("Old: tenure >= 3"),
        parse_segment_option("Dsl: internet_service = dsl"),
    ]
    segmentation = overlapping("my segments", named, BASE)
    assert segmentation.sizes() == (3, 3)
    assert segmentation.member(0).tolist() == [False, False, True, True, True]
    assert [s.source for s in segmentation.segments] == ["my segment", "my segment"]


def test_an_own_segment_keeps_its_id_when_its_rule_changes():
    ids = [
        overlapping("my segments", [parse_segment_option(f"Old: tenure >= {m}")], BASE)
        .segments[0]
        .segment_id
        for m in (2, 3)
    ]
    assert ids[0] == ids[1]


def test_ids_of_an_earlier_run_are_kept():
    known = {("contract", "Month"): "monthly-1"}
    ids = [s.segment_id for s in partition(CONTRACT, known).segments]
    assert ids[0] == "monthly-1"
    assert ids[1:] == [s.segment_id for s in partition(CONTRACT).segments][1:]


def test_an_earlier_id_is_given_only_once():
    known = {("contract", "Month"): "same", ("contract", "One year"): "same"}
    ids = [s.segment_id for s in partition(CONTRACT, known).segments]
    assert len(set(ids)) == 4


def test_two_own_segments_of_one_name_are_refused():
    named = NamedRule("Old", parse_rule("tenure > 3"))
    with pytest.raises(InputError, match="Two segments are called 'Old'"):
        overlapping("my segments", [named, named], BASE)


def test_two_segments_that_are_each_others_rest_are_one_test():
    assert partition(trait("a", ["x", "y", "x"])).mirrored
    assert not partition(CONTRACT).mirrored
    named = [parse_segment_option("Old: tenure >= 3"), parse_segment_option("New: tenure < 3")]
    assert overlapping("my segments", named, BASE).mirrored


@pytest.mark.parametrize(
    ("option", "name", "rule"),
    [
        ("Enterprise: employees >= 1000", "Enterprise", "employees >= 1000"),
        ("Enterprise:employees >= 1000", "Enterprise", "employees >= 1000"),
        ("A: B: size > 3", "A: B", "size > 3"),
        ("Ratio 1:2 shops: size > 3", "Ratio 1:2 shops", "size > 3"),
        ("X: note = 'a: b'", "X", "note = 'a: b'"),
        ("=cmd|'/C calc'!A0: size > 3", "=cmd|'/C calc'!A0", "size > 3"),
    ],
)
def test_reads_a_named_rule(option, name, rule):
    named = parse_segment_option(option)
    assert (named.name, str(named.rule)) == (name, rule)


@pytest.mark.parametrize(
    ("option", "why"),
    [
        ("employees >= 1000", "has no name or no rule. Write NAME: RULE"),
        (": employees >= 1000", "has no name or no rule"),
        ("Big: employees", "cannot be read at the end"),
        ("Big:", "a column is missing"),
    ],
)
def test_says_what_a_named_rule_lacks(option, why):
    with pytest.raises(InputError, match=why):
        parse_segment_option(option)


def test_a_hundred_thousand_values_are_no_trouble():
    many = trait_of_many(100_000)
    assert len(partition(many).segments) == 100_000


def trait_of_many(n):

    return replace(
        CONTRACT, values=tuple(f"v{i}" for i in range(n)), codes=np.arange(n, dtype=np.int32)
    )
