"""The VBA project we write, as two independent readers read it."""

from __future__ import annotations

import random

import pytest

from mapseg_xl.excel.addin.compound_file import compound_file
from mapseg_xl.excel.addin.vba_compression import compressed
from mapseg_xl.excel.addin.vba_project import Kind, Module, module_of_file, vba_project
from tests.tools import vba

MODULES = (
    Module("ThisWorkbook", Kind.WORKBOOK, "Private Sub Workbook_Open()\nEnd Sub\n"),
    Module("Sheet1", Kind.SHEET),
    Module("Main", Kind.STANDARD, "Option Explicit\nPublic Sub Run()\nEnd Sub\n"),
    Module("Listener", Kind.CLASS, "Option Explicit\nPrivate WithEvents host As Application\n"),
)


@pytest.mark.parametrize("length", [0, 1, 2, 3, 73, 3000, 4096, 4097, 20_000])
@pytest.mark.parametrize("letters", ["ab", "If Then\r\nEnd", "abcdefghijklmnopqrstuvwxyz _()=\r\n"])
def test_what_is_compressed_comes_back_from_another_reader(length, letters):
    content = "".join(random.Random(length).choices(letters, k=length)).encode()
    assert vba.decompressed(compressed(content)) == content


def test_bytes_without_any_pattern_come_back_too():
    content = random.Random(1).randbytes(2 * 4096)
    assert vba.decompressed(compressed(content)) == content


def test_repeated_code_takes_a_fraction_of_its_room():
    code = b"    If missing Then Exit Function\r\n" * 500
    assert len(compressed(code)) < len(code) / 10


@pytest.mark.parametrize("length", [0, 1, 63, 64, 65, 4095, 4096, 4097, 70_000])
def test_streams_of_every_length_come_back_from_the_file(length):
    streams = {
        "first": b"1",
        "VBA/middle": random.Random(2).randbytes(length),
        "VBA/last": b"z" * 5000,
    }
    assert vba.streams(compound_file(streams)) == streams


def test_many_streams_are_found_whatever_their_names():
    streams = {f"VBA/Module{at}{'x' * (at % 7)}": str(at).encode() * 40 for at in range(90)}
    assert vba.streams(compound_file(streams)) == streams


def test_a_file_too_big_for_its_table_is_refused():
    with pytest.raises(ValueError, match="more than this writer can file"):
        compound_file({"large": bytes(8_000_000)})


def test_every_module_comes_back_byte_for_byte():
    got = vba.modules(vba_project("Trial", MODULES))
    assert got == {module.name: module.source for module in MODULES}


def test_the_same_modules_give_the_same_bytes():
    assert vba_project("Trial", MODULES) == vba_project("Trial", MODULES)


def test_the_settings_are_hidden_the_way_the_format_says():
    """No lock, no password, visible: decoded by the format's own steps, MS-OVBA 2.4.3.3."""
    lines = vba.streams(vba_project("Trial", MODULES))["PROJECT"].decode().splitlines()
    settings = dict(line.split("=", 1) for line in lines if "=" in line)
    key = sum(settings["ID"].strip('"').encode()) & 0xFF
    plain = {
        name: revealed(bytes.fromhex(settings[name].strip('"')), key)
        for name in ("CMG", "DPB", "GC")
    }
    assert plain == {"CMG": bytes(4), "DPB": bytes(1), "GC": b"\xff"}


def revealed(written: bytes, key: int) -> bytes:
    seed, version, scrambled_key = written[:3]
    assert (seed ^ version, seed ^ scrambled_key) == (2, key)
    before, plain = key, []
    for at in range(3, len(written)):
        before = written[at] ^ ((written[at - 2] + before) & 0xFF)
        plain.append(before)
    body = bytes(plain[(seed & 6) // 2 :])
    assert int.from_bytes(body[:4], "little") == len(body) - 4
    return body[4:]


def test_an_exported_class_loses_its_head_and_gets_what_a_class_in_a_project_has():
    exported = (
        "VERSION 1.0 CLASS\nBEGIN\n  MultiUse = -1  'True\nEND\n"
        'Attribute VB_Name = "Listener"\nAttribute VB_GlobalNameSpace = False\nOption Explicit\n'
    )
    module = module_of_file("Listener.cls", exported)
    assert (module.kind, module.code) == (Kind.CLASS, "Option Explicit\n")
    assert 'VB_Base = "0{FCFB3D2A' in module.source
    assert module_of_file("ThisWorkbook.cls", exported).kind is Kind.WORKBOOK


def test_attributes_of_a_function_stay_where_they_are():
    code = 'Function F()\nAttribute F.VB_Description = "Says F"\nEnd Function\n'
    module = module_of_file("F.bas", 'Attribute VB_Name = "F"\n' + code)
    assert module.code == code
    assert vba.modules(vba_project("Trial", [module]))["F"] == module.source


def test_a_letter_that_vba_cannot_hold_is_named_with_its_line():
    with pytest.raises(ValueError, match=r"Main\.bas line 2 has '–'"):
        module_of_file("Main.bas", "Option Explicit\n' 1 – 2\n")
