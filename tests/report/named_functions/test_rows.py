"""Named functions over columns of customers answer for a segment as the cell functions in Python do."""

import random

import pytest

from mapseg_xl.intake.cleaning.clean_labels import OUTCOME_WORDS
from mapseg_xl.intake.columns.role_words import OUTCOME_WORDS as OUTCOME_WORDS_OF_DEALS
from mapseg_xl.report.named_functions.rows import ROW_LEVEL
from tests.report.named_functions.cases import column
from tests.report.named_functions.compared import assert_same, in_python
from tests.tools.calculator import Calculator

SEGMENT = column("A", "a ", "A", "B", "B", "B")
STARTED = column(45000, 45010, 45020, 45000, 45030, 45040)
WON_ON = column(45005, None, 45060, 45001, None, 45041)
WON = column(1, 0, 1, 1, 0, 0)
MONTHS = column(10, 20, 5, 1, 1, 1)
PAID = column(100, 200, 50, 1, 2, 3)
LEFT = column(1, 0, 1, 1, 0, 0)

CASES = (
    ("CHURN", SEGMENT, column(1, 0, None, 1, 0, 0), "A"),
    ("CHURN", SEGMENT, column("x", None, None, "x", None, None), " a"),
    ("CHURN", SEGMENT, column("yes", "no", "No", "Churned", "active", "Lost"), "B"),
    ("CHURN", SEGMENT, column(45000, None, None, 45010, None, None), "A"),
    ("CHURN", SEGMENT, column(True, False, False, True, False, True), "B"),
    ("CHURN", SEGMENT, LEFT, "Z"),
    ("CHURN", SEGMENT, column(None, 0, None, 1, 0, 1), "A"),
    ("CONVERSION", SEGMENT, column(1, 0, None, 1, 0, 0), "A"),
    ("CONVERSION", SEGMENT, column(1, 1, 1, 1, 1, 1), "A"),
    ("CONVERSION", SEGMENT, WON_ON, "A", STARTED, 30),
    ("CONVERSION", SEGMENT, WON_ON, "B", STARTED, 30, 45071),
    ("CONVERSION", SEGMENT, WON_ON, "B", STARTED, 30, 45020),
    ("CONVERSION", SEGMENT, WON_ON, "A", STARTED, 10, 45011),
    ("CONVERSION", SEGMENT, WON_ON, "A", STARTED, "all"),
    (
        "CONVERSION",
        SEGMENT,
        column(45005, None, 45060, 44001, None, 45041),
        "B",
        STARTED,
        30,
        45071,
    ),
    ("CONVERSION", SEGMENT, WON_ON, "A", column(45000, None, 45020, 45000, None, 45040), "all"),
    ("CONVERSION", SEGMENT, WON, "A", STARTED, 30, 45045),
    ("CONVERSION", SEGMENT, WON, "A", STARTED, "all", 45045),
    ("CONVERSION", SEGMENT, WON, "A", None, None, None),
    ("CONVERSION", SEGMENT, WON, "A", STARTED, 1.5),
    ("WINRATE", SEGMENT, column("won", "lost", "open", "Closed Won", "Lost", "x"), "A"),
    ("WINRATE", SEGMENT, column("won", "lost", "open", "Closed-Won", "Loss", "x"), "B"),
    ("WINRATE", SEGMENT, column(1, 0, None, 1, 0, 0), "A"),
    ("WINRATE", SEGMENT, column("Won", "open", "open", "x", "y", None), "B"),
    ("ARPU", SEGMENT, column(10, 20, None, 1, 2, 3), "A"),
    ("ARPU", SEGMENT, column(10, 20, -5, 1, 2, 3), "A"),
    ("ARPU", SEGMENT, PAID, "A", MONTHS),
    ("ARPU", SEGMENT, column(100, 200, None, 1, 2, 3), "A", MONTHS),
    ("ARPU", SEGMENT, PAID, "A", column(10, None, 5, 1, 1, 1)),
    ("ARPU", SEGMENT, PAID, "A", column(10, 0, 5, 1, 1, 1)),
    ("ARPU", SEGMENT, PAID, "C"),
    ("MONTHLY_CHURN", SEGMENT, column(1, 0, None, 1, 0, 0), MONTHS, "A"),
    ("MONTHLY_CHURN", SEGMENT, LEFT, column(10, None, 5, 1, 1, 1), "A"),
    ("MONTHLY_CHURN", SEGMENT, LEFT, column(10.5, 0, 0, 1, 1, 1), "A"),
    ("MONTHLY_CHURN", SEGMENT, LEFT, MONTHS, "C"),
    *(("SURVIVAL", SEGMENT, MONTHS, LEFT, "A", m) for m in (0, 4, 5, 10, 20, 21)),
    *(
        ("SURVIVAL", SEGMENT, column(10, 8, 5, 1, 1, 1), column(1, 1, 1, 1, 0, 0), "A", m)
        for m in (9, 10, 50)
    ),
    ("SURVIVAL", SEGMENT, MONTHS, LEFT, "A"),
    ("SURVIVAL", SEGMENT, column(12, 20, 15, 1, 1, 1), column(1, 0, None, 1, 0, 0), "A", 12),
    ("SURVIVAL", SEGMENT, column(10, None, 5, 1, 1, 1), LEFT, "A", 5),
    ("SURVIVAL", SEGMENT, MONTHS, column(1, 1, 1, 0, 0, 0), "B", 1),
    ("SURVIVAL", SEGMENT, MONTHS, LEFT, "A", -2),
    ("SURVIVAL", SEGMENT, column(0, 8, 5, 1, 1, 1), LEFT, "A", 0),
    ("LIFETIME", SEGMENT, MONTHS, LEFT, "A"),
    ("LIFETIME", SEGMENT, MONTHS, LEFT, "B"),
    ("LIFETIME", SEGMENT, column(10, 20, 0, 1, 1, 1), LEFT, "A"),
    ("REVENUE", SEGMENT, column(10, 20, None, 1, 2, 3), "A"),
    ("REVENUE", SEGMENT, PAID, "C"),
    ("ORDERS", SEGMENT, column(1, 2, None, 0, 2, 3), "B"),
    ("REPEAT_RATE", SEGMENT, column(1, 2, None, 0, 2, 3), "A"),
    ("ORDER_VALUE", SEGMENT, column(100, 200, None, 1, 2, 3), column(1, 2, 3, 0, 2, 3), "A"),
    ("ORDER_VALUE", SEGMENT, column(100, 200, None, 1, 2, 3), column(1, 2, 3, 0, 2, 3), "B"),
    ("VOLUME", column("b", "A", "a ", "e", "c", "B", "d", "c")),
    ("VOLUME", column("b", "A", "a ", None, "c", "B", "d", "c")),
    ("VOLUME", column(2024, 2025, 2024)),
)


@pytest.fixture(scope="module")
def sheet(tmp_path_factory):
    return Calculator(ROW_LEVEL, tmp_path_factory.mktemp("book"))


@pytest.mark.parametrize("case", CASES, ids=[f"{case[0]}-{n}" for n, case in enumerate(CASES)])
def test_it_answers_for_a_segment_as_python_does(case, sheet):
    name, *arguments = case
    assert_same(in_python(name, arguments), sheet.ask(f"SEG_{name}", *arguments))


def test_every_function_is_asked():
    assert {f"SEG_{name}" for name, *_ in CASES} == {function.name for function in ROW_LEVEL}


@pytest.mark.parametrize("name", ["b*", "<5", "~", "?", ">1000", "="])
def test_a_segment_that_looks_like_a_criterion_is_a_name(name, sheet):
    segment = column(name, "bbb", "3", name, "4000", "x")
    assert sheet.ask("SEG_CHURN", segment, LEFT, name) == 1.0


def test_a_word_that_is_neither_yes_nor_no_gives_no_number(sheet):
    assert sheet.ask("SEG_CHURN", SEGMENT, column(1, 0, "perhaps", 1, 0, 0), "B") == "#VALUE!"


@pytest.mark.parametrize(("name", "outcome"), [("CHURN", "churned"), ("CONVERSION", "converted")])
def test_each_word_for_yes_and_no_is_read_as_python_reads_it(name, outcome, sheet):
    own = OUTCOME_WORDS[outcome]
    for word in ["yes", "Y", "true", "T", "x", "no", "N", "false", "f", *sorted(own[0] | own[1])]:
        if not word.isascii() or "-" in word:
            continue
        arguments = column("A", "A", "B", "B"), column(word, word, "yes", "no"), "A"
        assert_same(in_python(name, arguments), sheet.ask(f"SEG_{name}", *arguments))


def test_each_word_for_a_deal_is_read_as_python_reads_it(sheet):
    for word in [*OUTCOME_WORDS_OF_DEALS, "yes", "NO", "y", "x", "Closed - Won", "closed-lost"]:
        arguments = column("A", "A", "A", "B"), column(word, "won", "lost", "won"), "A"
        assert_same(in_python("WINRATE", arguments), sheet.ask("SEG_WINRATE", *arguments))


@pytest.mark.parametrize("name", ["REVENUE", "ARPU", "ORDERS", "REPEAT_RATE"])
@pytest.mark.parametrize("wrong", ["many", True])
def test_an_amount_that_is_none_gives_no_number(name, wrong, sheet):
    amounts = column(10, 20, wrong, 1, 2, 3)
    assert sheet.ask(f"SEG_{name}", SEGMENT, amounts, "A") == "#VALUE!"


@pytest.mark.parametrize("wrong", ["many", True, -1])
def test_months_that_are_no_months_give_no_number(wrong, sheet):
    months = column(10, 20, wrong, 1, 1, 1)
    assert sheet.ask("SEG_MONTHLY_CHURN", SEGMENT, LEFT, months, "A") == "#VALUE!"


def test_columns_of_different_length_give_no_number(sheet):
    assert sheet.ask("SEG_CHURN", SEGMENT, LEFT[:-1], "A") == "#VALUE!"


RANGED = {"CONVERSION", "WINRATE", "REPEAT_RATE", "CHURN", "MONTHLY_CHURN", "SURVIVAL", "LIFETIME"}
MIXED = column("A", "B", "b ", None, "C", "C", "A", "B", "D", "B")
STAYED = column(10, 20, 5, 1, 2, 2, None, 7.5, 3, 30)
GONE = column(1, 0, 1, 1, 1, 1, 0, 0, 0, 1)
EARNED = column(100, 200, None, 30, 40, 5, 12.5, 80, None, 9)
BOUGHT = column(1, 2, 3, 0, None, 1, 2, 0, 0, 5)
BEGAN = column(*(45000 + 9 * at for at in range(10)))
CAME = column(45003, None, 45020, None, 45041, None, 45060, 45064, None, None)
TABLES = (
    ("CONVERSION", MIXED, GONE),
    ("CONVERSION", MIXED, CAME, None, BEGAN, 14),
    ("CONVERSION", MIXED, CAME, None, BEGAN, "all", 45070),
    ("CONVERSION", MIXED, CAME, None, BEGAN),
    (
        "WINRATE",
        MIXED,
        column("won", "lost", "open", "won", "lost", "lost", "won", "won", "open", "x"),
    ),
    ("REPEAT_RATE", MIXED, BOUGHT),
    ("CHURN", MIXED, GONE),
    ("CHURN", MIXED, column(1, None, 1, 1, None, 0, 0, 1, None, 1)),
    ("MONTHLY_CHURN", MIXED, GONE, STAYED),
    ("MONTHLY_CHURN", MIXED, GONE, column(0, 4, 2, 1, 0, 0, 0, 1, 3, 1)),
    *(("SURVIVAL", MIXED, STAYED, GONE, None, month) for month in (None, 0, 1, 4.5, 7.5, 20, 30)),
    ("LIFETIME", MIXED, STAYED, GONE),
    ("LIFETIME", column(*["A"] * 10), column(*range(1, 11)), column(0, 1, 1, 0, 1, 1, 1, 0, 1, 1)),
    ("LIFETIME", column(*["A"] * 10), column(*range(1, 11)), column(1, 1, 0, 0, 0, 0, 0, 0, 0, 0)),
    ("ARPU", MIXED, EARNED),
    ("ARPU", MIXED, EARNED, None, STAYED),
    ("REVENUE", MIXED, EARNED),
    ("ORDERS", MIXED, BOUGHT),
    ("ORDER_VALUE", MIXED, EARNED, BOUGHT),
)


@pytest.mark.parametrize("case", TABLES, ids=[f"{case[0]}-{n}" for n, case in enumerate(TABLES)])
def test_without_a_segment_it_spills_the_first_columns_of_pythons_table(case, sheet):
    assert_same_table(case, sheet)


def assert_same_table(case, sheet):
    """Heads, order, counts, figures and, of shares and of time, plausible ranges.

    Names as written in their first row here, as most often written there.
    """
    name, *arguments = case
    wide = 5 if name in RANGED else 3
    theirs = sheet.ask(f"SEG_{name}", *arguments)
    assert all(len(row) == wide for row in theirs)
    ours = [row[:wide] for row in in_python(name, arguments)]
    assert_same(ours[0], theirs[0])
    assert_same(*([[row[0].casefold(), *row[1:]] for row in table[1:]] for table in (ours, theirs)))


def test_every_function_but_volume_is_asked_for_its_table():
    assert {name for name, *_ in TABLES} | {"VOLUME"} == {f.name[4:] for f in ROW_LEVEL}


def test_three_of_four_show_how_little_they_tell(sheet):
    names = column(*["A"] * 4, *["B"] * 20)
    won = column(1, 1, 1, 0, *[1] * 8, *[0] * 12)
    largest, small = sheet.ask("SEG_CONVERSION", names, won)[1:]
    assert small == ["A", 4, 0.75, pytest.approx(0.3006, abs=5e-5), pytest.approx(0.9544, abs=5e-5)]
    assert largest[4] - largest[3] < small[4] - small[3]


def test_empty_rows_below_belong_to_no_segment(sheet):
    rows = [*MIXED, [None], [None]], [*GONE, [None], [None]]
    assert sheet.ask("SEG_CHURN", *rows) == sheet.ask("SEG_CHURN", MIXED, GONE)
    assert sheet.ask("SEG_CHURN", *rows, "(blank)") == 1.0


def test_nothing_at_all_gives_no_number(sheet):
    assert sheet.ask("SEG_CHURN", column(None, None), column(None, None)) == "#VALUE!"


@pytest.mark.parametrize("seed", range(6))
def test_any_customers_give_the_same_figures(seed, sheet):
    chance = random.Random(seed)
    rows = range(chance.randrange(4, 40))
    segment = column(*(chance.choice(("North", "south", "South ")) for _ in rows))
    months = column(*(chance.choice((None, chance.randrange(0, 30))) for _ in rows))
    left = column(*(chance.choice((0, 1)) for _ in rows))
    started = column(*(45000 + chance.randrange(0, 90) for _ in rows))
    won = column(*(chance.choice((None, s + chance.randrange(0, 40))) for (s,) in started))
    for name, *arguments in (
        ("SURVIVAL", segment, months, left, "south", chance.randrange(0, 25)),
        ("LIFETIME", segment, months, left, "south"),
        ("MONTHLY_CHURN", segment, left, months, "South"),
        ("CONVERSION", segment, won, "SOUTH", started, 14),
    ):
        assert_same(in_python(name, arguments), sheet.ask(f"SEG_{name}", *arguments))
    for case in (
        ("SURVIVAL", segment, months, left, None, chance.randrange(0, 25)),
        ("LIFETIME", segment, months, left),
        ("MONTHLY_CHURN", segment, left, months),
        ("CONVERSION", segment, won, None, started, 14),
        ("CONVERSION", segment, won, None, started),
        ("CHURN", segment, left),
    ):
        assert_same_table(case, sheet)
