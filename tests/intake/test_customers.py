from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from mapseg_xl.errors import BadCells, InputError, TooFewRows
from mapseg_xl.intake.customers import (
    IntakeOptions,
    build_customers,
    latest_plausible_date,
    read_sources,
)
from mapseg_xl.intake.health import health
from mapseg_xl.intake.privacy import impersonal
from mapseg_xl.intake.tables import Sources, Status

from .raw import raw


def built(columns, **options):
    return build_customers(raw(columns), IntakeOptions(**options))


def kinds(found):
    return [i.kind for i in found.issues]


def issue(found, kind):
    return next(i for i in found.issues if i.kind == kind)


def test_role_columns_come_out_typed_with_unknown_told_apart_from_zero():
    roles = built(
        {
            "converted": ["yes", "no", None],
            "signup date": [date(2024, 1, 1), None, date(2024, 1, 3)],
            "MRR": ["$1,200", 0.0, None],
            "deal stage": ["Won", "Lost", "Demo"],
        }
    ).customers.roles
    assert roles["converted"].tolist() == [1, 0, -1]
    assert roles["created_on"].dtype == np.dtype("datetime64[D]")
    assert np.isnat(roles["created_on"][1])
    assert roles["revenue_monthly"][:2].tolist() == [1200.0, 0.0]
    assert np.isnan(roles["revenue_monthly"][2])
    assert roles["outcome"].tolist() == [1, 0, -1]


def test_what_is_found_in_a_channel_is_told_once_though_it_is_a_trait_too():
    found = built({"Lead source": ["Referral"] * 5 + ["REFERRAL"], "MRR": [5.0] * 6})
    assert "channel" in found.customers.roles
    assert kinds(found).count("spelling_variants") == 1


def test_the_currency_of_the_cells_is_found():
    assert built({"MRR": ["€12", "€30"], "x": ["a", "b"]}).currency == "€"
    assert built({"MRR": [12.0, 30.0]}).currency == ""


def test_a_currency_named_in_the_header_counts_where_the_cells_show_none():
    assert built({"MRR (EUR)": [12.0, 30.0]}).currency == "€"
    assert built({"MRR USD": ["£12", "£30"]}).currency == "£"


def test_a_currency_in_a_column_beside_the_money_counts_where_cells_and_header_show_none():
    told = built({"MRR": [12.0, 30.0, 7.0], "Currency": ["EUR", "eur ", None]})
    assert told.currency == "€"
    assert "no_currency" not in kinds(told)
    assert built({"MRR": [12.0, 30.0], "Currency": ["CHF", "CHF"]}).currency == "CHF"
    assert built({"MRR": ["$12", "$30"], "Currency": ["EUR", "EUR"]}).currency == "$"
    assert built({"MRR": [12.0, 30.0], "Currency": ["monthly", "yearly"]}).currency == ""


def test_every_row_in_another_currency_than_most_is_named():
    told = built(
        {
            "MRR": [12.0, 30.0, 7.0, 9.0, 2.0, None],
            "Währung": ["EUR", "EUR", "USD", "EUR", "USD", "GBP"],
            "x": list("abcdef"),
        }
    )
    assert told.currency == "€"
    mixed = [i for i in told.issues if i.kind == "mixed_currencies"]
    assert [(i.severity, i.cell) for i in mixed] == [("warning", "B4"), ("warning", "B6")]
    assert mixed[0].issue == "this row says $; the money is taken for €"


def test_rows_in_another_currency_than_the_header_says_are_named_too():
    told = built({"MRR (GBP)": [12.0, 30.0, 7.0], "Currency": ["GBP", "USD", "GBP"], "x": [*"abc"]})
    assert told.currency == "£"
    assert issue(told, "mixed_currencies").cell == "B3"


def test_the_first_row_of_an_id_is_kept_and_the_others_are_named_and_left_out():
    found = built({"customer_id": ["A", "B", "A", "C"], "plan": ["p", "q", "r", "s"]})
    assert found.customers.ids.tolist() == ["A", "B", "C"]
    assert found.customers.rows.tolist() == [2, 3, 5]
    assert issue(found, "duplicate_id").cell == "A4:B4"
    assert issue(found, "duplicate_id").issue == "id 'A' is in row 2 already"
    assert health(found.issues, 3).rows_left_out == 1


def test_rows_without_an_id_are_never_duplicates():
    found = built({"customer_id": ["A", None, None, "B", "C"], "plan": ["p"] * 5})
    assert found.customers.ids.tolist() == ["A", "row 3", "row 4", "B", "C"]
    assert issue(found, "no_id").count == 2


def test_without_an_id_column_rows_are_known_by_their_sheet_row():
    assert built({"plan": ["p", "q"]}).customers.ids.tolist() == ["2", "3"]


def test_an_id_that_repeats_in_most_rows_is_not_the_customer_unless_the_user_says_so():
    columns = {"account_id": ["A", "B", "A", "B", "A", "B"], "plan": ["p"] * 6}
    assert built(columns).customers.n == 6
    said = built(columns, maps={"customer_id": "account_id"})
    assert said.customers.n == 2


def test_leading_zeros_and_letters_of_ids_survive():
    assert built({"id": ["007", "7", "a", "A"]}).customers.ids.tolist() == ["007", "7", "a", "A"]


def test_ids_that_excel_shortened_stop_the_run():
    with pytest.raises(BadCells, match="scientific notation"):
        built({"customer_id": ["1.23457E+12", "1.23457E+13", "x1"]})


def test_two_currencies_stop_the_run_within_a_column_and_between_columns():
    with pytest.raises(BadCells, match="several currencies"):
        built({"MRR": ["$12", "€30"]})
    with pytest.raises(BadCells, match=r"\$ in MRR, € in total revenue"):
        built({"MRR": ["$12", "$30"], "total revenue": ["€1", "€2"]})


def test_dates_that_could_be_read_two_ways_stop_the_run_unless_the_user_says_how():
    columns = {"signup date": ["03/04/2025", "05/06/2025", "01/02/2025"]}
    with pytest.raises(BadCells, match="day and month"):
        built(columns)
    days = built(columns, day_first=True).customers.roles["created_on"]
    assert str(days[0]) == "2025-04-03"


def test_a_header_without_rows_is_refused():
    with pytest.raises(TooFewRows, match="no rows"):
        built({"customer_id": []})


def test_one_row_is_a_table():
    assert built({"customer_id": ["A"], "converted": ["yes"]}).customers.n == 1


def test_who_left_before_coming_stays_churned_with_the_length_of_stay_unknown():
    found = built(
        {
            "created_on": [date(2024, 3, 1), date(2024, 3, 1)],
            "churned_on": [date(2024, 1, 1), date(2024, 5, 1)],
        }
    )
    assert found.customers.status.tolist() == [Status.CHURNED, Status.CHURNED]
    assert np.isnat(found.customers.roles["churned_on"]).tolist() == [True, False]
    error = issue(found, "churned_on_before_start")
    assert (error.severity, error.cell) == ("error", "B2")
    assert error.issue == "date 2024-01-01 is before the start, 2024-03-01"


def test_a_conversion_before_its_start_is_an_error_at_the_cell():
    found = built(
        {"trial_on": [date(2024, 3, 1)] * 2, "converted_on": [date(2024, 2, 1), date(2024, 3, 9)]}
    )
    assert issue(found, "converted_on_before_start").cell == "B2"


def test_a_lone_date_far_in_the_future_is_a_slip_and_does_not_move_the_as_of_date():
    days = [date(2024, 1 + i % 12, 1 + i % 28) for i in range(40)]
    found = built({"created_on": [*days, date(2052, 1, 1)], "plan": ["a"] * 41})
    assert latest_plausible_date(found.customers) == max(days)
    assert issue(found, "future_date").cell == "A42"
    assert np.isnat(found.customers.roles["created_on"][-1])


def test_an_end_of_2099_or_9999_means_no_end():
    found = built(
        {
            "created_on": [date(2024, 1, 1)] * 3,
            "churned_on": [date(2099, 12, 31)] * 2 + [date(2024, 9, 1)],
        }
    )
    assert found.customers.status.tolist() == [Status.CUSTOMER, Status.CUSTOMER, Status.CHURNED]
    assert issue(found, "placeholder_date").count == 2


def test_no_dates_no_as_of_date():
    assert latest_plausible_date(built({"plan": ["a"]}).customers) is None


def test_dates_years_apart_in_a_small_table_are_all_plausible():
    found = built({"created_on": [date(2020, 1, 1), date(2024, 6, 1)], "plan": ["a", "b"]})
    assert latest_plausible_date(found.customers) == date(2024, 6, 1)


def test_negative_revenue_is_kept_and_noted_but_negative_tenure_is_left_out():
    found = built({"total revenue": [-5.0, 9.0], "tenure": [-1.0, 2.0], "churned": ["no", "no"]})
    assert found.customers.roles["revenue_total"].tolist() == [-5.0, 9.0]
    assert np.isnan(found.customers.roles["tenure_months"][0])
    assert (issue(found, "negative_money").cell, issue(found, "negative_number").cell) == (
        "A2",
        "B2",
    )


def test_margins_typed_in_percent_become_shares():
    assert built({"gross margin": [45.0, 60.0, 1.0]}).customers.roles["gross_margin"].tolist() == [
        0.45,
        0.6,
        0.01,
    ]
    assert built({"gross margin": [0.45, 0.6, 70.0]}).customers.roles["gross_margin"].tolist() == [
        0.45,
        0.6,
        0.7,
    ]
    assert built({"gross margin": [0.45, 0.6]}).customers.roles["gross_margin"].tolist() == [
        0.45,
        0.6,
    ]


def test_a_malformed_address_is_noted_without_repeating_it():
    mails = [f"p{i}@a.example" for i in range(9)] + ["nobody"]
    sources = built({"email": mails})
    found = impersonal(Sources(sources.customers, sources.issues, "", (), sources.guesses))
    noted = issue(found, "malformed_email")
    assert noted.cell == "A11"
    assert "nobody" not in noted.issue
    assert not any("a.example" in s for g in found.guesses for s in g.samples)


def test_the_day_a_lost_deal_was_closed_is_no_conversion():
    found = built(
        {"stage": ["Won", "Lost", "Demo"], "close date": [date(2024, 1, 1), date(2024, 1, 2), None]}
    )
    assert np.isnat(found.customers.roles["converted_on"]).tolist() == [False, True, True]
    assert found.customers.status.tolist() == [Status.CUSTOMER, Status.LEAD, Status.LEAD]


def test_contradictions_are_counted_and_named_by_cell():
    found = built(
        {
            "converted": ["yes", "no", "yes"],
            "churned": ["no", "yes", "yes"],
            "status": ["churned", "lost", "churned"],
        }
    )
    assert found.customers.status_facts == {"churned_unconverted": 1, "status_conflict": 1}
    assert issue(found, "status_conflict").cell == "C2"
    assert issue(found, "status_conflict").action == "Taken as customer. Correct one of them"
    assert issue(found, "churned_unconverted").cell == "A3"


def test_status_words_nobody_knows_are_listed():
    found = built({"status": ["active", "lead", "trial", "zzz"] * 3})
    assert issue(found, "unknown_status").count == 3
    assert "'zzz'" in issue(found, "unknown_status").issue


@pytest.mark.parametrize(
    ("columns", "missing"),
    [
        ({"churned": ["yes", "no"]}, ["no_leads"]),
        ({"converted": ["yes", "no"]}, ["no_churned"]),
        ({"created_on": [date(2024, 1, 1)] * 2}, ["no_customers"]),
        ({"converted": ["no", "yes", "yes"], "churned": ["no", "no", "yes"]}, []),
        ({"plan": ["a", "b"]}, ["no_life_cycle"]),
    ],
)
def test_a_part_of_the_life_cycle_that_is_missing_is_said(columns, missing):
    found = built(columns)
    said = [k for k in kinds(found) if k.startswith("no_")]
    assert said == missing


def test_rows_nobody_knows_anything_about_are_leads_where_the_id_says_leads():
    assert built({"lead_id": ["a", "b"]}).customers.status.tolist() == [Status.LEAD] * 2
    assert built({"customer_id": ["a", "b"]}).customers.status.tolist() == [Status.CUSTOMER] * 2


def test_past_a_thousand_of_a_kind_one_line_counts_the_rest():
    found = built({"total revenue": [-1.0] * 2500, "plan": ["a"] * 2500})
    lines = [i for i in health(found.issues, 2500).issues if i.kind == "negative_money"]
    assert len(lines) == 1001
    assert (lines[-1].count, lines[-1].cell) == (1500, "A1002")
    assert sum(i.count for i in lines) == 2500


def test_health_puts_the_gravest_first_and_adds_up():
    found = built(
        {
            "customer_id": ["A", "A", "B"],
            "created_on": [date(2024, 3, 1)] * 3,
            "churned_on": [None, None, date(2024, 1, 1)],
            "MRR": ["$5", "$6", "many"],
        }
    )
    told = health(found.issues, found.customers.n)
    order = ["error", "warning", "note"]
    assert [order.index(i.severity) for i in told.issues] == sorted(
        order.index(i.severity) for i in told.issues
    )
    assert (told.rows_used, told.rows_left_out) == (2, 1)
    assert told.rows()[0][0] == "error"


def test_issues_of_traits_are_told_and_stop_nothing():
    found = built({"id": ["a", "b", "c"], "budget": ["$12", "€30", "$4"]})
    assert issue(found, "mixed_currencies").severity == "warning"


def test_the_input_is_left_as_it_was():
    table = raw({"customer_id": ["A", "A"], "MRR": ["$5", None], "gross margin": [45.0, 50.0]})
    before = [c.tolist() for c in table.columns]
    build_customers(table)
    assert [c.tolist() for c in table.columns] == before


def csv(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_read_into_typed_customers(tmp_path):
    path = csv(tmp_path, "crm.csv", "customer_no,churn,tenure,plan\n1,No,5,Pro\n2,Yes,3,Basic\n")
    found = read_sources([path])
    assert found.customers.status.tolist() == [Status.CUSTOMER, Status.CHURNED]
    assert found.customers.roles["tenure_months"].tolist() == [5.0, 3.0]
    assert found.currency == "$"
    assert found.taken == ("Read sheet 'crm' of crm.csv: headers in row 1, 2 rows.",)


def test_a_file_given_twice_is_refused(tmp_path):
    path = csv(tmp_path, "crm.csv", "id,plan\n1,a\n")
    with pytest.raises(InputError, match=r"crm\.csv is given twice"):
        read_sources([path, path])


def workbook(folder, sheets):
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path = folder / "team.xlsx"
    book.save(path)
    return path


CUSTOMERS = [
    ["Customer ID", "Created at", "Converted", "MRR", "Industry"],
    *[[f"C{i}", date(2024, 1, 1 + i), "yes", 10.0 + i, "Agency"] for i in range(20)],
]
ORDERS = [
    ["Order no", "Customer ID", "Amount"],
    *[[f"O{i}", f"C{i % 20}", 5.0] for i in range(2000)],
]


def test_the_sheet_with_one_row_a_customer_is_taken_and_the_others_are_named(tmp_path):
    path = workbook(tmp_path, {"Read me": [["Hello"]], "Orders": ORDERS, "Base": CUSTOMERS})
    found = read_sources([path])
    assert found.customers.sheet == "Base"
    assert any("'Orders'" in line for line in found.taken)
    assert any("'Read me'" in line for line in found.taken)


def test_two_sheets_that_could_both_be_the_customers_stop_with_a_question(tmp_path):
    path = workbook(tmp_path, {"North": CUSTOMERS, "South": CUSTOMERS})
    with pytest.raises(
        InputError, match=r"'North' and 'South' could each be the customers.*--sheet"
    ):
        read_sources([path])
    assert read_sources([path], IntakeOptions(sheets=("South",))).customers.sheet == "South"


def test_of_many_sheets_that_could_be_the_customers_three_are_named(tmp_path):
    with pd.ExcelWriter(tmp_path / "months.xlsx") as book:
        for month in range(1, 13):
            pd.DataFrame({"id": ["a", "b"], "MRR": [1, 2]}).to_excel(
                book, sheet_name=f"M{month}", index=False
            )
    with pytest.raises(InputError, match="the sheets 'M1' and 'M2' and 'M3' and 9 more could"):
        read_sources([tmp_path / "months.xlsx"])
