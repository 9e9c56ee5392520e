"""Made-up computers, so that what is said about Windows and macOS is tested anywhere."""

from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

from mapseg_xl.excel.addin.machine import Machine


def machine(folder: Path, system: str, registry=None, python="python") -> Machine:
    """A computer whose folders lie below `folder`; `registry`: (hive, key, name) -> value."""
    prefix = folder / "env"
    prefix.mkdir(parents=True, exist_ok=True)
    interpreter = prefix / python
    interpreter.touch()
    if system == "macos":  # Excel has been started before
        (folder / "home/Library/Containers/com.microsoft.Excel").mkdir(parents=True, exist_ok=True)
    known = registry or {}
    return Machine(
        system=system,
        home=folder / "home",
        variables={"APPDATA": str(folder / "roaming")},
        python=interpreter,
        prefix=prefix,
        python_bits=64,
        registry=lambda hive, key, name: known.get((hive, key, name)),
    )


def build(folder: Path) -> tuple[Path, Path]:
    """Stands in for the build: two files."""
    made = folder / "mapseg.xlam", folder / "workbook_template.xlsm"
    for path in made:
        with ZipFile(path, "w", ZIP_STORED) as file:
            file.writestr("part", "built")
    return made
