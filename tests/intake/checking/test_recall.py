"""Problems put into a clean list are named at their cells, and a clean list is left in peace."""

import re

import pytest

from mapseg_xl.intake.customers import IntakeOptions, read_sources
from mapseg_xl.intake.health import each_cell, health

from .injected import INJECTIONS, clean_book

SEEDS = (1, 2)
ROWS = 250
LEAST_FOUND = 0.9
MOST_FALSE = 8


def named(book):
    """Kind and place of every line of data_health.csv."""
    found = read_sources((), IntakeOptions(day_first=True), [book.sheet()])
    return [(i.kind, i.cell) for i in each_cell(health(found.issues, found.customers.n).issues)]


def rows_of(place):
    """First and last row of rows such as `A17:F19`; None for a cell or a column."""
    found = re.fullmatch(r"[A-Z]+(\d+):[A-Z]+(\d+)", place)
    return found and (int(found[1]), int(found[2]))


def covers(place, cell):
    """Whether a place is the cell, its row, or rows that hold it."""
    rows, own = rows_of(place), rows_of(cell)
    if rows is None:
        return place == cell
    row = re.sub(r"\D+", "", cell)
    first, last = own or (int(row or 0), int(row or 0))
    return rows[0] <= first and last <= rows[1]


def same_row(place, row):
    """Whether a cell stands in a row that is wrong as a whole."""
    return rows_of(row) is not None and rows_of(place) is None and covers(row, place)


@pytest.mark.parametrize("kind", INJECTIONS)
def test_problems_are_named_where_they_stand_and_nowhere_else(kind):
    inject, expected = INJECTIONS[kind]
    true = found = 0
    for seed in SEEDS:
        book = clean_book(seed, ROWS)
        inject(book, kind)
        lines, cells = named(book), book.truth[kind]
        places = [place for which, place in lines if which in expected.split()]
        true += len(cells)
        found += sum(any(covers(place, cell) for place in places) for cell in cells)
        false = [
            line
            for line in lines
            if not any(covers(line[1], c) or same_row(line[1], c) for c in cells)
        ]
        assert len(false) <= MOST_FALSE + len(cells), false
    assert found >= LEAST_FOUND * true, f"{found} of {true}"


@pytest.mark.parametrize("seed", range(4))
def test_a_clean_list_gives_rise_to_next_to_nothing(seed):
    lines = named(clean_book(seed, ROWS))
    assert len(lines) <= MOST_FALSE, lines
