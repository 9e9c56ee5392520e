"""Edited history is told from news: known numbers of new, changed, edited and deleted rows are found again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapseg_xl.analyze.edits import Bound, Edits, edits
from mapseg_xl.analyze.footprints import (
    LEFT,
    ORDERED,
    PRICE,
    STARTED,
    STATUS,
    WON,
    Footprint,
    footprint,
    stood,
)
from mapseg_xl.intake.tables import Customers, Orders
from tests.bases import customers, trait

THEN, NOW = date(2025, 3, 31), date(2025, 6, 30)
DAYS = np.arange(np.datetime64("2024-01-01"), np.datetime64(NOW))
Table = dict[str, list[Any]]


def table(n: int, seed: int = 1) -> Table:
    """Customers with all their dates, some of them after the earlier day."""
    rng = np.random.default_rng(seed)
    start = np.sort(rng.choice(DAYS, n))
    won = [
        s + int(w) if rng.random() < 0.5 else None
        for s, w in zip(start, rng.integers(0, 40, n), strict=True)
    ]
    left = [w + 90 if w is not None and rng.random() < 0.3 else None for w in won]
    return {
        "customer_id": [f"K{i:05d}" for i in range(n)],
        "trial_on": [str(s) for s in start],
        "converted_on": [_day(w) for w in won],
        "churned_on": [_day(w) for w in left],
        "revenue_monthly": [None if w is None else float(rng.integers(10, 99)) for w in won],
        "industry": [("Agency", "Shop", "Coach")[k] for k in rng.integers(0, 3, n)],
    }


def _day(day: Any) -> str | None:
    return None if day is None or day > np.datetime64(NOW) else str(day)


def base(held: Table, names: tuple[str, ...] = ("industry",)) -> Customers:
    roles = {k: v for k, v in held.items() if k not in names}
    return customers(traits=[trait(name, held[name]) for name in names], **roles)


def taken(held: Table, orders: Orders | None = None) -> Footprint:
    """The footprint of a run on the earlier day."""
    made = footprint(*stood(base(held), orders, THEN), "salt")
    assert made is not None
    return made


def compared(then: Footprint, held: Table, orders: Orders | None = None) -> Edits:
    return edits(then, *stood(base(held, tuple(then.traits)), orders, THEN))


def known(held: Table) -> list[int]:
    """Rows that are there on the earlier day."""
    return [i for i, day in enumerate(held["trial_on"]) if day <= str(THEN)]


def without(held: Table, rows: list[int]) -> Table:
    return {k: [v for i, v in enumerate(column) if i not in rows] for k, column in held.items()}


def put(held: Table, column: str, rows: list[int], value: Any) -> Table:
    made = {k: list(v) for k, v in held.items()}
    for row in rows:
        made[column][row] = value(made[column][row]) if callable(value) else value
    return made


def shuffled(held: Table, seed: int = 3) -> Table:
    order = np.random.default_rng(seed).permutation(len(held["trial_on"]))
    return {k: [v[i] for i in order] for k, v in held.items()}


def holds(bound: Bound, truth: int) -> None:
    """At least is never too many; about is near."""
    assert bound.least <= truth
    assert bound.about is not None
    assert abs(bound.about - truth) <= max(1.5, 0.25 * truth)


@settings(max_examples=25, deadline=None)
@given(n=st.integers(40, 400), seed=st.integers(0, 99))
def test_the_same_rows_in_another_order_with_news_since_are_no_edit(n: int, seed: int) -> None:
    full = table(n, seed)
    if len(known(full)) < 40:
        return
    assert compared(taken(full), shuffled(full, seed)).is_none


def test_rows_taken_out_are_counted() -> None:
    full = table(2000)
    rows = known(full)[10:400:60]
    found = compared(taken(full), shuffled(without(full, rows)))
    assert len(rows) == 7
    holds(found.gone, 7)
    assert found.came.none
    assert all(b.none for b in (*found.layers.values(), *found.traits.values()))


def test_rows_put_in_with_an_earlier_date_are_found_by_their_row() -> None:
    full = table(2000)
    late = [i for i in range(2000) if i not in known(full) and full["converted_on"][i] is None][:4]
    moved = put(full, "trial_on", late, "2024-05-05")
    found = compared(taken(full), moved)
    assert found.came == Bound(4, 4.0)
    assert found.came_rows == tuple(i + 2 for i in late)
    assert found.gone.none
    assert found.layers[STARTED].none


@pytest.mark.parametrize(
    ("layer", "column", "who", "value"),
    [
        (STARTED, "trial_on", "any", "2024-01-02"),
        (WON, "converted_on", "won", lambda d: str(np.datetime64(d) - 1)),
        (LEFT, "churned_on", "left", lambda d: str(np.datetime64(d) + 1)),
        (PRICE, "revenue_monthly", "won", lambda p: p + 1),
    ],
)
def test_each_kind_of_edit_is_counted_in_its_own_line(
    layer: str, column: str, who: str, value: Any
) -> None:
    full = table(3000)
    there = known(full)
    mark = {"any": "trial_on", "won": "converted_on", "left": "churned_on"}[who]
    rows = [i for i in there if full[mark][i] is not None and full[mark][i] < str(THEN)][5::9][:12]
    assert len(rows) >= 5
    found = compared(taken(full), put(full, column, rows, value))
    holds(found.layers[layer], len(rows))
    others = {k: b for k, b in found.layers.items() if k != layer}
    assert all(b.none for b in others.values())
    assert found.gone.none
    assert found.came.none


def test_a_changed_value_of_a_trait_is_counted_under_that_trait() -> None:
    full = table(3000)
    rows = known(full)[::40]
    found = compared(taken(full), put(full, "industry", rows, "Farm"))
    holds(found.traits["industry"], len(rows))
    assert all(b.none for b in found.layers.values())


def test_everything_at_once_is_kept_apart() -> None:
    full = table(4000)
    there = known(full)
    won = [i for i in there if full["converted_on"][i] and full["converted_on"][i] < str(THEN)]
    edited = put(full, "revenue_monthly", won[0:900:30], lambda p: p * 2)
    edited = put(edited, "industry", there[7:1000:50], "Farm")
    edited = put(edited, "trial_on", there[9:900:99], "2024-01-03")
    gone = there[20:1000:120]
    found = compared(taken(full), shuffled(without(edited, gone)))
    holds(found.gone, len(gone))
    holds(found.layers[PRICE], len(won[0:900:30]))
    holds(found.traits["industry"], len(there[7:1000:50]))
    holds(found.layers[STARTED], len(there[9:900:99]))


def test_very_many_edits_are_at_least_the_groups_and_no_made_up_number() -> None:
    full = table(1000)
    found = compared(taken(full), put(full, "industry", known(full), "Farm"))
    assert found.traits["industry"].about is None
    assert 0 < found.traits["industry"].least <= len(known(full))


def test_a_purchase_or_a_leaving_since_is_no_edit_and_brings_no_price_change() -> None:
    full = table(3000)
    month = {k: list(v) for k, v in full.items()}
    for i in known(full):
        if (month["converted_on"][i] or "9") > str(THEN):
            month["converted_on"][i] = month["revenue_monthly"][i] = None
        if (month["churned_on"][i] or "") > str(THEN):
            month["churned_on"][i] = None
    assert compared(taken(month), full).is_none


def test_a_column_with_another_name_is_known_again() -> None:
    full = table(1500)
    then = taken(full)
    renamed = {("trade" if k == "industry" else k): v for k, v in full.items()}
    found = edits(then, *stood(base(renamed, ("trade",)), None, THEN))
    assert found.renamed == {"industry": "trade"}
    assert found.missing == ()
    assert found.traits["industry"].none


def test_a_column_that_is_gone_is_not_taken_for_a_new_one_that_says_something_else() -> None:
    full = table(1500)
    rng = np.random.default_rng(5)
    other = {k: v for k, v in full.items() if k != "industry"}
    other["size"] = [("big", "small")[k] for k in rng.integers(0, 2, 1500)]
    found = edits(taken(full), *stood(base(other, ("size",)), None, THEN))
    assert found.renamed == {}
    assert (found.missing, found.added) == (("industry",), ("size",))


def undated(n: int) -> Table:
    rng = np.random.default_rng(2)
    return {
        "customer_id": [f"K{i}" for i in range(n)],
        "tenure_months": rng.integers(1, 60, n).astype(float).tolist(),
        "churned": rng.integers(0, 2, n).tolist(),
        "industry": [("Agency", "Shop")[k] for k in rng.integers(0, 2, n)],
    }


def test_without_dates_new_rows_are_found_as_rows_that_were_not_there() -> None:
    full = undated(1150)
    first = {k: v[:1000] for k, v in full.items()}
    then = footprint(base(first), None, "salt")
    assert then is not None
    left = [i for i in range(1000) if first["churned"][i] == 0][:6]
    found = edits(then, base(put(full, "churned", left, 1)), None)
    assert found.came == Bound(150, 150.0)
    assert found.came_rows == tuple(range(1002, 1152))
    assert found.gone.none
    holds(found.layers[STATUS], 6)


def orders_of(n: int, seed: int = 4) -> Orders:
    rng = np.random.default_rng(seed)
    days = rng.choice(DAYS, 5 * n).astype("M8[D]")
    worth = rng.integers(5, 200, 5 * n).astype(float)
    return Orders(rng.integers(0, n, 5 * n), days, worth, "orders.csv", "orders")


def test_orders_of_the_past_that_were_changed_are_counted_and_later_ones_are_not() -> None:
    full, orders = table(1000), orders_of(1000)
    then = taken(full, orders)
    assert compared(then, full, orders).is_none
    day = np.datetime64(THEN)
    first = np.array(full["trial_on"], dtype="M8[D]")[orders.customer]
    late = np.flatnonzero(orders.order_on > day)[:50]
    early = np.flatnonzero((orders.order_on <= day) & (first <= day))[::300][:8]
    value = orders.value.copy()
    value[late] += 1
    assert compared(then, full, replace(orders, value=value)).is_none
    value[early] += 1
    buyers = len(set(orders.customer[early].tolist()))
    holds(compared(then, full, replace(orders, value=value)).layers[ORDERED], buyers)


def test_a_table_without_ids_knows_its_rows_by_what_they_say() -> None:
    full = {k: v for k, v in undated(600).items() if k != "customer_id"}
    full["amount"] = np.arange(600).astype(str).tolist()
    then = footprint(base(full, ("industry", "amount")), None, "salt")
    assert then is not None
    assert not then.keyed
    again = edits(then, base(shuffled_plain(full), ("industry", "amount")), None)
    assert again.is_none
    changed = edits(
        then, base(put(full, "industry", [5, 80, 300], "Farm"), ("industry", "amount")), None
    )
    assert (changed.gone.least, changed.came.least) == (3, 3)


def shuffled_plain(held: Table) -> Table:
    order = np.random.default_rng(9).permutation(len(held["industry"]))
    return {k: [v[i] for i in order] for k, v in held.items()}


def test_estimates_of_many_edits_are_right_on_average() -> None:
    full = table(6000)
    then, there = taken(full), known(full)
    told = []
    for seed in range(8):
        rows = np.random.default_rng(seed).choice(there, 300, replace=False).tolist()
        bound = compared(then, put(full, "industry", rows, "Farm")).traits["industry"]
        assert bound.least <= 300
        told.append(bound.about or 0.0)
    assert np.mean(told) == pytest.approx(300, rel=0.05)


def test_few_rows_leave_no_footprint() -> None:
    assert footprint(base(table(39)), None, "salt") is None


def test_a_footprint_holds_a_few_bytes_a_group_and_about_ten_customers_a_group() -> None:
    made = taken(table(5000))
    n = len(known(table(5000)))
    assert made.groups == n // 10
    kept = len(made.rows) + len(made.ids) + sum(len(layer.sums) for layer in made.layers.values())
    assert kept <= 10 * made.groups
    assert taken(table(60_000)).groups == 1024
