"""What teams really export: names in two spellings, rows pasted twice, tests, German headers, money in words."""

from __future__ import annotations

from math import fsum

import numpy as np
import pytest

from mapseg_xl.intake.customers import read_sources

from .exports import write_book, write_csv

NAMES = [f"{'Praxis' if i % 3 else 'Handel'} {i:02} GmbH" for i in range(40)]
CRM = [
    ["Firma", "Branche", "Testbeginn"],
    *[[f"{n}  " if i % 7 == 0 else n, n[:6], "03.04.2025"] for i, n in enumerate(NAMES)],
]
ABOS = [
    ["Kunde", "Abo-Nr.", "Beginn", "Kündigung", "MRR"],
    *[
        [n.upper(), f"A-{i}", "05.04.2025", "", f"{i + 0.1:.2f} €".replace(".", ",")]
        for i, n in enumerate(NAMES[:20])
    ],
    [NAMES[0], "A-99", "20.04.2025", "", "1.234,50 €"],
    ["Niemand AG", "A-98", "20.04.2025", "", "7,10 €"],
]


def read(tmp_path, crm=CRM, billing=ABOS):
    book = write_book(tmp_path / "rechnung.xlsx", {"Abos": billing})
    return read_sources([write_csv(tmp_path / "crm.csv", crm), book])


def issue(found, kind):
    return next(i for i in found.issues if i.kind == kind)


def test_a_billing_list_that_calls_the_customer_kunde_ties_to_the_cent(tmp_path):
    found = read(tmp_path)
    (match,) = found.matches
    assert match.key == "Firma = Kunde"
    assert match.money_matched == round(fsum(i + 0.1 for i in range(20)) + 1234.5, 2)
    assert match.money_left == 7.1
    mrr = found.customers.roles["revenue_monthly"]
    assert np.nansum(mrr) == pytest.approx(match.money_matched, abs=1e-9)
    assert found.customers.roles["converted_on"][0] == np.datetime64("2025-04-05")


def test_a_row_pasted_twice_counts_once_and_is_named(tmp_path):
    again = ["  praxis 01 GMBH", "Praxis", "03.04.2025"]
    found = read(tmp_path, [*CRM, again, ["Praxis 02 GmbH", "Verein", "03.04.2025"]])
    assert found.customers.n == 41  # the same name with another trade is not the same row
    copied = issue(found, "copied_row")
    assert (copied.cell, copied.count) == ("A42:C42", 1)
    assert "first in row 3" in copied.issue


def test_rows_alike_in_a_table_that_names_nobody_are_all_counted(tmp_path):
    rows = [["Branche", "MRR"], *[["Praxis", "10"]] * 30]
    assert read_sources([write_csv(tmp_path / "t.csv", rows)]).customers.n == 30


def test_test_accounts_are_named_and_counted(tmp_path):
    found = read(tmp_path, [*CRM, ["Testkonto intern", "Handel", "03.04.2025"]])
    seen = issue(found, "rehearsal")
    assert (seen.cell, seen.count, found.customers.n) == ("A42", 1, 41)
    assert "'Testkonto intern'" in seen.issue


@pytest.mark.parametrize("name", ["Contest AG", "Testa Rossa", "Protest e.V.", "Attest Labs"])
def test_names_that_only_sound_like_tests_are_no_tests(tmp_path, name):
    found = read(tmp_path, [*CRM, [name, "Handel", "03.04.2025"]])
    assert "rehearsal" not in {i.kind for i in found.issues}


def test_a_table_with_money_that_meets_nobody_stands_on_data_health_and_in_the_match_report(
    tmp_path,
):
    bills = [["Kunde", "Rechnungsdatum", "Betrag"]]
    bills += [[f"Fremd {i // 2}", "05.04.2025", i + 0.25] for i in range(10)]
    found = read(tmp_path, billing=bills)
    alone = issue(found, "unjoined_table")
    assert alone.severity == "warning"
    assert "47.50 of money: no customer of 'crm' stands in its 'Kunde'" in alone.issue
    (match,) = found.matches
    assert (match.matched, match.only_right, match.money_left, match.money_matched) == (
        0,
        5,
        47.5,
        0.0,
    )


def test_decimal_commas_of_a_text_file_are_no_damage(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("Courriel;Montant\n" + "".join(f"c{i}@x.fr;{i},50\n" for i in range(30)))
    found = read_sources([path])
    assert found.customers.roles["revenue_total"].sum() == sum(i + 0.5 for i in range(30))
    assert "text_number" not in {i.kind for i in found.issues}


def test_the_account_of_an_opportunity_names_it_and_describes_nobody(tmp_path):
    deals = [["Opportunity ID", "Account ID", "Stage", "Region"]]
    deals += [
        [f"D{i}", f"00{i // 2:03}", "Closed Won" if i % 3 else "Closed Lost", "EN"[i % 2]]
        for i in range(90)
    ]
    found = read_sources([write_book(tmp_path / "t.xlsx", {"Deals": deals})])
    assert [t.name for t in found.customers.traits if t.name == "Account ID"] == []
    assert "text_number" not in {i.kind for i in found.issues}


LISTED = [["Kundennr", "Praxis", "Angelegt am"]] + [
    [f"K-{n}", f"{first} {last}", f"{n % 27 + 1:02d}.03.2025"]
    for n, (first, last) in enumerate(
        (one, other)
        for one in ("Nordlicht", "Birken", "Kupfer", "Falken", "Ulmen", "Hafen")
        for other in ("Praxis", "Zahnwerk", "Zentrum", "Labor", "Team")
    )
]


def alone(tmp_path, rows):
    return read_sources([write_csv(tmp_path / "alone.csv", rows)])


def test_a_name_under_a_header_that_nobody_knows_is_looked_at_too(tmp_path):
    rows = [*LISTED, ["K-98", "TEST bitte loeschen", "03.04.2025"]]
    rows.append(["K-99", "BIRKEN Zentrum GmbH", "03.04.2025"])
    found = alone(tmp_path, rows)
    assert issue(found, "rehearsal").cell == "B32"
    assert issue(found, "likely_duplicate").cell == "A33:C33"


def test_a_person_called_test_is_named_where_the_name_stands(tmp_path):
    rows = [["Member no", "Surname", "Joined"]]
    rows += [[f"M{n}", ("Ek", "Silva", "Cruz")[n % 3], "2025-03-04"] for n in range(30)]
    found = alone(tmp_path, [*rows, ["M90", "TEST TEST", "2025-03-05"]])
    assert issue(found, "rehearsal").cell == "B32"


def test_the_same_broken_address_is_nobodys_and_makes_no_pair(tmp_path):
    rows = [["Member no", "Email", "Joined"]]
    rows += [[f"M{n}", f"a{n}@mail.example", "2025-03-04"] for n in range(40)]
    broken = [[f"M{n}", "n.a@", "2025-03-05"] for n in (90, 91)]
    same = [["M92", "a3@mail.example", "2025-03-05"]]
    found = alone(tmp_path, [*rows, *broken, *same])
    assert [i.cell for i in found.issues if i.kind == "likely_duplicate"] == ["A44:C44"]


def test_an_order_long_after_all_others_is_named_and_counted(tmp_path):
    crm = [["Customer ID", "Created"], *[[f"c{n}", "2024-01-05"] for n in range(30)]]
    orders = [["Order ID", "Customer ID", "Order date", "Amount"]]
    orders += [[f"o{n}", f"c{n % 30}", f"2024-{n % 12 + 1:02d}-10", "5"] for n in range(60)]
    orders.append(["o99", "c1", "2079-01-01", "5"])
    files = [write_csv(tmp_path / "crm.csv", crm), write_csv(tmp_path / "orders.csv", orders)]
    found = read_sources(files)
    assert (issue(found, "late_date").cell, issue(found, "late_date").count) == ("C62", 1)


def test_a_copy_called_old_in_brackets_is_left_beside_a_sheet_with_a_year(tmp_path):
    head = ["Account ID", "Company", "Created", "Country", "Chairs", "Source", "Owner"]
    row = lambda n: [f"a{n}", f"Firm {n}", "2025-03-04", "DE", n, "Fair", "Ann"]  # noqa: E731
    now = [head, *map(row, range(40))]
    before = [r[:5] for r in now[:25]]
    for names in (("CRM May 2026", "CRM (old Jan)"), ("CRM 2026", "CRM (old)")):
        sheets = dict(zip(names, (now, before), strict=True))
        found = read_sources([write_book(tmp_path / "t.xlsx", sheets)])
        assert {u.sheet: u.used for u in found.sheets} == {names[0]: True, names[1]: False}


def test_ids_of_which_a_few_are_numbers_among_texts_are_named(tmp_path):
    rows = [["Customer ID", "Created"], *[[f"{700 + n}", "2025-03-04"] for n in range(40)]]
    rows[8][0], rows[20][0] = 707, 719
    found = read_sources([write_book(tmp_path / "t.xlsx", {"CRM": rows})])
    assert [s.cell for s in issue(found, "mixed_id_types").spots] == ["A9", "A21"]


def test_a_lone_question_mark_is_no_answer(tmp_path):
    rows = [
        ["Kundennr", "Branche"],
        *[[f"K-{n}", ("Handel", "Handwerk")[n % 2]] for n in range(40)],
    ]
    found = alone(tmp_path, [*rows, ["K-99", "?"]])
    assert issue(found, "placeholder").cell == "B42"
