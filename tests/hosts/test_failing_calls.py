"""Every call to the system that a save makes fails once: the old file or the new one, and one sentence."""

import errno
import os

import pytest

from mapseg_xl.errors import MapsegError
from tests.hosts.calls import Calls
from tests.hosts.saved_book import change_in

MOST = 200  # more calls than a save makes


def failing(code):
    def fail(name, _):
        raise OSError(code, os.strerror(code), name)

    return fail


def calls_of_a_save(folder, at, happens):
    """Saves in a new folder while the at-th call goes wrong: what it raised, the calls that were made."""
    folder.mkdir()
    change = change_in(folder)
    raised = None
    with pytest.MonkeyPatch.context() as patched:
        calls = Calls(folder, at, happens).watch(patched)
        try:
            change.save()
        except Exception as error:  # noqa: BLE001  # looked at below
            raised = error
    return change, raised, calls.made


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES], ids=errno.errorcode.get)
def test_the_old_file_or_the_new_one_whatever_call_fails(tmp_path, code):
    seen = set()
    for at in range(1, MOST):
        change, raised, made = calls_of_a_save(tmp_path / str(at), at, failing(code))
        if len(made) < at:
            break
        where = f"{at}: {made[at - 1]}"
        change.check()
        assert raised is None or isinstance(raised, MapsegError), f"{where}: {raised!r}"
        if raised is not None:
            assert change.path.read_bytes() == change.old, where
            assert str(raised).count("\n") == 0
            assert "team" in str(raised), where
        change.save()  # the next run, when all is well again
        assert change.path.read_bytes() == change.new
        assert change.leftovers == [], where
        seen.add((made[at - 1], raised is None))
    assert len(made) > 30
    failed = {name for name, went_on in seen if not went_on}
    assert {"Path.write_bytes", "os.fsync", "Path.replace", "Path.read_bytes"} <= failed


def test_a_write_that_stops_in_the_middle_leaves_the_old_file(tmp_path):
    def half(name, args):
        if name == "Path.write_bytes":
            path, content = args
            with open(path, "wb") as file:  # noqa: PTH123  # not counted
                file.write(content[: len(content) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    stopped = 0
    for at in range(1, MOST):
        change, raised, made = calls_of_a_save(tmp_path / str(at), at, half)
        if len(made) < at:
            break
        change.check()
        stopped += raised is not None
        assert change.leftovers == []
    assert stopped == 2  # of the backup, and of the new file


def test_a_folder_that_cannot_be_flushed_is_said_and_the_file_is_new(tmp_path, monkeypatch):
    change = change_in(tmp_path)
    real = os.fsync

    def fsync(handle):
        if os.path.isdir(f"/proc/self/fd/{handle}"):  # noqa: PTH112
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    written = change.save()
    assert change.path.read_bytes() == change.new
    assert "power cut" in written.notes[0]
