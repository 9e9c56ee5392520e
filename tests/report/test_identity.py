from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapseg_xl.report.identity import Previous, Stray, keep, segment_memory
from mapseg_xl.report.plan import lay_out
from mapseg_xl.report.spec import Cell, Input, Row, Table
from tests.report.small_report import BIG, SMALL, TINY, TOTAL, report

MARGIN = ("Definitions", "settings", "margin", "value")
BIG_NOTE = ("Volume", "segments", "big-1", "note")


def table(of, block):
    return next(
        part for tab in of.tabs for section in tab.sections for part in section.parts
        if isinstance(part, Table) and part.id == block
    )  # fmt: skip


def content(of, key):
    held = next(r for r in table(of, key[1]).rows if r.key == key[2]).cells[key[3]]
    return held.content if isinstance(held, Cell) else held


def inputs(of):
    return {
        (tab.name, part.id, row.key, column): content(of, ("", part.id, row.key, column)).value
        for tab in of.tabs for section in tab.sections for part in section.parts if isinstance(part, Table)
        for row in part.rows for column in row.cells
        if isinstance(content(of, ("", part.id, row.key, column)), Input)
    }  # fmt: skip


def after(of, typed=None, strays=()):
    """What is found in the workbook of a report once people have typed in it."""
    orders = {
        (t.name, p.id): tuple(r.key for r in p.rows)
        for t in of.tabs
        for s in t.sections
        for p in s.parts
    }
    return Previous(dict(of.memory), {**inputs(of), **(typed or {})}, orders, tuple(strays))


def keys(of, block="segments"):
    return [r.key for r in table(of, block).rows]


def unplaced(of):
    try:
        rows = table(of, "unplaced").rows
    except StopIteration:
        return []
    return [(r.cells["what"], r.cells["where"], r.cells["text"].value) for r in rows]


def test_what_was_typed_stays():
    first = keep(report(BIG, SMALL), None)
    second = keep(report(SMALL, BIG), after(first, {MARGIN: 0.4, BIG_NOTE: "call them"}))
    assert content(second, MARGIN).value == 0.4
    assert content(second, BIG_NOTE).value == "call them"
    assert unplaced(second) == []


def test_what_was_typed_stays_over_many_runs():
    book = keep(report(BIG), None)
    book = keep(report(BIG), after(book, {MARGIN: 0.4}))
    for _ in range(3):
        book = keep(report(BIG), after(book))
    assert content(book, MARGIN).value == 0.4


def test_a_cell_that_nobody_touched_follows_a_new_default():
    first = keep(report(BIG, margin=0.25), None)
    assert content(keep(report(BIG, margin=0.3), after(first)), MARGIN).value == 0.3


def test_a_cleared_cell_stays_clear():
    first = keep(report(BIG), None)
    assert content(keep(report(BIG), after(first, {MARGIN: None})), MARGIN).value is None


def test_known_rows_keep_their_place_new_ones_follow_and_totals_stay_last():
    first = keep(report(BIG, SMALL, TOTAL), None)
    second = keep(report(TINY, SMALL, BIG, TOTAL), after(first))
    assert keys(second) == ["big-1", "small-2", "tiny-3", "ALL"]


def test_a_table_without_keys_is_ordered_anew():
    first = keep(report(BIG, SMALL, keyed=False), None)
    assert keys(keep(report(SMALL, BIG, keyed=False), after(first))) == ["small-2", "big-1"]


def test_a_vanished_row_stays_greyed_with_its_name_and_words():
    memory = segment_memory({("size", "Big"): "big-1", ("size", "Small"): "small-2"}, None)
    first = keep(report(BIG, SMALL, memory=memory), None)
    second = keep(report(SMALL), after(first, {BIG_NOTE: "call them"}))
    gone = table(second, "segments").rows[0]
    assert (gone.key, gone.look, gone.cells["segment"], gone.cells["n"]) == (
        "big-1",
        "gone",
        "Big",
        None,
    )
    assert gone.cells["note"].value == "call them"
    lay_out(second)


def test_a_vanished_row_without_words_stays_so_that_rows_below_do_not_move():
    second = keep(report(SMALL), after(keep(report(BIG, SMALL), None)))
    assert keys(second) == ["big-1", "small-2"]
    third = keep(report(BIG, SMALL), after(second))
    assert [r.look for r in table(third, "segments").rows] == ["body", "body"]


def test_second_lines_stay_below_their_row_and_go_with_it():
    line = Row("big-1.why", {"segment": "since 2020"}, "sub")
    first = keep(report(BIG, line, SMALL), None)
    assert keys(keep(report(SMALL, BIG, line), after(first))) == ["big-1", "big-1.why", "small-2"]
    assert keys(keep(report(SMALL), after(first))) == ["big-1", "small-2"]
    without = keep(report(BIG, SMALL), None)
    assert keys(keep(report(BIG, line, SMALL), after(without))) == ["big-1", "big-1.why", "small-2"]


def test_words_whose_cell_is_gone_are_listed():
    first = keep(report(BIG, keyed=False), None)
    second = keep(report(SMALL, keyed=False), after(first, {BIG_NOTE: "call them"}))
    assert unplaced(second) == [("Input", "Volume · big-1 · note", "call them")]
    assert second.tabs[-1].sections[-1].title == "Unplaced inputs"


def test_listed_words_stay_listed_until_their_cell_comes_back():
    book = keep(report(BIG, keyed=False), None)
    book = keep(report(SMALL, keyed=False), after(book, {BIG_NOTE: "call them"}))
    listed = unplaced(book)
    book = keep(report(SMALL, keyed=False), after(book))
    assert unplaced(book) == listed
    book = keep(report(BIG, keyed=False), after(book))
    assert unplaced(book) == []
    assert content(book, BIG_NOTE).value == "call them"


def test_words_beside_our_cells_are_listed_until_cleared():
    stray = Stray("Volume!N5", "Cell", "ask Bob")
    book = keep(report(BIG), after(keep(report(BIG), None), strays=[stray]))
    assert unplaced(book) == [("Cell", "Volume!N5", "ask Bob")]
    book = keep(report(BIG), after(book))
    assert unplaced(book) == [("Cell", "Volume!N5", "ask Bob")]
    (key,) = (k for k in inputs(book) if k[1] == "unplaced")
    assert unplaced(keep(report(BIG), after(book, {key: None}))) == []


@pytest.mark.parametrize("typed", ["about a third", 7, True])
def test_what_cannot_be_used_is_kept_and_flagged(typed):
    second = keep(report(BIG), after(keep(report(BIG), None), {MARGIN: typed}))
    held = table(second, "settings").rows[0].cells["value"]
    assert (held.content.value, held.look) == (typed, "worse")
    assert held.content.message.startswith(f"'{typed}' cannot be used here.")
    assert after(second).value(MARGIN, 0.25, "share") == (7 if typed == 7 else 0.25)


@pytest.mark.parametrize(("typed", "value"), [("40%", 0.4), (" 0.4 ", 0.4), (1, 1)])
def test_numbers_typed_as_text_are_read(typed, value):
    second = keep(report(BIG), after(keep(report(BIG), None), {MARGIN: typed}))
    assert content(second, MARGIN).value == value


def test_ids_of_segments_that_are_gone_stay_known():
    first = Previous(segment_memory({("size", "Big"): "b"}, None))
    second = Previous(segment_memory({("size", "Small"): "s"}, first))
    assert second.ids == {("size", "Big"): "b", ("size", "Small"): "s"}


def test_a_first_run_changes_nothing_on_the_page():
    fresh = report(BIG, SMALL, TOTAL)
    assert replace(keep(fresh, None), memory={}) == fresh


ROWS = st.lists(st.sampled_from([BIG, SMALL, TINY]), unique_by=lambda r: r.key)


@given(
    ROWS,
    ROWS,
    st.dictionaries(st.sampled_from(["big-1", "small-2", "tiny-3"]), st.text(min_size=1)),
    st.booleans(),
)
def test_no_typed_word_is_ever_lost(before, now, words, keyed):
    first = keep(report(*before, keyed=keyed), None)
    typed = {("Volume", "segments", r.key, "note"): words[r.key] for r in before if r.key in words}
    second = keep(report(*now, keyed=keyed), after(first, typed))
    assert set(typed.values()) <= {value for value in inputs(second).values() if value}
    third = keep(report(*before, keyed=keyed), after(second))
    assert {key: inputs(third)[key] for key in typed} == typed
