"""Reading back single sheets of a package: as openpyxl reads them, and what it meets in files of other programs."""

import zipfile
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from mapseg_xl.hosts.earlier import Held, scalar
from mapseg_xl.hosts.package_book import PackageBook, UnreadableBookError

SAMPLE = Path(__file__).parents[2] / "examples" / "lessonry-segmentation.xlsx"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def package(rows="", strings="", styles="", book="", names="", folder="xl"):
    """A small package by hand; `rows`: of its one sheet."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="a" Target="{folder}/book.xml" '
            f'Type="{OFFICE}/officeDocument"/></Relationships>',
        )
        made.writestr(
            f"{folder}/_rels/book.xml.rels",
            f'<Relationships xmlns="{PACKAGE}">'
            f'<Relationship Id="r1" Target="/{folder}/sheets/one.xml" Type="{OFFICE}/worksheet"/>'
            f'<Relationship Id="r2" Target="texts.xml" Type="{OFFICE}/sharedStrings"/>'
            f'<Relationship Id="r3" Target="looks.xml" Type="{OFFICE}/styles"/></Relationships>',
        )
        made.writestr(
            f"{folder}/book.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{book}<sheets><sheet name="A &amp; B" sheetId="7" r:id="r1" '
            f'state="hidden"/></sheets>{names}</workbook>',
        )
        made.writestr(
            f"{folder}/sheets/one.xml",
            f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{rows}</x:sheetData></x:worksheet>',
        )
        made.writestr(f"{folder}/texts.xml", f'<sst xmlns="{MAIN}">{strings}</sst>')
        made.writestr(f"{folder}/looks.xml", f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>')
    return PackageBook(out.getvalue())


def cells(book):
    return {cell.address: (cell.value, cell.formula) for cell in book.cells("A & B")}


def test_the_sample_reads_as_openpyxl_reads_it():
    own, values, formulas = (
        PackageBook(SAMPLE.read_bytes()),
        *(openpyxl.load_workbook(SAMPLE, data_only=only) for only in (True, False)),
    )
    assert list(own.sheets) == values.sheetnames
    for sheet in values.sheetnames:
        found = {c.address: c for c in own.cells(sheet)}
        for row in values[sheet].iter_rows():
            for cell in row:
                held = found.pop(cell.coordinate, Held(0, 0, None))
                assert (scalar(held.value) or None) == (scalar(cell.value) or None)
                typed = formulas[sheet][cell.coordinate]
                assert held.formula == (typed.value if typed.data_type == "f" else "")
        assert not found


def test_the_sample_has_the_names_that_openpyxl_finds():
    book = openpyxl.load_workbook(SAMPLE)
    found = {n.name: n.refers for n in PackageBook(SAMPLE.read_bytes()).names if n.sheet is None}
    assert found == {name: defined.attr_text for name, defined in book.defined_names.items()}


def test_every_kind_of_cell_is_read():
    rows = (
        '<x:row r="2"><x:c r="A2" t="b"><x:v>1</x:v></x:c><x:c r="B2" t="e"><x:v>#N/A</x:v></x:c>'
        '<x:c r="C2" t="inlineStr"><x:is><x:r><x:t>ri</x:t></x:r><x:r><x:t>ch</x:t></x:r></x:is></x:c>'
        '<x:c r="D2" t="str"><x:f>1&amp;"a"</x:f><x:v>1a</x:v></x:c><x:c r="E2"><x:v>1.5e3</x:v></x:c>'
        '<x:c r="F2"><x:v>7</x:v></x:c><x:c r="G2" t="d"><x:v>2026-06-30</x:v></x:c><x:c r="H2"/></x:row>'
    )
    assert cells(package(rows)) == {
        "A2": (True, ""),
        "B2": ("#N/A", ""),
        "C2": ("rich", ""),
        "D2": ("1a", '=1&"a"'),
        "E2": (1500.0, ""),
        "F2": (7, ""),
        "G2": (datetime(2026, 6, 30), ""),  # noqa: DTZ001
    }


def test_cells_without_an_address_stand_beside_and_below_each_other():
    rows = "<x:row><x:c><x:v>1</x:v></x:c><x:c><x:v>2</x:v></x:c></x:row><x:row><x:c><x:v>3</x:v></x:c></x:row>"
    assert cells(package(rows)) == {"A1": (1, ""), "B1": (2, ""), "A2": (3, "")}


def test_shared_texts_are_read_without_how_they_are_pronounced():
    strings = (
        "<si><t>first</t></si><si/><si><r><t xml:space='preserve'>a </t></r><r><t>&lt;b&gt;</t></r>"
        "<rPh sb='0' eb='1'><t>NO</t></rPh></si>"
    )
    rows = '<x:row r="1"><x:c r="A1" t="s"><x:v>2</x:v></x:c><x:c r="B1" t="s"><x:v>1</x:v></x:c></x:row>'
    assert cells(package(rows, strings)) == {"A1": ("a <b>", "")}


def test_a_formula_that_was_filled_down_is_the_one_of_each_cell():
    rows = (
        '<x:row r="1"><x:c r="A1"><x:f t="shared" ref="A1:A2" si="0">B1*2</x:f><x:v>4</x:v></x:c></x:row>'
        '<x:row r="2"><x:c r="A2"><x:f t="shared" si="0"/><x:v>6</x:v></x:c></x:row>'
    )
    assert cells(package(rows)) == {"A1": (4, "=B1*2"), "A2": (6, "=B2*2")}


STYLES = (
    '<numFmts><numFmt numFmtId="170" formatCode="d mmm yyyy"/>'
    '<numFmt numFmtId="171" formatCode="0.0 &quot;days&quot;"/></numFmts>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="171"/></cellXfs>'
)
DATED = '<x:row r="1">' + "".join(
    f'<x:c r="{c}1" s="{s}"><x:v>46203</x:v></x:c>' for c, s in zip("ABCD", range(4), strict=True)
)


def test_numbers_that_look_like_dates_are_dates():
    found = cells(package(DATED + "</x:row>", styles=STYLES))
    day = date(2026, 6, 30)
    assert [scalar(found[f"{c}1"][0]) for c in "ABCD"] == [46203, day, day, 46203]


def test_days_may_count_from_1904():
    found = cells(package(DATED + "</x:row>", styles=STYLES, book='<workbookPr date1904="1"/>'))
    assert scalar(found["B1"][0]) == date(2030, 7, 1)


def test_a_workbook_may_lie_anywhere_and_tells_its_sheets_and_names():
    names = '<definedNames><definedName name="x" localSheetId="0">1</definedName></definedNames>'
    book = package(names=names, folder="odd")
    assert book.sheets["A & B"].state == "hidden"
    assert [(n.name, n.refers, n.sheet) for n in book.names] == [("x", "1", 0)]
    assert book.cells("A & B") == []


@pytest.mark.parametrize(
    "content", [b"", b"hello", SAMPLE.read_bytes()[:5000]], ids=["empty", "text", "torn"]
)
def test_what_is_no_package_says_so(content):
    with pytest.raises(UnreadableBookError):
        _ = PackageBook(content).sheets


def test_a_doctype_is_not_read():
    with pytest.raises(UnreadableBookError):
        _ = package(book="<!DOCTYPE x>").sheets
