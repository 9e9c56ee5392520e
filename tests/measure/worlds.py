"""Made-up bases in which segments are planted, or nothing is."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mapseg_xl.intake.describing.categories import number_values
from mapseg_xl.intake.tables import Customers, Status, Trait
from mapseg_xl.measure.discovery import Proposals, propose
from mapseg_xl.settings import Settings
from mapseg_xl.tally.rows import bind

Rows = NDArray[np.integer]


def values_of(name: str, codes: Rows, **more: Any) -> Trait:
    """A text trait whose values are `name0`, `name1` ..."""
    values = tuple(f"{name}{at}" for at in range(int(codes.max()) + 1))
    family = more.pop("family", "firmographic")
    return Trait(name, "B", family, values, codes.astype(np.int32), **more)


def numbers_of(name: str, numbers: NDArray[np.float64], **more: Any) -> Trait:
    """A numeric trait as intake makes it: in bands where there are many different numbers."""
    values, codes = number_values(numbers)
    return Trait(name, "B", "firmographic", values, codes, True, numbers, **more)


def base_of(traits: list[Trait], seed: int, **roles: NDArray[Any]) -> Customers:
    """One row a customer: `converted`, or `tenure_months` with `churned`, or `revenue_monthly`."""
    n = len(traits[0].codes)
    ids = np.array([f"S{seed}-C{at:05d}" for at in range(n)], object)
    status = np.full(n, Status.CUSTOMER, np.int8)
    if "converted" in roles:
        status[roles["converted"] == 0] = Status.LEAD
    if "churned" in roles:
        status[roles["churned"] == 1] = Status.CHURNED
    headers = {role: role for role in roles}
    return Customers(
        n, status, ids, roles, headers, tuple(traits), "test.csv", "test", np.arange(2, n + 2)
    )


def dice(seed: int, n: int, sides: tuple[int, ...]) -> list[Rows]:
    """A column a die."""
    random = np.random.default_rng(seed)
    return [random.integers(0, k, n) for k in sides]


def converted(seed: int, rate: NDArray[np.float64]) -> NDArray[np.int8]:
    """Who converts, by the chance of each."""
    return (np.random.default_rng([seed, 1]).random(len(rate)) < rate).astype(np.int8)


def proposed(base: Customers, named: tuple[str, ...] = (), **settings: Any) -> Proposals:
    """What the search proposes."""
    made = Settings(**settings)
    return propose(base, bind(base, None, made), made, named)


def rules(proposals: Proposals) -> list[str]:
    """The rules found, by rank, without quotes."""
    return [p.rule.replace("'", "") for p in proposals.found]
