"""Tries in the Excel at hand what no test of ours can: a scratch workbook, and what Excel makes of it.

Each probe writes something as a run does, reads it back, and says what it found. A probe that fails is a finding.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mapseg_xl.excel.addin.doctor import NOTE, OK, PROBLEM, Finding
from mapseg_xl.excel.addin.machine import Machine
from mapseg_xl.hosts.live import functions as live_functions
from mapseg_xl.hosts.live import host as live
from mapseg_xl.hosts.recorder import cells
from mapseg_xl.report.named_functions.rows import ROW_LEVEL
from mapseg_xl.report.plan import lay_out
from mapseg_xl.report.spec import (
    ChartRow,
    Column,
    Formula,
    Heat,
    Input,
    Lines,
    Report,
    Row,
    Section,
    Series,
    Tab,
    Table,
)
from mapseg_xl.report.verbs import Live, NamedFunction

Probe = Callable[[Any], Finding]
TAB = "Self-check"
_MANUAL = "Note it, with the version of Excel, for docs/excel-check.md."
_CARRIED = NamedFunction("SEG_SELF_CHECK", ("won", "tried"), "LAMBDA(won,tried,won/tried)")
_LONGEST = max(ROW_LEVEL, key=lambda function: len(function.formula))
_COUNTS, _HALVES = (30, 18, 4), (15.0, 9.0, 2.0)
_LIKE_FORMULAS = ("=1+1", "+49 30 1234", "007", "1/2", "TRUE", "1e5", "'quoted")


def facts(told: Mapping[str, str], machine: Machine) -> tuple[Finding, ...]:
    """What the add-in's VBA says of its Excel, held against what the installation supposes."""
    if not told:
        return ()
    said = (
        f"Version {told.get('EXCEL', '?')}, {told.get('BITS', '?')} bit, {told.get('SYSTEM', '?')}."
    )
    found = [Finding("This Excel", OK, said)]
    startup = told.get("STARTUP", "")
    if startup and not _same_folder(startup, str(machine.startup_folder)):
        found.append(
            Finding(
                "Start-up folder",
                NOTE,
                f"This Excel starts workbooks in {startup}, the add-in was put into {machine.startup_folder}.",
                f"If the ribbon is missing after a restart, copy mapseg.xlam into {startup}.",
            )
        )
    if told.get("HEARS_EVENTS", "").casefold() not in ("true", "wahr", "vrai", "verdadero", "-1"):
        found.append(
            Finding(
                "Changed cells",
                PROBLEM,
                "The add-in does not hear of changes: long columns are read at every calculation.",
                "Restart Excel. If it stays, another add-in may stop events.",
            )
        )
    return tuple(found)


def _same_folder(one: str, other: str) -> bool:
    def plain(path: str) -> str:
        return path.replace("\\", "/").rstrip("/").casefold()

    return plain(one) == plain(other)


def probes(book: Any, *, with_functions: bool) -> tuple[Finding, ...]:
    """Every probe on a scratch workbook. `with_functions`: cell functions of the add-in are expected."""
    asked: list[tuple[str, Probe]] = [
        ("Text stays text", text_stays_text),
        ("A tab of ours", a_tab_is_drawn),
        ("Functions a workbook carries", carried_functions),
    ]
    if with_functions:
        asked += [("Cell functions", cell_functions), ("True errors", true_errors)]
    return tuple(_tried(subject, probe, book) for subject, probe in asked)


def _tried(subject: str, probe: Probe, book: Any) -> Finding:
    """A probe's finding; whatever Excel refuses is one as well."""
    try:
        return probe(book)
    except Exception as refused:  # noqa: BLE001  # any failure here is what the check is to find out
        return Finding(subject, PROBLEM, f"{type(refused).__name__}: {refused}", _MANUAL)


def text_stays_text(book: Any) -> Finding:
    """Texts that look like formulas, numbers or dates come back as they were."""
    sheet = book.sheets[0]
    cell = sheet.range(f"A1:A{len(_LIKE_FORMULAS)}")
    cell.raw_value = [["'" + text] for text in _LIKE_FORMULAS]
    found = [row[0] for row in cell.options(ndim=2).value]
    wrong = [
        f"{text} became {got!r}"
        for text, got in zip(_LIKE_FORMULAS, found, strict=True)
        if got != text
    ]
    return _judged("Text stays text", wrong, f"{len(found)} texts that look like something else.")


def a_tab_is_drawn(book: Any) -> Finding:
    """A small tab with figures, formulas, inputs, colours and a chart, as a run draws it."""
    plan = lay_out(_report())
    written = live.write(plan, book)
    sheet = plan.sheets[0]
    tab = book.sheets[sheet.name]
    wrong = []
    for (row, column), value in cells(sheet).items():
        wanted = value.value if isinstance(value, Live) else value
        got = tab.range((row + 1, column + 1)).value
        if isinstance(wanted, int | float) and not _close(got, wanted):
            wrong.append(f"{tab.range((row + 1, column + 1)).address} holds {got!r}, not {wanted}")
    if not len(tab.charts):
        wrong.append("no chart")
    finding = _judged("A tab of ours", wrong, "Figures, formulas, inputs, colours and a chart.")
    left = "; ".join(
        line for line in written.unfinished if not line.startswith(live_functions.SUBJECT)
    )
    if finding.state == OK and left:
        return Finding(
            "A tab of ours", NOTE, f"Right, but this Excel would not take: {left}", _MANUAL
        )
    return finding


def carried_functions(book: Any) -> Finding:
    """The named LAMBDA that came with the tab computes, so that functions work here without the add-in."""
    cell = book.sheets[0].range("C1")
    cell.formula = f"={_CARRIED.name}(30,40)"
    got = cell.value
    subject = "Functions a workbook carries"
    if _close(got, 0.75):
        if _LONGEST.name in book.names:
            return Finding(subject, OK, "A named LAMBDA computes, and the longest is taken too.")
        length = len(_LONGEST.formula)
        said = (
            f"A short named LAMBDA computes, {_LONGEST.name} of {length:,} characters is refused."
        )
        return Finding(subject, NOTE, said, _MANUAL)
    return Finding(
        subject,
        NOTE,
        f"This Excel has no LAMBDA: {_CARRIED.name}(30,40) gives {got!r}.",
        "Functions in cells need the add-in here; Excel 2024 and Microsoft 365 have LAMBDA.",
    )


def cell_functions(book: Any) -> Finding:
    """The add-in's functions answer with the number of a printed example (Newcombe 1998)."""
    cell = book.sheets[0].range("D1")
    cell.formula = "=SEG_RATE_LOW(81,263)"
    got = cell.value
    if isinstance(got, float) and abs(got - 0.2553) < 0.00005:
        return Finding("Cell functions", OK, "SEG_RATE_LOW(81,263) gives 25.5%, as printed.")
    return Finding(
        "Cell functions",
        PROBLEM,
        f"SEG_RATE_LOW(81,263) gives {got!r} instead of 0.2553.",
        "Is the add-in ticked under File > Options > Add-ins, and does Check installation find Python?",
    )


def true_errors(book: Any) -> Finding:
    """Wrong input is an error that IFERROR sees, not a text."""
    sheet = book.sheets[0]
    sheet.range("E1").formula = "=SEG_RATE_LOW(30,20)"
    sheet.range("E2").formula = '=IF(ISERROR(E1),"error","no error")'
    if sheet.range("E2").value == "error":
        return Finding("True errors", OK, "SEG_RATE_LOW(30,20) is a true #VALUE!.")
    return Finding("True errors", PROBLEM, f"It gives {sheet.range('E1').value!r}.", _MANUAL)


def _judged(subject: str, wrong: list[str], well: str) -> Finding:
    if not wrong:
        return Finding(subject, OK, well)
    more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
    return Finding(subject, PROBLEM, "; ".join(wrong[:3]) + more, _MANUAL)


def _close(got: Any, wanted: float) -> bool:
    return isinstance(got, int | float) and abs(float(got) - wanted) < 1e-9


def _report() -> Report:
    columns = (
        Column("segment", "Segment", 0, "label"),
        Column("n", "Customers", 1, "count"),
        Column("half", "Half", 2, "decimal"),
        Column("share", "Share", 3, "share"),
        Column("yours", "Yours", 4, "input"),
    )
    rows = tuple(
        Row(
            name,
            {
                "segment": name,
                "n": n,
                "half": Formula("{n}/2", half),
                "share": n / sum(_COUNTS),
                "yours": Input(0.25, "share", low=0, high=1),
            },
        )
        for name, n, half in zip(("=Big", "Middle", "Small"), _COUNTS, _HALVES, strict=True)
    )
    heat = Heat("heat", "table", ("share",), "kept", 0, 1)
    line = Series("Everybody", "first", (1.0, 0.8, 0.6))
    chart = Lines(
        "chart", "Share still here", "a line", (0.0, 1.0, 2.0), (line,), 2, 1, 1, "share0"
    )
    section = Section("A table", (Table("table", columns, rows), heat, ChartRow((chart,))))
    tab = Tab(TAB, "", "A tab as a run draws it", "", (section,), has_inputs=True)
    return Report((tab,), TAB, TAB, "", functions=(_CARRIED, _LONGEST))
