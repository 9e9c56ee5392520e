from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mapseg_xl.intake.reading import probe

from .books import xlsb

resource = pytest.importorskip("resource")


def test_a_machine_that_allows_less_memory_than_we_do_still_opens_a_workbook(tmp_path):
    lower = probe.MEMORY_BYTES - 1_000_000_000
    done = subprocess.run(
        [sys.executable, str(Path(probe.__file__)), str(xlsb(tmp_path / "a.xlsb")), ".xlsb"],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (lower, lower)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
