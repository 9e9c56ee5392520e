"""How teams spread one truth over sheets: which tables a business of each kind keeps, in whose headers."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from math import fsum
from typing import Any

from . import words
from .truth import CHURNED, CUSTOMER, LAST_DAY, LEAD, TRIAL, Company, money_a_month
from .pages import Table


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


def _table(head: Headers, concepts: list[str], rows: list[list[Any]], *, total: bool = False) -> Table:
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


def _rows(people: list[Company], concepts: list[str], said: dict[str, list[Any]]) -> list[list[Any]]:
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
    table = _table(head, concepts, _rows(people, concepts, said), total=True)
    return Layout("one sheet", {"customers": table}, "customers", says_mrr=True)


def crm_and_billing(draw: random.Random, people: list[Company], language: str) -> Layout:
    """Leads and trials in the CRM, money and leaving in billing."""
    head = Headers(draw, language)
    concepts = [*_who(draw), "created", "trial", "notes"]
    crm = _table(head, concepts, _rows(people, concepts, {}))
    paying = [p for p in people if p.converted]
    draw.shuffle(paying)
    concepts = ["id", "plan", "mrr", "converted", "churned"]
    if draw.random() < 0.5:
        concepts.insert(1, "company")
    billing = _table(head, concepts, _rows(paying, concepts, {}), total=True)
    tables = {"customers": crm, "billing": billing}
    return Layout("crm and billing", tables, "customers", says_mrr=True, joined=("billing",))


def crm_and_subscriptions(draw: random.Random, people: list[Company], language: str) -> Layout:
    """A row a stretch of a plan: several a customer."""
    head = Headers(draw, language)
    concepts = [*_who(draw), "created", "trial"]
    crm = _table(head, concepts, _rows(people, concepts, {}))
    rows = [
        [p.id, s.plan, s.price, s.start, s.end] for p in people for s in p.subscriptions
    ]
    subs = _table(head, ["id", "plan", "mrr", "start", "end"], rows, total=True)
    tables = {"customers": crm, "subscriptions": subs}
    return Layout("subscriptions", tables, "customers", says_mrr=True, joined=("subscriptions",))


def crm_and_invoices(draw: random.Random, people: list[Company], language: str) -> Layout:
    """Dates in the CRM, a row an invoice, credit notes below zero."""
    head = Headers(draw, language)
    concepts = [*_who(draw), "created", "trial", "converted", "churned"]
    crm = _table(head, concepts, _rows(people, concepts, {}))
    rows = [[p.id, o.day, o.amount] for p in people for o in p.orders]
    rows.sort(key=lambda row: row[1])
    rows = [[f"INV-{i + 1001}", *row] for i, row in enumerate(rows)]
    bills = _table(head, ["invoice", "id", "invoiced", "amount"], rows, total=True)
    money = fsum(row[3] for row in rows)
    tables = {"customers": crm, "invoices": bills}
    return Layout("invoices", tables, "customers", revenue=money, joined=("invoices",))


def statuses_only(draw: random.Random, people: list[Company], language: str) -> Layout:
    """A list of clients with a word for where they stand and what they pay; no dates."""
    head = Headers(draw, language)
    concepts = [*_who(draw), "status", "retainer", "notes"]
    said = {"status": _statuses(draw, people, language)}
    table = _table(head, concepts, _rows(people, concepts, said), total=True)
    return Layout("statuses only", {"customers": table}, "customers", says_mrr=True)


def list_of_deals(draw: random.Random, people: list[Company], language: str) -> Layout:
    """One row a deal with its stage."""
    head = Headers(draw, language)
    concepts = ["deal", "company", "owner", "industry", "country", "channel", "stage", "deal_value", "opened", "closed"]
    table = _table(head, concepts, _rows(people, concepts, {"stage": _stages(draw, people, language)}), total=True)
    return Layout("deals", {"deals": table}, "deals", revenue=_won(people))


def _stages(draw: random.Random, people: list[Company], language: str) -> list[str]:
    won, lost, still = words.OUTCOMES[language]
    one = {"won": draw.choice(won), "lost": draw.choice(lost)}
    return [one.get(p.outcome) or draw.choice(still) for p in people]


def _won(people: list[Company]) -> float:
    return fsum(p.value or 0.0 for p in people if p.outcome == "won")


def accounts_and_deals(draw: random.Random, people: list[Company], language: str) -> Layout:
    """Accounts with their industry on one sheet, a deal of each on the other."""
    head = Headers(draw, language)
    concepts = ["company", "industry", "country", "size", "email"]
    accounts = _table(head, concepts, _rows(people, concepts, {}))
    concepts = ["deal", "company", "owner", "channel", "stage", "deal_value", "opened", "closed"]
    rows = _rows(people, concepts, {"stage": _stages(draw, people, language)})
    deals = _table(head, concepts, rows, total=True)
    tables = {"customers": accounts, "deals": deals}
    return Layout("accounts and deals", tables, "deals", revenue=_won(people), joined=("customers",))


def customers_and_orders(draw: random.Random, people: list[Company], language: str) -> Layout:
    """A list of buyers and newsletter sign-ups, and their orders with refunds."""
    head = Headers(draw, language)
    concepts = [*_who(draw), "created"]
    if any(p.churned for p in people):
        concepts.append("churned")
    crm = _table(head, concepts, _rows(people, concepts, {}))
    orders = _order_table(head, people)
    tables = {"customers": crm, "orders": orders}
    money = fsum(o.amount for p in people for o in p.orders)
    return Layout("orders", tables, "customers", revenue=money, joined=("orders",))


def _order_table(head: Headers, people: list[Company]) -> Table:
    rows = [[p.id, o.day, o.amount] for p in people for o in p.orders]
    rows.sort(key=lambda row: row[1])
    rows = [[f"SO{i + 50001}", *row] for i, row in enumerate(rows)]
    return _table(head, ["order", "id", "ordered", "value"], rows, total=True)


def orders_by_year(draw: random.Random, people: list[Company], language: str) -> Layout:
    """Orders on a sheet a year."""
    made = customers_and_orders(draw, people, language)
    orders = made.tables.pop("orders")
    day = orders.at("ordered")
    for year in (2024, 2025):
        rows = [row for row in orders.rows if row[day].year == year]
        name = words.SHEETS[language]["orders"][0]
        made.tables[f"{name} {year}"] = Table(orders.concepts, orders.headers, rows, total=True)
    return replace(made, name="orders by year", joined=tuple(k for k in made.tables if k != "customers"))


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
    table = _table(head, concepts, _rows(people, concepts, said), total=True)
    return Layout("flags", {"customers": table}, "customers", says_mrr=True, people=people)


def _start(one: Company) -> date:
    assert one.converted is not None
    return one.converted


def cancellations(draw: random.Random, people: list[Company], language: str) -> Layout:
    """Customers on one sheet, who left on another with the reason, trials on a third."""
    head = Headers(draw, language)
    concepts = [*_who(draw), "created", "converted", "plan", "mrr"]
    crm = _table(head, concepts, _rows(people, concepts, {}), total=True)
    left = [p for p in people if p.churned]
    reasons = [draw.choice(["price", "missing feature", "went bankrupt"]) for _ in left]
    gone = _table(head, ["id", "company", "churned", "reason"], _rows(left, ["id", "company", "churned", "reason"], {"reason": reasons}))
    tried = [p for p in people if p.trial]
    trials = _table(head, ["id", "trial"], _rows(tried, ["id", "trial"], {}))
    tables = {"customers": crm, "cancellations": gone, "trials": trials}
    return Layout("cancellations", tables, "customers", says_mrr=True, joined=("cancellations", "trials"))


def leads_and_customers(draw: random.Random, people: list[Company], language: str) -> Layout:
    """All leads as the CRM has them, and the customers of billing under numbers of its own, met by address."""
    head = Headers(draw, language)
    concepts = ["lead", "company", "email", "industry", "country", "channel", "created"]
    rows = _rows(people, concepts, {"lead": [f"L-{9000 + i}" for i in range(len(people))]})
    leads = _table(head, concepts, rows)
    paying = [p for p in people if p.converted]
    draw.shuffle(paying)
    concepts = ["id", "email", "plan", "mrr", "converted", "churned"]
    billing = _table(head, concepts, _rows(paying, concepts, {}), total=True)
    for p in people:
        p.status = LEAD if p.status == TRIAL else p.status  # no sheet tells of trials
    tables = {"leads": leads, "billing": billing}
    return Layout("leads and customers", tables, "leads", says_mrr=True, joined=("billing",))


# Vendors' exports, in English as their exports are.


def hubspot_and_stripe(draw: random.Random, people: list[Company], language: str) -> Layout:
    """HubSpot companies and Stripe subscriptions, met by e-mail."""
    stages = {LEAD: "lead", TRIAL: "opportunity", CUSTOMER: "customer", CHURNED: "customer"}
    headers = ["Record ID", "Company name", "Email", "Company owner", "Create Date", "City", "Country/Region",
               "Industry", "Lifecycle Stage", "Original Source", "Trial Start Date"]  # fmt: skip
    concepts = ["record", "company", "email", "owner", "created", "city", "country", "industry", "lifecycle", "channel", "trial"]
    rows = [
        [float(9000000 + i), p.company, p.email, p.owner, p.created, "Springfield", p.country, p.industry,
         stages[p.status], p.channel, p.trial]
        for i, p in enumerate(people)
    ]  # fmt: skip
    hubspot = Table(concepts, headers, rows)
    headers = ["id", "Customer ID", "Customer Description", "Customer Email", "Plan", "Quantity", "Interval", "Amount",
               "Status", "Created (UTC)", "Start (UTC)", "Canceled At (UTC)", "Ended At (UTC)"]  # fmt: skip
    concepts = ["sub", "cus", "company", "email", "plan", "quantity", "interval", "mrr", "state", "converted", "start", "churned", "ended"]
    rows = [
        [f"sub_{i:06x}Zq", f"cus_{i * 7 + 4096:06x}Xy", p.company, p.email, p.plan, 1.0, "month", p.mrr,
         "canceled" if p.churned else draw.choice(["active", "active", "past_due"]), p.converted, p.converted,
         p.churned, p.churned]
        for i, p in enumerate(people) if p.converted
    ]  # fmt: skip
    stripe = Table(concepts, headers, rows, total=False)
    tables = {"HubSpot companies": hubspot, "Stripe subscriptions": stripe}
    return Layout("hubspot and stripe", tables, "HubSpot companies", says_mrr=True, joined=("Stripe subscriptions",))


def chargebee(draw: random.Random, people: list[Company], language: str) -> Layout:
    """Chargebee's subscriptions, one a customer, with trials; leads are not in it."""
    people = [p for p in people if p.trial]
    headers = ["Subscription Id", "Customer Id", "Customer Email", "Customer Company", "Plan Id", "Status", "Created At",
               "Trial Start", "Activated At", "Cancelled At", "MRR", "Industry", "Country", "Channel"]  # fmt: skip
    concepts = ["sub", "id", "email", "company", "plan", "status", "created", "trial", "converted", "churned", "mrr", "industry", "country", "channel"]
    words_of = {TRIAL: "In Trial", CUSTOMER: "Active", CHURNED: "Cancelled"}
    rows = [
        [f"16BjmOT{i:05d}", p.id, p.email, p.company, p.plan, words_of[p.status], p.created, p.trial, p.converted,
         p.churned, p.mrr, p.industry, p.country, p.channel]
        for i, p in enumerate(people)
    ]  # fmt: skip
    table = Table(concepts, headers, rows)
    return Layout("chargebee", {"Chargebee": table}, "Chargebee", says_mrr=True, people=people)


def salesforce(draw: random.Random, people: list[Company], language: str) -> Layout:
    """Salesforce's opportunity report."""
    headers = ["Opportunity ID", "Opportunity Owner", "Account Name", "Opportunity Name", "Stage", "Fiscal Period", "Amount",
               "Probability (%)", "Age", "Close Date", "Created Date", "Next Step", "Lead Source", "Type", "Industry",
               "Billing Country"]  # fmt: skip
    concepts = ["deal", "owner", "company", "deal_name", "stage", "fiscal", "deal_value", "probability", "age", "closed", "opened", "next", "channel", "type", "industry", "country"]
    stage = {"won": "Closed Won", "lost": "Closed Lost"}
    chance = {"won": 1.0, "lost": 0.0, "open": 0.4}
    rows = [
        [f"0065g00000{i:05d}AAA", p.owner, p.company, f"{p.company} - New", stage.get(p.outcome, "Proposal/Price Quote"),
         f"Q{(p.created.month - 1) // 3 + 1}-{p.created.year}", p.value, chance[p.outcome], 30.0,
         p.converted or date(2025, 9, 30), p.created, None, p.channel, "New Business", p.industry, p.country]
        for i, p in enumerate(people)
    ]  # fmt: skip
    return Layout("salesforce", {"Salesforce": Table(concepts, headers, rows, total=True)}, "Salesforce", revenue=_won(people))


def pipedrive(draw: random.Random, people: list[Company], language: str) -> Layout:
    """Pipedrive's deals."""
    headers = ["Deal - ID", "Deal - Title", "Deal - Value", "Deal - Organization", "Deal - Stage", "Deal - Status",
               "Deal - Deal created", "Deal - Won time", "Deal - Lost time", "Deal - Owner", "Deal - Source channel",
               "Organization - Industry", "Organization - Country"]  # fmt: skip
    concepts = ["deal", "deal_name", "deal_value", "company", "step", "stage", "opened", "won", "lost", "owner", "channel", "industry", "country"]
    rows = [
        [float(100 + i), f"{p.company} deal", p.value, p.company, draw.choice(["Demo", "Proposal Made"]), p.outcome.title(),
         p.created, p.converted if p.outcome == "won" else None, p.converted if p.outcome == "lost" else None, p.owner,
         p.channel, p.industry, p.country]
        for i, p in enumerate(people)
    ]  # fmt: skip
    return Layout("pipedrive", {"Pipedrive deals": Table(concepts, headers, rows)}, "Pipedrive deals", revenue=_won(people))


def shopify(draw: random.Random, people: list[Company], language: str) -> Layout:
    """Shopify's customers, and its orders: one row an order here."""
    headers = ["Customer ID", "First Name", "Last Name", "Email", "Accepts Email Marketing", "Company", "Country", "Industry",
               "Source", "Total Spent", "Total Orders", "Tags"]  # fmt: skip
    concepts = ["id", "first", "last", "email", "marketing", "company", "country", "industry", "channel", "spent", "orders", "tags"]
    rows = [
        [f"{7000000 + i}", "Ana", f"Person{i}", p.email, "yes", p.company, p.country, p.industry, p.channel,
         round(fsum(o.amount for o in p.orders), 2), float(len(p.orders)), None]
        for i, p in enumerate(people)
    ]  # fmt: skip
    buyers = Table(concepts, headers, rows)
    headers = ["Name", "Email", "Financial Status", "Paid at", "Fulfillment Status", "Currency", "Subtotal", "Shipping",
               "Taxes", "Total", "Discount Code", "Created at", "Lineitem quantity", "Lineitem name"]  # fmt: skip
    concepts = ["order", "email", "paid", "ordered", "fulfilled", "currency", "subtotal", "shipping", "taxes", "value", "discount", "created_at", "quantity", "item"]
    sold = sorted(((o.day, p.email, o.amount) for p in people for o in p.orders))
    rows = [
        [f"#{1001 + i}", email, "refunded" if amount < 0 else "paid", day, "fulfilled", "USD", amount, 0.0, 0.0, amount,
         None, day, 1.0, "Mug"]
        for i, (day, email, amount) in enumerate(sold)
    ]  # fmt: skip
    orders = Table(concepts, headers, rows)
    money = fsum(amount for _, _, amount in sold)
    tables = {"customers_export": buyers, "orders_export": orders}
    return Layout("shopify", tables, "customers_export", revenue=money, joined=("orders_export",))


def woocommerce(draw: random.Random, people: list[Company], language: str) -> Layout:
    """WooCommerce's orders alone: whoever ordered is a customer."""
    people = [p for p in people if p.orders]
    headers = ["order_id", "order_date", "status", "customer_id", "billing_company", "billing_email", "billing_country",
               "Industry", "Channel", "order_total"]  # fmt: skip
    concepts = ["order", "ordered", "state", "id", "company", "email", "country", "industry", "channel", "value"]
    sold = sorted(((o.day, i) for i, p in enumerate(people) for o in p.orders))
    left = {i: list(p.orders) for i, p in enumerate(people)}
    rows = []
    for n, (day, i) in enumerate(sold):
        p, order = people[i], left[i].pop(0)
        rows.append([float(4000 + n), day, "completed", p.id, p.company, p.email, p.country, p.industry, p.channel, order.amount])
    for p in people:
        p.status = CUSTOMER
        p.churned = None
    money = fsum(o.amount for p in people for o in p.orders)
    return Layout("woocommerce", {"orders": Table(concepts, headers, rows)}, "orders", revenue=money, people=people)


def quickbooks(draw: random.Random, people: list[Company], language: str) -> Layout:
    """A client list, and QuickBooks' sales by customer, met by name."""
    head = Headers(draw, "en")
    concepts = ["company", "industry", "country", "channel", "owner", "created"]
    if any(p.churned for p in people):
        concepts.append("churned")
    clients = _table(head, concepts, _rows(people, concepts, {}))
    headers = ["Date", "Transaction Type", "Num", "Customer", "Memo/Description", "Qty", "Sales Price", "Amount"]
    concepts = ["ordered", "type", "order", "company", "memo", "quantity", "price", "value"]
    sold = sorted(((o.day, p.company, o.amount) for p in people for o in p.orders))
    rows = [
        [day, "Credit Memo" if amount < 0 else "Invoice", f"{2000 + i}", name, "Services", 1.0, amount, amount]
        for i, (day, name, amount) in enumerate(sold)
    ]
    sales = Table(concepts, headers, rows, total=True)
    tables = {"customers": clients, "QuickBooks sales": sales}
    money = fsum(amount for _, _, amount in sold)
    return Layout("quickbooks", tables, "customers", revenue=money, joined=("QuickBooks sales",))


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
VENDORS: dict[str, tuple[Build, ...]] = {
    "self-serve": (hubspot_and_stripe, chargebee),
    "sales-led": (salesforce, pipedrive),
    "shop": (shopify, woocommerce, quickbooks),
    "agency": (),
    "marketplace": (quickbooks,),
}


def mrr_of(layout: Layout, people: list[Company]) -> float | None:
    return money_a_month(layout.people or people) if layout.says_mrr else None
