"""Performance: live figures, verdicts in words, what is shown where there are many segments."""

import re

from mapseg_xl.report.parts.headlines import NOTHING_CLEAR
from mapseg_xl.report.parts.names import BASE
from mapseg_xl.report.spec import Formula, Input, Panel
from mapseg_xl.report.tabs import performance
from tests.report.tabs.sample import cells, found, shown, tables, telco, texts, trials


def test_a_rate_starts_at_its_counts_and_holds_the_value_found():
    findings = trials()
    table = cells(tables(performance.tab(findings))["conversion"])
    row = next(r for r in findings.performance if (r.segment, r.metric) == ("Agency", "conversion"))
    value = table[row.segment_id, "value"]
    assert isinstance(value, Formula)
    assert value.text == 'IF({n}>0,{events}/{n},"")'
    assert value.value == row.value
    assert table[row.segment_id, "events"] == row.events
    assert table[row.segment_id, "n"] == row.n


def test_the_base_closes_the_table_with_its_own_counts():
    findings = trials()
    table = tables(performance.tab(findings))["monthly_churn"]
    assert (table.rows[-1].key, table.rows[-1].look) == (BASE, "total")
    assert shown(table.rows[-1].cells["value"]) == findings.base("monthly_churn").value


def test_the_arrow_says_the_way_and_the_word_whether_it_is_good():
    table = cells(tables(performance.tab(trials()))["monthly_churn"])
    chips = {shown(c) for (_, column), c in table.items() if column == "verdict"}
    assert "▼ better" in chips  # less churn
    assert "▲ better" not in chips


def test_panels_stop_at_eight_rows_and_the_rest_follows():
    tab = performance.tab(trials())
    panels = [p for s in tab.sections for p in s.parts if isinstance(p, Panel)]
    assert panels
    assert all(len(panel.verdicts) <= 8 for panel in panels)
    both = tables(tab)
    keys = [row.key for row in (*both["arpu"].rows, *both["arpu.more"].rows)]
    segments = [m.segment.segment_id for g in trials().groups for m in g.measured]
    assert set(segments) <= set(keys)


def test_my_segments_come_first():
    first = tables(performance.tab(trials()))["conversion"].rows[:2]
    assert [shown(row.cells["segment"]) for row in first] == ["My segments", "Referred agencies"]


def test_with_nothing_named_three_traits_are_shown_and_the_others_listed():
    both = tables(performance.tab(telco()))
    heads = [row.key for row in both["arpu"].rows if row.look == "sub"]
    assert len(heads) == 3
    assert len(both["other traits"].rows) == len(telco().groups) - 3
    assert sum(row.look == "body" for row in both["arpu"].rows) <= 8


def test_traits_that_may_follow_from_staying_are_not_shown_first():
    heads = [r.key for r in tables(performance.tab(telco()))["arpu"].rows if r.look == "sub"]
    assert heads[0] == "head of hypotheses"
    assert set(heads[1:]) <= {
        f"head of {name}" for name in ("senior_citizen", "partner", "dependents")
    }


def test_every_segment_has_a_note_cell_known_by_its_id():
    table = tables(performance.tab(trials()))[performance.NOTES]
    assert table.keyed
    segments = [m.segment.segment_id for g in trials().groups for m in g.measured]
    assert [row.key for row in table.rows] == segments
    assert all(isinstance(row.cells["note"], Input) for row in table.rows)


def test_a_metric_that_cannot_be_had_is_one_line_with_its_reason():
    lines = [t for t in texts(performance.tab(telco("contract"))) if t.startswith("Conversion")]
    assert lines == [
        (
            "Conversion and days to convert: every row is a customer: without leads or trials nothing can be "
            "said about conversion."
        )
    ]


def test_a_remark_stands_once_with_its_segments():
    said = list(texts(performance.tab(telco("contract"))))
    cause = [t for t in said if "may be a result" in t]
    assert len(cause) == 1
    assert "contract" in cause[0].casefold()


def test_a_base_in_which_nothing_is_clear_says_so():
    rows = [{"customer_id": i, "industry": "AB"[i % 2] * 3, "mrr": 10 + i % 7} for i in range(140)]
    assert performance.tab(found(rows)).headline == NOTHING_CLEAR


def test_two_values_that_mirror_each_other_are_told_once():
    headline = performance.tab(telco("partner")).headline
    assert re.fullmatch(
        r"“Partner: 1” does better than everyone else on (\w+) of \1 measures\.", headline
    )
