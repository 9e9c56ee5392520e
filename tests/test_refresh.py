"""A team's own workbook run month after month: What changed compares with the last other data, and keeps doing so."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.hosts.file import to_bytes
from mapseg_xl.hosts.previous import previous
from mapseg_xl.report.parts.home.run_settings import ASKED
from mapseg_xl.report.parts.names import DECISION, DEFINITIONS, MATCH_REPORT, WHAT_CHANGED
from mapseg_xl.report.parts.scoring.answers import CHOICES, CHOSEN
from mapseg_xl.report.report import build_report
from mapseg_xl.report.spec import Tab
from mapseg_xl.report.tabs import what_changed
from mapseg_xl.report.verbs import Key
from mapseg_xl.request import Request, silent
from mapseg_xl.runs import found, plan_of, resumed
from mapseg_xl.settings import Settings
from tests.analyze.test_recount import until
from tests.report.tabs.sample import cells, shown, tables, texts, trial_rows
from tests.tools.office import need_office, recalculated

MARCH = date(2025, 3, 31)
AGENCIES = "Our agencies: industry = 'Agency'"
COACHES = "Coaches: industry = 'Coaching'"
FIRST: Key = (DECISION, CHOICES, "1", CHOSEN)
MARGIN = next(asked.key for asked in ASKED if asked.name == "gross_margin")
Rows = list[dict[str, object]]


@dataclass(frozen=True, slots=True)
class Home:
    """A team's workbook as a file that is made again with each run."""

    folder: Path

    @property
    def book(self) -> Path:
        return self.folder / "team.xlsx"

    def run(self, rows: Rows, typed: Mapping[Key, object] | None = None, *own: str) -> Findings:
        """One run over an export; `typed` stands in the yellow cells."""
        source = self.folder / "export.csv"
        with source.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        earlier = previous(self.book)
        if earlier is not None:
            earlier = replace(earlier, typed={**earlier.typed, **(typed or {})})  # type: ignore[dict-item]
        quick = Settings(proposal_most=0, bootstrap_draws=200, reruns=200)
        settings = replace(quick, window_days=30, horizon_months=12)
        asked = Request((source,), settings=settings, segments=own or (AGENCIES, COACHES))
        run = resumed(asked, earlier, self.book.name, home=True)
        findings = found(run, silent)
        self.book.write_bytes(to_bytes(plan_of(run, findings)))
        return findings

    def cells(self) -> list[list[object]]:
        """The tab as it stands in the file, with the values its formulas have."""
        book = openpyxl.load_workbook(self.book, data_only=True)
        return [[c.value for c in row] for row in book[WHAT_CHANGED].iter_rows()]


def june() -> Rows:
    """Everybody up to June. Agencies that came since February convert far less than those before."""
    rng = np.random.default_rng(8)
    return [
        {**row, "converted_on": "", "churned_on": "", "mrr": ""}
        if row["industry"] == "Agency"
        and str(row["trial_start"]) > "2025-02-28"
        and rng.random() < 0.9
        else row
        for row in trial_rows(1500)
    ]


def headline(findings: Findings) -> object:
    return what_changed.tab(findings).headline


def chips(tab: Tab, metric: str) -> dict[str, object]:
    table = tables(tab)[metric]
    held = cells(table)
    return {str(shown(held[row.key, "segment"])): held[row.key, "verdict"] for row in table.rows}


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """What each run of a workbook found, by name, and the cells of the tab after it."""
    home = Home(tmp_path_factory.mktemp("home"))
    rows, march = june(), until(june(), MARCH)
    told, seen = {}, {}

    def run(name: str, data: Rows, typed: Mapping[Key, object] | None = None, *own: str) -> None:
        told[name] = home.run(data, typed, *own)
        seen[name] = home.cells()

    run("first", march)
    run("first again", march)
    run("june", rows, {FIRST: "Our agencies"})
    run("june again", rows)
    mended = [{**rows[0], "channel": "Mended"}, *rows[1:]]
    run("june mended", mended)
    run("june with a margin", mended, {MARGIN: 0.5})
    gone = [{("trade" if k == "industry" else k): v for k, v in row.items()} for row in rows]
    run("without the column", gone, None, "Big: employees = '>1000'")
    return told, seen, home


def test_the_first_run_says_that_there_is_nothing_to_compare_with(story):
    told, _, _ = story
    assert headline(told["first"]) == (
        "One set of data so far, up to 31 Mar 2025: nothing to compare with yet."
    )


def test_the_tab_of_a_second_run_on_the_same_data_is_that_of_the_first(story):
    told, _, _ = story
    assert what_changed.at_home(told["first again"]) == what_changed.at_home(told["first"])


def test_the_same_data_again_is_said_with_its_day(story):
    told, _, _ = story
    assert headline(told["first again"]) == "Nothing changed: the same data as on 31 Mar 2025."


def test_new_customers_are_counted_and_the_decided_segment_that_got_worse_is_named(story):
    told, _, _ = story
    new = len(june()) - len(until(june(), MARCH))
    said = str(headline(told["june"]))
    assert said.startswith(
        f"{new} new rows since 31 Mar 2025; “Our agencies”: conversion fell from "
    )
    verdicts = chips(what_changed.tab(told["june"]), "conversion")
    assert verdicts["Our agencies"] == "▼ worse"
    assert verdicts["Coaches"] == "no clear change"


def test_before_and_now_are_the_figures_of_both_runs_and_the_change_is_live(story):
    told, _, _ = story
    table = tables(what_changed.tab(told["june"]))["conversion"]
    held = cells(table)
    for row in table.rows:
        then, now = (
            next(
                r.value
                for r in told[name].performance
                if (r.segment_id, r.metric) == (row.key, "conversion")
            )
            for name in ("first", "june")
        )
        assert shown(held[row.key, "then"]) == pytest.approx(then, rel=1e-11)
        assert shown(held[row.key, "now"]) == pytest.approx(now, rel=1e-11)
        assert shown(held[row.key, "change"]) == pytest.approx(100 * (now - then), abs=0.05)


def test_a_second_run_on_the_same_data_leaves_the_tab_as_it_was(story):
    _, seen, _ = story
    assert seen["june again"] == seen["june"]


def test_a_mended_cell_leaves_the_comparison_with_the_month_before(story):
    told, _, _ = story
    assert "since 31 Mar 2025" in str(headline(told["june mended"]))


def test_a_setting_that_differs_is_listed_and_what_rests_on_it_is_not_compared(story):
    told, _, _ = story
    tab = what_changed.tab(told["june with a margin"])
    held = cells(tables(tab)["settings"])
    assert (held["gross_margin", "then"], held["gross_margin", "now"]) == ("not set", "50%")
    assert set(chips(tab, "ltv").values()) == {"– not compared"}
    assert "▼ worse" in chips(tab, "conversion").values()


def test_a_decided_segment_whose_column_is_gone_is_named_with_the_reason(story):
    told, _, _ = story
    tab = what_changed.tab(told["without the column"])
    held = cells(tables(tab)["events"])
    (row,) = {
        key for key, column in held if column == "segment" and held[key, column] == "Our agencies"
    }
    assert str(held[row, "what"]).startswith("Decided, and not in the data any more. ")
    assert "industry" in str(held[row, "what"])
    assert chips(tab, "conversion")["Our agencies"] == "– not compared"


def test_it_stands_after_the_match_report_and_in_an_export_closes_the_evidence(story):
    told, _, home = story
    names = openpyxl.load_workbook(home.book, read_only=True).sheetnames
    assert names[names.index(MATCH_REPORT) + 1] == WHAT_CHANGED
    names = [tab.name for tab in build_report(told["june"]).tabs]
    assert names[-2:] == [WHAT_CHANGED, DEFINITIONS]


def test_an_export_without_an_earlier_run_on_other_data_has_no_such_tab(story):
    told, _, _ = story
    for name in ("first", "first again"):
        assert WHAT_CHANGED not in [tab.name for tab in build_report(told[name]).tabs]
    assert WHAT_CHANGED in [tab.name for tab in build_report(told["first again"], named=True).tabs]


def test_no_sentence_speaks_of_statistics(story):
    told, _, _ = story
    forbidden = ("p-value", "confidence", "significan", "sample", "interval", "baseline", "--")
    for findings in told.values():
        for text in texts(what_changed.tab(findings)):
            assert not [word for word in forbidden if word in text], text


def test_data_without_dates_is_compared_carefully_and_fewer_or_changed_rows_are_said(tmp_path):
    home, rows = Home(tmp_path), undated(700)
    asked = "Two year: contract = 'Two year'"
    home.run(rows[:500], None, asked)
    assert headline(home.run(rows[:500], None, asked)) == (
        "Nothing changed: the same data as in the last run."
    )
    more = what_changed.tab(home.run(rows, None, asked))
    assert str(more.headline).startswith("200 rows more than in the run before; ")
    assert set(chips(more, "arpu").values()) == {"no clear change"}
    dearer = [{**row, "monthly_charges": float(str(row["monthly_charges"])) * 1.5} for row in rows]
    tab = what_changed.tab(home.run(dearer, None, asked))
    assert str(tab.headline).startswith(
        "700 rows as in the run before, with other contents; revenue"
    )
    assert set(chips(tab, "arpu").values()) == {"▲ better"}


def undated(n: int) -> Rows:
    """Customers without any date."""
    with Path("examples/telco/telco-churn.csv").open(encoding="utf-8", newline="") as file:
        return [dict(row) for row in list(csv.DictReader(file))[:n]]


def test_rows_taken_out_of_the_past_are_said_beside_the_counts(tmp_path):
    home, rows = Home(tmp_path), trial_rows(500)
    march = until(rows, MARCH)
    home.run(march)
    findings = home.run(rows[6:])
    gone = len(march) - len(until(rows[6:], MARCH))
    assert gone == 6
    new = len(rows) - len(march)
    assert str(headline(findings)).startswith(
        f"{new} new rows since 30 Mar 2025, at least 6 earlier entries edited; "
    )
    notes = [
        str(line)
        for section in what_changed.tab(findings).sections
        for part in section.parts
        for line in getattr(part, "lines", ())
    ]
    assert any(f"{len(march):,} were counted then. Earlier rows were taken out" in n for n in notes)


@pytest.mark.office
def test_a_spreadsheet_program_computes_the_same_values(story, tmp_path):
    need_office()
    _, _, home = story
    live = openpyxl.load_workbook(recalculated(home.book, tmp_path), data_only=True)[WHAT_CHANGED]
    book = openpyxl.load_workbook(home.book)[WHAT_CHANGED]
    kept = openpyxl.load_workbook(home.book, data_only=True)[WHAT_CHANGED]
    formulas = [c.coordinate for row in book.iter_rows() for c in row if c.data_type == "f"]
    assert len(formulas) > 20
    for at in formulas:
        one, other = kept[at].value, live[at].value
        if isinstance(one, int | float):
            assert other == pytest.approx(one, rel=1e-9, abs=1e-9), at
        else:
            assert (one or "") == (other or ""), at
