"""What this computer is, as far as the add-in asks: system, folders, Excel. Everything read here, nothing decided."""

from __future__ import annotations

import os
import re
import struct
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, PackagePath, distribution
from pathlib import Path

WINDOWS, MACOS = "windows", "macos"
RegistryReader = Callable[[str, str, str], str | int | None]  # hive (HKCU, HKLM), key, value name


@dataclass(frozen=True, slots=True)
class Machine:
    """A computer. `system`: windows, macos or the name of another; `registry` reads Windows' registry, else None."""

    system: str
    home: Path
    variables: Mapping[str, str]
    python: Path  # the interpreter that runs this
    prefix: Path  # the folder that pip installed into: on Windows the library of xlwings lies in it
    python_bits: int
    registry: RegistryReader

    @property
    def command(self) -> str:
        """How a terminal starts mapseg whether or not pip's scripts are on its path."""
        return {WINDOWS: "py -m mapseg_xl", MACOS: "python3 -m mapseg_xl"}.get(
            self.system, "mapseg"
        )

    @property
    def has_excel_for_addins(self) -> bool:
        """Whether desktop Excel, which loads add-ins, exists for this system at all."""
        return self.system in (WINDOWS, MACOS)

    @property
    def roaming(self) -> Path:
        """Windows' folder of a user's settings."""
        return Path(self.variables.get("APPDATA") or self.home / "AppData" / "Roaming")

    @property
    def startup_folder(self) -> Path:
        """The folder whose workbooks Excel opens when it starts; raises ValueError where there is no Excel."""
        if self.system == WINDOWS:
            return self.roaming / "Microsoft" / "Excel" / "XLSTART"
        if self.system == MACOS:
            shared = self.home / "Library" / "Group Containers" / "UBF8T346G9.Office"
            return shared / "User Content.localized" / "Startup.localized" / "Excel"
        raise ValueError(f"There is no Excel for {self.system}.")

    @property
    def settings_folder(self) -> Path:
        """Where the add-in's own settings lie: readable by Excel, which macOS keeps in a sandbox."""
        if self.system == WINDOWS:
            return self.roaming / "mapseg"
        if self.system == MACOS:
            return self.home / "Library" / "Containers" / "com.microsoft.Excel" / "Data" / "mapseg"
        return Path(self.variables.get("XDG_CONFIG_HOME") or self.home / ".config") / "mapseg"


def this_machine() -> Machine:
    """The computer that this runs on."""
    names = {"win32": WINDOWS, "darwin": MACOS}
    return Machine(
        system=names.get(sys.platform, sys.platform),
        home=Path.home(),
        variables=dict(os.environ),
        python=Path(sys.executable),
        prefix=library_folder(_installed(), Path(sys.prefix)),
        python_bits=8 * struct.calcsize("P"),
        registry=_registry,
    )


def _installed() -> Iterable[PackagePath]:
    try:
        return distribution("xlwings").files or ()
    except PackageNotFoundError:
        return ()


def library_folder(installed: Iterable[PackagePath], environment: Path) -> Path:
    """Where pip put the library of xlwings: the environment, or a folder of the user's own.

    The latter is pip's choice where Python is there for all users and its folder cannot be written.
    """
    for file in installed:
        if re.fullmatch(r"xlwings\d\d-.*\.dll", file.name):
            return Path(os.path.normpath(str(file.locate()))).parent
    return environment


def _registry(hive: str, key: str, name: str) -> str | int | None:
    if sys.platform != "win32":
        return None
    import winreg

    hives = {"HKCU": winreg.HKEY_CURRENT_USER, "HKLM": winreg.HKEY_LOCAL_MACHINE}
    try:
        with winreg.OpenKey(hives[hive], key) as opened:
            value = winreg.QueryValueEx(opened, name)[0]
    except (
        OSError
    ):  # there is no such key or value, or it may not be read: both mean "not set" here
        return None
    return value if isinstance(value, str | int) else str(value)
