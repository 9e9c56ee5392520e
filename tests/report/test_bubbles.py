import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapseg_xl.hosts.recorder import cells
from mapseg_xl.report.layout.bubbles import dot_sizes
from mapseg_xl.report.plan import lay_out
from mapseg_xl.report.spec import (
    Bubble,
    Bubbles,
    ChartRow,
    Column,
    Formula,
    Ref,
    Report,
    Row,
    Section,
    Tab,
    Table,
)
from mapseg_xl.report.verbs import Chart, Live

FIGURES = Table("t", (Column("v", "V", 1, "ratio"),), (Row("a", {"v": Formula('""', None)}),))


def drawn(*points, mark=None):
    part = Bubbles("b", "T", "alt", points, "ratio", "money", 8, 9e6, mark, "x")
    tab = Tab("T", "", "H.", "", (Section("", (FIGURES,)), Section("", (ChartRow((part,)),))))
    sheet = lay_out(Report((tab,), "", "", "")).sheets[0]
    chart = next(verb for verb in sheet.verbs if isinstance(verb, Chart))
    data, block = cells(sheet), chart.block
    rows = [
        [data.get((row, column)) for column in range(block.left, block.right + 1)]
        for row in range(block.top, block.bottom + 1)
    ]
    return chart, rows


def dot(name, x, y, size=100.0, look="other"):
    return Bubble(name, look, x, y, size)


def test_each_segment_is_a_series_on_the_diagonal_the_largest_first():
    _, rows = drawn(dot("Small", 1.0, 2e6, 50.0), dot("Large", 3.0, 4e6, 500.0))
    assert rows == [["x", "Large", "Small"], [3.0, 4e6, None], [1.0, None, 2e6]]


def test_every_x_is_a_number_also_where_a_formula_gives_none():
    live = Formula("{v}", None, {"v": Ref("t", "a", "v")})
    _, rows = drawn(dot("A", live, 1e6))
    assert isinstance(rows[1][0], Live)
    assert rows[1][0].value == -1e9
    assert rows[1][0].formula.startswith("IF(ISNUMBER($C$")


def test_a_segment_without_figures_has_no_dot():
    _, rows = drawn(dot("A", None, 1e6), dot("B", 1.0, 1e6))
    assert rows[0] == ["x", "B"]


def test_the_line_runs_from_foot_to_top_and_carries_its_words():
    chart, rows = drawn(dot("A", 1.0, 1e6), mark=(3.0, "3 × is the usual bar"))
    assert rows[0] == ["x", "A", "Line", "3 × is the usual bar"]
    assert [row[0] for row in rows[2:]] == [3.0, 3.0, 3.0]
    assert [row[2] for row in rows[2:]] == [0.0, 10e6, None]
    line, words = chart.series[:2]
    assert (line.mark.line, line.mark.dash) == ("base", "dash")
    assert words.label.shows == "name"


def test_a_name_stands_left_of_its_dot_where_the_line_is_to_the_right():
    chart, _ = drawn(dot("Small shops", 2.9, 5e6), dot("Far", 6.0, 1e6), mark=(3.0, "bar"))
    assert {series.label.position for series in chart.series[2:]} == {"left", "right"}
    assert chart.series[2].label.position == "left"


def test_a_name_does_not_run_off_the_right_edge_or_over_the_next_dot():
    chart, _ = drawn(
        dot("A long name at the edge", 7.9, 5e6), dot("A", 2.0, 2e6), dot("B", 2.1, 2e6)
    )
    sides = [series.label.position for series in chart.series]
    assert sides[0] == "left"
    assert sides[1:] != ["right", "right"]


def test_names_of_chosen_segments_take_their_colour():
    chart, _ = drawn(dot("A", 1.0, 1e6, look="first"))
    assert (chart.series[0].label.colour, chart.series[0].label.bold) == ("accent", True)
    assert chart.series[0].mark.see_through == 25


@given(st.lists(st.floats(1, 1e7), min_size=2, max_size=8))
def test_areas_are_in_proportion_within_what_can_be_seen(sizes):
    points = dot_sizes(sizes)
    assert min(points) >= 7
    assert max(points) <= 60
    for size, drawn_ in zip(sizes, points, strict=True):
        if drawn_ > 7:
            assert drawn_ == pytest.approx(max(points) * (size / max(sizes)) ** 0.5, abs=1)
