"""Triangles against a second implementation that walks through customers one by one, and by hand."""

import calendar
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from mapseg_xl.analyze.candidates import candidates
from mapseg_xl.analyze.cohorts import find_cohorts
from mapseg_xl.analyze.performance import measure
from mapseg_xl.intake.tables import Orders
from mapseg_xl.measure.segments import partition
from mapseg_xl.settings import Settings
from tests.bases import bound, customers, trait

CONTRACT = Settings(model="self-serve")
REPEAT = Settings(model="repeat-purchase")


def made_up(seed, n=200, as_of=date(2025, 5, 17)):
    """Customers of two plans; some unknown starts, some who left without a date, some without a price."""
    r = np.random.default_rng(seed)
    start = [date(2024, 1, 1) + timedelta(int(d)) for d in r.integers(0, 500, n)]
    left = [d + timedelta(int(k)) for d, k in zip(start, r.exponential(200, n), strict=True)]
    gone = [d <= as_of for d in left]
    return customers(
        status=[3 if g else 2 for g in gone],
        converted_on=[str(d) if r.random() < 0.97 else None for d in start],
        churned_on=[
            str(d) if g and r.random() < 0.97 else None for d, g in zip(left, gone, strict=True)
        ],
        revenue_monthly=[float(v) if v > 20 else None for v in r.integers(10, 90, n)],
        traits=[trait("plan", r.choice(["A", "B"], n).tolist())],
    )


def table(cells, segment="ALL", field="value"):
    return {(c.cohort, c.age): getattr(c, field) for c in cells if c.segment == segment}


def month(day):
    return day.year * 12 + day.month - 1


def name(number):
    return f"{number // 12}-{number % 12 + 1:02}"


def one_by_one(base, as_of, member=None):
    """Survivors and money paid, from each customer's own months; by day in the first and last one."""
    kept, paid, n, payers = {}, {}, {}, {}
    roles = base.roles
    for i in range(base.n):
        start, left = roles["converted_on"][i], roles["churned_on"][i]
        gone = base.status[i] == 3
        if (member is not None and not member[i]) or np.isnat(start) or (gone and np.isnat(left)):
            continue
        start, left = start.item(), left.item() if gone else None
        price = roles["revenue_monthly"][i]
        cohort = name(month(start))
        n[cohort] = n.get(cohort, 0) + 1
        payers[cohort] = payers.get(cohort, 0) + (price == price)
        total = 0.0
        for m in range(month(start), month(as_of) + 1):
            length = calendar.monthrange(m // 12, m % 12 + 1)[1]
            days = [date(m // 12, m % 12 + 1, 1 + k) for k in range(length)]
            total += sum(start <= d <= as_of and (left is None or d < left) for d in days) / length
            at = cohort, m - month(start)
            kept[at] = kept.get(at, 0) + (left is None or month(left) > m)
            if price == price:
                paid[at] = paid.get(at, 0.0) + price * total
    return (
        {at: v / n[at[0]] for at, v in kept.items()},
        {at: v / payers[at[0]] for at, v in paid.items() if payers[at[0]]},
    )


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("as_of", [date(2025, 5, 17), date(2025, 5, 31)])
def test_survivors_and_money_are_those_of_each_customer_followed_alone(seed, as_of):
    base = made_up(seed)
    found = find_cohorts(base, None, (), as_of, CONTRACT)
    kept, paid = one_by_one(base, as_of)
    assert table(found.retention) == pytest.approx(kept)
    assert table(found.value) == pytest.approx(paid)


def test_a_month_that_is_not_over_is_open_and_one_that_ends_on_the_as_of_date_is_not():
    base = made_up(1)
    for as_of, over in ((date(2025, 5, 30), "2025-04"), (date(2025, 5, 31), "2025-05")):
        cells = find_cohorts(base, None, (), as_of, CONTRACT).retention
        for c in cells:
            year, number = map(int, c.cohort.split("-"))
            assert c.complete == (name(year * 12 + number - 1 + c.age) <= over)
        assert max(c.age for c in cells if c.cohort == "2024-01") == 16


def test_who_leaves_in_the_month_of_the_start_is_gone_at_age_0():
    base = customers(
        converted_on=["2025-01-10", "2025-01-31"],
        churned_on=["2025-01-20", "2025-02-01"],
        revenue_monthly=[31.0, 28.0],
    )
    found = find_cohorts(base, None, (), date(2025, 3, 31), CONTRACT)
    assert [c.value for c in found.retention] == [0.5, 0.0, 0.0]
    assert [c.counted for c in found.value] == pytest.approx(
        [10 + 28 / 31] * 3
    )  # ten days, one day
    assert [c.complete for c in found.retention] == [True, True, True]


def test_the_average_is_chained_over_closed_cells_only():
    base = customers(
        converted_on=["2025-01-01"] * 10 + ["2025-02-01"] * 10,
        churned_on=["2025-02-10"] * 2 + [None] * 8 + ["2025-03-05"] * 4 + [None] * 6,
    )
    found = find_cohorts(base, None, (), date(2025, 3, 10), CONTRACT)
    average = [(a.age, a.at_risk, a.value) for a in found.average]
    assert average == [(0, 20, 1.0), (1, 10, 0.8)]  # the second cohort's March is not over
    assert [c.complete for c in found.retention] == [True, True, False, True, False]


def test_each_segment_has_its_own_triangle_and_twins_have_one():
    base = made_up(2)
    rows, whole, _ = bound(base, "2025-05-31")
    cut = partition(base.traits[0])
    found = candidates([measure(rows, whole, cut)], [cut.name])
    twins = (*found, *candidates([measure(rows, whole, cut)] * 2, [cut.name]))
    assert any(c.twin_of for c in twins)
    got = find_cohorts(
        base, None, [c for c in twins if c.twin_of or c in found], date(2025, 5, 31), CONTRACT
    )
    for c in found:
        kept, paid = one_by_one(base, date(2025, 5, 31), c.member)
        assert table(got.retention, c.name) == pytest.approx(kept)
        assert table(got.value, c.name) == pytest.approx(paid)
    assert {c.segment for c in got.retention} == {"ALL", "A", "B"}
    assert {(c.segmentation, c.segment_id) for c in got.retention if c.segment == "ALL"} == {
        ("ALL", "ALL")
    }


def bought(seed, n=120, days=420):
    """Orders of customers, with refunds, unmatched lines, missing days and missing amounts."""
    r = np.random.default_rng(seed)
    count = n * 4
    who = r.integers(-1, n, count)
    day = np.datetime64("2024-02-01") + r.integers(0, days, count)
    day[r.random(count) < 0.02] = np.datetime64("NaT")
    value = np.round(r.gamma(2, 20, count), 2)
    value[r.random(count) < 0.05] *= -1
    value[r.random(count) < 0.03] = np.nan
    base = customers(status=[2] * n, traits=[trait("t", ["x"] * n)])
    return base, Orders(who.astype(np.int64), day.astype("M8[D]"), value, "o.csv", "o")


def with_pandas(orders, as_of):
    """The same triangles by group-by, as an analyst would do them."""
    frame = pd.DataFrame({"who": orders.customer, "day": orders.order_on, "value": orders.value})
    frame = frame[(frame.who >= 0) & (frame.day <= pd.Timestamp(as_of))]
    real = frame[~(frame.value < 0)]
    first = real.groupby("who").day.min().dt.to_period("M").rename("cohort")
    frame, real = frame.join(first, on="who"), real.join(first, on="who")
    frame = frame[frame.cohort.notna()]
    for f in (frame, real):
        f["age"] = (f.day.dt.year - f.cohort.dt.year) * 12 + f.day.dt.month - f.cohort.dt.month
    frame["age"] = frame.age.clip(lower=0)
    starters = first.groupby(first).size()
    active = real.groupby(["cohort", "age"]).who.nunique()
    money = frame.groupby(["cohort", "age"]).value.sum()
    share, worth = {}, {}
    for cohort in starters.index:
        ages = (as_of.year - cohort.year) * 12 + as_of.month - cohort.month
        total = 0.0
        for age in range(ages + 1):
            total += money.get((cohort, age), 0.0)
            share[str(cohort), age] = active.get((cohort, age), 0) / starters[cohort]
            worth[str(cohort), age] = total / starters[cohort]
    return share, worth


@pytest.mark.parametrize("seed", range(4))
def test_orders_by_month_are_what_pandas_counts(seed):
    base, orders = bought(seed)
    as_of = date(2025, 3, 31)
    found = find_cohorts(base, orders, (), as_of, REPEAT)
    share, worth = with_pandas(orders, as_of)
    assert table(found.retention) == pytest.approx(share)
    assert table(found.value) == pytest.approx(worth)


def test_the_average_of_orders_is_of_all_starters_for_people_come_back():
    who = [0, 0, 1, 1, 2]
    day = ["2025-01-05", "2025-03-02", "2025-01-09", "2025-02-01", "2025-02-20"]
    orders = Orders(np.array(who), np.array(day, "M8[D]"), np.full(5, 10.0), "", "")
    found = find_cohorts(customers(status=[2, 2, 2]), orders, (), date(2025, 3, 31), REPEAT)
    assert [a.value for a in found.average] == pytest.approx([1.0, 1 / 3, 1 / 2])
    assert found.form == "orders"


def test_a_customer_from_before_the_first_order_is_left_out_and_said():
    orders = Orders(
        np.array([0, 1]), np.array(["2025-01-05", "2025-01-09"], "M8[D]"), np.ones(2), "", ""
    )
    base = customers(converted_on=["2024-06-01", "2025-01-09"], created_on=[None, None])
    found = find_cohorts(base, orders, (), date(2025, 1, 31), REPEAT)
    assert {(c.cohort, c.at_risk) for c in found.retention} == {("2025-01", 1)}
    assert found.left_out == ("1 customer who started before the first order in the data",)


def test_under_contract_money_comes_from_dated_invoices_where_there_are_any():
    orders = Orders(
        np.array([0, 0, 1, 1]),
        np.array(["2024-12-30", "2025-02-01", "2025-01-09", "2025-03-01"], "M8[D]"),
        np.array([5.0, 7.0, 20.0, -4.0]),
        "",
        "",
    )
    base = customers(
        converted_on=["2025-01-01", "2025-01-01"],
        churned_on=["2025-02-15", None],
        revenue_monthly=[99.0, 99.0],
        gross_margin=[0.5, 0.5],
    )
    found = find_cohorts(base, orders, (), date(2025, 3, 31), CONTRACT)
    assert [c.value for c in found.retention] == [1.0, 0.5, 0.5]
    assert [c.value for c in found.value] == [12.5, 16.0, 14.0]
    assert [c.margin for c in found.value] == [6.25, 8.0, 7.0]
    assert found.dated_money


def test_a_gross_margin_that_is_set_stands_beside_the_revenue():
    base = customers(converted_on=["2025-01-01"], churned_on=[None], revenue_monthly=[100.0])
    found = find_cohorts(base, None, (), date(2025, 2, 28), Settings(gross_margin=0.7))
    assert [(c.value, c.margin) for c in found.value] == [(100.0, 70.0), (200.0, 140.0)]


@pytest.mark.parametrize(
    ("roles", "note"),
    [
        ({"tenure_months": [3.0, 4.0], "churned": [0, 1]}, "no column says when customers started"),
        ({"converted_on": ["2025-01-01"] * 2}, "no column says who has left"),
        (
            {"converted_on": ["2025-01-01"] * 2, "churned": [1, 1]},
            "nothing says when those who left did so",
        ),
    ],
)
def test_without_dates_there_are_no_cohorts_and_the_note_says_why(roles, note):
    found = find_cohorts(customers(**roles), None, (), date(2025, 3, 31), CONTRACT)
    assert (found.retention, found.value, found.note) == ((), (), note)


def test_a_base_without_any_date_has_no_cohorts():
    base = customers(tenure_months=[3.0], churned=[0])
    assert find_cohorts(base, None, (), None, CONTRACT).note


def test_leaving_is_dated_by_the_months_as_a_customer_where_no_date_says():
    base = customers(
        converted_on=["2025-01-15", "2025-01-15"], churned=[1, 0], tenure_months=[2.0, 9.0]
    )
    found = find_cohorts(base, None, (), date(2025, 4, 30), CONTRACT)
    assert [c.value for c in found.retention] == [1.0, 1.0, 0.5, 0.5]
    assert found.note == "needs monthly revenue, or dated orders or invoices"


def test_many_months_are_shown_by_quarter_and_the_older_ones_as_one():
    days = pd.date_range("2020-01-15", "2025-05-15", freq="MS").strftime("%Y-%m-%d").tolist()
    base = customers(converted_on=days, churned_on=[None] * len(days))
    found = find_cohorts(base, None, (), date(2025, 5, 17), CONTRACT)
    labels = [p.label for p in found.periods]
    assert labels[:2] == ["before 2022 Q3", "2022 Q3"]
    assert labels[-2:] == ["2025 Q1", "2025 Q2 so far"]
    assert sum(p.starters for p in found.periods) == len(days)
    newest = found.periods[-2]
    assert newest.kept[:3] == (3.0, 3.0, None)  # March starters have seen April through, not May
    assert newest.kept_open[:3] == (None, None, 1.0)


def test_no_input_is_changed():
    base, orders = bought(5)
    for column in (orders.customer, orders.order_on, orders.value, base.status):
        column.flags.writeable = False
    find_cohorts(base, orders, (), date(2025, 3, 31), REPEAT)
