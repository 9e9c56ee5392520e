"""What the commands do, once their arguments are understood: read, find, write. No printing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.checking import Checked
from mapseg_xl.checking import check as check_sources
from mapseg_xl.errors import InputError, RefusedOutput
from mapseg_xl.hosts.file import to_bytes
from mapseg_xl.hosts.merged import merged_before
from mapseg_xl.hosts.previous import earlier_run, previous, typed_in
from mapseg_xl.hosts.save import save, save_bytes, stamp_of
from mapseg_xl.hosts.slides import is_ours
from mapseg_xl.hosts.slides import to_bytes as slides_to_bytes
from mapseg_xl.hosts.tables import write_combined, write_health, write_tables
from mapseg_xl.merging import Merged, answered, customer_lists, lists_plan, merged_plan
from mapseg_xl.merging import merge as merge_sources
from mapseg_xl.report.carried import carried, compared_with, without_home
from mapseg_xl.report.deck import deck_of
from mapseg_xl.report.identity import Previous
from mapseg_xl.report.parts.home.run_settings import has_settings
from mapseg_xl.report.plan import lay_out
from mapseg_xl.report.spec import Report
from mapseg_xl.request import COMPARED, READ, Progress, Request
from mapseg_xl.runs import Resumed, found, report_of, resumed, typed_settings
from mapseg_xl.write_back import OpenedPlace, Place, Written, opened, place_of, put_in, taken_out

__all__ = ["place_of"]


@dataclass(frozen=True, slots=True)
class Beside:
    """What a run is to write beside the workbook, where asked."""

    tables: Path | None = None  # a folder of result tables
    slides: Path | None = None
    lists: Path | None = None  # customers of the chosen segments, by name

    def check(self) -> None:
        """Refuse what cannot be written, before anything is found."""
        check_tables(self.tables)
        if self.slides is not None:
            check_slides(self.slides)
        if self.lists is not None:
            check_new(self.lists, "--customer-lists", ".xlsx")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run made."""

    findings: Findings
    workbook: Path
    beside: Beside
    no_lists: str = ""  # why the customer lists asked for are not there
    written: Written | None = None  # into a workbook of the team's own
    notes: tuple[str, ...] = ()  # what could not be kept of the file before, or be promised


def default_output(source: Path) -> Path:
    """Where the finished workbook goes when nobody says: beside the source."""
    return source.with_name(f"{source.stem}-segmentation.xlsx")


def run(
    request: Request, out: Path, beside: Beside, progress: Progress, before: Path | None = None
) -> Outcome:
    """The whole way from sources to a finished workbook, and to what is asked for beside it.

    A workbook of ours at `out` is made again with what people typed in it; any other file is refused. What is typed
    on the guided tabs of a source counts too.
    `before`: a workbook of an earlier run to go on from, which stays as it is.
    Nothing is written before everything has been found.
    """
    check_output(request, out)
    check_previous(before, out)
    beside.check()
    stamp = stamp_of(out)
    this = _resumed(request, out, before)
    findings = found(this, progress)
    progress("Writing", COMPARED)
    report = report_of(this, findings)
    content = to_bytes(lay_out(report))
    notes = save_bytes(out, content, stamp)
    no_lists = _write_beside(beside, report, findings, this.request)
    return Outcome(findings, out, beside, no_lists, notes=notes)


def run_at_home(
    request: Request, place: Place, beside: Beside, progress: Progress, before: Path | None = None
) -> Outcome:
    """The whole way from sources to the team's own workbook with our tabs in it, every other part of it untouched.

    What people typed on our tabs there, and on those of a source, stays and counts. See `run` for the rest.
    """
    check_previous(before, place.out)
    beside.check()
    there = opened(place)
    this = _resumed_at_home(request, there, before)
    findings = found(this, progress)
    progress("Writing", COMPARED)
    report = report_of(this, findings, there.chosen)
    written = put_in(there, lay_out(report, there.taken))
    no_lists = _write_beside(beside, report, findings, this.request)
    return Outcome(findings, place.out, beside, no_lists, written, written.notes)


def _resumed_at_home(request: Request, there: OpenedPlace, before: Path | None) -> Resumed:
    """The request with what people typed in the workbook it goes into, then in one of a source, then in `before`."""
    earlier, own = there.earlier, there.place.workbook.resolve()
    for path in request.sources:
        typed = None if path.resolve() == own else typed_in(path)
        if has_settings(typed):
            earlier = carried(typed, earlier)
    named = None if before is None else earlier_run(before)
    earlier = _with_past(carried(named, earlier), named)
    this = resumed(request, earlier, there.place.workbook.name, home=True)
    return replace(this, named=named is not None)


def _resumed(request: Request, out: Path, before: Path | None = None) -> Resumed:
    """The request with what people typed in the finished workbook, in the one `before`, and in a source of the team."""
    finished = previous(out)
    named = None if before is None else earlier_run(before)
    homes = [path for path in request.sources if has_settings(typed_in(path))]
    if before is not None and has_settings(named):
        homes.append(before)
    elif named is not None:
        finished = named if finished is None else carried(named, finished)
    if not homes:
        this = resumed(request, _with_past(finished, named), (before or out).name)
        return replace(this, named=named is not None)
    earlier = _with_past(carried(typed_in(homes[0]), finished), named)
    this = resumed(request, earlier, homes[0].name)
    typed = typed_settings(finished)  # wins over the tab Settings of the team's workbook
    settings = this.request.settings.with_values(typed, out.name)
    request = replace(this.request, settings=settings)
    return replace(
        this,
        request=request,
        typed=typed,
        earlier=without_home(earlier),
        named=named is not None,
    )


def _with_past(earlier: Previous | None, named: Previous | None) -> Previous | None:
    return earlier if earlier is None or named is None else compared_with(earlier, named)


def _write_beside(beside: Beside, report: Report, findings: Findings, request: Request) -> str:
    """Writes what is asked for; why there are no customer lists, where they are."""
    if beside.tables is not None:
        with _folder_that_takes_files(beside.tables):
            write_tables(findings, beside.tables)
    if beside.slides is not None:
        save_slides(report, findings, beside.slides)
    if beside.lists is None or save_lists(request, findings, beside.lists):
        return ""
    return (
        "none, because no segment is chosen yet. Choose one to three on the tab Decision of the workbook, "
        "save it, then run the same command again."
    )


def check_slides(out: Path) -> None:
    """Refuse slides that are no .pptx, have no folder, or would replace somebody's own."""
    if out.exists() and is_ours(out):
        return
    check_new(out, "--slides", ".pptx")


def check_new(out: Path, option: str, *suffixes: str) -> None:
    """Refuse an output with another ending, without a folder, or that is there already."""
    if out.suffix.lower() not in suffixes:
        raise InputError(f"{option} {out.name}: name a file that ends in {' or '.join(suffixes)}.")
    if not out.parent.is_dir():
        raise InputError(f"{option} {out}: there is no such folder to write into.")
    if out.exists():
        raise RefusedOutput(f"{out.name} is there already and stays as it is. Name another file.")


def save_slides(report: Report, findings: Findings, out: Path) -> None:
    """The slides of a run; those of an earlier run are replaced, anybody else's refused."""
    check_slides(out)
    content = slides_to_bytes(deck_of(report, findings))
    save_bytes(out, content, stamp_of(out))


def save_lists(request: Request, findings: Findings, out: Path) -> bool:
    """The customers of each chosen segment by name, a sheet a segment, as a new workbook; False: none is chosen."""
    lists = customer_lists(request, findings)
    if not lists:
        return False
    content = to_bytes(lists_plan(lists, PurePath(findings.origin.source).stem))
    save_bytes(out, content, None)
    return True


def check(request: Request, tables: Path | None, progress: Progress) -> Checked:
    """Data health alone, also of what would stop a run."""
    check_tables(tables)
    progress("Reading", READ)
    found = check_sources(request)
    if tables is not None:
        with _folder_that_takes_files(tables):
            write_health(found.health, tables)
    return found


def remove(workbook: Path, out: Path | None) -> Written:
    """A workbook without our tabs; a backup is kept where it is the workbook itself that changes."""
    return taken_out(place_of((), workbook, out))


def merge(request: Request, out: Path, progress: Progress) -> Merged:
    """One row a customer into an .xlsx with its match report, or a .csv.

    A merge workbook of ours at `out` is made again with what was answered in it, unless somebody changed its rows;
    anything else that is there is refused.
    """
    again = out.suffix.lower() == ".xlsx" and out.exists()
    stamp = stamp_of(out)
    earlier = merged_before(out) if again else None
    if not again:
        check_new(out, "--out", ".xlsx", ".csv")
    merged = merge_sources(answered(request, earlier), progress)
    progress("Writing", COMPARED)
    if out.suffix.lower() == ".csv":
        save(out, lambda temp: write_combined(merged.columns, temp), None)
    else:
        save_bytes(out, to_bytes(merged_plan(merged, earlier)), stamp)
    return merged


def check_output(request: Request, out: Path) -> None:
    """Refuse an output that is a source, is no .xlsx, or has no folder."""
    if out.suffix.lower() != ".xlsx":
        raise InputError(f"--out {out.name}: the finished workbook is an .xlsx file.")
    if out.is_dir() or not out.parent.is_dir():
        raise InputError(f"--out {out}: there is no such folder to write into.")
    if any(out.resolve() == source.resolve() for source in request.sources):
        raise RefusedOutput(f"--out {out.name} is the source itself. Name another file.")


def check_previous(before: Path | None, out: Path) -> None:
    """Refuse an earlier run that is the output: it is to stay as it is."""
    if before is not None and before.resolve() == out.resolve():
        raise RefusedOutput(
            f"--previous {before.name} is the output itself. Leave --previous out to bring it up to date, or name "
            "another file with --out."
        )


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
