"""Earlier runs in the workbook's memory come back as they were, and hold no customer."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from mapseg_xl.analyze.baselines import Baselines
from mapseg_xl.analyze.stock_taking import baseline_of
from mapseg_xl.report.identity import Previous
from mapseg_xl.report.past import BASELINES, past_memory, past_of
from tests.report.tabs.sample import trial_rows, trials


def test_a_run_comes_back_as_it_was_down_to_twelve_digits() -> None:
    findings = trials()
    past = past_of(Previous(past_memory(findings)), ["s1"])
    now, last = baseline_of(findings), past.last
    assert last is not None
    assert replace(last, segments=()) == replace(now, segments=())
    for told, known in zip(last.segments, now.segments, strict=True):
        assert replace(told, figures={}) == replace(known, figures={})
        assert told.figures.keys() == known.figures.keys()
        for name, stood in known.figures.items():
            assert told.figures[name].value == pytest.approx(stood.value, rel=1e-11)
    assert (past.compared, past.decision, past.decided) == (None, None, ("s1",))


def test_what_is_written_down_holds_no_customer_and_stays_small() -> None:
    text = past_memory(trials())[BASELINES]
    assert len(text) < 60_000
    paid = {p for row in trial_rows(1500) if len((p := str(row["mrr"])).partition(".")[2]) == 2}
    assert len(paid) > 300
    assert not paid & set(re.findall(r"\d+\.\d+", text))


def test_nothing_or_another_form_is_read_as_no_earlier_run() -> None:
    assert past_of(None) == Baselines()
    assert past_of(Previous({})) == Baselines()
    assert past_of(Previous({BASELINES: json.dumps({"form": 99, "runs": "?"})})) == Baselines()


def test_figures_of_very_many_candidates_are_not_kept_but_the_candidates_are() -> None:
    findings = trials()
    many = tuple(findings.candidates) * 10
    past = past_of(Previous(past_memory(replace(findings, candidates=many))))
    assert past.last is not None
    assert len(past.last.segments) == 1 + len(many)
    assert [bool(s.figures) for s in past.last.segments].count(True) == 41
