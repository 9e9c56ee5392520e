"""Cleaning of one column, whatever its cells hold: an answer of the column's length, the same each time, no warning."""

from __future__ import annotations

import math
import string
from datetime import date, datetime, time, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapseg_xl.errors import InputError
from mapseg_xl.intake import clean
from mapseg_xl.intake.cleaning.amounts import amount
from mapseg_xl.intake.cleaning.cells import UNCALCULATED, shown
from mapseg_xl.intake.tables import CellError

from ..raw import raw

CONVERTERS = {
    "labels": clean.labels,
    "ids": lambda table, index: clean.labels(table, index, ids=True),
    "numbers": clean.numbers,
    "dates": clean.dates,
    "dates, day first": lambda table, index: clean.dates(table, index, day_first=True),
    "flags": clean.flags,
    "outcomes": lambda table, index: clean.flags(table, index, outcome="converted"),
}
ODD = (
    *(
        "\ud800",
        "\udfff\ud800",
        "a\0b",
        "\x00",
        "שלום",
        "\u202e12.5\u202c",
        "\u200f1٬234٫5",
        "١٢٣",
        "１２３",
    ),
    *("½", "²", "Ⅻ", "一百", "1e999", "-1e-999", "0x1F", "1_000", "++1", "--", "(1", "1)", "(-5)"),
    *("9" * 400, "-" * 400, "." * 50, "1." + "0" * 400, "1,2,3,4", "1.2.3", "1'000'000", "€", "%"),
    *("$" * 9, "12 %%", "1e5%", "USD", "5 USD EUR", "1 000,5 €", "٪50", "𝟙𝟚", "😀" * 9, "é" * 300),
    *("0000-00-00", "9999-99-99", "99999-01-01", "2024-02-30", "31/12/99999", "00/00/00", "1/1/1"),
    *(
        "2024-01-05T25:61",
        "24:00",
        "Feb 30",
        "31. Dez.",
        "Q5 2024",
        "2024W60",
        "1/2/3/4",
        "١/٢/٢٠٢٤",
    ),
    *(
        "=1+1",
        "+1",
        "@a",
        "\t=1",
        "\r",
        "\n",
        "＝1",
        "'",
        '"',
        "#N/A",
        "#REF!",
        "nan",
        "inf",
        "-inf",
    ),
    *("TRUE", "ja", "\u00a0", "\u200b", "\ufeff1", "x" * 40_000),
)
FLOATS = (
    math.nan,
    math.inf,
    -math.inf,
    1.8e308,
    -1.8e308,
    5e-324,
    2**53 + 2.0,
    2958465.9,
    60.0,
    -1.0,
)
DAYS = (
    *(
        date.min,
        date.max,
        date(1899, 12, 31),
        date(1900, 2, 28),
        datetime.combine(date.min, time.min),
        datetime.combine(date.max, time.max),
    ),
    *(
        datetime.combine(date(2024, 2, 29), time.max),
        time.min,
        time.max,
        timedelta.min,
        timedelta.max,
    ),
)
TEXTS = st.one_of(
    st.sampled_from(ODD),
    st.text(max_size=12),
    st.text(st.characters(), max_size=5),  # lone surrogates too
    st.text(string.digits + "., '-+()/:%$€£eE", max_size=14),
)
CELLS = st.one_of(
    st.none(),
    TEXTS,
    st.floats(),
    st.sampled_from(FLOATS),
    st.booleans(),
    st.sampled_from(DAYS),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.sampled_from([CellError("#N/A"), CellError(""), UNCALCULATED]),
)
COLUMNS = st.one_of(
    st.lists(CELLS, min_size=1, max_size=30),
    st.lists(TEXTS, min_size=1, max_size=30),
    st.lists(st.sampled_from(DAYS), min_size=1, max_size=8),
)
TYPED = st.one_of(
    st.lists(st.floats(), min_size=1).map(lambda v: np.array(v, dtype=np.float64)),
    st.lists(st.booleans(), min_size=1).map(lambda v: np.array(v, dtype=bool)),
    st.lists(st.integers(-(2**62), 2**62), min_size=1).map(lambda v: np.array(v, "M8[us]")),
    st.lists(st.integers(-(10**8), 10**8), min_size=1).map(lambda v: np.array(v, "M8[D]")),
)


def outcome(converter, cells):
    """What comes out, or the sentence that stops; the issues with it."""
    table = raw({"Column": cells}, source="crm.csv" if len(cells) % 2 else "crm.xlsx")
    before = table.columns[0].copy()
    try:
        found = converter(table, 0)
    except InputError as stop:
        return "stopped", str(stop)
    assert table.columns[0].tobytes() == before.tobytes()
    assert len(found.values) == len(cells)
    assert found.readable <= found.filled <= len(cells)
    assert all(i.issue and i.action and i.cell for i in found.issues)
    return found.values.tolist(), found.issues


@pytest.mark.parametrize("name", CONVERTERS)
@settings(deadline=None, max_examples=80)
@given(cells=COLUMNS)
def test_any_cells_are_cleaned_or_stop_with_a_sentence_alike_each_time(name, cells):
    assert repr(outcome(CONVERTERS[name], cells)) == repr(outcome(CONVERTERS[name], cells))


@pytest.mark.slow
@pytest.mark.parametrize("name", CONVERTERS)
@settings(deadline=None, max_examples=500)
@given(cells=COLUMNS)
def test_very_many_cells_are_cleaned_or_stop_with_a_sentence(name, cells):
    outcome(CONVERTERS[name], cells)


@pytest.mark.parametrize("name", CONVERTERS)
@settings(deadline=None, max_examples=40)
@given(column=TYPED)
def test_typed_columns_are_cleaned_whatever_they_hold(name, column):
    table = raw({"Column": [None] * len(column)})
    object.__setattr__(table, "columns", (column,))
    try:
        found = CONVERTERS[name](table, 0)
    except InputError:
        return
    assert len(found.values) == len(column)


@pytest.mark.parametrize("name", CONVERTERS)
@pytest.mark.parametrize("value", [*ODD, *FLOATS, *DAYS], ids=lambda v: ascii(v)[:20])
def test_each_odd_value_alone_and_among_usual_ones(name, value):
    outcome(CONVERTERS[name], [value])
    outcome(CONVERTERS[name], [value, "2024-01-05", "12.5", "yes"] * 3)


@given(TEXTS)
def test_any_text_is_an_amount_or_none(text):
    found = amount(text)
    assert found is None or isinstance(repr(found), str)


@given(CELLS)
def test_whatever_a_cell_holds_can_be_shown_in_a_sentence(value):
    assert len(shown(value)) <= 60
