"""Reads a workbook in a process of its own with limits: whatever becomes of it, here it is cells or one sentence."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import Any

from mapseg_xl.errors import InputError
from mapseg_xl.intake.reading.package import SheetPart
from mapseg_xl.intake.reading.sheet_facts import SheetFacts
from mapseg_xl.intake.tables import Array, objects

MEMORY_BYTES, MEMORY_PER_BYTE = 1_500_000_000, 120
SECONDS, SECONDS_PER_MB = 10, 4
PATIENCE = 3  # seconds on the clock for each of the processor: other work takes some
_NO_WINDOW = 0x0800_0000  # Windows: no console flashes up


class ReadSheet:
    """One sheet as it came: columns of cells, the address of the first, and what its XML says beside."""

    __slots__ = ("columns", "facts", "left", "top")

    def __init__(self, facts: SheetFacts, top: int, left: int, columns: list[Array]) -> None:
        self.facts, self.top, self.left, self.columns = facts, top, left, columns


class Apart:
    """A workbook that another process reads. The process starts with the first question and ends with the block.

    It may use memory and time by the size of the file: 1.5 GB and 120 bytes a byte; 10 s of the processor and 4 s a MB.
    """

    def __init__(self, path: Path, kind: str) -> None:
        self.path, self.kind = path, kind
        self._process: subprocess.Popen[bytes] | None = None
        self._timer: Timer | None = None
        self._late = False

    def __enter__(self) -> Apart:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    def listed(self) -> tuple[SheetPart, ...]:
        """The workbook's sheets."""
        answer = next(self._answers("list"))
        return tuple(SheetPart(name, "", state, cells) for name, state, cells in answer)

    def ours(self) -> frozenset[str]:
        """Names of the tabs that we wrote."""
        answer: frozenset[str] = next(self._answers("ours"))
        return answer

    def sheet(self, name: str) -> ReadSheet:
        """A sheet's cells."""
        answers = self._answers("sheet", name)
        facts, top, left, width = next(answers)
        return ReadSheet(facts, top, left, [objects(next(answers)) for _ in range(width)])

    def _answers(self, question: str, name: str = "") -> Iterator[Any]:
        """What the process says; InputError where it cannot say it."""
        process = self._started()
        assert process.stdin is not None  # noqa: S101  # it was started with pipes
        assert process.stdout is not None  # noqa: S101
        try:
            process.stdin.write(json.dumps([question, name]).encode() + b"\n")
            process.stdin.flush()
        except OSError:  # gone already; its last words are still to be read
            pass
        while True:
            try:
                said, what = pickle.load(process.stdout)  # noqa: S301  # our own script wrote it
            except (EOFError, pickle.UnpicklingError, OSError):
                raise self._broken_down(process) from None
            if said != "part":
                raise self._refusal(said, what)
            yield what

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is not None:
            return self._process
        size = self.path.stat().st_size
        seconds = SECONDS + size * SECONDS_PER_MB // 1_000_000
        limits = [str(MEMORY_BYTES + size * MEMORY_PER_BYTE), str(seconds)]
        script = Path(__file__).with_name("reader.py")
        flags = ["-P", "-B"] if sys.dont_write_bytecode else ["-P"]
        self._process = subprocess.Popen(  # noqa: S603  # our own script, a path as its argument
            [_python(), *flags, str(script), str(self.path), self.kind, *limits],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=_NO_WINDOW if sys.platform == "win32" else 0,
        )
        self._timer = Timer(seconds * PATIENCE, self._give_up)
        self._timer.daemon = True
        self._timer.start()
        return self._process

    def _give_up(self) -> None:
        self._late = True
        if self._process is not None:
            self._process.kill()

    def _broken_down(self, process: subprocess.Popen[bytes]) -> InputError:
        """Why the process ended without an answer: a signal tells what the system ended it for."""
        code = process.wait()
        if self._late or code == -_signal("SIGXCPU"):
            return self._refusal("late", "")
        if code > 0 and code < 256:  # it broke down on what it read, and could still say so
            return self._refusal("damaged", "its parts do not fit together")
        return self._refusal("memory", "")

    def _refusal(self, said: str, what: str) -> InputError:
        name = self.path.name
        other = "Save it as .csv" if self.kind == "xlsx" else "Save it as .xlsx or .csv"
        return InputError(
            {
                "refused": what,
                "password": f"{name} is protected with a password. Save a copy without one, and use that.",
                "late": f"{name} takes too long to open. {other}.",
                "memory": f"{name} asks for more memory than a workbook of its size needs. {other}.",
            }.get(
                said,
                f"{name} cannot be read as a workbook: {_clause(what)}. Save it again in Excel.",
            )
        )


def _clause(what: str) -> str:
    """The reader's own words on one line, without a full stop, of a bounded length."""
    return " ".join(what.split()).rstrip(".")[:300] or "it is damaged"


def _signal(name: str) -> int:
    import signal

    return int(getattr(signal, name, 0)) or 1_000_000  # Windows has no such signal


def _python() -> str:
    """The interpreter; of the one without a console its twin, whose pipes are certain."""
    here = Path(sys.executable)
    twin = here.with_name("python.exe")
    if here.name.lower() == "pythonw.exe" and twin.exists():
        return str(twin)
    return sys.executable
