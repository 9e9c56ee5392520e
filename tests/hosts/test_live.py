"""The live host in a real spreadsheet program: LibreOffice Calc behind xlwings' own API."""

import pytest

from mapseg_xl.hosts import live
from mapseg_xl.report.plan import lay_out
from tests.report.sample import sample

pytestmark = pytest.mark.office


def test_a_plan_is_written(calc_book):
    plan = lay_out(sample())
    written = live.write(plan, calc_book)
    print(written)
    names = [sheet.name for sheet in calc_book.sheets]
    assert names[1:] == [sheet.name for sheet in plan.sheets]
