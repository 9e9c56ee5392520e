"""The Functions tab: every cell function with what it answers, its arguments, and an example that works there."""

from __future__ import annotations

from collections.abc import Iterator

from mapseg_xl.excel.catalog import FUNCTIONS
from mapseg_xl.excel.cell_function import CellFunction
from mapseg_xl.excel.template.example_formula import computed
from mapseg_xl.excel.template.guide_examples import EXAMPLES, Shown
from mapseg_xl.excel.template.guide_samples import SAMPLES, Sample
from mapseg_xl.report import words
from mapseg_xl.report.named_functions.carried import CARRIED, CARRIED_NAMES
from mapseg_xl.report.parts.names import FUNCTIONS as NAME
from mapseg_xl.report.spec import (
    Cell,
    Column,
    Content,
    Formula,
    Report,
    Row,
    Scalar,
    Section,
    Tab,
    Table,
    Text,
)

RESULT = "result"
_GROUPS = (
    *("Count", "Convert", "Pay", "Stay", "Cost", "Compare"),
    *(
        "Rates from counts",
        "Counts",
        "Cohort tables",
        "Money from totals",
        "Market",
        "Score",
        "Help",
    ),
)
_HOW = (
    "which: the segment you ask for, such as “Agency”. Left out, a table of all fills the cells from yours on.",
    "[In brackets]: may be left out. Type shares as 30% or 0.3. An error or an empty cell? SEG_WHY says why.",
    "They travel in this workbook: any Excel 2024 or 365 computes them, Mac too. Those marked Windows need the add-in.",
)
_HALF = 6  # grid column where the right half of the page starts
WIDTHS = {
    0: 210,
    1: 60,
    2: 82,
    3: 82,
    4: 82,
    5: 82,
    6: 72,
    7: 72,
    8: 82,
    9: 76,
    10: 90,
}  # 990 in all


def functions_tab() -> Tab:
    """The tab, the same in every workbook: its examples need nothing but its own sample tables."""
    groups = sorted({function.group for function in FUNCTIONS}, key=_place)
    sections = [
        Section(group, (_table(group),), "the last column is live" if at == 0 else "")
        for at, group in enumerate(groups)
    ]
    return Tab(
        NAME,
        "",
        f"{len(FUNCTIONS)} formulas for your own sheets, each with an example that works.",
        "Copy a formula, and put columns of your own in place of the sample tables at the foot of this tab.",
        (Section("", (Text(_HOW, "note"),)), _whole(), *sections, *_samples()),
        widths=WIDTHS,
    )


def _place(group: str) -> tuple[int, str]:
    """Known groups as a team goes about it, others after them."""
    return (_GROUPS.index(group) if group in _GROUPS else len(_GROUPS), group)


def functions_report() -> Report:
    """The tab alone, for a workbook of its own."""
    title = "SEG functions for your own sheets"
    return Report((functions_tab(),), title, title, "", functions=CARRIED)


def _whole() -> Section:
    """One formula that fills its cells, with the room it needs."""
    formula = EXAMPLES["SEG_VOLUME"].formula
    table = computed(formula)
    kinds = {"first": "text", "second": "count", "third": "share"}
    columns = tuple(Column(key, "", at, kind) for at, (key, kind) in enumerate(kinds.items()))
    anchor: dict[str, Content | Cell] = {"first": Formula(formula, table[0][0], array=True)}
    room = tuple(
        Row(str(at), {key: Cell("", format=kind) for key, kind in kinds.items()})
        for at in range(1, len(table))
    )
    parts = (
        Text(
            (
                f"={formula} stands in the first cell below and fills the others when Excel calculates.",
            )
        ),
        Table("whole", columns, (Row("0", anchor), *room), head=False),
    )
    return Section("One formula, a whole table", parts)


def _table(group: str) -> Table:
    columns = (
        Column("name", "", 0, "label"),
        Column("says", "", 1, "text"),
        Column(RESULT, "", 10, "number"),
    )
    rows = [line for f in FUNCTIONS if f.group == group for line in _rows(f)]
    return Table(f"functions {group}", columns, tuple(rows), head=False)


def _rows(function: CellFunction) -> Iterator[Row]:
    """What it answers; below it how it is called, the example and its result."""
    shown = EXAMPLES[function.name]
    where = "" if function.name in CARRIED_NAMES else " · Windows"
    yield Row(function.name, {"name": Cell(function.name, "bold"), "says": function.help})
    yield Row(f"{function.name} usage", {"says": function.usage + where + _filled(shown)}, "sub")
    example: dict[str, Content | Cell] = {"says": Cell(f"={shown.formula}", "link")}
    result = live(shown)
    if isinstance(result.value, str):  # a sentence has a row of its own
        yield Row(f"{function.name} example", example, "sub")
        yield Row(f"{function.name} result", {"says": Cell(result, "bold")}, "sub")
        return
    example[RESULT] = Cell(result, "bold", shown.format)
    yield Row(f"{function.name} example", example, "sub")


def _filled(shown: Shown) -> str:
    """Of a table: how large it is, and which of its cells stands beside the example."""
    if shown.at is None:
        return ""
    table = computed(shown.formula)
    size = f"{words.counted(len(table), 'row')} and {words.counted(len(table[0]), 'column')}"
    return f" · gives {size}; beside it row {shown.at[0]}, column {shown.at[1]}"


def live(shown: Shown) -> Formula:
    """The example as a formula with its value; of a table, one of its cells."""
    answer = computed(shown.formula)
    if shown.at is None:
        return Formula(shown.formula, answer, array=True)
    row, column = shown.at
    return Formula(
        f"INDEX({shown.formula},{row},{column})", answer[row - 1][column - 1], array=True
    )


def _samples() -> Iterator[Section]:
    """The sample tables; narrow ones in two halves of the page."""
    beside = False
    for sample in SAMPLES:
        narrow = len(sample.heads) < _HALF
        first = _HALF if narrow and beside else 0
        last = first + _HALF - 2 if narrow else 10
        part = (_sample(sample, first),)
        yield Section(sample.title, part, sample.name, first, last, beside=first > 0)
        beside = narrow and not beside


def _sample(sample: Sample, first: int) -> Table:
    columns = tuple(
        Column(head, head, at, kind)
        for at, (head, kind) in enumerate(zip(sample.heads, sample.formats, strict=True), first)
    )
    rows = tuple(Row(str(at), _cells(sample, row)) for at, row in enumerate(sample.rows, start=1))
    return Table(sample.name, columns, rows, named=sample.name)


def _cells(sample: Sample, row: tuple[Scalar, ...]) -> dict[str, Content | Cell]:
    """Empty stays empty: a dash would be a text in a column of figures."""
    filled = zip(sample.heads, row, strict=True)
    return {head: value for head, value in filled if value is not None}
