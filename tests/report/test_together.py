"""The times-more-common matrix: the same lifts as the list of pairs, blank where chance alone would give too few."""

import pytest

from mapseg_xl.report.parts.pivot.tables import PivotFrame
from mapseg_xl.report.parts.pivot.together import LEAST_EXPECTED, together_parts
from mapseg_xl.report.spec import Heat
from tests.report.tabs.sample import trials


@pytest.fixture(scope="module")
def made():
    pivot = trials().clusters.pivots[0]
    table, heat = together_parts(PivotFrame(pivot, "pivot 1"))
    return pivot, table, heat


def test_every_lift_is_the_pair_over_what_chance_would_give(made):
    pivot, table, _ = made
    n = {(c.row, c.column): c.n for c in pivot.cells}
    everybody = sum(n.values())
    for row, value in zip(table.rows, pivot.rows, strict=True):
        for at, other in enumerate(pivot.columns):
            first = sum(k for (r, _), k in n.items() if r == value)
            second = sum(k for (_, c), k in n.items() if c == other)
            expected = first * second / everybody
            shown = row.cells[f"t{at}"].value
            if expected < LEAST_EXPECTED:
                assert shown is None
            else:
                assert shown == pytest.approx(100 * n[value, other] / expected)


def test_all_of_it_is_a_heat_map_around_a_hundred(made):
    pivot, table, heat = made
    assert isinstance(heat, Heat)
    assert (heat.table, heat.scale, len(heat.columns)) == (table.id, "index", len(pivot.columns))
