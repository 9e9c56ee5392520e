"""Charts of the test engine: Excel's reading of a block, and the order in which ours are drawn."""

import pytest

pytestmark = pytest.mark.office


@pytest.fixture
def sheet(calc_book):
    sheet = calc_book.sheets[0]
    sheet.name = "Tab & one"
    sheet.range("A1:C4").value = [["x", "low", "high"], [1, 2, None], [2, 3, 5], [3, 4, 7]]
    return sheet


def drawn(sheet, kind):
    chart = sheet.charts.add(10, 20, 300, 200, name="c", style=None)
    chart.set_source_data(sheet.range("B1:C4"), plot_by="columns")
    chart.chart_type = kind
    chart.set_x_axis_values(sheet.range("A2:A4"))
    return chart


def test_a_scatter_of_two_series_reads_one_block(sheet):
    from tests.calc.addresses import text_of
    from tests.calc.charts import source

    chart = drawn(sheet, "xy_scatter_lines")
    assert [series.name for series in chart.series] == ["low", "high"]
    items = [series.impl.item for series in chart.series]
    assert [text_of(source(chart.impl, item, "values-x")) for item in items] == ["$A$2:$A$4"] * 2
    assert [text_of(source(chart.impl, item, "values-y")) for item in items] == [
        "$B$2:$B$4",
        "$C$2:$C$4",
    ]
    assert (round(chart.left), round(chart.top)) == (10, 20)
    assert (round(chart.width), round(chart.height)) == (300, 200)


def test_axes_series_title_and_legend_take_what_they_are_told(sheet):
    chart = drawn(sheet, "xy_scatter_lines")
    chart.title = "Who stays"
    chart.legend.visible = False
    chart.value_axis.set(
        minimum_scale=0, maximum_scale=8, major_unit=2, number_format="0.0", title="months"
    )
    chart.category_axis.visible = False
    chart.series[0].set(chart_type="xy_scatter_lines_no_markers", line_color="#112233")
    chart.series[1].set(marker_style="circle", marker_size=7, marker_background_color="#445566")
    assert chart.title == "Who stays"
    assert not chart.legend.visible
    assert (chart.value_axis.minimum_scale, chart.value_axis.maximum_scale) == (0, 8)
    assert chart.value_axis.title == "months"
    assert chart.series[0].line_color == (0x11, 0x22, 0x33)
    assert (chart.series[0].marker_style, chart.series[1].marker_style) == ("none", "circle")


def test_bars_stand_on_categories(sheet):
    sheet.range("A2:A4").value = [["a"], ["b"], ["c"]]
    chart = drawn(sheet, "bar_stacked")
    assert chart.chart_type == "bar_stacked"
    assert len(chart.series) == 2
    chart.category_axis.set(reverse_order=True)
    assert chart.category_axis.reverse_order


def test_texts_in_a_first_column_become_categories_as_in_excel(sheet):
    sheet.range("B2:B4").value = [["a"], ["b"], ["c"]]
    chart = sheet.charts.add(10, 20, 300, 200, name="c", style=None)
    chart.set_source_data(sheet.range("B1:C4"), plot_by="columns")
    assert len(chart.series) == 1


def test_a_text_among_the_x_of_a_scatter_is_found(sheet):
    from tests.calc.charts import counts_instead

    chart = drawn(sheet, "xy_scatter")
    assert counts_instead(chart.impl) == ""
    sheet.range("A3").value = "two"
    assert counts_instead(chart.impl) == "$A$2:$A$4"
    chart.delete()
    assert len(sheet.charts) == 0


def test_what_excel_would_draw_otherwise_is_refused(sheet):
    from tests.calc.strict import ExcelRefuses

    chart = drawn(sheet, "bar_stacked")
    with pytest.raises(ExcelRefuses, match="no scale"):
        chart.category_axis.set(minimum_scale=0)
    chart.category_axis.visible = False
    with pytest.raises(ExcelRefuses, match="hide it last"):
        chart.category_axis.set(reverse_order=True)
