"""The ribbon on the sample team's workbook, in a real spreadsheet program: LibreOffice Calc through xlwings' own API.

One sitting: buttons from left to right, then answers are typed and everything runs again, then the run is undone.
"""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from mapseg_xl.excel.buttons import BUTTONS, PROFILES

pytestmark = [
    pytest.mark.office,
    pytest.mark.slow,
    pytest.mark.xdist_group("the ribbon in a spreadsheet program"),  # one sitting, one worker
]

SAMPLE = Path("examples/lessonry-team.xlsx")
NOTES = "Team notes"  # a sheet of somebody's own, with formulas that point at our tabs
OWN_SITTING = {"add_files", "undo_last_run", "refresh", "try_the_sample", "check_installation"}
SECTIONS = {
    "Conversion": "conversion",
    "Revenue a customer a month": "arpu",
    "Leaving each month": "monthly_churn",
    "Still here at 12 months": "survival_12m",
    "Still here at 24 months": "survival_24m",
    "12-month lifetime value": "ltv",
    "Cost to win a customer": "cac",
}
HEADS = ("Segment", "Value", "Candidate")  # first words of our tables
NAMED = ("my segments", "hypotheses")
HEALTHCARE = {
    "reachable": 0.5, "growth": 0.1, "competition": 0, "roadmap_fit": 3, "scalable_channel": 3,
    "accounts": 8000, "winnable": 0.1,
}  # fmt: skip


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """What the command line says of the same workbook."""
    from mapseg_xl.cli import main

    folder = tmp_path_factory.mktemp("tables")
    out = folder / "out.xlsx"
    assert main(["run", str(SAMPLE), "--out", str(out), "--tables", str(folder)]) == 0
    return {path.stem: lines(path) for path in folder.glob("*.csv")}


def lines(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def sitting(calc_session, tmp_path_factory):
    """Everything that was seen, by what it is."""
    from tests.excel.actions.calc_ribbon import Ribbon, held

    folder = tmp_path_factory.mktemp("sitting")
    seen = SimpleNamespace(folder=folder, ended={}, tabs={})
    with pytest.MonkeyPatch.context() as patch, calc_session.app(1500) as app:
        patch.setenv("XDG_CONFIG_HOME", str(folder))
        shutil.copy(SAMPLE, folder / SAMPLE.name)
        book = app.books.open(folder / SAMPLE.name)
        ribbon = Ribbon(app, folder / "stop")
        team = [sheet.name for sheet in book.sheets]
        seen.team = {name: held(book.sheets[name]) for name in team}
        _buttons_in_order(ribbon, book, seen)
        book.activate()
        seen.first = _values(book)
        seen.ended["run all"] = ribbon.press("run_all")
        seen.again = _values(book)
        seen.counting = _counting(book)
        _type_and_run(ribbon, book, seen)
        seen.ended["undo_last_run"] = ribbon.press("undo_last_run")
        seen.undone = _values(book)
        seen.pointing.append(book.sheets[NOTES].range("A1:A2").value)
        seen.team_after = {name: held(book.sheets[name]) for name in team}
        seen.said = list(ribbon.said)
        seen.quiet = _settings(app)
    return seen


def _buttons_in_order(ribbon, book, seen):
    for button in BUTTONS.values():
        if button.id in OWN_SITTING:
            continue
        ribbon.app.impl.answers[:] = ["yes"] * 5
        book.activate()  # some buttons open another one
        before = {sheet.name for sheet in book.sheets}
        target = seen.folder / f"{button.id}.out"
        seen.ended[button.id] = ribbon.press(button.id, SAVE=str(target), NAMES="Ann, Bob")
        seen.tabs[button.id] = [s.name for s in book.sheets], before


def _type_and_run(ribbon, book, seen):
    from tests.excel.actions.calc_ribbon import places

    notes = book.sheets.add(NOTES, after=book.sheets[-1])
    row = _row(book.sheets["Performance"], "Conversion", "Freelancers")
    notes.range("A1:A2").formula = [[f"=Performance!D{row}"], [f'=Performance!B{row}&" converts"']]
    seen.pointing = [notes.range("A1:A2").value]
    cells = places(book)
    healthcare = _id_of(cells, "Healthcare", book)
    seen.typed = {key: HEALTHCARE[key[3]] for key in cells if key[:1] == ("TAM scoring",)
                  and key[2] == healthcare and key[3] in HEALTHCARE}  # fmt: skip
    seen.typed |= {key: 0.25 for key in cells if key[0] == "What if" and key[2] == "step"}
    for key, value in seen.typed.items():
        cells[key].value = value
    seen.live = _values(book)
    seen.ended["typed"] = ribbon.press("run_all")
    seen.pointing.append(notes.range("A1:A2").value)
    seen.after = _values(book)
    seen.kept = {key: cell.value for key, cell in places(book).items()}


def _id_of(cells, name, book):
    """The key of the row in which a segment's answers stand."""
    sheet = book.sheets["TAM scoring"]
    for key, cell in cells.items():
        if key[0] == "TAM scoring" and sheet.range((cell.row, 2)).value == name:
            return key[2]
    raise AssertionError(f"TAM scoring has no row {name}")


def _values(book):
    from tests.excel.actions.calc_ribbon import texts

    return {s.name: texts(s) for s in book.sheets if s.visible in (True, -1)}


def _counting(book):
    """Scatter charts in which Excel would not use our x."""
    from tests.calc.charts import counts_instead

    charts = [chart for sheet in book.sheets for chart in sheet.charts]
    assert len(charts) > 10
    return [(chart.name, cells) for chart in charts if (cells := counts_instead(chart.impl))]


def _settings(app):
    return app.screen_updating, app.enable_events, app.display_alerts, app.calculation


def _row(sheet, section, segment):
    """The row of a segment in a section of a tab, as a person finds it."""
    rows = [row[1] for row in sheet.range("A1:C400").value]
    return rows.index(segment, rows.index(section)) + 1


def found(rows, section, column):
    """Cells of a section, by the label in their row: `column` is what its head says."""
    heads = (i for i, row in enumerate(rows[:-1]) if row[1] == section and rows[i + 1][1] in HEADS)
    at = next(heads, None)
    if at is None:
        return {}
    head = rows[at + 1].index(column)
    picked = {}
    for row in rows[at + 2 :]:
        if row[1] in (None, "All") or len(picked) > 60 or row[1] in SECTIONS:
            break
        picked[row[1]] = row[head]
    return picked


def close(text, number):
    return number == pytest.approx(float(text), rel=1e-9, abs=1e-12)


def test_every_button_ends_with_a_plain_word_and_its_own_tab_in_front(sitting):
    for name, ended in sitting.ended.items():
        assert "Something went wrong" not in ended.message, (name, ended)
        button = BUTTONS.get(name)
        if button and button.tabs and button.tabs[0] != PROFILES:
            assert ended.tab.removesuffix(" 2") in button.tabs, (name, ended)  # the team has one


def test_a_button_writes_the_tabs_it_names(sitting):
    for name, (tabs, _) in sitting.tabs.items():
        wanted = {tab for tab in BUTTONS[name].tabs if tab != PROFILES}
        theirs = {tab for tab in wanted if tab in sitting.team}
        missing = wanted - set(tabs) - theirs
        assert missing == set(), name


def test_the_teams_sheets_are_unchanged_cell_by_cell(sitting):
    for name, before in sitting.team.items():
        assert sitting.team_after[name] == before, name


def test_performance_shows_the_command_lines_figures(sitting, tables):
    rows, compared = sitting.first["Performance"], 0
    for title, metric in SECTIONS.items():
        values, indices = found(rows, title, "Value"), found(rows, title, "Index")
        for line in tables["performance"]:
            named = line["segmentation"] in NAMED
            if line["metric"] == metric and named and line["segment"] in values and line["value"]:
                assert close(line["value"], values[line["segment"]]), (title, line["segment"])
                compared += 1
                if line["index"] and isinstance(indices[line["segment"]], float):
                    index = float(line["index"]) * 100  # 100 = everyone else
                    assert close(index, indices[line["segment"]]), (title, line["segment"])
    assert compared >= 25


def test_volume_and_priorities_show_the_command_lines_figures(sitting, tables):
    volume, compared = sitting.first["Volume"], 0
    heads = {"n": "Rows", "share": "Share of rows", "leads": "Leads", "customers": "Customers"}
    sections = {row[1] for row in volume}
    for attribute in {line["attribute"] for line in tables["volume"]} & sections:
        for field, head in heads.items():
            cells = found(volume, attribute, head)
            for line in (line for line in tables["volume"] if line["attribute"] == attribute):
                if isinstance(cells.get(line["value"]), float):
                    assert close(line[field], cells[line["value"]]), (attribute, line["value"])
                    compared += 1
    assert compared >= 80
    ranks = found(sitting.first["Priorities"], "Ranking", "Rank")
    scores = found(sitting.first["Priorities"], "Ranking", "Score, 0–100")
    for line in tables["priorities"]:
        if line["rank"]:
            assert close(line["rank"], ranks[line["segment"]])
            assert close(float(line["score"]) * 100, scores[line["segment"]])


def test_survival_shows_the_command_lines_figures(sitting, tables):
    rows, compared = sitting.first["Survival & LTV"], 0
    for months in (6, 12):
        cells = found(rows, "The same in figures", f"Here at {months} months")
        for line in (line for line in tables["survival"] if line["segmentation"] in NAMED):
            cell = cells.get(line["segment"])
            if line["month"] == str(months) and isinstance(cell, float):
                compared += close(line["survival"], cell)
                assert close(line["survival"], cell), (line["segment"], months)
    assert compared >= 6


def test_every_scatter_chart_has_numbers_for_its_x(sitting):
    assert sitting.counting == []


def test_a_second_run_changes_nothing(sitting):
    for name, rows in sitting.first.items():
        assert sitting.again[name] == rows, name


def test_what_is_typed_counts_at_once_and_after_the_next_run(sitting):
    assert len(sitting.typed) == len(HEALTHCARE) + 1
    for key, value in sitting.typed.items():
        assert sitting.kept[key] == pytest.approx(value), key
    accounts = [found(tabs["TAM scoring"], "What follows", "TAM")["Healthcare"] for tabs in
                (sitting.again, sitting.live, sitting.after)]  # fmt: skip
    assert not isinstance(accounts[0], float)
    assert accounts[1] == pytest.approx(accounts[2])
    assert accounts[1] > 8000
    assert any("25% more" in str(cell) for row in sitting.after["What if"] for cell in row)


def test_formulas_of_others_that_point_at_our_tabs_stay_right(sitting):
    first = sitting.pointing[0]
    assert first[1] == "Freelancers converts"
    assert sitting.pointing == [first] * 3


def test_undo_puts_the_tabs_back_as_the_run_before_left_them(sitting):
    assert "Our tabs are back" in sitting.ended["undo_last_run"].message
    for name, rows in sitting.live.items():
        if name != NOTES:
            assert sitting.undone[name] == rows, name


def test_excel_is_left_as_it_was_found(sitting):
    assert sitting.quiet == (True, True, True, "automatic")
    assert any("Esc stops it" in text for text in sitting.said)
