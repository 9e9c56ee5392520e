"""Two readers of VBA projects for tests, neither of them ours: oletools (olevba) and pyOpenVBA."""

from __future__ import annotations

import warnings
from io import BytesIO

import olefile

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it imports names that pyparsing has since renamed
    from oletools.olevba import VBA_Parser, decompress_stream


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
    """The project's streams as they lie in the file, by path; raises ValueError on a damaged file."""
    with olefile.OleFileIO(BytesIO(project), raise_defects=olefile.DEFECT_INCORRECT) as file:
        return {"/".join(path): file.openstream(path).read() for path in file.listdir()}
