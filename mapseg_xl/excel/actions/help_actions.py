"""The buttons that open a workbook of their own: the sample, the functions, the check of this computer."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from mapseg_xl.errors import InputError
from mapseg_xl.excel.actions.bench import Bench
from mapseg_xl.excel.actions.done import Done
from mapseg_xl.excel.addin import doctor
from mapseg_xl.excel.addin.machine import WINDOWS, this_machine
from mapseg_xl.excel.addin.self_check import facts, probes
from mapseg_xl.excel.template.guide import functions_report
from mapseg_xl.hosts.file import to_bytes
from mapseg_xl.report.plan import lay_out
from mapseg_xl.report.spec import Cell, Column, Report, Row, Section, Tab, Table

SAMPLE = "lessonry-segmentation.xlsx"
INSTALLATION = "Installation check"
_PACKAGE = Path(__file__).parents[2]
_STATES = {"ok": "chip.better", "note": "chip.unsure", "problem": "chip.worse"}
_STATE_WORDS = {"ok": "fine", "note": "to know", "problem": "to mend"}


def try_the_sample(bench: Bench) -> Done:
    """A copy of the finished example, so that whatever is tried in it, the next one is new."""
    copy = _free(bench.folder, SAMPLE)
    shutil.copyfile(sample(), copy)
    bench.open(copy)
    return Done()


def sample() -> Path:
    """The finished workbook that comes with the package, or lies beside it in a checkout."""
    for folder in (_PACKAGE / "samples", _PACKAGE.parent / "examples"):
        if (folder / SAMPLE).is_file():
            return folder / SAMPLE
    raise InputError(f"{SAMPLE} is missing from this installation. Install mapseg-xl again.")


def check_installation(bench: Bench) -> Done:
    """What works on this computer and what to do about the rest, as a workbook of its own.

    Beside what the doctor finds from outside, what Excel makes of a scratch workbook, which is closed again.
    """
    machine = this_machine()
    scratch = bench.scratch()
    try:
        tried = probes(scratch, with_functions=machine.system == WINDOWS)
    finally:
        scratch.close()
    findings = (*doctor.check(machine), *facts(bench.request.facts, machine), *tried)
    return _opened(bench, installation_report(findings), "installation-check.xlsx")


def functions(bench: Bench) -> Done:
    """Every formula with an example that works, as a workbook of its own."""
    return _opened(bench, functions_report(), "seg-functions.xlsx")


def _opened(bench: Bench, report: Report, name: str) -> Done:
    """A report as a file of its own, opened: its figures are there whatever Excel makes of the formulas."""
    path = _free(bench.folder, name)
    path.write_bytes(to_bytes(lay_out(report)))
    bench.open(path)
    return Done()


def installation_report(findings: Iterable[doctor.Finding]) -> Report:
    """The findings as a tab, the problems first."""
    order = list(_STATES)[::-1]
    listed = sorted(findings, key=lambda finding: order.index(finding.state))
    problems = sum(finding.state == "problem" for finding in listed)
    head = {0: "Everything that was looked at works.", 1: "One thing needs mending."}
    columns = (
        Column("subject", "What", 0, "label"),
        Column("state", "State", 1, "chip"),
        Column("said", "Found", 2, "text"),
        Column("do", "What to do", 6, "text"),
    )
    rows = tuple(
        Row(
            str(at),
            {
                "subject": finding.subject,
                "state": Cell(_STATE_WORDS[finding.state], _STATES[finding.state]),
                "said": finding.said,
                "do": finding.do,
            },
        )
        for at, finding in enumerate(listed)
    )
    section = Section("This computer", (Table("checks", columns, rows),))
    headline = head.get(problems, f"{problems} things need mending.")
    subline = "Send this page along when you ask for help."
    tab = Tab(
        INSTALLATION, "", headline, subline, (section,), widths={1: 76, 5: 60, 9: 120, 10: 120}
    )
    return Report((tab,), INSTALLATION, INSTALLATION, "")


def _free(folder: Path, name: str) -> Path:
    """A path in the folder whose name no file has: an open workbook can neither be replaced nor opened twice."""
    folder.mkdir(parents=True, exist_ok=True)
    path, copy = folder / name, 2
    while path.exists():
        path, copy = folder / f"{Path(name).stem} {copy}{Path(name).suffix}", copy + 1
    return path
