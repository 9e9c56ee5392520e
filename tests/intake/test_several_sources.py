from __future__ import annotations

from datetime import date, timedelta
from math import fsum

import numpy as np
import pandas as pd
import pytest

from mapseg_xl.errors import BadCells, InputError, MissingColumn
from mapseg_xl.intake.customers import IntakeOptions, latest_date, read_sources
from mapseg_xl.intake.health import health
from mapseg_xl.intake.tables import Status

from .exports import FIRST, billing_rows, crm_rows, usage_rows, write_book, write_csv


@pytest.fixture
def exports(tmp_path):
    return [
        write_csv(tmp_path / "crm.csv", crm_rows()),
        write_csv(tmp_path / "billing.csv", billing_rows()),
        write_book(tmp_path / "usage.xlsx", {"Usage": usage_rows()}),
    ]


def kinds(found):
    return [i.kind for i in found.issues]


def issue(found, kind):
    return next(i for i in found.issues if i.kind == kind)


def match(found, right):
    return next(m for m in found.matches if m.right.endswith(right))


def frame(rows):
    return pd.DataFrame(rows[1:], columns=rows[0])


def merged_by_pandas():
    """The three exports merged by other code, a row a lead."""
    crm, billing, usage = (frame(r) for r in (crm_rows(), billing_rows(), usage_rows()))
    for table, column in ((crm, "Account ID"), (billing, "account no"), (usage, "acct id")):
        table["key"] = table[column].str.strip().str.lower()
    logins = usage.groupby("key")["Logins"].mean()
    device = usage.groupby("key")["Device"].agg(lambda d: d.value_counts().index[0])
    both = crm.merge(billing, on="key", how="left", suffixes=("", "_billing"))
    return both.join(logins, on="key").join(device, on="key")


def test_three_exports_give_what_an_independent_merge_gives(exports):
    found = read_sources(exports).customers
    truth = merged_by_pandas()
    assert found.n == len(truth) == 120
    assert found.ids.tolist() == truth["Account ID"].tolist()
    mrr = found.roles["revenue_monthly"]
    assert np.array_equal(mrr, truth["MRR"].to_numpy(float), equal_nan=True)
    since = pd.to_datetime(truth["Customer since"]).to_numpy().astype("M8[D]")
    assert np.array_equal(found.roles["converted_on"], since, equal_nan=True)
    numbers = found.trait("Logins").numbers
    assert np.allclose(numbers, truth["Logins"].to_numpy(float), equal_nan=True)
    device = found.trait("Device")
    held = [device.values[c] for c in device.codes]
    counts = frame(usage_rows()).groupby("acct id")["Device"].value_counts().unstack().fillna(0)
    tied = set(counts.index[counts["Phone"] == counts["Desktop"]])
    for key, got, true in zip(truth["Account ID"], held, truth["Device"], strict=True):
        assert key in tied or got == (true if isinstance(true, str) else "(blank)")


def test_leads_trials_customers_and_churned_come_of_the_tables_together(exports):
    counts = np.bincount(read_sources(exports).customers.status, minlength=4)
    gone = sum(1 for i in range(120) if i % 3 != 2 and i % 5 == 0)
    assert counts.tolist() == [40, 0, 80 - gone, gone]


def test_the_match_report_ties_rows_and_money_to_the_cent(exports):
    found = read_sources(exports)
    line = match(found, "billing.csv")
    assert (line.matched, line.only_left, line.only_right) == (80, 40, 2)
    assert (line.rows_matched, line.rows_left) == (80, 2)
    assert line.money_left == pytest.approx(30.03, abs=1e-9)
    total = fsum(row[2] for row in billing_rows()[1:])
    assert line.money_left + line.money_matched == pytest.approx(total, abs=1e-9)
    assert np.nansum(found.customers.roles["revenue_monthly"]) == pytest.approx(line.money_matched)
    used = match(found, "Usage")
    assert (used.rows_matched, used.rows_left, used.money_left) == (240, 1, None)


def test_rows_that_name_nobody_are_in_data_health_with_their_money(exports):
    found = read_sources(exports)
    said = next(i for i in found.issues if i.kind == "unmatched_rows" and i.sheet == "billing")
    assert (said.count, said.cell) == (2, "A2:E2")
    assert "rows 2, 3" in said.issue
    assert "30.03 of money" in said.issue
    assert health(found.issues, found.customers.n).rows_left_out == 3  # and one of usage


def test_what_was_joined_and_by_what_is_said(exports):
    taken = read_sources(exports).taken
    assert taken[0].startswith("Read sheet 'crm' of crm.csv")
    assert taken[1] == (
        "Joined sheet 'billing' of billing.csv to 'crm' by Account ID = account no: "
        "80 of 82 rows found their customer."
    )


def test_a_trait_that_two_tables_have_keeps_both_the_second_with_its_sheet(exports):
    found = read_sources(exports).customers
    assert found.trait("Plan").values == ("Pro",)
    assert set(found.trait("Plan (billing)").values) == {"Basic", "Pro", "(blank)"}


def test_the_order_of_the_files_does_not_matter(exports):
    one, other = (read_sources(p).customers for p in (exports, exports[::-1]))
    assert one.ids.tolist() == other.ids.tolist()
    assert one.status.tolist() == other.status.tolist()
    assert {t.name for t in one.traits} == {t.name for t in other.traits}


def test_sheets_of_one_workbook_are_joined_like_files(tmp_path):
    sheets = {"CRM": [["Export of today"], [], *crm_rows()], "Billing": billing_rows()}
    sheets["Billing"].append(["Total", None, 9999.0, None, None])
    found = read_sources([write_book(tmp_path / "team.xlsx", sheets)])
    assert match(found, "team.xlsx · Billing").matched == 80
    assert match(found, "team.xlsx · Billing").money_left == pytest.approx(30.03)


def test_ids_written_with_and_without_prefix_and_zeros_meet(tmp_path):
    crm = [["Customer ID", "Created"], *[[f"C-{i:05d}", FIRST] for i in range(1, 30)]]
    billing = [["Customer no", "MRR"], *[[i, 10.0 + i] for i in range(1, 30)]]
    found = read_sources([write_book(tmp_path / "t.xlsx", {"CRM": crm, "Billing": billing})])
    assert found.matches[0].matched == 29
    assert found.customers.roles["revenue_monthly"].tolist() == [10.0 + i for i in range(1, 30)]


def test_ids_are_not_shortened_where_that_would_make_two_of_them_one(tmp_path):
    crm = [["Customer ID", "Created"], ["C-1", FIRST], ["D-1", FIRST], ["C-2", FIRST], ["3", FIRST]]
    billing = [["Customer no", "MRR"], [1, 10.0], [2, 11.0], [3, 12.0]]
    found = read_sources([write_book(tmp_path / "t.xlsx", {"CRM": crm, "Billing": billing})])
    assert found.matches[0].matched == 1


def test_the_address_joins_where_the_ids_are_of_two_systems(tmp_path):
    crm = [
        ["CRM ID", "Email", "Created"],
        *[[f"x{i}", f"p{i}@a.example", FIRST] for i in range(30)],
    ]
    bill = [
        ["Customer ID", "e-mail", "MRR"],
        *[[900 + i, f"P{i}@A.example ", 5.0] for i in range(20)],
    ]
    found = read_sources([write_book(tmp_path / "t.xlsx", {"CRM": crm, "Billing": bill})])
    assert found.matches[0].key == "Email = e-mail"
    assert found.matches[0].matched == 20


def test_a_column_of_the_customers_counts_where_it_is_at_least_as_filled(tmp_path):
    crm = [["id", "Created", "MRR"], *[[f"a{i}", FIRST, 10.0 if i else None] for i in range(20)]]
    few = [["id", "MRR"], *[[f"a{i}", 11.0] for i in range(1, 10)]]
    found = read_sources([write_book(tmp_path / "t.xlsx", {"CRM": crm, "Billing": few})])
    assert found.customers.roles["revenue_monthly"][1] == 10.0
    said = issue(found, "role_twice")
    assert (said.sheet, said.count) == ("Billing", 9)
    full = [["id", "MRR"], *[[f"a{i}", 11.0] for i in range(20)]]
    found = read_sources([write_book(tmp_path / "t.xlsx", {"CRM": crm, "Billing": full})])
    assert found.customers.roles["revenue_monthly"][1] == 11.0


def test_an_unmatched_customer_keeps_the_status_the_crm_gives_it(tmp_path):
    rows = [[f"a{i}", FIRST, "customer" if i < 15 else "lead"] for i in range(30)]
    crm = [["id", "Created", "Status"], *rows]
    billing = [["id", "Customer since", "MRR"], *[[f"a{i}", FIRST, 9.0] for i in range(10)]]
    found = read_sources([write_book(tmp_path / "t.xlsx", {"CRM": crm, "Billing": billing})])
    assert (found.customers.status == Status.CUSTOMER).sum() == 15


def test_a_key_twice_on_both_sides_stops_with_sheets_rows_and_value(tmp_path):
    crm = [["id", "Email", "Created"], *[[f"c{i}", f"p{i}@a.example", FIRST] for i in range(30)]]
    crm[4][1] = crm[8][1] = "acme@x.example"
    bill = [["Email", "MRR"], *[[f"p{i}@a.example", 5.0] for i in range(10, 20)]]
    bill += [["acme@x.example", 5.0], ["ACME@x.example", 6.0]]
    with pytest.raises(InputError, match="several matches both ways") as told:
        read_sources([write_book(tmp_path / "t.xlsx", {"CRM": crm, "Billing": bill})])
    assert "Billing rows 12, 13 and CRM rows 5, 9 all say 'acme@x.example'" in str(told.value)
    assert "Email = Email" in str(told.value)


def test_money_of_a_key_that_the_customers_have_twice_counts_once(tmp_path):
    crm = [["id", "Email", "Created"], *[[f"c{i}", f"p{i}@a.example", FIRST] for i in range(30)]]
    crm[8][1] = crm[4][1]
    bill = [["Email", "MRR"], *[[f"p{i}@a.example", 5.0] for i in range(20)]]
    found = read_sources([write_book(tmp_path / "t.xlsx", {"CRM": crm, "Billing": bill})])
    assert np.nansum(found.customers.roles["revenue_monthly"]) == found.matches[0].money_matched
    assert found.matches[0].duplicates == 1
    assert issue(found, "repeated_key").cell == "B9"


def test_several_rows_of_one_customer_in_billing_add_up(tmp_path):
    crm = [["id", "Created"], *[[f"a{i}", FIRST] for i in range(40)]]
    day = [FIRST + timedelta(30 * i) for i in range(4)]
    bill = [["id", "Start date", "End date", "MRR", "Total revenue", "Tier"]]
    bill += [[f"a{i}", day[0], None, 10.0, 100.0, "S"] for i in range(2, 30)]
    bill += [["a0", day[0], day[1], 10.0, 10.5, "S"], ["a0", day[1], None, 30.0, 60.25, "L"]]
    bill += [["a1", day[0], day[1], 10.0, 10.0, "S"], ["a1", day[2], day[3], 20.0, 20.0, None]]
    found = read_sources([write_book(tmp_path / "t.xlsx", {"CRM": crm, "Billing": bill})])
    roles = found.customers.roles
    assert roles["revenue_total"][:2].tolist() == [70.75, 30.0]
    assert roles["revenue_monthly"][:2].tolist() == [30.0, 20.0]
    assert [str(d) for d in roles["converted_on"][:2]] == [str(day[0])] * 2
    assert np.isnat(roles["churned_on"][0])
    assert str(roles["churned_on"][1]) == str(day[3])
    tier = found.customers.trait("Tier")
    assert [tier.values[c] for c in tier.codes[:2]] == ["L", "S"]
    assert issue(found, "several_rows").count == 2
    assert found.matches[0].duplicates == 2
    line = found.matches[0]
    assert line.money_matched + line.money_left == fsum(row[4] for row in bill[1:])


def test_a_row_that_many_share_gives_traits_and_no_money(tmp_path):
    deals = [["Opportunity ID", "Account", "Deal stage", "Close value"]]
    deals += [[f"o{i}", f"Firm {i % 8}", ("Won", "Lost")[i % 2], 100.0] for i in range(80)]
    accounts = [
        ["Account", "Sector", "Revenue"],
        *[[f"firm {i}", "abc"[i % 3], 1e6] for i in range(8)],
    ]
    book = write_book(tmp_path / "t.xlsx", {"Deals": deals, "Accounts": accounts})
    found = read_sources([book])
    assert found.customers.n == 80
    assert found.customers.roles["revenue_total"].sum() == 8000.0
    assert (
        found.customers.trait("Sector").codes.tolist()[:8]
        == found.customers.trait("Sector").codes.tolist()[8:16]
    )
    assert found.matches[0].many_to_many == 0


def test_two_lists_of_the_same_kind_stop_with_a_question(tmp_path):
    paths = [write_csv(tmp_path / name, crm_rows()) for name in ("north.csv", "south.csv")]
    with pytest.raises(
        InputError, match=r"'north' and 'south' could each be the customers.*--sheet"
    ):
        read_sources(paths)
    assert read_sources(paths, IntakeOptions(sheets=("south",))).customers.sheet == "south"


def test_two_keys_that_do_equally_well_and_disagree_stop_with_a_question(tmp_path):
    crm = [
        ["Account ID", "Contact ID", "Created"],
        *[[f"k{i}", f"k{(i + 1) % 30}", FIRST] for i in range(30)],
    ]
    bill = [["Account no", "MRR"], *[[f"k{i}", 5.0] for i in range(20)]]
    book = write_book(tmp_path / "t.xlsx", {"CRM": crm, "Billing": bill})
    with pytest.raises(
        InputError, match=r"Account ID = Account no.*Contact ID = Account no.*--map"
    ):
        read_sources([book])
    said = IntakeOptions(maps={"customer_id": "Contact ID"})
    assert read_sources([book], said).matches[0].key == "Contact ID = Account no"


def test_a_mapped_column_is_looked_for_in_every_table(exports):
    found = read_sources(exports, IntakeOptions(maps={"order_count": "Logins"}))
    assert found.customers.n == 120
    with pytest.raises(InputError, match=r"'crm' and 'billing' have a column 'Plan'.*crm!Plan"):
        read_sources(exports, IntakeOptions(maps={"stage": "Plan"}))
    said = read_sources(exports, IntakeOptions(maps={"stage": "billing!Plan"}))
    assert set(said.customers.roles["stage"]) == {"Basic", "Pro", ""}
    with pytest.raises(
        MissingColumn, match=r"none of the sheets crm, billing, Usage .* 'Customer since'"
    ):
        read_sources(exports, IntakeOptions(maps={"converted_on": "Customer sinc"}))


def test_a_sheet_that_no_file_has_is_refused_with_those_there_are(exports):
    with pytest.raises(InputError, match=r"no sheet 'Invoices'\. The sheets: crm, billing, Usage"):
        read_sources(exports, IntakeOptions(sheets=("Invoices",)))


def test_sheets_can_be_left_out_by_naming_the_others(exports):
    found = read_sources(exports, IntakeOptions(sheets=("crm", "usage")))
    assert [m.right for m in found.matches] == ["usage.xlsx · Usage"]


def test_two_currencies_in_two_tables_stop_the_run(tmp_path):
    crm = [["id", "Created", "Total revenue"], *[[f"a{i}", FIRST, f"${i}.50"] for i in range(20)]]
    bill = [["id", "MRR"], *[[f"a{i}", f"€{i + 1}.50"] for i in range(20)]]
    with pytest.raises(BadCells, match=r"\$ in CRM \(Total revenue\), € in Billing \(MRR\)"):
        read_sources([write_book(tmp_path / "t.xlsx", {"CRM": crm, "Billing": bill})])


def test_a_table_without_a_common_key_is_left_and_said(tmp_path):
    crm = [["id", "Created"], *[[f"a{i}", FIRST] for i in range(20)]]
    other = [["User ID", "Score"], *[[f"zz{i}", i] for i in range(5)]]
    found = read_sources([write_book(tmp_path / "t.xlsx", {"CRM": crm, "Scores": other})])
    said = "Left sheet 'Scores' of t.xlsx: no customer of 'CRM' stands in its 'User ID'."
    assert said in found.taken


def test_pivots_and_cohort_tables_beside_rows_do_not_count(tmp_path):
    pivot = [["Row Labels", "Sum of MRR"], ["Agency", 4.0], ["Retail", 5.0]]
    cohort = [["Cohort", 0, 1, 2, 3], ["2025-01", 9, 8, 7, 6], ["2025-02", 9, 8, 7, None]]
    sheets = {"CRM": crm_rows(), "Pivot": pivot, "Cohorts": cohort}
    taken = read_sources([write_book(tmp_path / "t.xlsx", sheets)]).taken
    assert any(line.startswith("Sheet 'Pivot' of t.xlsx is a pivot: the rows") for line in taken)
    assert any(line.startswith("Sheet 'Cohorts' of t.xlsx is a cohort table") for line in taken)


def test_a_small_table_explains_the_values_of_a_column(tmp_path):
    products = [["Plan", "Family", "Price"], ["Pro", "Teams", 9.0], ["Basic", "Single", 5.0]]
    found = read_sources([write_book(tmp_path / "t.xlsx", {"CRM": crm_rows(), "Plans": products})])
    assert found.customers.trait("Family").values == ("Teams",)
    assert found.customers.trait("Price") is None


ORDERS = [
    ["Order no", "Customer ID", "Order date", "Amount", "Country"],
    ["o1", "b", date(2025, 1, 5), 10.10, "US"],
    ["o2", "a", date(2025, 1, 7), 20.20, "CA"],
    ["o3", "b", date(2025, 3, 5), 30.30, "US"],
    ["o3", "b", date(2025, 3, 5), 5.05, "US"],
    ["o4", "a", date(2025, 4, 2), -4.04, "CA"],
    ["o5", None, date(2025, 4, 3), 7.07, "CA"],
]


def test_orders_alone_make_the_customers(tmp_path):
    found = read_sources([write_csv(tmp_path / "orders.csv", ORDERS)])
    base = found.customers
    assert base.ids.tolist() == ["b", "a"]
    assert base.roles["revenue_total"].tolist() == [45.45, 16.16]
    assert base.roles["order_count"].tolist() == [2.0, 2.0]
    assert [str(d) for d in base.roles["converted_on"]] == ["2025-01-05", "2025-01-07"]
    assert base.trait("Country").values == ("CA", "US")
    assert found.orders.customer.tolist() == [0, 1, 0, 0, 1, -1]
    assert issue(found, "unmatched_rows").cell == "A7:E7"
    assert "7.07 of money" in issue(found, "unmatched_rows").issue
    assert latest_date(found) == date(2025, 4, 2)


def test_a_word_that_some_orders_of_a_customer_have_does_not_describe_the_customer(tmp_path):
    """Who orders often has a discount code more often: it would seem to make people order."""
    heads = ["Order id", "Customer", "Date", "Total", "Code", "Club"]
    orders = [
        [
            f"o{i}-{n}",
            f"c{i}",
            date(2025, 1 + n, 3 + i),
            9.5,
            "TEN" if n == i % 3 else None,
            "yes" if i % 2 else None,
        ]
        for i in range(20)
        for n in range(1 + i % 4)
    ]
    path = write_csv(tmp_path / "orders.csv", [heads, *orders])
    names = [trait.name for trait in read_sources([path]).customers.traits]
    assert names == ["Club"]
    asked = read_sources([path], IntakeOptions(segment_by=("Code",)))
    assert "Code" in [trait.name for trait in asked.customers.traits]


def test_orders_beside_customers_are_summed_to_them(tmp_path):
    people = [["id", "Created", "Industry"], *[[c, FIRST, "x"] for c in "abcdef"]]
    orders = [row for row in ORDERS if row[1]] + [["o9", "zz", date(2025, 5, 1), 1.23, "DE"]]
    found = read_sources([write_book(tmp_path / "t.xlsx", {"People": people, "Orders": orders})])
    total = found.customers.roles["revenue_total"]
    assert total[:2].tolist() == [16.16, 45.45]
    assert np.isnan(total[2:]).all()
    line = found.matches[0]
    assert (line.money_matched, line.money_left) == (pytest.approx(61.61), pytest.approx(1.23))
    assert line.many_to_many == 0
    assert found.orders.customer.tolist() == [1, 0, 1, 1, 0, -1]
    assert (found.customers.status == Status.CUSTOMER).sum() == 2


def test_one_invoice_a_month_is_a_price_a_month(tmp_path):
    people = [["id", "Created"], *[[f"a{i}", FIRST] for i in range(30)]]
    invoices = [["Invoice no", "Customer ID", "Invoice date", "Amount"]]
    invoices += [
        [f"i{i}-{month}", f"a{i}", date(2025, month, 3), 10.0 + i + (month == 6)]
        for i in range(20)
        for month in range(1, 7)
    ]
    found = read_sources(
        [write_book(tmp_path / "t.xlsx", {"People": people, "Invoices": invoices})]
    )
    roles = found.customers.roles
    assert "order_count" not in roles
    assert roles["revenue_total"][0] == 61.0
    assert roles["revenue_monthly"][0] == pytest.approx(61 / 6)
    assert found.matches[0].money_matched == fsum(row[3] for row in invoices[1:])


def test_orders_follow_the_customers_that_are_kept(tmp_path):
    found = read_sources([write_csv(tmp_path / "orders.csv", ORDERS)])
    kept = found.orders.only(np.array([False, True]))
    assert kept.customer.tolist() == [-1, 0, -1, -1, 0, -1]
    assert len(found.orders.until(date(2025, 3, 5)).value) == 4


def test_a_month_of_invoices_is_not_before_a_start_in_that_month(tmp_path):
    people = [["id", "Created"], *[[f"a{i}", date(2025, 1, 20)] for i in range(30)]]
    months = [["Account ID", "Month", "MRR"]]
    months += [[f"a{i}", f"2025-{m:02d}", 50.0 + m] for i in range(30) for m in range(1, 7)]
    found = read_sources([write_book(tmp_path / "t.xlsx", {"CRM": people, "Billing": months})])
    assert {str(d) for d in found.customers.roles["converted_on"]} == {"2025-01-20"}
    assert found.customers.roles["revenue_monthly"][0] == pytest.approx(53.5)
    assert issue(found, "first_month").count == 30


def test_money_of_an_account_that_several_contacts_share_is_said_to_be_nobodys(tmp_path):
    people = [
        ["Contact ID", "Company", "Created"],
        *[[f"p{i}", f"F{i // 4}", FIRST] for i in range(80)],
    ]
    billing = [["Company name", "MRR", "Tier"], *[[f"f{i}", 100.0, "SL"[i % 2]] for i in range(20)]]
    found = read_sources([write_book(tmp_path / "t.xlsx", {"CRM": people, "Billing": billing})])
    assert "revenue_monthly" not in found.customers.roles
    assert found.customers.trait("Tier").values == ("S", "L")
    assert issue(found, "shared_money").column == "MRR"


def test_two_subscriptions_that_both_run_add_up_to_one_price_a_month(tmp_path):
    crm = [["id", "Created"], *[[f"a{i}", FIRST] for i in range(60)]]
    bill = [
        ["id", "Start date", "End date", "MRR"],
        *[[f"a{i}", FIRST, None, 9.0] for i in range(50)],
    ]
    bill += [["a3", FIRST + timedelta(5), None, 2.5]]
    found = read_sources([write_book(tmp_path / "t.xlsx", {"CRM": crm, "Billing": bill})])
    assert found.customers.roles["revenue_monthly"][2:4].tolist() == [9.0, 11.5]


def test_of_two_keys_the_one_that_finds_more_rows_counts(tmp_path):
    crm = [["Account ID", "Email", "Created"]]
    crm += [[f"a{i}", f"p{i}@x.example", FIRST] for i in range(60)]
    bill = [["Account ID", "Email", "MRR"]]
    bill += [[f"a{i}" if i < 30 else None, f"p{i}@x.example", 9.0] for i in range(50)]
    found = read_sources([write_book(tmp_path / "t.xlsx", {"CRM": crm, "Billing": bill})])
    assert found.matches[0].key == "Email = Email"
    assert found.matches[0].rows_left == 0


@pytest.mark.parametrize("header", ["acct", "Cust", "CUST."])
def test_a_short_word_for_customer_over_their_ids_joins(header, tmp_path):
    crm = [["Customer No.", "Created"], *[[f"{700 + i}", FIRST] for i in range(30)]]
    bill = [[header, "Total revenue"], *[[f"{700 + i}", 5.0] for i in range(20)]]
    found = read_sources([write_book(tmp_path / "t.xlsx", {"CRM": crm, "ERP": bill})])
    assert match(found, "ERP").matched == 20
    assert np.nansum(found.customers.roles["revenue_total"]) == 100.0
