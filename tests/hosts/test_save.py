import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from mapseg_xl.errors import InputError, RefusedOutput
from mapseg_xl.hosts import save as module
from mapseg_xl.hosts.save import read_stamped, save, save_bytes, stamp_of

KILLED_WHILE_WRITING = """
import os, signal, sys
from pathlib import Path
from mapseg_xl.hosts.save import save, stamp_of

def write(temp):
    temp.write_bytes(b"half of the new")
    os.kill(os.getpid(), signal.SIGKILL)

path = Path(sys.argv[1])
save(path, write, stamp_of(path))
"""


@pytest.fixture
def old(tmp_path):
    path = tmp_path / "result.xlsx"
    path.write_bytes(b"the old file")
    return path


def workbook(path):
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("xl/workbook.xml", "<workbook/>")


def names(folder):
    return sorted(p.name for p in folder.iterdir())


def test_puts_the_new_file_in_place_of_the_old(old):
    save(old, workbook, stamp_of(old))
    assert zipfile.ZipFile(old).namelist() == ["xl/workbook.xml"]
    assert names(old.parent) == ["result.xlsx"]


def test_makes_a_file_where_there_was_none(tmp_path):
    save(tmp_path / "new.xlsx", workbook, None)
    assert names(tmp_path) == ["new.xlsx"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_an_error_in_the_middle_leaves_the_old_file(old, error):
    def write(temp):
        temp.write_bytes(b"half of the new")
        raise error

    with pytest.raises(error):
        save(old, write, stamp_of(old))
    assert old.read_bytes() == b"the old file"
    assert names(old.parent) == ["result.xlsx"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_kill_in_the_middle_leaves_the_old_file_and_the_next_run_cleans_up(old):
    done = subprocess.run([sys.executable, "-c", KILLED_WHILE_WRITING, old], check=False)
    assert done.returncode == -signal.SIGKILL
    assert old.read_bytes() == b"the old file"
    (left,) = [p for p in old.parent.iterdir() if p != old]
    assert left.name.startswith(".")
    save(old, workbook, stamp_of(old))
    assert names(old.parent) == ["result.xlsx"]


def test_another_run_keeps_its_temp_file(old):
    other = old.with_name(".other.1.mapseg-tmp")
    other.write_bytes(b"being written")
    save(old, workbook, stamp_of(old))
    assert other.exists()


def test_a_workbook_that_was_not_written_whole_replaces_nothing(old):
    def write(temp):
        workbook(temp)
        whole = temp.read_bytes()
        temp.write_bytes(whole.replace(b"<workbook/>", b"<workbxxk/>", 1))

    with pytest.raises(RefusedOutput, match="was not written whole"):
        save(old, write, stamp_of(old))
    assert old.read_bytes() == b"the old file"


@pytest.mark.parametrize("lock", ["~$result.xlsx", ".~lock.result.xlsx#"])
def test_a_file_open_elsewhere_is_refused_before_anything_is_written(old, lock):
    old.with_name(lock).write_bytes(b"")
    with pytest.raises(RefusedOutput, match=r"result.xlsx is open in Excel"):
        save(old, pytest.fail, stamp_of(old))


def test_a_file_opened_during_the_run_is_refused(old):
    def write(temp):
        workbook(temp)
        old.with_name("~$result.xlsx").write_bytes(b"")

    with pytest.raises(RefusedOutput, match="is open in Excel"):
        save(old, write, stamp_of(old))
    assert old.read_bytes() == b"the old file"


def test_what_somebody_saved_meanwhile_is_not_lost(old):
    before = stamp_of(old)
    old.write_bytes(b"somebody's words")
    with pytest.raises(RefusedOutput, match="changed by somebody else"):
        save(old, workbook, before)
    assert old.read_bytes() == b"somebody's words"


def test_a_file_that_appeared_meanwhile_is_not_lost(old):
    with pytest.raises(RefusedOutput, match="changed by somebody else"):
        save(old, workbook, None)


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(RefusedOutput, match=r"out.xlsx cannot be written to .*nowhere"):
        save(tmp_path / "nowhere" / "out.xlsx", workbook, None)


def test_a_link_stays_a_link(old):
    link = old.with_name("link.xlsx")
    link.symlink_to(old)
    save(link, workbook, stamp_of(link))
    assert link.is_symlink()
    assert zipfile.is_zipfile(old)


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_rights_stay_as_they_were(old):
    old.chmod(0o640)
    save(old, workbook, stamp_of(old))
    assert Path(old).stat().st_mode & 0o777 == 0o640


def test_a_file_that_may_only_be_read_is_refused(old):
    old.chmod(0o444)
    with pytest.raises(RefusedOutput, match="may only be read"):
        save(old, pytest.fail, stamp_of(old))


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_nobody_else_may_read_a_private_file_while_it_is_written(old):
    old.chmod(0o600)
    seen = []

    def write(temp):
        seen.append(temp.stat().st_mode & 0o777)
        workbook(temp)

    save(old, write, stamp_of(old))
    assert seen == [0o600]
    assert old.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root gives files away")
def test_the_owner_stays(old):
    os.chown(old, 1234, 4321)
    assert save(old, workbook, stamp_of(old)) == ()
    assert (old.stat().st_uid, old.stat().st_gid) == (1234, 4321)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root gives files away")
def test_an_owner_that_cannot_be_kept_is_said(old, monkeypatch):
    os.chown(old, 1234, 4321)

    def refused(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "chown", refused)
    (said,) = save(old, workbook, stamp_of(old))
    assert "belonged to another user" in said


def test_content_that_reads_back_otherwise_replaces_nothing(old, monkeypatch):
    monkeypatch.setattr(module, "flush", lambda temp: temp.write_bytes(b"the nxw file"))
    with pytest.raises(RefusedOutput, match="was not written whole"):
        save_bytes(old, b"the new file", stamp_of(old))
    assert old.read_bytes() == b"the old file"


def test_a_change_that_hides_behind_the_same_day_and_size_is_seen(old):
    content, stamp = read_stamped(old)
    assert content == b"the old file"
    old.write_bytes(b"the odd file")
    os.utime(old, ns=(stamp.modified_ns, stamp.modified_ns))
    assert stamp_of(old).modified_ns == stamp.modified_ns
    with pytest.raises(RefusedOutput, match="changed by somebody else"):
        save_bytes(old, b"the new file", stamp)


def test_a_file_that_was_only_touched_is_not_changed(old):
    _, stamp = read_stamped(old)
    os.utime(old, (0, 0))
    save_bytes(old, b"the new file", stamp)
    assert old.read_bytes() == b"the new file"


def test_a_file_that_went_away_meanwhile_is_not_made_again(old):
    _, stamp = read_stamped(old)
    old.unlink()
    with pytest.raises(RefusedOutput, match="changed by somebody else"):
        save_bytes(old, b"the new file", stamp)


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path):
    with pytest.raises(InputError, match=r"gone.xlsx cannot be read \(No such file"):
        read_stamped(tmp_path / "gone.xlsx")
