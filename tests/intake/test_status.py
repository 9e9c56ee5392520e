from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapseg_xl.intake.status import standing, status_codes
from mapseg_xl.intake.tables import Status

LEAD, TRIAL, CUSTOMER, CHURNED = Status
NEVER = "NaT"


def days(*texts):
    return np.array(texts, dtype="datetime64[D]")


def flags(*values):
    return np.array(values, dtype=np.int8)


def numbers(*values):
    return np.array(values, dtype=float)


def statuses(said=None, **roles):
    n = len(next(iter(roles.values()))) if roles else len(said)
    codes = None if said is None else status_codes(np.array(said, dtype=object))[0]
    if said is not None:
        roles["status"] = np.array(said, dtype=object)
    return list(standing(n, roles, codes, Status.CUSTOMER).status)


def test_a_leaving_date_or_flag_comes_first():
    assert statuses(
        churned_on=days("2024-02-01", NEVER, NEVER),
        churned=flags(-1, 1, 0),
        converted=flags(0, 0, 1),
    ) == [CHURNED, CHURNED, CUSTOMER]


def test_then_a_conversion_date_or_flag_then_a_trial_else_a_lead():
    assert statuses(
        converted_on=days("2024-02-01", NEVER, NEVER, NEVER),
        converted=flags(-1, 1, 0, -1),
        trial_on=days(NEVER, NEVER, "2024-01-01", NEVER),
    ) == [CUSTOMER, CUSTOMER, TRIAL, LEAD]


def test_tenure_or_revenue_make_a_customer_where_there_is_no_conversion_column():
    assert statuses(tenure_months=numbers(0, np.nan)) == [CUSTOMER, LEAD]
    assert statuses(revenue_monthly=numbers(5, 0, np.nan)) == [CUSTOMER, LEAD, LEAD]


def test_where_a_churn_column_is_all_there_is_those_who_have_not_left_are_customers():
    assert statuses(churned=flags(1, 0, -1)) == [CHURNED, CUSTOMER, LEAD]
    assert statuses(churned_on=days("2024-01-01", NEVER)) == [CHURNED, CUSTOMER]


def test_tenure_and_revenue_make_none_where_a_conversion_column_says_otherwise():
    assert statuses(converted=flags(1, 0), revenue_total=numbers(5, 5)) == [CUSTOMER, LEAD]


def test_a_deal_won_is_a_customer_and_the_amount_of_a_lost_one_makes_none():
    assert statuses(outcome=flags(1, 0, -1), revenue_total=numbers(9, 9, 9)) == [
        CUSTOMER,
        LEAD,
        LEAD,
    ]


def test_the_status_column_fills_what_is_left_open():
    assert statuses(
        said=["cancelled", "active", "trialing", "MQL", "closed lost", ""],
        created_on=days(*["2024-01-01"] * 6),
    ) == [CHURNED, CUSTOMER, TRIAL, LEAD, LEAD, LEAD]


def test_the_status_column_tells_who_left_where_nothing_else_does():
    assert statuses(said=["cancelled", "active"], converted=flags(1, 1)) == [CHURNED, CUSTOMER]


def test_an_empty_leaving_date_says_still_here_whatever_the_status_says():
    roles = {"converted": flags(1, 1), "churned_on": days(NEVER, "2024-03-01")}
    found = standing(2, roles, flags(CHURNED, CHURNED), Status.CUSTOMER)
    assert list(found.status) == [CUSTOMER, CHURNED]
    assert found.conflicts["status_conflict"].tolist() == [0]


def test_a_no_that_stands_beside_a_date_is_a_conflict_and_the_date_wins():
    found = standing(1, {"churned": flags(0), "churned_on": days("2024-01-01")}, None, CUSTOMER)
    assert list(found.status) == [CHURNED]
    assert list(found.conflicts) == ["churned_conflict"]


def test_without_any_column_about_it_everybody_is_the_default():
    assert list(standing(2, {}, None, Status.LEAD).status) == [LEAD, LEAD]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Prospect", LEAD),
        ("SQL", LEAD),
        ("Closed Lost", LEAD),
        ("Free trial", TRIAL),
        ("Paying", CUSTOMER),
        ("Won", CUSTOMER),
        ("Canceled", CHURNED),
        ("Lost customer", CHURNED),
        ("Inactive", CHURNED),
        ("gekündigt", CHURNED),
        ("banana", -1),
    ],
)
def test_status_words(word, status):
    codes, unread = status_codes(np.array([word], dtype=object))
    assert codes.tolist() == [status]
    assert unread == (() if status >= 0 else (word,))


@given(
    st.lists(
        st.tuples(
            st.sampled_from([-1, 0, 1]),
            st.sampled_from([-1, 0, 1]),
            st.booleans(),
            st.integers(-1, 3),
        ),
        min_size=1,
    )
)
def test_the_first_that_holds_as_read_row_by_row(rows):
    churned, converted, tried, said = zip(*rows, strict=True)
    trial_on = days(*("2024-01-01" if t else NEVER for t in tried))
    got = standing(
        len(rows),
        {"churned": flags(*churned), "converted": flags(*converted), "trial_on": trial_on},
        flags(*said),
        CUSTOMER,
    ).status
    assert got.tolist() == [_one_row(*row) for row in rows]


def _one_row(churned, converted, tried, said):
    if churned == 1 or (said == CHURNED and churned == -1 and converted != 0):
        return CHURNED
    if converted == 1 or (said == CUSTOMER and converted == -1):
        return CUSTOMER
    return TRIAL if tried or said == TRIAL else LEAD
