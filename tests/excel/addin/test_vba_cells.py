"""The cell functions' way through VBA: wrappers, the generation of what was read, true errors. Run in LibreOffice."""

from __future__ import annotations

import pytest

from mapseg_xl.excel.addin.wrappers import argument_name
from mapseg_xl.excel.answering.answers import ERROR_MARK, CellError, NotAvailable, marked
from mapseg_xl.excel.catalog import FUNCTIONS
from tests.excel.addin.vba_fakes import played
from tests.excel.addin.vba_text import MACOS, WINDOWS_64, modules

pytestmark = pytest.mark.office

RANGE = """
Dim {name} As Object
Set {name} = New FakeRange
{name}.Text = "[a.xlsx]S!{name}"
{name}.HasFormula = {formulas}
{name}.Value2 = Array({values})
"""
ERRORS = {  # what Excel shows, and the number CVErr has for it
    "#NULL!": 2000, "#DIV/0!": 2007, "#VALUE!": 2015, "#REF!": 2023, "#NAME?": 2029, "#NUM!": 2036, "#N/A": 2042,
}  # fmt: skip


@pytest.fixture
def play(office):
    def play(lines, system=WINDOWS_64):
        office.documents += 1
        said = played(office, lines, system, extra=modules()["MapsegWrappers"])
        assert not [line for line in said if line.startswith("ERROR")], said
        return said

    return play


def cells(name, formulas="False", values="1, 2"):
    return RANGE.format(name=name, formulas=formulas, values=values)


def calls(said):
    """(module, function, arguments, generation) of each call of Python."""
    found = [line.removeprefix("udf ") for line in said if line.startswith("udf ")]
    split = [(line.split(" ", 1)[0], *line.split(" ", 1)[1].split("|")) for line in found]
    return [(module, name, arguments, float(last)) for module, name, *arguments, last in split]


@pytest.mark.parametrize("part", range(8))
def test_every_wrapper_hands_its_arguments_over_in_order(play, part):
    functions = FUNCTIONS[part::8]
    if not functions:
        pytest.skip("fewer than eight functions")
    lines = "Dim x As Variant\n"
    wanted = []
    for function in functions:
        values = [f"{function.python_name}.{i}" for i, _ in enumerate(function.arguments)]
        quoted = ", ".join(f'"{value}"' for value in values)
        lines += f"x = {function.name}({quoted})\n"
        wanted.append(("mapseg_xl.excel.udfs", function.python_name, values))
    assert [call[:3] for call in calls(play(lines))] == wanted


def test_arguments_can_be_named_as_the_wrapper_names_them(play):
    """So that none is lost between the wrapper's head and its call."""
    function = next(f for f in FUNCTIONS if len(f.arguments) > 2)
    given = ", ".join(f'{argument_name(a.name)}:="{a.name}"' for a in reversed(function.arguments))
    ((_, _, arguments, _),) = calls(play(f"Dim x As Variant\nx = {function.name}({given})"))
    assert arguments == [argument.name for argument in function.arguments]


def test_ranges_go_unread(play):
    lines = cells("A") + 'Dim x As Variant\nx = CallFunction("seg_volume", Array(A))'
    ((_, name, arguments, _),) = calls(play(lines))
    assert (name, arguments) == ("seg_volume", ["range [a.xlsx]S!A"])


def test_an_argument_left_out_arrives_as_missing(play):
    function = next(f for f in FUNCTIONS if f.arguments[-1].optional)
    given = ", ".join(str(i) for i, a in enumerate(function.arguments) if not a.optional)
    ((_, _, arguments, _),) = calls(play(f"Dim x As Variant\nx = {function.name}({given})"))
    assert arguments == [
        "missing" if a.optional else str(i) for i, a in enumerate(function.arguments)
    ]


# ---- Generations ----


def numbers(play, lines):
    return [call[3] for call in calls(play("Dim x As Variant\n" + lines))]


CALL = 'x = CallFunction("f", Array({}))\n'


def test_within_a_calculation_cells_share_what_was_read(play):
    first, second = numbers(play, cells("A") + CALL.format("A") + CALL.format("A, 2"))
    assert first == second


def test_after_a_change_or_a_calculation_everything_is_read_anew(play):
    got = numbers(play, cells("A") + (CALL.format("A") + "NextGeneration\n") * 3)
    assert len(set(got)) == 3


def test_calculated_formulas_may_be_kept(play):
    lines = cells("A", "True") + cells("B", "Null") + CALL.format("A, B") * 2
    first, second = numbers(play, lines)
    assert first == second


@pytest.mark.parametrize("formulas", ["True", "Null"])
def test_cells_that_still_wait_are_never_kept(play, formulas):
    """Excel calls a function also before the formulas it reads are calculated: they look empty then."""
    waiting = cells("A", formulas, "1, Empty") + cells("B")
    lines = (
        waiting
        + CALL.format("A") * 2
        + CALL.format("B")
        + "A.Value2 = Array(1, 2)\n"
        + CALL.format("A") * 2
    )
    one, two, other, then, again = numbers(play, lines)
    assert len({one, two, other}) == 3
    assert other == then == again


def test_empty_cells_among_typed_ones_wait_for_nothing(play):
    first, second = numbers(play, cells("A", "False", "1, Empty") + CALL.format("A") * 2)
    assert first == second


def test_where_events_are_off_nothing_is_kept(play):
    lines = cells("A") + "Application.EnableEvents = False\n" + CALL.format("A") * 2
    first, second = numbers(play, lines)
    assert first != second


def test_numbers_begin_with_the_clock_so_that_none_comes_back(play):
    (number,) = numbers(play, CALL.format("1"))
    assert number > 40_000 * 86_400 * 1000  # after 2009, in seconds times a thousand
    assert number == int(number)


# ---- Answers ----


def answer(play, plan, *shown):
    return play(
        f'Dim x As Variant\nPlan "udf", {plan}\nx = CallFunction("f", Array(1))\n'
        + "\n".join(shown)
    )


@pytest.mark.parametrize("error", ERRORS)
def test_a_marked_text_becomes_a_true_error(play, error):
    plan = f'Chr$(1) & "mapseg:{error}"'
    assert answer(play, plan, "Say IsError(x)", "Say CStr(x)")[-2:] == [
        "True",
        f"Error {ERRORS[error]}",
    ]


def test_the_mark_is_the_one_python_writes(play):
    assert ERROR_MARK == "\x01mapseg:"
    for error in (NotAvailable("x"), CellError("x")):
        text = marked(error).removeprefix(ERROR_MARK)
        assert text in ERRORS


def test_an_unknown_mark_is_a_value_error(play):
    assert answer(play, 'Chr$(1) & "mapseg:#NEW!"', "Say CStr(x)")[-1] == "Error 2015"


@pytest.mark.parametrize("value", ['"#N/A"', '"mapseg:#N/A"', '""', "1.5", "True"])
def test_other_answers_stay_as_they_are(play, value):
    assert answer(play, value, f"Say x = {value}", "Say IsError(x)")[-2:] == ["True", "False"]


def test_errors_inside_a_row_and_a_table_are_true_too(play):
    row = answer(
        play, 'Array(1, Chr$(1) & "mapseg:#N/A", "b")', "Say CStr(x(1))", "Say x(0) & x(2)"
    )
    assert row[-2:] == ["Error 2042", "1b"]
    table = play(
        "Dim x As Variant\nDim t(0 To 1, 0 To 1) As Variant\n"
        't(0, 0) = "a"\nt(0, 1) = 2\nt(1, 0) = Chr$(1) & "mapseg:#NUM!"\nt(1, 1) = Chr$(1) & "mapseg:#N/A"\n'
        'Plan "udf", t\nx = CallFunction("f", Array(1))\n'
        "Say x(0, 0) & x(0, 1)\nSay CStr(x(1, 0)) & CStr(x(1, 1))"
    )
    assert table[-2:] == ["a2", "Error 2036Error 2042"]


def test_a_bug_in_python_shows_a_value_error_in_its_cell_only(play):
    said = play(
        'Dim x As Variant\nPlan "udf fails", "yes"\n'
        + CALL.format("1")
        + "Say CStr(x)\nTellWhatWentWrong"
    )
    assert said[-1] == "Error 2015"


def test_without_python_all_cells_show_na_and_one_message_comes_after_the_calculation(play):
    plan = 'Dim x As Variant\nPlan "no python", "The file is missing."\n'
    said = play(
        plan
        + CALL.format("1") * 3
        + "Say CStr(x)\nTellWhatWentWrong\nTellWhatWentWrong\n"
        + CALL.format("1")
    )
    assert said[:2] == ["server", "Error 2042"]  # tried once, not for every cell
    assert len(said) == 3
    assert said[2].startswith("tell The SEG_ formulas show #N/A")
    assert "The file is missing." in said[2]


def test_a_click_lets_cells_try_python_again(play):
    plan = 'Dim x As Variant\nPlan "no python", "Gone."\n' + CALL.format("1")
    said = play(
        plan + "TryAgain\n" + 'Plan "no python", ""\nPlan "udf", 7\n' + CALL.format("1") + "Say x"
    )
    assert said[-1] == "7"


def test_on_a_mac_cells_show_na_and_nothing_is_started(play):
    assert play("Dim x As Variant\n" + CALL.format("1") + "Say CStr(x)", MACOS) == ["Error 2042"]
