"""What if over whole bases: weights on each metric's own denominator, careful rates, what cannot be shifted."""

import dataclasses
from datetime import date, timedelta

import numpy as np
import pytest

from mapseg_xl.analyze.candidates import candidates
from mapseg_xl.analyze.look_back import look_back
from mapseg_xl.analyze.performance import measure
from mapseg_xl.analyze.what_if import find_what_if, new_customers
from mapseg_xl.measure.segments import HYPOTHESES, partition
from tests.bases import bound, context, customers, trait

DAY = date(2025, 6, 30)


def found(base, named, as_of=None, held_out=None, **settings):
    """What if over the values of traits."""
    rows, whole, made = bound(base, as_of, **settings)
    groups = []
    for name in named:
        segmentation = partition(base.trait(name))
        if held_out is not None:
            segmentation = dataclasses.replace(segmentation, name=HYPOTHESES)
        groups.append(measure(rows, whole, segmentation, held_out))
    chosen = candidates(groups, [g.segmentation.name for g in groups])
    return find_what_if(chosen, whole, context(rows, made), base, rows), chosen


def trials():
    """Ten trials of A, four won, and thirty of B, three won; those of A pay 100, those of B 40."""
    converted = [1] * 4 + [0] * 6 + [1] * 3 + [0] * 27
    kind = trait("kind", ["A"] * 10 + ["B"] * 30)
    price = [100.0 if k else None for k in converted[:10]] + [
        40.0 if k else None for k in converted[10:]
    ]
    return customers(traits=[kind], converted=converted, revenue_monthly=price)


def rows_of(what_if, name, metric):
    return {r.scenario: r for r in what_if.rows if r.segment == name and r.metric == metric}


def test_conversion_is_weighed_by_trials_and_price_by_customers():
    what_if, _ = found(trials(), ["kind"])
    a = {p.metric: p for p in what_if.parts if p.segment_id.startswith("a")}
    assert (a["conversion"].weight, a["conversion"].rate, a["conversion"].rest_rate) == (
        0.25,
        0.4,
        0.1,
    )
    assert (a["arpu"].n, a["arpu"].n_all, a["arpu"].rate) == (4, 7, 100.0)


def test_today_is_the_company_average_and_after_counts_everybody_anew():
    what_if, _ = found(trials(), ["kind"])
    conversion = rows_of(what_if, "A", "conversion")
    assert conversion["count"].before == pytest.approx(7 / 40)
    assert conversion["count"].after == pytest.approx((7 + 0.4) / 41)
    assert conversion["absolute"].after == pytest.approx(7 / 40 + 0.1 * 0.3)
    assert conversion["relative"].after == pytest.approx(7 / 40 + 0.025 * 0.3)
    arpu = rows_of(what_if, "A", "arpu")
    assert arpu["count"].after == pytest.approx((520 + 0.4 * 100) / 7.4)


def test_a_share_that_would_pass_one_is_refused_and_says_the_largest_step():
    kind = trait("kind", ["A"] * 38 + ["B"] * 2)
    base = customers(traits=[kind], converted=[1, 0] * 20)
    row = rows_of(found(base, ["kind"])[0], "A", "conversion")["absolute"]
    assert row.after is None
    assert "at most 5.0 points" in row.note


def test_where_everybody_is_in_it_there_is_nothing_to_shift():
    base = customers(traits=[trait("kind", ["A"] * 40)], converted=[1, 0] * 20)
    rows = rows_of(found(base, ["kind"])[0], "A", "conversion")
    assert rows["count"].after == pytest.approx(rows["count"].before)
    assert rows["absolute"].after is None
    assert "nothing to shift" in rows["absolute"].note


def test_twins_are_left_out():
    kind = ["A"] * 10 + ["B"] * 30
    base = dataclasses.replace(trials(), traits=(trait("kind", kind), trait("same", kind)))
    what_if, chosen = found(base, ["kind", "same"])
    assert len(chosen) == 4
    assert {r.segmentation for r in what_if.rows} == {"kind"}


def test_a_proposal_weighs_on_everybody_with_the_rate_of_those_who_judge_it():
    held_out = np.arange(40) % 2 == 0
    what_if, _ = found(trials(), ["kind"], held_out=held_out)
    part = next(p for p in what_if.parts if p.metric == "conversion")
    assert part.weight == 0.25
    assert (part.n, part.n_all) == (10, 40)
    assert part.rate == 2 / 5  # trials 0, 2, 4, 6, 8 of A: two of them won


def test_an_empty_base_of_candidates_gives_nothing():
    what_if, _ = found(trials(), [])
    assert what_if.rows == what_if.parts == ()


@pytest.mark.parametrize(
    ("ages_days", "number", "said"),
    [
        ([10, 100, 364, 365, 500], 3.0, "last 12 months"),
        ([10, 30, 72], round(3 * 365 / 73), "73 days, scaled to a year"),
    ],
)
def test_new_customers_a_year_are_told_from_the_dates(ages_days, number, said):
    won = [(DAY - timedelta(days)).isoformat() for days in ages_days]
    base = customers(converted_on=won)
    rows, *_ = bound(base, DAY.isoformat())
    got, words = new_customers(base, rows)
    assert got == number
    assert said in words


def test_without_dates_young_customers_count_and_without_both_nothing_is_said():
    young = customers(tenure_months=[3, 12, 13, 40])
    assert new_customers(young, bound(young)[0])[0] == 2
    nothing = customers(revenue_monthly=[1.0, 2.0])
    number, said = new_customers(nothing, bound(nothing)[0])
    assert number is None
    assert "type how many" in said


def years_apart(n=400):
    """Starters of two years: A's share doubles, its price stays; B's price falls."""
    rng = np.random.default_rng(1)
    days = np.repeat([500, 100], n // 2) + rng.integers(0, 90, n)
    a = rng.random(n) < np.where(days > 365, 0.25, 0.5)
    price = np.where(a, 100.0, np.where(days > 365, 50.0, 40.0))
    kind = trait("kind", ["A" if x else "B" for x in a])
    won = [(DAY - timedelta(int(d))).isoformat() for d in days]
    return customers(traits=[kind], converted_on=won, revenue_monthly=price), days, a, price


def test_looking_back_tells_a_moved_share_from_a_changed_segment():
    base, days, a, price = years_apart()
    rows, whole, made = bound(base, DAY.isoformat())
    group = measure(rows, whole, partition(base.trait("kind")))
    chosen = candidates([group], [group.segmentation.name])
    back = look_back(chosen, base, rows, made.model, 30)
    one = next(b for b in back if b.metric == "arpu" and b.segment_id == chosen[0].segment_id)
    assert chosen[0].name == "A" or chosen[0].name == "B"
    mix, segment, others = one.effects
    later = days < 365
    change = price[later].mean() - price[~later].mean()
    assert mix + segment + others == pytest.approx(change, abs=1e-12)
    a_changed, b_changed = (segment, others) if chosen[0].name == "A" else (others, segment)
    assert a_changed == pytest.approx(0)
    assert b_changed == pytest.approx(-10 * (1 - (a[later].mean() + a[~later].mean()) / 2))


def test_too_few_starters_are_not_looked_back_on():
    base, *_ = years_apart(60)
    rows, whole, made = bound(base, DAY.isoformat())
    group = measure(rows, whole, partition(base.trait("kind")))
    back = look_back(candidates([group], ["kind"]), base, rows, made.model, 30)
    assert back
    assert not any(b.enough for b in back)


def test_leaving_is_weighed_by_months_and_cost_by_new_customers_whose_cost_is_known():
    base = customers(
        [2] * 6,
        [trait("kind", ["A"] * 2 + ["B"] * 4)],
        tenure_months=[10, 20, 5, 5, 10, 10],
        churned=[0] * 6,
        revenue_monthly=[9.0] * 5 + [None],
        acquisition_cost=[100, None, 50, 50, 50, 50],
    )
    what_if, _ = found(base, ["kind"])
    a = {p.metric: p for p in what_if.parts if p.segment_id.startswith("a")}
    assert (a["monthly_churn"].n, a["monthly_churn"].n_all) == (30, 60)
    assert (a["cac"].n, a["cac"].n_all) == (1, 5)
    assert (a["arpu"].n, a["arpu"].n_all) == (2, 5)
    assert (a["ltv"].n, a["ltv"].n_all) == (2, 6)
