from io import BytesIO

import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from mapseg_xl.hosts import file
from mapseg_xl.report.layout.heat import rectangles
from mapseg_xl.report.plan import lay_out
from mapseg_xl.report.spec import Cell, Column, Heat, Report, Row, Section, Tab, Table
from mapseg_xl.report.verbs import Rule, Scale, Style

COLUMNS = (
    Column("name", "Cohort", 0, "label"),
    Column("a", "month 1", 1, "share0"),
    Column("b", "month 2", 2, "share0"),
)
ROWS = (
    Row("r1", {"name": "Q1", "a": 0.9, "b": 0.8}),
    Row("r2", {"name": "Q2", "a": 0.7, "b": Cell(0.5, "open", "share.open")}),
    Row("ALL", {"name": "All", "a": 0.8, "b": None}, "total"),
)


def plan_of(heat):
    section = Section("S", (Table("t", COLUMNS, ROWS), heat))
    return lay_out(Report((Tab("T", "", "H.", "", (section,)),), "", "", ""))


def scale_of(heat):
    return next(v for v in plan_of(heat).sheets[0].verbs if isinstance(v, Scale))


KEPT = Heat("h", "t", ("a", "b"), "kept", 0.25, 1.0, skip=(("r2", "b"),))


def test_totals_and_cells_left_out_have_no_colour():
    plan, scale = plan_of(KEPT), scale_of(KEPT)
    coloured = {(r, c) for rect in scale.rects for r in range(rect.top, rect.bottom + 1)
                for c in range(rect.left, rect.right + 1)}  # fmt: skip
    wanted = [plan.places["T", "t", *key].rect for key in (("r1", "a"), ("r1", "b"), ("r2", "a"))]
    assert coloured == {(rect.top, rect.left) for rect in wanted}


def test_the_ends_of_a_scale_are_fixed_figures():
    assert scale_of(KEPT).points == ((0.25, "white"), (1.0, "heat.most"))
    index = Heat("h", "t", ("a",), "index", 50, 170)
    assert scale_of(index).points == ((50, "heat.low"), (100.0, "white"), (170, "heat.high"))


def test_a_scale_without_span_still_rises():
    low, high = scale_of(Heat("h", "t", ("a",), "count", 0, 0)).points
    assert low[0] < high[0]


def test_figures_and_heads_of_heat_columns_are_centred():
    plan = plan_of(KEPT)
    place = plan.places["T", "t", "ALL", "b"].rect  # a dash
    looks = [v.look for v in plan.sheets[0].verbs if isinstance(v, Style) and v.rect == place]
    assert looks[-1] == "centre"


def test_hairlines_stand_right_of_and_between_cells_but_spare_the_rule_of_the_head():
    plan = plan_of(KEPT)
    top = plan.places["T", "t", "r1", "a"].rect
    rules = [v for v in plan.sheets[0].verbs if isinstance(v, Rule)]
    white = {(v.rect.top - top.top, v.side) for v in rules if v.colour == "white"}
    assert white == {(0, "right"), (1, "right"), (0, "bottom"), (1, "top")}


def test_the_workbook_has_one_rule_over_all_cells():
    book = openpyxl.load_workbook(BytesIO(file.to_bytes(plan_of(KEPT))))
    rules = list(book["T"].conditional_formatting)
    assert len(rules) == 1
    scale = rules[0].rules[0].colorScale
    assert [end.val for end in scale.cfvo] == [0.25, 1.0]
    assert {end.type for end in scale.cfvo} == {"num"}
    assert len(str(rules[0].sqref).split()) == 2


@given(st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6))))
def test_rectangles_cover_each_cell_once(places):
    covered = [
        (row, column)
        for rect in rectangles(places)
        for row in range(rect.top, rect.bottom + 1)
        for column in range(rect.left, rect.right + 1)
    ]
    assert sorted(covered) == sorted(places)
