"""Who found a segment never judges it: dealing the finding half other outcomes moves nothing that is said of it."""

import csv

import numpy as np
import pytest

from mapseg_xl.measure.own_segments import Remembered
from mapseg_xl.measure.parsing import parse_rule
from mapseg_xl.measure.rules import rule_key
from mapseg_xl.pipeline import find
from mapseg_xl.request import Request
from mapseg_xl.settings import Settings

AS_OF = np.datetime64("2025-06-30")
OUTCOMES = ("trial_start", "converted_on", "churned_on", "revenue_monthly", "acquisition_cost")
SETTINGS = Settings(
    as_of=AS_OF.item(), window_days=30, gross_margin=0.7, horizon_months=12, rmst_months=12.0,
    bootstrap_draws=200, reruns=200,
)  # fmt: skip


def leads(n=1600):
    r = np.random.default_rng(1)
    columns = {
        "customer_id": np.array([f"C{at:05d}" for at in range(n)]),
        "industry": r.choice(["Agency", "Retail", "Health"], n),
        "country": r.choice(["NL", "DE"], n),
        "channel": r.choice(["Ads", "Referral"], n),
        "owner": r.choice(["Ann", "Bob"], n),
    }
    good = (columns["industry"] == "Agency") & (columns["country"] == "NL")
    start = np.datetime64("2022-01-01") + r.integers(0, 1000, n).astype("m8[D]")
    won = r.random(n) < np.where(good, 0.5, 0.2)
    since = start + r.integers(1, 30, n).astype("m8[D]")
    left = since + r.exponential(np.where(good, 1500, 600)).astype("m8[D]")
    price = np.round(r.gamma(4, np.where(good, 30, 15)), 2)
    columns["trial_start"] = start.astype(str)
    columns["converted_on"] = np.where(won, since.astype(str), "")
    columns["churned_on"] = np.where(won & (left <= AS_OF), left.astype(str), "")
    columns["revenue_monthly"] = np.where(won, price.astype(str), "")
    columns["acquisition_cost"] = np.round(r.uniform(20, 160, n), 2).astype(str)
    return columns


def run(columns, path, **adopted):
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([columns, *zip(*columns.values(), strict=True)])
    return find(Request((path,), SETTINGS, **adopted))


@pytest.fixture(scope="module")
def three_runs(tmp_path_factory):
    """A run that proposes; one that adopted the proposal; that again with the finding half's outcomes dealt anew."""
    folder = tmp_path_factory.mktemp("halves")
    columns = leads()
    first = run(columns, folder / "leads.csv")
    found = first.proposals.found[0]
    adopted = {
        "segments": (f"Ours: {found.rule}",),
        "remembered": Remembered(ids={rule_key(parse_rule(found.rule)): found.segment_id}),
    }
    second = run(columns, folder / "leads.csv", **adopted)
    finding = np.flatnonzero(~first.proposals.held_out)
    dealt = np.random.default_rng(2).permutation(finding)
    for name in OUTCOMES:
        columns[name] = columns[name].copy()
        columns[name][finding] = columns[name][dealt]
    return found, first, second, run(columns, folder / "leads.csv", **adopted)


def said_of(findings, key):
    """All that rests on the outcomes of one segment and of everyone else."""
    own = [row for row in findings.performance if row.segment_id == key]
    cells = (*findings.cohorts.retention, *findings.cohorts.value)
    return {
        "performance": [
            (r.metric, r.n, r.value, r.ci_low, r.ci_high, r.cautious, r.rest_value, r.diff_low,
             r.diff_high, r.index, r.p_value, r.q_value, r.verdict, r.note) for r in own
        ],
        "survival": [p for p in findings.survival if p.segment_id == key],
        "hypothesis": [h for h in findings.hypotheses if h.segment_id == key],
        "cohorts": [c for c in cells if c.segment_id == key],
        "objections": [a for a in findings.objections.answers if a.segment_id == key],
        "figures": findings.priorities.figures[key],
        "gates": findings.priorities.gates[key],
        "priority": [r for r in findings.priorities.rows if r.segment_id == key],
        "rates": [
            (p.metric, p.rate, p.rest_rate) for p in findings.what_if.parts if p.segment_id == key
        ],
    }  # fmt: skip


@pytest.mark.parametrize(
    "what",
    ["performance", "survival", "hypothesis", "cohorts", "objections", "figures", "gates", "priority", "rates"],
)  # fmt: skip
def test_the_finding_half_says_nothing_of_a_segment_that_was_taken_over(three_runs, what):
    found, _, before, after = three_runs
    one, other = (said_of(run, found.segment_id)[what] for run in (before, after))
    assert one
    assert one == other


def test_an_adopted_proposal_is_judged_as_it_was_as_a_proposal(three_runs):
    found, first, adopted, _ = three_runs
    for said in ("cohorts", "figures", "rates"):
        one, other = (said_of(run, found.segment_id)[said] for run in (first, adopted))
        if said == "cohorts":
            one, other = ([(c.cohort, c.age, c.at_risk, c.value) for c in x] for x in (one, other))
        assert one == other
    assert {r.basis for r in adopted.performance if r.segment_id == found.segment_id} == {
        "held_out"
    }


@pytest.mark.parametrize(
    "worded",
    [
        "country in ('nl', NL) and industry = agency and Country = NL",  # the same, in other words
        "industry = Agency and country = NL and owner in (Ann, Bob)",  # everybody of it has an owner
    ],
)
def test_other_words_for_a_proposal_do_not_bring_back_who_found_it(three_runs, tmp_path, worded):
    found, first, _, _ = three_runs
    remembered = Remembered(ids={rule_key(parse_rule(found.rule)): found.segment_id})
    again = run(
        leads(), tmp_path / "leads.csv", segments=(f"Ours: {worded}",), remembered=remembered
    )
    (ours,) = [r for r in again.hypotheses if r.segment == "Ours"]
    (theirs,) = [r for r in first.hypotheses if r.segment_id == found.segment_id]
    assert (ours.basis, ours.n_held_out) == ("held_out", theirs.n_held_out)
    assert (ours.value, ours.rest_value) == (theirs.value, theirs.rest_value)


def test_the_shuffle_does_move_what_rests_on_everybody(three_runs):
    _, _, before, after = three_runs
    assert [r.value for r in before.performance if r.segment == "Agency"] != [
        r.value for r in after.performance if r.segment == "Agency"
    ]
