"""Formulas that no program ever calculated: they stop a run where their column counts, and only there."""

from __future__ import annotations

import pytest

from mapseg_xl.errors import BadCells
from mapseg_xl.intake.customers import IntakeOptions, read_sources

from .books import text_cell, xlsx


def book(tmp_path, header, *, calculated=0):
    """Ten customers with an MRR and a column of formulas, the first of them with a value."""
    names = "".join(
        text_cell(f"{c}1", h) for c, h in zip("ABC", ("id", "trial", header), strict=True)
    )
    rows = f'<row r="1">{names}</row>'
    for i in range(2, 12):
        value = "<v>5</v>" if i < 2 + calculated else ""
        rows += f'<row r="{i}">{text_cell(f"A{i}", f"c{i}")}{text_cell(f"B{i}", "2025-01-31")}'
        rows += f'<c r="C{i}"><f>1+1</f>{value}</c></row>'
    return [xlsx(tmp_path / "crm.xlsx", rows)]


@pytest.mark.parametrize("calculated", [0, 9])
@pytest.mark.parametrize("header", ["MRR", "Revenue"])
def test_in_a_column_that_counts_they_stop_even_where_all_of_it_is_empty(
    tmp_path, header, calculated
):
    with pytest.raises(BadCells) as caught:
        read_sources(book(tmp_path, header, calculated=calculated))
    assert str(caught.value).startswith(f"Data column {header}, C{2 + calculated}: ")
    assert str(caught.value).endswith("Open the workbook in Excel, save it, and run again.")


@pytest.mark.parametrize("header", ["Double", "Company"])
def test_in_a_column_that_only_describes_they_are_a_warning(tmp_path, header):
    found = read_sources(book(tmp_path, header))
    (issue,) = [i for i in found.issues if i.kind == "formula_without_value"]
    assert (issue.severity, issue.cell, issue.count) == ("warning", "C2", 10)
    assert issue.action.startswith("Left out, as if empty. Open the workbook in Excel")


def test_a_column_to_segment_by_counts_and_one_to_ignore_does_not(tmp_path):
    with pytest.raises(BadCells, match="Double"):
        read_sources(book(tmp_path, "Double"), IntakeOptions(segment_by=("Double",)))
    assert read_sources(book(tmp_path, "MRR"), IntakeOptions(maps={"ignore": ("MRR",)}))


def test_a_second_column_with_values_plays_the_role_instead(tmp_path):
    paths = book(tmp_path, "MRR")
    text = text_cell("D1", "Monthly revenue")
    rows = f'<row r="1">{text_cell("A1", "id")}{text_cell("C1", "MRR")}{text}</row>'
    for i in range(2, 8):
        rows += f'<row r="{i}">{text_cell(f"A{i}", f"c{i}")}<c r="C{i}"><f>1</f></c><c r="D{i}"><v>{i}</v></c></row>'
    found = read_sources([xlsx(paths[0], rows)])
    assert found.customers.role_headers["revenue_monthly"] == "Monthly revenue"
