"""Every example that Definitions shows is a call that works."""

import re

import pytest

from mapseg_xl.report.named_functions.aggregate import AGGREGATE
from mapseg_xl.report.parts.own_formulas import EXAMPLES
from tests.report.named_functions.compared import flat
from tests.tools.calculator import Calculator, is_error

LONGEST_LINE = 58


@pytest.fixture(scope="module")
def sheet(tmp_path_factory):
    return Calculator(AGGREGATE, tmp_path_factory.mktemp("book"))


@pytest.mark.parametrize(("said", "example"), EXAMPLES)
def test_it_gives_figures_and_is_said_in_one_line(said, example, sheet):
    assert len(said) <= LONGEST_LINE
    for row in range(1, 15):  # a sheet that falls from left to right and from top to bottom
        for column in range(2, 15 - row + 2):
            sheet.model.update_cell_with_number(0, row, column, 400.0 - 20 * row - 10 * column)
    shown = flat(sheet.ask_formula(re.sub(r"\s", "", example)))
    assert shown
    assert not any(map(is_error, shown))
