"""What is true of Lessonry's leads, trials and customers: one row each, with the stories of README.md planted.

Nothing here is measured from real people; every share below is made up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from examples.lessonry.draws import Array, Draws, first_of

SEED = 20260630
ROWS = 6000
FIRST_DAY, LAST_DAY = np.datetime64("2023-07-01"), np.datetime64("2026-06-30")
DAYS_A_MONTH = 30.4375
LAW_FIRMS = 4  # all of them became customers, and all of them stay
ENTERPRISE_FROM = 1000  # employees

INDUSTRIES = {
    "Freelancer": 37,
    "Agency": 16,
    "Coaching": 14,
    "Consulting": 9,
    "Manufacturing": 7,
    "Healthcare": 7,
    "Retail": 6,
    "Construction": 4,
}
STAFF = {  # fewest, most
    "Freelancer": (1, 3),
    "Agency": (2, 60),
    "Coaching": (1, 6),
    "Consulting": (1, 80),
    "Manufacturing": (10, 900),
    "Healthcare": (5, 700),
    "Retail": (3, 600),
    "Construction": (4, 300),
}
LARGE = ("Manufacturing", "Retail", "Consulting")  # where enterprises come from
COUNTRIES = {
    "Agency": {"Netherlands": 36, "United Kingdom": 20, "Germany": 18, "Belgium": 8, "France": 8, "United States": 10},
    "": {"Netherlands": 17, "United Kingdom": 23, "Germany": 23, "Belgium": 9, "France": 14, "United States": 14},
}  # fmt: skip
LANGUAGES = {  # English is at home everywhere, so language alone does not give the country away
    "Netherlands": {"Dutch": 55, "English": 45},
    "Belgium": {"Dutch": 45, "French": 35, "English": 20},
    "Germany": {"German": 70, "English": 30},
    "France": {"French": 75, "English": 25},
    "": {"English": 100},
}
BUYERS = {
    "Freelancer": {"Owner": 92, "Marketing": 8},
    "Coaching": {"Owner": 78, "Operations": 12, "Marketing": 10},
    "": {"Owner": 30, "HR and learning": 30, "Operations": 22, "Marketing": 18},
}
SENIORITY = {
    "Owner": {"Founder": 80, "Director": 20},
    "": {"Director": 25, "Manager": 50, "Specialist": 25},
}
GOALS = {"Save time": 30, "Sell courses": 25, "Train new staff": 25, "Meet regulations": 20}
DEVICES = {"Desktop": 58, "Mobile": 30, "Tablet": 12}
USAGE = {"On demand": 40, "Live": 30, "Both": 30}
CHANNELS = {
    "Freelancer": {"Paid search": 50, "Organic search": 30, "Social ads": 14, "Referral": 6},
    "Agency": {"Organic search": 38, "Paid search": 24, "Partner": 26, "Referral": 12},
    "Coaching": {"Referral": 42, "Organic search": 28, "Paid search": 18, "Social ads": 12},
    "Healthcare": {"Organic search": 44, "Partner": 36, "Paid search": 14, "Referral": 6},
    "Enterprise": {"Events": 84, "Partner": 16},
    "": {"Organic search": 33, "Paid search": 30, "Partner": 19, "Referral": 11, "Events": 2, "Social ads": 5},
}  # fmt: skip
OWNERS = {"Enterprise": {"I. Brandt": 55, "T. Okafor": 45},
          "": {"A. Visser": 20, "M. Laurent": 20, "S. Keller": 19, "R. Hughes": 18,
               "N. Ferrari": 14, "T. Okafor": 9}}  # fmt: skip
PLANS = {"Enterprise": {"Quarterly": 72, "Monthly": 24, "Annual": 4},
         "": {"Monthly": 60, "Annual": 26, "Quarterly": 14}}  # fmt: skip
PAYMENTS = {"Enterprise": {"Invoice": 100},
            "": {"Card": 62, "Direct debit": 26, "Invoice": 12}}  # fmt: skip
MONTHLY_SPEND = {  # a usual month
    "Paid search": 9200,
    "Organic search": 5100,
    "Social ads": 2600,
    "Referral": 1900,
    "Partner": 3900,
    "Events": 26500,
}
TRAITS = (
    "industry", "employees", "founded_year", "buyer_role", "seniority", "country", "language",
    "main_goal", "usage_style", "device", "plan", "payment_method",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """Columns by name, one value a row: dates are datetime64[D], unknown is NaT, NaN or an empty text."""

    columns: dict[str, Array]
    spend: dict[str, Array]  # channel, month (datetime64[M]), spend

    def __getitem__(self, name: str) -> Array:
        return self.columns[name]


def make_truth(seed: int = SEED, n: int = ROWS) -> Truth:
    """Everybody who ever came, in the order they came."""
    draws = Draws(seed, n)
    c: dict[str, Array] = {}
    _who(draws, c)
    _journey(draws, c)
    _billing(draws, c)
    _usage(draws, c)
    spend = _spend(seed)
    c["acquisition_cost"] = spread(spend, c["channel"], c["converted_on"])
    order = np.argsort(c["created_on"], kind="stable")
    c = {name: column[order] for name, column in c.items()}
    c["customer_id"] = np.array([f"LS-{10001 + i}" for i in range(n)], object)
    return Truth(c, spend)


def enterprise(c: dict[str, Array]) -> Array:
    """Firms of a thousand people or more."""
    return c["employees"] >= ENTERPRISE_FROM


def star(c: dict[str, Array]) -> Array:
    """The small segment that converts twice as often and stays."""
    return (c["industry"] == "Agency") & (c["country"] == "Netherlands")


def second(c: dict[str, Array]) -> Array:
    """The second bet: coaches who were sent by somebody."""
    return (c["industry"] == "Coaching") & (c["channel"] == "Referral")


def _who(draws: Draws, c: dict[str, Array]) -> None:
    industry = draws.pick(INDUSTRIES)
    low, high = (np.array([STAFF[i][side] for i in industry]) for side in (0, 1))
    staff = draws.whole(low, high)
    large = np.isin(industry, LARGE) & draws.yes(0.27)
    c["employees"] = np.where(large, draws.whole(ENTERPRISE_FROM, 9000), staff)
    industry[np.linspace(400, draws.n - 700, LAW_FIRMS).astype(int)] = "Law firm"
    c["industry"] = industry
    law = industry == "Law firm"
    c["employees"] = np.where(law, draws.whole(8, 60), c["employees"])
    group = np.where(enterprise(c), "Enterprise", industry).astype(object)
    c["founded_year"] = 2024 - draws.whole(1, np.where(enterprise(c), 90, 34))
    c["buyer_role"] = draws.pick_by(group, BUYERS)
    c["seniority"] = draws.pick_by(c["buyer_role"], SENIORITY)
    c["country"] = draws.pick_by(industry, COUNTRIES)
    c["language"] = draws.pick_by(c["country"], LANGUAGES)
    c["main_goal"] = draws.pick(GOALS)
    c["device"] = draws.pick(DEVICES)
    c["usage_style"] = draws.pick(USAGE)
    c["channel"] = draws.pick_by(group, CHANNELS)
    c["owner"] = draws.pick_by(group, OWNERS)
    c["plan"] = draws.pick_by(group, PLANS)
    c["payment_method"] = draws.pick_by(group, PAYMENTS)


def _journey(draws: Draws, c: dict[str, Array]) -> None:
    """When they came, tried, paid and left. Rounded to whole billing periods: an annual plan can't end sooner."""
    law = c["industry"] == "Law firm"
    span = int((LAST_DAY - FIRST_DAY).astype(int))
    c["created_on"] = FIRST_DAY + (span * draws.uniform() ** 0.8).astype(int)
    tries = draws.yes(np.where(law, 1.0, 0.74))
    trial = c["created_on"] + np.floor(draws.waiting(5.0)).astype(int)
    buys = draws.yes(_chance(c))
    days = 1 + np.floor(draws.waiting(_days_to_decide(c), 1.6)).astype(int)
    paid = trial + days
    trial = np.where(tries & (trial <= LAST_DAY), trial, np.datetime64("NaT"))
    paid = np.where(buys & (paid <= LAST_DAY) & ~np.isnat(trial), paid, np.datetime64("NaT"))
    period = first_of([(c["plan"] == "Annual", 12), (c["plan"] == "Quarterly", 3)], 1)
    life = draws.waiting(_life_scale(c), np.where(enterprise(c), 2.2, 1.0))
    months = np.ceil(life / period) * period
    left = paid + np.floor(months * DAYS_A_MONTH).astype(int)
    c["trial_on"], c["converted_on"] = trial, paid
    c["churned_on"] = np.where((left <= LAST_DAY) & ~law, left, np.datetime64("NaT"))


def _chance(c: dict[str, Array]) -> Array:
    """Chance that a trial becomes a customer."""
    industry, dutch = c["industry"], c["country"] == "Netherlands"
    base = first_of(
        [
            (industry == "Law firm", 1.0),
            (star(c), 0.55),
            (second(c), 0.46),
            (enterprise(c), 0.27),
            (industry == "Healthcare", 0.39),  # buys well; stays and pays like everybody
            (industry == "Freelancer", 0.165),
            (np.isin(industry, ("Agency", "Coaching")) | dutch, 0.20),
        ],
        0.225,
    )
    nudge = first_of(
        [(c["channel"] == "Social ads", -0.03), (c["main_goal"] == "Sell courses", 0.01)], 0.0
    )
    return base + np.where(c["industry"] == "Law firm", 0.0, nudge)


def _days_to_decide(c: dict[str, Array]) -> Array:
    return first_of([(star(c), 11.0), (enterprise(c), 75.0)], 17.0)


def _life_scale(c: dict[str, Array]) -> Array:
    """Months until about two in three would be gone, were the contract not to hold them."""
    monthly = first_of(
        [(star(c), 0.011), (second(c), 0.017), (c["industry"] == "Freelancer", 0.062)], 0.034
    )
    mixing = np.where((c["usage_style"] == "Both") & ~star(c), 2.3, 0.8)
    failing = np.where(c["payment_method"] == "Card", 1.08, 0.95)
    contract = np.where(c["plan"] == "Annual", 0.45, 1.0)
    return np.where(enterprise(c), 8.6, 1 / (monthly * mixing * failing * contract))


def _billing(draws: Draws, c: dict[str, Array]) -> None:
    pays = ~np.isnat(c["converted_on"])
    price = 59 + 2.1 * np.minimum(c["employees"], 120)
    own = [
        (c["industry"] == "Law firm", 240.0),
        (enterprise(c), 1180.0),
        (star(c), 205.0),
        (c["industry"] == "Coaching", 112.0),
        (c["industry"] == "Freelancer", 39.0),
    ]
    monthly = np.round(draws.near(np.select([r for r, _ in own], [v for _, v in own], price), 0.22))
    margin = np.where(enterprise(c), 0.62, 0.81) + 0.04 * (draws.uniform() - 0.5)
    c["revenue_monthly"] = np.where(pays, np.maximum(monthly, 19), np.nan)
    c["gross_margin"] = np.where(pays, np.round(margin, 3), np.nan)
    for name in ("plan", "payment_method"):
        c[name] = np.where(pays, c[name], "").astype(object)


def _usage(draws: Draws, c: dict[str, Array]) -> None:
    """Sessions and shares of those who tried; the style is what the shares say."""
    tried = ~np.isnat(c["trial_on"])
    style = c["usage_style"]
    c["sessions_monthly"] = np.where(tried, np.round(draws.near(14, 0.5)), np.nan)
    low, high = 0.03 + 0.14 * draws.uniform(), 0.38 + 0.24 * draws.uniform()
    recorded = np.select([style == "On demand", style == "Live"], [1 - low, low], high)
    c["recorded_share"] = np.where(tried, np.round(recorded, 2), np.nan)
    c["live_share"] = np.where(tried, np.round(1 - c["recorded_share"], 2), np.nan)
    for name in ("usage_style", "device"):
        c[name] = np.where(tried, c[name], "").astype(object)


def _spend(seed: int) -> dict[str, Array]:
    """A line a channel and month; more in spring and autumn, some up and down."""
    months = np.arange(FIRST_DAY.astype("M8[M]"), LAST_DAY.astype("M8[M]") + 1)
    channel = np.repeat(np.array(list(MONTHLY_SPEND), object), len(months))
    month = np.tile(months, len(MONTHLY_SPEND))
    usual = np.array([MONTHLY_SPEND[name] for name in channel], float)
    season = 1 + 0.15 * np.cos(2 * np.pi * ((month.astype(int) % 12) - 3) / 6)
    spent = Draws(seed + 1, len(month)).near(usual * season, 0.10)
    return {"channel": channel, "month": month, "spend": np.round(spent, -1)}


def spread(spend: dict[str, Array], channel: Array, converted_on: Array) -> Array:
    """What a channel cost in all over the customers it brought, the same for each; NaN for nobody's customer."""
    cost = np.full(len(channel), np.nan)
    for name in MONTHLY_SPEND:
        won = (channel == name) & ~np.isnat(converted_on)
        cost[won] = spend["spend"][spend["channel"] == name].sum() / max(1, won.sum())
    return np.round(cost, 2)
