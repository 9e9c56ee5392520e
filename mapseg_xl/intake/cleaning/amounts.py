"""Numbers as people type them: `$1,200`, `1.200,50`, `45%`, `(300)`, `1.2k`. Text in, parts out; no columns."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mapseg_xl.intake.cleaning.cells import tidy

CURRENCIES = {"USD": "$", "US$": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "PLN": "zł"}
_CODES = (
    "USD EUR GBP JPY INR PLN CHF AUD CAD NZD SEK NOK DKK CZK HUF RON BGN TRY ILS ZAR BRL MXN CNY HKD"
    " SGD KRW THB AED SAR RUB UAH COP CLP ARS PEN PHP IDR MYR VND NGN KES EGP"
)
CURRENCY_CODES = frozenset(_CODES.split())
_CURRENCY = (
    r"(?:[$€£¥₹₽₩₺₪₫₴₦฿₱₲₡₵]|(?=[A-Zkz])(?:(?:US|CA|C|A|AU|NZ|HK|S|R|MX)\$|zł|kr\.?|Kč|Ft|Fr\."
    rf"|{'|'.join(_CODES.split())}))"
)
_SCALES = {"": 1.0, "k": 1e3, "t": 1e3, "m": 1e6, "mio": 1e6, "mn": 1e6, "b": 1e9, "bn": 1e9}
_TEXT = re.compile(
    rf"(?P<open>\()?\s*(?P<sign>[-+−–]?)\s*(?P<before>{_CURRENCY})?\s*(?P<sign2>[-+−–]?)\s*"
    r"(?P<body>[.,]?\d(?:[\d.,]|['’ ](?=\d))*)(?P<exponent>[eE][+-]?\d{1,3})?"
    r"(?:\s*(?P<scale>k|K|m|M|mio|Mio|mn|b|B|bn|Bn)\.?)?\s*(?P<percent>%)?"
    rf"\s*(?P<after>{_CURRENCY})?\s*(?P<tail>[-−]?)(?P<close>\))?"
)
_POINT = re.compile(
    r"\d*(?:\.\d*)?|[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?|[1-9]\d?(?:,\d{2})*,\d{3}(?:\.\d*)?"
)
_COMMA = re.compile(r"\d*(?:,\d*)?|[1-9]\d{0,2}(?:\.\d{3})+(?:,\d*)?")
_SPACED = re.compile(r"\d{1,3}(?:[ '’]\d{3})+(?:[.,]\d*)?")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in text: its value if the point, or the comma, is the decimal mark; None where that cannot be.

    `symbol`: currency or "". `scaled`: k, M or bn was there. `ungrouped`: four digits or more and no separator.
    """

    point: float | None
    comma: float | None
    symbol: str = ""
    percent: bool = False
    scaled: bool = False
    plain: bool = False
    ungrouped: bool = False

    @property
    def ambiguous(self) -> bool:
        """Two readings that differ, as `1.200`."""
        return self.point is not None and self.comma is not None and self.point != self.comma


def amount(text: str) -> Amount | None:
    """The number a text holds, or None.

    >>> amount("($1,200.50)").point, amount("45 %").point, amount("1.200").ambiguous
    (-1200.5, 0.45, True)
    >>> amount("Agency") is None
    True
    """
    found = _TEXT.fullmatch(tidy(text))
    if not found or bool(found["open"]) != bool(found["close"]):
        return None
    if found["before"] and found["after"]:
        return None
    factor = _factor(found)
    if factor is None:
        return None
    body = found["body"]
    point, comma = _readings(body, found["exponent"] or "")
    if point is None and comma is None:
        return None
    written = (found["before"] or found["after"] or "").rstrip(".")
    return Amount(
        point=None if point is None else _scaled(point, factor),
        comma=None if comma is None else _scaled(comma, factor),
        symbol=CURRENCIES.get(written, written),
        percent=bool(found["percent"]),
        scaled=bool(found["scale"]),
        plain=factor in (1, -1) and not written and not found["open"] and not found["tail"],
        ungrouped=body.isdigit() and len(body) >= 4,
    )


def _scaled(value: float, factor: float) -> float:
    # dividing keeps 45% exactly .45, where multiplying by .01 would not
    return value / round(1 / factor) if 0 < abs(factor) < 1 else value * factor


def _factor(found: re.Match[str]) -> float | None:
    """Sign, percent and thousands in one number; None where the signs contradict each other."""
    marks = [found["sign"], found["sign2"], found["tail"]]
    minus = sum(m in ("-", "−", "–") for m in marks if m) + bool(found["open"])
    if sum(bool(m) for m in marks) > 1 or minus > 1:
        return None
    scale = _SCALES[(found["scale"] or "").lower()]
    return (-1.0 if minus else 1.0) * scale * (0.01 if found["percent"] else 1.0)


def _readings(body: str, exponent: str) -> tuple[float | None, float | None]:
    """The value under a decimal point and under a decimal comma."""
    if _SPACED.fullmatch(body):
        body = re.sub(r"[ '’]", "", body)
    point = comma = None
    if _POINT.fullmatch(body):
        point = float(body.replace(",", "") + exponent)
    if _COMMA.fullmatch(body):
        comma = float(body.replace(".", "").replace(",", ".") + exponent)
    return point, comma
