"""The sample team workbook: made again it is the same, and every story README.md tells is in it.

The stories are checked on the workbook's own sheets, joined and counted here with pandas and lifelines alone.
"""

from functools import cache
from zipfile import ZipFile

import pandas as pd
import pytest
from lifelines import KaplanMeierFitter
from python_calamine import load_workbook

from examples.lessonry.notes import SAID
from examples.lessonry.sheets import team_sheets
from examples.lessonry.truth import make_truth
from examples.make_sample import WORKBOOK, write_exports, write_flat, write_workbook

LAST = pd.Timestamp("2026-06-30")
WINDOW = pd.Timedelta(days=60)
MONTH_DAYS = 30.4375


@cache
def sheet(name: str, header: int = 0) -> pd.DataFrame:
    return pd.read_excel(WORKBOOK, sheet_name=name, header=header, engine="calamine")


@cache
def people() -> pd.DataFrame:
    """One row a lead: CRM, billing and usage joined by the account, however it is spelled."""
    crm = sheet("CRM", 2).iloc[:, :16]
    crm = crm[crm["Account ID"].str.startswith("LS-", na=False)].copy()
    bills, uses = sheet("Billing"), sheet("Usage")
    for table, key in ((crm, "Account ID"), (bills, "ACCOUNT NO"), (uses, "acct id")):
        table["key"] = table[key].str.strip().str.upper()
    joined = crm.merge(bills, "left", "key").merge(uses, "left", "key")
    for column in ("Created", "Trial start", "Customer since", "Cancelled on"):
        joined[column] = pd.to_datetime(joined[column])
    joined["Employees"] = pd.to_numeric(joined["Employees"])
    joined["Industry"] = joined["Industry"].str.capitalize()
    return joined


def enterprise() -> pd.Series:
    return people()["Employees"] >= 1000


def star() -> pd.Series:
    return (people()["Industry"] == "Agency") & (people()["Country"] == "Netherlands")


def second() -> pd.Series:
    return (people()["Industry"] == "Coaching") & (people()["Channel"] == "Referral")


def conversion(who: pd.Series) -> float:
    """Share of trials that paid within the window, of those that had it."""
    tried = people()[who & (people()["Trial start"] <= LAST - WINDOW)]
    return float((tried["Customer since"] - tried["Trial start"] <= WINDOW).mean())


def kept(who: pd.Series) -> KaplanMeierFitter:
    """Share still here by month."""
    paid = people()[who & people()["Customer since"].notna()]
    months = (paid["Cancelled on"].fillna(LAST) - paid["Customer since"]).dt.days / MONTH_DAYS
    return KaplanMeierFitter().fit(months, paid["Cancelled on"].notna())


def cost_of(who: pd.Series) -> float:
    """Mean cost to win one of them, each channel's spend spread evenly over its customers."""
    paid = people()[people()["Customer since"].notna()]
    each = sheet("Spend").groupby("Channel")["Spend"].sum() / paid["Channel"].value_counts()
    return float(paid.loc[who[paid.index], "Channel"].map(each).mean())


def margin_of(who: pd.Series) -> float:
    """What one of them brings a month after direct costs."""
    paid = people()[who & people()["Customer since"].notna()]
    return float((paid["MRR"] * paid["Gross margin"]).mean())


def test_made_again_it_is_the_committed_file(tmp_path):
    write_workbook(team_sheets(make_truth()), tmp_path / "again.xlsx")
    with ZipFile(tmp_path / "again.xlsx") as again, ZipFile(WORKBOOK) as committed:
        assert again.namelist() == committed.namelist()
        # parts, not bytes: how zlib packs them differs between machines
        assert all(again.read(name) == committed.read(name) for name in again.namelist())


def test_another_seed_gives_other_people():
    one, other = make_truth(), make_truth(seed=1)
    assert list(one["industry"]) != list(other["industry"])


def test_the_exports_hold_what_the_workbook_holds(tmp_path):
    write_exports(team_sheets(make_truth()), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "billing.csv",
        "crm.csv",
        "usage.xlsx",
    ]
    bills = pd.read_csv(tmp_path / "billing.csv")
    assert bills["MRR"].sum() == pytest.approx(sheet("Billing")["MRR"].sum())


def test_one_row_a_customer_holds_the_twelve_traits(tmp_path):
    write_flat(make_truth(), tmp_path / "flat.csv")
    flat = pd.read_csv(tmp_path / "flat.csv")
    assert flat.shape == (6000, 10 + 12)
    assert flat["customer_id"].is_unique


def test_the_largest_group_converts_and_stays_worse_than_the_others():
    largest = people()["Industry"].value_counts(normalize=True)
    assert largest.index[0] == "Freelancer"
    assert 0.35 < largest.iloc[0] < 0.40
    who = people()["Industry"] == "Freelancer"
    assert conversion(who) < 0.7 * conversion(~who)
    assert kept(who).predict(12.5) < kept(~who).predict(12.5) - 0.15


def test_enterprises_pay_splendidly_cost_a_fortune_and_leave_before_they_paid_it_back():
    who = enterprise()
    life = kept(who).median_survival_time_
    assert 8 <= life <= 10
    assert margin_of(who) > 5 * margin_of(~who)
    assert cost_of(who) / margin_of(who) > 1.5 * life
    assert cost_of(~who) / margin_of(~who) < kept(~who).median_survival_time_


def test_a_small_segment_of_two_conditions_converts_twice_as_often_and_stays():
    assert 0.05 < star().mean() < 0.065
    assert conversion(star()) > 2 * conversion(~star())
    assert kept(star()).predict(12.5) > 0.9


def test_neither_condition_does_it_alone():
    agency, dutch = people()["Industry"] == "Agency", people()["Country"] == "Netherlands"
    for who in (agency & ~dutch, dutch & ~agency):
        assert conversion(who) == pytest.approx(conversion(~star()), abs=0.04)


def test_coaches_who_were_referred_are_the_second_bet():
    assert 0.05 < second().mean() < 0.065
    assert conversion(star()) > conversion(second()) > 1.5 * conversion(~second())
    assert kept(second()).predict(12.5) > kept(~second()).predict(12.5) + 0.12


@pytest.mark.parametrize("half", ["odd", "even"])
def test_both_halves_of_the_people_show_the_two_bets(half):
    mine = people()["key"].str[-1].astype(int) % 2 == (half == "odd")
    assert conversion(star() & mine) > 1.6 * conversion(~star() & mine)
    assert conversion(second() & mine) > 1.3 * conversion(~second() & mine)


def test_an_annual_plan_holds_people_for_its_year_and_no_longer_by_itself():
    annual = people()["Plan"] == "Annual"
    assert kept(annual).predict(11.5) == 1.0  # a contract, not a liking
    gone = people()[annual & people()["Cancelled on"].notna()]
    months = (gone["Cancelled on"] - gone["Customer since"]).dt.days / MONTH_DAYS
    assert ((months.round() % 12) == 0).all()


def test_all_four_law_firms_became_customers_and_stayed():
    firms = people()[people()["Industry"] == "Law firm"]
    assert (
        len(firms),
        firms["Customer since"].notna().sum(),
        firms["Cancelled on"].notna().sum(),
    ) == (4, 4, 0)
    favourites = sheet("My segments").set_index("Segment")["Suggested by"]
    assert (favourites["Law firms"], favourites["Enterprise"]) == ("CEO", "Head of sales")


def test_usage_is_forty_thirty_thirty_and_the_mixers_leave():
    style = people()["Usage style"]
    shares = style.value_counts(normalize=True).round(1)
    assert shares.to_dict() == {"On demand": 0.4, "Live": 0.3, "Both": 0.3}
    assert kept(style == "Both").predict(12.5) < kept(style == "Live").predict(12.5) - 0.1
    recorded = people().groupby("Usage style")["Recorded lessons usage"]
    assert (
        recorded.max()["Live"]
        < recorded.min()["Both"]
        <= recorded.max()["Both"]
        < recorded.min()["On demand"]
    )


def test_sheets_are_as_untidy_as_teams_keep_them():
    crm = sheet("CRM", 2)
    assert crm["Account ID"].iloc[-1] == "Total"
    assert sheet("Billing")["ACCOUNT NO"].iloc[-1] == "Total"
    cells = [row[9] for row in load_workbook(WORKBOOK).get_sheet_by_name("CRM").to_python()[3:]]
    assert sum(isinstance(cell, str) and cell.isdigit() for cell in cells) > 20
    assert crm["Main goal"].isna().sum() > 100
    keys = sheet("Billing")["ACCOUNT NO"]
    assert (keys != keys.str.strip()).sum() > 20
    assert (keys != keys.str.upper()).sum() > 40


def test_notes_name_accounts_that_exist_and_nobody_real():
    notes = sheet("Feedback")
    assert len(notes) == len(SAID) >= 55
    assert set(notes["Account"].dropna()) <= set(people()["Account ID"])
    assert people()["E-mail"].str.endswith(".example").all()


def test_healthcare_buys_well_stays_like_everybody_and_has_no_market_answers_yet():
    who = (people()["Industry"] == "Healthcare") & ~enterprise()
    others = ~(who | star() | second() | enterprise())
    assert conversion(who) > 1.5 * conversion(others)
    assert kept(who).predict(12.5) == pytest.approx(kept(others).predict(12.5), abs=0.1)
    known = set(sheet("Market", 1)["Segment"])
    assert set(sheet("My segments")["Segment"]) <= known
    assert "Healthcare" not in known
