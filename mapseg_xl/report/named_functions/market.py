"""Named functions on a team's own answers about a market, and on its scores."""

from __future__ import annotations

from mapseg_xl.report.named_functions.columns import unusable
from mapseg_xl.report.named_functions.writing import guarded, maybe, named

_REACH = "OR(accounts<0,reachable<0,reachable>1,customers<0)"
_SIZES = f"""
    IF({unusable("accounts", "cell<0")}+{unusable("contract_value", "cell<0")}
    +{unusable("reachable", "OR(cell<0,cell>1)")}+{unusable("winnable", "OR(cell<0,cell>1)")}>0,#VALUE!,
    LET(tam,IF((accounts="")+(contract_value="")>0,"",accounts*contract_value),
    sam,IF((tam="")+(reachable="")>0,"",tam*reachable),
    som,IF((sam="")+(winnable="")>0,"",sam*winnable),
    IF(which_given="",VSTACK(HSTACK("TAM","SAM","SOM"),HSTACK(tam,sam,som)),
    LET(asked,TRIM(which_given),place,IF(asked="TAM",1,IF(asked="SAM",2,IF(asked="SOM",3,0))),
    IF(OR(place=0,ROWS(accounts)>1,COLUMNS(accounts)>1),#VALUE!,
    LET(size,CHOOSE(MAX(1,place),tam,sam,som),IF(size="",NA(),size)))))))"""
_FAILS = """
    IF(gate="",0,IF(ISLOGICAL(gate),IF(gate,0,1),LET(said,TRIM(gate),
    IF(OR(said="yes",said="y",said="true",said="passed",said="pass",said="ok",said="1"),0,
    IF(OR(said="no",said="n",said="false",said="failed",said="fail",said="0"),1,NA())))))"""
_WEIGHTS = f"""
    IF({unusable("weights", "cell<0")}>0,#VALUE!,
    IF(SUM(MAP(weights,LAMBDA(cell,IF(cell="",1,0))))>0,NA(),
    IF(SUM(weights)=0,#VALUE!,"""
_TOTALS = """
    BYROW(scores,LAMBDA(own,IF(SUM(MAP(own,across,LAMBDA(one,weight,
    IF(AND(one="",weight>0),1,0))))>0,"",
    SUM(MAP(own,across,LAMBDA(one,weight,IF(weight>0,one*weight,0))))/SUM(across))))"""
_SCORE = """
    LET(upright,AND(COLUMNS(scores)=1,ROWS(scores)>1,ROWS(scores)=ROWS(weights)*COLUMNS(weights)),
    given,IF(upright,TRANSPOSE(IF(scores="","",scores)),IF(scores="","",scores)),{body})"""


def _score() -> str:
    """Several rows give a column of scores, one row a number; a row that fails a must-have has none."""
    totals = _TOTALS.replace("scores", "given")
    body = f"""
        IF({unusable("given")}>0,#VALUE!,{_WEIGHTS}
        LET(across,IF(ROWS(weights)>1,TRANSPOSE(weights),weights),
        IF(COLUMNS(given)<>COLUMNS(across),#VALUE!,
        LET(failed,IF(SUM(IF(gates_given="",0,1))=0,0,MAP(gates_given,LAMBDA(gate,{_FAILS}))),
        IF(SUM(MAP(failed,LAMBDA(one,IF(ISNA(one),1,0))))>0,#VALUE!,
        LET(totals,{totals},
        IF(ROWS(given)=1,IF(SUM(failed)>0,NA(),LET(only,INDEX(totals,1),IF(only="",NA(),only))),
        IF(SUM(failed)=0,totals,IF(ROWS(gates_given)<>ROWS(given),#VALUE!,
        MAP(totals,BYROW(failed,LAMBDA(own,SUM(own))),LAMBDA(one,gone,IF(gone>0,"",one)))))))))))))))"""
    return _SCORE.replace("{body}", body)


MARKET = (
    named(
        "TAM",
        "accounts reachable winnable contract_value [which]",
        maybe("which", _SIZES),
        "TAM, SAM and SOM of a market as a table; with which (TAM, SAM or SOM) that number alone.",
    ),
    named(
        "HEADROOM",
        "accounts reachable customers",
        guarded("accounts reachable customers", "accounts*reachable-customers", bad=_REACH),
        "Customers still to be won: accounts we can reach, less those we have.",
    ),
    named(
        "MARKET_SHARE",
        "customers accounts reachable",
        guarded(
            "customers accounts reachable",
            "customers/(accounts*reachable)",
            bad=_REACH,
            undefined="accounts*reachable=0",
        ),
        "Share of the accounts we can reach that are our customers.",
    ),
    named(
        "SCORE",
        "scores weights [gates]",
        maybe("gates", _score()),
        "Weighted score on your own scale; gates that say no or FALSE leave a row without one.",
    ),
    named(
        "GRADE",
        "value worst best",
        guarded(
            "value worst best",
            "MAX(0,MIN(1,(value-worst)/(best-worst)))",
            bad="worst=best",
        ),
        "A figure as a grade from 0 to 1 between two fixed anchors.",
    ),
)
