"""Named functions answer as the cell functions in Python do. IronCalc, a spreadsheet engine of others, is the judge."""

import random

import pytest

from mapseg_xl.report.named_functions.aggregate import AGGREGATE
from tests.report.named_functions.cases import CASES
from tests.report.named_functions.compared import assert_same, in_python
from tests.tools.calculator import Calculator


@pytest.fixture(scope="module")
def sheet(tmp_path_factory):
    return Calculator(AGGREGATE, tmp_path_factory.mktemp("book"))


@pytest.mark.parametrize("case", CASES, ids=[f"{case[0]}-{n}" for n, case in enumerate(CASES)])
def test_a_named_function_answers_as_python_does(case, sheet):
    name, *arguments = case
    assert_same(in_python(name, arguments), sheet.ask(f"SEG_{name}", *arguments))


def test_every_named_function_is_asked_for_a_figure_and_for_none():
    shown = {f"SEG_{name}": [] for name, *_ in CASES}
    for name, *arguments in CASES:
        shown[f"SEG_{name}"].append(isinstance(in_python(name, arguments), str))
    assert set(shown) == {function.name for function in AGGREGATE}
    assert all(True in errors for errors in shown.values())
    assert all(False in errors for errors in shown.values())


@pytest.mark.parametrize("seed", range(8))
def test_any_cohort_table_gives_the_same_curve_and_value(seed, sheet):
    chance = random.Random(seed)
    rows = chance.randrange(1, 7)
    table = []
    for at in range(rows):
        row, alive = [chance.randrange(0, 60)], None
        alive = row[0]
        for _ in range(rows - at):
            alive = chance.randrange(0, alive + 1) if chance.random() < 0.7 else alive
            row.append(alive)
        table.append(row + [None] * at)
    for name, more in (("COHORT_SURVIVAL", ()), ("RETENTION_LTV", (30, 0.7, 0.12))):
        answer = sheet.ask(f"SEG_{name}", table, *more)
        assert_same(in_python(name, (table, *more)), answer)
