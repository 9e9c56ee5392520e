from datetime import date
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapseg_xl.hosts.recorder import cells, record
from mapseg_xl.report.layout.binding import UnplacedReference
from mapseg_xl.report.plan import lay_out, sheet_names
from mapseg_xl.report.spec import (
    Cell,
    Column,
    Formula,
    Input,
    Link,
    Ref,
    Report,
    Row,
    Section,
    Span,
    Tab,
    Table,
    Text,
    quoted,
)
from mapseg_xl.report.styles import COLOURS, FORMATS, LOOKS, ROW_LOOKS
from mapseg_xl.report.verbs import (
    Block,
    Chart,
    Entry,
    Filter,
    Height,
    Live,
    NumberFormat,
    Page,
    Rule,
    Style,
    View,
)
from tests.report.sample import sample
from tests.report.sample_volume import BITING_NAMES

COLUMNS = (
    Column("name", "Segment", 0, "label"),
    Column("n", "Customers", 1, "count"),
    Column("value", "Value", 2, "money"),
    Column("note", "Note", 4, "text"),
)


def report(*rows: Row, columns=COLUMNS, **more) -> Report:
    table = Table("t", columns, rows, filter=more.pop("filter", False))
    tab = Tab("Tab", "ANALYZE", "A headline.", "", (Section("Head", (table,)),), **more)
    front = Tab("Summary", "", "Front.", "", ())
    return Report((front, tab), "Acme", "Acme", "right")


def value_at(plan, tab, block, row, column):
    place = plan.places[tab, block, row, column]
    sheet = next(sheet for sheet in plan.sheets if sheet.name == place.sheet)
    return cells(sheet).get((place.rect.top, place.rect.left))


def verbs(plan, kind, sheet="Tab"):
    found = next(one for one in plan.sheets if one.name == sheet)
    return [verb for verb in found.verbs if isinstance(verb, kind)]


def code_at(plan, row, column):
    place = plan.places["Tab", "t", row, column].rect
    return [v.code for v in verbs(plan, NumberFormat) if v.rect == place][-1]


@pytest.fixture(scope="module")
def plan():
    return lay_out(sample())


def test_the_same_report_gives_the_same_plan():
    assert record(lay_out(sample())) == record(lay_out(sample()))


def test_a_name_in_braces_is_the_cell_beside_and_a_span_the_column():
    rows = (
        Row("a", {"n": 2, "value": 10.0}),
        Row("b", {"n": 3, "value": Formula("{n}*2", 6)}),
        Row("s", {"n": Formula("SUM({all})", 5, {"all": Span("t", "n", rows=("a", "b"))})}),
    )
    plan = lay_out(report(*rows))
    top = plan.places["Tab", "t", "a", "n"].rect.top + 1
    assert value_at(plan, "Tab", "t", "b", "value") == Live(f"C{top + 1}*2", 6)
    assert value_at(plan, "Tab", "t", "s", "n") == Live(f"SUM($C${top}:$C${top + 1})", 5)


def test_a_reference_to_another_tab_is_quoted_and_absolute():
    name = "Bob's {n} & co"
    there = Tab(name, "", "H.", "", (Section("", (Table("t", COLUMNS, (Row("a", {"n": 1}),)),)),))
    formula = Formula("{x}+1", 2, {"x": Ref("t", "a", "n", name)})
    here = Tab("Here", "", formula, "", ())
    plan = lay_out(Report((here, there), "", "", ""))
    address = plan.places[name, "t", "a", "n"].rect.absolute
    live = value_at(plan, "Here", "tab", "headline", "text")
    assert live == Live(f"'Bob''s {{n}} & co'!{address}+1", 2)


def test_braces_in_string_literals_and_array_constants_are_left_alone():
    formula = Formula('"{n}"&SUM({1,2})&{n}&"say ""{n}"""', "x")
    plan = lay_out(report(Row("a", {"n": 1, "note": formula})))
    n = plan.places["Tab", "t", "a", "n"].rect.a1
    text = f'"{{n}}"&SUM({{1,2}})&{n}&"say ""{{n}}"""'
    assert value_at(plan, "Tab", "t", "a", "note").formula == text


def test_a_formula_without_a_value_shows_an_empty_text():
    plan = lay_out(report(Row("a", {"n": Formula('""', None)})))
    assert value_at(plan, "Tab", "t", "a", "n") == Live('""', "")


@pytest.mark.parametrize(
    "content",
    [Formula("{nowhere}", 1), Formula("{x}", 1, {"x": Ref("t", "z", "n")}), Link("No", "x")],
)
def test_a_reference_to_nothing_says_which(content):
    with pytest.raises(UnplacedReference, match=r"nowhere|'z'|No"):
        lay_out(report(Row("a", {"n": content})))


def test_two_cells_with_one_key_are_refused():
    with pytest.raises(ValueError, match="two cells"):
        lay_out(report(Row("a", {"n": 1}), Row("a", {"n": 2})))


@pytest.mark.parametrize("name", BITING_NAMES)
def test_text_is_never_a_formula(plan, name):
    sheet = next(sheet for sheet in plan.sheets if sheet.name.startswith("It's"))
    tab = next(key[0] for key in plan.places if key[0].startswith("It's"))
    place = plan.places[tab, "names", f"names:{name}", "value"]
    assert cells(sheet)[place.rect.top, place.rect.left] == name


def test_none_is_a_dash_among_figures_and_nothing_among_words():
    plan = lay_out(report(Row("a", {"name": None, "n": None, "value": float("nan"), "note": None})))
    assert value_at(plan, "Tab", "t", "a", "n") == "–"
    assert value_at(plan, "Tab", "t", "a", "value") == "–"
    assert value_at(plan, "Tab", "t", "a", "name") is None
    assert value_at(plan, "Tab", "t", "a", "note") is None


def test_a_column_of_money_has_one_unit_by_its_largest_value():
    plan = lay_out(report(Row("a", {"value": 12.0}), Row("b", {"value": 2_500_000.0})))
    assert code_at(plan, "a", "value") == code_at(plan, "b", "value")
    assert code_at(plan, "a", "value").startswith('$#,##0.0,,"M"')


def test_bounds_share_the_unit_of_their_value():
    columns = (
        Column("value", "", 1, "money"),
        Column("low", "plausible range", 2, "low", "money"),
        Column("high", "", 3, "high", "money"),
    )
    plan = lay_out(
        report(Row("a", {"value": 9000.0, "low": 8000.0, "high": 12000.0}), columns=columns)
    )
    assert code_at(plan, "a", "value").startswith('$#,##0.0,"k"')
    assert code_at(plan, "a", "low").startswith('$#,##0.0,"k"" –"')


def test_a_long_label_wraps_in_a_taller_row_and_stays_whole():
    name = "A segment with a name " * 9
    plan = lay_out(report(Row("a", {"name": name, "n": 1})))
    assert value_at(plan, "Tab", "t", "a", "name") == name
    row = plan.places["Tab", "t", "a", "name"].rect.top
    assert next(h.points for h in verbs(plan, Height) if h.row == row) > 60


def test_text_too_long_for_its_cells_goes_on_below_and_never_in_a_filtered_list():
    words = "much too long a note for the space that there is on the page " * 4
    open_plan = lay_out(report(Row("a", {"n": 1, "note": words}), Row("b", {"n": 2})))
    lines = (
        open_plan.places["Tab", "t", "b", "n"].rect.top
        - open_plan.places["Tab", "t", "a", "n"].rect.top
    )
    assert lines > 1
    listed = lay_out(report(Row("a", {"n": 1, "note": words}), Row("b", {"n": 2}), filter=True))
    assert value_at(listed, "Tab", "t", "a", "note") == words
    assert verbs(listed, Filter)


def test_an_overlong_text_is_cut_to_what_a_cell_holds():
    plan = lay_out(report(Row("a", {"name": "😀" * 20_000})))
    text = value_at(plan, "Tab", "t", "a", "name")
    assert len(text.encode("utf-16-le")) // 2 <= 32_767
    assert text.endswith("…")


def test_input_cells_are_known_by_key_and_have_hidden_names(plan):
    keys = {entry.key: entry.name for entry in plan.inputs}
    assert keys["What if", "assumptions", "scenario", "a"] == "_mapseg.in.0001"
    assert len(set(keys.values())) == len(keys) == 7
    entry = next(e for e in verbs(plan, Entry, "What if") if e.kind == "share")
    assert (entry.low, entry.high) == (0, 1)
    assert "from 0% to 100%" in entry.message
    assert "next year" in entry.message


def test_choices_that_a_list_cannot_hold_stand_in_helper_cells(plan):
    entries = [e for e in verbs(plan, Entry, "What if") if e.kind == "choice"]
    assert [entry.source is None for entry in entries] == [True, False]


def test_helper_cells_stand_right_of_the_page_and_outside_the_print_area(plan):
    for sheet in plan.sheets[:-1]:
        page = next(verb for verb in sheet.verbs if isinstance(verb, Page))
        for chart in (verb for verb in sheet.verbs if isinstance(verb, Chart)):
            assert chart.block.left == 20
            assert chart.block.left > page.area.right


def test_no_chart_block_overlaps_another_and_charts_do_not_overlap(plan):
    for sheet in plan.sheets:
        blocks = [verb.block for verb in sheet.verbs if isinstance(verb, Chart)]
        for one, other in combinations(blocks, 2):
            assert one.bottom < other.top or other.bottom < one.top


def test_a_panel_is_as_high_as_its_rows_and_dots_stand_in_their_middle(plan):
    panel = verbs(plan, Chart, "Performance")[0]
    heights = {verb.row: verb.points for verb in verbs(plan, Height, "Performance")}
    rows = [
        plan.places["Performance", "conversion", key, "segment"].rect.top
        for key in plan.orders["Performance", "conversion"]
    ]
    assert panel.frame.row == rows[0]
    pixels = sum(heights[row] * 4 / 3 for row in rows)
    assert panel.frame.height_px == pixels + 20
    assert panel.plot[3] == pytest.approx(pixels / (pixels + 20))
    assert panel.y_axis.high == pixels / 24 == len(rows)
    data = cells(next(sheet for sheet in plan.sheets if sheet.name == "Performance"))
    ys = [data.get((panel.block.top + 1, panel.block.left + c)) for c in range(1, 8)]
    assert [y for y in ys if y is not None] == [len(rows) - 0.5]


def test_rows_without_a_value_get_no_dot(plan):
    panel = verbs(plan, Chart, "Performance")[0]
    dots, whiskers, base = 5, 3 * 5, 2
    assert panel.block.bottom - panel.block.top == dots + whiskers + base


def test_helper_cells_are_live_copies_of_the_page(plan):
    data = cells(next(sheet for sheet in plan.sheets if sheet.name == "Performance"))
    panel = verbs(plan, Chart, "Performance")[0]
    place = plan.places["Performance", "conversion", "US agencies", "value"].rect
    cell = data[panel.block.top + 1, panel.block.left]
    assert cell.value == 0.412
    assert cell.formula.startswith(f"IF(ISNUMBER({place.absolute}),{place.absolute},")


def test_bars_split_where_rows_are_of_another_height():
    sheet = next(s for s in lay_out(sample()).sheets if s.name.startswith("It's"))
    charts = [verb for verb in sheet.verbs if isinstance(verb, Chart)]
    assert len(charts) == 4  # fourteen usual rows, two tall ones of unlike height or not, two usual
    assert len({chart.y_axis.high for chart in charts}) == 1


def test_every_tab_but_the_first_links_back_and_freezes_below_the_link(plan):
    for sheet in plan.sheets[1:-1]:
        assert cells(sheet)[1, 1].formula.startswith("HYPERLINK(\"#'Summary'!A1\"")
        view = next(verb for verb in sheet.verbs if isinstance(verb, View))
        assert view.freeze_row >= 2


def test_a_page_that_fits_is_one_page_and_a_long_one_breaks_between_blocks(plan):
    assert verbs(plan, Page, "Performance")[0].one_page
    page = verbs(plan, Page, "Data health")[0]
    assert not page.one_page
    assert page.scale == 92
    heights = {verb.row: verb.points for verb in verbs(plan, Height, "Data health")}
    starts = [0, *page.breaks, page.area.bottom + 1]
    for first, last in pairwise(starts):
        assert sum(heights.get(row, 18.0) for row in range(first, last)) * 0.92 <= 516.1


def test_looks_and_formats_and_colours_are_all_known(plan):
    for sheet in plan.sheets:
        for verb in sheet.verbs:
            if isinstance(verb, Style):
                assert verb.look in LOOKS
            if isinstance(verb, Rule):
                assert verb.colour in COLOURS
    for look in LOOKS.values():
        assert {look.colour, look.fill} - {None} <= COLOURS.keys()
    assert set(ROW_LOOKS) <= LOOKS.keys()
    assert FORMATS["share"].startswith("0.0%")


def test_a_date_is_a_date_and_one_before_the_calendar_is_text():
    plan = lay_out(
        report(Row("a", {"note": date(2026, 6, 30)}), Row("b", {"note": date(1850, 1, 1)}))
    )
    assert value_at(plan, "Tab", "t", "a", "note") == date(2026, 6, 30)
    assert value_at(plan, "Tab", "t", "b", "note") == "1850-01-01"


def test_sections_side_by_side_start_on_one_row():
    def side(name, first, *, beside):
        table = Table(name, (Column("x", "", first, "label"),), (Row("a", {"x": "x"}),))
        return Section(name, (table,), first=first, last=first + 4, beside=beside)

    sections = (side("l", 0, beside=False), side("r", 6, beside=True), side("r2", 6, beside=True))
    plan = lay_out(Report((Tab("T", "", "H.", "", sections),), "", "", ""))
    rows = {block: plan.places["T", block, "a", "x"].rect.top for block in ("l", "r", "r2")}
    assert rows["l"] == rows["r"] < rows["r2"]


def test_text_with_an_id_can_be_pointed_at():
    text = Text(("One.", "Two."), id="words")
    tab = Tab(
        "T",
        "",
        Formula("{two}", "Two.", {"two": Ref("words", "1", "text")}),
        "",
        (Section("", (text,)),),
    )
    plan = lay_out(Report((tab,), "", "", ""))
    assert value_at(plan, "T", "tab", "headline", "text").value == "Two."


def test_an_input_may_stand_in_a_cell_with_a_look():
    plan = lay_out(report(Row("a", {"n": Cell(Input(3, "count", "How many."), "bold")})))
    assert [entry.kind for entry in verbs(plan, Entry)] == ["count"]


@given(st.lists(st.text(min_size=1, max_size=60), unique=True, max_size=30))
def test_sheet_names_are_what_excel_takes(tabs):
    names = list(sheet_names(tabs).values())
    assert len({name.casefold() for name in names}) == len(tabs)
    for name in names:
        assert 0 < len(name) <= 31
        assert not set(name) & set("[]:*?/\\")
        assert name.strip("'") == name


@pytest.mark.parametrize(
    "name", ["=cmd|'/C calc'!A0", "+cmd|'/C calc'!A0", "@SUM(1)", "-HYPERLINK(1)"]
)
def test_a_name_that_could_be_computed_stands_in_no_formula(name):
    columns = (Column("a", "A", 0, "label"), Column("b", "B", 2, "text"))
    said = Formula(quoted(f"“{name}”: ") + "&FIXED(1,0)", f"“{name}”: 1")
    table = Table("t", columns, (Row("r", {"a": Link("One", name), "b": said}),))
    plan = lay_out(Report((Tab("One", "", "All 2.", "", (Section("", (table,)),)),), "T", "f", "r"))
    values = [
        v for s in plan.sheets for b in s.verbs if isinstance(b, Block) for r in b.rows for v in r
    ]
    assert name in values
    assert f"“{name}”: 1" in values
    assert not [v for v in values if isinstance(v, Live) and name in v.formula]
