"""Add files and Refresh on a real sheet: what comes in stays as it was, what people changed is never replaced."""

import pytest

from mapseg_xl.excel.actions.added_files import added_before, bring, free_name, read_again
from mapseg_xl.hosts.live import host as live
from tests.excel.actions.benches import TestBench

ROWS = "".join(f"00{n},2025-01-{n:02},=1+{n},1e{n}\n" for n in range(1, 10))
HEAD = "Customer ID,Signed up,Note,Plan\n"


@pytest.fixture
def bench(calc_book, tmp_path):
    return TestBench(calc_book, tmp_path)


@pytest.fixture
def export(tmp_path):
    path = tmp_path / "crm.csv"
    path.write_text(HEAD + ROWS, "utf-8")
    return path


@pytest.mark.office
def test_ids_dates_and_formulas_come_in_as_they_stand(bench, export):
    (brought,) = bring(bench, [export])
    cells = bench.book.sheets[brought.sheet].range("A1:D3").value
    assert cells[0] == ["Customer ID", "Signed up", "Note", "Plan"]
    assert cells[1][0] == "001"
    assert (cells[1][1].year, cells[1][1].month, cells[1][1].day) == (2025, 1, 1)
    assert cells[1][2:] == ["=1+1", "1e1"]
    assert brought.said == "crm.csv: 9 rows, 4 columns on the sheet 'crm'."


@pytest.mark.office
def test_the_same_file_again_takes_the_place_of_its_sheet(bench, export):
    bring(bench, [export])
    export.write_text(HEAD + ROWS[: len(ROWS) // 2 + 1].rpartition("\n")[0] + "\n", "utf-8")
    (brought,) = bring(bench, [export])
    assert brought.sheet == "crm"
    last = bench.book.sheets["crm"].used_range.last_cell.row
    assert bench.book.sheets["crm"].range((last + 1, 1)).value is None
    assert [sheet.name for sheet in bench.book.sheets].count("crm") == 1
    assert bench.book.sheets["crm"].range("A9:A10").value == [None, None]


@pytest.mark.office
def test_a_sheet_that_somebody_changed_stays_and_the_file_gets_another(bench, export):
    bring(bench, [export])
    bench.book.sheets["crm"].range("D2").value = "mine"
    (brought,) = bring(bench, [export])
    assert brought.sheet == "crm 2"
    assert "'crm' was changed by hand" in brought.said
    assert bench.book.sheets["crm"].range("D2").value == "mine"


@pytest.mark.office
def test_a_sheet_of_the_teams_own_is_never_replaced(bench, export):
    bench.book.sheets[0].name = "CRM"
    bench.book.sheets["CRM"].range("A1").value = "ours"
    (brought,) = bring(bench, [export])
    assert brought.sheet == "crm 2"
    assert bench.book.sheets["CRM"].range("A1").value == "ours"


@pytest.mark.office
def test_where_one_file_cannot_be_read_none_is_added(bench, export, tmp_path):
    empty = tmp_path / "empty.csv"
    empty.write_text("", "utf-8")
    with pytest.raises(Exception, match=r"empty\.csv is empty"):
        bring(bench, [export, empty])
    assert "crm" not in [sheet.name for sheet in bench.book.sheets]
    assert not added_before(bench.book)


@pytest.mark.office
def test_refresh_reads_files_from_where_they_lay_and_names_one_that_is_gone(bench, export):
    bring(bench, [export])
    export.write_text((HEAD + ROWS).replace("1e1\n", "Pro\n"), "utf-8")
    assert read_again(bench) == ()
    assert bench.book.sheets["crm"].range("D2").value == "Pro"
    export.unlink()
    (said,) = read_again(bench)
    assert said.startswith("crm.csv was not read again")
    assert bench.book.sheets["crm"].range("D2").value == "Pro"


@pytest.mark.office
def test_added_sheets_are_the_teams_own(bench, export):
    bring(bench, [export])
    assert "crm" in live.taken_names(bench.book)
    assert [sheet.sheet for sheet in live.sheets_of(bench.book)] == ["crm"]


def test_a_name_is_free_whatever_its_case():
    assert free_name("CRM", ["crm", "Summary"]) == "CRM 2"
    assert free_name("a/b", []) == "a b"
