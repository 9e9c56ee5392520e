"""Every cell function is told in full wherever it is listed."""

import inspect
import re
from pathlib import Path

import pytest

from mapseg_xl.excel import functions
from mapseg_xl.excel.catalog import FUNCTIONS
from mapseg_xl.excel.cell_function import KINDS, MOST_HELP
from mapseg_xl.excel.template.function_list import printed
from mapseg_xl.report.named_functions.aggregate import AGGREGATE
from mapseg_xl.report.named_functions.carried import CARRIED

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "functions.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("entry", FUNCTIONS, ids=lambda f: f.name)
def test_help_fits_what_excel_shows(entry):
    for text in (entry.help, *(argument.help for argument in entry.arguments)):
        assert 0 < len(text) <= MOST_HELP
        assert text.endswith((".", "?")), text
    assert all(argument.kind in KINDS for argument in entry.arguments)


@pytest.mark.parametrize("entry", FUNCTIONS, ids=lambda f: f.name)
def test_arguments_are_positional_and_optional_ones_come_last(entry):
    parameters = inspect.signature(entry.function).parameters.values()
    assert {p.kind for p in parameters} == {inspect.Parameter.POSITIONAL_OR_KEYWORD}
    optional = [argument.optional for argument in entry.arguments]
    assert optional == sorted(optional)
    assert all(p.default in (None, inspect.Parameter.empty) for p in parameters)


def test_names_are_unique_and_every_function_of_the_package_is_listed():
    names = [entry.python_name for entry in FUNCTIONS]
    assert len(set(names)) == len(names)
    assert sorted(names) == sorted(functions.__all__)
    assert {n for n in dir(functions) if n.startswith("seg_")} == set(names)


@pytest.mark.parametrize("entry", FUNCTIONS, ids=lambda f: f.name)
def test_the_example_calls_the_function_with_arguments_it_takes(entry):
    assert entry.example.startswith(f"={entry.name}(")
    assert entry.example.endswith(")")


def test_the_page_and_the_command_list_every_function():
    listed = printed(FUNCTIONS)
    for entry in FUNCTIONS:
        assert f"### {entry.name}\n" in PAGE
        assert f"{entry.name}(" in listed


def test_why_takes_as_many_arguments_as_any_function_has():
    most = max(len(entry.arguments) for entry in FUNCTIONS if entry.name != "SEG_WHY")
    why = next(entry for entry in FUNCTIONS if entry.name == "SEG_WHY")
    assert len(why.arguments) - 1 >= most


def test_the_readme_counts_the_functions_and_those_that_workbooks_carry():
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    left = len(FUNCTIONS) - len(CARRIED)
    for said in (
        f"and [{len(FUNCTIONS) - 1} more](docs/functions.md)",
        f"{len(CARRIED)} of them also travel",
        f"and {len(AGGREGATE)} inside finished workbooks",
        f"| all {len(FUNCTIONS)} |",
        f"the {left} functions without a closed formula",
    ):
        assert said in readme


def test_the_page_marks_the_functions_that_no_workbook_carries():
    marked = re.findall(r"^`(SEG_\w+)\(.*` · \*Windows\*$", PAGE, re.MULTILINE)
    assert sorted(marked) == sorted({f.name for f in FUNCTIONS} - {f.name for f in CARRIED})
