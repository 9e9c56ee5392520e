"""Tables that describe companies and are no list of ours: what vendors such as Clearbit, ZoomInfo or Apollo send."""

from __future__ import annotations

from dataclasses import replace

from mapseg_xl.intake.columns.classify import Classified, Kind
from mapseg_xl.intake.columns.key_columns import GENERIC, KeyColumn
from mapseg_xl.intake.columns.role_words import header_key, header_words, key_set, word_set
from mapseg_xl.intake.columns.roles import SAID, RoleMap
from mapseg_xl.intake.tables import RawTable

FEWEST_FACTS = 2
"""Columns that describe a company; with fewer a table is no enrichment."""
_FACTS = key_set(
    "employees; employee count; number of employees; no of employees; employee range; employees range; headcount; "
    "employee size; company size; size; metrics employees; metrics employees range; metrics annual revenue; "
    "metrics estimated annual revenue; metrics raised; industry; industries; primary industry; sub industry; "
    "subindustry; sector; category industry; category sector; category sub industry; industry group; naics; naics "
    "code; naics codes; sic; sic code; sic codes; founded; founded year; year founded; company founded; "
    "technologies; technology; tech stack; tech; keywords; seo description; short description; funding; total "
    "funding; latest funding; latest funding amount; last raised at; funding stage; annual revenue; estimated "
    "annual revenue; revenue range; revenue; company revenue; company type; ownership; ownership type; ticker; "
    "company linkedin url; linkedin; linkedin url; linkedin handle; facebook url; twitter url; crunchbase handle; "
    "alexa rank; traffic rank; number of retail locations; parent domain; headquarters; hq country; hq city; "
    "company country; company city; company state; company address; geo country; geo city; geo state; seniority; "
    "departments; job title; mitarbeiter; branche; gegrundet; secteur; effectif; sector"
)
_OURS = frozenset(
    {
        "trial_on",
        "converted_on",
        "churned_on",
        "converted",
        "churned",
        "tenure_months",
        "revenue_monthly",
        "order_count",
        "acquisition_cost",
        "gross_margin",
        "channel",
    }
)
"""Roles that only a list of one's own customers has."""
_KEPT = frozenset({"email", "company", "domain"})
_FOUNDED = word_set("founded year gegrundet funding raised updated enriched")
_VENDORS = word_set("clearbit zoominfo apollo lusha cognism crunchbase dnb duns hunter vendor")


def is_enrichment(table: Classified) -> bool:
    """Whether a table describes companies by domain, address or name, and says nothing of what they are to us."""
    found, raw = table.found, table.table
    if table.kind not in (Kind.CUSTOMERS, Kind.OTHER) or _OURS & found.columns.keys():
        return False
    if any(guess.why == SAID for guess in found.guesses) or any(
        _is_ours(raw, k) for k in table.keys
    ):
        return False
    if "created_on" in found.columns and not _tells_of_them(raw, found, "created_on"):
        return False
    facts = sum(header_key(header) in _FACTS for header in raw.headers)
    return facts >= FEWEST_FACTS and any(k.kind in ("email", "domain") for k in table.keys)


def enriched(table: Classified) -> Classified:
    """The table as facts about companies: its revenue is theirs, and its dates are no dates of ours."""
    found = table.found
    columns = {role: i for role, i in found.columns.items() if role in _KEPT}
    played = set(columns.values())
    guesses = tuple(
        guess
        if i in played or guess.role in ("trait", "ignored")
        else replace(guess, role="trait", why="tells of the company, not of what it is to you")
        for i, guess in enumerate(found.guesses)
    )
    why = "it describes companies by domain or e-mail address"
    return replace(
        table, found=replace(found, columns=columns, guesses=guesses), kind=Kind.OTHER, why=why
    )


def _is_ours(raw: RawTable, key: KeyColumn) -> bool:
    """A key of our own systems: an id that is neither of any row nor of the vendor."""
    words = set(header_words(raw.headers[key.index]))
    return key.kind == "id" and key.strict and not words & _VENDORS and _not_generic(raw, key)


def _not_generic(raw: RawTable, key: KeyColumn) -> bool:
    return header_key(raw.headers[key.index]) not in GENERIC


def _tells_of_them(raw: RawTable, found: RoleMap, role: str) -> bool:
    return bool(set(header_words(raw.headers[found.columns[role]])) & _FOUNDED)
