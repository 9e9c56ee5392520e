"""The same truth as Lessonry's teams keep it: three exports that don't agree on headers, and four small tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from examples.lessonry.draws import Draws
from examples.lessonry.notes import (
    ENTERPRISE,
    FREELANCE,
    LAW,
    MIXERS,
    SAID,
    SECOND,
    STAR,
    TEAMS,
)
from examples.lessonry.truth import LAST_DAY, SEED, Truth, enterprise, second, star

Cells = list[Any]


def _words(text: str) -> list[str]:
    return text.split()


STAGES = ("Lead", "Trial", "Customer", "Churned")
FIRST_NAMES = _words(
    "Anna Bram Clara David Elif Femke Georg Hanna Ines Jonas Karim Lotte Marta Nils Olga Pieter"
    " Quinn Rosa Sven Tess Ugo Vera Wout Yara Zeno"
)
SURNAMES = _words(
    "Aalders Bakker Carter Dubois Ernst Fischer Garcia Hoekstra Ivers Jansen Koch Lambert Meyer"
    " Novak Owens Peeters Quist Roux Schmidt Taylor Urban Vos Walker Young Zimmer"
)
FIRM_WORDS = _words(
    "Amber Birch Canal Delta Elm Fjord Granite Harbour Isle Juniper Kite Lantern Maple North Oak"
    " Pebble Quill River Stone Tulip Umber Valley Willow Yarrow Zephyr"
)
FIRM_ENDS = {
    "Freelancer": ("Studio", "Trainings", "Works"),
    "Agency": ("Agency", "Media", "& Co"),
    "Coaching": ("Coaching", "Mentors", "Practice"),
    "Consulting": ("Consulting", "Advisers", "Partners"),
    "Manufacturing": ("Works", "Industries", "Technik"),
    "Healthcare": ("Care", "Clinics", "Health"),
    "Retail": ("Stores", "Market", "Retail"),
    "Construction": ("Bouw", "Construction", "Build"),
    "Law firm": ("Legal", "Advocaten", "Law"),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as typed: rows from the top, with the header's row (0 = first) and the columns' formats."""

    name: str
    rows: tuple[Cells, ...]
    header_row: int = 0
    formats: tuple[str, ...] = ()  # a column: date money share or nothing
    beside: tuple[tuple[int, int, str], ...] = ()  # notes beside the table: row, column, text


def team_sheets(truth: Truth) -> tuple[Sheet, ...]:
    """Every sheet of the team's workbook, in the order of its tabs."""
    draws = Draws(SEED + 2, len(truth["customer_id"]))
    return (
        crm(truth, draws),
        billing(truth, draws),
        usage(truth),
        spend(truth),
        market(),
        feedback(truth),
        my_segments(),
    )


def crm(truth: Truth, draws: Draws) -> Sheet:
    """One row a lead, kept by sales: a title above, notes beside, a total below, some gaps and text numbers."""
    header = (
        "Account ID", "Company", "E-mail", "Created", "Trial start", "Stage", "Channel", "Owner", "Industry",
        "Employees", "Founded", "Buyer role", "Seniority", "Country", "Language", "Main goal",
    )  # fmt: skip
    companies = _companies(truth, draws)
    as_text, loud = draws.yes(0.007), draws.yes(0.004)
    gaps = {name: draws.yes(share) for name, share in _GAPS.items()}
    columns = [
        truth["customer_id"],
        companies,
        _mails(companies, draws),
        _days(truth["created_on"]),
        _days(truth["trial_on"]),
        _stages(truth, draws),
        truth["channel"],
        truth["owner"],
        [v.upper() if shout else v for v, shout in zip(truth["industry"], loud, strict=True)],
        [str(v) if text else int(v) for v, text in zip(truth["employees"], as_text, strict=True)],
        [int(v) for v in truth["founded_year"]],
        *(truth[name] for name in ("buyer_role", "seniority", "country", "language", "main_goal")),
    ]
    hidden = {"founded_year": 10, "seniority": 12, "main_goal": 15}
    for name, at in hidden.items():
        columns[at] = [None if gap else v for v, gap in zip(columns[at], gaps[name], strict=True)]
    rows = _lines(columns)
    total: Cells = ["Total", len(rows), *[None] * (len(header) - 2)]
    beside = (
        (2, 17, "Notes"),
        (3, 17, "Export of 30 June, do not sort"),
        (4, 17, "Stage is set by hand, billing knows better"),
    )
    title: Cells = ["Lessonry CRM · everybody who ever signed up · 30 June 2026"]
    formats = ("", "", "", "date", "date")
    return Sheet("CRM", (title, [], list(header), *rows, total), 2, formats, beside)


_GAPS = {"founded_year": 0.012, "seniority": 0.008, "main_goal": 0.03}


def billing(truth: Truth, draws: Draws) -> Sheet:
    """One row an account that ever paid, kept by finance, who write the account their own way."""
    header = [
        "ACCOUNT NO", "Plan", "MRR", "Gross margin", "Customer since", "Cancelled on", "Payment method",
    ]  # fmt: skip
    u = draws.uniform()
    keys = [_spelled(key, at) for key, at in zip(truth["customer_id"], u, strict=True)]
    columns = [
        keys,
        truth["plan"],
        truth["revenue_monthly"],
        truth["gross_margin"],
        _days(truth["converted_on"]),
        _days(truth["churned_on"]),
        truth["payment_method"],
    ]
    paying = ~np.isnat(truth["converted_on"])
    rows = _lines([[v for v, pays in zip(c, paying, strict=True) if pays] for c in columns])
    old = [  # two accounts of before the CRM, known to finance alone
        ["LS-00017", "Monthly", 49.0, 0.8, date(2023, 7, 3), date(2024, 1, 3), "Invoice"],
        ["LS-00042", "Annual", 99.0, 0.8, date(2023, 7, 10), None, "Invoice"],
    ]
    rows = [*old, *rows]
    total: Cells = ["Total", None, sum(row[2] for row in rows), None, None, None, None]
    formats = ("", "", "money", "share", "date", "date")
    return Sheet("Billing", (header, *rows, total), 0, formats)


def usage(truth: Truth) -> Sheet:
    """One row an account that ever tried, from the product."""
    header = [
        "acct id", "Sessions per month", "Recorded lessons usage", "Live lessons usage", "Usage style", "Device",
    ]  # fmt: skip
    tried = ~np.isnat(truth["trial_on"])
    names = ("sessions_monthly", "recorded_share", "live_share", "usage_style", "device")
    columns = [[str(key).lower() for key in truth["customer_id"]], *(truth[n] for n in names)]
    rows = _lines([[v for v, t in zip(c, tried, strict=True) if t] for c in columns])
    return Sheet("Usage", (header, *rows), 0, ("", "", "share", "share"))


def spend(truth: Truth) -> Sheet:
    """What marketing spent, a row a channel and month."""
    columns = [
        truth.spend["channel"],
        [m.astype("M8[D]").item() for m in truth.spend["month"]],
        truth.spend["spend"],
    ]
    rows = sorted(_lines(columns), key=lambda row: row[1])
    return Sheet("Spend", (["Channel", "Month", "Spend"], *rows), 0, ("", "date", "money"))


def market() -> Sheet:
    """What the team knows of its markets. Nobody has looked at healthcare yet."""
    header = [
        "Segment", "Accounts", "Reachable", "Winnable", "Growth a year", "Competition",
        "Roadmap fit", "Scalable channel", "Source",
    ]  # fmt: skip
    rows: list[Cells] = [
        [STAR, 9400, 0.55, 0.12, 0.09, 1, 3, 3, "Trade register, June 2026"],
        [SECOND, 21000, 0.35, 0.08, 0.11, 2, 2, 2, "Coaches' association survey"],
        [ENTERPRISE, 5200, 0.30, 0.03, 0.03, 3, 1, 1, "Analyst report 2025"],
        [FREELANCE, 640000, 0.40, 0.01, 0.04, 3, 1, 2, "National statistics"],
        [LAW, 31000, 0.25, 0.03, 0.02, 3, 1, 1, "Bar associations"],
        ["Agency", 71000, 0.40, 0.05, 0.06, 2, 3, 2, "Trade registers of six countries"],
        ["Coaching", 88000, 0.30, 0.04, 0.09, 2, 2, 1, "Coaches' association survey"],
    ]
    title: Cells = ["Market answers, product marketing. Scores 0 to 3, 3 = a lot"]
    formats = ("", "count", "share", "share", "share")
    return Sheet("Market", (title, header, *rows), 1, formats)


def feedback(truth: Truth) -> Sheet:
    """What customers said, a line each, newest last; most lines name the account."""
    draws = Draws(SEED + 3, len(SAID))
    members = _members(truth)
    ago, at, named, team = (draws.uniform() for _ in range(4))
    rows: list[Cells] = []
    for i, (segment, theme, quote) in enumerate(SAID):
        pool = members.get(segment, members[""])
        account = pool[int(at[i] * len(pool))] if named[i] < 0.75 else None
        day = (LAST_DAY - int(2 + 350 * ago[i])).item()
        rows.append([day, TEAMS[int(team[i] * len(TEAMS))], segment or None, account, quote, theme])
    header = ["Date", "Team", "Segment", "Account", "Quote", "Theme"]
    return Sheet("Feedback", (header, *sorted(rows, key=lambda row: row[0])), 0, ("date",))


def my_segments() -> Sheet:
    """What people at Lessonry believe in."""
    header = ["Segment", "Condition 1", "Condition 2", "Condition 3", "Suggested by"]
    rows: list[Cells] = [
        [LAW, "Industry = Law firm", None, None, "CEO"],
        [ENTERPRISE, "Employees >= 1000", None, None, "Head of sales"],
        [FREELANCE, "Industry = Freelancer", None, None, "Marketing"],
    ]
    return Sheet("My segments", (header, *rows))


def _members(truth: Truth) -> dict[str, list[str]]:
    """Accounts that could have said something: they tried, and belong."""
    c = truth.columns
    tried = ~np.isnat(c["trial_on"])
    rules = {
        STAR: star(c),
        SECOND: second(c),
        ENTERPRISE: enterprise(c),
        FREELANCE: c["industry"] == "Freelancer",
        LAW: c["industry"] == "Law firm",
        MIXERS: (c["usage_style"] == "Both") & ~enterprise(c) & ~star(c),
        "": ~star(c) & ~second(c) & ~enterprise(c) & (c["industry"] != "Freelancer"),
    }
    return {name: list(c["customer_id"][rule & tried]) for name, rule in rules.items()}


def _stages(truth: Truth, draws: Draws) -> list[str]:
    """Life-cycle stages as sales set them; some were never moved on after somebody left."""
    left, paid, tried = (
        ~np.isnat(truth[name]) for name in ("churned_on", "converted_on", "trial_on")
    )
    forgotten = draws.yes(0.06)
    stage = np.where(left, 3, np.where(paid, 2, np.where(tried, 1, 0)))
    stage = np.where(left & forgotten, 2, stage)
    return [STAGES[s] for s in stage]


def _spelled(key: str, at: float) -> str:
    """An account number as finance types it: sometimes small letters, sometimes a space."""
    if at < 0.04:
        return f"{key} "
    if at < 0.10:
        return key.lower()
    return key


def _companies(truth: Truth, draws: Draws) -> list[str]:
    first, last, end = (draws.uniform() for _ in range(3))
    names = []
    for i, industry in enumerate(truth["industry"]):
        ends = FIRM_ENDS[industry]
        a, b = FIRM_WORDS[int(first[i] * len(FIRM_WORDS))], SURNAMES[int(last[i] * len(SURNAMES))]
        names.append(f"{a} {b} {ends[int(end[i] * len(ends))]}")
    return names


def _mails(companies: Sequence[str], draws: Draws) -> list[str]:
    """Addresses at .example, which belongs to nobody."""
    u = draws.uniform()
    mails = []
    for i, company in enumerate(companies):
        words = "".join(ch if ch.isalnum() else " " for ch in company.lower()).split()
        person = FIRST_NAMES[int(u[i] * len(FIRST_NAMES))].lower()
        mails.append(f"{person}{i}@{'-'.join(words)}.example")
    return mails


def _days(column: Any) -> list[date | None]:
    return [None if np.isnat(value) else value.item() for value in column]


def _lines(columns: Sequence[Any]) -> list[Cells]:
    return [[_plain(value) for value in row] for row in zip(*columns, strict=True)]


def _plain(value: Any) -> Any:
    """A cell's content without numpy: nothing for unknown."""
    value = value.item() if isinstance(value, np.generic) else value
    return None if value == "" or value != value else value
