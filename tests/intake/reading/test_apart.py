"""Reading in a process of its own: whatever a file does to that process, the caller has cells or one sentence."""

from __future__ import annotations

import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from mapseg_xl.errors import InputError
from mapseg_xl.intake.reading import apart, reader
from mapseg_xl.intake.reading.apart import Apart
from mapseg_xl.intake.workbook import read_sheets

from ..books import text_cell, xlsb, xlsx

DATA = Path(__file__).parents[2] / "data" / "intake"
ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="Data">{rows}</table:table>'
    "</office:spreadsheet></office:body></office:document-content>"
)


def ods(path: Path, rows: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS.format(rows=rows))
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return path


def refusal(path: Path) -> str:
    message = read_or_refused(path)
    assert path.name in message
    assert message.endswith(".")
    return message


def read_or_refused(path: Path) -> str:
    """The sentence; empty where the file could be read. Both within seconds of the processor."""
    started = time.process_time()
    try:
        read_sheets(path)
        said = ""
    except InputError as stop:
        said = str(stop)
    assert time.process_time() - started < 5
    assert "\n" not in said
    return said


def formulas(path: Path) -> Path:
    """A workbook that is not plain, so that it is read apart."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Data")
    for row in range(3):
        sheet.write_formula(row, 0, f"={row}+1", None, row + 1)
        sheet.write_string(row, 1, "same")
    book.close()
    return path


def test_equal_texts_that_come_from_the_other_process_are_one_object(tmp_path):
    (sheet,) = read_sheets(formulas(tmp_path / "a.xlsx"))
    assert [c.tolist() for c in sheet.columns] == [[1.0, 2.0, 3.0], ["same"] * 3]
    assert len({id(v) for v in sheet.columns[1]}) == 1


def test_the_other_process_ends_with_the_reading(tmp_path):
    with Apart(formulas(tmp_path / "a.xlsx"), "xlsx") as opened:
        assert [s.name for s in opened.listed()] == ["Data"]
        process = opened._process
        assert process.poll() is None
    assert process.returncode is not None


def test_a_plain_sheet_needs_no_other_process(tmp_path, monkeypatch):
    monkeypatch.setattr(apart, "_python", lambda: "/nowhere/python")
    path = xlsx(tmp_path / "a.xlsx", '<row r="1"><c r="A1"><v>1</v></c></row>')
    assert [c.tolist() for c in read_sheets(path)[0].columns] == [[1.0]]


def test_a_sheet_of_seventeen_thousand_million_cells_is_refused(tmp_path):
    rows = (
        '<table:table-row table:number-rows-repeated="1048576"><table:table-cell '
        'table:number-columns-repeated="16384" office:value-type="float" office:value="1"/></table:table-row>'
    )
    assert refusal(ods(tmp_path / "a.ods", rows))


def test_cells_without_addresses_that_reach_too_far_are_refused(tmp_path):
    rows = '<row r="1"><c t="n"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><f>1</f><v>1</v></c></row>'
    assert "XFD1048576" in refusal(xlsx(tmp_path / "a.xlsx", rows))


@pytest.mark.parametrize("row", ["1048577", "4294967295", "99999999999999999999", "9" * 5000])
@pytest.mark.parametrize("kind", ["", '<f>1</f><v>1</v></c><c r="B2"><f>1</f>'])
def test_a_row_that_no_sheet_has_is_one_sentence(tmp_path, row, kind):
    rows = f'<row r="1"><c r="A1"><v>1</v>{kind}</c></row><row r="{row}"><c r="A{row}"><f>1</f></c></row>'
    read_or_refused(xlsx(tmp_path / "a.xlsx", rows))


def test_a_text_that_unpacks_to_two_gigabytes_is_refused_before_it_is_unpacked(tmp_path):
    path = tmp_path / "a.xlsx"
    xlsx(path, '<row r="1"><c r="A1" t="s"><v>0</v></c></row>')
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b"x" * 210_000_000, compresslevel=1)
    assert "unpack to 0.2 GB" in refusal(path)


def test_a_part_that_is_larger_than_it_says_is_one_sentence(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", '<row r="1">' + text_cell("A1", "x" * 5_000_000) + "</row>")
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    path.write_bytes(
        path.read_bytes().replace(size.to_bytes(4, "little"), (90).to_bytes(4, "little"))
    )
    assert refusal(path)


@pytest.mark.parametrize(
    "tag",
    [
        "<sheet " + "a" * 2_000_000,
        "<sheet " + " a" * 1_000_000 + ">",
        "<sheet " * 300_000,
        '<sheet a="' * 300_000,
        "<sheet" + " " * 2_000_000 + ">",
    ],
    ids=["no end", "words", "starts", "quotes", "spaces"],
)
def test_a_list_of_sheets_made_to_keep_a_search_busy_costs_one_pass(tmp_path, tag):
    refusal(xlsx(tmp_path / "a.xlsx", "", parts={"xl/workbook.xml": f"<workbook>{tag}</workbook>"}))


@pytest.mark.parametrize("part", ["xl/styles.xml", "xl/sharedStrings.xml"])
@pytest.mark.parametrize(
    "text", ["<cellXfs" * 200_000, "<xf " * 300_000, "<si><t>" * 300_000, "<numFmt " * 200_000]
)
def test_parts_made_to_keep_a_search_busy_cost_one_pass(tmp_path, part, text):
    rows = '<row r="1"><c r="A1" s="1"><v>1</v></c><c r="B1" t="s"><v>0</v></c></row>'
    read_or_refused(xlsx(tmp_path / "a.xlsx", rows, parts={part: text}))


@pytest.mark.parametrize("formula", ["", "<f>1</f>"])
def test_a_lone_cell_far_below_the_data_is_named(tmp_path, formula):
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="990000"><c r="AA990000">{}<v>1</v></c></row>'
    assert "AA990000" in refusal(xlsx(tmp_path / "a.xlsx", rows.format(formula)))


def test_a_reader_that_runs_out_of_time_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(apart, "SECONDS", 0)
    monkeypatch.setattr(apart, "SECONDS_PER_MB", 0)
    assert "too long" in refusal(formulas(tmp_path / "a.xlsx"))


def test_a_reader_that_breaks_down_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(apart, "_python", lambda: "false")
    assert "cannot be read as a workbook" in refusal(xlsb(tmp_path / "a.xlsb"))


def test_a_reader_that_asks_for_too_much_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(apart, "MEMORY_BYTES", 150_000_000)
    monkeypatch.setattr(apart, "MEMORY_PER_BYTE", 0)
    rows = "".join(f'<row r="{i}"><c r="A{i}"><f>1</f><v>{i}</v></c></row>' for i in range(1, 3000))
    rows += '<row r="180000"><c r="Z180000"><v>1</v></c></row>'
    assert "more memory" in refusal(xlsx(tmp_path / "a.xlsx", rows))


def test_a_machine_that_allows_less_memory_than_we_do_still_opens_a_workbook(tmp_path):
    resource = pytest.importorskip("resource")
    lower = apart.MEMORY_BYTES - 500_000_000
    path = xlsb(tmp_path / "a.xlsb")
    done = subprocess.run(
        [
            sys.executable,
            str(Path(reader.__file__)),
            str(path),
            "xlsb",
            str(apart.MEMORY_BYTES),
            "9",
        ],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (lower, lower)),
        input=b'["list", ""]\n',
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Data" in done.stdout


def test_older_kinds_say_which_sheets_are_hidden():
    with Apart(DATA / "odd.xls", "xls") as opened:
        assert [s.hidden for s in opened.listed()] == [False, True]


def test_a_hidden_sheet_that_is_read_says_so_and_a_very_hidden_one_too(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    for name in ("Shown", "Hidden", "Deep"):
        book.add_worksheet(name).write_row(0, 0, ["id", "plan"])
    book.get_worksheet_by_name("Hidden").hide()
    book.get_worksheet_by_name("Deep").very_hidden()
    book.close()
    said = {s.sheet: [i.issue for i in s.issues] for s in read_sheets(tmp_path / "a.xlsx")}
    assert said["Shown"] == []
    assert said["Hidden"] == ["the sheet is hidden"]
    assert "macro" in said["Deep"][0]


def test_hidden_columns_that_hold_something_are_named(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = book.add_worksheet("Data")
    sheet.write_row(0, 0, ["id", "plan", "mrr"])
    sheet.set_column(1, 1, None, None, {"hidden": True})
    sheet.set_column(7, 9, None, None, {"hidden": True})
    book.close()
    (note,) = read_sheets(tmp_path / "a.xlsx")[0].issues
    assert (note.kind, note.cell, note.count) == ("hidden_columns", "B:B", 1)
