"""Which pairs of two long lists are worth a look: those that share a rare word, a beginning, a domain or a number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mapseg_xl.intake.pairing.parties import Parties

MOST_TOGETHER = 2_000
"""Pairs that one shared word may give; a word that stands in more says nothing of whom."""
_ENDS = (5, 9)  # letters
_SHORTEST_WORD = 2

Indices = NDArray[np.int64]
Keys = Iterator[tuple[str, int]]


def candidates(left: Parties, right: Parties) -> tuple[Indices, Indices]:
    """Places of the pairs worth scoring, left and right, each pair once, in the order of the right list."""
    found = [_together(make(left), make(right)) for make in _BLOCKS]
    codes = np.unique(np.concatenate([r * left.n + l for l, r in found]))  # noqa: E741
    return codes % max(1, left.n), codes // max(1, left.n)


def _words(of: Parties) -> Keys:
    for at, name in enumerate(of.names):
        for word in set(name.core.split()):
            if len(word) >= _SHORTEST_WORD:
                yield word, at


def _word_pairs(of: Parties) -> Keys:
    """Two neighbours in alphabetical order: found where each word alone is too common."""
    for at, ordered in enumerate(of.ordered.tolist()):
        words = ordered.split()
        for one, other in pairwise(words):
            yield f"{one} {other}", at


def _ends(of: Parties) -> Keys:
    """Letters at the beginning and at the end, few and more: the more, the rarer."""
    for at, text in enumerate(of.condensed.tolist()):
        for letters in _ENDS:
            if len(text) >= letters:
                yield f"{text[:letters]}…", at
                yield f"…{text[-letters:]}", at


def _whole(of: Parties) -> Keys:
    """The name as a domain writes it, in any order of its words, and the first part of the domain."""
    held = zip(of.condensed.tolist(), of.ordered.tolist(), of.roots.tolist(), strict=True)
    for at, (text, ordered, root) in enumerate(held):
        yield from ((part, at) for part in {text, ordered, root} - {""})


def _domains(of: Parties) -> Keys:
    return ((text, at) for at, text in enumerate(of.domains.tolist()) if text)


def _phones(of: Parties) -> Keys:
    return ((text, at) for at, text in enumerate(of.phones.tolist()) if text)


def _emails(of: Parties) -> Keys:
    return ((text, at) for at, text in enumerate(of.emails.tolist()) if text)


_BLOCKS: tuple[Callable[[Parties], Keys], ...] = (
    _words,
    _word_pairs,
    _ends,
    _whole,
    _domains,
    _phones,
    _emails,
)


def _together(left: Keys, right: Keys) -> tuple[Indices, Indices]:
    """The pairs that share a key, but for keys that too many share."""
    frames = [pd.DataFrame.from_records(list(k), columns=["key", "at"]) for k in (left, right)]
    if not len(frames[0]) or not len(frames[1]):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    counts = [frame["key"].value_counts() for frame in frames]
    products = counts[0].mul(counts[1]).dropna()  # of keys in both
    rare = set(products.index[products <= MOST_TOGETHER])
    few = [frame[frame["key"].isin(rare)] for frame in frames]
    both = few[0].merge(few[1], on="key", suffixes=("_left", "_right"))
    return both["at_left"].to_numpy(np.int64), both["at_right"].to_numpy(np.int64)
