from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapseg_xl.errors import MissingColumn
from mapseg_xl.intake.columns.role_words import CUSTOMER_ROLES
from mapseg_xl.intake.columns.roles import guess_roles

from .raw import raw

IDS = [f"C{i:03d}" for i in range(12)]
DAYS = [date(2024, 1, 1 + i) for i in range(12)]
AMOUNTS = [10.0 + i for i in range(12)]
YES_NO = ["yes", "no", "no"] * 4
TEXT = ["Ada", "Bob", "Cy"] * 4


def role_of(header, values):
    return guess_roles(raw({"row": TEXT, header: values})).guesses[1].role


@pytest.mark.parametrize(
    ("header", "values", "role"),
    [
        ("CustomerID", IDS, "customer_id"),
        ("Account Id", IDS, "customer_id"),
        ("lead_id", IDS, "customer_id"),
        ("Kunden-Nr.", IDS, "customer_id"),
        ("Vorgangs-Nr.", IDS, "customer_id"),
        ("Opportunity No.", IDS, "customer_id"),
        ("Angebot vom", DAYS, "created_on"),
        ("Entscheidung am", DAYS, "converted_on"),
        ("Auftragswert (€)", AMOUNTS, "revenue_total"),
        ("Vertriebskosten (€)", AMOUNTS, "acquisition_cost"),
        ("Vertriebsmitarbeiter", TEXT, "owner"),
        ("E-Mail", [f"{i}@a.example" for i in IDS], "email"),
        ("MRR (USD)", AMOUNTS, "revenue_monthly"),
        ("Monthly charges", ["$1,200", "$80", "$90"] * 4, "revenue_monthly"),
        ("LTV to date", AMOUNTS, "revenue_total"),
        ("total_charges", AMOUNTS, "revenue_total"),
        ("Umsatz", AMOUNTS, "revenue_total"),
        ("Sign-up date", DAYS, "created_on"),
        ("Created at", ["2024-01-05 10:00:00"] * 12, "created_on"),
        ("Signup", DAYS, "created_on"),
        ("Trial start", DAYS, "trial_on"),
        ("Paid since", DAYS, "converted_on"),
        ("Converted?", YES_NO, "converted"),
        ("Cancelled at", DAYS, "churned_on"),
        ("Kündigungsdatum", DAYS, "churned_on"),
        ("Is churned", [True, False, False] * 4, "churned"),
        ("Tenure", [1.0, 2.0, 30.0] * 4, "tenure_months"),
        ("Months as customer", [1.0, 2.0, 30.0] * 4, "tenure_months"),
        ("Ancienneté (mois)", [1.0, 2.0, 30.0] * 4, "tenure_months"),
        ("CAC", AMOUNTS, "acquisition_cost"),
        ("Sales rep", TEXT, "owner"),
        ("utm_source", ["ads", "seo", "mail"] * 4, "channel"),
        ("close_value", AMOUNTS, "revenue_total"),
        ("deal_stage", ["Won", "Lost", "Engaging"] * 4, "outcome"),
        ("Stage", ["Discovery", "Demo", "Proposal"] * 4, "stage"),
        ("Fecha de baja", [date(2024, 5, 1), None, None] * 4, "churned_on"),
    ],
)
def test_headers_people_use_are_understood(header, values, role):
    assert role_of(header, values) == role


@pytest.mark.parametrize(
    ("values", "role"),
    [(["Yes", "No", "No"] * 4, "churned"), (DAYS, "churned_on"), ([0.31, 0.55, 0.9] * 4, "trait")],
)
def test_values_decide_what_a_churn_column_is(values, role):
    assert role_of("churn", values) == role


@pytest.mark.parametrize(
    ("values", "role"),
    [
        (["lead", "trial", "active", "cancelled"] * 3, "status"),
        (["Open", "Won", "Lost"] * 4, "outcome"),
        (["single", "married", "widowed"] * 4, "trait"),
    ],
)
def test_values_decide_what_a_status_column_is(values, role):
    assert role_of("Status", values) == role


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("Churn risk", YES_NO),
        ("Conversion rate", AMOUNTS),
        ("Tenure (days)", AMOUNTS),
        ("Marital status", ["single", "married", "single"] * 4),
        ("Company size", ["1-10", "11-50", "51+"] * 4),
        ("tenure group", ["0 – 9", "10 – 19", "20+"] * 4),
        ("Email opens", AMOUNTS),
        ("=7771+industry", TEXT),
        ("", TEXT),
    ],
)
def test_a_header_that_only_resembles_a_role_stays_a_trait(header, values):
    assert role_of(header, values) == "trait"


@pytest.mark.parametrize("role", CUSTOMER_ROLES, ids=lambda role: role.name)
def test_a_role_is_found_under_its_own_name(role):
    values = {
        "id": IDS,
        "text": TEXT,
        "email": [f"{i}@a.example" for i in IDS],
        "domain": ["a.example", "b.example", "c.example"] * 4,
        "date": DAYS,
        "flag": YES_NO,
        "number": AMOUNTS,
        "status": ["lead", "active", "churned"] * 4,
        "outcome": ["won", "lost", "open"] * 4,
    }[role.kind]
    assert role_of(role.name, values) == role.name


def test_open_won_and_lost_are_no_life_cycle_even_where_the_outcome_is_another_column():
    table = raw(
        {"id": IDS, "Status": ["Open", "Won", "Lost"] * 4, "result": ["won", "lost", "won"] * 4}
    )
    found = guess_roles(table, {"outcome": "result"})
    assert "status" not in found.columns


def test_an_empty_column_of_leaving_dates_says_that_nobody_left():
    assert role_of("churned_on", [None] * 12) == "churned_on"


def test_of_two_columns_that_fit_alike_the_fuller_is_taken_and_marked_unsure():
    half = [*AMOUNTS[:6], *[None] * 6]
    found = guess_roles(raw({"id": IDS, "MRR": half, "MRR (EUR)": AMOUNTS}))
    assert found.columns["revenue_monthly"] == 2
    assert [g.role for g in found.guesses] == ["customer_id", "trait", "revenue_monthly"]
    assert not found.guesses[2].sure
    assert "'MRR' (B1)" in found.guesses[2].why


def test_the_id_that_differs_in_each_row_wins_over_one_that_repeats():
    found = guess_roles(raw({"account_id": ["A", "B", "C"] * 4, "opportunity_id": IDS}))
    assert found.columns["customer_id"] == 1


def test_what_the_user_says_wins_over_every_guess():
    table = raw(
        {"Customer ID": IDS, "code": IDS[::-1], "MRR": AMOUNTS, "fee": AMOUNTS, "note": TEXT}
    )
    found = guess_roles(
        table,
        {"customer_id": "code", "revenue_monthly": "Fee", "ignore": "note", "trait": ("MRR",)},
    )
    assert (found.columns["customer_id"], found.columns["revenue_monthly"]) == (1, 3)
    assert found.traits == {2}
    assert found.ignored == {4}


def test_a_column_that_is_not_there_is_answered_with_the_nearest_one():
    table = raw({"id": IDS, "Revenu": AMOUNTS})
    with pytest.raises(MissingColumn) as stop:
        guess_roles(table, {"revenue_monthly": "Revenue"})
    assert str(stop.value) == (
        "Customers!A1:B13 has no column 'Revenue'. Did you mean 'Revenu' (B1)? "
        "Say so with --map revenue_monthly=Revenu."
    )


def test_a_role_that_does_not_exist_is_answered_with_the_nearest_one():
    with pytest.raises(
        MissingColumn, match=r"no role 'revenue_montly'. Did you mean revenue_monthly"
    ):
        guess_roles(raw({"id": IDS}), {"revenue_montly": "id"})


def test_every_column_is_accounted_for_with_up_to_three_samples():
    found = guess_roles(raw({"id": IDS, "plan": ["a", "b", "c", "d"] * 3, "empty": [None] * 12}))
    assert [g.header for g in found.guesses] == ["id", "plan", "empty"]
    assert found.guesses[1].samples == ("a", "b", "c")
    assert found.guesses[2].samples == ()


cells = st.one_of(
    st.none(), st.text(max_size=8), st.floats(), st.booleans(), st.dates(), st.integers()
)


@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=4), st.data())
def test_any_headers_and_cells_give_each_role_to_one_column_at_most(columns, data):
    headers = data.draw(
        st.lists(st.text(max_size=12), min_size=len(columns), max_size=len(columns), unique=True)
    )
    found = guess_roles(raw(dict(zip(headers, columns, strict=True))))
    assert len(set(found.columns.values())) == len(found.columns)
    assert len(found.guesses) == len(columns)


def test_amounts_as_text_are_no_dates_though_they_look_like_year_and_month():
    assert (
        role_of("total_charges", ["1889.5", "2019.5", "1997.12", "151.65"] * 3) == "revenue_total"
    )


@pytest.mark.parametrize("empty", ["n/a", "-", "#N/A", "NULL"])
@pytest.mark.parametrize(
    ("header", "value", "role"),
    [
        ("Conversion date", "03/14/2025", "converted_on"),
        ("Monthly revenue", "$1,200", "revenue_monthly"),
        ("Is churned", "yes", "churned"),
    ],
)
def test_words_for_an_empty_cell_say_nothing_about_the_column(header, value, role, empty):
    assert role_of(header, [empty] * 11 + [value]) == role


def test_a_role_called_by_a_synonym_is_answered_with_its_name():
    with pytest.raises(MissingColumn, match=r"no role 'mrr'. Did you mean revenue_monthly\?"):
        guess_roles(raw({"MRR": AMOUNTS}), {"mrr": "MRR"})


def test_joined_is_the_conversion_where_another_column_says_when_people_came_in():
    days = ["2025-01-03", "2025-02-03", "2025-03-03", "2025-04-03"]
    asked = {"id": list("abcd"), "Enquired": days, "Trial pass": [*days[:3], None]}
    found = guess_roles(raw({**asked, "Joined": [days[0], None, None, None]})).columns
    assert [found[r] for r in ("created_on", "trial_on", "converted_on")] == [1, 2, 3]
    full = guess_roles(raw({"id": list("abcd"), "Enquired": days, "Joined": days})).columns
    assert "converted_on" not in full
