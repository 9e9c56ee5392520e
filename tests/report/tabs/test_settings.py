"""Settings: every cell is read back as what it is for; what cannot be used is said with its cell."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest

from mapseg_xl.errors import BadCells
from mapseg_xl.intake.tables import RoleGuess
from mapseg_xl.repairs import NAMES
from mapseg_xl.report.identity import Previous
from mapseg_xl.report.parts.home.column_readings import COLUMNS, TAKE, typed_maps_of
from mapseg_xl.report.parts.home.column_words import PLAIN, ROLE_OF
from mapseg_xl.report.parts.home.run_settings import ASKED, typed_settings_of
from mapseg_xl.report.parts.names import SETTINGS, SURVIVAL
from mapseg_xl.report.report import build_report
from mapseg_xl.report.spec import Report, Scalar
from mapseg_xl.report.tabs import settings
from mapseg_xl.settings import Settings
from tests.report.tabs.home_book import typed_into
from tests.report.tabs.sample import cells, shown, tab_of, tables, texts, trials

EMPTY = Report(
    (replace(settings.empty_tab(), sections=settings.empty_tab().sections[:-1]),), "t", "f", "r"
)
BY_NAME = {asked.name: asked for asked in ASKED}
READ = {  # what is typed -> what it sets
    "model": ("sales-led", {"model": "sales-led"}),
    "as_of": ("2026-03-31", {"as_of": date(2026, 3, 31)}),
    "window_days": (45, {"window_days": 45}),
    "day_first": ("month first", {"day_first": False}),
    "currency": ("€", {"currency": "€"}),
    "gross_margin": ("70%", {"gross_margin": 0.7}),
    "annual_discount": (0.12, {"annual_discount": 0.12}),
    "horizon_months": (24.0, {"horizon_months": 24}),
    "rmst_months": (18.5, {"rmst_months": 18.5}),
    "min_units": (50, {"min_units": 50}),
    "min_decided": (20, {"min_decided": 20}),
    "min_new_customers": (15, {"min_new_customers": 15}),
    "proposal_most": (3, {"proposal_most": 3}),
    "most_segments": ("2", {"most_segments": 2}),
    "leave_out_test_accounts": ("leave out", {"leave_out_test_accounts": True}),
    "merge_likely_typos": ("Merge", {"merge_likely_typos": True}),
    **{name: ("off", {"repairs_off": (name,)}) for name in NAMES},
}
WRONG: dict[str, Scalar] = {
    "model": "freemium",
    "as_of": "03/04/2026",
    "window_days": "soon",
    "day_first": "maybe",
    "currency": 12,
    "gross_margin": "lots",
    "annual_discount": -0.5,
    "horizon_months": 12.5,
    "rmst_months": "all",
    "min_units": 2,
    "min_decided": "ten",
    "min_new_customers": 7.5,
    "proposal_most": 99,
    "most_segments": 4,
    "leave_out_test_accounts": "maybe",
    "merge_likely_typos": "all",
    **dict.fromkeys(NAMES, "sometimes"),
}


def typed(name: str, value: Scalar) -> Previous:
    return typed_into(EMPTY, {BY_NAME[name].key: value})


def test_every_setting_on_the_tab_has_a_value_that_is_read_back_here() -> None:
    assert set(READ) == set(WRONG) == set(BY_NAME)


@pytest.mark.parametrize("name", READ)
def test_what_is_typed_is_read_back_as_a_setting_that_a_run_takes(name: str) -> None:
    value, expected = READ[name]
    found = typed_settings_of(typed(name, value))
    assert found == expected
    assert all(type(found[key]) is type(expected[key]) for key in expected)
    Settings().with_values(found, "Settings")


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_used_is_said_with_its_cell_and_what_to_write(name: str) -> None:
    earlier = typed(name, WRONG[name])
    cell = earlier.cell(BY_NAME[name].key)
    with pytest.raises(BadCells) as raised:
        typed_settings_of(earlier)
    assert cell.startswith("Settings!")
    assert str(raised.value).startswith(f"{cell}: '{WRONG[name]}' cannot be used for")
    assert raised.value.cells == (cell,)
    assert "Or empty it." in str(raised.value) or "or empty it." in str(raised.value)


def test_all_wrong_cells_are_said_at_once() -> None:
    keys = {BY_NAME[name].key: value for name, value in WRONG.items()}
    with pytest.raises(BadCells) as raised:
        typed_settings_of(typed_into(EMPTY, keys))
    assert len(raised.value.cells) == len(WRONG)


def test_an_untouched_tab_says_nothing() -> None:
    assert typed_settings_of(typed_into(EMPTY, {})) == {}
    assert typed_settings_of(None) == {}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (date(2026, 3, 31), {"as_of": date(2026, 3, 31)}),
        ("31 Mar 2026", {"as_of": date(2026, 3, 31)}),
        (46112, {"as_of": date(2026, 3, 31)}),
    ],
)
def test_a_day_is_read_as_a_spreadsheet_may_hold_it(
    written: Scalar, expected: dict[str, date]
) -> None:
    assert typed_settings_of(typed("as_of", written)) == expected


def test_all_counts_every_conversion_so_far() -> None:
    assert typed_settings_of(typed("window_days", "All")) == {"window_all": True}


def test_each_setting_is_one_of_a_run_and_shows_its_default() -> None:
    known = {field.name for field in fields(Settings)}
    assert set(BY_NAME) <= known | set(NAMES)
    for asked in ASKED:
        if isinstance(asked.default, int | float):
            assert getattr(Settings(), asked.name) == asked.default


def test_in_use_shows_what_was_typed_and_else_the_default() -> None:
    tab = settings.empty_tab()
    assert shown(cells(tables(tab)["worth"])["annual_discount", settings.NOW]) == 0.10
    own = {BY_NAME["annual_discount"].key: "15%"}
    live = settings.in_use(BY_NAME["annual_discount"], {}, own)
    assert live.value == 0.15
    assert live.text == "IF(LEN({value})=0,0.1,{value})"


def test_the_assumptions_of_survival_copy_settings_in_a_teams_workbook() -> None:
    report = build_report(trials(), home=True)
    margin = cells(tables(tab_of(report, SURVIVAL))["assumptions"])["gross_margin", "value"]
    assert shown(margin) == 0.78
    assert margin.refs["now"].tab == SETTINGS  # type: ignore[union-attr]
    export = cells(tables(tab_of(build_report(trials()), SURVIVAL))["assumptions"])
    assert type(export["gross_margin", "value"]).__name__ == "Input"


GUESSES = (
    RoleGuess("Customer", "A", "customer_id", "", True, "header and values fit", ("1", "2", "3"), "CRM"),
    RoleGuess("Start", "B", "trial_on", "", False, "the header could mean something else", ("1",), "CRM"),
    RoleGuess("Plan", "C", "trait", "account", False, "a word in the header", ("Pro",), "CRM"),
    RoleGuess("Start", "B", "created_on", "", False, "part of the header fits", ("2",), "Billing"),
)  # fmt: skip


def with_columns() -> Report:
    findings = trials()
    findings = replace(findings, origin=replace(findings.origin, guesses=GUESSES))
    return Report((settings.tab(findings),), "t", "f", "r", front=SETTINGS)


def with_links_gone(report: Report) -> Report:
    """The tab alone: without what is set elsewhere."""
    (tab,) = report.tabs
    return replace(report, tabs=(replace(tab, sections=tab.sections[:-1]),))


def columns_typed(answers: dict[str, Scalar]) -> Previous:
    keys = {(SETTINGS, COLUMNS, row, TAKE): value for row, value in answers.items()}
    return typed_into(with_links_gone(with_columns()), keys)


def test_unsure_columns_come_first_with_the_reason_and_a_doubtful_trait_is_no_question() -> None:
    rows = [row.key for row in tables(with_columns().tabs[0])[COLUMNS].rows]
    asked, sure = rows.index("asked"), rows.index("sure")
    assert asked < rows.index("CRM!Start") < rows.index("Billing!Start") < sure
    assert sure < rows.index("CRM!Customer") < rows.index("CRM!Plan")
    assert "The header could mean something else." in list(texts(with_columns().tabs[0]))


def test_a_reading_that_people_choose_is_a_map_of_that_column() -> None:
    earlier = columns_typed({"CRM!Customer": "Leave it out", "CRM!Plan": "Sales stage"})
    assert typed_maps_of(earlier) == {"ignore": ("Customer",), "stage": "Plan"}


def test_a_header_that_two_sheets_have_is_named_with_its_sheet() -> None:
    assert typed_maps_of(columns_typed({"Billing!Start": "Customer since"})) == {
        "converted_on": "Billing!Start"
    }


def test_every_role_can_be_chosen_in_words_and_comes_back_as_that_role() -> None:
    for words, role in ROLE_OF.items():
        found = typed_maps_of(columns_typed({"CRM!Plan": words}))
        assert found == {role: ("Plan",) if role in ("trait", "ignore") else "Plan"}
        assert PLAIN[role] == words


def test_a_word_that_is_no_reading_is_said_with_its_cell() -> None:
    earlier = columns_typed({"CRM!Plan": "Subscription"})
    cell = earlier.cell((SETTINGS, COLUMNS, "CRM!Plan", TAKE))
    with pytest.raises(BadCells, match=f"{cell}: 'Subscription' is nothing a column can be for"):
        typed_maps_of(earlier)


def test_one_reading_given_to_two_columns_names_both_cells() -> None:
    earlier = columns_typed({"CRM!Plan": "Channel", "CRM!Start": "Channel"})
    with pytest.raises(BadCells, match=r"Settings!\w+ and Settings!\w+ both say 'Channel'"):
        typed_maps_of(earlier)


def test_an_answer_keeps_its_place_among_the_questions_in_the_next_run() -> None:
    said = replace(GUESSES[0], why="you said so")
    findings = trials()
    findings = replace(findings, origin=replace(findings.origin, guesses=(said, *GUESSES[1:])))
    rows = [row.key for row in tables(settings.tab(findings))[COLUMNS].rows]
    assert rows.index("CRM!Customer") < rows.index("sure")
