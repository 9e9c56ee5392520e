from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest

from mapseg_xl.hosts import file
from mapseg_xl.hosts.recorder import cells as written
from mapseg_xl.measure.pivots import Clusters, Pivot, PivotCell
from mapseg_xl.report.parts.pivot.affinity_table import strongest
from mapseg_xl.report.parts.pivot.headlines import NOTHING_TO_CROSS, pivot_headline
from mapseg_xl.report.parts.pivot.tables import PivotFrame, counts_parts
from mapseg_xl.report.plan import lay_out
from mapseg_xl.report.spec import Cell, Heat, Report
from mapseg_xl.report.tabs.cluster_pivot import tab
from mapseg_xl.report.verbs import Live
from tests.report.tabs.sample import cells, found, shown, tables, telco, texts, trials
from tests.tools import office


def pair(row, column, index, verdict, n=100):
    return PivotCell(row, column, n, 0.1, 10.0, 100.0, 0.1, index, None, None, verdict)


def pivot(*pairs, metric="conversion", followers=()):
    rows = tuple(dict.fromkeys(p.row for p in pairs))
    columns = tuple(dict.fromkeys(p.column for p in pairs))
    judged = len(pairs) if metric else 0
    return Pivot("industry", "size", rows, columns, metric, pairs, judged, followers)


BEST = pair("Agency", "Middle", 1.63, "better")


def test_the_headline_names_the_best_pair_and_whether_others_come_near():
    alone = pivot(BEST, pair("Agency", "Large", 0.7, "worse"))
    assert pivot_headline([alone], 500) == (
        "“Agency, Middle” converts 1.6 times as often as everyone else; "
        "no other pair does clearly better."
    )
    near = pivot(BEST, pair("Coach", "Middle", 1.60, "better"))
    assert pivot_headline([near], 500).endswith("“Coach, Middle” comes close.")
    others = pivot(
        BEST, pair("Coach", "Middle", 1.2, "better"), pair("Shop", "Middle", 1.3, "better")
    )
    assert pivot_headline([others], 500).endswith("two other pairs do better too.")


def test_the_headline_prefers_causes_and_says_when_nothing_is_clear():
    follows = pivot(pair("Plan", "Big", 4.0, "better"), followers=("plan",))
    assert "Agency" in pivot_headline([follows, pivot(BEST)], 500)
    level = pivot(pair("Agency", "Middle", 1.1, "cant_tell"))
    assert pivot_headline([level], 500) == (
        "No pair of industry and size differs from everyone else more than chance would."
    )
    assert pivot_headline([], 500) == NOTHING_TO_CROSS


def test_empty_cells_are_named_only_where_nothing_else_is_clear():
    blank = pair("Agency", "(blank)", 3.0, "better")
    assert pivot_headline([pivot(blank, BEST)], 500) == (
        "“Agency, Middle” converts 1.6 times as often as everyone else; "
        "one other pair does better too."
    )
    assert pivot_headline([pivot(blank)], 500).startswith("“Agency, size: (blank)” converts 3.0")


def test_a_pair_that_leaves_less_is_the_best_of_customers():
    low = pivot(pair("Agency", "1", 0.31, "better"), metric="monthly_churn")
    assert pivot_headline([low], 500).startswith(
        "“Agency, size: 1” leaves 0.3 times as often as everyone else"
    )


def test_without_a_metric_the_largest_pair_is_named():
    counted = pivot(pair("A", "X", None, "", 20), pair("Agency", "Middle", None, "", 60), metric="")
    assert pivot_headline([counted], 500) == "“Agency, Middle” is the largest pair: 60 of 500 rows."


def test_counts_add_up_live_to_the_whole_base():
    findings = trials()
    made = tables(tab(findings))
    for at, one in enumerate(findings.clusters.pivots, start=1):
        total = cells(made[f"pivot {at} rows"])["ALL", f"n{len(one.columns)}"]
        assert shown(total) == findings.whole.size
        assert total.text.startswith("{a0}+{a1}")


def test_a_clear_pair_is_bold_with_its_arrow_and_a_small_one_says_how_few():
    findings = trials()
    made = tables(tab(findings))["pivot 1 index"]
    first = findings.clusters.pivots[0]
    clear = [c for c in first.cells if c.verdict in ("better", "worse")]
    looks = [c.format for row in made.rows for c in row.cells.values() if isinstance(c, Cell)]
    assert clear
    assert sum(name in ("index.up", "index.down") for name in looks) == len(clear)
    small = [c for c in first.cells if (c.rate_n or 0) < 30]
    said = [shown(c) for row in made.rows for c in row.cells.values()]
    assert small
    assert f"{small[0].rate_n:.0f} trial" in " ".join(str(s) for s in said)


def test_more_than_four_values_across_stand_one_figure_under_the_other():
    wide = pivot(*(pair("Agency", f"c{at}", 1.0, "cant_tell") for at in range(5)))
    table, _ = counts_parts(PivotFrame(wide, "p"))
    assert [row.look for row in table.rows] == ["body", "sub", "total", "sub"]
    assert [column.at for column in table.columns] == [0, 1, 2, 3, 4, 5, 6]
    narrow, _ = counts_parts(PivotFrame(pivot(BEST, pair("Agency", "Large", 1.0, "")), "p"))
    assert [column.at for column in narrow.columns] == [0, 1, 2, 3, 4, 5, 6]
    assert [row.look for row in narrow.rows] == ["body", "total"]


def test_totals_have_no_colour():
    heats = [p for s in tab(trials()).sections for p in s.parts if isinstance(p, Heat)]
    for heat in heats:
        assert "ALL" not in heat.rows
        assert {key for key, column in heat.skip if column == heat.columns[-1]} == set(heat.rows)


def test_low_is_good_turns_the_colours():
    scales = {p.scale for s in tab(telco()).sections for p in s.parts if isinstance(p, Heat)}
    assert scales == {"count", "index.low_is_good", "index"}  # the last: together against by chance


def test_the_list_of_pairs_leaves_out_what_says_the_same_in_other_words():
    listed = strongest(telco())
    assert listed
    assert max(abs(a.phi) for a in listed) < 0.95
    assert all(a.n and a.q_value <= 0.05 for a in listed)
    pairs = [(a.first, a.second) for a in listed if a.phi > 0]
    assert max(pairs.count(p) for p in pairs) <= 2


def test_a_base_without_traits_says_so_plainly():
    rows = [{"customer_id": at, "converted": at % 2} for at in range(50)]
    made = tab(found(rows))
    assert made.headline == NOTHING_TO_CROSS
    assert made.sections == ()


def test_no_statistical_word_stands_on_the_tab():
    said = " ".join(texts(tab(trials()))).casefold()
    for word in ("p-value", "confidence", "chi-square", "phi", "lift", "significan", "interval"):
        assert word not in said


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.parametrize("base", [trials, telco])
def test_changed_counts_recalculate_every_index_as_a_run_on_them_would(base, tmp_path):
    """Counts of one pivot are typed over those of another of the same shape."""
    office.need_office()
    findings = base()
    first = findings.clusters.pivots[0]
    judged = [replace(c, verdict="cant_tell") for c in first.cells]  # arrows are of the run
    turned = [
        replace(c, n=d.n, share=d.share, events=d.events, rate_n=d.rate_n)
        for c, d in zip(judged, judged[::-1], strict=True)
    ]

    def plan_of(made):
        clusters = Clusters((replace(first, cells=tuple(made)),))
        return lay_out(Report((tab(replace(findings, clusters=clusters)),), "", "", ""))

    before, after = plan_of(judged), plan_of(turned)
    book = openpyxl.load_workbook(BytesIO(file.to_bytes(before)))
    expected = written(after.sheets[0])
    for (row, column), value in expected.items():
        if isinstance(value, int | float):
            book.worksheets[0].cell(row + 1, column + 1).value = value
    path = tmp_path / "changed.xlsx"
    book.save(path)
    fresh = openpyxl.load_workbook(office.recalculated(path, tmp_path), data_only=True).worksheets[
        0
    ]
    compared = 0
    for (row, column), value in expected.items():
        if isinstance(value, Live) and "HYPERLINK" not in value.formula:
            again = fresh.cell(row + 1, column + 1).value
            again = "" if again is None else again
            assert again == (
                pytest.approx(value.value) if isinstance(value.value, float) else value.value
            )
            compared += 1
    assert compared > 30
