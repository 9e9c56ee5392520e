"""Every published number the estimators must reproduce, to half of its last printed digit."""

import csv
import importlib
import json
import math
from pathlib import Path

import pytest

from mapseg_xl.stats.survival import kaplan_meier

TABLE = (Path(__file__).parent / "published.csv").read_text(encoding="utf-8")
CASES = list(csv.DictReader(TABLE.splitlines()))

PARTS = {
    "": lambda got: got,
    "sqrt": math.sqrt,
    "times 50": lambda got: 50 * got,
    "rejected at .05": lambda got: sum(q <= 0.05 for q in got),
    "rejected at .10": lambda got: sum(q <= 0.10 for q in got),
}


def named_arms(inputs, arms):
    """The inputs with each name of a group replaced by its curve or its durations."""
    ready = dict(inputs)
    if "curve" in ready:
        ready["curve"] = kaplan_meier(*arms[ready["curve"]])
    for role in {"first", "second"} & set(ready):
        ready[role] = arms[ready[role]]
    return ready


def part_of(got, part):
    return PARTS[part](got) if part in PARTS else getattr(got, part)


@pytest.mark.parametrize(
    "case", CASES, ids=[f"{case['id']}-{case['function']}-{n}" for n, case in enumerate(CASES)]
)
def test_matches_the_published_number(case, arms):
    module, function = case["function"].split(".")
    compute = getattr(importlib.import_module(f"mapseg_xl.stats.{module}"), function)
    got = part_of(compute(**named_arms(json.loads(case["inputs"]), arms)), case["part"])
    expected, tolerance = json.loads(case["expected"]), float(case["tolerance"])
    if not isinstance(expected, list):
        expected, got = [expected], [got]
    assert len(got) == len(expected)
    for one, other in zip(got, expected, strict=True):
        assert (one is None) == (other is None)
        assert other is None or one == pytest.approx(other, abs=tolerance, rel=0)


def test_no_published_example_has_been_lost():
    assert {case["id"] for case in CASES} == {f"T{n}" for n in [*range(14, 24), 25, 26, 36]}
