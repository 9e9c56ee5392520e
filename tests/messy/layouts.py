"""How teams spread one truth over sheets: which tables a business of each kind keeps, in whose headers."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from math import fsum
from typing import Any

from . import words
from .pages import Table
from .truth import LAST_DAY, LEAD, TRIAL, Company, money_a_month


@dataclass(slots=True)
class Layout:
    """The tables by what their sheet is called (a key of `words.SHEETS`, or a name), and what they say."""

    name: str
    tables: dict[str, Table]
    customers: str  # key of the table whose rows are the customers
    says_mrr: bool = False
    revenue: float | None = None
    asks: bool = False
    people: list[Company] = field(default_factory=list)
    segments: tuple[str, ...] = ("industry", "country", "channel")
    joined: tuple[str, ...] = ()


Build = Callable[[random.Random, list[Company], str], Layout]


class Headers:
    """One wording for each concept, the same on all sheets or not."""

    def __init__(self, draw: random.Random, language: str) -> None:
        self.draw, self.language = draw, language

    def __call__(self, concepts: list[str]) -> list[str]:
        made: list[str] = []
        for concept in concepts:
            options = [h for h in words.HEADERS[self.language][concept] if h not in made]
            made.append(self.draw.choice(options))
        return made


def table_of(
    head: Headers, concepts: list[str], rows: list[list[Any]], *, total: bool = False
) -> Table:
    return Table(concepts, head(concepts), rows, total=total)


_FACTS = {
    "id": lambda p: p.id,
    "company": lambda p: p.company,
    "email": lambda p: p.email,
    "industry": lambda p: p.industry,
    "country": lambda p: p.country,
    "size": lambda p: p.size,
    "channel": lambda p: p.channel,
    "owner": lambda p: p.owner,
    "created": lambda p: p.created,
    "trial": lambda p: p.trial,
    "converted": lambda p: p.converted,
    "churned": lambda p: p.churned,
    "mrr": lambda p: p.mrr,
    "retainer": lambda p: p.mrr,
    "plan": lambda p: p.plan,
    "notes": lambda p: "call back" if p.id.endswith("7") else None,
    "deal": lambda p: p.id,
    "deal_value": lambda p: p.value,
    "opened": lambda p: p.created,
    "closed": lambda p: p.converted,
}


def rows_of(
    people: list[Company], concepts: list[str], said: dict[str, list[Any]]
) -> list[list[Any]]:
    return [
        [said[c][i] if c in said else _FACTS[c](p) for c in concepts] for i, p in enumerate(people)
    ]


def _statuses(draw: random.Random, people: list[Company], language: str) -> list[str]:
    """A word for each, one word or two a status, as one system would."""
    chosen = [draw.sample(found, k=min(2, len(found))) for found in words.STATUSES[language]]
    return [draw.choice(chosen[p.status]) for p in people]


_WHO = ["id", "company", "email", "industry", "country", "size", "channel", "owner"]


def _who(draw: random.Random) -> list[str]:
    """Id and company first, the rest shuffled, some left out."""
    rest = _WHO[3:]
    draw.shuffle(rest)
    must = {"industry", "country", "channel"}
    rest = [c for c in rest if c in must or draw.random() < 0.7]
    return ["id", "company", *(["email"] if draw.random() < 0.7 else []), *rest]


def one_sheet(draw: random.Random, people: list[Company], language: str) -> Layout:
    """Everything of a subscriber in one row."""
    head = Headers(draw, language)
    concepts = [*_who(draw), "created", "trial", "converted", "churned", "plan", "mrr", "notes"]
    said = {}
    if draw.random() < 0.4:
        concepts.insert(2, "status")
        said["status"] = _statuses(draw, people, language)
    table = table_of(head, concepts, rows_of(people, concepts, said), total=True)
    return Layout("one sheet", {"customers": table}, "customers", says_mrr=True)


def crm_and_billing(draw: random.Random, people: list[Company], language: str) -> Layout:
    """Leads and trials in the CRM, money and leaving in billing."""
    head = Headers(draw, language)
    concepts = [*_who(draw), "created", "trial", "notes"]
    crm = table_of(head, concepts, rows_of(people, concepts, {}))
    paying = [p for p in people if p.converted]
    draw.shuffle(paying)
    concepts = ["id", "plan", "mrr", "converted", "churned"]
    if draw.random() < 0.5:
        concepts.insert(1, "company")
    billing = table_of(head, concepts, rows_of(paying, concepts, {}), total=True)
    tables = {"customers": crm, "billing": billing}
    return Layout("crm and billing", tables, "customers", says_mrr=True, joined=("billing",))


def crm_and_subscriptions(draw: random.Random, people: list[Company], language: str) -> Layout:
    """A row a stretch of a plan: several a customer."""
    head = Headers(draw, language)
    concepts = [*_who(draw), "created", "trial"]
    crm = table_of(head, concepts, rows_of(people, concepts, {}))
    rows = [[p.id, s.plan, s.price, s.start, s.end] for p in people for s in p.subscriptions]
    subs = table_of(head, ["id", "plan", "mrr", "start", "end"], rows, total=True)
    tables = {"customers": crm, "subscriptions": subs}
    return Layout("subscriptions", tables, "customers", says_mrr=True, joined=("subscriptions",))


def crm_and_invoices(draw: random.Random, people: list[Company], language: str) -> Layout:
    """Dates in the CRM, a row an invoice, credit notes below zero."""
    head = Headers(draw, language)
    concepts = [*_who(draw), "created", "trial", "converted", "churned"]
    crm = table_of(head, concepts, rows_of(people, concepts, {}))
    rows = [[p.id, o.day, o.amount] for p in people for o in p.orders]
    rows.sort(key=lambda row: row[1])
    rows = [[f"INV-{i + 1001}", *row] for i, row in enumerate(rows)]
    bills = table_of(head, ["invoice", "id", "invoiced", "amount"], rows, total=True)
    money = fsum(row[3] for row in rows)
    tables = {"customers": crm, "invoices": bills}
    return Layout("invoices", tables, "customers", revenue=money, joined=("invoices",))


def statuses_only(draw: random.Random, people: list[Company], language: str) -> Layout:
    """A list of clients with a word for where they stand and what they pay; no dates."""
    head = Headers(draw, language)
    concepts = [*_who(draw), "status", "retainer", "notes"]
    said = {"status": _statuses(draw, people, language)}
    table = table_of(head, concepts, rows_of(people, concepts, said), total=True)
    return Layout("statuses only", {"customers": table}, "customers", says_mrr=True)


def list_of_deals(draw: random.Random, people: list[Company], language: str) -> Layout:
    """One row a deal with its stage."""
    head = Headers(draw, language)
    concepts = [
        "deal",
        "company",
        "owner",
        "industry",
        "country",
        "channel",
        "stage",
        "deal_value",
        "opened",
        "closed",
    ]
    table = table_of(
        head,
        concepts,
        rows_of(people, concepts, {"stage": _stages(draw, people, language)}),
        total=True,
    )
    return Layout("deals", {"deals": table}, "deals", revenue=won_by(people))


def _stages(draw: random.Random, people: list[Company], language: str) -> list[str]:
    won, lost, still = words.OUTCOMES[language]
    one = {"won": draw.choice(won), "lost": draw.choice(lost)}
    return [one.get(p.outcome) or draw.choice(still) for p in people]


def won_by(people: list[Company]) -> float:
    return fsum(p.value or 0.0 for p in people if p.outcome == "won")


def accounts_and_deals(draw: random.Random, people: list[Company], language: str) -> Layout:
    """Accounts with their industry on one sheet, a deal of each on the other."""
    head = Headers(draw, language)
    concepts = ["company", "industry", "country", "size", "email"]
    accounts = table_of(head, concepts, rows_of(people, concepts, {}))
    concepts = ["deal", "company", "owner", "channel", "stage", "deal_value", "opened", "closed"]
    rows = rows_of(people, concepts, {"stage": _stages(draw, people, language)})
    deals = table_of(head, concepts, rows, total=True)
    tables = {"customers": accounts, "deals": deals}
    return Layout(
        "accounts and deals", tables, "deals", revenue=won_by(people), joined=("customers",)
    )


def customers_and_orders(draw: random.Random, people: list[Company], language: str) -> Layout:
    """A list of buyers and newsletter sign-ups, and their orders with refunds."""
    head = Headers(draw, language)
    concepts = [*_who(draw), "created"]
    if any(p.churned for p in people):
        concepts.append("churned")
    crm = table_of(head, concepts, rows_of(people, concepts, {}))
    orders = _order_table(head, people)
    tables = {"customers": crm, "orders": orders}
    money = fsum(o.amount for p in people for o in p.orders)
    return Layout("orders", tables, "customers", revenue=money, joined=("orders",))


def _order_table(head: Headers, people: list[Company]) -> Table:
    rows = [[p.id, o.day, o.amount] for p in people for o in p.orders]
    rows.sort(key=lambda row: row[1])
    rows = [[f"SO{i + 50001}", *row] for i, row in enumerate(rows)]
    return table_of(head, ["order", "id", "ordered", "value"], rows, total=True)


def orders_by_year(draw: random.Random, people: list[Company], language: str) -> Layout:
    """Orders on a sheet a year."""
    made = customers_and_orders(draw, people, language)
    orders = made.tables.pop("orders")
    day = orders.at("ordered")
    for year in (2024, 2025):
        rows = [row for row in orders.rows if row[day].year == year]
        name = words.SHEETS[language]["orders"][0]
        made.tables[f"{name} {year}"] = Table(orders.concepts, orders.headers, rows, total=True)
    return replace(
        made, name="orders by year", joined=tuple(k for k in made.tables if k != "customers")
    )


def flags(draw: random.Random, people: list[Company], language: str) -> Layout:
    """Yes and no instead of dates, months instead of a start."""
    head = Headers(draw, language)
    yes, no = words.YES_NO[language]
    people = [p for p in people if p.converted]
    concepts = [*_who(draw), "tenure", "churn_flag", "mrr"]
    said: dict[str, list[Any]] = {
        "tenure": [float(max(1, ((p.churned or LAST_DAY) - _start(p)).days // 30)) for p in people],
        "churn_flag": [yes if p.churned else no for p in people],
    }
    table = table_of(head, concepts, rows_of(people, concepts, said), total=True)
    return Layout("flags", {"customers": table}, "customers", says_mrr=True, people=people)


def _start(one: Company) -> date:
    assert one.converted is not None
    return one.converted


def cancellations(draw: random.Random, people: list[Company], language: str) -> Layout:
    """Customers on one sheet, who left on another with the reason, trials on a third."""
    head = Headers(draw, language)
    concepts = [*_who(draw), "created", "converted", "plan", "mrr"]
    crm = table_of(head, concepts, rows_of(people, concepts, {}), total=True)
    left = [p for p in people if p.churned]
    reasons = [draw.choice(["price", "missing feature", "went bankrupt"]) for _ in left]
    gone = table_of(
        head,
        ["id", "company", "churned", "reason"],
        rows_of(left, ["id", "company", "churned", "reason"], {"reason": reasons}),
    )
    tried = [p for p in people if p.trial]
    trials = table_of(head, ["id", "trial"], rows_of(tried, ["id", "trial"], {}))
    tables = {"customers": crm, "cancellations": gone, "trials": trials}
    return Layout(
        "cancellations", tables, "customers", says_mrr=True, joined=("cancellations", "trials")
    )


def leads_and_customers(draw: random.Random, people: list[Company], language: str) -> Layout:
    """All leads as the CRM has them, and the customers of billing under numbers of its own, met by address."""
    head = Headers(draw, language)
    concepts = ["lead", "company", "email", "industry", "country", "channel", "created"]
    rows = rows_of(people, concepts, {"lead": [f"L-{9000 + i}" for i in range(len(people))]})
    leads = table_of(head, concepts, rows)
    paying = [p for p in people if p.converted]
    draw.shuffle(paying)
    concepts = ["id", "email", "plan", "mrr", "converted", "churned"]
    billing = table_of(head, concepts, rows_of(paying, concepts, {}), total=True)
    for p in people:
        p.status = LEAD if p.status == TRIAL else p.status  # no sheet tells of trials
    tables = {"leads": leads, "billing": billing}
    return Layout("leads and customers", tables, "leads", says_mrr=True, joined=("billing",))


LAYOUTS: dict[str, tuple[Build, ...]] = {
    "self-serve": (
        one_sheet,
        crm_and_billing,
        crm_and_subscriptions,
        crm_and_invoices,
        flags,
        cancellations,
        leads_and_customers,
    ),
    "sales-led": (list_of_deals, accounts_and_deals),
    "shop": (customers_and_orders, orders_by_year),
    "agency": (statuses_only,),
    "marketplace": (customers_and_orders,),
}


def mrr_of(layout: Layout, people: list[Company]) -> float | None:
    return money_a_month(layout.people or people) if layout.says_mrr else None
