"""Named functions over rows on staying: churn a month, share still here, months until half have left."""

from __future__ import annotations

from mapseg_xl.metrics.churn import MONTHLY_CHURN
from mapseg_xl.metrics.lifetime import MEDIAN_LIFETIME, SURVIVAL_12M
from mapseg_xl.report.named_functions.ranges import LOWER, TAIL, UPPER, curve_end, garwood
from mapseg_xl.report.named_functions.reading import amounts, flagged
from mapseg_xl.report.named_functions.segment_table import (
    BODY,
    Figure,
    heads,
    of_segments,
    quotient,
)
from mapseg_xl.report.verbs import NamedFunction

_TINY = "1E-12"
_MOST_MONTHS = 600
_LIVES = amounts(
    "tenure_months",
    0,
    flagged(
        "churned",
        "churned",
        f'LET(known,IF(tenure_months="",0,1),left,known*IF(flags=1,1,0),{BODY})',
    ),
)
_MONTHLY = Figure(
    "months",
    quotient("gone", "months"),
    garwood("gone", "months"),
    ("months,SUM(IF(own*known=1,tenure_months,0))", "gone,SUM(own*left)"),
)
# Each time at which somebody of the segment left, once; -1 where nobody did. Who left there, who was still followed.
_CURVE = (
    "entered,SUM(own*known)",
    "times,SORT(UNIQUE(FILTER(tenure_months,own*left=1,-1)))",
    "gone,MAP(times,LAMBDA(time,SUM(own*left*IF(tenure_months=time,1,0))))",
    "at_risk,MAP(times,LAMBDA(time,SUM(own*known*IF(tenure_months>=time,1,0))))",
)
_ENTERED = 'IF(entered=0,"",entered)'
_AFTER = f"""
    LET(after,IF(ISOMITTED(month),12,IF(month="",12,month)),
    IF(NOT(ISNUMBER(after)),#VALUE!,IF(OR(after<0,after>{_MOST_MONTHS}),#VALUE!,{BODY})))"""
_SHARE_STEPS = (
    *_CURVE,
    "passed,IF(times<0,0,IF(times>after,0,1))",
    "share,REDUCE(1,IF(passed=1,1-gone/IF(at_risk=0,1,at_risk),1),LAMBDA(before,stay,before*stay))",
    "hazard,SUM(IF(passed=1,IF(at_risk>gone,gone/at_risk/IF(at_risk>gone,at_risk-gone,1),0),0))",
    "followed,SUM(own*known*IF(tenure_months>=after,1,0))",
    "unseen,OR(entered=0,AND(followed=0,share>0))",
)


def _share_end(at_one: str, sign: str) -> str:
    end = curve_end("share", "hazard", sign)
    return f'IF(OR(unseen,share<=0),"",IF(share>=1,{at_one},{end}))'


_SHARE = Figure(
    _ENTERED,
    'IF(unseen,"",share)',
    (_share_end(f"{TAIL}^(1/followed)", LOWER), _share_end("1", UPPER)),
    _SHARE_STEPS,
)
_NEVER = "1E+300"


def _half(sign: str) -> str:
    """The first time at which an end of the range of the curve has come down to one half."""
    end = curve_end("here", "spread", sign)
    return f"""
        MIN(MAP(times,shares,hazards,LAMBDA(time,here,spread,
        IF(IF(OR(time<0,here<=0),FALSE,{end}<=0.5+{_TINY}),time,{_NEVER}))))"""


def _reached(time: str) -> str:
    return f'IF({time}={_NEVER},"",{time})'


_HALF_LIFE = Figure(
    _ENTERED,
    _reached("half"),
    (_reached("MIN(early,half)"), _reached("late")),
    (
        *_CURVE,
        "left_share,IF(times<0,0,gone/IF(at_risk=0,1,at_risk))",
        "shares,SCAN(1,left_share,LAMBDA(before,lost,before*(1-lost)))",
        "spreads,IF(at_risk>gone,left_share/IF(at_risk>gone,at_risk-gone,1),0)",
        "hazards,SCAN(0,spreads,LAMBDA(before,spread,before+spread))",
        f"half,MIN(IF(shares<=0.5+{_TINY},IF(times<0,{_NEVER},times),{_NEVER}))",
        f"early,{_half(LOWER)}",
        f"late,{_half(UPPER)}",
    ),
)

STAYING: tuple[NamedFunction, ...] = (
    of_segments(
        "MONTHLY_CHURN",
        "segment churned tenure_months [which]",
        _LIVES,
        _MONTHLY,
        heads(MONTHLY_CHURN),
        "Share of customers who leave in a month: those who left over all months customers were here.",
    ),
    of_segments(
        "SURVIVAL",
        "segment tenure_months churned [which] [month]",
        _LIVES.replace(BODY, _AFTER),
        _SHARE,
        heads(SURVIVAL_12M, title='"Still here at "&after&" months"'),
        "Share still a customer after so many months (12 if left out), those still here counted as watched.",
    ),
    of_segments(
        "LIFETIME",
        "segment tenure_months churned [which]",
        _LIVES,
        _HALF_LIFE,
        heads(MEDIAN_LIFETIME),
        "Months until half of the customers have left.",
    ),
)
