"""The family of a trait and what it may follow from, told by the words of its header."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from mapseg_xl.intake.columns.role_words import header_words, word_set

_WORDS: dict[str, frozenset[str]] = {
    "geographic": word_set(
        "country countries region regions state province city town county postal postcode zip zipcode plz"
        " territory continent timezone time_zone tz geo regional location office_location area district market latitude"
        " longitude land bundesland stadt ort pays ville departement pais ciudad provincia nation market"
        " emea urban rural metro language lang locale sprache langue idioma"
    ),
    "demographic": word_set(
        "age gender sex female male title job role seniority function department position education degree"
        " income household married marital partner dependents children kids family senior citizen"
        " generation ethnicity occupation profession nationality birth birthday persona geschlecht alter beruf"
        " genre sexe poste genero edad cargo sexo level"
    ),
    "psychographic": word_set(
        "interest interests goal goals motivation motive attitude attitudes value_proposition pain pains need needs"
        " preference preferences lifestyle opinion belief job_to_be_done jtbd personality use_case usecase purpose"
        " reason objective challenge hobby hobbies"
    ),
    "behavioural": word_set(
        "login logins usage use used users_active session sessions visit visits pageviews clicks click opens opened"
        " feature features ticket tickets event events activity activities active last_seen seen engagement"
        " score nps csat rating frequency recency downloads uploads messages exports integrations projects hours"
        " minutes calls streaming backup security protection support device browser platform os season attended"
        " webinar referrals invites seats_used adoption onboarding search searches views cart"
    ),
    "account": word_set(
        "plan contract tier package edition subscription billing payment paperless invoice price pricing discount"
        " product products sku service services lines line renewal term licence license seats addon addons"
        " upsell coupon currency tarif tariff vertrag zahlung zahlungsart abonnement forfait paiement contrato"
        " pago bundle phone_service quota limit method"
    ),
    "firmographic": word_set(
        "industry sector vertical employees employee headcount staff company firm size team_size team business"
        " ownership funding founded established year_established naics sic nace revenue_band turnover segment"
        " b2b branche groesse grosse mitarbeiter secteur effectif taille sector_empresa empleados tamano"
        " organisation organization subsidiary legal form technology stack tech"
    ),
}
# Usage and what was bought may follow from staying; what somebody browses with does not.
_NOT_OUTCOMES = word_set(
    "device browser platform os season interest search term webinar onboarding"
)
_PERSONAL_STATUS = word_set("marital employment job family ownership relationship civil residence")
_FOLLOWS: tuple[tuple[frozenset[str], tuple[str, ...]], ...] = (
    (
        word_set("tenure lifetime vintage loyalty anciennete antiguedad laufzeit"),
        ("tenure_months",),
    ),
    (
        word_set(
            "mrr arr acv ltv clv cltv revenue spend spent charges price gmv monetary arpu arpa umsatz sales amount"
            " paid ingresos ventas billed"
        ),
        ("revenue_monthly", "revenue_total"),
    ),
    (word_set("orders purchases transactions frequency recency rfm"), ("order_count",)),
    (word_set("churn churned cancelled canceled cancellation attrition"), ("churned",)),
    (word_set("converted conversion"), ("converted",)),
    (word_set("status lifecycle statut"), ("status",)),
    (word_set("won lost"), ("outcome",)),
    (word_set("margin marge margen"), ("gross_margin",)),
    (word_set("cac"), ("acquisition_cost",)),
)
_FOLLOWS_PAIRS: tuple[tuple[tuple[str, str], tuple[str, ...]], ...] = (
    (("order", "value"), ("revenue_monthly", "revenue_total")),
    (("deal", "size"), ("revenue_monthly", "revenue_total")),
    (("account", "age"), ("tenure_months",)),
    (("months", "active"), ("tenure_months",)),
    (("customer", "since"), ("tenure_months",)),
)
_OTHERS_MONEY = word_set(
    "annual company yearly turnover marketing household"
)  # revenue of the customer's own business, not paid to us


@dataclass(frozen=True, slots=True)
class Family:
    """Where a trait belongs; `sure` is False where no word of the header told it."""

    name: str
    sure: bool
    why: str
    outcome_like: bool


def family_of(header: str) -> Family:
    """The family a header's words point to; firmographic, and unsure, where none does.

    >>> family_of("Payment method").name, family_of("Country").name, family_of("foo").sure
    ('account', 'geographic', False)
    """
    words = header_words(header)
    names = {**dict.fromkeys(words), **dict.fromkeys(f"{a}_{b}" for a, b in _pairs(words))}
    hits = {name: [w for w in names if w in _WORDS[name]] for name in _WORDS}
    best = max(hits, key=lambda name: sum(2 if "_" in w else 1 for w in hits[name]))
    if not hits[best]:
        return Family("firmographic", False, "no word of the header says what it is about", False)
    outcome = best in {"account", "behavioural"} and not set(hits[best]) <= _NOT_OUTCOMES
    why = f"the word '{hits[best][0].replace('_', ' ')}' in the header"
    return Family(best, True, why, outcome)


def follows_from(header: str) -> tuple[str, ...]:
    """Roles whose information a column of this name repeats, so that metrics made of them would be circular.

    >>> follows_from("tenure_group"), follows_from("Marital status"), follows_from("Annual revenue")
    (('tenure_months',), (), ())
    """
    words = header_words(header)
    if _PERSONAL_STATUS & set(words):
        return ()
    found = [role for pair, roles in _FOLLOWS_PAIRS if pair in _pairs(words) for role in roles]
    for marks, roles in _FOLLOWS:
        if marks & set(words) and not ("revenue_total" in roles and _OTHERS_MONEY & set(words)):
            found += roles
    return tuple(dict.fromkeys(found))


def _pairs(words: tuple[str, ...]) -> list[tuple[str, str]]:
    return list(pairwise(words))
