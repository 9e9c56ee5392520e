"""A save that is killed leaves the old file or the new one, its backup whole, and nothing that the next run keeps."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no fork and no SIGKILL")


def kills(*arguments: object) -> tuple[int, int]:
    """How often the file was the old one, and the new one."""
    script = Path(__file__).with_name("kill_child.py")
    command = [sys.executable, script, *(str(a) for a in arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    old, new = done.stdout.split()
    return int(old), int(new)


def test_killed_before_each_call_to_the_system_and_in_the_middle_of_each_write():
    old, new = kills("calls")
    assert old > 40
    assert new > 4


@pytest.mark.slow
def test_killed_a_thousand_times():
    old, new = kills("moments", 1000)
    assert old + new == 1001
    assert old > 100
    assert new > 20
