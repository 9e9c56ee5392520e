"""The template: its example is read as it is meant, what is typed in it counts, and it is the same each time."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pytest

from mapseg_xl.cli import main
from mapseg_xl.excel.template.content import template_plan, template_report
from mapseg_xl.excel.template.customers_form import NAMED, STATUSES, customers_tab
from mapseg_xl.excel.template.example_customers import LAST_DAY, example_customers
from mapseg_xl.hosts.file import to_bytes
from mapseg_xl.hosts.previous import typed_in
from mapseg_xl.intake.customers import read_sources
from mapseg_xl.intake.tables import Status
from mapseg_xl.report.carried import carried, without_home
from mapseg_xl.report.identity import Previous
from mapseg_xl.report.memory import SHEET, from_rows
from mapseg_xl.report.parts.home.run_settings import (
    BUSINESS,
    WORTH,
    has_settings,
    typed_settings_of,
)
from mapseg_xl.report.parts.names import (
    ASSUMPTIONS,
    CUSTOMERS,
    FUNCTIONS,
    MY_SEGMENTS,
    START,
    SURVIVAL,
    TAM_SCORING,
    VALUE,
)
from mapseg_xl.report.parts.own_segments import typed_segments
from mapseg_xl.report.parts.scoring.answers import ANSWERED, typed_answers
from mapseg_xl.report.verbs import DataTable, Entry
from tests.tools.validator import complaints, need_validator


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "team.xlsx"
    path.write_bytes(to_bytes(template_plan()))
    return path


def test_it_is_the_same_each_time() -> None:
    assert to_bytes(template_plan()) == to_bytes(template_plan())


def test_it_opens_on_start_here_which_all_tabs_link_back_to() -> None:
    report = template_report()
    assert report.tabs[0].name == report.front_tab == START
    assert {tab.name for tab in report.tabs} >= {CUSTOMERS, TAM_SCORING, MY_SEGMENTS, FUNCTIONS}


def test_customers_is_the_teams_own_sheet_and_all_others_are_ours(book: Path) -> None:
    rows = openpyxl.load_workbook(book)[SHEET].iter_rows(max_col=2, values_only=True)
    remembered = from_rows(rows)
    assert set(remembered.written) == {tab.name for tab in template_report().tabs} - {CUSTOMERS}
    assert set(remembered.said) == set(remembered.written)


def test_customers_is_an_excel_table_with_lists_and_dates_checked() -> None:
    sheet = next(s for s in template_plan().sheets if s.name == CUSTOMERS)
    (table,) = (verb for verb in sheet.verbs if isinstance(verb, DataTable))
    assert table.name == NAMED
    assert table.rect.bottom - table.rect.top == len(example_customers())
    entries = {e.rect.left: e for e in sheet.verbs if isinstance(e, Entry)}
    assert set(entries) == set(range(table.rect.left, table.rect.right + 1))
    assert STATUSES in {entry.choices for entry in entries.values()}
    assert sum(entry.kind == "date" for entry in entries.values()) == 3
    assert all(e.rect.top == table.rect.top + 1 for e in entries.values())


def test_nothing_stands_below_the_table_so_that_it_may_grow() -> None:
    sheet = next(s for s in template_plan().sheets if s.name == CUSTOMERS)
    table = next(verb for verb in sheet.verbs if isinstance(verb, DataTable))
    written = [verb.rect.bottom for verb in sheet.verbs if type(verb).__name__ == "Block"]
    assert max(written) == table.rect.bottom
    assert customers_tab().notes == ()


def test_every_column_is_read_without_doubt_as_what_it_is(book: Path) -> None:
    sources = read_sources([book])
    examples = example_customers()
    assert all(guess.sure for guess in sources.guesses)
    assert sources.customers.sheet == CUSTOMERS
    assert [str(i) for i in sources.customers.ids] == [e.customer_id for e in examples]
    said = [Status(s).name.capitalize() for s in sources.customers.status]
    assert said == [e.status for e in examples]
    assert {t.name for t in sources.customers.traits} == {
        "Industry", "Employees", "Country", "Channel",
    }  # fmt: skip
    assert not [i for i in sources.issues if i.severity in ("error", "warning")]


def test_our_own_tabs_are_no_data_and_are_read_when_named(book: Path) -> None:
    assert len(read_sources([book]).taken) == 1
    with pytest.raises(Exception, match="has no sheet 'Nothing'"):
        main_error(book, "Nothing")


def main_error(book: Path, sheet: str) -> None:
    from mapseg_xl.intake.workbook import read_sheets

    assert [s.sheet for s in read_sheets(book, ["my segments"])] == [MY_SEGMENTS]
    read_sheets(book, [sheet])


def test_its_examples_count_as_typed(book: Path) -> None:
    home = typed_in(book)
    assert has_settings(home)
    assert [s.name for s in typed_segments(home)] == ["Agencies from 10 people", "Referred"]
    assert len(typed_answers(home).market) == 12
    assert typed_settings_of(home) == {}


def test_a_run_over_it_compares_its_segments_and_scores_their_answers(
    book: Path, tmp_path: Path
) -> None:
    out, tables = tmp_path / "out.xlsx", tmp_path / "tables"
    assert main(["run", str(book), "--out", str(out), "--tables", str(tables)]) == 0
    facts = json.loads((tables / "run.json").read_text(encoding="utf-8"))
    assert facts["as_of"] <= LAST_DAY.isoformat()
    with (tables / "priorities.csv").open(encoding="utf-8") as file:
        named = {row["segment"] for row in csv.DictReader(file)}
    assert {"Agencies from 10 people", "Referred"} <= named


def test_the_answers_stand_in_the_finished_workbook_and_nothing_is_unplaced(
    book: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.xlsx"
    assert main(["run", str(book), "--out", str(out)]) == 0
    held = typed_in(out)
    assert held is not None
    answers = {k[3]: v for k, v in held.typed.items() if k[:2] == (TAM_SCORING, ANSWERED)}
    assert answers["source"] == "an example"
    assert not [key for key in held.typed if key[1] == "unplaced"]


def test_a_wrong_setting_stops_the_run_with_its_cell(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = typed_in(book)
    assert home is not None
    cell = home.cell(BUSINESS[1].key)
    path, out = tmp_path / "wrong.xlsx", tmp_path / "out.xlsx"
    fill(book, path, cell, "03/04/2026")
    assert main(["run", str(path), "--out", str(out)]) == 1
    assert f"{cell}: '03/04/2026' cannot be used for Count up to" in (capsys.readouterr().err)
    assert not out.exists()


def test_what_the_finished_workbook_says_wins_over_the_teams(book: Path) -> None:
    home = typed_in(book)
    assert home is not None
    key = next(k for k in home.edits if k[1] == ANSWERED)
    out = Previous(typed={key: "other"})
    both = carried(home, out)
    assert both is not None
    assert both.edits[key] == "other"
    margin = WORTH[0].key
    with_margin = carried(Previous(typed={margin: 0.5}), None)
    assert typed_settings_of(with_margin) == {"gross_margin": 0.5}
    assert without_home(with_margin) == Previous()
    assert carried(None, out) is out


def test_a_margin_typed_in_the_finished_workbook_wins_over_settings_in_every_later_run(
    book: Path, tmp_path: Path
) -> None:
    source, out = tmp_path / "team.xlsx", tmp_path / "out.xlsx"
    home = typed_in(book)
    assert home is not None
    fill(book, source, home.cell(WORTH[0].key), 0.5)
    assert main(["run", str(source), "--out", str(out)]) == 0
    assert margin(out) == 0.5
    held = typed_in(out)
    assert held is not None
    fill(out, out, held.cell((SURVIVAL, ASSUMPTIONS, "gross_margin", VALUE)), 0.6)
    for _ in range(2):
        assert main(["run", str(source), "--out", str(out)]) == 0
        assert margin(out) == 0.6


def fill(book: Path, path: Path, cell: str, value: object) -> None:
    """The workbook with something typed in a cell."""
    sheet, _, address = cell.rpartition("!")
    changed = openpyxl.load_workbook(book)
    changed[sheet][address] = value
    changed.save(path)


def margin(out: Path) -> object:
    held = typed_in(out)
    return held.typed[SURVIVAL, ASSUMPTIONS, "gross_margin", VALUE] if held else None


def test_the_validator_finds_nothing(book: Path) -> None:
    need_validator()
    assert complaints(book) == []
