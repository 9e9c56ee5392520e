"""Combine on a real workbook: one row a customer, a copy that no run reads as a second list."""

import pytest

from mapseg_xl.excel.actions.added_files import bring
from mapseg_xl.excel.actions.button_request import ButtonRequest
from mapseg_xl.excel.actions.combining import write_customers
from mapseg_xl.excel.actions.desk import desk_of, own_sheets
from tests.excel.actions.benches import TestBench

CRM = "Customer ID,Signed up,Industry,Status\n" + "".join(
    f"00{n},2025-01-{n:02},{'Agency' if n % 2 else 'Shop'},{'customer' if n % 3 else 'lead'}\n"
    for n in range(1, 21)
)
BILLING = "Customer ID,MRR\n" + "".join(f"00{n},{n * 10}\n" for n in range(1, 21) if n % 3)


@pytest.fixture
def bench(calc_book, tmp_path):
    for name, text in (("crm.csv", CRM), ("billing.csv", BILLING)):
        (tmp_path / name).write_text(text, "utf-8")
    found = TestBench(calc_book, tmp_path, ButtonRequest(book=calc_book.name))
    bring(found, [tmp_path / "crm.csv", tmp_path / "billing.csv"])
    return found


@pytest.mark.office
def test_a_row_a_customer_with_ids_and_dates_intact(bench):
    assert write_customers(bench) == ""
    rows = bench.book.sheets["Customers"].range("A1:F22").value
    head = rows[0]
    assert rows[1][head.index("Customer ID")] == "001"
    assert rows[1][head.index("Signed up")].year == 2025
    assert rows[1][head.index("MRR")] == 10
    assert rows[21] == [None] * 6


@pytest.mark.office
def test_the_copy_is_no_source_and_is_written_again_in_its_place(bench):
    write_customers(bench)
    assert {sheet.sheet for sheet in own_sheets(desk_of(bench))} == {"crm", "billing"}
    assert write_customers(bench) == ""
    assert "Customers 2" not in [sheet.name for sheet in bench.book.sheets]


@pytest.mark.office
def test_a_copy_that_somebody_changed_stays_and_is_named(bench):
    write_customers(bench)
    bench.book.sheets["Customers"].range("A2").value = "mine"
    said = write_customers(bench)
    assert "'Customers' was changed by hand" in said
    assert bench.book.sheets["Customers"].range("A2").value == "mine"
    assert bench.book.sheets["Customers 2"].range("A2").value == "001"
