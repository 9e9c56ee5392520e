"""Names of the files that a save writes first, and clearing away those that a killed run left behind."""

from __future__ import annotations

import os
import platform
import re
import time
from contextlib import suppress
from pathlib import Path
from zlib import crc32

_TEMP = ".mapseg-tmp"
_NAME = re.compile(r"\.(?P<machine>[0-9a-f]{8})-(?P<process>\d+)" + re.escape(_TEMP) + "$")
_ABANDONED_S = (
    3600.0  # where nobody can say whether the run is still going on, this old is left behind
)
_LONGEST_STEM = 20  # characters of four bytes still fit in what every file system takes


def temp_beside(path: Path) -> Path:
    """The file that a save of `path` writes first: in its folder, named after this machine and this process.

    >>> temp_beside(Path("team.xlsx")).name.startswith(".team.")
    True
    """
    return path.with_name(f".{path.stem[:_LONGEST_STEM]}.{_machine()}-{os.getpid()}{_TEMP}")


def clear_leftovers(folder: Path) -> None:
    """Removes what killed runs left in a folder; a run that is still going on keeps its own."""
    with suppress(OSError):  # a folder that cannot be listed says so when it is written to
        for left in folder.glob(f".*{_TEMP}"):
            with suppress(OSError):  # gone meanwhile, or somebody else's
                if _is_abandoned(left):
                    left.unlink()


def _is_abandoned(left: Path) -> bool:
    """By the process that made it where that was on this machine, else by age."""
    named = _NAME.search(left.name)
    if named and named["machine"] == _machine() and not _is_running(int(named["process"])):
        return True
    return left.stat().st_mtime < time.time() - _ABANDONED_S


def _is_running(process: int) -> bool:
    """Whether a process of this machine goes on; one save of ours is over when the next begins."""
    if process == os.getpid():
        return False
    if os.name == "nt":  # asking there by a signal would end it
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's
        return True
    return True


def _machine() -> str:
    return f"{crc32(platform.node().encode()):08x}"
