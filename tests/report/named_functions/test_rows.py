"""Named functions over columns of customers answer for a segment as the cell functions in Python do."""

import random

import pytest

from mapseg_xl.intake.cleaning.clean_labels import OUTCOME_WORDS
from mapseg_xl.intake.role_words import OUTCOME_WORDS as OUTCOME_WORDS_OF_DEALS
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


def test_without_a_segment_it_spills_all_of_them_largest_first(sheet):
    segment = column("A", "B", "b ", None, "C", "C")
    months = column(10, 20, 5, 1, 2, 2)
    left = column(1, 0, 1, 1, 1, 1)
    assert sheet.ask("SEG_SURVIVAL", segment, months, left) == [
        ["segment", "rows", "share still here"],
        ["B", 2, 0.5],
        ["C", 2, 0],
        ["A", 1, 0],
    ]


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
