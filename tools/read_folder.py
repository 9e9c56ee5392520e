"""Reads every workbook of a folder as `mapseg check` does, each in a process with limits, and says how it ended.

    python tools/read_folder.py FOLDER [--seconds 20] [--memory 2.0] [--mutants 5] [--seed 1] [--only WORD]

Ends: read, refused (one sentence), several lines, traceback, crash, hang. Exit 1 if any but the first two happened.
With --mutants each file is read again damaged in that many ways. Needs a POSIX system.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import random
import resource
import select
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from mapseg_xl import cli
from mapseg_xl.commands import check  # noqa: F401  # loaded once here, not in each process
from tests.intake.reading.mutants import mutant

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".parquet")
FINE = ("read", "refused")


def main() -> int:
    """Every file, then the counts; files that did not end well are named with their last line."""
    args = _arguments()
    counts: Counter[str] = Counter()
    slowest: list[tuple[float, str]] = []
    for name, path in _cases(args):
        started = time.monotonic()
        end, said = read_apart(path, args.seconds, int(args.memory * 2**30))
        slowest = sorted([*slowest, (time.monotonic() - started, name)], reverse=True)[:5]
        counts[end] += 1
        if end not in FINE or args.verbose:
            print(f"{end:14}{name}  {said}", flush=True)
    print(", ".join(f"{n} {end}" for end, n in counts.most_common()))
    print("slowest:", ", ".join(f"{seconds:.1f} s {name}" for seconds, name in slowest))
    return 0 if set(counts) <= set(FINE) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Read every workbook of a folder, with limits.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--memory", type=float, default=2.0, help="GiB of addresses")
    parser.add_argument("--mutants", type=int, default=0, help="damaged copies of each file")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="files whose path holds this")
    parser.add_argument("--verbose", action="store_true", help="name every file")
    return parser.parse_args()


def _cases(args: argparse.Namespace) -> Iterator[tuple[str, Path]]:
    files = sorted(p for p in args.folder.rglob("*") if p.suffix.lower() in SUFFIXES)
    with tempfile.TemporaryDirectory() as folder:
        for path in (p for p in files if args.only in str(p)):
            if not args.mutants:
                yield str(path.relative_to(args.folder)), path
            for i in range(args.mutants):
                how, content = mutant(path.read_bytes(), random.Random(f"{args.seed} {path} {i}"))
                damaged = Path(folder) / f"damaged{path.suffix}"
                damaged.write_bytes(content)
                yield f"{path.relative_to(args.folder)} {i}: {how}", damaged


def read_apart(path: Path, seconds: float, memory_bytes: int) -> tuple[str, str]:
    """How reading a file ended, and the last line that was said."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        _be_read(path, write, memory_bytes)
    os.close(write)
    said, late = _heard(read, time.monotonic() + seconds)
    os.close(read)
    if late:
        os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return "hang", f"after {seconds:g} s"
    return _end(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said)


def _be_read(path: Path, write: int, memory_bytes: int) -> None:
    os.setpgid(0, 0)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    errors = io.StringIO()
    code = 99
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(errors):
            code = cli.main(["check", str(path)])
    except BaseException:  # noqa: BLE001  # whatever it is, it is told
        errors.write(traceback.format_exc())
    with os.fdopen(write, "w", errors="backslashreplace") as out:
        out.write(errors.getvalue()[-2000:])
    os._exit(code)


def _heard(read: int, until: float) -> tuple[str, bool]:
    parts = []
    while select.select([read], [], [], max(until - time.monotonic(), 0))[0]:
        part = os.read(read, 1 << 16)
        if not part:
            return b"".join(parts).decode("utf-8", "replace"), False
        parts.append(part)
    return "", True


def _end(code: int, said: str) -> tuple[str, str]:
    lines = said.strip().splitlines() or [""]
    if code == 0:
        return "read", ""
    if code == 1 and len(lines) == 1 and said.startswith("mapseg: "):
        return "refused", lines[0]
    if code == 1:
        return "several lines", " / ".join(lines)
    return ("traceback" if code == 99 else "crash"), f"{code} " + " / ".join(lines[-3:])


if __name__ == "__main__":
    sys.exit(main())
