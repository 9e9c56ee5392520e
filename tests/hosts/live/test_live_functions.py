"""The functions that an open workbook carries: what Excel refuses is named, and keeps nothing else away."""

from typing import Any

import pytest

from mapseg_xl.hosts.live.finish import Finishing
from mapseg_xl.hosts.live.functions import define, print_of
from mapseg_xl.report.verbs import NamedFunction

SHORT, LONG, LAST = (
    NamedFunction(f"SEG_{name}", (), f"LAMBDA({text})", "")
    for name, text in (("SHORT", "1"), ("LONG", "1+" * 200 + "1"), ("LAST", "2"))
)
ALL = (SHORT, LONG, LAST)


class Book:
    """A workbook that takes formulas up to a length, as an Excel may."""

    def __init__(self, longest: int, **held: str) -> None:
        self.longest = longest
        self.held = held
        self.names = self

    def __contains__(self, name: str) -> bool:
        return name in self.held

    def __getitem__(self, name: str) -> Any:
        return Name(self, name)

    def add(self, name: str, refers_to: str) -> None:
        if len(refers_to) > self.longest:
            raise ValueError("a formula like this cannot be entered")
        self.held[name] = refers_to


class Name:
    def __init__(self, book: Book, name: str) -> None:
        super().__setattr__("book", book)
        super().__setattr__("name", name)

    def __setattr__(self, _: str, refers_to: str) -> None:
        self.book.add(self.name, refers_to)


@pytest.fixture
def finishing() -> Finishing:
    return Finishing(None)


def test_one_that_is_refused_keeps_no_other_away_and_is_named(finishing: Finishing) -> None:
    book = Book(255)
    carried = define(book, ALL, (), finishing)
    assert set(book.held) == {"SEG_SHORT", "SEG_LAST"}
    assert carried == tuple(sorted(map(print_of, (SHORT, LAST))))
    (line,) = finishing.unfinished
    assert line.startswith("named functions, SEG_LONG: ")


def test_an_excel_that_takes_none_is_one_line(finishing: Finishing) -> None:
    assert define(Book(0), ALL, (), finishing) == ()
    (line,) = finishing.unfinished
    assert line == (
        "named functions: this Excel does not take them (a formula like this cannot be entered)"
    )


def test_what_is_carried_already_is_not_defined_again(finishing: Finishing) -> None:
    book = Book(0, SEG_SHORT="=" + SHORT.formula)
    assert define(book, (SHORT,), (print_of(SHORT),), finishing) == (print_of(SHORT),)
    assert finishing.unfinished == ()


def test_an_older_formula_of_ours_is_replaced_and_somebody_elses_name_stays(
    finishing: Finishing,
) -> None:
    book = Book(9999, SEG_SHORT="=LAMBDA(0)", SEG_LAST="=Sheet1!$A$1")
    carried = define(book, ALL, ("SEG_SHORT:00000000",), finishing)
    assert book.held["SEG_SHORT"] == "=" + SHORT.formula
    assert book.held["SEG_LAST"] == "=Sheet1!$A$1"
    assert carried == tuple(sorted(map(print_of, (SHORT, LONG))))
    assert finishing.unfinished == ("function SEG_LAST: the workbook has a name like this already",)
