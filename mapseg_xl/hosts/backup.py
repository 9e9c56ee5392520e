"""Copies of a workbook as it was before we changed it, beside it: `team.backup-1.xlsx` and so on, none overwritten."""

from __future__ import annotations

import os
import re
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from mapseg_xl.errors import RefusedOutput
from mapseg_xl.hosts.save import flush, flush_folder, temp_for, told

KEPT = 3  # the latest, beside the oldest: that is the workbook before we ever touched it
_PRIVATE = 0o600


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of a file; `is_new`: it was made just now."""

    path: Path
    is_new: bool


def back_up(path: Path, content: bytes) -> Backup:
    """A copy of what the file holds, under the next number; the latest one where that holds the very same.

    Written whole or not at all, flushed and read again. Raises RefusedOutput where that cannot be done.
    """
    with told(path):
        path = path.resolve()
        known = backups_of(path)
        if known and known[-1].read_bytes() == content:
            return Backup(known[-1], is_new=False)
        with temp_for(path, _PRIVATE) as temp:
            temp.write_bytes(content)
            flush(temp)
            if temp.read_bytes() != content:
                raise RefusedOutput(
                    f"The backup of {path.name} was not written whole; nothing was changed."
                )
            with suppress(OSError):  # a copy with other rights is a copy all the same
                shutil.copystat(path, temp)
            made = _numbered(temp, path, _number(known[-1]) + 1 if known else 1)
    flush_folder(path.parent)  # the save that follows flushes it again, and says if it cannot
    return Backup(made, is_new=True)


def backups_of(path: Path) -> list[Path]:
    """The backups beside a file, oldest first."""
    named = re.compile(re.escape(path.stem) + r"\.backup-\d+" + re.escape(path.suffix))
    found = (other for other in path.parent.iterdir() if named.fullmatch(other.name))
    return sorted(found, key=_number)


def thin_out(path: Path) -> tuple[Path, ...]:
    """Removes backups but the oldest and the latest; gives those that are gone."""
    removed = []
    with suppress(OSError):  # one more copy does no harm
        for old in backups_of(path.resolve())[1:-KEPT]:
            old.unlink()
            removed.append(old)
    return tuple(removed)


def _number(backup: Path) -> int:
    return int(backup.stem.rpartition("-")[2])


def _numbered(temp: Path, path: Path, number: int) -> Path:
    """Gives the copy a number that nobody has: a second name never replaces a file, as renaming would."""
    while True:
        made = path.with_name(f"{path.stem}.backup-{number}{path.suffix}")
        try:
            os.link(temp, made)
        except FileExistsError:
            number += 1
            continue
        except OSError:  # drives without second names
            if made.exists():
                number += 1
                continue
            temp.rename(made)
        return made
