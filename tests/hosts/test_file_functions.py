"""A finished workbook that carries named functions is as valid as without, and changes nothing else."""

from dataclasses import replace
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import openpyxl
import pytest

from mapseg_xl.hosts import file
from mapseg_xl.report.named_functions.aggregate import AGGREGATE
from mapseg_xl.report.plan import lay_out
from tests.report.sample import sample
from tests.tools import office, validator

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    path = tmp_path_factory.mktemp("book") / "carrying.xlsx"
    path.write_bytes(file.to_bytes(lay_out(replace(sample(), functions=AGGREGATE))))
    return path


@pytest.fixture(scope="module")
def names(workbook):
    with ZipFile(workbook) as package:
        tree = ET.fromstring(package.read("xl/workbook.xml"))
    return {n.get("name"): n for n in tree.iter(f"{MAIN}definedName")}


def test_each_function_is_a_visible_name_that_says_what_it_is_for(names):
    for function in AGGREGATE:
        held = names[function.name]
        assert held.get("hidden") is None
        assert held.get("comment") == function.comment
        assert held.text.startswith("_xlfn.LAMBDA(")


def test_the_names_of_input_cells_stay_hidden(names):
    ours = [name for name in names if name.startswith("_mapseg")]
    assert ours
    assert all(names[name].get("hidden") == "1" for name in ours)


def test_no_cell_of_the_workbook_calls_them(workbook):
    book = openpyxl.load_workbook(workbook)
    formulas = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [text for text in formulas if text.startswith("=") and "SEG_" in text]


@pytest.mark.validator
def test_the_open_xml_validator_finds_nothing(workbook):
    validator.need_validator()
    assert validator.complaints(workbook) == []


@pytest.mark.office
def test_another_spreadsheet_program_recalculates_the_rest_as_before(workbook, tmp_path):
    office.need_office()
    before = openpyxl.load_workbook(workbook, data_only=True)
    after = openpyxl.load_workbook(office.recalculated(workbook, tmp_path), data_only=True)
    for sheet in before:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
                    assert after[sheet.title][cell.coordinate].value == pytest.approx(cell.value)
