"""What is out of date is told against the data's own day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from mapseg_xl.rollout.ages import HOLDS, NOT_JUDGED, REVERSED, UNCLEAR, months_between, standing


@dataclass(frozen=True)
class Row:
    verdict: str


@pytest.mark.parametrize(
    ("verdicts", "state"),
    [
        ({"conversion": "better", "arpu": "cant_tell"}, HOLDS),
        ({"conversion": "cant_tell", "arpu": "about_same"}, UNCLEAR),
        ({"conversion": "worse", "arpu": "cant_tell"}, REVERSED),
        ({"conversion": "not_available"}, NOT_JUDGED),
        ({}, NOT_JUDGED),
    ],
)
def test_a_decided_segment_holds_is_unclear_or_has_turned(
    verdicts: dict[str, str], state: str
) -> None:
    rows = {name: Row(verdict) for name, verdict in verdicts.items()}
    found = standing("s", rows.get, ("conversion", "arpu"))  # type: ignore[arg-type]
    assert found.state == state


def test_months_are_whole_calendar_months() -> None:
    assert months_between(date(2025, 3, 31), date(2026, 3, 31)) == 12
    assert months_between(date(2025, 3, 31), date(2026, 3, 30)) == 11
    assert months_between(date(2025, 3, 31), date(2025, 3, 31)) == 0
