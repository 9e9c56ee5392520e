"""LibreOffice for tests: recalculates a workbook and reads it back, renders it. Own profile, killed by its own id."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import pytest

# 0 = always recalculate files of other programs; the default trusts cached values and would hide wrong ones
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>{mode}</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc">
<prop oor:name="UseLocking" oor:op="fuse"><value>false</value></prop></item>
</oor:items>
"""
_RELAUNCH, _SECONDS = 81, 150


def program() -> str | None:
    """The office program, or None."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def need_office() -> None:
    """Skips the test where there is no LibreOffice."""
    if program() is None:
        pytest.skip("LibreOffice (soffice) is not installed: run `make test`, which sets it up")


def convert(book: Path, folder: Path, to: str, *, recalculate: bool = True) -> Path:
    """The workbook converted to another format in a folder, by an office of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        user = Path(profile) / "user"
        user.mkdir()
        settings = _SETTINGS.format(mode=0 if recalculate else 1)
        (user / "registrymodifications.xcu").write_text(settings, encoding="utf-8")
        command = [
            str(program()), "--headless", "--norestore", "--nolockcheck",
            f"-env:UserInstallation=file://{profile}",
            "--convert-to", to, "--outdir", str(folder), str(book),
        ]  # fmt: skip
        code = _run(command, profile)
        if code == _RELAUNCH:  # it sets up its profile and asks to be started again
            code = _run(command, profile)
    result = folder / f"{book.stem}.{to.split(':')[0]}"
    if code != 0 or not result.exists():
        raise RuntimeError(f"LibreOffice could not convert {book.name} to {to} (exit {code})")
    return result


def _run(command: list[str], profile: str) -> int:
    kept = ("HOME", "LANG", "LC_ALL", "TMPDIR")  # a virtual environment on PATH makes it crash
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment |= {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": profile}
    office = subprocess.Popen(
        command,
        env=environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        return office.wait(_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(office.pid, signal.SIGKILL)
        raise


def recalculated(book: Path, folder: Path) -> Path:
    """The workbook as LibreOffice has it after calculating every formula anew, as .xlsx in a folder."""
    return convert(book, folder / "recalculated", "xlsx")


def pdf(book: Path, folder: Path) -> Path:
    """The workbook as LibreOffice prints it, cached values and all."""
    return convert(book, folder, "pdf", recalculate=False)
