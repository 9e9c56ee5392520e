"""What if: live over its inputs, equal to Python for other inputs, true for data that has little."""

import csv
from dataclasses import replace

import openpyxl
import pytest

from mapseg_xl.analyze.what_if import Asked, WhatIf
from mapseg_xl.commands import Beside, run
from mapseg_xl.hosts.file import to_bytes
from mapseg_xl.report.parts.names import VALUE, WHAT_IF
from mapseg_xl.report.parts.shift.each_candidate import EACH, worth_of
from mapseg_xl.report.parts.shift.more_of import more_of
from mapseg_xl.report.parts.shift.rows import LOOK, MONEY, RESULT, SHARE
from mapseg_xl.report.plan import lay_out
from mapseg_xl.report.report import build_report
from mapseg_xl.report.spec import Bridge, ChartRow, Formula, Input, Ref
from mapseg_xl.report.tabs import what_if
from mapseg_xl.request import Request, silent
from tests.report.tabs.sample import cells, found, shown, tables, telco, texts, trial_rows, trials
from tests.tools.office import need_office, recalculated


def asked(findings, **typed):
    """The findings of a run whose earlier workbook held other inputs."""
    return replace(findings, what_if=replace(findings.what_if, asked=Asked(**typed)))


def headline(tab):
    rows = tab.headline if isinstance(tab.headline, tuple) else (tab.headline,)
    return [str(shown(row)) for row in rows]


def test_the_headline_is_live_and_says_how_many_customers_and_how_much_money():
    tab = what_if.tab(trials())
    assert all(isinstance(row, Formula) for row in tab.headline)
    first, second = headline(tab)
    assert first.startswith("10% more “")
    assert "customers a year" in first
    assert second.startswith("and lift a year’s ")
    assert all(len(row) <= 70 for row in (first, second))


def test_the_headline_of_a_lossy_segment_says_lower_never_a_negative_lift():
    lossy = trials(gross_margin=-0.5)
    assert "and lower a year’s" in headline(what_if.tab(lossy))[1]


def test_inputs_are_the_segment_the_step_the_quality_and_the_customers_a_year():
    found_tables = tables(what_if.tab(trials()))
    inputs = {
        (block, row): content
        for block in (what_if.CHOICE, what_if.STEPS)
        for (row, column), content in cells(found_tables[block]).items()
        if column == VALUE
    }
    assert set(inputs) == {(block, row) for block, row, _ in what_if.INPUTS.values()}
    assert all(isinstance(content, Input) for content in inputs.values())
    names = [
        shown(c) for (_, column), c in cells(found_tables[EACH]).items() if column == "segment"
    ]
    assert list(inputs[what_if.CHOICE, "segment"].choices) == names


def test_what_the_step_adds_is_the_added_customers_at_their_own_worth():
    findings = trials()
    made = more_of(findings)
    chosen = made.chosen
    money = cells(tables(what_if.tab(findings))[MONEY])
    number = findings.what_if.new_customers
    added = 0.1 * chosen.paying / chosen.paying_all * number
    assert shown(money["new", "change"]) == pytest.approx(added)
    assert shown(money["ltv", "change"]) == pytest.approx(added * chosen.parts["ltv"].rate)
    assert shown(money["ltv", "today"]) == pytest.approx(number * findings.base("ltv").value)
    each = cells(tables(what_if.tab(findings))[EACH])
    assert shown(each[chosen.key, "ltv"]) == pytest.approx(shown(money["ltv", "change"]))


def test_results_equal_the_rows_of_the_result_table():
    findings = trials()
    made = more_of(findings)
    result = cells(tables(what_if.tab(findings))[RESULT])
    rows = [r for r in findings.what_if.rows if r.segment_id == made.chosen.key]
    checked = [r for r in rows if (r.metric, r.scenario) in result]
    assert len(checked) >= 15
    for row in checked:
        assert shown(result[row.metric, row.scenario]) == pytest.approx(row.after)
        assert shown(result[row.metric, "today"]) == pytest.approx(row.before)


def test_worse_added_customers_lower_what_they_add_and_raise_what_they_cost():
    findings = trials()
    same, worse = (cells(tables(what_if.tab(asked(findings, quality=q)))[MONEY]) for q in (1, 0.5))
    assert shown(worse["ltv", "change"]) == pytest.approx(shown(same["ltv", "change"]) / 2)
    assert shown(worse["cost", "change"]) == pytest.approx(shown(same["cost", "change"]) * 2)
    assert shown(worse["new", "change"]) == pytest.approx(shown(same["new", "change"]))


def test_a_step_that_passes_the_whole_shows_a_dash_and_the_largest_possible():
    findings = asked(trials(), step=0.9)
    result = cells(tables(what_if.tab(findings))[RESULT])
    assert shown(result["conversion", "absolute"]) is None
    assert "points can be added" in shown(result[SHARE, "reading"])


def test_a_name_that_is_not_on_the_list_empties_the_results_and_asks_for_another():
    tab = what_if.tab(asked(trials(), segment="Gone"))
    assert headline(tab)[0].startswith("Choose a segment")
    assert shown(cells(tables(tab)[MONEY])["ltv", "count"]) is None


def test_the_caveat_stands_on_the_tab():
    assert any(what_if.CAVEAT in text for text in texts(what_if.tab(trials())))


def test_the_bridge_goes_from_today_to_after():
    tab = what_if.tab(trials())
    chart = next(p.charts[0] for s in tab.sections for p in s.parts if isinstance(p, ChartRow))
    assert isinstance(chart, Bridge)
    first, *changes, last = (shown(step.value) for step in chart.steps)
    assert first + sum(changes) == pytest.approx(last)


def test_looking_back_adds_up():
    look = cells(tables(what_if.tab(trials()))[LOOK])
    for metric, factor in (("conversion", 100), ("arpu", 1)):
        effects = [shown(look[row, metric]) for row in ("moved", "segment", "others")]
        change = shown(look["now", metric]) - shown(look["before", metric])
        assert sum(effects) == pytest.approx(change * factor)


def test_other_tabs_get_the_worth_of_a_candidate_as_copies():
    findings = trials()
    key = findings.candidates[0].segment_id
    worth = worth_of(findings, key)
    assert worth.customers.refs["it"] == Ref(EACH, key, "customers", WHAT_IF)
    each = cells(tables(what_if.tab(findings))[EACH])
    assert worth.ltv.value == pytest.approx(shown(each[key, "ltv"]))
    assert worth_of(findings, "nobody") is None


def test_a_twin_is_not_on_the_list_and_has_the_worth_of_the_other():
    rows = trial_rows(600)
    findings = found(
        rows,
        segment_by=("industry",),
        segments=("Mine: industry = 'Agency'",),
    )
    twin = next(c for c in findings.candidates if c.twin_of)
    assert twin.segment_id not in {c.key for c in more_of(findings).choices}
    assert worth_of(findings, twin.segment_id) == worth_of(findings, twin.twin_of)


def test_names_alike_but_for_capitals_are_told_apart_on_the_list():
    rows = [r | {"kind": ("Same", "SAME", "*", "<5")[i % 4]} for i, r in enumerate(trial_rows(800))]
    choices = more_of(found(rows, segment_by=("kind",))).choices
    assert len({c.label.casefold() for c in choices}) == len(choices)


def test_without_candidates_the_tab_says_so():
    tab = what_if.tab(replace(telco(), candidates=(), what_if=WhatIf()))
    assert "no candidate segment" in headline(tab)[0]
    assert tab.sections


def test_of_a_base_without_dates_nothing_is_looked_back_on():
    tab = what_if.tab(telco("contract"))
    assert LOOK not in tables(tab)
    assert "customers a year" in headline(tab)[0]


def test_without_money_and_dates_the_headline_speaks_of_the_first_figure():
    rows = [
        {"customer_id": i, "converted": "yes" if i % (2 + i % 2) else "no", "kind": "AB"[i % 2] * 3}
        for i in range(200)
    ]
    tab = what_if.tab(found(rows, segment_by=("kind",)))
    said = " ".join(headline(tab))
    assert said
    assert "customers a year" not in said or "Type how many" in said


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"step": 0.25, "quality": 0.6, "new_customers": 1234.0},
        {"step": 0.9, "segment": "*"},
        {"segment": "Gone"},
    ],
    ids=["as made", "other numbers", "another segment, too far", "no segment"],
)
def test_other_inputs_give_in_libreoffice_what_python_computes(tmp_path, typed):
    need_office()
    rows = [
        r | {"kind": ("Same", "SAME", "*", "<5", "=1+1")[i % 5]}
        for i, r in enumerate(trial_rows(1500))
    ]
    findings = found(rows, segment_by=("industry", "kind"))
    plan = lay_out(build_report(findings))
    expected = lay_out(build_report(asked(findings, **typed)))
    book = tmp_path / "book.xlsx"
    book.write_bytes(to_bytes(plan))
    _type_in(book, plan, typed)
    (tmp_path / "expected.xlsx").write_bytes(to_bytes(expected))
    got = openpyxl.load_workbook(recalculated(book, tmp_path), data_only=True)[WHAT_IF]
    wanted = openpyxl.load_workbook(tmp_path / "expected.xlsx", data_only=True)[WHAT_IF]
    formulas = openpyxl.load_workbook(tmp_path / "expected.xlsx")[WHAT_IF]
    checked = 0
    for row in formulas.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                one, other = got[cell.coordinate].value, wanted[cell.coordinate].value
                checked += 1
                if isinstance(other, int | float):
                    assert one == pytest.approx(other, rel=1e-9, abs=1e-9), cell.coordinate
                else:
                    assert (one or "") == (other or ""), cell.coordinate
    assert checked > 150


@pytest.mark.slow
def test_what_was_typed_is_computed_with_when_the_workbook_is_made_again(tmp_path):
    source, out = tmp_path / "base.csv", tmp_path / "out.xlsx"
    with source.open("w", newline="", encoding="utf-8") as file:
        rows = trial_rows(1500)
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    request = Request((source,), segment_by=("industry",))
    first = run(request, out, Beside(), silent)
    other = next(c for c in more_of(first.findings).choices if c.label == "Coaching")
    plan = lay_out(build_report(first.findings))
    _type_in(out, plan, {"segment": "Coaching", "step": 0.3, "new_customers": 500})
    run(request, out, Beside(), silent)
    again = run(request, out, Beside(), silent).findings
    assert again.what_if.asked == Asked("Coaching", 0.3, None, 500)
    sheet = openpyxl.load_workbook(out, data_only=True)[WHAT_IF]
    place = plan.places[WHAT_IF, MONEY, "new", "change"]
    added = 0.3 * 500 * other.paying / other.paying_all
    assert sheet[place.rect.a1].value == pytest.approx(added)


def _type_in(path, plan, typed):
    book = openpyxl.load_workbook(path)
    for field, value in typed.items():
        block, row, _ = what_if.INPUTS[field]
        place = plan.places[WHAT_IF, block, row, VALUE]
        book[place.sheet][place.rect.a1] = value
    book.save(path)
