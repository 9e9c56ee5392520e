"""The test engine itself: what it does as Excel does it, and what it refuses as Excel would."""

from datetime import datetime
from decimal import Decimal

import pandas as pd
import pytest

pytestmark = pytest.mark.office


@pytest.fixture
def sheet(calc_book):
    return calc_book.sheets[0]


def test_a_block_of_texts_numbers_and_formulas_comes_back(sheet):
    sheet.range("B2:C4").raw_value = [["'=x", 1.5], ["'007", "=C2*2"], ["", True]]
    assert sheet.range("B2:C4").raw_value == (("=x", 1.5), ("007", 3.0), (None, True))
    assert sheet.range("B2:C4").formula == (("=x", "1.5"), ("007", "=C2*2"), ("", "1"))


def test_formulas_are_in_excels_grammar_and_reach_other_sheets(calc_book, sheet):
    other = calc_book.sheets.add("Bob's tab", before=sheet)
    other.range("A1:A2").value = [[2], [3]]
    sheet.range("A1").formula = "=IF(SUM('Bob''s tab'!A1:A2)>4,\"yes\",\"no\")"
    assert sheet.range("A1").value == "yes"
    assert sheet.range("A1").formula == "=IF(SUM('Bob''s tab'!A1:A2)>4,\"yes\",\"no\")"


def test_a_table_goes_in_and_out_as_a_frame(sheet):
    frame = pd.DataFrame({"day": pd.to_datetime(["2026-01-31", "2026-02-01"]), "n": [1, 2]})
    sheet.range("A1").options(index=False).value = frame
    assert sheet.range("A2").value == datetime(2026, 1, 31)  # noqa: DTZ001
    back = sheet.range("A1").options(pd.DataFrame, index=False, expand="table").value
    assert list(back.n) == [1, 2]
    assert list(back.day) == list(frame.day)


def test_errors_are_none_or_their_name(sheet):
    sheet.range("A1:C1").raw_value = [["=NA()", "=1/0", "=SQRT(-1)"]]
    assert sheet.range("A1:C1").value == [None, None, None]
    assert sheet.range("A1:C1").options(err_to_str=True).value == ["#N/A", "#DIV/0!", "#NUM!"]


def test_a_currency_format_makes_a_decimal_as_com_does(sheet):
    sheet.range("A1").raw_value = 2.5
    sheet.range("A1").number_format = "$#,##0.00"
    assert sheet.range("A1").raw_value == Decimal("2.5")


def test_texts_without_apostrophe_are_read_as_if_typed(sheet):
    sheet.range("A1:C1").raw_value = [["007", "true", "1/2/2026"]]
    assert sheet.range("A1:C1").raw_value == ((7.0, True, 46024.0),)


def test_a_formula_keeps_the_format_it_is_given_whatever_it_reads(calc_book, sheet):
    calc_book.app.calculation = "manual"
    sheet.range("A1").formula = "=B1"
    sheet.range("A1").number_format = '0.0%;"−"0.0%;0.0%;"–"'
    sheet.range("B1").value = 0.25
    sheet.range("B1").number_format = "0%"
    calc_book.app.calculation = "automatic"
    assert sheet.range("A1").value == 0.25
    assert sheet.range("A1").number_format == '0.0%;"−"0.0%;0.0%;"–"'


def test_looks_come_back(sheet):
    cells = sheet.range("B2:D4")
    cells.number_format = "0.0%"
    cells.font.set(bold=True, size=9, color="#112233", name="Arial")
    cells.color = "#F4F6F8"
    cells.borders.set(["edge_bottom", "inside_horizontal"], weight="thin", color="#C0C0C0")
    cells.wrap_text = True
    cells.horizontal_alignment = "right"
    assert cells.number_format == "0.0%"
    assert (cells.font.bold, cells.font.size, cells.font.name) == (True, 9, "Arial")
    assert cells.font.color == (0x11, 0x22, 0x33)
    assert sheet.range("C3").color == (0xF4, 0xF6, 0xF8)
    assert sheet.range("C3").borders["edge_bottom"].color == (0xC0,) * 3
    assert sheet.range("C3").borders["edge_right"].line_style == "none"
    assert sheet.range("C3").wrap_text
    assert sheet.range("C3").horizontal_alignment == "right"
    sheet.range("C3").font.bold = False
    assert cells.font.bold is None


def test_widths_are_in_characters_and_read_in_points(sheet):
    sheet.range("B:B").column_width = 10.71
    sheet.range("3:3").row_height = 30
    assert sheet.range("B1").width == 60
    assert sheet.range("B3").height == 30


def test_rows_out_of_sight_are_not_among_the_visible_cells(sheet):
    sheet.range("A1:B5").value = 1
    sheet.range("2:3").impl.row_hidden = True
    parts = sheet.range("A1:B5").get_special_cells("visible")
    assert [part.address for part in parts] == ["$A$1:$B$1", "$A$4:$B$5"]


def test_names_have_dots_and_a_scope(calc_book, sheet):
    calc_book.names.add("_mapseg.in.0001", "=Sheet1!$B$2")
    sheet.names.add("local.name", "=Sheet1!$C$3:$C$5")
    calc_book.names.add("SEG_RATE", "=LAMBDA(x,x+1)")
    assert "_mapseg.in.0001" in calc_book.names
    sheet.range("1:1").insert("down")
    assert calc_book.names["_mapseg.in.0001"].refers_to_range.address == "$B$3"
    assert calc_book.names["SEG_RATE"].refers_to == "=LAMBDA(x,x+1)"
    assert [name.name for name in sheet.names] == ["Sheet1!local.name"]
    assert sheet.range("local.name").address == "$C$4:$C$6"


def test_validation_by_list_cells_and_bounds(sheet):
    sheet.range("D1:D2").value = [["yes"], ["no"]]
    sheet.range("A1").data_validation.set_list(["Open", "Closed"])
    sheet.range("A2").data_validation.set_list(sheet.range("D1:D2"))
    sheet.range("A3").data_validation.set_decimal("between", 0, 0.5)
    rules = [sheet.range(f"A{row}").data_validation for row in (1, 2, 3, 4)]
    assert [rule.type for rule in rules] == ["list", "list", "decimal", "none"]
    assert rules[0].source == "Open,Closed"
    assert rules[1].source in ("=$D$1:$D$2", "=Sheet1!$D$1:$D$2")
    assert (rules[2].operator, rules[2].formula1, rules[2].formula2) == ("between", "=0", "=0.5")
    sheet.range("A3").data_validation.delete()
    assert sheet.range("A3").data_validation.type == "none"


def test_clear_takes_everything_from_the_cells_and_nothing_beside(sheet):
    sheet.range("A1:B2").value = [[1, 2], [3, 4]]
    sheet.range("A1:A2").color = "#FF0000"
    sheet.range("A1").add_note("why")
    sheet.range("A1").data_validation.set_list(["x"])
    sheet.range("A1:A2").clear()
    assert sheet.range("A1:B2").value == [[None, 2], [None, 4]]
    assert sheet.range("A1").color is None
    assert sheet.range("A1").note is None
    assert sheet.range("A1").data_validation.type == "none"


def test_hidden_sheets_cannot_be_activated_and_one_stays_visible(calc_book, sheet):
    from tests.calc.strict import ExcelRefuses

    with pytest.raises(ExcelRefuses, match="last visible"):
        sheet.visible = False
    memory = calc_book.sheets.add("_mapseg", after=sheet)
    memory.visible = 2
    assert memory.visible == 2
    with pytest.raises(ExcelRefuses, match="hidden"):
        memory.activate()
    sheet.activate()
    sheet.range("B2:C3").select()
    assert calc_book.app.selection.address == "$B$2:$C$3"


@pytest.mark.parametrize(
    ("address", "rows"),
    [
        ("A1:B1", [[1.0]]),
        ("A1", [[None]]),
        ("A1", [[1]]),
        ("A1", [["=SUM(1,"]]),
        ("A1", [["-x"]]),
        ("A1", [[float("nan")]]),
        ("A1:A2,C1", [[1.0]]),
    ],
)
def test_what_excel_would_not_take_is_refused(sheet, address, rows):
    from tests.calc.strict import ExcelRefuses

    with pytest.raises(ExcelRefuses):
        sheet.range(address).raw_value = rows


def test_what_no_desktop_engine_has_is_refused(sheet):
    from tests.calc.strict import ExcelRefuses

    with pytest.raises(NotImplementedError):
        sheet.freeze_panes  # noqa: B018
    with pytest.raises(NotImplementedError):
        sheet.range("A1").adjust_indent(1)
    with pytest.raises(ExcelRefuses):
        sheet.range("A1").api.Locked = False
    with pytest.raises(AttributeError, match="colour"):
        sheet.range("A1").colour = "#FFFFFF"


def test_a_saved_workbook_holds_it_all(calc_book, sheet, tmp_path):
    import openpyxl

    sheet.range("A1:B1").raw_value = [["'=text", "=1+1"]]
    calc_book.names.add("a.b", "=Sheet1!$A$1")
    calc_book.save(tmp_path / "kept.xlsx")
    there = openpyxl.load_workbook(tmp_path / "kept.xlsx")
    assert there["Sheet1"]["B1"].value == "=1+1"
    assert there["Sheet1"]["A1"].value == "=text"
    assert list(there.defined_names) == ["a.b"]
    assert calc_book.name == "kept.xlsx"
