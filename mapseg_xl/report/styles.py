"""Colours, looks and figure formats of the workbook, as tables. Knows no cell and no host."""

from __future__ import annotations

from dataclasses import dataclass

COLOURS: dict[str, str] = {
    "ink": "#1B2430",
    "secondary": "#56606B",
    "rule": "#D5DAE0",
    "light": "#E7EAEE",
    "faint": "#F4F6F8",
    "accent": "#1F3A6E",
    "second": "#2F72C8",
    "third": "#8C3F7C",
    "other": "#6B7682",
    "base": "#A9B1BA",
    "plain": "#7A8DB0",
    "pale": "#D5DAE0",
    "better": "#0B7A75",
    "worse": "#B4500F",
    "better.tint": "#DCEFED",
    "better.text": "#075D59",
    "worse.tint": "#FAE6DA",
    "worse.text": "#8A3A07",
    "input.fill": "#FFF7DB",
    "input.text": "#0B4FA8",
    "input.rule": "#D9BE62",
    "white": "#FFFFFF",
    "heat.most": "#A9B9D6",
    "heat.low": "#E9A679",
    "heat.high": "#7FC4BE",
}


@dataclass(frozen=True, slots=True)
class Look:
    """What a look says about a cell; None says nothing, so that looks can lie over each other."""

    size: int | None = None
    bold: bool | None = None
    italic: bool | None = None
    colour: str | None = None
    fill: str | None = None
    align: str | None = None  # left right centre across
    valign: str | None = None  # middle bottom top
    indent: int | None = None
    wrap: bool | None = None
    unlocked: bool | None = None


LOOKS: dict[str, Look] = {
    "body": Look(size=10, colour="ink", valign="middle"),
    "accent": Look(fill="accent"),
    "navigation": Look(size=9, colour="secondary", valign="middle"),
    "link": Look(colour="accent"),
    "call.focus": Look(bold=True, colour="accent"),
    "link.focus": Look(size=12, bold=True, colour="accent"),
    "mark": Look(size=9, bold=True, colour="accent", valign="middle"),
    "headline": Look(size=17, bold=True, colour="ink", valign="middle"),
    "subline": Look(size=10, colour="secondary", valign="middle"),
    "section": Look(size=11, bold=True, colour="ink", valign="middle"),
    "help": Look(size=9, bold=False, colour="secondary", align="right", valign="middle"),
    "head": Look(size=9, colour="secondary", valign="bottom"),
    "note": Look(size=9, bold=False, colour="secondary", valign="middle"),
    "quote": Look(size=11, italic=True, colour="ink", valign="middle"),
    "bold": Look(bold=True),
    "total": Look(bold=True),
    "chosen": Look(bold=True),
    "muted": Look(colour="secondary"),
    "gone": Look(colour="secondary", italic=True),
    "sub": Look(size=9, colour="secondary", bold=False, valign="middle"),
    "dash": Look(colour="secondary", bold=False, align="right"),
    "interval": Look(size=9, colour="secondary", bold=False),
    "better": Look(bold=True, colour="better"),
    "worse": Look(bold=True, colour="worse"),
    "chip": Look(size=9, colour="secondary", bold=False, align="centre"),
    "chip.better": Look(
        size=9, bold=True, colour="better.text", fill="better.tint", align="centre"
    ),
    "chip.worse": Look(size=9, bold=True, colour="worse.text", fill="worse.tint", align="centre"),
    "chip.unsure": Look(size=9, bold=False, italic=True, colour="secondary", align="centre"),
    "open": Look(italic=True, bold=False, colour="secondary", align="centre"),
    "figure.band": Look(fill="faint", indent=1),
    "figure.title": Look(size=9, colour="secondary", valign="middle", align="left"),
    "figure.value": Look(size=20, bold=True, colour="ink", valign="middle", align="left"),
    "figure.sub": Look(size=9, colour="secondary", valign="middle", align="left"),
    "input": Look(fill="input.fill", colour="input.text", unlocked=True),
    "chart data": Look(size=9, colour="secondary", valign="middle"),
    "left": Look(align="left"),
    "right": Look(align="right"),
    "centre": Look(align="centre"),
    "across": Look(align="across"),
    "indent": Look(indent=1),
    "flush": Look(indent=0),
    "wrap": Look(wrap=True),
    "top": Look(valign="top"),
}
ROW_LOOKS = ("body", "total", "chosen", "muted", "gone", "sub")

COUNT = '#,##0;"−"#,##0'
FORMATS: dict[str, str] = {
    "text": "General",
    "label": "General",
    "chip": "General",
    "input": "General",
    "number": "General",
    "count": COUNT,
    "decimal": '0.0;"−"0.0',
    "share": '0.0%;"−"0.0%',
    "share0": '0%;"−"0%',
    "share2": '0.00%;"−"0.00%',
    "share.after": "_m0.0%",  # left, after a heat cell
    "share.small": '[=0]0.0%;[<0.0005]"<0.1%";0.0%',
    "months": '0.0" mo";"−"0.0" mo"',
    "days": '0" days";"−"0" days"',
    "ratio": '0.0"×";"−"0.0"×"',
    "index": "0",
    "index.up": '"▲ "0',
    "index.down": '"▼ "0',
    "change": '+#,##0;"−"#,##0;0',
    "more": '[>=20]+#,##0;[>0]+0.0;0.0;"–"',  # a gain in heads, of which a few may be parts
    "pp": '+0.0" pp";"−"0.0" pp";0.0" pp"',
    "ratio.change": '+0.00"×";"−"0.00"×";0.00"×"',
    "months.change": '+0.0" mo";"−"0.0" mo";0.0" mo"',
    "days.change": '+0" days";"−"0" days";0" days"',
    "decimal.change": '+0.0;"−"0.0;0.0',
    "pp2": '+0.00" pp";"−"0.00" pp";0.00" pp"',
    "date": "d mmm yyyy",
    "share.open": '0%"°"',
    "count.text": '#,##0;"−"#,##0;0;@',
    "share.text": '0.0%;"−"0.0%;0.0%;@',
    "months.text": '0.0" mo";"−"0.0" mo";0.0" mo";@',  # a word may stand in it: never
    "gate": '[<90]"failed";[>120]"passed";"not known"',  # a must-have's code, so that colour can follow
}
_MONEY_SIZES = {"cents": 1.0, "money.unit": 100.0, "money.k": 10_000.0, "money.M": 1_000_000.0}
_ARROWS = {"up": "▲", "down": "▼", "same": "=", "unsure": "?"}
WORDS = frozenset({"text", "label", "chip"})  # columns of words; all others stand right


def money(largest: float, symbol: str = "$", suffix: str = "") -> str:
    """The money format of a column by its largest value: units, thousands, millions or billions.

    >>> money(800), money(25_000), money(3_000_000, "€")
    ('$#,##0;"−"$#,##0', '$#,##0.0,"k";"−"$#,##0.0,"k"', '"€"#,##0.0,,"M";"−""€"#,##0.0,,"M"')
    """
    sign = symbol if symbol == "$" else '"' + symbol.replace('"', "") + '"'
    body = sign + _scaled(abs(largest)) + suffix
    return f'{body};"−"{body}'


def _scaled(largest: float) -> str:
    if largest >= 999_500_000:
        return '#,##0.0,,,"B"'
    if largest >= 999_500:
        return '#,##0.0,,"M"'
    if largest >= 9_999.5:
        return '#,##0.0,"k"'
    return "#,##0" if largest >= 20 or largest == 0 else "#,##0.00"


def change(code: str) -> str:
    """The format of a difference: a plus before what rises.

    >>> change('0;"−"0')
    '+0;"−"0;0'
    """
    rises, falls = code.split(";")
    return f"+{rises};{falls};{rises}"


def live_money(symbol: str = "$") -> str:
    """The money format of a cell that may cross units when an input changes; negative values in plain units."""
    sign = symbol if symbol == "$" else '"' + symbol.replace('"', "") + '"'
    return f'[>=999500]{sign}#,##0.0,,"M";[>=9995]{sign}#,##0.0,"k";{sign}#,##0'


def bounded(code: str) -> str:
    """The format of a lower bound: the figure and the dash to the upper one.

    >>> bounded("0.0%")
    '0.0%" –"'
    """
    return ";".join(part + '" –"' for part in code.split(";"))


def arrowed(code: str, arrow: str) -> str:
    """The format of a figure that differs clearly: the way it lies, then the figure.

    >>> arrowed("0.0%", "▲")
    '"▲ "0.0%'
    """
    return ";".join(f'"{arrow} "{part}' for part in code.split(";"))


def aired(code: str) -> str:
    """The format with the width of an m left free to its right, in every section.

    >>> aired('0;"−"0')
    '0_m;"−"0_m'
    """
    return code if code == "General" else ";".join(f"{part}_m" for part in code.split(";"))


def dashed(code: str) -> str:
    """The format of a live figure: a dash where its formula gives no number.

    >>> dashed("0.0%"), dashed("[=0]0;0.0")
    ('0.0%;"−"0.0%;0.0%;"–"', '[=0]0;0.0')
    """
    parts = code.split(";")
    if "[" in code or code == "General" or len(parts) > 3:
        return code
    negative = parts[1] if len(parts) > 1 else f'"−"{parts[0]}'
    return ";".join((parts[0], negative, parts[-1] if len(parts) == 3 else parts[0], '"–"'))


def figure_format(name: str, unit: str, largest: float, symbol: str) -> str:
    """The number format of a column or cell: `low` and `high` take that of their unit, money its scale.

    Any name with `.up`, `.down`, `.same` or `.unsure` carries ▲ ▼ = ? before the figure.

    >>> figure_format("low", "share", 0.4, "$")
    '0.0%" –";"−"0.0%" –"'
    """
    base, dot, way = name.rpartition(".")
    if dot and way in _ARROWS and name not in FORMATS:
        return arrowed(figure_format(base, unit, largest, symbol), _ARROWS[way])
    if name == "low":
        return bounded(figure_format(unit or "number", "", largest, symbol))
    if way == "low" and dot:
        return bounded(figure_format(base, unit, largest, symbol))
    if name == "high":
        return figure_format(unit or "number", "", largest, symbol)
    if name.startswith(("money", "cents")):
        return _money_format(name, largest, symbol)
    if name == "count" and abs(largest) >= 1e8:
        return '#,##0.0,,"M";"−"#,##0.0,,"M"'
    return FORMATS[name]


def _money_format(name: str, largest: float, symbol: str) -> str:
    """Money as it stands, of an open cell, as a change, or live; `unit` and `cents` are never in thousands."""
    if name == "money.live":
        return live_money(symbol)
    if name == "money.open":
        return money(largest, symbol, '"°"')
    if name in _MONEY_SIZES:
        return money(_MONEY_SIZES[name], symbol)
    if name == "cents.change":
        return change(money(_MONEY_SIZES["cents"], symbol))
    return change(money(largest, symbol)) if name == "money.change" else money(largest, symbol)
