"""Saves a workbook in processes that are killed, and looks at what is left: a script, started by `test_kills.py`.

`kill_child.py moments 1000` kills by signal at random moments; `kill_child.py calls` ends the process just before each
call to the system in turn, and in the middle of each write. Prints how often the file was the old one, and the new one.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import pytest

from mapseg_xl.hosts.save import read_stamped
from mapseg_xl.hosts.splice.splicing import Spliced
from mapseg_xl.write_back import OpenedPlace, Place, saved
from tests.hosts.calls import Calls
from tests.hosts.saved_book import Change

SIZE = 300_000  # bytes: large enough that a kill can fall into a write


def change_of_noise(folder: Path) -> Change:
    """Bytes in place of a workbook: no save looks into them."""
    noise = random.Random(7)
    return Change(folder / "team.xlsx", noise.randbytes(SIZE), noise.randbytes(SIZE))


def save(change: Change) -> None:
    """A save from the moment on at which the workbook has been read."""
    content, stamp = read_stamped(change.path)
    place = Place(change.path, change.path)
    saved(
        OpenedPlace(place, content, stamp, None, frozenset(), content, stamp), Spliced(change.new)
    )


def in_a_child(do: Callable[[], None]) -> int:
    """Starts a process that does something and ends."""
    child = os.fork()
    if child == 0:
        do()
        os._exit(0)
    return child


def at_moments(change: Change, times: int) -> Iterator[None]:
    """One killed save after another; the first is not, and tells how long one takes."""
    begun = time.perf_counter()
    os.waitpid(in_a_child(lambda: save(change)), 0)
    whole_s, moments = time.perf_counter() - begun, random.Random(11)
    yield
    for _ in range(times):
        child = in_a_child(lambda: save(change))
        time.sleep(moments.random() * whole_s)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        yield


def at_calls(change: Change) -> Iterator[None]:
    """A save that ends just before its first call to the system, its second, and so on, until one is whole."""
    for happens in (at_once, after_half):
        at = 1
        while os.waitpid(in_a_child(lambda: ending(change, at, happens)), 0)[1] != 0:  # noqa: B023  # called at once
            yield
            at += 1
        yield


def ending(change: Change, at: int, happens: Callable[[str, tuple[Any, ...]], None]) -> None:
    """A save whose at-th call ends the process."""
    with pytest.MonkeyPatch.context() as patched:
        Calls(change.path.parent, at, happens).watch(patched)
        save(change)


def at_once(*_: Any) -> None:
    """Ends the process as a kill does: nothing is cleared away."""
    os._exit(9)


def after_half(name: str, args: tuple[Any, ...]) -> None:
    """Ends it in the middle of a write; at another call as `at_once`."""
    if name == "Path.write_bytes":
        path, content = args
        with open(path, "wb", buffering=0) as file:  # noqa: PTH123  # not counted
            file.write(content[: len(content) // 2])
    os._exit(9)


def main(how: str, times: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        change = change_of_noise(Path(folder))
        change.path.write_bytes(change.old)
        old = new = 0
        for _ in at_moments(change, times) if how == "moments" else at_calls(change):
            change.check()
            is_new = change.path.read_bytes() == change.new
            old, new = old + (not is_new), new + is_new
            for backup in change.backups:
                backup.unlink()
            change.path.write_bytes(change.old)
        save(change)
        assert change.path.read_bytes() == change.new
        assert not change.leftovers, change.leftovers
        sys.stdout.write(f"{old} {new}\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0)
