import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapseg_xl.tally.groups import sparse_counts, tally_all, tally_groups
from mapseg_xl.tally.tally import Counts, Tally, Values
from tests.bases import bound, customers, trait


def a_base(n: int, seed: int):
    r = np.random.default_rng(seed)
    created = np.datetime64("2023-01-01") + r.integers(0, 700, n)
    converted = np.where(r.random(n) < 0.5, created + r.integers(0, 60, n), np.datetime64("NaT"))
    churned = np.where(r.random(n) < 0.3, converted + r.integers(0, 300, n), np.datetime64("NaT"))
    price = np.where(np.isnat(converted), np.nan, r.integers(10, 90, n) * 1.5)
    return customers(
        created_on=created.tolist(),
        converted_on=[None if np.isnat(d) else str(d) for d in converted],
        churned_on=[None if np.isnat(d) else str(d) for d in churned],
        revenue_monthly=price.tolist(),
        revenue_total=(price * 7).tolist(),
        acquisition_cost=r.integers(0, 300, n).tolist(),
        outcome=r.integers(-1, 2, n).tolist(),
        traits=[trait("plan", r.choice(list("ABC"), n).tolist())],
    )


def dumped(tally: Tally) -> dict:
    """Every number of a tally, exactly comparable."""
    found: dict = {}

    def walk(name, value):
        if hasattr(value, "__dataclass_fields__"):
            for field in value.__dataclass_fields__:
                walk(f"{name}.{field}", getattr(value, field))
        elif isinstance(value, np.ndarray):
            found[name] = value
        else:
            found[name] = value

    walk("tally", tally)
    return found


@pytest.mark.parametrize("seed", range(3))
def test_everyone_else_is_the_base_less_the_segment(seed):
    base = a_base(300, seed)
    rows, whole, _ = bound(base, "2025-01-01")
    codes = base.traits[0].codes
    parts = tally_groups(rows, codes, 3)
    others = tally_groups(rows, np.where(codes == 0, -1, 0), 1)[0]
    left = whole.minus(parts[0])
    for name, value in dumped(others).items():
        if ".folded." in name:
            continue
        assert (
            np.allclose(np.asarray(dumped(left)[name], float), np.asarray(value, float))
            if not isinstance(value, str | None) and not name.endswith("as_of")
            else dumped(left)[name] == value
        ), name
    for mine, theirs in zip(
        left.lifetimes.folded.dense(24.0), others.lifetimes.folded.dense(24.0), strict=True
    ):
        assert np.array_equal(mine, theirs)


@given(st.permutations(range(60)))
@settings(max_examples=20)
def test_the_order_of_rows_does_not_matter(order):
    base = a_base(60, 1)
    columns = {k: v[list(order)] for k, v in base.roles.items()}
    shuffled = customers(
        status=base.status[list(order)].tolist(),
        **{
            k: v.tolist() if v.dtype.kind != "M" else [None if np.isnat(d) else str(d) for d in v]
            for k, v in columns.items()
        },
    )
    first, second = (bound(b, "2025-01-01")[1] for b in (base, shuffled))
    assert first.revenue_monthly.values.total == pytest.approx(second.revenue_monthly.values.total)
    assert np.array_equal(first.lifetimes.months.times, second.lifetimes.months.times)
    assert np.array_equal(first.lifetimes.months.events, second.lifetimes.months.events)
    assert first.conversion.n == second.conversion.n
    assert first.deals.won == second.deals.won


def test_counting_leaves_the_columns_as_they_were():
    base = a_base(100, 2)
    before = {k: v.copy() for k, v in base.roles.items()}
    rows, _, _ = bound(base, "2025-01-01")
    tally_groups(rows, base.traits[0].codes, 3)
    for role, column in before.items():
        same = column == base.roles[role]
        missing = np.isnat(column) if column.dtype.kind == "M" else column != column
        assert (same | missing).all()


def test_values_know_mean_spread_median_and_the_share_of_the_top():
    amounts = np.array([1.0, 2.0, 2.0, 3.0, 100.0])
    values = Values(*(a for a in np.unique(amounts, return_counts=True)))
    assert values.n == 5
    assert values.total == amounts.sum()
    assert values.m2 == pytest.approx(((amounts - amounts.mean()) ** 2).sum())
    assert values.median == 2.0
    assert values.top_share == pytest.approx(100 / 108)


def test_the_median_of_an_even_number_lies_between_the_middle_two():
    assert Values(np.array([1.0, 4.0]), np.array([2, 2])).median == 2.5


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=40), st.data())
def test_counts_of_a_part_subtract_exactly(pairs, data):
    inside = data.draw(st.lists(st.booleans(), min_size=len(pairs), max_size=len(pairs)))

    def counted(chosen):
        times = sorted({t for t, _ in chosen})
        events = [sum(1 for t, e in chosen if t == at and e) for at in times]
        censored = [sum(1 for t, e in chosen if t == at and not e) for at in times]
        return Counts(np.array(times, float), np.array(events, int), np.array(censored, int))

    part = [p for p, keep in zip(pairs, inside, strict=True) if keep]
    rest = [p for p, keep in zip(pairs, inside, strict=True) if not keep]
    got, want = counted(pairs).minus(counted(part)), counted(rest)
    for name in ("times", "events", "censored"):
        assert getattr(got, name).tolist() == getattr(want, name).tolist()


def test_sparse_counting_by_sorting_gives_what_counting_in_an_array_gives(monkeypatch):
    key = np.array([5, 1, 5, 9, 1, 1])
    dense = sparse_counts(key, 10)
    monkeypatch.setattr("mapseg_xl.tally.groups.DENSE_CELLS", 1)
    for one, other in zip(dense, sparse_counts(key, 10), strict=True):
        assert one.tolist() == other.tolist()


def test_a_base_without_prices_dates_or_costs_has_no_such_part():
    base = customers(status=[0, 2, 3])
    _, whole, _ = bound(base)
    assert (whole.leads, whole.customers, whole.churned) == (1, 1, 1)
    assert whole.revenue_monthly is None
    assert whole.lifetimes is None
    assert whole.acquisition is None
    assert whole.deals is None


def test_the_whole_base_is_one_group():
    base = a_base(50, 3)
    rows, whole, _ = bound(base, "2025-01-01")
    assert whole.size == 50
    assert tally_all(rows).size == sum(t.size for t in tally_groups(rows, base.traits[0].codes, 3))
