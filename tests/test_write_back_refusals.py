"""What is refused when tabs are to go into the team's own workbook: one sentence, exit 1, nothing changed."""

import re
import zipfile

import openpyxl
import pytest

from mapseg_xl import commands
from mapseg_xl.cli import main
from mapseg_xl.report.memory import SHEET
from tests.hosts.saved_book import book_of_ours
from tests.team_book import with_macros
from tests.typed_book import Team, write_team


@pytest.fixture
def book(tmp_path):
    return write_team(tmp_path / "team.xlsx", Team(n=60))


@pytest.fixture
def refused(capsys, monkeypatch):
    """Runs a command that is refused: what it says. Nobody may search before that."""

    def of(*arguments, found=lambda *_: pytest.fail("searched before it was refused")):
        monkeypatch.setattr(commands, "found", found)
        capsys.readouterr()
        code = main([str(a) for a in arguments])
        printed = capsys.readouterr()
        assert (code, printed.out) == (1, "")
        assert printed.err.startswith("mapseg: ")
        assert printed.err.count("\n") == 1
        return printed.err

    return of


def held(folder):
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}


@pytest.mark.parametrize("lock", ["~$team.xlsx", ".~lock.team.xlsx#"])
def test_a_workbook_that_is_open_is_for_the_ribbon(book, refused, lock):
    book.with_name(lock).write_bytes(b"")
    before = held(book.parent)
    for command in (("run", book, "--in-place"), ("run", book, "--into", book), ("remove", book)):
        said = refused(*command)
        assert "use the ribbon there" in said
        assert lock in said
    assert held(book.parent) == before


def test_an_open_workbook_may_be_read_for_a_copy(book, tmp_path, monkeypatch):
    book.with_name("~$team.xlsx").write_bytes(b"")

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "found", stop)
    with pytest.raises(KeyboardInterrupt):
        main(["run", str(book), "--in-place", "--out", str(tmp_path / "copy.xlsx")])


def test_a_workbook_that_may_only_be_read(book, refused):
    book.chmod(0o444)
    assert "may only be read" in refused("run", book, "--in-place")


@pytest.mark.parametrize("name", ["team.csv", "team.xls", "team.xlsb", "team.ods"])
def test_other_forms_are_told_what_to_do(tmp_path, refused, name):
    (tmp_path / name).write_bytes(b"a,b\n1,2\n")
    said = refused("run", tmp_path / name, "--in-place")
    assert "Save it as .xlsx" in said
    assert "--into" in said
    assert "save it as .xlsx" in refused("run", tmp_path / name, "--into", tmp_path / name)


def test_two_workbooks_are_asked_about(book, refused):
    other = write_team(book.with_name("more.xlsx"), Team(n=60))
    said = refused("run", book, other, "--in-place")
    assert "'team.xlsx' and 'more.xlsx'" in said
    assert "--into" in said


def test_a_workbook_that_is_not_there(book, refused):
    assert "there is no such file" in refused("run", book, "--into", book.with_name("none.xlsx"))


def test_a_copy_has_the_ending_of_its_workbook(book, refused):
    macros = with_macros(book)
    said = refused("run", macros, "--in-place", "--out", book.with_name("copy.xlsx"))
    assert ".xlsm too" in said


def test_a_copy_over_somebody_elses_file(book, refused):
    other = write_team(book.with_name("other.xlsx"), Team(n=10))
    before = held(book.parent)
    assert "was not made by mapseg" in refused("run", book, "--in-place", "--out", other)
    assert held(book.parent) == before


def test_a_copy_that_has_got_sheets_of_its_own(book, refused):
    copy = book.with_name("copy.xlsx")
    copy.write_bytes(book_of_ours("old"))
    there = openpyxl.load_workbook(copy)
    there.create_sheet("My plan")
    there.save(copy)
    said = refused("run", book, "--in-place", "--out", copy)
    assert "sheets that team.xlsx does not have: 'My plan'" in said


def test_a_copy_over_a_source(book, refused):
    other = write_team(book.with_name("other.xlsx"), Team(n=10))
    assert "is a source" in refused("run", book, other, "--into", book, "--out", other)


def test_both_ways_at_once_are_misuse(book):
    with pytest.raises(SystemExit) as ended:
        main(["run", str(book), "--in-place", "--into", str(book)])
    assert ended.value.code == 2


def test_a_protected_structure(book, refused):
    there = openpyxl.load_workbook(book)
    there.security.lockStructure = True
    there.save(book)
    before = held(book.parent)
    assert "structure of team.xlsx is protected" in refused("run", book, "--in-place")
    assert held(book.parent) == before


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"PK\x03\x04 half a zip", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600],
    ids=["empty", "text", "torn", "ole"],
)
def test_what_is_no_workbook(tmp_path, refused, content):
    path = tmp_path / "team.xlsx"
    path.write_bytes(content)
    assert "team.xlsx" in refused("run", path, "--in-place")
    assert held(tmp_path) == {"team.xlsx": content}


def test_a_workbook_that_the_ribbon_left_half_written(book, refused):
    ours = book.with_name("ours.xlsx")
    ours.write_bytes(book_of_ours("old"))
    there = openpyxl.load_workbook(ours)
    there[SHEET]["D1"], there[SHEET]["E1"] = "state", "writing"
    there.save(ours)
    assert "stopped half-way" in refused("run", book, "--into", ours)


def test_tabs_of_ours_that_cannot_be_read_back(book, refused):
    ours, broken = book.with_name("ours.xlsx"), book.with_name("broken.xlsx")
    ours.write_bytes(book_of_ours("old"))
    with zipfile.ZipFile(ours) as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            torn = re.fullmatch(r"xl/worksheets/sheet\d\.xml", name)
            new.writestr(name, content[:-40] if torn else content)
    before = broken.read_bytes()
    assert "broken.xlsx" in refused("run", book, "--into", broken)
    assert broken.read_bytes() == before


def test_what_somebody_saved_during_the_run_is_not_lost(book, refused, monkeypatch):
    real = commands.found

    def meanwhile(*arguments):
        done = real(*arguments)
        there = openpyxl.load_workbook(book)
        there["Customers"]["B2"] = "Bakery"
        there.save(book)
        return done

    said = refused("run", book, "--in-place", found=meanwhile)
    assert "was changed by somebody else during the run" in said
    assert openpyxl.load_workbook(book)["Customers"]["B2"].value == "Bakery"
    assert list(held(book.parent)) == ["team.xlsx"]


def test_a_workbook_opened_during_the_run_stays(book, refused):
    real, before = commands.found, book.read_bytes()

    def meanwhile(*arguments):
        done = real(*arguments)
        book.with_name("~$team.xlsx").write_bytes(b"")
        return done

    assert "is open in Excel" in refused("run", book, "--in-place", found=meanwhile)
    assert sorted(held(book.parent)) == ["team.xlsx", "~$team.xlsx"]
    assert book.read_bytes() == before
