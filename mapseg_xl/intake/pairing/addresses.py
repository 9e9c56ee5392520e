"""E-mail addresses and domains in a form in which two systems agree. Opens no connection."""

from __future__ import annotations

import re

from mapseg_xl.intake.pairing.providers import (
    FREE_MAIL,
    FREE_MAIL_NAMES,
    HOSTS,
    OTHERS_SITES,
    SECOND_LEVEL,
    SHORT_COUNTRY,
)

_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://")
_WWW = re.compile(r"^www\d?\.")
_ANGLED = re.compile(r"<([^<>\s]+@[^<>\s]+)>")
_DOTLESS = ("gmail.com", "googlemail.com")


def email_of(text: str) -> str:
    """An address as systems agree on it, "" for none: without mailto:, tags after a plus, and the dots of Gmail.

    >>> email_of("mailto:Jane.Doe+billing@GoogleMail.com."), email_of("Jane <jane@acme.com>"), email_of("n/a")
    ('janedoe@gmail.com', 'jane@acme.com', '')
    """
    low = text.strip().casefold()
    if angled := _ANGLED.search(low):
        low = angled[1]
    low = low.removeprefix("mailto:").strip(" .,;<>\"'")
    local, at, host = low.rpartition("@")
    if not at or not local or "." not in host:
        return ""
    local = local.partition("+")[0] or local
    if host in _DOTLESS:
        local, host = local.replace(".", ""), _DOTLESS[0]
    return f"{local}@{host}"


def host_of(text: str) -> str:
    """The host of a web address, a domain or an e-mail address: without scheme, www., port and path; "" for none.

    >>> host_of("https://www.Acme.co.uk/about?x=1"), host_of("jane@mail.acme.com"), host_of("Acme")
    ('acme.co.uk', 'mail.acme.com', '')
    """
    low = _SCHEME.sub("", text.strip().casefold())
    low = re.split(r"[/?#\s]", low, maxsplit=1)[0].rpartition("@")[2]
    low = _WWW.sub("", low.partition(":")[0].strip("."))
    return low if "." in low else ""


def domain_of(text: str) -> str:
    """The domain that somebody registered, "" for none and for sites that belong to somebody else.

    >>> domain_of("http://shop.acme.co.uk/"), domain_of("linkedin.com/company/acme"), domain_of("acme.myshopify.com")
    ('acme.co.uk', '', 'acme.myshopify.com')
    """
    host = host_of(text)
    parts = host.split(".")
    kept = 3 if len(parts) > 2 and _has_long_suffix(parts) else 2
    domain = ".".join(parts[-kept:])
    return "" if domain in OTHERS_SITES or domain in HOSTS else domain


def company_domain_of(text: str) -> str:
    """The domain of a company's address or site; "" where it is a free-mail provider's, which says nothing of whom.

    >>> company_domain_of("jane@acme.com"), company_domain_of("jane@web.de"), company_domain_of("jane@yahoo.co.jp")
    ('acme.com', '', '')
    """
    domain = domain_of(text)
    return "" if is_free_mail(domain) else domain


def is_free_mail(domain: str) -> bool:
    """Whether everybody can have an address of a domain: gmail.com, web.de, hotmail.fr.

    >>> is_free_mail("gmx.at"), is_free_mail("acme.com")
    (True, False)
    """
    return domain in FREE_MAIL or domain.partition(".")[0] in FREE_MAIL_NAMES


def root_of(domain: str) -> str:
    """The first part of a domain: what a company calls itself, without hyphens.

    >>> root_of("acme-robotics.co.uk")
    'acmerobotics'
    """
    return domain.partition(".")[0].replace("-", "")


def _has_long_suffix(parts: list[str]) -> bool:
    last_two = ".".join(parts[-2:])
    short = len(parts[-1]) == SHORT_COUNTRY and parts[-2] in SECOND_LEVEL
    return last_two in HOSTS or short
