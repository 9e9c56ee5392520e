"""Bands stay as an earlier run cut them, as long as their words hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapseg_xl.analyze.mixes import mixes_of
from mapseg_xl.intake.describing.categories import number_values
from mapseg_xl.intake.tables import Trait
from mapseg_xl.measure.frozen_bands import Cut, with_bands
from tests.bases import customers


def cut_of(held: np.ndarray) -> tuple[Trait, Cut | None]:
    values, codes = number_values(held)
    made = Trait("seats", "B", "account", values, codes, ordered=True, numbers=held)
    mixes = mixes_of(customers(status=[2] * len(held), traits=[made]))
    return made, mixes[0].cut if mixes else None


def again(held: np.ndarray, cut: Cut) -> Trait:
    values, codes = number_values(held)
    made = Trait("Seats", "B", "account", values, codes, ordered=True, numbers=held)
    return with_bands(customers(status=[2] * len(held), traits=[made]), {"seats": cut}).traits[0]


def drawn(kind: int, n: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    some = (
        rng.integers(0, 1000, n).astype(float),
        rng.lognormal(3, 1, n),
        np.where(rng.random(n) < 0.4, 0.0, rng.exponential(5, n)),
        np.where(rng.random(n) < 0.4, 0.0, rng.integers(1, 90, n)),
        rng.normal(0, 100, n),
        rng.integers(1950, 2025, n).astype(float),
    )[kind].copy()
    some[rng.random(n) < 0.1] = np.nan
    return some


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 5), st.integers(30, 300), st.integers(0, 999))
def test_the_same_numbers_fall_into_the_same_bands(kind: int, n: int, seed: int) -> None:
    held = drawn(kind, n, seed)
    made, cut = cut_of(held)
    if cut is not None:
        back = again(held, cut)
        assert back.values == made.values
        assert back.codes.tolist() == made.codes.tolist()


def test_other_numbers_keep_the_bands_of_then() -> None:
    _, cut = cut_of(np.arange(1.0, 400))
    assert cut is not None
    later = again(np.arange(200.0, 900), cut)
    assert later.values == cut.labels
    truth = np.searchsorted(cut.edges, np.arange(200.0, 900), side="right")
    assert later.codes.tolist() == truth.tolist()


@pytest.mark.parametrize("odd", [-5.0, 10.5])
def test_numbers_that_no_band_speaks_of_have_the_bands_cut_anew(odd: float) -> None:
    _, cut = cut_of(np.arange(1.0, 400))
    assert cut is not None
    held = np.append(np.arange(1.0, 900), odd)
    assert again(held, cut).values == cut_of(held)[0].values != cut.labels
