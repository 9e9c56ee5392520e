"""People's own segments: what can be counted is, and what cannot is said with its cell."""

from mapseg_xl.intake.tables import OwnSegment, Written
from mapseg_xl.measure.own_segments import countable
from tests.bases import customers, trait

PEOPLE = customers([2] * 4, [trait("Industry", ["Agency", "Shop", "Agency", "Bank"])])


def typed(name, *conditions):
    written = tuple(
        Written(text, f"Hypotheses!{'CFI'[at]}30", ("own 1", f"condition {at + 1}"))
        for at, text in enumerate(conditions)
    )
    return OwnSegment(name, "", "Ann", "", written)


def test_conditions_of_several_cells_make_one_rule():
    rules, refused = countable([typed("Mine", "industry = agency", "Industry <> Shop")], PEOPLE)
    assert [(r.name, str(r.rule), r.suggested_by) for r in rules] == [
        ("Mine", "industry = 'agency' and Industry <> 'Shop'", "Ann")
    ]
    assert not refused


def test_each_wrong_cell_is_named_and_the_segment_left_out():
    rules, refused = countable(
        [typed("Bad", "Industry Agency", "Colour = red"), typed("Good", "Industry = Shop")], PEOPLE
    )
    assert [r.name for r in rules] == ["Good"]
    assert [(r.cell, r.key) for r in refused] == [
        ("Hypotheses!C30", ("own 1", "condition 1")),
        ("Hypotheses!F30", ("own 1", "condition 2")),
    ]
    assert "no column 'Colour'" in refused[1].why


def test_a_value_that_nobody_has_is_said_with_those_there_are():
    _, refused = countable([typed("Bad", "Industry = Agencies")], PEOPLE)
    assert "Agency" in refused[0].why


def test_a_name_alone_is_asked_for_its_condition():
    _, refused = countable([typed("Bad", "")], PEOPLE)
    assert "no condition" in refused[0].why


def test_a_rule_without_a_name_is_called_by_its_words():
    rules, _ = countable([typed("", "Industry = Shop")], PEOPLE)
    assert rules[0].name == "Industry is Shop"


def test_the_line_of_data_health_names_workbook_or_source():
    _, refused = countable(
        [typed("Bad", "x = 1"), OwnSegment("Worse", "y = 2", "", "My segments!B4")], PEOPLE
    )
    issues = [r.issue("team.xlsx") for r in refused]
    assert [(i.source, i.sheet, i.cell) for i in issues] == [
        ("this workbook", "Hypotheses", "C30"),
        ("team.xlsx", "My segments", "B4"),
    ]
    assert {i.severity for i in issues} == {"warning"}
