import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mapseg_xl.intake.tables import BLANK
from mapseg_xl.measure.pivots import MOST_VALUES, gathered
from tests.bases import trait


def sized(**counts):
    return trait("t", [name for name, n in counts.items() for _ in range(n)])


def sizes(found):
    return dict(zip(found.values, np.bincount(found.codes).tolist(), strict=True))


def test_small_values_go_together():
    found = gathered(sized(a=100, b=5, c=40, d=7), fewest=30)
    assert sizes(found) == {"a": 100, "c": 40, "other (2 values)": 12}


def test_values_that_are_all_small_stay_themselves():
    assert sizes(gathered(sized(a=6, b=5), fewest=30)) == {"a": 6, "b": 5}


def test_one_small_value_stays_itself():
    assert sizes(gathered(sized(a=100, b=5), fewest=30)) == {"a": 100, "b": 5}


def test_blank_stays_apart_and_comes_last():
    cells = ["x"] * 40 + [BLANK] * 3 + ["y"] * 2 + ["z"] * 2
    assert list(sizes(gathered(trait("t", cells), fewest=30))) == ["x", "other (2 values)", BLANK]


def test_more_values_than_a_page_holds_end_in_other():
    cells = [f"v{at:02}" for at in range(20) for _ in range(100 - at)]
    found = gathered(trait("t", cells), fewest=30)
    assert found.values == (*(f"v{at:02}" for at in range(8)), "other (12 values)")


def test_values_nobody_has_are_left_out():
    base = sized(a=40, b=40)
    empty = trait("t", ["a", "b", "c"])
    found = gathered(
        type(base)(**{f: getattr(base, f) for f in base.__slots__} | {"values": empty.values}), 30
    )
    assert found.values == ("a", "b")


@given(st.lists(st.integers(0, 80), min_size=1, max_size=30), st.booleans(), st.integers(1, 40))
def test_everybody_stays_counted_on_at_most_a_page(counts, has_blank, fewest):
    cells = [f"v{at}" for at, n in enumerate(counts) for _ in range(n)] + [BLANK] * has_blank
    if not cells:
        return
    found = gathered(trait("t", cells), fewest)
    assert len(found.values) <= MOST_VALUES
    assert sum(sizes(found).values()) == len(cells)
    assert min(sizes(found).values()) > 0
