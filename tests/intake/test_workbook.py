"""Files as people send them: every cell is read as it is, and what cannot be read is one sentence."""

import shutil
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
import xlsxwriter

from mapseg_xl.errors import InputError
from mapseg_xl.intake.cleaning.cells import UNCALCULATED
from mapseg_xl.intake.finding.header import find_table
from mapseg_xl.intake.health import each_cell
from mapseg_xl.intake.reading.older_formats import error_cells
from mapseg_xl.intake.tables import CellError
from mapseg_xl.intake.workbook import read_sheets

from .books import text_cell, xlsb, xlsx

DATA = Path(__file__).parents[1] / "data" / "intake"


def cells(sheet):
    return [c.tolist() for c in sheet.columns]


def one(path):
    (sheet,) = read_sheets(path)
    return sheet


def said(sheet):
    return [(i.kind, i.severity, i.cell, i.count) for i in sheet.issues]


def refusal(path, names=()):
    with pytest.raises(InputError) as caught:
        read_sheets(path, names)
    message = str(caught.value)
    assert path.name in message
    assert "\n" not in message
    assert message.endswith(".")
    return message


def write(path, *sheets, options=None):
    """Sheets as (name, {address: value or (value, number format)}); None as format: a formula and its value."""
    book = xlsxwriter.Workbook(path, options or {})
    for name, content in sheets:
        sheet = book.add_worksheet(name)
        for address, value in content.items():
            if isinstance(value, tuple) and value[1] is None:
                sheet.write_formula(address, *value[0])
            elif isinstance(value, tuple):
                sheet.write(address, value[0], book.add_format({"num_format": value[1]}))
            elif isinstance(value, str):
                sheet.write_string(address, value)
            else:
                sheet.write(address, value)
    book.close()
    return path


# xlsx


def test_every_kind_of_cell_arrives_as_it_is(tmp_path):
    long = "x" * 32_000
    content = {
        "A1": "007", "A2": "👍 é", "A3": long, "A4": "=1+1", "A5": "#N/A", "A6": "  spaces ",
        "B1": 12.5, "B2": True, "B3": (datetime(2025, 3, 1), "yyyy-mm-dd"),  # noqa: DTZ001
        "B4": (datetime(2025, 3, 1, 6, 30), "yyyy-mm-dd hh:mm"),  # noqa: DTZ001
        "B5": (time(6, 0), "hh:mm"), "B6": (timedelta(hours=30), "[h]:mm"),
    }  # fmt: skip
    sheet = one(write(tmp_path / "a.xlsx", ("Data", content)))
    assert cells(sheet) == [
        ["007", "👍 é", long, "=1+1", "#N/A", "  spaces "],
        [12.5, True, date(2025, 3, 1), datetime(2025, 3, 1, 6, 30), time(6), timedelta(hours=30)],  # noqa: DTZ001
    ]
    assert sheet.issues == ()


def test_addresses_count_leading_empty_rows_and_columns(tmp_path):
    sheet = one(write(tmp_path / "a.xlsx", ("Data", {"C4": "id", "D4": "n", "C5": "a", "D6": 2.0})))
    assert (sheet.top, sheet.left) == (4, 3)
    assert cells(sheet) == [["id", "a", None], ["n", None, 2.0]]
    table = find_table(sheet)
    assert table.cell(1, 1) == "D6"


def test_excel_errors_are_told_apart_from_empty_cells(tmp_path):
    codes = ["#N/A", "#DIV/0!", "#REF!", "#NAME?", "#NULL!", "#NUM!", "#VALUE!"]
    content = {"A1": "id", "B1": "v"} | {
        f"B{i}": (("=NA()", None, c), None) for i, c in enumerate(codes, 2)
    }
    sheet = one(write(tmp_path / "a.xlsx", ("Data", content)))
    assert sheet.columns[1].tolist()[1:] == [CellError(c) for c in codes]


def test_text_about_an_error_is_no_error(tmp_path):
    rows = '<row r="1">' + text_cell("A1", 'say t="e" hidden="1"') + "</row>"
    sheet = one(xlsx(tmp_path / "a.xlsx", rows))
    assert cells(sheet) == [['say t="e" hidden="1"']]
    assert sheet.issues == ()


def test_formulas_saved_without_a_value_are_marked_with_first_cell_and_count(tmp_path):
    book = openpyxl.Workbook()
    for row in (["id", "n", "double"], ["a", 1, "=B2*2"], ["b", 2, "=B3*2"]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    sheet = one(tmp_path / "a.xlsx")
    assert sheet.columns[2].tolist() == ["double", UNCALCULATED, UNCALCULATED]
    assert said(sheet) == [("formula_without_value", "warning", "C2", 2)]
    table = find_table(sheet)
    assert [(i.severity, i.column, i.count) for i in table.issues] == [("error", "double", 2)]
    assert table.columns[2].tolist() == [None, None]


def test_zeros_that_xlsxwriter_writes_for_all_formulas_are_no_values(tmp_path):
    content = {
        "A1": "id",
        "B1": "n",
        "A2": "a",
        "B2": (("=1+1",), None),
        "A3": "b",
        "B3": (("=1+2",), None),
    }
    assert said(one(write(tmp_path / "a.xlsx", ("Data", content)))) == [
        ("formula_without_value", "warning", "B2", 2)
    ]


def test_calculated_formulas_are_values_even_if_one_is_zero_or_empty_text(tmp_path):
    rows = (
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>""</f><v></v></c>'
        '<c r="C1"><f>0</f><v>0</v></c></row>'
    )
    sheet = one(xlsx(tmp_path / "a.xlsx", rows, settings='<calcPr fullCalcOnLoad="1"/>'))
    assert cells(sheet)[0] == [2.0]
    assert sheet.issues == ()


def test_hidden_and_filtered_rows_are_included_and_said(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = book.add_worksheet("Data")
    for row in range(6):
        sheet.write_row(row, 0, ["id" if row == 0 else f"c{row}", row])
    sheet.set_row(3, options={"hidden": True})
    sheet.set_row(4, options={"hidden": True})
    sheet.set_column(5, 5, options={"hidden": True})
    book.close()
    found = one(tmp_path / "a.xlsx")
    assert len(found.columns[0]) == 6
    assert said(found) == [("hidden_rows", "note", "A4", 2)]
    assert [i.cell for i in each_cell(found.issues)] == ["A4", "A5"]


def test_dates_of_the_1904_system_are_converted_and_said(tmp_path):
    content = {"A1": "on", "A2": (datetime(2025, 3, 1), "yyyy-mm-dd")}  # noqa: DTZ001
    sheet = one(write(tmp_path / "a.xlsx", ("Data", content), options={"date_1904": True}))
    assert cells(sheet) == [["on", date(2025, 3, 1)]]
    assert said(sheet) == [("date_1904", "warning", "A2", 1)]


def test_hidden_sheets_are_marked_chart_sheets_and_our_own_are_not_read(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    for name in ("Data", "Secret", "_mapseg"):
        book.add_worksheet(name).write(0, 0, name)
    book.get_worksheet_by_name("Secret").hide()
    book.get_worksheet_by_name("_mapseg").very_hidden()
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Data!$A$1:$A$2"})
    book.add_chartsheet("Chart").set_chart(chart)
    book.close()
    assert [(s.sheet, s.hidden) for s in read_sheets(tmp_path / "a.xlsx")] == [
        ("Data", False),
        ("Secret", True),
    ]


def test_sheets_are_named_in_any_case_and_an_unknown_one_lists_those_there_are(tmp_path):
    path = write(tmp_path / "a.xlsx", ("Customers", {"A1": "x"}), ("Orders", {"A1": "y"}))
    assert [s.sheet for s in read_sheets(path, ["ORDERS"])] == ["Orders"]
    assert "Customers, Orders" in refusal(path, ["Sales"])


def test_parts_with_a_prefix_and_single_quotes_are_read(tmp_path):
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = (
        f'<x:worksheet xmlns:x="{main}"><x:sheetData><x:row r="2" hidden="1"><x:c r="B2" t="e"><x:v>#N/A</x:v></x:c>'
        '<x:c r="C2"><x:f>1+1</x:f></x:c><x:c r="D2"><x:v>5</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    found = one(xlsx(tmp_path / "a.xlsx", "", parts={"xl/worksheets/sheet1.xml": sheet}))
    assert cells(found) == [[CellError("#N/A")], [UNCALCULATED], [5.0]]
    assert [i.kind for i in found.issues] == ["formula_without_value", "hidden_rows"]


def test_backslashes_in_part_names_are_forgiven(tmp_path):
    good = xlsx(tmp_path / "good.xlsx", '<row r="1"><c r="A1" t="e"><v>#REF!</v></c></row>')
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as new:
        for name in old.namelist():
            info = zipfile.ZipInfo("x")
            info.filename = name.replace("/", "\\") if "sheet1" in name else name
            new.writestr(info, old.read(name))
    assert cells(one(tmp_path / "a.xlsx")) == [[CellError("#REF!")]]


# hostile packages


def test_a_cell_in_the_last_corner_of_a_sheet_is_refused_at_once(tmp_path):
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    assert "XFD1048576" in refusal(xlsx(tmp_path / "a.xlsx", rows))


def test_a_row_number_no_sheet_has_is_refused(tmp_path):
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="4294967295"><c r="A4294967295"><v>1</v></c></row>'
    assert "4294967295" in refusal(xlsx(tmp_path / "a.xlsx", rows))


def test_cells_that_are_formatted_but_empty_make_no_sheet_too_large(tmp_path):
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert cells(one(xlsx(tmp_path / "a.xlsx", rows))) == [[1.0]]


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_a_doctype_is_refused(tmp_path, part):
    bad = '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    assert "DOCTYPE" in refusal(xlsx(tmp_path / "a.xlsx", "", parts={part: bad}))


def test_names_that_leave_the_package_are_refused(tmp_path):
    assert "../evil" in refusal(xlsx(tmp_path / "a.xlsx", "", parts={"../evil": "x"}))


def test_what_would_unpack_to_very_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("mapseg_xl.intake.reading.package.BOMB_BYTES", 1_000_000)
    rows = '<row r="1">' + text_cell("A1", "x" * 3_000_000) + "</row>"
    assert "unpack" in refusal(xlsx(tmp_path / "a.xlsx", rows))


# the other workbook formats


@pytest.mark.parametrize("name", ["odd.ods", "odd.xls"])
def test_older_formats_give_the_same_cells_errors_included(name):
    first, hidden = read_sheets(DATA / name)
    assert (first.sheet, first.top, first.left, first.hidden) == ("Müller & Co", 2, 2, False)
    assert cells(first) == [
        ["id", "007", "👍 é", None, "C9"],
        ["on", date(2025, 3, 1), date(2025, 3, 2), None, None],
        ["revenue", 12.5, CellError("#DIV/0!"), None, CellError("#N/A")],
        ["ok", True, False, None, None],
    ]
    assert (hidden.sheet, hidden.hidden) == ("Hidden one", True)


def test_a_binary_workbook_gives_its_cells_errors_included(tmp_path):
    sheet = one(xlsb(tmp_path / "a.xlsb"))
    assert sheet.sheet == "Data"
    assert cells(sheet) == [
        ["id", "007", "a2", "a3"],
        ["revenue", 12.5, CellError("#N/A"), CellError("#REF!")],
    ]


def test_a_file_under_the_name_of_another_kind_is_read_by_content_with_a_note(tmp_path):
    shutil.copy(DATA / "odd.ods", tmp_path / "a.xlsx")
    first = read_sheets(tmp_path / "a.xlsx")[0]
    assert first.sheet == "Müller & Co"
    assert [i.kind for i in first.issues] == ["wrong_suffix"]


# what cannot be read


def test_files_that_are_none_are_refused_with_what_to_do(tmp_path):
    assert "does not exist" in refusal(tmp_path / "none.xlsx")
    (tmp_path / "folder.xlsx").mkdir()
    assert "is a folder" in refusal(tmp_path / "folder.xlsx")
    (tmp_path / "empty.csv").touch()
    assert "is empty" in refusal(tmp_path / "empty.csv")
    (tmp_path / "a.docx").write_bytes(b"PK")
    assert ".xlsx" in refusal(tmp_path / "a.docx")


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("~$crm.xlsx", b"x", "Name crm.xlsx instead"),
        ("a.xlsx", b"just text", "plain text"),
        ("a.xlsx", b"PK\x03\x04 cut off", "damaged"),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", "web page"),
        ("a.xls", b'<?xml version="1.0"?><Workbook/>', "web page or XML"),
        ("a.csv", b"%PDF-1.7 ...", "a PDF"),
        ("a.xlsx", b"\x89PNG....", "a picture"),
        ("a.csv", b"\x00\x01\x02\x03binary\xff", "not text"),
        ("a.parquet", b"PAR1 and no more PAR1", "parquet"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "cannot be read"),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "password",
        ),
        ("a.csv", b"\n\n\n", "no cells"),
        ("a.csv", b'id,name\n1,"never closed\n2,x\n', "quotation mark"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path, name, content, what):
    path = tmp_path / name
    path.write_bytes(content)
    assert what in refusal(path)


def test_a_zip_without_a_workbook_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("readme.txt", "x")
    assert "without a workbook" in refusal(tmp_path / "a.xlsx")


def test_a_workbook_cut_off_anywhere_is_one_sentence_or_read(tmp_path):
    whole = write(tmp_path / "whole.xlsx", ("Data", {"A1": "id", "A2": "x"})).read_bytes()
    path = tmp_path / "cut.xlsx"
    for size in range(10, len(whole), 301):
        path.write_bytes(whole[:size])
        refusal(path)


def test_an_empty_workbook_is_refused_and_an_empty_sheet_beside_data_is_not(tmp_path):
    assert "is empty" in refusal(write(tmp_path / "a.xlsx", ("Data", {})))
    sheets = read_sheets(write(tmp_path / "b.xlsx", ("Data", {"A1": 1.0}), ("None", {})))
    assert [len(s.columns) for s in sheets] == [1, 0]


# text


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path, delimiter):
    path = tmp_path / "a.csv"
    path.write_text("id,name\n1,Ann\n2,Bob\n".replace(",", delimiter))
    sheet = one(path)
    assert (sheet.sheet, cells(sheet)) == ("a", [["id", "1", "2"], ["name", "Ann", "Bob"]])


def test_decimal_commas_do_not_make_the_comma_the_delimiter(tmp_path):
    (tmp_path / "a.csv").write_text("id;x;y\n1;2,5;3,5\n2;4,5;5,5\n")
    assert cells(one(tmp_path / "a.csv"))[1] == ["x", "2,5", "4,5"]


def test_a_line_that_names_the_delimiter_is_obeyed_and_counts_as_a_row(tmp_path):
    (tmp_path / "a.csv").write_text("sep=^\nid^name\n1^A,nn\n")
    sheet = one(tmp_path / "a.csv")
    assert (sheet.top, cells(sheet)) == (2, [["id", "1"], ["name", "A,nn"]])


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_encodings_are_found(tmp_path, encoding):
    (tmp_path / "a.csv").write_bytes("id,städte €\n1,Köln\n2,Zürich\n".encode(encoding))
    sheet = one(tmp_path / "a.csv")
    assert cells(sheet) == [["id", "1", "2"], ["städte €", "Köln", "Zürich"]]
    assert [i.kind for i in sheet.issues] == (["encoding"] if encoding == "cp1252" else [])


def test_cells_of_a_text_file_are_text_and_empty_ones_none(tmp_path):
    (tmp_path / "a.csv").write_text('id,n,d\n007,1.50,NA\n,"",null\n')
    assert cells(one(tmp_path / "a.csv")) == [
        ["id", "007", None],
        ["n", "1.50", None],
        ["d", "NA", "null"],
    ]


def test_rows_count_as_records_with_quoted_line_breaks_and_blank_lines(tmp_path):
    (tmp_path / "a.csv").write_bytes(b'id,note\r\n1,"two\r\nlines"\r\n\r\n2,"say ""hi"""\r\n')
    sheet = one(tmp_path / "a.csv")
    assert cells(sheet) == [["id", "1", None, "2"], ["note", "two\r\nlines", None, 'say "hi"']]
    assert find_table(sheet).rows.tolist() == [2, 4]


@pytest.mark.parametrize("early", [0, 9000])
def test_uneven_rows_keep_all_cells_and_are_named(tmp_path, early):
    lines = ["id,a,b", *["x,1,2"] * early, "1,2,3", "4,5", "6,7,8,9", "7,8,9"]
    (tmp_path / "a.csv").write_text("\n".join(lines))
    sheet = one(tmp_path / "a.csv")
    long, short = early + 4, early + 3
    assert [c[long - 1] for c in cells(sheet)] == ["6", "7", "8", "9"]
    assert [(i.kind, i.cell, i.count) for i in sheet.issues] == [
        ("uneven_rows", f"A{long}", 1),
        ("uneven_rows", f"A{short}", 1),
    ]
    assert f"row {long} (4 fields)" in sheet.issues[0].issue


def test_title_lines_above_a_text_table_are_not_called_uneven(tmp_path):
    (tmp_path / "a.csv").write_text("My export\n\nid,name\n1,Ann\n2,Bob\n")
    sheet = one(tmp_path / "a.csv")
    assert sheet.issues == ()
    assert find_table(sheet).headers == ("id", "name")


def test_a_sheet_name_for_a_text_file_must_be_its_own(tmp_path):
    (tmp_path / "crm.csv").write_text("id,n\n1,2\n")
    assert read_sheets(tmp_path / "crm.csv", ["CRM"])[0].sheet == "crm"
    assert "one table" in refusal(tmp_path / "crm.csv", ["Other"])


# parquet


def test_parquet_columns_keep_their_types_and_names(tmp_path):
    frame = pd.DataFrame(
        {
            "n": [1.5, None],
            "i": [1, 2],
            "big": [2**60 + 1, 5],
            "s": ["007", None],
            "b": [True, False],
            "maybe": pd.array([True, None], dtype="boolean"),
            "on": pd.to_datetime(["2025-03-01T05:00", None]),
            "day": pd.array([date(2025, 3, 1), None], dtype="object"),
            "kind": pd.Categorical(["x", "y"]),
            "list": [[1, 2], None],
        }
    )
    frame.to_parquet(tmp_path / "a.parquet")
    sheet = one(tmp_path / "a.parquet")
    assert sheet.headers == tuple(frame.columns)
    by_name = dict(zip(sheet.headers, sheet.columns, strict=True))
    kinds = "".join(c.dtype.kind for c in sheet.columns)
    assert kinds == "ffOObOMMOO"
    np.testing.assert_array_equal(by_name["n"], [1.5, np.nan])
    assert by_name["big"].tolist() == ["1152921504606846977", "5"]
    assert by_name["s"].tolist() == ["007", None]
    assert by_name["maybe"].tolist() == [True, None]
    assert str(by_name["on"][0])[:16] == "2025-03-01T05:00"
    assert np.isnat(by_name["day"][1])
    assert by_name["kind"].tolist() == ["x", "y"]
    assert by_name["list"].tolist() == ["[1, 2]", None]
    assert find_table(sheet).rows.tolist() == [2, 3]


def test_equal_texts_of_a_parquet_file_share_one_object(tmp_path):
    pd.DataFrame({"s": ["a long text", "b", "a long text"] * 5}).to_parquet(tmp_path / "a.parquet")
    column = one(tmp_path / "a.parquet").columns[0]
    assert len({id(v) for v in column}) == 2


def test_a_far_row_is_refused_even_if_it_is_not_the_last_one_written(tmp_path):
    rows = (
        '<row r="9999999"><c r="Z9999999"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>'
    )
    assert "9999999" in refusal(xlsx(tmp_path / "a.xlsx", rows))


def test_errors_of_an_ods_sheet_are_placed_after_repeated_rows_and_cells(tmp_path):
    content = (
        '<table:table table:name="A &amp; B"><table:table-row table:number-rows-repeated="3">'
        '<table:table-cell/></table:table-row><table:table-row><table:table-cell table:number-columns-repeated="2"/>'
        '<table:covered-table-cell/><table:table-cell calcext:value-type="error"><text:p>#REF!</text:p>'
        "</table:table-cell></table:table-row></table:table>"
    )
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("content.xml", content)
    with (tmp_path / "a.ods").open("rb") as stream:
        assert error_cells("ods", stream) == {"A & B": [(4, 4, "#REF!")]}
