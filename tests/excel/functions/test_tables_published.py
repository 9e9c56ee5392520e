"""Cell functions on a team's tables give the published numbers, to half of their last printed digit."""

import pytest

from mapseg_xl.excel import functions
from tests.report.named_functions.cases import JANZ, column, squared

# Name, arguments, number, tolerance, source.
NUMBERS = (
    ("rate_low", (81, 263), 0.2553, 5e-5, "Newcombe 1998, table I method 3"),
    ("rate_high", (81, 263), 0.3662, 5e-5, "Newcombe 1998, table I method 3"),
    ("rate_low", (15, 148), 0.0624, 5e-5, "Newcombe 1998, table I method 3"),
    ("rate_high", (15, 148), 0.1605, 5e-5, "Newcombe 1998, table I method 3"),
    ("rate_low", (0, 20), 0, 5e-5, "Newcombe 1998, table I method 3"),
    ("rate_high", (0, 20), 0.1611, 5e-5, "Newcombe 1998, table I method 3"),
    ("rate_low", (1, 29), 0.0061, 5e-5, "Newcombe 1998, table I method 3"),
    ("rate_high", (1, 29), 0.1718, 5e-5, "Newcombe 1998, table I method 3"),
    ("rate_difference_low", (56, 70, 48, 80), 0.0524, 5e-5, "Newcombe 1998b, table II method 10"),
    ("rate_difference_high", (56, 70, 48, 80), 0.3339, 5e-5, "Newcombe 1998b, table II method 10"),
    ("rate", (column(26, 15, 32), column(40, 30, 50)), 0.608, 5e-4, "Grow Slash: 73 of 120"),
    ("score", ([[10, 10, 4]], [[0.5, 0.3, 0.2]]), 8.8, 1e-9, "marketingstudyguide, GE template"),
    ("cac", (75_000, 75), 1000, 1e-9, "aidxn"),
    ("cac", (50_000, 25), 2000, 1e-9, "Notion template"),
    ("payback", (1000, 100, 0.8), 12.5, 5e-3, "showmath"),
    ("payback", (500, 75, 1), 6.67, 5e-3, "showmath"),
    ("ltv_to_cac", (2500, 500), 5, 5e-3, "showmath"),
    ("simple_ltv", (100, 1, 0.05), 2000, 1e-9, "ChartMogul"),
    ("simple_ltv", (500, 0.8, 0.05), 8000, 1e-9, "Skok"),
    ("churn_to_lifetime", (0.03,), 33, 0.5, "ChartMogul"),
    ("tam", (1000, 1, 1, 10_000, "TAM"), 10_000_000, 0, "bit1024"),
    # a fifth of the leads converts at 12%, the others at 5%; the number of that fifth up by a tenth
    ("what_if", (column(20, 80), column(0.12, 0.05), 1, 0.1), 0.065098, 5e-7, "by hand"),
)


@pytest.mark.parametrize(
    ("name", "arguments", "number", "tolerance", "source"),
    NUMBERS,
    ids=[f"{case[0]}-{n}" for n, case in enumerate(NUMBERS)],
)
def test_it_gives_the_published_number(name, arguments, number, tolerance, source):
    answer = getattr(functions, f"seg_{name}")(*arguments)
    assert answer == pytest.approx(number, abs=tolerance, rel=0), source


def test_a_cohort_table_gives_the_published_average_row_and_not_the_mean_of_the_columns():
    """Christoph Janz' cohort sheet, age by age over the cohorts that are old enough."""
    table = functions.seg_cohort_survival(squared(JANZ))
    survival = [row[table[0].index("survival")] for row in table[2:]]
    printed = [0.987, 0.9553, 0.9094, 0.8754, 0.8564, 0.8305, 0.8046, 0.7988, 0.7815, 0.7694]
    assert survival == pytest.approx(printed, abs=5e-5, rel=0)
    at_risk = [row[table[0].index("at_risk")] for row in table[2:]]
    assert at_risk == [1075, 1061, 873, 696, 552, 430, 321, 139, 138, 65]


def test_people_who_come_and_go_are_counted_over_the_same_starters():
    """Mixpanel's documentation: cohorts of 2, 10 and 10, of whom 20, 14 and 12 of 22 return."""
    table = functions.seg_cohort_active([[2, 2, 1, 2], [10, 9, 7, 6], [10, 9, 6, 4]])
    shares = [row[table[0].index("share")] for row in table[1:]]
    assert shares == pytest.approx([20 / 22, 14 / 22, 12 / 22])
