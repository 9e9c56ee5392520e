"""Objections over bases where the truth is planted: few big accounts, one channel, one rep, newer customers."""

import numpy as np
import pytest

from mapseg_xl.analyze.candidates import candidates
from mapseg_xl.analyze.objections import find_objections, verdict_word
from mapseg_xl.analyze.performance import group_rows, measure
from mapseg_xl.analyze.strata import difference_within
from mapseg_xl.measure.segments import partition
from tests.bases import bound, context, customers, trait


def found(base, named="kind", judged=False, held_out=None):
    """Objections against the values of one trait."""
    rows, whole, made = bound(base)
    group = measure(rows, whole, partition(base.trait(named)), held_out)
    chosen = candidates([group], [group.segmentation.name])
    shared = context(rows, made)
    lines = None
    if judged:
        lines = {(r.segment_id, r.metric): r for r in group_rows(group, rows, whole, shared)}
    return find_objections(chosen, base, rows, shared, lines, held_out)


def answer(objections, objection, segment="A", metric="arpu", group=""):
    return next(
        a
        for a in objections.answers
        if (a.segment, a.metric, a.objection, a.group) == (segment, metric, objection, group)
    )


def paying(kind, price, headers=None, **more):
    traits = [trait("kind", kind), *more.pop("traits", ())]
    return customers([2] * len(kind), traits, headers, revenue_monthly=price, **more)


def test_three_big_accounts_may_make_a_segment_look_rich():
    base = paying(["A"] * 40 + ["B"] * 40, [1000.0] * 3 + [20.0] * 37 + [40.0] * 40)
    told = answer(found(base), "biggest accounts")
    assert (told.word, told.n, told.value, told.difference) == ("reverses", 37, 20.0, -20.0)
    assert told.said == (
        "Without its three biggest accounts “A” pays 50% less (was 2.3 times as much)."
    )


def test_a_difference_that_many_accounts_carry_holds():
    base = paying(["A"] * 40 + ["B"] * 40, [60.0] * 40 + [40.0] * 40)
    told = answer(found(base), "biggest accounts")
    assert told.word == "holds"
    assert told.said == "Without its three biggest accounts “A” still pays 50% more (was 50%)."


def test_rows_of_one_company_are_one_account_whatever_its_capitals():
    price = [30.0] * 4 + [100.0] * 3 + [20.0] * 33 + [40.0] * 40
    company = np.array(["Big"] * 2 + ["BIG "] * 2 + [""] * 76, dtype=object)
    base = paying(["A"] * 40 + ["B"] * 40, price)
    base.roles["company"] = company
    told = answer(found(base), "biggest accounts")
    assert told.n == 40 - 4 - 2  # Big pays 120 in four rows, then two of those who pay 100


def channels(kind, price, channel):
    return paying(kind, price, {"channel": "source"}, traits=[trait("source", channel)])


def test_a_difference_that_only_the_channel_makes_does_not_hold_within_channels():
    """Partner customers pay 100, others 20, in A as in B; A comes mostly from partners."""
    kind = ["A"] * 100 + ["B"] * 100
    channel = ["Partner"] * 80 + ["Search"] * 20 + ["Partner"] * 20 + ["Search"] * 80
    price = [100.0 if c == "Partner" else 20.0 for c in channel]
    told = answer(found(channels(kind, price, channel)), "channel")
    assert told.crude == pytest.approx(48)
    assert told.difference == pytest.approx(0)
    assert (told.word, told.groups, told.agree) == ("weaker", 2, 0)
    assert told.said.startswith(
        "Within channels “A” pays about the same (2.3 times as much overall)"
    )


def test_a_difference_that_turns_round_within_channels_reverses():
    kind = ["A"] * 100 + ["B"] * 100
    channel = ["Partner"] * 80 + ["Search"] * 20 + ["Partner"] * 20 + ["Search"] * 80
    price = [
        (100.0 if c == "Partner" else 20.0) - (5 if k == "A" else 0)
        for k, c in zip(kind, channel, strict=True)
    ]
    told = answer(found(channels(kind, price, channel)), "channel")
    assert (told.word, told.against) == ("reverses", ("Partner", "Search"))
    assert told.difference == pytest.approx(-5)
    assert "pays 14% less (2.2 times as much overall)" in told.said
    assert "the other way in Partner, Search" in told.said


def test_the_combined_difference_is_that_of_the_check_on_performance():
    rng = np.random.default_rng(4)
    kind = np.where(rng.random(600) < 0.4, "A", "B")
    channel = rng.choice(["x", "y", "z"], 600)
    price = rng.gamma(2, 20, 600) + 8 * (kind == "A") + 10 * (channel == "x")
    told = answer(found(channels(list(kind), list(price), list(channel))), "channel")
    codes = np.unique(channel, return_inverse=True)[1]
    assert told.difference == pytest.approx(difference_within(price, kind == "A", codes).difference)


def test_a_group_with_too_few_is_said_and_not_counted():
    kind = ["A"] * 40 + ["B"] * 40
    channel = ["Search"] * 35 + ["Fair"] * 5 + ["Search"] * 35 + ["Fair"] * 5
    price = [60.0] * 35 + [1.0] * 5 + [40.0] * 40
    made = found(channels(kind, price, channel))
    told = answer(made, "channel")
    assert (told.word, told.groups, told.too_few) == ("holds", 1, 1)
    assert told.difference == pytest.approx(20)
    assert "1 more with too few of either" in told.said
    assert answer(made, "channel", group="Fair").word == "cant_tell"


def test_a_segment_cut_on_the_channel_cannot_be_told_within_it():
    channel = ["Search"] * 40 + ["Fair"] * 40
    base = channels(channel, [60.0] * 40 + [40.0] * 40, channel)
    told = answer(found(base), "channel", segment="Search")
    assert (told.word, told.holds) == ("cant_tell", None)
    assert told.said == "No channel has enough of “Search” and of everyone else to compare."


def test_only_newer_is_answered_by_sign_up_year():
    """Prices rose in 2025, and A is mostly of 2025."""
    kind = ["A"] * 100 + ["B"] * 100
    years = [2025] * 80 + [2024] * 20 + [2025] * 20 + [2024] * 80
    price = [50.0 if year == 2025 else 30.0 for year in years]
    base = paying(kind, price, created_on=[f"{year}-03-01" for year in years])
    made = found(base)
    assert answer(made, "sign-up year").word == "weaker"
    assert answer(made, "sign-up year", group="2024").n == 20


def test_reps_are_compared_on_conversion():
    kind = ["A"] * 60 + ["B"] * 60
    owner = (["Ann"] * 30 + ["Bob"] * 30) * 2
    converted = ([1] * 20 + [0] * 10) * 2 + ([1] * 10 + [0] * 20) * 2
    traits = [trait("kind", kind), trait("rep", owner)]
    base = customers(None, traits, {"owner": "rep"}, converted=converted)
    told = answer(found(base), "owner", metric="conversion")
    assert (told.word, told.agree, told.groups) == ("holds", 2, 2)
    assert told.said == (
        "Within reps “A” still converts 33.3 points more often (33.3 points overall): "
        "the same way in 2 of 2 reps."
    )


def test_what_cannot_be_answered_names_the_column_that_would():
    base = customers(traits=[trait("kind", ["A", "B"] * 40)], converted=[1, 0, 0, 1] * 20)
    unasked = " ".join(found(base).unasked)
    for column in ("revenue", "channel", "sales rep", "sign-up date"):
        assert column in unasked


def test_only_clear_differences_are_doubted_and_the_others_are_named():
    base = paying(["A", "B"] * 40, [40.0, 41.0] * 40)
    made = found(base, judged=True)
    assert made.answers == ()
    assert set(made.unclear) == {"A", "B"}


def test_what_a_proposal_is_asked_it_is_asked_on_those_who_did_not_find_it():
    price = [60.0, 10.0] * 40 + [40.0, 90.0] * 40
    base = paying(["A"] * 80 + ["B"] * 80, price)
    held_out = np.arange(160) % 2 == 0
    rows, whole, made = bound(base)
    group = measure(rows, whole, partition(base.trait("kind")), held_out)
    chosen = candidates([group], [group.segmentation.name])
    told = find_objections(chosen, base, rows, context(rows, made), None, held_out)
    one = answer(told, "biggest accounts")
    assert (one.n, one.crude) == (37, 20.0)


@pytest.mark.parametrize(
    ("left", "word"),
    [(6.0, "holds"), (5.9, "weaker"), (-0.8, "weaker"), (-1, "reverses"), (None, "cant_tell")],
)
def test_a_difference_holds_with_two_thirds_left(left, word):
    assert verdict_word(9.0, left) == word
    assert verdict_word(-9.0, None if left is None else -left) == word


def test_at_most_eight_candidates_are_questioned_and_the_others_counted():
    kind = [f"k{i:02d}" for i in range(10) for _ in range(30)]
    price = [float(10 + 5 * i) for i in range(10) for _ in range(30)]
    made = found(paying(kind, price))
    assert len({a.segment_id for a in made.answers}) == 8
    assert made.skipped == 2
