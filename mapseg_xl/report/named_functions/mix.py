"""Named functions on counts of segments and of steps: what if one grows, how a funnel loses people."""

from __future__ import annotations

from mapseg_xl.report.named_functions.columns import unusable
from mapseg_xl.report.named_functions.writing import maybe, named
from mapseg_xl.settings import Settings
from mapseg_xl.stats.intervals import normal_quantile

_Z = repr(normal_quantile(Settings().confidence))
_PLACE = """
    IF(ISNUMBER(which),IF(AND(which>=1,which<=ROWS(sizes),which=INT(which)),which,-1),
    LET(same,IF(TRIM(names)=TRIM(which),1,0),
    IF(AND(COLUMNS(counts)>1,SUM(same)=1),SUM(same*SEQUENCE(ROWS(names))),0)))"""
_TOTALS = """
    SUM(MAP(names,LAMBDA(name,IF(OR(TRIM(name)="total",TRIM(name)="grand total"),1,0))))
    +LET(last,ROWS(sizes),paid,MAP(sizes,values,LAMBDA(size,rate,IF(OR(size="",rate=""),0,size*rate))),
    IF(last<3,0,IF(NOT(ISNUMBER(INDEX(sizes,last))),0,
    IF(AND(INDEX(sizes,last)>0,MAX(values)>MIN(values),ABS(2*INDEX(sizes,last)-SUM(sizes))<=0.00001*SUM(sizes),
    ABS(2*INDEX(paid,last)-SUM(paid))<=0.01*ABS(SUM(paid)-INDEX(paid,last))),1,0))))"""
_HALF = """
    SUM(MAP(sizes,values,LAMBDA(size,rate,
    IF(OR(AND(size="",rate<>""),AND(size<>"",size>0,rate="")),1,0))))"""
_WHAT_IF = f"""
    LET(sizes,INDEX(counts,0,COLUMNS(counts)),names,INDEX(counts,0,1),
    IF(OR(COLUMNS(counts)>2,ROWS(values)<>ROWS(counts),COLUMNS(values)>1),#VALUE!,
    IF({unusable("sizes", "cell<0")}+{unusable("values")}>0,#VALUE!,
    IF({_HALF}>0,NA(),
    IF(OR(which="",change=""),NA(),IF(NOT(ISNUMBER(change)),#VALUE!,IF(OR(change<-1,change>2),#VALUE!,
    IF({_TOTALS}>0,#VALUE!,
    LET(place,{_PLACE},all_sizes,SUM(sizes),
    IF(place=-1,#VALUE!,IF(OR(place=0,all_sizes=0),NA(),
    LET(more,change*INDEX(sizes,place),
    IF(all_sizes+more<=0,NA(),
    (SUM(MAP(sizes,values,LAMBDA(size,rate,IF(size="",0,IF(rate="",0,size*rate)))))+more*INDEX(values,place))
    /(all_sizes+more))))))))))))))"""


def _end(sign: str) -> str:
    """Wilson's limits (1927) of each step's share of the step before."""
    bound = {"-": "MAX(0,", "+": "MIN(1,"}[sign]
    full = "IF(passed=before,1," if sign == "+" else "("
    end = f"(passed+z_two/2{sign}{_Z}*SQRT(passed*(before-passed)/before+z_two/4))/(before+z_two)"
    return f'LET(z_two,{_Z}^2,IF(before=0,"",{full}{bound}{end}))))'


_FUNNEL = f"""
    IF(OR(COLUMNS(counts)>1,{unusable("counts", "cell<0")}>0),#VALUE!,
    IF(SUM(MAP(counts,LAMBDA(cell,IF(cell="",1,0))))>0,NA(),
    LET(last,ROWS(counts),first,INDEX(counts,1),
    befores,MAP(SEQUENCE(last),LAMBDA(step,INDEX(counts,MAX(1,step-1)))),
    IF(SUM(MAP(counts,befores,LAMBDA(passed,before,IF(passed>before,1,0))))>0,#VALUE!,
    VSTACK(HSTACK("step","n","of_step_before","of_first","ci_low","ci_high"),HSTACK(
    IF(SUM(IF(steps_given="",0,1))=0,SEQUENCE(last),steps_given),
    MAP(counts,LAMBDA(passed,passed)),
    MAP(counts,befores,LAMBDA(passed,before,IF(before=0,"",passed/before))),
    MAP(counts,LAMBDA(passed,IF(first=0,"",passed/first))),
    MAP(counts,befores,LAMBDA(passed,before,{_end("-")})),
    MAP(counts,befores,LAMBDA(passed,before,{_end("+")}))))))))"""

MIX = (
    named(
        "WHAT_IF",
        "counts values which change",
        _WHAT_IF,
        "The company's figure if one segment's number changed and the others' did not. which: place or name.",
    ),
    named(
        "FUNNEL",
        "counts [steps]",
        maybe("steps", _FUNNEL),
        "A funnel from counts: of the step before and of the first, with plausible ranges.",
    ),
)
