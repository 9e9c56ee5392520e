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
