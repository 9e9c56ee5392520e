"""Puts the add-in where Excel loads it, with the settings that tell it which Python to call; and takes both away.

Built here from text each time: a file from the internet carries a mark that blocks its macros, one made here does not.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from mapseg_xl import __version__
from mapseg_xl.errors import InputError, RefusedOutput
from mapseg_xl.excel.addin.machine import MACOS, WINDOWS, Machine
from mapseg_xl.excel.addin.package import is_unchanged_build

ADDIN, TEMPLATE, SETTINGS = "mapseg.xlam", "workbook_template.xlsm", "addin.conf"
Build = Callable[[Path], tuple[Path, Path]]  # into a folder -> the add-in and the template


@dataclass(frozen=True, slots=True)
class Installed:
    """What was put where."""

    addin: Path
    template: Path
    settings: Path
    script: Path | None  # macOS: what lets Excel start Python
    kept: bool = False  # the template there was worked in, and stays as it is


def install(machine: Machine, build: Build) -> Installed:
    """Build the add-in and put it into Excel's start-up folder, the template and the settings beside each other.

    Raises InputError where there is no Excel to install into, RefusedOutput where Excel holds the old add-in.
    """
    _need_excel(machine)
    _need_first_start(machine)
    folder, addin = machine.settings_folder, machine.startup_folder / ADDIN
    for needed in (folder, addin.parent):
        _make_folder(needed, machine)
    with TemporaryDirectory(dir=folder) as made:
        built, template = build(Path(made))
        _move(built, addin)  # first: it is what Excel may hold, and then nothing else has changed
        kept = _worked_in(folder / TEMPLATE)
        if not kept:
            _move(template, folder / TEMPLATE)
    settings = folder / SETTINGS
    _write_settings(settings, machine)
    return Installed(addin, folder / TEMPLATE, settings, _install_script(machine), kept)


def uninstall(machine: Machine) -> tuple[Path, ...]:
    """Remove the add-in and everything beside it that `install` made; gives what was removed.

    Workbooks stay, and a template that somebody has worked in is one.
    """
    _need_excel(machine)
    folder = machine.settings_folder
    ours = [machine.startup_folder / ADDIN, folder / SETTINGS]
    if not _worked_in(folder / TEMPLATE):
        ours.append(folder / TEMPLATE)
    if machine.system == MACOS:
        ours.append(_script(machine))
    there = tuple(path for path in ours if path.exists())
    for path in there:
        try:
            path.unlink()
        except PermissionError as error:
            raise RefusedOutput(f"{path} is in use. Quit Excel and try again.") from error
    return there


def settings_of(machine: Machine) -> dict[str, str]:
    """The settings that the add-in would read; empty if it is not installed."""
    path = machine.settings_folder / SETTINGS
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if not line.startswith("#"))
    return {key.strip(): value.strip() for key, equals, value in pairs if equals}


def wanted_settings(machine: Machine) -> dict[str, str]:
    """The settings as an installation from this Python has them."""
    return {
        "PYTHON": str(_console_free(machine)),
        "PREFIX": str(machine.prefix),
        "XLWINGS": version("xlwings"),
        "MAPSEG": __version__,
    }


def _console_free(machine: Machine) -> Path:
    """On Windows the interpreter that opens no black window."""
    quiet = machine.python.with_name("pythonw.exe")
    return quiet if machine.system == WINDOWS and quiet.exists() else machine.python


def _write_settings(path: Path, machine: Machine) -> None:
    head = "# Written by `mapseg addin install`. The only place that the add-in reads."
    lines = [head, *(f"{key}={value}" for key, value in wanted_settings(machine).items())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _need_excel(machine: Machine) -> None:
    if not machine.has_excel_for_addins:
        raise InputError(
            "Excel add-ins exist on Windows and macOS only. Here, `mapseg run` makes the same workbook from files, "
            "and `mapseg addin build` makes the add-in for somebody else's computer."
        )


def _need_first_start(machine: Machine) -> None:
    """On a Mac the system itself has to make the folder that it keeps Excel in, and does when Excel first starts."""
    place = machine.settings_folder.parents[1]
    if machine.system == MACOS and not place.exists():
        raise InputError(f"{place} is not there. Start Excel once, quit it, and run this again.")


def _make_folder(folder: Path, machine: Machine) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except PermissionError as error:
        allow = "If macOS asks whether Terminal may access data of other apps, allow it. "
        raise RefusedOutput(
            f"The folder {folder} cannot be written. {allow if machine.system == MACOS else ''}Nothing was changed."
        ) from error


def _worked_in(template: Path) -> bool:
    """Whether a program has saved the template since it was built: then it is somebody's workbook."""
    return template.exists() and not is_unchanged_build(template.read_bytes())


def _move(built: Path, place: Path) -> None:
    try:
        shutil.move(built, place)  # the start-up folder may lie on another disk
    except PermissionError as error:
        raise RefusedOutput(
            f"{place} is in use: quit Excel (all windows) and run this again. Nothing was changed."
        ) from error


def _script(machine: Machine) -> Path:
    scripts = machine.home / "Library" / "Application Scripts" / "com.microsoft.Excel"
    return scripts / f"xlwings-{version('xlwings')}.applescript"


def _install_script(machine: Machine) -> Path | None:
    """macOS: Excel may start programs only through a script in a folder that it cannot write itself."""
    if machine.system != MACOS:
        return None
    target = _script(machine)
    target.parent.mkdir(parents=True, exist_ok=True)
    spec = find_spec("xlwings")
    if spec is None or spec.origin is None:
        raise InputError(
            "xlwings is not installed beside mapseg. Install mapseg again (README, Install it in Excel)."
        )
    shutil.copyfile(Path(spec.origin).with_name(target.name), target)
    return target
