"""Writes a VBA project (`vbaProject.bin`) from text: MS-OVBA, the form Excel reads when it has no compiled code.

The same modules give the same bytes: project id and seeds are fixed. Not a reader.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from mapseg_xl.excel.addin.compound_file import compound_file
from mapseg_xl.excel.addin.vba_compression import compressed

_PROJECT_ID = "{6D0A1B5C-2B8E-4E53-9C0B-7D5A3F1E8C42}"  # ours, always the same
_SEED = 0x5A  # of the three settings below: any will do, a drawn one would change the bytes
_CODE_PAGE = 1252
_NO_COMPILED_CODE = bytes.fromhex("cc61ffff000100")  # Excel compiles the text anew
_LIBRARIES = {
    "stdole": r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0"
    r"#C:\Windows\System32\stdole2.tlb#OLE Automation",
    # home of IRibbonControl
    "Office": r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0"
    r"#C:\Program Files\Common Files\Microsoft Shared\OFFICE16\MSO.DLL"
    r"#Microsoft Office 16.0 Object Library",
}


class Kind(StrEnum):
    """What a module is; a value is the class it is made from."""

    STANDARD = ""
    CLASS = "0{FCFB3D2A-A0FA-1068-A738-08002B3371B5}"
    WORKBOOK = "0{00020819-0000-0000-C000-000000000046}"
    SHEET = "0{00020820-0000-0000-C000-000000000046}"

    @property
    def is_document(self) -> bool:
        """Whether it belongs to the workbook or one of its sheets, under their code names."""
        return self in (Kind.WORKBOOK, Kind.SHEET)


@dataclass(frozen=True, slots=True)
class Module:
    """A module. `code`: its text without what an exported file says above (name, attributes of a class)."""

    name: str
    kind: Kind
    code: str = ""

    @property
    def source(self) -> str:
        """The text as a project holds it: attributes first, lines ended as Windows does."""
        lines = [f'Attribute VB_Name = "{self.name}"', *_attributes(self.kind)]
        text = "\n".join(lines) + "\n" + self.code
        return text.replace("\r\n", "\n").replace("\n", "\r\n")


def module_of_file(name: str, text: str) -> Module:
    r"""The module of an exported file, `MapsegBridge.bas` or `MapsegEvents.cls`.

    >>> module_of_file("Calm.bas", 'Attribute VB_Name = "Calm"\nOption Explicit\n').code
    'Option Explicit\n'
    """
    stem, _, ending = name.rpartition(".")
    if not text.isascii():
        at, sign = next((at, sign) for at, sign in enumerate(text) if not sign.isascii())
        line = text.count("\n", 0, at) + 1
        raise ValueError(f"{name} line {line} has {sign!r}: VBA text must be ASCII")
    lines = text.replace("\r\n", "\n").split("\n")
    if ending == "cls" and lines[0].startswith("VERSION"):
        del lines[: lines.index("END") + 1]
    while re.match(r"Attribute VB_\w+ = ", lines[0]):
        del lines[0]
    kinds = {"bas": Kind.STANDARD, "cls": Kind.WORKBOOK if stem == "ThisWorkbook" else Kind.CLASS}
    return Module(stem, kinds[ending], "\n".join(lines))


def vba_project(name: str, modules: Sequence[Module]) -> bytes:
    """The bytes of `vbaProject.bin`."""
    streams = {
        "VBA/_VBA_PROJECT": _NO_COMPILED_CODE,
        "VBA/dir": compressed(_directory(name, modules)),
        "PROJECT": _settings(name, modules).encode("ascii"),
        "PROJECTwm": b"".join(_both(module.name) for module in modules) + b"\0\0",
    }
    for module in modules:
        streams[f"VBA/{module.name}"] = compressed(module.source.encode("ascii"))
    return compound_file(streams)


def _attributes(kind: Kind) -> list[str]:
    """What stands above the code of a class or document module."""
    if kind is Kind.STANDARD:
        return []
    document = kind.is_document
    said = {"GlobalNameSpace": False, "Creatable": False, "PredeclaredId": document}
    said |= {"Exposed": document, "TemplateDerived": False, "Customizable": document}
    base = f'Attribute VB_Base = "{kind.value}"'
    return [base, *(f"Attribute VB_{name} = {value}" for name, value in said.items())]


def _both(name: str) -> bytes:
    """A name in the code page and in Unicode, each closed by a zero."""
    return name.encode("ascii") + b"\0" + name.encode("utf-16-le") + b"\0\0"


def _settings(name: str, modules: Sequence[Module]) -> str:
    """The PROJECT stream: which modules there are, unlocked and without a password."""
    key = sum(_PROJECT_ID.encode("ascii")) & 0xFF
    settings = {
        "CMG": bytes(4),
        "DPB": bytes(1),
        "GC": b"\xff",
    }  # no protection, no password, shown
    lines = [
        f'ID="{_PROJECT_ID}"',
        *(_listed(module) for module in modules),
        f'Name="{name}"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        *(f'{head}="{_scrambled(value, key)}"' for head, value in settings.items()),
        "",
        "[Host Extender Info]",
        "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000",
        "",
        "[Workspace]",
        *(f"{module.name}=0, 0, 0, 0, C" for module in modules),
    ]
    return "\r\n".join(lines) + "\r\n"


def _listed(module: Module) -> str:
    if module.kind.is_document:
        return f"Document={module.name}/&H00000000"
    return f"{'Module' if module.kind is Kind.STANDARD else 'Class'}={module.name}"


def _scrambled(value: bytes, key: int) -> str:
    """A setting as the format hides it: MS-OVBA 2.4.3.2."""
    version = 2
    written = [_SEED, _SEED ^ version, _SEED ^ key]
    before = key
    filler = b"\x07" * ((_SEED & 6) // 2)
    for plain in filler + struct.pack("<I", len(value)) + value:
        written.append(plain ^ ((written[-2] + before) & 0xFF))
        before = plain
    return bytes(written).hex().upper()


def _directory(name: str, modules: Sequence[Module]) -> bytes:
    """The `dir` stream: the project, the libraries it refers to, its modules."""
    parts = [
        _record(0x01, struct.pack("<I", 1)),  # 32 bits: what every Excel reads
        _record(0x02, struct.pack("<I", 0x409)),
        _record(0x14, struct.pack("<I", 0x409)),
        _record(0x03, struct.pack("<H", _CODE_PAGE)),
        _record(0x04, name.encode("ascii")),
        *(_record(head, b"") for head in (0x05, 0x40, 0x06, 0x3D)),  # no description, no help file
        _record(0x07, bytes(4)),
        _record(0x08, bytes(4)),
        struct.pack("<HIIH", 0x09, 4, 1, 0),  # version
        *(_record(head, b"") for head in (0x0C, 0x3C)),  # no constants
        *(_reference(*library) for library in _LIBRARIES.items()),
        _record(0x0F, struct.pack("<H", len(modules))),
        _record(0x13, b"\xff\xff"),
        *(_module_record(module) for module in modules),
        _record(0x10, b""),
    ]
    return b"".join(parts)


def _record(head: int, content: bytes) -> bytes:
    return struct.pack("<HI", head, len(content)) + content


def _named(head: int, unicode_head: int, name: str) -> bytes:
    return _record(head, name.encode("ascii")) + _record(unicode_head, name.encode("utf-16-le"))


def _reference(name: str, library: str) -> bytes:
    libid = library.encode("ascii")
    body = struct.pack("<I", len(libid)) + libid + bytes(6)
    return _named(0x16, 0x3E, name) + _record(0x0D, body)


def _module_record(module: Module) -> bytes:
    parts = [
        _named(0x19, 0x47, module.name),
        _named(0x1A, 0x32, module.name),
        *(_record(head, b"") for head in (0x1C, 0x48)),  # no description
        _record(0x31, bytes(4)),  # the text starts at once: nothing compiled before it
        _record(0x1E, bytes(4)),
        _record(0x2C, b"\xff\xff"),
        _record(0x21 if module.kind is Kind.STANDARD else 0x22, b""),
        _record(0x2B, b""),
    ]
    return b"".join(parts)
