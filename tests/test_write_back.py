"""Runs that put the tabs into the team's own workbook: what is theirs stays byte for byte, what they typed counts."""

import json
import re
import shutil
from pathlib import Path

import openpyxl
import pytest

from mapseg_xl.cli import main
from mapseg_xl.hosts.previous import book_of
from mapseg_xl.report.parts.home.run_settings import ASKED
from tests.team_book import MACROS, assert_theirs_stayed, parts_of, with_macros, write_own_book
from tests.tools.office import need_office, recalculated
from tests.tools.validator import complaints, need_validator
from tests.typed_book import Team, write_team

GUIDED = {"Start here", "Settings", "Match report", "What changed", "My segments"}
MARGIN = next(asked.key for asked in ASKED if asked.name == "gross_margin")


QUICK = "bootstrap_draws = 40\nreruns = 200\n"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """One run, with fewer draws than people get."""
    quick = tmp_path_factory.mktemp("settings") / "quick.toml"
    quick.write_text(QUICK, encoding="utf-8")
    options = ("--segment-by", "industry", "--window", "30", "--settings", str(quick))

    def once(*arguments: object) -> int:
        return main(["run", *(str(a) for a in arguments), *options])

    return once


@pytest.fixture(scope="module")
def kept(tmp_path_factory, run):
    """A workbook before and after its first run; copied, never changed."""
    folder = tmp_path_factory.mktemp("first")
    team = write_own_book(folder / "team.xlsx")
    shutil.copy(team, folder / "before.xlsx")
    assert run(team, "--in-place") == 0
    return folder


@pytest.fixture
def book(kept, tmp_path):
    """The workbook after its first run."""
    return Path(shutil.copy(kept / "team.xlsx", tmp_path / "team.xlsx"))


@pytest.fixture
def fresh(kept, tmp_path):
    """The workbook before any run."""
    return Path(shutil.copy(kept / "before.xlsx", tmp_path / "team.xlsx"))


def names(folder):
    return sorted(p.name for p in folder.iterdir())


def places(path):
    """Every input cell by its key: sheet and address, as its hidden name says."""
    found = book_of(path.read_bytes(), path.name)
    return {key: tuple(where.rsplit("!", 1)) for key, where in found.previous.places.items()}


def inputs(path):
    return dict(book_of(path.read_bytes(), path.name).previous.typed)


def edited(path, edit):
    """Somebody changes something and saves: openpyxl keeps what these tests look at."""
    there = openpyxl.load_workbook(path)
    edit(there)
    there.save(path)
    return path


def type_in(path, typed):
    where = places(path)

    def edit(there):
        for key, value in typed.items():
            sheet, address = where[key]
            there[sheet][address] = value

    return edited(path, edit)


def test_the_tabs_come_after_the_teams_sheets_and_nothing_of_theirs_changes(kept):
    before, after = (kept / "before.xlsx").read_bytes(), (kept / "team.xlsx").read_bytes()
    assert_theirs_stayed(before, after)
    sheets = openpyxl.load_workbook(kept / "team.xlsx").sheetnames
    assert sheets[:4] == ["Customers", "Feedback", "Our notes", "Start here"]
    assert {"Summary", "Performance", *GUIDED} <= set(sheets)
    assert sheets[-1] == "_mapseg"


def test_the_backup_is_the_file_as_it_was(kept):
    assert names(kept) == ["before.xlsx", "team.backup-1.xlsx", "team.xlsx"]
    before, backup = kept / "before.xlsx", kept / "team.backup-1.xlsx"
    assert backup.read_bytes() == before.read_bytes()


def test_functions_over_rows_come_along(kept):
    assert (
        b'name="SEG_CONVERSION"' in parts_of((kept / "team.xlsx").read_bytes())["xl/workbook.xml"]
    )


@pytest.mark.validator
def test_the_validator_finds_nothing_that_it_did_not_find_before(kept):
    need_validator()
    assert set(complaints(kept / "team.xlsx")) <= set(complaints(kept / "before.xlsx"))


@pytest.mark.office
def test_an_office_opens_it_and_calculates_the_sums_of_both(kept, tmp_path):
    need_office()
    edit = edited(Path(shutil.copy(kept / "team.xlsx", tmp_path / "team.xlsx")), lambda _: None)
    found = openpyxl.load_workbook(recalculated(edit, tmp_path / "done"), data_only=True)
    assert [found["Our notes"][at].value for at in ("D1", "D2")] == [7, 240]
    errors = [
        f"{sheet.title}!{cell.coordinate} {cell.value}"
        for sheet in found
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "e"
    ]
    assert errors == []


def test_a_run_says_what_it_wrote_where_and_a_run_that_changes_nothing_says_so(fresh, capsys, run):
    assert run(fresh, "--in-place") == 0
    said = capsys.readouterr().out
    assert f"Tabs written into: {fresh}" in said
    assert f"Backup, as it was before: {fresh.with_name('team.backup-1.xlsx')}" in said
    before = fresh.read_bytes()
    assert run(fresh, "--in-place") == 0
    assert "is up to date" in capsys.readouterr().out
    assert fresh.read_bytes() == before
    assert names(fresh.parent) == ["team.backup-1.xlsx", "team.xlsx"]


def test_what_is_typed_stays_and_counts_and_their_formulas_stay_right(book, tmp_path, capsys, run):
    market = next(k for k in places(book) if k[0] == "TAM scoring" and k[3] == "reachable")
    notes = next(k for k in places(book) if k[1] == "notes")
    sheet, address = places(book)[MARGIN]

    def own_formula(there):
        there["Our notes"]["F1"] = f"='{sheet}'!{address}*2"
        there["Our notes"]["F2"] = "=Volume!B2"

    typed = {MARGIN: 0.5, market: 0.25, notes: "ask Bob"}
    edited(type_in(book, typed), own_formula)
    tables = tmp_path / "tables"
    assert run(book, "--in-place", "--tables", tables) == 0
    assert {key: inputs(book)[key] for key in typed} == typed
    assert json.loads((tables / "run.json").read_text())["settings"]["gross_margin"] == 0.5
    there = openpyxl.load_workbook(book)
    assert there["Our notes"]["F1"].value == f"='{sheet}'!{address}*2"
    assert there["Our notes"]["F2"].value == "=Volume!B2"
    assert places(book)[MARGIN] == (sheet, address)


def test_words_beside_our_tables_are_listed_and_not_lost(book, run):
    def edit(there):
        there["Volume"]["P40"] = "ask Kim about this"

    edited(book, edit)
    assert run(book, "--in-place") == 0
    assert "ask Kim about this" in inputs(book).values()
    assert run(book, "--in-place") == 0
    assert list(inputs(book).values()).count("ask Kim about this") == 1


def test_a_tab_that_was_renamed_and_moved_stays_where_it_is_and_is_no_data(book, capsys, run):
    def edit(there):
        tab = there[tab_name]
        tab.title = "Ideas"
        there.move_sheet(tab, -there.index(tab))
        for name in there.defined_names.values():
            name.attr_text = re.sub(f"'?{tab_name}'?!", "Ideas!", name.attr_text)

    key = next(k for k in places(book) if k[1] == "notes")
    tab_name = key[0]
    edited(type_in(book, {key: "Agencies abroad"}), edit)
    capsys.readouterr()
    assert run(book, "--in-place") == 0
    said = capsys.readouterr().out
    assert "'Ideas'" not in said
    sheets = openpyxl.load_workbook(book).sheetnames
    assert sheets[0] == "Ideas"
    assert tab_name not in sheets
    assert inputs(book)[key] == "Agencies abroad"
    assert places(book)[key][0] == "Ideas"


def test_a_tab_that_was_deleted_comes_again(book, run):
    def edit(there):
        del there["Volume"]
        for name in [n for n, d in there.defined_names.items() if "Volume!" in d.attr_text]:
            del there.defined_names[name]

    assert run(edited(book, edit), "--in-place") == 0
    assert "Volume" in openpyxl.load_workbook(book).sheetnames


def test_a_copy_is_written_and_the_original_stays(fresh, tmp_path, capsys, run):
    before, out = fresh.read_bytes(), tmp_path / "copy.xlsx"
    assert run(fresh, "--in-place", "--out", out) == 0
    assert fresh.read_bytes() == before
    assert names(tmp_path) == ["copy.xlsx", "team.xlsx"]
    assert_theirs_stayed(before, out.read_bytes())
    type_in(out, {MARGIN: 0.5})
    typed = out.read_bytes()
    assert run(fresh, "--in-place", "--out", out) == 0  # brought up to date, what was typed kept
    assert inputs(out)[MARGIN] == 0.5
    assert (tmp_path / "copy.backup-1.xlsx").read_bytes() == typed
    assert fresh.read_bytes() == before


def test_the_tabs_go_into_another_workbook_whose_sheets_are_not_read(kept, tmp_path, capsys, run):
    source = write_team(tmp_path / "export.xlsx", Team(n=200))
    board = Path(shutil.copy(kept / "before.xlsx", tmp_path / "board.xlsx"))
    before = board.read_bytes()
    assert run(source, "--into", board) == 0
    assert "200 rows" in capsys.readouterr().out
    assert_theirs_stayed(before, board.read_bytes())
    type_in(board, {MARGIN: 0.5})
    out = tmp_path / "next.xlsx"
    assert run(source, "--into", board, "--out", out) == 0
    assert inputs(out)[MARGIN] == 0.5


def test_macros_stay(fresh, tmp_path, run):
    macros = with_macros(fresh)
    fresh.unlink()
    before = macros.read_bytes()
    assert run(macros, "--in-place") == 0
    assert_theirs_stayed(before, macros.read_bytes())
    parts = parts_of(macros.read_bytes())
    assert parts["xl/vbaProject.bin"] == MACROS
    assert b"macroEnabled.main+xml" in parts["[Content_Types].xml"]


def test_removing_the_tabs_gives_the_workbook_as_it_was(kept, book, capsys):
    assert main(["remove", str(book)]) == 0
    assert "Tabs taken out of" in capsys.readouterr().out
    now, before = (parts_of(path.read_bytes()) for path in (book, kept / "before.xlsx"))
    before["xl/workbook.xml"] = before["xl/workbook.xml"].replace(b"<definedNames/>", b"")
    assert now == before
    assert main(["remove", str(book)]) == 1
    assert "holds no tabs of mapseg" in capsys.readouterr().err


def test_the_finished_workbook_reads_the_team_not_our_tabs(book, tmp_path, capsys, run):
    type_in(book, {MARGIN: 0.5})
    out, tables = tmp_path / "finished.xlsx", tmp_path / "t"
    assert run(book, "--out", out, "--tables", tables) == 0
    assert "240 rows" in capsys.readouterr().out
    assert json.loads((tables / "run.json").read_text())["settings"]["gross_margin"] == 0.5
