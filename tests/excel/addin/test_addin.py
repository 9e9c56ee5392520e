"""The add-in and the template as the build gives them, and each check on a copy broken on purpose."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from mapseg_xl.excel.addin import build
from mapseg_xl.excel.addin.package import MainType, sheet_code_names
from mapseg_xl.excel.addin.vba_project import Kind, Module, vba_project
from mapseg_xl.excel.buttons import GROUPS
from mapseg_xl.excel.catalog import FUNCTIONS
from mapseg_xl.excel.cell_function import CellFunction
from mapseg_xl.excel.template.content import template_plan
from mapseg_xl.report.verbs import NamedFunction
from tests.excel.addin.addin_checking import PROJECT, RIBBON, TYPES, Built, problems
from tests.tools import office, validator, vba

ADDIN, TEMPLATE = build.ADDIN, build.TEMPLATE
FILES = {
    ADDIN: (build.addin_bytes, MainType.ADDIN),
    TEMPLATE: (build.template_bytes, MainType.MACRO_WORKBOOK),
}


@cache
def built(name: str) -> Built:
    make, main_type = FILES[name]
    content = make()
    sources = {module.name: module.source for module in modules_of(name, content)}
    return Built(content, main_type, sources, functions_of(name), version("xlwings"))


def functions_of(name: str) -> tuple[CellFunction, ...]:
    return FUNCTIONS if name == ADDIN else build.without_carried(FUNCTIONS, template_plan())


def modules_of(name: str, content: bytes) -> list[Module]:
    sheets = [Module(code_name, Kind.SHEET) for code_name in sheet_code_names(content)]
    make = build.vba_modules if name == ADDIN else build.template_modules
    return [*make(functions_of(name)), *sheets]


def zipped(parts: dict[str, bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_wrong_with_what_the_build_gives(name):
    assert problems(built(name)) == []


@pytest.mark.parametrize("name", FILES)
def test_another_build_gives_the_same_bytes(name):
    make, _ = FILES[name]
    assert make() == built(name).content


def test_the_template_beside_the_readme_is_what_the_build_gives():
    """Else: `make template`. The parts that differ are named."""
    committed = (Path(__file__).parents[3] / TEMPLATE).read_bytes()
    parts = replace(built(TEMPLATE), content=committed).parts
    now = built(TEMPLATE).parts
    assert [name for name in {**parts, **now} if parts.get(name) != now.get(name)] == []
    assert committed == built(TEMPLATE).content


@pytest.mark.validator
@pytest.mark.parametrize("name", FILES)
def test_the_validator_finds_nothing(name, tmp_path):
    validator.need_validator()
    path = tmp_path / name
    path.write_bytes(built(name).content)
    assert validator.complaints(path) == []


@pytest.mark.parametrize("name", FILES)
def test_a_second_reader_of_vba_agrees(name, tmp_path):
    pyopenvba = pytest.importorskip("pyopenvba")
    path = tmp_path / name
    path.write_bytes(built(name).content)
    with pyopenvba.ExcelFile(path) as file:
        assert set(file.module_names()) == set(built(name).sources)
        assert [library.name for library in file.references()] == ["stdole", "Office"]
        for module, source in built(name).sources.items():
            assert file.get_module(module).replace("\r\n", "\n") == source.replace("\r\n", "\n")
    assert pyopenvba.check_file(path).issues == ()


@pytest.mark.office
def test_a_spreadsheet_program_finds_every_module_in_the_template(tmp_path):
    """A third reader, which also needs content type, relation and code names to get there."""
    office.need_office()
    path = tmp_path / TEMPLATE
    path.write_bytes(built(TEMPLATE).content)
    with zipfile.ZipFile(office.convert(path, tmp_path, "ods", recalculate=False)) as file:
        library = ET.fromstring(file.read(f"Basic/{build.PROJECT}/script-lb.xml"))
    found = {element.get("{http://openoffice.org/2000/library}name") for element in library}
    assert found == set(built(TEMPLATE).sources)


def test_the_ribbon_has_the_groups_and_buttons_of_the_table():
    tab = ET.fromstring(build.ribbon()).find(".//{*}tab")
    assert tab.get("label") == "MAP Segmentation"
    shown = [
        (group.get("label"), [tuple(map(b.get, ("label", "screentip", "onAction"))) for b in group])
        for group in tab
    ]
    wanted = [(g.label, [(b.label, b.screentip, b.macro) for b in g.buttons]) for g in GROUPS]
    assert shown == wanted


def test_the_template_has_a_tab_of_its_own_that_hides_beside_the_add_in():
    addin, template = (ET.fromstring(text).find(".//{*}tab")
                       for text in (build.ribbon(), build.template_ribbon()))  # fmt: skip
    assert addin.get("getVisible") is None
    assert template.get("getVisible") == "MapsegBookTemplateVisible"
    assert template.get("id") != addin.get("id")


def test_the_template_and_the_add_in_share_no_callback():
    """Excel looks them up by name in all open workbooks: one of the other's may be of another version."""

    def called(text: str) -> set[str]:
        return set(re.findall(r'\b(?:on|get)\w+="(\w+)"', text))

    in_addin, in_template = called(build.ribbon()), called(build.template_ribbon())
    assert len(in_addin) == len(in_template) - 1  # its tab's visibility
    assert in_addin & in_template == set()
    names = [{p.name for p in built(file).procedures if p.public} for file in FILES]
    assert in_addin & names[1] == set() == in_template & names[0]


def test_a_function_that_the_workbook_carries_as_a_formula_gets_no_wrapper_there():
    plan = replace(template_plan(), functions=(NamedFunction("SEG_VOLUME", (), "LAMBDA(1)"),))
    kept = build.without_carried(FUNCTIONS, plan)
    assert {f.name for f in FUNCTIONS} - {f.name for f in kept} == {"SEG_VOLUME"}


def test_the_add_in_holds_one_sheet_and_the_template_no_add_in():
    assert sheet_code_names(built(ADDIN).content) == ["Sheet1"]
    assert b"addin.macroEnabled" not in built(TEMPLATE).parts[TYPES]


# ---- Each check finds its own fault ----


def in_part(part: str, old: str, new: str) -> Callable[[Built], Built]:
    """A copy with one part's text changed."""

    def change(it: Built) -> Built:
        text = it.parts[part].decode()
        assert old in text
        return replace(it, content=zipped(it.parts | {part: text.replace(old, new, 1).encode()}))

    return change


def in_module(name: str, pattern: str, new: str) -> Callable[[Built], Built]:
    """A copy whose module has other text from the start: only checks of what the text says can find it."""

    def change(it: Built) -> Built:
        changed = [
            replace(m, code=re.sub(pattern, new, m.code, count=1)) if m.name == name else m
            for m in modules_of(TEMPLATE, it.content)
        ]
        sources = {module.name: module.source for module in changed}
        assert sources != it.sources
        parts = it.parts | {PROJECT: vba_project(build.PROJECT, changed)}
        return replace(it, content=zipped(parts), sources=sources)

    return change


def in_project(change: Callable[[bytes], bytes]) -> Callable[[Built], Built]:
    return lambda it: replace(it, content=zipped(it.parts | {PROJECT: change(it.parts[PROJECT])}))


def without(part: str) -> Callable[[Built], Built]:
    return lambda it: replace(
        it, content=zipped({name: content for name, content in it.parts.items() if name != part})
    )


def with_first_module(change: Callable[[Module], Module]) -> Callable[[Built], Built]:
    """A copy of the project with another module in place of MapsegBridge; what is wanted stays."""

    def changed(it: Built) -> Built:
        modules = [
            change(m) if m.name == "MapsegBridge" else m for m in modules_of(TEMPLATE, it.content)
        ]
        return replace(it, content=zipped(it.parts | {PROJECT: vba_project("Trial", modules)}))

    return changed


def with_function(name: str) -> Callable[[Built], Built]:
    return lambda it: replace(it, functions=[*it.functions, replace(FUNCTIONS[0], name=name)])


WRAPPERS, RIBBON_MODULE = "MapsegWrappers", "MapsegRibbon"
A_SUB = r"Public Sub MapsegBookCombine\(control As IRibbonControl\)"
BROKEN = {
    "a template that says it is an add-in": (
        in_part(TYPES, MainType.MACRO_WORKBOOK, MainType.ADDIN), "the workbook's content type is"),
    "no content type for the project": (
        in_part(TYPES, 'Extension="bin"', 'Extension="bon"'), "the content type of .bin"),
    "the ribbon under another kind of relation": (
        in_part("_rels/.rels", "relationships/ui/extensibility", "relationships/ui/other"), "does not lead to custom"),
    "a relation to nothing": (without(RIBBON), "which is not there"),
    "the project under another kind of relation": (
        in_part("xl/_rels/workbook.xml.rels", "relationships/vbaProject", "vba"), "does not lead to xl/vba"),
    "a sheet with another code name": (
        in_part("xl/worksheets/sheet1.xml", 'codeName="Sheet1"', 'codeName="Page1"'), "code name Page1"),
    "a workbook without a code name": (
        in_part("xl/workbook.xml", ' codeName="ThisWorkbook"', ""), "code name None"),
    "a project cut off": (in_project(lambda content: content[: len(content) // 2]), "cannot be read"),
    "a project with bytes changed": (
        in_project(lambda content: content[:-4000] + b"\xaa" * 1000 + content[-3000:]), ""),  # anything at all
    "a project of zeros": (in_project(lambda content: bytes(len(content))), "cannot be read"),
    "a module with other text": (
        with_first_module(lambda m: replace(m, code=m.code + "' more\n")), "MapsegBridge does not come back"),
    "a module under another name": (
        with_first_module(lambda m: replace(m, name="MapsegBrigde")), "dir names ['MapsegBridge', 'MapsegBrigde']"),
    "two controls of one id": (
        in_part(RIBBON, 'id="MapsegButtonCombine"', 'id="MapsegButtonAddFiles"'), "id MapsegButtonAddFiles twice"),
    "two buttons of one key": (in_part(RIBBON, 'keytip="C"', 'keytip="A"'), "keytip A"),
    "an image that may not exist": (
        in_part(RIBBON, 'imageMso="Undo"', 'imageMso="Undone"'), "image Undone"),
    "a button that does nothing": (
        in_part(RIBBON, 'onAction="MapsegBookCombine"', ""), "MapsegButtonCombine does nothing"),
    "a button of a macro that is not there": (
        in_module(RIBBON_MODULE, A_SUB, "Public Sub Combine(control As IRibbonControl)"),
        "calls MapsegBookCombine: there"),
    "a button of a private macro": (
        in_module(RIBBON_MODULE, A_SUB, "Private Sub MapsegBookCombine(control As IRibbonControl)"),
        "calls MapsegBookCombine"),
    "a macro without the button's argument": (
        in_module(RIBBON_MODULE, A_SUB, "Public Sub MapsegBookCombine()"), "Sub MapsegBookCombine() cannot be called"),
    "a macro in two modules": (
        in_module("MapsegBridge", r"\Z", "\nPublic Sub MapsegBookCombine()\nEnd Sub\n"),
        "mapsegbookcombine is the name of"),
    "a macro called like a module": (
        in_module("MapsegBridge", r"\Z", "\nPublic Sub MapsegRibbon()\nEnd Sub\n"), "MapsegRibbon is both"),
    "a function without a wrapper": (
        in_module(WRAPPERS, r"Public Function SEG_COHORT\(", "Public Function SEG_C("), "SEG_COHORT has no wrapper"),
    "a wrapper that lacks an argument": (
        in_module(WRAPPERS, r"SEG_COHORT\(started As Variant, ", "SEG_COHORT("), "SEG_COHORT takes (('ended'"),
    "a wrapper that drops an argument": (
        in_module(WRAPPERS, r'"seg_cohort", Array\(started, ', '"seg_cohort", Array('), "SEG_COHORT does not hand all"),
    "a wrapper that calls another function": (
        in_module(WRAPPERS, '"seg_cohort"', '"seg_pivot"'), "SEG_COHORT does not hand all"),
    "a button that asks for another action": (
        in_module("MapsegActions", '"combine", "Combine"', '"combined", "Combine"'), "VBA asks for combined"),
    "a button whose work is told under another name": (
        in_module("MapsegActions", '"rank", "Rank"', '"rank", "Ranking"'), "never asks for rank as 'Rank'"),
    "a function that Python does not have": (with_function("SEG_NOWHERE"), "SEG_NOWHERE has no Python function"),
    "a function that Python does not serve to Excel": (with_function("SEG_NOWHERE"), "udfs.seg_nowhere takes None"),
    "functions of another Python module": (
        in_module("MapsegCells", r'"mapseg_xl\.excel\.udfs"', '"mapseg_xl.udfs"'), "FUNCTIONS_MODULE is mapseg_xl.u"),
    "an #If left open": (in_module("MapsegBridge", r"(?m)^#End If$", ""), "MapsegBridge: has an #If"),
    "an #End If too many": (in_module("MapsegBridge", r"\Z", "\n#End If\n"), "MapsegBridge: has an #If"),
    "a Sub left open": (in_module(RIBBON_MODULE, "End Sub", ""), "MapsegRibbon: has a Sub without"),
    "a line longer than VBA reads": (
        in_module("MapsegBridge", r"\Z", "\n' " + "x" * 1030 + "\n"), "more than 1023"),
    "a statement over too many lines": (
        in_module("MapsegBridge", r"\Z", "\nConst X = 1" + " _\n + 1" * 26 + "\n"), "more than 24"),
    "the library of another xlwings": (
        in_module("MapsegBridge", r"xlwings64-[\d.]+\.dll", "xlwings64-0.1.2.dll"), "0.1.2"),
    "settings of another xlwings": (
        in_module("MapsegSettings", r'XLWINGS_BUILT_FOR As String = "[\d.]+"', 'XLWINGS_BUILT_FOR As String = "0.1.2"'),
        "0.1.2"),
    "a version not filled in": (
        in_module("MapsegSettings", r'XLWINGS_BUILT_FOR As String = "[\d.]+"',
                  'XLWINGS_BUILT_FOR As String = "{{XLWINGS_VERSION}}"'), "not filled in"),
}  # fmt: skip


@pytest.mark.parametrize("fault", BROKEN)
def test_what_is_broken_on_purpose_is_found(fault):
    change, said = BROKEN[fault]
    found = problems(change(built(TEMPLATE)))
    assert any(said in problem for problem in found), found


@pytest.mark.validator
def test_the_validator_finds_a_ribbon_that_breaks_the_rules(tmp_path):
    validator.need_validator()
    path = tmp_path / TEMPLATE
    broken = in_part(RIBBON, 'size="large"', 'size="huge"')(built(TEMPLATE))
    path.write_bytes(broken.content)
    assert any("huge" in complaint for complaint in validator.complaints(path))


def test_olevba_names_each_module_once():
    assert sorted(vba.modules(built(ADDIN).parts[PROJECT])) == sorted(built(ADDIN).sources)
