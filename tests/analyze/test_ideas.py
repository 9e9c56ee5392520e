"""What a search finds beside decided segments is called an idea, with what it shares with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import numpy as np

from mapseg_xl.analyze.baselines import Baseline, SegmentStood
from mapseg_xl.analyze.ideas import ideas, marked, told
from mapseg_xl.measure.segments import HYPOTHESES, MY_SEGMENTS
from mapseg_xl.prioritize.decision import Priorities


@dataclass(frozen=True)
class Held:
    segmentation: str
    segment_id: str
    name: str
    member: np.ndarray

    @property
    def n(self) -> int:
        return int(self.member.sum())


def held(segmentation: str, key: str, first: int, last: int) -> Any:
    member = np.zeros(100, dtype=bool)
    member[first:last] = True
    return Held(segmentation, key, key.title(), member)


AGENCIES = held(MY_SEGMENTS, "agencies", 0, 40)
INSIDE, APART = held(HYPOTHESES, "inside", 10, 30), held(HYPOTHESES, "apart", 50, 90)
EARLIER = Baseline(
    "a", date(2026, 5, 31), {}, {}, (SegmentStood("apart", "Apart", "", "", "all", 1, 1, {}),)
)


def test_without_a_decision_nothing_is_called_an_idea() -> None:
    assert ideas([AGENCIES, INSIDE], (), EARLIER) == {}


def test_a_new_one_says_since_when_and_what_it_shares_with_the_decided_one() -> None:
    assert ideas([AGENCIES, INSIDE, APART], ("agencies",), EARLIER) == {
        "inside": "a new idea since 31 May 2026, not decided; 100% of it is in 'Agencies', which is decided",
        "apart": "an idea, not decided",
    }


def test_a_decided_proposal_is_no_idea() -> None:
    assert ideas([INSIDE], ("inside",), None) == {}


def test_the_reasons_of_priorities_say_it_too_and_keep_their_own_words() -> None:
    made = told(
        Priorities(reasons=(("x", "Ranks first."), ("y", "Ranks second."))), {"x": "an idea"}
    )
    assert made.reasons == (("x", "An idea. Ranks first."), ("y", "Ranks second."))
    assert marked(cast("Any", ()), {}) == ()
