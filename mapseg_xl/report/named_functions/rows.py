"""Named functions over columns of customers, for workbooks that hold them: the figure of a segment, or of each.

They know no ranges and give no verdict: that takes the add-in. Lifetime value is not among them: its months are
those that enough customers of every segment were followed for.
"""

from __future__ import annotations

from mapseg_xl.report.named_functions.reading import (
    deal,
    flag,
    is_day,
    named_alike,
    no_numbers,
    settled,
)
from mapseg_xl.report.named_functions.writing import PREFIX, named
from mapseg_xl.report.verbs import NamedFunction

_TINY = "1E-12"


def _of_segments(name: str, parameters: str, body: str, comment: str, title: str) -> NamedFunction:
    """The body for one segment, `own` being 1 on its rows; without `which` a table of all of them."""
    names = [p.strip("[]") for p in parameters.split()]
    others = [n for n in names if n not in ("segment", "which")]
    again = ",".join("one_name" if n == "which" else n for n in names)
    rows = "OR(" + ",".join(f"ROWS({n})<>ROWS(segment)" for n in others if _is_column(n)) + ")"
    table = f"""
        LET(spelled,{named_alike("segment")},
        each,UNIQUE(FILTER(spelled,spelled<>"")),
        sizes,MAP(each,LAMBDA(one_name,SUM(IF(spelled=one_name,1,0)))),
        VSTACK(HSTACK("segment","rows","{title}"),SORTBY(HSTACK(each,sizes,
        MAP(each,LAMBDA(one_name,IFNA({PREFIX}{name}({again}),"")))),sizes,-1)))"""
    one = f"""
        LET(own,IF({named_alike("segment")}={named_alike("which")},1,0),IF(SUM(own)=0,NA(),{body}))"""
    return named(
        name, parameters, f"IF({rows},#VALUE!,IF(ISOMITTED(which),{table},{one}))", comment
    )


def _is_column(name: str) -> bool:
    return name in ("converted", "outcome", "revenue", "churned", "tenure_months", "orders")


def _quotient(above: str, below: str) -> str:
    return f"LET(under,{below},IF(under=0,NA(),({above})/under))"


def _flagged(cells: str, outcome: str, body: str) -> str:
    """The body with `flags`: 1, 0 and -1 where it is not known."""
    return f"""
        LET(read,{flag(cells, outcome)},IF(SUM(IF(read=-2,1,0))>0,#VALUE!,
        LET(flags,{settled("read")},{body})))"""


_CHURN = _flagged(
    "churned", "churned", _quotient("SUM(own*IF(flags=1,1,0))", "SUM(own*IF(flags>=0,1,0))")
)
_WINRATE = f"""
    LET(deals,{deal("outcome")},
    {_quotient("SUM(own*IF(deals=1,1,0))", "SUM(own*IF(deals>=0,1,0))")})"""
_LIVES = f"""
    IF({no_numbers("tenure_months", 0)}>0,#VALUE!,
    {
    _flagged(
        "churned",
        "churned",
        '''
    LET(known,own*IF(tenure_months="",0,1),left,known*IF(flags=1,1,0),
    IF(SUM(known)=0,NA(),{body}))''',
    )
})"""
_MONTHLY = _LIVES.replace("{body}", _quotient("SUM(left)", "SUM(IF(known=1,tenure_months,0))"))
# Each time at which somebody of the segment left, once; -1 where nobody did.
_TIMES = "times,SORT(UNIQUE(FILTER(tenure_months,left=1,-1)))"
_STAY = "1-SUM(left*IF(tenure_months=time,1,0))/SUM(known*IF(tenure_months>=time,1,0))"
_SURVIVAL = _LIVES.replace(
    "{body}",
    f"""
    LET(after,IF(ISOMITTED(month),12,IF(month="",12,month)),
    IF(NOT(ISNUMBER(after)),#VALUE!,IF(OR(after<0,after>600),#VALUE!,
    LET({_TIMES},
    share,REDUCE(1,times,LAMBDA(so_far,time,IF(OR(time<0,time>after),so_far,so_far*({_STAY})))),
    IF(AND(after>MAX(IF(known=1,tenure_months,0)),share>0),NA(),share)))))""",
)
_LIFETIME = _LIVES.replace(
    "{body}",
    f"""
    LET({_TIMES},
    shares,SCAN(1,times,LAMBDA(so_far,time,IF(time<0,so_far,so_far*({_STAY})))),
    reached,MIN(IF(shares<=0.5+{_TINY},IF(times<0,1E+300,times),1E+300)),
    IF(reached=1E+300,NA(),reached))""",
)
_MEAN = f"""
    IF({no_numbers("revenue", -1e300)}>0,#VALUE!,
    LET(known,own*IF(revenue="",0,1),{_quotient("SUM(IF(known=1,revenue,0))", "SUM(known)")}))"""
_ARPU = f"""
    IF(IF(ISOMITTED(months),TRUE,SUM(IF(months="",0,1))=0),{_MEAN},
    IF(ROWS(months)<>ROWS(segment),#VALUE!,
    IF({no_numbers("revenue", -1e300)}+{no_numbers("months", 0)}>0,#VALUE!,
    LET(known,own*IF(revenue="",0,1)*IF(months="",0,1),
    {_quotient("SUM(IF(known=1,revenue,0))", "SUM(IF(known=1,months,0))")}))))"""
_BUYERS = f"""
    IF({no_numbers("orders", 0)}>0,#VALUE!,
    LET(bought,own*IF(orders="",0,IF(orders>=1,1,0)),{{body}}))"""
_REPEAT = _BUYERS.replace("{body}", _quotient("SUM(bought*IF(orders>=2,1,0))", "SUM(bought)"))
_ORDERS = _BUYERS.replace("{body}", _quotient("SUM(IF(bought=1,orders,0))", "SUM(bought)"))
_ORDER_VALUE = _BUYERS.replace(
    "{body}",
    f"""
    IF({no_numbers("revenue", -1e300)}>0,#VALUE!,
    LET(known,bought*IF(revenue="",0,1),
    {_quotient("SUM(IF(known=1,revenue,0))", "SUM(IF(known=1,orders,0))")}))""",
)
_SO_FAR = _quotient("SUM(own*IF(flags=1,1,0))", "SUM(own*IF(flags>=0,1,0))")
# Days: whole ones, as dates with a time of day count for their day.
_DATED = f"""
    IF(ROWS(started)<>ROWS(segment),#VALUE!,
    LET(begun,IF(started="",0,IF({is_day("started")}>0,INT(started),-1)),
    dated,IF(({is_day("converted")})>0,INT(converted),0),
    until,IF(ISOMITTED(as_of),MAX(begun,dated),IF(as_of="",MAX(begun,dated),as_of)),
    window,IF(ISOMITTED(window_days),0,IF(window_days="all",-1,IF(ISNUMBER(window_days),window_days,0))),
    IF(OR(SUM(IF(begun=-1,1,0))>0,NOT(ISNUMBER(until)),window=0,window<-1,window>3650,
    window<>INT(window)),#VALUE!,
    LET(there,own*IF(begun>0,IF(begun<=until,1,0),0)*IF(flags>=0,1,0)*IF(dated>0,IF(dated<begun,0,1),1),
    won,IF(flags=1,IF(dated>until,0,1),0),
    due,there*IF(window<0,1,IF(begun+window<=until,1,0)),
    in_time,won*IF(dated=0,1,IF(window<0,1,IF(dated-begun<=window,1,0))),
    {_quotient("SUM(due*in_time)", "SUM(due)")}))))"""
_CONVERSION = _flagged(
    "converted",
    "converted",
    f'IF(IF(ISOMITTED(started),TRUE,SUM(IF(started="",0,1))=0),{_SO_FAR},{_DATED})',
)
_VOLUME = f"""
    LET(spelled,{named_alike("segment")},named,IF(spelled="","(blank)",spelled),each,UNIQUE(named),
    sizes,MAP(each,LAMBDA(one_name,SUM(IF(named=one_name,1,0)))),
    last,MAP(each,LAMBDA(one_name,IF(one_name="(blank)",1,0))),
    VSTACK(HSTACK("segment","n","share"),
    SORTBY(HSTACK(each,sizes,sizes/SUM(sizes)),last,1,sizes,-1,each,1)))"""

ROW_LEVEL: tuple[NamedFunction, ...] = (
    named(
        "VOLUME", "segment", _VOLUME, "How many rows each segment has and its share, largest first."
    ),
    _of_segments(
        "CONVERSION",
        "segment converted [which] [started] [window_days] [as_of]",
        _CONVERSION,
        "Share converted: so far, or with started and window_days among those who have had the whole window.",
        "share converted",
    ),
    _of_segments(
        "WINRATE",
        "segment outcome [which]",
        _WINRATE,
        "Opportunities won over those decided; open ones are left out.",
        "share won",
    ),
    _of_segments(
        "ARPU",
        "segment revenue [which] [months]",
        _ARPU,
        "Revenue a customer a month: the mean of monthly revenue, or revenue so far over months.",
        "revenue a month",
    ),
    _of_segments(
        "REVENUE",
        "segment revenue [which]",
        _MEAN,
        "Revenue a customer so far.",
        "revenue a customer",
    ),
    _of_segments(
        "REPEAT_RATE",
        "segment orders [which]",
        _REPEAT,
        "Share of buyers with two orders or more.",
        "share who bought again",
    ),
    _of_segments(
        "ORDERS",
        "segment orders [which]",
        _ORDERS,
        "Orders a customer so far, of those with at least one.",
        "orders a customer",
    ),
    _of_segments(
        "ORDER_VALUE",
        "segment revenue orders [which]",
        _ORDER_VALUE,
        "What an order comes to: revenue so far over orders so far.",
        "order value",
    ),
    _of_segments(
        "CHURN",
        "segment churned [which]",
        _CHURN,
        "Share of customers who have left. It grows with the age of the base.",
        "share that has left",
    ),
    _of_segments(
        "MONTHLY_CHURN",
        "segment churned tenure_months [which]",
        _MONTHLY,
        "Share of customers who leave in a month: those who left over all months customers were here.",
        "leaving each month",
    ),
    _of_segments(
        "SURVIVAL",
        "segment tenure_months churned [which] [month]",
        _SURVIVAL,
        "Share still a customer after so many months (12 if left out), those still here counted as watched.",
        "share still here",
    ),
    _of_segments(
        "LIFETIME",
        "segment tenure_months churned [which]",
        _LIFETIME,
        "Months until half of the customers have left.",
        "months until half have left",
    ),
)
