"""Tables whose keys are written differently: who is joined for sure, who is only asked about, and that money ties."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapseg_xl.errors import BothWays
from mapseg_xl.intake.customers import IntakeOptions, read_sources
from mapseg_xl.intake.joining.answers import BULK, NO, OPEN, YES, PairAnswers
from mapseg_xl.intake.tables import RawSheet

from .pairing.companies import badly, made_up, mildly

DAY = date(2025, 3, 1)
ASK = IntakeOptions(pairs=PairAnswers(ask=True))


def sheet(name, rows):
    """A sheet as it is read, of rows with a head."""
    columns = []
    for cells in zip(*rows, strict=True):
        column = np.empty(len(rows), dtype=object)
        column[:] = cells
        columns.append(column)
    return RawSheet(f"{name}.csv", name, tuple(columns))


def read(options=None, **tables):
    return read_sources([], options, [sheet(name, rows) for name, rows in tables.items()])


def crm(companies, *more):
    head = ["Account ID", "Company", "Created", "Status", *(m[0] for m in more)]
    rows = [
        [f"A-{c.number}", c.legal, DAY, "customer", *(m[1](c) for m in more)] for c in companies
    ]
    return [head, *rows]


def billing(names, money):
    return [["Customer name", "MRR"], *[[n, m] for n, m in zip(names, money, strict=True)]]


def issue(found, kind):
    return next(i for i in found.issues if i.kind == kind)


@pytest.fixture(scope="module")
def messy():
    """A billing system that writes two of three names its own way, a third of these mistyped; and its truth."""
    dice = random.Random(4)
    companies = made_up(600, 4)
    known, paying = companies[:540], companies[60:]
    names = [
        c.legal if (u := dice.random()) < 1 / 3 else mildly(c, dice) if u < 0.8 else badly(c, dice)
        for c in paying
    ]
    return known, paying, billing(names, [c.money for c in paying])


def joined_by_truth(found, known, paying):
    """How many paying companies' money stands on the right customer, on a wrong one, on nobody."""
    mrr = dict(
        zip(found.customers.ids.tolist(), found.customers.roles["revenue_monthly"], strict=True)
    )
    truth = {f"A-{c.number}": c.money for c in paying}
    right = sum(mrr[f"A-{c.number}"] == truth.get(f"A-{c.number}") for c in known)
    some = sum(not np.isnan(mrr[f"A-{c.number}"]) for c in known)
    return right, some - right


def test_what_is_joined_without_asking_is_right_in_every_case(messy):
    known, paying, table = messy
    right, wrong = joined_by_truth(read(crm=crm(known), billing=table), known, paying)
    both = {c.number for c in known} & {c.number for c in paying}
    assert wrong == 0
    assert right >= 0.75 * len(both)


def test_likely_pairs_find_nearly_all_of_the_rest(messy):
    known, paying, table = messy
    found = read(ASK, crm=crm(known), billing=table)
    right, _ = joined_by_truth(found, known, paying)
    names = {row[0].strip(): c.number for row, c in zip(table[1:], paying, strict=True)}
    legal = {c.legal: c.number for c in known}
    named = {
        names[p.right]
        for p in found.joining.pairs
        if legal[p.left.partition(" (A-")[0]] == names[p.right]
    }
    both = {c.number for c in known} & {c.number for c in paying}
    assert right + len(named) >= 0.98 * len(both)


def test_pairs_accepted_by_score_are_right_and_join(messy):
    known, paying, table = messy
    options = IntakeOptions(pairs=PairAnswers(accept_from=95.0))
    found = read(options, crm=crm(known), billing=table)
    right, wrong = joined_by_truth(found, known, paying)
    (match,) = found.matches
    assert wrong == 0
    assert match.rows_accepted > 20
    assert right == match.rows_matched


@settings(max_examples=25)
@given(st.data())
def test_rows_and_money_of_a_source_tie_to_the_cent(data):
    companies = made_up(30, 2)
    dice = random.Random(data.draw(st.integers(0, 10_000)))
    cents = data.draw(st.lists(st.integers(-5_000_000, 90_000_000), min_size=5, max_size=40))
    names = [
        data.draw(st.sampled_from(["Nobody", companies[i % 30].legal]))
        if i % 3
        else mildly(companies[i % 30], dice)
        for i in range(len(cents))
    ]
    money = [c / 100 for c in cents]
    found = read(crm=crm(companies), billing=billing(names, money))
    (match,) = found.matches
    truth = sum((Decimal(c) / 100 for c in cents), Decimal(0))
    assert match.rows_matched + match.rows_left == len(cents)
    assert Decimal(str(match.money_matched)) + Decimal(str(match.money_left)) == truth
    assert Decimal(str(match.money_all)) == truth


def test_what_stands_on_customers_is_what_was_found(messy):
    known, _, table = messy
    found = read(crm=crm(known), billing=table)
    (match,) = found.matches
    assert match.money_counted == match.money_matched
    assert match.money_covered == match.money_matched
    assert match.customers_covered == match.rows_matched


def test_rows_that_are_there_twice_are_left_out_with_their_money():
    companies = some()
    bill = [["Account ID", "Plan", "MRR"], *[[f"A-{c.number}", "Pro", 10.1] for c in companies]]
    bill += [bill[3], bill[4]]
    found = read(crm=crm(companies), billing=bill)
    (match,) = found.matches
    assert (match.rows_matched, match.rows_left, match.rows_left_out) == (12, 0, 2)
    assert (match.money_all, match.money_matched, match.money_left_out) == (141.4, 121.2, 20.2)


def test_rows_of_the_customers_that_repeat_one_tie_too():
    companies = some()
    table = crm(companies, ("MRR", lambda c: c.money))
    table.append([*table[1][:4], 99.99])
    facts = [["Account ID", "Tier"], *[[f"A-{c.number}", "S"] for c in companies]]
    own = read(crm=table, facts=facts).joining.own
    assert (own.rows, own.rows_used, own.rows_left_out) == (13, 12, 1)
    assert Decimal(str(own.money)) - Decimal(str(own.money_used)) == Decimal("99.99")


def test_a_row_without_any_key_counts_as_a_row_left_over_and_as_no_key():
    companies = some()
    bill = [["Account ID", "Company", "MRR"], *[[f"A-{c.number}", c.legal, 1.0] for c in companies]]
    bill += [[None, "Nobody we know", 5.0], [None, None, 6.0]]
    (match,) = read(crm=crm(companies), billing=bill).matches
    assert (match.rows_left, match.money_left, match.only_right) == (2, 11.0, 0)


def some(n=12):
    return [c for c in made_up(60, 8) if len(c.name.split()) == 2][:n]


def test_how_rows_were_found_is_told_form_by_form():
    companies = some()
    names = [c.legal for c in companies[:6]] + [c.name.upper() for c in companies[6:]]
    found = read(crm=crm(companies), billing=billing(names, range(12)))
    assert [s[2:] for s in found.joining.steps] == [(6, 6), (6, 6)]
    assert found.joining.steps[1][1].endswith("without legal form")
    assert found.matches[0].rows_by_form == 6


def test_a_name_that_two_customers_share_joins_nobody_and_names_the_rows():
    companies = some()
    table = crm(companies)
    table[2][1], table[3][1] = "Acme GmbH", "Acme Inc."
    bill = billing([*(c.legal for c in companies[3:]), "ACME"], range(10))
    found = read(ASK, crm=table, billing=bill)
    assert np.isnan(found.customers.roles["revenue_monthly"][[1, 2]]).all()
    said = issue(found, "ambiguous_key")
    assert said.issue == "'ACME' in row 11 could be rows 3, 4 of crm"
    assert {p.left.partition(" (")[0] for p in found.joining.pairs} == {"Acme GmbH", "Acme Inc."}
    assert all(p.rival for p in found.joining.pairs)


def test_another_legal_form_is_asked_about_and_never_joined():
    companies = some()
    table = crm(companies)
    table[1][1] = "Acme GmbH"
    bill = billing([*(c.legal for c in companies[1:]), "Acme Inc"], range(12))
    found = read(ASK, crm=table, billing=bill)
    (pair,) = found.joining.pairs
    assert (pair.right, pair.state) == ("Acme Inc", OPEN)
    assert "other legal form" in pair.why


def test_two_accounts_that_would_become_one_customer_stay_apart():
    companies = some()
    table = crm(companies)
    table[1][1] = "Acme GmbH"
    bill = billing([*(c.legal for c in companies[1:]), "Acme GmbH", "The Acme"], range(13))
    found = read(crm=table, billing=bill)
    assert found.customers.roles["revenue_monthly"][0] == 11
    assert issue(found, "ambiguous_key").cell == "A14"


def test_plus_addresses_and_mailto_join():
    companies = some()
    table = crm(companies, ("E-mail", lambda c: f"pay@{c.domain}"))
    mails = [f"mailto:Pay+{c.number}@{c.domain.upper()}" for c in companies]
    bill = [["Billing e-mail", "MRR"], *[[m, 5.0] for m in mails]]
    assert read(crm=table, billing=bill).matches[0].rows_matched == 12


def test_an_address_finds_its_company_by_the_domain_but_never_at_a_free_mail_provider():
    companies = some()
    table = crm(companies, ("Website", lambda c: f"https://www.{c.domain}/"))
    table[1][4] = "gmail.com"
    bill = [["E-mail", "MRR"], *[[f"x{c.number}@{c.domain}", 5.0] for c in companies[1:]]]
    bill += [[f"x{n}@gmail.com", 7.0] for n in range(3)]
    (match,) = read(crm=table, billing=bill).matches
    assert (match.rows_matched, match.rows_left, match.money_left) == (11, 3, 21.0)


def test_a_row_without_its_key_is_found_by_its_address():
    companies = some()
    table = crm(companies, ("E-mail", lambda c: f"pay@{c.domain}"))
    bill = [["Account ID", "E-mail", "MRR"]]
    bill += [[f"A-{c.number}", None, 5.0] for c in companies[:8]]
    bill += [[None, f"PAY@{c.domain}", 6.0] for c in companies[8:]]
    found = read(crm=table, billing=bill)
    assert found.matches[0].rows_matched == 12
    assert found.customers.roles["revenue_monthly"].tolist() == [5.0] * 8 + [6.0] * 4
    assert found.joining.steps[1][1].startswith("no key")


def test_a_key_that_nobody_has_is_not_overruled_by_an_address():
    companies = some()
    table = crm(companies, ("E-mail", lambda c: f"pay@{c.domain}"))
    bill = [["Account ID", "E-mail", "MRR"]]
    bill += [[f"A-{c.number}", None, 5.0] for c in companies[:11]]
    bill += [["A-99999", f"pay@{companies[11].domain}", 6.0]]
    found = read(ASK, crm=table, billing=bill)
    assert found.matches[0].rows_left == 1
    (pair,) = found.joining.pairs
    assert pair.words == "almost surely"
    assert "same e-mail" in pair.why


@pytest.fixture
def mistyped():
    companies = some()
    names = [c.legal for c in companies[:10]]
    names += [companies[10].name + "s", companies[11].name.replace("e", "", 1)]
    return crm(companies), billing(names, [10.0] * 10 + [50.0, 700.0])


def test_answers_join_or_keep_apart_and_are_not_asked_again(mistyped):
    table, bill = mistyped
    pairs = read(ASK, crm=table, billing=bill).joining.pairs
    assert [p.money for p in pairs] == [700.0, 50.0]
    answers = PairAnswers({pairs[0].id: pairs[0].keys}, {pairs[1].id: pairs[1].keys}, ask=True)
    found = read(IntakeOptions(pairs=answers), crm=table, billing=bill)
    assert [p.state for p in found.joining.pairs] == [YES, NO]
    assert found.customers.roles["revenue_monthly"][11] == 700.0
    assert (found.matches[0].rows_accepted, found.matches[0].money_left) == (1, 50.0)


def test_one_no_stands_against_all_that_are_accepted_by_score(mistyped):
    table, bill = mistyped
    pairs = read(ASK, crm=table, billing=bill).joining.pairs
    answers = PairAnswers(no={pairs[0].id: pairs[0].keys}, accept_from=70.0)
    found = read(IntakeOptions(pairs=answers), crm=table, billing=bill)
    states = {p.money: p.state for p in found.joining.pairs if p.id in {q.id for q in pairs}}
    assert states == {700.0: NO, 50.0: BULK}


def test_the_next_best_of_a_refused_pair_is_asked_about_and_not_accepted_by_score():
    names = ["Maple Marine Ltd", "Malpas Marine Ltd", *(c.legal for c in some()[:9])]
    head = ["Account ID", "Company", "Created", "Status"]
    held = [head, *([f"A-{n}", name, DAY, "customer"] for n, name in enumerate(names))]
    bill = billing([*names[2:], "Malpe Marine Ltd"], [10.0] * 9 + [60.0])
    (first, *_) = read(ASK, crm=held, billing=bill).joining.pairs
    assert first.left == "Maple Marine Ltd"
    accepted = PairAnswers(no={first.id: first.keys}, accept_from=70.0)
    pairs = read(IntakeOptions(pairs=accepted), crm=held, billing=bill).joining.pairs
    assert {p.left: p.state for p in pairs} == {"Maple Marine Ltd": NO, "Malpas Marine Ltd": OPEN}


def test_an_answer_holds_next_month_in_files_of_other_names(mistyped):
    table, bill = mistyped
    pair = read(ASK, crm=table, billing=bill).joining.pairs[0]
    options = IntakeOptions(pairs=PairAnswers({pair.id: pair.keys}))
    found = read(options, accounts_july=table, bills_july=[bill[0], *bill[:0:-1]])
    assert found.customers.roles["revenue_monthly"][11] == 700.0


def test_an_answer_about_somebody_who_is_gone_is_kept_and_says_so(mistyped):
    table, bill = mistyped
    pair = read(ASK, crm=table, billing=bill).joining.pairs[0]
    options = IntakeOptions(pairs=PairAnswers({pair.id: pair.keys}))
    found = read(options, crm=table, billing=bill[:-1])
    assert [(p.id, p.state) for p in found.joining.pairs] == [(pair.id, "gone")]


def test_several_rows_both_ways_by_a_form_of_the_name_stop_with_the_rows():
    companies = some()
    table = crm(companies)
    table[1][1] = table[2][1] = "Acme GmbH"
    bill = billing([*(c.legal for c in companies[2:]), "ACME, gmbh", "ACME, gmbh"], range(12))
    with pytest.raises(BothWays, match="several matches both ways") as told:
        read(crm=table, billing=bill)
    assert "billing rows 12, 13 and crm rows 2, 3 all say 'ACME, gmbh'" in str(told.value)
    found = read(IntakeOptions(add_up_both_ways=True), crm=table, billing=bill)
    assert found.customers.roles["revenue_monthly"][0] == 21
    assert np.isnan(found.customers.roles["revenue_monthly"][1])


def test_every_key_that_matches_both_ways_is_named_up_to_three():
    companies = made_up(500, 8)
    table = crm(companies)
    names = [c.legal for c in companies[8:]]
    for at in range(4):
        table[1 + 2 * at][1] = table[2 + 2 * at][1] = f"Twice {'abcd'[at]}"
        names += [f"Twice {'abcd'[at]}"] * 2
    with pytest.raises(BothWays, match="So does 1 key more") as told:
        read(crm=table, billing=billing(names, range(500)))
    assert str(told.value).count("all say") == 3


def test_columns_of_two_systems_that_agree_are_one_and_fill_each_other():
    companies = some(12)
    table = crm(companies, ("Country", lambda c: c.country if c.number % 5 else None))
    bill = [
        ["Account ID", "Country", "MRR"],
        *[[f"A-{c.number}", c.country.upper(), 5.0] for c in companies],
    ]
    table += [[f"B-{n}", f"Firm {n}", DAY, "customer", "Spain"] for n in range(20)]
    bill += [[f"B-{n}", "Spain", 5.0] for n in range(20)]
    found = read(crm=table, billing=bill)
    (country,) = [t for t in found.customers.traits if t.name.startswith("Country")]
    held = [country.values[c] for c in country.codes[:12]]
    assert [v.casefold() for v in held] == [c.country.casefold() for c in companies]
    assert not [c for c in found.joining.conflicts if c.field == "Country"]


def test_columns_that_say_different_things_stay_two_and_are_listed_with_cells():
    companies = some(12)
    table = crm(companies, ("Plan", lambda _: "Pro"))
    bill = [["Account ID", "Plan", "MRR"], *[[f"A-{c.number}", "Basic", 5.0] for c in companies]]
    bill[1][1] = "Pro"
    found = read(crm=table, billing=bill)
    assert found.customers.trait("Plan (billing)") is not None
    (conflict,) = [c for c in found.joining.conflicts if c.field == "Plan"]
    assert (conflict.both, conflict.differ) == (12, 11)
    assert conflict.example == "crm!E3 'Pro', billing!B3 'Basic'"


def test_two_columns_of_money_are_listed_with_the_one_that_counts_and_why():
    companies = some(12)
    table = crm(companies, ("MRR", lambda c: c.money if c.number % 2 else None))
    bill = [["Account ID", "MRR"], *[[f"A-{c.number}", c.money + 1] for c in companies]]
    (conflict,) = read(crm=table, billing=bill).joining.conflicts
    assert conflict.used == "billing · MRR"
    assert conflict.differ == conflict.both == sum(c.number % 2 for c in companies)
    assert conflict.why == f"it has 12 against {conflict.both} values"


VENDORS = {
    "clearbit": [
        "domain",
        "name",
        "category.industry",
        "metrics.employees",
        "metrics.estimatedAnnualRevenue",
    ],
    "zoominfo": [
        "Website",
        "Company Name",
        "Primary Industry",
        "Employees",
        "Revenue (in 000s USD)",
    ],
    "apollo": ["Website", "Company", "Industry", "# Employees", "Annual Revenue"],
}


@pytest.mark.parametrize("vendor", VENDORS)
def test_facts_about_companies_join_by_domain_and_their_revenue_is_not_ours(vendor):
    companies = some()
    table = crm(companies, ("E-mail", lambda c: f"ann@{c.domain}"), ("MRR", lambda c: c.money))
    facts = [VENDORS[vendor]]
    facts += [
        [c.domain, c.name, "SaaS" if c.number % 2 else "Retail", 50 + c.number, 9e6]
        for c in companies[:9]
    ]
    found = read(crm=table, facts=facts)
    (match,) = found.matches
    assert (match.customers_covered, match.money_left, match.money_matched) == (9, None, None)
    assert match.money_covered == pytest.approx(sum(c.money for c in companies[:9]))
    assert found.customers.roles["revenue_monthly"].tolist() == [c.money for c in companies]
    assert "revenue_total" not in found.customers.roles
    industry = found.customers.trait(VENDORS[vendor][2])
    assert {industry.values[c] for c in industry.codes[:9]} == {"SaaS", "Retail"}


def test_free_mail_is_a_trait_only_where_the_base_has_both():
    companies = some()
    table = crm(companies, ("E-mail", lambda c: f"a@{'gmx.de' if c.number % 3 else c.domain}"))
    trait = read(crm=table).customers.trait("Free mail address")
    assert [trait.values[c] for c in trait.codes] == [
        "yes" if c.number % 3 else "no" for c in companies
    ]
    same = crm(companies, ("E-mail", lambda c: f"a@{c.domain}"))
    assert read(crm=same).customers.trait("Free mail address") is None


def test_exports_of_two_quarters_are_one_list_and_the_latest_row_counts():
    companies = made_up(80, 8)
    first, second = crm(companies[:50]), crm(companies[45:])
    second[1][1] = "Renamed Ltd"
    found = read(crm_Q2_2025=second, crm_Q1_2025=first)
    assert found.customers.n == 80
    assert found.taken[0].startswith("Put 'crm_Q2_2025', 'crm_Q1_2025' below each other")
    names = dict(zip(found.customers.ids.tolist(), found.customers.roles["company"], strict=True))
    assert names[f"A-{companies[45].number}"] == "Renamed Ltd"
    said = issue(found, "duplicate_id")
    assert (said.sheet, said.cell) == ("crm_Q1_2025", "A47:D47")
    assert "in row 2 of crm_Q2_2025 already" in said.issue


def test_monthly_files_of_orders_are_added_up_together():
    companies = some()
    head = ["Order no", "Account ID", "Date", "Amount"]
    months = {
        f"orders_{m:02}": [
            head,
            *[
                [f"{m}-{c.number}-{k}", f"A-{c.number}", date(2025, m, k), 10.5]
                for c in companies
                for k in (3, 9)
            ],
        ]
        for m in (1, 2, 3)
    }
    found = read(crm=crm(companies), **months)
    (match,) = found.matches
    assert (match.rows_matched, match.money_matched) == (72, 756.0)
    assert found.customers.roles["revenue_total"].tolist() == [63.0] * 12
