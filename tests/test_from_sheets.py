"""A workbook of the team's own pivots and cohort tables gives what the rows behind them give."""

import dataclasses
from functools import cache

import numpy as np
import openpyxl
import pandas as pd
import pytest

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.errors import InputError
from mapseg_xl.hosts.file import to_bytes
from mapseg_xl.intake.tables import OwnSegment
from mapseg_xl.pipeline import find
from mapseg_xl.report.plan import lay_out
from mapseg_xl.report.report import build_report
from mapseg_xl.request import Request

INDUSTRIES = ["Agency", "Dentist", "Lawyer", "Realtor"]
CONVERTS = {"Agency": 0.3, "Dentist": 0.15, "Lawyer": 0.4, "Realtor": 0.1}
COMPARED = ("conversion", "churned_share", "arpu")
FIGURES = (
    *(
        "n",
        "events",
        "value",
        "ci_low",
        "ci_high",
        "cautious",
        "all_value",
        "rest_value",
        "difference",
    ),
    *("diff_low", "diff_high", "index", "p_value", "q_value"),
)


@cache
def people() -> pd.DataFrame:
    """1,600 leads, trials and customers without dates: what a status column and a price tell."""
    rng = np.random.default_rng(7)
    n = 1600
    industry = rng.choice(INDUSTRIES, n, p=[0.4, 0.3, 0.2, 0.1])
    won = rng.random(n) < np.array([CONVERTS[i] for i in industry])
    gone = won & (rng.random(n) < 0.3)
    tried = ~won & (rng.random(n) < 0.4)
    status = np.select([gone, won, tried], ["Churned", "Customer", "Trial"], "Lead")
    price = np.where(won, rng.lognormal(4, 0.2, n).round(2), np.nan)
    columns = {
        "Industry": industry,
        "Region": rng.choice(["EU", "US"], n),
        "Status": status,
        "MRR": price,
    }
    return pd.DataFrame({"customer_id": [f"C{i:05}" for i in range(n)], **columns})


def of_rows(folder, segment_by) -> Findings:
    people().to_csv(folder / "rows.csv", index=False)
    return find(Request((folder / "rows.csv",), segment_by=segment_by))


def of_pivots(folder, segment_by) -> Findings:
    """The same people as pandas crosses and adds them up."""
    by_status = pd.pivot_table(
        people(), index=["Industry", "Region"], columns="Status", values="customer_id", aggfunc="count",
        margins=True, margins_name="Grand Total",
    )  # fmt: skip
    money = pd.pivot_table(
        people(), index="Industry", values="MRR", aggfunc=["sum", "count", "std"]
    )
    with pd.ExcelWriter(folder / "pivots.xlsx") as writer:
        by_status.to_excel(writer, sheet_name="By status")
        money.to_excel(writer, sheet_name="Money")
    return find(Request((folder / "pivots.xlsx",), segment_by=segment_by))


def test_counts_give_the_figures_ranges_and_verdicts_of_the_rows_behind_them(tmp_path):
    by = ("Industry", "Region", "Industry x Region")
    rows, sheets = of_rows(tmp_path, by), of_pivots(tmp_path, by)
    compared = 0
    for row in rows.performance:
        if row.metric not in COMPARED[:2] or row.segmentation == "hypotheses":
            continue
        mine = next(
            r for r in sheets.performance
            if (r.segmentation, r.segment_id, r.metric) == (row.segmentation, row.segment_id, row.metric)
        )  # fmt: skip
        assert all(same(getattr(mine, f), getattr(row, f)) for f in FIGURES)
        assert mine.verdict == row.verdict
        compared += row.verdict in ("better", "worse")
    assert compared >= 4
    of_traits = [t for t in rows.volumes if t.attribute in ("Industry", "Region")]
    assert {r for t in sheets.volumes for r in t.rows} == {r for t in of_traits for r in t.rows}


def test_a_sum_with_its_standard_deviation_has_the_range_of_the_prices_behind_it(tmp_path):
    rows, sheets = of_rows(tmp_path, ("Industry",)), of_pivots(tmp_path, ("Industry",))
    for name in (*INDUSTRIES, "ALL"):
        one, other = (
            next(
                r
                for r in f.performance
                if (r.segment, r.metric) == (name, "arpu") and r.segmentation != "hypotheses"
            )
            for f in (rows, sheets)
        )
        assert (other.n, other.value) == (one.n, pytest.approx(one.value, rel=1e-12))
        # rows resample few customers, and the same normal theory holds for many
        assert other.ci_low == pytest.approx(one.ci_low, rel=1e-9 if one.n >= 200 else 0.02)
    assert all(
        r.verdict != "not_available"
        for r in sheets.performance
        if r.metric == "arpu" and r.segment != "ALL"
    )


def test_a_sum_alone_has_a_value_and_no_range_and_says_what_would_give_one(tmp_path):
    book = openpyxl.Workbook()
    for row in [
        ["Row Labels", "Count of ID", "Sum of MRR"],
        ["A", 40, 4000],
        ["B", 60, 3000],
        ["Grand Total", 100, 7000],
    ]:
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    (row,) = [
        r
        for r in find(Request((tmp_path / "t.xlsx",))).performance
        if r.segment == "A" and r.metric == "arpu"
    ]
    assert (row.value, row.rest_value, row.ci_low, row.p_value, row.verdict) == (
        100,
        50,
        None,
        None,
        "not_available",
    )
    assert "standard deviation" in row.note


def same(one, other):
    """Equal to 1e-9; text and empty cells as they are."""
    if isinstance(one, str) or one is None or other is None:
        return one == other
    return one == pytest.approx(other, rel=1e-9)


T20 = """80 78 75 72 70 69 67 66 66 65 64
88 88 86 82 78 77 76 73 72 70
105 103 98 94 92 90 86 82
110 107 106 102 99 97 92 90
115 114 112 105 98 97 96
128 128 122 119 115 110
137 136 129 122 118
151 149 145 135
161 158 154"""
T20_CHAIN = [0.9870, 0.9553, 0.9094, 0.8754, 0.8564, 0.8305, 0.8046, 0.7988, 0.7815, 0.7694]


def cohort_book(path, rows):
    book = openpyxl.Workbook()
    book.active.title = "Retention"
    for row in rows:
        book.active.append(row)
    book.save(path)
    return find(Request((path,)))


def test_the_published_triangle_gives_its_published_chain_through_a_workbook(tmp_path):
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep"]
    cells = [[int(n) for n in line.split()] for line in T20.splitlines()]
    rows = [
        ["Cohort", "New", *range(10)],
        *([f"{m} 2024", *row] for m, row in zip(months, cells, strict=True)),
    ]
    rows.append(["Average", None, *[0.8] * 10])
    points = cohort_book(tmp_path / "cohorts.xlsx", rows).survival
    assert [p.survival for p in points][1:] == pytest.approx(T20_CHAIN, abs=0.00005)
    assert points[1].at_risk == 1075
    assert all(p.ci_low < p.survival < p.ci_high for p in points[1:])


def test_a_cohort_table_gives_the_curve_of_the_rows_behind_it(tmp_path):
    rng = np.random.default_rng(3)
    n, last = 700, 12
    start = rng.integers(0, last, n)
    stay = rng.geometric(0.08, n)
    gone = stay <= last - start
    months = np.where(gone, stay, last - start)
    rows = pd.DataFrame(
        {"customer_id": range(n), "tenure_months": months, "churned": np.where(gone, "yes", "no")}
    )
    rows.to_csv(tmp_path / "rows.csv", index=False)
    table = [["Cohort", "New", *(f"M{k}" for k in range(1, last + 1))]]
    for s in range(last):
        mine = start == s
        here = [int((mine & ~(gone & (months <= k))).sum()) for k in range(1, last - s + 1)]
        table.append([f"2024-{s + 1:02}", int(mine.sum()), *here])
    mine = cohort_book(tmp_path / "cohorts.xlsx", table).survival
    theirs = find(Request((tmp_path / "rows.csv",))).survival
    theirs = [p for p in theirs if p.segment_id == "ALL"]
    assert len(mine) == len(theirs) == last + 1
    for one, other in zip(mine, theirs, strict=True):
        assert all(map(same, dataclasses.astuple(one), dataclasses.astuple(other)))


def test_shares_without_sizes_are_a_curve_without_a_range(tmp_path):
    rows = [
        ["Cohort", "M0", "M1", "M2"],
        ["2024-01", "100%", "90%", "80%"],
        ["2024-02", "100%", "80%", None],
    ]
    points = cohort_book(tmp_path / "c.xlsx", rows).survival
    assert [p.survival for p in points] == pytest.approx([1, 0.85, 0.85 * 0.8 / 0.9])
    assert all(p.ci_low is None for p in points)


def team_book(path):
    """A summary by hand, cohorts by segment, a scoring sheet: with a title, merged headers, totals, a note."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Segments"
    for row in [
        ["Q3 segments"], [], [None, "Funnel", None, None, None, "Money"],
        ["Industry", "Leads", "Trials", "Customers", "Churned", "MRR"],
        ["Agency", 3400, 1200, 410, 40, 37000], ["Dentist", 2000, 500, 100, 10, 9000],
        ["Realtor", 1500, 700, 150, 30, 9900], ["Total", 6900, 2400, 660, 80, 55900], ["Source: CRM"],
    ]:  # fmt: skip
        sheet.append(row)
    sheet.merge_cells("B3:E3")
    cohorts = book.create_sheet("Cohorts")
    for name, kept in (("Agency", 0.97), ("Dentist", 0.93), ("Realtor", 0.85)):
        cohorts.append([f"Industry: {name}"])
        cohorts.append(["Cohort", "New", *(f"M{k}" for k in range(1, 15))])
        for m in range(14):
            here = [40 + m]
            while len(here) < 15 - m:
                here.append(round(here[-1] * kept))
            cohorts.append([f"{2024 + m // 12}-{m % 12 + 1:02}", *here])
        cohorts.append([])
    scoring = book.create_sheet("TAM")
    for row in [
        ["Segment", "Accounts", "Reachable", "Growth"],
        ["Agency", 20000, 0.5, 0.1],
        ["Realtor", 9000, 0.3, 0.02],
    ]:
        scoring.append(row)
    book.save(path)
    return path


@cache
def team(path) -> Findings:
    return find(Request((team_book(path),)))


def test_a_workbook_of_sheets_alone_has_survival_value_and_priorities(tmp_path):
    found = team(tmp_path / "team.xlsx")
    rows = {(r.segment, r.metric): r for r in found.performance}
    assert rows["Agency", "survival_12m"].verdict == "better"
    assert rows["Realtor", "monthly_churn"].verdict == "worse"
    assert rows["Agency", "ltv"].value > rows["Realtor", "ltv"].value
    assert rows["Agency", "ltv"].ci_low is None
    assert found.priorities.rows[0].segment == "Agency"
    assert found.candidates[0].n == 3400
    assert {c.segment for c in found.cohorts.retention} == {"ALL", "Agency", "Dentist", "Realtor"}


def test_its_finished_workbook_says_which_tabs_would_take_rows(tmp_path):
    found = team(tmp_path / "team.xlsx")
    report = build_report(found)
    headlines = {tab.name: tab.headline for tab in report.tabs}
    assert "no customer rows" in headlines["Hypotheses"]
    assert "no customer rows" in headlines["Objections"]
    assert "no customer rows" in headlines["Cluster pivot"]
    assert to_bytes(lay_out(report))


def test_a_segmentation_that_no_sheet_counts_is_refused_with_those_that_are(tmp_path):
    with pytest.raises(
        InputError, match=r"no sheet that counts by 'Plan'\. Its sheets count by Industry"
    ):
        find(Request((team_book(tmp_path / "team.xlsx"),), segment_by=("Plan",)))


def test_the_same_segment_keeps_its_id_whether_counted_by_rows_or_by_a_sheet(tmp_path):
    rows, sheets = of_rows(tmp_path, ("Industry",)), of_pivots(tmp_path, ("Industry",))
    ids = [
        {r.segment: r.segment_id for r in f.performance if r.segmentation == "Industry"}
        for f in (rows, sheets)
    ]
    assert ids[0] == ids[1]


def test_beside_rows_a_pivot_is_compared_and_differences_are_named_by_cell(tmp_path):
    table = pd.crosstab(people()["Industry"], people()["Status"])
    table.loc["Agency", "Customer"] += 3
    older = pd.crosstab(people()["Region"][:900], people()["Status"][:900])
    with pd.ExcelWriter(tmp_path / "both.xlsx") as writer:
        people().to_excel(writer, sheet_name="Customers", index=False)
        table.to_excel(writer, sheet_name="Pivot")
        older.to_excel(writer, sheet_name="Old")
    found = find(Request((tmp_path / "both.xlsx",)))
    assert found.whole.size == 1600
    (one, other) = [i for i in found.health.issues if i.kind == "pivot_differs"]
    n = int(table.loc["Agency", "Customer"])
    assert (one.sheet, one.cell) == ("Pivot", "C2")
    assert one.issue == f"the sheet says {n} customers in Agency, the rows give {n - 3}"
    assert other.sheet == "Old"
    assert "2 of 2 segments differ" in other.issue


def test_leads_and_customers_of_a_pivot_may_be_all_who_came_and_all_who_were_won(tmp_path):
    every = people()
    won = every["Status"].isin(["Customer", "Churned"])
    table = pd.DataFrame(
        {
            "Leads": every.groupby("Industry").size(),
            "Customers": every[won].groupby("Industry").size(),
        }
    )
    table.loc["Lawyer", "Customers"] += 1
    with pd.ExcelWriter(tmp_path / "both.xlsx") as writer:
        every.to_excel(writer, sheet_name="CRM", index=False)
        table.to_excel(writer, sheet_name="Pivot")
    found = find(Request((tmp_path / "both.xlsx",)))
    differ = [i for i in found.health.issues if i.kind == "pivot_differs"]
    assert {i.cell for i in differ} == {"B4", "C4"}
    assert all("in Lawyer" in i.issue for i in differ)


def test_own_segments_are_refused_with_the_reason(tmp_path):
    path = team_book(tmp_path / "team.xlsx")
    with pytest.raises(InputError, match="no customer rows"):
        find(Request((path,), segments=("Big: employees > 100",)))
    found = find(Request((path,), own_segments=(OwnSegment("Big", "employees > 100"),)))
    assert [r.name for r in found.refused] == ["Big"]
    assert any(i.kind == "refused_segment" for i in found.health.issues)
