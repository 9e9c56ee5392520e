import pytest

from mapseg_xl.errors import RefusedOutput
from mapseg_xl.hosts import backup as module
from mapseg_xl.hosts.backup import Backup, back_up, backups_of, thin_out


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "team.v1.xlsx"
    path.write_bytes(b"the workbook")
    return path


def names(folder):
    return sorted(p.name for p in folder.iterdir())


def changed(book, times):
    """Backs up one content after another, as runs do."""
    for at in range(1, times + 1):
        content = b"state %d" % at
        book.write_bytes(content)
        back_up(book, content)


def test_a_backup_holds_what_the_file_held_under_a_number(book):
    made = back_up(book, b"the workbook")
    assert made == Backup(book.with_name("team.v1.backup-1.xlsx"), is_new=True)
    assert made.path.read_bytes() == b"the workbook"
    assert names(book.parent) == ["team.v1.backup-1.xlsx", "team.v1.xlsx"]


def test_the_same_content_is_kept_once(book):
    first = back_up(book, b"the workbook")
    assert back_up(book, b"the workbook") == Backup(first.path, is_new=False)


def test_no_backup_is_ever_overwritten(book):
    changed(book, 12)
    held = [path.read_bytes() for path in backups_of(book)]
    assert held == [b"state %d" % at for at in range(1, 13)]
    assert backups_of(book)[-1].name == "team.v1.backup-12.xlsx"


def test_a_number_that_somebody_takes_meanwhile_is_passed_over(book, monkeypatch):
    monkeypatch.setattr(module, "backups_of", lambda _: [])
    book.with_name("team.v1.backup-1.xlsx").write_bytes(b"theirs")
    assert back_up(book, b"the workbook").path.name == "team.v1.backup-2.xlsx"
    assert book.with_name("team.v1.backup-1.xlsx").read_bytes() == b"theirs"


def test_a_drive_without_second_names_gets_backups_too(book, monkeypatch):
    def refused(*_):
        raise PermissionError(1, "no links here")

    monkeypatch.setattr(module.os, "link", refused)
    changed(book, 2)
    assert [path.read_bytes() for path in backups_of(book)] == [b"state 1", b"state 2"]


def test_the_oldest_and_the_latest_three_stay(book):
    changed(book, 6)
    gone = thin_out(book)
    assert [path.name for path in gone] == ["team.v1.backup-2.xlsx", "team.v1.backup-3.xlsx"]
    assert [path.read_bytes() for path in backups_of(book)] == [
        b"state 1", b"state 4", b"state 5", b"state 6",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name",
    [
        "team.v1.backup-x.xlsx",
        "team.v1.backup-1.xlsm",
        "team.v2.backup-1.xlsx",
        "teamXv1.backup-1.xlsx",
    ],
)
def test_files_of_other_names_are_no_backups(book, name):
    book.with_name(name).write_bytes(b"theirs")
    assert backups_of(book) == []
    changed(book, 8)
    thin_out(book)
    assert book.with_name(name).read_bytes() == b"theirs"


def test_a_backup_has_the_rights_and_the_day_of_the_file(book):
    book.chmod(0o640)
    made = back_up(book, b"the workbook").path
    assert made.stat().st_mode == book.stat().st_mode
    assert made.stat().st_mtime_ns == book.stat().st_mtime_ns


def test_a_backup_of_a_link_lies_beside_the_file_itself(book, tmp_path):
    (tmp_path / "links").mkdir()
    link = tmp_path / "links" / "link.xlsx"
    link.symlink_to(book)
    assert back_up(link, b"the workbook").path.parent == book.parent


def test_a_backup_that_reads_back_otherwise_is_refused(book, monkeypatch):
    monkeypatch.setattr(module, "flush", lambda temp: temp.write_bytes(b"the workbxxk"))
    with pytest.raises(RefusedOutput, match=r"backup of team\.v1\.xlsx was not written whole"):
        back_up(book, b"the workbook")
    assert names(book.parent) == ["team.v1.xlsx"]
