"""Builds the add-in and the template from text: VBA and ribbon of `addin/`, wrappers of the functions, a plan."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from pathlib import Path

from mapseg_xl import __version__
from mapseg_xl.errors import RefusedOutput
from mapseg_xl.excel.addin.package import (
    BOOK_CODE_NAME,
    Macros,
    MainType,
    is_unchanged_build,
    package,
    sheet_code_names,
)
from mapseg_xl.excel.addin.vba_project import Kind, Module, module_of_file, vba_project
from mapseg_xl.excel.addin.wrappers import MODULE as FUNCTIONS_MODULE
from mapseg_xl.excel.addin.wrappers import functions_module
from mapseg_xl.excel.catalog import FUNCTIONS
from mapseg_xl.excel.cell_function import CellFunction
from mapseg_xl.report.verbs import Plan

ADDIN, TEMPLATE = "mapseg.xlam", "workbook_template.xlsm"
PROJECT = "MapsegXl"
_TAB = 'id="MapsegTab"'
_TEMPLATE_TAB = 'id="MapsegTemplateTab" getVisible="MapsegTemplateVisible"'
_CALLED, _CALLED_IN_BOOK = "Mapseg", "MapsegBook"  # how the names of the ribbon's callbacks begin
_CALLBACK_MODULE = "MapsegRibbon"


def build(out: Path) -> tuple[Path, Path]:
    """Write the add-in and the template into a folder; gives their paths.

    Replaces what an earlier build wrote, and nothing else: raises RefusedOutput if a file there has been worked in.
    """
    from mapseg_xl.hosts.save import save, stamp_of

    made = {out / ADDIN: addin_bytes(), out / TEMPLATE: template_bytes()}
    for path in made:
        _refuse_worked_in(path)
    _make_folder(out)
    for path, content in made.items():
        save(path, partial(_write, content), stamp_of(path))
    addin, template = made
    return addin, template


def _refuse_worked_in(path: Path) -> None:
    if path.exists() and not is_unchanged_build(path.read_bytes()):
        raise RefusedOutput(
            f"{path} has been saved by somebody since it was built. "
            "Move it, or name another folder with --out. Nothing was written."
        )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RefusedOutput(
            f"The folder {folder} cannot be made: {error.strerror}. Name another with --out."
        ) from error


def _write(content: bytes, path: Path) -> None:
    path.write_bytes(content)


def addin_bytes() -> bytes:
    """mapseg.xlam: ribbon, functions, and one sheet, which nobody sees."""
    from mapseg_xl.excel.addin.addin_sheet import addin_plan
    from mapseg_xl.hosts.file import to_bytes

    return _with_macros(to_bytes(addin_plan()), MainType.ADDIN, ribbon(), vba_modules())


def template_bytes() -> bytes:
    """workbook_template.xlsm: the guided workbook, working without the add-in too."""
    from mapseg_xl.excel.template.content import template_plan
    from mapseg_xl.hosts.file import to_bytes

    plan = template_plan()
    modules = template_modules(without_carried(FUNCTIONS, plan))
    return _with_macros(to_bytes(plan), MainType.MACRO_WORKBOOK, template_ribbon(), modules)


def without_carried(functions: Sequence[CellFunction], plan: Plan) -> tuple[CellFunction, ...]:
    """The functions but those that the workbook carries as formulas of its own: a name in it means one thing."""
    carried = {named.name for named in plan.functions}
    return tuple(function for function in functions if function.name not in carried)


def ribbon() -> str:
    """The add-in's ribbon."""
    return (sources() / "ribbon" / "customUI14.xml").read_text(encoding="utf-8")


def template_ribbon() -> str:
    """The same tab under an id of its own, hidden where the add-in shows one already."""
    text = ribbon()
    if text.count(_TAB) != 1:
        raise ValueError(f"customUI14.xml has {text.count(_TAB)} tabs with {_TAB}, not one")
    text = text.replace(_TAB, _TEMPLATE_TAB)
    return re.sub(rf'\b(on\w+|get\w+)="{_CALLED}', rf'\1="{_CALLED_IN_BOOK}', text)


def vba_modules(functions: Sequence[CellFunction] = FUNCTIONS) -> list[Module]:
    """The modules of the add-in: those of `addin/vba` and the cell functions. By name."""
    files = sorted((sources() / "vba").glob("*.[bc][al]s"))
    texts = {path.name: _filled_in(path.read_text(encoding="utf-8")) for path in files}
    texts[f"{FUNCTIONS_MODULE}.bas"] = functions_module(functions)
    modules = [module_of_file(name, text) for name, text in sorted(texts.items())]
    if all(module.name != BOOK_CODE_NAME for module in modules):
        modules.append(Module(BOOK_CODE_NAME, Kind.WORKBOOK))  # every workbook has one
    return modules


def template_modules(functions: Sequence[CellFunction]) -> list[Module]:
    """The template's: the same, under callbacks of its own.

    Excel looks a callback up by its name alone and takes that of whichever open workbook it finds first.
    """
    return [_with_own_callbacks(module) for module in vba_modules(functions)]


def _with_own_callbacks(module: Module) -> Module:
    if module.name != _CALLBACK_MODULE:
        return module
    callback = rf"Public Sub {_CALLED}(\w+\((?:control As IRibbonControl|ribbon As IRibbonUI)\b)"
    return replace(module, code=re.sub(callback, rf"Public Sub {_CALLED_IN_BOOK}\1", module.code))


def sources() -> Path:
    """The folder `addin`: in an installed package it lies inside, in a checkout beside."""
    package_folder = Path(__file__).parents[2]
    inside = package_folder / "addin"
    return inside if inside.is_dir() else package_folder.parent / "addin"


def _with_macros(
    xlsx: bytes, main_type: MainType, ribbon_text: str, modules: Sequence[Module]
) -> bytes:
    sheets = [Module(name, Kind.SHEET) for name in sheet_code_names(xlsx)]
    project = vba_project(PROJECT, sorted([*modules, *sheets], key=_listed))
    return package(xlsx, Macros(main_type, project, ribbon_text.encode("utf-8")))


def _listed(module: Module) -> tuple[int, str]:
    """As the editor lists them: the workbook, its sheets, then everything else by name."""
    documents = [Kind.WORKBOOK, Kind.SHEET]
    place = documents.index(module.kind) if module.kind in documents else len(documents)
    return place, "" if module.kind is Kind.SHEET else module.name


def _filled_in(text: str) -> str:
    """VBA text with the versions it is built for: `{{XLWINGS_VERSION}}`, `{{MAPSEG_VERSION}}`."""
    known = {"XLWINGS_VERSION": version("xlwings"), "MAPSEG_VERSION": __version__}
    return re.sub(r"\{\{(\w+)\}\}", lambda found: known[found[1]], text)
