"""The sentences of What if, as live formulas: the headline, and what the three meanings of "more" are."""

from __future__ import annotations

from collections.abc import Mapping

from mapseg_xl.report import words
from mapseg_xl.report.parts import native
from mapseg_xl.report.parts.names import VALUE
from mapseg_xl.report.parts.shift.each_candidate import NEW, PLACE, STEP
from mapseg_xl.report.parts.shift.more_of import MoreOf
from mapseg_xl.report.parts.shift.rows import MONEY, RESULT
from mapseg_xl.report.spec import Content, Formula, Ref, Span, quoted
from mapseg_xl.report.spoken import fixed

_NAME = Ref("choice", "segment", VALUE)
_LONGEST_NAME = 24  # a row of the headline holds 70 characters
_CHOOSE = "Choose a segment from the list to see what more of it would bring."


def headline(made: MoreOf) -> tuple[Content, ...]:
    """Two live rows: so many customers a year, so much money; without these, the first figure that moves."""
    if made.new_customers is None or not made.findings.whole.paying:
        return _headline_of_rates(made)
    first = _first_row(made)
    for key in ("ltv", "monthly"):
        if made.has({"ltv": "ltv", "monthly": "arpu"}[key]):
            return first, _second_row(made, key)
    return (first,)


def _share_text(made: MoreOf) -> tuple[str, str]:
    """The step as "10%"."""
    text = 'FIXED({step}*100,IF(ROUND({step}*100,6)=ROUND({step}*100,0),0,1))&"%"'
    percent = made.step * 100
    return text, fixed(percent, 0 if round(percent, 6) == round(percent) else 1) + "%"


def _name_text(made: MoreOf) -> tuple[str, str]:
    label = made.chosen.label if made.chosen else ""
    cut = label if len(label) <= _LONGEST_NAME else label[: _LONGEST_NAME - 1] + "…"
    text = f'IF(LEN({{name}})>{_LONGEST_NAME},LEFT({{name}},{_LONGEST_NAME - 1})&"…",{{name}})'
    return text, cut


def _first_row(made: MoreOf) -> Formula:
    share, name = _share_text(made), _name_text(made)
    refs: Mapping[str, Ref | Span] = {
        "step": STEP,
        "name": _NAME,
        "place": PLACE,
        "new": NEW,
        "added": Ref(MONEY, "new", "change"),
    }
    heads = "FIXED({added},IF({added}<20,1,0))"
    said = f'{share[0]}&" more “"&{name[0]}&"” would add "&{heads}&" customers a year"'
    text = (
        f"IF({{place}}=0,{quoted(_CHOOSE)},IF(ISNUMBER({{added}}),{said},"
        '"Type how many customers you win in a year"))'
    )
    if made.chosen is None:
        return Formula(text, _CHOOSE, refs)
    added = made.added(made.chosen)
    if added is None:
        return Formula(text, "Type how many customers you win in a year", refs)
    number = fixed(added, 1 if added < 20 else 0)
    value = f"{share[1]} more “{name[1]}” would add {number} customers a year"
    return Formula(text, value, refs)


def _second_row(made: MoreOf, key: str) -> Formula:
    what = f"their {words.value_title(made.findings)}" if key == "ltv" else "revenue"
    tail = "" if key == "ltv" else " a month"
    what = what.replace("their", "a year’s", 1)
    gap = made.worth(made.chosen, {"ltv": "ltv", "monthly": "arpu"}[key]) if made.chosen else None
    symbol = made.findings.currency or "$"
    amount, shown = money_text("{gap}", gap, symbol)
    text = (
        f'IF(ISNUMBER({{gap}}),IF({{gap}}<0,"and lower ","and lift ")&{quoted(what + " by ")}&'
        f'{amount}&{quoted(tail + ".")},"")'
    )
    value = None
    if gap is not None:
        value = f"and {'lower' if gap < 0 else 'lift'} {what} by {shown}{tail}."
    return Formula(text, value, {"gap": Ref(MONEY, key, "change")})


def money_text(cell: str, value: float | None, symbol: str) -> tuple[str, str]:
    """An amount without its sign as live text, in thousands or millions where it is large.

    >>> money_text("{a}", 84_120.0, "$")[1], money_text("{a}", -310.4, "$")[1]
    ('$84.1k', '$310')
    """
    size = f"ABS({cell})"
    text = (
        f'IF({size}>=999500,FIXED({size}/1000000,1)&"M",'
        f'IF({size}>=9995,FIXED({size}/1000,1)&"k",FIXED({size},0)))'
    )
    amount = abs(value or 0.0)
    if amount >= 999_500:
        shown = fixed(amount / 1e6, 1) + "M"
    else:
        shown = fixed(amount / 1e3, 1) + "k" if amount >= 9_995 else fixed(amount, 0)
    return f"{quoted(symbol)}&{text}", symbol + shown


def _headline_of_rates(made: MoreOf) -> tuple[Content, ...]:
    """Where nobody knows how many customers a year brings: what the first figure becomes."""
    metric = made.metrics[0]
    unit = words.figure(metric, made.findings)
    share, name = _share_text(made), _name_text(made)
    refs = {"step": STEP, "name": _NAME, "place": PLACE, "after": Ref(RESULT, metric.id, "count")}
    said = (
        f'{share[0]}&" more “"&{name[0]}&"” would take "&{quoted(words.say(metric, made.findings))}'
    )
    text = f"IF({{place}}=0,{quoted(_CHOOSE)},{said})"
    value = f"{share[1]} more “{name[1]}” would take {words.say(metric, made.findings)}"
    first = Formula(text, value if made.chosen else _CHOOSE, refs)
    after = made.after(made.chosen, metric.id, "count") if made.chosen else None
    if after is None:
        return (first,)
    now = Formula(
        "{now}", made.findings.base(metric.id).value, {"now": Ref(RESULT, metric.id, "today")}
    )
    then = Formula("{then}", after, {"then": Ref(RESULT, metric.id, "count")})
    symbol = made.findings.currency or "$"
    return first, native.sentence(
        "from ", now, " to ", then, ".", symbol=symbol, kinds=(unit, unit)
    )


def meanings(made: MoreOf) -> tuple[Content, ...]:
    """What the three columns mean, in words."""
    share = _share_text(made)
    more = " more: so many more of them, everyone else untouched. The headline says this one."
    first = Formula(f"{share[0]}&{quoted(more)}", share[1] + more, {"step": STEP})
    others = (
        "Points: that much more of the whole is theirs. Share ×: their share grows by that part. "
        "Under both the total stays as it is and everyone else shrinks in proportion."
    )
    return first, others
