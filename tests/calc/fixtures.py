"""Fixtures: a LibreOffice for the session, xlwings' App over it for a test, an empty workbook. Never a hanging run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.tools.office import need_office

_DOCUMENTS = 150  # LibreOffice grows with every document it has seen
_TEST_SECONDS = 240.0


class Holder:
    """Starts the office when first asked, and again when it died or has seen many documents."""

    def __init__(self) -> None:
        self.office: Any = None

    def fresh(self) -> Any:
        """An office that runs."""
        from tests.calc.office import Office

        if self.office is not None and (
            not self.office.alive() or self.office.documents >= _DOCUMENTS
        ):
            self.close()
        if self.office is None:
            self.office = Office()
        return self.office

    def close(self) -> None:
        """Ends it."""
        if self.office is not None:
            self.office.close()
        self.office = None


@pytest.fixture(scope="session")
def calc_office() -> Iterator[Holder]:
    """The office of the session, not yet started."""
    holder = Holder()
    yield holder
    holder.close()


class Session:
    """Gives xlwings' App over the office of the session, one after another."""

    def __init__(self, holder: Holder) -> None:
        self._holder = holder

    @contextmanager
    def app(self, seconds: float = _TEST_SECONDS) -> Iterator[Any]:
        """xlwings' App, without a workbook; what is opened is closed after, an office that fails is ended."""
        import xlwings as xw

        from tests.calc.engine import App, engine_of
        from tests.calc.watching import no_misspelt_properties

        office = self._holder.fresh()
        timer = office.watch(seconds)
        engine = engine_of()
        impl = App(engine.impl, office.pipe, office.pid)
        try:
            with no_misspelt_properties():
                yield xw.App(impl=impl)
            office.documents += len(impl.documents)
            for document in list(impl.documents):
                document.doc.close(True)
        except BaseException:
            self._holder.close()
            raise
        finally:
            timer.cancel()
            engine.impl.apps.running.remove(impl)


@pytest.fixture(scope="session")
def calc_session(calc_office: Holder) -> Session:
    """For workbooks that several tests of a module share."""
    need_office()
    from tests.calc.bridge import need_bridge

    need_bridge()
    return Session(calc_office)


@pytest.fixture
def calc_app(calc_session: Session) -> Iterator[Any]:
    """xlwings' App over LibreOffice Calc, without a workbook; what the test opens is closed."""
    with calc_session.app() as app:
        yield app


@pytest.fixture
def calc_book(calc_app: Any) -> Any:
    """A new workbook with one sheet, in xlwings' hands."""
    return calc_app.books.add()
