"""Saves a file whole or not at all: written beside, flushed to disk, read again, then renamed over the old one."""

from __future__ import annotations

import os
import shutil
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from mapseg_xl.errors import RefusedOutput

_TEMP = ".mapseg-tmp"
_ABANDONED_S = 3600.0  # a temp file this old belongs to a run that was killed


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells whether a file was changed meanwhile."""

    modified_ns: int
    size: int


def stamp_of(path: Path) -> Stamp | None:
    """The file's stamp; None where there is no file."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return Stamp(found.st_mtime_ns, found.st_size)


def refuse_open(path: Path) -> None:
    """Raises RefusedOutput while Excel or LibreOffice has the file open: what they save would be lost."""
    locks = (path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#"))
    if any(lock.exists() for lock in locks):
        raise RefusedOutput(
            f"{path.name} is open in Excel or another program. Close it there and run again; nothing was changed."
        )


def save(path: Path, write: Callable[[Path], None], before: Stamp | None) -> None:
    """Has `write` fill a temp file in the same folder and puts it in place of `path` in one step.

    Whatever goes wrong, `path` is then the old file or the new one, never half of one. Raises RefusedOutput where
    the file is open elsewhere, is no longer the one whose stamp was taken `before`, or the folder cannot be written.
    """
    path = path.resolve()  # a link stays a link: what it points at is replaced
    refuse_open(path)
    _clean(path.parent)
    temp = path.with_name(f".{path.stem[:60]}.{os.getpid()}{_TEMP}")
    try:
        _reserve(temp, path)
        write(temp)
        _flush(temp)
        _check(temp, path)
        _replace(temp, path, before)
    finally:
        with suppress(OSError):  # already renamed, or the folder is not ours to write
            temp.unlink(missing_ok=True)
    _flush_folder(path.parent)


def save_bytes(path: Path, content: bytes, before: Stamp | None) -> None:
    """Puts content in place of `path`, whole or not at all; see `save`."""

    def write(temp: Path) -> None:
        temp.write_bytes(content)

    save(path, write, before)


def _reserve(temp: Path, path: Path) -> None:
    """Finds out before the work of writing whether the folder takes a file."""
    try:
        temp.touch()
    except OSError as error:
        raise RefusedOutput(
            f"{path.name} cannot be written to {path.parent}: {error.strerror}. Name another place with --out."
        ) from error


def _replace(temp: Path, path: Path, before: Stamp | None) -> None:
    refuse_open(path)
    if stamp_of(path) != before:
        raise RefusedOutput(
            f"{path.name} was changed by somebody else during the run. Run again; nothing was changed."
        )
    if before is not None:
        shutil.copymode(path, temp)
    try:
        temp.replace(path)
    except (
        PermissionError
    ) as error:  # Windows: a program holds the file without leaving a lock beside it
        raise RefusedOutput(
            f"{path.name} is in use by another program. Close it there and run again; nothing was changed."
        ) from error


def _check(temp: Path, path: Path) -> None:
    """Reads a workbook back: a disk that is full or broken shows before the old file is gone."""
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        return
    with zipfile.ZipFile(temp) as book:
        damaged = book.testzip()
    if damaged is not None:
        raise RefusedOutput(f"{path.name} was not written whole ({damaged}); nothing was changed.")


def _flush(path: Path) -> None:
    with path.open("rb+") as held:
        os.fsync(held.fileno())


def _flush_folder(folder: Path) -> None:
    """Makes the rename last through a power cut, where the system can do that."""
    with suppress(OSError):  # Windows and some network drives cannot; the file itself is on disk
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _clean(folder: Path) -> None:
    """Removes what killed runs left behind; a run still going on keeps its own."""
    limit = time.time() - _ABANDONED_S
    for left in folder.glob(f".*{_TEMP}"):
        with suppress(OSError):  # gone meanwhile, or somebody else's
            if left.stat().st_mtime < limit:
                left.unlink()
