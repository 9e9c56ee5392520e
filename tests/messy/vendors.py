"""The same truth as systems export it: their headers, their words for a status. In English, as their exports are."""

from __future__ import annotations

import random
from datetime import date
from math import fsum

from .layouts import Build, Headers, Layout, rows_of, table_of, won_by
from .pages import Table
from .truth import CHURNED, CUSTOMER, LEAD, TRIAL, Company


def named(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


def hubspot_and_stripe(draw: random.Random, people: list[Company], language: str) -> Layout:
    """HubSpot companies and Stripe subscriptions, met by e-mail."""
    stages = {LEAD: "lead", TRIAL: "opportunity", CUSTOMER: "customer", CHURNED: "customer"}
    headers = ["Record ID", "Company name", "Email", "Company owner", "Create Date", "City", "Country/Region",
               "Industry", "Lifecycle Stage", "Original Source", "Trial Start Date"]  # fmt: skip
    concepts = named(
        "record company email owner created city country industry lifecycle channel trial"
    )
    rows = [
        [float(9000000 + i), p.company, p.email, p.owner, p.created, "Springfield", p.country, p.industry,
         stages[p.status], p.channel, p.trial]
        for i, p in enumerate(people)
    ]  # fmt: skip
    hubspot = Table(concepts, headers, rows)
    headers = ["id", "Customer ID", "Customer Description", "Customer Email", "Plan", "Quantity", "Interval", "Amount",
               "Status", "Created (UTC)", "Start (UTC)", "Canceled At (UTC)", "Ended At (UTC)"]  # fmt: skip
    concepts = named(
        "sub cus company email plan quantity interval mrr state converted start churned ended"
    )
    rows = [
        [f"sub_{i:06x}Zq", f"cus_{i * 7 + 4096:06x}Xy", p.company, p.email, p.plan, 1.0, "month", p.mrr,
         "canceled" if p.churned else draw.choice(["active", "active", "past_due"]), p.converted, p.converted,
         p.churned, p.churned]
        for i, p in enumerate(people) if p.converted
    ]  # fmt: skip
    stripe = Table(concepts, headers, rows, total=False)
    tables = {"HubSpot companies": hubspot, "Stripe subscriptions": stripe}
    return Layout(
        "hubspot and stripe",
        tables,
        "HubSpot companies",
        says_mrr=True,
        joined=("Stripe subscriptions",),
    )


def chargebee(draw: random.Random, people: list[Company], language: str) -> Layout:
    """Chargebee's subscriptions, one a customer, with trials; leads are not in it."""
    people = [p for p in people if p.trial]
    headers = ["Subscription Id", "Customer Id", "Customer Email", "Customer Company", "Plan Id", "Status",
               "Created At", "Trial Start", "Activated At", "Cancelled At", "MRR", "Industry", "Country",
               "Channel"]  # fmt: skip
    concepts = named(
        "sub id email company plan status created trial converted churned mrr industry"
        " country channel"
    )
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
    headers = ["Opportunity ID", "Opportunity Owner", "Account Name", "Opportunity Name", "Stage", "Fiscal Period",
               "Amount", "Probability (%)", "Age", "Close Date", "Created Date", "Next Step", "Lead Source", "Type",
               "Industry", "Billing Country"]  # fmt: skip
    concepts = named(
        "deal owner company deal_name stage fiscal deal_value probability age closed opened"
        " next channel type industry country"
    )
    stage = {"won": "Closed Won", "lost": "Closed Lost"}
    chance = {"won": 1.0, "lost": 0.0, "open": 0.4}
    rows = [
        [f"0065g00000{i:05d}AAA", p.owner, p.company, f"{p.company} - New",
         stage.get(p.outcome, "Proposal/Price Quote"),
         f"Q{(p.created.month - 1) // 3 + 1}-{p.created.year}", p.value, chance[p.outcome], 30.0,
         p.converted or date(2025, 9, 30), p.created, None, p.channel, "New Business", p.industry, p.country]
        for i, p in enumerate(people)
    ]  # fmt: skip
    return Layout(
        "salesforce",
        {"Salesforce": Table(concepts, headers, rows, total=True)},
        "Salesforce",
        revenue=won_by(people),
    )


def pipedrive(draw: random.Random, people: list[Company], language: str) -> Layout:
    """Pipedrive's deals."""
    headers = ["Deal - ID", "Deal - Title", "Deal - Value", "Deal - Organization", "Deal - Stage", "Deal - Status",
               "Deal - Deal created", "Deal - Won time", "Deal - Lost time", "Deal - Owner", "Deal - Source channel",
               "Organization - Industry", "Organization - Country"]  # fmt: skip
    concepts = named(
        "deal deal_name deal_value company step stage opened won lost owner channel industry"
        " country"
    )
    rows = [
        [float(100 + i), f"{p.company} deal", p.value, p.company, draw.choice(["Demo", "Proposal Made"]),
         p.outcome.title(), p.created, p.converted if p.outcome == "won" else None,
         p.converted if p.outcome == "lost" else None, p.owner,
         p.channel, p.industry, p.country]
        for i, p in enumerate(people)
    ]  # fmt: skip
    return Layout(
        "pipedrive",
        {"Pipedrive deals": Table(concepts, headers, rows)},
        "Pipedrive deals",
        revenue=won_by(people),
    )


def shopify(draw: random.Random, people: list[Company], language: str) -> Layout:
    """Shopify's customers, and its orders: one row an order here."""
    headers = ["Customer ID", "First Name", "Last Name", "Email", "Accepts Email Marketing", "Company", "Country",
               "Industry", "Source", "Total Spent", "Total Orders", "Tags"]  # fmt: skip
    concepts = named(
        "id first last email marketing company country industry channel spent orders tags"
    )
    rows = [
        [f"{7000000 + i}", "Ana", f"Person{i}", p.email, "yes", p.company, p.country, p.industry, p.channel,
         round(fsum(o.amount for o in p.orders), 2), float(len(p.orders)), None]
        for i, p in enumerate(people)
    ]  # fmt: skip
    buyers = Table(concepts, headers, rows)
    headers = ["Name", "Email", "Financial Status", "Paid at", "Fulfillment Status", "Currency", "Subtotal", "Shipping",
               "Taxes", "Total", "Discount Code", "Created at", "Lineitem quantity", "Lineitem name"]  # fmt: skip
    concepts = named(
        "order email paid ordered fulfilled currency subtotal shipping taxes value discount"
        " created_at quantity item"
    )
    sold = sorted((o.day, p.email, o.amount) for p in people for o in p.orders)
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
    concepts = named("order ordered state id company email country industry channel value")
    sold = sorted(((o.day, i) for i, p in enumerate(people) for o in p.orders))
    left = {i: list(p.orders) for i, p in enumerate(people)}
    rows = []
    for n, (day, i) in enumerate(sold):
        p, order = people[i], left[i].pop(0)
        rows.append(
            [
                float(4000 + n),
                day,
                "completed",
                p.id,
                p.company,
                p.email,
                p.country,
                p.industry,
                p.channel,
                order.amount,
            ]
        )
    for p in people:
        p.status = CUSTOMER
        p.churned = None
    money = fsum(o.amount for p in people for o in p.orders)
    return Layout(
        "woocommerce",
        {"orders": Table(concepts, headers, rows)},
        "orders",
        revenue=money,
        people=people,
    )


def quickbooks(draw: random.Random, people: list[Company], language: str) -> Layout:
    """A client list, and QuickBooks' sales by customer, met by name."""
    head = Headers(draw, "en")
    concepts = ["company", "industry", "country", "channel", "owner", "created"]
    if any(p.churned for p in people):
        concepts.append("churned")
    clients = table_of(head, concepts, rows_of(people, concepts, {}))
    headers = [
        "Date",
        "Transaction Type",
        "Num",
        "Customer",
        "Memo/Description",
        "Qty",
        "Sales Price",
        "Amount",
    ]
    concepts = ["ordered", "type", "order", "company", "memo", "quantity", "price", "value"]
    sold = sorted((o.day, p.company, o.amount) for p in people for o in p.orders)
    rows = [
        [
            day,
            "Credit Memo" if amount < 0 else "Invoice",
            f"{2000 + i}",
            name,
            "Services",
            1.0,
            amount,
            amount,
        ]
        for i, (day, name, amount) in enumerate(sold)
    ]
    sales = Table(concepts, headers, rows, total=True)
    tables = {"customers": clients, "QuickBooks sales": sales}
    money = fsum(amount for _, _, amount in sold)
    return Layout("quickbooks", tables, "customers", revenue=money, joined=("QuickBooks sales",))


VENDORS: dict[str, tuple[Build, ...]] = {
    "self-serve": (hubspot_and_stripe, chargebee),
    "sales-led": (salesforce, pipedrive),
    "shop": (shopify, woocommerce, quickbooks),
    "agency": (),
    "marketplace": (quickbooks,),
}
