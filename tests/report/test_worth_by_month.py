"""Value over the months: the last month is the lifetime value, an earlier one the sum so far."""

from dataclasses import replace

import pytest

from mapseg_xl.metrics.lifetime import curve_of
from mapseg_xl.report.parts.selection import shown
from mapseg_xl.report.parts.staying.worth import table_of_worth
from mapseg_xl.report.parts.staying.worth_by_month import table_of_months
from mapseg_xl.stats.survival import survival_at
from tests.report.tabs.sample import trials


@pytest.fixture(scope="module")
def table():
    what = shown(trials())
    return table_of_months(what, table_of_worth(what))


def test_each_month_is_the_sum_of_the_payments_so_far(table):
    findings = trials()
    curve = curve_of(findings.whole)
    margin = findings.base("arpu").value * 0.78
    monthly = (1 + findings.settings.annual_discount) ** (1 / 12)
    base = table.rows[-1]
    for month in (3, 12, 18):
        paid = sum(survival_at(curve, k) / monthly**k for k in range(month))
        assert base.cells[f"v{month}"].value == pytest.approx(margin * paid, rel=1e-9)


def test_the_horizon_itself_is_the_lifetime_value(table):
    findings = trials()
    last = f"v{findings.context.horizon_months}"
    assert table.columns[-1].key == last
    assert table.rows[-1].cells[last].value == pytest.approx(findings.base("ltv").value)


def test_who_was_not_followed_that_long_has_an_empty_cell():
    what = shown(trials())
    worth = table_of_worth(what)
    row = worth.rows[-1]
    short = {k: v for k, v in row.cells.items() if k not in ("k7", "k8")}
    made = table_of_months(what, replace(worth, rows=(replace(row, cells=short),)))
    (cells,) = (r.cells for r in made.rows)
    assert cells["v6"] is not None
    assert (cells["v9"], cells["v12"]) == (None, None)
