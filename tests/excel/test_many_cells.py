"""Hundreds of cells over one column: it is read and counted once. Counted in calls, not in seconds."""

import gc
import weakref

import pytest

from mapseg_xl.excel.answering import bases
from mapseg_xl.excel.answering.remembered import Remembered
from mapseg_xl.excel.arguments import columns
from mapseg_xl.excel.functions import seg_conversion
from tests.excel.arguments.columns_of import column


@pytest.fixture
def work(monkeypatch):
    """How often columns are read and rows are dealt into groups."""
    done = []
    for module, name in ((columns, "_columns"), (bases, "tally_groups")):
        real = getattr(module, name)
        monkeypatch.setattr(
            module, name, lambda *a, real=real, name=name: (done.append(name), real(*a))[1]
        )
    return done


def test_two_hundred_cells_read_and_count_once(work):
    segment, flag = (
        column(f"s{i % 200}" for i in range(2000)),
        column(i % 7 == 0 for i in range(2000)),
    )
    for i in range(200):
        seg_conversion(segment, flag, f"S{i}")
    seg_conversion(segment, flag)
    assert sorted(work) == ["_columns", "tally_groups"]


def test_another_question_of_the_same_columns_reads_them_once_more_at_most(work):
    segment, flag = column("AABB" * 5), column([1, 0] * 10)
    started = column(["2025-01-05", "2025-02-07"] * 10)
    for days in (7, 14, 30):
        seg_conversion(segment, flag, "A", started, days, "2025-06-30")
    assert work.count("_columns") == 1


def test_columns_made_anew_at_the_same_place_in_memory_give_new_numbers():
    for share in (1, 2, 4, 5) * 5:
        segment, flag = column("A" * 20), column([int(i % share == 0) for i in range(20)])
        assert seg_conversion(segment, flag, "A") == -(-20 // share) / 20
        del segment, flag
        gc.collect()


def test_columns_are_held_on_to_so_that_no_other_can_take_their_place():
    class Column(list):
        """A list that can be watched."""

    given = Column([[1], [2]])
    watched = weakref.ref(given)
    kept = Remembered(2)
    kept.get((given,), None, lambda: 1)
    del given
    gc.collect()
    assert watched() is not None
    kept.clear()
    assert watched() is None


def test_what_is_remembered_is_bounded_and_the_oldest_goes():
    kept = Remembered(2)
    made = []
    held = [[[i]] for i in range(3)]
    for given in (*held, held[2], held[0]):
        kept.get((given,), None, lambda given=given: made.append(given))
    assert made == [held[0], held[1], held[2], held[0]]
