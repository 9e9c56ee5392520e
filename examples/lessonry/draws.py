"""Random draws made from uniform numbers alone, the one stream of numpy that stays the same over versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class Draws:
    """A seeded stream. Every call takes one uniform number a row, so that rows stay aligned."""

    def __init__(self, seed: int, n: int) -> None:
        self._stream = np.random.Generator(np.random.PCG64(seed))
        self.n = n

    def uniform(self) -> Array:
        """Numbers from 0 to 1, one a row."""
        return self._stream.random(self.n)

    def pick(self, shares: Mapping[str, float]) -> Array:
        """One of the names a row, with these shares (they need not sum to 1)."""
        names = np.array(list(shares), object)
        edges = np.cumsum(list(shares.values()))
        return names[np.searchsorted(edges / edges[-1], self.uniform(), side="right")]

    def pick_by(self, groups: Array, shares: Mapping[str, Mapping[str, float]]) -> Array:
        """One of the names a row, with the shares of the row's group; group `` stands for all others."""
        u = self.uniform()
        result = np.empty(self.n, object)
        for group in dict.fromkeys(groups):
            own = shares.get(group, shares[""])
            edges = np.cumsum(list(own.values()))
            rows = groups == group
            names = np.array(list(own), object)
            result[rows] = names[np.searchsorted(edges / edges[-1], u[rows], side="right")]
        return result

    def yes(self, chance: Array | float) -> Array:
        """True with this chance."""
        return self.uniform() < chance

    def whole(self, low: Array | int, high: Array | int) -> Array:
        """Whole numbers from low to high, both included, small ones more often than large ones."""
        low, high = np.asarray(low), np.asarray(high)
        return (low + np.floor((high - low + 1) * self.uniform() ** 2)).astype(int)

    def near(self, centre: Array | float, spread: float) -> Array:
        """Log-normal around a centre; spread .2 keeps two in three within about 20 percent."""
        normal = np.sqrt(-2 * np.log(1 - self.uniform())) * np.cos(2 * np.pi * self.uniform())
        return np.asarray(centre) * np.exp(spread * normal)

    def waiting(self, scale: Array | float, shape: Array | float = 1.0) -> Array:
        """Weibull times; shape 1: nobody gets more likely to go with time."""
        return np.asarray(scale) * (-np.log(1 - self.uniform())) ** (1 / np.asarray(shape))


def first_of(rules: Sequence[tuple[Array, float]], otherwise: float) -> Array:
    """The value of the first rule that holds for a row."""
    return np.select([rule for rule, _ in rules], [value for _, value in rules], otherwise)
