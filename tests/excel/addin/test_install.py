"""Installing the add-in: into the folder of each system, and away again without a trace."""

import zipfile
from importlib.metadata import PackagePath, version
from types import SimpleNamespace

import pytest

from mapseg_xl.errors import InputError, RefusedOutput
from mapseg_xl.excel.addin import install as installer
from mapseg_xl.excel.addin.install import install, settings_of, uninstall
from mapseg_xl.excel.addin.machine import library_folder
from tests.excel.addin.machines import build, machine

SYSTEMS = ("windows", "macos")


def files(folder):
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize(
    ("system", "place"),
    [
        ("windows", "roaming/Microsoft/Excel/XLSTART/mapseg.xlam"),
        (
            "macos",
            (
                "home/Library/Group Containers/UBF8T346G9.Office/User Content.localized/"
                "Startup.localized/Excel/mapseg.xlam"
            ),
        ),
    ],
)
def test_the_add_in_lies_where_excel_starts(tmp_path, system, place):
    made = install(machine(tmp_path, system), build)
    assert made.addin == tmp_path / place
    assert zipfile.ZipFile(made.addin).read("part") == b"built"
    assert made.template.exists()


@pytest.mark.parametrize("system", SYSTEMS)
def test_what_is_removed_is_all_that_was_installed(tmp_path, system):
    here = machine(tmp_path, system)
    before = files(tmp_path)
    install(here, build)
    removed = uninstall(here)
    assert len(removed) == (3 if system == "windows" else 4)
    assert files(tmp_path) == before
    assert uninstall(here) == ()


def test_the_settings_name_this_python_and_its_xlwings(tmp_path):
    here = machine(tmp_path, "windows", python="python.exe")
    install(here, build)
    told = settings_of(here)
    assert told["PYTHON"] == str(here.python)
    assert told["XLWINGS"] == version("xlwings")


def test_on_windows_the_python_without_a_black_window_is_started(tmp_path):
    here = machine(tmp_path, "windows", python="python.exe")
    (here.prefix / "pythonw.exe").touch()
    install(here, build)
    assert settings_of(here)["PYTHON"].endswith("pythonw.exe")


def test_macos_gets_the_script_that_lets_excel_start_python(tmp_path):
    made = install(machine(tmp_path, "macos"), build)
    assert made.script is not None
    assert "VbaHandler" in made.script.read_text("utf-8")


def test_installing_again_replaces_the_old_one(tmp_path):
    here = machine(tmp_path, "windows")
    first = install(here, build)
    first.addin.write_bytes(b"old")
    assert zipfile.is_zipfile(install(here, build).addin)


def test_a_template_that_somebody_worked_in_stays(tmp_path):
    here = machine(tmp_path, "windows")
    template = install(here, build).template
    with zipfile.ZipFile(template, "w", zipfile.ZIP_DEFLATED) as saved:
        saved.writestr("part", "my work")
    theirs = template.read_bytes()
    assert install(here, build).kept
    assert template not in uninstall(here)
    assert template.read_bytes() == theirs


def test_an_add_in_that_excel_holds_stops_the_installation_before_anything_is_changed(
    tmp_path, monkeypatch
):
    here = machine(tmp_path, "windows")
    install(here, build)
    before = {path: (tmp_path / path).read_bytes() for path in files(tmp_path)}

    def held(*_):
        raise PermissionError(13, "in use")

    monkeypatch.setattr(installer.shutil, "move", held)
    with pytest.raises(RefusedOutput, match="quit Excel"):
        install(here, build)
    assert {path: (tmp_path / path).read_bytes() for path in files(tmp_path)} == before


def test_where_there_is_no_excel_it_says_what_to_do_instead(tmp_path):
    with pytest.raises(InputError, match="mapseg run"):
        install(machine(tmp_path, "linux"), build)


def test_a_mac_on_which_excel_never_started_is_told_to_start_it(tmp_path):
    """macOS itself makes the folder that Excel is kept in."""
    here = machine(tmp_path, "macos")
    here.settings_folder.parents[1].rmdir()
    with pytest.raises(InputError, match="Start Excel once"):
        install(here, build)
    assert files(tmp_path / "home") == set()


def test_a_folder_that_may_not_be_written_is_named(tmp_path, monkeypatch):
    here = machine(tmp_path, "macos")

    def refused(*_, **__):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(type(here.home), "mkdir", refused)
    with pytest.raises(RefusedOutput, match="data of other apps"):
        install(here, build)


@pytest.mark.parametrize(
    ("site", "wanted"),
    [
        ("env/Lib/site-packages", "env"),
        ("Roaming/Python/Python311/site-packages", "Roaming/Python"),
    ],
)
def test_the_library_is_where_pip_put_it(tmp_path, site, wanted):
    """pip installs for one user where Python is there for all: outside the folder of Python."""
    entry = PackagePath("../../xlwings64-0.37.8.dll")
    entry.dist = SimpleNamespace(locate_file=lambda path: tmp_path / site / path)
    other = PackagePath("xlwings/main.py")
    assert library_folder([other, entry], tmp_path / "python") == tmp_path / wanted
    assert library_folder([other], tmp_path / "python") == tmp_path / "python"
