"""Companies that were made up, and how two systems of one team write them: the truth is known."""

from __future__ import annotations

import random
from dataclasses import dataclass

FORMS = (
    "GmbH",
    "Inc.",
    "Ltd",
    "S.A.",
    "B.V.",
    "Oy",
    "AB",
    "LLC",
    "S.r.l.",
    "Pty Ltd",
    "GmbH & Co. KG",
)
_FIRST = """
Acme Bolt Cedar Delta Ember Falcon Garnet Harbor Indigo Juniper Krypton Lumen Maple Nimbus Onyx Pioneer Quartz
Raven Summit Timber Umbra Vertex Willow Xenon Yonder Zephyr Müller Dupont García Özdemir Ångström Køge Łódź Brücke
Renault Señor Citadel Orchard Beacon Copper Dynamo Eagle Forge Granite Helix Ivory Jasper Kestrel Lantern Mosaic
""".split()  # noqa: SIM905
_SECOND = """
Robotics Foods Textiles Analytics Marine Optics Paper Software Energy Dental Travel Motors Chemicals Design
Printing Toys Bakery Packaging Seeds Furniture Tools Glass Steel Wines Pharma Cycles Cosmetics Lighting
""".split()  # noqa: SIM905
_SIBLINGS = ("North", "South", "Holding", "2", "International", "Services")
_COUNTRIES = ("Germany", "France", "Spain", "United States", "Finland")
_CITIES = ("Berlin", "Lyon", "Madrid", "Boston", "Turku")


@dataclass(frozen=True)
class Company:
    """One company of the truth."""

    number: int
    name: str
    form: str
    domain: str
    country: str
    city: str
    money: float

    @property
    def legal(self) -> str:
        """Name with its legal form."""
        return f"{self.name} {self.form}"


def made_up(n: int, seed: int = 1) -> list[Company]:
    """Companies; every sixth has a sibling that only a number or a word such as North tells apart."""
    dice = random.Random(seed)
    names = [f"{a} {b}" for a in _FIRST for b in _SECOND]
    dice.shuffle(names)
    while len(names) < n:
        names += [f"{a} {b} {c}" for a in dice.sample(_FIRST, 20) for b in _SECOND for c in _FIRST]
    found: list[Company] = []
    for name in dict.fromkeys(names):
        family = [name, f"{name} {dice.choice(_SIBLINGS)}"] if dice.random() < 1 / 6 else [name]
        for one in family:
            at = dice.randrange(len(_CITIES))
            money = round(dice.lognormvariate(7, 1.5), 2)
            domain = "".join(c for c in one.casefold() if c.isascii() and c.isalnum())
            form = dice.choice(FORMS)
            found.append(
                Company(
                    len(found),
                    one,
                    form,
                    f"{domain}{len(found)}.example",
                    _COUNTRIES[at],
                    _CITIES[at],
                    money,
                )
            )
    return found[:n]


def mildly(company: Company, dice: random.Random) -> str:
    """As another system writes it, still certain: case, punctuation, spaces, the legal form left out."""
    text = company.legal if dice.random() < 0.6 else company.name
    ways = (
        str.upper,
        str.lower,
        lambda t: t.replace(" ", "  "),
        lambda t: t.replace(" ", ", ", 1) if t.count(" ") > 1 else t,
        lambda t: f"The {t}",
        lambda t: t.replace(".", ""),
        unaccented,
        lambda t: f" {t}. ",
    )
    return dice.choice(ways)(text)


def badly(company: Company, dice: random.Random) -> str:
    """As somebody typed it: a letter lost, doubled or swapped, a word cut short, words in another order."""
    text = unaccented(company.name)
    at = dice.randrange(1, len(text) - 2)
    ways = (
        lambda t: t[:at] + t[at + 1 :],
        lambda t: t[:at] + t[at] + t[at:],
        lambda t: t[:at] + t[at + 1] + t[at] + t[at + 2 :],
        lambda t: " ".join(reversed(t.split())),
        lambda t: t.replace(" ", ""),
        lambda t: f"{t} Deutschland" if dice.random() < 0.2 else t + "s",
    )
    return dice.choice(ways)(text)


def unaccented(text: str) -> str:
    """As a system without accents keeps it."""
    plain = str.maketrans("üöäÖÅøßíñŁóźéÄÜ", "uoaOAosinLozeAU")
    return text.translate(plain)
