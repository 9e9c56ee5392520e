"""`mapseg addin build`: where it writes, and what it never overwrites."""

from __future__ import annotations

import zipfile

import pytest

from mapseg_xl import cli
from mapseg_xl.excel.addin import build, wrappers
from mapseg_xl.excel.addin.package import Macros, MainType, is_unchanged_build, package
from mapseg_xl.excel.cell_function import Column, Number, cell_function


@pytest.fixture
def quick(monkeypatch):
    """A build of two small files in no time."""
    small = package(plain_workbook(), Macros(MainType.ADDIN, b"project", b"<customUI/>"))
    monkeypatch.setattr(build, "addin_bytes", lambda: small)
    monkeypatch.setattr(build, "template_bytes", lambda: small)


def plain_workbook() -> bytes:
    from mapseg_xl.excel.addin.addin_sheet import addin_plan
    from mapseg_xl.hosts.file import to_bytes

    return to_bytes(addin_plan())


@pytest.mark.usefixtures("quick")
def test_the_command_says_where_the_two_files_lie(tmp_path, capsys):
    assert cli.main(["addin", "build", "--out", str(tmp_path / "new")]) == 0
    said = capsys.readouterr().out
    for name in (build.ADDIN, build.TEMPLATE):
        assert (tmp_path / "new" / name).exists()
        assert str(tmp_path / "new" / name) in said


@pytest.mark.usefixtures("quick")
def test_an_earlier_build_is_replaced(tmp_path):
    build.build(tmp_path)
    assert build.build(tmp_path) == (tmp_path / build.ADDIN, tmp_path / build.TEMPLATE)


@pytest.mark.usefixtures("quick")
def test_a_template_that_somebody_worked_in_is_never_overwritten(tmp_path, capsys):
    _, template = build.build(tmp_path)
    with zipfile.ZipFile(template) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    with zipfile.ZipFile(template, "w", zipfile.ZIP_DEFLATED) as file:  # as every program saves it
        for name, content in parts.items():
            file.writestr(name, content)
    before = template.read_bytes()
    assert cli.main(["addin", "build", "--out", str(tmp_path)]) == 1
    assert "saved by somebody" in capsys.readouterr().err
    assert template.read_bytes() == before


@pytest.mark.usefixtures("quick")
def test_a_folder_that_cannot_be_made_is_said_in_one_line(tmp_path, capsys):
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    assert cli.main(["addin", "build", "--out", str(tmp_path / "taken")]) == 1
    assert "cannot be made" in capsys.readouterr().err


def test_something_else_is_no_build_of_ours():
    assert not is_unchanged_build(b"no zip at all")


def test_a_workbook_without_the_expected_part_is_refused():
    with pytest.raises(ValueError, match="not once"):
        package(
            package(plain_workbook(), Macros(MainType.ADDIN, b"", b"")),
            Macros(MainType.ADDIN, b"", b""),
        )


def test_a_version_that_nobody_knows_is_no_text_of_ours():
    with pytest.raises(KeyError, match="OTHER_VERSION"):
        build._filled_in('Const X = "{{OTHER_VERSION}}"')


def seg_demo(date: Column, loop: Number = 1) -> float:
    """Says "so" – at most 5 × a day."""
    return 0.0


DEMO = cell_function(seg_demo, "Count", "=SEG_DEMO(A:A)")


def test_a_wrapper_hands_every_argument_on_under_a_name_vba_allows():
    assert wrappers.functions_module([DEMO]).split("\n\n")[1] == (
        "Public Function SEG_DEMO(date_ As Variant, Optional loop_ As Variant) As Variant\n"
        'Attribute SEG_DEMO.VB_Description = "Says ""so"" - at most 5 x a day."\n'
        'Attribute SEG_DEMO.VB_ProcData.VB_Invoke_Func = " \\n14"\n'
        '    SEG_DEMO = MapsegCells.CallFunction("seg_demo", Array(date_, loop_))\n'
        "End Function\n"
    )


def test_help_that_vba_cannot_hold_is_refused_with_the_functions_name():
    def seg_other(segment: Column) -> float:
        """Größe."""
        return 0.0

    with pytest.raises(ValueError, match="SEG_OTHER"):
        wrappers.description(cell_function(seg_other, "Count", "=SEG_OTHER(A:A)"))
