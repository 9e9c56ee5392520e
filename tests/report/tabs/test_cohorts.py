"""The Cohorts tab: counts beside the page, closed cells alone in sums and headlines, degenerate bases."""

from dataclasses import replace
from datetime import date

import numpy as np
import openpyxl
import pytest

from mapseg_xl.analyze.cohorts import Cohorts, find_cohorts
from mapseg_xl.analyze.findings import Findings
from mapseg_xl.hosts.file import to_bytes
from mapseg_xl.intake.tables import Orders
from mapseg_xl.report.parts.staying.cohort_headline import headline
from mapseg_xl.report.parts.staying.triangles import AVERAGE, KEPT, MONEY, kept_table, page_of
from mapseg_xl.report.plan import lay_out
from mapseg_xl.report.spec import Cell, Formula, Heat, Report
from mapseg_xl.report.tabs import cohorts
from mapseg_xl.settings import Settings
from tests.bases import customers
from tests.report.tabs.sample import cells, shown, tables, telco, texts, trials
from tests.tools.office import need_office, recalculated

AS_OF = date(2025, 6, 30)
CONTRACT = Settings(model="self-serve")


def month_of(at):
    return f"{2024 + at // 12}-{at % 12 + 1:02}"


def base_of(kept_at_six, per_month=60, months=18):
    """Customers of each month from 2024-01; a share leaves in the third month of life."""
    start, left = [], []
    for at in range(months):
        share = kept_at_six(at)
        for k in range(per_month):
            start.append(f"{month_of(at)}-10")
            gone = k >= round(share * per_month) and at + 3 <= 17
            left.append(f"{month_of(at + 3)}-20" if gone else None)
    return customers(converted_on=start, churned_on=left, revenue_monthly=[30.0] * len(start))


def page(base, orders=None, settings=CONTRACT, as_of=AS_OF):
    return page_of(find_cohorts(base, orders, (), as_of, settings))


def with_cohorts(found: Cohorts) -> Findings:
    return replace(trials(), cohorts=found, candidates=())


def test_newer_cohorts_that_keep_more_are_said_with_the_oldest_and_newest_closed_row():
    said = headline(page(base_of(lambda at: 0.6 + 0.06 * (at // 3))), CONTRACT)
    assert said == (
        "Each newer cohort keeps more customers: 78% at six months for 2024 Q4, up from 60% for "
        "2024 Q1."
    )


def test_newer_cohorts_that_keep_fewer_are_said_too():
    said = headline(page(base_of(lambda at: 0.9 - 0.06 * (at // 3))), CONTRACT)
    assert said.startswith("Each newer cohort keeps fewer customers: 72% at six months for 2024 Q4")
    assert "down from 90% for 2024 Q1" in said


def test_a_wobble_is_no_trend():
    said = headline(page(base_of(lambda at: 0.7 + 0.02 * (at // 3 % 2))), CONTRACT)
    assert said.startswith("Six months after the start, 7")
    assert said.endswith("newer cohorts show no clear trend.")


def test_an_open_row_is_never_quoted():
    first = base_of(lambda at: 0.6 + 0.06 * (at // 3))
    closed = headline(page(first), CONTRACT)
    assert "2025 Q1" not in closed  # of March, September is not over
    assert "2025 Q2" not in closed


def test_a_base_of_this_month_has_no_cohort_a_month_old():
    young = customers(converted_on=["2025-06-10"] * 4, churned_on=[None] * 4)
    said = headline(page(young), CONTRACT)
    assert said == "No cohort is a month old yet: 4 customers have started since Jun 2025."


def test_orders_speak_of_ordering():
    who = np.repeat(np.arange(90), 2)
    day = np.array(["2025-01-05", "2025-02-10"] * 90, "M8[D]")
    orders = Orders(who, day, np.full(180, 9.0), "", "")
    shop = page(
        customers(status=[2] * 90), orders, Settings(model="repeat-purchase"), date(2025, 2, 28)
    )
    assert headline(shop, CONTRACT) == "One month after the first order, 100% of customers order."


def test_shares_start_from_counts_and_open_cells_have_no_colour():
    table, heat = kept_table(page(base_of(lambda _: 0.8)))
    assert isinstance(heat, Heat)
    skipped = set(heat.skip)
    for row in table.rows:
        if row.key == AVERAGE:
            continue
        for column in heat.columns:
            cell = row.cells.get(column)
            if isinstance(cell, Formula):
                assert cell.value == row.cells[f"k{column[1:]}"] / row.cells["n"]
                assert (row.key, column) not in skipped
            else:
                assert (row.key, column) in skipped
                assert cell is None or (isinstance(cell, Cell) and cell.look == "open")


def test_no_column_is_the_month_of_the_start():
    found = page(base_of(lambda _: 0.8))
    assert found.ages == (1, 2, 3, 4, 6, 9, 12, 15)


def test_the_average_row_is_that_of_the_findings_and_a_dash_where_nothing_is_closed():
    found = page(base_of(lambda at: 0.6 + 0.02 * at))
    table, _ = kept_table(found)
    row = cells(table)
    for age in found.ages:
        value = shown(row[AVERAGE, f"m{age}"])
        assert value == (found.average[age] if age in found.counted_ages else None)


def test_a_long_history_is_kept_to_a_page():
    months = [str(m) for m in np.arange("2015-01", "2025-06", dtype="M8[M]")]
    old = customers(converted_on=[f"{m}-03" for m in months], churned_on=[None] * len(months))
    found = page(old)
    assert len(found.rows) == 13
    assert len(found.ages) == 9
    assert len(kept_table(found)[0].columns) <= 2 + 9 + 61


@pytest.mark.parametrize(
    "findings", [telco, lambda: with_cohorts(Cohorts())], ids=["telco", "none"]
)
def test_without_dates_the_tab_says_what_is_needed(findings):
    tab = cohorts.tab(findings())
    assert str(tab.headline).startswith("No cohort can be followed in this data: ")
    assert any("date on which each customer started" in text for text in texts(tab))


def test_money_without_prices_is_left_out_with_the_reason():
    base = customers(converted_on=["2025-01-01"] * 40, churned_on=["2025-03-01"] * 9 + [None] * 31)
    tab = cohorts.tab(with_cohorts(find_cohorts(base, None, (), AS_OF, CONTRACT)))
    assert MONEY not in tables(tab)
    assert "Revenue by cohort: needs monthly revenue, or dated orders or invoices." in tab.notes


def test_segments_are_drawn_against_the_average():
    tab = cohorts.tab(trials())
    compared = tables(tab)[cohorts.COMPARED]
    assert 1 < len(compared.rows) <= cohorts.SEGMENTS + 1
    assert shown(compared.rows[-1].cells["m6"]) == shown(cells(tables(tab)[KEPT])[AVERAGE, "m6"])


def test_every_headline_fits_two_rows():
    for share in (lambda at: 0.5 + 0.02 * at, lambda at: 0.9 - 0.02 * at, lambda _: 0.5):
        said = headline(page(base_of(share)), CONTRACT)
        assert len(said) <= 140
        assert said.endswith(".")


@pytest.mark.office
@pytest.mark.parametrize("form", ["contract", "orders"])
def test_the_triangles_calculated_anew_show_the_same_figures(tmp_path, form):
    need_office()
    if form == "contract":
        found = find_cohorts(
            base_of(lambda at: 0.5 + 0.02 * at), None, (), date(2025, 6, 17), CONTRACT
        )
    else:
        r = np.random.default_rng(4)
        day = (np.datetime64("2024-01-01") + r.integers(0, 520, 900)).astype("M8[D]")
        orders = Orders(r.integers(0, 150, 900), day, r.gamma(2, 20, 900), "", "")
        shop = Settings(model="repeat-purchase")
        found = find_cohorts(customers(status=[2] * 150), orders, (), date(2025, 6, 17), shop)
    tab = cohorts.tab(with_cohorts(found))
    book = tmp_path / "book.xlsx"
    book.write_bytes(to_bytes(lay_out(Report((replace(tab, name="Summary"), tab), "", "", ""))))
    ours, theirs = (
        openpyxl.load_workbook(path, data_only=True)["Cohorts"]
        for path in (book, recalculated(book, tmp_path))
    )
    formulas = openpyxl.load_workbook(book)["Cohorts"]
    checked = 0
    for row in formulas.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                at = cell.coordinate
                assert theirs[at].value == pytest.approx(ours[at].value), at
                checked += 1
    assert checked > 50
