"""Buying again, orders a customer, revenue an order: against pandas, by hand, and what must never be compared."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from mapseg_xl.intake.tables import Orders
from mapseg_xl.metrics.catalog import metric
from mapseg_xl.metrics.orders import (
    AGE,
    average_order_value,
    compare_order_value,
    orders_per_customer,
    repeat_rate,
)
from mapseg_xl.tally.groups import tally_groups
from tests.bases import bound, context, customers, performance, trait

AS_OF = "2025-06-30"
SHOP = {"model": "repeat-purchase"}


def orders_of(*lines):
    """Orders from (customer, day, value)."""
    who, day, value = zip(*lines, strict=True)
    amounts = np.array([np.nan if v is None else v for v in value], float)
    return Orders(np.array(who), np.array(day, "M8[D]"), amounts, "o.csv", "orders")


def estimate(of, base, orders=None, as_of=AS_OF, **settings):
    rows, whole, made = bound(base, as_of, orders, **{**SHOP, **settings})
    return of(whole, context(rows, made))


def buyers(n, **roles):
    return customers(status=[2] * n, **roles)


def made_up(seed, n=300, lines=1500):
    r = np.random.default_rng(seed)
    day = np.datetime64("2023-07-01") + r.integers(0, 790, lines)  # some after the as-of date
    value = np.round(r.gamma(2, 20, lines), 2)
    value[r.random(lines) < 0.05] *= -1
    who = r.integers(-1, n, lines)
    return buyers(n), Orders(who, day.astype("M8[D]"), value, "o.csv", "orders")


def with_pandas(orders):
    frame = pd.DataFrame({"who": orders.customer, "day": orders.order_on, "value": orders.value})
    frame = frame[(frame.who >= 0) & (frame.day <= pd.Timestamp(AS_OF))]
    real = frame[frame.value >= 0]
    return frame[frame.who.isin(real.who)], real


@pytest.mark.parametrize("seed", range(3))
def test_buying_again_is_what_pandas_counts(seed):
    base, orders = made_up(seed)
    _, real = with_pandas(orders)
    days = real.groupby("who").day.apply(lambda d: d.drop_duplicates().sort_values().to_numpy())
    matured = [d for d in days if d[0] + np.timedelta64(90, "D") <= np.datetime64(AS_OF)]
    again = [d for d in matured if len(d) > 1 and d[1] - d[0] <= np.timedelta64(90, "D")]
    got = estimate(repeat_rate, base, orders, window_days=90)
    assert (got.n, got.events) == (len(matured), len(again))
    assert f"{len(days) - len(matured)} buyers too recent on {AS_OF}, left out" in got.note


@pytest.mark.parametrize("seed", range(3))
def test_orders_and_their_value_are_what_pandas_sums(seed):
    base, orders = made_up(seed)
    money, real = with_pandas(orders)
    by_day = real.groupby(["who", "day"]).value.sum()
    got = estimate(average_order_value, base, orders)
    assert got.value == pytest.approx(money.value.sum() / len(by_day))
    assert (got.n, got.median) == (len(by_day), pytest.approx(by_day.median()))
    each = by_day.groupby("who").size()
    mean = estimate(orders_per_customer, base, orders)
    assert (mean.n, mean.value) == (len(each), pytest.approx(each.mean()))
    assert mean.median == each.median()


def test_the_difference_of_order_values_is_that_of_two_ratios_by_linearisation():
    base, orders = made_up(7)
    rows, whole, made = bound(base, AS_OF, orders, **SHOP)
    codes = np.where(np.arange(base.n) < 100, 0, -1)
    part = tally_groups(rows, codes, 1)[0]
    got = compare_order_value(part, whole.minus(part), context(rows, made))
    money, real = with_pandas(orders)
    total = money.groupby("who").value.sum()
    count = real.groupby("who").day.nunique()

    def side(kept):
        y, x = total[kept], count[kept]
        residual = y - y.sum() / x.sum() * x
        return y.sum() / x.sum(), residual.var(ddof=1) * len(y) / x.sum() ** 2, len(y)

    (a, va, na), (b, vb, nb) = side(total.index < 100), side(total.index >= 100)
    df = (va + vb) ** 2 / (va**2 / (na - 1) + vb**2 / (nb - 1))
    p = 2 * stats.t.sf(abs(a - b) / np.sqrt(va + vb), df)
    # the mean of residuals is 0 by construction, so plain and centred squares agree
    assert (got.difference, got.p) == (pytest.approx(a - b), pytest.approx(p))


def test_a_second_order_after_the_window_is_no_repeat_and_a_recent_buyer_is_in_neither_part():
    lines = [(0, "2025-01-01", 10), (0, "2025-01-31", 10), (1, "2025-01-01", 10)]
    lines += [(1, "2025-02-01", 10), (2, "2025-06-10", 10), (2, "2025-06-12", 10)]
    got = estimate(repeat_rate, buyers(3), orders_of(*lines), window_days=30)
    assert (got.events, got.n) == (1, 2)  # 30 days is inside: the window is inclusive
    assert "1 buyer too recent on 2025-06-30, left out (1 bought again already)" in got.note
    assert "a second order within 30 days of the first" in got.note


def test_lines_of_one_day_are_one_order_and_a_refund_is_none():
    orders = orders_of(
        (0, "2024-01-01", 10), (0, "2024-01-01", 5), (0, "2024-02-01", -15), (1, "2024-01-01", 20)
    )
    assert estimate(repeat_rate, buyers(2), orders, window_days=90).events == 0
    assert estimate(orders_per_customer, buyers(2), orders).value == 1
    got = estimate(average_order_value, buyers(2), orders)
    assert (got.value, got.median) == (10, 17.5)  # 20 over two orders; of 15 and 20


def test_the_window_is_told_from_the_second_orders_seen():
    lines = [(k, "2024-01-01", 1) for k in range(40)]
    lines += [(k, str(np.datetime64("2024-01-01") + 10 + k), 1) for k in range(40)]
    rows, _, _ = bound(buyers(40), AS_OF, orders_of(*lines), **SHOP)
    assert rows.question.repeat_days == 60
    assert rows.question.repeat_reason == "holds 90% of the 40 second orders seen"


def test_counts_without_days_are_shown_and_never_compared():
    base = buyers(
        400, order_count=[1 + k % 3 for k in range(400)], traits=[trait("t", ["a", "b"] * 200)]
    )
    row = performance(base, "repeat_rate", "t")["a"]
    assert (row.events, row.n) == (133, 200)
    assert (row.verdict, row.p_value, row.q_value) == ("not_available", None, None)
    assert row.note.startswith(AGE)
    assert row.rest_value is not None


def test_customers_without_an_order_or_without_a_count_are_no_buyers():
    base = buyers(4, order_count=[0, 1, 2, None], revenue_total=[9.0, 10.0, 50.0, 9.0])
    again = estimate(repeat_rate, base, as_of=None)
    assert (again.events, again.n) == (1, 2)
    assert again.note == "1 customer left out: number of orders unknown"
    assert estimate(orders_per_customer, base, as_of=None).value == 1.5
    assert estimate(average_order_value, base, as_of=None).value == 20


def test_without_orders_the_figures_say_what_they_need():
    for of in (repeat_rate, orders_per_customer, average_order_value):
        got = estimate(of, buyers(3), as_of=None)
        assert got.value is None
        assert got.note.startswith("needs ")


def test_under_contract_an_invoice_is_no_purchase():
    orders = orders_of((0, "2025-01-01", 10), (0, "2025-02-01", 10))
    assert estimate(repeat_rate, buyers(1), orders, model="self-serve").value is None


def test_when_everything_so_far_counts_nothing_is_compared():
    orders = orders_of((0, "2025-01-01", 10), (0, "2025-02-01", 10), (1, "2025-06-29", 10))
    got = estimate(repeat_rate, buyers(2), orders, window_all=True)
    assert (got.events, got.n, got.untested) == (1, 2, AGE)


def test_everyone_else_is_the_base_less_the_segment_for_orders_too():
    base, orders = made_up(3)
    rows, whole, made = bound(base, AS_OF, orders, **SHOP)
    codes = (np.arange(base.n) % 3 == 0).astype(int)
    first, second = tally_groups(rows, codes, 2)
    rest = whole.minus(second)
    for of in (repeat_rate, orders_per_customer, average_order_value):
        one, other = (of(t, context(rows, made)) for t in (rest, first))
        assert (one.value, one.n, one.median) == (
            pytest.approx(other.value),
            other.n,
            pytest.approx(other.median) if other.median is not None else None,
        )
        assert (one.low, one.high) == (pytest.approx(other.low), pytest.approx(other.high))


def test_a_dated_repeat_rate_is_judged():
    lines = [(k, "2024-01-01", 1.0) for k in range(400)]
    lines += [(k, "2024-01-20", 1.0) for k in range(400) if (k % 2 == 0 and k % 10) or k % 20 == 1]
    orders = orders_of(*lines)
    base = customers(status=[2] * 400, traits=[trait("t", ["a", "b"] * 200)])
    rows, whole, made = bound(base, AS_OF, orders, **SHOP)
    part = tally_groups(rows, base.traits[0].codes, 2)[0]
    one = metric("repeat_rate")
    got = one.compare(part, whole.minus(part), context(rows, made))
    assert got.p < 1e-6
    assert not one.estimate(part, context(rows, made)).untested
