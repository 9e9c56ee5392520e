from __future__ import annotations

import pytest

from mapseg_xl.errors import BadCells
from mapseg_xl.intake.customers import IntakeOptions, build_customers

from .raw import raw

COLUMNS = {
    "id": ["a", "b", "c", "d"],
    "Industry": ["Gyms", "Dentists", None, "n/a"],
    "Stage": ["Demo", "Open", "Demo", None],
    "Price": [10.0, 20.0, 30.0, None],
}


def built(**maps):
    return build_customers(raw(COLUMNS), IntakeOptions(maps=maps))


@pytest.mark.parametrize(
    ("role", "wanted"),
    [
        ("revenue_monthly", "a number"),
        ("created_on", "a date"),
        ("churned", "yes or no"),
        ("status", "lead, trial, customer or churned"),
        ("outcome", "won, lost or open"),
    ],
)
def test_a_column_that_cannot_be_what_the_user_says_stops_in_one_sentence(role, wanted):
    with pytest.raises(BadCells) as caught:
        built(**{role: "Industry"})
    assert str(caught.value) == (
        f"Customers column Industry: none of its cells can be read as {wanted}: B2 'Gyms', B3 'Dentists'. "
        f"Give another column with --map {role}=COLUMN."
    )


def test_deals_that_are_all_open_are_an_outcome():
    assert built(outcome="Stage").customers.roles["outcome"].tolist() == [-1] * 4


def test_one_readable_cell_is_enough():
    assert built(revenue_monthly="Price").customers.roles["revenue_monthly"][0] == 10.0
