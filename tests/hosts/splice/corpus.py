"""`python -m tests.hosts.splice.corpus FOLDER [--validate] [--every N]`: splices into every workbook of a folder.

Each is worked on in a process of its own with limits. Says what was refused and why, and what went wrong: parts that
changed and should not have, a second run that differs, cells that read otherwise, new complaints of the validator.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import re
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from mapseg_xl.errors import RefusedOutput
from mapseg_xl.hosts.splice.splicing import splice, without_ours
from tests.hosts.splice import checks
from tests.tools import validator

_EMPTY_NAMES = re.compile(rb"<(?:x:)?definedNames\s*/>")  # says nothing, and no schema allows it
_MEMORY_BYTES, _SECONDS = 3 << 30, 120
_OPENPYXL_BYTES = 300_000
_ENDINGS = (".xlsx", ".xlsm", ".xltx", ".xltm")


def findings(path: Path, *, validate: bool) -> list[str]:
    """What is wrong with what a splice made of a workbook; raises RefusedOutput where it is refused."""
    before = path.read_bytes()
    first = splice(before, path.name, checks.plan_a()).content
    again = splice(first, path.name, checks.plan_a()).content
    second = splice(first, path.name, checks.plan_b()).content
    back = splice(second, path.name, checks.plan_a()).content
    found = []
    for label, made in (("A", first), ("A B", second)):
        found += [f"{label} changed {part}" for part in _strangers(before, made)]
        found += [] if checks.in_order(before, made) else [f"{label}: other order of parts"]
    found += [] if again == first else [f"A A differs {checks.changed_parts(first, again)}"]
    found += [] if back == first else [f"A B A differs in {checks.changed_parts(first, back)}"]
    found += _taken_away(before, without_ours(first, path.name).content)
    found += _read_otherwise("calamine", checks.values_by_calamine, before, first)
    if len(before) < _OPENPYXL_BYTES:  # it takes minutes on some
        found += _read_otherwise("openpyxl", checks.values_by_openpyxl, before, first)
    return found + (_complaints(before, first, path.suffix) if validate else [])


def _strangers(before: bytes, made: bytes) -> list[str]:
    changed = checks.changed_parts(before, made)
    return [part for part in changed if not checks.may_change(before, part)]


def _taken_away(before: bytes, made: bytes) -> list[str]:
    old, new = (
        {name: _EMPTY_NAMES.sub(b"", part) for name, part in checks.contents(package).items()}
        for package in (before, made)
    )
    wrong = [name for name in {*old, *new} if old.get(name) != new.get(name)]
    return [f"taken away again, differs in {name}" for name in sorted(wrong)]


def _read_otherwise(
    reader: str, values: Callable[[bytes], dict[str, object]], before: bytes, made: bytes
) -> list[str]:
    try:
        old = values(before)
    except Exception:  # noqa: BLE001  # whatever a reader says of a file it cannot read
        return []
    try:
        new = values(made)
    except Exception as error:  # noqa: BLE001
        return [f"{reader} cannot read it any more: {type(error).__name__} {error}"]
    return [f"{reader} reads {name!r} otherwise" for name in old if old[name] != new.get(name)]


def _complaints(before: bytes, made: bytes, ending: str) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        said = []
        for name, content in (("before", before), ("after", made)):
            path = Path(folder) / f"{name}{ending}"
            path.write_bytes(content)
            said.append(Counter(_plain(one) for one in validator.complaints(path)))
    new = said[1] - said[0]
    return [f"validator: {one} (x{times})" for one, times in list(new.items())[:5]]


def _plain(complaint: str) -> str:
    """A complaint without the numbers that a splice moves."""
    try:
        held = json.loads(complaint)
    except json.JSONDecodeError:
        return complaint
    return json.dumps(
        {k: held[k] for k in ("description", "id", "part", "path") if k in held} or held
    )


def _work(path: Path, validate: bool, out: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    try:
        out.send(("wrong", found) if (found := findings(path, validate=validate)) else ("fine", []))
    except RefusedOutput as error:
        out.send(("refused", [str(error)]))
    except BaseException as error:  # noqa: BLE001  # whatever it is, it is a finding
        import traceback

        where = traceback.extract_tb(error.__traceback__)[-1]
        out.send(
            ("crashed", [f"{type(error).__name__}: {error} ({where.filename}:{where.lineno})"])
        )


def judged(path: Path, *, validate: bool) -> tuple[str, list[str]]:
    """What became of a workbook, told from outside of the process that worked on it."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    worker = multiprocessing.get_context("fork").Process(
        target=_work, args=(path, validate, theirs)
    )
    worker.start()
    theirs.close()
    try:
        late = ("crashed", [f"no answer within {_SECONDS} s"])
        return tuple(ours.recv()) if ours.poll(_SECONDS) else late
    except EOFError:
        return "crashed", ["the process ended"]
    finally:
        worker.kill()
        worker.join()


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Goes over the folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--validate", action="store_true")
    parser.add_argument("--every", type=int, default=1)
    arguments = parser.parse_args()
    if arguments.validate and validator.program() is None:
        parser.error("there is no validator: point MAPSEG_VALIDATOR at it")
    checks.plan_a(), checks.plan_b()
    paths = [p for p in sorted(arguments.folder.rglob("*")) if p.suffix.lower() in _ENDINGS]
    counts: Counter[str] = Counter()
    began = time.monotonic()
    for path in paths[:: arguments.every]:
        verdict, said = judged(path, validate=arguments.validate)
        counts[verdict] += 1
        if verdict != "fine":
            say(f"{verdict}  {path.relative_to(arguments.folder)}")
            for line in said[:6]:
                say(f"    {line[:300]}")
    say(f"{dict(counts)} in {time.monotonic() - began:.0f} s")
    return 1 if counts["wrong"] or counts["crashed"] else 0


if __name__ == "__main__":
    sys.exit(main())
