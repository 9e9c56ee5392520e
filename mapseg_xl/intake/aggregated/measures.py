"""What a header of a pivot or summary table measures: a count, a sum, a mean, a share, of what. Only words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mapseg_xl.intake.columns.role_words import (
    LIFE_WORDS,
    OUTCOME_WORDS,
    ROLES,
    header_key,
    header_words,
    key_set,
)
from mapseg_xl.intake.tables import Status

STATUSES = {
    Status.LEAD: "leads",
    Status.TRIAL: "trials",
    Status.CUSTOMER: "customers",
    Status.CHURNED: "churned",
}
_HOW = {
    "count": "count anzahl nombre cuenta nb recuento size nunique n countdistinct distinctcount conteo",
    "sum": "sum summe somme suma total",
    "mean": "average mean avg mittelwert moyenne promedio",
    "spread": "stddev stdev std standardabweichung ecarttype desvest",
    "other": "max min product median var varp stddevp stdevp produkt",
}
_HOWS = {word: how for how, words in _HOW.items() for word in words.split()}
_OF = re.compile(
    r"(?:total\s+)?(?P<how>(?:distinct\s+)?[A-Za-z]+)(?:\s+(?:of|von|de|di)\s+|\s+[-–]\s+)(?P<what>.+?)\d?",
    re.IGNORECASE,
)
_SHARE_WORDS = frozenset(
    ["pct", "percent", "percentage", "share", "rate", "ratio", "anteil", "prozent", "quote", "part"]
)
_MEAN_WORDS = frozenset(["average", "mean", "avg"])

_LIFE: dict[str, frozenset[str]] = {
    "leads": key_set(
        "leads; lead count; prospects; signups; sign ups; registrations; mqls; sqls; inquiries; enquiries; contacts;"
        "interessenten; prospectos"
    ),
    "trials": key_set(
        "trials; trial starts; trials started; free trials; demos; testphasen; essais"
    ),
    "customers": key_set(
        "customers; clients; paying customers; paid customers; customer count; subscribers; kunden; clientes"
    ),
    "customers now": key_set(
        "active customers; current customers; live customers; active; active clients; customers now; open customers;"
        "retained customers; current clients; bestandskunden; aktive kunden; active subscribers"
    ),
    "churned": key_set(
        "churned; churned customers; lost customers; cancelled; canceled; cancellations; churns; left; gone; former"
        " customers; gekundigt; gekuendigt; perdus; bajas; churned clients"
    ),
    "converted": key_set(
        "converted; conversions; converted customers; customers won; won customers; ever customers; became customers;"
        "paid conversions; trials converted"
    ),
    "won": key_set("won; closed won; deals won; wins; won deals; opportunities won; gewonnen"),
    "lost": key_set(
        "lost; closed lost; deals lost; losses; lost deals; opportunities lost; verloren"
    ),
    "open": key_set("open; open deals; open opportunities; in progress; offen"),
    "size": key_set(
        "total; n; count; companies; records; rows; number; volume; all; people; anzahl; headcount; total count;"
        "base; number of records; accounts; users; grand total; gesamtergebnis; all accounts"
    ),
}
_MONEY: dict[str, frozenset[str]] = {
    "price": key_set(
        "mrr; monthly recurring revenue; monthly revenue; revenue monthly; revenue a month; total mrr"
    ),
    "price a year": key_set("arr; annual recurring revenue; annual revenue; yearly revenue"),
    "revenue": key_set(
        "revenue; total revenue; revenue total; sales; revenue so far; turnover; umsatz; lifetime revenue"
    ),
    "spend": key_set(
        "spend; marketing spend; ad spend; cost; costs; acquisition cost; acquisition costs; s m spend"
    ),
    "months": key_set(
        "customer months; tenure; months; tenure months; months as a customer; total tenure"
    ),
    "acquired": key_set("new customers"),
}
_MEANS: dict[str, frozenset[str]] = {
    "price": key_set(
        "arpu; arpa; average mrr; avg mrr; mrr per customer; arpu monthly; monthly arpu; avg arpu"
    ),
    "revenue": key_set("revenue per customer; average revenue; avg revenue; rpc"),
    "months": key_set("average tenure; avg tenure; average tenure months"),
    "spend": key_set("cac; cost per customer; customer acquisition cost; cpa"),
}
_RATES: dict[str, frozenset[str]] = {
    "conversion": key_set(
        "conversion; conversion rate; cr; conv; conv rate; cvr; converted; conversion pct; trial conversion; trial to"
        " paid; lead to customer; conversion share; close rate"
    ),
    "churned": key_set("churn; churn rate; churned; churned share; share churned; churn pct; lost"),
    "win_rate": key_set("win rate; won; wins; winrate; win pct; won share; abschlussquote"),
}
_OF_PROGRAMS = frozenset(["count", "sum", "mean", "avg", "std", "nunique", "average"])
_IDS = frozenset(k for role in ("customer_id", "email", "company") for k in ROLES[role].synonyms)
_SUMS = {  # role -> figure that its sum is
    "revenue_monthly": "price",
    "revenue_total": "revenue",
    "acquisition_cost": "spend",
    "tenure_months": "months",
    "converted": "converted",
    "churned": "churned",
}
_COUNTS = {  # role -> figure that the count of its filled cells is
    "converted_on": "converted",
    "churned_on": "churned",
    "revenue_monthly": "price_n",
    "revenue_total": "revenue_n",
    "trial_on": "tried",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """`how`: count, sum, mean, spread, rate or other; `what`: a life-cycle count, money or rate; "" not known.

    `plain`: named by hand, without the function as pivots write it. `distinct`: counts that need not add up.
    """

    how: str
    what: str
    plain: bool = False
    distinct: bool = False


def measure_of(header: str) -> Measure | None:
    """The measure a header speaks of, or None for a value of a field and other words.

    >>> measure_of("Sum of MRR"), measure_of("Trials"), measure_of("Spain")
    (Measure(how='sum', what='price', plain=False, distinct=False), Measure(how='count', what='trials', plain=True, \
distinct=False), None)
    """
    text = header.strip()
    found = _OF.fullmatch(text)
    if found and (how := _how_of(found["how"])):
        return _of(how, found["what"], distinct="distinct" in found["how"].casefold())
    words, key = header_words(text), header_key(text)
    if not words:
        return None
    if "%" in text or _SHARE_WORDS & set(words):
        return _rate(words, key)
    for what, keys in _MEANS.items():
        if key in keys:
            return Measure("mean", what, plain=True)
    if len(words) > 1 and (ends := _with_function(words)):
        return ends
    return _plain(key, words)


def is_function(word: str) -> bool:
    """Whether a header is nothing but the name of a function, as programs write it."""
    return header_key(word) in _OF_PROGRAMS


def status_of(header: str) -> Status | None:
    """The place in the life cycle that a word of a status field names."""
    code = LIFE_WORDS.get(header_key(header))
    return None if code is None else Status(code)


def outcome_of(header: str) -> str | None:
    """Won, lost or open, where a word of an outcome field names one."""
    return OUTCOME_WORDS.get(header_key(header))


def _how_of(word: str) -> str:
    key = header_key(word)
    return _HOWS.get(key.removeprefix("distinct"), "")


def _of(how: str, what: str, *, distinct: bool = False) -> Measure:
    key = header_key(what)
    role = _role_of(what)
    if how == "count":
        return Measure(how, _COUNTS.get(role, "size"), distinct=distinct)
    if how in ("sum", "mean", "spread"):
        figure = _SUMS.get(role) or next((w for w, keys in _MONEY.items() if key in keys), "")
        if how == "sum" and not figure:
            figure = next((w for w, keys in _LIFE.items() if key in keys), "")
        if how == "mean" and figure in ("converted", "churned"):
            return Measure("rate", {"converted": "conversion"}.get(figure, figure))
        return Measure(how, figure)
    return Measure("other", "")


def _role_of(what: str) -> str:
    key = header_key(what)
    for role in (*_SUMS, *_COUNTS):
        if key in ROLES[role].synonyms:
            return role
    return ""


def _rate(words: tuple[str, ...], key: str) -> Measure:
    bare = "".join(w for w in words if w not in _SHARE_WORDS)
    for what, keys in _RATES.items():
        if key in keys or bare in keys:
            return Measure("rate", what, plain=True)
    return Measure("other", "", plain=True)


def _with_function(words: tuple[str, ...]) -> Measure | None:
    """`mrr sum`, `sum mrr`, as programs write it."""
    for how, what in ((words[-1], words[:-1]), (words[0], words[1:])):
        found = _HOWS.get(how) if how in _OF_PROGRAMS else None
        of = " ".join(what)
        if found == "count" and not (_role_of(of) or header_key(of) in _IDS):
            continue
        made = _of(found, of) if found else None
        if made is not None and made.what:
            return made
    return None


def _plain(key: str, words: tuple[str, ...]) -> Measure | None:
    for what, keys in _LIFE.items():
        if key in keys:
            return Measure("count", what, plain=True)
    bare = "".join(w for w in words if w not in ("number", "of", "no", "total"))
    for what, keys in _LIFE.items():
        if bare and bare in keys and bare != key:
            return Measure("count", what, plain=True)
    for what, keys in _MONEY.items():
        if key in keys:
            return Measure("sum", what, plain=True)
    for what, keys in _RATES.items():
        if key in keys:
            return Measure("rate", what, plain=True)
    if key in _HOWS:
        return Measure(_HOWS[key], "size" if _HOWS[key] == "count" else "", plain=True)
    return None
