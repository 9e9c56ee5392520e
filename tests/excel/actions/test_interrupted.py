"""Runs that end half-way, in a real spreadsheet program: an error, a wish to stop, a killed Python. Nothing is lost."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.report.tabs.sample import trial_rows

pytestmark = [pytest.mark.office, pytest.mark.slow]


@pytest.fixture
def team(calc_app, tmp_path, monkeypatch):
    """A workbook with a list of customers, run once, with a margin typed since."""
    from tests.excel.actions.calc_ribbon import Ribbon

    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    book = calc_app.books.add()
    ribbon = Ribbon(calc_app, tmp_path / "stop")
    path = tmp_path / "crm.csv"
    rows = trial_rows(400)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert "400 rows" in ribbon.press("add_files", FILE=str(path)).message
    ended = ribbon.press("compare")
    assert (ended.tab, ended.message) == ("Performance", "")
    return book, ribbon


def values(book):
    from tests.excel.actions.calc_ribbon import texts

    return {sheet.name: texts(sheet) for sheet in book.sheets if sheet.visible in (True, -1)}


def after(count, act):
    """Something that happens at the count-th change of cells."""
    left = [count]

    def breaks(_):
        left[0] -= 1
        if left[0] == 0:
            act()

    return breaks


def test_an_error_half_way_puts_the_tabs_back_and_the_next_run_completes(team):
    book, ribbon = team
    before = values(book)

    def fail():
        raise OSError("the disk is gone")

    ribbon.app.impl.breaks = after(25, fail)
    ended = ribbon.press("run_all")
    ribbon.app.impl.breaks = None
    assert "Your own sheets were not changed" in ended.message
    now = values(book)
    assert {name: now[name] for name in before} == before
    assert ribbon.press("run_all").tab == "Summary"
    assert set(before) < set(values(book))


def test_a_wish_to_stop_before_writing_changes_nothing(team, tmp_path):
    book, ribbon = team
    before = values(book)
    said = []

    def press_escape(text):
        said.append(text)
        (tmp_path / "stop").touch()

    ribbon.app.impl.macros["'mapseg.xlam'!MapsegProgress"] = press_escape
    ended = ribbon.press("run_all")
    assert ended.message == "Stopped. Nothing was written."
    assert said
    assert values(book) == before


def test_a_python_killed_half_way_leaves_a_workbook_that_the_next_run_completes(team, calc_office):
    book, ribbon = team
    before = values(book)
    office = calc_office.fresh()
    script = Path(__file__).with_name("killed_run.py")
    killed = subprocess.run(
        [sys.executable, str(script), office.pipe, str(office.pid), "run_all", "40"],
        cwd=Path(__file__).parents[3],
        env={**os.environ, "PYTHONPATH": "."},
        capture_output=True,
        timeout=200,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()[-2000:]
    for switch in ("screen_updating", "enable_events", "display_alerts"):
        setattr(ribbon.app, switch, False)  # as a killed run leaves them in Excel
    assert ribbon.app.calculation == "manual"
    half = values(book)
    own = next(name for name in before if name.startswith("crm"))
    assert half[own] == before[own]
    assert half != before
    ended = ribbon.press("run_all")
    assert (ended.tab, ended.message) == ("Summary", "")
    done = values(book)
    assert done["Performance"][2:] == before["Performance"][2:]  # above: links to what is there
    switches = ribbon.app.screen_updating, ribbon.app.enable_events, ribbon.app.display_alerts
    assert switches == (True, True, True)
    assert ribbon.app.calculation == "automatic"


def test_ids_and_dates_of_a_csv_come_in_as_they_are_written(calc_app, tmp_path, monkeypatch):
    from tests.excel.actions.calc_ribbon import Ribbon

    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    book = calc_app.books.add()
    path = tmp_path / "export.csv"
    path.write_text(
        "customer_id,signup,plan\n007,2025-03-04,1/2\n1e5,2025-12-31,=A1\n", encoding="utf-8"
    )
    ended = Ribbon(calc_app, tmp_path / "stop").press("add_files", FILE=str(path))
    sheet = book.sheets[ended.tab]
    assert sheet.range("A2:A3").value == ["007", "1e5"]
    assert [day.date().isoformat() for day in sheet.range("B2:B3").value] == [
        "2025-03-04",
        "2025-12-31",
    ]
    assert sheet.range("C2:C3").value == ["1/2", "=A1"]
    assert sheet.range("C3").formula == "=A1"
