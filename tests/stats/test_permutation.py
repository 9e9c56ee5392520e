import numpy as np
import pytest
from scipy import stats

from mapseg_xl.stats.permutation import as_far_out, pooled


def dealt(values, n1, draws=20_000):
    """Differences of means with the amounts dealt at random, by brute force."""
    r = np.random.default_rng(3)
    n = len(values)
    sums = np.array([r.permutation(values)[:n1].sum() for _ in range(draws)])
    return sums / n1 - (values.sum() - sums) / (n - n1)


@pytest.mark.parametrize("n1", [20, 60, 150])
def test_moments_are_those_of_amounts_dealt_at_random(n1):
    values = np.random.default_rng(1).lognormal(3, 1, 200)
    centred = values - values.mean()
    got = pooled(n1, 200 - n1, (centred**2).sum(), (centred**3).sum())
    differences = dealt(values, n1)
    assert got.variance == pytest.approx(differences.var(), rel=0.05)
    assert got.lean == pytest.approx(stats.skew(differences), abs=0.1)
    assert got.skewness == pytest.approx(stats.skew(values))


@pytest.mark.parametrize("z", [1.5, 2.0, 2.5, 3.0])
def test_the_chance_is_that_of_amounts_dealt_at_random(z):
    values = np.random.default_rng(2).lognormal(3, 1, 300)
    centred = values - values.mean()
    got = pooled(40, 260, (centred**2).sum(), (centred**3).sum())
    differences = dealt(values, 40)
    seen = (np.abs(differences) >= z * got.variance**0.5).mean()
    assert as_far_out(z, got.lean) == pytest.approx(seen, abs=0.01)


def test_equal_amounts_have_no_spread():
    assert pooled(10, 10, 0.0, 0.0) is None


@pytest.mark.parametrize("lean", [0.2, 0.8, 2.0])
def test_the_curve_is_pearsons_third(lean):
    for z in (0.5, 1.0, 3.0):
        expected = stats.pearson3.sf(z, lean) + stats.pearson3.cdf(-z, lean)
        assert as_far_out(z, lean) == pytest.approx(expected, rel=1e-9)
