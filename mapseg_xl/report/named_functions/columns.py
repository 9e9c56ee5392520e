"""Pieces of formulas over columns and blocks: what is filled, what cannot be used, sums of what is."""

from __future__ import annotations


def paired(first: str, second: str, value: str, *, undefined: str, within: bool = False) -> str:
    """A formula over the sums `above` and `below` of two columns, row by row both filled.

    #VALUE! for text or a figure under 0, with `within` also where the first is the larger one; #N/A where a row
    has one alone, or nothing is filled. Single cells are looked at first: MAP need not tell a blank one from 0.
    """
    larger = ",one>other,AND(one>0,one<1)" if within else ""
    return f"""
        IF(OR(ROWS({first})<>ROWS({second}),COLUMNS({first})<>COLUMNS({second})),#VALUE!,
        IF(AND(ROWS({first})*COLUMNS({first})=1,OR({first}="",{second}="")),NA(),
        LET(worst,MAX(MAP({first},{second},LAMBDA(one,other,
        IF(AND(one="",other=""),0,
        IF(OR(AND(one<>"",NOT(ISNUMBER(one))),AND(other<>"",NOT(ISNUMBER(other)))),3,
        IF(OR(AND(one<>"",one<0),AND(other<>"",other<0)),3,
        IF(OR(one="",other=""),2,IF(OR(FALSE{larger}),3,1)))))))),
        IF(worst=3,#VALUE!,IF(worst<>1,NA(),
        LET(above,SUM({first}),below,SUM({second}),IF({undefined},NA(),{value})))))))"""


def unusable(cells: str, bad: str = "FALSE") -> str:
    """How many filled cells are no number, or are `bad` as `cell`."""
    return f'SUM(MAP({cells},LAMBDA(cell,IF(cell="",0,IF(ISNUMBER(cell),IF({bad},1,0),1)))))'


def filled(cells: str) -> str:
    """How many cells hold something."""
    return f'SUM(MAP({cells},LAMBDA(cell,IF(cell="",0,1))))'
