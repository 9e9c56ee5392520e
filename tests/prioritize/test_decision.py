"""Focus, test or hold on a made-up company, through the same pipeline as a run."""

import pytest

from mapseg_xl.prioritize.gates import Known, gates_of, overall, reason
from mapseg_xl.prioritize.market import MarketLine, Typed, market_of
from mapseg_xl.prioritize.reasons import spoken, turn_sentence
from tests.prioritize.sample import company

LIMITS = {"units": 30.0, "headroom_used": 1.0, "payback_months": 12.0, "plan_growth": 0.5}
GOOD = MarketLine("A", 1000, 0.5, 0.2, None, 0.1, 2, 3, 1)


def known(line=GOOD, units=100.0, payback=5.0, note="", customers=50, never=False, leaves=False):
    market = market_of("a", line, Typed(), 100.0, customers, 0.5)
    return Known(units, "trials", payback, never, note, leaves, market)


def row(findings, name):
    return next(r for r in findings.priorities.rows if r.segment == name)


def why(findings, name):
    return dict(findings.priorities.reasons)[row(findings, name).segment_id]


def test_every_must_have_passed_is_passed():
    gates = gates_of(known(), LIMITS)
    assert overall(gates) == "passed"
    assert reason(gates) == (
        "100 trials; the plan uses 6% of its headroom; pays back in 5 months; roadmap fit 3 of 3"
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"units": 4}, "only 4 trials, at least 30 are needed"),
        ({"customers": 490}, "only 10 more accounts to win, the plan needs 245"),
        ({"customers": 500}, "no more account to win, the plan needs 250"),
        ({"payback": 27.0}, "pays back in 27 months, the limit is 12"),
        (
            {"payback": None, "note": "never within 13 months", "never": True},
            "has not paid back within 13 months, the limit is 12",
        ),
        (
            {"payback": None, "note": "never within 13 months", "never": True, "leaves": True},
            "customers leave before they have paid back what they cost: not within 13 months",
        ),
        ({"line": MarketLine("A", 1000, 0.5, roadmap_fit=0)}, "conflict with the roadmap: fit 0 of 3"),
    ],
)  # fmt: skip
def test_a_failed_must_have_says_the_number_that_failed(given, said):
    gates = gates_of(known(**given), LIMITS)
    assert overall(gates) == "failed"
    assert reason(gates) == said


@pytest.mark.parametrize(
    "given",
    [
        {"payback": None},
        {"payback": None, "note": "never within 5 months"},
        {"line": MarketLine("A", 1000, 0.5)},
        {"line": MarketLine("A", reachable=0.5, roadmap_fit=2)},
        {"line": MarketLine("A", accounts=500, roadmap_fit=2)},
        {"customers": 600},
    ],
)
def test_a_missing_answer_is_unknown_and_never_passed(given):
    gates = gates_of(known(**given), LIMITS)
    assert overall(gates) == "unknown"
    assert reason(gates).startswith("not known yet: ")


def test_more_customers_than_accounts_neither_passes_nor_fails():
    gates = gates_of(known(customers=600), LIMITS)
    assert "600 customers, 500 reachable accounts" in reason(gates)


@pytest.mark.parametrize("limit", LIMITS)
def test_a_limit_that_is_no_number_leaves_its_must_have_unknown(limit):
    gates = gates_of(known(), {**LIMITS, limit: None})
    assert overall(gates) == ("passed" if limit == "plan_growth" else "unknown")


def test_the_good_segment_is_focus_with_its_figures_in_words():
    found = company()
    best = row(found, "Bureaus")
    assert (best.recommendation, best.gate, best.rank, best.evidence) == (
        "focus",
        "passed",
        1,
        "strong",
    )
    assert best.p_rank1 > 0.9
    assert "for everyone else" in why(found, "Bureaus")
    assert "market: 4,500 reachable accounts" in why(found, "Bureaus")


def test_four_of_four_never_comes_first():
    few = row(company(), "Law firm")
    assert (few.gate, few.recommendation) == ("failed", "hold")
    assert few.gate_reason.startswith("only 4 trials, at least 30 are needed")
    assert (few.score, few.rank, few.p_rank1, few.p_top3) == (None, None, None, None)


def test_who_pays_much_and_leaves_before_paying_back_is_held_for_that_reason():
    trap = row(company(), "Enterprise")
    assert (trap.gate, trap.recommendation) == ("failed", "hold")
    said = why(company(), "Enterprise")
    assert said.startswith("Customers leave before they have paid back what they cost")
    assert "although it pays" in said


def test_too_small_a_market_is_a_must_have_that_failed():
    small = row(company(), "Coach")
    assert small.gate == "failed"
    assert small.gate_reason.startswith("only 6 more accounts to win, the plan needs 20")


def test_the_same_customers_copy_the_result_and_take_no_part_of_their_own():
    twin, first = row(company(), "Agency"), row(company(), "Bureaus")
    assert twin.twin_of == first.segment_id
    assert (twin.score, twin.rank, twin.p_rank1) == (first.score, first.rank, first.p_rank1)
    ranked = [r for r in company().priorities.rows if r.p_rank1 is not None and not r.twin_of]
    assert sum(r.p_rank1 for r in ranked) == pytest.approx(1)
    assert why(company(), "Agency") == "The very same customers as “Bureaus”."


def test_a_market_line_of_the_same_customers_speaks_for_both():
    found = company()
    market = next(
        m for m in found.priorities.markets if m.segment_id == row(found, "Bureaus").segment_id
    )
    assert market.line.accounts == 9000
    assert found.priorities.unmatched == ("Martians",)


def test_without_market_answers_nothing_is_more_than_a_test():
    found = company(market=())
    ranked = [r for r in found.priorities.rows if r.rank is not None]
    assert ranked
    assert {r.gate for r in ranked} == {"unknown"}
    assert {r.recommendation for r in found.priorities.rows} <= {"test", "hold"}
    best = row(found, "Bureaus")
    assert best.score_low < best.score < best.score_high
    assert "market answers for every candidate" in found.priorities.provisional


def test_at_most_so_many_are_focus():
    found = company()
    assert sum(r.recommendation == "focus" for r in found.priorities.rows if not r.twin_of) <= 3


def test_a_part_of_a_better_segment_is_no_second_focus():
    found = company(
        own=("Bureaus: industry = 'Agency'", "Northern: industry = 'Agency' and region = 'North'")
    )
    calls = {row(found, n).recommendation for n in ("Bureaus", "Northern")}
    assert calls <= {"focus", "test"}
    assert sum(row(found, n).recommendation == "focus" for n in ("Bureaus", "Northern")) <= 1


def test_typed_answers_win_over_the_sheet():
    key = row(company(), "Bureaus").segment_id
    found = company(typed=Typed(market={(key, "roadmap_fit"): 0.0}))
    assert row(found, "Bureaus").gate == "failed"
    assert "conflict with the roadmap" in row(found, "Bureaus").gate_reason


def test_typed_weights_and_limits_are_used():
    found = company(typed=Typed(weights={"value": 0.0, "cost": 0.0}, limits={"units": 100_000.0}))
    assert {r.gate for r in found.priorities.rows} == {"failed"}
    assert next(c.weight for c in found.priorities.criteria if c.id == "value") == 0


def test_no_weight_at_all_gives_no_score():
    none = dict.fromkeys(
        ("conversion", "value", "stickiness", "cost", "market", "winnability"), 0.0
    )
    found = company(typed=Typed(weights=none))
    assert {r.rank for r in found.priorities.rows} == {None}


def test_every_candidate_has_a_row():
    found = company()
    assert {r.segment_id for r in found.priorities.rows} == {c.segment_id for c in found.candidates}


def test_no_candidate_is_no_error():
    found = company(by=("region",), own=(), n=60)
    assert len(found.priorities.rows) == len(found.candidates)


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.314, "share", "31%"),
        (0.035, "share", "3.5%"),
        (0.0004, "share", "0.04%"),
        (14_200, "money", "$14.2k"),
        (3.5, "money", "$3.50"),
        (5.0, "months", "5 months"),
        (2.44, "ratio", "2.4×"),
    ],
)
def test_figures_are_spoken_with_their_unit(value, unit, said):
    assert spoken(value, unit, "$") == said


def test_what_turns_the_order_says_which_way():
    assert "less than 10% instead of 20%" in turn_sentence("market", 0.1, 0.2, "A")
    assert "less than 0.3% instead of 20.0%" in turn_sentence("market", 0.003, 0.2, "A")
    assert "more than 20.4% instead of 20.0%" in turn_sentence("market", 0.204, 0.2, "A")
