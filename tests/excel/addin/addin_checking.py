"""What can be wrong with an add-in or template that no spreadsheet program has to open: one sentence each.

Used on what the build gives, and on copies broken on purpose: every check is shown to find its own fault.
"""

from __future__ import annotations

import inspect
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from xml.etree import ElementTree as ET

from mapseg_xl.excel import functions, ribbon, udfs
from mapseg_xl.excel.buttons import BUTTONS
from mapseg_xl.excel.cell_function import CellFunction
from tests.tools import vba

RIBBON, PROJECT, TYPES = "customUI/customUI14.xml", "xl/vbaProject.bin", "[Content_Types].xml"
RIBBON_RELATION = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
PROJECT_RELATION = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
# The callbacks of a button, and of the ribbon and its tab: types of their parameters.
CALLBACKS = {
    "onAction": ("IRibbonControl",),
    "getVisible": ("IRibbonControl", "Variant"),
    "onLoad": ("IRibbonUI",),
}
# Looked through one by one: commands of Excel itself, all in its ribbon since 2007 or 2010, so that each has an image
# in every Excel that loads us; MicrosoftPowerPoint and AddressBook are Office's own, in all its programs.
_IMAGES = """
    AddressBook ChartTypeBarInsertGallery ConditionalFormattingIconSetsGallery Consolidate DataValidation
    ErrorChecking FileCompatibilityChecker FileOpen FilePrintPreview FileSaveAs FunctionWizard
    GetExternalDataFromText MacroPlay MicrosoftPowerPoint ObjectsGroup PivotTableInsert RefreshAll ReviewNewComment
    ReviewShareWorkbook SheetProtect SmartArtInsert SortDescendingExcel Undo WhatIfAnalysisMenu
"""
KNOWN_IMAGES = frozenset(_IMAGES.split())
LONGEST_LINE, MOST_CONTINUED = 1023, 24


@dataclass(frozen=True)
class Built:
    """A file to check, and what it should be: its main content type, its modules, the functions, xlwings' version."""

    content: bytes
    main_type: str
    sources: Mapping[str, str]
    functions: Sequence[CellFunction]
    xlwings: str

    @cached_property
    def parts(self) -> dict[str, bytes]:
        with zipfile.ZipFile(BytesIO(self.content)) as file:
            return {name: file.read(name) for name in file.namelist()}

    @cached_property
    def found(self) -> dict[str, str]:
        """The modules' sources as olevba reads them."""
        return vba.modules(self.parts[PROJECT])

    @cached_property
    def procedures(self) -> list[vba.Procedure]:
        return vba.procedures(self.found)

    @cached_property
    def ribbon_xml(self) -> ET.Element:
        return ET.fromstring(self.parts[RIBBON])


def problems(built: Built) -> list[str]:
    """Everything that is wrong with it."""
    package = [*package_problems(built)]
    try:
        inside = [*project_problems(built), *text_problems(built)]
        shown = [*ribbon_problems(built), *action_problems(built)]
        return [*package, *inside, *shown, *wrapper_problems(built), *target_problems(built)]
    except (OSError, ValueError, KeyError, AssertionError, IndexError) as error:
        return [*package, f"the VBA project cannot be read: {type(error).__name__} {error}"]


def package_problems(built: Built) -> Iterator[str]:
    """Content types, relationships and the names of parts."""
    types = ET.fromstring(built.parts[TYPES])
    overrides = {e.get("PartName"): e.get("ContentType") for e in types if e.get("PartName")}
    defaults = {e.get("Extension"): e.get("ContentType") for e in types if e.get("Extension")}
    if overrides.get("/xl/workbook.xml") != built.main_type:
        yield f"the workbook's content type is {overrides.get('/xl/workbook.xml')}"
    if defaults.get("bin") != "application/vnd.ms-office.vbaProject":
        yield f"the content type of .bin is {defaults.get('bin')}"
    for part in built.parts:
        if (
            f"/{part}" not in overrides
            and part.rpartition(".")[2] not in defaults
            and part != TYPES
        ):
            yield f"{part} has no content type"
    yield from relation_problems(built, "_rels/.rels", RIBBON_RELATION, RIBBON)
    yield from relation_problems(built, "xl/_rels/workbook.xml.rels", PROJECT_RELATION, PROJECT)


def relation_problems(built: Built, part: str, kind: str, wanted: str) -> Iterator[str]:
    base = posixpath.dirname(posixpath.dirname(part))
    found = [
        (
            e.get("Type"),
            posixpath.normpath(posixpath.join(base, e.get("Target") or "")),
            e.get("Id"),
        )
        for e in ET.fromstring(built.parts[part])
    ]
    if [target for this, target, _ in found if this == kind] != [wanted]:
        yield f"{part} does not lead to {wanted}"
    yield from (f"{part} leads to {target}, which is not there"
                for _, target, _ in found if target not in built.parts)  # fmt: skip
    yield from (
        f"{part} has the id {name} twice" for name in twice(name or "" for *_, name in found)
    )


def project_problems(built: Built) -> Iterator[str]:
    """The project file: its names agree among themselves and with the workbook, each module is the text it was."""
    streams = vba.streams(built.parts[PROJECT])
    stored = {name.removeprefix("VBA/") for name in streams if name.startswith("VBA/")}
    named = {
        "the project's streams": stored - {"dir", "_VBA_PROJECT"},
        "PROJECT": set(vba.named_in_settings(streams["PROJECT"])),
        "PROJECTwm": set(vba.named_for_both(streams["PROJECTwm"])),
        "dir": set(vba.named_in_directory(vba.decompressed(streams["VBA/dir"]))),
    }
    for where, names in named.items():
        if names != set(built.sources):
            yield f"{where} names {sorted(names ^ set(built.sources))} otherwise than the others"
    for name, source in built.sources.items():
        stream = streams.get(f"VBA/{name}")
        if built.found.get(name) != source:
            yield f"module {name} does not come back as it was written"
        if stream is not None and vba.decompressed(stream).decode("ascii") != source:
            yield f"the stream of {name} does not hold its text alone"
        if f'Attribute VB_Name = "{name}"' not in built.found.get(name, ""):
            yield f"module {name} calls itself otherwise"
    yield from code_name_problems(built, streams["PROJECT"].decode())


def code_name_problems(built: Built, settings: str) -> Iterator[str]:
    documents = set(re.findall(r"(?m)^Document=(\w+)", settings))
    parts = [
        part for part in built.parts if re.fullmatch(r"xl/(workbook|worksheets/\w+)\.xml", part)
    ]
    names = [re.search(rb'codeName="(\w+)"', built.parts[part]) for part in parts]
    for part, name in zip(parts, names, strict=True):
        if name is None or name[1].decode() not in documents:
            yield f"{part} has the code name {name and name[1].decode()}, which is no document module"
    if len(documents) != len(parts):
        yield f"{len(documents)} document modules for {len(parts)} sheets and workbook"


def text_problems(built: Built) -> Iterator[str]:
    """The modules' text: what VBA would refuse before it runs a line, and the version it was built for."""
    for name, source in built.found.items():
        yield from (f"{name}: {problem}" for problem in source_problems(source))
    public = [found for found in built.procedures if found.public]
    standard = {name for name, source in built.found.items() if "Attribute VB_Base" not in source}
    places = {(found.name.lower(), found.module) for found in public if found.module in standard}
    shared = [name for name, _ in places]  # one module may declare it in each branch of an #If
    yield from (f"{name} is the name of two public procedures" for name in twice(shared))
    yield from (f"{name} is both a module and a macro: Excel finds neither"
                for name in built.found if name.lower() in shared)  # fmt: skip
    text = "\n".join(built.found.values())
    versions = set(re.findall(r"xlwings(?:32|64)-([^\"]*?)\.dll", text)) | set(
        re.findall(r'XLWINGS_BUILT_FOR As String = "([^"]*)"', text)
    )
    if versions != {built.xlwings}:
        yield f"built for xlwings {sorted(versions)}, installed is {built.xlwings}"


def source_problems(source: str) -> Iterator[str]:
    lines = source.split("\r\n")
    if not source.isascii() or "\n" in source.replace("\r\n", ""):
        yield "has letters or line ends that VBA does not hold"
    if "{{" in source:
        yield "has a version that was not filled in"
    if any(len(line) > LONGEST_LINE for line in lines):
        yield f"has a line of more than {LONGEST_LINE} letters"
    if re.search(rf"(?:[ \t]_\r\n.*){{{MOST_CONTINUED + 1}}}", source):
        yield f"has a statement of more than {MOST_CONTINUED} continued lines"
    if not branches_are_closed(lines):
        yield "has an #If that is not closed, or closed twice"
    plain = vba.whole_statements(source)
    for what in ("Sub", "Function"):
        opened = len(re.findall(rf"(?im)^[ \t]*(?:Public |Private |Friend )?{what} \w+", plain))
        if opened != len(re.findall(rf"(?im)^[ \t]*End {what}\b", plain)):
            yield f"has a {what} without its End {what}"


def branches_are_closed(lines: Sequence[str]) -> bool:
    depth = 0
    for line in lines:
        word = re.match(r"[ \t]*#(If|ElseIf|Else|End If)\b", line, re.IGNORECASE)
        kind = word[1].lower() if word else ""
        depth += {"if": 1, "end if": -1}.get(kind, 0)
        if depth < 0 or (kind.startswith("else") and depth == 0):
            return False
    return depth == 0


def ribbon_problems(built: Built) -> Iterator[str]:
    """The ribbon: ids, images, and for each callback a public Sub that takes what Excel hands it."""
    elements = [*built.ribbon_xml.iter()]
    ids = [e.get("id") or "" for e in elements if e.get("id")]
    yield from (f"the ribbon has the id {name} twice" for name in twice(ids))
    tips = [e.get("keytip") or "" for e in elements if e.tag.endswith("button")]
    yield from (f"two buttons have the keytip {tip}" for tip in twice(tips))
    for element in elements:
        kind, name = element.tag.rpartition("}")[2], element.get("id")
        if kind in ("tab", "group", "button") and not (name and element.get("label")):
            yield f"a {kind} has no id or no label: {element.attrib}"
        if kind == "button" and element.get("imageMso") not in KNOWN_IMAGES:
            yield f"{name} has the image {element.get('imageMso')}, which nobody looked through"
        if kind == "button" and not element.get("onAction"):
            yield f"{name} does nothing"
        for callback, types in CALLBACKS.items():
            if macro := element.get(callback):
                yield from callback_problems(built, callback, macro, types)


def callback_problems(
    built: Built, callback: str, macro: str, types: tuple[str, ...]
) -> Iterator[str]:
    subs = [
        found
        for found in built.procedures
        if found.public and found.what == "Sub" and found.name.lower() == macro.lower()
    ]
    if not subs:
        yield f"{callback} calls {macro}: there is no public Sub of that name"
        return
    declared = tuple(type_of(parameter) for parameter in subs[0].parameters)
    if [word.lower() for word in declared] != [word.lower() for word in types]:
        yield f"Sub {macro}({', '.join(subs[0].parameters)}) cannot be called by {callback}"


def action_problems(built: Built) -> Iterator[str]:
    """The buttons: which action each asks Python for, and under which label it tells that it runs."""
    text = vba.whole_statements("\n".join(built.found.values()))
    asked = re.findall(r'\bPress\w* "(\w+)", "([^"]*)"', text)
    wanted = {(button.id, button.label) for button in BUTTONS.values()}
    yield from (f"VBA asks for {action} as {label!r}" for action, label in {*asked} - wanted)
    yield from (f"VBA never asks for {action} as {label!r}" for action, label in wanted - {*asked})


def wrapper_problems(built: Built) -> Iterator[str]:
    """The cell functions: the same names, arguments and optional ones in VBA, in the call and in Python."""
    wrappers = {f.name: f for f in built.procedures if f.public and f.what == "Function"}
    text = vba.whole_statements("\n".join(built.found.values()))
    for function in built.functions:
        python = getattr(functions, function.python_name, None)
        if python is None:
            yield f"{function.name} has no Python function"
            continue
        parameters = inspect.signature(python).parameters.values()
        wanted = tuple((p.name, p.default is not p.empty) for p in parameters)
        wrapper = wrappers.get(function.name)
        if wrapper is None:
            yield f"{function.name} has no wrapper"
            continue
        taken = tuple((name_of(p), p.startswith("Optional ")) for p in wrapper.parameters)
        if taken != wanted:
            yield f"{function.name} takes {taken} in VBA, {wanted} in Python"
        call = re.search(rf'{function.name} = \w+\.CallFunction\("(\w+)", Array\((.*)\)\)', text)
        handed = [name.strip().rstrip("_") for name in call[2].split(",")] if call else None
        if (
            call is None
            or call[1] != function.python_name
            or handed != [name for name, _ in wanted]
        ):
            yield f"{function.name} does not hand all its arguments to {function.python_name}"


def target_problems(built: Built) -> Iterator[str]:
    """What VBA calls by name in Python: the two modules, and each cell function with the generation after its own."""
    text = "\n".join(built.found.values())
    named = dict(re.findall(r'Const (\w+_MODULE) As String = "([\w.]+)"', text))
    for constant, module in (("RIBBON_MODULE", ribbon), ("FUNCTIONS_MODULE", udfs)):
        if named.get(constant) != module.__name__:
            yield f"{constant} is {named.get(constant)}, not {module.__name__}"
    for entry, wanted in (
        ("press", ["action", "request"]),
        ("start", ["action", "request", "excel"]),
    ):
        taken = [*inspect.signature(getattr(ribbon, entry)).parameters][: len(wanted)]
        if taken != wanted:
            yield f"{ribbon.__name__}.{entry} takes {taken}, not {wanted}"
    for function in built.functions:
        target = getattr(udfs, function.python_name, None)
        taken = [*inspect.signature(target).parameters] if target else None
        if taken != [*(argument.name for argument in function.arguments), udfs.GENERATION]:
            yield f"{udfs.__name__}.{function.python_name} takes {taken}"


def name_of(parameter: str) -> str:
    found = re.match(r"(?:Optional )?(?:ByVal |ByRef )?(\w+?)_?(?: As \w+)?$", parameter)
    return found[1] if found else parameter


def type_of(parameter: str) -> str:
    found = re.search(r"\bAs (?:\w+\.)?(\w+)", parameter)
    return found[1] if found else "Variant"


def twice(names: Iterator[str] | Sequence[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]
