"""The clean truth behind a messy workbook: who the customers are, and what an honest count of them must give."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import fsum

from . import words

KINDS = ("self-serve", "sales-led", "shop", "agency", "marketplace")
LEAD, TRIAL, CUSTOMER, CHURNED = range(4)
LAST_DAY = date(2025, 6, 30)
_NAMES = (
    "Alder", "Birch", "Cedar", "Delta", "Ember", "Falcon", "Garnet", "Harbor", "Indigo", "Juniper", "Kestrel", "Lumen",
    "Maple", "Nimbus", "Orchid", "Pepper", "Quartz", "Raven", "Saffron", "Timber", "Umber", "Velvet", "Willow", "Xenon",
    "Yarrow", "Zephyr",
)  # fmt: skip
_THINGS = (
    "Works", "Labs", "Partners", "Studio", "Foods", "Systems", "Media", "Trading", "Care", "Logistics",
)  # fmt: skip


@dataclass(slots=True)
class Order:
    """One invoice or order; refunds and credit notes are negative."""

    number: str
    day: date
    amount: float


@dataclass(slots=True)
class Subscription:
    """A stretch of one plan."""

    plan: str
    price: float
    start: date
    end: date | None


@dataclass(slots=True)
class Company:
    """One lead, customer or deal as it truly is."""

    id: str
    company: str
    email: str
    industry: str
    country: str
    size: str
    channel: str
    owner: str
    created: date
    status: int
    trial: date | None = None
    converted: date | None = None
    churned: date | None = None
    plan: str | None = None
    mrr: float | None = None
    outcome: str = ""  # won, lost, open
    value: float | None = None  # of the deal
    orders: list[Order] = field(default_factory=list)
    subscriptions: list[Subscription] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that was spoilt on purpose, and where."""

    sheet: str
    cell: str
    kind: str
    detail: str


@dataclass(slots=True)
class Truth:
    """What a run without options must find, and which problems data health must name."""

    kind: str
    seed: int
    language: str
    layout: str
    counts: tuple[int, int, int, int]  # leads, trials, customers, churned
    mrr: float | None  # sum of the money a month; None where no sheet says it
    revenue: float | None  # sum of all invoices, orders or won deals
    converted: int
    segments: dict[str, Counter[str]]  # header as written -> value -> how many
    sheets: dict[str, str] = field(default_factory=dict)  # name -> what it is
    problems: list[Problem] = field(default_factory=list)
    ignored_money: float = 0.0

    @property
    def n(self) -> int:
        return sum(self.counts)


def companies(seed: int, kind: str, language: str, n: int) -> list[Company]:
    """`n` leads and customers of a business of that kind."""
    draw = random.Random(f"{seed}-{kind}")
    prefix = draw.choice(["C-", "", "K", "ACC", "CU-"])
    first = draw.choice([1, 1000, 20000])
    people = [
        _company(draw, language, f"{prefix}{first + i:0{draw_width(prefix)}d}", i) for i in range(n)
    ]
    lives = {"self-serve": _subscriber, "sales-led": _deal, "shop": _shopper}
    for one in people:
        lives.get(kind, _client if kind == "agency" else _seller)(draw, one)
    return people


def draw_width(prefix: str) -> int:
    """Digits of an id: prefixed ones keep zeros."""
    return 5 if prefix else 1


def _company(draw: random.Random, language: str, number: str, i: int) -> Company:
    first, second = _NAMES[i % len(_NAMES)], _THINGS[(i // len(_NAMES)) % len(_THINGS)]
    part = i // (len(_NAMES) * len(_THINGS))
    name = f"{first} {second}{f' {part + 1}' if part else ''}"
    industries = words.INDUSTRIES[language]
    return Company(
        id=number,
        company=f"{name} {draw.choice(words.LEGAL[language])}",
        email=f"{draw.choice(['info', 'anna', 'tom', 'office'])}@{name.lower().replace(' ', '')}.example",
        industry=draw.choices(industries, weights=range(len(industries), 0, -1))[0],
        country=draw.choice(words.COUNTRIES[language]),
        size=draw.choice(words.SIZES),
        channel=draw.choice(words.CHANNELS),
        owner=draw.choice(words.OWNERS),
        created=date(2024, 1, 2) + timedelta(draw.randrange(500)),
        status=LEAD,
    )


def _subscriber(draw: random.Random, one: Company) -> None:
    if draw.random() < 0.25:
        return
    one.trial = one.created + timedelta(draw.randrange(3))
    one.status = TRIAL
    if draw.random() < 0.4:
        return
    one.converted = one.trial + timedelta(draw.randrange(5, 29))
    one.status = CUSTOMER
    plan, price = draw.choice(words.PLANS)
    one.plan, one.mrr = plan, price
    if draw.random() < 0.3:
        one.churned = min(one.converted + timedelta(draw.randrange(32, 300)), LAST_DAY)
        one.status = CHURNED
    _subscribe(draw, one)
    _invoice_monthly(draw, one)


def _subscribe(draw: random.Random, one: Company) -> None:
    """One subscription, or two where the plan was changed."""
    assert one.converted is not None
    end = one.churned or LAST_DAY
    before = one.converted
    if (end - before).days > 90 and draw.random() < 0.35:
        other, price = draw.choice(words.PLANS)
        change = before + timedelta((end - before).days // 2)
        one.subscriptions.append(Subscription(other, price, before, change))
        before = change
    one.subscriptions.append(Subscription(str(one.plan), float(one.mrr or 0), before, one.churned))


def _invoice_monthly(draw: random.Random, one: Company) -> None:
    assert one.converted is not None
    day, end = one.converted, one.churned or LAST_DAY
    while day <= end:
        price = next(s.price for s in reversed(one.subscriptions) if s.start <= day)
        one.orders.append(Order("", day, price))
        if draw.random() < 0.03:
            one.orders.append(Order("", day + timedelta(2), -price))
        month = day.month % 12 + 1
        day = date(day.year + (day.month == 12), month, min(day.day, 28))


def _deal(draw: random.Random, one: Company) -> None:
    one.outcome = draw.choices(["won", "lost", "open"], weights=[4, 4, 2])[0]
    one.value = float(draw.randrange(20, 400) * 100)
    if one.outcome != "open":
        one.converted = one.created + timedelta(draw.randrange(10, 60))
    one.status = CUSTOMER if one.outcome == "won" else LEAD


def _shopper(draw: random.Random, one: Company) -> None:
    if draw.random() < 0.2:
        return
    one.status = CUSTOMER
    day = one.created + timedelta(draw.randrange(20))
    for _ in range(draw.choice([1, 1, 2, 3, 5])):
        if day > LAST_DAY:
            break
        amount = draw.randrange(1500, 30000) / 100
        one.orders.append(Order("", day, amount))
        if draw.random() < 0.04:
            one.orders.append(Order("", day + timedelta(5), -amount))
        day += timedelta(draw.randrange(9, 120))
    one.converted = one.orders[0].day


def _client(draw: random.Random, one: Company) -> None:
    """A client under contract, with no dates anywhere."""
    one.status = draw.choices([LEAD, CUSTOMER, CHURNED], weights=[3, 5, 2])[0]
    if one.status != LEAD:
        one.mrr = float(draw.randrange(10, 120) * 50)


def _seller(draw: random.Random, one: Company) -> None:
    """A seller that lists, sells and may close the account."""
    _shopper(draw, one)
    if one.orders and draw.random() < 0.2:
        last = max(o.day for o in one.orders)
        one.churned = min(last + timedelta(draw.randrange(20, 90)), LAST_DAY)
        one.status = CHURNED


def counted(people: list[Company]) -> tuple[int, int, int, int]:
    """Leads, trials, customers, churned."""
    found = Counter(p.status for p in people)
    return found[LEAD], found[TRIAL], found[CUSTOMER], found[CHURNED]


def money_a_month(people: list[Company]) -> float:
    """What those who pay or paid are charged a month."""
    return fsum(p.mrr or 0.0 for p in people)


def invoiced(people: list[Company]) -> float:
    """All invoices or orders, refunds taken off."""
    return fsum(o.amount for p in people for o in p.orders)
