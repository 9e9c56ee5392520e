"""The finished workbook, calculated anew by LibreOffice: every figure as we wrote it, inputs that work."""

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from mapseg_xl.hosts.file import to_bytes
from mapseg_xl.report.plan import lay_out
from mapseg_xl.report.report import build_report
from mapseg_xl.report.spec import Input, Report, Table
from mapseg_xl.settings import Settings
from tests.report.tabs.sample import ODD_NAMES, found, telco, trial_rows, trials
from tests.tools.office import need_office, recalculated
from tests.tools.validator import complaints, need_validator

pytestmark = [pytest.mark.office, pytest.mark.slow]


def saved(report: Report, folder: Path) -> Path:
    path = folder / "book.xlsx"
    path.write_bytes(to_bytes(lay_out(report)))
    return path


def typed(report: Report, **values: float | None) -> Report:
    """The report with other values in its assumptions."""
    tabs = []
    for tab in report.tabs:
        sections = []
        for section in tab.sections:
            parts = [
                _typed(part, values)
                if isinstance(part, Table) and part.id == "assumptions"
                else part
                for part in section.parts
            ]
            sections.append(replace(section, parts=tuple(parts)))
        tabs.append(replace(tab, sections=tuple(sections)))
    return replace(report, tabs=tuple(tabs))


def _typed(table: Table, values: dict[str, float | None]) -> Table:
    rows = []
    for row in table.rows:
        cell = row.cells["value"]
        assert isinstance(cell, Input)
        new = replace(cell, value=values.get(row.key, cell.value))
        rows.append(replace(row, cells={**row.cells, "value": new}))
    return replace(table, rows=tuple(rows))


def formulas(book: Path):
    """Sheet, address, formula of every formula cell."""
    for sheet in openpyxl.load_workbook(book):
        for row in sheet.iter_rows():
            yield from ((sheet.title, c.coordinate, c.value) for c in row if c.data_type == "f")


def number_of(plan, tab: str, block: str, row: str, column: str) -> tuple[str, str]:
    place = plan.places[tab, block, row, column]
    return place.sheet, place.address


def oddly_named():
    """Trials by names that look like formulas, criteria or markup, and names alike up to their 31st letter."""
    alike = ("Abcdefghijklmnopqrstuvwxyz 0123 one", "Abcdefghijklmnopqrstuvwxyz 0123 two")
    long = ("x" * 200, "x" * 100 + "y" * 100)
    names = (*ODD_NAMES, *alike, *long, "A | B", "Same", "SAME", 'say "so" & <b>{n}', "'+1")
    rows = [row | {"employees": names[at % len(names)]} for at, row in enumerate(trial_rows(1500))]
    return found(
        rows, settings=Settings(gross_margin=0.78), segment_by=("employees", "employees x channel")
    )


def test_a_workbook_of_odd_names_is_valid(tmp_path):
    need_validator()
    assert not complaints(saved(build_report(oddly_named()), tmp_path))


@pytest.mark.parametrize(
    "findings",
    [
        lambda: telco("contract", "internet_service"),
        trials,
        lambda: trials(gross_margin=None),
        lambda: trials(12),
        oddly_named,
    ],
    ids=["telco", "trials", "no margin", "twelve rows", "odd names"],
)
def test_recalculation_gives_the_values_we_wrote(findings, tmp_path):
    need_office()
    book = saved(build_report(findings()), tmp_path)
    before = openpyxl.load_workbook(book, data_only=True)
    after = openpyxl.load_workbook(recalculated(book, tmp_path), data_only=True)
    wrong = []
    for sheet, address, text in formulas(book):
        one, other = (b[sheet][address].value or "" for b in (before, after))
        if isinstance(one, int | float) and isinstance(other, int | float):
            if abs(one - other) <= 1e-9 * max(1.0, abs(one)):
                continue
        elif {one, other} <= {"", 0} or one == other:
            continue
        wrong.append((sheet, address, text, one, other))
    assert not wrong


def test_a_margin_typed_in_gives_the_lifetime_value_of_a_run_with_it(tmp_path):
    need_office()
    report = typed(build_report(trials(gross_margin=None)), gross_margin=0.78)
    plan = lay_out(report)
    after = openpyxl.load_workbook(recalculated(saved(report, tmp_path), tmp_path), data_only=True)
    for row in [r for r in trials().performance if r.metric == "ltv" and r.value]:
        sheet, address = number_of(plan, "Survival & LTV", "figures", row.segment_id, "ltv")
        assert after[sheet][address].value == pytest.approx(row.value, rel=1e-9)
    head = plan.places["Survival & LTV", "figures", "", "ltv"]
    assert str(after[head.sheet][head.address].value).endswith("LTV")


def test_an_emptied_discount_empties_what_needs_it_and_breaks_nothing(tmp_path):
    need_office()
    report = typed(build_report(trials()), annual_discount=None)
    plan = lay_out(report)
    book = saved(report, tmp_path)
    after = openpyxl.load_workbook(recalculated(book, tmp_path), data_only=True)
    sheet, address = number_of(plan, "Survival & LTV", "figures", "ALL", "ltv")
    assert after[sheet][address].value in (None, "")
    errors = [
        (where, cell) for where, cell, _ in formulas(book)
        if str(after[where][cell].value).startswith("#")
    ]  # fmt: skip
    assert not errors
