"""Figures as live text, for big figures and sentences: FIXED() and no TEXT(), whose codes change with the language."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

from mapseg_xl.report.spec import Content, Formula, quoted

KINDS = {  # format -> factor, decimals, words before ({} the currency) and after
    "count": (1, 0, "", ""),
    "decimal": (1, 1, "", ""),
    "share": (100, 1, "", "%"),
    "share0": (100, 0, "", "%"),
    "share2": (100, 2, "", "%"),
    "money": (1, 0, "{}", ""),
    "months": (1, 1, "", " mo"),
    "pp": (1, 1, "", " pp"),
    "days": (1, 0, "", " days"),
    "ratio": (1, 1, "", "×"),
    "index": (1, 0, "", ""),
}
_CENTS_UNDER = 20  # of a currency


def spoken(content: Content, kind: str, symbol: str = "$") -> Content:
    """A number as a text formula that runs over the next cell instead of turning into #####; text as it is.

    >>> spoken(0.4123, "share").text, spoken(0.4123, "share").value
    ('FIXED((0.4123)*100,1)&"%"', '41.2%')
    """
    value = content.value if isinstance(content, Formula) else content
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return content
    factor, decimals, before, after = KINDS[kind]
    if kind == "money" and 0 < abs(value) < _CENTS_UNDER:
        decimals = 2  # as in the tables
    inner = content.text if isinstance(content, Formula) else repr(value)
    text = f"FIXED({inner},{decimals})" if factor == 1 else f"FIXED(({inner})*{factor},{decimals})"
    before = before.format(symbol)
    text = (f"{quoted(before)}&" if before else "") + text + (f"&{quoted(after)}" if after else "")
    if isinstance(content, Formula):  # a cell that has become "" would make FIXED an error
        text = f'IF(ISNUMBER({inner}),{text},"–")'
    shown = before + fixed(value * factor, decimals) + after
    return Formula(text, shown, content.refs if isinstance(content, Formula) else {})


def fixed(value: float, decimals: int) -> str:
    """A number as Excel's FIXED gives it in English: thousands commas, halves away from zero.

    >>> fixed(1234.5, 0), fixed(2.675, 2), fixed(-0.001, 1)
    ('1,235', '2.68', '0.0')
    """
    step = Decimal(1).scaleb(-decimals)
    rounded = Decimal(f"{value:.15g}").quantize(step, ROUND_HALF_UP)
    return f"{abs(rounded) if rounded == 0 else rounded:,.{decimals}f}"
