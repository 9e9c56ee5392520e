"""`mapseg merge`: one row a customer that says the same as the sources it came from, and a report that ties."""

import csv
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from mapseg_xl import commands
from mapseg_xl.cli import main
from mapseg_xl.errors import RefusedOutput
from mapseg_xl.intake.joining.combined import combine
from mapseg_xl.merging import merge, merged_plan
from mapseg_xl.pipeline import find
from mapseg_xl.report.verbs import DataTable
from mapseg_xl.request import Request, intake, silent
from mapseg_xl.runs import Resumed

SAMPLE = Path("examples/lessonry-team.xlsx")


def books(folder, **tables):
    """CSV files of rows, one a table."""
    paths = []
    for name, rows in tables.items():
        path = folder / f"{name}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
        paths.append(path)
    return paths


CRM = [
    ["Account ID", "Legacy No", "Company", "Industry", "Created", "Status"],
    *[
        [f"A-{n}", 900 - n, f"Firm {n}", "Agency" if n % 2 else "Shop", "2025-01-05", "customer"]
        for n in range(1, 41)
    ],
]
BILLING = [["Number", "MRR"], *[[900 - n, 10 * n] for n in range(1, 41)], [5, 77.5]]


def told(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_combined_rows_give_the_figures_of_their_sources(tmp_path):
    out = tmp_path / "one.csv"
    assert main(["merge", str(SAMPLE), "--out", str(out)]) == 0
    before, after = find(Request((SAMPLE,))).whole, find(Request((out,))).whole
    counts = [(t.size, t.leads, t.trials, t.customers, t.churned) for t in (before, after)]
    assert counts[0] == counts[1]
    assert after.revenue_monthly.values.total == pytest.approx(before.revenue_monthly.values.total)


def test_every_row_and_cent_of_a_joined_table_is_found_or_left_over(tmp_path):
    merged = merge(Request(tuple(books(tmp_path, crm=CRM, billing=BILLING)), on=ON), silent)
    (match,) = merged.sources.matches
    assert (match.rows_matched, match.rows_left) == (40, 1)
    assert match.money_matched == sum(10 * n for n in range(1, 41))
    assert match.money_left == 77.5


ON = (("Legacy No", "Number"),)


def test_named_columns_join_two_tables_that_share_no_header(tmp_path):
    out = tmp_path / "one.csv"
    files = [str(path) for path in books(tmp_path, crm=CRM, billing=BILLING)]
    assert main(["merge", *files, "--on", "Number=Legacy No", "--out", str(out)]) == 0
    assert {row["Account ID"]: row["MRR"] for row in told(out)}["A-7"] == "70"


def test_columns_that_are_not_there_are_refused_with_the_nearest(tmp_path, capsys):
    files = [str(path) for path in books(tmp_path, crm=CRM, billing=BILLING)]
    out = tmp_path / "one.csv"
    assert main(["merge", *files, "--on", "Legacy Nr=Number", "--out", str(out)]) == 1
    assert "Did you mean 'Legacy No'?" in capsys.readouterr().err
    assert not out.exists()


def test_columns_of_one_table_join_nothing(tmp_path, capsys):
    files = [str(path) for path in books(tmp_path, crm=CRM, billing=BILLING)]
    out = tmp_path / "one.csv"
    assert main(["merge", *files, "--on", "Company=Industry", "--out", str(out)]) == 1
    assert "can be joined by the two" in capsys.readouterr().err


def test_a_file_that_is_there_is_refused_and_kept(tmp_path):
    out = tmp_path / "one.csv"
    out.write_text("mine", "utf-8")

    with pytest.raises(RefusedOutput, match="already"):
        commands.merge(Request((SAMPLE,)), out, silent)
    assert out.read_text("utf-8") == "mine"


def test_text_that_a_spreadsheet_would_compute_stays_text(tmp_path):
    evil = [["Account ID", "=Industry", "Status"], ["=1+1", "@SUM(1)", "customer"]]
    evil += [[f"x{n}", "Agency", "customer"] for n in range(30)]
    files = [str(path) for path in books(tmp_path, crm=evil)]
    out, book = tmp_path / "one.csv", tmp_path / "one.xlsx"
    assert main(["merge", *files, "--out", str(out)]) == 0
    assert main(["merge", *files, "--out", str(book)]) == 0
    cells = [text for row in told(out) for pair in row.items() for text in pair if text]
    assert not [cell for cell in cells if cell.startswith(("=", "@"))]
    sheet = openpyxl.load_workbook(book)["Customers"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


def test_headers_that_two_columns_share_are_told_apart(tmp_path):
    usage = [["Account ID", "Industry"], *[[f"A-{n}", "x" if n % 2 else "y"] for n in range(1, 41)]]
    sources = intake(Request(tuple(books(tmp_path, crm=CRM, usage=usage))))
    headers = [column.header.casefold() for column in combine(sources)]
    assert len(set(headers)) == len(headers)


def test_the_sheet_is_a_table_with_a_row_a_customer():
    merged = merge(Request((SAMPLE,)), silent)
    customers = merged_plan(merged).sheets[0]
    (table,) = [verb for verb in customers.verbs if isinstance(verb, DataTable)]
    assert table.rect.bottom == merged.sources.customers.n
    assert customers.name == "Customers"


def test_the_lists_hold_the_rows_of_the_chosen_segments(tmp_path):
    out = tmp_path / "lists.xlsx"
    asked = ["run", str(SAMPLE), "--out", str(tmp_path / "o.xlsx"), "--customer-lists", str(out)]
    assert main(asked) == 0
    chosen = find(Request((SAMPLE,))).profiles.chosen
    book = openpyxl.load_workbook(out)
    assert len(book.sheetnames) == len(chosen)
    for sheet, profile in zip(book, chosen, strict=True):
        rows = list(sheet.iter_rows(values_only=True))
        assert len(rows) == profile.n + 1
    first = [
        dict(zip(rows[0], row, strict=True))
        for rows in [list(book.worksheets[0].values)]
        for row in rows[1:]
    ]
    assert {(row["Industry"], row["Country"]) for row in first} == {("Agency", "Netherlands")}
    assert main(asked) == 1


def test_without_a_chosen_segment_there_is_no_list(tmp_path, capsys):
    files = [str(path) for path in books(tmp_path, crm=CRM)]
    asked = ["run", *files, "--customer-lists", str(tmp_path / "lists.xlsx")]
    assert main(asked) == 0
    assert "Decision" in capsys.readouterr().out
    assert not (tmp_path / "lists.xlsx").exists()


def test_the_lists_are_read_as_the_run_was_with_what_was_typed_of_columns(tmp_path, monkeypatch):
    """Said on Settings, not on the command line: the rows of the lists are those the run counted."""
    maps = {"ignore": ("Device",)}
    monkeypatch.setattr(
        commands, "_resumed", lambda asked, *_: Resumed(replace(asked, maps=maps), None, {})
    )
    beside = commands.Beside(lists=tmp_path / "lists.xlsx")
    commands.run(Request((SAMPLE,)), tmp_path / "o.xlsx", beside, silent)
    heads = [cell.value for cell in openpyxl.load_workbook(beside.lists).worksheets[0][1]]
    assert "Industry" in heads
    assert "Device" not in heads
