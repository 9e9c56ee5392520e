import os
import subprocess
import sys
from pathlib import Path

import pytest

from mapseg_xl.hosts.leftovers import clear_leftovers, temp_beside


def named_after(process, path):
    own = temp_beside(path).name
    return path.with_name(own.replace(f"-{os.getpid()}.", f"-{process}."))


@pytest.fixture
def dead():
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


@pytest.mark.skipif(os.name == "nt", reason="on Windows only age tells")
def test_what_an_ended_process_left_goes_at_once(tmp_path, dead):
    left = named_after(dead, tmp_path / "team.xlsx")
    left.write_bytes(b"half")
    clear_leftovers(tmp_path)
    assert not left.exists()


def test_a_process_that_goes_on_keeps_its_own(tmp_path):
    left = named_after(os.getppid(), tmp_path / "team.xlsx")
    left.write_bytes(b"half")
    clear_leftovers(tmp_path)
    assert left.exists()


def test_what_another_machine_left_goes_by_age(tmp_path):
    left = tmp_path / ".team.00000000-1.mapseg-tmp"
    left.write_bytes(b"half")
    clear_leftovers(tmp_path)
    assert left.exists()
    os.utime(left, (0, 0))
    clear_leftovers(tmp_path)
    assert not left.exists()


def test_files_of_others_stay(tmp_path):
    for name in ("team.xlsx", ".hidden", "mapseg-tmp", "x.mapseg-tmp"):
        (tmp_path / name).write_bytes(b"theirs")
        os.utime(tmp_path / name, (0, 0))
    clear_leftovers(tmp_path)
    assert len(list(tmp_path.iterdir())) == 4


def test_a_folder_that_is_not_there_is_left_to_who_writes(tmp_path):
    clear_leftovers(tmp_path / "nowhere")


def test_the_longest_name_in_any_script_fits_a_folder(tmp_path):
    path = tmp_path / f"{'客' * 80}.xlsx"
    path.write_bytes(b"")
    assert len(os.fsencode(temp_beside(path).name)) < 150
    assert temp_beside(path).parent == Path(path.parent)
