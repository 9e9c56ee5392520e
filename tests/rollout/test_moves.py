"""The suggestions of each team: which finding gives which, and that none comes without one."""

from dataclasses import replace

import pytest

from mapseg_xl.rollout.moves import TEAMS, find_moves
from mapseg_xl.rollout.profiles import Profile, Typical
from mapseg_xl.rollout.voice import Heard, Voice
from tests.bases import customers, performance, trait

ID = "agencies-1"
PROFILE = Profile("A", ID, "Agencies", "industry = 'Agency' and Country = 'NL'", "focus", 200, 0.1)


def notes(theme, n, start=0):
    return [
        Heard(f"{theme} {at}", None, "Sales", ID, "Agencies", "...", theme)
        for at in range(start, start + n)
    ]


def moves(profile=PROFILE, heard=(), lines=None):
    return find_moves([profile], Voice(tuple(heard)), lines or {})


def kinds(found):
    return [(move.team, move.kind, move.subject) for move in found]


def channel(value, n, known=200, rest_n=500, rest_known=2000):
    return Typical("channel", "behavioural", value, n, known, rest_n, rest_known)


@pytest.fixture(scope="module")
def staying():
    """Lines of the chance to be here after a year: agencies stay, shops leave."""
    left = [int(i % 40 == 1 if i % 2 else i % 4 == 0) for i in range(800)]
    base = customers(
        traits=[trait("industry", ["Shop", "Agency"] * 400)],
        tenure_months=[6 if gone else 20 for gone in left],
        churned=left,
    )
    return performance(base, "survival_12m", "industry")


def test_nothing_chosen_suggests_nothing():
    assert find_moves([], Voice(), {}) == ()


def test_without_findings_only_the_rule_and_the_silence_suggest_something():
    assert kinds(moves()) == [
        ("Sales", "ask", ""),
        ("Customer success", "ask", ""),
        ("Product", "interview", ""),
    ]


def test_the_columns_of_the_rule_are_what_sales_ask():
    ask = next(m for m in moves() if m.team == "Sales")
    assert ask.text == "Ask “industry” and “Country” first: the answer tells who belongs"


def test_the_channel_that_is_theirs_more_than_others_gets_the_next_spend():
    profile = replace(PROFILE, channels=(channel("Search", 90), channel("Partner", 40, rest_n=100)))
    assert kinds(moves(profile))[0] == ("Marketing", "channel", "Partner")


def test_a_channel_of_few_rows_is_not_theirs():
    profile = replace(PROFILE, channels=(channel("Fair", 29, rest_n=1),))
    assert "Marketing" not in {m.team for m in moves(profile)}


def test_where_no_channel_stands_out_the_commonest_gets_a_page():
    profile = replace(PROFILE, channels=(channel("Search", 50),))
    assert "a page of their own behind Search" in moves(profile)[0].text


def test_a_channel_of_the_rule_is_not_called_a_discovery():
    profile = replace(PROFILE, channels=(channel("Referral", 200, rest_n=1),))
    assert "every one of them" in moves(profile)[0].text


def test_themes_said_often_go_to_marketing_and_product():
    found = kinds(moves(heard=[*notes("Brand", 4), *notes("Price", 3), *notes("Speed", 2)]))
    assert ("Marketing", "message", "Brand") in found
    assert [k for k in found if k[0] == "Product"] == [
        ("Product", "build", "Brand"),
        ("Product", "build", "Price"),
    ]


def test_few_notes_ask_for_talks_first():
    assert ("Product", "interview", "") in kinds(moves(heard=notes("Brand", 4)))
    assert ("Product", "interview", "") not in kinds(moves(heard=notes("Brand", 5)))


@pytest.mark.parametrize(("industry", "kind"), [("Agency", "ask for more"), ("Shop", "keep")])
def test_who_stays_is_asked_for_more_and_who_leaves_is_called(staying, industry, kind):
    lines = {(ID, "survival_12m"): staying[industry]}
    assert ("Customer success", kind, "survival_12m") in kinds(moves(lines=lines))


def test_a_goal_is_greeted_only_where_it_is_theirs_more_than_others():
    theirs = Typical("goal", "psychographic", "Grow", 120, 200, 500, 2000)
    common = replace(theirs, rest_n=1200)
    assert ("Customer success", "greet", "goal") in kinds(moves(replace(PROFILE, traits=(theirs,))))
    assert ("Customer success", "ask", "") in kinds(moves(replace(PROFILE, traits=(common,))))


def test_quick_wins_come_first_in_each_team():
    other = replace(PROFILE, segment_id="shops-2", letter="B")
    found = find_moves([PROFILE, other], Voice(tuple(notes("Brand", 3))), {})
    for team in TEAMS:
        quick = [m.quick for m in found if m.team == team]
        assert quick == sorted(quick, reverse=True)


def test_every_suggestion_has_a_key_of_its_own():
    heard = [*notes("Brand", 4), *notes("Price", 3)]
    found = moves(replace(PROFILE, channels=(channel("Search", 90),)), heard)
    assert len({m.key for m in found}) == len(found)
