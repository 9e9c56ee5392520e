"""A LibreOffice for tests of VBA: watched, so that no macro hangs a run."""

from __future__ import annotations

import pytest

from tests.tools.office import need_office


@pytest.fixture
def office(calc_office):
    """The session's office, or a skip where it cannot be driven."""
    need_office()
    from tests.calc.bridge import need_bridge

    need_bridge()
    office = calc_office.fresh()
    timer = office.watch(120)
    yield office
    timer.cancel()
