"""What a column is for in plain words: the choices on Settings, and the headers of the template's Customers table."""

from __future__ import annotations

from mapseg_xl.intake.columns.role_words import CUSTOMER_ROLES

TRAIT, IGNORE = "trait", "ignore"
PLAIN: dict[str, str] = {
    "customer_id": "Customer ID",
    "email": "E-mail",
    "company": "Company",
    "domain": "Website",
    "status": "Status",
    "stage": "Sales stage",
    "outcome": "Won or lost",
    "owner": "Sales rep",
    "channel": "Channel",
    "created_on": "Signed up on",
    "trial_on": "Trial started on",
    "converted_on": "Customer since",
    "churned_on": "Left on",
    "converted": "Became a customer",
    "churned": "Has left",
    "tenure_months": "Months as a customer",
    "revenue_monthly": "Monthly revenue",
    "revenue_total": "Total revenue",
    "order_count": "Number of orders",
    "gross_margin": "Gross margin",
    "acquisition_cost": "Acquisition cost",
    TRAIT: "Describes the customer",
    IGNORE: "Leave it out",
}
ROLE_OF = {words: role for role, words in PLAIN.items()}
CHOICES = tuple(PLAIN.values())
_EXPLAINED = {role.name: role.description for role in CUSTOMER_ROLES}


def plain_words(role: str) -> str:
    """A role as people say it.

    >>> plain_words("trial_on"), plain_words("ignored")
    ('Trial started on', 'Leave it out')
    """
    return PLAIN[IGNORE] if role == "ignored" else PLAIN.get(role, role)


def explained(role: str) -> str:
    """What a role holds, for a column's note; "" for a trait."""
    return _EXPLAINED.get(role, "")
