"""The buttons that save files of their own: Export, Slides, Customer lists. The open workbook stays as it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from mapseg_xl import merging
from mapseg_xl.errors import InputError, RefusedOutput
from mapseg_xl.excel.actions.bench import Bench, progress
from mapseg_xl.excel.actions.desk import WRITING, Worked, desk_of, work
from mapseg_xl.excel.actions.done import Done
from mapseg_xl.hosts.file import to_bytes
from mapseg_xl.hosts.previous import previous
from mapseg_xl.hosts.save import Stamp, save_bytes, stamp_of
from mapseg_xl.report.carried import carried, without_home
from mapseg_xl.report.deck import deck_of
from mapseg_xl.report.plan import lay_out
from mapseg_xl.report.spec import Report
from mapseg_xl.runs import report_of


def export(bench: Bench) -> Done:
    """The finished workbook as a file: no customer rows, nothing that needs the add-in."""
    out = _target(bench, ".xlsx")
    before = _ours_or_new(out)
    worked = work(desk_of(bench))
    progress(bench, "Saving", WRITING)
    content = exported(worked)
    save_bytes(out, content, before)
    return Done(
        said=f"Saved: {out}\n\nIt holds no customer rows and opens in any spreadsheet program."
    )


def slides(bench: Bench) -> Done:
    """The case for the segments as PowerPoint: figures and charts, no customer rows."""
    from mapseg_xl.hosts.slides import to_bytes as to_slides

    out = _target(bench, ".pptx")
    _refuse_taken(out)
    worked = work(desk_of(bench))
    progress(bench, "Saving", WRITING)
    content = to_slides(deck_of(_shared(worked), worked.findings))
    save_bytes(out, content, None)
    return Done(said=f"Saved: {out}")


def customer_lists(bench: Bench) -> Done:
    """The customers of each chosen segment, a sheet each: the one file with names in it, saved apart."""
    out = _target(bench, ".xlsx")
    _refuse_taken(out)
    worked = work(desk_of(bench))
    lists = merging.customer_lists(worked.run.request, worked.findings)
    if not lists:
        raise InputError(
            "No segment is chosen yet. Press Record decision and choose one to three on Decision, then press "
            "Customer lists again."
        )
    progress(bench, "Saving", WRITING)
    content = to_bytes(merging.lists_plan(lists, bench.book.name))
    save_bytes(out, content, None)
    return Done(
        said=f"Saved: {out}\n\nIt holds customers' names: pass it on to those only who need them."
    )


def _refuse_taken(out: Path) -> None:
    if out.exists():
        raise RefusedOutput(f"{out.name} is there already. Choose another name.")


def _shared(worked: Worked) -> Report:
    """The report of a run as it is passed on, with what people typed where it has a cell for it."""
    earlier = without_home(carried(worked.run.earlier, None))
    return report_of(replace(worked.run, earlier=earlier, home=False), worked.findings)


def exported(worked: Worked) -> bytes:
    """The finished workbook of a run."""
    return to_bytes(lay_out(_shared(worked)))


def _target(bench: Bench, suffix: str) -> Path:
    """Where the user wants the file, with the ending it needs."""
    if bench.request.save is None:
        raise InputError("No file name was chosen. Press the button again and say where to save.")
    path = bench.request.save
    return path if path.suffix.lower() == suffix else path.with_name(path.name + suffix)


def _ours_or_new(out: Path) -> Stamp | None:
    """The file's stamp; RefusedOutput where there is one that we did not make."""
    stamp = stamp_of(out)
    try:
        previous(out)
    except RefusedOutput as refused:
        message = f"{out.name} is there already and is not an export of ours. Choose another name."
        raise RefusedOutput(message) from refused
    return stamp
