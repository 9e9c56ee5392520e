"""The file host: what a plan says is what the workbook's file holds, and what only a file can hold."""

from datetime import date, datetime
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest

from mapseg_xl.hosts import file
from mapseg_xl.hosts.recorder import cells
from mapseg_xl.report.memory import from_rows
from mapseg_xl.report.plan import lay_out
from mapseg_xl.report.spec import Column, Panel, Report, RowBars, Section, Tab, Table
from mapseg_xl.report.verbs import Chart, Height, Live, Page
from tests.report.sample import data_health, sample
from tests.tools import office, validator


@pytest.fixture(scope="module")
def plan():
    return lay_out(sample())


@pytest.fixture(scope="module")
def workbook(plan, tmp_path_factory):
    path = tmp_path_factory.mktemp("book") / "sample.xlsx"
    path.write_bytes(file.to_bytes(plan))
    return path


@pytest.fixture(scope="module")
def formulas(workbook):
    return openpyxl.load_workbook(workbook)


@pytest.fixture(scope="module")
def values(workbook):
    return openpyxl.load_workbook(workbook, data_only=True)


def same(ours, theirs):
    if isinstance(ours, date) and not isinstance(ours, datetime):
        return isinstance(theirs, datetime) and theirs.date() == ours
    if isinstance(ours, bool) or isinstance(theirs, bool):
        return ours is theirs
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        return theirs == pytest.approx(ours, rel=1e-12, abs=1e-12)
    return theirs == ours or (ours == "" and theirs is None)


def test_sheets_come_in_order_and_one_is_very_hidden(plan, formulas):
    assert formulas.sheetnames == [sheet.name for sheet in plan.sheets]
    assert formulas["_mapseg"].sheet_state == "veryHidden"
    assert all(formulas[sheet.name].sheet_state == "visible" for sheet in plan.sheets[:-1])


def test_cells_hold_the_values_and_formulas_of_the_plan(plan, formulas, values):
    for sheet in plan.sheets:
        written = cells(sheet)
        for (row, column), value in written.items():
            cell = formulas[sheet.name].cell(row + 1, column + 1)
            if isinstance(value, Live):
                assert cell.value == "=" + value.formula
                assert same(value.value, values[sheet.name].cell(row + 1, column + 1).value)
            else:
                assert same(value, cell.value), (sheet.name, cell.coordinate)
                assert cell.data_type != "f"


def test_nothing_stands_in_cells_the_plan_does_not_write(plan, formulas):
    for sheet in plan.sheets:
        written = cells(sheet)
        for line in formulas[sheet.name].iter_rows():
            for cell in line:
                assert cell.value is None or (cell.row - 1, cell.column - 1) in written


def test_charts_heights_and_pages_are_those_of_the_plan(plan, formulas):
    for sheet in plan.sheets[:-1]:
        there = formulas[sheet.name]
        heights = [verb for verb in sheet.verbs if isinstance(verb, Height)]
        assert len(there._charts) == sum(isinstance(verb, Chart) for verb in sheet.verbs)
        for verb in heights:
            assert there.row_dimensions[verb.row + 1].height == verb.points, (sheet.name, verb)
        page = next(verb for verb in sheet.verbs if isinstance(verb, Page))
        assert there.page_setup.orientation == "landscape"
        assert bool(there.sheet_properties.pageSetUpPr.fitToPage) is page.one_page
        assert [brk.id for brk in there.row_breaks.brk] == list(page.breaks)
        assert there.sheet_view.showGridLines is False


def test_no_cell_is_merged_and_all_type_is_arial(formulas):
    for sheet in formulas:
        assert not sheet.merged_cells.ranges
        for line in sheet.iter_rows():
            assert {cell.font.name for cell in line} <= {"Arial"}


def test_input_cells_are_unlocked_validated_and_have_a_hidden_name(plan, formulas):
    for entry in plan.inputs:
        sheet = formulas[entry.place.sheet]
        assert not sheet[entry.place.address].protection.locked
        rules = [r for r in sheet.data_validations.dataValidation if entry.place.address in r.sqref]
        assert len(rules) == 1
        name = formulas.defined_names[entry.name]
        assert name.hidden
        assert name.attr_text == f"'{entry.place.sheet}'!{entry.place.rect.absolute}"


def test_the_hidden_sheet_says_what_was_written(plan, values):
    back = from_rows(values["_mapseg"].iter_rows(values_only=True))
    assert back.memory == sample().memory
    assert back.written == plan.written
    assert back.orders == plan.orders
    assert len(back.inputs) == len(plan.inputs)


def test_properties_have_a_title_and_no_author(formulas):
    assert formulas.properties.title == "Acme · Customer segmentation"
    assert not formulas.properties.creator


def test_the_same_plan_gives_the_same_bytes(plan, workbook):
    assert workbook.read_bytes() == file.to_bytes(plan) == file.to_bytes(lay_out(sample()))


def test_gaps_in_charts_are_gaps_for_readers_of_cached_points_too(workbook):
    with ZipFile(workbook) as package:
        xml = package.read("xl/charts/chart2.xml").decode()  # the first panel of Performance
    values = xml.split("<c:yVal>")[1].split("</c:yVal>")[0]  # the base line: two points of many
    assert values.count("<c:pt ") == 2
    assert '<c:ptCount val="22"/>' in values


def test_no_font_follows_the_theme_of_the_reader(plan):
    file.to_bytes(plan)
    with ZipFile(BytesIO(file.to_bytes(plan))) as package:
        assert b"<scheme" not in package.read("xl/styles.xml")


@pytest.mark.validator
def test_the_open_xml_validator_finds_nothing(workbook):
    validator.need_validator()
    assert validator.complaints(workbook) == []


@pytest.mark.office
@pytest.mark.slow
def test_every_cached_value_is_what_libreoffice_calculates(workbook, values, tmp_path):
    office.need_office()
    fresh = openpyxl.load_workbook(office.recalculated(workbook, tmp_path), data_only=True)
    compared = 0
    for sheet in values:
        for line in sheet.iter_rows():
            for cell in line:
                again = fresh[sheet.title][cell.coordinate].value
                if isinstance(again, str):  # LibreOffice escapes what looks like an escape
                    again = again.replace("_x005F_x0041_", "_x0041_")
                assert same("" if cell.value is None else cell.value, again), (
                    sheet.title,
                    cell.coordinate,
                    cell.value,
                    again,
                )
                compared += cell.value is not None
    assert compared > 1000


def book_of(report):
    return openpyxl.load_workbook(BytesIO(file.to_bytes(lay_out(report))))


def test_a_long_footer_full_of_ampersands_is_cut_to_what_excel_takes():
    tab = Tab("A & B & C & D & E & F & G & H", "", "H.", "", ())
    book = book_of(Report((tab,), "", "& Sons " * 40, ""))
    footer = book.worksheets[0].oddFooter
    assert footer.left.text.startswith("&& Sons && Sons")
    assert footer.right.text == "&P / &N"


def test_an_empty_report_part_leaves_a_valid_workbook():
    table = Table("t", (Column("a", "A", 0, "label"), Column("v", "V", 1, "share")), ())
    parts = (
        table,
        Panel("p", "t", "v", "v", "v", {}, 2, 4, "share"),
        RowBars("b", "t", "v", 2, 4, 1.0),
    )
    book = book_of(Report((Tab("T", "", "", None, (Section("S", parts),)),), "", "", ""))
    assert book.worksheets[0]._charts == []


def test_a_thousand_findings_are_laid_out_over_pages_that_hold_them():
    plan = lay_out(Report((data_health(1000),), "", "", ""))
    page = next(verb for verb in plan.sheets[0].verbs if isinstance(verb, Page))
    assert len(page.breaks) > 20
    assert file.to_bytes(plan)
