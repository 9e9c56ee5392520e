"""Start here: the steps in the words of the ribbon, how far each is, and links to what is there."""

from __future__ import annotations

import re
from datetime import date

from mapseg_xl.excel.buttons import BUTTONS, GROUPS
from mapseg_xl.report.parts.names import CUSTOMERS, FUNCTIONS, MY_SEGMENTS, SETTINGS
from mapseg_xl.report.spec import Link
from mapseg_xl.report.tabs.start_here import STEPS, State, guide, tab
from tests.report.tabs.sample import cells, shown, tables, texts, trials


def test_every_button_it_names_is_one_of_the_ribbon() -> None:
    labels = {button.label for button in BUTTONS.values()}
    said = [t for t in texts(guide({}, ())) if t.startswith("Press ")]
    named = [part for t in said for part in re.split(", then |, ", t[6:].rstrip("."))]
    assert len(said) == 4
    assert set(named) <= labels


def test_its_steps_are_the_first_groups_of_the_ribbon_in_order() -> None:
    rows = tables(guide({}, ()))[STEPS].rows
    keys = [row.key for row in rows if row.look == "body"]
    assert keys == [group.id for group in GROUPS[:4]]
    titles = [str(shown(cells(tables(guide({}, ()))[STEPS])[key, "step"])) for key in keys]
    assert [t[3:] for t in titles] == [group.label for group in GROUPS[:4]]


def test_a_step_says_whether_it_ran_and_to_which_day() -> None:
    states = {
        "set_up": State(date(2026, 6, 30)),
        "measure": State(),
        "analyze": State(date(2026, 6, 30), out_of_date=True),
    }
    held = cells(tables(guide(states, ()))[STEPS])
    assert [
        shown(held[key, "state"]) for key in ("set_up", "measure", "analyze", "prioritize")
    ] == [
        "done to 30 Jun 2026",
        "done",
        "out of date: run again",
        "not run yet",
    ]


def test_after_a_whole_run_every_step_is_done_to_the_day_of_the_data() -> None:
    held = cells(tables(tab(trials()))[STEPS])
    assert {shown(held[key, "state"]) for key, column in held if column == "state"} == {
        "done to 30 Jun 2025"
    }


def test_links_lead_only_to_tabs_that_are_there() -> None:
    held = cells(tables(guide({}, (SETTINGS,)))["typing"])
    assert isinstance(held[SETTINGS, "tab"], Link)
    assert held[MY_SEGMENTS, "tab"] == MY_SEGMENTS


def test_tabs_of_the_template_are_named_only_where_they_are() -> None:
    bare, template = (
        {key for key, _ in cells(tables(guide({}, there))["typing"])}
        for there in ((SETTINGS,), (SETTINGS, CUSTOMERS, FUNCTIONS))
    )
    assert template - bare == {CUSTOMERS, FUNCTIONS}


def test_it_says_where_the_data_stays() -> None:
    assert any("Nothing is sent anywhere" in text for text in texts(guide({}, ())))
