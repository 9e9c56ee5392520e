from __future__ import annotations

import numpy as np
import pytest

from mapseg_xl.errors import BadCells
from mapseg_xl.intake.customers import IntakeOptions, build_customers

from .raw import raw

UNCLEAR = ["03/04/2025", "05/06/2025", "07/08/2025"]
DAY_FIRST = ["13/01/2025", "02/03/2025", "28/02/2025"]
MONTH_FIRST = ["01/13/2025", "02/03/2025", "02/28/2025"]


def built(columns, **options):
    return build_customers(raw({"id": ["a", "b", "c"], **columns}), IntakeOptions(**options))


@pytest.mark.parametrize(
    ("other", "first"), [(DAY_FIRST, "2025-04-03"), (MONTH_FIRST, "2025-03-04")]
)
@pytest.mark.parametrize("header", ["signup date", "last login"])
def test_the_other_dates_of_the_table_settle_an_unclear_column(header, other, first):
    found = built({header: other, "churn date": UNCLEAR})
    churn = [i for i in found.issues if i.kind == "ambiguous_dates"]
    assert str(found.customers.roles["churned_on"][0]) == first
    assert [(i.severity, i.cell, i.count) for i in churn] == [("warning", "C2", 3)]
    assert churn[0].action.startswith("Read with the")


def test_dates_that_disagree_settle_nothing():
    columns = {"signup date": DAY_FIRST, "trial start": MONTH_FIRST, "churn date": UNCLEAR}
    with pytest.raises(BadCells, match="column churn date: day and month cannot be told apart"):
        built(columns)


def test_the_user_settles_every_column_the_one_that_only_describes_too():
    found = built({"signup date": UNCLEAR, "last login": UNCLEAR}, day_first=False)
    assert str(found.customers.roles["created_on"][0]) == "2025-03-04"
    assert found.customers.trait("last login").values == ("2025",)
    assert "ambiguous_dates" not in {i.kind for i in found.issues}


def test_several_unclear_columns_are_one_sentence_with_one_thing_to_do():
    with pytest.raises(BadCells) as caught:
        built({"signup date": UNCLEAR, "churn date": UNCLEAR})
    assert str(caught.value).count("day_first = true") == 1
    assert "B2 '03/04/2025'" in str(caught.value)
    assert "column churn date" in str(caught.value)


def test_a_date_that_exists_in_neither_order_asks_nothing():
    real = [np.datetime64("2025-03-04").item(), np.datetime64("2025-05-06").item()]
    found = built({"signup date": [*real, "45/13/2024"]})
    assert [i.kind for i in found.issues if i.cell == "B4"] == ["unreadable_date"]
    assert "ambiguous_dates" not in {i.kind for i in found.issues}
