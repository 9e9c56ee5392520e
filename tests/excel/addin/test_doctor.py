"""The doctor: each thing that can be wrong is found, and says what to do; a healthy computer has nothing to mend."""

from importlib.metadata import version

import pytest

from mapseg_xl import cli
from mapseg_xl.excel.addin import doctor
from mapseg_xl.excel.addin.doctor import (
    APP_PATH,
    CLICK_TO_RUN,
    NOTE,
    OFFICE,
    OFFICE_POLICY,
    PLACES,
    PROBLEM,
    check,
)
from mapseg_xl.excel.addin.install import SETTINGS, install
from tests.excel.addin.machines import build, machine

DLL = f"xlwings64-{version('xlwings')}.dll"
EXCEL = {("HKLM", APP_PATH, ""): r"C:\Program Files\Microsoft Office\root\Office16\EXCEL.EXE"}


def windows(tmp_path, more=None):
    """A Windows computer where everything is as it should be."""
    here = machine(tmp_path, "windows", {**EXCEL, **(more or {})})
    (here.prefix / DLL).touch()
    install(here, build)
    return here


def wrong(here):
    return {f.subject: f for f in check(here) if f.state == PROBLEM}


def test_a_healthy_windows_computer_has_nothing_to_mend(tmp_path):
    assert [f for f in check(windows(tmp_path)) if f.do] == []


def test_every_problem_says_what_to_do(tmp_path):
    found = check(machine(tmp_path, "windows"))
    assert {f.subject for f in found if f.state == PROBLEM} == {
        "Way to Python",
        "Excel",
        "Add-in",
    }
    assert all(f.do for f in found if f.state == PROBLEM)


def test_a_python_of_anaconda_is_a_note_only(tmp_path):
    """Started without its environment, it may not find its own libraries."""
    here = windows(tmp_path)
    (here.prefix / "conda-meta").mkdir()
    assert wrong(here) == {}
    assert [f.subject for f in check(here) if f.state == NOTE] == ["Python"]


def test_a_library_of_another_version_is_named(tmp_path):
    here = windows(tmp_path)
    (here.prefix / DLL).rename(here.prefix / "xlwings64-0.1.0.dll")
    assert "xlwings64-0.1.0.dll" in wrong(here)["Way to Python"].said


def test_excel_of_32_bit_needs_its_own_library(tmp_path):
    here = windows(tmp_path, {("HKLM", CLICK_TO_RUN, "Platform"): "x86"})
    found = wrong(here)["Way to Python"]
    assert DLL.replace("64", "32") in found.said
    assert DLL in found.said  # what there is
    (here.prefix / DLL.replace("64", "32")).touch()
    assert wrong(here) == {}


def test_no_advice_asks_an_index_for_mapseg(tmp_path):
    """It is in none."""
    for system in ("windows", "macos", "linux"):
        said = " ".join(f.do for f in check(machine(tmp_path, system)))
        assert "pip install mapseg" not in said
        assert "reinstall mapseg" not in said


def test_a_python_that_is_gone_is_named(tmp_path):
    here = windows(tmp_path)
    here.python.unlink()
    assert str(here.python) in wrong(here)["Settings"].said


@pytest.mark.parametrize("key", ["XLWINGS", "MAPSEG"])
def test_an_add_in_older_than_its_program_is_found(tmp_path, key):
    here = windows(tmp_path)
    path = here.settings_folder / SETTINGS
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join(f"{key}=0.0.1" if x.startswith(key) else x for x in lines), "utf-8")
    assert "0.0.1" in wrong(here)["Settings"].said


def test_another_python_is_a_note_only(tmp_path):
    here = windows(tmp_path)
    path = here.settings_folder / SETTINGS
    other = tmp_path / "other"
    other.touch()
    path.write_text(path.read_text("utf-8").replace(str(here.python), str(other)), "utf-8")
    assert [f.subject for f in check(here) if f.state == NOTE] == ["Settings"]


@pytest.mark.parametrize(
    ("key", "level", "whose"),
    [
        (OFFICE, 4, "Trust Center"),
        (OFFICE, 3, "signed"),
        (OFFICE_POLICY, 4, "company"),
        (OFFICE_POLICY, 3, "signed"),
    ],
)
def test_macros_that_are_switched_off_are_found(tmp_path, key, level, whose):
    off = {("HKCU", key, "VBAWarnings"): level}
    nowhere = {("HKCU", rf"{key}\{PLACES}", "AllLocationsDisabled"): 1}
    assert whose in wrong(windows(tmp_path, {**off, **nowhere}))["Macros"].said


@pytest.mark.parametrize("level", [3, 4])
def test_macros_still_run_in_excels_own_start_up_folder(tmp_path, level):
    """It is one of the folders that Excel trusts as it comes."""
    here = windows(tmp_path, {("HKCU", OFFICE_POLICY, "VBAWarnings"): level})
    assert wrong(here) == {}
    assert [f.subject for f in check(here) if f.state == NOTE] == ["Macros"]


def test_the_companys_policy_counts_before_the_users_setting(tmp_path):
    levels = {("HKCU", OFFICE, "VBAWarnings"): 4, ("HKCU", OFFICE_POLICY, "VBAWarnings"): 2}
    assert wrong(windows(tmp_path, levels)) == {}


def test_a_file_from_the_internet_is_found(tmp_path):
    here = windows(tmp_path)
    addin = here.startup_folder / "mapseg.xlam"
    addin.with_name("mapseg.xlam:Zone.Identifier").touch()
    assert "internet" in wrong(here)["Add-in"].said


def test_a_mac_without_the_script_is_told_so(tmp_path):
    here = machine(tmp_path, "macos")
    (here.home / "Applications" / "Microsoft Excel.app").mkdir(parents=True)
    made = install(here, build)
    assert wrong(here) == {}
    made.script.unlink()
    assert set(wrong(here)) == {"Buttons"}


def test_elsewhere_there_is_nothing_to_mend(tmp_path):
    assert wrong(machine(tmp_path, "linux")) == {}


def test_the_command_fails_where_something_has_to_be_mended(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(
        "mapseg_xl.excel.addin.machine.this_machine", lambda: machine(tmp_path, "windows")
    )
    assert cli.main(["doctor"]) == 1
    assert "-> Run: py -m mapseg_xl addin install" in capsys.readouterr().out
    assert doctor.OK in {f.state for f in check(machine(tmp_path, "linux"))}
