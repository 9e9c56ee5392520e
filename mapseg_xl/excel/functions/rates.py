"""Rates from counts a team already keeps: plausible ranges, cautious rates, one rate against another."""

from __future__ import annotations

from mapseg_xl.excel.answering.answers import NotAvailable
from mapseg_xl.excel.arguments.blocks import (
    Bounds,
    counts_of,
    number,
    option,
    paired_sums,
)
from mapseg_xl.excel.cell_function import Column, Number, cell_function
from mapseg_xl.settings import Settings
from mapseg_xl.stats.intervals import Interval
from mapseg_xl.stats.proportions import newcombe, wilson
from mapseg_xl.stats.shrinkage import shrink_toward

_DEFAULTS = Settings()
_SURE = Bounds(0.5, 0.999)  # as in Settings
NOBODY = "There are no trials, so there is no rate."


def seg_rate_low(successes: Number, trials: Number, confidence: Number = None) -> float:
    """Lower end of the plausible range of a rate, from counts: of 100 such ranges 95 hold the true rate.

    Parameters
    ----------
    successes
        How many succeeded, e.g. converted.
    trials
        How many there were in all.
    confidence
        How sure the range should be, 0.95 if left out.

    Notes
    -----
    Wilson 1927.

    >>> round(seg_rate_low(81, 263), 4)
    0.2553
    """
    return _end(_range(successes, trials, confidence).low)


def seg_rate_high(successes: Number, trials: Number, confidence: Number = None) -> float:
    """Upper end of the plausible range of a rate, from counts: of 100 such ranges 95 hold the true rate.

    Parameters
    ----------
    successes
        How many succeeded, e.g. converted.
    trials
        How many there were in all.
    confidence
        How sure the range should be, 0.95 if left out.

    Notes
    -----
    Wilson 1927.

    >>> round(seg_rate_high(81, 263), 4)
    0.3662
    """
    return _end(_range(successes, trials, confidence).high)


def seg_rate_cautious(
    successes: Number, trials: Number, base_successes: Number, base_trials: Number
) -> float:
    """A rate drawn toward the company's, the more so the fewer trials it rests on: 4 of 4 is no winner.

    Parameters
    ----------
    successes
        How many of the segment succeeded.
    trials
        How many of the segment there were.
    base_successes
        How many of the whole company succeeded.
    base_trials
        How many of the whole company there were.

    Notes
    -----
    As if the company's rate had been seen on 50 more.

    >>> round(seg_rate_cautious(4, 4, 200, 1000), 4)
    0.2593
    """
    part, whole, base_part, base = counts_of(
        (successes, trials, ""), (base_successes, base_trials, "base_")
    )
    if not whole or not base:
        raise NotAvailable(NOBODY)
    return shrink_toward(part, whole, base_part / base, _DEFAULTS.shrink_weight)


def seg_rate_difference(
    successes: Number, trials: Number, rest_successes: Number, rest_trials: Number
) -> float:
    """A segment's rate less everyone else's, from counts: 0.2 is twenty points more.

    Parameters
    ----------
    successes
        How many of the segment succeeded.
    trials
        How many of the segment there were.
    rest_successes
        How many of everyone else succeeded; not of the company, which holds the segment.
    rest_trials
        How many of everyone else there were.

    >>> round(seg_rate_difference(56, 70, 48, 80), 4)
    0.2
    """
    part, whole, other, others = _both(successes, trials, rest_successes, rest_trials)
    return part / whole - other / others


def seg_rate_difference_low(
    successes: Number,
    trials: Number,
    rest_successes: Number,
    rest_trials: Number,
    confidence: Number = None,
) -> float:
    """Lower end of the plausible range of a segment's rate less everyone else's. Above 0: more than chance.

    Parameters
    ----------
    successes
        How many of the segment succeeded.
    trials
        How many of the segment there were.
    rest_successes
        How many of everyone else succeeded; not of the company, which holds the segment.
    rest_trials
        How many of everyone else there were.
    confidence
        How sure the range should be, 0.95 if left out.

    Notes
    -----
    Newcombe 1998, method 10.

    >>> round(seg_rate_difference_low(56, 70, 48, 80), 4)
    0.0524
    """
    counts = _both(successes, trials, rest_successes, rest_trials)
    return _end(newcombe(*counts, confidence=_confidence(confidence)).low)


def seg_rate_difference_high(
    successes: Number,
    trials: Number,
    rest_successes: Number,
    rest_trials: Number,
    confidence: Number = None,
) -> float:
    """Upper end of the plausible range of a segment's rate less everyone else's. Below 0: less than chance.

    Parameters
    ----------
    successes
        How many of the segment succeeded.
    trials
        How many of the segment there were.
    rest_successes
        How many of everyone else succeeded; not of the company, which holds the segment.
    rest_trials
        How many of everyone else there were.
    confidence
        How sure the range should be, 0.95 if left out.

    Notes
    -----
    Newcombe 1998, method 10.

    >>> round(seg_rate_difference_high(56, 70, 48, 80), 4)
    0.3339
    """
    counts = _both(successes, trials, rest_successes, rest_trials)
    return _end(newcombe(*counts, confidence=_confidence(confidence)).high)


def seg_rate(successes: Column, trials: Column) -> float:
    """The overall rate of several groups or periods: the sums over each other, never the mean of the rates.

    Parameters
    ----------
    successes
        How many succeeded, one cell a group or month; or a single cell.
    trials
        How many there were, one cell a group or month; or a single cell.

    >>> round(seg_rate([[26], [15], [32]], [[40], [30], [50]]), 4)
    0.6083
    """
    part, whole = paired_sums((successes, "successes"), (trials, "trials"), within=True)
    if not whole:
        raise NotAvailable(NOBODY)
    return part / whole


def seg_won_share(won: Column, lost: Column) -> float:
    """Share won of the opportunities decided, from counts. Open ones belong in neither column.

    Parameters
    ----------
    won
        How many were won, one cell a group or month; or a single cell.
    lost
        How many were lost, one cell a group or month; or a single cell.

    >>> seg_won_share(30, 70)
    0.3
    """
    gained, gone = paired_sums((won, "won"), (lost, "lost"))
    if not gained + gone:
        raise NotAvailable("No opportunity is decided.")
    return gained / (gained + gone)


def seg_index(value: Number, rest_value: Number) -> float:
    """A figure against everyone else's, 100 = the same, 200 = twice as much.

    Parameters
    ----------
    value
        The segment's figure.
    rest_value
        Everyone else's figure; not the company's, which holds the segment.

    >>> seg_index(0.12, 0.08)
    150.0
    """
    own, rest = number(value, "value"), number(rest_value, "rest_value")
    if not rest:
        raise NotAvailable("Everyone else's figure is 0: nothing can be set against it.")
    return 100 * own / rest


def _range(successes: Number, trials: Number, confidence: Number) -> Interval:
    part, whole = counts_of((successes, trials, ""))
    return wilson(part, whole, _confidence(confidence))


def _confidence(confidence: Number) -> float:
    return option(confidence, "confidence", _DEFAULTS.confidence, _SURE)


def _end(limit: float | None) -> float:
    if limit is None:
        raise NotAvailable(NOBODY)
    return limit


def _both(
    successes: Number, trials: Number, rest_successes: Number, rest_trials: Number
) -> tuple[float, float, float, float]:
    """Counts of a segment and of everyone else, neither of nobody."""
    part, whole, other, others = counts_of(
        (successes, trials, ""), (rest_successes, rest_trials, "rest_")
    )
    if not whole or not others:
        raise NotAvailable(NOBODY)
    return part, whole, other, others


FUNCTIONS = (
    cell_function(seg_rate, "Rates from counts", "=SEG_RATE(B2:B13,C2:C13)"),
    cell_function(seg_rate_low, "Rates from counts", "=SEG_RATE_LOW(B2,C2)"),
    cell_function(seg_rate_high, "Rates from counts", "=SEG_RATE_HIGH(B2,C2)"),
    cell_function(seg_rate_cautious, "Rates from counts", "=SEG_RATE_CAUTIOUS(B2,C2,B$9,C$9)"),
    cell_function(seg_rate_difference, "Rates from counts", "=SEG_RATE_DIFFERENCE(B2,C2,B3,C3)"),
    cell_function(
        seg_rate_difference_low, "Rates from counts", "=SEG_RATE_DIFFERENCE_LOW(B2,C2,B3,C3)"
    ),
    cell_function(
        seg_rate_difference_high, "Rates from counts", "=SEG_RATE_DIFFERENCE_HIGH(B2,C2,B3,C3)"
    ),
    cell_function(seg_won_share, "Rates from counts", "=SEG_WON_SHARE(B2:B13,C2:C13)"),
    cell_function(seg_index, "Rates from counts", "=SEG_INDEX(D2,E2)"),
)
