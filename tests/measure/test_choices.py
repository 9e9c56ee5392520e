"""What a search may choose among: every choice holds, as written, for the very rows of its codes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapseg_xl.intake.tables import BLANK, Trait
from mapseg_xl.measure.choices import actionable, choices_of
from mapseg_xl.measure.membership import evaluate
from mapseg_xl.measure.parsing import parse_rule
from mapseg_xl.measure.rules import Rule
from tests.measure.worlds import base_of, numbers_of, values_of


def of(trait, worth=None):
    every = np.ones(len(trait.values), bool)
    return choices_of(trait, every if worth is None else np.array(worth)).choices


def names(trait):
    return [choice.name for choice in of(trait)]


@given(
    st.lists(
        st.one_of(st.none(), st.integers(-50, 5000), st.floats(-9, 9)), min_size=3, max_size=80
    )
)
def test_a_choice_among_numbers_holds_for_the_rows_of_its_codes(cells):
    numbers = np.array([np.nan if c is None else c for c in cells], float)
    trait = numbers_of("size", numbers)
    base = base_of([trait], 0, converted=np.zeros(len(cells), np.int8))
    for choice in of(trait):
        rule = parse_rule(str(Rule(choice.conditions)))
        assert evaluate(rule, base).tolist() == choice.codes[trait.codes].tolist()


def test_numbers_in_bands_are_told_by_round_edges():
    trait = numbers_of("employees", np.repeat(np.arange(1.0, 101), 3))
    assert trait.values[:2] == ("0 – 19", "20 – 39")
    said = {c.name: str(Rule(c.conditions)) for c in of(trait)}
    assert said["employees under 20"] == "employees < 20"
    assert said["employees 20 – 39"] == "employees between 20 and 39"
    assert said["employees 40 and more"] == "employees >= 40"


def test_fractions_have_an_open_end():
    trait = numbers_of("share", np.linspace(0, 1, 101))
    said = {c.name: str(Rule(c.conditions)) for c in of(trait)}
    assert said["share 0.2 to under 0.4"] == "share >= 0.2 and share < 0.4"


def test_years_are_said_without_a_thousands_mark():
    trait = numbers_of("founded_year", 1980.0 + np.arange(60) % 45)
    assert all(name.startswith("founded year") for name in names(trait))
    assert "," not in "".join(names(trait))


def test_ordered_words_give_runs_of_neighbours():
    trait = Trait(
        "size", "B", "firmographic", ("Small", "Mid", "Large"), np.array([0, 1, 2], np.int32), True
    )
    assert names(trait) == ["Small", "Mid", "Large", "Small or Mid", "Mid or Large"]


@pytest.mark.parametrize("value", [BLANK, "Other", "unknown"])
def test_nobody_is_looked_for_by_a_value_that_says_nothing(value):
    trait = Trait("trade", "B", "firmographic", ("Agency", value), np.array([0, 1], np.int32))
    assert names(trait) == ["Agency"]


def test_small_values_are_no_choice():
    trait = Trait("trade", "B", "firmographic", ("A shop", "A bank"), np.array([0, 1], np.int32))
    assert [c.name for c in of(trait, [True, False])] == ["A shop"]


def test_a_value_that_says_too_little_comes_with_its_column():
    trait = Trait("has_partner", "B", "demographic", ("Yes", "3"), np.array([0, 1], np.int32))
    assert names(trait) == ["has partner: Yes", "has partner: 3"]


def traits(*families):
    codes = np.arange(100) % 4
    return [values_of(f"t{at}", codes, family=family) for at, family in enumerate(families)]


def searched(columns, named=(), **roles):
    base = base_of(columns, 0, converted=np.zeros(100, np.int8))
    base = type(base)(
        **{
            **{f: getattr(base, f) for f in base.__dataclass_fields__},
            "role_headers": roles,
        }
    )
    return [t.name for t in actionable(base, named).searched]


def test_what_and_where_customers_are_comes_before_what_they_like():
    assert searched(traits("psychographic", "geographic", "firmographic")) == ["t2", "t1"]


def test_what_they_like_is_searched_where_there_is_little_else():
    assert searched(traits("psychographic", "geographic")) == ["t1", "t0"]


def test_the_channel_is_searched_and_the_salesperson_is_not():
    columns = traits("behavioural", "behavioural", "geographic", "demographic")
    assert searched(columns, channel="t0", owner="t1") == ["t3", "t2", "t0"]


def test_the_year_of_a_date_is_no_trait_to_look_for():
    dated = Trait(
        "renewal", "B", "firmographic", ("2024", "2025"), np.arange(100, dtype=np.int32) % 2, True
    )
    assert searched([dated, *traits("geographic", "demographic")]) == ["t1", "t0"]
