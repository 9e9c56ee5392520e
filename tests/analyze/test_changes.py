"""What of a change is more than chance, though most customers are in both runs; what became of the candidates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from scipy import stats

from mapseg_xl.analyze import changes
from mapseg_xl.analyze.baselines import Baseline, SegmentStood, Stood
from mapseg_xl.analyze.changes import CALLED, CAME, GONE, RECUT, RENAMED, Change, changes_between
from mapseg_xl.analyze.performance import ALL
from mapseg_xl.analyze.recount import Count, Recount
from mapseg_xl.metrics.catalog import metric
from mapseg_xl.settings import Settings
from mapseg_xl.stats.proportions import two_proportion_p, wilson

MARCH, JUNE = date(2025, 3, 31), date(2025, 6, 30)
SETTINGS = Settings()
WINDOW = {"window_days": 30.0, "horizon_months": 24.0, "currency": "$"}


def share(events: int, n: int) -> Stood:
    low, high = wilson(events, n)
    return Stood(events / n, n, events, low, high)


def segment(key: str, *, call: str = "test", customers: int = 50, **figures: Stood) -> SegmentStood:
    return SegmentStood(key, key.title(), f"x = '{key}'", call, "all", 500, customers, figures)


def run(fingerprint: str, as_of: date, *segments: SegmentStood, **more: Any) -> Baseline:
    whole = replace(segment(ALL, customers=400, **more.pop("whole", {})), name=ALL, call="")
    settings = more.pop("settings", WINDOW)
    return Baseline(fingerprint, as_of, settings, {"rows": 1}, (whole, *segments), **more)


def conversion_of(then: Stood, now: Stood, before: Count | None) -> Change:
    again = None if before is None else Recount(MARCH, 1, {("a", "conversion"): before})
    found = changes_between(
        run("1", MARCH, segment("a", conversion=then)),
        run("2", JUNE, segment("a", conversion=now)),
        ["a"],
        [metric("conversion")],
        SETTINGS,
        again,
    )
    change = found.of("a", "conversion")
    assert change is not None
    return change


def test_a_segment_whose_new_trials_convert_far_less_got_worse() -> None:
    change = conversion_of(share(240, 600), share(280, 800), Count(240, 600))
    assert change.verdict == "worse"
    assert change.since == Count(40, 200)
    assert change.p == pytest.approx(two_proportion_p(40, 200, 240, 600))


def test_the_same_fall_says_nothing_where_the_new_cannot_be_told_from_those_before() -> None:
    assert conversion_of(share(240, 600), share(280, 800), None).verdict == "chance"


def test_a_segment_whose_new_trials_convert_as_ever_did_not_get_worse() -> None:
    assert conversion_of(share(240, 600), share(316, 800), Count(240, 600)).verdict == "chance"


def test_a_fall_so_large_that_even_other_customers_would_show_it_is_clear_without_dates() -> None:
    assert conversion_of(share(300, 600), share(300, 900), None).verdict == "worse"


def test_a_handful_of_new_trials_tells_nothing_yet() -> None:
    change = conversion_of(share(240, 600), share(240, 612), Count(240, 600))
    assert (change.verdict, change.fewest) == ("cant_tell", SETTINGS.min_units)


def test_nobody_new_tells_nothing_yet() -> None:
    assert conversion_of(share(240, 600), share(240, 600), Count(240, 600)).verdict == "cant_tell"


def test_earlier_rows_that_say_something_else_now_are_told() -> None:
    assert not conversion_of(share(240, 600), share(316, 800), Count(240, 600)).is_edited
    assert conversion_of(share(240, 600), share(316, 800), Count(236, 600)).is_edited


def test_leaving_more_often_since_is_worse_and_needs_enough_who_left() -> None:
    leaving = metric("monthly_churn")

    def verdict(now: Stood, before: Count) -> str:
        found = changes_between(
            run("1", MARCH, whole={leaving.id: Stood(0.02, 4000.0, 80, 0.016, 0.025)}),
            run("2", JUNE, whole={leaving.id: now}),
            [],
            [leaving],
            SETTINGS,
            Recount(MARCH, 1, {(ALL, leaving.id): before}),
        ).of(ALL, leaving.id)
        assert found is not None
        return found.verdict

    before = Count(80, 4000)
    assert verdict(Stood(0.028, 5000.0, 140, 0.02, 0.04), before) == "worse"
    assert verdict(Stood(0.02, 5000.0, 101, 0.02, 0.04), before) == "chance"
    assert verdict(Stood(0.02, 4100.0, 90, 0.02, 0.04), before) == "cant_tell"


def test_figures_that_rest_on_another_setting_are_not_compared() -> None:
    then = run(
        "1",
        MARCH,
        segment("a", conversion=share(300, 600)),
        settings={**WINDOW, "window_days": 14.0},
    )
    now = run("2", JUNE, segment("a", conversion=share(200, 800)))
    found = changes_between(then, now, ["a"], [metric("conversion")], SETTINGS)
    change = found.of("a", "conversion")
    assert change is not None
    assert (change.verdict, change.other) == ("not_available", ("window_days",))
    assert found.settings == (("window_days", 14.0, 30.0),)


def test_a_figure_counted_on_half_of_the_customers_then_is_not_compared_with_one_of_all() -> None:
    half = replace(segment("a", conversion=share(300, 600)), basis="held_out")
    now = run("2", JUNE, segment("a", conversion=share(200, 800)))
    found = changes_between(run("1", MARCH, half), now, ["a"], [metric("conversion")], SETTINGS)
    assert found.figures[1].other == ("basis",)


def test_many_segments_are_allowed_for() -> None:
    alone = conversion_of(share(240, 600), share(302, 800), Count(240, 600))
    assert alone.verdict == "worse"
    keys = [f"s{n}" for n in range(12)]
    then = run("1", MARCH, *(segment(k, conversion=share(240, 600)) for k in keys))
    now = run(
        "2",
        JUNE,
        *(segment(k, conversion=share(240 + (62 if k == "s0" else 80), 800)) for k in keys),
    )
    again = Recount(MARCH, 1, {(k, "conversion"): Count(240, 600) for k in keys})
    found = changes_between(then, now, keys, [metric("conversion")], SETTINGS, again)
    assert {c.verdict for c in found.figures if c.segment_id in keys} == {"chance"}


def test_a_share_of_all_customers_is_compared_as_if_nobody_were_in_both() -> None:
    then, now = (
        run("1", MARCH, segment("a", customers=200)),
        run("2", JUNE, segment("a", customers=120)),
    )
    (part,) = changes_between(then, now, ["a"], [], SETTINGS).shares
    assert (part.then, part.now, part.verdict) == (Count(200, 400), Count(120, 400), "fewer")
    (part,) = changes_between(
        then, run("2", JUNE, segment("a", customers=190)), ["a"], [], SETTINGS
    ).shares
    assert part.verdict == "chance"


def test_what_became_of_the_candidates() -> None:
    then = run("1", MARCH, *(segment(k) for k in ("a", "b", "c", "d", "e")))
    now = run(
        "2",
        JUNE,
        segment("a"),
        replace(segment("b"), name="Other name"),
        replace(segment("c"), rule="y = 'c'"),
        segment("d", call="focus"),
        segment("f"),
        decided=("e",),
    )
    told = [
        (e.segment_id, e.kind, e.decided)
        for e in changes_between(then, now, [], [], SETTINGS).events
    ]
    assert told == [
        ("b", RENAMED, False),
        ("c", RECUT, False),
        ("d", CALLED, False),
        ("f", CAME, False),
        ("e", GONE, True),
    ]


def test_the_careful_comparison_is_that_of_two_independent_means_where_ranges_are_normal() -> None:
    then, now = (10.0, 1.0), (13.0, 1.2)
    limits = [(m, m - 1.959964 * se, m + 1.959964 * se) for m, se in (then, now)]
    z = (now[0] - then[0]) / np.hypot(then[1], now[1])
    assert changes.careful_p(*limits, 0.95) == pytest.approx(2 * stats.norm.sf(z), rel=1e-6)


def test_ranges_without_width_give_no_comparison() -> None:
    assert changes.careful_p((1.0, 1.0, 1.0), (2.0, 2.0, 2.0), 0.95) is None


@pytest.mark.parametrize("n_new", [150, 600, 3000])
def test_where_nothing_changed_few_runs_say_so_however_much_the_data_overlap(n_new: int) -> None:
    """800 pairs of runs over one truth: 600 trials, then those and `n_new` more. Chance level 5 %."""
    rng = np.random.default_rng(3)
    first, more = rng.binomial(600, 0.3, 800), rng.binomial(n_new, 0.3, 800)
    apart, careful = [], []
    for x, y in zip(first.tolist(), more.tolist(), strict=True):
        now = share(x + y, 600 + n_new)
        apart.append(conversion_of(share(x, 600), now, Count(x, 600)).is_clear)
        careful.append(conversion_of(share(x, 600), now, None).is_clear)
    assert 0.025 < np.mean(apart) < 0.075
    assert np.mean(careful) <= 0.05
