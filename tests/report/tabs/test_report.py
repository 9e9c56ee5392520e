"""The report as a whole: its tabs, its words, that it can be laid out whatever the data."""

import re

import pytest

from mapseg_xl.report.plan import lay_out
from mapseg_xl.report.report import build_report
from mapseg_xl.report.spec import Formula
from tests.report.tabs.sample import (
    ODD_NAMES,
    cells,
    found,
    shown,
    tab_of,
    tables,
    telco,
    texts,
    trials,
)

# names of methods; "index" and "range" are plain words
STATISTICS = re.compile(
    r"\b(p-value|q-value|confidence|interval|Kaplan|Wilson|Greenwood|log-rank|Benjamini|bootstrap|censored|"
    r"restricted mean|hazard|percentile|significan\w+|[pq] ?[<=] ?[.0]\d*|CI|rest of the base)\b",
    re.IGNORECASE,
)
BASES = {
    "telco, two attributes": lambda: telco("contract", "internet_service"),
    "telco, nothing named": telco,
    "trials": trials,
    "trials without a margin": lambda: trials(gross_margin=None),
    "twelve rows": lambda: trials(12),
    "ids and one trait": lambda: found(
        [{"customer_id": i, "plan": "ab"[i % 2]} for i in range(90)]
    ),
    "ids and prices": lambda: found([{"customer_id": i, "mrr": 10 + i % 7} for i in range(90)]),
}


@pytest.fixture(params=BASES, scope="module")
def report(request):
    return build_report(BASES[request.param]())


ORDER = (  # a tab a chosen segment stands between What if and Voice of customer
    *("Summary", "Performance", "TAM scoring", "Priorities", "What if"),
    *("Voice of customer", "Rollout", "Decision"),
    *("Data health", "Volume", "Cluster pivot", "Hypotheses", "Cohorts", "Survival & LTV"),
    *("Objections", "Definitions"),
)


def test_tabs_stand_in_the_order_of_the_design(report):
    names = [tab.name for tab in report.tabs]
    profiles = [name for name in names if name.startswith("Profile ")]
    after = names.index("What if") + 1
    assert names[after : after + len(profiles)] == profiles == sorted(profiles)
    assert tuple(name for name in names if name not in profiles) == ORDER


def test_every_reference_of_the_report_has_its_cell(report):
    assert lay_out(report).sheets  # a reference without a cell raises


def test_no_statistical_name_stands_outside_definitions(report):
    found_words = {
        (tab.name, text)
        for tab in report.tabs
        if tab.name != "Definitions"
        for text in texts(tab)
        if STATISTICS.search(text)
    }
    assert not found_words


def test_every_headline_is_a_sentence_with_a_full_stop(report):
    for tab in report.tabs:
        rows = tab.headline if isinstance(tab.headline, tuple) else (tab.headline,)
        said = " ".join(str(shown(row)) for row in rows).strip()
        assert said.endswith("."), tab.name
        assert said[0].isupper() or not said[0].isalpha()


def test_no_formula_uses_text_or_a_criterion_function(report):
    plan = lay_out(report)
    formulas = [
        value.formula
        for sheet in plan.sheets
        for verb in sheet.verbs
        if hasattr(verb, "rows")
        for row in verb.rows
        for value in row
        if hasattr(value, "formula")
    ]
    assert formulas
    assert not [
        f for f in formulas if re.search(r"\b(TEXT|COUNTIFS?|SUMIFS?|INDIRECT|OFFSET)\(", f)
    ]


def test_odd_names_come_out_letter_by_letter():
    volume = tables(tab_of(build_report(trials()), "Volume")).values()
    whole = {shown(c) for t in volume for (_, column), c in cells(t).items() if column == "value"}
    assert {name or "(blank)" for name in ODD_NAMES} <= whole
    table = tables(tab_of(build_report(trials()), "Survival & LTV"))["figures"]
    names = {
        shown(cell)
        for (key, column), cell in cells(table).items()
        if column == "segment" and not key.startswith("head of ")
    }
    assert {name or "(blank)" for name in ODD_NAMES if len(name) < 48} <= names
    assert max(len(str(name)) for name in names) < 50


def test_every_payback_is_the_estimators_now_and_follows_its_inputs():
    findings = trials()
    table = cells(tables(tab_of(build_report(findings), "Survival & LTV"))["figures"])
    rows = [row for row in findings.performance if row.metric == "payback_months"]
    checked = 0
    for row in rows:
        for column, value in (("payback_months", row.value), ("rest_payback", row.rest_value)):
            cell = table.get((row.segment_id, column))
            if isinstance(cell, Formula):
                assert cell.value == value
                checked += 1
    assert checked > 10


def test_one_segment_has_one_colour_on_all_tabs():
    from mapseg_xl.report.parts.selection import shown as selected

    looks = selected(telco("contract", "internet_service")).looks()
    chosen = [look for look in looks.values() if look != "other"]
    assert sorted(chosen) == ["first", "second", "third"]


def test_a_value_that_says_too_little_is_named_with_its_attribute():
    table = tables(tab_of(build_report(telco("partner")), "Summary"))["segments"]
    named = {row.cells["segment"].text for row in table.rows if row.key != "ALL"}
    assert {"partner: 0", "partner: 1"} <= named
