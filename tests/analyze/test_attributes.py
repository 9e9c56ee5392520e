import pytest
from scipy.stats import chi2_contingency

from mapseg_xl.analyze.attributes import whole_attribute_p
from tests.bases import customers, performance, trait


def rows_of(groups: dict[str, tuple[int, int]], **more):
    values = [v for v, (_, n) in groups.items() for _ in range(n)]
    converted = [int(i < x) for x, n in groups.values() for i in range(n)]
    base = customers(converted=converted, traits=[trait("plan", values, **more)])
    return list(performance(base, "conversion", "plan").values())


def test_the_whole_attribute_is_tested_as_scipy_does():
    p = whole_attribute_p(rows_of({"A": (60, 200), "B": (40, 200), "C": (51, 220)}))
    expected = chi2_contingency([[60, 140], [40, 160], [51, 169]], correction=False).pvalue
    assert p == pytest.approx(expected)


def test_an_attribute_made_of_the_outcome_is_not_tested():
    assert (
        whole_attribute_p(rows_of({"A": (60, 200), "B": (0, 90)}, made_from=("converted",))) is None
    )


def test_one_value_has_nothing_to_differ_from():
    assert whole_attribute_p(rows_of({"A": (60, 200)})) is None
