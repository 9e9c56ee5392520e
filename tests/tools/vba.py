"""Reads VBA projects for tests with what is not ours: oletools (olevba) and olefile."""

from __future__ import annotations

import re
import struct
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import olefile

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it imports names that pyparsing has since renamed
    from oletools.olevba import VBA_Parser, decompress_stream

_PROCEDURE = re.compile(
    r"(?im)^[ \t]*(?:(?P<scope>Public|Private|Friend)[ \t]+)?(?P<what>Sub|Function)[ \t]+(?P<name>\w+)"
    r"[ \t]*\((?P<parameters>(?:[^()]|\([^()]*\))*)\)"  # parameters may be arrays: names()
)


@dataclass(frozen=True, slots=True)
class Procedure:
    """A Sub or Function as its head declares it."""

    module: str
    what: str
    name: str
    parameters: tuple[str, ...]
    public: bool


def modules(project: bytes) -> dict[str, str]:
    """Each module's source as olevba finds it, by name."""
    parser = VBA_Parser("vbaProject.bin", data=project)
    try:
        found = {name: code for _, _, name, code in parser.extract_macros()}
    finally:
        parser.close()
    return {name.removesuffix(".bas").removesuffix(".cls"): code for name, code in found.items()}


def decompressed(container: bytes) -> bytes:
    """What a compressed container holds."""
    return bytes(decompress_stream(bytearray(container)))


def streams(project: bytes) -> dict[str, bytes]:
    """The project's streams as they lie in the file, by path; raises OSError on a damaged file."""
    with olefile.OleFileIO(BytesIO(project), raise_defects=olefile.DEFECT_INCORRECT) as file:
        return {"/".join(path): file.openstream(path).read() for path in file.listdir()}


def named_in_directory(directory: bytes) -> list[str]:
    """The modules that a decompressed `dir` stream lists."""
    return [body.decode("utf-16-le") for head, body in _records(directory) if head == 0x47]


def named_in_settings(settings: bytes) -> list[str]:
    """The modules that a PROJECT stream lists."""
    found = re.findall(r"(?m)^(?:Module|Class|Document)=(\w+)", settings.decode("ascii"))
    return [str(name) for name in found]


def named_for_both(names: bytes) -> list[str]:
    """The modules that a PROJECTwm stream lists, each in two alphabets; raises ValueError if they differ."""
    found = []
    at = 0
    while names[at : at + 2] != b"\0\0":
        plain = names[at : names.index(b"\0", at)]
        wide = plain.decode("ascii").encode("utf-16-le") + b"\0\0"
        at += len(plain) + 1
        if names[at : at + len(wide)] != wide:
            raise ValueError(f"PROJECTwm has two names for {plain!r}")
        at += len(wide)
        found.append(plain.decode("ascii"))
    return found


def procedures(sources: dict[str, str]) -> list[Procedure]:
    """Every Sub and Function, whichever branch of an #If it stands in."""
    return [found for module, source in sources.items() for found in _procedures(module, source)]


def whole_statements(source: str) -> str:
    """The source with statements on one line each, and without what an apostrophe begins."""
    joined = re.sub(r"[ \t]_\r?\n[ \t]*", " ", source)
    return re.sub(r"""(?m)^((?:[^"'\r\n]|"[^"\r\n]*")*)'.*$""", r"\1", joined)


def _procedures(module: str, source: str) -> Iterator[Procedure]:
    for match in _PROCEDURE.finditer(whole_statements(source)):
        plain = re.sub(r"\([^()]*\)|\"[^\"]*\"", "", match["parameters"])
        parameters = tuple(part.strip() for part in plain.split(",") if part.strip())
        public = (match["scope"] or "Public").lower() == "public"
        yield Procedure(module, match["what"].title(), match["name"], parameters, public)


def _records(directory: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(directory):
        head, size = struct.unpack_from("<HI", directory, at)
        size += 2 if head == 0x09 else 0  # the version says 4 and is 6 long
        yield head, directory[at + 6 : at + 6 + size]
        at += 6 + size
