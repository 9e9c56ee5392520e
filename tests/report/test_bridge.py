from io import BytesIO

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapseg_xl.hosts import file
from mapseg_xl.hosts.recorder import cells
from mapseg_xl.report.plan import lay_out
from mapseg_xl.report.spec import (
    Bridge,
    ChartRow,
    Column,
    Formula,
    Input,
    Ref,
    Report,
    Row,
    Section,
    Step,
    Tab,
    Table,
)
from mapseg_xl.report.verbs import Chart, Live
from tests.tools import office


def total(value, look=""):
    return Step("Total", "total", value, look)


def change(value, *, low_is_good=False):
    return Step("Change", "change", value, low_is_good=low_is_good)


def tab_of(*bridges):
    rows = tuple(
        Section("", (ChartRow((Bridge(f"b{at}", "T", "alt", steps, "count"),)),))
        for at, steps in enumerate(bridges)
    )
    return Tab("T", "", "H.", "", rows)


def drawn(*steps, kind="count", **more):
    part = Bridge("b", "Title", "alt", steps, kind, **more)
    tab = Tab("T", "", "H.", "", (Section("", (ChartRow((part,)),)),))
    sheet = lay_out(Report((tab,), "", "", "")).sheets[0]
    chart = next(verb for verb in sheet.verbs if isinstance(verb, Chart))
    return chart, columns(sheet, chart)


def columns(sheet, chart):
    """What each series shows now, by its place in the chart: name and figures, gaps as 0."""
    data = cells(sheet)

    def shown(row, column):
        value = data.get((row, column))
        return value.value if isinstance(value, Live) else value

    return [
        (
            shown(series.name.top, series.name.left),
            [shown(row, series.y.left) or 0.0 for row in range(series.y.top, series.y.bottom + 1)],
        )
        for series in chart.series
    ]


def stacked(series, at):
    """The lowest and highest end of the seen pieces of a column, as a stacked chart draws them."""
    up = down = 0.0
    ends = []
    for name, values in series:
        before_up, before_down = up, down
        value = values[at]
        up, down = up + max(value, 0.0), down + min(value, 0.0)
        seen = name != "Base" and name[0].isalpha()
        if value and seen:
            ends += [before_up, up] if value > 0 else [before_down, down]
    return (min(ends), max(ends)) if ends else (0.0, 0.0)


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=5), st.integers(-100, 100))
@settings(max_examples=40, deadline=None)
def test_each_column_lies_between_what_was_and_what_is(changes, first):
    end = first + sum(changes)
    _, series = drawn(total(first), *map(change, changes), total(end, "first"))
    level = first
    assert stacked(series, 0) == (min(0, first), max(0, first))
    for at, step in enumerate(changes, start=1):
        expected = (min(level, level + step), max(level, level + step)) if step else (0.0, 0.0)
        assert stacked(series, at) == pytest.approx(expected)
        level += step


def test_a_fall_of_what_should_be_low_is_better():
    _, series = drawn(total(10.0), change(-4.0, low_is_good=True), change(-2.0))
    pieces = dict(series)
    assert pieces["Better above"] == [0, 4.0, 0]
    assert pieces["Worse above"] == [0, 0, 2.0]


def test_figures_stand_above_their_columns_in_words():
    _, series = drawn(total(720_000.0), change(-4_400.0), total(715_600.0), kind="money")
    assert [name for name, _ in series[-3:]] == ["$720k", "−$4k", "$716k"]
    _, series = drawn(total(720_000.0), change(-400.0), kind="money")
    assert [name for name, _ in series[-2:]] == ["$720.0k", "−$0.4k"]


def test_figures_are_names_of_series_above_their_columns():
    chart, series = drawn(total(720_000.0), change(-4_400.0), total(715_600.0))
    labels = [item.label for item in chart.series[-3:]]
    assert {(label.shows, label.position) for label in labels} == {("name", "inside_base")}
    airs = [values[at] for at, (_, values) in enumerate(series[-3:])]
    assert airs == pytest.approx([72_000.0] * 3)


def test_the_figure_of_a_column_below_zero_stands_below():
    _, series = drawn(total(-5.0), change(3.0), change(2.0), change(0.0))
    airs = [values[at] for at, (_, values) in enumerate(series[-4:])]
    assert airs == pytest.approx([-0.5, -0.5, -0.5, 0.5])


def test_the_base_is_empty_and_lies_lowest():
    chart, series = drawn(total(1.0), change(1.0))
    assert series[0][0] == "Base"
    assert chart.series[0].mark.fill == ""
    assert chart.kind == "column"
    assert all(item.x == chart.series[0].x for item in chart.series)


def test_columns_stand_on_zero_unless_they_may_fall_below_it():
    chart, _ = drawn(total(690.0), change(15.0))
    assert chart.y_axis.low == 0.0
    chart, _ = drawn(total(10.0), change(-15.0))
    assert chart.y_axis.low is None
    chart, series = drawn(total(690.0), change(15.0), below_zero=True)
    assert chart.y_axis.low is None
    assert [values[-1] for _, values in series] == [0.0] * len(series)  # a column of nothing


def test_a_step_without_a_figure_moves_nothing():
    _, series = drawn(total(10.0), change(None), change(5.0))
    assert stacked(series, 2) == (10.0, 15.0)


def test_a_bridge_without_steps_draws_nothing():
    tab = tab_of(())
    assert not any(
        isinstance(v, Chart) for v in lay_out(Report((tab,), "", "", "")).sheets[0].verbs
    )


@pytest.mark.office
@pytest.mark.slow
def test_a_bridge_follows_its_cells_also_below_zero(tmp_path):
    """The file is written for one input and recalculated with another: the same as written for that."""
    office.need_office()

    def book(value):
        figures = Table(
            "t",
            (Column("v", "V", 1, "input"),),
            (Row("a", {"v": Input(value, "number")}),),
        )
        live = Formula("{v}", value, {"v": Ref("t", "a", "v")})
        down = Formula("-2*{v}", -2 * value, {"v": Ref("t", "a", "v")})
        end = Formula("20-{v}", 20 - value, {"v": Ref("t", "a", "v")})
        steps = (total(20.0), change(live), change(down), total(end, "first"))
        part = Bridge("b", "T", "alt", steps, "money")
        sections = (Section("", (figures,)), Section("", (ChartRow((part,)),)))
        return lay_out(Report((Tab("T", "", "H.", "", sections),), "", "", ""))

    before, after = book(7.0), book(45.0)
    place = before.places["T", "t", "a", "v"].address
    changed = openpyxl.load_workbook(BytesIO(file.to_bytes(before)))
    changed["T"][place] = 45.0
    path = tmp_path / "changed.xlsx"
    changed.save(path)
    fresh = openpyxl.load_workbook(office.recalculated(path, tmp_path), data_only=True)["T"]
    expected = cells(after.sheets[0])
    compared = 0
    for (row, column), value in expected.items():
        if isinstance(value, Live):
            shown = fresh.cell(row + 1, column + 1).value
            assert shown == pytest.approx(value.value), (row, column)
            compared += 1
    assert compared > 20
