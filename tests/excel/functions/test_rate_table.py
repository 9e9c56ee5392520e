"""A table of counts is judged as the rows it was counted from."""

import pytest

from mapseg_xl.excel import functions
from mapseg_xl.excel.answering.answers import BadArguments, NotAvailable
from tests.report.named_functions.cases import column

NAMES = ("Agency", "Dentist", "Lawyer", "Realtor")
WON, HAD = (56, 48, 30, 2), (170, 280, 310, 3)


def rows_of(names, won, had):
    """One row a trial, as they were before somebody counted them."""
    pairs = [
        (name, int(at < x)) for name, x, n in zip(names, won, had, strict=True) for at in range(n)
    ]
    return [[name] for name, _ in pairs], [[flag] for _, flag in pairs]


def as_dictionary(table, names):
    heads = ["rate" if head == "Share of yes" else head for head in table[0]]
    return {
        row[0]: [cell for head, cell in zip(heads, row, strict=True) if head in names]
        for row in table[1:]
    }


@pytest.mark.parametrize("count", [2, 3, 4])
def test_it_says_what_the_rows_themselves_would_say(count):
    names, won, had = NAMES[:count], WON[:count], HAD[:count]
    of_counts = functions.seg_rate_compare(names, won, had)
    of_rows = functions.seg_compare(*rows_of(names, won, had))
    both = set(of_counts[0]) & {"rate" if h == "Share of yes" else h for h in of_rows[0]} - {"note"}
    assert {"rate", "cautious estimate", "everyone else", "against everyone else"} <= both
    ours, theirs = as_dictionary(of_counts, both), as_dictionary(of_rows, both)
    assert ours.keys() == theirs.keys()
    for name, cells in ours.items():
        for one, other in zip(cells, theirs[name], strict=True):
            assert one == (other if isinstance(other, str) else pytest.approx(other))


@pytest.mark.parametrize("name", ["Total", "Grand total", "Everybody"])
def test_a_row_of_totals_is_no_segment(name):
    without = functions.seg_rate_compare(NAMES, WON, HAD)
    totals = (*NAMES, name), (*WON, sum(WON)), (*HAD, sum(HAD))
    assert functions.seg_rate_compare(*totals) == without


def test_two_of_three_is_no_winner():
    table = functions.seg_rate_compare(NAMES, WON, HAD)
    line = dict(zip(table[0], table[-1], strict=True))
    assert line["segment"] == "Realtor"
    assert line["against everyone else"] == "can't tell yet"
    assert "at least 30 are needed" in line["note"]


def test_one_segment_gives_its_difference_whatever_its_case():
    table = functions.seg_rate_compare(NAMES, WON, HAD)
    difference = table[1][table[0].index("difference")]
    assert functions.seg_rate_compare(NAMES, WON, HAD, " agency") == difference


def test_what_cannot_be_compared_gives_no_number():
    with pytest.raises(NotAvailable):
        functions.seg_rate_compare(NAMES, WON, HAD, "Baker")
    with pytest.raises(NotAvailable):
        functions.seg_rate_compare(["A"], [1], [2], "A")
    with pytest.raises(NotAvailable):
        functions.seg_rate_compare(column("A", "B"), column(1, None), column(2, 3))
    for won, had in (([3, 1], [2, 2]), ([1.5, 1], [2, 2]), ([1, "x"], [2, 2])):
        with pytest.raises(BadArguments):
            functions.seg_rate_compare(["A", "B"], won, had)
    with pytest.raises(BadArguments):
        functions.seg_rate_compare(["A", "a"], [1, 1], [2, 2])


def test_so_many_trials_as_said_settle_it():
    """At the number asked for, the same rates are told apart, and at half of it not yet."""
    needed = functions.seg_trials_needed(12, 40, 200, 1000)
    assert functions.seg_rate_difference_low(0.3 * needed, needed, 200, 1000) == pytest.approx(
        0, abs=0.012
    )
    assert functions.seg_rate_difference_low(0.15 * needed, needed / 2, 200, 1000) < -0.015
