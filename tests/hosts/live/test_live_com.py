"""The live host through xlwings' own Windows code, over an Excel that is none: which calls are made, how many, how."""

import atexit

import pytest

from mapseg_xl.errors import InputError
from mapseg_xl.hosts.live import host as live
from mapseg_xl.report.identity import keep
from mapseg_xl.report.plan import lay_out
from tests.hosts.live import com_excel
from tests.report.sample import sample
from tests.report.small_report import BIG, SMALL, TOTAL, report

BUSY = -2147418111  # RPC_E_CALL_REJECTED


@pytest.fixture(scope="module")
def engine():
    with com_excel.windows() as module:
        yield module


@pytest.fixture
def opened(engine):
    with com_excel.book_in(engine) as found:
        yield found


def test_every_call_is_one_of_excels_and_every_finish_is_done(opened):
    book, _ = opened
    plan = lay_out(sample())
    written = live.write(plan, book)
    assert written.unfinished == ()
    assert [s.name for s in book.sheets] == ["Sheet1", *(s.name for s in plan.sheets)]
    assert book.sheets["_mapseg"].visible == 2  # very hidden


def test_a_second_run_of_the_same_reads_and_draws_nothing(opened):
    book, trips = opened
    made = report(BIG, SMALL, TOTAL)
    live.write(lay_out(keep(made, None)), book)
    first = trips.total()
    trips.clear()
    found = live.previous_of(book)
    assert found.edits == {}
    again = live.write(lay_out(keep(made, found)), book)
    assert again.sheets == ()
    assert trips["set"] < 20
    assert trips.total() < first / 3


def test_what_kills_excel_when_python_ends_is_taken_away(engine, opened, monkeypatch):
    taken = []
    monkeypatch.setattr(atexit, "unregister", taken.append)
    live.previous_of(opened[0])
    assert taken == [engine.cleanup]


def test_waiting_for_a_busy_excel_ends_and_is_said_in_a_sentence(engine, opened, monkeypatch):
    book, _ = opened
    seen = []

    def busy(*_):
        seen.append(engine.N_COM_ATTEMPTS)
        error = com_excel.ComError("busy")
        error.hresult = BUSY
        raise error

    monkeypatch.setattr(com_excel.Worksheet, "do_Range", busy)
    monkeypatch.setattr(live, "_PATIENCE", 3)
    with pytest.raises(InputError, match="Excel is busy"):
        live.write(lay_out(report(BIG, SMALL, TOTAL)), book)
    assert set(seen) == {3}
    assert engine.N_COM_ATTEMPTS == 0
