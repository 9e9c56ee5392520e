"""The search as a whole: what was planted is found, where nothing was, hardly anything is."""

import dataclasses

import numpy as np
import pytest

from mapseg_xl.errors import InputError
from mapseg_xl.measure.discovery import judging_half, propose
from mapseg_xl.measure.membership import evaluate
from mapseg_xl.measure.parsing import parse_rule
from mapseg_xl.measure.rules import rule_key
from mapseg_xl.measure.targets import find_target
from mapseg_xl.settings import Settings
from mapseg_xl.tally.rows import bind
from tests.measure.worlds import (
    base_of,
    converted,
    dice,
    numbers_of,
    proposed,
    rules,
    values_of,
)

SIDES = (5, 4, 3, 6, 4, 2, 7, 3)


def noise(seed, n):
    """Columns a to h that say nothing, and their codes."""
    codes = dice(seed, n, SIDES)
    return [values_of(name, column) for name, column in zip("abcdefgh", codes, strict=True)], codes


def planted(seed, n=6000):
    """b = b1 converts well alone, a = a0 with d = d2 only together."""
    traits, codes = noise(seed, n)
    rate = np.full(n, 0.12)
    rate[codes[1] == 1] = 0.28
    rate[(codes[0] == 0) & (codes[3] == 2)] = 0.48
    return base_of(traits, seed, converted=converted(seed, rate))


def test_segments_of_one_and_two_conditions_are_found_and_no_shorter_or_longer_ones():
    found = [set(rules(proposed(planted(seed)))) for seed in range(10)]
    assert sum({"b = b1", "a = a0 and d = d2"} == rules for rules in found) >= 9


def test_a_range_of_numbers_is_found_by_its_edges():
    random = np.random.default_rng(3)
    employees = np.round(np.exp(random.normal(3, 1.2, 5000)))
    traits, _ = noise(3, 5000)
    staff = numbers_of("employees", employees)
    low = int(staff.values[3].split(" ")[0])
    base = base_of(
        [staff, *traits], 3, converted=converted(3, np.where(employees >= low, 0.3, 0.12))
    )
    assert rules(proposed(base))[0] == f"employees >= {low}"


def stays(seed, n=5000):
    traits, codes = noise(seed, n)
    random = np.random.default_rng([seed, 2])
    life = random.exponential(np.where(codes[2] == 1, 30.0, 12.0))
    watched = random.uniform(1, 36, n)
    return base_of(
        traits,
        seed,
        tenure_months=np.minimum(life, watched),
        churned=(life < watched).astype(np.int8),
    )


def revenue(seed, n=5000):
    traits, codes = noise(seed, n)
    random = np.random.default_rng([seed, 2])
    return base_of(
        traits, seed, revenue_monthly=np.exp(random.normal(np.where(codes[2] == 1, 3.5, 3.0), 1.0))
    )


@pytest.mark.parametrize(("make", "metric"), [(stays, "monthly_churn"), (revenue, "arpu")])
def test_without_conversion_the_search_goes_by_staying_then_by_revenue(make, metric):
    found = proposed(make(1))
    assert (found.target, rules(found)) == (metric, ["c = c1"])
    good_is_low = metric == "monthly_churn"
    assert (found.found[0].found_value < found.found[0].found_rest) == good_is_low


def empty_outcome(kind, seed, n):
    """An outcome that no column has to do with."""
    random = np.random.default_rng([seed, 4])
    if kind == "revenue":
        return {"revenue_monthly": np.exp(random.normal(3, 1.5, n))}
    if kind == "stays":
        life, watched = random.exponential(20, n), random.uniform(1, 36, n)
        return {
            "tenure_months": np.minimum(life, watched),
            "churned": (life < watched).astype(np.int8),
        }
    return {"converted": converted(seed, np.full(n, 0.03 if kind == "rare" else 0.2))}


@pytest.mark.parametrize("kind", ["share", "rare", "revenue", "stays"])
def test_where_nothing_differs_hardly_anything_is_proposed(kind):
    n, found = 1500, 0
    for seed in range(40):
        traits, _ = noise(1000 + seed, n)
        found += bool(proposed(base_of(traits, seed, **empty_outcome(kind, seed, n))).found)
    assert found <= 4  # of 40 worlds at 5 %


def test_what_happened_to_the_judging_half_changes_no_proposal():
    base = planted(2)
    other = base.roles["converted"].copy()
    half = judging_half(base, Settings().salt)
    other[half] = 1 - other[half]
    turned = dataclasses.replace(base, roles={"converted": other})
    assert rules(proposed(turned)) == rules(proposed(base))


def test_the_order_of_rows_changes_no_proposal():
    base = planted(4)
    order = np.random.default_rng(1).permutation(base.n)
    shuffled = dataclasses.replace(
        base,
        ids=base.ids[order],
        status=base.status[order],
        roles={role: column[order] for role, column in base.roles.items()},
        traits=tuple(dataclasses.replace(t, codes=t.codes[order]) for t in base.traits),
    )
    assert proposed(shuffled).found == proposed(base).found


def test_halves_are_of_even_size_and_not_those_of_another_salt():
    base = planted(0)
    one, other = judging_half(base, "x"), judging_half(base, "y")
    assert one.mean() == pytest.approx(0.5, abs=0.03)
    assert (one == other).mean() == pytest.approx(0.5, abs=0.03)


def test_every_rule_holds_for_the_customers_it_counts_and_is_large_enough():
    base = planted(5)
    found = proposed(base)
    half = judging_half(base, Settings().salt)
    for proposal in found.found:
        member = evaluate(parse_rule(proposal.rule), base)
        assert (proposal.n, proposal.n_held_out) == (member.sum(), (member & half).sum())
        assert proposal.n >= 60
        assert proposal.n_held_out >= 30
        finding = base.roles["converted"][member & ~half]
        assert proposal.found_value == pytest.approx(finding.mean())
    assert [p.rank for p in found.found] == list(range(1, len(found.found) + 1))


def test_four_of_four_are_never_proposed():
    n = 4000
    traits, codes = noise(6, n)
    codes[3][codes[3] == 5] = 4
    codes[3][:4] = 5
    rate = np.where(codes[3] == 5, 1.0, 0.2)
    base = base_of([values_of("d", codes[3]), *traits[:3]], 6, converted=converted(6, rate))
    assert not any("d5" in rule for rule in rules(proposed(base)))


def test_under_two_hundred_units_nothing_is_proposed_and_it_says_why():
    traits, codes = noise(7, 199)
    base = base_of(traits, 7, converted=converted(7, np.where(codes[5] == 1, 0.9, 0.1)))
    found = proposed(base)
    assert not found.found
    assert found.note.startswith("only 199 to search among")


def test_fewer_than_three_say_why():
    assert proposed(planted(0)).note.startswith("no other rule")


def test_two_columns_that_say_the_same_give_one_proposal():
    traits, codes = noise(8, 5000)
    twin = values_of("twin", codes[1])
    base = base_of([*traits, twin], 8, converted=converted(8, np.where(codes[1] == 1, 0.35, 0.12)))
    assert len(rules(proposed(base))) == 1


def test_a_column_that_may_be_a_result_is_searched_only_where_it_is_named():
    traits, codes = noise(9, 5000)
    plan = values_of("plan", codes[1], family="account", outcome_like=True)
    told = values_of("reason", codes[2], made_from=("converted",))
    rate = np.where(codes[1] == 1, 0.4, 0.12)
    base = base_of([traits[0], plan, traits[3], told], 9, converted=converted(9, rate))
    assert (rules(proposed(base)), proposed(base).left_out) == ([], ("plan", "reason"))
    assert rules(proposed(base, ("plan",))) == ["plan = plan1"]
    assert proposed(base, ("plan", "reason")).left_out == ("reason",)


def test_an_adopted_rule_is_not_proposed_again():
    base = planted(0)
    first = proposed(base)
    key = rule_key(parse_rule(first.found[0].rule))
    settings = Settings()
    again = propose(base, bind(base, None, settings), settings, (), [key])
    assert rules(again) == rules(first)[1:]
    assert "found again among my segments: 1" in again.note


def test_ids_are_those_of_the_rule():
    one, other = proposed(planted(0)), proposed(planted(1))
    ids = {p.rule: p.segment_id for p in one.found}
    shared = [p for p in other.found if p.rule in ids]
    assert shared
    assert all(ids[p.rule] == p.segment_id for p in shared)


def test_an_outcome_that_few_rows_know_gives_way_to_the_next():
    base = stays(2, 400)
    flags = np.full(400, -1, np.int8)
    flags[:50] = np.arange(50) % 2
    mixed = dataclasses.replace(base, roles={**base.roles, "converted": flags})
    rows = bind(mixed, None, Settings())
    few = dataclasses.replace(
        rows, trials=dataclasses.replace(rows.trials, counted=np.arange(400) < 50)
    )
    target = find_target(few, 200)
    assert target is not None
    assert target.metric == "monthly_churn"


@pytest.mark.parametrize("conditions", [1, 2])
def test_rules_are_no_longer_than_the_setting_says(conditions):
    found = rules(proposed(planted(0), proposal_conditions=conditions))
    assert found
    assert all(rule.count(" and ") < conditions for rule in found)


@pytest.mark.parametrize("wrong", [{"proposal_size_exponent": 2}, {"proposal_conditions": 4}])
def test_a_setting_of_the_search_that_cannot_be_is_refused(wrong):
    with pytest.raises(InputError, match=next(iter(wrong))):
        Settings().with_values(wrong, "settings.toml")
