"""Saves a file whole or not at all: written beside, flushed to disk, read again, then renamed over the old one."""

from __future__ import annotations

import os
import shutil
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from mapseg_xl.errors import InputError, RefusedOutput
from mapseg_xl.hosts.leftovers import clear_leftovers, temp_beside

_PRIVATE, _USUAL = (
    0o600,
    0o666,
)  # rights while a known file is replaced; of a new one, less the umask
_ANY_WRITE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells whether a file was changed meanwhile; `digest` of all it held, where that was read."""

    modified_ns: int
    size: int
    digest: str = ""


def stamp_of(path: Path) -> Stamp | None:
    """The file's stamp; None where there is no file."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return Stamp(found.st_mtime_ns, found.st_size)


def read_stamped(path: Path) -> tuple[bytes, Stamp]:
    """What a file holds, with a stamp of it that later tells whether it still does."""
    try:
        before = path.stat()
        content = path.read_bytes()
        after = path.stat()
    except OSError as error:
        raise InputError(f"{path.name} cannot be read ({_reason(error)}).") from error
    if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, len(content)):
        raise RefusedOutput(f"{path.name} is being saved by somebody else. Run again in a moment.")
    return content, Stamp(after.st_mtime_ns, after.st_size, _digest(content))


def is_unchanged(path: Path, before: Stamp | None) -> bool:
    """Whether a file, or its absence, is as it was; by all it holds where that was read, else by day and size."""
    now = stamp_of(path)
    if before is None or now is None or not before.digest:
        return now == before
    return now.size == before.size and _digest(path.read_bytes()) == before.digest


def refuse_changed(path: Path, before: Stamp | None) -> None:
    """Raises RefusedOutput where somebody changed a file since its stamp was taken."""
    if not is_unchanged(path, before):
        raise RefusedOutput(
            f"{path.name} was changed by somebody else during the run. Run again; nothing was changed."
        )


def locks_of(path: Path) -> list[Path]:
    """The files that Excel and LibreOffice keep beside one that they have open."""
    locks = (path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#"))
    return [lock for lock in locks if lock.exists()]


def refuse_open(path: Path) -> None:
    """Raises RefusedOutput while Excel or LibreOffice has the file open: what they save would be lost."""
    if locks_of(path):
        raise RefusedOutput(
            f"{path.name} is open in Excel or another program. Close it there and run again; nothing was changed."
        )


def refuse_read_only(path: Path) -> None:
    """Raises RefusedOutput where the file there says that nobody may write it."""
    with suppress(FileNotFoundError):
        if not path.stat().st_mode & _ANY_WRITE or not os.access(path, os.W_OK):
            raise RefusedOutput(
                f"{path.name} may only be read. Allow writing, or name another file with --out; nothing was changed."
            )


def save(path: Path, write: Callable[[Path], None], before: Stamp | None) -> tuple[str, ...]:
    """Has `write` fill a temp file in the same folder and puts it in place of `path` in one step.

    Whatever goes wrong, `path` is then the old file or the new one, never half of one. Raises RefusedOutput where
    the file is open elsewhere, is no longer the one whose stamp was taken `before`, or the folder cannot be written.
    Gives sentences about what could not be kept of the old file, or be promised.
    """
    return _save(path, write, before, None)


def save_bytes(path: Path, content: bytes, before: Stamp | None) -> tuple[str, ...]:
    """Puts content in place of `path`, whole or not at all; see `save`."""

    def write(temp: Path) -> None:
        temp.write_bytes(content)

    return _save(path, write, before, content)


def _save(
    path: Path, write: Callable[[Path], None], before: Stamp | None, content: bytes | None
) -> tuple[str, ...]:
    with told(path):
        path = path.resolve()  # a link stays a link: what it points at is replaced
        refuse_open(path)
        refuse_read_only(path)
        with temp_for(path, _USUAL if before is None else _PRIVATE) as temp:
            write(temp)
            flush(temp)
            _check(temp, path, content)
            notes = _replace(temp, path, before)
    return (*notes, *flush_folder(path.parent))


@contextmanager
def told(path: Path) -> Iterator[None]:
    """What the system says when a file cannot be written, as a sentence."""
    try:
        yield
    except RefusedOutput:
        raise
    except OSError as error:
        raise RefusedOutput(
            f"{path.name} cannot be written to {path.parent} ({_reason(error)}); nothing was changed. "
            "Name another place with --out."
        ) from error


@contextmanager
def temp_for(path: Path, rights: int) -> Iterator[Path]:
    """An empty file beside `path`, and nothing of it afterwards. What killed runs left there goes first."""
    clear_leftovers(path.parent)
    temp = temp_beside(path)
    os.close(os.open(temp, os.O_CREAT | os.O_EXCL | os.O_WRONLY, rights))
    try:
        yield temp
    finally:
        with suppress(OSError):  # renamed by now; or the next run clears it away
            temp.unlink(missing_ok=True)


def flush(path: Path) -> None:
    """Has the system write to the disk what it holds of a file."""
    with path.open("rb+") as held:
        os.fsync(held.fileno())


def flush_folder(folder: Path) -> tuple[str, ...]:
    """Makes a rename last through a power cut; a sentence where the system cannot promise that."""
    if os.name == "nt":  # keeps its folders by a journal and opens none
        return ()
    try:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        said = (
            f"Whether {folder} would keep it through a power cut just now, its drive does not say"
        )
        return (f"{said} ({_reason(error)}).",)
    return ()


def _check(temp: Path, path: Path, content: bytes | None) -> None:
    """Reads back what was written: a disk that is full or broken shows before the old file is gone."""
    damaged: str | None = None
    if content is not None:
        damaged = None if temp.read_bytes() == content else "read back, it was not the same"
    elif path.suffix.lower() in (".xlsx", ".xlsm"):
        with zipfile.ZipFile(temp) as book:
            damaged = book.testzip()
    if damaged is not None:
        raise RefusedOutput(f"{path.name} was not written whole ({damaged}); nothing was changed.")


def _replace(temp: Path, path: Path, before: Stamp | None) -> tuple[str, ...]:
    refuse_changed(path, before)
    notes = () if before is None else _taken_over(path, temp)
    refuse_open(path)
    refuse_changed(path, before)  # as late as can be
    try:
        temp.replace(path)
    except PermissionError as error:
        # Windows: a program holds the file without leaving a lock beside it
        raise RefusedOutput(
            f"{path.name} is in use by another program, or its folder may not be written. Close it there and run "
            "again; nothing was changed."
        ) from error
    return notes


def _taken_over(path: Path, temp: Path) -> tuple[str, ...]:
    """Gives the new file the owner, rights and tags of the old one; sentences about what it could not have."""
    notes = []
    was, now = path.stat(), temp.stat()
    if (was.st_uid, was.st_gid) != (now.st_uid, now.st_gid):
        try:
            shutil.chown(temp, was.st_uid, was.st_gid)
        except OSError:
            notes.append(f"{path.name} belonged to another user or group; it is yours now.")
    try:
        shutil.copystat(path, temp)
    except OSError as error:
        notes.append(f"{path.name} has other rights than before ({_reason(error)}).")
    os.utime(temp)
    return tuple(notes)


def _reason(error: OSError) -> str:
    return error.strerror or str(error)


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()
