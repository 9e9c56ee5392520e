"""Excel formulas of the page's figures, as templates over cells of their row. They start at counts.

Only functions that Excel 2010 and LibreOffice 7.4 know. What is not defined shows "", never an error.
"""

from __future__ import annotations

from mapseg_xl.report.spec import Content, Formula, Ref, Scalar, Span, quoted
from mapseg_xl.report.spoken import spoken
from mapseg_xl.stats.intervals import normal_quantile, tail


def quotient(value: float | None, above: str = "events", below: str = "n") -> Formula | None:
    """One count cell over another: a share, a rate, a mean.

    >>> quotient(0.25).text
    'IF({n}>0,{events}/{n},"")'
    """
    return _live(f'IF({{{below}}}>0,{{{above}}}/{{{below}}},"")', value)


def wilson_low(value: float | None, confidence: float) -> Formula | None:
    """Lower limit of a share from `events` and `n` (Wilson 1927)."""
    return _live(f'IF({{n}}>0,MAX(0,{_wilson("-", confidence)}),"")', value)


def wilson_high(value: float | None, confidence: float) -> Formula | None:
    """Upper limit of a share from `events` and `n` (Wilson 1927)."""
    return _live(f'IF({{n}}>0,MIN(1,{_wilson("+", confidence)}),"")', value)


def _wilson(sign: str, confidence: float) -> str:
    z = normal_quantile(confidence)
    root = f"SQRT({{events}}*({{n}}-{{events}})/{{n}}+{z * z / 4!r})"
    return f"({{events}}+{z * z / 2!r}{sign}{z!r}*{root})/({{n}}+{z * z!r})"


def poisson_low(value: float | None, confidence: float) -> Formula | None:
    """Lower exact limit of `events` over `n` units of time (Garwood 1936)."""
    return _live(f'IF({{n}}>0,{_fewest("events", confidence)}/{{n}},"")', value)


def poisson_high(value: float | None, confidence: float) -> Formula | None:
    """Upper exact limit of `events` over `n` units of time (Garwood 1936)."""
    return _live(f'IF({{n}}>0,{_most("events", confidence)}/{{n}},"")', value)


def cost_low(value: float | None, confidence: float) -> Formula | None:
    """Lower limit of spend over `n` new customers, spend fixed: the most that could have come."""
    return _live(f"{{events}}/({_most('n', confidence)})", value)


def cost_high(value: float | None, confidence: float) -> Formula | None:
    """Upper limit of spend over `n` new customers, spend fixed: the fewest that could have come."""
    return _live(f'IF({{n}}>0,{{events}}/({_fewest("n", confidence)}),"")', value)


def _fewest(count: str, confidence: float) -> str:
    side = 1 - tail(confidence)
    return f"IF({{{count}}}=0,0,CHIINV({side!r},2*{{{count}}})/2)"


def _most(count: str, confidence: float) -> str:
    return f"CHIINV({tail(confidence)!r},2*{{{count}}}+2)/2"


def everyone_else(value: float | None, table: str, base: str) -> Formula | None:
    """The base's counts less this row's: the same figure over the customers not in the segment."""
    refs = {"base_events": Ref(table, base, "events"), "base_n": Ref(table, base, "n")}
    text = 'IF({base_n}>{n},({base_events}-{events})/({base_n}-{n}),"")'
    return None if value is None else Formula(text, value, refs)


def others_on_half(value: float | None) -> Formula | None:
    """Everyone else's figure where both sides are counted on the half that judges a proposal."""
    return quotient(value, "rest_events", "rest_n")


def index(value: float | None, of: str = "value", rest: str = "rest") -> Formula | None:
    """Value over everyone else's, 100 = the same; `value` is the fraction the findings hold."""
    return None if value is None else live_index(value, of, rest)


def live_index(value: float | None, of: str = "value", rest: str = "rest") -> Formula:
    """An index whose parts may come and go with an input; None: there is none now."""
    text = f'IF(OR({{{of}}}="",{{{rest}}}="",{{{rest}}}=0),"",100*{{{of}}}/{{{rest}}})'
    return Formula(text, None if value is None else value * 100)


def scaled(value: float | None, by: str, of: str = "value") -> Formula | None:
    """A live value times the ratio cell kept from the run: limits that came from resampling."""
    return _live(f'IF({{{of}}}="","",{{{of}}}*{{{by}}})', value)


def as_run(value: float | None, limit: str) -> Formula | None:
    """A limit that came from resampling and does not scale: shown while its figure is that of the last run."""
    return _live(f'IF({{value}}={{run}},{{{limit}}},"")', value)


def copy(ref: Ref, value: Scalar) -> Formula | None:
    """The same number as in the cell that owns it."""
    return None if value is None else Formula("{it}", value, {"it": ref})


def sentence(*parts: str | Content, symbol: str = "$", kinds: tuple[str, ...] = ()) -> Formula:
    """A live sentence: texts, and formulas spoken as the figure formats of `kinds` say, in order.

    >>> made = sentence("Kept: ", Formula("{a}", 0.412), ".", kinds=("share",))
    >>> made.text, made.value
    ('"Kept: "&IF(ISNUMBER({a}),FIXED(({a})*100,1)&"%","–")&"."', 'Kept: 41.2%.')
    """
    left = list(kinds)
    texts: list[str] = []
    shown = ""
    refs: dict[str, Ref | Span] = {}
    for at, part in enumerate(parts):
        if isinstance(part, Formula):
            said = spoken(_renamed(part, at), left.pop(0), symbol)
            assert isinstance(said, Formula)  # noqa: S101  # a figure that is known is spoken live
            texts.append(said.text)
            shown += str(said.value)
            refs |= said.refs
        else:
            texts.append(quoted(str(part)))
            shown += str(part)
    return Formula("&".join(texts), shown, refs)


def _renamed(part: Formula, at: int) -> Formula:
    """The formula with names of its own, so that several fit into one sentence."""
    text = part.text
    for name in part.refs:
        text = text.replace(f"{{{name}}}", f"{{{name}{at}}}")
    return Formula(text, part.value, {f"{name}{at}": ref for name, ref in part.refs.items()})


def _live(text: str, value: float | None) -> Formula | None:
    return None if value is None else Formula(text, value)
