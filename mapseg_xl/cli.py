"""The command line. The only place that prints; imports nothing heavy before a command runs."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mapseg_xl import __version__
from mapseg_xl.errors import InputError, MapsegError
from mapseg_xl.excel.commands import add_excel_parsers
from mapseg_xl.options import add_merge_options, add_run_options, add_source_options

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mapseg_xl.commands import Outcome
    from mapseg_xl.intake.tables import Sources
    from mapseg_xl.request import Progress, Request
    from mapseg_xl.write_back import Written

# numpy reads it when it loads: our matrices are small, and threads waiting for each other cost a third of a run
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "1")
DONE, UNUSABLE = 0, 1  # argparse exits with 2 on misuse


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code: 0 done, 1 the input cannot be used, 2 misuse."""
    args = parser().parse_args(arguments)
    os.environ.setdefault(*ONE_THREAD)
    gc.disable()  # a command ends before rubbish matters; looking for it in millions of cells takes a tenth of the time
    try:
        command: Callable[[argparse.Namespace], int] = args.command
        return command(args)
    except MapsegError as error:
        print(f"mapseg: {error}", file=sys.stderr)
        return UNUSABLE
    except BrokenPipeError:
        return UNUSABLE
    except OSError as error:
        if not error.filename:  # none of the files that were named: a bug keeps its traceback
            raise
        print(f"mapseg: {error.filename}: {error.strerror}.", file=sys.stderr)
        return UNUSABLE
    finally:
        gc.enable()


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    top = argparse.ArgumentParser(
        prog="mapseg",
        description="Customer segmentation by the MAP model, on the files the team already has.",
    )
    top.add_argument("--version", action="version", version=f"mapseg {__version__}")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser(
        "run",
        help="from customer data to a finished segmentation workbook",
        description="Count, compare and write a finished workbook that needs no add-in.",
    )
    add_run_options(run)
    run.set_defaults(command=run_command)
    check = commands.add_parser(
        "check", help="data health only", description="List what is wrong in the data, by cell."
    )
    add_source_options(check)
    check.add_argument("--tables", type=Path, metavar="DIR", help="write data_health.csv there")
    check.set_defaults(command=check_command)
    merge = commands.add_parser(
        "merge",
        help="one row a customer out of several exports",
        description="Join exports: one row a customer, and a report of how they matched, with likely pairs to accept.",
    )
    add_merge_options(merge)
    merge.set_defaults(command=merge_command)
    remove = commands.add_parser(
        "remove",
        help="take the tabs out of a workbook again",
        description="Take every tab that mapseg made out of a workbook, after a backup.",
    )
    remove.add_argument("workbook", type=Path, metavar="WORKBOOK", help="one with tabs in it")
    remove.add_argument("--out", type=Path, metavar="FILE", help="write the result there instead")
    remove.set_defaults(command=remove_command)
    metrics = commands.add_parser(
        "metrics", help="the metric catalogue", description="List every metric and what it needs."
    )
    metrics.set_defaults(command=metrics_command)
    add_excel_parsers(commands)
    return top


def run_command(args: argparse.Namespace) -> int:
    """`mapseg run`."""
    from mapseg_xl import commands

    request = _request(args)
    beside = commands.Beside(args.tables, args.slides, args.customer_lists)
    if args.in_place or args.into:
        place = commands.place_of(args.source, args.into, args.out)
        with _progress() as progress:
            outcome = commands.run_at_home(request, place, beside, progress, args.previous)
    else:
        out = args.out or commands.default_output(args.source[0])
        with _progress() as progress:
            outcome = commands.run(request, out, beside, progress, args.previous)
    _print_outcome(outcome)
    return DONE


def _print_outcome(outcome: Outcome) -> None:
    """What was counted, and what lies where now."""
    whole = outcome.findings.whole
    for sentence in outcome.findings.origin.taken:
        print(sentence)
    counted = "counted on sheets" if outcome.findings.of_sheets else "rows"
    print(
        f"{whole.size:,} {counted}: {whole.leads:,} leads, {whole.trials:,} trials, "
        f"{whole.customers:,} customers, {whole.churned:,} churned."
    )
    issues = sum(i.count for i in outcome.findings.health.issues if i.severity != "note")
    if issues:
        problems = "1 data problem" if issues == 1 else f"{issues:,} data problems"
        print(f"{problems} found; see the tab Data health.")
    if outcome.written:
        _print_written(outcome.written)
    else:
        print(f"Finished workbook: {outcome.workbook}")
    beside = outcome.beside
    for what, path in (
        ("Result tables", beside.tables),
        ("Slides", beside.slides),
        ("Customer lists", outcome.no_lists or beside.lists),
    ):
        if path:
            print(f"{what}: {path}")
    _print_notes(outcome.notes)


def _print_notes(notes: Iterable[str]) -> None:
    for note in notes:
        print(f"mapseg: {note}", file=sys.stderr)


def _print_written(written: Written, done: str = "Tabs written into") -> None:
    """What became of the team's own workbook."""
    if not written.changed:
        print(f"{written.out} is up to date: nothing in it changed.")
        return
    print(f"{done}: {written.out}")
    for sentence in written.beside:
        print(sentence)
    if written.backup:
        print(f"Backup, as it was before: {written.backup}")
    for gone in written.removed:
        print(f"Older backup removed: {gone}")


def check_command(args: argparse.Namespace) -> int:
    """`mapseg check`: lists everything; 1 where a run would stop."""
    from mapseg_xl import commands

    with _progress() as progress:
        checked = commands.check(_request(args), args.tables, progress)
    found = checked.health
    print(
        f"{found.rows_used:,} rows used, {found.rows_left_out:,} left out; "
        f"{found.cells_repaired:,} cells repaired, {found.cells_left_out:,} left out."
    )
    for issue in found.grouped():
        place = f"{issue.sheet}!{issue.cell}" if issue.cell else issue.sheet
        several = f" ({issue.count:,} cells)" if issue.count > 1 else ""
        column = f" {issue.column}:" if issue.column else ""
        print(f"{issue.severity:8}{place} {column} {issue.issue}{several} -> {issue.action}")
    if args.tables is None and found.issues:
        print("Every cell by itself: data_health.csv, with --tables FOLDER.")
    for sentence in checked.stops:
        print(f"mapseg: a run stops here: {sentence}", file=sys.stderr)
    return UNUSABLE if checked.stops else DONE


def merge_command(args: argparse.Namespace) -> int:
    """`mapseg merge`."""
    from mapseg_xl import commands

    with _progress() as progress:
        merged = commands.merge(_request(args), args.out, progress)
    for sentence in merged.sources.taken:
        print(sentence)
    customers = merged.sources.customers.n
    print(f"{customers:,} rows, {len(merged.columns)} columns: {args.out}")
    _print_open_pairs(merged.sources, args.out)
    return DONE


def _print_open_pairs(sources: Sources, out: Path) -> None:
    """How many likely pairs wait for an answer, what they are worth, and where to give it."""
    from mapseg_xl.intake.joining.answers import OPEN

    money = [p.money for p in sources.joining.pairs if p.state == OPEN]
    if not money:
        return
    pairs = "1 likely pair waits" if len(money) == 1 else f"{len(money):,} likely pairs wait"
    worth = sum(abs(m) for m in money if m is not None)
    at_stake = f", {sources.currency}{worth:,.2f} at stake" if worth else ""
    todo = (
        "say yes or no on its tab Match report, then run the same command again"
        if out.suffix.lower() == ".xlsx"
        else "name an .xlsx file with --out to say yes or no"
    )
    print(f"{pairs} for an answer{at_stake}: {todo}.")


def remove_command(args: argparse.Namespace) -> int:
    """`mapseg remove`."""
    from mapseg_xl import commands

    written = commands.remove(args.workbook, args.out)
    _print_written(written, "Tabs taken out of")
    _print_notes(written.notes)
    return DONE


def metrics_command(_: argparse.Namespace) -> int:
    """`mapseg metrics`."""
    from mapseg_xl.metrics.catalog import METRICS

    for metric in METRICS:
        better = "higher is better" if metric.direction == "good_high" else "lower is better"
        print(f"{metric.id:24}{metric.plain_title} ({metric.unit}, {better})")
        print(f"{'':24}{metric.definition}")
        print(f"{'':24}Needs: {metric.needs}.")
    return DONE


def _request(args: argparse.Namespace) -> Request:
    from mapseg_xl.request import Request
    from mapseg_xl.settings import Settings, read_settings

    settings = Settings()
    if getattr(args, "settings", None):
        settings = settings.with_values(read_settings(args.settings), args.settings.name)
    window = getattr(args, "window", None)
    told = {
        "accept_pairs_from": getattr(args, "accept", None),
        "model": getattr(args, "model", None),
        "as_of": getattr(args, "as_of", None),
        "window_days": None if window == "all" else window,
        "window_all": True if window == "all" else None,
    }
    settings = settings.with_values(
        {k: v for k, v in told.items() if v is not None}, "command line"
    )
    return Request(
        sources=tuple(args.source),
        settings=settings,
        sheets=tuple(args.sheet),
        maps=_maps(args.map),
        segment_by=tuple(getattr(args, "segment_by", ())),
        segments=tuple(getattr(args, "segment", ())),
        on=tuple(getattr(args, "on", ())),
        include_email=getattr(args, "include_email", False),
    )


def _maps(pairs: Sequence[tuple[str, str]]) -> dict[str, str | tuple[str, ...]]:
    """What --map says: one column a role, but any number of traits and columns to ignore."""
    maps: dict[str, str | tuple[str, ...]] = {}
    for role, column in pairs:
        if role in ("trait", "ignore"):
            maps[role] = (*maps.get(role, ()), column)
        elif role in maps:
            raise InputError(f"--map names {role} twice. One column plays a role.")
        else:
            maps[role] = column
    return maps


def _progress() -> AbstractContextManager[Progress]:
    return _bar() if sys.stderr.isatty() else _no_bar()


@contextmanager
def _no_bar() -> Iterator[Progress]:
    yield lambda _, __: None


@contextmanager
def _bar() -> Iterator[Progress]:
    """A progress bar that says what is being done; gone when it is done."""
    from rich import progress  # only on a terminal

    columns = (progress.BarColumn(), progress.TextColumn("{task.description}"))
    with progress.Progress(*columns, transient=True, console=_stderr()) as bar:
        task = bar.add_task("Starting", total=1.0)
        yield lambda what, share: bar.update(task, description=what, completed=share)


def _stderr() -> Any:
    from rich.console import Console

    return Console(stderr=True)
