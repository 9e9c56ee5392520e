from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mapseg_xl.errors import MissingColumn
from mapseg_xl.intake.assembly import IntakeOptions, build_customers
from mapseg_xl.intake.columns.families import family_of, follows_from
from mapseg_xl.intake.describing.bands import bands
from mapseg_xl.intake.describing.traits import mark_repeats, trait_of

from .raw import raw


def trait(header, values, **options):
    return build_customers(raw({header: values}), IntakeOptions(**options)).customers.trait(header)


def shown(found):
    return [found.values[c] for c in found.codes]


@pytest.mark.parametrize(
    ("header", "family"),
    [
        ("Industry", "firmographic"),
        ("team_size", "firmographic"),
        ("Company Size", "firmographic"),
        ("Job title", "demographic"),
        ("senior_citizen", "demographic"),
        ("Country", "geographic"),
        ("ZIP", "geographic"),
        ("language", "geographic"),
        ("Interest", "psychographic"),
        ("Logins (30d)", "behavioural"),
        ("support_tickets", "behavioural"),
        ("Plan", "account"),
        ("payment_method", "account"),
        ("paperless_billing", "account"),
        ("contract", "account"),
    ],
)
def test_the_words_of_a_header_tell_its_family(header, family):
    found = family_of(header)
    assert (found.name, found.sure) == (family, True)


def test_an_unknown_header_is_firmographic_and_unsure():
    assert (family_of("xyz").name, family_of("xyz").sure) == ("firmographic", False)


def test_only_account_and_usage_traits_may_be_a_result_rather_than_a_cause():
    assert family_of("contract").outcome_like
    assert family_of("logins").outcome_like
    assert not family_of("Browser").outcome_like
    assert not family_of("industry").outcome_like


@pytest.mark.parametrize(
    ("header", "roles"),
    [
        ("tenure_group", ("tenure_months",)),
        ("MRR band", ("revenue_monthly", "revenue_total")),
        ("First order value", ("revenue_monthly", "revenue_total")),
        ("Churn reason", ("churned",)),
        ("customer_status", ("status",)),
        ("Marital status", ()),
        ("Annual revenue", ()),
        ("industry", ()),
    ],
)
def test_a_column_that_repeats_an_outcome_names_the_role(header, roles):
    assert follows_from(header) == roles


def test_text_values_stand_by_size_with_the_blank_last():
    found = trait("Industry", ["Retail", None, "Agency", "agency ", "Retail", "Agency", "", None])
    assert found.values == ("Agency", "Retail", "(blank)")
    assert shown(found)[3] == "Agency"


def test_the_commonest_value_comes_first_and_equals_stand_by_name():
    assert trait("Industry", ["B", "Z", "A", "Z"]).values == ("Z", "A", "B")


def test_few_different_numbers_are_categories_in_numeric_order():
    found = trait("seats", [10.0, 2.0, 1.0, 2.0, None])
    assert found.values == ("1", "2", "10", "(blank)")
    assert found.ordered


def test_many_different_numbers_are_cut_into_at_most_five_bands_and_keep_their_numbers():
    found = trait("logins", [float(i) for i in range(100)])
    assert found.values == ("0 – 19", "20 – 39", "40 – 59", "60 – 79", "80 and more")
    assert found.ordered
    assert found.numbers[37] == 37


def test_dates_are_shown_by_year():
    days = [date(2023, 5, 1), date(2021, 1, 1), date(2023, 2, 2), None]
    assert trait("Founded", days).values == ("2021", "2023", "(blank)")


def test_years_are_written_without_a_thousands_comma():
    assert not any(
        "," in v for v in trait("year_established", [1970.0 + i for i in range(50)]).values
    )


@pytest.mark.parametrize(
    ("given", "ordered"),
    [
        (["201+", "11-50", "51-200", "1-10"], ("1-10", "11-50", "51-200", "201+")),
        (["High", "Low", "Medium", "Low"], ("Low", "Medium", "High")),
        ([">1,000", "<5", "5-1,000", "<5"], ("<5", "5-1,000", ">1,000")),
    ],
)
def test_values_with_an_order_of_their_own_keep_it(given, ordered):
    found = trait("size", given)
    assert (found.values, found.ordered) == (ordered, True)


def test_a_text_in_which_nearly_every_row_differs_is_no_trait_unless_asked_for():
    codes = [f"x{i}" for i in range(200)]
    built = build_customers(raw({"plan": ["a", "b"] * 100, "label": codes}))
    assert [t.name for t in built.customers.traits] == ["plan"]
    assert built.guesses[1].role == "ignored"
    assert "200 different values" in built.guesses[1].why
    assert len(trait("label", codes, segment_by=("Label",)).values) == 200
    assert len(trait("label", codes, maps={"trait": "label"}).values) == 200


def test_a_thousand_values_that_repeat_are_still_a_trait():
    assert len(trait("city", [f"Town {i % 900}" for i in range(2000)]).values) == 900


def test_numbers_that_name_a_row_are_no_trait():
    assert trait("phone no", [4_900_000.0 + 7 * i for i in range(50)]) is None


def test_postal_codes_are_names_and_not_amounts():
    assert trait("zip", [10115.0 + i % 30 for i in range(90)]).values[0] == "10115"


def test_channel_and_owner_are_roles_and_traits_both():
    built = build_customers(
        raw({"channel": ["Ads", "SEO"] * 6, "owner": ["Ada", "Bob", "Ada"] * 4})
    )
    assert set(built.customers.roles) == {"channel", "owner"}
    assert [t.name for t in built.customers.traits] == ["channel", "owner"]
    assert not built.customers.traits[0].outcome_like


def test_any_header_can_be_a_trait():
    assert trait("=7771+industry", ["=cmd|'/C calc'!A0", "Plain"] * 3).values[0] in {
        "=cmd|'/C calc'!A0",
        "Plain",
    }


def test_a_role_column_becomes_a_trait_on_request_and_says_what_it_is_made_of():
    customers = build_customers(
        raw(
            {
                "tenure": [float(i) for i in range(60)],
                "churned": ["yes", "no", None] * 20,
                "created_on": [date(2023 + i % 2, 1, 1) for i in range(60)],
            }
        )
    ).customers
    tenure = trait_of(customers, "Tenure")
    assert (tenure.values[-1], tenure.made_from) == ("50 and more", ("tenure_months",))
    assert trait_of(customers, "churned").values == ("yes", "no", "(blank)")
    assert trait_of(customers, "created_on").values == ("2023", "2024")
    with pytest.raises(MissingColumn, match="Did you mean 'tenure'"):
        trait_of(customers, "tenur")


def test_a_column_that_tells_the_outcome_completely_is_marked_as_made_from_it():
    left = ["yes"] * 12 + ["no"] * 12
    built = build_customers(
        raw({"churned": left, "why": ["price"] * 12 + [None] * 12, "plan": ["a", "b"] * 12})
    )
    assert built.customers.trait("why").made_from == ("churned",)
    assert built.customers.trait("plan").made_from == ()


def test_a_handful_of_rows_is_no_proof_that_a_column_is_the_outcome():
    found = trait("plan", ["a"] * 5 + ["b"] * 30)
    outcome = np.array([1] * 5 + [0] * 30, dtype=np.int8)
    assert mark_repeats((found,), "churned", outcome)[0].made_from == ()


def test_a_smallest_value_that_many_share_is_a_band_of_its_own():
    numbers = np.concatenate([np.zeros(50), np.arange(1.0, 101)])
    assert bands(numbers).labels[0] == "0"


floats = st.floats(-1e9, 1e9) | st.integers(-5, 50).map(float) | st.just(float("nan"))


@given(hnp.arrays(np.float64, st.integers(1, 60), elements=floats))
def test_bands_are_few_rising_filled_and_hold_every_number(numbers):
    cut = bands(numbers)
    known = np.isfinite(numbers)
    assert len(cut.labels) <= 5
    assert len(set(cut.labels)) == len(cut.labels)
    assert np.array_equal(cut.codes >= 0, known)
    if known.any():
        assert set(cut.codes[known]) == set(range(len(cut.labels)))
        order = np.argsort(numbers[known], kind="stable")
        assert np.all(np.diff(cut.codes[known][order]) >= 0)


def test_digits_that_read_as_no_number_are_words_without_a_warning_for_each():
    cells = ["+49 170 1234", "+49 170 1234", "0172/55 66 77", "+1 (555) 010-2030"] * 3
    found = build_customers(raw({"Hotline": cells, "Plan": ["a", "b", "c"] * 4}))
    assert found.customers.trait("Hotline").numbers is None
    assert "unreadable_number" not in {i.kind for i in found.issues}
