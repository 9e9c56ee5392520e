"""Which column is what: roles guessed from headers and values, overridden by what the user says. Cleans nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

import pandas as pd

from mapseg_xl.errors import MissingColumn
from mapseg_xl.intake.columns.families import family_of
from mapseg_xl.intake.columns.profiles import Profile, profile
from mapseg_xl.intake.columns.role_words import (
    COUNTED_KINDS,
    CUSTOMER_ROLES,
    ROLES,
    Role,
    header_key,
    header_words,
    key_set,
    word_set,
)
from mapseg_xl.intake.tables import RawTable, RoleGuess, plain

Maps = Mapping[str, str | tuple[str, ...]]

ALSO_TRAITS = frozenset({"channel", "owner"})
"""Roles whose column describes customers as well, and so is a trait too."""

# Headers that mean several things: read by their best meaning, shown as a guess.
_VAGUE = key_set(
    "account; agent; amount; customer; client; date; end; id; issue; left; lost; months; paid; phase; result; sales;"
    "source; spend; start; state; type; value; revenue; umsatz; alta; baja; kunde; cliente; ca; laufzeit; left;"
    "close date; closed on; closed at; end date; start date; won; mail; umsatz; importe; montant; frequency;"
    "beginn; debut; inicio; ende; fin; einde; einddatum; startdatum; begin; klant; bedrag; omzet; valor; valeur;"
    "volumen; signed; activated; opgezegd; stand; fonte; data fine"
)
_NOT_THE_THING = word_set(
    "risk score reason probability predicted prediction likelihood rate forecast type propensity comment"
    " comments notes note count number expected planned goal target band group bucket range tier"
)
_OTHER_TIME_UNIT = re.compile(
    r"\b(days?|weeks?|years?|yrs?|hours?|tage|wochen|jahren?|jours|semaines|ans|dias|semanas|anos)\b"
)
_A_MONTH = word_set(
    "month monthly pm monat monatlich monatliche monatlicher mois mensuel mensuelle mes mensual maand maandelijks mese"
    " mensile mensal"
)
_MONEY = word_set(
    "fee fees retainer revenue price rate amount charge charges billing billed payment value spend umsatz preis betrag"
    " beitrag honorar gebuhr ca montant prix tarif importe cuota precio ingreso ingresos omzet bedrag prijs ricavo"
    " canone receita valor paid pays"
)
SAID = "you said so"
"""Why a column has the role that the user gave it."""
_YES_NO_STATUS = frozenset({"active", "isactive", "aktiv", "actif", "activo"})
_VAGUE_STATUS = frozenset({"type", "state", "customertype", "accounttype"})
"""Headers of other things too, such as 'New customer' of a deal: they must hold the very words of a status."""
_YES_NO_OUTCOME = frozenset({"won", "iswon", "closedwon", "wonlost", "gewonnen", "ganado"})


_JOINED = key_set(
    "joined; joined on; joined at; join date; date joined; joining date; member since; started; started on; start;"
    "start date; beginn; eintrittsdatum; date de debut; debut; inicio; fecha de inicio"
)
"""Headers of the first day in a list that begins with members, and of the conversion in one that begins earlier."""
_FEWER = 0.95  # as many rows filled; about as many say that both columns tell of the same day


@dataclass(frozen=True, slots=True)
class RoleMap:
    """Column index of each role found, and how every column of the table was read."""

    columns: Mapping[str, int]
    guesses: tuple[RoleGuess, ...]  # one a column, in table order
    profiles: tuple[Profile, ...]
    traits: frozenset[int]  # columns said to be traits with --map trait=
    ignored: frozenset[int]  # columns said to be left out with --map ignore=


@dataclass(frozen=True, slots=True)
class _Fit:
    role: str
    index: int
    score: float
    exact: bool


def guess_roles(table: RawTable, explicit: Maps | None = None) -> RoleMap:
    """The role of every column, one column a role at most. What the user said wins over every guess."""
    said = _said(table, explicit or {})
    traits = frozenset(said.pop("trait", ()))
    ignored = frozenset(said.pop("ignore", ()))
    chosen = {role: indexes[0] for role, indexes in said.items()}
    profiles = tuple(profile(table, i) for i in range(len(table.headers)))
    fits = _fits(table, profiles, {*chosen.values(), *traits, *ignored})
    guessed = _joined_after(table, profiles, fits, _assign(fits, chosen), chosen)
    rivals = _rivals(fits, {**chosen, **guessed})
    guesses = tuple(
        _guess(table, i, profiles[i], chosen, guessed, rivals) for i in range(len(table.headers))
    )
    return RoleMap(
        {**chosen, **{r: f.index for r, f in guessed.items()}}, guesses, profiles, traits, ignored
    )


def roles_said(
    table: RawTable, chosen: Mapping[str, int], whys: Mapping[int, str] | None = None
) -> RoleMap:
    """These roles and no others, as where a table was summed up and what its columns hold is known."""
    whys = whys or {}
    profiles = tuple(profile(table, i) for i in range(len(table.headers)))
    roles = {i: role for role, i in chosen.items()}
    guesses = []
    for i, header in enumerate(table.headers):
        family = family_of(header)
        guesses.append(
            RoleGuess(
                header,
                table.letters[i],
                roles.get(i, "trait"),
                "" if i in roles else family.name,
                i in roles or family.sure,
                whys.get(i, family.why),
                profiles[i].samples,
            )
        )
    return RoleMap(chosen, tuple(guesses), profiles, frozenset(), frozenset())


def column_named(table: RawTable, header: str, role: str) -> int:
    """Index of the column a user named; case, spaces and underscores matter only where headers differ in them."""
    if header.strip() in table.headers:
        return table.headers.index(header.strip())
    sheet, mark, name = header.partition("!")
    if mark and sheet.strip().casefold() == table.sheet.casefold():
        return column_named(table, name, role)
    same = [i for i, h in enumerate(table.headers) if plain(h) == plain(header)]
    if len(same) == 1 and plain(header):
        return same[0]
    if same:
        cells = ", ".join(f"'{table.headers[i]}' ({_head(table, i)})" for i in same)
        raise MissingColumn(
            f"{table.sheet} has several columns '{header}': {cells}. Write one exactly."
        )
    raise MissingColumn(_missing_column(table, header, role))


def nearest(name: str, names: Sequence[str]) -> list[str]:
    """Up to two names most like a misspelt one, the likeliest first."""
    by_plain = {plain(n): n for n in reversed(names)}
    return [by_plain[p] for p in get_close_matches(plain(name), by_plain, 2, 0.5)]


def _said(table: RawTable, explicit: Maps) -> dict[str, tuple[int, ...]]:
    said: dict[str, tuple[int, ...]] = {}
    for role, headers in explicit.items():
        check_role(role)
        names = (headers,) if isinstance(headers, str) else headers
        said[role] = tuple(column_named(table, name, role) for name in names)
        if role in ROLES and len(said[role]) > 1:
            raise MissingColumn(
                f"Role {role} is given {len(names)} columns: {', '.join(names)}. Give one."
            )
    return said


def check_role(role: str) -> None:
    """Refuse a word that is no role, `trait` or `ignore`."""
    if role not in ROLES and role not in {"trait", "ignore"}:
        raise MissingColumn(_missing_role(role))


def _missing_role(role: str) -> str:
    key = header_key(role)
    near = [r.name for r in CUSTOMER_ROLES if key in r.synonyms]
    near = near or get_close_matches(role, [*ROLES, "trait", "ignore"], 2, 0.5)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    return f"There is no role '{role}'.{hint} Roles: {', '.join(ROLES)}, trait, ignore."


def _missing_column(table: RawTable, header: str, role: str) -> str:
    near = [table.headers.index(h) for h in nearest(header, table.headers)]
    last = table.rows[-1] if len(table.rows) else table.header_row
    where = f"{table.sheet}!{table.letters[0]}{table.header_row}:{table.letters[-1]}{last}"
    if not near:
        known = ", ".join(table.headers[:12]) + (", ..." if len(table.headers) > 12 else "")
        return f"{where} has no column '{header}'. Its columns are {known}."
    names = " or ".join(f"'{table.headers[i]}' ({_head(table, i)})" for i in near)
    option = "--segment-by " if role == "segment_by" else f"--map {role}="
    return f"{where} has no column '{header}'. Did you mean {names}? Say so with {option}{table.headers[near[0]]}."


def _head(table: RawTable, index: int) -> str:
    return f"{table.letters[index]}{table.header_row}"


def _fits(table: RawTable, profiles: tuple[Profile, ...], taken: set[int]) -> list[_Fit]:
    fits = []
    unknown = {i.column for i in table.issues if i.kind == "formula_without_value"}
    for i, header in enumerate(table.headers):
        if i in taken:
            continue
        for role in CUSTOMER_ROLES:
            score, exact = _header_score(role, header, profiles[i])
            if header in unknown and not profiles[i].seen:
                if exact and role.kind in COUNTED_KINDS:
                    fits.append(_Fit(role.name, i, score / 1000, exact))  # after any with values
                continue
            if score and _values_fit(role, header, profiles[i], exact):
                if role.kind == "id":
                    score *= 0.5 + _share_different(table, i)
                if role.kind == "outcome":
                    score += 50  # a stage that ends in won or lost says more than its place
                fits.append(_Fit(role.name, i, score, exact))
    fullness = {i: p.filled for i, p in enumerate(profiles)}
    return sorted(fits, key=lambda f: (-f.score, -fullness[f.index], f.index))


def _header_score(role: Role, header: str, seen: Profile) -> tuple[float, bool]:
    """0 where the header says nothing; 100 for the role's own name, less for later synonyms; 30 for words inside."""
    key, words = header_key(header), header_words(header)
    if key in role.synonyms:
        return 100 - 40 * role.synonyms.index(key) / len(role.synonyms), True
    if not _NOT_THE_THING & set(words) and any(_contains(words, w) for w in role.within):
        return 30.0, False
    if role.name == "revenue_monthly" and _is_money_a_month(set(words)):
        return 28.0, False
    if role.kind == "email" and seen.emails >= 0.8:
        return 25.0, False
    return 0.0, False


def _is_money_a_month(words: set[str]) -> bool:
    """`Retainer / month`, `Fee per month (net)`: a word of money and one of months, in any order."""
    return bool(words & _A_MONTH and words & _MONEY) and not words & _NOT_THE_THING


def _contains(words: tuple[str, ...], part: tuple[str, ...]) -> bool:
    return any(words[i : i + len(part)] == part for i in range(len(words) - len(part) + 1))


def _values_fit(role: Role, header: str, seen: Profile, exact: bool) -> bool:
    key = header_key(header)
    if not seen.seen:  # an empty end date says that nobody has left
        return exact and role.kind == "date" and key not in _VAGUE
    half = (
        0.5 if exact else 1.0
    )  # a header that names the role outweighs a column full of bad cells
    dates = seen.dates >= min(0.6, half) or (exact and seen.serials >= 0.9)
    if role.name == "tenure_months" and _OTHER_TIME_UNIT.search(
        header.casefold().replace("_", " ")
    ):
        return False
    fits = {
        "id": seen.distinct >= 0.5 * seen.seen and seen.flags < 0.9 and seen.dates < 0.5,
        "email": seen.emails >= 0.6,
        "domain": seen.domains >= 0.6,
        "text": seen.texts >= 0.5 and seen.emails < 0.5,
        "date": dates,
        "flag": seen.flags >= 0.9 and seen.distinct <= 4,
        "number": seen.numbers >= min(0.8, half) and seen.dates < 0.5,
        "status": _is_status(key, seen),
        "outcome": seen.won
        or (key in _YES_NO_OUTCOME and seen.flags >= 0.9)
        or _named_outcome(key, seen),
    }
    return fits[role.kind]


def _is_status(key: str, seen: Profile) -> bool:
    """Life-cycle words, or yes and no under 'active'; open, won and lost alone are an outcome."""
    if key in _YES_NO_STATUS and seen.flags >= 0.9:
        return True
    deals_only = seen.won and seen.outcome_words >= 0.95
    said = seen.life_words if key in _VAGUE_STATUS else seen.life_phrases
    return said >= 0.6 and not deals_only


def _named_outcome(key: str, seen: Profile) -> bool:
    return key in {"outcome", "dealoutcome", "opportunityoutcome"} and seen.outcome_words >= 0.5


def _share_different(table: RawTable, index: int) -> float:
    filled = pd.Series(table.columns[index]).dropna()
    return float(filled.nunique() / max(1, len(filled)))


def _assign(fits: list[_Fit], chosen: Mapping[str, int]) -> dict[str, _Fit]:
    guessed: dict[str, _Fit] = {}
    used = set(chosen.values())
    for fit in fits:
        if fit.role not in chosen and fit.role not in guessed and fit.index not in used:
            guessed[fit.role] = fit
            used.add(fit.index)
    return guessed


def _joined_after(
    table: RawTable,
    profiles: tuple[Profile, ...],
    fits: list[_Fit],
    guessed: dict[str, _Fit],
    chosen: Mapping[str, int],
) -> dict[str, _Fit]:
    """`Joined` as the conversion where another column says when people came in and fewer have joined."""
    joined = guessed.get("created_on")
    told = "converted_on" in {*guessed, *chosen}
    if told or joined is None or header_key(table.headers[joined.index]) not in _JOINED:
        return guessed
    used = {*chosen.values(), *(f.index for f in guessed.values())}
    first = next(
        (
            f
            for f in fits
            if f.role == "created_on"
            and f.exact
            and f.index not in used
            and profiles[joined.index].filled < _FEWER * profiles[f.index].filled
        ),
        None,
    )
    if first is None:
        return guessed
    return {**guessed, "created_on": first, "converted_on": replace(joined, role="converted_on")}


def _rivals(fits: list[_Fit], winners: Mapping[str, int | _Fit]) -> dict[str, list[int]]:
    """Other columns that fit a role as well as its winner does and serve no role themselves."""
    used = {w.index if isinstance(w, _Fit) else w for w in winners.values()}
    rivals: dict[str, list[int]] = {}
    for fit in fits:
        winner = winners.get(fit.role)
        if isinstance(winner, _Fit) and fit.index not in used and fit.score >= winner.score:
            rivals.setdefault(fit.role, []).append(fit.index)
    return rivals


def _guess(
    table: RawTable,
    index: int,
    seen: Profile,
    chosen: Mapping[str, int],
    guessed: Mapping[str, _Fit],
    rivals: Mapping[str, list[int]],
) -> RoleGuess:
    header, letter = table.headers[index], table.letters[index]
    said = next((r for r, i in chosen.items() if i == index), None)
    if said:
        return RoleGuess(header, letter, said, "", True, SAID, seen.samples)
    fit = next((f for f in guessed.values() if f.index == index), None)
    if fit is None:
        family = family_of(header)
        return RoleGuess(
            header, letter, "trait", family.name, family.sure, family.why, seen.samples
        )
    why, sure = _why(table, fit, rivals.get(fit.role, []))
    return RoleGuess(header, letter, fit.role, "", sure, why, seen.samples)


def _why(table: RawTable, fit: _Fit, rivals: list[int]) -> tuple[str, bool]:
    header = table.headers[fit.index]
    if rivals:
        others = ", ".join(f"'{table.headers[i]}' ({_head(table, i)})" for i in rivals)
        return f"{others} would fit as well; this one has more values or stands first", False
    if not fit.exact:
        return "part of the header and the values fit", False
    if header_key(header) in _VAGUE:
        return "the values fit, but the header could mean something else", False
    return "header and values fit", True
