import zipfile
from dataclasses import replace

import openpyxl
import pytest
from openpyxl.comments import Comment

from mapseg_xl.errors import RefusedOutput
from mapseg_xl.hosts.file import to_bytes
from mapseg_xl.hosts.previous import previous
from mapseg_xl.report.identity import Stray, keep
from mapseg_xl.report.plan import lay_out
from tests.report.small_report import BIG, SMALL, TOTAL, report, row

MARGIN = ("Definitions", "settings", "margin", "value")
BIG_NOTE = ("Volume", "segments", "big-1", "note")
EVIL = row("evil", "\r=1+1_x000D_ \t😀", 3.3333333333333335, note="=2+2")


@pytest.fixture
def plan():
    return lay_out(keep(report(BIG, SMALL, EVIL, TOTAL, memory={"as_of": "2026-06-30"}), None))


@pytest.fixture
def path(plan, tmp_path):
    made = tmp_path / "out.xlsx"
    made.write_bytes(to_bytes(plan))
    return made


def edited(path, edit):
    """The workbook after somebody has changed something and saved it."""
    book = openpyxl.load_workbook(path)
    edit(book)
    book.save(path)
    return path


def at(plan, key):
    return plan.places[key].address


def test_no_file_is_no_previous_run(tmp_path):
    assert previous(tmp_path / "none.xlsx") is None


def test_an_untouched_workbook_has_nothing_typed_and_nothing_beside(plan, path):
    found = previous(path)
    assert found.edits == {}
    assert found.strays == ()
    assert found.memory["as_of"] == "2026-06-30"
    assert found.orders["Volume", "segments"] == ("big-1", "small-2", "evil", "ALL")


def test_a_workbook_saved_by_another_program_has_nothing_typed_either(path):
    found = previous(edited(path, lambda book: None))
    assert (found.edits, found.strays) == ({}, ())


def test_typed_cells_are_read(plan, path):
    def edit(book):
        book["Definitions"][at(plan, MARGIN)] = 0.5
        book["Volume"][at(plan, BIG_NOTE)] = "ask Bob"

    assert previous(edited(path, edit)).edits == {MARGIN: 0.5, BIG_NOTE: "ask Bob"}


def test_inserted_rows_and_columns_do_no_harm(plan, path):
    def edit(book):
        tab = book["Volume"]
        tab[at(plan, BIG_NOTE)] = "ask Bob"
        tab.insert_rows(2, 3)  # moves cells, not names: do what Excel does to those
        for entry in plan.inputs:
            if entry.place.sheet == "Volume":
                rect = entry.place.rect
                moved = tab.cell(rect.top + 1 + 3, rect.left + 1).coordinate
                letters = "".join(c for c in moved if c.isalpha())
                book.defined_names[
                    entry.name
                ].attr_text = f"Volume!${letters}${moved[len(letters) :]}"

    found = previous(edited(path, edit))
    assert found.edits == {BIG_NOTE: "ask Bob"}
    assert found.strays == ()


def test_a_deleted_input_row_is_no_input(plan, path):
    name = next(e.name for e in plan.inputs if e.key == MARGIN)

    def edit(book):
        book.defined_names[name].attr_text = "Definitions!#REF!"

    assert MARGIN not in previous(edited(path, edit)).typed


def test_lost_names_are_replaced_by_remembered_places(plan, path):
    def edit(book):
        book["Definitions"][at(plan, MARGIN)] = 0.5
        book.defined_names.clear()

    assert previous(edited(path, edit)).edits == {MARGIN: 0.5}


def test_what_was_written_beside_or_over_our_cells_is_found(plan, path):
    figure = at(plan, ("Volume", "segments", "big-1", "n"))

    def edit(book):
        tab = book["Volume"]
        tab["P4"] = "ask Bob"
        tab["P5"] = "=C8*2"
        tab[figure] = 31
        tab["P6"] = 0.1
        tab["B40"].comment = Comment("really?", "Ann")

    assert sorted(previous(edited(path, edit)).strays, key=str) == sorted(
        [
            Stray("Volume!P4", "Cell", "ask Bob"),
            Stray("Volume!P5", "Formula", "=C8*2"),
            Stray(f"Volume!{figure}", "Cell", "31"),
            Stray("Volume!P6", "Cell", "0.1"),
            Stray("Volume!B40", "Comment", "really?"),
        ],
        key=str,
    )


def test_a_formula_typed_into_an_input_counts_with_its_value_or_as_it_was_typed(plan, path):
    def edit(book):
        book["Definitions"][at(plan, MARGIN)] = "=1/4"

    assert previous(edited(path, edit)).edits == {MARGIN: "=1/4"}  # openpyxl saves no value with it


def test_typed_words_go_through_a_whole_second_run(plan, path, tmp_path):
    def edit(book):
        book["Volume"][at(plan, BIG_NOTE)] = "=cmd|'/C calc'!A0"
        book["Volume"][at(plan, BIG_NOTE)].data_type = "s"
        book["Volume"]["P4"] = "ask Bob"

    first = previous(edited(path, edit))
    again = lay_out(keep(report(SMALL, TOTAL), first))
    second = tmp_path / "second.xlsx"
    second.write_bytes(to_bytes(again))
    found = previous(second)
    assert "=cmd|'/C calc'!A0" in found.edits.values()
    assert "ask Bob" in found.edits.values()
    assert found.strays == ()
    assert found.orders["Volume", "segments"] == ("big-1", "small-2", "evil", "ALL")


def strangers(folder):
    plain = folder / "plain.xlsx"
    openpyxl.Workbook().save(plain)
    yield plain
    visible = folder / "visible.xlsx"  # has a sheet of that name, not hidden
    book = openpyxl.Workbook()
    book.create_sheet("_mapseg")
    book.save(visible)
    yield visible
    contents = {
        "text.xlsx": b"hello",
        "ole.xlsx": b"\xd0\xcf\x11\xe0" + b"0" * 600,
        "empty.xlsx": b"",
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
        yield folder / name
    doctype = folder / "doctype.xlsx"
    with zipfile.ZipFile(doctype, "w") as archive:
        archive.writestr("xl/workbook.xml", '<!DOCTYPE x [<!ENTITY a "b">]><workbook/>')
    yield doctype
    broken = folder / "broken.xlsx"
    with zipfile.ZipFile(broken, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook>")
    yield broken
    archive_of_others = folder / "other.xlsx"
    with zipfile.ZipFile(archive_of_others, "w") as archive:
        archive.writestr("readme.txt", "hello")
    yield archive_of_others
    directory = folder / "folder.xlsx"
    directory.mkdir()
    yield directory


def test_what_is_not_ours_is_refused(tmp_path):
    for stranger in strangers(tmp_path):
        with pytest.raises(
            RefusedOutput, match=f"{stranger.name} is there already and was not made by mapseg"
        ):
            previous(stranger)


def test_sheets_that_we_did_not_make_are_named(path):
    def edit(book):
        book.create_sheet("My plan")

    with pytest.raises(RefusedOutput, match="sheets that mapseg did not make: 'My plan'"):
        previous(edited(path, edit))


def test_a_removed_tab_is_no_trouble(plan, path):
    def edit(book):
        book.remove(book["Volume"])
        for entry in plan.inputs:
            if entry.place.sheet == "Volume":
                del book.defined_names[entry.name]

    found = previous(edited(path, edit))
    assert {key[0] for key in found.typed} == {"Definitions"}


def test_a_workbook_open_in_excel_is_refused(path):
    path.with_name("~$out.xlsx").write_bytes(b"")
    with pytest.raises(RefusedOutput, match=r"out\.xlsx is open in Excel"):
        previous(path)


def test_a_program_that_knows_only_hidden_sheets_is_understood(path):
    def edit(book):
        book["_mapseg"].sheet_state = "hidden"

    assert previous(edited(path, edit)).edits == {}


def test_a_row_with_an_undefined_figure_is_laid_out(plan):
    gone = replace(BIG, cells=dict.fromkeys(BIG.cells), look="gone")
    lay_out(report(gone))
