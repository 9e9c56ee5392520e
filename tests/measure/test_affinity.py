import numpy as np
import pytest
from scipy import stats

from mapseg_xl.intake.tables import BLANK
from mapseg_xl.measure.affinity import affinities, counts_of
from tests.bases import trait


def base(n=600, seed=3):
    """Two traits that lean together, some cells empty."""
    rng = np.random.default_rng(seed)
    size = rng.choice(["small", "large"], n, p=[0.7, 0.3])
    channel = np.where(
        rng.random(n) < np.where(size == "large", 0.6, 0.2),
        "events",
        rng.choice(["ads", "search"], n),
    )
    channel = np.where(rng.random(n) < 0.1, BLANK, channel)
    return trait("size", size.tolist()), trait("channel", channel.tolist())


def by_values(found):
    return {(a.first_value, a.second_value): a for a in found}


def test_lift_phi_and_p_are_those_of_the_two_by_two_table():
    size, channel = base()
    a = by_values(affinities([size, channel]))["large", "events"]
    codes = channel.codes != channel.values.index(BLANK)
    large = np.array(size.values)[size.codes][codes] == "large"
    events = np.array(channel.values)[channel.codes][codes] == "events"
    table = [[np.sum(large & events), np.sum(large & ~events)],
             [np.sum(~large & events), np.sum(~large & ~events)]]  # fmt: skip
    assert a.n_both_known == codes.sum()
    assert a.lift == pytest.approx(np.mean(events[large]) / np.mean(events))
    assert a.phi == pytest.approx(np.corrcoef(large, events)[0, 1])
    assert a.p_value == pytest.approx(stats.chi2_contingency(table, correction=False).pvalue)


def test_a_small_expected_cell_of_the_table_takes_the_exact_test():
    a = ["x"] * 97 + ["y"] * 4
    b = ["u"] * 50 + ["v"] * 47 + ["v"] * 3 + ["u"]
    found = by_values(affinities([trait("a", a), trait("b", b)]))["x", "u"]
    assert found.p_value == pytest.approx(stats.fisher_exact([[50, 47], [1, 3]]).pvalue)


def test_fewer_than_five_expected_are_blank_and_not_tested():
    a = ["x"] * 96 + ["y"] * 4
    b = ["u"] * 50 + ["v"] * 50
    found = by_values(affinities([trait("a", a), trait("b", b)]))["y", "v"]
    assert (found.n, found.expected) == (4, 2.0)
    assert (found.lift, found.phi, found.p_value, found.q_value) == (None, None, None, None)


def test_q_values_are_those_of_the_whole_matrix():
    size, channel = base()
    other = trait("plan", np.random.default_rng(1).choice(["a", "b", "c"], 600).tolist())
    found = affinities([size, channel, other])
    tested = [a for a in found if a.p_value is not None]
    expected = stats.false_discovery_control([a.p_value for a in tested])
    assert [a.q_value for a in tested] == pytest.approx(expected.tolist())
    assert len(found) == 2 * 3 + 2 * 3 + 3 * 3


def test_a_column_with_nearly_a_value_a_row_is_not_screened():
    size, _ = base(100)
    names = trait("name", [f"n{at}" for at in range(100)])
    one = trait("one", ["x"] * 100)
    assert affinities([size, names, one]) == ()
    assert affinities([]) == ()


def test_counts_cross_codes():
    size, channel = base(50)
    table = counts_of(size, channel)
    assert table.shape == (len(size.values), len(channel.values))
    assert table.sum() == 50
