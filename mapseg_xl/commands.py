"""What the commands do, once their arguments are understood: read, find, write. No printing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.analyze.what_if import Asked
from mapseg_xl.errors import InputError, RefusedOutput
from mapseg_xl.hosts.file import to_bytes
from mapseg_xl.hosts.previous import previous
from mapseg_xl.hosts.save import save, stamp_of
from mapseg_xl.hosts.tables import write_health, write_tables
from mapseg_xl.intake.health import Health, health
from mapseg_xl.pipeline import COMPARED, READ, Progress, Request, find, intake
from mapseg_xl.report.identity import Previous, keep, segment_memory
from mapseg_xl.report.parts.names import WHAT_IF
from mapseg_xl.report.parts.own_segments import proposal_memory, remembered, typed_segments
from mapseg_xl.report.parts.scoring.answers import typed_answers
from mapseg_xl.report.plan import lay_out
from mapseg_xl.report.report import build_report
from mapseg_xl.report.tabs.decision import decided_before, decided_memory
from mapseg_xl.report.tabs.survival_ltv import ASSUMPTIONS, NAME, VALUE
from mapseg_xl.report.tabs.what_if import INPUTS
from mapseg_xl.settings import Settings

TYPED = "typed settings"  # in the workbook's memory: settings that people typed on a tab
TYPED_SETTINGS = {"gross_margin": "share", "annual_discount": "share", "rmst_months": "months"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run made."""

    findings: Findings
    workbook: Path
    tables: Path | None


def default_output(source: Path) -> Path:
    """Where the finished workbook goes when nobody says: beside the source."""
    return source.with_name(f"{source.stem}-segmentation.xlsx")


def run(request: Request, out: Path, tables: Path | None, progress: Progress) -> Outcome:
    """The whole way from sources to a finished workbook, and to result tables where asked.

    A workbook of ours at `out` is made again with what people typed in it; any other file is refused.
    Nothing is written before everything has been found.
    """
    check_output(request, out)
    check_tables(tables)
    before = stamp_of(out)
    earlier = previous(out)
    typed = typed_settings(earlier)
    settings = request.settings.with_values(typed, f"{out.name} ({NAME})")
    if earlier:
        request = replace(request, known_ids=earlier.ids, letters=earlier.letters)
    request = replace(request, typed=typed_answers(earlier), what_if=typed_what_if(earlier))
    request = replace(request, own_segments=typed_segments(earlier), remembered=remembered(earlier))
    request = replace(request, decided=decided_before(earlier))
    findings = find(replace(request, settings=settings), progress)
    findings = replace(findings, typed=earlier.homes if earlier else {})
    progress("Writing", COMPARED)
    report = build_report(findings)
    memory = {**report.memory, **_memory(findings, typed, earlier)}
    plan = lay_out(keep(replace(report, memory=memory), earlier))
    content = to_bytes(plan)
    save(out, lambda temp: _write(temp, content), before)
    if tables is not None:
        with _folder_that_takes_files(tables):
            write_tables(findings, tables)
    return Outcome(findings, out, tables)


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def check(request: Request, tables: Path | None, progress: Progress) -> Health:
    """Data health alone."""
    check_tables(tables)
    progress("Reading", READ)
    sources = intake(request)
    found = health(sources.issues, sources.customers.n)
    if tables is not None:
        with _folder_that_takes_files(tables):
            write_health(found, tables)
    return found


def check_output(request: Request, out: Path) -> None:
    """Refuse an output that is a source, is no .xlsx, or has no folder."""
    if out.suffix.lower() != ".xlsx":
        raise InputError(f"--out {out.name}: the finished workbook is an .xlsx file.")
    if out.is_dir() or not out.parent.is_dir():
        raise InputError(f"--out {out}: there is no such folder to write into.")
    if any(out.resolve() == source.resolve() for source in request.sources):
        raise RefusedOutput(f"--out {out.name} is the source itself. Name another file.")


def check_tables(folder: Path | None) -> None:
    """Refuse a folder for tables that is a file."""
    if folder is not None and folder.exists() and not folder.is_dir():
        raise InputError(
            f"--tables {folder} is a file. Name a folder; it is made where it is missing."
        )


@contextmanager
def _folder_that_takes_files(folder: Path) -> Iterator[None]:
    """What the system says when a table cannot be written, as a sentence."""
    try:
        yield
    except OSError as error:
        what = error.strerror or str(error)
        raise RefusedOutput(f"--tables {folder}: the tables cannot be written ({what}).") from error


def typed_settings(earlier: Previous | None) -> dict[str, Any]:
    """Settings that people typed into the assumptions of an earlier workbook, then or before."""
    if earlier is None:
        return {}
    typed: dict[str, Any] = json.loads(earlier.memory.get(TYPED, "{}"))
    for name, kind in TYPED_SETTINGS.items():
        key = (NAME, ASSUMPTIONS, name, VALUE)
        if not earlier.changed(key):
            continue
        typed.pop(name, None)
        default = getattr(Settings(), name)
        value = earlier.value(key, default, kind)
        if value is not None and value != default:
            typed[name] = value
    return typed


def typed_what_if(earlier: Previous | None) -> Asked:
    """What people typed into the yellow cells of What if; None where they hold our own defaults."""
    if earlier is None:
        return Asked()
    typed: dict[str, Any] = {
        field: earlier.value((WHAT_IF, block, row, VALUE), None, kind)
        for field, (block, row, kind) in INPUTS.items()
    }
    block, row, _ = INPUTS["segment"]
    if typed["segment"] is None and earlier.changed((WHAT_IF, block, row, VALUE)):
        typed["segment"] = ""  # emptied: no segment, not our own choice
    return Asked(**typed)


def _memory(
    findings: Findings, typed: Mapping[str, Any], earlier: Previous | None
) -> dict[str, str]:
    ids = {
        (group.segmentation.name, m.segment.name): m.segment.segment_id
        for group in findings.groups
        for m in group.measured
    }
    return {
        TYPED: json.dumps(typed),
        **segment_memory(ids, earlier),
        **decided_memory(findings, earlier),
        **proposal_memory(findings, remembered(earlier)),
    }
