"""Every call to the system that a whole run in the team's own workbook makes fails once: old or new, one sentence."""

import errno
import os
import shutil

import pytest

from mapseg_xl import commands, write_back
from mapseg_xl.cli import main
from mapseg_xl.request import intake
from tests.hosts.calls import Calls
from tests.typed_book import Team, write_team

MOST = 400


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """A workbook before and after a run, and what the run found and wrote: it is not computed again."""
    folder = tmp_path_factory.mktemp("known")
    book = write_team(folder / "team.xlsx", Team(n=60))
    made = {}
    with pytest.MonkeyPatch.context() as patched:
        for owner, name in KEPT:
            patched.setattr(owner, name, keeping(getattr(owner, name), name, made))
        before = book.read_bytes()
        assert main(["run", str(book), "--in-place"]) == 0
    return before, book.read_bytes(), made


KEPT = (
    (commands, "found"),
    (commands, "report_of"),
    (commands, "lay_out"),
    (write_back, "splice"),
)


def keeping(real, name, made):
    def call(*args):
        made[name] = real(*args)
        return made[name]

    return call


@pytest.fixture
def quick(known, monkeypatch):
    """A run reads its sources anew, and else takes what is known."""
    made = known[2]

    def found(this, _):
        intake(this.request)
        return made["found"]

    monkeypatch.setattr(commands, "found", found)
    monkeypatch.setattr(commands, "report_of", lambda *_: made["report_of"])
    monkeypatch.setattr(commands, "lay_out", lambda *_: made["lay_out"])
    monkeypatch.setattr(write_back, "splice", lambda *_: made["splice"])


@pytest.mark.slow
def test_the_old_workbook_or_the_new_one(known, quick, tmp_path, capsys):
    before, after, _ = known

    def fail(name, args):
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(args[0]))

    done = 0
    for at in range(1, MOST):
        folder = tmp_path / str(at)
        folder.mkdir()
        book = folder / "team.xlsx"
        book.write_bytes(before)
        with pytest.MonkeyPatch.context() as patched:
            calls = Calls(folder, at, fail).watch(patched)
            ended = main(["run", str(book), "--in-place"])
        said = capsys.readouterr()
        where = f"{at}: {calls.made[-1]} {said.err}"
        if len(calls.made) < at:
            break
        now = book.read_bytes()
        assert now in (before, after), where
        assert (ended == 0) == (now == after), where
        if ended:
            assert ended == 1
            assert said.err.startswith("mapseg: "), where
            assert said.err.count("\n") == 1, where
            assert said.out == "", where
        done += 1
        shutil.rmtree(folder)
    assert done > 40
