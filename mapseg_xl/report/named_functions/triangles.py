"""Named functions on cohort tables: a row a cohort, first its new customers, then a column a month."""

from __future__ import annotations

from mapseg_xl.report.named_functions.money import MARGIN
from mapseg_xl.report.named_functions.writing import guarded, maybe, named
from mapseg_xl.settings import Settings
from mapseg_xl.stats.intervals import normal_quantile, tail

_DEFAULTS = Settings()
_Z = repr(normal_quantile(_DEFAULTS.confidence))
_TAIL = repr(tail(_DEFAULTS.confidence))


def _checked(body: str, bad: str) -> str:
    """The body with `starters` and `last_age`, once nothing in the table is `bad` as `before` and `after`."""
    return f"""
        IF(COLUMNS(triangle)<2,#VALUE!,LET(starters,INDEX(triangle,0,1),columns_after,COLUMNS(triangle)-1,
        strange,SUM(MAP(starters,LAMBDA(start,IF(start="",0,IF(ISNUMBER(start),IF(start<0,1,0),1)))))
        +SUM(MAP(SEQUENCE(columns_after),LAMBDA(age,SUM(MAP(INDEX(triangle,0,age),INDEX(triangle,0,age+1),
        LAMBDA(before,after,IF(after="",0,IF(NOT(ISNUMBER(after)),1,IF(before="",1,IF({bad},1,0)))))))))),
        IF(strange>0,#VALUE!,
        LET(last_age,SUM(MAP(SEQUENCE(columns_after),LAMBDA(age,
        IF(SUM(IF(INDEX(triangle,0,age+1)="",0,1))>0,1,0)))),
        IF(OR(last_age=0,SUM(starters)=0),NA(),{body})))))"""


_AGES = "SEQUENCE(last_age)"
_RISK = f"""
    risk,MAP({_AGES},LAMBDA(age,SUM(IF(INDEX(triangle,0,age+1)="",0,INDEX(triangle,0,age))))),
    kept,MAP({_AGES},LAMBDA(age,SUM(INDEX(triangle,0,age+1)))),
    share,SCAN(1,{_AGES},LAMBDA(so_far,age,IF(so_far<=0,so_far,
    IF(INDEX(risk,age)=0,-1,so_far*INDEX(kept,age)/INDEX(risk,age))))),
    shown,SUM(MAP(share,LAMBDA(one,IF(one<0,0,1)))),"""
_STARTERS = """
    reached,MAP({ages},LAMBDA(age,SUM(IF(INDEX(triangle,0,age+1)="",0,starters)))),"""


def _limit(at_one: str, power: str) -> str:
    return f"""
        MAP(SEQUENCE(shown),LAMBDA(age,LET(here,INDEX(share,age),IF(here<=0,"",IF(here>=1,{at_one},
        here^EXP({power}{_Z}*SQRT(INDEX(hazard,age))/ABS(LN(here))))))))"""


_SURVIVAL = f"""
    LET({_RISK}
    hazard,SCAN(0,{_AGES},LAMBDA(so_far,age,LET(stay,INDEX(kept,age),gone,INDEX(risk,age)-stay,
    IF(OR(gone=0,stay=0),so_far,so_far+gone/(INDEX(risk,age)*stay))))),
    low,{_limit(f"{_TAIL}^(1/INDEX(risk,age))", "")},
    high,{_limit("1", "-")},
    VSTACK(HSTACK("age","at_risk","events","survival","ci_low","ci_high"),
    HSTACK(0,SUM(starters),0,1,1,1),
    HSTACK(SEQUENCE(shown),TAKE(risk,shown),TAKE(risk,shown)-TAKE(kept,shown),TAKE(share,shown),low,high)))"""


def _wilson(sign: str) -> str:
    """Wilson's limits (1927) of `passed` of `n`."""
    bound = f"IF(passed=n,1,MIN(1,{_inner('+')}))" if sign == "+" else f"MAX(0,{_inner('-')})"
    return f'MAP(active,reached,LAMBDA(passed,n,IF(n=0,"",{bound})))'


def _inner(sign: str) -> str:
    return f"(passed+{_Z}^2/2{sign}{_Z}*SQRT(passed*(n-passed)/n+{_Z}^2/4))/(n+{_Z}^2)"


_ACTIVE = f"""
    LET({_STARTERS.format(ages=_AGES)}
    active,MAP({_AGES},LAMBDA(age,SUM(INDEX(triangle,0,age+1)))),
    IF(SUM(MAP({_AGES},LAMBDA(age,SUM(IF(INDEX(triangle,0,age+1)="",0,
    IF(INDEX(triangle,0,age+1)>starters,1,0))))))>0,#VALUE!,
    VSTACK(HSTACK("age","n","active","share","ci_low","ci_high"),
    HSTACK({_AGES},reached,active,MAP(active,reached,LAMBDA(passed,n,IF(n=0,"",passed/n))),
    {_wilson("-")},{_wilson("+")}))))"""
_WORTH = f"""
    {_STARTERS.format(ages=_AGES)}
    worth,MAP({_AGES},LAMBDA(age,
    margin*SUM(INDEX(triangle,0,age+1))/INDEX(reached,age)/(1+annual_discount)^((age-1)/12))),"""


def _rated(numbers: str, body: str) -> str:
    """The body once margin and discount can be used."""
    bad = f"OR({MARGIN},annual_discount<0,annual_discount>1)"
    return guarded(numbers, body, bad=bad)


def _months(most: str, reached: str, value: str) -> str:
    """`value` over the first `count` months: as many as asked for, else those that enough customers reached."""
    enough = (
        f"""SUM(SCAN(1,{reached},LAMBDA(so_far,one,so_far*IF(one>={_DEFAULTS.min_at_risk},1,0))))"""
    )
    return f"""
        LET(enough,{enough},
        count,IF(months_given="",MIN({_DEFAULTS.horizon_months},IF(enough=0,{most},enough)),months_given),
        IF(NOT(ISNUMBER(count)),#VALUE!,IF(OR(count<1,count>240,count<>INT(count)),#VALUE!,
        IF(count>{most},NA(),{value}))))"""


_LTV = f"""LET({_WORTH}{_months("last_age", "reached", "SUM(TAKE(worth,count))")})"""
_VALUE = f"""
    LET({_WORTH}VSTACK(HSTACK("month","n","value","value_so_far"),
    HSTACK({_AGES},reached,worth,SCAN(0,worth,LAMBDA(so_far,one,so_far+one)))))"""
_PAID = """
    revenue_monthly*margin*SUM(MAP(SEQUENCE(count),LAMBDA(month,
    IF(month=1,1,INDEX(share,month-1))/(1+annual_discount)^((month-1)/12))))"""
_RETENTION = f"""
    LET({_RISK}{_months("shown+1", "VSTACK(SUM(starters),TAKE(risk,shown))", _PAID)})"""
_NOBODY = "after<0,AND(after>0,after<1)"  # a share is no number of customers
_PEOPLE = f"OR({_NOBODY},after>before)"

TRIANGLES = (
    named(
        "COHORT_SURVIVAL",
        "triangle",
        _checked(_SURVIVAL, _PEOPLE),
        "Share still here by age, from a cohort table: new customers, then those left, as counts; no totals.",
    ),
    named(
        "COHORT_ACTIVE",
        "triangle",
        _checked(_ACTIVE, f"OR({_NOBODY})"),
        "Share active by age where customers come and go: new ones, then those active, as counts; no totals.",
    ),
    named(
        "COHORT_LTV",
        "triangle margin annual_discount [months]",
        maybe("months", _rated("margin annual_discount", _checked(_LTV, "FALSE"))),
        "Lifetime value from a cohort table of money: first column the new customers, then their revenue.",
    ),
    named(
        "COHORT_VALUE",
        "triangle margin annual_discount",
        _rated("margin annual_discount", _checked(_VALUE, "FALSE")),
        "What a customer has brought in by age, from a cohort table of money.",
    ),
    named(
        "RETENTION_LTV",
        "triangle revenue_monthly margin annual_discount [months]",
        maybe(
            "months",
            _rated("revenue_monthly margin annual_discount", _checked(_RETENTION, _PEOPLE)),
        ),
        "Lifetime value from a cohort table of counts and what a customer pays a month.",
    ),
)
