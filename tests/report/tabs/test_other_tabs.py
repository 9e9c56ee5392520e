"""Volume, Data health, Survival & LTV, Definitions: what each must show."""

import re
from dataclasses import replace

import pytest

from mapseg_xl.intake.tables import Issue
from mapseg_xl.measure.volume import VolumeRow, VolumeTable
from mapseg_xl.metrics.catalog import METRICS
from mapseg_xl.report.parts.health.found import ISSUES
from mapseg_xl.report.spec import Formula, Input, Text
from mapseg_xl.report.tabs import data_health, definitions, survival_ltv, volume
from mapseg_xl.settings import Settings
from tests.report.tabs.sample import cells, found, shown, tables, telco, texts, trials


def test_volume_sums_up_live_and_leaves_out_classes_that_nobody_is_in():
    table = tables(volume.tab(telco("contract")))["volume 0"]
    assert [c.key for c in table.columns] == [
        "value",
        "n",
        "share",
        "running",
        "customers",
        "churned",
    ]
    total = table.rows[-1].cells["n"]
    assert isinstance(total, Formula)
    assert (total.text, total.value) == ("SUM({cells})", 7043)


def test_a_trait_of_many_values_ends_in_other_and_still_adds_up():
    rows = [{"customer_id": i, "city": f"town {min(i % 40, 30)}"} for i in range(400)]
    table = tables(volume.tab(found(rows, segment_by=("city",))))["volume 0"]
    assert len(table.rows) == 15 + 1 + 1
    assert shown(table.rows[-2].cells["value"]) == "other (16 values)"
    assert sum(shown(row.cells["n"]) for row in table.rows[:-1]) == 400


def test_shares_add_up_down_a_table_to_all_of_it():
    rows = tables(volume.tab(telco("contract")))["volume 0"].rows
    running = [shown(row.cells["running"]) for row in rows[:-1]]
    shares = [shown(row.cells["share"]) for row in rows[:-1]]
    assert running == pytest.approx([sum(shares[: at + 1]) for at in range(len(shares))])
    assert running[-1] == pytest.approx(1.0)
    assert "running" not in rows[-1].cells


def test_columns_beyond_four_pages_are_listed_in_short():
    size = 16
    table = VolumeTable("t", "", False, False, (VolumeRow("v", "v", 1, 1.0, 0, 0, 0, 0),) * size)
    assert volume.in_full([table]) == 1
    assert volume.in_full([table] * 4) == 4
    assert volume.in_full([table] * 9) in (3, 4)
    assert volume.in_full([]) == 0
    rows = [{"customer_id": i} | {f"c{k}": (i * k) % 12 for k in range(20)} for i in range(240)]
    made = tables(volume.tab(found(rows)))
    full = [name for name in made if name != "volume in short"]
    assert len(full) + len(made["volume in short"].rows) == 20


def test_size_alone_is_not_called_the_best():
    largest = "Month-to-month is the largest contract group by far, 55% of all"
    worse = r"it does worse than everyone else on \w+ of \w+ measures\."
    assert re.fullmatch(f"{largest}; {worse}", volume.tab(telco("contract")).headline)


def test_data_health_stops_at_five_hundred_lines_and_counts_the_rest():
    findings = telco("contract")
    issue = Issue("warning", "a.csv", "a", "B2", "tenure", "not a number: 'x'", "Left out")
    issues = tuple(replace(issue, column=f"tenure {at}") for at in range(700))
    health = replace(findings.health, issues=issues)
    tab = data_health.tab(replace(findings, health=health))
    assert len(tables(tab)[ISSUES].rows) == 500
    assert "and 200 more in data_health.csv (mapseg check --tables)" in list(texts(tab))


def test_data_health_says_what_one_more_column_would_answer():
    table = cells(tables(data_health.tab(telco("contract")))[data_health.QUESTIONS])
    assert shown(table["conversion", "answer"]) == "not yet"
    assert shown(table["arpu", "answer"]) == "yes"
    assert table["cac", "unlock"] == "what was spent on each lead or customer"


def test_every_column_is_listed_with_how_it_was_read():
    table = tables(data_health.tab(telco("contract")))[data_health.READ]
    assert len(table.rows) == 21
    role = {row.cells["header"]: row.cells["role"] for row in table.rows}
    assert (role["tenure"], role["contract"]) == ("tenure months", "trait")


def test_without_a_margin_nothing_is_called_lifetime_value():
    tab = survival_ltv.tab(telco("contract"))
    titles = [section.title for section in tab.sections]
    assert "36-month revenue" in titles
    assert not [t for t in titles if "lifetime value" in t.lower()]
    head = next(c.title for c in tables(tab)["figures"].columns if c.key == "ltv")
    assert isinstance(head, Formula)  # follows the cell when somebody types a margin
    assert (head.value, "LTV" in head.text) == ("36-month revenue", True)


def test_inputs_are_keyed_by_the_settings_they_set():
    table = tables(survival_ltv.tab(trials()))[survival_ltv.ASSUMPTIONS]
    typed = {row.key: row.cells[survival_ltv.VALUE] for row in table.rows}
    known = Settings()
    assert list(typed) == ["gross_margin", "annual_discount", "rmst_months"]
    assert all(hasattr(known, key) and isinstance(cell, Input) for key, cell in typed.items())
    assert (typed["gross_margin"].value, typed["annual_discount"].value) == (0.78, 0.10)


def test_a_median_that_was_not_reached_is_beyond_the_months_seen():
    table = cells(tables(survival_ltv.tab(telco("contract")))[survival_ltv.KEPT])
    assert table["ALL", "median"] == "> 72 mo"


def test_without_lengths_of_stay_the_tab_says_what_is_needed():
    tab = survival_ltv.tab(found([{"customer_id": i, "plan": "ab"[i % 2]} for i in range(90)]))
    assert tab.headline == "How long customers stay cannot be told from this data yet."
    assert [section.title for section in tab.sections] == ["What is needed"]
    assert not tables(tab)


def test_too_few_customers_give_no_empty_chart():
    tab = survival_ltv.tab(trials(12))
    assert isinstance(tab.sections[0].parts[0], Text)


def test_the_simple_form_says_how_far_it_reaches_past_the_data():
    table = tables(survival_ltv.tab(telco("contract")))["simple form"]
    said = {shown(row.cells["segment"]): row.cells["beyond"] for row in table.rows}
    assert re.fullmatch(r"extrapolates 2\d\.\d times past the data", str(said["Two year"]))
    assert said["Month-to-month"] == "within the data"


def test_definitions_explain_every_metric_of_the_catalogue():
    table = tables(definitions.tab(telco("contract")))["figures explained"]
    assert [row.key for row in table.rows] == [metric.id for metric in METRICS]
