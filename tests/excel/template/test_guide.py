"""The Functions tab: every function has an example, which gives what the function gives for those very cells."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mapseg_xl.excel.catalog import FUNCTIONS
from mapseg_xl.excel.template.example_formula import computed
from mapseg_xl.excel.template.guide import functions_report, functions_tab
from mapseg_xl.excel.template.guide_examples import EXAMPLES
from mapseg_xl.hosts.file import to_bytes
from mapseg_xl.report.plan import lay_out
from mapseg_xl.report.spec import Cell, Formula
from mapseg_xl.report.verbs import Block, DataTable, Live, Plan, Sheet
from tests.report.tabs.sample import tables, texts

Grid = dict[tuple[int, int], Any]
_PART = r'"[^"]*"|\{[^}]*\}|Sample\w+\[(?:\[[^\]]+\]:\[[^\]]+\]|[^\]]+)\]|[\d.]+%?'
_REF = re.compile(r"(Sample\w+)\[(?:\[([^\]]+)\]:\[([^\]]+)\]|([^\]]+))\]")


def test_every_function_has_its_row_with_what_it_answers_and_how_it_is_called() -> None:
    said = set(texts(functions_tab()))
    for function in FUNCTIONS:
        assert {function.name, function.help} <= said
        assert any(text.startswith(function.usage) for text in said)
        assert f"={EXAMPLES[function.name].formula}" in said
    assert set(EXAMPLES) == {function.name for function in FUNCTIONS}


@pytest.fixture(scope="module")
def plan() -> Plan:
    return lay_out(functions_report())


def grid(sheet: Sheet) -> Grid:
    cells: Grid = {}
    for verb in sheet.verbs:
        if isinstance(verb, Block):
            for row, contents in enumerate(verb.rows, start=verb.rect.top):
                for column, value in enumerate(contents, start=verb.rect.left):
                    cells[row, column] = value
    return cells


def named(sheet: Sheet, cells: Grid, text: str) -> list[list[Any]]:
    """The cells a structured reference names, read off the laid sheet as Excel would."""
    found = _REF.fullmatch(text)
    assert found is not None, text
    table = next(v for v in sheet.verbs if isinstance(v, DataTable) and v.name == found[1])
    heads = {cells[table.rect.top, at]: at for at in range(table.rect.left, table.rect.right + 1)}
    first, last = heads[found[2] or found[4]], heads[found[3] or found[4]]
    return [
        [cells.get((row, at)) for at in range(first, last + 1)]
        for row in range(table.rect.top + 1, table.rect.bottom + 1)
    ]


def as_excel_hands_over(rows: list[list[Any]]) -> list[list[Any]]:
    """Dates as the numbers a spreadsheet holds, every number a float."""
    zero = date(1899, 12, 30)
    return [
        [
            float((v - zero).days) if isinstance(v, date) else float(v) if isinstance(v, int) else v
            for v in row
        ]
        for row in rows
    ]


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_the_value_in_the_cell_is_what_the_function_gives_for_the_cells_the_formula_names(
    name: str, plan: Plan
) -> None:
    sheet = plan.sheets[0]
    cells = grid(sheet)
    formula, at = EXAMPLES[name].formula, EXAMPLES[name].at
    text = f"INDEX({formula},{at[0]},{at[1]})" if at else formula
    lives = [v for v in cells.values() if isinstance(v, Live) and v.formula == text]
    assert len(lives) == 1
    call = formula.partition("(")[2][:-1]
    parts = re.findall(_PART, call)
    given = [_argument(sheet, cells, part) for part in parts]
    function = next(f.function for f in FUNCTIONS if f.name == name)
    answer = function(*given)
    expected = answer[at[0] - 1][at[1] - 1] if at else answer
    assert lives[0].value == pytest.approx(expected) if not isinstance(expected, str) else expected
    assert lives[0].array
    assert expected not in ("", None)


def _argument(sheet: Sheet, cells: Grid, part: str) -> Any:
    if part.startswith("Sample"):
        return as_excel_hands_over(named(sheet, cells, part))
    if part.startswith('"'):
        return part.strip('"')
    if part.startswith("{"):
        return [[float(c) for c in row.split(",")] for row in part.strip("{}").split(";")]
    return float(part[:-1]) / 100 if part.endswith("%") else float(part)


def test_every_formula_the_workbook_carries_computes_the_value_in_its_cell(
    plan: Plan, tmp_path: Path
) -> None:
    """IronCalc, which has no add-in, opens the file and computes it anew."""
    engine = pytest.importorskip("ironcalc", reason="IronCalc is not installed: run `make test`")
    path = tmp_path / "functions.xlsx"
    path.write_bytes(to_bytes(plan))
    book = engine.load_from_xlsx(str(path), "en", "UTC", "en")
    book.evaluate()
    carried = {function.name for function in plan.functions}
    asked = set()
    for (row, column), cell in grid(plan.sheets[0]).items():
        called = set(re.findall(r"SEG_\w+", cell.formula)) if isinstance(cell, Live) else set()
        if isinstance(cell, Live) and called <= carried:
            asked |= called
            expected = cell.value if isinstance(cell.value, str) else pytest.approx(cell.value)
            assert book.get_cell_value(0, row + 1, column + 1) == expected, cell.formula
    assert asked == carried


def test_functions_that_need_the_add_in_are_marked() -> None:
    marked = {text.partition("(")[0] for text in texts(functions_tab()) if " · Windows" in text}
    assert marked == {f.name for f in FUNCTIONS} - {f.name for f in functions_report().functions}
    assert "SEG_WHY" in marked


@pytest.mark.parametrize(
    ("formula", "by_hand"),
    [
        ("SEG_CAC(SampleSegments[Spend], SampleSegments[Customers])", 83_000 / 205),
        ("SEG_RATE(SampleSegments[Customers], SampleSegments[Leads])", 205 / 2000),
        ("SEG_NRR(10000, 1200, 300, 500)", 1.04),
        ('SEG_WINRATE(SampleDeals[Industry], SampleDeals[Outcome], "Agency")', 4 / 5),
        ('SEG_REPEAT_RATE(SampleBuyers[Country], SampleBuyers[Orders], "Spain")', 4 / 6),
    ],
)
def test_examples_that_can_be_checked_by_hand(formula: str, by_hand: float) -> None:
    assert computed(formula) == pytest.approx(by_hand)


def test_no_result_lies_where_another_function_would_fill_cells() -> None:
    """Only one example fills cells, and it has empty rows for all of them."""
    whole = tables(functions_tab())["whole"]
    (anchor,) = (
        c.content if isinstance(c, Cell) else c
        for row in whole.rows
        for c in row.cells.values()
        if isinstance(c.content if isinstance(c, Cell) else c, Formula)
    )
    assert isinstance(anchor, Formula)
    assert len(whole.rows) == len(computed(anchor.text))
    others = [c for row in whole.rows[1:] for c in row.cells.values()]
    assert all(isinstance(c, Cell) and not c.content for c in others)
