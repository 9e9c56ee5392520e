"""Evidence: a candidate that is looked at on five figures is not proven by one that would stand alone."""

import pytest

from mapseg_xl.prioritize.subjects import evidence
from tests.prioritize.worlds import SETTINGS, row

LEADING = ("conversion", "arpu", "monthly_churn", "ltv")


def told(units=200.0, **q):
    """Evidence of a candidate; `q` of the figures that are told apart, the others are not."""
    lines = {
        ("a", m): row(m, 0.4, verdict="better" if m in q else "cant_tell", q_value=q.get(m, 0.6))
        for m in LEADING
    }
    return evidence(lines, "a", LEADING, units, SETTINGS)


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ({}, "thin"),
        ({"arpu": 0.03}, "thin"),  # one of four at 5% comes up in every fifth world of equals
        ({"arpu": 0.0125}, "fair"),
        ({"arpu": 0.03, "ltv": 0.04}, "thin"),
        ({"arpu": 0.001, "ltv": 0.04}, "strong"),
    ],
)
def test_evidence_allows_for_all_leading_figures(q, expected):
    assert told(**q) == expected


def test_few_units_are_thin_evidence_whatever_they_did():
    assert told(units=4, conversion=1e-9) == "thin"


def test_under_a_hundred_units_no_evidence_is_strong():
    assert told(units=99, conversion=1e-9, arpu=1e-9) == "fair"
