from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from mapseg_xl.report.memory import CHUNK, from_rows, runs, to_rows
from mapseg_xl.report.plan import lay_out
from mapseg_xl.report.verbs import Rect
from tests.report.sample import sample

_EMPTY = replace(lay_out(sample()), inputs=(), orders={}, written={})


def test_what_is_remembered_comes_back_whole():
    report = sample()
    plan = lay_out(report)
    back = from_rows(to_rows(plan, report.memory))
    assert back.memory == report.memory
    assert [entry.key for entry in back.inputs] == [entry.key for entry in plan.inputs]
    assert back.inputs[0].address == plan.inputs[0].place.address
    assert back.orders == plan.orders
    assert back.written == plan.written


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=9).map(lambda t: t.strip() or "k"), st.text(max_size=40)
    )
)
def test_any_text_survives(memory):
    assert from_rows(to_rows(_EMPTY, memory)).memory == memory


def test_no_row_is_longer_than_a_cell_holds():
    rows = to_rows(_EMPTY, {"a": "x" * 100_000, "b": "😀" * 50_000})
    assert max(len(value.encode("utf-16-le")) // 2 for _, value in rows) <= CHUNK + 1
    assert from_rows(rows).memory == {"a": "x" * 100_000, "b": "😀" * 50_000}


def test_rows_of_a_later_version_are_left_alone():
    assert from_rows(
        [("key", "value"), ("weather", "'fine"), (None, None), ("memory a", "'b")]
    ).memory == {"a": "b"}


@given(st.sets(st.tuples(st.integers(0, 12), st.integers(0, 12))))
def test_runs_cover_exactly_the_cells_once(cells):
    covered = [
        (row, column)
        for rect in runs(cells)
        for row in range(rect.top, rect.bottom + 1)
        for column in range(rect.left, rect.right + 1)
    ]
    assert sorted(covered) == sorted(cells)


def test_a_full_rectangle_is_one_run():
    assert runs({(r, c) for r in range(3) for c in range(4)}) == (Rect(0, 0, 2, 3),)
