from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapseg_xl.hosts.recorder import cells
from mapseg_xl.report.layout.charts import name_heights
from mapseg_xl.report.layout.panels import nice_axis
from mapseg_xl.report.plan import lay_out
from mapseg_xl.report.spec import Bars, ChartRow, Lines, Report, Section, Series, Tab
from mapseg_xl.report.verbs import Chart


def drawn(part):
    tab = Tab("T", "", "H.", "", (Section("", (ChartRow((part,)),)),))
    sheet = lay_out(Report((tab,), "", "", "")).sheets[0]
    chart = next(verb for verb in sheet.verbs if isinstance(verb, Chart))
    data, block = cells(sheet), chart.block
    rows = [
        [data.get((row, column)) for column in range(block.left, block.right + 1)]
        for row in range(block.top, block.bottom + 1)
    ]
    return chart, rows


def lines(values, *, steps):
    return Lines(
        "l", "Title", "alt", (0, 1, 2), (Series("A", "first", values),), 2, 1, 1.0, "share0", steps
    )


def test_steps_are_doubled_points():
    _, rows = drawn(lines((1.0, 0.8, 0.5), steps=True))
    assert [row[:2] for row in rows[1:6]] == [[0, 1.0], [1, 1.0], [1, 0.8], [2, 0.8], [2, 0.5]]


def test_none_leaves_a_gap_and_the_name_stands_at_the_last_value():
    chart, rows = drawn(lines((1.0, 0.6, None), steps=False))
    assert rows[3] == [2, None, None]
    assert rows[4][2] == pytest.approx(0.6)
    assert rows[4][0] == pytest.approx(1.016)
    assert chart.series[-1].label.shows == "name"


def test_bars_too_short_for_their_figure_carry_it_outside():
    part = Bars("b", "T", "alt", ("A", "B"), ("first", "first"), (100.0, 1.0), "count")
    chart, rows = drawn(part)
    assert rows[1:] == [["A", 100.0, None], ["B", None, 1.0]]
    assert [series.label.position for series in chart.series] == ["inside_base", "outside_end"]


def test_pale_bars_stand_above_solid_ones():
    part = Bars("b", "T", "alt", ("A", "B"), ("first", "other"), (0.2, 0.4), "share0", (0.1, 0.5))
    _, rows = drawn(part)
    assert [row[1] for row in rows[1:]] == [0.1, None, None, 0.5, None]
    assert [row[2:] for row in rows[1:]] == [
        [None, None],
        [0.2, None],
        [None, None],
        [None, None],
        [None, 0.4],
    ]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_names_at_line_ends_never_touch(ends):
    heights = sorted(name_heights(ends, 1.0))
    assert all(upper - lower >= 0.0699 for lower, upper in pairwise(heights))
    assert heights[0] >= 0.0299


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6))
def test_an_axis_holds_its_figures_in_few_steps(low, span):
    first, last, unit = nice_axis(low, low + span)
    slack = 1e-6 * unit + 1e-9
    assert first <= low + slack
    assert low + span <= last + slack
    assert 1 <= round((last - first) / unit) <= 8
