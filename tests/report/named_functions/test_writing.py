"""What Excel demands of named functions, and that they are the cell functions under the same names."""

import inspect
import re
from itertools import accumulate

import pytest

from mapseg_xl.excel import functions
from mapseg_xl.hosts.file_functions import file_form, functions_used, variables_of
from mapseg_xl.report.named_functions.aggregate import AGGREGATE
from mapseg_xl.report.named_functions.rows import ROW_LEVEL

LONGEST_FORMULA, LONGEST_COMMENT, DEEPEST = 8192, 255, 64
CELL_LIKE = re.compile(r"[a-z]{1,3}\d+|r|c|r\d*c\d*")
# What every Excel since 2010 calls by these names in the file too; the others need a prefix there.
# fmt: off
OLDER = {
    "ABS", "AND", "CHIINV", "CHOOSE", "COLUMNS", "COUNT", "EXP", "FALSE", "IF", "IFERROR", "INDEX", "INT", "ISLOGICAL",
    "ISNA", "ISNUMBER", "LN", "LOG10", "MATCH", "MAX", "MIN", "NA", "NORMSINV", "NOT", "OR", "ROUND", "ROWS", "SQRT",
    "SUBSTITUTE", "SUM", "SUMPRODUCT", "TRANSPOSE", "TRIM", "TRUE",
}
# fmt: on


@pytest.fixture(params=(*AGGREGATE, *ROW_LEVEL), ids=lambda function: function.name)
def function(request):
    return request.param


def test_it_has_the_arguments_of_the_cell_function(function):
    of_python = inspect.signature(getattr(functions, function.name.lower())).parameters
    assert function.parameters == tuple(of_python)
    may_be_left_out = {name for name, p in of_python.items() if p.default is not p.empty}
    head = function.formula[len("LAMBDA(") :].split(",")[: len(of_python)]
    assert {name.strip("[]") for name in head if name.startswith("[")} == may_be_left_out


def test_no_name_in_it_is_read_as_a_cell(function):
    assert not [name for name in variables_of(function.formula) if CELL_LIKE.fullmatch(name)]
    assert all(name == name.lower() for name in variables_of(function.formula))


def test_it_is_short_enough_and_says_what_it_is_for(function):
    assert len(file_form(function.formula)) <= LONGEST_FORMULA
    assert 0 < len(function.comment) <= LONGEST_COMMENT


def test_brackets_are_balanced_outside_of_texts(function):
    bare = re.sub(r'"[^"]*"', "", function.formula)
    assert bare.count("(") == bare.count(")")


def test_calls_lie_in_each_other_no_deeper_than_excel_allows(function):
    bare = re.sub(r'"[^"]*"', "", function.formula)
    assert max(accumulate((c == "(") - (c == ")") for c in bare)) <= DEEPEST


def test_every_function_of_excels_that_it_calls_is_known_to_the_file_host(function):
    for name in functions_used(function.formula) - {function.name}:  # some call themselves
        prefixed = file_form(f"{name}(1)") != f"{name}(1)"
        assert prefixed != (name in OLDER), name


def test_it_counts_matches_without_wildcards(function):
    assert not functions_used(function.formula) & {"COUNTIF", "COUNTIFS", "SUMIF", "SUMIFS"}


def test_a_text_inside_a_formula_is_no_variable():
    assert file_form('LAMBDA(which,IF(which="which",1,0))') == (
        '_xlfn.LAMBDA(_xlpm.which,IF(_xlpm.which="which",1,0))'
    )


def test_two_functions_of_excels_carry_a_second_prefix():
    assert file_form("SORT(FILTER(A1:A3,A1:A3>1))") == (
        "_xlfn._xlws.SORT(_xlfn._xlws.FILTER(A1:A3,A1:A3>1))"
    )
