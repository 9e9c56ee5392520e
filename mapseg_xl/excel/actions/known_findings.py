"""What the last run found, so that the next button need not compute again what did not change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from hashlib import blake2b

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.intake.tables import Array, RawSheet
from mapseg_xl.request import Request


class KnownFindings:
    """Remembers the findings of one request, by everything they depend on: cells, settings, typed inputs."""

    def __init__(self) -> None:
        self._prints: set[str] = set()
        self._findings: Findings | None = None

    def of(self, request: Request, find: Callable[[], Findings]) -> Findings:
        """The findings of this very request if they are known, else those that `find` makes."""
        now = print_of(request)
        if self._findings is None or now not in self._prints:
            self._findings = find()
            self._prints = {now}
        return self._findings

    def hold_for(self, findings: Findings, request: Request) -> None:
        """Say that a request asks for these very findings: as one does that only remembers what they proposed."""
        if findings is self._findings:
            self._prints.add(print_of(request))


def print_of(request: Request) -> str:
    """A fingerprint of all that a request asks of all that its open sheets hold."""
    return f"{sheets_print(request.opened)} {_digest([repr(replace(request, opened=()))])}"


def sheets_print(sheets: Iterable[RawSheet]) -> str:
    """A fingerprint of the cells of sheets, with where they stand and what was said of reading them."""
    return _digest(part for sheet in sheets for part in _parts(sheet))


def _parts(sheet: RawSheet) -> Iterable[str]:
    place = (sheet.source, sheet.sheet, sheet.top, sheet.left, sheet.hidden, sheet.headers)
    yield repr((*place, sheet.issues))
    for column in sheet.columns:
        yield _cells(column)


def _cells(column: Array) -> str:
    return f"{column.dtype.kind}{column.tolist()!r}"


def _digest(parts: Iterable[str]) -> str:
    made = blake2b(digest_size=16)
    for part in parts:
        made.update(part.encode("utf-8", "surrogatepass"))
        made.update(b"\x1e")
    return made.hexdigest()
