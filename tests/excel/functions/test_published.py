"""Cell functions on worked examples that others have printed."""

import pytest

from mapseg_xl.excel import functions as f
from tests.excel.arguments.columns_of import by_name, column

# Freireich et al. 1963, Blood 21:699: weeks in remission, 6-mercaptopurine against placebo
DRUG = [(t, 1) for t in (6, 6, 6, 7, 10, 13, 16, 22, 23)]
DRUG += [(t, 0) for t in (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)]
PLACEBO = (1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)
ARMS = column(["6-MP"] * 21 + ["Placebo"] * 21)
WEEKS = column([t for t, _ in DRUG] + list(PLACEBO))
ENDED = column([e for _, e in DRUG] + [1] * 21)


@pytest.mark.parametrize(
    ("week", "share"),
    [(6, 0.857), (7, 0.807), (10, 0.753), (13, 0.690), (16, 0.627), (22, 0.538), (23, 0.448)],
)
def test_survival_is_what_textbooks_print_for_6_mp(week, share):
    assert f.seg_survival(ARMS, WEEKS, ENDED, "6-MP", week) == pytest.approx(share, abs=0.0005)


def test_median_remission_is_23_weeks_against_8():
    lines = by_name(f.seg_lifetime(ARMS, WEEKS, ENDED))
    medians = {name: line["Months until half have left"] for name, line in lines.items()}
    assert medians == {"6-MP": 23, "Placebo": 8}


def test_the_curve_has_a_line_a_month_from_month_0():
    curve = f.seg_survival_curve(ARMS, WEEKS, ENDED, "6-MP")
    assert curve[0][:4] == ["month", "still followed", "left", "share still here"]
    assert curve[1][:4] == [0, 21, 0, 1]
    assert curve[7][:3] == [6, 21, 3]
    assert curve[7][3] == pytest.approx(0.857, abs=0.0005)
    assert len(curve) == 1 + 36


def test_rates_of_trials_are_the_shares_that_were_counted():
    trial = column(["A"] * 40 + ["B"] * 30 + ["C"] * 50)
    won = column([1] * 26 + [0] * 14 + [1] * 15 + [0] * 15 + [1] * 32 + [0] * 18)
    shares = [f.seg_conversion(trial, won, which) for which in "ABC"]
    assert shares == pytest.approx([0.65, 0.5, 0.64])


@pytest.mark.parametrize(("year", "alive"), [(1, 869), (4, 593), (7, 491)])
def test_survivors_of_the_high_end_cohort(year, alive):
    """Fader & Hardie 2007, J. Interactive Marketing 21:76, table 1."""
    left = [1000, 869, 743, 653, 593, 551, 517, 491]
    rows = [(y, 1) for y in range(1, 8) for _ in range(left[y - 1] - left[y])] + [(7, 0)] * 491
    tenure, gone = column([t for t, _ in rows]), column([e for _, e in rows])
    share = f.seg_survival(column(["High End"] * 1000), tenure, gone, "High End", year)
    assert share == pytest.approx(alive / 1000, abs=0.0005)


def test_the_range_beside_a_share_is_wilsons():
    """Newcombe 1998, Statistics in Medicine 17:857, table I: 81 of 263."""
    segment = column(["A"] * 263)
    line = f.seg_churn(segment, column([1] * 81 + [0] * 182))[1]
    assert line[3:5] == pytest.approx([0.2553, 0.3662], abs=0.00005)
