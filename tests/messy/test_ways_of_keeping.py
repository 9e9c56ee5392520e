"""Ways in which teams keep customers that no generator draws: each by hand, each with its truth."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from math import fsum

import numpy as np
import pytest

from mapseg_xl.intake.customers import read_sources

from .pages import Page, Table, place, written

FIRST = date(2024, 1, 1)


def book(tmp_path, **sheets):
    pages = []
    for name, (headers, *rows) in sheets.items():
        page = Page(name.replace("_", " "))
        place(page, Table([], headers, rows), 0, 0)
        pages.append(page)
    path = tmp_path / "team.xlsx"
    path.write_bytes(written(pages, date_format="yyyy-mm-dd"))
    return path


def counts(path):
    sources = read_sources([path])
    return tuple(np.bincount(sources.customers.status, minlength=4).tolist()), sources


def total(sources, role):
    return fsum(np.nan_to_num(sources.customers.roles[role]).tolist())


@pytest.fixture
def people():
    """(id, company, status, day): every status 0 to 3, as many as there are in turn."""
    return [(f"ACME-{i:04d}", f"Firm {i} Ltd", i % 4, FIRST + timedelta(i)) for i in range(80)]


def test_leads_and_customers_on_two_sheets_under_two_headers_are_one_list(tmp_path, people):
    leads = [["Lead", "Company", "Industry", "Received"]]
    leads += [
        [f"L{i}", name, "Retail", day] for i, (_, name, at, day) in enumerate(people) if at < 2
    ]
    customers = [["Customer No", "Company", "Industry", "Customer since", "Left on", "Monthly fee"]]
    customers += [
        [key, name, "Retail", day, day + timedelta(90) if at == 3 else None, 50.0]
        for key, name, at, day in people
        if at >= 2
    ]
    found, sources = counts(book(tmp_path, Leads=leads, Customers=customers))
    assert found == (40, 0, 20, 20)
    assert total(sources, "revenue_monthly") == 40 * 50
    sheets = {use.sheet: use.used for use in sources.sheets}
    assert sheets == {"Leads": True, "Customers": True}


def test_the_name_of_a_sheet_says_who_has_left(tmp_path, people):
    header = ["ID", "Company", "Industry", "MRR"]
    active = [[key, name, "Retail", 10.0] for key, name, at, _ in people if at == 2]
    gone = [[key, name, "Retail", 10.0] for key, name, at, _ in people if at == 3]
    found, _ = counts(book(tmp_path, Active=[header, *active], Cancelled=[header, *gone]))
    assert found == (0, 0, 20, 20)


def test_revenue_with_a_column_a_month_is_added_up_and_dates_the_customers(tmp_path, people):
    crm = [
        ["Account ID", "Company", "Created"],
        *[[key, name, day] for key, name, _, day in people],
    ]
    months = ["Jan-24", "Feb-24", "Mar-24", "Apr-24"]
    paid = [[key, 10.0, 10.0, None, 12.5] for key, _, at, _ in people if at >= 2]
    path = book(tmp_path, CRM=crm, Revenue_by_month=[["Account ID", *months], *paid])
    found, sources = counts(path)
    assert found == (40, 0, 40, 0)
    assert total(sources, "revenue_total") == 40 * 32.5


def test_logins_with_a_column_a_month_are_one_trait(tmp_path, people):
    crm = [
        ["Account ID", "Company", "Created"],
        *[[key, name, day] for key, name, _, day in people],
    ]
    logins = [["Account ID", "2024-01", "2024-02", "2024-03"]]
    logins += [[key, 1.0, 2.0, float(at)] for key, _, at, _ in people]
    sources = read_sources([book(tmp_path, CRM=crm, Logins=logins)])
    assert [t.name for t in sources.customers.traits] == ["Logins"]
    assert sources.customers.traits[0].numbers[:4] == pytest.approx([1, 4 / 3, 5 / 3, 2])


def test_several_deals_of_an_account_stay_deals(tmp_path, people):
    accounts = [["Account ID", "Account Name", "Type"]]
    accounts += [[key, name, "Customer" if at > 1 else "Prospect"] for key, name, at, _ in people]
    deals = [["Opportunity ID", "Account ID", "Stage", "Amount", "Created Date", "Close Date"]]
    for i in range(150):
        stage = ("Closed Won", "Closed Lost", "Proposal")[i % 3]
        key, _, _, day = people[i % 70]
        deals.append([f"006{i:05d}", key, stage, 100.0, day, day + timedelta(30)])
    found, sources = counts(book(tmp_path, Accounts=accounts, Opportunities=deals))
    assert found == (100, 0, 50, 0)
    won = sources.customers.roles["outcome"] == 1
    assert fsum(sources.customers.roles["revenue_total"][won].tolist()) == 50 * 100


def test_a_status_in_phrases_and_money_a_month_in_other_words(tmp_path, people):
    said = ("Pitching", "Pitching", "Active retainer", "Ended - price")
    rows = [[name, said[at], 900.0 if at > 1 else None] for _, name, at, _ in people]
    path = book(tmp_path, Client_list=[["Client", "Relationship", "Retainer / month"], *rows])
    found, sources = counts(path)
    assert found == (40, 0, 20, 20)
    assert total(sources, "revenue_monthly") == 40 * 900


def test_yes_under_trial_counts_as_a_trial(tmp_path, people):
    rows = [
        [key, day, *("Y" if at >= least else "N" for least in (1, 2, 3))]
        for key, _, at, day in people
    ]
    header = ["User ID", "Signed up", "Trial?", "Converted?", "Churned?"]
    assert counts(book(tmp_path, Users=[header, *rows]))[0] == (20, 20, 20, 20)


def test_recurring_revenue_a_year_counts_by_the_month(tmp_path, people):
    rows = [
        [key, day, day if at > 1 else None, 1200.0 if at > 1 else None]
        for key, _, at, day in people
    ]
    path = book(tmp_path, Accounts=[["Account ID", "Created", "Customer since", "ARR"], *rows])
    assert total(counts(path)[1], "revenue_monthly") == 40 * 100


def test_prices_by_year_and_quarter_count_by_the_month(tmp_path, people):
    often = (("year", 1200.0), ("quarter", 300.0), ("month", 100.0))
    rows = [[key, name, "active", *often[i % 3]] for i, (key, name, _, _) in enumerate(people)]
    header = ["Customer ID", "Customer", "Status", "Interval", "Amount"]
    assert (
        total(counts(book(tmp_path, Subscriptions=[header, *rows]))[1], "revenue_monthly") == 8000
    )


def test_two_tables_side_by_side_on_one_sheet_are_both_read(tmp_path, people):
    page = Page("Data")
    crm = Table([], ["Account ID", "Company", "Created"], [[k, n, d] for k, n, _, d in people])
    paid = Table([], ["Account ID", "MRR"], [[k, 10.0] for k, _, at, _ in people if at > 1])
    _, right = place(page, crm, 0, 0)
    place(page, paid, 0, right + 2)
    path = tmp_path / "team.xlsx"
    path.write_bytes(written([page], date_format="yyyy-mm-dd"))
    found, sources = counts(path)
    assert found == (40, 0, 40, 0)
    assert Counter(use.sheet for use in sources.sheets) == {"Data": 2}


def test_an_old_copy_is_left_and_its_reason_said(tmp_path, people):
    header = ["Account ID", "Company", "Created", "MRR"]
    rows = [[k, n, d, 10.0 if at > 1 else None] for k, n, at, d in people]
    old = [*rows[:60], ["ACME-9999", "Gone Ltd", FIRST, 99.0]]
    found, sources = counts(book(tmp_path, Copy_of_CRM=[header, *old], CRM=[header, *rows]))
    assert found == (40, 0, 40, 0)
    left = next(use for use in sources.sheets if use.sheet == "Copy of CRM")
    assert not left.used
    assert "copy" in left.why
    assert "'CRM'" in left.why


def test_a_row_of_billing_pasted_twice_counts_once(tmp_path, people):
    crm = [["Account ID", "Company", "Created"], *[[k, n, d] for k, n, _, d in people]]
    rows = [[k, "Pro", 10.0, d] for k, _, at, d in people if at > 1]
    billing = [["Account ID", "Plan", "MRR", "Customer since"], *rows, rows[3], rows[5]]
    found, sources = counts(book(tmp_path, CRM=crm, Billing=billing))
    assert found == (40, 0, 40, 0)
    assert total(sources, "revenue_monthly") == 40 * 10
    assert [i.cell for i in sources.issues if i.kind == "copied_row"] == ["A42:D42", "A43:D43"]
