"""What people said of likely pairs: yes, no, or all from a score on. Kept from run to run; joins nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

Keys = tuple[str, str]  # of the left party and the right one

YES, NO, BULK, OPEN, GONE = "yes", "no", "score", "open", "gone"
"""How a pair stands: joined by an answer, never asked again, joined by its score, open; a party is not there now."""


@dataclass(frozen=True, slots=True)
class PairAnswers:
    """Answers to likely pairs, by the pair's id.

    `accept_from`: open pairs are joined from this score on. `ask`: open pairs are to be looked for, to be shown.
    """

    yes: Mapping[str, Keys] = field(default_factory=dict)
    no: Mapping[str, Keys] = field(default_factory=dict)
    accept_from: float | None = None
    ask: bool = False


@dataclass(frozen=True, slots=True)
class AskedPair:
    """A likely pair as people see it. `left`, `right`: what the rows say; `keys` name both parties for good."""

    id: str
    table: str  # the right table
    left: str
    right: str
    keys: Keys
    score: float
    words: str
    why: str
    money: float | None  # None: the table has none
    rows: int
    state: str = OPEN
    rival: bool = False


def pair_id(left: str, right: str) -> str:
    """The name of a pair that it keeps from month to month, in whatever files its two parties stand.

    >>> pair_id("acme gmbh", "acme") == pair_id("acme gmbh", "acme") != pair_id("acme", "acme gmbh")
    True
    """
    text = f"{left}\x1f{right}"
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
