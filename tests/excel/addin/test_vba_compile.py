"""The add-in's VBA compiles: in LibreOffice, for Windows and for a Mac; and a second reader knows every name in it.

LibreOffice finds broken statements and lets unknown names pass; pyvbaanalysis knows names, arguments and Excel's own.
"""

from __future__ import annotations

import re

import pytest

from mapseg_xl.excel.addin.build import template_bytes, template_modules
from tests.excel.addin.vba_office import compiles, without_attributes
from tests.excel.addin.vba_text import (
    MACOS,
    SYSTEMS,
    WINDOWS_32,
    WINDOWS_64,
    as_files,
    modules,
    procedures,
    resolved,
)

OF_LIBREOFFICE = re.compile(r"Rem Attribute |Option (VBASupport|ClassModule)")
BROKEN = {
    "a condition without an operator": "Sub X()\n    If a b Then\n    End If\nEnd Sub\n",
    "a loop that never ends": "Sub X()\n    For i = 1 To 2\nEnd Sub\n",
    "a Sub that ends as a Function": "Sub X()\nEnd Function\n",
    "a block that ends in another": "Sub X()\n    With y\n    Next\nEnd Sub\n",
    "a text left open": 'Sub X()\n    y = "text\n    z = (1\nEnd Sub\n',
}


@pytest.mark.office
@pytest.mark.parametrize("system", SYSTEMS)
def test_every_module_compiles(office, system):
    texts = {name: resolved(text, SYSTEMS[system]) for name, text in modules().items()}
    office.documents += len(texts)
    assert [name for name, text in texts.items() if not compiles(office, text)] == []


@pytest.mark.office
@pytest.mark.parametrize("fault", BROKEN)
def test_a_module_with_a_fault_does_not_compile(office, fault):
    office.documents += 1
    whole = resolved(modules()["MapsegCells"], WINDOWS_64)
    assert not compiles(office, whole + BROKEN[fault])


@pytest.mark.office
def test_a_fault_in_the_other_systems_branch_is_found_there_only(office):
    office.documents += 2
    text = modules()["MapsegActions"].replace('StopPath = Environ("HOME")', "StopPath = = (")
    assert compiles(office, resolved(text, WINDOWS_64))
    assert not compiles(office, resolved(text, MACOS))


@pytest.mark.office
def test_libreoffice_reads_the_same_modules_out_of_the_built_template(office, tmp_path):
    """A reader of vbaProject.bin that knows nothing of ours."""
    from tests.calc.bridge import properties

    path = tmp_path / "template.xlsm"
    path.write_bytes(template_bytes())
    hidden = properties(Hidden=True, MacroExecutionMode=0)
    office.documents += 1
    book = office.desktop().loadComponentFromURL(path.as_uri(), "_blank", 0, hidden)
    library = book.BasicLibraries.getByName("MapsegXl")
    read = {name: library.getByName(name) for name in library.ElementNames}
    book.close(True)
    written = {module.name: module.code for module in template_modules(())}
    for name in modules():
        if name != "MapsegWrappers":  # the template has formulas of its own in place of some
            assert lines_of(written[name]) == lines_of(read[name]), name


def lines_of(text):
    """The lines of code, without what LibreOffice adds above them."""
    plain = without_attributes(text)
    return [line for line in plain.splitlines() if line and not OF_LIBREOFFICE.match(line)]


# ---- Names ----

UNKNOWN_TO_THE_READER = "'AppleScriptTask'"  # Excel for Mac only
TOLD = ("error", "warning")


def complaints(folder, system):
    """What the second reader says against our modules as a system compiles them."""
    analysis = pytest.importorskip("pyvbaanalysis")
    found = analysis.analyze_loose_files(as_files(folder, system))
    return [
        f"{module}: {problem.code}: {problem.message}"
        for module, problems in found.items()
        for problem in problems
        if problem.severity.value in TOLD and UNKNOWN_TO_THE_READER not in problem.message
    ]


@pytest.mark.parametrize("system", ["64-bit Windows", "macOS"])
def test_every_name_is_declared_and_every_call_fits(tmp_path, system):
    found = complaints(tmp_path, SYSTEMS[system])
    if SYSTEMS[system] is MACOS:
        # functions that have nothing to say on a Mac are empty there on purpose
        found = [problem for problem in found if "missing-return-assignment" not in problem]
    assert found == []


UNKNOWN = {
    "a variable nobody declared": ("    oops = 3", "undeclared-variable"),
    "a procedure that is not there": ("    RunActoin 3", "unknown-call"),
    "a call without its arguments": ("    ShowProgress", "argument-count"),
    "a bracket left open": ("    ShowProgress Len(Mid(1, 2", "unbalanced-parens"),
    "a member Excel has not": ("    Application.StatusBarr = 3", "Application has no member"),
}


def test_a_name_that_does_not_exist_is_found(tmp_path):
    """All in one reading, for one takes seconds."""
    analysis = pytest.importorskip("pyvbaanalysis")
    files = [path for path in as_files(tmp_path, WINDOWS_64) if path.stem != "MapsegWrappers"]
    actions = next(path for path in files if path.stem == "MapsegActions")
    subs = [
        f"\nPublic Sub Tried{i}()\n{line}\nEnd Sub\n"
        for i, (line, _) in enumerate(UNKNOWN.values())
    ]
    actions.write_text(actions.read_text() + "".join(subs))
    found = [f"{p.code}: {p.message}" for p in analysis.analyze_loose_files(files)["MapsegActions"]]
    missed = [fault for fault, (_, said) in UNKNOWN.items() if not any(said in f for f in found)]
    assert missed == [], found


# ---- Branches ----


def test_a_branch_left_open_is_refused():
    for text in ("#If Mac Then\n", "#End If\n", "#Else\n", "#If Mac Then\n#Else\n"):
        with pytest.raises(ValueError, match="#"):
            resolved(text, MACOS)


def test_each_system_gets_its_own_branch():
    text = "#If Mac Then\na\n#ElseIf Win64 Then\nb\n#Else\nc\n#End If\n"
    got = [resolved(text, system).split() for system in (MACOS, WINDOWS_64, WINDOWS_32)]
    assert got == [["a"], ["b"], ["c"]]


def test_no_branch_of_windows_reaches_a_mac():
    """A Declare of a library that does not exist there, or a call of it, would stop every button."""
    for name, text in modules().items():
        left = resolved(text, MACOS).lower()
        words = ("declare ", "strptr", "application.hwnd", ".onundo", "activeprotectedview")
        assert [word for word in words if word in left] == [], name


def test_every_declare_is_safe_on_64_bits():
    for name, text in modules().items():
        for line in resolved(text, WINDOWS_64).splitlines():
            if " Declare " in line:
                assert "Declare PtrSafe " in line, f"{name}: {line}"


# ---- Events ----

# As Microsoft documents them: a handler under another name would never be called, and nobody would be told.
EVENTS = {
    "MapsegEvents": {
        "excelItself_SheetChange": ("ByVal sheet As Object", "ByVal target As Range"),
        "excelItself_AfterCalculate": (),
        "excelItself_WorkbookOpen": ("ByVal book As Workbook",),
        "Class_Initialize": (),
    },
    "ThisWorkbook": {"Workbook_Open": (), "Workbook_BeforeClose": ("Cancel As Boolean",)},
}


@pytest.mark.parametrize("module", EVENTS)
def test_events_are_heard_under_the_names_excel_gives_them(module):
    found = {p.name: p.parameters for p in procedures(modules()[module])}
    assert found == EVENTS[module]


def test_every_change_and_every_calculation_begins_a_new_generation():
    text = modules()["MapsegEvents"]
    for name in ("SheetChange", "AfterCalculate", "WorkbookOpen"):
        body = text.partition(f"excelItself_{name}(")[2].partition("End Sub")[0]
        assert "NextGeneration" in body, name
    assert "StartWatching" in modules()["ThisWorkbook"]
