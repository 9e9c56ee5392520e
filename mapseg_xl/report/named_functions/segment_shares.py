"""Named functions over rows that give a share of customers: converted, won, left, bought again."""

from __future__ import annotations

from mapseg_xl.metrics.churn import CHURNED_SHARE
from mapseg_xl.metrics.conversion import CONVERSION, WIN_RATE
from mapseg_xl.metrics.orders import REPEAT_RATE
from mapseg_xl.report.named_functions.ranges import wilson
from mapseg_xl.report.named_functions.reading import deal, flagged, is_day, named_alike, ordered
from mapseg_xl.report.named_functions.segment_table import (
    BODY,
    Figure,
    by_size,
    heads,
    of_segments,
    quotient,
)
from mapseg_xl.report.named_functions.writing import named
from mapseg_xl.report.verbs import NamedFunction
from mapseg_xl.settings import WINDOWS_DAYS
from mapseg_xl.tally.rows import DEFAULT_WINDOW_DAYS, ENOUGH_OBSERVABLE, OBSERVABLE_DAYS

_SHARE = Figure(
    "trials",
    quotient("hits", "trials"),
    wilson("hits", "trials"),
    ("trials,SUM(own*counted)", "hits,SUM(own*counted*met)"),
)
_TOLD = f"LET(counted,IF(flags>=0,1,0),met,IF(flags=1,1,0),{BODY})"
_DECIDED = f"""
    LET(deals,{deal("outcome")},counted,IF(deals>=0,1,0),met,IF(deals=1,1,0),{BODY})"""
_BUYERS = ordered(f"LET(counted,bought,met,IF(orders>=2,1,0),{BODY})")
# The window that holds nine of ten conversions seen, told from starts a year back where there are enough.
_NINE_OF_TEN = f"""
    LET(wait,IF(begun>0,IF(dated>=begun,IF(dated<=until,dated-begun,-1),-1),-1),
    seen,IF(wait>=0,1,0),watched,IF(begun>0,IF(until-begun>={OBSERVABLE_DAYS},1,0),0),
    usual,IF(AND(SUM(watched)>={ENOUGH_OBSERVABLE},SUM(seen*watched)>0),seen*watched,seen),
    IF(SUM(usual)=0,{DEFAULT_WINDOW_DAYS},MIN({WINDOWS_DAYS[-1]},
    MAP({{{";".join(map(str, WINDOWS_DAYS))}}},LAMBDA(days,
    IF(SUM(usual*IF(wait<=days,1,0))>=0.9*SUM(usual),days,{WINDOWS_DAYS[-1]}))))))"""
# Days: whole ones, as dates with a time of day count for their day.
_DATED = f"""
    LET(begun,IF(started="",0,IF({is_day("started")}>0,INT(started),-1)),
    dated,IF(({is_day("converted")})>0,INT(converted),0),
    until,IF(ISOMITTED(as_of),MAX(begun,dated),IF(as_of="",MAX(begun,dated),as_of)),
    given,IF(ISOMITTED(window_days),"",window_days),
    window,IF(given="",{_NINE_OF_TEN},IF(given="all",-1,IF(ISNUMBER(given),given,0))),
    IF(OR(SUM(IF(begun=-1,1,0))>0,NOT(ISNUMBER(until)),window=0,window<-1,window>3650,
    window<>INT(window)),-1,
    LET(there,IF(begun>0,IF(begun<=until,1,0),0)*IF(flags>=0,1,0)*IF(dated>0,IF(dated<begun,0,1),1),
    due,there*IF(window<0,1,IF(begun+window<=until,1,0)),
    in_time,IF(flags=1,IF(dated>until,0,1),0)*IF(dated=0,1,IF(window<0,1,IF(dated-begun<=window,1,0))),
    due*(1+in_time))))"""
_UNDATED = 'IF(ISOMITTED(started),TRUE,SUM(IF(started="",0,1))=0)'
# 0 does not count, 1 counts, 2 counts and has converted in time; -1 alone: cannot be used.
_CONVERTED = f"""
    LET(marks,IF({_UNDATED},IF(flags>=0,1+flags,0),
    IF(ROWS(started)<>ROWS(segment),-1,{_DATED})),
    IF(MIN(marks)<0,#VALUE!,
    LET(counted,IF(marks>0,1,0),met,IF(marks=2,1,0),{BODY})))"""
_VOLUME = f"""
    LET(tidy,{named_alike("segment")},spelled,IF(tidy="","(blank)",tidy),each,{by_size("spelled")},
    REDUCE(HSTACK("segment","n","share"),each,LAMBDA(so_far,one_name,
    LET(size,SUM(IF(spelled=one_name,1,0)),VSTACK(so_far,HSTACK(one_name,size,size/ROWS(spelled)))))))"""

SHARES: tuple[NamedFunction, ...] = (
    named(
        "VOLUME", "segment", _VOLUME, "How many rows each segment has and its share, largest first."
    ),
    of_segments(
        "CONVERSION",
        "segment converted [which] [started] [window_days] [as_of]",
        flagged("converted", "converted", _CONVERTED),
        _SHARE,
        heads(CONVERSION),
        "Share converted: so far, or with started among those who have had the whole window.",
    ),
    of_segments(
        "WINRATE",
        "segment outcome [which]",
        _DECIDED,
        _SHARE,
        heads(WIN_RATE),
        "Opportunities won over those decided; open ones are left out.",
    ),
    of_segments(
        "REPEAT_RATE",
        "segment orders [which]",
        _BUYERS,
        _SHARE,
        heads(REPEAT_RATE),
        "Share of buyers with two orders or more.",
    ),
    of_segments(
        "CHURN",
        "segment churned [which]",
        flagged("churned", "churned", _TOLD),
        _SHARE,
        heads(CHURNED_SHARE),
        "Share of customers who have left. It grows with the age of the base.",
    ),
)
