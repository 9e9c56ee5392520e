"""Named functions on counts of successes and trials: plausible ranges, cautious rates, differences, indices."""

from __future__ import annotations

from mapseg_xl.report.named_functions.columns import paired
from mapseg_xl.report.named_functions.ranges import wilson_end
from mapseg_xl.report.named_functions.writing import guarded, named, otherwise
from mapseg_xl.settings import Settings
from mapseg_xl.stats.intervals import normal_quantile

_DEFAULTS = Settings()
_UNSURE = "confidence_given<0.5,confidence_given>0.999"
_BAD = "successes<0,AND(successes>0,successes<1),successes>trials"  # 45% is no number of successes
_BAD_REST = (
    f"{_BAD},rest_successes<0,AND(rest_successes>0,rest_successes<1),rest_successes>rest_trials"
)
_NOBODY = "trials*rest_trials=0"
_RATES = "LET(rate,successes/trials,rest,rest_successes/rest_trials,"
_Z = "NORMSINV(1-(1-confidence_given)/2)"


def _with_confidence(numbers: str, value: str, bad: str, undefined: str) -> str:
    made = guarded(
        f"{numbers} confidence_given", value, bad=f"OR({bad},{_UNSURE})", undefined=undefined
    )
    return otherwise("confidence", str(_DEFAULTS.confidence), made)


def _of_one(sign: str) -> str:
    value = f"LET(z,{_Z},{wilson_end('successes', 'trials', sign, 'z')})"
    return _with_confidence("successes trials", value, _BAD, "trials=0")


def _of_difference(sign: str) -> str:
    """Newcombe's square-and-add (1998, method 10)."""
    far = {"-": "+", "+": "-"}[sign]
    own = wilson_end("successes", "trials", sign, "z")
    other = wilson_end("rest_successes", "rest_trials", far, "z")
    end = f"rate-rest{sign}SQRT((rate-{own})^2+({other}-rest)^2)"
    bounded = f"MAX(-1,{end})" if sign == "-" else f"MIN(1,{end})"
    value = f"{_RATES}z,{_Z},{bounded})"
    return _with_confidence(_FOUR, value, _BAD_REST, _NOBODY)


_Z_USUAL = repr(normal_quantile(1 - _DEFAULTS.false_discovery_rate))
_TWO = "successes trials"
_FOUR = "successes trials rest_successes rest_trials"
_BASE = "successes trials base_successes base_trials"
_BAD_BASE = (
    f"OR({_BAD},base_successes<0,AND(base_successes>0,base_successes<1),base_successes>base_trials)"
)
_CAUTIOUS = (
    f"(successes+{_DEFAULTS.shrink_weight}*base_successes/base_trials)"
    f"/(trials+{_DEFAULTS.shrink_weight})"
)

_NEEDED = f"""
    {_RATES}pooled,(successes+rest_successes)/(trials+rest_trials),
    spread,rate*(1-rate)/trials,other_spread,rest*(1-rest)/rest_trials,
    margin,MAX({_DEFAULTS.margin_share}*MIN(pooled,1-pooled),{_DEFAULTS.margin_share_floor}),
    room,(MAX(ABS(rate-rest),margin-ABS(rate-rest))/{_Z_USUAL})^2-other_spread,
    IF(OR(spread=0,room<=0),NA(),LET(needed,trials*spread/room,
    INT(ROUND(needed,1-INT(LOG10(needed)))))))"""

RATES = (
    named(
        "RATE",
        "successes trials",
        paired("successes", "trials", "above/below", undefined="below=0", within=True),
        "The overall rate of several groups or months: the sums over each other.",
    ),
    named(
        "WON_SHARE",
        "won lost",
        paired("won", "lost", "above/(above+below)", undefined="above+below=0"),
        "Share won of the opportunities decided, from counts.",
    ),
    named(
        "RATE_LOW",
        f"{_TWO} [confidence]",
        _of_one("-"),
        "Lower end of the plausible range of a rate, from counts. Confidence: 0.95 if left out.",
    ),
    named(
        "RATE_HIGH",
        f"{_TWO} [confidence]",
        _of_one("+"),
        "Upper end of the plausible range of a rate, from counts. Confidence: 0.95 if left out.",
    ),
    named(
        "RATE_CAUTIOUS",
        _BASE,
        guarded(_BASE, _CAUTIOUS, bad=_BAD_BASE, undefined="trials*base_trials=0"),
        "A rate drawn toward the company's rate, the more so the fewer trials it rests on.",
    ),
    named(
        "RATE_DIFFERENCE",
        _FOUR,
        guarded(
            _FOUR,
            "successes/trials-rest_successes/rest_trials",
            bad=f"OR({_BAD_REST})",
            undefined=_NOBODY,
        ),
        "A segment's rate less everyone else's, from counts; a difference of shares, not per cent.",
    ),
    named(
        "RATE_DIFFERENCE_LOW",
        f"{_FOUR} [confidence]",
        _of_difference("-"),
        "Lower end of the plausible range of a difference of two rates. Confidence: 0.95 if left out.",
    ),
    named(
        "RATE_DIFFERENCE_HIGH",
        f"{_FOUR} [confidence]",
        _of_difference("+"),
        "Upper end of the plausible range of a difference of two rates. Confidence: 0.95 if left out.",
    ),
    named(
        "TRIALS_NEEDED",
        _FOUR,
        guarded(_FOUR, _NEEDED, bad=f"OR({_BAD_REST})", undefined=f"{_NOBODY}"),
        "Trials a segment needs in all until its rate can be told from everyone else's.",
    ),
    named(
        "INDEX",
        "value rest_value",
        guarded("value rest_value", "100*value/rest_value", undefined="rest_value=0"),
        "A figure against everyone else's, 100 = the same.",
    ),
)
