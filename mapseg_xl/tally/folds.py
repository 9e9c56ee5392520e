"""Deals customers into folds by a stable hash of their id. Knows nothing of what the folds are for."""

from __future__ import annotations

from collections.abc import Iterable
from operator import methodcaller
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

_ODD = np.uint64(0x9E3779B97F4A7C15)
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


def fold_of(ids: Iterable[str], salt: str, n_folds: int) -> NDArray[np.int64]:
    """Fold of each customer, 0 to n_folds - 1: the same for an id and a salt on every machine, in any row order.

    Equal ids share a fold; another salt deals anew, independently of the first.

    Parameters
    ----------
    ids
        Customer ids as text.
    salt
        Any text; kept with the run so that it can be repeated.
    n_folds
        Number of folds, at least 1.

    Notes
    -----
    CRC-32 of the id's UTF-8 bytes (the same everywhere, and quick), then the finaliser of
    SplitMix64 (Steele, Lea and Flood 2014) over id and salt, since a CRC alone is linear: ids that
    count upwards would not be dealt evenly.

    >>> fold_of(["C1", "C2", "C1"], "2026", 200)
    array([131,  51, 131])
    """
    if n_folds < 1:
        raise ValueError(f"n_folds is {n_folds}; it must be at least 1")
    checksums = map(crc32, map(methodcaller("encode", "utf-8", "surrogatepass"), ids))
    state = np.fromiter(checksums, dtype=np.uint64)
    state += np.uint64(crc32(salt.encode("utf-8", "surrogatepass")) << 32)
    top = mixed(state) >> np.uint64(32)
    return ((top * np.uint64(n_folds)) >> np.uint64(32)).astype(np.int64)


def mixed(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Each of 64 bits depends on all of the state's; arithmetic modulo 2^64."""
    mixed = state * _ODD
    mixed = (mixed ^ (mixed >> np.uint64(30))) * _MIX[0]
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _MIX[1]
    return mixed ^ (mixed >> np.uint64(31))
