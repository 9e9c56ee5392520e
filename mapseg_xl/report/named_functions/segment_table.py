"""How a named function over rows is written: the figure of one segment, or a table that begins as Python's does.

Python's table goes on with a cautious estimate, everyone else and a verdict: those are no closed formulas. Names of
segments stand here as their first row has them, there as most rows do.
"""

from __future__ import annotations

from dataclasses import dataclass

from mapseg_xl.metrics.base import Metric
from mapseg_xl.report.named_functions.reading import named_alike
from mapseg_xl.report.named_functions.writing import named
from mapseg_xl.report.verbs import NamedFunction
from mapseg_xl.report.words import RANGE, head_of_n

RANGE_HEADS = (f"{RANGE} from", "to")
BODY = "{body}"  # stands in what is prepared where the table goes


@dataclass(frozen=True, slots=True)
class Figure:
    """Formulas of one segment, `own` being 1 on its rows and 0 on others; each is "" where there is nothing.

    `steps`: names and formulas that come first, as a LET has them. `ends`: none for what is resampled in Python.
    """

    n: str
    value: str
    ends: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()


def heads(metric: Metric, *, of_n: str = "", title: str = "") -> tuple[str, str]:
    """Heads of the count and of the figure, as formulas; the metric's own words unless others are given."""
    return of_n or f'"{head_of_n(metric)}"', title or f'"{metric.plain_title}"'


def quotient(above: str, below: str) -> str:
    """A formula, empty where there is nothing to divide by."""
    return f'IF({below}=0,"",{above}/{below})'


def of_segments(
    name: str, parameters: str, prepared: str, figure: Figure, said: tuple[str, str], comment: str
) -> NamedFunction:
    """The function of this figure. `prepared`: what is read of the columns once, around BODY; `said`: its heads."""
    columns = [p for p in parameters.split() if p != "segment" and not p.startswith("[")]
    unequal = ",".join(f"ROWS({column})<>ROWS(segment)" for column in columns)
    empty = "*".join(f'IF({column}="",1,0)' for column in columns)
    if "[started]" in parameters:
        empty += '*IF(ISOMITTED(started),1,IF(started="",1,0))'
    body = prepared.replace(BODY, _answer(_table(figure, said), empty))
    return named(name, parameters, f"IF(OR({unequal}),#VALUE!,{body})", comment)


def _answer(table: str, empty: str) -> str:
    """The table of the segments asked for; of one, its figure. Rows without anything belong to none."""
    return f"""
        LET(tidy,{named_alike("segment")},
        spelled,IF(tidy<>"",tidy,IF({empty}=1,"","(blank)")),
        asked,IF(ISOMITTED(which),"",{named_alike("which")}),
        IF(SUM(IF(spelled="",0,1))=0,#VALUE!,
        IF(IF(asked="",FALSE,SUM(IF(spelled=asked,1,0))=0),NA(),
        LET(each,IF(asked<>"",asked,{by_size("FILTER(spelled,spelled<>" + '"")')}),
        whole,{table},
        IF(asked="",whole,LET(only,INDEX(whole,2,3),IF(only="",NA(),only)))))))"""


def by_size(names: str) -> str:
    """The different ones of `spelled` names: largest first, alphabetical among equals, (blank) last."""
    return f"""
        LET(names,UNIQUE({names}),
        sizes,MAP(names,LAMBDA(one_name,SUM(IF(spelled=one_name,1,0)))),
        SORTBY(names,IF(names="(blank)",1,0),1,sizes,-1,names,1))"""


def _table(figure: Figure, said: tuple[str, str]) -> str:
    line = ",".join(("one_name", figure.n, figure.value, *figure.ends))
    ranged = tuple(f'"{head}"' for head in RANGE_HEADS) if figure.ends else ()
    head = ",".join(('"segment"', *said, *ranged))
    steps = "".join(f"{step}," for step in figure.steps)
    return f"""
        REDUCE(HSTACK({head}),each,LAMBDA(so_far,one_name,
        LET(own,IF(spelled=one_name,1,0),{steps}VSTACK(so_far,HSTACK({line})))))"""
