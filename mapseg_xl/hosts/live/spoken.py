"""Words and colours in the forms that Excel's two faces take. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from mapseg_xl.report.styles import COLOURS
from mapseg_xl.report.verbs import Entry, Page

_LONGEST_FOOTER = 255


@dataclass(frozen=True, slots=True)
class Spoken:
    """What Excel says beside an input cell, and when something else is typed into it."""

    title: str
    message: str
    error_title: str
    error_message: str


def spoken(entry: Entry) -> Spoken:
    """The words of an input cell."""
    return Spoken(entry.title, entry.message, "This does not fit", entry.message or entry.title)


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green, blue.

    >>> rgb("#1F3A6E")
    (31, 58, 110)
    """
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def bgr(colour: str) -> int:
    """The number in which Windows keeps a colour: blue highest.

    >>> hex(bgr("#1F3A6E"))
    '0x6e3a1f'
    """
    red, green, blue = rgb(colour)
    return blue << 16 | green << 8 | red


def footers(page: Page) -> tuple[str, str, str]:
    """Left, middle and right in small grey type; an ampersand is doubled, the rest is text."""
    font = f'&"Arial,Regular"&8&K{COLOURS["secondary"][1:]}'
    left, middle = page.footer_left, page.footer_centre.replace("&", "&&")
    while True:
        parts = f"{font}{left.replace('&', '&&')}", f"{font}{middle}", f"{font}&P / &N"
        if sum(map(len, parts)) + 6 <= _LONGEST_FOOTER:
            return parts
        left = left[:-1]
