"""A later mix is counted in the categories of then, and only more than chance is called a shift."""

from __future__ import annotations

import numpy as np

from mapseg_xl.analyze.mixes import (
    CHANCE_SHIFT,
    FEW,
    NO_SHIFT,
    STRONG_SHIFT,
    codes_in,
    mixes_of,
    recounted,
    shifts,
)
from mapseg_xl.intake.describing.categories import number_values
from mapseg_xl.intake.tables import Customers, Trait
from mapseg_xl.settings import Settings
from tests.bases import customers, trait


def base(values: list[str], paying: int = 2) -> Customers:
    return customers(status=[paying] * len(values), traits=[trait("industry", values)])


def numbers(held: np.ndarray) -> Trait:
    values, codes = number_values(held)
    return Trait("seats", "B", "account", values, codes, ordered=True, numbers=held)


def everybody(held: Customers) -> np.ndarray:
    return np.ones(held.n, dtype=bool)


def test_a_new_value_counts_as_everything_else() -> None:
    (mix,) = mixes_of(base(["a"] * 6 + ["b"] * 4))
    now = base(["a"] * 3 + ["c"] * 5)
    assert mix.categories == ("a", "b", "(everything else)")
    assert recounted((mix,), now, {}, everybody(now)) == {"industry": (3, 0, 5)}


def test_a_renamed_column_is_counted_under_its_old_name() -> None:
    (mix,) = mixes_of(base(["a", "b"]))
    now = customers(status=[2, 2, 2], traits=[trait("trade", ["b", "b", "a"])])
    assert recounted((mix,), now, {"industry": "trade"}, everybody(now)) == {"industry": (1, 2, 0)}
    assert recounted((mix,), now, {}, everybody(now)) == {}


def test_numbers_are_counted_in_the_bands_of_then_whatever_bands_they_have_now() -> None:
    rng = np.random.default_rng(1)
    then, now = rng.integers(1, 1000, 400).astype(float), rng.integers(500, 5000, 300).astype(float)
    now[:20] = np.nan
    held = customers(status=[2] * 400, traits=[numbers(then)])
    (mix,) = mixes_of(held)
    codes = codes_in(mix, numbers(now))
    truth = [int(np.searchsorted(mix.edges, x, side="right")) for x in now[20:]]
    assert codes[20:].tolist() == truth
    assert set(codes[:20].tolist()) == {len(mix.values)}  # nobody was empty then
    assert codes_in(mix, numbers(then)).tolist() == held.traits[0].codes.tolist()


def test_of_very_many_values_the_thirty_largest_are_kept() -> None:
    values = [f"v{at:03d}" for at in range(60) for _ in range(60 - at)]
    (mix,) = mixes_of(base(values))
    assert len(mix.values) == 30
    assert sum(mix.rows) == len(values)
    assert mix.rows[-1] == sum(60 - at for at in range(30, 60))


def verdict(then: tuple[int, ...], now: tuple[int, ...]) -> str:
    names = tuple("abcdefgh"[: len(then)])
    (found,) = shifts({"t": (names, then, now)}, Settings())
    return found.verdict


def test_a_strong_shift_of_many_is_one_and_of_few_is_chance_or_too_few() -> None:
    assert verdict((500, 500), (800, 200)) == STRONG_SHIFT
    assert verdict((500, 500), (24, 8)) == "strong"
    assert verdict((500, 500), (20, 12)) in (NO_SHIFT, CHANCE_SHIFT)
    assert verdict((500, 500), (9, 1)) == FEW


def test_noise_of_many_small_categories_is_not_called_a_shift() -> None:
    rng = np.random.default_rng(3)
    names = tuple(f"v{at}" for at in range(25))
    called = 0
    for _ in range(60):
        then, now = (tuple(rng.multinomial(n, [1 / 25] * 25).tolist()) for n in (600, 60))
        (found,) = shifts({"t": (names, then, now)}, Settings())
        assert found.index is not None
        assert found.by_chance is not None
        called += found.is_shifted
    assert called <= 6
