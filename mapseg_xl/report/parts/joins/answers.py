"""Answers to likely pairs: the yellow cells of Match report, what they say, and what the workbook keeps of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from mapseg_xl.intake.joining.answers import NO, YES, AskedPair, Keys, PairAnswers
from mapseg_xl.report.identity import Previous
from mapseg_xl.report.parts.names import MATCH_REPORT, VALUE
from mapseg_xl.report.spec import Input
from mapseg_xl.report.typed import understood

PAIRS, BULK, ACCEPT_FROM, ANSWER = "likely pairs", "accept", "from", "answer"
LEAST, MOST = 70, 99
_REMEMBERED = "likely pairs"  # in the workbook's memory: the two keys of each pair that was shown

ONE = Input(
    None, "choice", "yes: the two are one, and are joined. no: never ask again.", choices=(YES, NO)
)
ALL = Input(
    None,
    "number",
    "Every pair without an answer from this score on is joined. Empty: none.",
    LEAST,
    MOST,
)


def typed_pairs(earlier: Previous | None, accept_from: float | None, *, ask: bool) -> PairAnswers:
    """What people said of likely pairs in an earlier workbook. `accept_from`: of the settings, where none is typed."""
    if earlier is None:
        return PairAnswers(accept_from=accept_from, ask=ask)
    known = _known(earlier.memory)
    said: dict[str, dict[str, Keys]] = {YES: {}, NO: {}}
    least = accept_from
    for (tab, block, row, column), value in earlier.homes.items():
        if tab != MATCH_REPORT:
            continue
        text = str(value).strip().casefold()
        if (block, column) == (PAIRS, ANSWER) and text in said and row in known:
            said[text][row] = known[row]
        elif (block, row, column) == (BULK, ACCEPT_FROM, VALUE):
            number, wrong = understood(value, ALL)
            if not wrong and isinstance(number, int | float):
                least = float(number)
    return PairAnswers(said[YES], said[NO], least, ask)


def pair_memory(pairs: Sequence[AskedPair], earlier: Previous | None) -> dict[str, str]:
    """What to remember of the pairs: whom each id names. Those of earlier runs stay known."""
    known = {**(_known(earlier.memory) if earlier else {}), **{p.id: p.keys for p in pairs}}
    if not known:
        return {}
    rows = [[pair, *keys] for pair, keys in known.items()]
    return {_REMEMBERED: json.dumps(rows, ensure_ascii=False, separators=(",", ":"))}


def _known(memory: Mapping[str, str]) -> dict[str, Keys]:
    rows = json.loads(memory.get(_REMEMBERED, "[]"))
    return {pair: (left, right) for pair, left, right in rows}
