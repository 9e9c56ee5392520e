"""TAM scoring sheets as teams keep them: criteria down, merged headers, units, weights, other scales."""

import openpyxl
import pytest

from mapseg_xl.intake.customers import read_sources

CRITERIA = [
    ["TAM scoring, October"],
    [],
    [None, "Candidates", None, None, "Weight"],
    ["Criterion", "Agency", "Dentist", "Realtor"],
    ["Accounts (k)", 20, 9, 30],
    ["Reachable", 0.5, 0.4, 0.3, 2],
    ["ACV", 1200, 1100, 900],
    ["Growth", 0.1, "x", 0.02, 1],
    ["Competition (1-5)", 5, 3, 1, 1],
    ["Roadmap fit", 5, 4, 2, 1],
]
PIVOT = [
    ["Industry", "Leads", "Customers"],
    ["Agency", 100, 10],
    ["Dentist", 80, 20],
    ["Realtor", 60, 3],
]


@pytest.fixture
def sources(tmp_path):
    def read(scoring, merge=""):
        book = openpyxl.Workbook()
        for row in PIVOT:
            book.active.append(row)
        sheet = book.create_sheet("Scoring")
        for row in scoring:
            sheet.append(row)
        if merge:
            sheet.merge_cells(merge)
        book.save(tmp_path / "team.xlsx")
        return read_sources([tmp_path / "team.xlsx"])

    return read


def test_criteria_down_are_turned_and_weights_are_no_segment(sources):
    market = sources(CRITERIA, merge="B3:D3").market
    assert [line.segment for line in market] == ["Agency", "Dentist", "Realtor"]
    assert [(m.accounts, m.reachable, m.growth) for m in market] == [
        (20_000, 0.5, 0.1), (9_000, 0.4, None), (30_000, 0.3, 0.02)
    ]  # fmt: skip


def test_scores_from_1_to_5_become_scores_from_0_to_3_and_that_is_said(sources):
    made = sources(CRITERIA)
    assert [(m.competition, m.roadmap_fit) for m in made.market] == [(3, 3), (1.5, 2.25), (0, 0.75)]
    (note,) = [i for i in made.issues if i.kind == "score_scale"]
    assert (note.cell, note.severity) == ("9:9", "note")


def test_cells_of_a_turned_sheet_have_the_address_that_they_have_there(sources):
    (wrong,) = [i for i in sources(CRITERIA).issues if i.kind == "unreadable_number"]
    assert (wrong.sheet, wrong.cell) == ("Scoring", "C8")


def test_a_row_of_weights_is_no_segment(sources):
    rows = [
        ["Segment", "Accounts", "Reachable", "Growth"],
        ["Weight", 1, 2, 1],
        ["Agency", 200, 0.5, 0.1],
    ]
    assert [line.segment for line in sources(rows).market] == ["Agency"]


def test_answers_with_an_average_contract_value_are_a_market_and_no_pivot(tmp_path):
    book = openpyxl.Workbook()
    for row in [
        ["Customer ID", "Sector"],
        *[[f"c{n}", ("Tech", "Retail")[n % 2]] for n in range(30)],
    ]:
        book.active.append(row)
    sheet = book.create_sheet("ICP scoring")
    sheet.append(["Segment", "Accounts", "Reachable", "Winnable", "Average contract value"])
    sheet.append(["Retail", 3000, 0.5, 0.1, 20000])
    sheet.append(["Tech", 8000, 0.5, 0.2, 30000])
    book.save(tmp_path / "t.xlsx")
    found = read_sources([tmp_path / "t.xlsx"])
    assert [m.segment for m in found.market] == ["Retail", "Tech"]
    assert not found.pivots
