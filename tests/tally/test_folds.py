from zlib import crc32

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from mapseg_xl.tally.folds import fold_of

IDS = {
    "counting": [str(i) for i in range(20_000)],
    "prefixed": [f"CUST-{i:08d}" for i in range(20_000)],
    "emails": [f"anna.{i * 7919}@example.com" for i in range(20_000)],
    "steps": [f"{i * 1000}" for i in range(20_000)],
}


def splitmix(text, salt):
    """The same in plain integers: an independent second version."""
    whole = 2**64 - 1
    z = ((crc32(salt.encode()) << 32) + crc32(text.encode())) * 0x9E3779B97F4A7C15 & whole
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & whole
    z = (z ^ z >> 27) * 0x94D049BB133111EB & whole
    return z ^ z >> 31


@pytest.mark.parametrize("kind", IDS)
@pytest.mark.parametrize("n_folds", [2, 200])
def test_folds_are_of_even_size(kind, n_folds):
    counts = np.bincount(fold_of(IDS[kind], "salt", n_folds), minlength=n_folds)
    expected = len(IDS[kind]) / n_folds
    statistic = ((counts - expected) ** 2 / expected).sum()
    assert 1e-4 < chi2.sf(statistic, n_folds - 1) < 1 - 1e-4


@given(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8")))
def test_equals_plain_integer_arithmetic(text, salt):
    assert fold_of([text], salt, 200)[0] == (splitmix(text, salt) >> 32) * 200 >> 32


@given(st.lists(st.text(), min_size=1), st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(ids, random):
    order = list(range(len(ids)))
    random.shuffle(order)
    shuffled = fold_of([ids[i] for i in order], "s", 200)
    assert shuffled.tolist() == fold_of(ids, "s", 200)[order].tolist()


def test_another_salt_deals_independently():
    first, second = (fold_of(IDS["counting"], salt, 4) for salt in ("a", "b"))
    table = np.bincount(first * 4 + second, minlength=16)
    statistic = ((table - 1250) ** 2 / 1250).sum()
    assert 1e-4 < chi2.sf(statistic, 15) < 1 - 1e-4


def test_no_customers_have_no_folds():
    assert fold_of([], "s", 200).tolist() == []


def test_no_folds_at_all_is_refused():
    with pytest.raises(ValueError, match="at least 1"):
        fold_of(["a"], "s", 0)
