"""Looks this computer over for what the add-in needs, and says what to do about each thing that is missing.

Looks only: nothing is changed, Excel is not started. What only Excel itself can show stands in docs/excel-check.md.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from mapseg_xl import __version__
from mapseg_xl.excel.addin.install import ADDIN, SETTINGS, settings_of, wanted_settings
from mapseg_xl.excel.addin.machine import MACOS, WINDOWS, Machine

OK, NOTE, PROBLEM = "ok", "note", "problem"
OFFICE = r"Software\Microsoft\Office\16.0\Excel\Security"
OFFICE_POLICY = r"Software\Policies\Microsoft\Office\16.0\Excel\Security"
APP_PATH = r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
CLICK_TO_RUN = r"SOFTWARE\Microsoft\Office\ClickToRun\Configuration"
PLACES = "Trusted Locations"
_STRICT = {4: "switches all macros off", 3: "allows signed macros only"}  # of VBAWarnings
_AGAIN = "Install mapseg again (README, Install it in Excel)."
_MARK_OF_THE_WEB = "Zone.Identifier"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `do`: what to do about it, empty where nothing is to be done."""

    subject: str
    state: str  # ok note problem
    said: str
    do: str = ""


def _install(machine: Machine) -> str:
    return f"Run: {machine.command} addin install"


def check(machine: Machine) -> tuple[Finding, ...]:
    """Everything worth knowing about this computer, in the order in which people would mend it."""
    return tuple(_findings(machine))


def _findings(machine: Machine) -> Iterator[Finding]:
    yield _python(machine)
    yield from _xlwings(machine)
    if not machine.has_excel_for_addins:
        yield Finding(
            "Excel",
            NOTE,
            "Excel add-ins exist on Windows and macOS only.",
            "Use `mapseg run` here: it makes the same workbook from files.",
        )
        return
    yield _excel(machine)
    yield from _addin(machine)
    if machine.system == WINDOWS:
        yield _macros(machine)
    else:
        yield _script(machine)


def _python(machine: Machine) -> Finding:
    said = f"mapseg {__version__} on Python {sys.version.split()[0]}, {machine.python_bits} bit, {machine.python}"
    if "WindowsApps" in machine.python.parts:
        return Finding(
            "Python",
            PROBLEM,
            said,
            "This is the Store's Python, which Excel may not start. Install Python from python.org, then mapseg again.",
        )
    if (machine.python.parent / "conda-meta").is_dir():
        return Finding(
            "Python",
            NOTE,
            f"{said}, of Anaconda.",
            'If Excel says "DLL load failed", install Python from python.org, then mapseg again.',
        )
    return Finding("Python", OK, said)


def _xlwings(machine: Machine) -> Iterator[Finding]:
    try:
        found = version("xlwings")
    except PackageNotFoundError:
        yield Finding("xlwings", PROBLEM, "Not installed.", _AGAIN)
        return
    yield Finding("xlwings", OK, f"Version {found}.")
    if machine.system == WINDOWS:
        yield _library(machine, found)


def _library(machine: Machine, found: str) -> Finding:
    """The DLL through which Excel calls Python: its name has Excel's bits and the version in it."""
    wanted = machine.prefix / f"xlwings{_bits_of_excel(machine)}-{found}.dll"
    if wanted.exists():
        return Finding("Way to Python", OK, f"{wanted.name} is there.")
    others = sorted(p.name for p in machine.prefix.glob("xlwings*.dll"))
    there = f"; there is {', '.join(others)}" if others else ""
    return Finding(
        "Way to Python",
        PROBLEM,
        f"{wanted} is missing{there}.",
        f"Run: py -m pip install --force-reinstall xlwings=={found}",
    )


def _bits_of_excel(machine: Machine) -> int:
    """32-bit Excel starts 64-bit Python as well; where Excel does not tell, the Python's are as good a guess as any."""
    told = machine.registry("HKLM", CLICK_TO_RUN, "Platform")
    return {"x64": 64, "x86": 32}.get(str(told), machine.python_bits)


def _excel(machine: Machine) -> Finding:
    if machine.system == MACOS:
        app = Path("/Applications/Microsoft Excel.app")
        places = (app, machine.home / "Applications" / app.name)
        found = next((str(p) for p in places if p.exists()), "")
        return _excel_found(found, "")
    path = machine.registry("HKLM", APP_PATH, "") or machine.registry("HKCU", APP_PATH, "")
    build = machine.registry("HKLM", CLICK_TO_RUN, "VersionToReport")
    return _excel_found(str(path or ""), str(build or ""))


def _excel_found(path: str, build: str) -> Finding:
    if not path:
        return Finding(
            "Excel",
            PROBLEM,
            "Desktop Excel was not found.",
            "Install desktop Excel; Excel in a browser runs no add-in of this kind. `mapseg run` needs no Excel.",
        )
    return Finding("Excel", OK, f"{path}, version {build}" if build else path)


def _addin(machine: Machine) -> Iterator[Finding]:
    addin = machine.startup_folder / ADDIN
    if not addin.exists():
        yield Finding("Add-in", PROBLEM, f"{addin} is not there.", _install(machine))
        return
    if _is_marked(addin):
        yield Finding(
            "Add-in",
            PROBLEM,
            f"{addin} came from the internet: Windows blocks its macros.",
            f"Delete it. {_install(machine)}",
        )
        return
    yield Finding("Add-in", OK, str(addin))
    yield _settings(machine)


def _is_marked(path: Path) -> bool:
    """Whether Windows wrote beside the file that it came from the internet."""
    return Path(f"{path}:{_MARK_OF_THE_WEB}").exists()


def _settings(machine: Machine) -> Finding:
    """What the add-in would start against what is installed here."""
    found, wanted = settings_of(machine), wanted_settings(machine)
    if not found:
        return Finding(
            "Settings",
            PROBLEM,
            f"{machine.settings_folder / SETTINGS} is missing.",
            _install(machine),
        )
    python = found.get("PYTHON", "")
    if not Path(python).exists():
        return Finding(
            "Settings", PROBLEM, f"The add-in starts {python}, which is gone.", _install(machine)
        )
    stale = [key for key in ("XLWINGS", "MAPSEG") if found.get(key) != wanted[key]]
    if stale:
        said = ", ".join(f"{k.lower()} {found.get(k, 'unknown')} -> {wanted[k]}" for k in stale)
        return Finding(
            "Settings", PROBLEM, f"The add-in is older than mapseg: {said}.", _install(machine)
        )
    if python != wanted["PYTHON"]:
        return Finding(
            "Settings",
            NOTE,
            f"The add-in starts another Python: {python}.",
            f"To use this one: {_install(machine)}",
        )
    return Finding("Settings", OK, f"The add-in starts {python}.")


def _macros(machine: Machine) -> Finding:
    """Excel runs macros of its start-up folder, a trusted location, whatever is set for others."""
    policy = machine.registry("HKCU", OFFICE_POLICY, "VBAWarnings")
    level = policy if policy is not None else machine.registry("HKCU", OFFICE, "VBAWarnings")
    if not isinstance(level, int) or level not in _STRICT:
        return Finding("Macros", OK, "Not switched off.")
    whose = "Your company's policy" if policy is not None else "Excel's Trust Center"
    said = f"{whose} {_STRICT[level]}"
    if _trusts_no_place(machine):
        return Finding(
            "Macros",
            PROBLEM,
            f"{said}, and no folder is trusted.",
            "Ask IT to sign mapseg.xlam, or to trust Excel's start-up folder (docs/for-it.md).",
        )
    return Finding(
        "Macros",
        NOTE,
        f"{said}, except in trusted folders. Excel's start-up folder is one as a rule; the template's is not.",
        "If the tab is missing in Excel, ask IT (docs/for-it.md).",
    )


def _trusts_no_place(machine: Machine) -> bool:
    """Whether trusted locations are switched off, by the company or the user."""
    keys = (OFFICE_POLICY, OFFICE)
    told = [machine.registry("HKCU", rf"{key}\{PLACES}", "AllLocationsDisabled") for key in keys]
    return next((found for found in told if found is not None), 0) == 1


def _script(machine: Machine) -> Finding:
    scripts = machine.home / "Library" / "Application Scripts" / "com.microsoft.Excel"
    wanted = scripts / f"xlwings-{version('xlwings')}.applescript"
    if wanted.exists():
        return Finding("Buttons", OK, f"{wanted.name} lets Excel start Python.")
    return Finding("Buttons", PROBLEM, f"{wanted} is missing.", _install(machine))
