"""My segments: rows of three-cell conditions are read back as segments, and each row says what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.measure.parsing import parse_rule
from mapseg_xl.report.identity import Previous
from mapseg_xl.report.parts.home.segment_form import (
    BY,
    FORM,
    NAME,
    OPERATORS,
    ROWS,
    cells_of,
    row_key,
)
from mapseg_xl.report.parts.names import HYPOTHESES, MY_SEGMENTS
from mapseg_xl.report.parts.own_segments import OWN, typed_segments
from mapseg_xl.report.report import build_report
from mapseg_xl.report.spec import Cell, Report, Scalar
from mapseg_xl.report.tabs import my_segments
from mapseg_xl.report.verbs import Key
from mapseg_xl.settings import Settings
from tests.report.tabs.home_book import typed_into
from tests.report.tabs.sample import cells, found, shown, tab_of, tables, texts, trial_rows, trials

EMPTY = Report((my_segments.empty_tab(),), "t", "f", "r")
SMALL = 400


def line(at: int, name: str, *conditions: tuple[Scalar, ...], by: str = "") -> dict[Key, Scalar]:
    """A row of the form as it is typed."""
    cells_typed: dict[str, Scalar] = {NAME: name, BY: by}
    for number, condition in enumerate(conditions, start=1):
        cells_typed |= dict(zip(cells_of(number), condition, strict=True))
    return {
        (MY_SEGMENTS, FORM, row_key(at), column): value
        for column, value in cells_typed.items()
        if value != ""
    }


def earlier(*lines: Mapping[Key, Scalar]) -> Previous:
    return typed_into(EMPTY, {key: value for typed in lines for key, value in typed.items()})


def run_again(before: Previous) -> Findings:
    """What the next run finds, on the small base of the other tests."""
    findings = found(
        trial_rows(SMALL),
        settings=Settings(),
        segment_by=("industry",),
        own_segments=typed_segments(before),
    )
    return replace(findings, typed=before.homes)


def test_a_row_is_read_back_as_a_segment_with_all_its_conditions() -> None:
    (segment,) = typed_segments(
        earlier(
            line(
                2,
                "Big agencies",
                ("industry", "is", "Agency"),
                ("mrr", "at least", 50),
                ("channel", "is filled in", ""),
                by="Sales",
            )
        )
    )
    assert (segment.name, segment.suggested_by) == ("Big agencies", "Sales")
    assert [w.text for w in segment.conditions] == [
        "\"industry\" = 'Agency'",
        '"mrr" >= 50',
        '"channel" is not blank',
    ]
    assert not any(w.wrong for w in segment.conditions)


@pytest.mark.parametrize("sign", OPERATORS)
def test_every_comparison_of_the_list_is_one_that_rules_know(sign: str) -> None:
    value = {"between": "10 and 50", "is empty": "", "is filled in": ""}.get(sign, "10")
    (segment,) = typed_segments(earlier(line(1, "Any", ("mrr", sign, value))))
    assert not segment.conditions[0].wrong
    parse_rule(segment.conditions[0].text)


def test_empty_rows_are_no_segments() -> None:
    assert typed_segments(earlier()) == ()
    assert len(typed_segments(earlier(line(ROWS, "Last", ("industry", "is", "Agency"))))) == 1


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (("", "is", "Agency"), "names no column"),
        (("industry", "resembles", "Agency"), "'resembles' is no comparison"),
        (("industry", "is", ""), "has no value"),
        (("mrr", "between", "10"), "between needs two values"),
        (("industry", "is empty", "Agency"), "'is empty' takes no value"),
    ],
)
def test_what_is_no_condition_is_kept_with_what_is_wrong(
    condition: tuple[str, ...], said: str
) -> None:
    before = earlier(line(1, "Odd", condition))
    (segment,) = typed_segments(before)
    assert said in segment.conditions[0].wrong
    assert segment.conditions[0].cell.startswith("My segments!")


def test_each_row_says_how_many_it_holds() -> None:
    before = earlier(line(1, "Agencies", ("industry", "is", "Agency")))
    findings = run_again(before)
    rows = trial_rows(SMALL)
    n = sum(row["industry"] == "Agency" for row in rows)
    said = [text for text in texts(my_segments.tab(findings)) if "of 400 rows" in text]
    assert said == [f"{n} of 400 rows ({n / SMALL:.1%})."]


def test_a_segment_without_a_name_is_counted_under_its_rule() -> None:
    findings = run_again(earlier(line(3, "", ("industry", "is", "Agency"))))
    assert any("of 400 rows" in text for text in texts(my_segments.tab(findings)))


def test_a_value_that_no_row_has_is_said_beside_its_row_with_the_nearest_one() -> None:
    before = earlier(
        line(1, "Typo", ("industry", "is", "Agncy")), line(2, "Good", ("industry", "is", "Shop"))
    )
    tab = my_segments.tab(run_again(before))
    table = tables(tab)[FORM]
    remark = str(shown(cells(table)[f"{row_key(1)} said", NAME]))
    assert remark.startswith("Not counted: ")
    assert "Agncy" in remark
    assert "Agency" in remark
    orange = {
        (row.key, column)
        for row in table.rows
        for column, cell in row.cells.items()
        if isinstance(cell, Cell) and cell.look == "worse"
    }
    assert {key for key, _ in orange} == {row_key(1)}
    assert "cannot be counted" in str(tab.headline)


def test_what_was_typed_stays_in_its_row_in_the_next_workbook() -> None:
    typed = line(4, "Agencies", ("industry", "is", "Agency"), by="Ann")
    before = earlier(typed)
    again = Report((my_segments.tab(run_again(before)),), "t", "f", "r")
    from mapseg_xl.report.identity import keep

    kept = cells(tables(keep(again, before).tabs[0])[FORM])
    for (_, _, row, column), value in typed.items():
        assert shown(kept[row, column]) == value


def test_the_columns_of_the_data_are_a_list_and_those_with_names_of_people_are_not_in_it() -> None:
    table = tables(my_segments.tab(trials()))[FORM]
    entry = cells(table)[row_key(1), cells_of(1)[0]]
    assert {"industry", "channel", "mrr"} <= set(entry.choices)  # type: ignore[union-attr]


def test_hypotheses_points_at_my_segments_in_a_teams_workbook_and_has_the_form_in_an_export() -> (
    None
):
    home = tab_of(build_report(trials(), home=True), HYPOTHESES)
    export = tab_of(build_report(trials()), HYPOTHESES)
    assert OWN not in tables(home)
    assert OWN in tables(export)
    assert any("My segments →" in text for text in texts(home))
